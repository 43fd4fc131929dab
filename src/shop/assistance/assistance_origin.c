/* Where an assisted session can be started from: the two pages of customers, and the five of sales documents.
 */
#include "access/access.h"
#include "gen/assistance_gate.h"
#include "gen/assistance_sql.h"
#include "shop/assistance/assistance_inside.h"

static enum err order_number(struct db_r *r, i64 id, i64 customer_id, i64 *ret) {
    struct assistance_order row;
    TRY(assistance_order(r, id, customer_id, &row));
    *ret = row.number;
    return OK;
}

static enum err invoice_number(struct db_r *r, i64 id, i64 customer_id, i64 *ret) {
    struct assistance_invoice row;
    TRY(assistance_invoice(r, id, customer_id, &row));
    *ret = row.number;
    return OK;
}

static enum err shipment_number(struct db_r *r, i64 id, i64 customer_id, i64 *ret) {
    struct assistance_shipment row;
    TRY(assistance_shipment(r, id, customer_id, &row));
    *ret = row.number;
    return OK;
}

static enum err creditmemo_number(struct db_r *r, i64 id, i64 customer_id, i64 *ret) {
    struct assistance_creditmemo row;
    TRY(assistance_creditmemo(r, id, customer_id, &row));
    *ret = row.number;
    return OK;
}

/* A page that belongs to a document is for those who may see the document. */
struct origin_page {
    str kind;
    str label; /* before the number */
    str path;  /* before the id */
    bool grid; /* the page of many: it leads back to itself */
    int right;
    enum err (*number)(struct db_r *r, i64 id, i64 customer_id,
                       i64 *ret); /* NULL: the customer is the document */
};

static const struct origin_page pages[] = {
    [ASSIST_START_FROM_CUSTOMER] = {S_INIT("customer"), S_INIT("customer "), S_INIT("/admin/customers/"),
                                    false, RESOURCE_CUSTOMER_VIEW, NULL},
    [ASSIST_START_FROM_CUSTOMERS] = {S_INIT("customers"), S_INIT("customers grid"),
                                     S_INIT("/admin/customers"), true, RESOURCE_CUSTOMER_VIEW, NULL},
    [ASSIST_START_FROM_ORDER] = {S_INIT("order"), S_INIT("order "), S_INIT("/admin/orders/"), false,
                                 RESOURCE_ORDER_VIEW, order_number},
    [ASSIST_START_FROM_ORDERS] = {S_INIT("orders"), S_INIT("orders grid, order "), S_INIT("/admin/orders"),
                                  true, RESOURCE_ORDER_VIEW, order_number},
    [ASSIST_START_FROM_INVOICE] = {S_INIT("invoice"), S_INIT("invoice "), S_INIT("/admin/invoices/"), false,
                                   RESOURCE_INVOICE_VIEW, invoice_number},
    [ASSIST_START_FROM_SHIPMENT] = {S_INIT("shipment"), S_INIT("shipment "), S_INIT("/admin/shipments/"),
                                    false, RESOURCE_SHIPMENT_VIEW, shipment_number},
    [ASSIST_START_FROM_CREDITMEMO] = {S_INIT("creditmemo"), S_INIT("credit memo "),
                                      S_INIT("/admin/creditmemos/"), false, RESOURCE_CREDITMEMO_VIEW,
                                      creditmemo_number},
};
_Static_assert((int)ASSIST_START_FROM_CREDITMEMO == (int)ASSIST_DIALOG_FROM_CREDITMEMO &&
                   (int)ASSIST_START_FROM_CUSTOMERS == (int)ASSIST_DIALOG_FROM_CUSTOMERS,
               "dialog and start name the same pages in the same order");

static str id_text(struct arena *a, str before, i64 id) {
    return arena_printf(a, "%.*s%lld", STR_ARG(before), (long long)id);
}

enum err assistance_origin(struct db_r *r, struct arena *a, const struct actor *staff, int from,
                           opt_i64 document, i64 customer_id, struct assist_origin *ret) {
    const struct origin_page *page = &pages[from < 0 ? ASSIST_START_FROM_CUSTOMER : from];
    i64 id = customer_id, number = customer_id;
    if (page->number) {
        if (!document.set || !actor_may(staff, page->right)) return ERR_NOT_FOUND;
        id = document.v;
        TRY(page->number(r, id, customer_id, &number));
    }
    *ret = (struct assist_origin){
        .kind = page->kind,
        .id = id,
        .label = page->grid && !page->number ? page->label : id_text(a, page->label, number),
        .path = page->grid ? page->path : id_text(a, page->path, id),
    };
    return OK;
}
