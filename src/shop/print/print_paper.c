/* What a document says on paper. */
#include "gen/order_tpl.h"
#include "shop/print/print_inside.h"

struct writing {
    struct arena *a;
    const struct print_document *d;
    enum lang lang;
    struct i18n_format *format; /* of the order's locale */
    struct paper paper;
};

static str words(const struct writing *w, str msgid) {
    return i18n_get(w->lang, msgid);
}

static str number_text(struct arena *a, i64 n) {
    return arena_printf(a, "%lld", (long long)n);
}

static str title_of(const struct writing *w) {
    static const str titles[] = {
#undef T
#define T(msgid) S_INIT(msgid)
        [PRINT_ORDER] = T("Order {number}"),
        [PRINT_INVOICE] = T("Invoice {number}"),
        [PRINT_SHIPMENT] = T("Packing Slip {number}"),
        [PRINT_CREDITMEMO] = T("Credit Memo {number}"),
#undef T
#define T(msgid) S(msgid)
    };
    const struct i18n_arg arg = {S("number"), number_text(w->a, w->d->number)};
    return i18n_format_message(w->a, w->lang, titles[w->d->kind], &arg, 1);
}

static str state_of(const struct writing *w) {
    if (w->d->kind == PRINT_INVOICE)
        return words(w, str_eq(w->d->state, S("paid"))   ? T("Paid")
                        : str_eq(w->d->state, S("open")) ? T("Open")
                                                         : T("Canceled"));
    return w->d->kind == PRINT_ORDER ? words(w, sales_state_title(w->d->order.sales.state)) : S("");
}

static void facts(struct writing *w) {
    enum { MOST = 8 };
    const struct print_document *d = w->d;
    struct paper_pair *f = ARENA_ARRAY(w->a, struct paper_pair, MOST);
    size_t n = 0;
    if (d->kind != PRINT_ORDER) {
        f[n++] = (struct paper_pair){words(w, T("Date")), i18n_date(w->a, w->format, d->created_us)};
        f[n++] = (struct paper_pair){words(w, T("Order")), number_text(w->a, d->order.number)};
    }
    f[n++] = (struct paper_pair){words(w, T("Order Date")), i18n_date(w->a, w->format, d->order.created_us)};
    if (state_of(w).n) f[n++] = (struct paper_pair){words(w, T("Status")), state_of(w)};
    f[n++] = (struct paper_pair){words(w, T("Payment Method")), d->order.payment_title};
    if (d->order.purchase_order.n)
        f[n++] = (struct paper_pair){words(w, T("Purchase Order Number")), d->order.purchase_order};
    if (d->order.shipping_title.n)
        f[n++] = (struct paper_pair){words(w, T("Shipping Method")), d->order.shipping_title};
    w->paper.facts = f;
    w->paper.facts_n = n;
}

static void blocks(struct writing *w) {
    struct paper_pair *b = ARENA_ARRAY(w->a, struct paper_pair, 2);
    b[0] = (struct paper_pair){words(w, T("Billing Address")),
                               customer_address_block(w->a, w->lang, &w->d->order.billing)};
    b[1] = (struct paper_pair){words(w, T("Shipping Address")),
                               customer_address_block(w->a, w->lang, &w->d->order.shipping)};
    w->paper.blocks = b;
    w->paper.blocks_n = 2;
}

/* "21%", "5.5%" */
static str rate_text(struct arena *a, i64 bp) {
    if (bp % 100 == 0) return arena_printf(a, "%lld%%", (long long)(bp / 100));
    if (bp % 10 == 0)
        return arena_printf(a, "%lld.%lld%%", (long long)(bp / 100), (long long)(bp % 100 / 10));
    return arena_printf(a, "%lld.%02lld%%", (long long)(bp / 100), (long long)(bp % 100));
}

static const str *cells_of(struct writing *w, const struct sales_part *part) {
    const struct order *o = &w->d->order;
    const struct order_line *line = &o->lines[part->item];
    str *c = ARENA_ARRAY(w->a, str, 5);
    c[0] = line->name;
    c[1] = number_text(w->a, part->qty);
    if (w->d->kind == PRINT_SHIPMENT) return c;
    i64 total = part->row - part->discount + (o->sales.prices_incl ? 0 : part->tax);
    c[2] = order_money(w->a, o, o->locale, o->sales.items[part->item].price);
    c[3] = rate_text(w->a, line->tax_bp);
    c[4] = order_money(w->a, o, o->locale, total);
    return c;
}

static void table(struct writing *w) {
    bool amounts = w->d->kind != PRINT_SHIPMENT;
    const struct paper_column columns[] = {
        {words(w, T("Product")), amounts ? 44 : 80, false},
        {words(w, T("Qty")), amounts ? 10 : 20, true},
        {words(w, T("Price")), 17, true},
        {words(w, T("Tax")), 10, true},
        {words(w, T("Total")), 19, true},
    };
    struct paper_column *kept = ARENA_ARRAY(w->a, struct paper_column, COUNT_OF(columns));
    w->paper.columns_n = amounts ? COUNT_OF(columns) : 2;
    for (size_t i = 0; i < w->paper.columns_n; i++)
        kept[i] = columns[i];
    struct paper_row *rows = ARENA_ARRAY(w->a, struct paper_row, w->d->parts_n);
    for (size_t i = 0; i < w->d->parts_n; i++)
        rows[i] = (struct paper_row){.cells = cells_of(w, &w->d->parts[i]),
                                     .note = w->d->order.lines[w->d->parts[i].item].sku};
    w->paper.columns = kept;
    w->paper.rows = rows;
    w->paper.rows_n = w->d->parts_n;
}

static void totals(struct writing *w) {
    const struct order_total_view v = {w->lang, w->d->order.locale, w->d->extras, w->d->extras_n};
    size_t n;
    if (w->d->kind == PRINT_SHIPMENT) return;
    const struct tpl_order_totals_rows *rows = order_total_rows(w->a, &w->d->order, &w->d->totals, &v, &n);
    struct paper_total *t = ARENA_ARRAY(w->a, struct paper_total, n);
    for (size_t i = 0; i < n; i++)
        t[i] = (struct paper_total){rows[i].label, rows[i].value, rows[i].grand};
    w->paper.totals = t;
    w->paper.totals_n = n;
}

static void head(struct writing *w, const struct settings *s) {
    const struct setting_place at = {w->d->order.website_id, w->d->order.view_id};
    static const enum setting lines[] = {SETTING_STORE_ADDRESS, SETTING_STORE_EMAIL, SETTING_STORE_PHONE};
    str about = S(""), vat = setting_text(s, SETTING_STORE_VAT, at);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        str line = setting_text(s, lines[i], at);
        if (line.n) about = ARENA_CAT(w->a, about, about.n ? S("\n") : S(""), line);
    }
    if (vat.n) about = ARENA_CAT(w->a, about, S("\n"), words(w, T("VAT Number")), S(" "), vat);
    w->paper.shop = setting_text(s, SETTING_STORE_NAME, at);
    w->paper.about = about;
}

struct paper print_paper(const struct page *p, const struct print_document *d) {
    const struct order *o = &d->order;
    struct writing w = {.a = p->arena, .d = d, .lang = i18n_lang(o->locale)};
    str zone = setting_text(p->settings, SETTING_TIMEZONE, (struct setting_place){o->website_id, 0});
    w.format = i18n_format_make(o->locale, o->currency, zone);
    w.paper.lang = i18n_tag(w.lang);
    w.paper.title = title_of(&w);
    w.paper.page = words(&w, T("Page {n} of {m}"));
    head(&w, p->settings);
    facts(&w);
    blocks(&w);
    table(&w);
    totals(&w);
    if (d->kind == PRINT_SHIPMENT && d->tracks.n)
        w.paper.notes = ARENA_CAT(w.a, words(&w, T("Tracking numbers")), S("\n"), d->tracks);
    i18n_format_free(w.format);
    return w.paper;
}
