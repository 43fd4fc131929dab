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

static const struct grid_link actions[] = {DOCUMENT_VIEW_ACTION("shipments", RESOURCE_SHIPMENT_VIEW)};

static const struct grid_mass mass[] = {DOCUMENT_PRINT_ACTION("shipments", RESOURCE_SHIPMENT_VIEW)};

static const struct grid_def shipments = {
    DOCUMENT_GRID("shipments", "sales_shipment"),
    .title = T("Shipments"),
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
