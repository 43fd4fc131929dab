/* What the pages of the checkout share: where one may be, the steps, the summary beside them. */
#include "shop/checkout/checkout_inside.h"

/* There is nothing to check out, or more than one order can hold. */
static void show_nothing(struct page *p, const struct checkout *c) {
    const struct tpl_checkout_empty v = {.too_large = c->too_large};
    reply_title(p->reply, i18n_get(p->lang, T("Checkout")));
    tpl_checkout_empty(p->out, &v);
}

enum err checkout_page(struct page *p, enum checkout_step step, struct checkout_ask *ask, struct checkout *c,
                       bool *ret_answered) {
    *ask = checkout_ask_page(p);
    *ret_answered = true;
    TRY(checkout_load(ask, c));
    if (!checkout_any(c) || c->too_large) {
        show_nothing(p, c);
        return OK;
    }
    enum checkout_step missing = checkout_missing(ask, c);
    *ret_answered = missing < step && !p->form;
    if (*ret_answered) reply_redirect(p->reply, checkout_step_path(c, missing));
    return OK;
}

html_t checkout_steps_html(struct page *p, const struct checkout *c, enum checkout_step step) {
    const struct tpl_checkout_steps v = {.step = step, .several = c->several};
    tpl_checkout_steps(p->out, &v);
    return html_take(p->out);
}

struct tpl_checkout_totals checkout_totals_view(const struct checkout *c) {
    const struct sales_totals t = checkout_totals(c);
    const struct quote *q = &c->parts[0].quote;
    bool known = true;
    for (size_t i = 0; i < c->parts_n; i++)
        known = known && c->parts[i].quote.shipping_title.n;
    return (struct tpl_checkout_totals){
        .subtotal = t.subtotal,
        .discount = -t.discount,
        .coupon = q->coupon == QUOTE_COUPON_FINE ? q->coupon_code : S(""),
        .shipping = t.shipping,
        .shipping_known = known,
        .tax = t.tax,
        .tax_inside = q->prices_incl,
        .total = t.total,
    };
}

/* Every product once, however many addresses it goes to. */
static struct tpl_checkout_summary_lines *summary_lines(struct page *p, const struct checkout *c,
                                                        size_t *ret_n) {
    struct tpl_checkout_summary_lines *lines =
        ARENA_ARRAY(p->arena, struct tpl_checkout_summary_lines, c->wants_n);
    for (size_t w = 0; w < c->wants_n; w++) {
        struct tpl_checkout_summary_lines *line = &lines[*ret_n];
        bool found = false;
        for (size_t i = 0; i < c->parts_n; i++)
            for (size_t k = 0; k < c->parts[i].quote.lines_n; k++) {
                const struct quote_line *l = &c->parts[i].quote.lines[k];
                if (l->product_id != c->wants[w].product_id) continue;
                line->name = l->name;
                line->qty += l->qty;
                line->total += l->row;
                found = true;
            }
        *ret_n += found;
    }
    return lines;
}

html_t checkout_summary_html(struct page *p, const struct checkout *c) {
    const struct tpl_checkout_totals totals = checkout_totals_view(c);
    struct tpl_checkout_summary v = {.pieces = c->pieces, .trouble = c->trouble};
    v.lines = summary_lines(p, c, &v.lines_n);
    tpl_checkout_totals(p->out, &totals);
    v.totals = html_take(p->out);
    tpl_checkout_summary(p->out, &v);
    return html_take(p->out);
}

str checkout_money(const struct checkout_ask *ask, i64 minor) {
    str currency = setting_text(ask->settings, SETTING_CURRENCY, SETTING_DEFAULT);
    return i18n_money_in(ask->arena, ask->view->locale, currency, minor);
}

str checkout_message(const struct checkout_ask *ask, str msgid, str name, str one, str two) {
    const struct i18n_arg args[] = {{S_INIT("name"), name}, {S_INIT("a"), one}, {S_INIT("b"), two}};
    return i18n_format_message(ask->arena, ask->lang, msgid, args, COUNT_OF(args));
}

str checkout_digits(struct arena *a, i64 n) {
    return arena_printf(a, "%lld", (long long)n);
}
