/* What the files of shop/payment share. Not for other slices. */
#ifndef SHOP_PAYMENT_INSIDE_H
#define SHOP_PAYMENT_INSIDE_H

#include "gate/gate.h"
#include "gen/payment_gate.h"
#include "gen/payment_sql.h"
#include "gen/payment_tpl.h"
#include "shop/order/order.h"
#include "shop/payment/payment.h"

/* Into the order's history, or into that of its credit memo, for staff or for both; in English for staff, in
 * the order's language for customers. Writer only. */
enum err payment_say(struct op *op, const struct order *o, opt_i64 creditmemo_id, str body,
                     bool visible) MUST_CHECK;
/* The same for staff, unless it was said of the order before: a provider whose message is refused sends it
 * again and again. Writer only. */
enum err payment_say_once(struct op *op, const struct order *o, opt_i64 creditmemo_id, str body) MUST_CHECK;

#endif
