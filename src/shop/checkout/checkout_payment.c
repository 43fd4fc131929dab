/* The second step: how it is sent, how it is paid, and where the bill goes. */
#include "shop/checkout/checkout_inside.h"

#define SAME  S("same")
#define TYPED S("typed")

/* ---- the page ---- */

static const struct quote_shipping *offered(const struct checkout_part *part, str code) {
    for (size_t i = 0; i < part->quote.shipping_n; i++)
        if (str_eq(part->quote.shipping[i].code, code)) return &part->quote.shipping[i];
    return NULL;
}

static struct html_option *shipping_options(const struct checkout_ask *ask,
                                            const struct checkout_part *part) {
    struct html_option *options = ARENA_ARRAY(ask->arena, struct html_option, part->quote.shipping_n);
    for (size_t i = 0; i < part->quote.shipping_n; i++) {
        const struct quote_shipping *s = &part->quote.shipping[i];
        options[i] = (struct html_option){
            .value = s->code,
            .label = ARENA_CAT(ask->arena, s->title, S(" · "), checkout_money(ask, s->price))};
    }
    return options;
}

static const struct tpl_checkout_payment_parts *part_views(const struct checkout_ask *ask,
                                                           const struct checkout *c) {
    struct tpl_checkout_payment_parts *views =
        ARENA_ARRAY(ask->arena, struct tpl_checkout_payment_parts, c->parts_n);
    for (size_t i = 0; i < c->parts_n; i++) {
        const struct checkout_part *part = &c->parts[i];
        const struct quote_shipping *chosen = offered(part, part->to.shipping_method);
        views[i] = (struct tpl_checkout_payment_parts){
            .key = checkout_digits(ask->arena, part->to.position),
            .address = customer_address_line(ask->arena, &part->to.address),
            .country = i18n_country(ask->lang, part->to.address.country),
            .method = chosen                   ? chosen->code
                      : part->quote.shipping_n ? part->quote.shipping[0].code
                                               : S(""),
            .gone = !chosen && part->to.shipping_method.n,
            .methods = shipping_options(ask, part),
            .methods_n = part->quote.shipping_n,
        };
    }
    return views;
}

static void fill_payment(struct arena *a, const struct checkout *c, struct tpl_checkout_payment *v) {
    const struct payment_method *chosen = checkout_method(c);
    struct html_option *options = ARENA_ARRAY(a, struct html_option, c->methods_n);
    struct tpl_checkout_payment_notes *notes =
        ARENA_ARRAY(a, struct tpl_checkout_payment_notes, c->methods_n);
    for (size_t i = 0; i < c->methods_n; i++) {
        const struct payment_method *m = &c->methods[i];
        options[i] = (struct html_option){.value = m->code, .label = m->title};
        if (m->instructions.n || m->wants_number)
            notes[v->notes_n++] = (struct tpl_checkout_payment_notes){
                .code = m->code, .title = m->title, .text = m->instructions, .number = m->wants_number};
    }
    v->notes = notes;
    v->payments = options;
    v->payments_n = c->methods_n;
    v->payment = chosen ? chosen->code : c->methods_n == 1 ? c->methods[0].code : S("");
    v->payment_gone = !chosen && c->payment_method.n;
    v->purchase_order = c->purchase_order;
}

static enum err fill_billing(struct page *p, const struct checkout *c, struct tpl_checkout_payment *v) {
    struct checkout_entry *book = NULL;
    size_t n = 0;
    if (actor_self(p->actor)) TRY(checkout_book_read(p->db, &book, &n));
    struct html_option *options = ARENA_ARRAY(p->arena, struct html_option, n + 2);
    bool listed = c->billing.book_id.set && checkout_book_find(book, n, c->billing.book_id.v);
    if (!c->several)
        options[v->billings_n++] = (struct html_option){
            .value = SAME, .label = i18n_get(p->lang, T("The same as the shipping address"))};
    if (c->billing.id && !listed)
        options[v->billings_n++] = (struct html_option){
            .value = TYPED, .label = customer_address_line(p->arena, &c->billing.address)};
    for (size_t i = 0; i < n; i++)
        options[v->billings_n++] =
            (struct html_option){.value = checkout_digits(p->arena, book[i].id),
                                 .label = customer_address_line(p->arena, &book[i].address)};
    v->billings = options;
    v->billing = c->same_address || !c->billing.id ? SAME
                 : listed                          ? checkout_digits(p->arena, c->billing.book_id.v)
                                                   : TYPED;
    return OK;
}

enum err page_checkout_payment(struct page *p, const struct checkout_payment_in *in) {
    struct checkout_ask ask;
    struct checkout c;
    bool answered;
    (void)in;
    TRY(checkout_page(p, CHECKOUT_PAYMENT, &ask, &c, &answered));
    if (answered) return OK;
    struct tpl_checkout_payment v = {
        .steps = checkout_steps_html(p, &c, CHECKOUT_PAYMENT),
        .summary = checkout_summary_html(p, &c),
        .several = c.several,
        .parts = part_views(&ask, &c),
        .parts_n = c.parts_n,
    };
    fill_payment(p->arena, &c, &v);
    TRY(fill_billing(p, &c, &v));
    reply_title(p->reply, i18n_get(p->lang, T("Checkout")));
    tpl_checkout_payment(p->out, &v);
    return OK;
}

/* ---- the operation ---- */

/* Whoever goes on to type another billing address has not decided everything yet. */
static bool in_between(const struct checkout_pay_in *in) {
    return (int)in->then >= 0;
}

static enum err take_shipping(struct op *op, const struct checkout_pay_in *in, const struct checkout *c) {
    enum err wrong = OK;
    for (size_t i = 0; i < c->parts_n; i++) {
        const struct checkout_part *part = &c->parts[i];
        str key = checkout_digits(op->arena, part->to.position), code = S("");
        for (size_t k = 0; k < in->shipping_n; k++)
            if (str_eq(in->shipping[k].key, key)) code = in->shipping[k].value;
        if (!code.n && in_between(in)) continue;
        if (!offered(part, code)) {
            str message = code.n ? T("This way of shipping is not offered any more. Please choose another.")
                                 : T("Please choose a shipping method.");
            const char *field = arena_cstr(op->arena, ARENA_CAT(op->arena, S("shipping["), key, S("]")));
            wrong = op_invalid(op, field, i18n_get(op->lang, message));
            continue;
        }
        str name = ARENA_CAT(op->arena, S("shipping method "), key);
        op_change(op, c->parts_n > 1 ? arena_cstr(op->arena, name) : "shipping method",
                  part->to.shipping_method.n ? part->to.shipping_method : STR_NULL, code);
        TRY(checkout_set_shipping(op->w, part->to.id, code, NULL));
    }
    return wrong;
}

static enum err take_payment(struct op *op, const struct checkout_pay_in *in, struct checkout *c) {
    str number = in->purchase_order.p ? in->purchase_order : S("");
    str code = in->payment.p ? in->payment : S("");
    if (!code.n && in_between(in)) return OK;
    str before = c->payment_method;
    c->payment_method = code;
    const struct payment_method *method = checkout_method(c);
    if (!method)
        return op_invalid(op, "payment",
                          i18n_get(op->lang, code.n ? T("This way of paying is not offered any more. "
                                                        "Please choose another.")
                                                    : T("Please choose a payment method.")));
    if (method->wants_number && !number.n && !in_between(in))
        return op_invalid(op, "purchase_order",
                          i18n_get(op->lang, T("Please enter the number of your purchase order.")));
    op_change(op, "payment method", before.n ? before : STR_NULL, code);
    if (method->wants_number) op_change(op, "purchase order", c->purchase_order, number);
    return checkout_set_payment(op->w, c->id, code, number, op->now_us, NULL);
}

static enum err take_billing(struct op *op, const struct checkout_pay_in *in, const struct checkout *c) {
    struct checkout_entry *book = NULL;
    size_t n = 0;
    i64 id = 0;
    if (!in->billing.p) return OK;
    bool same = str_eq(in->billing, SAME) && !c->several;
    bool typed = str_eq(in->billing, TYPED) && c->billing.id;
    if (same || typed) {
        if (same && !c->same_address)
            op_change(op, "billing address", customer_address_line(op->arena, checkout_billing(c)),
                      S("same as shipping"));
        return checkout_set_same(op->w, c->id, same, op->now_us, NULL);
    }
    if (actor_self(op->actor)) TRY(checkout_book_read(op->r, &book, &n));
    const struct checkout_entry *entry =
        str_to_i64(in->billing, &id) ? checkout_book_find(book, n, id) : NULL;
    if (!entry)
        return op_invalid(op, "billing", i18n_get(op->lang, T("Please choose one of your addresses.")));
    TRY(checkout_put_place(op, c, S("billing"), 1, OPT(entry->id), &entry->address, NULL));
    return checkout_set_same(op->w, c->id, false, op->now_us, NULL);
}

enum err op_checkout_pay(struct op *op, const struct checkout_pay_in *in) {
    struct checkout c;
    TRY(checkout_begin(op, &c));
    if (!checkout_has_place(&c)) {
        op_unchanged(op);
        op_warning(op, i18n_get(op->lang, T("Please say first where we may send it.")));
        op_redirect(op, S("/checkout"));
        return OK;
    }
    enum err shipping = take_shipping(op, in, &c);
    if (shipping && shipping != ERR_INVALID) return shipping;
    enum err payment = take_payment(op, in, &c);
    if (payment && payment != ERR_INVALID) return payment;
    TRY(take_billing(op, in, &c));
    if (shipping || payment) return ERR_INVALID;
    checkout_record(op, &c);
    op_redirect(op, in_between(in) ? S("/checkout/address?use=billing") : S("/checkout/review"));
    return OK;
}
