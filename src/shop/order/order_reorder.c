/* Reorder: what is still sold of an order goes into the cart, as far as there is stock; the rest is said. */
#include "gen/order_shop_gate.h"
#include "gen/order_shop_sql.h"
#include "shop/cart/cart.h"
#include "shop/order/order_inside.h"

/* What became of the products; names separated by commas. */
struct outcome {
    bool some;
    str gone, short_of;
};

static str add(struct arena *a, str list, str one) {
    return list.n ? ARENA_CAT(a, list, S(", "), one) : one;
}

static enum err put_product(struct op *op, i64 cart_id, const struct order_products_now *p,
                            struct outcome *out) {
    i64 wanted = p->in_cart + p->ordered;
    i64 qty = MIN_OF(MIN_OF(wanted, p->stock), (i64)CART_QTY_MAX);
    if (!p->sold || p->stock <= 0) {
        out->gone = add(op->arena, out->gone, p->name);
        return OK;
    }
    if (qty < wanted) out->short_of = add(op->arena, out->short_of, p->name);
    if (qty <= p->in_cart) return OK;
    out->some = true;
    return cart_set_pieces(op, cart_id, p->product_id, p->sku, qty);
}

static str about(struct op *op, const struct order *o, str msgid, str names) {
    const struct i18n_arg args[] = {{S_INIT("number"), order_number_text(op->arena, o->number)},
                                    {S_INIT("names"), names}};
    return i18n_format_message(op->arena, op->lang, msgid, args, COUNT_OF(args));
}

enum err op_order_reorder(struct op *op, const struct order_reorder_in *in) {
    struct outcome out = {.gone = S(""), .short_of = S("")};
    struct order o;
    struct order_products_now *rows;
    size_t n;
    i64 cart_id;
    TRY(order_get_own(op->r, in->id, &o));
    order_record(op, &o);
    TRY(cart_open(op, &cart_id));
    TRY(order_products_now(op->r, o.id, op->view->website_id, cart_id, &rows, &n));
    for (size_t i = 0; i < n; i++)
        TRY(put_product(op, cart_id, &rows[i], &out));
    str gone = out.gone.n ? about(op, &o, T("Not in stock or not sold any more: {names}."), out.gone) : S("");
    str fewer =
        out.short_of.n ? about(op, &o, T("There are not so many in stock: {names}."), out.short_of) : S("");
    if (!out.some)
        return op_fail(
            op, ERR_CONFLICT,
            ARENA_CAT(op->arena,
                      about(op, &o, T("Nothing more of order {number} can be put into the cart."), S("")),
                      gone.n ? S(" ") : S(""), gone, fewer.n ? S(" ") : S(""), fewer));
    op_notice(op, about(op, &o, T("What is sold of order {number} was put into your cart."), S("")));
    if (gone.n) op_warning(op, gone);
    if (fewer.n) op_warning(op, fewer);
    op_redirect(op, S("/cart"));
    return OK;
}
