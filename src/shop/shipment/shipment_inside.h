/* What the files of shipments share. */
#ifndef SHOP_SHIPMENT_INSIDE_H
#define SHOP_SHIPMENT_INSIDE_H

#include "access/access.h"
#include "gen/shipment_gate.h"
#include "gen/shipment_sql.h"
#include "gen/shipment_tpl.h"
#include "shop/document/document.h"
#include "shop/shipment/shipment.h"

/* "/admin/shipments/7". Arena. */
str shipment_path(struct arena *a, i64 id);
/* Notes the comment, if there is one, and mails the shipment with its tracking numbers, in the order's
 * language. */
enum err shipment_tell(struct op *op, const struct order *o, const struct shipment *s, str comment,
                       bool visible, bool mail) MUST_CHECK;
/* Checks one tracking number and gives it its carrier's name when it has none; refuses (ERR_INVALID) at the
 * fields carrier, track_title and track_number, with `key` ("[2]" or "") behind their names. */
enum err shipment_check_track(struct op *op, const char *key, struct shipment_track *t) MUST_CHECK;

#endif
