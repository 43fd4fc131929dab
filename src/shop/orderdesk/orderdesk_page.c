/* The page on which staff create an order. */
#include "crypto/crypto.h"
#include "gen/orderdesk_tpl.h"
#include "shop/orderdesk/orderdesk_inside.h"

static str text(const struct page *p, str msgid) {
    return i18n_get(p->lang, msgid);
}

/* ---- what it shows ---- */

static struct tpl_orderdesk_new_lines line_view(const struct page *p, const struct orderdesk *d, size_t i) {
    const struct quote_line *l = &d->quote.lines[i];
    str key = arena_printf(p->arena, "%lld", (long long)l->product_id);
    str field = ARENA_CAT(p->arena, S("qty["), key, S("]"));
    const struct i18n_arg name = {S("name"), l->name.n ? l->name : l->sku};
    bool said = html_form_error(p->form, field).p != NULL; /* what is wrong stands at the field */
    return (struct tpl_orderdesk_new_lines){
        .id = l->product_id,
        .key = key,
        .name = l->name.n ? l->name : text(p, T("A deleted product")),
        .sku = l->sku,
        .remove = i18n_format_message(p->arena, p->lang, T("Remove {name}"), &name, 1),
        .qty = d->lines[i].typed,
        .price = l->price,
        .row = l->row,
        .stock = l->stock,
        .gone = l->trouble == QUOTE_GONE && !said,
        .short_of = l->trouble == QUOTE_SHORT && d->counted && !said,
    };
}

static void fill_lines(const struct page *p, const struct orderdesk *d, struct tpl_orderdesk_new *v) {
    struct tpl_orderdesk_new_lines *lines = ARENA_ARRAY(p->arena, struct tpl_orderdesk_new_lines, d->lines_n);
    for (size_t i = 0; i < d->lines_n; i++)
        lines[i] = line_view(p, d, i);
    v->lines = lines;
    v->lines_n = d->lines_n;
}

/* Those of the customer's website; for a guest all that the role reaches. */
static void fill_views(const struct page *p, const struct orderdesk *d, struct tpl_orderdesk_new *v) {
    size_t n;
    const struct store_view *views =
        d->guest ? stores_views(p->stores, &n) : stores_website_views(p->stores, d->customer.website_id, &n);
    struct html_option *options = ARENA_ARRAY(p->arena, struct html_option, n);
    for (size_t i = 0; i < n; i++)
        if (views[i].active && (!d->guest || db_scope(p->db) >> views[i].website_id & 1))
            options[v->views_n++] =
                (struct html_option){.value = arena_printf(p->arena, "%lld", (long long)views[i].id),
                                     .label = stores_view_label(p->arena, p->stores, &views[i])};
    v->views = options;
    v->view = d->view->id;
}

/* What was found, the price of one piece each. */
static void fill_found(const struct page *p, const struct orderdesk *d, const struct orderdesk_found *found,
                       struct tpl_orderdesk_new *v) {
    struct tpl_orderdesk_new_found *rows =
        ARENA_ARRAY(p->arena, struct tpl_orderdesk_new_found, found->lines_n);
    for (size_t i = 0; i < found->lines_n; i++) {
        const struct quote_line *l = &found->lines[i];
        rows[i] = (struct tpl_orderdesk_new_found){
            .id = l->product_id, .name = l->name, .sku = l->sku, .price = l->price, .stock = l->stock};
    }
    v->found = rows;
    v->found_n = found->lines_n;
    v->find = d->find;
    v->find_short = found->query.too_short;
    v->find_long = found->query.too_many;
    v->found_more = found->more;
    v->found_max = ORDERDESK_FOUND;
}

/* The address book as choices; in front, for shipping, the billing address. */
static struct html_option *address_options(const struct page *p, const struct orderdesk *d, bool shipping,
                                           size_t *ret_n) {
    struct html_option *options = ARENA_ARRAY(p->arena, struct html_option, d->book_n + 2);
    *ret_n = 0;
    if (shipping)
        options[(*ret_n)++] = (struct html_option){.value = ORDERDESK_SAME,
                                                   .label = text(p, T("The same as the billing address"))};
    for (size_t i = 0; i < d->book_n; i++)
        options[(*ret_n)++] = (struct html_option){
            .value = d->book[i].text, .label = customer_address_line(p->arena, &d->book[i].address)};
    options[(*ret_n)++] =
        (struct html_option){.value = ORDERDESK_NEW, .label = text(p, T("Another address"))};
    return options;
}

static str country_of(const struct page *p, const struct orderdesk *d, const struct customer_address *a) {
    const struct setting_place place = {d->view->website_id, d->view->id};
    return a->country.n ? a->country : setting_text(p->settings, SETTING_TAX_COUNTRY, place);
}

static void fill_addresses(const struct page *p, const struct orderdesk *d, struct tpl_orderdesk_new *v) {
    const struct customer_address *b = &d->bill, *s = &d->ship;
    v->bill_options = address_options(p, d, false, &v->bill_options_n);
    v->ship_options = address_options(p, d, true, &v->ship_options_n);
    v->countries = customer_country_options(p->arena, p->lang, &v->countries_n);
    v->bill_to = d->bill_to;
    v->book = d->book_n > 0;
    v->bill_firstname = b->firstname;
    v->bill_lastname = b->lastname;
    v->bill_company = b->company;
    v->bill_telephone = b->telephone;
    v->bill_street1 = b->street1;
    v->bill_street2 = b->street2;
    v->bill_postcode = b->postcode;
    v->bill_city = b->city;
    v->bill_region = b->region;
    v->bill_country = country_of(p, d, b);
    v->ship_to = d->ship_to;
    v->ship_firstname = s->firstname;
    v->ship_lastname = s->lastname;
    v->ship_company = s->company;
    v->ship_telephone = s->telephone;
    v->ship_street1 = s->street1;
    v->ship_street2 = s->street2;
    v->ship_postcode = s->postcode;
    v->ship_city = s->city;
    v->ship_region = s->region;
    v->ship_country = country_of(p, d, s);
}

static str money(const struct page *p, i64 minor) {
    str currency = setting_text(p->settings, SETTING_CURRENCY, SETTING_DEFAULT);
    return i18n_money_in(p->arena, p->actor->staff_locale, currency, minor);
}

static void fill_methods(const struct page *p, const struct orderdesk *d, struct tpl_orderdesk_new *v) {
    const struct orderdesk_ask ask = orderdesk_ask_page(p);
    struct html_option *ways = ARENA_ARRAY(p->arena, struct html_option, d->quote.shipping_n);
    struct html_option *payments = ARENA_ARRAY(p->arena, struct html_option, PAYMENT_METHODS_MAX);
    struct payment_method methods[PAYMENT_METHODS_MAX];
    for (size_t i = 0; i < d->quote.shipping_n; i++) {
        const struct quote_shipping *s = &d->quote.shipping[i];
        ways[i] = (struct html_option){.value = s->code,
                                       .label = ARENA_CAT(p->arena, s->title, S(" · "), money(p, s->price))};
    }
    v->methods = ways;
    v->methods_n = d->quote.shipping_n;
    v->method = d->method;
    v->method_gone = d->method_gone;
    v->payments_n = orderdesk_payments(&ask, d, methods);
    for (size_t i = 0; i < v->payments_n; i++) {
        payments[i] = (struct html_option){.value = methods[i].code, .label = methods[i].title};
        if (methods[i].wants_number) v->number_of = methods[i].code;
    }
    v->payments = payments;
    v->payment = v->payments_n == 1 ? payments[0].value : d->payment;
    v->purchase_order = d->purchase_order;
}

static void fill_amounts(const struct page *p, const struct orderdesk *d, struct tpl_orderdesk_new *v) {
    const struct quote *q = &d->quote;
    const struct sales_totals *t = &q->totals;
    bool fine = q->coupon == QUOTE_COUPON_FINE;
    str wrong = quote_coupon_text(q->coupon);
    v->counted = d->counted;
    v->shown = d->counted ? t->total : 0;
    v->currency = setting_text(p->settings, SETTING_CURRENCY, SETTING_DEFAULT);
    v->subtotal = t->subtotal;
    v->discount = -t->discount;
    v->discount_code = fine ? q->coupon_code : S("");
    v->shipping = t->shipping;
    v->shipping_title = q->shipping_title;
    v->tax = t->tax;
    v->tax_inside = q->prices_incl;
    v->total = t->total;
    v->coupon = d->coupon;
    v->coupon_name = fine ? q->coupon_name : S("");
    v->coupon_wrong = wrong.p && !html_form_error(p->form, S("coupon")).p ? text(p, wrong) : S("");
}

static void frame(struct page *p, i64 customer) {
    struct html out;
    const struct tpl_orderdesk_actions v = {.customer = customer};
    html_init(&out, p->arena, p->out->env, 16 * 1024);
    tpl_orderdesk_actions(&out, &v);
    reply_actions(p->reply, html_take(&out));
    html_done(&out);
    reply_title(p->reply, text(p, T("Create New Order")));
    reply_menu(p->reply, "admin_orders");
}

static enum err show(struct page *p, struct orderdesk *d) {
    const struct orderdesk_ask ask = orderdesk_ask_page(p);
    struct orderdesk_found found;
    const struct website *website = stores_website(p->stores, d->customer.website_id);
    /* What was posted is shown as it was; a way of shipping is chosen for nobody then. */
    TRY(p->form ? orderdesk_count(&ask, d) : orderdesk_count_and_choose(&ask, d));
    TRY(orderdesk_find(&ask, d, &found));
    struct tpl_orderdesk_new v = {
        .guest = d->guest,
        .customer = d->customer.id,
        .name = d->guest ? S("") : customer_full_name(p->arena, d->customer.firstname, d->customer.lastname),
        .email = d->customer.email,
        .group = d->customer.group_name,
        .website = website ? website->name : S(""),
        .key = d->key,
        .missing = d->missing,
        .comment = d->comment,
        .visible = d->visible,
        .number_of = S(""),
    };
    fill_views(p, d, &v);
    fill_lines(p, d, &v);
    fill_found(p, d, &found, &v);
    fill_addresses(p, d, &v);
    fill_methods(p, d, &v);
    fill_amounts(p, d, &v);
    frame(p, d->customer.id);
    tpl_orderdesk_new(p->out, &v);
    return OK;
}

/* ---- where it comes from ---- */

/* In this view, else in the shop's default one, else in the first that the role reaches. */
static enum err open_guest(const struct page *p, const struct orderdesk_ask *ask, i64 view_id,
                           struct orderdesk *d) {
    size_t n;
    const struct store_view *views = stores_views(p->stores, &n);
    enum err e = orderdesk_open_guest(ask, view_id, d);
    if (e == ERR_NOT_FOUND) e = orderdesk_open_guest(ask, stores_default(p->stores)->id, d);
    for (size_t i = 0; i < n && e == ERR_NOT_FOUND; i++)
        e = orderdesk_open_guest(ask, views[i].id, d);
    return e;
}

/* The order once more, for the same customer or guest; who deleted the account wants no more orders. */
static enum err from_order(struct page *p, const struct orderdesk_ask *ask, i64 id, struct orderdesk *d) {
    struct order o;
    TRY(order_get_scoped(p->db, id, &o));
    if (!o.customer_id.set && !o.guest) return ERR_NOT_FOUND;
    TRY(o.guest ? open_guest(p, ask, o.view_id, d) : orderdesk_open(ask, o.customer_id.v, d));
    if (o.guest) d->customer.email = o.email;
    return orderdesk_use_order(ask, &o, d);
}

static str posted(const struct page *p, str name) {
    return html_form_value(p->form, name, S(""));
}

/* A form that was refused: what the amounts follow from; the rest comes back by its fields. */
static enum err from_form(const struct page *p, const struct orderdesk_ask *ask,
                          const struct admin_order_new_in *in, struct orderdesk *d) {
    TRY(in->guest ? open_guest(p, ask, in->view.v, d) : orderdesk_open(ask, in->customer.v, d));
    if (in->view.set) (void)orderdesk_use_view(ask, in->view.v, d);
    if (d->guest) d->customer.email = posted(p, S("email"));
    orderdesk_use_lines(p->arena, in->qty, in->qty_n, in->remove, in->remove_n, d);
    d->bill_to = posted(p, S("bill_to"));
    d->ship_to = posted(p, S("ship_to"));
    d->bill.country = posted(p, S("bill_country"));
    d->ship.country = posted(p, S("ship_country"));
    d->method = posted(p, S("method"));
    d->coupon = posted(p, S("coupon"));
    d->key = posted(p, S("key"));
    d->find = posted(p, S("find"));
    return OK;
}

enum err page_admin_order_new(struct page *p, const struct admin_order_new_in *in) {
    const struct orderdesk_ask ask = orderdesk_ask_page(p);
    struct orderdesk d;
    if (!in->customer.set && !in->from.set && !in->guest) return orderdesk_pick(p);
    if (in->from.set) {
        TRY(from_order(p, &ask, in->from.v, &d));
    } else if (p->form) {
        TRY(from_form(p, &ask, in, &d));
    } else if (in->guest) {
        TRY(open_guest(p, &ask, in->view.v, &d));
    } else {
        TRY(orderdesk_open(&ask, in->customer.v, &d));
        orderdesk_use_defaults(&d);
    }
    if (!d.key.n) d.key = crypto_token(p->arena);
    return show(p, &d);
}

enum err answer_orderdesk_submit(struct page *p, void *result) {
    return show(p, result);
}
