/* Reading and making shipments. */
#include "shop/shipment/shipment_inside.h"

str shipment_path(struct arena *a, i64 id) {
    return arena_printf(a, "/admin/shipments/%lld", (long long)id);
}

/* ---- reading ---- */

static enum err take_parts(struct db_r *r, const struct order *o, struct shipment *s) {
    struct shipment_items *rows;
    size_t n;
    TRY(shipment_items(r, s->id, &rows, &n));
    s->document.parts = ARENA_ARRAY(db_arena(r), struct sales_part, n);
    for (size_t k = 0; k < n; k++) {
        size_t item = order_item(o, rows[k].item_id);
        if (item == o->sales.items_n) return ERR_INTERNAL;
        s->document.parts[s->document.parts_n++] = (struct sales_part){.item = item, .qty = rows[k].qty};
    }
    return OK;
}

static enum err take_tracks(struct db_r *r, struct shipment *s) {
    struct shipment_tracks *rows;
    TRY(shipment_tracks(r, s->id, &rows, &s->tracks_n));
    s->tracks = ARENA_ARRAY(db_arena(r), struct shipment_track, s->tracks_n);
    for (size_t i = 0; i < s->tracks_n; i++)
        s->tracks[i] = (struct shipment_track){rows[i].id, rows[i].carrier, rows[i].title, rows[i].number,
                                               rows[i].created_us};
    return OK;
}

enum err shipment_get_scoped(struct db_r *r, i64 id, struct shipment *ret, struct order *ret_order) {
    struct shipment_row row;
    TRY(shipment_row(r, id, &row));
    TRY(order_get_scoped(r, row.order_id, ret_order));
    *ret = (struct shipment){
        .id = row.id,
        .number = row.number,
        .order_id = row.order_id,
        .pieces = row.pieces,
        .weight_g = row.weight_g,
        .staff_id = row.staff_id,
        .staff_name = row.staff_name,
        .created_us = row.created_us,
    };
    TRY(take_parts(r, ret_order, ret));
    return take_tracks(r, ret);
}

/* ---- telling ---- */

/* "PostNL: 3STEST1 https://…", a line each, under a heading in the order's language. */
static str tracks_text(struct arena *a, const struct order *o, const struct shipment *s) {
    str text = S("");
    for (size_t i = 0; i < s->tracks_n; i++) {
        const struct shipment_track *t = &s->tracks[i];
        str url = shipment_track_url(a, o, t->carrier, t->number);
        text = ARENA_CAT(a, text, S("\n"), t->title, S(": "), t->number, url.n ? S("\n") : S(""), url);
    }
    if (!text.n) return text;
    return ARENA_CAT(a, i18n_get(i18n_lang(o->locale), T("Follow your parcel:")), text);
}

enum err shipment_tell(struct op *op, const struct order *o, const struct shipment *s, str comment,
                       bool visible, bool mail) {
    const struct document_news news = {
        .kind = ORDER_DOC_SHIPMENT,
        .id = s->id,
        .number = s->number,
        .subject = T("Your order {order} has been shipped"),
        .intro = T("Products of your order {order} are on their way to you: shipment {number}."),
        .comment = comment,
        .visible = visible,
        .mail = mail,
        .document = &s->document,
        .footer = mail ? tracks_text(op->arena, o, s) : S(""),
    };
    return document_tell(op, o, &news);
}

/* ---- making ---- */

static enum err insert(struct op *op, const struct order *o, struct shipment *s) {
    struct shipment_insert made;
    TRY(order_next_number(op, ORDER_DOC_SHIPMENT, &s->number));
    TRY(shipment_insert(op->w, s->number, o->id, o->website_id, document_search_fold(op->arena, o, s->number),
                        s->pieces, s->weight_g, s->staff_id, s->staff_name, s->created_us, &made));
    s->id = made.id;
    for (size_t k = 0; k < s->document.parts_n; k++) {
        const struct sales_part *p = &s->document.parts[k];
        TRY(shipment_item_insert(op->w, s->id, o->sales.items[p->item].id, p->qty, NULL));
    }
    for (size_t i = 0; i < s->tracks_n; i++) {
        const struct shipment_track *t = &s->tracks[i];
        TRY(shipment_track_insert(op->w, s->id, t->carrier, t->title, t->number, op->now_us, NULL));
    }
    return OK;
}

static void weigh(const struct order *o, struct shipment *s) {
    for (size_t k = 0; k < s->document.parts_n; k++) {
        s->pieces += s->document.parts[k].qty;
        s->weight_g += s->document.parts[k].qty * o->sales.items[s->document.parts[k].item].weight_g;
    }
}

enum err shipment_make(struct op *op, struct order *o, const struct shipment_want *want,
                       struct shipment *ret) {
    size_t item = 0;
    const struct sales_ask ask = {.qty = want->qty ? want->qty : document_left(op->arena, o, sales_to_ship)};
    *ret = (struct shipment){
        .order_id = o->id,
        .tracks = ARENA_ARRAY(op->arena, struct shipment_track, want->tracks_n),
        .tracks_n = want->tracks_n,
        .staff_id = document_staff_id(op),
        .staff_name = document_staff_name(op),
        .created_us = op->now_us,
    };
    if (want->tracks_n) memcpy(ret->tracks, want->tracks, want->tracks_n * sizeof *want->tracks);
    enum sales_wrong wrong = sales_ship(op->arena, &o->sales, &ask, &ret->document, &item);
    if (wrong) return document_refused(op, o, wrong, item);
    weigh(o, ret);
    TRY(insert(op, o, ret));
    return shipment_tell(op, o, ret, want->comment, want->visible, want->mail);
}
