/* The operations on staff users that the command line has. The Admin has its own, with forms and rights. */
#include "access/access.h"
#include "app/app.h"
#include "crypto/crypto.h"
#include "gen/app_gate.h"
#include "gen/app_sql.h"

static enum err hash_password(struct prep *p, str password) {
    str *hash = ARENA_NEW(p->arena, str);
    *hash = crypto_password_hash(p->arena, password);
    p->result = hash;
    return OK;
}

enum err prepare_user_add(struct prep *p, const struct user_add_in *in) {
    return hash_password(p, in->password);
}

enum err prepare_user_set_password(struct prep *p, const struct user_set_password_in *in) {
    return hash_password(p, in->password);
}

static enum err find_user(struct op *op, str username, struct app_user *ret) {
    enum err e = app_user(op->r, i18n_casefold(op->arena, username), ret);
    if (e == ERR_NOT_FOUND)
        return op_fail(op, ERR_CONFLICT, ARENA_CAT(op->arena, S("there is no user "), username));
    if (!e) op_subject(op, "user", ret->id, ret->username);
    return e;
}

enum err op_user_add(struct op *op, const struct user_add_in *in) {
    struct app_role role;
    struct app_user taken;
    struct app_user_insert row;
    str fold = i18n_casefold(op->arena, in->username);
    if (!str_eq(in->locale, S("en_US")) && !str_eq(in->locale, S("nl_NL")))
        return op_invalid(op, "locale", S("the languages are en_US and nl_NL"));
    enum err e = app_role(op->r, in->role, &role);
    if (e == ERR_NOT_FOUND)
        return op_invalid(op, "role", ARENA_CAT(op->arena, S("there is no role "), in->role));
    TRY(e);
    e = app_user(op->r, fold, &taken);
    if (!e)
        return op_fail(op, ERR_CONFLICT,
                       ARENA_CAT(op->arena, S("there is a user "), taken.username, S(" already")));
    if (e != ERR_NOT_FOUND) return e;
    str words =
        ARENA_CAT(op->arena, in->username, S(" "), in->firstname, S(" "), in->lastname, S(" "), in->email);
    TRY(app_user_insert(op->w, in->username, fold, in->firstname, in->lastname, in->email,
                        i18n_fold(op->arena, words), role.id, in->locale, *(str *)op->prep, op->now_us,
                        &row));
    op_subject(op, "user", row.id, in->username);
    op_change(op, "username", STR_NULL, in->username);
    op_change(op, "firstname", STR_NULL, in->firstname);
    op_change(op, "lastname", STR_NULL, in->lastname);
    op_change(op, "email", STR_NULL, in->email);
    op_change(op, "role", STR_NULL, in->role);
    op_change(op, "locale", STR_NULL, in->locale);
    op_details(op, ARENA_CAT(op->arena, in->username, S(", role "), in->role));
    return OK;
}

enum err op_user_set_password(struct op *op, const struct user_set_password_in *in) {
    struct app_user user;
    TRY(find_user(op, in->username, &user));
    TRY(app_user_set_password(op->w, user.id, *(str *)op->prep, NULL));
    TRY(access_session_end_all(op->w, user.id, 0, op->now_us));
    op_change(op, "password", S("set"), S("set anew"));
    op_details(op, ARENA_CAT(op->arena, user.username, S(": sessions ended")));
    return OK;
}

enum err op_user_unlock(struct op *op, const struct user_unlock_in *in) {
    struct app_user user;
    TRY(find_user(op, in->username, &user));
    if (user.failed_logins == 0 && !user.locked_until_us.set) {
        op_unchanged(op);
        return OK;
    }
    TRY(app_user_set_unlocked(op->w, user.id, NULL));
    op_change_i64(op, "failed sign-ins", user.failed_logins, 0);
    op_details(op, user.username);
    return OK;
}

enum err op_user_set_active(struct op *op, const struct user_set_active_in *in) {
    struct app_user user;
    struct app_other_administrators others;
    TRY(find_user(op, in->username, &user));
    if (user.active == in->active) {
        op_unchanged(op);
        return OK;
    }
    TRY(app_other_administrators(op->r, user.id, &others));
    if (!in->active && others.n == 0)
        return op_fail(op, ERR_CONFLICT, S("this is the last active user whose role includes everything"));
    TRY(app_user_set_active(op->w, user.id, in->active, NULL));
    if (!in->active) TRY(access_session_end_all(op->w, user.id, 0, op->now_us));
    op_change(op, "active", user.active ? S("yes") : S("no"), in->active ? S("yes") : S("no"));
    op_details(op, user.username);
    return OK;
}
