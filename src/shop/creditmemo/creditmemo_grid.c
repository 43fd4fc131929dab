/* Sales › Credit Memos. */
#include "grid/grid.h"
#include "shop/creditmemo/creditmemo_inside.h"

static const struct grid_link order_link = {.label = T("Order"),
                                            .before = S_INIT("/admin/orders/"),
                                            .after = S_INIT(""),
                                            .id = GRID_SQL("m.order_id"),
                                            .right = RESOURCE_ORDER_VIEW};

static const struct grid_col columns[] = {
    {.key = "number",
     .label = T("Credit Memo"),
     .kind = GRID_INT,
     .sql = GRID_SQL("m.number"),
     .sort = GRID_SQL("m.id"), /* numbers rise with ids, and every index ends in the id */
     .filter = GRID_RANGE},
    {.key = "date",
     .label = T("Created"),
     .kind = GRID_TIME,
     .sql = GRID_SQL("m.created_us"),
     .sort = GRID_SQL("m.created_us"),
     .filter = GRID_RANGE},
    {.key = "order",
     .label = T("Order"),
     .kind = GRID_INT,
     .sql = GRID_SQL("o.number"),
     .filter = GRID_RANGE,
     .link = &order_link},
    {.key = "order_date",
     .label = T("Order Date"),
     .kind = GRID_DATE,
     .sql = GRID_SQL("o.created_us"),
     .sort = GRID_SQL("m.order_id"), /* ids rise with time */
     .filter = GRID_RANGE},
    {.key = "name",
     .label = T("Bill-to Name"),
     .sql = GRID_SQL("(SELECT a.firstname || ' ' || a.lastname FROM sales_address a WHERE a.order_id = "
                     "m.order_id AND a.role = 'billing')")},
    {.key = "total",
     .label = T("Refunded"),
     .kind = GRID_MONEY,
     .sql = GRID_SQL("m.total_minor"),
     .currency = GRID_SQL("o.currency"),
     .sort = GRID_SQL("m.total_minor"),
     .filter = GRID_RANGE},
    {.key = "currency", .label = T("Currency"), .show = GRID_EXPORTED, .sql = GRID_SQL("o.currency")},
    {.key = "email",
     .label = T("Email"),
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("o.email"),
     .filter = GRID_WORDS,
     .part = ORDER_SEARCH_EMAIL},
    {.key = "by", .label = T("Created by"), .show = GRID_HIDDEN, .sql = GRID_SQL("m.staff_name")},
};

static const struct grid_link actions[] = {{.label = T("View"),
                                            .before = S_INIT("/admin/creditmemos/"),
                                            .after = S_INIT(""),
                                            .right = RESOURCE_CREDITMEMO_VIEW}};

static const struct grid_mass mass[] = {
    {T("Print"), S_INIT("/admin/creditmemos/print"), RESOURCE_CREDITMEMO_VIEW}};

static const struct grid_def creditmemos = {
    .name = "creditmemos",
    .title = T("Credit Memos"),
    .page = "admin_creditmemos",
    .path = S_INIT("/admin/creditmemos"),
    .export_path = S_INIT("/admin/creditmemos/export"),
    .from = GRID_SQL("sales_creditmemo m JOIN sales_order o ON o.id = m.order_id"),
    .where = GRID_SQL(GRID_IN_SCOPE("m.website_id")),
    .id = GRID_SQL("m.id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .sort = "number",
    .descending = true,
    .search = GRID_SQL("m.search_fold"),
    .words = GRID_SQL("sales_creditmemo_word"),
    .parts = ORDER_SEARCH_PARTS,
    .search_label = T("Search by number, order, name or email"),
    .actions = actions,
    .actions_n = COUNT_OF(actions),
    .mass = mass,
    .mass_n = COUNT_OF(mass),
    .row_name = "number",
    .empty = T("There are no credit memos yet."),
};

enum err page_admin_creditmemos(struct page *p, const struct admin_creditmemos_in *in) {
    (void)in;
    return grid_page(p, &creditmemos);
}

enum err page_admin_creditmemos_export(struct page *p, const struct admin_creditmemos_export_in *in) {
    (void)in;
    return grid_export(p, &creditmemos);
}
