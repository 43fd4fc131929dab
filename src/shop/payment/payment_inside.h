/* What the files of shop/payment share. Not for other slices. */
#ifndef SHOP_PAYMENT_INSIDE_H
#define SHOP_PAYMENT_INSIDE_H

#include "gate/gate.h"
#include "gen/payment_gate.h"
#include "gen/payment_sql.h"
#include "gen/payment_tpl.h"
#include "shop/order/order.h"
#include "shop/payment/payment.h"

/* The orders of one checkout, seen as one payment: those that wait for it. When none does: all of them. */
struct payment_due {
    struct payment_orders *orders;
    size_t orders_n;
    i64 total;
    str currency;
    bool waits; /* for the payment */
    bool canceled;
};

/* For those who placed them; ERR_NOT_FOUND when there are none that are paid this way. */
enum err payment_due_own(struct db_r *r, const struct actor *actor, str method, str key,
                         struct payment_due *ret) MUST_CHECK;

#endif
