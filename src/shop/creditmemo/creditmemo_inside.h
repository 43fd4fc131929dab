/* What the files of credit memos share. */
#ifndef SHOP_CREDITMEMO_INSIDE_H
#define SHOP_CREDITMEMO_INSIDE_H

#include "access/access.h"
#include "gen/creditmemo_gate.h"
#include "gen/creditmemo_sql.h"
#include "gen/creditmemo_tpl.h"
#include "shop/creditmemo/creditmemo.h"
#include "shop/document/document.h"
#include "shop/invoice/invoice.h"
#include "shop/payment/payment.h"

/* "/admin/creditmemos/7". Arena. */
str creditmemo_path(struct arena *a, i64 id);
/* Notes the comment, if there is one, and mails the credit memo, in the order's language. */
enum err creditmemo_tell(struct op *op, const struct order *o, const struct creditmemo *m, str comment,
                         bool visible, bool mail) MUST_CHECK;

/* What sales/ refused, at the field that is wrong where it is one. */
enum err creditmemo_refused(struct op *op, const struct order *o, const struct sales_ask *ask,
                            enum sales_wrong wrong, size_t item) MUST_CHECK;

/* How much may be given back at most. */
struct creditmemo_limit {
    i64 *qty;     /* one for each of the order's items */
    i64 shipping; /* on the order's price basis */
    i64 amount;   /* of everything together */
};
/* Of the whole order, or (not NULL) of what one invoice holds and no credit memo of it took yet. */
enum err creditmemo_limit(struct db_r *r, const struct order *o, const struct invoice *i,
                          struct creditmemo_limit *ret) MUST_CHECK;

#endif
