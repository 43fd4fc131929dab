/* For whom is the order? */
#include "gen/orderdesk_tpl.h"
#include "grid/grid.h"
#include "shop/orderdesk/orderdesk_inside.h"

static const struct grid_link choose = {
    .label = T("Select"), .before = S_INIT("/admin/orders/new?customer="), .right = RESOURCE_ORDER_CREATE};

static const struct grid_col columns[] = {
    {CUSTOMER_ID_COLUMN},      {CUSTOMER_NAME_COLUMN, .link = &choose},
    {CUSTOMER_EMAIL_COLUMN},   {CUSTOMER_PHONE_COLUMN},
    {CUSTOMER_WEBSITE_COLUMN},
};

static const struct grid_def customers = {
    CUSTOMER_GRID,
    .title = T("Create New Order: choose the customer"),
    .page = "admin_orders",
    .path = S_INIT("/admin/orders/new"),
    .from = GRID_SQL("customer c"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .actions = &choose,
    .actions_n = 1,
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
