/* A new credit memo: its page, with the amounts of what stands in its fields, and making it. */
#include "shop/creditmemo/creditmemo_inside.h"

/* ---- the page ---- */

static bool amount_shown(const struct page *p, str field, i64 *ret) {
    str typed = str_trim(html_form_value(p->form, field, S("")));
    *ret = 0;
    return !typed.n || str_to_minor(typed, ret);
}

/* What the fields ask for. False when one of them cannot be read. */
static bool read_ask(const struct page *p, const struct order *o, const struct creditmemo_limit *l, i64 *qty,
                     struct sales_ask *ret) {
    bool fine = document_qty_shown(p, o, l->qty, qty);
    *ret = (struct sales_ask){.qty = qty, .shipping = l->shipping};
    if (!p->form) return true;
    ret->shipping = 0;
    fine = fine && amount_shown(p, S("shipping"), &ret->shipping);
    fine = fine && amount_shown(p, S("adjustment"), &ret->adjustment);
    return fine && amount_shown(p, S("fee"), &ret->fee);
}

static bool compute(struct page *p, const struct order *o, const struct sales_ask *ask,
                    struct sales_document *ret) {
    struct order copy = order_copy(p->arena, o);
    size_t item;
    *ret = (struct sales_document){.parts_n = 0};
    enum sales_wrong wrong = sales_refund(p->arena, &copy.sales, ask, ret, &item);
    return !wrong || wrong == SALES_NOTHING;
}

static void fill_lines(struct page *p, const struct order *o, const i64 *left, const i64 *qty,
                       const struct sales_document *d, struct tpl_creditmemo_new *v) {
    const struct document_line *from = document_lines(p, o, left, qty, d);
    struct tpl_creditmemo_new_lines *to =
        ARENA_ARRAY(p->arena, struct tpl_creditmemo_new_lines, o->sales.items_n);
    for (size_t i = 0; i < o->sales.items_n; i++) {
        const struct i18n_arg name = {S("name"), from[i].name};
        to[i] = (struct tpl_creditmemo_new_lines){
            DOCUMENT_LINE_MEMBERS(&from[i]), .restock = from[i].unsent,
            .restock_label = i18n_format_message(p->arena, p->lang, T("Return {name} to Stock"), &name, 1)};
    }
    v->lines = to;
    v->lines_n = o->sales.items_n;
}

static enum err show_form(struct page *p, const struct order *o, const struct invoice *i,
                          const struct creditmemo_limit *l) {
    i64 *qty = ARENA_ARRAY(p->arena, i64, o->sales.items_n);
    struct order_extra extras[DOCUMENT_ADJUSTMENTS];
    struct sales_document d;
    struct sales_ask ask;
    bool fine = read_ask(p, o, l, qty, &ask) && compute(p, o, &ask, &d);
    if (!fine && !p->form) {
        /* Not all of it was paid: what is to be given back must be chosen. */
        memset(qty, 0, o->sales.items_n * sizeof *qty);
        ask = (struct sales_ask){.qty = qty};
        fine = compute(p, o, &ask, &d);
    }
    struct tpl_creditmemo_new v = {
        .id = o->id,
        .version = o->updated_us,
        .invoice = i ? i->id : 0,
        .invoice_number = i ? order_number_text(p->arena, i->number) : S(""),
        .known = fine,
        .shipping_text = order_money(p->arena, o, order_page_locale(p), l->shipping),
        .amount_text = order_money(p->arena, o, order_page_locale(p), l->amount),
        .shipping = ask.shipping,
        .may_shipping = l->shipping > 0 || p->form,
    };
    TRY(payment_refund_offered(p->db, p->settings, o, &v.online));
    if (fine)
        v.totals =
            order_show_totals(p, o, &d.totals, extras, document_adjustments(ask.adjustment, ask.fee, extras));
    fill_lines(p, o, l->qty, qty, fine ? &d : NULL, &v);
    TRY(order_show_about(p, o, &v.about));
    tpl_creditmemo_new(p->out, &v);
    return OK;
}

/* The invoice that it is made from. ERR_NOT_FOUND when it is another order's. */
static enum err find_invoice(struct db_r *r, opt_i64 id, i64 order_id, struct invoice *room,
                             const struct invoice **ret) {
    struct order o;
    *ret = NULL;
    if (!id.set) return OK;
    TRY(invoice_get_scoped(r, id.v, room, &o));
    if (room->order_id != order_id) return ERR_NOT_FOUND;
    *ret = room;
    return OK;
}

static bool may_refund(const struct order *o, const struct invoice *i) {
    return sales_may(&o->sales, SALES_DO_REFUND) && (!i || i->state == INVOICE_PAID);
}

enum err page_admin_creditmemo_new(struct page *p, const struct admin_creditmemo_new_in *in) {
    struct order o;
    struct invoice room;
    const struct invoice *i;
    struct creditmemo_limit l;
    TRY(order_get_scoped(p->db, in->id, &o));
    TRY(find_invoice(p->db, in->invoice, o.id, &room, &i));
    TRY(creditmemo_limit(p->db, &o, i, &l));
    if (document_is_recount(p)) reply_status(p->reply, 200);
    document_frame_new(p, &o, "admin_creditmemos", T("New Memo"));
    if (may_refund(&o, i)) return show_form(p, &o, i, &l);
    document_nothing(
        p, &o, i18n_get(p->lang, T("There is nothing to refund: nothing was paid that is not refunded.")));
    return OK;
}

/* ---- making it ---- */

static bool *read_restock(struct op *op, const struct order *o, const struct admin_creditmemo_create_in *in) {
    bool *restock = ARENA_ARRAY(op->arena, bool, o->sales.items_n);
    for (size_t k = 0; k < in->restock_n; k++) {
        size_t item = order_item(o, in->restock[k]);
        if (item < o->sales.items_n) restock[item] = true;
    }
    return restock;
}

/* Would it be right? The limits are narrower than the order's when it is made from an invoice. */
static enum err check(struct op *op, const struct order *o, const struct creditmemo_limit *l,
                      const struct sales_ask *ask) {
    struct order copy = order_copy(op->arena, o);
    struct sales_document d;
    size_t item = 0;
    enum sales_wrong wrong = sales_refund(op->arena, &copy.sales, ask, &d, &item);
    if (!wrong && ask->shipping > l->shipping) wrong = SALES_SHIPPING_TOO_LARGE;
    if (!wrong && d.totals.total > l->amount) wrong = SALES_OVER_PAID;
    return wrong ? creditmemo_refused(op, o, ask, wrong, item) : OK;
}

/* The provider may have been taken away while the form was filled in. */
static enum err check_way(struct op *op, const struct order *o, bool online) {
    bool offered;
    TRY(payment_refund_offered(op->r, op->settings, o, &offered));
    if (!online || offered) return OK;
    return op_fail(op, ERR_CONFLICT,
                   i18n_get(op->lang, T("This order cannot be refunded through the payment provider. You can "
                                        "refund it offline.")));
}

static enum err make(struct op *op, const struct order *o, const struct creditmemo_want *want, bool online) {
    struct order after = order_copy(op->arena, o);
    struct creditmemo made;
    TRY(creditmemo_make(op, &after, want, &made));
    TRY(order_save(op, o, &after));
    i64 total = made.document.totals.total;
    if (online && total > 0) TRY(payment_refund_ask(op, o, made.id, total));
    document_record(op, o, ORDER_DOC_CREDITMEMO, made.id, made.number);
    document_done(
        op, o,
        document_numbered(op->arena, op->lang, T("The credit memo {number} has been created."), made.number),
        creditmemo_path(op->arena, made.id));
    return OK;
}

enum err op_admin_creditmemo_create(struct op *op, const struct admin_creditmemo_create_in *in) {
    struct order o;
    struct invoice room;
    const struct invoice *i;
    struct creditmemo_limit l;
    i64 *qty;
    TRY(document_order(op, in->id, SALES_DO_REFUND, &o));
    enum err e = find_invoice(op->r, in->invoice, o.id, &room, &i);
    if (e == ERR_NOT_FOUND) return op_fail(op, e, i18n_get(op->lang, T("This invoice does not exist.")));
    TRY(e);
    if (!may_refund(&o, i)) return document_refused(op, &o, SALES_NOT_ALLOWED, 0);
    TRY(creditmemo_limit(op->r, &o, i, &l));
    bool amounts = (in->shipping.set && in->shipping.v) || (in->adjustment.set && in->adjustment.v);
    TRY(document_qty(op, &o, in->qty, in->qty_n, l.qty, amounts, &qty));
    const struct creditmemo_want want = {
        .ask = {.qty = qty,
                .shipping = in->shipping.set ? in->shipping.v : 0,
                .adjustment = in->adjustment.set ? in->adjustment.v : 0,
                .fee = in->fee.set ? in->fee.v : 0},
        .restock = read_restock(op, &o, in),
        .invoice_id = in->invoice,
        .comment = str_trim(in->comment),
        .visible = in->append,
        .mail = in->mail,
    };
    TRY(check(op, &o, &l, &want.ask));
    if (in->recount) return ERR_INVALID;
    TRY(check_way(op, &o, in->online));
    TRY(document_fresh(op, &o, in->version));
    return make(op, &o, &want, in->online);
}
