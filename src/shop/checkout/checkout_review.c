/* The last step: everything once more, before it is ordered. */
#include "shop/checkout/checkout_inside.h"

static const struct tpl_checkout_review_parts_lines *line_views(struct arena *a, const struct quote *q) {
    struct tpl_checkout_review_parts_lines *views =
        ARENA_ARRAY(a, struct tpl_checkout_review_parts_lines, q->lines_n);
    for (size_t i = 0; i < q->lines_n; i++) {
        const struct quote_line *l = &q->lines[i];
        views[i] = (struct tpl_checkout_review_parts_lines){
            .name = l->name,
            .sku = l->sku,
            .url_key = l->url_key,
            .qty = l->qty,
            .price = l->price,
            .total = l->row,
            .gone = l->trouble == QUOTE_GONE,
            .short_of = l->trouble == QUOTE_SHORT,
            .stock = l->stock,
        };
    }
    return views;
}

static const struct tpl_checkout_review_parts *part_views(struct page *p, const struct checkout *c) {
    struct tpl_checkout_review_parts *views =
        ARENA_ARRAY(p->arena, struct tpl_checkout_review_parts, c->parts_n);
    for (size_t i = 0; i < c->parts_n; i++) {
        const struct checkout_part *part = &c->parts[i];
        views[i] = (struct tpl_checkout_review_parts){
            .position = part->to.position,
            .address = customer_address_block(p->arena, p->lang, &part->to.address),
            .method = part->quote.shipping_title,
            .price = part->quote.totals.shipping,
            .total = part->quote.totals.total,
            .lines = line_views(p->arena, &part->quote),
            .lines_n = part->quote.lines_n,
        };
    }
    return views;
}

/* What stands in the coupon box. */
static void fill_coupon(struct page *p, const struct checkout *c, struct tpl_checkout_review *v) {
    const struct quote *q = &c->parts[0].quote;
    str wrong = quote_coupon_text(q->coupon);
    v->coupon = c->coupon_code;
    v->coupon_name = q->coupon_name;
    v->coupon_wrong = wrong.p ? i18n_get(p->lang, wrong) : S("");
}

enum err page_checkout_review(struct page *p, const struct checkout_review_in *in) {
    struct checkout_ask ask;
    struct checkout c;
    bool answered;
    (void)in;
    TRY(checkout_page(p, CHECKOUT_REVIEW, &ask, &c, &answered));
    if (answered) return OK;
    const struct payment_method *method = checkout_method(&c);
    const struct tpl_checkout_totals totals = checkout_totals_view(&c);
    struct tpl_checkout_review v = {
        .steps = checkout_steps_html(p, &c, CHECKOUT_REVIEW),
        .several = c.several,
        .missing = checkout_missing(&ask, &c),
        .trouble = c.trouble,
        .told = p->form && p->form->message.n,
        .key = c.key,
        .shown = checkout_shown(p->arena, &ask, &c),
        .email = checkout_email(&ask, &c),
        .same = c.same_address,
        .billing = customer_address_block(p->arena, p->lang, checkout_billing(&c)),
        .payment = method ? method->title : S(""),
        .instructions = method ? method->instructions : S(""),
        .purchase_order = method && method->wants_number ? c.purchase_order : S(""),
        .pays_first = checkout_pays_first(&c),
        .parts = part_views(p, &c),
        .parts_n = c.parts_n,
    };
    fill_coupon(p, &c, &v);
    tpl_checkout_totals(p->out, &totals);
    v.totals = html_take(p->out);
    reply_title(p->reply, i18n_get(p->lang, T("Checkout")));
    tpl_checkout_review(p->out, &v);
    return OK;
}
