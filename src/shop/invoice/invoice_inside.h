/* What the files of invoices share. */
#ifndef SHOP_INVOICE_INSIDE_H
#define SHOP_INVOICE_INSIDE_H

#include "access/access.h"
#include "gen/invoice_gate.h"
#include "gen/invoice_sql.h"
#include "gen/invoice_tpl.h"
#include "shop/document/document.h"
#include "shop/invoice/invoice.h"

/* "/admin/invoices/7". Arena. */
str invoice_path(struct arena *a, i64 id);
/* Mails the invoice to the customer, in the order's language, after noting the comment if there is one. */
enum err invoice_tell(struct op *op, const struct order *o, const struct invoice *i, str comment,
                      bool visible, bool mail) MUST_CHECK;

#endif
