/* All Customers. */
#include "grid/grid.h"
#include "shop/customer/customer_admin_inside.h"

static bool assist_offered(const struct page *p) {
    return assist_is_on(p->settings);
}

/* ---- choices ---- */

static str id_text(struct arena *a, i64 id) {
    return arena_printf(a, "%lld", (long long)id);
}

enum err customer_admin_group_options(struct page *p, struct arena *a, struct html_option **ret,
                                      size_t *ret_n) {
    struct customer_admin_groups *rows;
    TRY(customer_admin_groups(p->db, &rows, ret_n));
    *ret = ARENA_ARRAY(a, struct html_option, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] =
            (struct html_option){.value = id_text(a, rows[i].id), .label = arena_str(a, rows[i].name)};
    return OK;
}

static const struct grid_choice standings[] = {
    {S_INIT("active"), T("Active"), "good"},
    {S_INIT("locked"), T("Locked"), "warn"},
    {S_INIT("inactive"), T("Inactive"), "bad"},
};
static const grid_sql standings_when[] = {
    GRID_SQL("c.active <> 0 AND (c.locked_until_us IS NULL OR c.locked_until_us <= @now)"),
    GRID_SQL("c.active <> 0 AND c.locked_until_us > @now"),
    GRID_SQL("c.active = 0"),
};

#define CONSENTS "(n.granted = 1 AND (n.until_us IS NULL OR n.until_us > @now))"
static const struct grid_choice consents[] = {
    {S_INIT("1"), T("Yes"), "good"},
    {S_INIT("0"), T("No"), "muted"},
};
static const grid_sql consents_when[] = {GRID_SQL(CONSENTS), GRID_SQL(CONSENTS " IS NOT TRUE")};

/* ---- the grid ---- */

static const struct grid_col columns[] = {
    {CUSTOMER_ID_COLUMN},
    {CUSTOMER_NAME_COLUMN},
    {CUSTOMER_EMAIL_COLUMN},
    {.key = "group",
     .label = T("Group"),
     .kind = GRID_CHOICE_INT,
     .sql = GRID_SQL("c.group_id"),
     .sort = GRID_SQL("c.group_id"),
     .filter = GRID_PICK,
     .options = customer_admin_group_options},
    {.key = "status",
     .label = T("Status"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("CASE WHEN c.active = 0 THEN 'inactive' WHEN c.locked_until_us > @now THEN 'locked' "
                     "ELSE 'active' END"),
     .filter = GRID_PICK,
     .choices = standings,
     .choices_n = COUNT_OF(standings),
     .choices_when = standings_when},
    {.key = "assistance",
     .label = T("Assistance"),
     .kind = GRID_BOOL,
     .sql = GRID_SQL("CASE WHEN " CONSENTS " THEN 1 ELSE 0 END"),
     .filter = GRID_PICK,
     .choices = consents,
     .choices_n = COUNT_OF(consents),
     .choices_when = consents_when,
     .offered = assist_offered},
    {CUSTOMER_WEBSITE_COLUMN},
    {.key = "since",
     .label = T("Customer Since"),
     .kind = GRID_DATE,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("c.created_us"),
     .sort = GRID_SQL("c.created_us"),
     .filter = GRID_RANGE},
    {.key = "login",
     .label = T("Last Login"),
     .kind = GRID_TIME,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("c.last_login_us"),
     .sort = GRID_SQL("c.last_login_us"),
     .sort_may_be_null = true,
     .filter = GRID_RANGE},
    {CUSTOMER_PHONE_COLUMN, .show = GRID_HIDDEN},
    {.key = "zip",
     .label = T("ZIP"),
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("a.postcode"),
     .filter = GRID_WORDS,
     .part = CUSTOMER_SEARCH_ZIP},
    {.key = "view",
     .label = T("Account Created in"),
     .kind = GRID_CHOICE_INT,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("c.view_id"),
     .filter = GRID_PICK,
     .options = grid_view_options,
     .brief = grid_view_brief},
};

static const struct grid_link actions[] = {
    {.label = T("Edit"),
     .before = S_INIT("/admin/customers/"),
     .after = S_INIT(""),
     .right = RESOURCE_CUSTOMER_VIEW},
    {.label = T("Login as Customer"),
     .before = S_INIT("/admin/customers/"),
     .after = S_INIT("/login-as-customer?from=customers"),
     .right = RESOURCE_ASSIST_LOGIN,
     .dialog = true,
     .offered = assist_offered},
};

static const struct grid_def customers = {
    CUSTOMER_GRID,
    .title = T("All Customers"),
    .page = "admin_customers",
    .path = S_INIT("/admin/customers"),
    .export_path = S_INIT("/admin/customers/export"),
    .from =
        GRID_SQL("customer c LEFT JOIN assist_consent n ON n.id = c.consent_id LEFT JOIN address a ON a.id = "
                 "c.default_billing_id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .actions = actions,
    .actions_n = COUNT_OF(actions),
};

enum err page_admin_customers(struct page *p, const struct admin_customers_in *in) {
    (void)in;
    struct html o;
    const struct tpl_customer_admin_grid_actions v = {.may_create =
                                                          actor_may(p->actor, RESOURCE_CUSTOMER_EDIT)};
    html_init(&o, p->arena, p->out->env, 16 * 1024);
    tpl_customer_admin_grid_actions(&o, &v);
    reply_actions(p->reply, html_take(&o));
    html_done(&o);
    return grid_page(p, &customers);
}

enum err page_admin_customers_export(struct page *p, const struct admin_customers_export_in *in) {
    (void)in;
    return grid_export(p, &customers);
}
