/* The arithmetic of selling: what a part of an order costs, which state an order is in, and what may be done
 * with it. Pure: no database, no page, no clock; any thread. docs/money.md says the rules in words.
 *
 * Amounts are minor units on the order's price basis: with tax inside when `prices_incl`, else without it.
 * Parts of an order (invoices, credit memos) are made by *what is left*: each takes its share of the amount
 * that no part took yet, so the parts add up to the whole, to the cent, in every order of events. */
#ifndef SALES_SALES_H
#define SALES_SALES_H

#include "base/base.h"

/* ---------------------------------------------------------------- amounts */

/* No price, quantity or total beyond these: then no sum of them can overflow 63 bits. */
enum { SALES_QTY_MAX = 9999, SALES_ITEMS_MAX = 500 };
#define SALES_PRICE_MAX ((i64)10000000000) /* 100 million in a currency with cents */

/* a × b / c, rounded half away from zero; c > 0. The product may be wider than 63 bits. */
i64 sales_share(i64 a, i64 b, i64 c);
/* The tax on an amount at a rate in basis points: inside it when `included`, else on top of it. */
i64 sales_tax(i64 amount, i64 rate_bp, bool included);
/* Divides an amount over the weights, to the unit: shares rounded down, what is left goes to the largest
 * remainders, the earlier one first. Weights are >= 0; when all are 0 every share is 0. */
void sales_spread(i64 amount, const i64 *weights, i64 *ret_shares, size_t n);

/* ---------------------------------------------------------------- orders */

/* The states and what may follow: SALES_STATE(NAME, "word in the database", T("title"), tone) */
enum sales_state {
#define SALES_STATE(name, ...) SALES_##name,
#include "sales/states.def"
#undef SALES_STATE
    SALES_STATE_MAX
};

/* SALES_STATE_MAX when the word is none. */
enum sales_state sales_state_by_word(str word);
str sales_state_word(enum sales_state s);
/* msgid */
str sales_state_title(enum sales_state s);
/* "good", "warn", "bad", "info" or "muted": how the grids and pages tone it. */
const char *sales_state_tone(enum sales_state s);

enum sales_action {
    SALES_DO_PAY,    /* the provider's payment arrived */
    SALES_DO_CANCEL, /* everything that is neither invoiced nor shipped */
    SALES_DO_HOLD,
    SALES_DO_UNHOLD,
    SALES_DO_INVOICE,
    SALES_DO_SHIP,
    SALES_DO_REFUND,
    SALES_DO_MAX
};

/* A line of an order. */
struct sales_item {
    i64 id, product_id, weight_g;
    i64 price, row, discount, tax; /* as ordered; row = price × ordered */
    i64 discount_invoiced, tax_invoiced, discount_refunded, tax_refunded, discount_canceled, tax_canceled;
    i64 ordered, invoiced, shipped, refunded, canceled;
    i64 withdrawn; /* refunded before they were sent */
};

struct sales_totals {
    i64 subtotal, discount, shipping, shipping_tax;
    i64 tax; /* of items and shipping */
    i64 total;
};

struct sales_order {
    enum sales_state state, held_state; /* held_state: what it goes back to when HOLDED */
    bool prices_incl;
    struct sales_totals totals;
    i64 invoiced, paid, refunded, canceled; /* amounts */
    bool shipping_invoiced, shipping_canceled;
    i64 shipping_refunded, shipping_tax_refunded;
    struct sales_item *items;
    size_t items_n;
};

/* What the customer still has to pay: total - canceled - paid. */
i64 sales_due(const struct sales_order *o);
/* Pieces that can still go on an invoice, into a parcel, on a credit memo; and that Cancel would take. */
i64 sales_to_invoice(const struct sales_item *i);
i64 sales_to_ship(const struct sales_item *i);
i64 sales_to_refund(const struct sales_item *i);
i64 sales_to_cancel(const struct sales_item *i);
/* The largest amount that a credit memo may give back: paid - refunded. */
i64 sales_refundable(const struct sales_order *o);

/* The one table: is this allowed in this state, and is there anything left to do it with? */
bool sales_may(const struct sales_order *o, enum sales_action action);
/* The state that follows from quantities and amounts. HOLDED and PENDING_PAYMENT are left only by their
 * actions. */
enum sales_state sales_state_after(const struct sales_order *o);

/* ---------------------------------------------------------------- documents */

/* A line of a document: `item` is an index into the order's items. */
struct sales_part {
    size_t item;
    i64 qty, row, discount, tax;
};

/* What a new document says: filled by the caller (qty of every item; the rest only for credit memos) … */
struct sales_ask {
    const i64 *qty;      /* one for each of the order's items; 0: not on it */
    i64 shipping;        /* credit memo: of the shipping amount, on the price basis */
    i64 adjustment, fee; /* credit memo: on top, and kept back */
};

/* … and what follows from it. Parts are in the arena. */
struct sales_document {
    struct sales_totals totals;
    struct sales_part *parts;
    size_t parts_n;
};

enum sales_wrong {
    SALES_FINE,
    SALES_NOT_ALLOWED, /* not in this state */
    SALES_NOTHING,     /* no piece and no amount */
    SALES_QTY_NEGATIVE,
    SALES_QTY_TOO_LARGE, /* more than is left; *ret_item says of which item */
    SALES_AMOUNT_NEGATIVE,
    SALES_SHIPPING_TOO_LARGE,
    SALES_OVER_PAID,  /* would give back more than was paid */
    SALES_BELOW_ZERO, /* the fee is more than the rest */
};

/* Each computes the document and, when nothing is wrong, changes *o by it, with its new state. Otherwise *o
 * is untouched. *ret_item is set for what concerns one item. An invoice is not paid yet: see sales_pay. */
enum sales_wrong sales_invoice(struct arena *a, struct sales_order *o, const struct sales_ask *ask,
                               struct sales_document *ret, size_t *ret_item);
enum sales_wrong sales_ship(struct arena *a, struct sales_order *o, const struct sales_ask *ask,
                            struct sales_document *ret, size_t *ret_item);
enum sales_wrong sales_refund(struct arena *a, struct sales_order *o, const struct sales_ask *ask,
                              struct sales_document *ret, size_t *ret_item);
/* An open invoice of this total was paid. */
enum sales_wrong sales_pay(struct sales_order *o, i64 total);
/* An open invoice is taken back: its pieces and amounts are free again. Refused when one of its items
 * was refunded: which pieces came back could not be told. */
enum sales_wrong sales_uninvoice(struct sales_order *o, const struct sales_document *d);
/* The provider says that the whole order is paid: PENDING_PAYMENT becomes PENDING, ready for its invoice. */
enum sales_wrong sales_confirm_payment(struct sales_order *o);
/* Cancels all that is neither invoiced nor shipped. ret_qty: one for each item, how many pieces were let go
 * (they go back to stock). */
enum sales_wrong sales_cancel(struct sales_order *o, i64 *ret_qty);
enum sales_wrong sales_hold(struct sales_order *o);
enum sales_wrong sales_unhold(struct sales_order *o);

/* Do all amounts and quantities of the order agree with each other? For tests and for the check of a shop. */
bool sales_agrees(const struct sales_order *o);

#endif
