/* A shipment's page, and what can be done with it there. */
#include "shop/shipment/shipment_inside.h"

/* ---- the page ---- */

static html_t actions(struct page *p, const struct order *o, const struct shipment *s) {
    struct html out;
    const struct tpl_shipment_actions v = {
        .id = s->id,
        .customer_id = document_assist(p, o) ? o->customer_id.v : 0,
    };
    html_init(&out, p->arena, p->out->env, 32 * 1024);
    tpl_shipment_actions(&out, &v);
    html_t done = html_take(&out);
    html_done(&out);
    return done;
}

static void fill_tracks(struct page *p, const struct order *o, const struct shipment *s,
                        struct tpl_shipment_view *v) {
    struct tpl_shipment_view_tracks *rows =
        ARENA_ARRAY(p->arena, struct tpl_shipment_view_tracks, s->tracks_n);
    for (size_t i = 0; i < s->tracks_n; i++)
        rows[i] = (struct tpl_shipment_view_tracks){
            .id = s->tracks[i].id,
            .title = s->tracks[i].title,
            .number = s->tracks[i].number,
            .url = shipment_track_url(p->arena, o, s->tracks[i].carrier, s->tracks[i].number),
        };
    v->tracks = rows;
    v->tracks_n = s->tracks_n;
    v->carriers = shipment_carriers(p->arena, p->lang, &v->carriers_n);
    v->full = s->tracks_n >= SHIPMENT_TRACKS_MAX;
}

enum err page_admin_shipment(struct page *p, const struct admin_shipment_in *in) {
    struct order o;
    struct shipment s;
    html_t about, comments;
    TRY(shipment_get_scoped(p->db, in->id, &s, &o));
    TRY(order_show_about(p, &o, &about));
    TRY(document_comments(p, &o, ORDER_DOC_SHIPMENT, s.id, &comments));
    const struct document_facts facts = {
        .title = i18n_get(p->lang, T("Shipment Information")),
        .number = s.number,
        .created_us = s.created_us,
        .by = s.staff_name,
    };
    struct tpl_shipment_view v = {
        .id = s.id,
        .head = document_head(p, &facts),
        .about = about,
        .items = order_show_parts(p, &o, s.document.parts, s.document.parts_n, false),
        .pieces = s.pieces,
        .weight_g = s.weight_g,
        .comments = comments,
    };
    fill_tracks(p, &o, &s, &v);
    reply_title(p->reply, document_numbered(p->arena, p->lang, T("Shipment {number}"), s.number));
    reply_menu(p->reply, "admin_shipments");
    reply_actions(p->reply, actions(p, &o, &s));
    tpl_shipment_view(p->out, &v);
    return OK;
}

/* ---- operations ---- */

/* The shipment inside the transaction, noted for the record. */
static enum err find(struct op *op, i64 id, struct shipment *ret, struct order *ret_order) {
    enum err e = shipment_get_scoped(op->r, id, ret, ret_order);
    if (e == ERR_NOT_FOUND) return op_fail(op, e, i18n_get(op->lang, T("This shipment does not exist.")));
    TRY(e);
    document_record(op, ret_order, ORDER_DOC_SHIPMENT, ret->id, ret->number);
    op_redirect(op, shipment_path(op->arena, ret->id));
    return OK;
}

static str track_text(struct arena *a, const struct shipment_track *t) {
    return ARENA_CAT(a, t->title, S(" "), t->number);
}

enum err op_admin_track_add(struct op *op, const struct admin_track_add_in *in) {
    struct order o;
    struct shipment s;
    struct shipment_track t = {
        .carrier = in->carrier, .title = str_trim(in->track_title), .number = str_trim(in->track_number)};
    TRY(find(op, in->id, &s, &o));
    TRY(shipment_check_track(op, "", &t));
    if (s.tracks_n >= SHIPMENT_TRACKS_MAX)
        return op_fail(op, ERR_CONFLICT,
                       i18n_get(op->lang, T("This shipment has as many tracking numbers as it can hold.")));
    TRY(shipment_track_insert(op->w, s.id, t.carrier, t.title, t.number, op->now_us, NULL));
    op_change(op, "tracking", STR_NULL, track_text(op->arena, &t));
    op_notice(op, i18n_get(op->lang, T("The tracking number has been added.")));
    return OK;
}

enum err op_admin_track_remove(struct op *op, const struct admin_track_remove_in *in) {
    struct order o;
    struct shipment s;
    i64 gone;
    TRY(find(op, in->id, &s, &o));
    TRY(shipment_track_drop(op->w, in->track_id, s.id, &gone));
    if (!gone)
        return op_fail(op, ERR_NOT_FOUND, i18n_get(op->lang, T("This tracking number does not exist.")));
    for (size_t i = 0; i < s.tracks_n; i++)
        if (s.tracks[i].id == in->track_id)
            op_change(op, "tracking", track_text(op->arena, &s.tracks[i]), STR_NULL);
    op_notice(op, i18n_get(op->lang, T("The tracking number has been removed.")));
    return OK;
}

enum err op_admin_shipment_mail(struct op *op, const struct admin_shipment_mail_in *in) {
    struct order o;
    struct shipment s;
    TRY(find(op, in->id, &s, &o));
    TRY(shipment_tell(op, &o, &s, S(""), false, true));
    document_mailed(op, &o);
    return OK;
}

enum err op_admin_shipment_comment(struct op *op, const struct admin_shipment_comment_in *in) {
    struct order o;
    struct shipment s;
    TRY(find(op, in->id, &s, &o));
    return document_add_comment(op, &o, ORDER_DOC_SHIPMENT, s.id, s.number, in->comment, in->visible,
                                in->notify);
}
