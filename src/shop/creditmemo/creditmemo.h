/* Credit memos: what was given back of an order, piece by piece, of the shipping, and by adjustment. */
#ifndef SHOP_CREDITMEMO_CREDITMEMO_H
#define SHOP_CREDITMEMO_CREDITMEMO_H

#include "base/base.h"
#include "db/db.h"
#include "gate/gate.h"
#include "sales/sales.h"
#include "shop/order/order.h"

struct creditmemo {
    i64 id, number, order_id;
    opt_i64 invoice_id;             /* the invoice that it was made from */
    struct sales_document document; /* `item` of its parts is an index into the order's items */
    i64 adjustment, fee;            /* refunded on top, and kept back; in the total already */
    opt_i64 staff_id;
    str staff_name;
    i64 created_us;
};

/* The credit memo with its order, in the handle's arena. ERR_NOT_FOUND, also when the order's website is not
 * one of @scope. */
enum err creditmemo_get_scoped(struct db_r *r, i64 id, struct creditmemo *ret,
                               struct order *ret_order) MUST_CHECK;

struct creditmemo_want {
    struct sales_ask ask;
    const bool *restock; /* one for each of the order's items: its pieces go back into the stock */
    opt_i64 invoice_id;
    str comment;        /* empty: none */
    bool visible, mail; /* the customer sees the comment; gets a copy */
};
/* Takes the next number and writes the credit memo with its comment and mail, and puts pieces back into the
 * stock, in op's transaction. Changes the sales part of *o, which must be a copy (order_copy): the caller
 * saves it with order_save. Refuses with a message at the field that is wrong (qty[…], shipping, adjustment,
 * fee) or about the order. Says nothing to the record. */
enum err creditmemo_make(struct op *op, struct order *o, const struct creditmemo_want *want,
                         struct creditmemo *ret) MUST_CHECK;

#endif
