/* What the Admin's files about tax rates share. */
#ifndef SHOP_TAX_TAX_INSIDE_H
#define SHOP_TAX_TAX_INSIDE_H

#include "access/access.h"
#include "gate/gate.h"
#include "gen/tax_gate.h"
#include "gen/tax_sql.h"
#include "gen/tax_tpl.h"
#include "shop/tax/tax.h"

/* Rates hold on every website: may this actor change them? */
static inline bool tax_may_change(const struct actor *a) {
    return a->kind == ACTOR_SYSTEM || a->scope == -1;
}

#endif
