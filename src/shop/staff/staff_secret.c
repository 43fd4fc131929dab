/* Passwords in the forms of users and of the own account: the reader's own, as a confirmation, and a new one.
 */
#include "i18n/i18n.h"
#include "shop/customer/customer.h"
#include "shop/staff/staff_inside.h"

enum err staff_secrets_prepare(struct prep *p, str current, str password, str password2, str email,
                               str firstname, str lastname) {
    struct staff_secrets *s = ARENA_NEW(p->arena, struct staff_secrets);
    p->result = s;
    s->current_given = current.n > 0;
    if (s->current_given) {
        struct staff_by_id self;
        TRY(staff_by_id(p->db, p->actor->staff_id, &self));
        s->current_hash = self.password_hash;
        s->current_right = crypto_password_verify(self.password_hash, current);
    }
    s->new_given = password.n > 0 || password2.n > 0;
    if (!s->new_given) return OK;
    s->mismatch = !str_eq(password, password2);
    s->new_wrong = customer_password_wrong(p->arena, password, email, firstname, lastname);
    if (!s->mismatch && !s->new_wrong.p && s->current_right)
        s->new_hash = crypto_password_hash(p->arena, password);
    return OK;
}

enum err staff_check_current(struct op *op, const struct staff_secrets *s) {
    struct staff_by_id self;
    if (!s->current_given)
        return op_invalid(op, "current",
                          i18n_get(op->lang, T("Please enter your own password to confirm this change.")));
    TRY(staff_by_id(op->r, op->actor->staff_id, &self));
    bool locked = staff_is_locked(self.locked_until_us, op->now_us);
    if (!locked && s->current_right && str_eq(self.password_hash, s->current_hash)) return OK;
    op_reason(op, locked ? S("account locked") : S("wrong own password"));
    (void)op_invalid(
        op, "current",
        i18n_get(op->lang, T("This is not your password, or your account is locked for the moment.")));
    if (!locked) TRY(staff_wrong_password(op, self.id, self.failed_logins));
    return op_keep(op, ERR_INVALID, STR_NULL);
}

enum err staff_check_new(struct op *op, const struct staff_secrets *s) {
    if (!s->new_given) return OK;
    if (s->new_wrong.p) return op_invalid(op, "password", i18n_get(op->lang, s->new_wrong));
    if (s->mismatch)
        return op_invalid(op, "password2", i18n_get(op->lang, T("The two passwords are not the same.")));
    return OK;
}
