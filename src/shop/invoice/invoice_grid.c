/* Sales › Invoices. */
#include "grid/grid.h"
#include "shop/invoice/invoice_inside.h"

static const struct grid_choice states[] = {
    {S_INIT("open"), T("Open"), "warn"},
    {S_INIT("paid"), T("Paid"), "good"},
    {S_INIT("canceled"), T("Canceled"), "muted"},
};

static const struct grid_link order_link = {.label = T("Order"),
                                            .before = S_INIT("/admin/orders/"),
                                            .after = S_INIT(""),
                                            .id = GRID_SQL("i.order_id"),
                                            .right = RESOURCE_ORDER_VIEW};

static const struct grid_col columns[] = {
    {.key = "number",
     .label = T("Invoice"),
     .kind = GRID_INT,
     .sql = GRID_SQL("i.number"),
     .sort = GRID_SQL("i.id"), /* numbers rise with ids, and every index ends in the id */
     .filter = GRID_RANGE},
    {.key = "date",
     .label = T("Invoice Date"),
     .kind = GRID_TIME,
     .sql = GRID_SQL("i.created_us"),
     .sort = GRID_SQL("i.created_us"),
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
     .sort = GRID_SQL("i.order_id"), /* ids rise with time */
     .filter = GRID_RANGE},
    {.key = "name",
     .label = T("Bill-to Name"),
     .sql = GRID_SQL("(SELECT a.firstname || ' ' || a.lastname FROM sales_address a WHERE a.order_id = "
                     "i.order_id AND a.role = 'billing')")},
    {.key = "status",
     .label = T("Status"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("i.state"),
     .sort = GRID_SQL("i.state"),
     .filter = GRID_PICK,
     .choices = states,
     .choices_n = COUNT_OF(states)},
    {.key = "total",
     .label = T("Grand Total"),
     .kind = GRID_MONEY,
     .sql = GRID_SQL("i.total_minor"),
     .currency = GRID_SQL("o.currency"),
     .sort = GRID_SQL("i.total_minor"),
     .filter = GRID_RANGE},
    {.key = "currency", .label = T("Currency"), .show = GRID_EXPORTED, .sql = GRID_SQL("o.currency")},
    {.key = "email",
     .label = T("Email"),
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("o.email"),
     .filter = GRID_WORDS,
     .part = ORDER_SEARCH_EMAIL},
    {.key = "paid", .label = T("Paid"), .kind = GRID_TIME, .show = GRID_HIDDEN, .sql = GRID_SQL("i.paid_us")},
    {.key = "by", .label = T("Created by"), .show = GRID_HIDDEN, .sql = GRID_SQL("i.staff_name")},
};

static const struct grid_link actions[] = {{.label = T("View"),
                                            .before = S_INIT("/admin/invoices/"),
                                            .after = S_INIT(""),
                                            .right = RESOURCE_INVOICE_VIEW}};

static const struct grid_mass mass[] = {{T("Print"), S_INIT("/admin/invoices/print"), RESOURCE_INVOICE_VIEW}};

static const struct grid_def invoices = {
    .name = "invoices",
    .title = T("Invoices"),
    .page = "admin_invoices",
    .path = S_INIT("/admin/invoices"),
    .export_path = S_INIT("/admin/invoices/export"),
    .from = GRID_SQL("sales_invoice i JOIN sales_order o ON o.id = i.order_id"),
    .where = GRID_SQL(GRID_IN_SCOPE("i.website_id")),
    .id = GRID_SQL("i.id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .sort = "number",
    .descending = true,
    .search = GRID_SQL("i.search_fold"),
    .words = GRID_SQL("sales_invoice_word"),
    .parts = ORDER_SEARCH_PARTS,
    .search_label = T("Search by number, order, name or email"),
    .actions = actions,
    .actions_n = COUNT_OF(actions),
    .mass = mass,
    .mass_n = COUNT_OF(mass),
    .row_name = "number",
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
