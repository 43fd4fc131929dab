/* For whom is the order? */
#include "gen/orderdesk_tpl.h"
#include "grid/grid.h"
#include "shop/orderdesk/orderdesk_inside.h"

static const struct grid_link choose = {
    .label = T("Select"), .before = S_INIT("/admin/orders/new?customer="), .right = RESOURCE_ORDER_CREATE};

static const struct grid_col columns[] = {
    {.key = "id",
     .label = T("ID"),
     .kind = GRID_INT,
     .sql = GRID_SQL("c.id"),
     .sort = GRID_SQL("c.id"),
     .filter = GRID_RANGE},
    {.key = "name",
     .label = T("Name"),
     .sql = GRID_SQL("c.firstname || ' ' || c.lastname"),
     .sort = GRID_SQL("c.lastname"),
     .filter = GRID_WORDS,
     .part = CUSTOMER_SEARCH_NAME,
     .link = &choose},
    {.key = "email",
     .label = T("Email"),
     .sql = GRID_SQL("c.email"),
     .sort = GRID_SQL("c.email_fold"),
     .filter = GRID_WORDS,
     .part = CUSTOMER_SEARCH_EMAIL},
    {.key = "phone",
     .label = T("Phone Number"),
     .sql = GRID_SQL("c.telephone"),
     .filter = GRID_WORDS,
     .part = CUSTOMER_SEARCH_PHONE},
    {.key = "website",
     .label = T("Website"),
     .kind = GRID_CHOICE_INT,
     .sql = GRID_SQL("c.website_id"),
     .sort = GRID_SQL("c.website_id"),
     .filter = GRID_PICK,
     .options = grid_website_options},
};

static const struct grid_def customers = {
    .name = "customers",
    .title = T("Create New Order: choose the customer"),
    .page = "admin_orders",
    .path = S_INIT("/admin/orders/new"),
    .from = GRID_SQL("customer c"),
    .where = GRID_SQL(GRID_IN_SCOPE("c.website_id")),
    .id = GRID_SQL("c.id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .sort = "id",
    .descending = true,
    .search = GRID_SQL("c.search_fold"),
    .words = GRID_SQL("customer_word"),
    .parts = CUSTOMER_SEARCH_PARTS,
    .search_label = T("Search by name, email, phone or postcode"),
    .search_id = true,
    .actions = &choose,
    .actions_n = 1,
    .row_name = "name",
    .empty = T("There are no customers yet."),
};

enum err orderdesk_pick(struct page *p) {
    struct html o;
    const struct tpl_orderdesk_pick_actions v = {0};
    html_init(&o, p->arena, p->out->env, 16 * 1024);
    tpl_orderdesk_pick_actions(&o, &v);
    reply_actions(p->reply, html_take(&o));
    html_done(&o);
    return grid_page(p, &customers);
}
