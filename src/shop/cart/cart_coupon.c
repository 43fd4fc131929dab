/* The coupon of a cart. Whether it is good is asked again each time the cart is shown and when the order is
 * placed: it may have run out by then. */
#include "gate/gate.h"
#include "gen/cart_gate.h"
#include "gen/cart_sql.h"
#include "shop/cart/cart_inside.h"

static str text(const struct op *op, str msgid) {
    return i18n_get(op->lang, msgid);
}

static enum err put_coupon(struct op *op, i64 cart_id, const struct cart_checkout *now, str code) {
    op_subject(op, "cart", cart_id, S("cart"));
    if (str_eq(now->coupon_code, code)) op_unchanged(op);
    op_redirect(op, S("/cart"));
    return cart_set_coupon(op, now, code);
}

enum err op_cart_coupon(struct op *op, const struct cart_coupon_in *in) {
    const struct cart_reader reader = {op->r, op->actor, op->view, op->settings, op->now_us};
    struct cart_contents c;
    struct cart_checkout now;
    TRY(cart_quote(&reader, in->coupon, &c));
    if (!c.quote.lines_n) return op_fail(op, ERR_INVALID, text(op, T("Your cart is empty.")));
    str wrong = quote_coupon_text(c.quote.coupon);
    if (wrong.p) return op_invalid(op, "coupon", text(op, wrong));
    TRY(cart_checkout_row(op, c.id, &now));
    const struct i18n_arg code = {S_INIT("code"), c.quote.coupon_code};
    op_notice(op, i18n_format_message(op->arena, op->lang, T("You used the coupon {code}."), &code, 1));
    return put_coupon(op, c.id, &now, c.quote.coupon_code);
}

enum err op_cart_coupon_remove(struct op *op, const struct cart_coupon_remove_in *in) {
    struct cart_checkout now;
    i64 id;
    (void)in;
    TRY(cart_find(op->r, op->actor, op->view->website_id, &id));
    enum err e = id ? cart_checkout_get(op->r, id, &now) : ERR_NOT_FOUND;
    if (e == ERR_NOT_FOUND || (!e && !now.coupon_code.n)) {
        op_unchanged(op);
        op_redirect(op, S("/cart"));
        return OK;
    }
    TRY(e);
    op_notice(op, text(op, T("You removed the coupon.")));
    return put_coupon(op, id, &now, S(""));
}
