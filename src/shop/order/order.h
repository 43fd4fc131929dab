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
    opt_i64 customer_id; /* none: a guest's, or the account was deleted */
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

/* "Ada Lovelace" */
str order_customer_name(struct arena *a, const struct order *o);
/* "100000012" */
str order_number_text(struct arena *a, i64 number);
/* An amount in the order's currency, in the manner of `locale`: pages of an order never use the shop's own
 * currency, which may be another one by now. */
str order_money(struct arena *a, const struct order *o, str locale, i64 minor);

/* ---- placing ---- */

struct order_draft {
    const struct quote *quote; /* without trouble, with a way of shipping */
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
 * of the specification (part 5) are written. Refuses (op_fail, ERR_CONFLICT) when a product ran out
 * meanwhile; nothing stays then. Does not touch the cart, and says nothing to the record but what the caller
 * says. */
enum err order_place(struct op *op, const struct order_draft *draft, i64 *ret_id, i64 *ret_number) MUST_CHECK;
/* Orders that were placed with this key already, in the order of their parts: a repeated request finds them.
 */
enum err order_by_checkout(struct db_r *r, str checkout_key, i64 **ret_ids, size_t *ret_n) MUST_CHECK;

/* ---- changing ---- */

/* Writes what differs between `before` and `after` (state, amounts, quantities), both with the same items.
 * Notes the change of state for the record. Writer only. */
enum err order_save(struct op *op, const struct order *before, const struct order *after) MUST_CHECK;
/* A copy whose `sales` part can be changed. */
struct order order_copy(struct arena *a, const struct order *o);
/* Puts pieces back into the stock: qty[i] of item i. */
enum err order_restock(struct op *op, const struct order *o, const i64 *qty) MUST_CHECK;

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
};
/* Into the order's history, by op's actor. */
enum err order_comment(struct op *op, const struct order *o, const struct order_comment *c) MUST_CHECK;

/* For the record: the order as subject ("order", id, "100000012"), the customer, the website. Call in every
 * operation on an order; documents then give their own subject. */
void order_record(struct op *op, const struct order *o);
/* What sales/ says is wrong, as a message about this order, in op's language; also names the product for
 * wrong quantities. */
str order_wrong_text(struct op *op, const struct order *o, enum sales_wrong wrong, size_t item);

/* ---- mail, in the order's language, to the order's address ---- */

struct order_mail {
    str kind;                       /* "order", "order_comment", "invoice", "shipment", "creditmemo" */
    str subject;                    /* translated */
    str intro;                      /* translated paragraphs, separated by "\n\n" */
    str comment;                    /* shown as it is; empty: none */
    const struct sales_part *parts; /* what stands in it; NULL: the whole order */
    size_t parts_n;
    const struct sales_totals *totals; /* NULL: no amounts */
    str footer;                        /* tracking numbers …; empty: none */
};
/* Items, totals and addresses as plain text, into the outbox. */
enum err order_mail_put(struct op *op, const struct order *o, const struct order_mail *m) MUST_CHECK;

#endif
