/* What the Admin's files about customers share. */
#ifndef SHOP_CUSTOMER_ADMIN_INSIDE_H
#define SHOP_CUSTOMER_ADMIN_INSIDE_H

#include "access/access.h"
#include "gen/customer_admin_gate.h"
#include "gen/customer_admin_sql.h"
#include "shop/customer/customer_inside.h"

/* The customer that an operation is about, noted for the record. ERR_NOT_FOUND, with a message, when there is
 * none in the role's websites. */
enum err customer_admin_find(struct op *op, i64 id, struct customer_admin_get *ret) MUST_CHECK;
/* The address of the customer's page at this tab. Arena. */
str customer_admin_path(struct arena *a, i64 id, const char *tab);
/* The customer groups as choices. Arena. */
enum err customer_admin_group_options(struct page *p, struct arena *a, struct html_option **ret,
                                      size_t *ret_n) MUST_CHECK;
/* Help text at the switch of the consent. */
str customer_admin_consent_help(const struct page *p);

/* May this reader see orders? Then the customer's page has a tab of them. */
bool customer_admin_orders_shown(const struct page *p);
/* That tab. */
enum err customer_admin_show_orders(struct page *p, const struct customer_admin_get *c) MUST_CHECK;

#endif
