/* Money that goes back through the provider. A credit memo leaves a row here; the background work asks the
 * provider, always under the same key, until the provider's own message says what became of it. */
#include "crypto/crypto.h"
#include "shop/payment/payment_inside.h"

static const str state_words[] = {[PAYMENT_REFUND_WAITING] = S_INIT("waiting"),
                                  [PAYMENT_REFUND_DONE] = S_INIT("done"),
                                  [PAYMENT_REFUND_REFUSED] = S_INIT("refused")};

static enum payment_refund_state state_of(str word) {
    for (size_t i = 0; i < COUNT_OF(state_words); i++)
        if (str_eq(word, state_words[i])) return (enum payment_refund_state)i;
    return PAYMENT_REFUND_WAITING;
}

/* ---- asking for it ---- */

enum err payment_refund_offered(struct db_r *r, const struct settings *settings, const struct order *o,
                                bool *ret) {
    struct payment_provider provider;
    struct payment_paid_by paid;
    *ret = false;
    if (!payment_provider_of(settings, o->website_id, o->payment_method, &provider)) return OK;
    enum err e = payment_paid_by(r, o->id, o->payment_method, &paid);
    *ret = !e;
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err payment_refund_ask(struct op *op, const struct order *o, i64 creditmemo_id, i64 amount) {
    struct payment_paid_by paid;
    TRY(payment_paid_by(op->r, o->id, o->payment_method, &paid));
    op_change(op, "refund", STR_NULL, o->payment_method);
    return payment_refund_put(op->w, o->id, OPT(creditmemo_id), o->website_id, o->payment_method,
                              paid.reference, crypto_token(op->arena), STR_NULL, amount, o->currency,
                              state_words[PAYMENT_REFUND_WAITING], op->now_us, NONE, NULL);
}

enum err payment_refund_of(struct db_r *r, i64 creditmemo_id, struct payment_refund *ret) {
    struct payment_refund_row row;
    TRY(payment_refund_row(r, creditmemo_id, &row));
    *ret = (struct payment_refund){.id = row.id,
                                   .amount = row.amount,
                                   .tries = row.tries,
                                   .state = state_of(row.state),
                                   .reason = row.reason};
    return OK;
}

enum err payment_refund_again(struct op *op, const struct payment_refund *refund) {
    i64 reopened;
    TRY(payment_refund_reopen(op->w, refund->id, crypto_token(op->arena), op->now_us, &reopened));
    if (!reopened) return ERR_CONFLICT;
    op_change(op, "refund", state_words[PAYMENT_REFUND_REFUSED], state_words[PAYMENT_REFUND_WAITING]);
    return OK;
}

/* ---- the provider's message ---- */

static bool is_signed(struct op *op, const struct payment_refund_told *t, i64 website_id) {
    struct payment_provider provider;
    if (!payment_provider_of(op->settings, website_id, t->method, &provider)) return false;
    const str fields[] = {t->method,
                          t->refund,
                          t->payment,
                          t->order,
                          t->key,
                          t->event,
                          arena_printf(op->arena, "%lld", (long long)t->amount),
                          t->currency,
                          t->reason};
    str wanted = payment_signature(op->arena, provider.secret, fields, COUNT_OF(fields));
    return wanted.n == t->signature.n && crypto_equal(wanted.p, t->signature.p, wanted.n);
}

static bool is_done(const struct payment_refund_told *t) {
    return str_eq(t->event, S("refunded"));
}

static enum err refuse(struct op *op, str reason) {
    op_reason(op, reason);
    return op_fail(op, ERR_FORBIDDEN, S("The signature is wrong."));
}

/* The customer reads it in the order's language. */
static str done_words(struct op *op, const struct order *o, i64 amount) {
    const struct i18n_arg args[] = {{S_INIT("amount"), order_money(op->arena, o, o->locale, amount)}};
    return i18n_format_message(op->arena, i18n_lang(o->locale),
                               T("The payment provider has given back {amount}."), args, COUNT_OF(args));
}

/* Staff read it in English, as they do of payments, with what is to be done. */
static str refused_words(struct op *op, const struct order *o, const struct payment_refund_told *t) {
    str amount = order_money(op->arena, o, S("en_US"), t->amount);
    str reason = t->reason.n ? t->reason : S("no reason given");
    return arena_printf(op->arena,
                        "The payment provider refused to give back %.*s (%.*s). Give the money back another "
                        "way, or ask again on the credit memo.",
                        STR_ARG(amount), STR_ARG(reason));
}

/* What we asked for. */
static enum err settle(struct op *op, const struct payment_refund_told *t,
                       const struct payment_refund_by_key *row) {
    struct order o;
    TRY(order_get(op->r, row->order_id, &o));
    order_record(op, &o);
    if (t->amount != row->amount || !str_eq(t->currency, row->currency)) {
        op_reason(op, S("amount or currency differ from the refund"));
        TRY(payment_say_once(op, &o, OPT(row->creditmemo_id),
                             S("The payment provider reported a refund of another amount or currency than "
                               "was asked for: look there what was given back.")));
        return op_keep(op, ERR_CONFLICT, S("The amount or currency differs from the refund."));
    }
    bool done = is_done(t);
    enum payment_refund_state before = state_of(row->state);
    enum payment_refund_state after = done ? PAYMENT_REFUND_DONE : PAYMENT_REFUND_REFUSED;
    if (before == after || before == PAYMENT_REFUND_DONE) { /* the same again; given back stays given back */
        op_unchanged(op);
        return OK;
    }
    TRY(payment_refund_settle(op->w, row->id, state_words[after], t->refund, t->reason, op->now_us, NULL));
    op_change(op, "refund", state_words[before], state_words[after]);
    return payment_say(op, &o, OPT(row->creditmemo_id),
                       done ? done_words(op, &o, t->amount) : refused_words(op, &o, t), done);
}

enum err payment_refund_take(struct op *op, const struct payment_refund_told *t, bool *ret_own) {
    struct payment_refund_by_key row;
    struct payment_refund_known known;
    struct order o;
    i64 *ids;
    size_t n;
    *ret_own = false;
    op_subject_text(op, "refund", t->refund, t->refund);
    enum err e = t->key.n ? payment_refund_by_key(op->r, t->key, t->method, &row) : ERR_NOT_FOUND;
    if (!e)
        return is_signed(op, t, row.website_id) ? settle(op, t, &row)
                                                : refuse(op, S("the signature is wrong"));
    if (e != ERR_NOT_FOUND) return e;
    TRY(order_by_checkout(op->r, t->order, &ids, &n));
    if (!n) return refuse(op, S("no such order"));
    TRY(order_get(op->r, ids[0], &o));
    if (!is_signed(op, t, o.website_id)) return refuse(op, S("the signature is wrong"));
    e = payment_refund_known(op->r, t->method, t->refund, &known);
    if (e && e != ERR_NOT_FOUND) return e;
    *ret_own = e && is_done(t);
    if (!*ret_own) op_unchanged(op);
    return OK;
}

/* ---- what the provider did on its own: in its own pages, say ---- */

static enum err put_own(struct op *op, const struct payment_refund_told *t, const struct order *o,
                        opt_i64 creditmemo_id) {
    /* Nobody asks the provider under this key: it is done. */
    str key = creditmemo_id.set ? crypto_token(op->arena) : STR_NULL;
    return payment_refund_put(op->w, o->id, creditmemo_id, o->website_id, t->method, t->payment, key,
                              t->refund, t->amount, t->currency, state_words[PAYMENT_REFUND_DONE], op->now_us,
                              OPT(op->now_us), NULL);
}

enum err payment_refund_own(struct op *op, const struct payment_refund_told *t, const struct order *o,
                            i64 creditmemo_id) {
    struct payment_refund_row refused;
    enum err e = payment_refund_row(op->r, creditmemo_id, &refused);
    if (e && e != ERR_NOT_FOUND) return e;
    TRY(e ? put_own(op, t, o, OPT(creditmemo_id))
          : payment_refund_settle(op->w, refused.id, state_words[PAYMENT_REFUND_DONE], t->refund, S(""),
                                  op->now_us, NULL));
    return payment_say(op, o, OPT(creditmemo_id), done_words(op, o, t->amount), true);
}

/* In English, as staff read of payments, with what is to be done. */
static str unplaced_words(struct op *op, const struct payment_refund_told *t) {
    str amount = i18n_money_in(op->arena, S("en_US"), t->currency, t->amount);
    return arena_printf(
        op->arena,
        "The payment provider gave back %.*s on its own (%.*s, %.*s). No credit memo could be "
        "made for it: look what it was for, and make one with Refund Offline.",
        STR_ARG(amount), STR_ARG(t->method), STR_ARG(t->refund));
}

enum err payment_refund_unplaced(struct op *op, const struct payment_refund_told *t,
                                 const struct order *orders, size_t n) {
    str words = unplaced_words(op, t);
    for (size_t i = 0; i < n; i++)
        TRY(payment_say(op, &orders[i], NONE, words, false));
    return put_own(op, t, &orders[0], NONE);
}
