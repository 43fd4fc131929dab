/* What the form of a new order says: customer or guest, lines, addresses; and what that costs. */
#include "shop/orderdesk/orderdesk_inside.h"

#define ADDRESS_MEMBERS(row)                                                                                 \
    .firstname = (row)->firstname, .lastname = (row)->lastname, .company = (row)->company,                   \
    .street1 = (row)->street1, .street2 = (row)->street2, .postcode = (row)->postcode, .city = (row)->city,  \
    .region = (row)->region, .country = (row)->country, .telephone = (row)->telephone

struct orderdesk_ask orderdesk_ask_page(const struct page *p) {
    return (struct orderdesk_ask){p->db, p->arena, p->stores, p->settings, p->now_us};
}

struct orderdesk_ask orderdesk_ask_op(const struct op *op) {
    return (struct orderdesk_ask){op->r, op->arena, op->stores, op->settings, op->now_us};
}

/* ---- the customer ---- */

static str id_text(struct arena *a, i64 id) {
    return arena_printf(a, "%lld", (long long)id);
}

static void empty_form(struct orderdesk *d) {
    str none = S("");
    *d = (struct orderdesk){.key = none,
                            .bill_to = ORDERDESK_NEW,
                            .ship_to = ORDERDESK_SAME,
                            .method = none,
                            .payment = none,
                            .purchase_order = none,
                            .coupon = none,
                            .comment = none,
                            .missing = none,
                            .find = none};
    customer_address_fill(&d->bill);
    customer_address_fill(&d->ship);
}

enum err orderdesk_open(const struct orderdesk_ask *ask, i64 customer_id, struct orderdesk *ret) {
    struct orderdesk *d = ret;
    struct orderdesk_book *rows;
    empty_form(d);
    TRY(orderdesk_customer(ask->r, customer_id, &d->customer));
    TRY(orderdesk_book(ask->r, customer_id, &rows, &d->book_n));
    d->book = ARENA_ARRAY(ask->arena, struct orderdesk_entry, d->book_n);
    for (size_t i = 0; i < d->book_n; i++)
        d->book[i] = (struct orderdesk_entry){
            rows[i].id, id_text(ask->arena, rows[i].id), {ADDRESS_MEMBERS(&rows[i])}};
    if (!orderdesk_use_view(ask, d->customer.view_id, d))
        d->view = stores_website_default(ask->stores, d->customer.website_id);
    return d->view ? OK : ERR_NOT_FOUND;
}

enum err orderdesk_open_guest(const struct orderdesk_ask *ask, i64 view_id, struct orderdesk *ret) {
    empty_form(ret);
    ret->guest = true;
    ret->customer.group_id = GENERAL_GROUP;
    ret->customer.email = ret->customer.group_name = S("");
    return orderdesk_use_view(ask, view_id, ret) ? OK : ERR_NOT_FOUND;
}

bool orderdesk_use_view(const struct orderdesk_ask *ask, i64 view_id, struct orderdesk *d) {
    const struct store_view *v = stores_view(ask->stores, view_id);
    if (!v || !v->active) return false;
    if (d->guest ? !(db_scope(ask->r) >> v->website_id & 1) : v->website_id != d->customer.website_id)
        return false;
    d->customer.website_id = v->website_id;
    d->view = v;
    return true;
}

/* ---- addresses ---- */

static const struct customer_address *in_book(const struct orderdesk *d, str to) {
    for (size_t i = 0; i < d->book_n; i++)
        if (str_eq(d->book[i].text, to)) return &d->book[i].address;
    return NULL;
}

const struct customer_address *orderdesk_billing(const struct orderdesk *d) {
    return str_eq(d->bill_to, ORDERDESK_NEW) ? &d->bill : in_book(d, d->bill_to);
}

const struct customer_address *orderdesk_shipping(const struct orderdesk *d) {
    if (str_eq(d->ship_to, ORDERDESK_SAME)) return orderdesk_billing(d);
    return str_eq(d->ship_to, ORDERDESK_NEW) ? &d->ship : in_book(d, d->ship_to);
}

void orderdesk_use_defaults(struct orderdesk *d) {
    opt_i64 bill = d->customer.default_billing_id, ship = d->customer.default_shipping_id;
    for (size_t i = 0; i < d->book_n; i++) {
        if (bill.set && d->book[i].id == bill.v) d->bill_to = d->book[i].text;
        if (ship.set && d->book[i].id == ship.v) d->ship_to = d->book[i].text;
    }
    if (bill.set && ship.set && bill.v == ship.v) d->ship_to = ORDERDESK_SAME;
}

static bool same_address(const struct customer_address *a, const struct customer_address *b) {
    return str_eq(a->firstname, b->firstname) && str_eq(a->lastname, b->lastname) &&
           str_eq(a->company, b->company) && str_eq(a->street1, b->street1) &&
           str_eq(a->street2, b->street2) && str_eq(a->postcode, b->postcode) && str_eq(a->city, b->city) &&
           str_eq(a->region, b->region) && str_eq(a->country, b->country) &&
           str_eq(a->telephone, b->telephone);
}

/* The entry of the address book that says the same, else the address as if it had been typed. */
static str entry_or_typed(const struct orderdesk *d, const struct customer_address *from,
                          struct customer_address *typed) {
    for (size_t i = 0; i < d->book_n; i++)
        if (same_address(&d->book[i].address, from)) return d->book[i].text;
    *typed = *from;
    return ORDERDESK_NEW;
}

/* ---- lines ---- */

i64 orderdesk_qty(str text) {
    i64 n;
    return str_to_i64(text, &n) && n >= 1 && n <= SALES_QTY_MAX ? n : 0;
}

static bool among(const i64 *ids, size_t n, i64 id) {
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id) return true;
    return false;
}

void orderdesk_use_lines(struct arena *a, const struct gate_map_entry *qty, size_t qty_n, const i64 *removed,
                         size_t removed_n, struct orderdesk *d) {
    d->lines_n = 0;
    d->lines = ARENA_ARRAY(a, struct orderdesk_line, qty_n + 1);
    for (size_t i = 0; i < qty_n; i++) {
        i64 id;
        if (!str_to_i64(qty[i].key, &id) || id < 1 || among(removed, removed_n, id)) continue;
        d->lines[d->lines_n++] = (struct orderdesk_line){id, qty[i].value, orderdesk_qty(qty[i].value)};
    }
}

/* The order's products, each once, as a quote is asked for. */
static struct quote_want *wants_of(struct arena *a, const struct order *o, size_t *ret_n) {
    struct quote_want *wants = ARENA_ARRAY(a, struct quote_want, o->sales.items_n);
    *ret_n = 0;
    for (size_t i = 0; i < o->sales.items_n; i++) {
        size_t k = 0;
        while (k < *ret_n && wants[k].product_id != o->sales.items[i].product_id)
            k++;
        if (k == *ret_n) wants[(*ret_n)++] = (struct quote_want){o->sales.items[i].product_id, 0};
        wants[k].qty = MIN_OF(wants[k].qty + o->sales.items[i].ordered, SALES_QTY_MAX);
    }
    return wants;
}

static str name_in(const struct order *o, i64 product_id) {
    for (size_t i = 0; i < o->sales.items_n; i++)
        if (o->sales.items[i].product_id == product_id) return o->lines[i].name;
    return S("");
}

enum err orderdesk_use_order(const struct orderdesk_ask *ask, const struct order *o, struct orderdesk *d) {
    size_t n, sold = 0;
    const struct quote_want *wants = wants_of(ask->arena, o, &n);
    (void)orderdesk_use_view(ask, o->view_id, d);
    d->bill_to = entry_or_typed(d, &o->billing, &d->bill);
    d->ship_to =
        same_address(&o->billing, &o->shipping) ? ORDERDESK_SAME : entry_or_typed(d, &o->shipping, &d->ship);
    d->method = o->shipping_method;
    d->payment = o->payment_method;
    d->lines = ARENA_ARRAY(ask->arena, struct orderdesk_line, n);
    for (size_t i = 0; i < n; i++)
        d->lines[i] =
            (struct orderdesk_line){wants[i].product_id, id_text(ask->arena, wants[i].qty), wants[i].qty};
    d->lines_n = n;
    TRY(orderdesk_count(ask, d));
    for (size_t i = 0; i < n; i++) {
        if (d->quote.lines[i].trouble != QUOTE_GONE)
            d->lines[sold++] = d->lines[i];
        else
            d->missing = ARENA_CAT(ask->arena, d->missing, d->missing.n ? S(", ") : S(""),
                                   name_in(o, wants[i].product_id));
    }
    d->lines_n = sold;
    return OK;
}

/* ---- what it costs ---- */

/* For whom; nothing yet. */
static struct quote_ask asked_for(const struct orderdesk_ask *ask, const struct orderdesk *d) {
    return (struct quote_ask){
        .settings = ask->settings,
        .view = d->view,
        .group_id = d->customer.group_id,
        .customer_id = d->guest ? NONE : OPT(d->customer.id),
        .email_fold = customer_email_fold(ask->arena, d->customer.email),
        .coupon_code = S(""),
        .now_us = ask->now_us,
        .country = S(""),
        .shipping_method = S(""),
    };
}

enum err orderdesk_count(const struct orderdesk_ask *ask, struct orderdesk *d) {
    const struct customer_address *to = orderdesk_shipping(d);
    struct quote_want *wants = ARENA_ARRAY(ask->arena, struct quote_want, d->lines_n);
    d->counted = true;
    for (size_t i = 0; i < d->lines_n; i++)
        d->counted = d->counted && d->lines[i].qty > 0;
    for (size_t i = 0; i < d->lines_n; i++)
        wants[i] = (struct quote_want){d->lines[i].product_id, d->counted ? d->lines[i].qty : 1};
    struct quote_ask q = asked_for(ask, d);
    q.coupon_code = d->coupon;
    q.wants = wants;
    q.wants_n = d->lines_n;
    q.country = to ? to->country : S("");
    q.shipping_method = d->method;
    return quote_make(ask->r, &q, &d->quote);
}

enum err orderdesk_count_and_choose(const struct orderdesk_ask *ask, struct orderdesk *d) {
    TRY(orderdesk_count(ask, d));
    if (d->quote.shipping_title.n) return OK;
    d->method_gone = d->method.n && d->lines_n;
    if (!d->quote.shipping_n) return OK;
    d->method = d->quote.shipping[0].code;
    return orderdesk_count(ask, d);
}

size_t orderdesk_payments(const struct orderdesk_ask *ask, const struct orderdesk *d,
                          struct payment_method ret[PAYMENT_METHODS_MAX]) {
    size_t later = 0, n = payment_methods(ask->arena, ask->settings, d->view, ret);
    for (size_t i = 0; i < n; i++)
        if (ret[i].offline) ret[later++] = ret[i];
    return later;
}

/* ---- looking for products ---- */

enum err orderdesk_find(const struct orderdesk_ask *ask, const struct orderdesk *d,
                        struct orderdesk_found *ret) {
    struct quote_ask q = asked_for(ask, d);
    struct quote_want wants[ORDERDESK_FOUND];
    struct quote quote;
    i64 *ids;
    size_t n;
    *ret = (struct orderdesk_found){.query = catalog_query_read(ask->arena, d->find)};
    TRY(catalog_find(ask->r, d->view, &ret->query, ORDERDESK_FOUND + 1, &ids, &n));
    ret->more = n > ORDERDESK_FOUND;
    q.wants_n = MIN_OF(n, ORDERDESK_FOUND);
    q.wants = wants;
    for (size_t i = 0; i < q.wants_n; i++)
        wants[i] = (struct quote_want){ids[i], 1};
    enum err e = quote_make(ask->r, &q, &quote);
    if (e == ERR_INVALID) return OK;
    TRY(e);
    ret->lines = quote.lines;
    ret->lines_n = quote.lines_n;
    return OK;
}
