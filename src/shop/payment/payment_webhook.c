/* What the provider tells us: paid, failed, canceled. Any message may come twice, late, or before the
 * customer is back; each counts once. */
#include "crypto/crypto.h"
#include "shop/invoice/invoice.h"
#include "shop/payment/payment_inside.h"

static const str event_words[] = {[PAYMENT_WEBHOOK_EVENT_PAID] = S_INIT("paid"),
                                  [PAYMENT_WEBHOOK_EVENT_FAILED] = S_INIT("failed"),
                                  [PAYMENT_WEBHOOK_EVENT_CANCELED] = S_INIT("canceled")};

/* The message with the orders that it is about. */
struct message {
    const struct payment_webhook_in *in;
    str event;
    struct order *orders;
    size_t orders_n;
    i64 total;    /* of all of them */
    i64 standing; /* of those that are not canceled */
};

static bool is_signed(struct op *op, const struct payment_webhook_in *in, i64 website_id, str event) {
    struct payment_provider provider;
    if (!payment_provider_of(op->settings, website_id, in->method, &provider)) return false;
    const str fields[] = {
        in->method,   in->payment, in->order, event, arena_printf(op->arena, "%lld", (long long)in->amount),
        in->currency, in->stored,  in->label};
    str wanted = payment_signature(op->arena, provider.secret, fields, COUNT_OF(fields));
    return wanted.n == in->signature.n && crypto_equal(wanted.p, in->signature.p, wanted.n);
}

static enum err load(struct op *op, struct message *m) {
    i64 *ids;
    TRY(order_by_checkout(op->r, m->in->order, &ids, &m->orders_n));
    m->orders = ARENA_ARRAY(op->arena, struct order, m->orders_n);
    for (size_t i = 0; i < m->orders_n; i++) {
        TRY(order_get(op->r, ids[i], &m->orders[i]));
        m->total += m->orders[i].sales.totals.total;
        if (m->orders[i].sales.state != SALES_CANCELED) m->standing += m->orders[i].sales.totals.total;
    }
    return OK;
}

static enum err note(struct op *op, const struct message *m, const struct order *o, i64 amount) {
    return payment_event_put(op->w, o->id, m->in->method, m->in->payment, m->event, amount, m->in->currency,
                             op->now_us, NULL);
}

static str about(struct op *op, const struct message *m, const char *what) {
    return arena_printf(op->arena, "%s (%.*s, %.*s)", what, STR_ARG(m->in->method), STR_ARG(m->in->payment));
}

/* ---- paid ---- */

/* The order counts now: its invoice is made and paid, and the customer gets the confirmation. */
static enum err settle(struct op *op, const struct message *m, const struct order *o) {
    struct order after = order_copy(op->arena, o);
    const struct invoice_want want = {.qty = NULL, .paid = true, .comment = S("")};
    struct invoice invoice;
    if (sales_confirm_payment(&after.sales)) return ERR_INTERNAL; /* the caller has looked at the state */
    TRY(invoice_make(op, &after, &want, &invoice));
    TRY(order_save(op, o, &after));
    TRY(note(op, m, o, o->sales.totals.total));
    TRY(payment_say(op, &after, NONE, i18n_get(i18n_lang(o->locale), T("The payment has arrived.")), true));
    return order_confirm_mail(op, &after);
}

static enum err keep_means(struct op *op, const struct message *m) {
    const struct payment_webhook_in *in = m->in;
    if (!in->stored.n || !m->orders[0].customer_id.set) return OK;
    return payment_token_put(op->w, m->orders[0].customer_id.v, in->method, in->stored,
                             in->label.n ? in->label : in->method, op->now_us, NULL);
}

/* All the orders, or all that stand: some may have been canceled before the customer paid, or while. */
static bool fits(const struct message *m) {
    i64 amount = m->in->amount;
    return (amount == m->total || (m->standing && amount == m->standing)) &&
           str_eq(m->in->currency, m->orders[0].currency);
}

static enum err refuse_amount(struct op *op, const struct message *m) {
    op_reason(op, S("amount or currency differ from the order"));
    for (size_t i = 0; i < m->orders_n; i++)
        TRY(payment_say_once(
            op, &m->orders[i], NONE,
            about(op, m,
                  "A payment was reported whose amount or currency is not that of the order: not paid")));
    return op_keep(op, ERR_CONFLICT, S("The amount or currency differs from the order."));
}

static enum err paid(struct op *op, struct message *m) {
    if (!fits(m)) return refuse_amount(op, m);
    for (size_t i = 0; i < m->orders_n; i++) {
        const struct order *o = &m->orders[i];
        if (o->sales.state == SALES_PENDING_PAYMENT) {
            TRY(settle(op, m, o));
            continue;
        }
        if (o->sales.state == SALES_CANCELED && m->in->amount != m->total) continue; /* not paid for */
        /* Paid a second time, or after it was canceled: the money is there and belongs to the customer. */
        TRY(note(op, m, o, o->sales.totals.total));
        TRY(payment_say(
            op, o, NONE,
            about(op, m, "A payment arrived that this order does not wait for: give it back at the provider"),
            false));
    }
    return keep_means(op, m);
}

/* ---- failed and canceled ---- */

static enum err failed(struct op *op, struct message *m) {
    for (size_t i = 0; i < m->orders_n; i++) {
        TRY(note(op, m, &m->orders[i], m->in->amount));
        TRY(payment_say(op, &m->orders[i], NONE, about(op, m, "The payment failed"), false));
    }
    return OK;
}

static enum err canceled(struct op *op, struct message *m) {
    for (size_t i = 0; i < m->orders_n; i++) {
        const struct order *o = &m->orders[i];
        struct order after;
        enum sales_wrong wrong;
        TRY(note(op, m, o, m->in->amount));
        if (o->sales.state != SALES_PENDING_PAYMENT) continue;
        TRY(order_cancel_one(op, o, &after, &wrong));
        if (!wrong)
            TRY(payment_say(op, &after, NONE, i18n_get(i18n_lang(o->locale), T("The payment was canceled.")),
                            true));
    }
    return OK;
}

static enum err act(struct op *op, struct message *m) {
    switch (m->in->event) {
    case PAYMENT_WEBHOOK_EVENT_PAID: return paid(op, m);
    case PAYMENT_WEBHOOK_EVENT_FAILED: return failed(op, m);
    case PAYMENT_WEBHOOK_EVENT_CANCELED: return canceled(op, m);
    default: return ERR_INVALID;
    }
}

enum err op_payment_webhook(struct op *op, const struct payment_webhook_in *in) {
    struct message m = {.in = in, .event = event_words[in->event]};
    struct payment_event known;
    TRY(load(op, &m));
    op_subject_text(op, "checkout", in->order, in->payment);
    op_details(op, arena_printf(op->arena, "%.*s %.*s: %.*s", STR_ARG(in->method), STR_ARG(in->payment),
                                STR_ARG(m.event)));
    /* Nobody learns from the answer which orders there are. */
    if (!m.orders_n || !is_signed(op, in, m.orders[0].website_id, m.event)) {
        op_reason(op, m.orders_n ? S("the signature is wrong") : S("no such order"));
        return op_fail(op, ERR_FORBIDDEN, S("The signature is wrong."));
    }
    order_record(op, &m.orders[0]);
    enum err e = payment_event(op->r, in->method, in->payment, m.event, &known);
    if (!e) {
        op_unchanged(op);
        return OK;
    }
    if (e != ERR_NOT_FOUND) return e;
    op_change(op, "payment", STR_NULL, ARENA_CAT(op->arena, in->payment, S(" "), m.event));
    TRY(payment_charge_drop(op->w, in->order, NULL));
    return act(op, &m);
}

void payment_acknowledge(struct page *p) {
    reply_bytes(p->reply, S("text/plain; charset=utf-8"), STR_NULL, S("ok\n"));
}

enum err answer_payment_webhook(struct page *p, void *result) {
    (void)result;
    payment_acknowledge(p);
    return OK;
}

/* ---- nobody paid ---- */

enum err op_payment_expire(struct op *op, const struct payment_expire_in *in) {
    struct order o, after;
    enum sales_wrong wrong;
    TRY(order_get(op->r, in->id, &o));
    order_record(op, &o);
    if (o.sales.state != SALES_PENDING_PAYMENT) { /* paid at the last moment */
        op_unchanged(op);
        return OK;
    }
    TRY(order_cancel_one(op, &o, &after, &wrong));
    if (wrong) return op_fail(op, ERR_CONFLICT, order_wrong_text(op, &o, wrong, 0));
    TRY(payment_charge_drop(op->w, o.checkout_key, NULL));
    return payment_say(
        op, &o, NONE,
        i18n_get(i18n_lang(o.locale), T("The order was canceled because it was not paid in time.")), true);
}
