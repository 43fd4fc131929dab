/* Several orders at once: a page that says which can be canceled, held or released and which not, and why;
 * and the operation that does it. */
#include "gen/order_tpl.h"
#include "shop/order/order_admin_inside.h"

/* ---- asking ---- */

/* What the three pages say. */
struct question {
    enum sales_action action;
    str title, can, cannot; /* msgids */
};

static const struct question cancel_question = {
    SALES_DO_CANCEL, T("Cancel orders"),
    T("These orders will be canceled: what is neither invoiced nor "
      "shipped is taken off them and goes back to stock."),
    T("These orders cannot be canceled:")};
static const struct question hold_question = {SALES_DO_HOLD, T("Put orders on hold"),
                                              T("These orders will be put on hold:"),
                                              T("These orders cannot be put on hold:")};
static const struct question unhold_question = {SALES_DO_UNHOLD, T("Release orders from hold"),
                                                T("These orders will be released from hold:"),
                                                T("These orders are not on hold:")};

static bool can(enum sales_action action, const struct order_admin_selected *row) {
    struct sales_item left = {.ordered = row->cancelable};
    const struct sales_order o = {
        .state = sales_state_by_word(row->state), .items = &left, .items_n = row->cancelable > 0};
    return sales_may(&o, action);
}

/* The ids as the statement wants them. */
static str id_list(struct arena *a, const i64 *ids, size_t n) {
    enum { WIDTH = 20 };
    char *text = arena_alloc(a, n * WIDTH + 1);
    for (size_t i = 0; i < n; i++)
        memcpy(text + i * WIDTH, arena_printf(a, "%019lld,", (long long)ids[i]).p, WIDTH);
    return (str){text, n * WIDTH};
}

static enum err ask(struct page *p, const struct question *q, struct tpl_order_admin_mass *v, const i64 *ids,
                    size_t ids_n, str back) {
    struct order_admin_selected *rows = NULL;
    size_t n = 0;
    if (ids_n) TRY(order_admin_selected(p->db, id_list(p->arena, ids, ids_n), (i64)ids_n, &rows, &n));
    struct tpl_order_admin_mass_rows *good = ARENA_ARRAY(p->arena, struct tpl_order_admin_mass_rows, n);
    struct tpl_order_admin_mass_rows *bad = ARENA_ARRAY(p->arena, struct tpl_order_admin_mass_rows, n);
    v->rows = good;
    v->others = bad;
    for (size_t i = 0; i < n; i++) {
        const struct tpl_order_admin_mass_rows row = {
            .id = rows[i].id,
            .number = order_number_text(p->arena, rows[i].number),
            .name = customer_full_name(p->arena, rows[i].firstname, rows[i].lastname),
            .state = i18n_get(p->lang, sales_state_title(sales_state_by_word(rows[i].state))),
            .tone = str_c(sales_state_tone(sales_state_by_word(rows[i].state)))};
        if (can(q->action, &rows[i]))
            good[v->rows_n++] = row;
        else
            bad[v->others_n++] = row;
    }
    v->title = i18n_get(p->lang, q->title);
    v->can = i18n_get(p->lang, q->can);
    v->cannot = i18n_get(p->lang, q->cannot);
    v->back = back.n ? back : S("/admin/orders");
    tpl_order_admin_mass(p->out, v);
    reply_title(p->reply, v->title);
    reply_bare(p->reply);
    return OK;
}

enum err page_admin_orders_cancel(struct page *p, const struct admin_orders_cancel_in *in) {
    struct tpl_order_admin_mass v = {.cancel = true};
    return ask(p, &cancel_question, &v, in->ids, in->ids_n, in->back);
}

enum err page_admin_orders_hold(struct page *p, const struct admin_orders_hold_in *in) {
    struct tpl_order_admin_mass v = {.hold = true};
    return ask(p, &hold_question, &v, in->ids, in->ids_n, in->back);
}

enum err page_admin_orders_unhold(struct page *p, const struct admin_orders_unhold_in *in) {
    struct tpl_order_admin_mass v = {.unhold = true};
    return ask(p, &unhold_question, &v, in->ids, in->ids_n, in->back);
}

/* ---- doing ---- */

/* What became of them. */
struct outcome {
    i64 done, refused;
    str done_numbers;  /* "100000012, 100000013" */
    str refused_which; /* "100000014 (Complete), …": the first few */
};
enum { REFUSED_NAMED = 8 };

static str add(struct arena *a, str list, str one) {
    return list.n ? ARENA_CAT(a, list, S(", "), one) : one;
}

static enum err do_one(struct op *op, i64 id, order_change_fn *fn, struct outcome *out) {
    struct order o, after;
    enum sales_wrong wrong;
    enum err e = order_get_scoped(op->r, id, &o);
    if (e == ERR_NOT_FOUND) return op_fail(op, e, i18n_get(op->lang, T("This order does not exist.")));
    if (e) return e;
    str number = order_number_text(op->arena, o.number), state = sales_state_title(o.sales.state);
    TRY(fn(op, &o, &after, &wrong));
    if (wrong) {
        if (out->refused++ < REFUSED_NAMED)
            out->refused_which =
                add(op->arena, out->refused_which,
                    ARENA_CAT(op->arena, number, S(" ("), i18n_get(op->lang, state), S(")")));
        return OK;
    }
    out->done++;
    out->done_numbers = add(op->arena, out->done_numbers, number);
    op_change(op, arena_cstr(op->arena, number), state, sales_state_title(after.sales.state));
    return OK;
}

static str count_text(struct op *op, str one, str many, i64 n, str which) {
    const struct i18n_arg args[] = {{S_INIT("n"), order_number_text(op->arena, n)},
                                    {S_INIT("orders"), which}};
    return i18n_format_message(op->arena, op->lang, n == 1 ? one : many, args, COUNT_OF(args));
}

static str refused_text(struct op *op, const struct outcome *out) {
    str which =
        out->refused > REFUSED_NAMED ? ARENA_CAT(op->arena, out->refused_which, S(" …")) : out->refused_which;
    return count_text(op, T("1 order could not be changed, because of its status: {orders}."),
                      T("{n} orders could not be changed, because of their status: {orders}."), out->refused,
                      which);
}

/* `one` and `many` say how many were done. */
static enum err do_all(struct op *op, const i64 *ids, size_t n, str back, order_change_fn *fn, str one,
                       str many) {
    struct outcome out = {.done_numbers = S(""), .refused_which = S("")};
    for (size_t i = 0; i < n; i++)
        TRY(do_one(op, ids[i], fn, &out));
    op_redirect(op, back.n ? back : S("/admin/orders"));
    if (!out.done) return op_fail(op, ERR_CONFLICT, refused_text(op, &out));
    op_subject_text(op, "orders", out.done_numbers, out.done_numbers);
    op_details(op, ARENA_CAT(op->arena, S("orders "), out.done_numbers));
    op_notice(op, count_text(op, one, many, out.done, out.done_numbers));
    if (out.refused) op_warning(op, refused_text(op, &out));
    return OK;
}

enum err op_orders_cancel(struct op *op, const struct orders_cancel_in *in) {
    return do_all(op, in->ids, in->ids_n, in->back, order_cancel_one, T("1 order was canceled."),
                  T("{n} orders were canceled."));
}

enum err op_orders_hold(struct op *op, const struct orders_hold_in *in) {
    return do_all(op, in->ids, in->ids_n, in->back, order_hold_one, T("1 order was put on hold."),
                  T("{n} orders were put on hold."));
}

enum err op_orders_unhold(struct op *op, const struct orders_unhold_in *in) {
    return do_all(op, in->ids, in->ids_n, in->back, order_unhold_one, T("1 order was released from hold."),
                  T("{n} orders were released from hold."));
}
