/* What the files of this slice give each other. */
#ifndef SHOP_STAFF_STAFF_INSIDE_H
#define SHOP_STAFF_STAFF_INSIDE_H

#include "access/access.h"
#include "gate/gate.h"
#include "gen/ids.h"
#include "gen/staff_gate.h"
#include "gen/staff_sql.h"
#include "gen/staff_tpl.h"

/* The form in which user names are compared and unique. Arena. */
str staff_username_fold(struct arena *a, str username);
/* At most `max` characters of it, whole ones. Borrows. */
str staff_cut(str s, size_t max);
bool staff_is_locked(opt_i64 locked_until_us, i64 now_us);
/* Counts a wrong password, and locks the account after as many as the settings allow. Writer only. */
enum err staff_wrong_password(struct op *op, i64 staff_id, i64 failed_logins) MUST_CHECK;

#endif
