/* Sales › Shipments. */
#include "grid/grid.h"
#include "shop/shipment/shipment_inside.h"

static const struct grid_choice states[] = {
#define SALES_STATE(name, word, title, tone, may) {S_INIT(word), title, tone},
#include "sales/states.def"
#undef SALES_STATE
};

static const struct grid_col columns[] = {
    DOCUMENT_NUMBER_COLUMN(T("Shipment")),
    DOCUMENT_DATE_COLUMN(T("Shipment Date")),
    DOCUMENT_ORDER_COLUMN,
    DOCUMENT_ORDER_DATE_COLUMN,
    DOCUMENT_NAME_COLUMN(T("Ship-to Name"), "shipping"),
    {.key = "pieces",
     .label = T("Total Quantity"),
     .kind = GRID_INT,
     .sql = GRID_SQL("d.pieces"),
     .sort = GRID_SQL("d.pieces"),
     .filter = GRID_RANGE},
    {.key = "status",
     .label = T("Order Status"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("o.state"),
     .choices = states,
     .choices_n = COUNT_OF(states)},
    DOCUMENT_EMAIL_COLUMN,
    DOCUMENT_BY_COLUMN,
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
    .from = GRID_SQL("sales_shipment d JOIN sales_order o ON o.id = d.order_id"),
    .where = GRID_SQL(GRID_IN_SCOPE("d.website_id")),
    .id = GRID_SQL("d.id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .sort = "number",
    .descending = true,
    .search = GRID_SQL("d.search_fold"),
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
