/* Sales › Orders. */
#include "assist/assist.h"
#include "gen/order_tpl.h"
#include "grid/grid.h"
#include "shop/order/order_admin_inside.h"

static bool assist_offered(const struct page *p) {
    return assist_is_on(p->settings);
}

static str id_text(struct arena *a, i64 id) {
    return arena_printf(a, "%lld", (long long)id);
}

/* ---- choices ---- */

static enum err group_options(struct page *p, struct arena *a, struct html_option **ret, size_t *ret_n) {
    struct order_admin_groups *rows;
    TRY(order_admin_groups(p->db, &rows, ret_n));
    *ret = ARENA_ARRAY(a, struct html_option, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] =
            (struct html_option){.value = id_text(a, rows[i].id), .label = arena_str(a, rows[i].name)};
    return OK;
}

static const struct grid_choice states[] = {
#define SALES_STATE(name, word, title, tone, may) {S_INIT(word), title, tone},
#include "sales/states.def"
#undef SALES_STATE
};
static const struct grid_choice yes_no[] = {
    {S_INIT("1"), T("Yes"), "info"},
    {S_INIT("0"), T("No"), NULL},
};

/* ---- the grid ---- */

#define SHIP_TO                                                                                              \
    "(SELECT a.firstname || ' ' || a.lastname FROM sales_address a WHERE a.order_id = o.id AND a.role = "    \
    "'shipping')"
#define BILL_TO                                                                                              \
    "(SELECT a.firstname || ' ' || a.lastname FROM sales_address a WHERE a.order_id = o.id AND a.role = "    \
    "'billing')"

static const struct grid_link order_link = {.before = S_INIT("/admin/orders/"), .right = RESOURCE_ORDER_VIEW};

static const struct grid_col columns[] = {
    {.key = "number",
     .label = T("Order Number"),
     .kind = GRID_INT,
     .sql = GRID_SQL("o.number"),
     .sort = GRID_SQL("o.id"), /* numbers rise with ids, and every index ends in the id */
     .filter = GRID_EXACT,
     .link = &order_link},
    {.key = "view",
     .label = T("Purchase Point"),
     .kind = GRID_CHOICE_INT,
     .sql = GRID_SQL("o.view_id"),
     .sort = GRID_SQL("o.view_id"),
     .filter = GRID_PICK,
     .options = grid_view_options,
     .brief = grid_view_brief},
    {.key = "date",
     .label = T("Purchase Date"),
     .kind = GRID_TIME,
     .sql = GRID_SQL("o.created_us"),
     .sort = GRID_SQL("o.created_us"),
     .filter = GRID_RANGE},
    {.key = "bill", .label = T("Bill-to Name"), .sql = GRID_SQL(BILL_TO)},
    {.key = "ship", .label = T("Ship-to Name"), .show = GRID_HIDDEN, .sql = GRID_SQL(SHIP_TO)},
    {.key = "total",
     .label = T("Grand Total"),
     .kind = GRID_MONEY,
     .sql = GRID_SQL("o.total_minor"),
     .currency = GRID_SQL("o.currency"),
     .sort = GRID_SQL("o.total_minor"),
     .filter = GRID_RANGE},
    {.key = "status",
     .label = T("Status"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("o.state"),
     .sort = GRID_SQL("o.state"),
     .filter = GRID_PICK,
     .choices = states,
     .choices_n = COUNT_OF(states)},
    {.key = "name",
     .label = T("Customer Name"),
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("o.firstname || ' ' || o.lastname"),
     .sort = GRID_SQL("o.lastname"),
     .filter = GRID_WORDS,
     .part = ORDER_SEARCH_NAME},
    {.key = "email",
     .label = T("Customer Email"),
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("o.email"),
     .filter = GRID_WORDS,
     .part = ORDER_SEARCH_EMAIL},
    {.key = "group",
     .label = T("Customer Group"),
     .kind = GRID_CHOICE_INT,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("o.group_id"),
     .sort = GRID_SQL("o.group_id"),
     .filter = GRID_PICK,
     .options = group_options},
    {.key = "payment", .label = T("Payment Method"), .show = GRID_HIDDEN, .sql = GRID_SQL("o.payment_title")},
    {.key = "shipping",
     .label = T("Shipping Method"),
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("o.shipping_title")},
    {.key = "subtotal",
     .label = T("Subtotal"),
     .kind = GRID_MONEY,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("o.subtotal_minor"),
     .currency = GRID_SQL("o.currency")},
    {.key = "paid",
     .label = T("Total Paid"),
     .kind = GRID_MONEY,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("o.paid_minor"),
     .currency = GRID_SQL("o.currency")},
    {.key = "refunded",
     .label = T("Total Refunded"),
     .kind = GRID_MONEY,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("o.refunded_minor"),
     .currency = GRID_SQL("o.currency")},
    {.key = "currency", .label = T("Currency"), .show = GRID_EXPORT_ONLY, .sql = GRID_SQL("o.currency")},
    {.key = "by_staff",
     .label = T("Placed by staff"),
     .kind = GRID_BOOL,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("CASE WHEN o.staff_id IS NULL THEN 0 ELSE 1 END"),
     .filter = GRID_PICK,
     .choices = yes_no,
     .choices_n = COUNT_OF(yes_no)},
    {.key = "customer",
     .label = T("Customer ID"),
     .kind = GRID_INT,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("o.customer_id"),
     .filter = GRID_EXACT},
};

static const struct grid_link actions[] = {
    {.label = T("View"), .before = S_INIT("/admin/orders/"), .right = RESOURCE_ORDER_VIEW},
    {.label = T("Login as Customer"),
     .before = S_INIT("/admin/customers/"),
     .after = S_INIT("/login-as-customer?from=orders&document="),
     .id = GRID_SQL("o.customer_id"),
     .second = GRID_SQL("o.id"),
     .when = GRID_SQL("CASE WHEN CAST(@scope AS BIGINT) = -1 THEN 1 ELSE (SELECT CASE WHEN " GRID_IN_SCOPE(
         "c.website_id") " THEN 1 ELSE 0 END FROM customer c WHERE c.id = o.customer_id) END"),
     .right = RESOURCE_ASSIST_LOGIN,
     .dialog = true,
     .offered = assist_offered},
};

static const struct grid_mass mass[] = {
    {T("Cancel"), S_INIT("/admin/orders/cancel"), RESOURCE_ORDER_CANCEL},
    {T("Hold"), S_INIT("/admin/orders/hold"), RESOURCE_ORDER_HOLD},
    {T("Unhold"), S_INIT("/admin/orders/unhold"), RESOURCE_ORDER_HOLD},
    {T("Print"), S_INIT("/admin/orders/print"), RESOURCE_ORDER_VIEW},
};

static const struct grid_def orders = {
    .name = "orders",
    .title = T("Orders"),
    .page = "admin_orders",
    .path = S_INIT("/admin/orders"),
    .export_path = S_INIT("/admin/orders/export"),
    .from = GRID_SQL("sales_order o"),
    .where = GRID_SQL(GRID_IN_SCOPE("o.website_id")),
    .id = GRID_SQL("o.id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .sort = "number",
    .descending = true,
    .search = GRID_SQL("o.search_fold"),
    .words = GRID_SQL("sales_order_word"),
    .parts = ORDER_SEARCH_PARTS,
    .search_label = T("Search by order number, customer's name or email"),
    .actions = actions,
    .actions_n = COUNT_OF(actions),
    .mass = mass,
    .mass_n = COUNT_OF(mass),
    .row_name = "number",
    .empty = T("There are no orders yet."),
};

enum err page_admin_orders(struct page *p, const struct admin_orders_in *in) {
    (void)in;
    struct html o;
    const struct tpl_order_grid_actions v = {.may_create = actor_may(p->actor, RESOURCE_ORDER_CREATE)};
    html_init(&o, p->arena, p->out->env, 16 * 1024);
    tpl_order_grid_actions(&o, &v);
    reply_actions(p->reply, html_take(&o));
    html_done(&o);
    return grid_page(p, &orders);
}

enum err page_admin_orders_export(struct page *p, const struct admin_orders_export_in *in) {
    (void)in;
    return grid_export(p, &orders);
}
