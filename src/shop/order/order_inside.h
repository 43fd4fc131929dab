/* What the files of this slice share. */
#ifndef SHOP_ORDER_INSIDE_H
#define SHOP_ORDER_INSIDE_H

#include "gen/order_sql.h"
#include "shop/order/order.h"

/* The members of an address from a row with its fields. */
#define ORDER_ADDRESS_MEMBERS(row)                                                                           \
    .firstname = (row)->firstname, .lastname = (row)->lastname, .company = (row)->company,                   \
    .street1 = (row)->street1, .street2 = (row)->street2, .postcode = (row)->postcode, .city = (row)->city,  \
    .region = (row)->region, .country = (row)->country, .telephone = (row)->telephone

/* Do staff act, in the Admin or for a customer? */
static inline bool order_by_staff(const struct actor *a) {
    return a->kind == ACTOR_STAFF || a->kind == ACTOR_ASSISTED;
}

/* order_save in its two halves: for an operation on several orders, which notes their changes in its own way.
 */
enum err order_write(struct op *op, const struct order *before, const struct order *after) MUST_CHECK;
void order_note_changes(struct op *op, const struct order *before, const struct order *after);

#endif
