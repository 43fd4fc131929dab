/* Pieces of pages and mails that orders and their documents share: totals, items, addresses. */
#include "gen/order_tpl.h"
#include "shop/order/order_inside.h"

/* ---- totals ---- */

/* Rows being gathered. */
struct gathering {
    struct arena *a;
    const struct order *o;
    const struct order_total_view *v;
    struct tpl_order_totals_rows *rows;
    size_t n;
};

static void add(struct gathering *g, str label, i64 minor, bool grand) {
    g->rows[g->n++] = (struct tpl_order_totals_rows){
        .label = label, .value = order_money(g->a, g->o, g->v->locale, minor), .grand = grand};
}

static void add_extras(struct gathering *g, bool behind) {
    for (size_t i = 0; i < g->v->extras_n; i++)
        if (g->v->extras[i].behind_total == behind)
            add(g, i18n_get(g->v->lang, g->v->extras[i].label), g->v->extras[i].minor, false);
}

static str discount_label(const struct gathering *g) {
    str word = i18n_get(g->v->lang, T("Discount"));
    return g->o->coupon_code.n ? ARENA_CAT(g->a, word, S(" ("), g->o->coupon_code, S(")")) : word;
}

const struct tpl_order_totals_rows *order_total_rows(struct arena *a, const struct order *o,
                                                     const struct sales_totals *t,
                                                     const struct order_total_view *v, size_t *ret_n) {
    enum { OWN_ROWS = 6 };
    struct gathering g = {a, o, v, ARENA_ARRAY(a, struct tpl_order_totals_rows, OWN_ROWS + v->extras_n), 0};
    bool incl = o->sales.prices_incl;
    add(&g, i18n_get(v->lang, T("Subtotal")), t->subtotal, false);
    if (t->discount) add(&g, discount_label(&g), -t->discount, false);
    if (t->shipping || t->shipping_tax || t == &o->sales.totals)
        add(&g, i18n_get(v->lang, T("Shipping & Handling")), t->shipping, false);
    if (!incl) add(&g, i18n_get(v->lang, T("Tax")), t->tax, false);
    add_extras(&g, false);
    add(&g, i18n_get(v->lang, T("Grand Total")), t->total, true);
    if (incl) add(&g, i18n_get(v->lang, T("of which tax")), t->tax, false);
    add_extras(&g, true);
    *ret_n = g.n;
    return g.rows;
}

/* ---- pieces of pages ---- */

enum { PIECE_MAX = 512 * 1024 };

str order_page_locale(const struct page *p) {
    return p->actor->kind == ACTOR_STAFF ? p->actor->staff_locale : p->view->locale;
}

html_t order_show_totals(struct page *p, const struct order *o, const struct sales_totals *t,
                         const struct order_extra *extras, size_t extras_n) {
    struct html out;
    const struct order_total_view how = {p->lang, order_page_locale(p), extras, extras_n};
    struct tpl_order_totals v = {0};
    v.rows = order_total_rows(p->arena, o, t, &how, &v.rows_n);
    html_init(&out, p->arena, p->out->env, PIECE_MAX);
    tpl_order_totals(&out, &v);
    html_t piece = html_take(&out);
    html_done(&out);
    return piece;
}

html_t order_show_parts(struct page *p, const struct order *o, const struct sales_part *parts, size_t n,
                        bool amounts) {
    struct html out;
    str locale = order_page_locale(p);
    struct tpl_order_parts_rows *rows = ARENA_ARRAY(p->arena, struct tpl_order_parts_rows, n);
    for (size_t i = 0; i < n; i++) {
        const struct sales_item *it = &o->sales.items[parts[i].item];
        const struct order_line *l = &o->lines[parts[i].item];
        rows[i] = (struct tpl_order_parts_rows){.name = l->name, .sku = l->sku, .qty = parts[i].qty};
        if (!amounts) continue;
        i64 total = parts[i].row - parts[i].discount + (o->sales.prices_incl ? 0 : parts[i].tax);
        rows[i].price = order_money(p->arena, o, locale, it->price);
        rows[i].row = order_money(p->arena, o, locale, parts[i].row);
        rows[i].discount = order_money(p->arena, o, locale, -parts[i].discount);
        rows[i].tax = order_money(p->arena, o, locale, parts[i].tax);
        rows[i].total = order_money(p->arena, o, locale, total);
    }
    const struct tpl_order_parts v = {.amounts = amounts, .rows = rows, .rows_n = n};
    html_init(&out, p->arena, p->out->env, PIECE_MAX);
    tpl_order_parts(&out, &v);
    html_t piece = html_take(&out);
    html_done(&out);
    return piece;
}
