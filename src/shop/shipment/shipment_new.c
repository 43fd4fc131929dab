/* A new shipment: its page and making it. */
#include "shop/shipment/shipment_inside.h"

enum { TRACK_ROWS = 3 };

static enum err show_form(struct page *p, const struct order *o) {
    i64 *left = document_left(p->arena, o, sales_to_ship);
    i64 *qty = ARENA_ARRAY(p->arena, i64, o->sales.items_n);
    struct tpl_shipment_new_lines *to =
        ARENA_ARRAY(p->arena, struct tpl_shipment_new_lines, o->sales.items_n);
    struct tpl_shipment_new_tracks *rows = ARENA_ARRAY(p->arena, struct tpl_shipment_new_tracks, TRACK_ROWS);
    struct tpl_shipment_new v = {.id = o->id,
                                 .version = o->updated_us,
                                 .lines = to,
                                 .lines_n = o->sales.items_n,
                                 .tracks = rows,
                                 .tracks_n = TRACK_ROWS};
    (void)document_qty_shown(p, o, left, qty);
    const struct document_line *from = document_lines(p, o, left, qty, NULL);
    for (size_t i = 0; i < o->sales.items_n; i++)
        to[i] = (struct tpl_shipment_new_lines){DOCUMENT_LINE_MEMBERS(&from[i])};
    for (int i = 0; i < TRACK_ROWS; i++)
        rows[i].row = i + 1;
    v.carriers = shipment_carriers(p->arena, p->lang, &v.carriers_n);
    TRY(order_show_about(p, o, &v.about));
    tpl_shipment_new(p->out, &v);
    return OK;
}

enum err page_admin_shipment_new(struct page *p, const struct admin_shipment_new_in *in) {
    struct order o;
    TRY(order_get_scoped(p->db, in->id, &o));
    document_frame_new(p, &o, "admin_shipments", T("New Shipment"));
    if (sales_may(&o.sales, SALES_DO_SHIP)) return show_form(p, &o);
    document_nothing(p, &o, i18n_get(p->lang, T("There is nothing to ship.")));
    return OK;
}

enum err op_admin_shipment_create(struct op *op, const struct admin_shipment_create_in *in) {
    struct order o;
    struct shipment made;
    struct shipment_track *tracks;
    struct shipment_want want = {.comment = str_trim(in->comment), .visible = in->append, .mail = in->mail};
    i64 *qty;
    TRY(document_order(op, in->id, SALES_DO_SHIP, &o));
    const i64 *left = document_left(op->arena, &o, sales_to_ship);
    enum err e = document_qty(op, &o, in->qty, in->qty_n, left, false, &qty);
    if (e && e != ERR_INVALID) return e;
    TRY(shipment_read_tracks(op, in->carrier, in->carrier_n, in->track_title, in->track_title_n,
                             in->track_number, in->track_number_n, &tracks, &want.tracks_n));
    if (e) return e;
    TRY(document_fresh(op, &o, in->version));
    struct order after = order_copy(op->arena, &o);
    want.qty = qty;
    want.tracks = tracks;
    TRY(shipment_make(op, &after, &want, &made));
    TRY(order_save(op, &o, &after));
    document_record(op, &o, ORDER_DOC_SHIPMENT, made.id, made.number);
    op_change_i64(op, "pieces", 0, made.pieces);
    document_done(
        op, &o,
        document_numbered(op->arena, op->lang, T("The shipment {number} has been created."), made.number),
        shipment_path(op->arena, made.id));
    return OK;
}
