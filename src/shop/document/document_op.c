/* What operations on invoices, shipments and credit memos do in common. */
#include "access/access.h"
#include "audit/audit.h"
#include "shop/document/document.h"

enum err document_order(struct op *op, i64 id, enum sales_action action, struct order *ret) {
    enum err e = order_get_scoped(op->r, id, ret);
    if (e == ERR_NOT_FOUND) return op_fail(op, e, i18n_get(op->lang, T("This order does not exist.")));
    TRY(e);
    return sales_may(&ret->sales, action) ? OK : document_refused(op, ret, SALES_NOT_ALLOWED, 0);
}

enum err document_fresh(struct op *op, const struct order *o, opt_i64 version) {
    if (!version.set || version.v == o->updated_us) return OK;
    return op_fail(
        op, ERR_CONFLICT,
        i18n_get(op->lang, T("The order was changed after you opened this page, perhaps by pressing "
                             "the button twice. Nothing more was done: please look again.")));
}

void document_done(struct op *op, const struct order *o, str message, str document_path) {
    op_notice(op, message);
    op_redirect(op, actor_may(op->actor, RESOURCE_ORDER_VIEW) ? document_order_path(op->arena, o, NULL)
                                                              : document_path);
}

/* ---- to the customer ---- */

static enum err put_mail(struct op *op, const struct order *o, const struct document_news *n) {
    enum lang lang = i18n_lang(o->locale);
    const struct i18n_arg args[] = {{S_INIT("number"), order_number_text(op->arena, n->number)},
                                    {S_INIT("order"), order_number_text(op->arena, o->number)}};
    const struct order_mail mail = {
        .kind = n->document ? order_document_word(n->kind) : S("order_comment"),
        .subject = i18n_format_message(op->arena, lang, n->subject, args, COUNT_OF(args)),
        .intro = i18n_format_message(op->arena, lang, n->intro, args, COUNT_OF(args)),
        .comment = n->visible ? n->comment : S(""),
        .parts = n->document ? n->document->parts : NULL,
        .parts_n = n->document ? n->document->parts_n : 0,
        .totals = n->document && n->amounts ? &n->document->totals : NULL,
        .extras = n->extras,
        .extras_n = n->extras_n,
        .brief = !n->document,
        .footer = n->footer,
    };
    return order_mail_put(op, o, &mail);
}

enum err document_tell(struct op *op, const struct order *o, const struct document_news *n) {
    if (n->comment.n) {
        const struct order_comment comment = {.document = n->kind,
                                              .document_id = n->id,
                                              .body = n->comment,
                                              .visible = n->visible,
                                              .mailed = n->visible && n->mail};
        TRY(order_comment(op, o, &comment));
    }
    return n->mail ? put_mail(op, o, n) : OK;
}

static str comment_subject(enum order_document kind) {
    switch (kind) {
    case ORDER_DOC_INVOICE: return T("About invoice {number} for your order {order}");
    case ORDER_DOC_SHIPMENT: return T("About shipment {number} for your order {order}");
    case ORDER_DOC_CREDITMEMO: return T("About credit memo {number} for your order {order}");
    case ORDER_DOC_ORDER: break;
    }
    return T("About your order {order}");
}

enum err document_add_comment(struct op *op, const struct order *o, enum order_document kind, i64 id,
                              i64 number, str comment, bool visible, bool notify) {
    /* What is mailed to the customer is no secret from them. */
    const struct document_news news = {.kind = kind,
                                       .id = id,
                                       .number = number,
                                       .subject = comment_subject(kind),
                                       .intro = T("There is news about your order {order}:"),
                                       .comment = str_trim(comment),
                                       .visible = visible || notify,
                                       .mail = notify};
    if (!news.comment.n) return op_invalid(op, "comment", i18n_get(op->lang, T("This is a required field.")));
    TRY(document_tell(op, o, &news));
    op_change(op, "comment", STR_NULL, news.comment);
    op_notice(op, i18n_get(op->lang, T("The comment was added.")));
    return OK;
}

void document_mailed(struct op *op, const struct order *o) {
    const struct i18n_arg args[] = {{S_INIT("email"), o->email}};
    op_change(op, "mail", STR_NULL, o->email);
    op_notice(op, i18n_format_message(op->arena, op->lang, T("A mail goes to {email}."), args, 1));
}

/* ---- the record ---- */

static str details(struct arena *a, const struct order *o, i64 number) {
    return ARENA_CAT(a, order_number_text(a, number), S(", order "), order_number_text(a, o->number));
}

void document_record(struct op *op, const struct order *o, enum order_document kind, i64 id, i64 number) {
    order_record(op, o);
    op_subject(op, order_document_word(kind).p, id, order_number_text(op->arena, number));
    op_details(op, details(op->arena, o, number));
}

static enum audit_group group_of(enum order_document kind) {
    switch (kind) {
    case ORDER_DOC_INVOICE: return AUDIT_INVOICES;
    case ORDER_DOC_SHIPMENT: return AUDIT_SHIPMENTS;
    case ORDER_DOC_CREDITMEMO: return AUDIT_CREDITMEMOS;
    case ORDER_DOC_ORDER: break;
    }
    return AUDIT_ORDERS;
}

enum err document_record_also(struct op *op, const struct order *o, enum order_document kind, i64 id,
                              i64 number, str action, str operation) {
    struct audit_event *event = ARENA_NEW(op->arena, struct audit_event);
    *event = (struct audit_event){
        .group = group_of(kind),
        .action = action,
        .full_action = operation,
        .success = true,
        .reason = S(""),
        .actor = op->actor,
        .customer_id = o->customer_id,
        .customer =
            o->customer_id.set ? customer_label(op->arena, o->firstname, o->lastname, o->email) : STR_NULL,
        .website_id = OPT(o->website_id),
        .view = S(""),
        .origin = S(""),
        .subject_kind = order_document_word(kind),
        .subject_id = arena_printf(op->arena, "%lld", (long long)id),
        .details = details(op->arena, o, number),
        .before_json = S(""),
        .after_json = S(""),
        .at_us = op->now_us,
    };
    return op_also(op, event);
}

enum err document_refused(struct op *op, const struct order *o, enum sales_wrong wrong, size_t item) {
    return op_fail(op, wrong == SALES_NOT_ALLOWED ? ERR_CONFLICT : ERR_INVALID,
                   order_wrong_text(op, o, wrong, item));
}

str document_search_fold(struct arena *a, const struct order *o, i64 number) {
    const i64 numbers[] = {number, o->number};
    return order_search_fold(a, numbers, COUNT_OF(numbers), o->firstname, o->lastname, o->email);
}

opt_i64 document_staff_id(const struct op *op) {
    return op->actor->kind == ACTOR_STAFF || op->actor->kind == ACTOR_ASSISTED ? OPT(op->actor->staff_id)
                                                                               : NONE;
}

str document_staff_name(const struct op *op) {
    return op->actor->staff_name.p ? op->actor->staff_name : S("");
}
