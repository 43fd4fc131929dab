/* Shipments: which pieces of an order were sent, and the numbers under which the carriers know the parcels.
 */
#ifndef SHOP_SHIPMENT_SHIPMENT_H
#define SHOP_SHIPMENT_SHIPMENT_H

#include "base/base.h"
#include "db/db.h"
#include "gate/gate.h"
#include "html/html.h"
#include "sales/sales.h"
#include "shop/order/order.h"

enum { SHIPMENT_TRACKS_MAX = 20 };

struct shipment_track {
    i64 id;
    str carrier; /* a word of carriers.def, or "other" */
    str title, number;
    i64 created_us;
};

struct shipment {
    i64 id, number, order_id, pieces, weight_g;
    struct sales_document document; /* parts without amounts; `item` is an index into the order's items */
    struct shipment_track *tracks;
    size_t tracks_n;
    opt_i64 staff_id;
    str staff_name;
    i64 created_us;
};

/* The shipment with its order, in the handle's arena. ERR_NOT_FOUND, also when the order's website is not one
 * of @scope. */
enum err shipment_get_scoped(struct db_r *r, i64 id, struct shipment *ret,
                             struct order *ret_order) MUST_CHECK;

struct shipment_want {
    const i64 *qty; /* one for each of the order's items; NULL: everything that is left */
    const struct shipment_track *tracks;
    size_t tracks_n;
    str comment;        /* empty: none */
    bool visible, mail; /* the customer sees the comment; gets a mail with the tracking numbers */
};
/* Takes the next number and writes the shipment with tracking, comment and mail, in op's transaction. Changes
 * the sales part of *o, which must be a copy (order_copy): the caller saves it with order_save, once for
 * everything that the operation does. Refuses with a message about the order. Says nothing to the record. */
enum err shipment_make(struct op *op, struct order *o, const struct shipment_want *want,
                       struct shipment *ret) MUST_CHECK;

/* ---- tracking ---- */

/* Where the parcel can be followed; empty for carriers that are not known. `o` says where it goes to and in
 * which language. Arena. */
str shipment_track_url(struct arena *a, const struct order *o, str carrier, str number);
/* The carriers as choices, with an empty one first and *Other* last. Arena. */
struct html_option *shipment_carriers(struct arena *a, enum lang lang, size_t *ret_n);
/* The rows of a form: carrier[1], track_title[1], track_number[1], … Rows that are empty are left out.
 * Refuses (ERR_INVALID) with a message at each field that is wrong. */
enum err shipment_read_tracks(struct op *op, const struct gate_map_entry *carriers, size_t carriers_n,
                              const struct gate_map_entry *titles, size_t titles_n,
                              const struct gate_map_entry *numbers, size_t numbers_n,
                              struct shipment_track **ret, size_t *ret_n) MUST_CHECK;

#endif
