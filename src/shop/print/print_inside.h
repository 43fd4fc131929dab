/* What the files of shop/print share. Not for other slices. */
#ifndef SHOP_PRINT_INSIDE_H
#define SHOP_PRINT_INSIDE_H

#include "gate/gate.h"
#include "paper/paper.h"
#include "shop/order/order.h"

enum print_kind { PRINT_ORDER, PRINT_INVOICE, PRINT_SHIPMENT, PRINT_CREDITMEMO };
enum print_reader { PRINT_FOR_STAFF = 1, PRINT_FOR_CUSTOMER = 2 };

/* A document of any kind as it stands in the database. */
struct print_document {
    enum print_kind kind;
    i64 number, created_us;
    str state; /* of an invoice */
    struct order order;
    struct sales_totals totals;
    struct order_extra extras[2];
    size_t extras_n;
    struct sales_part *parts;
    size_t parts_n;
    i64 weight_g;
    str tracks; /* a line each */
};

/* ERR_NOT_FOUND when there is none, or it is not for this reader. */
enum err print_load(struct db_r *r, struct arena *a, enum print_kind kind, i64 id, enum print_reader reader,
                    struct print_document *ret) MUST_CHECK;
/* The document as it is printed, in the order's language, currency and its website's time zone. */
struct paper print_paper(const struct page *p, const struct print_document *d);

#endif
