/* Invoices, shipments and credit memos of an order: their amounts, and what they change. */
#include "sales/sales.h"

/* The share of `qty` of the `left_qty` pieces in what is left of an amount; the last piece takes all of it.
 */
static i64 share_of_left(i64 left_amount, i64 qty, i64 left_qty) {
    return qty == left_qty ? left_amount : sales_share(left_amount, qty, left_qty);
}

static enum sales_wrong check_qty(const struct sales_order *o, const i64 *qty,
                                  i64 (*left)(const struct sales_item *), i64 *ret_pieces, size_t *ret_item) {
    *ret_pieces = 0;
    for (size_t i = 0; i < o->items_n; i++) {
        *ret_item = i;
        if (qty[i] < 0) return SALES_QTY_NEGATIVE;
        if (qty[i] > left(&o->items[i])) return SALES_QTY_TOO_LARGE;
        *ret_pieces += qty[i];
    }
    return SALES_FINE;
}

static void parts_begin(struct arena *a, const struct sales_order *o, struct sales_document *d) {
    *d = (struct sales_document){.parts = ARENA_ARRAY(a, struct sales_part, o->items_n)};
}

static void add_part(struct sales_document *d, struct sales_part p) {
    d->parts[d->parts_n++] = p;
    d->totals.subtotal += p.row;
    d->totals.discount += p.discount;
    d->totals.tax += p.tax;
}

/* The total that follows from the rest, on the order's price basis. */
static void sum_up(const struct sales_order *o, struct sales_totals *t) {
    t->total = t->subtotal - t->discount + t->shipping + (o->prices_incl ? 0 : t->tax);
}

static i64 shipping_total(const struct sales_order *o) {
    return o->totals.shipping + (o->prices_incl ? 0 : o->totals.shipping_tax);
}

/* ---- invoice ---- */

static struct sales_part invoice_part(const struct sales_order *o, size_t i, i64 qty) {
    const struct sales_item *it = &o->items[i];
    i64 left = sales_to_invoice(it);
    return (struct sales_part){
        .item = i,
        .qty = qty,
        .row = it->price * qty,
        .discount = share_of_left(it->discount - it->discount_canceled - it->discount_invoiced, qty, left),
        .tax = share_of_left(it->tax - it->tax_canceled - it->tax_invoiced, qty, left),
    };
}

static void change_invoiced(struct sales_order *o, const struct sales_document *d, i64 sign) {
    for (size_t k = 0; k < d->parts_n; k++) {
        const struct sales_part *p = &d->parts[k];
        struct sales_item *it = &o->items[p->item];
        it->invoiced += sign * p->qty;
        it->discount_invoiced += sign * p->discount;
        it->tax_invoiced += sign * p->tax;
    }
    o->invoiced += sign * d->totals.total;
}

enum sales_wrong sales_invoice(struct arena *a, struct sales_order *o, const struct sales_ask *ask,
                               struct sales_document *ret, size_t *ret_item) {
    i64 pieces;
    if (!sales_may(o, SALES_DO_INVOICE)) return SALES_NOT_ALLOWED;
    enum sales_wrong wrong = check_qty(o, ask->qty, sales_to_invoice, &pieces, ret_item);
    if (wrong) return wrong;
    if (!pieces) return SALES_NOTHING;
    parts_begin(a, o, ret);
    for (size_t i = 0; i < o->items_n; i++)
        if (ask->qty[i]) add_part(ret, invoice_part(o, i, ask->qty[i]));
    if (!o->shipping_invoiced && !o->shipping_canceled) {
        ret->totals.shipping = o->totals.shipping;
        ret->totals.shipping_tax = o->totals.shipping_tax;
        ret->totals.tax += o->totals.shipping_tax;
    }
    sum_up(o, &ret->totals);
    o->shipping_invoiced = !o->shipping_canceled;
    change_invoiced(o, ret, 1);
    o->state = sales_state_after(o);
    return SALES_FINE;
}

enum sales_wrong sales_pay(struct sales_order *o, i64 total) {
    if (total < 0 || o->paid + total > o->invoiced) return SALES_OVER_PAID;
    o->paid += total;
    o->state = sales_state_after(o);
    return SALES_FINE;
}

enum sales_wrong sales_uninvoice(struct sales_order *o, const struct sales_document *d) {
    if (o->state == SALES_CLOSED || o->state == SALES_CANCELED || o->state == SALES_HOLDED ||
        o->invoiced - d->totals.total < o->paid)
        return SALES_NOT_ALLOWED;
    for (size_t k = 0; k < d->parts_n; k++) {
        const struct sales_part *p = &d->parts[k];
        if (o->items[p->item].refunded) return SALES_NOT_ALLOWED;
    }
    if (d->totals.shipping && o->shipping_refunded) return SALES_NOT_ALLOWED;
    change_invoiced(o, d, -1);
    if (d->totals.shipping || d->totals.shipping_tax || o->invoiced == 0) o->shipping_invoiced = false;
    o->state = sales_state_after(o);
    return SALES_FINE;
}

/* ---- shipment ---- */

enum sales_wrong sales_ship(struct arena *a, struct sales_order *o, const struct sales_ask *ask,
                            struct sales_document *ret, size_t *ret_item) {
    i64 pieces;
    if (!sales_may(o, SALES_DO_SHIP)) return SALES_NOT_ALLOWED;
    enum sales_wrong wrong = check_qty(o, ask->qty, sales_to_ship, &pieces, ret_item);
    if (wrong) return wrong;
    if (!pieces) return SALES_NOTHING;
    parts_begin(a, o, ret);
    for (size_t i = 0; i < o->items_n; i++) {
        if (!ask->qty[i]) continue;
        add_part(ret, (struct sales_part){.item = i, .qty = ask->qty[i]});
        o->items[i].shipped += ask->qty[i];
    }
    o->state = sales_state_after(o);
    return SALES_FINE;
}

/* ---- credit memo ---- */

static struct sales_part refund_part(const struct sales_order *o, size_t i, i64 qty) {
    const struct sales_item *it = &o->items[i];
    i64 left = it->invoiced - it->refunded;
    return (struct sales_part){
        .item = i,
        .qty = qty,
        .row = it->price * qty,
        .discount = share_of_left(it->discount_invoiced - it->discount_refunded, qty, left),
        .tax = share_of_left(it->tax_invoiced - it->tax_refunded, qty, left),
    };
}

static enum sales_wrong check_amounts(const struct sales_order *o, const struct sales_ask *ask, i64 pieces) {
    i64 shipping_left = o->shipping_invoiced ? o->totals.shipping - o->shipping_refunded : 0;
    if (ask->shipping < 0 || ask->adjustment < 0 || ask->fee < 0) return SALES_AMOUNT_NEGATIVE;
    if (ask->shipping > shipping_left) return SALES_SHIPPING_TOO_LARGE;
    /* One by one first: their sum must not run over. */
    if (ask->adjustment > o->paid) return SALES_OVER_PAID;
    if (ask->fee > o->paid) return SALES_BELOW_ZERO;
    return pieces || ask->shipping || ask->adjustment ? SALES_FINE : SALES_NOTHING;
}

static void apply_refund(struct sales_order *o, const struct sales_document *d) {
    for (size_t k = 0; k < d->parts_n; k++) {
        const struct sales_part *p = &d->parts[k];
        struct sales_item *it = &o->items[p->item];
        /* What is refunded is not sent any more, as far as it was not sent yet. */
        it->withdrawn += MIN_OF(p->qty, sales_to_ship(it));
        it->refunded += p->qty;
        it->discount_refunded += p->discount;
        it->tax_refunded += p->tax;
    }
    o->shipping_refunded += d->totals.shipping;
    o->shipping_tax_refunded += d->totals.shipping_tax;
    o->refunded += d->totals.total;
    o->state = sales_state_after(o);
}

enum sales_wrong sales_refund(struct arena *a, struct sales_order *o, const struct sales_ask *ask,
                              struct sales_document *ret, size_t *ret_item) {
    i64 pieces;
    if (!sales_may(o, SALES_DO_REFUND)) return SALES_NOT_ALLOWED;
    enum sales_wrong wrong = check_qty(o, ask->qty, sales_to_refund, &pieces, ret_item);
    if (!wrong) wrong = check_amounts(o, ask, pieces);
    if (wrong) return wrong;
    parts_begin(a, o, ret);
    for (size_t i = 0; i < o->items_n; i++)
        if (ask->qty[i]) add_part(ret, refund_part(o, i, ask->qty[i]));
    if (ask->shipping) {
        ret->totals.shipping = ask->shipping;
        ret->totals.shipping_tax = share_of_left(o->totals.shipping_tax - o->shipping_tax_refunded,
                                                 ask->shipping, o->totals.shipping - o->shipping_refunded);
        ret->totals.tax += ret->totals.shipping_tax;
    }
    sum_up(o, &ret->totals);
    ret->totals.total += ask->adjustment - ask->fee;
    if (ret->totals.total < 0) return SALES_BELOW_ZERO;
    if (ret->totals.total > sales_refundable(o)) return SALES_OVER_PAID;
    apply_refund(o, ret);
    return SALES_FINE;
}

/* ---- the order as a whole ---- */

enum sales_wrong sales_confirm_payment(struct sales_order *o) {
    if (!sales_may(o, SALES_DO_PAY)) return SALES_NOT_ALLOWED;
    o->state = SALES_PENDING;
    return SALES_FINE;
}

/* Lets go of pieces that will never be invoiced; returns what they would have cost. */
static i64 cancel_item(const struct sales_order *o, struct sales_item *it, i64 qty) {
    i64 left = sales_to_invoice(it);
    i64 discount = share_of_left(it->discount - it->discount_canceled - it->discount_invoiced, qty, left);
    i64 tax = share_of_left(it->tax - it->tax_canceled - it->tax_invoiced, qty, left);
    it->canceled += qty;
    it->discount_canceled += discount;
    it->tax_canceled += tax;
    return it->price * qty - discount + (o->prices_incl ? 0 : tax);
}

enum sales_wrong sales_cancel(struct sales_order *o, i64 *ret_qty) {
    bool all = true;
    if (!sales_may(o, SALES_DO_CANCEL)) return SALES_NOT_ALLOWED;
    for (size_t i = 0; i < o->items_n; i++) {
        struct sales_item *it = &o->items[i];
        ret_qty[i] = sales_to_cancel(it);
        if (ret_qty[i]) o->canceled += cancel_item(o, it, ret_qty[i]);
        all = all && sales_to_invoice(it) == 0;
    }
    if (all && !o->shipping_invoiced && !o->shipping_canceled) {
        o->shipping_canceled = true;
        o->canceled += shipping_total(o);
    }
    if (o->state == SALES_PENDING_PAYMENT) o->state = SALES_PENDING;
    o->state = sales_state_after(o);
    return SALES_FINE;
}

enum sales_wrong sales_hold(struct sales_order *o) {
    if (!sales_may(o, SALES_DO_HOLD)) return SALES_NOT_ALLOWED;
    o->held_state = o->state;
    o->state = SALES_HOLDED;
    return SALES_FINE;
}

enum sales_wrong sales_unhold(struct sales_order *o) {
    if (!sales_may(o, SALES_DO_UNHOLD)) return SALES_NOT_ALLOWED;
    o->state = o->held_state;
    o->held_state = SALES_STATE_MAX;
    return SALES_FINE;
}

/* ---- do they agree? ---- */

static bool item_agrees(const struct sales_item *i) {
    bool qty = i->ordered >= 1 && i->invoiced >= 0 && i->shipped >= 0 && i->canceled >= 0 &&
               i->refunded >= 0 && i->withdrawn >= 0 && i->withdrawn <= i->refunded &&
               i->refunded <= i->invoiced && i->invoiced + i->canceled <= i->ordered &&
               i->shipped + i->canceled + i->withdrawn <= i->ordered;
    bool over = i->discount_refunded > i->discount_invoiced || i->tax_refunded > i->tax_invoiced ||
                i->discount_invoiced + i->discount_canceled > i->discount ||
                i->tax_invoiced + i->tax_canceled > i->tax || i->discount > i->row;
    bool whole = sales_to_invoice(i) > 0 || (i->discount_invoiced + i->discount_canceled == i->discount &&
                                             i->tax_invoiced + i->tax_canceled == i->tax);
    bool back = i->refunded < i->invoiced ||
                (i->discount_refunded == i->discount_invoiced && i->tax_refunded == i->tax_invoiced);
    return qty && !over && whole && back && i->row == i->price * i->ordered;
}

bool sales_agrees(const struct sales_order *o) {
    i64 total = shipping_total(o), invoiced = o->shipping_invoiced ? total : 0,
        canceled = o->shipping_canceled ? total : 0, subtotal = 0, discount = 0, tax = o->totals.shipping_tax;
    for (size_t i = 0; i < o->items_n; i++) {
        const struct sales_item *it = &o->items[i];
        if (!item_agrees(it)) return false;
        subtotal += it->row;
        discount += it->discount;
        tax += it->tax;
        total += it->row - it->discount + (o->prices_incl ? 0 : it->tax);
        invoiced +=
            it->price * it->invoiced - it->discount_invoiced + (o->prices_incl ? 0 : it->tax_invoiced);
        canceled +=
            it->price * it->canceled - it->discount_canceled + (o->prices_incl ? 0 : it->tax_canceled);
    }
    return subtotal == o->totals.subtotal && discount == o->totals.discount && tax == o->totals.tax &&
           total == o->totals.total && invoiced == o->invoiced && canceled == o->canceled &&
           invoiced + canceled <= total && o->paid >= 0 && o->paid <= o->invoiced && o->refunded >= 0 &&
           o->refunded <= o->paid && sales_due(o) >= 0 && o->shipping_refunded <= o->totals.shipping &&
           o->shipping_tax_refunded <= o->totals.shipping_tax;
}
