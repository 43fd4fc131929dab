/* What the Admin's files about orders share. */
#ifndef SHOP_ORDER_ADMIN_INSIDE_H
#define SHOP_ORDER_ADMIN_INSIDE_H

#include "access/access.h"
#include "gen/order_admin_gate.h"
#include "gen/order_admin_sql.h"
#include "shop/order/order_inside.h"

/* The address of the order's page; `tab` may be empty. Arena. */
str order_admin_path(struct arena *a, i64 id, const char *tab);

/* See order_cancel_one. */
order_change_fn order_hold_one;
order_change_fn order_unhold_one;

#endif
