/* Orders: placed from a quote, changed only through sales/, commented, mailed. Invoices, shipments and credit
 * memos (slices of their own) load an order here, change its `sales` part by the arithmetic of sales/sales.h,
 * and save it here. */
#ifndef SHOP_ORDER_ORDER_H
#define SHOP_ORDER_ORDER_H

#include "base/base.h"
#include "db/db.h"
#include "gate/gate.h"
#include "sales/sales.h"
#include "shop/customer/customer.h"
#include "shop/quote/quote.h"

/* Beside sales.items, at the same index. */
struct order_line {
    str sku, name;
    i64 tax_bp;
};

struct order {
    i64 id, number, website_id, view_id;
    opt_i64 customer_id;         /* none: a guest's, or the account was deleted */
    opt_i64 customer_website_id; /* where the account is: with accounts of all websites it may be another */
    bool guest;
    i64 group_id;
    str email, firstname, lastname;
    str currency, locale;
    struct sales_order sales;
    struct order_line *lines; /* sales.items_n */
    struct customer_address billing, shipping;
    str shipping_method, shipping_title, payment_method, payment_title, purchase_order, coupon_code;
    i64 weight_g;
    opt_i64 staff_id, assist_session_id; /* who placed it for the customer, and in which assisted session */
    str staff_name;
    str checkout_key;
    i64 checkout_part;
    str ip;
    i64 created_us, updated_us;
};

/* With its items and addresses, in three queries, in the handle's arena. ERR_NOT_FOUND. */
enum err order_get(struct db_r *r, i64 id, struct order *ret) MUST_CHECK;
/* The same, only when its website is one of @scope: for the Admin. */
enum err order_get_scoped(struct db_r *r, i64 id, struct order *ret) MUST_CHECK;
/* The same, only when it is the reader's own (@self): for the shop. */
enum err order_get_own(struct db_r *r, i64 id, struct order *ret) MUST_CHECK;

/* Does the order's account exist for this staff user? Otherwise nothing may lead to it. */
bool order_customer_reached(const struct actor *staff, const struct order *o);
/* "Ada Lovelace" */
str order_customer_name(struct arena *a, const struct order *o);
/* "100000012" */
str order_number_text(struct arena *a, i64 number);
/* What the search_fold of an order or document holds: its numbers, the customer's name and e-mail
 * (i18n_search_text). The database keeps the words of all four kinds (grid.h). */
enum { ORDER_SEARCH_NUMBER, ORDER_SEARCH_NAME, ORDER_SEARCH_EMAIL, ORDER_SEARCH_PARTS };
str order_search_fold(struct arena *a, const i64 *numbers, size_t n, str firstname, str lastname, str email);
/* An amount in the order's currency, in the manner of `locale`: pages of an order never use the shop's own
 * currency, which may be another one by now. */
str order_money(struct arena *a, const struct order *o, str locale, i64 minor);

/* ---- placing ---- */

struct order_draft {
    /* Without trouble, with a way of shipping. A checkout with several orders makes all its quotes before it
     * places the first one: placing takes stock and uses the coupon. */
    const struct quote *quote;
    const struct store_view *view;
    opt_i64 customer_id;
    i64 group_id;
    str email, firstname, lastname;
    struct customer_address billing, shipping; /* checked */
    str shipping_method;
    str payment_method, payment_title, purchase_order;
    bool pays_first; /* at a provider: begins as PENDING_PAYMENT, confirmed and mailed when it is paid */
    str checkout_key;
    i64 checkout_part; /* 1, 2, 3 … */
    opt_i64 shop_session_id;
};

/* Takes the next number, takes the pieces out of the stock, writes the order with items, addresses and coupon
 * use, its first comments and (unless pays_first) the confirmation mail, all in op's transaction. When staff
 * act for the customer (assisted, or in the Admin), the staff user is kept on the order and the two comments
 * of the specification (part 5) are written. A coupon is used once for all orders of a checkout_key. Refuses
 * (op_fail, ERR_CONFLICT) when a product ran out or the coupon was used up meanwhile; nothing stays then.
 * Does not touch the cart, and says nothing to the record but what the caller says. ERR_INTERNAL when the
 * quote is not one to place. */
enum err order_place(struct op *op, const struct order_draft *draft, i64 *ret_id, i64 *ret_number) MUST_CHECK;
/* Orders that were placed with this key already, in the order of their parts: a repeated request finds them.
 */
enum err order_by_checkout(struct db_r *r, str checkout_key, i64 **ret_ids, size_t *ret_n) MUST_CHECK;
/* The confirmation mail: for an order whose payment arrived, and for *Send Email*. */
enum err order_confirm_mail(struct op *op, const struct order *o) MUST_CHECK;

/* ---- changing ---- */

/* Writes what differs between `before` and `after` (state, amounts, quantities), both with the same items.
 * Notes the changes of state and amounts for the record. Writer only. */
enum err order_save(struct op *op, const struct order *before, const struct order *after) MUST_CHECK;
/* The index of the item with this id; items_n when it is none of the order's. */
size_t order_item(const struct order *o, i64 id);
/* A copy whose `sales` part can be changed. */
struct order order_copy(struct arena *a, const struct order *o);
/* Puts pieces back into the stock: qty[i] of item i. */
enum err order_restock(struct op *op, const struct order *o, const i64 *qty) MUST_CHECK;

/* Does something to one order: *ret is the order as it was written, or *ret_wrong says why not and nothing is
 * changed. What happened to the order's history is the caller's to say. */
typedef enum err order_change_fn(struct op *op, const struct order *o, struct order *ret,
                                 enum sales_wrong *ret_wrong);
/* Cancels all that can be; pieces go back to the stock, and the coupon is free again when nothing is left. */
order_change_fn order_cancel_one;

/* The order is canceled as a whole: its coupon may be used once more, unless other orders of the same
 * checkout stand. */
enum err order_coupon_give_back(struct op *op, const struct order *o) MUST_CHECK;

enum order_document { ORDER_DOC_ORDER, ORDER_DOC_INVOICE, ORDER_DOC_SHIPMENT, ORDER_DOC_CREDITMEMO };
/* "order", "invoice", "shipment", "creditmemo" */
str order_document_word(enum order_document d);
/* The next number of this kind; gapless, because it is taken in the transaction of what gets it. */
enum err order_next_number(struct op *op, enum order_document d, i64 *ret) MUST_CHECK;

struct order_comment {
    enum order_document document;
    i64 document_id;
    str body;     /* not empty */
    bool visible; /* the customer sees it */
    bool mailed;
    bool system; /* written by the program itself, whoever's request it came with */
};
/* Into the order's history, by op's actor. */
enum err order_comment(struct op *op, const struct order *o, const struct order_comment *c) MUST_CHECK;

/* For the record: the order as subject ("order", id, "100000012"), the customer, the website. Call in every
 * operation on an order; documents then give their own subject. */
void order_record(struct op *op, const struct order *o);
/* What sales/ says is wrong, as a message about this order, in op's language; also names the product for
 * wrong quantities. */
str order_wrong_text(struct op *op, const struct order *o, enum sales_wrong wrong, size_t item);

/* ---- pieces of pages, for orders and their documents ---- */

/* An amount beside those of the totals: "Adjustment Fee", "Total Paid". */
struct order_extra {
    str label; /* msgid */
    i64 minor;
    bool behind_total;
};

struct order_total_view {
    enum lang lang;
    str locale; /* how amounts are written */
    const struct order_extra *extras;
    size_t extras_n;
};
/* Subtotal, discount, shipping, tax and grand total, as the order's price basis wants it: rows of the
 * template order/totals. Arena. */
struct tpl_order_totals_rows;
const struct tpl_order_totals_rows *order_total_rows(struct arena *a, const struct order *o,
                                                     const struct sales_totals *t,
                                                     const struct order_total_view *v, size_t *ret_n);
/* The manner in which this page writes amounts: the staff user's locale, in the shop the store view's. */
str order_page_locale(const struct page *p);

/* To be put into a template's field of type html. */
html_t order_show_totals(struct page *p, const struct order *o, const struct sales_totals *t,
                         const struct order_extra *extras, size_t extras_n);
/* The table of the order's items with their quantities; `full`: with tax and discount of each line, for
 * staff. */
html_t order_show_items(struct page *p, const struct order *o, bool full);
/* In the Admin: the order, its customer, addresses, payment and shipping, as panels. ERR_DB. */
enum err order_show_about(struct page *p, const struct order *o, html_t *ret) MUST_CHECK;
/* The table of what stands on a document; without `amounts` only quantities. */
html_t order_show_parts(struct page *p, const struct order *o, const struct sales_part *parts, size_t n,
                        bool amounts);

/* ---- mail, in the order's language, to the order's address ---- */

struct order_mail {
    str kind;                       /* "order", "order_comment", "invoice", "shipment", "creditmemo" */
    str subject;                    /* translated */
    str intro;                      /* translated paragraphs, separated by "\n\n" */
    str comment;                    /* shown as it is; empty: none */
    const struct sales_part *parts; /* what stands in it; NULL: the whole order */
    size_t parts_n;
    const struct sales_totals *totals; /* NULL: no amounts */
    const struct order_extra *extras;  /* further amounts beside the totals */
    size_t extras_n;
    bool brief; /* no items, amounts and addresses: for a comment */
    str footer; /* tracking numbers …; empty: none */
};
/* A msgid with the places {number} (the order's), {name}, {shop} and {link}, in the order's language: for
 * subjects, intros and footers. A document puts its own number in before. Arena. */
str order_mail_words(struct op *op, const struct order *o, str msgid);
/* Items, totals and addresses as plain text, into the outbox. */
enum err order_mail_put(struct op *op, const struct order *o, const struct order_mail *m) MUST_CHECK;

#endif
