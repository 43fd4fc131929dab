/* What the order's history says of payments and refunds. */
#include "shop/payment/payment_inside.h"

enum err payment_say(struct op *op, const struct order *o, opt_i64 creditmemo_id, str body, bool visible) {
    const struct order_comment c = {
        .document = creditmemo_id.set ? ORDER_DOC_CREDITMEMO : ORDER_DOC_ORDER,
        .document_id = creditmemo_id.set ? creditmemo_id.v : o->id,
        .body = body,
        .visible = visible,
        .system = true,
    };
    return order_comment(op, o, &c);
}

enum err payment_say_once(struct op *op, const struct order *o, opt_i64 creditmemo_id, str body) {
    struct payment_said said;
    enum err e = payment_said(op->r, o->id, body, &said);
    return e == ERR_NOT_FOUND ? payment_say(op, o, creditmemo_id, body, false) : e;
}
