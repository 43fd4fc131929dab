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

static const struct grid_link actions[] = {DOCUMENT_VIEW_ACTION("creditmemos", RESOURCE_CREDITMEMO_VIEW)};

static const struct grid_mass mass[] = {DOCUMENT_PRINT_ACTION("creditmemos", RESOURCE_CREDITMEMO_VIEW)};

static const struct grid_def creditmemos = {
    DOCUMENT_GRID("creditmemos", "sales_creditmemo"),
    .title = T("Credit Memos"),
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
