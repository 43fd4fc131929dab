/* What the Admin's files about coupons share. */
#ifndef SHOP_COUPON_COUPON_INSIDE_H
#define SHOP_COUPON_COUPON_INSIDE_H

#include "access/access.h"
#include "gate/gate.h"
#include "gen/coupon_gate.h"
#include "gen/coupon_sql.h"
#include "gen/coupon_tpl.h"

/* Does this actor reach every website where the coupon holds? NONE: it holds on all of them. */
static inline bool coupon_may_change(const struct actor *a, opt_i64 website_id) {
    if (a->kind == ACTOR_SYSTEM || a->scope == -1) return true;
    return website_id.set && website_id.v >= 0 && website_id.v < 63 && (a->scope >> website_id.v & 1);
}

#endif
