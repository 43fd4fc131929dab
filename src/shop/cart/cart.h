/* Carts: a guest's hangs on the visitor's session, a customer's on the customer; staff who help work in the
 * customer's own. */
#ifndef SHOP_CART_CART_H
#define SHOP_CART_CART_H

#include "base/actor.h"
#include "db/db.h"
#include "gate/gate.h"
#include "shop/quote/quote.h"

enum { CART_QTY_MAX = 9999, CART_LINES_MAX = 500 };

/* The actor's cart in this website; *ret_id 0 when there is none. */
enum err cart_find(struct db_r *r, const struct actor *actor, i64 website_id, i64 *ret_id) MUST_CHECK;
/* What lies in a cart, in the order in which it was put there: as a quote is asked for. In the handle's
 * arena. */
enum err cart_wants(struct db_r *r, i64 cart_id, struct quote_want **ret, size_t *ret_n) MUST_CHECK;

/* The checkout that a cart has: its coupon and, later, addresses and payment. Reading gives ERR_NOT_FOUND
 * when none was begun. */
struct cart_checkout {
    i64 id;
    str key;         /* makes placing idempotent; see sales_order.checkout_key */
    str coupon_code; /* as it was made; empty: none */
};
enum err cart_checkout_get(struct db_r *r, i64 cart_id, struct cart_checkout *ret) MUST_CHECK;
/* The same, begun with a fresh key when there is none. */
enum err cart_checkout_row(struct op *op, i64 cart_id, struct cart_checkout *ret) MUST_CHECK;

/* How many pieces lie in this actor's cart in this website. 0 without a cart. */
enum err cart_count(struct db_r *r, const struct actor *actor, i64 website_id, i64 *ret) MUST_CHECK;
/* Moves what a guest has gathered into the customer's cart, adding quantities, when the guest signs in. */
enum err cart_merge(struct db_w *w, i64 session_id, i64 customer_id, i64 website_id, i64 now_us) MUST_CHECK;

#endif
