/* What the files of this slice share: the checkout as it stands, and what it would cost. */
#ifndef SHOP_CHECKOUT_INSIDE_H
#define SHOP_CHECKOUT_INSIDE_H

#include "gate/gate.h"
#include "gen/checkout_gate.h"
#include "gen/checkout_sql.h"
#include "gen/checkout_tpl.h"
#include "shop/cart/cart.h"
#include "shop/checkout/checkout.h"
#include "shop/customer/customer.h"
#include "shop/order/order.h"
#include "shop/payment/payment.h"
#include "shop/quote/quote.h"

/* Who asks, and where: of a page or of an operation. */
struct checkout_ask {
    struct db_r *r;
    struct arena *arena;
    const struct actor *actor;
    const struct store_view *view;
    const struct settings *settings;
    enum lang lang;
    i64 now_us;
};
struct checkout_ask checkout_ask_page(const struct page *p);
struct checkout_ask checkout_ask_op(const struct op *op);

/* An address that was chosen or typed in. */
struct checkout_place {
    i64 id;          /* of its row; 0: there is none */
    i64 position;    /* 1, or 1, 2, 3 … of several */
    opt_i64 book_id; /* where it stands in the address book */
    struct customer_address address;
    str shipping_method;
};

/* What becomes one order. */
struct checkout_part {
    struct checkout_place to;
    struct quote_want *wants;
    size_t wants_n;
    struct quote quote;
};

/* A cart on its way to orders. Without a row (id 0) nothing was chosen yet. */
struct checkout {
    i64 cart_id; /* 0: no cart */
    struct quote_want *wants;
    size_t wants_n;
    i64 pieces;
    i64 id;
    str key, email, coupon_code, payment_method, purchase_order;
    bool several, same_address;
    struct checkout_place billing; /* not set when same_address */
    struct checkout_part *parts;
    size_t parts_n;
    bool spread;    /* every piece goes somewhere: always so with one address */
    bool too_large; /* amounts or quantities beyond what one order can hold */
    bool trouble;   /* a product is gone or short */
    struct payment_method methods[PAYMENT_METHODS_MAX];
    size_t methods_n;
};

/* Reads everything and asks what each part costs. Without an address yet, `parts` is one part to nowhere, so
 * that there is always a quote while there is something in the cart. */
enum err checkout_load(const struct checkout_ask *ask, struct checkout *ret) MUST_CHECK;

/* Asks again what each part costs, when something of *c was changed. A quote of `c` is replaced, not shared.
 */
enum err checkout_ask_quotes(const struct checkout_ask *ask, struct checkout *c) MUST_CHECK;

/* Is there something in the cart that can be checked out? */
bool checkout_any(const struct checkout *c);
/* Has the first address been given? */
bool checkout_has_place(const struct checkout *c);
/* The e-mail that orders get: the customer's own, or the guest's; empty: not known yet. */
str checkout_email(const struct checkout_ask *ask, const struct checkout *c);
/* The method that was chosen, when it is (still) offered; NULL otherwise. */
const struct payment_method *checkout_method(const struct checkout *c);
/* Is it paid at a provider, before the orders count? Not where there is nothing to pay. */
bool checkout_pays_first(const struct checkout *c);
/* The address that bills go to. */
const struct customer_address *checkout_billing(const struct checkout *c);
/* The sums over all parts. */
struct sales_totals checkout_totals(const struct checkout *c);

/* The quote's line of a product, in the first part that it stands in; NULL: it goes nowhere. */
const struct quote_line *checkout_line(const struct checkout *c, i64 product_id);

enum checkout_step { CHECKOUT_ADDRESS, CHECKOUT_PAYMENT, CHECKOUT_REVIEW };
/* The first step that something is missing in; REVIEW: nothing is. */
enum checkout_step checkout_missing(const struct checkout_ask *ask, const struct checkout *c);
/* The path of a step, in this checkout. */
str checkout_step_path(const struct checkout *c, enum checkout_step step);

/* ---- operations ---- */

/* Loads the checkout with its row made; refuses an empty cart (op_fail). Writer only. */
enum err checkout_begin(struct op *op, struct checkout *ret) MUST_CHECK;
/* Notes for the record that the checkout was changed. */
void checkout_record(struct op *op, const struct checkout *c);
/* Puts an address into the checkout: role "shipping" or "billing". Notes it for the record. Writer only. */
enum err checkout_put_place(struct op *op, const struct checkout *c, str role, i64 position, opt_i64 book_id,
                            const struct customer_address *address, i64 *ret_id) MUST_CHECK;

/* ---- the address book ---- */

struct checkout_entry {
    i64 id;
    struct customer_address address;
};
/* The customer's address book; empty for a guest. */
enum err checkout_book_read(struct db_r *r, struct checkout_entry **ret, size_t *ret_n) MUST_CHECK;
/* The entry with this id; NULL when there is none. */
const struct checkout_entry *checkout_book_find(const struct checkout_entry *book, size_t n, i64 id);
#define CHECKOUT_ADDRESS_MEMBERS(row)                                                                        \
    .firstname = (row)->firstname, .lastname = (row)->lastname, .company = (row)->company,                   \
    .street1 = (row)->street1, .street2 = (row)->street2, .postcode = (row)->postcode, .city = (row)->city,  \
    .region = (row)->region, .country = (row)->country, .telephone = (row)->telephone

/* ---- pages ---- */

/* What every page of the checkout begins with. True: the answer is given already, because the cart is empty,
 * or because a step before `step` is not done. */
enum err checkout_page(struct page *p, enum checkout_step step, struct checkout_ask *ask, struct checkout *c,
                       bool *ret_answered) MUST_CHECK;
/* The steps, and the summary beside them, as pieces of the page. */
html_t checkout_steps_html(struct page *p, const struct checkout *c, enum checkout_step step);
html_t checkout_summary_html(struct page *p, const struct checkout *c);
struct tpl_checkout_totals checkout_totals_view(const struct checkout *c);
/* An amount in the shop's currency, in the manner of the store view. */
str checkout_money(const struct checkout_ask *ask, i64 minor);
/* A translated message with the places {name}, {a} and {b}. */
str checkout_message(const struct checkout_ask *ask, str msgid, str name, str one, str two);
str checkout_digits(struct arena *a, i64 n);
/* The form of an address: for guests the first step itself. */
enum err checkout_address_form(struct page *p, const struct checkout_ask *ask, const struct checkout *c,
                               enum checkout_address_use use) MUST_CHECK;

/* ---- what was shown when *Place Order* was pressed ---- */

/* Everything that the review shows, in short: goes along with the form, and comes back. Arena. */
str checkout_shown(struct arena *a, const struct checkout_ask *ask, const struct checkout *c);
/* Says in what the checkout differs from what was shown, by op_invalid; nothing when it does not. */
enum err checkout_compare(struct op *op, const struct checkout_ask *ask, const struct checkout *c,
                          str shown) MUST_CHECK;

#endif
