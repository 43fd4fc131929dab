/* What the files of this slice share. */
#ifndef SHOP_CART_CART_INSIDE_H
#define SHOP_CART_CART_INSIDE_H

#include "shop/cart/cart.h"

/* The actor's cart in this website; *ret_id 0 when there is none. */
enum err cart_find(struct db_r *r, const struct actor *actor, i64 website_id, i64 *ret_id) MUST_CHECK;

#endif
