/* A forgotten password, and changing the password or the e-mail: what an assisted session can never do. */
#include "shop/customer/customer_inside.h"
#include "shop/mailbox/mailbox.h"

/* Two codes for one account are never closer together than this. */
static const i64 reset_pause_us = 60 * US_SECOND;

/* ---- a forgotten password ---- */

/* Staff who act as the customer have no business here. */
static bool sent_away(struct page *p) {
    if (p->actor->kind != ACTOR_ASSISTED) return false;
    reply_redirect(p->reply, S("/customer/account"));
    return true;
}

enum err page_customer_forgot(struct page *p, const struct customer_forgot_in *in) {
    (void)in;
    if (sent_away(p)) return OK;
    reply_title(p->reply, i18n_get(p->lang, T("Forgot Your Password?")));
    const struct tpl_customer_forgot v = {0};
    tpl_customer_forgot(p->out, &v);
    return OK;
}

/* The mail goes to the address that the account has, never to what was typed. */
static enum err send_code(struct op *op, const struct customer_for_sign_in *c) {
    struct customer_reset_asked asked;
    TRY(customer_reset_asked(op->r, c->id, S(MAILBOX_RESET), op->now_us - reset_pause_us, &asked));
    if (!c->active || asked.n > 0) {
        op_details(op, c->active ? S("asked again within a minute: no further mail")
                                 : S("account inactive: no mail"));
        return OK;
    }
    return customer_mail_put(op, CUSTOMER_MAIL_RESET, c->id, STR_NULL);
}

enum err op_customer_forgot_send(struct op *op, const struct customer_forgot_send_in *in) {
    struct customer_for_sign_in c;
    enum err e = customer_for_sign_in(op->r, customer_email_fold(op->arena, in->email), op->view->website_id,
                                      customer_shared(op->settings), &c);
    if (e && e != ERR_NOT_FOUND) return e;
    if (e) {
        op_subject_text(op, "customer", S(""), in->email);
        op_details(op, S("unknown email: no mail"));
    } else {
        customer_op_subject(op, c.id, c.firstname, c.lastname, c.email, c.website_id);
        TRY(send_code(op, &c));
    }
    op_notice(
        op,
        i18n_get(
            op->lang,
            T("If there is an account with this email address, a mail with a link to choose a new password "
              "is on its way.")));
    op_redirect(op, S("/customer/account/login"));
    return OK;
}

enum err page_customer_reset(struct page *p, const struct customer_reset_in *in) {
    (void)in;
    if (sent_away(p)) return OK;
    reply_title(p->reply, i18n_get(p->lang, T("Set a New Password")));
    const struct tpl_customer_reset v = {0};
    tpl_customer_reset(p->out, &v);
    return OK;
}

struct reset {
    bool known;
    str wrong; /* msgid: what is wrong with the new password */
    str hash;  /* when nothing is */
};

enum err prepare_customer_reset_save(struct prep *p, const struct customer_reset_save_in *in) {
    struct reset *s = ARENA_NEW(p->arena, struct reset);
    p->result = s;
    hash256 code = crypto_hash(in->code);
    struct customer_reset_find c;
    enum err e = customer_reset_find(p->db, hash_str(&code), p->now_us, &c);
    if (e == ERR_NOT_FOUND) return OK;
    if (e) return e;
    s->known = true;
    s->wrong = customer_password_wrong(p->arena, in->password, c.email, c.firstname, c.lastname);
    if (!s->wrong.p && str_eq(in->password, in->password2))
        s->hash = crypto_password_hash(p->arena, in->password);
    return OK;
}

static enum err wrong_code(struct op *op) {
    op_subject_text(op, "customer", S(""), S(""));
    return op_invalid(
        op, "code",
        i18n_get(op->lang,
                 T("This code is wrong, was used already or is too old. Please ask for a new one.")));
}

enum err op_customer_reset_save(struct op *op, const struct customer_reset_save_in *in) {
    const struct reset *s = op->prep;
    hash256 code = crypto_hash(in->code);
    struct customer_reset_find found;
    enum err e = s->known ? customer_reset_find(op->r, hash_str(&code), op->now_us, &found) : ERR_NOT_FOUND;
    if (e == ERR_NOT_FOUND) return wrong_code(op);
    if (e) return e;
    if (s->wrong.p) return op_invalid(op, "password", i18n_get(op->lang, s->wrong));
    if (!s->hash.p)
        return op_invalid(op, "password2", i18n_get(op->lang, T("The two passwords are not the same.")));
    struct customer_by_id c;
    TRY(customer_by_id(op->r, found.customer_id, &c));
    customer_op_subject(op, c.id, c.firstname, c.lastname, c.email, c.website_id);
    TRY(customer_reset_spend(op->w, c.id, op->now_us, NULL));
    TRY(customer_set_password(op->w, c.id, s->hash, op->now_us, NULL));
    TRY(op_end_customer_sessions(op, c.id, false));
    TRY(customer_mail_put(op, CUSTOMER_MAIL_PASSWORD_CHANGED, c.id, STR_NULL));
    op_details(op, S("all sessions of the customer were ended"));
    op_notice(op, i18n_get(op->lang, T("Your password was changed. Please sign in with it.")));
    op_redirect(op, S("/customer/account/login"));
    return OK;
}

/* ---- the current password, for what needs it ---- */

struct current {
    str hash; /* what the password was compared with */
    bool right;
    str wrong; /* msgid: what is wrong with the new password */
    str new_hash;
};

static enum err compare_current(struct prep *p, str password, struct customer_by_id *ret_self,
                                struct current **ret) {
    struct current *c = ARENA_NEW(p->arena, struct current);
    TRY(customer_by_id(p->db, actor_self(p->actor), ret_self));
    c->hash = ret_self->password_hash;
    c->right = crypto_password_verify(c->hash, password);
    p->result = *ret = c;
    return OK;
}

/* OK when the password given is the one that stands; a wrong one is counted as at sign-in. */
static enum err check_current(struct op *op, const struct current *given, struct customer_self *ret_self) {
    TRY(customer_self(op->r, ret_self));
    const struct customer_self *c = ret_self;
    customer_op_subject(op, c->id, c->firstname, c->lastname, c->email, c->website_id);
    str message =
        i18n_get(op->lang, T("The current password is wrong, or the account is locked for the moment."));
    if (customer_is_locked(c->locked_until_us, op->now_us)) {
        op_reason(op, S("account locked"));
        return op_keep(op, ERR_INVALID, message);
    }
    if (given->right && c->password_hash.p && str_eq(c->password_hash, given->hash)) return OK;
    op_reason(op, S("wrong current password"));
    TRY(customer_wrong_password(op, c->id, c->failed_logins));
    return op_keep(op, ERR_INVALID, message);
}

/* ---- the password ---- */

enum err page_customer_password(struct page *p, const struct customer_password_in *in) {
    (void)in;
    reply_title(p->reply, i18n_get(p->lang, T("Change Password")));
    const struct tpl_customer_password v = {
        .assist_on = assist_is_on(p->settings),
        .assisted = p->actor->kind == ACTOR_ASSISTED,
    };
    tpl_customer_password(p->out, &v);
    return OK;
}

enum err prepare_customer_password_save(struct prep *p, const struct customer_password_save_in *in) {
    struct customer_by_id self;
    struct current *c;
    TRY(compare_current(p, in->password, &self, &c));
    if (!c->right) return OK;
    c->wrong = customer_password_wrong(p->arena, in->new_password, self.email, self.firstname, self.lastname);
    if (!c->wrong.p && str_eq(in->new_password, in->password))
        c->wrong = T("This is the password that you have already.");
    if (!c->wrong.p && str_eq(in->new_password, in->new_password2))
        c->new_hash = crypto_password_hash(p->arena, in->new_password);
    return OK;
}

enum err op_customer_password_save(struct op *op, const struct customer_password_save_in *in) {
    (void)in;
    const struct current *given = op->prep;
    struct customer_self c;
    TRY(check_current(op, given, &c));
    if (given->wrong.p) return op_invalid(op, "new_password", i18n_get(op->lang, given->wrong));
    if (!given->new_hash.p)
        return op_invalid(op, "new_password2", i18n_get(op->lang, T("The two passwords are not the same.")));
    TRY(customer_set_password(op->w, c.id, given->new_hash, op->now_us, NULL));
    TRY(customer_reset_spend(op->w, c.id, op->now_us, NULL));
    TRY(op_end_customer_sessions(op, c.id, true));
    TRY(customer_mail_put(op, CUSTOMER_MAIL_PASSWORD_CHANGED, c.id, STR_NULL));
    op_details(op, S("all other sessions of the customer were ended"));
    op_notice(op, i18n_get(op->lang, T("Your password was changed.")));
    op_redirect(op, S("/customer/account"));
    return OK;
}

/* ---- the e-mail ---- */

enum err page_customer_email(struct page *p, const struct customer_email_in *in) {
    (void)in;
    struct customer_self c;
    TRY(customer_self(p->db, &c));
    reply_title(p->reply, i18n_get(p->lang, T("Change Email")));
    const struct tpl_customer_email v = {
        .email = c.email,
        .assist_on = assist_is_on(p->settings),
        .assisted = p->actor->kind == ACTOR_ASSISTED,
    };
    tpl_customer_email(p->out, &v);
    return OK;
}

enum err prepare_customer_email_save(struct prep *p, const struct customer_email_save_in *in) {
    struct customer_by_id self;
    struct current *c;
    return compare_current(p, in->password, &self, &c);
}

enum err op_customer_email_save(struct op *op, const struct customer_email_save_in *in) {
    struct customer_self c;
    TRY(check_current(op, op->prep, &c));
    str wrong = customer_email_wrong(in->email);
    bool taken = false;
    if (!wrong.p) TRY(customer_email_taken(op, in->email, c.website_id, c.id, &taken));
    if (taken) wrong = T("There is already an account with this email address.");
    if (wrong.p) return op_invalid(op, "email", i18n_get(op->lang, wrong));
    op_redirect(op, S("/customer/account"));
    if (str_eq(in->email, c.email)) {
        op_unchanged(op);
        return OK;
    }
    TRY(customer_set_email(op->w, c.id, in->email, customer_email_fold(op->arena, in->email), op->now_us,
                           NULL));
    TRY(customer_reset_spend(op->w, c.id, op->now_us, NULL)); /* codes that went to the old address */
    TRY(customer_refresh_search(op, c.id));
    op_change(op, "email", c.email, in->email);
    TRY(customer_mail_put(op, CUSTOMER_MAIL_EMAIL_CHANGED, c.id, c.email));
    op_notice(op,
              i18n_get(op->lang, T("Your email address was changed. Sign in with the new one from now on.")));
    return OK;
}

/* ---- the account's end ---- */

enum err page_customer_delete(struct page *p, const struct customer_delete_in *in) {
    (void)in;
    reply_title(p->reply, i18n_get(p->lang, T("Delete Account")));
    const struct tpl_customer_delete v = {
        .assist_on = assist_is_on(p->settings),
        .assisted = p->actor->kind == ACTOR_ASSISTED,
    };
    tpl_customer_delete(p->out, &v);
    return OK;
}

enum err prepare_customer_delete_own(struct prep *p, const struct customer_delete_own_in *in) {
    struct customer_by_id self;
    struct current *c;
    return compare_current(p, in->password, &self, &c);
}

enum err op_customer_delete_own(struct op *op, const struct customer_delete_own_in *in) {
    struct customer_self c;
    (void)in;
    TRY(check_current(op, op->prep, &c));
    op_change(op, "firstname", c.firstname, STR_NULL);
    op_change(op, "lastname", c.lastname, STR_NULL);
    op_change(op, "email", c.email, STR_NULL);
    TRY(customer_mail_put(op, CUSTOMER_MAIL_DELETED, c.id, STR_NULL));
    TRY(op_end_customer_sessions(op, c.id, true));
    TRY(op_sign_out_customer(op));
    TRY(customer_delete_row(op->w, NULL));
    op_notice(op, i18n_get(op->lang, T("Your account was deleted.")));
    op_redirect(op, S("/"));
    return OK;
}
