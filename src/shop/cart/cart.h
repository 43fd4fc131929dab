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
/* The same, made when there is none yet. Writer only. */
enum err cart_open(struct op *op, i64 *ret_id) MUST_CHECK;
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
/* Puts this code, as it was made, in place of the one before; empty: none. Notes it for the record. Writer
 * only. */
enum err cart_set_coupon(struct op *op, const struct cart_checkout *checkout, str code) MUST_CHECK;

/* How many pieces lie in this actor's cart in this website. 0 without a cart. */
enum err cart_count(struct db_r *r, const struct actor *actor, i64 website_id, i64 *ret) MUST_CHECK;
/* Moves what a guest has gathered into the customer's cart, adding quantities, when the guest signs in. A
 * checkout that the guest began goes along, in place of an older one. */
enum err cart_merge(struct db_w *w, i64 session_id, i64 customer_id, i64 website_id, i64 now_us) MUST_CHECK;

/* Sets how many pieces of a product lie in the cart; 0 takes it out. Notes it for the record. Writer only. */
enum err cart_set_pieces(struct op *op, i64 cart_id, i64 product_id, str sku, i64 qty) MUST_CHECK;
/* Everything in it was ordered: the cart goes, and its checkout with it. Writer only. */
enum err cart_bought(struct op *op, i64 cart_id) MUST_CHECK;
/* Notes for the record how many pieces there are, by SKU: names are not unique, and differ by language. 0:
 * none. */
void cart_record_qty(struct op *op, str sku, i64 before, i64 after);

#endif
