/* Sales › Shipments. */
#include "grid/grid.h"
#include "shop/shipment/shipment_inside.h"

static const struct grid_choice states[] = {
#define SALES_STATE(name, word, title, tone, may) {S_INIT(word), title, tone},
#include "sales/states.def"
#undef SALES_STATE
};

static const struct grid_link order_link = {.label = T("Order"),
                                            .before = S_INIT("/admin/orders/"),
                                            .after = S_INIT(""),
                                            .id = GRID_SQL("s.order_id"),
                                            .right = RESOURCE_ORDER_VIEW};

static const struct grid_col columns[] = {
    {.key = "number",
     .label = T("Shipment"),
     .kind = GRID_INT,
     .sql = GRID_SQL("s.number"),
     .sort = GRID_SQL("s.id"), /* numbers rise with ids, and every index ends in the id */
     .filter = GRID_RANGE},
    {.key = "date",
     .label = T("Shipment Date"),
     .kind = GRID_TIME,
     .sql = GRID_SQL("s.created_us"),
     .sort = GRID_SQL("s.created_us"),
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
     .sort = GRID_SQL("s.order_id"), /* ids rise with time */
     .filter = GRID_RANGE},
    {.key = "name",
     .label = T("Ship-to Name"),
     .sql = GRID_SQL("(SELECT a.firstname || ' ' || a.lastname FROM sales_address a WHERE a.order_id = "
                     "s.order_id AND a.role = 'shipping')")},
    {.key = "pieces",
     .label = T("Total Quantity"),
     .kind = GRID_INT,
     .sql = GRID_SQL("s.pieces"),
     .sort = GRID_SQL("s.pieces"),
     .filter = GRID_RANGE},
    {.key = "status",
     .label = T("Order Status"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("o.state"),
     .choices = states,
     .choices_n = COUNT_OF(states)},
    {.key = "email",
     .label = T("Email"),
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("o.email"),
     .filter = GRID_WORDS,
     .part = ORDER_SEARCH_EMAIL},
    {.key = "by", .label = T("Created by"), .show = GRID_HIDDEN, .sql = GRID_SQL("s.staff_name")},
};

static const struct grid_link actions[] = {{.label = T("View"),
                                            .before = S_INIT("/admin/shipments/"),
                                            .after = S_INIT(""),
                                            .right = RESOURCE_SHIPMENT_VIEW}};

static const struct grid_mass mass[] = {
    {T("Print"), S_INIT("/admin/shipments/print"), RESOURCE_SHIPMENT_VIEW}};

static const struct grid_def shipments = {
    .name = "shipments",
    .title = T("Shipments"),
    .page = "admin_shipments",
    .path = S_INIT("/admin/shipments"),
    .export_path = S_INIT("/admin/shipments/export"),
    .from = GRID_SQL("sales_shipment s JOIN sales_order o ON o.id = s.order_id"),
    .where = GRID_SQL(GRID_IN_SCOPE("s.website_id")),
    .id = GRID_SQL("s.id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .sort = "number",
    .descending = true,
    .search = GRID_SQL("s.search_fold"),
    .words = GRID_SQL("sales_shipment_word"),
    .parts = ORDER_SEARCH_PARTS,
    .search_label = T("Search by number, order, name or email"),
    .actions = actions,
    .actions_n = COUNT_OF(actions),
    .mass = mass,
    .mass_n = COUNT_OF(mass),
    .row_name = "number",
    .empty = T("There are no shipments yet."),
};

enum err page_admin_shipments(struct page *p, const struct admin_shipments_in *in) {
    (void)in;
    return grid_page(p, &shipments);
}

enum err page_admin_shipments_export(struct page *p, const struct admin_shipments_export_in *in) {
    (void)in;
    return grid_export(p, &shipments);
}
