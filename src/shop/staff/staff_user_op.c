/* What can be done to a staff user: made, changed, unlocked, deleted; and the own account.
 *
 * Two rules stand above all: nobody touches a user or gives a role that includes more than they have
 * themselves, and there is always one active user left who may do everything. */
#include "i18n/i18n.h"
#include "shop/staff/staff_inside.h"

static const str locales[] = {S_INIT("en_US"), S_INIT("nl_NL")};

/* The columns that the forms have in common. */
struct user {
    str username, firstname, lastname, email, locale;
    i64 role_id;
    bool active;
};

static str search_text(struct arena *a, const struct user *u) {
    return i18n_fold(a,
                     ARENA_CAT(a, u->username, S(" "), u->firstname, S(" "), u->lastname, S(" "), u->email));
}

static bool has_blank(str s) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == ' ') return true;
    return false;
}

static enum err check_username(struct op *op, str username, i64 except_id) {
    struct staff_username_count taken;
    if (has_blank(username))
        return op_invalid(op, "username", i18n_get(op->lang, T("A username has no blanks.")));
    TRY(staff_username_count(op->r, staff_username_fold(op->arena, username), except_id, &taken));
    if (taken.n)
        return op_invalid(op, "username",
                          i18n_get(op->lang, T("There is a user with this username already.")));
    return OK;
}

/* The role that is given must exist and must not include more than the giver has. */
static enum err check_role(struct op *op, i64 role_id, struct staff_role_get *ret) {
    bool within;
    enum err e = staff_role_get(op->r, role_id, ret);
    if (e == ERR_NOT_FOUND)
        return op_invalid(op, "role", i18n_get(op->lang, T("Please choose one of the values.")));
    TRY(e);
    TRY(staff_role_within(op->r, op->actor, role_id, &within));
    if (within) return OK;
    return staff_beyond(op, "role",
                        i18n_get(op->lang, T("You cannot give a role that includes more than your own.")));
}

/* The user as it stands; refused when their role includes more than the actor's. */
static enum err take_user(struct op *op, i64 id, struct staff_by_id *ret) {
    bool within;
    TRY(staff_by_id(op->r, id, ret));
    op_subject(op, "user", ret->id, ret->username);
    TRY(staff_role_within(op->r, op->actor, ret->role_id, &within));
    if (within) return OK;
    op_reason(op, S("more than the user's own rights"));
    return op_fail(
        op, ERR_FORBIDDEN,
        i18n_get(op->lang,
                 T("The role of this user includes more than your own. Please ask an administrator.")));
}

/* Is somebody left who may do everything, when this user is not any more? */
static enum err others_left(struct op *op, const struct staff_by_id *u, bool *ret) {
    struct staff_role_get role;
    struct staff_administrators_but others;
    TRY(staff_role_get(op->r, u->role_id, &role));
    *ret = true;
    if (!u->active || !staff_is_full(role.all_resources, role.scope)) return OK;
    TRY(staff_administrators_but(op->r, u->id, 0, &others));
    *ret = others.n > 0;
    return OK;
}

static str last_administrator(struct op *op) {
    return i18n_get(
        op->lang,
        T("This is the last active user who may do everything. Please give another user that role first."));
}

static void record(struct op *op, const struct staff_by_id *before, const struct user *after, str role_name) {
    op_change(op, "username", before ? before->username : STR_NULL, after->username);
    op_change(op, "firstname", before ? before->firstname : STR_NULL, after->firstname);
    op_change(op, "lastname", before ? before->lastname : STR_NULL, after->lastname);
    op_change(op, "email", before ? before->email : STR_NULL, after->email);
    op_change(op, "role", before ? before->role_name : STR_NULL, role_name);
    op_change(op, "locale", before ? before->locale : STR_NULL, after->locale);
    str was = !before ? STR_NULL : before->active ? S("yes") : S("no");
    op_change(op, "active", was, after->active ? S("yes") : S("no"));
}

/* ---------------------------------------------------------------- making one */

enum err prepare_admin_user_create(struct prep *p, const struct admin_user_create_in *in) {
    return staff_secrets_prepare(p, in->current, in->password, in->password2, in->email, in->firstname,
                                 in->lastname);
}

enum err op_admin_user_create(struct op *op, const struct admin_user_create_in *in) {
    const struct staff_secrets *secrets = op->prep;
    const struct user u = {in->username,        in->firstname, in->lastname, in->email,
                           locales[in->locale], in->role,      in->active};
    struct staff_role_get role;
    struct staff_insert row;
    op_subject_text(op, "user", S(""), in->username);
    TRY(check_username(op, u.username, 0));
    TRY(staff_check_new(op, secrets));
    TRY(staff_check_current(op, secrets));
    TRY(check_role(op, u.role_id, &role));
    TRY(staff_insert(op->w, u.username, staff_username_fold(op->arena, u.username), u.firstname, u.lastname,
                     u.email, search_text(op->arena, &u), u.role_id, u.locale, secrets->new_hash, u.active,
                     op->now_us, &row));
    op_subject(op, "user", row.id, u.username);
    record(op, NULL, &u, role.name);
    op_notice(op, i18n_get(op->lang, T("You created the user.")));
    op_redirect(op, S("/admin/users"));
    return OK;
}

/* ---------------------------------------------------------------- changing one */

enum err prepare_admin_user_save(struct prep *p, const struct admin_user_save_in *in) {
    return staff_secrets_prepare(p, in->current, in->password, in->password2, in->email, in->firstname,
                                 in->lastname);
}

/* What decides who can sign in, and as what, is confirmed with the own password. Switching somebody off is
 * not: that must be quick. */
static bool wants_confirmation(const struct staff_by_id *before, const struct user *after,
                               const struct staff_secrets *secrets) {
    return secrets->new_given || before->role_id != after->role_id ||
           !str_eq(before->username, after->username) || !str_eq(before->email, after->email);
}

static enum err check_standing(struct op *op, const struct staff_by_id *before, const struct user *after,
                               const struct staff_role_get *role) {
    bool others, full = after->active && staff_is_full(role->all_resources, role->scope);
    if (before->id == op->actor->staff_id && !after->active)
        return op_invalid(op, "active", i18n_get(op->lang, T("You cannot deactivate yourself.")));
    TRY(others_left(op, before, &others));
    if (others || full) return OK;
    return op_invalid(op, after->active ? "role" : "active", last_administrator(op));
}

static enum err write_user(struct op *op, const struct staff_by_id *before, const struct user *after,
                           const struct staff_secrets *secrets, str role_name) {
    i64 own = before->id == op->actor->staff_id ? op->actor->staff_session_id : 0;
    TRY(staff_update(op->w, before->id, after->username, staff_username_fold(op->arena, after->username),
                     after->firstname, after->lastname, after->email, search_text(op->arena, after),
                     after->role_id, after->locale, after->active, NULL));
    record(op, before, after, role_name);
    if (secrets->new_given) {
        TRY(staff_set_password(op->w, before->id, secrets->new_hash, NULL));
        op_change(op, "password", S("set"), S("set anew"));
    }
    bool off = before->active && !after->active;
    if (secrets->new_given || off) TRY(access_session_end_all(op->w, before->id, own, op->now_us));
    return OK;
}

static bool is_same(const struct staff_by_id *before, const struct user *after) {
    return str_eq(before->username, after->username) && str_eq(before->firstname, after->firstname) &&
           str_eq(before->lastname, after->lastname) && str_eq(before->email, after->email) &&
           str_eq(before->locale, after->locale) && before->role_id == after->role_id &&
           before->active == after->active;
}

enum err op_admin_user_save(struct op *op, const struct admin_user_save_in *in) {
    const struct staff_secrets *secrets = op->prep;
    const struct user after = {in->username,        in->firstname, in->lastname, in->email,
                               locales[in->locale], in->role,      in->active};
    struct staff_by_id before;
    struct staff_role_get role;
    TRY(take_user(op, in->id, &before));
    TRY(check_username(op, after.username, before.id));
    TRY(staff_check_new(op, secrets));
    if (wants_confirmation(&before, &after, secrets)) TRY(staff_check_current(op, secrets));
    TRY(check_role(op, after.role_id, &role));
    TRY(check_standing(op, &before, &after, &role));
    op_notice(op, i18n_get(op->lang, T("You saved the user.")));
    op_redirect(op, S("/admin/users"));
    if (!secrets->new_given && is_same(&before, &after)) {
        op_unchanged(op);
        return OK;
    }
    return write_user(op, &before, &after, secrets, role.name);
}

enum err op_admin_user_unlock(struct op *op, const struct admin_user_unlock_in *in) {
    struct staff_by_id u;
    TRY(take_user(op, in->id, &u));
    op_redirect(op, arena_printf(op->arena, "/admin/users/%lld", (long long)u.id));
    if (!u.locked_until_us.set && u.failed_logins == 0) {
        op_unchanged(op);
        return OK;
    }
    TRY(staff_unlock(op->w, u.id, NULL));
    op_change(op, "locked", S("yes"), S("no"));
    op_notice(op, i18n_get(op->lang, T("You unlocked the user.")));
    return OK;
}

static enum err delete_row(struct db_w *w, void *arg) {
    return staff_delete(w, *(const i64 *)arg, NULL);
}

enum err op_admin_user_delete(struct op *op, const struct admin_user_delete_in *in) {
    struct staff_by_id u;
    bool others;
    TRY(take_user(op, in->id, &u));
    if (u.id == op->actor->staff_id)
        return op_fail(op, ERR_CONFLICT, i18n_get(op->lang, T("You cannot delete yourself.")));
    TRY(others_left(op, &u, &others));
    if (!others) return op_fail(op, ERR_CONFLICT, last_administrator(op));
    i64 id = u.id;
    enum err e = db_attempt(op->w, delete_row, &id);
    if (e == ERR_CONFLICT)
        return op_fail(
            op, ERR_CONFLICT,
            i18n_get(op->lang,
                     T("This user was logged in as a customer, and the log of that names them. Please "
                       "deactivate the user instead.")));
    TRY(e);
    op_change(op, "username", u.username, STR_NULL);
    op_change(op, "email", u.email, STR_NULL);
    op_change(op, "role", u.role_name, STR_NULL);
    op_notice(op, i18n_get(op->lang, T("You deleted the user.")));
    op_redirect(op, S("/admin/users"));
    return OK;
}

/* ---------------------------------------------------------------- the own account */

enum err prepare_admin_account_save(struct prep *p, const struct admin_account_save_in *in) {
    return staff_secrets_prepare(p, in->current, in->password, in->password2, in->email, in->firstname,
                                 in->lastname);
}

enum err op_admin_account_save(struct op *op, const struct admin_account_save_in *in) {
    const struct staff_secrets *secrets = op->prep;
    struct staff_by_id before;
    TRY(staff_by_id(op->r, op->actor->staff_id, &before));
    const struct user after = {before.username,     in->firstname,  in->lastname, in->email,
                               locales[in->locale], before.role_id, before.active};
    op_subject(op, "user", before.id, before.username);
    TRY(staff_check_new(op, secrets));
    if (secrets->new_given || !str_eq(before.email, after.email)) TRY(staff_check_current(op, secrets));
    op_notice(op, i18n_get(i18n_lang(after.locale), T("You saved your account.")));
    if (!secrets->new_given && is_same(&before, &after)) {
        op_unchanged(op);
        return OK;
    }
    return write_user(op, &before, &after, secrets, before.role_name);
}
