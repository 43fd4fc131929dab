/* Pieces of pages and mails that orders and their documents share: totals, items, addresses. */
#include "access/access.h"
#include "gen/order_admin_sql.h"
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

/* "21%", "5.5%" of basis points. */
static str percent(struct arena *a, i64 bp) {
    if (bp % 100 == 0) return arena_printf(a, "%lld%%", (long long)(bp / 100));
    return bp % 10 == 0 ? arena_printf(a, "%lld.%lld%%", (long long)(bp / 100), (long long)(bp % 100 / 10))
                        : arena_printf(a, "%lld.%02lld%%", (long long)(bp / 100), (long long)(bp % 100));
}

html_t order_show_items(struct page *p, const struct order *o, bool full) {
    struct html out;
    str locale = order_page_locale(p);
    size_t n = o->sales.items_n;
    struct tpl_order_items_rows *rows = ARENA_ARRAY(p->arena, struct tpl_order_items_rows, n);
    for (size_t i = 0; i < n; i++) {
        const struct sales_item *it = &o->sales.items[i];
        i64 total = it->row - it->discount + (o->sales.prices_incl ? 0 : it->tax);
        rows[i] = (struct tpl_order_items_rows){
            .name = o->lines[i].name,
            .sku = o->lines[i].sku,
            .price = order_money(p->arena, o, locale, it->price),
            .row = order_money(p->arena, o, locale, it->row),
            .tax = order_money(p->arena, o, locale, it->tax),
            .tax_percent = percent(p->arena, o->lines[i].tax_bp),
            .discount = order_money(p->arena, o, locale, -it->discount),
            .total = order_money(p->arena, o, locale, total),
            .ordered = it->ordered,
            .invoiced = it->invoiced,
            .shipped = it->shipped,
            .refunded = it->refunded,
            .canceled = it->canceled,
        };
    }
    const struct tpl_order_items v = {.full = full, .rows = rows, .rows_n = n};
    html_init(&out, p->arena, p->out->env, PIECE_MAX);
    tpl_order_items(&out, &v);
    html_t piece = html_take(&out);
    html_done(&out);
    return piece;
}

/* ---- who, where to and how ---- */

static str website_words(const struct page *p, const struct order *o) {
    const struct store_view *v = stores_view(p->stores, o->view_id);
    return v ? stores_view_label(p->arena, p->stores, v) : S("");
}

enum err order_show_about(struct page *p, const struct order *o, html_t *ret) {
    struct html out;
    struct order_admin_group group = {.name = S("")};
    enum err e = order_admin_group(p->db, o->group_id, &group);
    if (e && e != ERR_NOT_FOUND) return e;
    bool known = order_customer_reached(p->actor, o) && actor_may(p->actor, RESOURCE_CUSTOMER_VIEW);
    const struct tpl_order_about v = {
        .id = o->id,
        .number = order_number_text(p->arena, o->number),
        .created_us = o->created_us,
        .state = i18n_get(p->lang, sales_state_title(o->sales.state)),
        .tone = str_c(sales_state_tone(o->sales.state)),
        .bought_from = website_words(p, o),
        .ip = o->ip,
        .placed_by = o->staff_id.set ? o->staff_name : S(""),
        .assisted = o->assist_session_id.set,
        .customer_id = known ? o->customer_id.v : 0,
        .name = order_customer_name(p->arena, o),
        .email = o->email,
        .group = group.name,
        .guest = o->guest,
        .deleted = !o->guest && !o->customer_id.set,
        .billing = customer_address_block(p->arena, p->lang, &o->billing),
        .shipping = customer_address_block(p->arena, p->lang, &o->shipping),
        .payment_title = o->payment_title,
        .purchase_order = o->purchase_order,
        .shipping_title = o->shipping_title,
        .shipping_price = order_money(p->arena, o, order_page_locale(p), o->sales.totals.shipping),
        .currency = o->currency,
    };
    html_init(&out, p->arena, p->out->env, PIECE_MAX);
    tpl_order_about(&out, &v);
    *ret = html_take(&out);
    html_done(&out);
    return OK;
}
