/* Reading and making invoices. */
#include "shop/invoice/invoice_inside.h"

static const struct {
    str word, title, tone;
} states[] = {
#undef T
#define T(msgid) S_INIT(msgid)
    [INVOICE_OPEN] = {S_INIT("open"), T("Open"), S_INIT("warn")},
    [INVOICE_PAID] = {S_INIT("paid"), T("Paid"), S_INIT("good")},
    [INVOICE_CANCELED] = {S_INIT("canceled"), T("Canceled"), S_INIT("muted")},
#undef T
#define T(msgid) S(msgid)
};

str invoice_state_title(enum invoice_state s) {
    return states[s].title;
}

str invoice_state_tone(enum invoice_state s) {
    return states[s].tone;
}

str invoice_path(struct arena *a, i64 id) {
    return arena_printf(a, "/admin/invoices/%lld", (long long)id);
}

/* ---- reading ---- */

static enum invoice_state state_of(str word) {
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (str_eq(states[i].word, word)) return (enum invoice_state)i;
    return INVOICE_CANCELED;
}

static enum err take_parts(struct db_r *r, const struct order *o, i64 id, struct sales_document *d) {
    struct invoice_items *rows;
    size_t n;
    TRY(invoice_items(r, id, &rows, &n));
    d->parts = ARENA_ARRAY(db_arena(r), struct sales_part, n);
    for (size_t k = 0; k < n; k++) {
        size_t item = order_item(o, rows[k].item_id);
        if (item == o->sales.items_n) return ERR_INTERNAL;
        d->parts[d->parts_n++] =
            (struct sales_part){item, rows[k].qty, rows[k].row, rows[k].discount, rows[k].tax};
    }
    return OK;
}

enum err invoice_get_scoped(struct db_r *r, i64 id, struct invoice *ret, struct order *ret_order) {
    struct invoice_row row;
    TRY(invoice_row(r, id, &row));
    TRY(order_get_scoped(r, row.order_id, ret_order));
    *ret = (struct invoice){
        .id = row.id,
        .number = row.number,
        .order_id = row.order_id,
        .state = state_of(row.state),
        .document = {.totals = {.subtotal = row.subtotal,
                                .discount = row.discount,
                                .shipping = row.shipping,
                                .shipping_tax = row.shipping_tax,
                                .tax = row.tax,
                                .total = row.total}},
        .staff_id = row.staff_id,
        .staff_name = row.staff_name,
        .created_us = row.created_us,
        .paid_us = row.paid_us,
    };
    return take_parts(r, ret_order, id, &ret->document);
}

/* ---- making ---- */

enum err invoice_tell(struct op *op, const struct order *o, const struct invoice *i, str comment,
                      bool visible, bool mail) {
    const struct document_news news = {
        .kind = ORDER_DOC_INVOICE,
        .id = i->id,
        .number = i->number,
        .subject = T("Invoice {number} for your order {order}"),
        .intro = i->state == INVOICE_PAID
                     ? T("This is invoice {number} for your order {order}. It is paid.")
                     : T("This is invoice {number} for your order {order}. It is not paid yet."),
        .comment = comment,
        .visible = visible,
        .mail = mail,
        .document = &i->document,
        .amounts = true,
    };
    return document_tell(op, o, &news);
}

static enum err insert(struct op *op, const struct order *o, struct invoice *i) {
    const struct sales_totals *t = &i->document.totals;
    struct invoice_insert made;
    TRY(order_next_number(op, ORDER_DOC_INVOICE, &i->number));
    TRY(invoice_insert(op->w, i->number, o->id, o->website_id, document_search_fold(op->arena, o, i->number),
                       states[i->state].word, t->subtotal, t->discount, t->shipping, t->shipping_tax, t->tax,
                       t->total, i->staff_id, i->staff_name, i->created_us, i->paid_us, &made));
    i->id = made.id;
    for (size_t k = 0; k < i->document.parts_n; k++) {
        const struct sales_part *p = &i->document.parts[k];
        TRY(invoice_item_insert(op->w, i->id, o->sales.items[p->item].id, p->qty, p->row, p->discount, p->tax,
                                NULL));
    }
    return OK;
}

enum err invoice_make(struct op *op, struct order *o, const struct invoice_want *want, struct invoice *ret) {
    size_t item = 0;
    const struct sales_ask ask = {.qty =
                                      want->qty ? want->qty : document_left(op->arena, o, sales_to_invoice)};
    *ret = (struct invoice){
        .order_id = o->id,
        .state = want->paid ? INVOICE_PAID : INVOICE_OPEN,
        .staff_id = document_staff_id(op),
        .staff_name = document_staff_name(op),
        .created_us = op->now_us,
        .paid_us = want->paid ? OPT(op->now_us) : NONE,
    };
    enum sales_wrong wrong = sales_invoice(op->arena, &o->sales, &ask, &ret->document, &item);
    if (!wrong && want->paid) wrong = sales_pay(&o->sales, ret->document.totals.total);
    if (wrong) return document_refused(op, o, wrong, item);
    TRY(insert(op, o, ret));
    return invoice_tell(op, o, ret, want->comment, want->visible, want->mail);
}
