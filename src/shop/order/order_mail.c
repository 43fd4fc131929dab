/* Mail about an order: plain text, put together from sentences that translators see. */
#include "gen/order_tpl.h"
#include "shop/mailbox/mailbox.h"
#include "shop/order/order_inside.h"

/* Everything about one letter. */
struct letter {
    struct arena *a;
    const struct order *o;
    const struct order_mail *m;
    enum lang lang;
    struct buf body;
};

static const struct store_view *view_of(struct op *op, const struct order *o) {
    const struct store_view *v = stores_view(op->stores, o->view_id);
    return v ? v : stores_default(op->stores);
}

str order_mail_words(struct op *op, const struct order *o, str msgid) {
    const struct store_view *v = view_of(op, o);
    const struct i18n_arg args[] = {
        {S_INIT("number"), order_number_text(op->arena, o->number)},
        {S_INIT("name"), order_customer_name(op->arena, o)},
        {S_INIT("shop"),
         setting_text(op->settings, SETTING_STORE_NAME, (struct setting_place){v->website_id, v->id})},
        {S_INIT("link"), ARENA_CAT(op->arena, S(MAILBOX_URL), v->root, S("/customer/orders/"),
                                   order_number_text(op->arena, o->id))},
    };
    return i18n_format_message(op->arena, i18n_lang(o->locale), msgid, args, COUNT_OF(args));
}

/* ---- blocks of text ---- */

static void put(struct letter *l, str text) {
    buf_put(&l->body, text);
}

/* A paragraph, with an empty line before it unless it is the first. */
static void put_paragraph(struct letter *l, str text) {
    if (!text.n) return;
    if (l->body.n) put(l, S("\n\n"));
    put(l, text);
}

static void put_heading(struct letter *l, str msgid) {
    put_paragraph(l, i18n_get(l->lang, msgid));
    put(l, S("\n"));
}

/* "Label: value" in a line of its own. */
static void put_fact(struct letter *l, str label, str value) {
    if (!value.n) return;
    put(l, S("\n"));
    put(l, label);
    put(l, S(": "));
    put(l, value);
}

static void put_item(struct letter *l, size_t item, i64 qty, i64 row) {
    const struct order_line *line = &l->o->lines[item];
    put(l,
        arena_printf(l->a, "\n%lld × %.*s (%.*s)", (long long)qty, STR_ARG(line->name), STR_ARG(line->sku)));
    if (!l->m->totals) return;
    put(l, S(": "));
    put(l, order_money(l->a, l->o, l->o->locale, row));
}

static void put_items(struct letter *l) {
    const struct sales_order *s = &l->o->sales;
    put_heading(l, T("Items"));
    for (size_t i = 0; l->m->parts && i < l->m->parts_n; i++)
        put_item(l, l->m->parts[i].item, l->m->parts[i].qty, l->m->parts[i].row);
    for (size_t i = 0; !l->m->parts && i < s->items_n; i++)
        put_item(l, i, s->items[i].ordered, s->items[i].row);
}

static void put_totals(struct letter *l) {
    size_t n;
    if (!l->m->totals) return;
    const struct order_total_view v = {l->lang, l->o->locale, l->m->extras, l->m->extras_n};
    const struct tpl_order_totals_rows *rows = order_total_rows(l->a, l->o, l->m->totals, &v, &n);
    put(l, S("\n"));
    for (size_t i = 0; i < n; i++)
        put_fact(l, rows[i].label, rows[i].value);
}

static void put_addresses(struct letter *l) {
    put_heading(l, T("Billing Address"));
    put(l, S("\n"));
    put(l, customer_address_block(l->a, l->lang, &l->o->billing));
    put_heading(l, T("Shipping Address"));
    put(l, S("\n"));
    put(l, customer_address_block(l->a, l->lang, &l->o->shipping));
}

static void put_ways(struct letter *l) {
    put(l, S("\n"));
    put_fact(l, i18n_get(l->lang, T("Shipping Method")), l->o->shipping_title);
    put_fact(l, i18n_get(l->lang, T("Payment Method")), l->o->payment_title);
    put_fact(l, i18n_get(l->lang, T("Purchase Order Number")), l->o->purchase_order);
}

/* ---- the letter ---- */

enum { LETTER_MAX = 256 * 1024 };

enum err order_mail_put(struct op *op, const struct order *o, const struct order_mail *m) {
    struct letter l = {.a = op->arena, .o = o, .m = m, .lang = i18n_lang(o->locale)};
    buf_init(&l.body, LETTER_MAX);
    put_paragraph(&l, customer_greeting(op->arena, l.lang, o->firstname));
    put_paragraph(&l, m->intro);
    put_paragraph(&l, m->comment);
    if (!m->brief) {
        put_items(&l);
        put_totals(&l);
        put_addresses(&l);
        put_ways(&l);
    }
    put_paragraph(&l, m->footer);
    if (o->customer_id.set) put_paragraph(&l, order_mail_words(op, o, T("Your order: {link}")));
    put_paragraph(&l, order_mail_words(op, o, T("Kind regards, {shop}")));
    put(&l, S("\n"));
    bool fits = buf_ok(&l.body);
    const struct mailbox_mail mail = {
        .kind = m->kind,
        .to_name = order_customer_name(op->arena, o),
        .to_email = o->email,
        .subject = m->subject,
        .body = arena_str(op->arena, buf_str(&l.body)),
        .customer_id = o->customer_id,
        .view_id = OPT(o->view_id),
    };
    buf_done(&l.body);
    return fits ? mailbox_put(op->w, &mail, op->now_us) : ERR_TOO_LARGE;
}
