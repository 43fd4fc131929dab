/* Carts: a guest's hangs on the visitor's session, a customer's on the customer; staff who help work in the
 * customer's own. */
#ifndef SHOP_CART_CART_H
#define SHOP_CART_CART_H

#include "base/actor.h"
#include "db/db.h"

enum { CART_QTY_MAX = 9999, CART_LINES_MAX = 500 };

/* How many pieces lie in this actor's cart in this website. 0 without a cart. */
enum err cart_count(struct db_r *r, const struct actor *actor, i64 website_id, i64 *ret) MUST_CHECK;
/* Moves what a guest has gathered into the customer's cart, adding quantities, when the guest signs in. */
enum err cart_merge(struct db_w *w, i64 session_id, i64 customer_id, i64 website_id, i64 now_us) MUST_CHECK;

#endif
