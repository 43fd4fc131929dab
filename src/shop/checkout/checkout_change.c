/* What the operations of the checkout share: its row, its addresses, its coupon, and the cart under it. */
#include "shop/checkout/checkout_inside.h"

enum err checkout_begin(struct op *op, struct checkout *ret) {
    const struct checkout_ask ask = checkout_ask_op(op);
    struct cart_checkout row;
    TRY(checkout_load(&ask, ret));
    if (!checkout_any(ret)) return op_fail(op, ERR_CONFLICT, i18n_get(op->lang, T("Your cart is empty.")));
    if (ret->id) return OK;
    TRY(cart_checkout_row(op, ret->cart_id, &row));
    ret->id = row.id;
    ret->key = row.key;
    return OK;
}

void checkout_record(struct op *op, const struct checkout *c) {
    op_subject(op, "cart", c->cart_id, i18n_get(LANG_EN, T("Checkout")));
    if (!op_has_changes(op)) op_unchanged(op);
}

static const struct checkout_place *place_at(const struct checkout *c, str role, i64 position) {
    if (str_eq(role, S("billing"))) return c->billing.id ? &c->billing : NULL;
    for (size_t i = 0; i < c->parts_n; i++)
        if (c->parts[i].to.id && c->parts[i].to.position == position) return &c->parts[i].to;
    return NULL;
}

enum err checkout_put_place(struct op *op, const struct checkout *c, str role, i64 position, opt_i64 book_id,
                            const struct customer_address *a, i64 *ret_id) {
    struct checkout_place_put made;
    const struct checkout_place *before = place_at(c, role, position);
    str field = position > 1
                    ? arena_printf(op->arena, "%.*s address %lld", STR_ARG(role), (long long)position)
                    : ARENA_CAT(op->arena, role, S(" address"));
    TRY(checkout_place_put(op->w, c->id, role, position, book_id, a->firstname, a->lastname, a->company,
                           a->street1, a->street2, a->postcode, a->city, a->region, a->country, a->telephone,
                           &made));
    op_change(op, arena_cstr(op->arena, field),
              before ? customer_address_line(op->arena, &before->address) : STR_NULL,
              customer_address_line(op->arena, a));
    if (ret_id) *ret_id = made.id;
    return OK;
}

/* ---- the coupon ---- */

/* Puts this code in place of the one before; empty: none. */
static enum err put_code(struct op *op, const struct checkout *c, str code) {
    const struct cart_checkout row = {c->id, c->key, c->coupon_code};
    TRY(cart_set_coupon(op, &row, code));
    checkout_record(op, c);
    op_redirect(op, S("/checkout/review"));
    return OK;
}

enum err op_checkout_coupon(struct op *op, const struct checkout_coupon_in *in) {
    const struct checkout_ask ask = checkout_ask_op(op);
    struct checkout c;
    TRY(checkout_begin(op, &c));
    struct checkout with = c;
    with.coupon_code = in->code;
    TRY(checkout_ask_quotes(&ask, &with));
    if (with.too_large) return ERR_INVALID;
    const struct quote *q = &with.parts[0].quote;
    str wrong = quote_coupon_text(q->coupon);
    if (wrong.p) return op_invalid(op, "code", i18n_get(op->lang, wrong));
    op_notice(op, i18n_get(op->lang, T("The coupon is applied.")));
    return put_code(op, &c, q->coupon_code);
}

enum err op_checkout_coupon_drop(struct op *op, const struct checkout_coupon_drop_in *in) {
    struct checkout c;
    (void)in;
    TRY(checkout_begin(op, &c));
    return put_code(op, &c, S(""));
}

/* ---- the cart as the stock allows ---- */

enum err op_checkout_fit(struct op *op, const struct checkout_fit_in *in) {
    struct checkout c;
    i64 left = 0;
    (void)in;
    TRY(checkout_begin(op, &c));
    for (size_t i = 0; i < c.wants_n; i++) {
        const struct quote_want *want = &c.wants[i];
        const struct quote_line *line = checkout_line(&c, want->product_id);
        i64 qty = !line || line->trouble == QUOTE_FINE ? want->qty
                  : line->trouble == QUOTE_GONE        ? 0
                                                       : MIN_OF(want->qty, line->stock);
        left += qty;
        if (qty != want->qty) TRY(cart_set_pieces(op, c.cart_id, want->product_id, line->sku, qty));
    }
    checkout_record(op, &c);
    if (op_has_changes(op))
        op_notice(op, i18n_get(op->lang, T("Your cart now holds what there is. Please look at it again.")));
    op_redirect(op,
                !left ? S("/cart") : checkout_step_path(&c, c.several ? CHECKOUT_ADDRESS : CHECKOUT_REVIEW));
    return OK;
}
