/* The checkout as it stands: what was chosen so far, what it costs, and what is missing. */
#include "shop/checkout/checkout_inside.h"

struct checkout_ask checkout_ask_page(const struct page *p) {
    return (struct checkout_ask){p->db, p->arena, p->actor, p->view, p->settings, p->lang, p->now_us};
}

struct checkout_ask checkout_ask_op(const struct op *op) {
    return (struct checkout_ask){op->r, op->arena, op->actor, op->view, op->settings, op->lang, op->now_us};
}

/* ---- reading ---- */

static enum err read_row(const struct checkout_ask *ask, struct checkout *c) {
    struct checkout_get row;
    enum err e = c->cart_id ? checkout_get(ask->r, c->cart_id, &row) : ERR_NOT_FOUND;
    c->key = c->email = c->coupon_code = c->payment_method = c->purchase_order = S("");
    c->same_address = true;
    if (e) return e == ERR_NOT_FOUND ? OK : e;
    c->id = row.id;
    c->key = row.checkout_key;
    c->email = row.email;
    c->several = row.several && actor_self(ask->actor);
    c->same_address = row.same_address;
    c->coupon_code = row.coupon_code;
    c->payment_method = row.payment_method;
    c->purchase_order = row.purchase_order;
    return OK;
}

static struct checkout_place place_of(const struct checkout_places *row) {
    return (struct checkout_place){
        .id = row->id,
        .position = row->position,
        .book_id = row->address_id,
        .address = {CHECKOUT_ADDRESS_MEMBERS(row)},
        .shipping_method = row->shipping_method,
    };
}

static enum err read_places(const struct checkout_ask *ask, struct checkout *c) {
    struct checkout_places *rows = NULL;
    size_t n = 0;
    if (c->id) TRY(checkout_places(ask->r, c->id, &rows, &n));
    c->parts = ARENA_ARRAY(ask->arena, struct checkout_part, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (str_eq(rows[i].role, S("billing")))
            c->billing = place_of(&rows[i]);
        else if (c->several || c->parts_n == 0)
            c->parts[c->parts_n++].to = place_of(&rows[i]);
    }
    if (c->parts_n == 0) {
        c->several = false;
        c->parts[c->parts_n++].to =
            (struct checkout_place){.position = 1, .address = {.country = S("")}, .shipping_method = S("")};
    }
    return OK;
}

/* Which pieces go to which of several addresses; is that all of the cart, and nothing else? */
static enum err read_goods(const struct checkout_ask *ask, struct checkout *c) {
    struct checkout_goods *rows;
    size_t n, matched = 0;
    TRY(checkout_goods(ask->r, c->id, &rows, &n));
    for (size_t i = 0; i < c->parts_n; i++) {
        struct checkout_part *part = &c->parts[i];
        part->wants = ARENA_ARRAY(ask->arena, struct quote_want, n);
        for (size_t k = 0; k < n; k++)
            if (rows[k].position == part->to.position)
                part->wants[part->wants_n++] = (struct quote_want){rows[k].product_id, rows[k].qty};
    }
    c->spread = true;
    for (size_t i = 0; i < c->wants_n; i++) {
        i64 placed = 0;
        for (size_t k = 0; k < n; k++) {
            if (rows[k].product_id != c->wants[i].product_id) continue;
            placed += rows[k].qty;
            matched++;
        }
        c->spread = c->spread && placed == c->wants[i].qty;
    }
    c->spread = c->spread && matched == n;
    return OK;
}

/* ---- what it costs ---- */

enum err checkout_ask_quotes(const struct checkout_ask *ask, struct checkout *c) {
    i64 self = actor_self(ask->actor);
    const struct quote_ask q = {
        .settings = ask->settings,
        .view = ask->view,
        .group_id = ask->actor->group_id,
        .customer_id = self ? OPT(self) : NONE,
        .email_fold = customer_email_fold(ask->arena, checkout_email(ask, c)),
        .coupon_code = c->coupon_code,
        .now_us = ask->now_us,
    };
    struct quote_part *parts = ARENA_ARRAY(ask->arena, struct quote_part, c->parts_n);
    struct quote *quotes;
    for (size_t i = 0; i < c->parts_n; i++)
        parts[i] = (struct quote_part){c->parts[i].wants, c->parts[i].wants_n, c->parts[i].to.address.country,
                                       c->parts[i].to.shipping_method};
    enum err e = quote_make_parts(ask->r, &q, parts, c->parts_n, &quotes);
    if (e == ERR_INVALID) {
        c->too_large = true;
        return OK;
    }
    if (e) return e;
    for (size_t i = 0; i < c->parts_n; i++) {
        c->parts[i].quote = quotes[i];
        c->trouble = c->trouble || quotes[i].trouble;
    }
    return OK;
}

enum err checkout_load(const struct checkout_ask *ask, struct checkout *ret) {
    struct checkout *c = ret;
    *c = (struct checkout){.spread = true};
    TRY(cart_find(ask->r, ask->actor, ask->view->website_id, &c->cart_id));
    if (c->cart_id) TRY(cart_wants(ask->r, c->cart_id, &c->wants, &c->wants_n));
    for (size_t i = 0; i < c->wants_n; i++)
        c->pieces += c->wants[i].qty;
    TRY(read_row(ask, c));
    TRY(read_places(ask, c));
    if (c->several) {
        TRY(read_goods(ask, c));
    } else {
        c->parts[0].wants = c->wants;
        c->parts[0].wants_n = c->wants_n;
    }
    c->methods_n = payment_methods(ask->arena, ask->settings, ask->view, c->methods);
    return checkout_ask_quotes(ask, c);
}

/* ---- questions ---- */

bool checkout_any(const struct checkout *c) {
    return c->wants_n > 0;
}

bool checkout_has_place(const struct checkout *c) {
    return c->parts[0].to.id != 0;
}

str checkout_email(const struct checkout_ask *ask, const struct checkout *c) {
    return actor_self(ask->actor) ? ask->actor->customer_email : c->email;
}

const struct payment_method *checkout_method(const struct checkout *c) {
    for (size_t i = 0; i < c->methods_n; i++)
        if (str_eq(c->methods[i].code, c->payment_method)) return &c->methods[i];
    return NULL;
}

bool checkout_pays_first(const struct checkout *c) {
    const struct payment_method *method = checkout_method(c);
    return method && !method->offline && checkout_totals(c).total > 0;
}

const struct customer_address *checkout_billing(const struct checkout *c) {
    return c->same_address || !c->billing.id ? &c->parts[0].to.address : &c->billing.address;
}

struct sales_totals checkout_totals(const struct checkout *c) {
    struct sales_totals sum = {0};
    for (size_t i = 0; i < c->parts_n; i++) {
        const struct sales_totals *t = &c->parts[i].quote.totals;
        sum.subtotal += t->subtotal;
        sum.discount += t->discount;
        sum.shipping += t->shipping;
        sum.shipping_tax += t->shipping_tax;
        sum.tax += t->tax;
        sum.total += t->total;
    }
    return sum;
}

const struct quote_line *checkout_line(const struct checkout *c, i64 product_id) {
    for (size_t i = 0; i < c->parts_n; i++)
        for (size_t k = 0; k < c->parts[i].quote.lines_n; k++)
            if (c->parts[i].quote.lines[k].product_id == product_id) return &c->parts[i].quote.lines[k];
    return NULL;
}

enum checkout_step checkout_missing(const struct checkout_ask *ask, const struct checkout *c) {
    if (!checkout_has_place(c) || !checkout_email(ask, c).n || !c->spread) return CHECKOUT_ADDRESS;
    for (size_t i = 0; i < c->parts_n; i++)
        if (!c->parts[i].quote.shipping_title.n) return CHECKOUT_PAYMENT;
    const struct payment_method *method = checkout_method(c);
    if (!method || (method->wants_number && !c->purchase_order.n)) return CHECKOUT_PAYMENT;
    if (!c->same_address && !c->billing.id) return CHECKOUT_PAYMENT;
    return CHECKOUT_REVIEW;
}

str checkout_step_path(const struct checkout *c, enum checkout_step step) {
    switch (step) {
    case CHECKOUT_ADDRESS: return c->several ? S("/checkout/addresses") : S("/checkout");
    case CHECKOUT_PAYMENT: return S("/checkout/payment");
    case CHECKOUT_REVIEW: break;
    }
    return S("/checkout/review");
}

/* ---- the address book ---- */

enum err checkout_book_read(struct db_r *r, struct checkout_entry **ret, size_t *ret_n) {
    struct checkout_book *rows;
    TRY(checkout_book(r, &rows, ret_n));
    *ret = ARENA_ARRAY(db_arena(r), struct checkout_entry, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct checkout_entry){rows[i].id, {CHECKOUT_ADDRESS_MEMBERS(&rows[i])}};
    return OK;
}

const struct checkout_entry *checkout_book_find(const struct checkout_entry *book, size_t n, i64 id) {
    for (size_t i = 0; i < n; i++)
        if (book[i].id == id) return &book[i];
    return NULL;
}
