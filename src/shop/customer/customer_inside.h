/* What the shop's pages of customers share among themselves. */
#ifndef SHOP_CUSTOMER_INSIDE_H
#define SHOP_CUSTOMER_INSIDE_H

#include "assist/assist.h"
#include "gate/gate.h"
#include "gen/customer_gate.h"
#include "gen/customer_sql.h"
#include "gen/customer_tpl.h"
#include "shop/customer/customer.h"

/* Label and help text of the tick box in this store view. */
void customer_consent_texts(const struct settings *s, const struct store_view *view, enum lang lang,
                            str *ret_title, str *ret_tooltip);

/* The members of a view, or of another struct with the fields of an address, from a row, an input or an
 * address. */
#define CUSTOMER_ADDRESS_MEMBERS(row)                                                                        \
    .firstname = (row)->firstname, .lastname = (row)->lastname, .company = (row)->company,                   \
    .street1 = (row)->street1, .street2 = (row)->street2, .postcode = (row)->postcode, .city = (row)->city,  \
    .region = (row)->region, .country = (row)->country, .telephone = (row)->telephone
/* An address row of a statement, or the input of an operation, as the rules want it. */
#define CUSTOMER_ADDRESS_OF(row) ((struct customer_address){CUSTOMER_ADDRESS_MEMBERS(row)})
/* What the form of a new address begins with: the customer's own name and telephone, and the country of their
 * default address, else of the store view `view` (NULL: of none). */
enum err customer_new_address(struct db_r *r, i64 customer_id, str firstname, str lastname, str telephone,
                              const struct store_view *view, struct customer_address *ret) MUST_CHECK;
/* Is it set, to this id? */
static inline bool customer_is_id(opt_i64 of, i64 id) {
    return of.set && of.v == id;
}

/* The newest order that was placed as a guest in this very visit; ERR_NOT_FOUND when there is none. */
struct customer_visit_orders;
enum err customer_guest_order(struct db_r *r, const struct actor *actor, i64 website_id,
                              struct customer_visit_orders *ret) MUST_CHECK;
/* The orders that this browser placed as a guest, under the e-mail of the account that it opens now, become
 * the account's own; each gets an entry of its own in the record. Others' orders do not, whatever their
 * e-mail. `fresh`: the account was made just now, and takes the addresses too. Call before the session
 * changes; writer only. */
enum err customer_take_orders(struct op *op, i64 customer_id, str email, bool fresh) MUST_CHECK;

/* Are accounts shared between websites? */
bool customer_shared(const struct settings *s);
/* Notes the customer as the operation's subject, in the record's words. */
void customer_op_subject(struct op *op, i64 id, str firstname, str lastname, str email, i64 website_id);
/* Counts a wrong password; at the limit of the settings the account is locked for a while. */
enum err customer_wrong_password(struct op *op, i64 id, i64 failed_logins) MUST_CHECK;
/* Is the account locked at this time? */
static inline bool customer_is_locked(opt_i64 locked_until_us, i64 now_us) {
    return locked_until_us.set && locked_until_us.v > now_us;
}

#endif
