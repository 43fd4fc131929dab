/* The arithmetic of selling: rounding, spreading, and that money and pieces agree after any sequence of
 * events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sales/sales.h"

/* A small generator (splitmix64): the same cases at every run. */
static u64 dice;
static i64 roll(i64 n) {
    u64 z = dice += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (i64)((z ^ (z >> 31)) % (u64)n);
}

static void test_share_rounds_half_away_from_zero(void **state) {
    (void)state;
    assert_int_equal(sales_share(1, 1, 2), 1);
    assert_int_equal(sales_share(-1, 1, 2), -1);
    assert_int_equal(sales_share(1, 1, 3), 0);
    assert_int_equal(sales_share(2, 1, 3), 1);
    assert_int_equal(sales_share(999, 2100, 10000), 210);
    assert_true(sales_share(SALES_PRICE_MAX * SALES_QTY_MAX, 10000, 20000) ==
                SALES_PRICE_MAX * SALES_QTY_MAX / 2);
}

static void test_tax(void **state) {
    (void)state;
    assert_int_equal(sales_tax(12100, 2100, true), 2100);
    assert_int_equal(sales_tax(10000, 2100, false), 2100);
    assert_int_equal(sales_tax(999, 900, true), 82); /* 82.48 */
    assert_int_equal(sales_tax(0, 2100, true), 0);
    assert_int_equal(sales_tax(500, 0, false), 0);
}

static void test_spread_adds_up(void **state) {
    (void)state;
    const i64 thirds[] = {1, 1, 1}, none[] = {0, 0}, skewed[] = {0, 999, 1};
    i64 shares[3];
    sales_spread(100, thirds, shares, 3);
    assert_true(shares[0] == 34 && shares[1] == 33 && shares[2] == 33);
    sales_spread(100, none, shares, 2);
    assert_true(shares[0] == 0 && shares[1] == 0);
    sales_spread(1, skewed, shares, 3);
    assert_true(shares[0] == 0 && shares[1] == 1 && shares[2] == 0);
    dice = 7;
    for (int n = 0; n < 2000; n++) {
        i64 weights[12], got[12], sum = 0, all = 0, amount;
        size_t k = 1 + (size_t)roll(12);
        for (size_t i = 0; i < k; i++)
            all += weights[i] = roll(5) ? roll(1000000) : 0;
        amount = all ? roll(all + 1) : roll(1000);
        sales_spread(amount, weights, got, k);
        for (size_t i = 0; i < k; i++) {
            assert_true(got[i] >= 0 && got[i] <= weights[i]);
            sum += got[i];
        }
        assert_int_equal(sum, all ? amount : 0);
    }
}

/* The example of docs/money.md: 3 × 3.33 with a discount of 1.00, invoiced piece by piece. */
static void test_parts_take_what_is_left(void **state) {
    static const i64 discounts[] = {33, 34, 33}, one = 1;
    struct arena *a = arena_make();
    struct sales_item item = {.price = 333, .row = 999, .discount = 100, .ordered = 3};
    struct sales_order o = {.state = SALES_PENDING,
                            .held_state = SALES_STATE_MAX,
                            .prices_incl = true,
                            .totals = {.subtotal = 999, .discount = 100, .total = 899},
                            .items = &item,
                            .items_n = 1};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct sales_document d;
        size_t at;
        assert_int_equal(sales_invoice(a, &o, &(struct sales_ask){.qty = &one}, &d, &at), SALES_FINE);
        assert_int_equal(d.totals.discount, discounts[i]);
        assert_int_equal(d.totals.total, 333 - discounts[i]);
        assert_true(sales_agrees(&o));
    }
    assert_int_equal(o.invoiced, 899);
    arena_free(a);
}

static struct sales_order make_order(struct arena *a) {
    struct sales_order o = {.state = roll(4) ? SALES_PENDING : SALES_PENDING_PAYMENT,
                            .held_state = SALES_STATE_MAX,
                            .prices_incl = roll(2) == 0,
                            .items_n = 1 + (size_t)roll(5)};
    i64 discount = 0, rows[5], shares[5];
    o.items = ARENA_ARRAY(a, struct sales_item, o.items_n);
    for (size_t i = 0; i < o.items_n; i++) {
        struct sales_item *it = &o.items[i];
        *it = (struct sales_item){.price = roll(6) ? roll(30000) : roll(3), .ordered = 1 + roll(7)};
        it->row = rows[i] = it->price * it->ordered;
        o.totals.subtotal += it->row;
    }
    if (roll(2)) discount = roll(o.totals.subtotal + 1);
    sales_spread(discount, rows, shares, o.items_n);
    for (size_t i = 0; i < o.items_n; i++) {
        static const i64 rates[] = {2100, 900, 0, 777};
        struct sales_item *it = &o.items[i];
        it->discount = shares[i];
        it->tax = sales_tax(it->row - it->discount, rates[roll(4)], o.prices_incl);
        o.totals.discount += it->discount;
        o.totals.tax += it->tax;
    }
    o.totals.shipping = roll(3) ? roll(1500) : 0;
    o.totals.shipping_tax = sales_tax(o.totals.shipping, 2100, o.prices_incl);
    o.totals.tax += o.totals.shipping_tax;
    o.totals.total =
        o.totals.subtotal - o.totals.discount + o.totals.shipping + (o.prices_incl ? 0 : o.totals.tax);
    return o;
}

struct story {
    struct arena *a;
    struct sales_order o;
    struct sales_document open[64]; /* invoices that are not paid yet */
    size_t open_n;
    i64 invoiced, refunded;
    int done;
};

static void fill_qty(struct story *s, i64 *qty, i64 (*left)(const struct sales_item *)) {
    for (size_t i = 0; i < s->o.items_n; i++) {
        i64 n = left(&s->o.items[i]);
        qty[i] = n > 0 ? (roll(3) ? roll(n + 1) : n) : 0;
    }
}

static void step(struct story *s) {
    struct sales_document d;
    size_t item;
    i64 qty[5];
    struct sales_ask ask = {.qty = qty};
    struct sales_order *o = &s->o;
    switch (roll(9)) {
    case 0:
    case 1:
        fill_qty(s, qty, sales_to_invoice);
        if (s->open_n < 60 && sales_invoice(s->a, o, &ask, &d, &item) == SALES_FINE) {
            s->open[s->open_n++] = d;
            s->invoiced += d.totals.total;
            s->done++;
        }
        break;
    case 2:
    case 3:
        if (s->open_n && sales_pay(o, s->open[s->open_n - 1].totals.total) == SALES_FINE) {
            s->open_n--;
            s->done++;
        }
        break;
    case 4:
        fill_qty(s, qty, sales_to_ship);
        s->done += sales_ship(s->a, o, &ask, &d, &item) == SALES_FINE;
        break;
    case 5:
        fill_qty(s, qty, sales_to_refund);
        if (roll(2) && o->shipping_invoiced)
            ask.shipping = roll(o->totals.shipping - o->shipping_refunded + 1);
        if (!roll(3)) ask.adjustment = roll(300);
        if (!roll(3)) ask.fee = roll(300);
        if (sales_refund(s->a, o, &ask, &d, &item) == SALES_FINE) {
            s->refunded += d.totals.total;
            s->done++;
        }
        break;
    case 6:
        if (!roll(6)) s->done += sales_cancel(o, qty) == SALES_FINE;
        break;
    case 7:
        if (roll(2) && s->open_n && sales_uninvoice(o, &s->open[s->open_n - 1]) == SALES_FINE) {
            s->invoiced -= s->open[--s->open_n].totals.total;
            s->done++;
        }
        break;
    default:
        if (sales_hold(o) == SALES_FINE) assert_int_equal(sales_unhold(o), SALES_FINE);
        if (roll(2)) s->done += sales_confirm_payment(o) == SALES_FINE;
    }
}

/* Whatever happens in whatever order: pieces and cents agree after every step. */
static void test_any_story_agrees(void **state) {
    (void)state;
    struct arena *a = arena_make();
    int done = 0, ended[SALES_STATE_MAX] = {0};
    for (u64 seed = 1; seed <= 4000; seed++) {
        dice = seed * 1000003;
        struct story s = {.a = a, .o = make_order(a)};
        assert_true(sales_agrees(&s.o));
        for (int n = 0; n < 40; n++) {
            step(&s);
            assert_true(sales_agrees(&s.o));
            assert_true(s.o.invoiced == s.invoiced && s.o.refunded == s.refunded);
        }
        done += s.done;
        ended[s.o.state]++;
        arena_reset(a);
    }
    /* The stories are about something: every end is reached. */
    assert_true(done > 20000);
    assert_true(ended[SALES_COMPLETE] > 20 && ended[SALES_CLOSED] > 20 && ended[SALES_CANCELED] > 20 &&
                ended[SALES_PROCESSING] > 20);
    arena_free(a);
}

static void test_refusals_change_nothing(void **state) {
    (void)state;
    struct arena *a = arena_make();
    dice = 5;
    struct sales_order o = make_order(a);
    o.state = SALES_PENDING;
    struct sales_document d;
    size_t item = 99;
    i64 qty[5] = {0};
    struct sales_ask ask = {.qty = qty};
    assert_int_equal(sales_invoice(a, &o, &ask, &d, &item), SALES_NOTHING);
    qty[0] = o.items[0].ordered + 1;
    assert_int_equal(sales_invoice(a, &o, &ask, &d, &item), SALES_QTY_TOO_LARGE);
    assert_int_equal(item, 0);
    qty[0] = -1;
    assert_int_equal(sales_ship(a, &o, &ask, &d, &item), SALES_QTY_NEGATIVE);
    qty[0] = 1;
    assert_int_equal(sales_refund(a, &o, &ask, &d, &item), SALES_NOT_ALLOWED);
    assert_int_equal(o.state, SALES_PENDING);
    for (size_t i = 0; i < o.items_n; i++)
        qty[i] = o.items[i].ordered;
    assert_int_equal(sales_invoice(a, &o, &ask, &d, &item), SALES_FINE);
    assert_int_equal(d.totals.total, o.totals.total);
    assert_int_equal(sales_pay(&o, d.totals.total), SALES_FINE);
    assert_int_equal(sales_due(&o), 0);
    ask.adjustment = 1;
    ask.shipping = o.totals.shipping;
    assert_int_equal(sales_refund(a, &o, &ask, &d, &item), SALES_OVER_PAID);
    ask.adjustment = 0;
    ask.fee = o.totals.total + 1;
    assert_int_equal(sales_refund(a, &o, &ask, &d, &item), SALES_BELOW_ZERO);
    ask.fee = 0;
    ask.shipping = o.totals.shipping + 1;
    assert_int_equal(sales_refund(a, &o, &ask, &d, &item), SALES_SHIPPING_TOO_LARGE);
    assert_true(sales_agrees(&o) && o.refunded == 0);
    ask.shipping = o.totals.shipping;
    assert_int_equal(sales_refund(a, &o, &ask, &d, &item), SALES_FINE);
    assert_int_equal(o.state, SALES_CLOSED);
    assert_int_equal(o.refunded, o.totals.total);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_share_rounds_half_away_from_zero),
        cmocka_unit_test(test_tax),
        cmocka_unit_test(test_spread_adds_up),
        cmocka_unit_test(test_parts_take_what_is_left),
        cmocka_unit_test(test_any_story_agrees),
        cmocka_unit_test(test_refusals_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
