#include "shop/cart/cart.h"

#include "crypto/crypto.h"
#include "gen/cart_sql.h"
#include "shop/cart/cart_inside.h"

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

enum err cart_set_coupon(struct op *op, const struct cart_checkout *checkout, str code) {
    op_change(op, "coupon", checkout->coupon_code.n ? checkout->coupon_code : STR_NULL,
              code.n ? code : STR_NULL);
    return cart_coupon_set(op->w, checkout->id, code, op->now_us, NULL);
}

/* The lines of a cart, and their rows. */
static enum err read_lines(struct db_r *r, i64 cart_id, i64 **ret_items, struct quote_want **ret,
                           size_t *ret_n) {
    struct cart_pieces_of *rows;
    TRY(cart_pieces_of(r, cart_id, &rows, ret_n));
    *ret = ARENA_ARRAY(db_arena(r), struct quote_want, *ret_n);
    *ret_items = ARENA_ARRAY(db_arena(r), i64, *ret_n);
    for (size_t i = 0; i < *ret_n; i++) {
        (*ret)[i] = (struct quote_want){rows[i].product_id, rows[i].qty};
        (*ret_items)[i] = rows[i].id;
    }
    return OK;
}

enum err cart_wants(struct db_r *r, i64 cart_id, struct quote_want **ret, size_t *ret_n) {
    i64 *items;
    return read_lines(r, cart_id, &items, ret, ret_n);
}

enum err cart_quote(const struct cart_reader *reader, str coupon, struct cart_contents *ret) {
    const struct actor *actor = reader->actor;
    struct cart_standing standing = {S(""), S("")};
    struct quote_want *wants = NULL;
    i64 *items = NULL, self = actor_self(actor);
    size_t n = 0;
    *ret = (struct cart_contents){.id = 0};
    TRY(cart_find(reader->db, actor, reader->view->website_id, &ret->id));
    if (ret->id) {
        TRY(read_lines(reader->db, ret->id, &items, &wants, &n));
        TRY(cart_standing(reader->db, ret->id, &standing));
    }
    ret->items = items;
    const struct quote_ask ask = {
        .settings = reader->settings,
        .view = reader->view,
        .group_id = actor->group_id,
        .customer_id = self ? OPT(self) : NONE,
        .email_fold = self ? i18n_casefold(db_arena(reader->db), actor->customer_email) : S(""),
        .coupon_code = coupon.p ? coupon : standing.coupon_code,
        .now_us = reader->now_us,
        .wants = wants,
        .wants_n = n,
        .country = standing.country,
        .shipping_method = S(""),
        .cheapest = true,
    };
    const struct setting_place place = {reader->view->website_id, reader->view->id};
    ret->country =
        standing.country.n ? standing.country : setting_text(reader->settings, SETTING_TAX_COUNTRY, place);
    return quote_make(reader->db, &ask, &ret->quote);
}

enum err cart_open(struct op *op, i64 *ret_id) {
    struct cart_insert made;
    i64 self = actor_self(op->actor), session = 0;
    TRY(cart_find(op->r, op->actor, op->view->website_id, ret_id));
    if (*ret_id) return OK;
    if (!self) TRY(op_shop_session(op, &session));
    TRY(cart_insert(op->w, op->view->website_id, self ? OPT(self) : NONE, self ? NONE : OPT(session),
                    op->now_us, &made));
    *ret_id = made.id;
    return OK;
}

enum err cart_count(struct db_r *r, const struct actor *actor, i64 website_id, i64 *ret) {
    struct cart_count_of_customer *mine;
    struct cart_count_of_session *guest;
    size_t mine_n = 0, guest_n = 0;
    if (actor_self(actor))
        TRY(cart_count_of_customer(r, website_id, &mine, &mine_n));
    else if (actor->shop_session_id)
        TRY(cart_count_of_session(r, actor->shop_session_id, &guest, &guest_n));
    *ret = 0;
    for (size_t i = 0; i < mine_n; i++)
        *ret += mine[i].qty;
    for (size_t i = 0; i < guest_n; i++)
        *ret += guest[i].qty;
    return OK;
}

/* Adds quantities; what would be a line too many stays behind. */
static enum err merge_lines(struct db_w *w, i64 from, i64 to, i64 now_us) {
    struct db_r *r = db_w_reader(w);
    struct cart_pieces own;
    struct quote_want *wants;
    size_t n;
    TRY(cart_pieces(r, to, &own));
    TRY(cart_wants(r, from, &wants, &n));
    for (size_t i = 0; i < n; i++) {
        struct cart_line line = {.qty = 0};
        enum err e = cart_line(r, to, wants[i].product_id, &line);
        if (e && e != ERR_NOT_FOUND) return e;
        if (e && own.lines++ >= CART_LINES_MAX) break;
        i64 qty = MIN_OF(line.qty + wants[i].qty, (i64)CART_QTY_MAX);
        TRY(cart_item_put(w, to, wants[i].product_id, qty, now_us, NULL));
    }
    return OK;
}

/* A checkout with addresses goes along, in place of an older one; the customer's own coupon stays. */
static enum err merge_checkout(struct db_w *w, i64 from, i64 to, i64 now_us) {
    struct db_r *r = db_w_reader(w);
    struct cart_checkout guest, own = {.coupon_code = S("")};
    struct cart_checkout_places places;
    enum err e = cart_checkout_get(r, from, &guest);
    if (e) return e == ERR_NOT_FOUND ? OK : e;
    TRY(cart_checkout_places(r, guest.id, &places));
    e = cart_checkout_get(r, to, &own);
    if (e && e != ERR_NOT_FOUND) return e;
    i64 kept = !e && !places.n ? own.id : guest.id;
    if (kept == guest.id) {
        if (!e) TRY(cart_checkout_drop(w, own.id, NULL));
        TRY(cart_checkout_move(w, guest.id, to, NULL));
    }
    return cart_coupon_set(w, kept, own.coupon_code.n ? own.coupon_code : guest.coupon_code, now_us, NULL);
}

enum err cart_merge(struct db_w *w, i64 session_id, i64 customer_id, i64 website_id, i64 now_us) {
    struct db_r *r = db_w_reader(w);
    struct cart_of_session guest;
    struct cart_by_customer own;
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
    TRY(merge_lines(w, guest.id, own.id, now_us));
    TRY(cart_touch(w, own.id, now_us, NULL));
    TRY(merge_checkout(w, guest.id, own.id, now_us));
    return cart_drop(w, guest.id, NULL);
}

void cart_record_qty(struct op *op, str sku, i64 before, i64 after) {
    str was = before ? arena_printf(op->arena, "%lld", (long long)before) : STR_NULL;
    str is = after ? arena_printf(op->arena, "%lld", (long long)after) : STR_NULL;
    op_change(op, arena_cstr(op->arena, ARENA_CAT(op->arena, S("qty of "), sku)), was, is);
}

enum err cart_set_pieces(struct op *op, i64 cart_id, i64 product_id, str sku, i64 qty) {
    struct cart_line line = {.qty = 0};
    enum err e = cart_line(op->r, cart_id, product_id, &line);
    if (e && (e != ERR_NOT_FOUND || !qty)) return e;
    TRY(qty ? cart_item_put(op->w, cart_id, product_id, qty, op->now_us, NULL)
            : cart_item_drop(op->w, line.id, NULL));
    TRY(cart_touch(op->w, cart_id, op->now_us, NULL));
    cart_record_qty(op, sku, line.qty, qty);
    return OK;
}

enum err cart_bought(struct op *op, i64 cart_id) {
    return cart_drop(op->w, cart_id, NULL);
}
