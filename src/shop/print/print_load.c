/* Reading what is to be printed. */
#include "gen/print_sql.h"
#include "shop/print/print_inside.h"

static void add_part(struct print_document *d, i64 item_id, struct sales_part part) {
    part.item = order_item(&d->order, item_id);
    if (part.item < d->order.sales.items_n) d->parts[d->parts_n++] = part;
}

static enum err load_order(struct db_r *r, struct arena *a, i64 id, struct print_document *d) {
    TRY(order_get_scoped(r, id, &d->order));
    const struct sales_order *s = &d->order.sales;
    d->number = d->order.number;
    d->created_us = d->order.created_us;
    d->totals = s->totals;
    d->weight_g = d->order.weight_g;
    d->parts = ARENA_ARRAY(a, struct sales_part, s->items_n);
    for (size_t i = 0; i < s->items_n; i++)
        d->parts[d->parts_n++] = (struct sales_part){i, s->items[i].ordered, s->items[i].row,
                                                     s->items[i].discount, s->items[i].tax};
    return OK;
}

static enum err load_invoice(struct db_r *r, struct arena *a, i64 id, enum print_reader reader,
                             struct print_document *d) {
    struct print_invoice_row row;
    struct print_invoice_items *items;
    size_t n;
    TRY(print_invoice_row(r, id, (i64)reader, &row));
    TRY(order_get(r, row.order_id, &d->order));
    TRY(print_invoice_items(r, id, &items, &n));
    d->number = row.number;
    d->created_us = row.created_us;
    d->state = row.state;
    d->totals =
        (struct sales_totals){row.subtotal, row.discount, row.shipping, row.shipping_tax, row.tax, row.total};
    d->parts = ARENA_ARRAY(a, struct sales_part, n);
    for (size_t i = 0; i < n; i++)
        add_part(d, items[i].item_id,
                 (struct sales_part){0, items[i].qty, items[i].row, items[i].discount, items[i].tax});
    return OK;
}

static enum err load_tracks(struct db_r *r, struct arena *a, i64 id, struct print_document *d) {
    struct print_tracks *tracks;
    size_t n;
    TRY(print_tracks(r, id, &tracks, &n));
    d->tracks = S("");
    for (size_t i = 0; i < n; i++)
        d->tracks =
            ARENA_CAT(a, d->tracks, i ? S("\n") : S(""), tracks[i].title, S(" "), tracks[i].track_number);
    return OK;
}

static enum err load_shipment(struct db_r *r, struct arena *a, i64 id, struct print_document *d) {
    struct print_shipment_row row;
    struct print_shipment_items *items;
    size_t n;
    TRY(print_shipment_row(r, id, &row));
    TRY(order_get(r, row.order_id, &d->order));
    TRY(print_shipment_items(r, id, &items, &n));
    d->number = row.number;
    d->created_us = row.created_us;
    d->weight_g = row.weight_g;
    d->parts = ARENA_ARRAY(a, struct sales_part, n);
    for (size_t i = 0; i < n; i++)
        add_part(d, items[i].item_id, (struct sales_part){.qty = items[i].qty});
    return load_tracks(r, a, id, d);
}

static enum err load_creditmemo(struct db_r *r, struct arena *a, i64 id, enum print_reader reader,
                                struct print_document *d) {
    struct print_creditmemo_row row;
    struct print_creditmemo_items *items;
    size_t n;
    TRY(print_creditmemo_row(r, id, (i64)reader, &row));
    TRY(order_get(r, row.order_id, &d->order));
    TRY(print_creditmemo_items(r, id, &items, &n));
    d->number = row.number;
    d->created_us = row.created_us;
    d->totals =
        (struct sales_totals){row.subtotal, row.discount, row.shipping, row.shipping_tax, row.tax, row.total};
    if (row.adjustment)
        d->extras[d->extras_n++] = (struct order_extra){T("Adjustment Refund"), row.adjustment, false};
    if (row.fee) d->extras[d->extras_n++] = (struct order_extra){T("Adjustment Fee"), -row.fee, false};
    d->parts = ARENA_ARRAY(a, struct sales_part, n);
    for (size_t i = 0; i < n; i++)
        add_part(d, items[i].item_id,
                 (struct sales_part){0, items[i].qty, items[i].row, items[i].discount, items[i].tax});
    return OK;
}

enum err print_load(struct db_r *r, struct arena *a, enum print_kind kind, i64 id, enum print_reader reader,
                    struct print_document *ret) {
    *ret = (struct print_document){.kind = kind};
    switch (kind) {
    case PRINT_ORDER: return load_order(r, a, id, ret);
    case PRINT_INVOICE: return load_invoice(r, a, id, reader, ret);
    case PRINT_SHIPMENT: return load_shipment(r, a, id, ret);
    case PRINT_CREDITMEMO: return load_creditmemo(r, a, id, reader, ret);
    }
    return ERR_INTERNAL;
}
