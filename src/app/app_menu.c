/* The Admin's sidebar. A row is shown to those whose role includes its page. */
#include "app/app.h"
#include "gen/ids.h"

struct row {
    str group, title;
    const char *page;
    bool assist;
};

/* Untitled rows below a group belong to it. */
static int page_by_name(const char *name) {
    for (size_t i = 0; i < gate_pages_n; i++)
        if (strcmp(gate_pages[i].name, name) == 0) return (int)i;
    return -1;
}

const struct gate_menu_item *app_menu(struct arena *a, size_t *ret_n) {
    const struct row rows[] = {
        {T("Customers"), T("All Customers"), "admin_customers", false},
        {T("Customers"), T("Login as Customer Log"), "admin_assist_log", true},
        {T("Stores"), T("Configuration"), "admin_config", false},
        {T("System"), T("All Users"), "admin_users", false},
        {T("System"), T("User Roles"), "admin_roles", false},
        {T("System"), T("Actions Report"), "admin_report", false},
        {T("System"), T("Outgoing Mail"), "admin_mails", false},
    };
    struct gate_menu_item *items = ARENA_ARRAY(a, struct gate_menu_item, COUNT_OF(rows));
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int page = page_by_name(rows[i].page);
        if (page >= 0)
            items[n++] = (struct gate_menu_item){
                .group = rows[i].group, .title = rows[i].title, .page = page, .assist = rows[i].assist};
    }
    *ret_n = n;
    return items;
}
