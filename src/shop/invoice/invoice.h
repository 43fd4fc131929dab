/* Invoices: made from an order, whole or in parts; open until they are paid. */
#ifndef SHOP_INVOICE_INVOICE_H
#define SHOP_INVOICE_INVOICE_H

#include "base/base.h"
#include "db/db.h"
#include "gate/gate.h"
#include "sales/sales.h"
#include "shop/order/order.h"

enum invoice_state { INVOICE_OPEN, INVOICE_PAID, INVOICE_CANCELED };

struct invoice {
    i64 id, number, order_id;
    enum invoice_state state;
    struct sales_document document; /* `item` of its parts is an index into the order's items */
    opt_i64 staff_id;
    str staff_name;
    i64 created_us;
    opt_i64 paid_us;
};

/* The invoice with its order, in the handle's arena. ERR_NOT_FOUND, also when the order's website is not one
 * of @scope. */
enum err invoice_get_scoped(struct db_r *r, i64 id, struct invoice *ret, struct order *ret_order) MUST_CHECK;

/* "Open", "Paid", "Canceled": msgids; and their tones. */
str invoice_state_title(enum invoice_state s);
str invoice_state_tone(enum invoice_state s);

struct invoice_want {
    const i64 *qty; /* one for each of the order's items; NULL: everything that is left */
    bool paid;
    str comment;        /* empty: none */
    bool visible, mail; /* the customer sees the comment; gets a copy of the invoice */
};
/* Takes the next number and writes the invoice with its comment and mail, in op's transaction. Changes the
 * sales part of *o, which must be a copy (order_copy): the caller saves it with order_save, once for
 * everything that the operation does. Refuses with a message about the order. Says nothing to the record. */
enum err invoice_make(struct op *op, struct order *o, const struct invoice_want *want,
                      struct invoice *ret) MUST_CHECK;

#endif
