/* What the files of this slice share. */
#ifndef SHOP_CART_CART_INSIDE_H
#define SHOP_CART_CART_INSIDE_H

#include "shop/cart/cart.h"

/* Who asks what the cart costs: the same for pages and operations. */
struct cart_reader {
    struct db_r *db;
    const struct actor *actor;
    const struct store_view *view;
    const struct settings *settings;
    i64 now_us;
};
struct cart_contents {
    i64 id;           /* 0: there is no cart */
    const i64 *items; /* rows of cart_item, at the same index as the quote's lines */
    str country;      /* where it would go, as far as that is known: else the shop's default */
    struct quote quote;
};
/* The actor's cart and what it costs, sent to the address that the checkout or the customer names in the
 * cheapest way that is offered. `coupon` STR_NULL: the one that the cart has. In the handle's arena. */
enum err cart_quote(const struct cart_reader *reader, str coupon, struct cart_contents *ret) MUST_CHECK;

#endif
