/* What the provider says of refunds. One that it gave on its own, in its own pages, gets the credit memo that
 * is missing, so that the books of both agree. */
#include "shop/creditmemo/creditmemo_inside.h"

/* Everything that is left: all pieces, of which those that were never sent go back into the stock, and the
 * shipping. */
static enum err ask_for_all(struct op *op, const struct order *o, struct creditmemo_want *want) {
    struct creditmemo_limit left;
    TRY(creditmemo_limit(op->r, o, NULL, &left));
    bool *restock = ARENA_ARRAY(op->arena, bool, o->sales.items_n);
    for (size_t i = 0; i < o->sales.items_n; i++)
        restock[i] = o->sales.items[i].shipped == 0;
    *want = (struct creditmemo_want){
        .ask = {.qty = left.qty, .shipping = left.shipping}, .restock = restock, .comment = S("")};
    return OK;
}

static bool comes_to(struct op *op, const struct order *o, const struct sales_ask *ask, i64 amount) {
    struct order copy = order_copy(op->arena, o);
    struct sales_document d;
    size_t item;
    return !sales_refund(op->arena, &copy.sales, ask, &d, &item) && d.totals.total == amount;
}

/* What a credit memo of this amount is made of: everything that is left when it comes to just that, else an
 * adjustment, because nobody said which pieces it is for. False: there can be none. */
static enum err find_want(struct op *op, const struct order *o, i64 amount, struct creditmemo_want *ret,
                          bool *ret_found) {
    TRY(ask_for_all(op, o, ret));
    *ret_found = true;
    if (comes_to(op, o, &ret->ask, amount)) return OK;
    *ret = (struct creditmemo_want){
        .ask = {.qty = ARENA_ARRAY(op->arena, i64, o->sales.items_n), .adjustment = amount},
        .comment = S("")};
    *ret_found = comes_to(op, o, &ret->ask, amount);
    return OK;
}

static enum err make(struct op *op, const struct payment_refund_told *t, const struct order *o,
                     const struct creditmemo_want *want) {
    struct order after = order_copy(op->arena, o);
    struct creditmemo made;
    TRY(creditmemo_make(op, &after, want, &made));
    TRY(order_save(op, o, &after));
    TRY(payment_refund_own(op, t, o, made.id));
    op_change(op, "refunded", order_money(op->arena, o, S("en_US"), o->sales.refunded),
              order_money(op->arena, o, S("en_US"), after.sales.refunded));
    return document_record_also(op, o, ORDER_DOC_CREDITMEMO, made.id, made.number, T("Credit Memo Created"),
                                S("creditmemo_webhook"));
}

/* The order that it can be of: one that staff have made the credit memo of already, or the only one of the
 * checkout that has so much left. Where nobody can tell, staff are asked to look. */
static enum err find_place(struct op *op, const struct payment_refund_told *t, const struct order *orders,
                           size_t n) {
    const struct order *only = NULL;
    struct creditmemo_want want, only_want;
    struct creditmemo_offline offline;
    size_t able = 0;
    bool found;
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(orders[i].currency, t->currency) || !str_eq(orders[i].payment_method, t->method))
            continue;
        enum err e = creditmemo_offline(op->r, orders[i].id, t->amount, &offline);
        if (!e) {
            order_record(op, &orders[i]);
            return payment_refund_own(op, t, &orders[i], offline.id);
        }
        if (e != ERR_NOT_FOUND) return e;
        TRY(find_want(op, &orders[i], t->amount, &want, &found));
        if (!found) continue;
        able++;
        only = &orders[i];
        only_want = want;
    }
    order_record(op, able == 1 ? only : &orders[0]);
    return able == 1 ? make(op, t, only, &only_want) : payment_refund_unplaced(op, t, orders, n);
}

enum err op_creditmemo_webhook(struct op *op, const struct creditmemo_webhook_in *in) {
    const struct payment_refund_told told = {
        .method = in->method,
        .refund = in->refund,
        .payment = in->payment,
        .order = in->order,
        .key = in->key.p ? in->key : S(""),
        .event = in->event == CREDITMEMO_WEBHOOK_EVENT_REFUNDED ? S("refunded") : S("refused"),
        .amount = in->amount,
        .currency = in->currency,
        .reason = in->reason.p ? in->reason : S(""),
        .signature = in->signature,
    };
    i64 *ids;
    size_t n;
    bool own;
    TRY(payment_refund_take(op, &told, &own));
    if (!own) return OK;
    TRY(order_by_checkout(op->r, told.order, &ids, &n));
    struct order *orders = ARENA_ARRAY(op->arena, struct order, n);
    for (size_t i = 0; i < n; i++)
        TRY(order_get(op->r, ids[i], &orders[i]));
    op_change(op, "refund", STR_NULL, told.refund);
    return find_place(op, &told, orders, n);
}

enum err answer_creditmemo_webhook(struct page *p, void *result) {
    (void)result;
    payment_acknowledge(p);
    return OK;
}
