/* What a purchase would cost: prices of the customer's group, coupon, shipping and tax of some products sent
 * to one address, or to several. Cart, checkout and staff's new orders all ask here, and an order is placed
 * from nothing else, so that every page says the same amounts. Only reads; may be called in a page or in an
 * operation. The rules of rounding are in docs/money.md. */
#ifndef SHOP_QUOTE_QUOTE_H
#define SHOP_QUOTE_QUOTE_H

#include "base/base.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "sales/sales.h"
#include "settings/settings.h"
#include "store/store.h"

struct quote_want {
    i64 product_id, qty;
};

/* What goes to one address, and how. */
struct quote_part {
    const struct quote_want *wants;
    size_t wants_n;
    str country;         /* ISO 3166-1; empty: not known yet, then the shop's own */
    str shipping_method; /* code; empty: none chosen yet, shipping is 0 (unless `cheapest`) */
};

/* For whom, what, where to and how. */
struct quote_ask {
    const struct settings *settings;
    const struct store_view *view;
    i64 group_id;
    opt_i64 customer_id; /* for coupons with a limit per customer */
    str email_fold;      /* the same for guests; empty: not known yet */
    str coupon_code;     /* as typed; empty: none */
    bool cheapest;       /* where no way of shipping is chosen, the cheapest counts: an estimate */
    i64 now_us;
    /* What is asked of quote_make; quote_make_parts gets its parts beside. */
    const struct quote_want *wants;
    size_t wants_n;
    str country;
    str shipping_method;
};

enum quote_trouble {
    QUOTE_FINE,
    QUOTE_GONE,  /* not sold any more: stands with an amount of 0 */
    QUOTE_SHORT, /* fewer in stock than wanted, in all parts together */
};

struct quote_line {
    i64 product_id, qty, price, row, discount, tax, tax_bp, weight_g;
    i64 stock;              /* what can be sold now; never below 0 */
    str sku, name, url_key; /* empty when the product was deleted */
    enum quote_trouble trouble;
};

/* A way of shipping that is offered to this address; the price is on the quote's price basis. */
struct quote_shipping {
    str code;  /* "flat", "free", "table" */
    str title; /* in the view's language */
    i64 price;
};

enum quote_coupon {
    QUOTE_COUPON_NONE,
    QUOTE_COUPON_FINE,
    QUOTE_COUPON_UNKNOWN, /* no such code, switched off, not of this website, not yet or no longer valid */
    QUOTE_COUPON_USED_UP, /* by all, or by this customer */
    QUOTE_COUPON_MINIMUM, /* the subtotal is too small */
};

struct quote {
    bool prices_incl;
    struct quote_line *lines; /* one for each want, in their order */
    size_t lines_n;
    struct sales_totals totals;
    i64 weight_g;
    i64 pieces;
    struct quote_shipping *shipping;
    size_t shipping_n;
    str shipping_title; /* of the chosen one; empty when none, or when it is not offered (any more) */
    enum quote_coupon coupon;
    i64 coupon_id;                /* when FINE */
    str coupon_code, coupon_name; /* the code as it was made, when there is one like it; else as typed */
    bool trouble;                 /* some line has one */
};

/* Everything in the handle's arena. ERR_DB; ERR_INVALID when prices, quantities or the number of lines are
 * beyond the bounds of sales/sales.h. */
enum err quote_make(struct db_r *r, const struct quote_ask *ask, struct quote *ret) MUST_CHECK;
/* A checkout with several addresses: one quote for each part, in as many queries as for one. A percentage is
 * taken of each part, a fixed amount is spread over the parts by their subtotals; stock and the coupon's
 * minimum are judged by all parts together. *ret has parts_n quotes. */
enum err quote_make_parts(struct db_r *r, const struct quote_ask *ask, const struct quote_part *parts,
                          size_t parts_n, struct quote **ret) MUST_CHECK;

/* What to tell the customer of the coupon (msgid); STR_NULL for NONE and FINE. */
str quote_coupon_text(enum quote_coupon c);

#endif
