/* A new invoice: its page, with the amounts of the quantities in its fields, and making it. */
#include "shop/invoice/invoice_inside.h"
#include "shop/shipment/shipment.h"

enum { TRACK_ROWS = 3 };

/* ---- the page ---- */

static bool compute(struct page *p, const struct order *o, const i64 *qty, struct sales_document *ret) {
    struct order copy = order_copy(p->arena, o);
    const struct sales_ask ask = {.qty = qty};
    size_t item;
    *ret = (struct sales_document){.parts_n = 0};
    enum sales_wrong wrong = sales_invoice(p->arena, &copy.sales, &ask, ret, &item);
    return !wrong || wrong == SALES_NOTHING;
}

static void fill_lines(struct page *p, const struct order *o, const i64 *left, const i64 *qty,
                       const struct sales_document *d, struct tpl_invoice_new *v) {
    const struct document_line *from = document_lines(p, o, left, qty, d);
    struct tpl_invoice_new_lines *to = ARENA_ARRAY(p->arena, struct tpl_invoice_new_lines, o->sales.items_n);
    for (size_t i = 0; i < o->sales.items_n; i++)
        to[i] = (struct tpl_invoice_new_lines){DOCUMENT_LINE_MEMBERS(&from[i])};
    v->lines = to;
    v->lines_n = o->sales.items_n;
}

static void fill_shipping(struct page *p, const struct order *o, struct tpl_invoice_new *v) {
    struct tpl_invoice_new_tracks *rows = ARENA_ARRAY(p->arena, struct tpl_invoice_new_tracks, TRACK_ROWS);
    v->may_ship = sales_may(&o->sales, SALES_DO_SHIP) && actor_may(p->actor, RESOURCE_SHIPMENT_CREATE);
    v->carriers = shipment_carriers(p->arena, p->lang, &v->carriers_n);
    for (int i = 0; i < TRACK_ROWS; i++)
        rows[i].row = i + 1;
    v->tracks = rows;
    v->tracks_n = TRACK_ROWS;
}

static enum err show_form(struct page *p, const struct order *o) {
    i64 *left = document_left(p->arena, o, sales_to_invoice);
    i64 *qty = ARENA_ARRAY(p->arena, i64, o->sales.items_n);
    struct sales_document d;
    bool fine = document_qty_shown(p, o, left, qty) && compute(p, o, qty, &d);
    struct tpl_invoice_new v = {
        .id = o->id,
        .version = o->updated_us,
        .known = fine,
        .paid = str_eq(o->payment_method, S("purchase_order")) ? S("open") : S("paid"),
    };
    if (fine) v.totals = order_show_totals(p, o, &d.totals, NULL, 0);
    fill_lines(p, o, left, qty, fine ? &d : NULL, &v);
    fill_shipping(p, o, &v);
    TRY(order_show_about(p, o, &v.about));
    tpl_invoice_new(p->out, &v);
    return OK;
}

enum err page_admin_invoice_new(struct page *p, const struct admin_invoice_new_in *in) {
    struct order o;
    TRY(order_get_scoped(p->db, in->id, &o));
    if (document_is_recount(p)) reply_status(p->reply, 200);
    document_frame_new(p, &o, "admin_invoices", T("New Invoice"));
    if (sales_may(&o.sales, SALES_DO_INVOICE)) return show_form(p, &o);
    document_nothing(p, &o, i18n_get(p->lang, T("There is nothing to invoice.")));
    return OK;
}

/* ---- making it ---- */

/* The shipment of the same pieces: may it be made, and with which tracking numbers? */
static enum err check_ship(struct op *op, const struct order *o, const struct admin_invoice_create_in *in,
                           const i64 *qty, struct shipment_want *ret) {
    struct shipment_track *tracks;
    TRY(shipment_read_tracks(op, in->carrier, in->carrier_n, in->track_title, in->track_title_n,
                             in->track_number, in->track_number_n, &tracks, &ret->tracks_n));
    if (!in->ship)
        return ret->tracks_n
                   ? op_invalid(op, "ship",
                                i18n_get(op->lang, T("A tracking number needs a shipment: tick this, "
                                                     "or leave the number empty.")))
                   : OK;
    if (!actor_may(op->actor, RESOURCE_SHIPMENT_CREATE)) {
        op_reason(op, S("a shipment without the right to create one"));
        return op_fail(op, ERR_FORBIDDEN, i18n_get(op->lang, T("Your role may not create shipments.")));
    }
    for (size_t i = 0; i < o->sales.items_n; i++)
        if (qty[i] > sales_to_ship(&o->sales.items[i]))
            return op_invalid(
                op, "ship",
                i18n_get(op->lang, T("Not all of these pieces are still to be shipped. Make the "
                                     "shipment by itself.")));
    ret->tracks = tracks;
    ret->qty = qty;
    return OK;
}

static enum err make(struct op *op, const struct order *o, const struct admin_invoice_create_in *in,
                     const i64 *qty, const struct shipment_want *ship) {
    struct order after = order_copy(op->arena, o);
    struct invoice invoice;
    struct shipment shipment;
    const struct invoice_want want = {.qty = qty,
                                      .paid = in->paid == ADMIN_INVOICE_CREATE_PAID_PAID,
                                      .comment = str_trim(in->comment),
                                      .visible = in->append,
                                      .mail = in->mail};
    TRY(invoice_make(op, &after, &want, &invoice));
    document_record(op, o, ORDER_DOC_INVOICE, invoice.id, invoice.number);
    if (in->ship) {
        TRY(shipment_make(op, &after, ship, &shipment));
        TRY(document_record_also(op, o, ORDER_DOC_SHIPMENT, shipment.id, shipment.number,
                                 T("Shipment Created"), S("admin_invoice_create")));
    }
    TRY(order_save(op, o, &after));
    str message = in->ship ? T("The invoice {number} and the shipment have been created.")
                           : T("The invoice {number} has been created.");
    document_done(op, o, document_numbered(op->arena, op->lang, message, invoice.number),
                  invoice_path(op->arena, invoice.id));
    return OK;
}

enum err op_admin_invoice_create(struct op *op, const struct admin_invoice_create_in *in) {
    struct order o;
    struct shipment_want ship = {.mail = in->mail};
    i64 *qty;
    TRY(document_order(op, in->id, SALES_DO_INVOICE, &o));
    const i64 *left = document_left(op->arena, &o, sales_to_invoice);
    TRY(document_qty(op, &o, in->qty, in->qty_n, left, false, &qty));
    if (in->recount) return ERR_INVALID;
    TRY(check_ship(op, &o, in, qty, &ship));
    TRY(document_fresh(op, &o, in->version));
    return make(op, &o, in, qty, &ship);
}
