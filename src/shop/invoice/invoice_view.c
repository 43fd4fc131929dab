/* An invoice's page, and what can be done with it there. */
#include "shop/invoice/invoice_inside.h"

/* ---- the page ---- */

static bool may_refund(const struct order *o, const struct invoice *i) {
    return i->state == INVOICE_PAID && sales_may(&o->sales, SALES_DO_REFUND);
}

static html_t actions(struct page *p, const struct order *o, const struct invoice *i) {
    struct html out;
    const struct tpl_invoice_actions v = {
        .id = i->id,
        .order_id = o->id,
        .customer_id = document_assist(p, o) ? o->customer_id.v : 0,
        .open = i->state == INVOICE_OPEN,
        .canceled = i->state == INVOICE_CANCELED,
        .refund = may_refund(o, i) && actor_may(p->actor, RESOURCE_CREDITMEMO_CREATE),
    };
    html_init(&out, p->arena, p->out->env, 32 * 1024);
    tpl_invoice_actions(&out, &v);
    html_t done = html_take(&out);
    html_done(&out);
    return done;
}

enum err page_admin_invoice(struct page *p, const struct admin_invoice_in *in) {
    struct order o;
    struct invoice i;
    html_t about, comments;
    TRY(invoice_get_scoped(p->db, in->id, &i, &o));
    TRY(order_show_about(p, &o, &about));
    TRY(document_comments(p, &o, ORDER_DOC_INVOICE, i.id, &comments));
    const struct document_facts facts = {
        .title = i18n_get(p->lang, T("Invoice Information")),
        .number = i.number,
        .created_us = i.created_us,
        .paid_us = i.paid_us.set ? i.paid_us.v : 0,
        .status = i18n_get(p->lang, invoice_state_title(i.state)),
        .tone = invoice_state_tone(i.state),
        .by = i.staff_name,
    };
    const struct tpl_invoice_view v = {
        .id = i.id,
        .head = document_head(p, &facts),
        .about = about,
        .items = order_show_parts(p, &o, i.document.parts, i.document.parts_n, true),
        .totals = order_show_totals(p, &o, &i.document.totals, NULL, 0),
        .comments = comments,
    };
    reply_title(p->reply, document_numbered(p->arena, p->lang, T("Invoice {number}"), i.number));
    reply_menu(p->reply, "admin_invoices");
    reply_actions(p->reply, actions(p, &o, &i));
    tpl_invoice_view(p->out, &v);
    return OK;
}

/* ---- operations ---- */

/* The invoice inside the transaction, noted for the record. */
static enum err find(struct op *op, i64 id, struct invoice *ret, struct order *ret_order) {
    enum err e = invoice_get_scoped(op->r, id, ret, ret_order);
    if (e == ERR_NOT_FOUND) return op_fail(op, e, i18n_get(op->lang, T("This invoice does not exist.")));
    TRY(e);
    document_record(op, ret_order, ORDER_DOC_INVOICE, ret->id, ret->number);
    op_redirect(op, invoice_path(op->arena, ret->id));
    return OK;
}

static enum err refuse_state(struct op *op, const struct invoice *i) {
    const struct i18n_arg args[] = {{S_INIT("status"), i18n_get(op->lang, invoice_state_title(i->state))}};
    return op_fail(op, ERR_CONFLICT,
                   i18n_format_message(op->arena, op->lang,
                                       T("This cannot be done with this invoice: its status is {status}."),
                                       args, 1));
}

enum err op_admin_invoice_pay(struct op *op, const struct admin_invoice_pay_in *in) {
    struct order o;
    struct invoice i;
    TRY(find(op, in->id, &i, &o));
    if (i.state != INVOICE_OPEN) return refuse_state(op, &i);
    struct order after = order_copy(op->arena, &o);
    enum sales_wrong wrong = sales_pay(&after.sales, i.document.totals.total);
    if (wrong) return document_refused(op, &o, wrong, 0);
    TRY(invoice_set_paid(op->w, i.id, op->now_us, NULL));
    TRY(order_save(op, &o, &after));
    op_change(op, "invoice_status", S("open"), S("paid"));
    op_notice(op, document_numbered(op->arena, op->lang, T("The invoice {number} is paid."), i.number));
    return OK;
}

enum err op_admin_invoice_cancel(struct op *op, const struct admin_invoice_cancel_in *in) {
    struct order o;
    struct invoice i;
    TRY(find(op, in->id, &i, &o));
    if (i.state != INVOICE_OPEN) return refuse_state(op, &i);
    struct order after = order_copy(op->arena, &o);
    if (sales_uninvoice(&after.sales, &i.document))
        return op_fail(op, ERR_CONFLICT,
                       i18n_get(op->lang, T("This invoice cannot be canceled any more: some of its products "
                                            "were refunded, or the order is closed or on hold.")));
    TRY(invoice_set_canceled(op->w, i.id, NULL));
    TRY(order_save(op, &o, &after));
    op_change(op, "invoice_status", S("open"), S("canceled"));
    op_notice(op,
              document_numbered(op->arena, op->lang, T("The invoice {number} has been canceled."), i.number));
    return OK;
}

enum err op_admin_invoice_mail(struct op *op, const struct admin_invoice_mail_in *in) {
    struct order o;
    struct invoice i;
    TRY(find(op, in->id, &i, &o));
    if (i.state == INVOICE_CANCELED) return refuse_state(op, &i);
    TRY(invoice_tell(op, &o, &i, S(""), false, true));
    document_mailed(op, &o);
    return OK;
}

enum err op_admin_invoice_comment(struct op *op, const struct admin_invoice_comment_in *in) {
    struct order o;
    struct invoice i;
    TRY(find(op, in->id, &i, &o));
    return document_add_comment(op, &o, ORDER_DOC_INVOICE, i.id, i.number, in->comment, in->visible,
                                in->notify);
}
