/* What the review showed, in short, and what differs from it now.
 *
 * The text: a mark of everything that is no amount (addresses, ways of shipping and payment), ".EUR", then
 * for each part "/subtotal.discount.shipping.tax.total" and ".product:quantity:price" for each line. It comes
 * back from the browser and is only ever compared: amounts are never taken from it. */
#include "shop/checkout/checkout_inside.h"

enum { SUMS = 5 };

static void put_address(struct buf *b, const struct customer_address *a) {
    const str fields[] = {a->firstname, a->lastname, a->company, a->street1, a->street2,
                          a->postcode,  a->city,     a->region,  a->country, a->telephone};
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        buf_put(b, fields[i]);
        buf_put_char(b, '\n');
    }
}

/* Two checkouts with the same mark go to the same places in the same way. */
static u64 mark_of(const struct checkout_ask *ask, const struct checkout *c) {
    struct buf b;
    buf_init(&b, (size_t)64 * 1024);
    for (size_t i = 0; i < c->parts_n; i++) {
        put_address(&b, &c->parts[i].to.address);
        buf_put(&b, c->parts[i].to.shipping_method);
    }
    put_address(&b, checkout_billing(c));
    buf_put(&b, c->payment_method);
    buf_put_char(&b, '\n');
    buf_put(&b, c->purchase_order);
    buf_put_char(&b, '\n');
    buf_put(&b, checkout_email(ask, c));
    u64 mark = str_hash(buf_str(&b));
    buf_done(&b);
    return mark;
}

static void sums_of(const struct sales_totals *t, i64 ret[SUMS]) {
    const i64 sums[SUMS] = {t->subtotal, t->discount, t->shipping, t->tax, t->total};
    memcpy(ret, sums, sizeof sums);
}

str checkout_shown(struct arena *a, const struct checkout_ask *ask, const struct checkout *c) {
    str currency = setting_text(ask->settings, SETTING_CURRENCY, SETTING_DEFAULT);
    str text = arena_printf(a, "%llx.%.*s", (unsigned long long)mark_of(ask, c), STR_ARG(currency));
    for (size_t i = 0; i < c->parts_n; i++) {
        const struct quote *q = &c->parts[i].quote;
        str *pieces = ARENA_ARRAY(a, str, q->lines_n + 2);
        i64 s[SUMS];
        sums_of(&q->totals, s);
        pieces[0] = text;
        pieces[1] = arena_printf(a, "/%lld.%lld.%lld.%lld.%lld", (long long)s[0], (long long)s[1],
                                 (long long)s[2], (long long)s[3], (long long)s[4]);
        for (size_t k = 0; k < q->lines_n; k++)
            pieces[k + 2] = arena_printf(a, ".%lld:%lld:%lld", (long long)q->lines[k].product_id,
                                         (long long)q->lines[k].qty, (long long)q->lines[k].price);
        text = arena_join(a, pieces, q->lines_n + 2);
    }
    return text;
}

/* ---- what differs ---- */

struct seen_line {
    i64 product_id, qty, price;
};

struct seen {
    i64 sums[SUMS]; /* over all parts */
    struct seen_line *lines;
    size_t n;
};

/* What it says, over all parts; what is no number counts as 0. */
static struct seen read_seen(struct arena *a, str shown) {
    struct seen s = {.n = 0};
    str part, number, rest = str_cut(shown, '/', &part);
    s.lines = ARENA_ARRAY(a, struct seen_line, shown.n / 6 + 1);
    while (rest.p) {
        rest = str_cut(rest, '/', &part);
        for (size_t i = 0; part.p; i++) {
            i64 value[3] = {0};
            part = str_cut(part, '.', &number);
            str piece = number;
            for (size_t k = 0; k < 3 && piece.p; k++) {
                str digits;
                piece = str_cut(piece, ':', &digits);
                if (!str_to_i64(digits, &value[k]) || value[k] < 0 || value[k] > SALES_PRICE_MAX * 1000)
                    value[k] = 0;
            }
            if (i < SUMS)
                s.sums[i] += value[0];
            else if (s.n < shown.n / 6 + 1)
                s.lines[s.n++] = (struct seen_line){value[0], value[1], value[2]};
        }
    }
    return s;
}

/* The pieces of a product in all parts together, and its price; a price below 0: it is not there. */
static struct seen_line seen_of(const struct seen *s, i64 product_id) {
    struct seen_line all = {product_id, 0, -1};
    for (size_t i = 0; i < s->n; i++)
        if (s->lines[i].product_id == product_id) {
            all.qty += s->lines[i].qty;
            all.price = s->lines[i].price;
        }
    return all;
}

static struct seen now_of(struct arena *a, const struct checkout *c) {
    struct seen s = {.n = 0};
    size_t n = 0;
    const struct sales_totals totals = checkout_totals(c);
    for (size_t i = 0; i < c->parts_n; i++)
        n += c->parts[i].quote.lines_n;
    s.lines = ARENA_ARRAY(a, struct seen_line, n);
    sums_of(&totals, s.sums);
    for (size_t i = 0; i < c->parts_n; i++)
        for (size_t k = 0; k < c->parts[i].quote.lines_n; k++) {
            const struct quote_line *l = &c->parts[i].quote.lines[k];
            s.lines[s.n++] = (struct seen_line){l->product_id, l->qty, l->price};
        }
    return s;
}

/* One line of the message; none is shown at a field. */
static void say(struct op *op, const struct checkout_ask *ask, str msgid, str name, str now, str before) {
    (void)op_invalid(op, "total", checkout_message(ask, msgid, name, now, before));
}

static void compare_products(struct op *op, const struct checkout_ask *ask, const struct checkout *c,
                             const struct seen *before, const struct seen *now) {
    for (size_t i = 0; i < c->wants_n; i++) {
        const struct quote_line *l = checkout_line(c, c->wants[i].product_id);
        if (!l) continue;
        struct seen_line was = seen_of(before, l->product_id), is = seen_of(now, l->product_id);
        if (was.price < 0) {
            say(op, ask, T("{name} is in your order now."), l->name, S(""), S(""));
        } else if (was.price != is.price) {
            say(op, ask, T("{name} now costs {a} each; it was {b}."), l->name, checkout_money(ask, is.price),
                checkout_money(ask, was.price));
        } else if (was.qty != is.qty) {
            say(op, ask, T("There are now {a} of {name} in your order; there were {b}."), l->name,
                checkout_digits(op->arena, is.qty), checkout_digits(op->arena, was.qty));
        }
    }
    for (size_t i = 0; i < before->n; i++)
        if (seen_of(now, before->lines[i].product_id).price < 0) {
            say(op, ask, T("A product is not in your order any more."), S(""), S(""), S(""));
            return;
        }
}

static void compare_sums(struct op *op, const struct checkout_ask *ask, const struct seen *before,
                         const struct seen *now) {
    const str messages[SUMS] = {S(""), T("The discount is now {a}; it was {b}."),
                                T("Shipping is now {a}; it was {b}."), T("The tax is now {a}; it was {b}."),
                                T("The total is now {a}; it was {b}.")};
    for (size_t i = 1; i < SUMS; i++)
        if (before->sums[i] != now->sums[i])
            say(op, ask, messages[i], S(""), checkout_money(ask, now->sums[i]),
                checkout_money(ask, before->sums[i]));
}

/* What stands before the amounts: the mark, and the currency. */
static void compare_heads(struct op *op, const struct checkout_ask *ask, str before, str now) {
    str head_before, head_now, mark_before, mark_now;
    (void)str_cut(before, '/', &head_before);
    (void)str_cut(now, '/', &head_now);
    str currency_before = str_cut(head_before, '.', &mark_before);
    str currency_now = str_cut(head_now, '.', &mark_now);
    if (!str_eq(mark_now, mark_before))
        say(op, ask, T("The addresses, or how it is sent or paid, were changed in another window."), S(""),
            S(""), S(""));
    if (currency_before.n && !str_eq(currency_now, currency_before))
        say(op, ask, T("All prices are in {a} now; they were in {b}."), S(""), currency_now, currency_before);
}

enum err checkout_compare(struct op *op, const struct checkout_ask *ask, const struct checkout *c,
                          str shown) {
    str now_text = checkout_shown(op->arena, ask, c);
    if (str_eq(now_text, shown)) return OK;
    const struct seen before = read_seen(op->arena, shown), now = now_of(op->arena, c);
    compare_heads(op, ask, shown, now_text);
    compare_products(op, ask, c, &before, &now);
    compare_sums(op, ask, &before, &now);
    return op_fail(op, ERR_CONFLICT,
                   i18n_get(op->lang, T("Something changed since you looked. Nothing was ordered yet: please "
                                        "look at your order again.")));
}
