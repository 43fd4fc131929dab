/* What the files of shop/payment share. Not for other slices. */
#ifndef SHOP_PAYMENT_INSIDE_H
#define SHOP_PAYMENT_INSIDE_H

#include "gate/gate.h"
#include "gen/payment_gate.h"
#include "gen/payment_sql.h"
#include "gen/payment_tpl.h"
#include "shop/order/order.h"
#include "shop/payment/payment.h"

#endif
