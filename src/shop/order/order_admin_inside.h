/* What the Admin's files about orders share. */
#ifndef SHOP_ORDER_ADMIN_INSIDE_H
#define SHOP_ORDER_ADMIN_INSIDE_H

#include "access/access.h"
#include "gen/order_admin_gate.h"
#include "gen/order_admin_sql.h"
#include "shop/order/order_inside.h"

/* The address of the order's page; `tab` may be empty. Arena. */
str order_admin_path(struct arena *a, i64 id, const char *tab);
/* The order that an operation is about, noted for the record; leads back to its page. ERR_NOT_FOUND, with a
 * message, when there is none in the role's websites. */
enum err order_admin_find(struct op *op, i64 id, struct order *ret) MUST_CHECK;

/* See order_cancel_one. */
order_change_fn order_hold_one;
order_change_fn order_unhold_one;

#endif
