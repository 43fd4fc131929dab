/* What the files of this slice give each other. */
#ifndef SHOP_STAFF_STAFF_INSIDE_H
#define SHOP_STAFF_STAFF_INSIDE_H

#include "access/access.h"
#include "gate/gate.h"
#include "gen/ids.h"
#include "gen/staff_gate.h"
#include "gen/staff_roles_gate.h"
#include "gen/staff_sql.h"
#include "gen/staff_tpl.h"
#include "gen/staff_users_gate.h"
#include "gen/staff_users_sql.h"

/* ---- names and locks: staff_sign_in.c ---- */

/* The form in which user names are compared and unique. Arena. */
str staff_username_fold(struct arena *a, str username);
bool staff_is_locked(opt_i64 locked_until_us, i64 now_us);
/* Counts a wrong password, and locks the account after as many as the settings allow. Writer only. */
enum err staff_wrong_password(struct op *op, i64 staff_id, i64 failed_logins) MUST_CHECK;

/* ---- passwords in forms: staff_secret.c ---- */

/* What the slow worker found out about the passwords of a form. */
struct staff_secrets {
    bool current_given, current_right;
    str current_hash; /* what the reader's own password was compared with */
    bool new_given;
    str new_wrong; /* msgid: what is wrong with the new password */
    bool mismatch; /* it was not repeated the same */
    str new_hash;  /* when nothing is */
};
/* Verifies `current` as the reader's own password and hashes the new one; both may be empty. Slow workers
 * only. */
enum err staff_secrets_prepare(struct prep *p, str current, str password, str password2, str email,
                               str firstname, str lastname) MUST_CHECK;
/* OK when the reader's own password was given and is right. Else the refusal, at the field `current`; a wrong
 * one is counted as at sign-in. Call before anything is written. */
enum err staff_check_current(struct op *op, const struct staff_secrets *s) MUST_CHECK;
/* Says at the fields what is wrong with the new password. OK when nothing is, or none was given. */
enum err staff_check_new(struct op *op, const struct staff_secrets *s) MUST_CHECK;

/* ---- who may change whom: staff_rank.c ---- */

/* Does the role include nothing that the actor does not have? Nobody gives away more than they hold, nor
 * touches people who hold more: they could take their place. */
bool staff_within(const struct actor *actor, u64 rights, i64 scope);
/* The same for a role that is saved. ERR_NOT_FOUND when there is none. */
enum err staff_role_within(struct db_r *r, const struct actor *actor, i64 role_id, bool *ret) MUST_CHECK;
/* Refuses what is beyond the actor: recorded, with the message at `field`. */
enum err staff_beyond(struct op *op, const char *field, str message);
/* Is this role the administrators': everything, everywhere? */
static inline bool staff_is_full(bool all_resources, i64 scope) {
    return all_resources && scope == -1;
}

#endif
