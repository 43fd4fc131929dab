/* The operations of the background work. */
#include "crypto/crypto.h"
#include "gate/gate.h"
#include "gen/jobs_gate.h"
#include "gen/jobs_sql.h"

/* Whose mail it was: the record tells it of the customer too. */
static enum err mail_of(struct op *op, i64 id, struct jobs_mail *ret) {
    TRY(jobs_mail(op->r, id, ret));
    op_subject(op, "mail", id, ret->subject);
    op_details(op, ARENA_CAT(op->arena, ret->kind, S(" to "), ret->to_email));
    if (ret->customer_id.set)
        op_customer(op, ret->customer_id.v,
                    ARENA_CAT(op->arena, ret->to_name, S(" <"), ret->to_email, S(">")), 0);
    return OK;
}

enum err op_jobs_mail_sent(struct op *op, const struct jobs_mail_sent_in *in) {
    struct jobs_mail m;
    TRY(mail_of(op, in->id, &m));
    return jobs_mail_set_sent(op->w, in->id, op->now_us, NULL);
}

enum err op_jobs_mail_failed(struct op *op, const struct jobs_mail_failed_in *in) {
    struct jobs_mail m;
    TRY(mail_of(op, in->id, &m));
    if (m.tries > 0 && !in->last) op_unchanged(op);
    op_change(op, "failure", STR_NULL, in->failure);
    return jobs_mail_set_failed(op->w, in->id, in->next_try_us, in->failure, NULL);
}

enum err op_jobs_reset_code(struct op *op, const struct jobs_reset_code_in *in) {
    struct jobs_mail m;
    i64 made, lifetime_us = setting_int(op->settings, SETTING_RESET_MINUTES, SETTING_DEFAULT) * US_MINUTE;
    hash256 hash = crypto_hash(in->code);
    TRY(mail_of(op, in->mail_id, &m));
    if (!m.customer_id.set) return ERR_GONE;
    TRY(jobs_reset_insert(op->w, hash_str(&hash), m.customer_id.v, m.to_email, op->now_us,
                          op->now_us + lifetime_us, &made));
    if (made) return OK;
    op_reason(op, S("the account is not active or has another email address now"));
    return ERR_GONE;
}

static enum err charge_of(struct op *op, i64 id, struct jobs_charge *ret) {
    TRY(jobs_charge(op->r, id, ret));
    op_subject_text(op, "checkout", ret->checkout_key, ret->method);
    op_details(op, arena_printf(op->arena, "%.*s: %lld.%02lld %.*s", STR_ARG(ret->method),
                                (long long)(ret->amount / 100), (long long)(ret->amount % 100),
                                STR_ARG(ret->currency)));
    return OK;
}

enum err op_jobs_charge_sent(struct op *op, const struct jobs_charge_sent_in *in) {
    struct jobs_charge c;
    TRY(charge_of(op, in->id, &c));
    return jobs_charge_set_sent(op->w, in->id, op->now_us, NULL);
}

enum err op_jobs_charge_failed(struct op *op, const struct jobs_charge_failed_in *in) {
    struct jobs_charge c;
    TRY(charge_of(op, in->id, &c));
    op_change(op, "failure", STR_NULL, in->failure);
    if (!in->last) {
        if (c.tries > 0) op_unchanged(op);
        return jobs_charge_set_failed(op->w, in->id, in->next_try_us, NULL);
    }
    str reference = arena_printf(op->arena, "charge-%lld", (long long)in->id);
    TRY(jobs_charge_note(op->w, c.checkout_key, reference, op->now_us, NULL));
    return jobs_charge_drop(op->w, in->id, NULL);
}

/* The first question is recorded, and the first that could not be asked; not each of those that follow. */
enum err op_jobs_refund_asked(struct op *op, const struct jobs_refund_asked_in *in) {
    struct jobs_refund r;
    TRY(jobs_refund(op->r, in->id, &r));
    if (!str_eq(r.state, S("waiting"))) return ERR_NOT_FOUND;
    op_subject(op, "refund", in->id, r.payment);
    op_details(op, ARENA_CAT(op->arena, r.method, S(": "),
                             i18n_money_in(op->arena, S("en_US"), r.currency, r.amount)));
    if (in->failure.n) op_change(op, "failure", STR_NULL, in->failure);
    if (r.tries > 0) op_unchanged(op);
    return jobs_refund_set_asked(op->w, in->id, in->next_try_us, NULL);
}

enum err op_jobs_clean(struct op *op, const struct jobs_clean_in *in) {
    i64 n = 0;
    str what = S("reset codes");
    switch (in->what) {
    case JOBS_CLEAN_WHAT_RESET_CODES: TRY(jobs_drop_resets(op->w, in->before_us, &n)); break;
    case JOBS_CLEAN_WHAT_HAND_OVER_SECRETS:
        what = S("hand-over secrets");
        TRY(jobs_drop_secrets(op->w, in->before_us, &n));
        break;
    case JOBS_CLEAN_WHAT_GUEST_SESSIONS:
        what = S("guest sessions");
        TRY(jobs_drop_sessions(op->w, in->before_us, &n));
        break;
    }
    if (n == 0) return ERR_NOT_FOUND;
    op_subject_text(op, "expired data", what, what);
    op_details(op, arena_printf(op->arena, "%.*s: %lld", STR_ARG(what), (long long)n));
    return OK;
}
