/* The rules of a quote without the database: what quote.c reads is put together by these. Pure; any thread.
 */
#ifndef SHOP_QUOTE_QUOTE_INSIDE_H
#define SHOP_QUOTE_QUOTE_INSIDE_H

#include "gen/quote_sql.h"
#include "shop/quote/quote.h"

/* The rate of a class in a country: the country's own row, else that of '*', else 0. */
i64 quote_tax_rate(const struct quote_taxes *rates, size_t n, str tax_class, str country);
/* The table's price for a parcel: of the country's own rows the heaviest that is not over its weight, else of
 * the rows of '*'. False when no row holds. */
bool quote_table_rate(const struct quote_rates *rates, size_t n, str country, i64 weight_g, i64 *ret);

/* Whether the coupon is good; c NULL: there is none with this code. */
enum quote_coupon quote_judge(const struct quote_coupon_row *c, i64 website_id, i64 subtotal, i64 now_us);
/* What a good coupon takes off each part's goods. */
void quote_discounts(const struct quote_coupon_row *c, const i64 *subtotals, i64 *ret, size_t n);

/* Gives each line its share of the discount and its tax, and adds everything up. The lines have row and
 * tax_bp; the shipping price is in q->totals.shipping. */
void quote_finish(struct arena *a, struct quote *q, i64 discount, i64 shipping_bp);

#endif
