/* A credit memo's page, and what can be done with it there. */
#include "shop/creditmemo/creditmemo_inside.h"

/* ---- the page ---- */

static html_t actions(struct page *p, const struct order *o, const struct creditmemo *m) {
    struct html out;
    const struct tpl_creditmemo_actions v = {
        .id = m->id,
        .customer_id = document_assist(p, o) ? o->customer_id.v : 0,
    };
    html_init(&out, p->arena, p->out->env, 32 * 1024);
    tpl_creditmemo_actions(&out, &v);
    html_t done = html_take(&out);
    html_done(&out);
    return done;
}

/* ---- what became of the money, when it goes back through the provider ---- */

static str refund_status(enum payment_refund_state state) {
    switch (state) {
    case PAYMENT_REFUND_WAITING: return T("Refund Requested");
    case PAYMENT_REFUND_REFUSED: return T("Refund Refused");
    case PAYMENT_REFUND_DONE: break;
    }
    return T("Refunded");
}

static str refund_tone(enum payment_refund_state state) {
    switch (state) {
    case PAYMENT_REFUND_WAITING: return S("warn");
    case PAYMENT_REFUND_REFUSED: return S("bad");
    case PAYMENT_REFUND_DONE: break;
    }
    return S("good");
}

static enum err refund_of(struct page *p, const struct creditmemo *m, struct document_facts *facts,
                          struct tpl_creditmemo_view *v) {
    struct payment_refund r;
    enum err e = payment_refund_of(p->db, m->id, &r);
    if (e) return e == ERR_NOT_FOUND ? OK : e;
    facts->status = i18n_get(p->lang, refund_status(r.state));
    facts->tone = refund_tone(r.state);
    v->refund_waits = r.state == PAYMENT_REFUND_WAITING;
    v->refund_refused = r.state == PAYMENT_REFUND_REFUSED;
    v->reason = r.reason;
    v->tries = r.tries;
    return OK;
}

static enum err facts_of(struct page *p, const struct creditmemo *m, struct document_facts *ret) {
    struct invoice i = {.number = 0};
    struct order o;
    if (m->invoice_id.set) TRY(invoice_get_scoped(p->db, m->invoice_id.v, &i, &o));
    *ret = (struct document_facts){
        .title = i18n_get(p->lang, T("Credit Memo Information")),
        .number = m->number,
        .created_us = m->created_us,
        .status = i18n_get(p->lang, T("Refunded")),
        .tone = S("good"),
        .by = m->staff_name,
        .invoice_id = m->invoice_id.set ? m->invoice_id.v : 0,
        .invoice_number = order_number_text(p->arena, i.number),
    };
    return OK;
}

enum err page_admin_creditmemo(struct page *p, const struct admin_creditmemo_in *in) {
    struct order o;
    struct creditmemo m;
    struct document_facts facts;
    struct order_extra extras[DOCUMENT_ADJUSTMENTS];
    html_t about, comments;
    TRY(creditmemo_get_scoped(p->db, in->id, &m, &o));
    TRY(order_show_about(p, &o, &about));
    TRY(document_comments(p, &o, ORDER_DOC_CREDITMEMO, m.id, &comments));
    TRY(facts_of(p, &m, &facts));
    struct tpl_creditmemo_view v = {
        .id = m.id,
        .reason = S(""),
        .about = about,
        .some = m.document.parts_n > 0,
        .items = order_show_parts(p, &o, m.document.parts, m.document.parts_n, true),
        .totals = order_show_totals(p, &o, &m.document.totals, extras,
                                    document_adjustments(m.adjustment, m.fee, extras)),
        .comments = comments,
    };
    TRY(refund_of(p, &m, &facts, &v));
    v.head = document_head(p, &facts);
    reply_title(p->reply, document_numbered(p->arena, p->lang, T("Credit Memo {number}"), m.number));
    reply_menu(p->reply, "admin_creditmemos");
    reply_actions(p->reply, actions(p, &o, &m));
    tpl_creditmemo_view(p->out, &v);
    return OK;
}

/* ---- operations ---- */

/* The credit memo inside the transaction, noted for the record. */
static enum err find(struct op *op, i64 id, struct creditmemo *ret, struct order *ret_order) {
    enum err e = creditmemo_get_scoped(op->r, id, ret, ret_order);
    if (e == ERR_NOT_FOUND) return op_fail(op, e, i18n_get(op->lang, T("This credit memo does not exist.")));
    TRY(e);
    document_record(op, ret_order, ORDER_DOC_CREDITMEMO, ret->id, ret->number);
    op_redirect(op, creditmemo_path(op->arena, ret->id));
    return OK;
}

enum err op_admin_creditmemo_mail(struct op *op, const struct admin_creditmemo_mail_in *in) {
    struct order o;
    struct creditmemo m;
    TRY(find(op, in->id, &m, &o));
    TRY(creditmemo_tell(op, &o, &m, S(""), false, true));
    document_mailed(op, &o);
    return OK;
}

enum err op_admin_creditmemo_refund(struct op *op, const struct admin_creditmemo_refund_in *in) {
    struct order o;
    struct creditmemo m;
    struct payment_refund r;
    TRY(find(op, in->id, &m, &o));
    enum err e = payment_refund_of(op->r, m.id, &r);
    if (!e) e = payment_refund_again(op, &r);
    if (e == ERR_NOT_FOUND || e == ERR_CONFLICT)
        return op_fail(op, ERR_CONFLICT,
                       i18n_get(op->lang, T("There is no refund here that the provider refused.")));
    TRY(e);
    op_notice(op, i18n_get(op->lang, T("The payment provider is asked again.")));
    return OK;
}

enum err op_admin_creditmemo_comment(struct op *op, const struct admin_creditmemo_comment_in *in) {
    struct order o;
    struct creditmemo m;
    TRY(find(op, in->id, &m, &o));
    return document_add_comment(op, &o, ORDER_DOC_CREDITMEMO, m.id, m.number, in->comment, in->visible,
                                in->notify);
}
