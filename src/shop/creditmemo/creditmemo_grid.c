/* Sales › Credit Memos. */
#include "grid/grid.h"
#include "shop/creditmemo/creditmemo_inside.h"

static const struct grid_col columns[] = {
    DOCUMENT_NUMBER_COLUMN(T("Credit Memo")),
    DOCUMENT_DATE_COLUMN(T("Created")),
    DOCUMENT_ORDER_COLUMN,
    DOCUMENT_ORDER_DATE_COLUMN,
    DOCUMENT_NAME_COLUMN(T("Bill-to Name"), "billing"),
    DOCUMENT_TOTAL_COLUMN(T("Refunded")),
    DOCUMENT_CURRENCY_COLUMN,
    DOCUMENT_EMAIL_COLUMN,
    DOCUMENT_BY_COLUMN,
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
    .from = GRID_SQL("sales_creditmemo d JOIN sales_order o ON o.id = d.order_id"),
    .where = GRID_SQL(GRID_IN_SCOPE("d.website_id")),
    .id = GRID_SQL("d.id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .sort = "number",
    .descending = true,
    .search = GRID_SQL("d.search_fold"),
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
