#include "shop/cart/cart.h"

#include "crypto/crypto.h"
#include "gen/cart_sql.h"

enum err cart_find(struct db_r *r, const struct actor *actor, i64 website_id, i64 *ret_id) {
    struct cart_of_customer mine;
    struct cart_of_session guest;
    enum err e = ERR_NOT_FOUND;
    *ret_id = 0;
    if (actor_self(actor)) {
        e = cart_of_customer(r, website_id, &mine);
        if (!e) *ret_id = mine.id;
    } else if (actor->shop_session_id) {
        e = cart_of_session(r, actor->shop_session_id, &guest);
        if (!e) *ret_id = guest.id;
    }
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err cart_wants(struct db_r *r, i64 cart_id, struct quote_want **ret, size_t *ret_n) {
    struct cart_pieces_of *rows;
    TRY(cart_pieces_of(r, cart_id, &rows, ret_n));
    *ret = ARENA_ARRAY(db_arena(r), struct quote_want, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct quote_want){rows[i].product_id, rows[i].qty};
    return OK;
}

enum err cart_checkout_get(struct db_r *r, i64 cart_id, struct cart_checkout *ret) {
    struct cart_checkout_of row;
    TRY(cart_checkout_of(r, cart_id, &row));
    *ret = (struct cart_checkout){row.id, row.checkout_key, row.coupon_code};
    return OK;
}

enum err cart_checkout_row(struct op *op, i64 cart_id, struct cart_checkout *ret) {
    struct cart_checkout_begin made;
    enum err e = cart_checkout_get(op->r, cart_id, ret);
    if (e != ERR_NOT_FOUND) return e;
    *ret = (struct cart_checkout){.key = crypto_token(op->arena), .coupon_code = S("")};
    TRY(cart_checkout_begin(op->w, cart_id, ret->key, op->now_us, &made));
    ret->id = made.id;
    return OK;
}

enum err cart_count(struct db_r *r, const struct actor *actor, i64 website_id, i64 *ret) {
    struct cart_pieces pieces;
    i64 id;
    *ret = 0;
    TRY(cart_find(r, actor, website_id, &id));
    if (!id) return OK;
    TRY(cart_pieces(r, id, &pieces));
    *ret = pieces.pieces;
    return OK;
}

enum err cart_merge(struct db_w *w, i64 session_id, i64 customer_id, i64 website_id, i64 now_us) {
    struct db_r *r = db_w_reader(w);
    struct cart_of_session guest;
    struct cart_by_customer own;
    struct cart_items *items;
    size_t n;
    enum err e = session_id ? cart_of_session(r, session_id, &guest) : ERR_NOT_FOUND;
    if (e) return e == ERR_NOT_FOUND ? OK : e;
    e = cart_by_customer(r, customer_id, website_id, &own);
    if (e == ERR_NOT_FOUND) {
        struct cart_insert made;
        TRY(cart_insert(w, website_id, OPT(customer_id), NONE, now_us, &made));
        own.id = made.id;
    } else if (e) {
        return e;
    }
    TRY(cart_items(r, guest.id, S("en"), &items, &n));
    for (size_t i = 0; i < n; i++) {
        struct cart_line line = {.qty = 0};
        e = cart_line(r, own.id, items[i].product_id, &line);
        if (e && e != ERR_NOT_FOUND) return e;
        i64 qty = MIN_OF(line.qty + items[i].qty, (i64)CART_QTY_MAX);
        TRY(cart_item_put(w, own.id, items[i].product_id, qty, now_us, NULL));
    }
    TRY(cart_touch(w, own.id, now_us, NULL));
    return cart_drop(w, guest.id, NULL);
}
