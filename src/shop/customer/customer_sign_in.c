/* Signing in and out, and making an account.
 *
 * Whatever is wrong at sign-in, strangers get the same answer after the same time: passwords are verified on
 * the slow worker before anything is looked at, also for e-mails that nobody has. */
#include "shop/cart/cart.h"
#include "shop/customer/customer_inside.h"

/* ---- pages ---- */

/* Where to go after signing in: a page of the shop that makes sense then, else the account. */
static str back_path(str back) {
    static const str no_use[] = {S_INIT("/customer/account/login"), S_INIT("/customer/account/logout"),
                                 S_INIT("/customer/account/create"),
                                 S_INIT("/customer/account/forgotpassword"),
                                 S_INIT("/customer/account/resetpassword")};
    bool local = back.n > 0 && back.p[0] == '/' && !str_starts(back, S("//")) && !str_starts(back, S("/\\"));
    if (!local) return S("/customer/account");
    for (size_t i = 0; i < COUNT_OF(no_use); i++)
        if (str_starts(back, no_use[i])) return S("/customer/account");
    return back;
}

enum err page_customer_login(struct page *p, const struct customer_login_in *in) {
    reply_title(p->reply, i18n_get(p->lang, T("Customer Login")));
    if (actor_self(p->actor) && !p->form) {
        reply_redirect(p->reply, back_path(in->back));
        return OK;
    }
    const struct tpl_customer_login v = {.back = in->back.p ? in->back : S("")};
    tpl_customer_login(p->out, &v);
    return OK;
}

enum err page_customer_register(struct page *p, const struct customer_register_in *in) {
    (void)in;
    reply_title(p->reply, i18n_get(p->lang, T("Create New Customer Account")));
    if (actor_self(p->actor) && !p->form) {
        reply_redirect(p->reply, S("/customer/account"));
        return OK;
    }
    struct tpl_customer_register v = {
        .assist_on = assist_is_on(p->settings), .firstname = S(""), .lastname = S(""), .email = S("")};
    struct customer_visit_orders order;
    enum err e = customer_guest_order(p->db, p->actor, p->view->website_id, &order);
    if (e && e != ERR_NOT_FOUND) return e;
    if (!e) {
        v.order = order.number;
        v.firstname = order.firstname;
        v.lastname = order.lastname;
        v.email = order.email;
    }
    customer_consent_texts(p->settings, p->view, p->lang, &v.assist_title, &v.assist_tooltip);
    tpl_customer_register(p->out, &v);
    return OK;
}

/* ---- signing in ---- */

struct sign_in {
    i64 customer_id; /* 0: nobody has this e-mail */
    str hash;        /* what the password was compared with */
    bool right;
};

enum err prepare_customer_sign_in(struct prep *p, const struct customer_sign_in_in *in) {
    struct sign_in *s = ARENA_NEW(p->arena, struct sign_in);
    struct customer_for_sign_in c = {0};
    enum err e = customer_for_sign_in(p->db, customer_email_fold(p->arena, in->email), p->view->website_id,
                                      customer_shared(p->settings), &c);
    if (e && e != ERR_NOT_FOUND) return e;
    s->customer_id = e ? 0 : c.id;
    s->hash = e ? STR_NULL : c.password_hash;
    s->right = crypto_password_verify(s->hash, in->password);
    p->result = s;
    return OK;
}

/* What was counted stays, and the attempt is recorded; the reason is for the record only. */
static enum err refuse_sign_in(struct op *op, str reason) {
    op_reason(op, reason);
    return op_keep(
        op, ERR_INVALID,
        i18n_get(op->lang, T("The email or password is wrong, or the account is locked for the moment.")));
}

/* A guest's cart and orders go along; then the browser gets a fresh session. */
static enum err enter(struct op *op, i64 customer_id, str email, bool fresh) {
    i64 guest = op->actor->kind == ACTOR_GUEST ? op->actor->shop_session_id : 0;
    if (guest) TRY(cart_merge(op->w, guest, customer_id, op->view->website_id, op->now_us));
    TRY(customer_take_orders(op, customer_id, email, fresh));
    return op_sign_in_customer(op, customer_id);
}

enum err op_customer_sign_in(struct op *op, const struct customer_sign_in_in *in) {
    const struct sign_in *s = op->prep;
    struct customer_by_id c;
    enum err e = s->customer_id ? customer_by_id(op->r, s->customer_id, &c) : ERR_NOT_FOUND;
    if (e == ERR_NOT_FOUND) {
        op_subject_text(op, "customer", S(""), in->email);
        return refuse_sign_in(op, S("unknown email"));
    }
    if (e) return e;
    customer_op_subject(op, c.id, c.firstname, c.lastname, c.email, c.website_id);
    if (customer_is_locked(c.locked_until_us, op->now_us)) return refuse_sign_in(op, S("account locked"));
    if (!c.password_hash.p || !str_eq(c.password_hash, s->hash))
        return refuse_sign_in(op, S("password changed meanwhile"));
    if (!s->right) {
        TRY(customer_wrong_password(op, c.id, c.failed_logins));
        return refuse_sign_in(op, S("wrong password"));
    }
    if (!c.active) {
        op_reason(op, S("account inactive"));
        return op_keep(op, ERR_INVALID,
                       i18n_get(op->lang, T("This account is switched off. Please contact us.")));
    }
    TRY(customer_signed_in(op->w, c.id, op->now_us, NULL));
    TRY(enter(op, c.id, c.email, false));
    op_redirect(op, back_path(in->back));
    return OK;
}

enum err op_customer_sign_out(struct op *op, const struct customer_sign_out_in *in) {
    (void)in;
    const struct actor *a = op->actor;
    if (a->kind == ACTOR_CUSTOMER) {
        str label = ARENA_CAT(op->arena, a->customer_name, S(" <"), a->customer_email, S(">"));
        op_subject(op, "customer", a->customer_id, label);
        op_customer(op, a->customer_id, label, a->customer_website);
        TRY(op_sign_out_customer(op));
        op_notice(op, i18n_get(op->lang, T("You are signed out.")));
    } else {
        op_unchanged(op);
    }
    op_redirect(op, S("/"));
    return OK;
}

/* ---- making an account ---- */

struct new_account {
    str password_wrong; /* msgid */
    str hash;           /* when nothing is */
};

enum err prepare_customer_create(struct prep *p, const struct customer_create_in *in) {
    struct new_account *n = ARENA_NEW(p->arena, struct new_account);
    n->password_wrong =
        customer_password_wrong(p->arena, in->password, in->email, in->firstname, in->lastname);
    if (!n->password_wrong.p) n->hash = crypto_password_hash(p->arena, in->password);
    p->result = n;
    return OK;
}

static enum err check_new_account(struct op *op, const struct customer_create_in *in) {
    const struct new_account *n = op->prep;
    enum err e = customer_check_names(op, in->firstname, in->lastname, S(""));
    str email_wrong = customer_email_wrong(in->email);
    bool taken = false;
    if (!email_wrong.p) TRY(customer_email_taken(op, in->email, op->view->website_id, 0, &taken));
    if (taken) email_wrong = T("There is already an account with this email address.");
    if (email_wrong.p) e = op_invalid(op, "email", i18n_get(op->lang, email_wrong));
    if (n->password_wrong.p) e = op_invalid(op, "password", i18n_get(op->lang, n->password_wrong));
    if (!str_eq(in->password, in->password2))
        e = op_invalid(op, "password2", i18n_get(op->lang, T("The two passwords are not the same.")));
    return e;
}

/* The tick box of the registration page. A value that is sent while the feature is off means nothing. */
static enum err give_consent(struct op *op, const struct customer_create_in *in, i64 customer_id) {
    if (!in->assistance || !assist_is_on(op->settings)) return OK;
    struct actor self = *op->actor;
    self.kind = ACTOR_CUSTOMER;
    self.customer_id = customer_id;
    self.customer_name = customer_full_name(op->arena, in->firstname, in->lastname);
    self.customer_email = in->email;
    self.customer_website = op->view->website_id;
    bool changed;
    TRY(assist_consent_set(op->w, &self, customer_id, true, NONE, S("register"), op->view->id, op->now_us,
                           &changed));
    op_change(op, "assistance", S("not allowed"), S("allowed"));
    return OK;
}

enum err op_customer_create(struct op *op, const struct customer_create_in *in) {
    const struct new_account *n = op->prep;
    TRY(check_new_account(op, in));
    struct customer_insert row;
    str search = customer_search_fold(op->arena, in->firstname, in->lastname, in->email, S(""), NULL, 0);
    TRY(customer_insert(op->w, op->view->website_id, op->view->id, in->email,
                        customer_email_fold(op->arena, in->email), in->firstname, in->lastname, S(""), search,
                        n->hash, op->now_us, OPT(op->now_us), &row));
    customer_op_subject(op, row.id, in->firstname, in->lastname, in->email, op->view->website_id);
    op_change(op, "email", STR_NULL, in->email);
    op_change(op, "firstname", STR_NULL, in->firstname);
    op_change(op, "lastname", STR_NULL, in->lastname);
    TRY(give_consent(op, in, row.id));
    TRY(customer_mail_put(op, CUSTOMER_MAIL_WELCOME, row.id, STR_NULL));
    op_notice(op, i18n_get(op->lang, T("Thank you for registering. You are signed in.")));
    TRY(enter(op, row.id, in->email, true));
    op_redirect(op, S("/customer/account"));
    return OK;
}
