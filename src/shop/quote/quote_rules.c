/* Tax rates, table rates, coupons and the sums of a quote. */
#include "shop/quote/quote_inside.h"

/* ---------------------------------------------------------------- tax and shipping */

i64 quote_tax_rate(const struct quote_taxes *rates, size_t n, str tax_class, str country) {
    i64 elsewhere = 0;
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(rates[i].tax_class, tax_class)) continue;
        if (str_eq(rates[i].country, country)) return rates[i].rate_bp;
        if (str_eq(rates[i].country, S("*"))) elsewhere = rates[i].rate_bp;
    }
    return elsewhere;
}

static const struct quote_rates *heaviest(const struct quote_rates *rates, size_t n, str country,
                                          i64 weight_g) {
    const struct quote_rates *best = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct quote_rates *r = &rates[i];
        if (!str_eq(r->country, country) || r->from_weight_g > weight_g) continue;
        if (!best || r->from_weight_g > best->from_weight_g) best = r;
    }
    return best;
}

bool quote_table_rate(const struct quote_rates *rates, size_t n, str country, i64 weight_g, i64 *ret) {
    const struct quote_rates *row = heaviest(rates, n, country, weight_g);
    if (!row) row = heaviest(rates, n, S("*"), weight_g);
    if (row) *ret = row->price;
    return row != NULL;
}

/* ---------------------------------------------------------------- coupons */

enum quote_coupon quote_judge(const struct quote_coupon_row *c, i64 website_id, i64 subtotal, i64 now_us) {
    if (!c || !c->active) return QUOTE_COUPON_UNKNOWN;
    if (c->website_id.set && c->website_id.v != website_id) return QUOTE_COUPON_UNKNOWN;
    if (c->from_us.set && now_us < c->from_us.v) return QUOTE_COUPON_UNKNOWN;
    if (c->until_us.set && now_us >= c->until_us.v) return QUOTE_COUPON_UNKNOWN;
    if (c->uses_max.set && c->uses >= c->uses_max.v) return QUOTE_COUPON_USED_UP;
    if (c->uses_per_customer.set && c->used_by >= c->uses_per_customer.v) return QUOTE_COUPON_USED_UP;
    if (subtotal < c->minimum) return QUOTE_COUPON_MINIMUM;
    return QUOTE_COUPON_FINE;
}

void quote_discounts(const struct quote_coupon_row *c, const i64 *subtotals, i64 *ret, size_t n) {
    i64 whole = 0;
    for (size_t i = 0; i < n; i++) {
        whole += subtotals[i];
        ret[i] = 0;
    }
    if (str_eq(c->kind, S("percent"))) {
        for (size_t i = 0; i < n; i++)
            ret[i] = sales_share(subtotals[i], MIN_OF(c->value, 10000), 10000);
    } else if (str_eq(c->kind, S("fixed"))) {
        sales_spread(MIN_OF(c->value, whole), subtotals, ret, n);
    }
}

str quote_coupon_text(enum quote_coupon c) {
    switch (c) {
    case QUOTE_COUPON_NONE:
    case QUOTE_COUPON_FINE: break;
    case QUOTE_COUPON_UNKNOWN: return T("This coupon code is not valid.");
    case QUOTE_COUPON_USED_UP: return T("This coupon has been used up.");
    case QUOTE_COUPON_MINIMUM: return T("Your cart is below the minimum amount of this coupon.");
    }
    return STR_NULL;
}

/* ---------------------------------------------------------------- sums */

void quote_finish(struct arena *a, struct quote *q, i64 discount, i64 shipping_bp) {
    struct sales_totals *t = &q->totals;
    i64 *rows = ARENA_ARRAY(a, i64, q->lines_n), *shares = ARENA_ARRAY(a, i64, q->lines_n);
    t->subtotal = 0;
    for (size_t i = 0; i < q->lines_n; i++)
        t->subtotal += rows[i] = q->lines[i].row;
    t->discount = MIN_OF(discount, t->subtotal);
    sales_spread(t->discount, rows, shares, q->lines_n);
    t->tax = t->shipping_tax = sales_tax(t->shipping, shipping_bp, q->prices_incl);
    for (size_t i = 0; i < q->lines_n; i++) {
        struct quote_line *l = &q->lines[i];
        l->discount = shares[i];
        l->tax = sales_tax(l->row - l->discount, l->tax_bp, q->prices_incl);
        t->tax += l->tax;
    }
    t->total = t->subtotal - t->discount + t->shipping + (q->prices_incl ? 0 : t->tax);
}
