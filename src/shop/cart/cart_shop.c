/* The cart page and what can be done on it. */
#include "gate/gate.h"
#include "gen/cart_gate.h"
#include "gen/cart_sql.h"
#include "gen/cart_tpl.h"
#include "shop/cart/cart_inside.h"

static void fill_lines(struct page *p, const struct cart_contents *c, struct tpl_cart_view *v) {
    struct tpl_cart_view_lines *rows = ARENA_ARRAY(p->arena, struct tpl_cart_view_lines, c->quote.lines_n);
    v->lines = rows;
    for (size_t i = 0; i < c->quote.lines_n; i++) {
        const struct quote_line *l = &c->quote.lines[i];
        rows[v->lines_n++] = (struct tpl_cart_view_lines){
            .id = c->items[i],
            .key = arena_printf(p->arena, "%lld", (long long)c->items[i]),
            .url_key = l->url_key,
            .name = l->name,
            .sku = l->sku,
            .qty = l->qty,
            .price = l->price,
            .total = l->price * l->qty,
            .gone = l->trouble == QUOTE_GONE,
            .short_of = l->trouble == QUOTE_SHORT,
            .stock = l->stock,
        };
    }
}

static void fill_totals(struct page *p, const struct quote *q, struct tpl_cart_view *v) {
    v->pieces = q->pieces;
    v->subtotal = q->totals.subtotal;
    v->discount = -q->totals.discount;
    v->tax = q->totals.tax;
    v->tax_on_top = !q->prices_incl;
    v->total = q->totals.total;
    v->trouble = q->trouble;
    v->coupon = q->coupon_code;
    v->coupon_name = q->coupon_name;
    str wrong = quote_coupon_text(q->coupon);
    v->coupon_wrong = wrong.p ? i18n_get(p->lang, wrong) : S("");
    v->coupon_ships = q->coupon == QUOTE_COUPON_FINE && !q->totals.discount;
}

/* What shipping will cost at least, and from which amount on it costs nothing. */
static void fill_shipping(struct page *p, const struct cart_contents *c, struct tpl_cart_view *v) {
    const struct setting_place place = {p->view->website_id, p->view->id};
    const struct quote *q = &c->quote;
    i64 goods = q->totals.subtotal - q->totals.discount;
    i64 free_from = setting_money(p->settings, SETTING_SHIP_FREE_FROM, place);
    v->country = i18n_country(p->lang, c->country);
    v->ships = q->shipping_n > 0;
    v->shipping = q->totals.shipping;
    for (size_t i = 0; i < q->shipping_n; i++)
        v->shipping_choice = v->shipping_choice || q->shipping[i].price != q->totals.shipping;
    if (!v->shipping || !setting_bool(p->settings, SETTING_SHIP_FREE, place) || goods >= free_from) return;
    v->free_from = free_from;
    v->free_left = free_from - goods;
}

/* What was just taken out, for as long as it is not back: the message offers to undo it. */
static enum err fill_removed(struct page *p, const struct cart_contents *c, const struct cart_view_in *in,
                             struct tpl_cart_view *v) {
    struct cart_product product;
    v->removed_key = v->removed = S("");
    if (!in->removed.n || !in->qty.set) return OK;
    enum err e = cart_product(p->db, in->removed, p->view->website_id, i18n_tag(p->lang), &product);
    if (e) return e == ERR_NOT_FOUND ? OK : e;
    for (size_t i = 0; i < c->quote.lines_n; i++)
        if (c->quote.lines[i].product_id == product.id) return OK;
    v->removed_key = in->removed;
    v->removed = product.name;
    v->removed_qty = in->qty.v;
    return OK;
}

enum err page_cart_view(struct page *p, const struct cart_view_in *in) {
    const struct cart_reader reader = {p->db, p->actor, p->view, p->settings, p->now_us};
    struct tpl_cart_view v = {.staff = p->actor->kind == ACTOR_ASSISTED};
    struct cart_contents c;
    TRY(cart_quote(&reader, STR_NULL, &c));
    fill_lines(p, &c, &v);
    fill_totals(p, &c.quote, &v);
    fill_shipping(p, &c, &v);
    TRY(fill_removed(p, &c, in, &v));
    tpl_cart_view(p->out, &v);
    reply_title(p->reply, i18n_get(p->lang, T("Shopping Cart")));
    return OK;
}

static str message(struct op *op, str msgid, str name, i64 number) {
    struct i18n_arg args[] = {{S("name"), name},
                              {S("n"), arena_printf(op->arena, "%lld", (long long)number)}};
    return i18n_format_message(op->arena, op->lang, msgid, args, COUNT_OF(args));
}

static enum err check_stock(struct op *op, const char *field, str name, i64 qty, i64 stock) {
    if (qty <= stock) return OK;
    if (stock <= 0) return op_invalid(op, field, message(op, T("{name} is out of stock."), name, 0));
    return op_invalid(op, field, message(op, T("Only {n} of {name} are in stock."), name, stock));
}

static enum err check_room(struct op *op, i64 cart_id) {
    struct cart_pieces now;
    TRY(cart_pieces(op->r, cart_id, &now));
    if (now.lines < CART_LINES_MAX) return OK;
    return op_fail(
        op, ERR_INVALID,
        message(op, T("A cart cannot hold more than {n} different products."), S(""), CART_LINES_MAX));
}

enum err op_cart_add(struct op *op, const struct cart_add_in *in) {
    struct cart_product product;
    struct cart_line line = {.qty = 0};
    i64 id;
    enum err e = cart_product(op->r, in->key, op->view->website_id, i18n_tag(op->lang), &product);
    if (e == ERR_NOT_FOUND)
        return op_fail(op, e, i18n_get(op->lang, T("This product is not sold any more.")));
    if (e) return e;
    TRY(cart_open(op, &id));
    e = cart_line(op->r, id, product.id, &line);
    if (e && e != ERR_NOT_FOUND) return e;
    if (e) TRY(check_room(op, id));
    i64 qty = line.qty + in->qty;
    TRY(check_stock(op, "qty", product.name, qty, product.stock));
    if (qty > CART_QTY_MAX)
        return op_invalid(
            op, "qty",
            message(op, T("You cannot have more than {n} of one product."), product.name, CART_QTY_MAX));
    TRY(cart_item_put(op->w, id, product.id, qty, op->now_us, NULL));
    TRY(cart_touch(op->w, id, op->now_us, NULL));
    op_subject(op, "cart", id, product.name);
    cart_record_qty(op, product.sku, line.qty, qty);
    op_notice(op, message(op, T("You added {name} to your shopping cart."), product.name, in->qty));
    op_redirect(op, S("/cart"));
    return OK;
}

/* The cart, which offers to put these pieces back. */
static str path_removed(struct op *op, str url_key, i64 qty) {
    return arena_printf(op->arena, "/cart?removed=%.*s&qty=%lld", STR_ARG(url_key), (long long)qty);
}

/* Nothing comes back: the cart says why. */
static enum err stays_out(struct op *op, str why) {
    op_unchanged(op);
    op_warning(op, why);
    return OK;
}

enum err op_cart_restore(struct op *op, const struct cart_restore_in *in) {
    struct cart_product product;
    struct cart_line line;
    i64 id;
    op_redirect(op, S("/cart"));
    enum err e = cart_product(op->r, in->key, op->view->website_id, i18n_tag(op->lang), &product);
    if (e == ERR_NOT_FOUND) return stays_out(op, i18n_get(op->lang, T("This product is not sold any more.")));
    TRY(e);
    if (product.stock <= 0) return stays_out(op, message(op, T("{name} is out of stock."), product.name, 0));
    TRY(cart_open(op, &id));
    op_subject(op, "cart", id, product.name);
    e = cart_line(op->r, id, product.id, &line);
    if (!e) { /* pressed twice, or put in again in another tab */
        op_unchanged(op);
        return OK;
    }
    if (e != ERR_NOT_FOUND) return e;
    TRY(check_room(op, id));
    i64 qty = MIN_OF(in->pieces, product.stock);
    TRY(cart_item_put(op->w, id, product.id, qty, op->now_us, NULL));
    TRY(cart_touch(op->w, id, op->now_us, NULL));
    cart_record_qty(op, product.sku, 0, qty);
    op_notice(op, message(op, T("{name} is in your shopping cart again."), product.name, 0));
    if (qty < in->pieces)
        op_warning(op, message(op, T("Only {n} of {name} are in stock."), product.name, qty));
    return OK;
}

enum err op_cart_update(struct op *op, const struct cart_update_in *in) {
    struct cart_items *items = NULL;
    size_t n = 0;
    i64 id, changed = 0, removed = 0;
    op_redirect(op, S("/cart"));
    TRY(cart_find(op->r, op->actor, op->view->website_id, &id));
    if (id) TRY(cart_items(op->r, id, i18n_tag(op->lang), &items, &n));
    for (size_t k = 0; k < in->qty_n; k++) {
        i64 item, qty;
        size_t i = 0;
        const char *field = arena_cstr(op->arena, ARENA_CAT(op->arena, S("qty["), in->qty[k].key, S("]")));
        if (!str_to_i64(in->qty[k].key, &item)) return ERR_NOT_FOUND;
        while (i < n && items[i].id != item)
            i++;
        if (i == n)
            return op_fail(op, ERR_NOT_FOUND,
                           i18n_get(op->lang, T("This product is not in the cart any more.")));
        if (!str_to_i64(in->qty[k].value, &qty) || qty < 0 || qty > CART_QTY_MAX)
            return op_invalid(op, field,
                              message(op, T("Please enter a quantity from 0 to {n}."), S(""), CART_QTY_MAX));
        if (qty == items[i].qty) continue;
        if (qty > items[i].qty) TRY(check_stock(op, field, items[i].name, qty, items[i].stock));
        TRY(qty ? cart_item_set(op->w, item, qty, NULL) : cart_item_drop(op->w, item, NULL));
        cart_record_qty(op, items[i].sku, items[i].qty, qty);
        removed += !qty;
        if (!qty) op_redirect(op, path_removed(op, items[i].url_key, items[i].qty));
        changed++;
    }
    if (!changed) {
        op_unchanged(op);
        return OK;
    }
    TRY(cart_touch(op->w, id, op->now_us, NULL));
    op_subject(op, "cart", id, S("cart"));
    if (!removed || changed > 1) op_notice(op, i18n_get(op->lang, T("The cart was updated.")));
    return OK;
}

enum err op_cart_remove(struct op *op, const struct cart_remove_in *in) {
    struct cart_items *items = NULL;
    size_t n = 0;
    i64 id;
    TRY(cart_find(op->r, op->actor, op->view->website_id, &id));
    if (id) TRY(cart_items(op->r, id, i18n_tag(op->lang), &items, &n));
    for (size_t i = 0; i < n; i++) {
        if (items[i].id != in->item) continue;
        TRY(cart_item_drop(op->w, in->item, NULL));
        TRY(cart_touch(op->w, id, op->now_us, NULL));
        op_subject(op, "cart", id, items[i].name);
        cart_record_qty(op, items[i].sku, items[i].qty, 0);
        op_redirect(op, path_removed(op, items[i].url_key, items[i].qty));
        return OK;
    }
    return op_fail(op, ERR_NOT_FOUND, i18n_get(op->lang, T("This product is not in the cart any more.")));
}
