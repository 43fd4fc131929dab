/* Signing in to the Admin and out of it.
 *
 * Whoever asks gets the same answer after the same time, whether the name is unknown, the password wrong, the
 * account locked or switched off: the password is verified on a slow worker before anything is looked at,
 * also for names that nobody has. Only the record says which it was. */
#include "i18n/i18n.h"
#include "shop/staff/staff_inside.h"

/* ---------------------------------------------------------------- what other files use too */

str staff_username_fold(struct arena *a, str username) {
    return i18n_casefold(a, str_trim(username));
}

/* At most `max` characters of it, whole ones. Borrows. */
static str cut(str s, size_t max) {
    size_t i = 0;
    for (size_t n = 0; i < s.n && n < max; n++)
        do
            i++;
        while (i < s.n && ((unsigned char)s.p[i] & 0xC0) == 0x80);
    return str_slice(s, 0, i);
}

bool staff_is_locked(opt_i64 locked_until_us, i64 now_us) {
    return locked_until_us.set && locked_until_us.v > now_us;
}

enum err staff_wrong_password(struct op *op, i64 staff_id, i64 failed_logins) {
    i64 most = setting_int(op->settings, SETTING_ADMIN_FAILURES, SETTING_DEFAULT);
    i64 minutes = setting_int(op->settings, SETTING_ADMIN_LOCK_MINUTES, SETTING_DEFAULT);
    bool lock = failed_logins + 1 >= most;
    opt_i64 until = lock ? OPT(op->now_us + minutes * US_MINUTE) : NONE;
    return staff_count_failure(op->w, staff_id, lock ? 0 : failed_logins + 1, until, NULL);
}

/* ---------------------------------------------------------------- the page */

/* Where to go after signing in: the page of the Admin that was asked for, else its first one. */
static str back_path(str back) {
    bool admin = str_eq(back, S("/admin")) || str_starts(back, S("/admin/"));
    bool door = str_starts(back, S("/admin/login")) || str_starts(back, S("/admin/logout"));
    return admin && !door ? back : S("/admin");
}

enum err page_staff_login(struct page *p, const struct staff_login_in *in) {
    reply_title(p->reply, i18n_get(p->lang, T("Sign in")));
    reply_bare(p->reply);
    if (p->actor->kind == ACTOR_STAFF && !p->form) {
        reply_redirect(p->reply, back_path(in->back));
        return OK;
    }
    const struct tpl_staff_login v = {.back = in->back.p ? in->back : S("")};
    tpl_staff_login(p->out, &v);
    return OK;
}

/* ---------------------------------------------------------------- in */

struct sign_in {
    i64 staff_id; /* 0: nobody has this name */
    str hash;     /* what the password was compared with */
    bool right;
};

enum err prepare_staff_sign_in(struct prep *p, const struct staff_sign_in_in *in) {
    struct sign_in *s = ARENA_NEW(p->arena, struct sign_in);
    struct staff_for_sign_in u;
    enum err e = staff_for_sign_in(p->db, staff_username_fold(p->arena, in->username), &u);
    if (e && e != ERR_NOT_FOUND) return e;
    s->staff_id = e ? 0 : u.id;
    s->hash = e ? STR_NULL : u.password_hash;
    s->right = crypto_password_verify(s->hash, in->password);
    p->result = s;
    return OK;
}

/* What was counted stays, and the attempt is recorded; the reason is for the record only. */
static enum err refuse(struct op *op, str reason) {
    op_reason(op, reason);
    return op_keep(
        op, ERR_INVALID,
        i18n_get(op->lang, T("The username or password is wrong, or the account is locked for the moment.")));
}

enum err op_staff_sign_in(struct op *op, const struct staff_sign_in_in *in) {
    const struct sign_in *s = op->prep;
    struct staff_for_sign_in u;
    str tried = cut(in->username, 100);
    op_subject_text(op, "user", S(""), tried);
    op_details(op, tried);
    enum err e = staff_for_sign_in(op->r, staff_username_fold(op->arena, in->username), &u);
    if (e == ERR_NOT_FOUND) return refuse(op, S("unknown username"));
    if (e) return e;
    op_subject(op, "user", u.id, u.username);
    op_actor_name(op, u.username);
    if (staff_is_locked(u.locked_until_us, op->now_us)) return refuse(op, S("account locked"));
    if (u.id != s->staff_id || !str_eq(u.password_hash, s->hash))
        return refuse(op, S("password changed meanwhile"));
    if (!s->right) {
        TRY(staff_wrong_password(op, u.id, u.failed_logins));
        return refuse(op, S("wrong password"));
    }
    if (!u.active) return refuse(op, S("account inactive"));
    TRY(staff_signed_in(op->w, u.id, op->now_us, NULL));
    TRY(op_sign_in_staff(op, u.id));
    op_redirect(op, back_path(in->back));
    return OK;
}

/* ---------------------------------------------------------------- out */

enum err op_staff_sign_out(struct op *op, const struct staff_sign_out_in *in) {
    (void)in;
    op_subject(op, "user", op->actor->staff_id, op->actor->username);
    TRY(op_sign_out_staff(op));
    op_notice(op, i18n_get(op->lang, T("You are signed out.")));
    op_redirect(op, S("/admin/login"));
    return OK;
}
