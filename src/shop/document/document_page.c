/* What the pages of invoices, shipments and credit memos show in common. */
#include "access/access.h"
#include "assist/assist.h"
#include "gen/document_sql.h"
#include "shop/document/document.h"

static str text(const struct page *p, str msgid) {
    return i18n_get(p->lang, msgid);
}

str document_order_path(struct arena *a, const struct order *o, const char *tab) {
    return arena_printf(a, "/admin/orders/%lld%s%s", (long long)o->id, tab ? "?tab=" : "", tab ? tab : "");
}

bool document_assist(const struct page *p, const struct order *o) {
    return order_customer_reached(p->actor, o) && !o->guest && assist_is_on(p->settings) &&
           actor_may(p->actor, RESOURCE_ASSIST_LOGIN);
}

str document_numbered(struct arena *a, enum lang lang, str msgid, i64 number) {
    const struct i18n_arg args[] = {{S_INIT("number"), order_number_text(a, number)}};
    return i18n_format_message(a, lang, msgid, args, 1);
}

static html_t take(struct html *o) {
    html_t h = html_take(o);
    html_done(o);
    return h;
}

/* ---- grids ---- */

const struct grid_link document_order_link = {.label = T("Order"),
                                              .before = S_INIT("/admin/orders/"),
                                              .after = S_INIT(""),
                                              .id = GRID_SQL("d.order_id"),
                                              .right = RESOURCE_ORDER_VIEW};

/* ---- the panel about the document ---- */

html_t document_head(struct page *p, const struct document_facts *f) {
    struct html out;
    const struct tpl_document_head v = {
        .title = f->title,
        .number = f->number,
        .created_us = f->created_us,
        .paid_us = f->paid_us,
        .status = f->status,
        .tone = f->tone,
        .by = f->by,
        .invoice_id = actor_may(p->actor, RESOURCE_INVOICE_VIEW) ? f->invoice_id : 0,
        .invoice_number = f->invoice_number,
    };
    html_init(&out, p->arena, p->out->env, 16 * 1024);
    tpl_document_head(&out, &v);
    return take(&out);
}

/* ---- lines of a new document ---- */

static str add_count(const struct page *p, str so_far, str msgid, i64 n) {
    if (!n) return so_far;
    const struct i18n_arg args[] = {{S_INIT("n"), arena_printf(p->arena, "%lld", (long long)n)}};
    str one = i18n_format_message(p->arena, p->lang, msgid, args, 1);
    return so_far.n ? ARENA_CAT(p->arena, so_far, S(" · "), one) : one;
}

/* "Ordered 3 · Invoiced 1" */
static str standing(const struct page *p, const struct sales_item *it) {
    str s = add_count(p, S(""), T("Ordered {n}"), it->ordered);
    s = add_count(p, s, T("Invoiced {n}"), it->invoiced);
    s = add_count(p, s, T("Shipped {n}"), it->shipped);
    s = add_count(p, s, T("Refunded {n}"), it->refunded);
    return add_count(p, s, T("Canceled {n}"), it->canceled);
}

static void fill_amounts(const struct page *p, const struct order *o, i64 row, i64 discount, i64 tax,
                         struct document_line *l) {
    l->subtotal = order_money(p->arena, o, order_page_locale(p), row);
    l->discount = order_money(p->arena, o, order_page_locale(p), -discount);
    l->tax = order_money(p->arena, o, order_page_locale(p), tax);
    l->total =
        order_money(p->arena, o, order_page_locale(p), row - discount + (o->sales.prices_incl ? 0 : tax));
}

struct document_line *document_lines(const struct page *p, const struct order *o, const i64 *left,
                                     const i64 *qty, const struct sales_document *d) {
    struct document_line *lines = ARENA_ARRAY(p->arena, struct document_line, o->sales.items_n);
    for (size_t i = 0; i < o->sales.items_n; i++) {
        const struct sales_item *it = &o->sales.items[i];
        lines[i] = (struct document_line){
            .id = it->id,
            .name = o->lines[i].name,
            .sku = o->lines[i].sku,
            .price = order_money(p->arena, o, order_page_locale(p), it->price),
            .standing = standing(p, it),
            .qty = qty[i],
            /* A refused field is shown again also when nothing is left by now. */
            .editable = left[i] > 0 || p->form,
            .unsent = it->shipped == 0,
        };
        if (d) fill_amounts(p, o, 0, 0, 0, &lines[i]);
    }
    for (size_t k = 0; d && k < d->parts_n; k++)
        fill_amounts(p, o, d->parts[k].row, d->parts[k].discount, d->parts[k].tax, &lines[d->parts[k].item]);
    return lines;
}

/* ---- totals ---- */

size_t document_adjustments(i64 adjustment, i64 fee, struct order_extra ret[DOCUMENT_ADJUSTMENTS]) {
    size_t n = 0;
    if (adjustment) ret[n++] = (struct order_extra){.label = T("Adjustment Refund"), .minor = adjustment};
    if (fee) ret[n++] = (struct order_extra){.label = T("Adjustment Fee"), .minor = -fee};
    return n;
}

/* ---- comments ---- */

static str author(const struct page *p, const struct document_comments_of *c) {
    if (c->staff_name.n) return c->staff_name;
    return str_eq(c->author, S("customer")) ? text(p, T("The customer")) : text(p, T("The shop"));
}

enum err document_comments(struct page *p, const struct order *o, enum order_document kind, i64 id,
                           html_t *ret) {
    struct document_comments_of *rows;
    struct tpl_document_comments v = {.rows_n = 0};
    struct html out;
    TRY(document_comments_of(p->db, o->id, order_document_word(kind), id, &rows, &v.rows_n));
    struct tpl_document_comments_rows *list =
        ARENA_ARRAY(p->arena, struct tpl_document_comments_rows, v.rows_n);
    for (size_t i = 0; i < v.rows_n; i++)
        list[i] = (struct tpl_document_comments_rows){.body = rows[i].body,
                                                      .author = author(p, &rows[i]),
                                                      .created_us = rows[i].created_us,
                                                      .visible = rows[i].visible,
                                                      .mailed = rows[i].mailed};
    v.rows = list;
    html_init(&out, p->arena, p->out->env, 2 * 1024 * 1024);
    tpl_document_comments(&out, &v);
    *ret = take(&out);
    return OK;
}

/* ---- the page of a new document ---- */

bool document_is_recount(const struct page *p) {
    return p->form && !p->form->errors_n && !p->form->message.n &&
           html_form_has(p->form, S("recount"), S("1"), false);
}

void document_frame_new(struct page *p, const struct order *o, const char *menu, str title) {
    const struct tpl_document_new_actions v = {.order_url = document_order_path(p->arena, o, NULL)};
    struct html out;
    html_init(&out, p->arena, p->out->env, 4 * 1024);
    tpl_document_new_actions(&out, &v);
    reply_title(p->reply, text(p, title));
    reply_menu(p->reply, menu);
    reply_actions(p->reply, take(&out));
}

void document_nothing(struct page *p, const struct order *o, str why) {
    const struct tpl_document_nothing v = {
        .why = p->form && p->form->message.n ? p->form->message : why,
        .status = text(p, sales_state_title(o->sales.state)),
        .tone = str_c(sales_state_tone(o->sales.state)),
        .order_number = o->number,
        .order_url = document_order_path(p->arena, o, NULL),
    };
    tpl_document_nothing(p->out, &v);
}
