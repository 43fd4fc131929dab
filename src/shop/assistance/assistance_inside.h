/* What the files of shop/assistance share. Not for other slices. */
#ifndef SHOP_ASSISTANCE_INSIDE_H
#define SHOP_ASSISTANCE_INSIDE_H

#include "assist/assist.h"
#include "gate/gate.h"

/* The page that Login as Customer was pressed on: what the record says of it, and where Close Session leads.
 * `from` is the enumerator of assist_dialog's and assist_start's input of that name, -1 for none (the
 * customer's page). ERR_NOT_FOUND when the document is not this customer's, or this staff user may not see
 * it. The strings live in `a`. */
enum err assistance_origin(struct db_r *r, struct arena *a, const struct actor *staff, int from,
                           opt_i64 document, i64 customer_id, struct assist_origin *ret) MUST_CHECK;

#endif
