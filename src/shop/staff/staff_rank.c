/* Who may change whom: nobody gives more than they hold. */
#include "i18n/i18n.h"
#include "shop/staff/staff_inside.h"

bool staff_within(const struct actor *actor, u64 rights, i64 scope) {
    if (actor->kind == ACTOR_SYSTEM) return true;
    return (rights & ~actor->rights) == 0 && (scope & ~actor->scope) == 0;
}

enum err staff_role_within(struct db_r *r, const struct actor *actor, i64 role_id, bool *ret) {
    struct staff_role_get role;
    u64 rights;
    TRY(staff_role_get(r, role_id, &role));
    TRY(access_role_rights(r, role_id, &rights));
    *ret = staff_within(actor, rights, role.scope);
    return OK;
}

enum err staff_beyond(struct op *op, const char *field, str message) {
    op_reason(op, S("more than the user's own rights"));
    (void)op_invalid(op, field, message);
    return op_keep(op, ERR_INVALID, STR_NULL);
}
