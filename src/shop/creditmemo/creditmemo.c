/* Reading and making credit memos. */
#include "shop/creditmemo/creditmemo_inside.h"

str creditmemo_path(struct arena *a, i64 id) {
    return arena_printf(a, "/admin/creditmemos/%lld", (long long)id);
}

/* ---- reading ---- */

static enum err take_parts(struct db_r *r, const struct order *o, struct creditmemo *m) {
    struct creditmemo_items *rows;
    size_t n;
    TRY(creditmemo_items(r, m->id, &rows, &n));
    m->document.parts = ARENA_ARRAY(db_arena(r), struct sales_part, n);
    for (size_t k = 0; k < n; k++) {
        size_t item = order_item(o, rows[k].item_id);
        if (item == o->sales.items_n) return ERR_INTERNAL;
        m->document.parts[m->document.parts_n++] =
            (struct sales_part){item, rows[k].qty, rows[k].row, rows[k].discount, rows[k].tax};
    }
    return OK;
}

enum err creditmemo_get_scoped(struct db_r *r, i64 id, struct creditmemo *ret, struct order *ret_order) {
    struct creditmemo_row row;
    TRY(creditmemo_row(r, id, &row));
    TRY(order_get_scoped(r, row.order_id, ret_order));
    *ret = (struct creditmemo){
        .id = row.id,
        .number = row.number,
        .order_id = row.order_id,
        .invoice_id = row.invoice_id,
        .document = {.totals = {.subtotal = row.subtotal,
                                .discount = row.discount,
                                .shipping = row.shipping,
                                .shipping_tax = row.shipping_tax,
                                .tax = row.tax,
                                .total = row.total}},
        .adjustment = row.adjustment,
        .fee = row.fee,
        .staff_id = row.staff_id,
        .staff_name = row.staff_name,
        .created_us = row.created_us,
    };
    return take_parts(r, ret_order, ret);
}

/* ---- how much at most ---- */

static enum err limit_to_invoice(struct db_r *r, const struct order *o, const struct invoice *i,
                                 struct creditmemo_limit *l) {
    struct creditmemo_of_invoice_items *rows;
    struct creditmemo_of_invoice sum;
    size_t n;
    TRY(creditmemo_of_invoice_items(r, o->id, i->id, &rows, &n));
    TRY(creditmemo_of_invoice(r, o->id, i->id, &sum));
    i64 *own = ARENA_ARRAY(db_arena(r), i64, o->sales.items_n);
    for (size_t k = 0; k < i->document.parts_n; k++)
        own[i->document.parts[k].item] = i->document.parts[k].qty;
    for (size_t k = 0; k < n; k++) {
        size_t item = order_item(o, rows[k].item_id);
        if (item < o->sales.items_n) own[item] -= rows[k].qty;
    }
    for (size_t k = 0; k < o->sales.items_n; k++)
        l->qty[k] = MAX_OF(0, MIN_OF(l->qty[k], own[k]));
    l->shipping = MAX_OF(0, MIN_OF(l->shipping, i->document.totals.shipping - sum.shipping));
    l->amount = MAX_OF(0, MIN_OF(l->amount, i->document.totals.total - sum.total));
    return OK;
}

enum err creditmemo_limit(struct db_r *r, const struct order *o, const struct invoice *i,
                          struct creditmemo_limit *ret) {
    const struct sales_order *s = &o->sales;
    *ret = (struct creditmemo_limit){
        .qty = document_left(db_arena(r), o, sales_to_refund),
        .shipping = s->shipping_invoiced ? s->totals.shipping - s->shipping_refunded : 0,
        .amount = sales_refundable(s),
    };
    return i ? limit_to_invoice(r, o, i, ret) : OK;
}

/* ---- making ---- */

enum err creditmemo_tell(struct op *op, const struct order *o, const struct creditmemo *m, str comment,
                         bool visible, bool mail) {
    struct order_extra extras[DOCUMENT_ADJUSTMENTS];
    const struct document_news news = {
        .kind = ORDER_DOC_CREDITMEMO,
        .id = m->id,
        .number = m->number,
        .subject = T("Refund for your order {order}"),
        .intro = T("We give you money back for your order {order}: credit memo {number}."),
        .comment = comment,
        .visible = visible,
        .mail = mail,
        .document = &m->document,
        .amounts = true,
        .extras = extras,
        .extras_n = document_adjustments(m->adjustment, m->fee, extras),
    };
    return document_tell(op, o, &news);
}

static enum err insert(struct op *op, const struct order *o, const bool *restock, struct creditmemo *m) {
    const struct sales_totals *t = &m->document.totals;
    struct creditmemo_insert made;
    TRY(order_next_number(op, ORDER_DOC_CREDITMEMO, &m->number));
    TRY(creditmemo_insert(op->w, m->number, o->id, m->invoice_id, o->website_id,
                          document_search_fold(op->arena, o, m->number), t->subtotal, t->discount,
                          t->shipping, t->shipping_tax, t->tax, m->adjustment, m->fee, t->total, m->staff_id,
                          m->staff_name, m->created_us, &made));
    m->id = made.id;
    for (size_t k = 0; k < m->document.parts_n; k++) {
        const struct sales_part *p = &m->document.parts[k];
        TRY(creditmemo_item_insert(op->w, m->id, o->sales.items[p->item].id, p->qty,
                                   restock && restock[p->item] ? p->qty : 0, p->row, p->discount, p->tax,
                                   NULL));
    }
    return OK;
}

static enum err return_to_stock(struct op *op, const struct order *o, const struct sales_document *d,
                                const bool *restock) {
    i64 *qty = ARENA_ARRAY(op->arena, i64, o->sales.items_n);
    for (size_t k = 0; restock && k < d->parts_n; k++)
        if (restock[d->parts[k].item]) qty[d->parts[k].item] = d->parts[k].qty;
    return order_restock(op, o, qty);
}

enum err creditmemo_refused(struct op *op, const struct order *o, const struct sales_ask *ask,
                            enum sales_wrong wrong, size_t item) {
    const char *field = NULL;
    if (wrong == SALES_SHIPPING_TOO_LARGE) field = "shipping";
    if (wrong == SALES_BELOW_ZERO) field = "fee";
    if (wrong == SALES_OVER_PAID && ask->adjustment) field = "adjustment";
    if (!field) return document_refused(op, o, wrong, item);
    return op_invalid(op, field, order_wrong_text(op, o, wrong, item));
}

enum err creditmemo_make(struct op *op, struct order *o, const struct creditmemo_want *want,
                         struct creditmemo *ret) {
    size_t item = 0;
    *ret = (struct creditmemo){
        .order_id = o->id,
        .invoice_id = want->invoice_id,
        .adjustment = want->ask.adjustment,
        .fee = want->ask.fee,
        .staff_id = document_staff_id(op),
        .staff_name = document_staff_name(op),
        .created_us = op->now_us,
    };
    enum sales_wrong wrong = sales_refund(op->arena, &o->sales, &want->ask, &ret->document, &item);
    if (wrong) return creditmemo_refused(op, o, &want->ask, wrong, item);
    TRY(insert(op, o, want->restock, ret));
    TRY(return_to_stock(op, o, &ret->document, want->restock));
    return creditmemo_tell(op, o, ret, want->comment, want->visible, want->mail);
}
