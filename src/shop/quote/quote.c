/* Reads what a quote needs in four statements, whatever is wanted and to however many addresses, and puts it
 * together by the rules of quote_rules.c. */
#include "shop/quote/quote.h"

#include <stdlib.h>

#include "shop/quote/quote_inside.h"

/* One quote, or several of one checkout, on their way. */
struct making {
    struct db_r *r;
    struct arena *a;
    const struct quote_ask *ask;
    struct setting_place place;
    const struct quote_part *parts;
    size_t parts_n;
    str *countries; /* of each part, with the shop's own filled in */
    struct quote *quotes;

    /* All wanted products: ids in order, how many pieces of each in all parts, and the rows there are. */
    i64 *ids, *wanted;
    size_t ids_n;
    struct quote_products *products;
    size_t products_n;

    struct quote_taxes *taxes;
    size_t taxes_n;
    struct quote_rates *rates;
    size_t rates_n;
};

/* ---------------------------------------------------------------- what is wanted */

static int by_number(const void *a, const void *b) {
    i64 x = *(const i64 *)a, y = *(const i64 *)b;
    return (x > y) - (x < y);
}

static enum err collect_ids(struct making *m) {
    size_t n = 0;
    for (size_t k = 0; k < m->parts_n; k++) {
        if (m->parts[k].wants_n > SALES_ITEMS_MAX) return ERR_INVALID;
        n += m->parts[k].wants_n;
    }
    m->ids = ARENA_ARRAY(m->a, i64, n);
    n = 0;
    for (size_t k = 0; k < m->parts_n; k++)
        for (size_t i = 0; i < m->parts[k].wants_n; i++) {
            const struct quote_want *w = &m->parts[k].wants[i];
            if (w->qty < 1 || w->qty > SALES_QTY_MAX) return ERR_INVALID;
            m->ids[n++] = w->product_id;
        }
    if (n) qsort(m->ids, n, sizeof *m->ids, by_number);
    for (size_t i = 0; i < n; i++)
        if (!m->ids_n || m->ids[m->ids_n - 1] != m->ids[i]) m->ids[m->ids_n++] = m->ids[i];
    return m->ids_n > SALES_ITEMS_MAX ? ERR_INVALID : OK;
}

/* Where the product stands in m->ids. It does. */
static size_t place_of(const struct making *m, i64 id) {
    const i64 *at = bsearch(&id, m->ids, m->ids_n, sizeof id, by_number);
    return (size_t)(at - m->ids);
}

static enum err read_products(struct making *m) {
    TRY(collect_ids(m));
    if (!m->ids_n) return OK;
    str *digits = ARENA_ARRAY(m->a, str, m->ids_n);
    m->wanted = ARENA_ARRAY(m->a, i64, m->ids_n);
    for (size_t i = 0; i < m->ids_n; i++)
        digits[i] = arena_printf(m->a, "%019lld", (long long)m->ids[i]);
    for (size_t k = 0; k < m->parts_n; k++)
        for (size_t i = 0; i < m->parts[k].wants_n; i++)
            m->wanted[place_of(m, m->parts[k].wants[i].product_id)] += m->parts[k].wants[i].qty;
    return quote_products(m->r, arena_join(m->a, digits, m->ids_n), i18n_tag(m->ask->view->lang),
                          m->ask->group_id, m->ask->view->website_id, &m->products, &m->products_n);
}

static int product_by_id(const void *key, const void *row) {
    i64 x = *(const i64 *)key, y = ((const struct quote_products *)row)->id;
    return (x > y) - (x < y);
}

static struct quote_line line_of(const struct making *m, const struct quote_want *w, str country) {
    struct quote_line l = {.product_id = w->product_id,
                           .qty = w->qty,
                           .sku = S(""),
                           .name = S(""),
                           .url_key = S(""),
                           .trouble = QUOTE_GONE};
    const struct quote_products *p = m->products_n ? bsearch(&w->product_id, m->products, m->products_n,
                                                             sizeof *m->products, product_by_id)
                                                   : NULL;
    if (!p) return l;
    l.sku = p->sku;
    l.name = p->name;
    l.url_key = p->url_key;
    l.price = p->price;
    l.stock = MAX_OF(p->stock, 0);
    l.weight_g = p->weight_g;
    l.tax_bp = quote_tax_rate(m->taxes, m->taxes_n, p->tax_class, country);
    if (!p->sold) return l;
    l.row = p->price * w->qty;
    l.trouble = p->stock < m->wanted[place_of(m, w->product_id)] ? QUOTE_SHORT : QUOTE_FINE;
    return l;
}

static enum err make_lines(struct making *m, size_t k) {
    const struct quote_part *part = &m->parts[k];
    struct quote *q = &m->quotes[k];
    q->prices_incl = setting_bool(m->ask->settings, SETTING_TAX_INCLUDED, m->place);
    q->shipping_title = q->coupon_code = q->coupon_name = S("");
    q->lines = ARENA_ARRAY(m->a, struct quote_line, part->wants_n);
    for (size_t i = 0; i < part->wants_n; i++) {
        struct quote_line *l = &q->lines[q->lines_n++];
        *l = line_of(m, &part->wants[i], m->countries[k]);
        if (l->price < 0 || l->price > SALES_PRICE_MAX) return ERR_INVALID;
        q->trouble = q->trouble || l->trouble != QUOTE_FINE;
        q->totals.subtotal += l->row;
        q->pieces += l->qty;
        q->weight_g += l->qty * l->weight_g;
    }
    return OK;
}

/* ---------------------------------------------------------------- where to */

static bool known_before(const struct making *m, size_t k) {
    for (size_t i = 0; i < k; i++)
        if (str_eq(m->countries[i], m->countries[k])) return true;
    return false;
}

static enum err read_places(struct making *m) {
    str shop = setting_text(m->ask->settings, SETTING_TAX_COUNTRY, m->place);
    str *once = ARENA_ARRAY(m->a, str, m->parts_n);
    size_t n = 0;
    m->countries = ARENA_ARRAY(m->a, str, m->parts_n);
    for (size_t k = 0; k < m->parts_n; k++) {
        m->countries[k] = m->parts[k].country.n == 2 ? m->parts[k].country : shop;
        if (!known_before(m, k)) once[n++] = m->countries[k];
    }
    str all = arena_join(m->a, once, n);
    TRY(quote_taxes(m->r, all, &m->taxes, &m->taxes_n));
    if (!setting_bool(m->ask->settings, SETTING_SHIP_TABLE, m->place)) return OK;
    return quote_rates(m->r, m->place.website_id, all, &m->rates, &m->rates_n);
}

/* ---------------------------------------------------------------- the coupon */

static void say_coupon(struct making *m, enum quote_coupon state, const struct quote_coupon_row *c) {
    for (size_t k = 0; k < m->parts_n; k++) {
        struct quote *q = &m->quotes[k];
        q->coupon = state;
        q->coupon_code = c ? c->code : str_trim(m->ask->coupon_code);
        q->coupon_name = c ? c->name : S("");
        if (state == QUOTE_COUPON_FINE) q->coupon_id = c->id;
    }
}

/* What is taken off each part, and whether shipping is free. */
static enum err use_coupon(struct making *m, i64 *ret_discounts, bool *ret_free) {
    struct quote_coupon_row row;
    i64 *subtotals = ARENA_ARRAY(m->a, i64, m->parts_n), whole = 0;
    str code = str_trim(m->ask->coupon_code);
    str email = m->ask->email_fold.p ? m->ask->email_fold : S("");
    *ret_free = false;
    if (!code.n) return OK;
    for (size_t k = 0; k < m->parts_n; k++)
        whole += subtotals[k] = m->quotes[k].totals.subtotal;
    enum err e = quote_coupon_row(m->r, i18n_casefold(m->a, code), m->ask->customer_id, email, &row);
    if (e && e != ERR_NOT_FOUND) return e;
    const struct quote_coupon_row *c = e ? NULL : &row;
    enum quote_coupon state = quote_judge(c, m->place.website_id, whole, m->ask->now_us);
    say_coupon(m, state, c);
    if (state != QUOTE_COUPON_FINE) return OK;
    quote_discounts(c, subtotals, ret_discounts, m->parts_n);
    *ret_free = str_eq(c->kind, S("free_shipping"));
    return OK;
}

/* ---------------------------------------------------------------- shipping */

static void offer(struct making *m, struct quote *q, enum setting title, str code, str standard, i64 price) {
    str own = setting_text(m->ask->settings, title, m->place);
    q->shipping[q->shipping_n++] = (struct quote_shipping){
        .code = code,
        .title = own.n ? arena_str(m->a, own) : i18n_get(m->ask->view->lang, standard),
        .price = price,
    };
}

static void offer_all(struct making *m, size_t k, i64 discount, bool is_free) {
    const struct settings *s = m->ask->settings;
    struct quote *q = &m->quotes[k];
    i64 table, goods = q->totals.subtotal - discount;
    q->shipping = ARENA_ARRAY(m->a, struct quote_shipping, 3);
    if (setting_bool(s, SETTING_SHIP_FREE, m->place) &&
        goods >= setting_money(s, SETTING_SHIP_FREE_FROM, m->place))
        offer(m, q, SETTING_SHIP_FREE_TITLE, S("free"), T("Free Shipping"), 0);
    if (setting_bool(s, SETTING_SHIP_FLAT, m->place))
        offer(m, q, SETTING_SHIP_FLAT_TITLE, S("flat"), T("Flat Rate"),
              is_free ? 0 : setting_money(s, SETTING_SHIP_FLAT_PRICE, m->place));
    if (setting_bool(s, SETTING_SHIP_TABLE, m->place) &&
        quote_table_rate(m->rates, m->rates_n, m->countries[k], q->weight_g, &table))
        offer(m, q, SETTING_SHIP_TABLE_TITLE, S("table"), T("Delivery by weight"), is_free ? 0 : table);
}

/* The code of the way that counts. */
static str way_of(const struct making *m, size_t k) {
    const struct quote *q = &m->quotes[k];
    if (m->parts[k].shipping_method.n || !m->ask->cheapest || !q->shipping_n)
        return m->parts[k].shipping_method;
    const struct quote_shipping *best = &q->shipping[0];
    for (size_t i = 1; i < q->shipping_n; i++)
        if (q->shipping[i].price < best->price) best = &q->shipping[i];
    return best->code;
}

static enum err choose(struct making *m, size_t k) {
    struct quote *q = &m->quotes[k];
    str way = way_of(m, k);
    for (size_t i = 0; i < q->shipping_n; i++) {
        if (q->shipping[i].price > SALES_PRICE_MAX) return ERR_INVALID;
        if (!str_eq(q->shipping[i].code, way)) continue;
        q->totals.shipping = q->shipping[i].price;
        q->shipping_title = q->shipping[i].title;
    }
    return OK;
}

/* ---------------------------------------------------------------- together */

enum err quote_make_parts(struct db_r *r, const struct quote_ask *ask, const struct quote_part *parts,
                          size_t parts_n, struct quote **ret) {
    struct making m = {.r = r, .a = db_arena(r), .ask = ask, .parts = parts, .parts_n = parts_n};
    bool is_free;
    m.place = (struct setting_place){ask->view->website_id, ask->view->id};
    m.quotes = *ret = ARENA_ARRAY(m.a, struct quote, parts_n);
    i64 *discounts = ARENA_ARRAY(m.a, i64, parts_n);
    TRY(read_places(&m));
    TRY(read_products(&m));
    for (size_t k = 0; k < parts_n; k++)
        TRY(make_lines(&m, k));
    TRY(use_coupon(&m, discounts, &is_free));
    str tax_class = setting_text(ask->settings, SETTING_SHIPPING_TAX_CLASS, m.place);
    for (size_t k = 0; k < parts_n; k++) {
        offer_all(&m, k, discounts[k], is_free);
        TRY(choose(&m, k));
        quote_finish(m.a, &m.quotes[k], discounts[k],
                     quote_tax_rate(m.taxes, m.taxes_n, tax_class, m.countries[k]));
    }
    return OK;
}

enum err quote_make(struct db_r *r, const struct quote_ask *ask, struct quote *ret) {
    const struct quote_part whole = {ask->wants, ask->wants_n, ask->country, ask->shipping_method};
    struct quote *one;
    TRY(quote_make_parts(r, ask, &whole, 1, &one));
    *ret = *one;
    return OK;
}
