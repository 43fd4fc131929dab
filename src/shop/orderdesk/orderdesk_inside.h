/* Staff create an order, for a customer or a guest: what the files of this slice share. */
#ifndef SHOP_ORDERDESK_INSIDE_H
#define SHOP_ORDERDESK_INSIDE_H

#include "access/access.h"
#include "gate/gate.h"
#include "gen/orderdesk_gate.h"
#include "gen/orderdesk_sql.h"
#include "shop/catalog/catalog.h"
#include "shop/customer/customer.h"
#include "shop/order/order.h"
#include "shop/payment/payment.h"
#include "shop/quote/quote.h"

/* The values of bill_to and ship_to that are no id of the address book. */
#define ORDERDESK_NEW  S("new")
#define ORDERDESK_SAME S("same") /* of ship_to: as the billing address */

struct orderdesk_line {
    i64 product_id;
    str typed; /* the quantity as it was filled in */
    i64 qty;   /* 0: what was filled in is no quantity that can be ordered */
};

/* Of the customer's address book. */
struct orderdesk_entry {
    i64 id;
    str text; /* the id as the form says it */
    struct customer_address address;
};

/* An order on its way: what the form says, and what it costs. All strings are set. */
struct orderdesk {
    bool guest; /* of the customer only website, group and email are set then, the last one as typed */
    struct orderdesk_customer customer;
    const struct store_view *view;
    struct orderdesk_entry *book;
    size_t book_n;
    str key;
    struct orderdesk_line *lines;
    size_t lines_n;
    str bill_to, ship_to;
    struct customer_address bill, ship; /* as typed, for ORDERDESK_NEW */
    str method, payment, purchase_order, coupon, comment;
    bool visible;
    str missing; /* names of what an earlier order had and is not sold any more */
    struct quote quote;
    bool counted;     /* every quantity is one: the amounts are those of the order */
    bool method_gone; /* the way of shipping that was chosen is not offered any more */
    str find;         /* products are looked for by these words; empty: none are */
};

enum { ORDERDESK_FOUND = 20 };

/* What was found, as it could be ordered: one piece of each. */
struct orderdesk_found {
    struct catalog_query query;
    struct quote_line *lines;
    size_t lines_n; /* at most ORDERDESK_FOUND */
    bool more;
};

/* Who asks, of a page or of an operation. */
struct orderdesk_ask {
    struct db_r *r;
    struct arena *arena;
    const struct stores *stores;
    const struct settings *settings;
    i64 now_us;
};
struct orderdesk_ask orderdesk_ask_page(const struct page *p);
struct orderdesk_ask orderdesk_ask_op(const struct op *op);

/* The customer with the address book, in their own store view, nothing filled in yet. ERR_NOT_FOUND when
 * there is none in the role's websites. */
enum err orderdesk_open(const struct orderdesk_ask *ask, i64 customer_id, struct orderdesk *ret) MUST_CHECK;
/* The same for a guest in a view: nobody's address book. ERR_NOT_FOUND when the view is none of the role's
 * websites, or not active. */
enum err orderdesk_open_guest(const struct orderdesk_ask *ask, i64 view_id, struct orderdesk *ret) MUST_CHECK;
/* Chooses the customer's default addresses. */
void orderdesk_use_defaults(struct orderdesk *d);
/* Fills in an earlier order: what is still sold, its addresses and methods. */
enum err orderdesk_use_order(const struct orderdesk_ask *ask, const struct order *o,
                             struct orderdesk *d) MUST_CHECK;
/* Chooses a store view of the customer's website, for a guest of any that the role reaches; false when it is
 * none. */
bool orderdesk_use_view(const struct orderdesk_ask *ask, i64 view_id, struct orderdesk *d);
/* The lines of the form, without those to be removed. Keys that are no product's id are left out. */
void orderdesk_use_lines(struct arena *a, const struct gate_map_entry *qty, size_t qty_n, const i64 *removed,
                         size_t removed_n, struct orderdesk *d);
/* The quantity that a text says; 0 when it says none from 1 to SALES_QTY_MAX. */
i64 orderdesk_qty(str text);

/* The address that was chosen or typed; NULL when `to` names none. */
const struct customer_address *orderdesk_billing(const struct orderdesk *d);
const struct customer_address *orderdesk_shipping(const struct orderdesk *d);

/* What it costs. Where a quantity is wrong, one piece of each is asked for instead, and `counted` is false.
 * ERR_INVALID when a price is beyond what an order can hold. */
enum err orderdesk_count(const struct orderdesk_ask *ask, struct orderdesk *d) MUST_CHECK;
/* The same; when no offered way of shipping is chosen, the first one is. */
enum err orderdesk_count_and_choose(const struct orderdesk_ask *ask, struct orderdesk *d) MUST_CHECK;

/* Looks for products by d->find, as the shop does. Nothing when a price is beyond what an order can hold. */
enum err orderdesk_find(const struct orderdesk_ask *ask, const struct orderdesk *d,
                        struct orderdesk_found *ret) MUST_CHECK;

/* The ways to pay later that are offered in the view. */
size_t orderdesk_payments(const struct orderdesk_ask *ask, const struct orderdesk *d,
                          struct payment_method ret[PAYMENT_METHODS_MAX]);

/* The customers to choose from. */
enum err orderdesk_pick(struct page *p) MUST_CHECK;

#endif
