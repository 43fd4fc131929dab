/* Sales › Invoices. */
#include "grid/grid.h"
#include "shop/invoice/invoice_inside.h"

static const struct grid_choice states[] = {
    {S_INIT("open"), T("Open"), "warn"},
    {S_INIT("paid"), T("Paid"), "good"},
    {S_INIT("canceled"), T("Canceled"), "muted"},
};

static const struct grid_col columns[] = {
    DOCUMENT_NUMBER_COLUMN(T("Invoice")),
    DOCUMENT_DATE_COLUMN(T("Invoice Date")),
    DOCUMENT_ORDER_COLUMN,
    DOCUMENT_ORDER_DATE_COLUMN,
    DOCUMENT_NAME_COLUMN(T("Bill-to Name"), "billing"),
    {.key = "status",
     .label = T("Status"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("d.state"),
     .sort = GRID_SQL("d.state"),
     .filter = GRID_PICK,
     .choices = states,
     .choices_n = COUNT_OF(states)},
    DOCUMENT_TOTAL_COLUMN(T("Grand Total")),
    DOCUMENT_CURRENCY_COLUMN,
    DOCUMENT_EMAIL_COLUMN,
    {.key = "paid", .label = T("Paid"), .kind = GRID_TIME, .show = GRID_HIDDEN, .sql = GRID_SQL("d.paid_us")},
    DOCUMENT_BY_COLUMN,
};

static const struct grid_link actions[] = {DOCUMENT_VIEW_ACTION("invoices", RESOURCE_INVOICE_VIEW)};

static const struct grid_mass mass[] = {DOCUMENT_PRINT_ACTION("invoices", RESOURCE_INVOICE_VIEW)};

static const struct grid_def invoices = {
    DOCUMENT_GRID("invoices", "sales_invoice"),
    .title = T("Invoices"),
    .empty = T("There are no invoices yet."),
};

enum err page_admin_invoices(struct page *p, const struct admin_invoices_in *in) {
    (void)in;
    return grid_page(p, &invoices);
}

enum err page_admin_invoices_export(struct page *p, const struct admin_invoices_export_in *in) {
    (void)in;
    return grid_export(p, &invoices);
}
