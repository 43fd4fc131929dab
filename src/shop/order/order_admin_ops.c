/* What staff do with an order: cancel, hold, unhold, comment, send its mail again. */
#include "shop/order/order_admin_inside.h"

/* The order that an operation is about, noted for the record; leads back to its page. ERR_NOT_FOUND, with a
 * message, when there is none in the role's websites. */
static enum err find(struct op *op, i64 id, struct order *ret) {
    enum err e = order_get_scoped(op->r, id, ret);
    if (e == ERR_NOT_FOUND) return op_fail(op, e, i18n_get(op->lang, T("This order does not exist.")));
    if (e) return e;
    order_record(op, ret);
    op_redirect(op, order_admin_path(op->arena, id, ""));
    return OK;
}

static str about(struct op *op, const struct order *o, str msgid) {
    const struct i18n_arg args[] = {{S_INIT("number"), order_number_text(op->arena, o->number)},
                                    {S_INIT("email"), o->email}};
    return i18n_format_message(op->arena, op->lang, msgid, args, COUNT_OF(args));
}

/* ---- the state ---- */

enum err order_cancel_one(struct op *op, const struct order *o, struct order *ret,
                          enum sales_wrong *ret_wrong) {
    i64 *qty = ARENA_ARRAY(op->arena, i64, o->sales.items_n);
    *ret = order_copy(op->arena, o);
    *ret_wrong = sales_cancel(&ret->sales, qty);
    if (*ret_wrong) return OK;
    TRY(order_write(op, o, ret));
    TRY(order_restock(op, o, qty));
    return ret->sales.state == SALES_CANCELED ? order_coupon_give_back(op, o) : OK;
}

enum err order_hold_one(struct op *op, const struct order *o, struct order *ret,
                        enum sales_wrong *ret_wrong) {
    *ret = order_copy(op->arena, o);
    *ret_wrong = sales_hold(&ret->sales);
    return *ret_wrong ? OK : order_write(op, o, ret);
}

enum err order_unhold_one(struct op *op, const struct order *o, struct order *ret,
                          enum sales_wrong *ret_wrong) {
    *ret = order_copy(op->arena, o);
    *ret_wrong = sales_unhold(&ret->sales);
    return *ret_wrong ? OK : order_write(op, o, ret);
}

/* Runs one of the three on the order of this id. */
static enum err change(struct op *op, i64 id, order_change_fn *fn, str done) {
    struct order o, after;
    enum sales_wrong wrong;
    TRY(find(op, id, &o));
    TRY(fn(op, &o, &after, &wrong));
    if (wrong) return op_fail(op, ERR_CONFLICT, order_wrong_text(op, &o, wrong, 0));
    order_note_changes(op, &o, &after);
    op_notice(op, about(op, &o, done));
    return OK;
}

enum err op_order_cancel(struct op *op, const struct order_cancel_in *in) {
    return change(op, in->id, order_cancel_one, T("Order {number} was canceled."));
}

enum err op_order_hold(struct op *op, const struct order_hold_in *in) {
    return change(op, in->id, order_hold_one, T("Order {number} was put on hold."));
}

enum err op_order_unhold(struct op *op, const struct order_unhold_in *in) {
    return change(op, in->id, order_unhold_one, T("Order {number} was released from hold."));
}

/* ---- comments and mail ---- */

static enum err mail_comment(struct op *op, const struct order *o, str body) {
    const struct order_mail mail = {
        .kind = S("order_comment"),
        .subject = order_mail_words(op, o, T("About your order {number} at {shop}")),
        .intro = order_mail_words(op, o, T("There is news about your order {number}:")),
        .comment = body,
        .brief = true,
    };
    return order_mail_put(op, o, &mail);
}

enum err op_order_comment_add(struct op *op, const struct order_comment_add_in *in) {
    struct order o;
    bool visible = in->visible || in->notify; /* what is mailed to the customer is no secret from them */
    TRY(find(op, in->id, &o));
    const struct order_comment c = {.document = ORDER_DOC_ORDER,
                                    .document_id = o.id,
                                    .body = in->body,
                                    .visible = visible,
                                    .mailed = in->notify};
    TRY(order_comment(op, &o, &c));
    if (in->notify) TRY(mail_comment(op, &o, in->body));
    op_change(op, "comment", STR_NULL, in->body);
    op_change(op, "visible on storefront", STR_NULL, visible ? S("Yes") : S("No"));
    op_change(op, "customer notified", STR_NULL, in->notify ? S("Yes") : S("No"));
    op_notice(op, in->notify ? about(op, &o, T("The comment was added, and mailed to {email}."))
                             : i18n_get(op->lang, T("The comment was added.")));
    return OK;
}

enum err op_order_mail_send(struct op *op, const struct order_mail_send_in *in) {
    struct order o;
    TRY(find(op, in->id, &o));
    TRY(order_confirm_mail(op, &o));
    op_change(op, "mailed to", STR_NULL, o.email);
    op_notice(op, about(op, &o, T("The email about order {number} was sent to {email}.")));
    return OK;
}
