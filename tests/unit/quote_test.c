/* What a purchase costs: the rules one by one, then whole quotes of a small shop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shop/payment/payment.h"
#include "shop/quote/quote_inside.h"
#include "shop_fixture.h"

/* ---------------------------------------------------------------- rules */

static void test_tax_rates(void **state) {
    (void)state;
    const struct quote_taxes rates[] = {{S("*"), S("standard"), 2100},
                                        {S("DE"), S("standard"), 1900},
                                        {S("DE"), S("reduced"), 700},
                                        {S("US"), S("standard"), 0}};
    assert_int_equal(quote_tax_rate(rates, 4, S("standard"), S("DE")), 1900);
    assert_int_equal(quote_tax_rate(rates, 4, S("standard"), S("NL")), 2100);
    assert_int_equal(quote_tax_rate(rates, 4, S("standard"), S("US")), 0); /* its own row, not that of '*' */
    assert_int_equal(quote_tax_rate(rates, 4, S("reduced"), S("NL")), 0);
    assert_int_equal(quote_tax_rate(NULL, 0, S("standard"), S("NL")), 0);
}

static void test_table_rates(void **state) {
    (void)state;
    const struct quote_rates rates[] = {{S("*"), 0, 1500},
                                        {S("*"), 2000, 2500},
                                        {S("NL"), 0, 500},
                                        {S("NL"), 1000, 700},
                                        {S("BE"), 500, 900}};
    const struct {
        const char *country;
        i64 weight, price;
    } cases[] = {{"NL", 0, 500},    {"NL", 999, 500},   {"NL", 1000, 700}, {"NL", 50000, 700},
                 {"US", 100, 1500}, {"US", 2000, 2500}, {"BE", 499, 1500}, {"BE", 500, 900}};
    i64 price;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(quote_table_rate(rates, 5, str_c(cases[i].country), cases[i].weight, &price));
        assert_int_equal(price, cases[i].price);
    }
    assert_false(quote_table_rate(rates + 4, 1, S("BE"), 499, &price));
    assert_false(quote_table_rate(rates + 4, 1, S("NL"), 900, &price));
}

static struct quote_coupon_row coupon(const char *kind, i64 value) {
    return (struct quote_coupon_row){.id = 1, .kind = str_c(kind), .value = value, .active = true};
}

static void test_who_may_use_a_coupon(void **state) {
    (void)state;
    struct quote_coupon_row c = coupon("percent", 1000), x;
    assert_int_equal(quote_judge(NULL, 1, 100, 50), QUOTE_COUPON_UNKNOWN);
    assert_int_equal(quote_judge(&c, 1, 0, 50), QUOTE_COUPON_FINE);
    x = c, x.active = false;
    assert_int_equal(quote_judge(&x, 1, 100, 50), QUOTE_COUPON_UNKNOWN);
    x = c, x.website_id = OPT(2);
    assert_int_equal(quote_judge(&x, 1, 100, 50), QUOTE_COUPON_UNKNOWN);
    assert_int_equal(quote_judge(&x, 2, 100, 50), QUOTE_COUPON_FINE);
    x = c, x.from_us = OPT(50), x.until_us = OPT(60);
    assert_int_equal(quote_judge(&x, 1, 100, 49), QUOTE_COUPON_UNKNOWN);
    assert_int_equal(quote_judge(&x, 1, 100, 50), QUOTE_COUPON_FINE);
    assert_int_equal(quote_judge(&x, 1, 100, 59), QUOTE_COUPON_FINE);
    assert_int_equal(quote_judge(&x, 1, 100, 60), QUOTE_COUPON_UNKNOWN);
    x = c, x.uses_max = OPT(3), x.uses = 2;
    assert_int_equal(quote_judge(&x, 1, 100, 50), QUOTE_COUPON_FINE);
    x.uses = 3;
    assert_int_equal(quote_judge(&x, 1, 100, 50), QUOTE_COUPON_USED_UP);
    x = c, x.uses_per_customer = OPT(1), x.used_by = 1;
    assert_int_equal(quote_judge(&x, 1, 100, 50), QUOTE_COUPON_USED_UP);
    x = c, x.minimum = 100;
    assert_int_equal(quote_judge(&x, 1, 99, 50), QUOTE_COUPON_MINIMUM);
    assert_int_equal(quote_judge(&x, 1, 100, 50), QUOTE_COUPON_FINE);
    for (enum quote_coupon k = QUOTE_COUPON_NONE; k <= QUOTE_COUPON_MINIMUM; k++)
        assert_int_equal(quote_coupon_text(k).p != NULL, k > QUOTE_COUPON_FINE);
}

static void test_what_a_coupon_takes_off(void **state) {
    (void)state;
    const i64 parts[] = {1005, 2000, 0};
    i64 off[3];
    struct quote_coupon_row c = coupon("percent", 1000);
    quote_discounts(&c, parts, off, 3);
    assert_true(off[0] == 101 && off[1] == 200 && off[2] == 0); /* 100.5 is rounded up */
    c = coupon("fixed", 500);
    quote_discounts(&c, parts, off, 3);
    assert_int_equal(off[0] + off[1] + off[2], 500);
    assert_true(off[0] == 167 && off[1] == 333);
    c = coupon("fixed", 999999);
    quote_discounts(&c, parts, off, 3);
    assert_true(off[0] == 1005 && off[1] == 2000 && off[2] == 0);
    c = coupon("percent", 20000);
    quote_discounts(&c, parts, off, 3);
    assert_true(off[0] == 1005 && off[1] == 2000);
    c = coupon("free_shipping", 0);
    quote_discounts(&c, parts, off, 3);
    assert_true(off[0] == 0 && off[1] == 0);
}

/* The examples of docs/money.md. */
static void test_sums(void **state) {
    struct shop *s = &shop_of_test;
    (void)state;
    struct quote_line lines[] = {{.row = 2497, .tax_bp = 2100}, {.row = 1190, .tax_bp = 900}};
    struct quote q = {.prices_incl = true, .lines = lines, .lines_n = 2, .totals = {.shipping = 495}};
    quote_finish(s->arena, &q, 369, 2100);
    assert_int_equal(lines[0].discount, 250);
    assert_int_equal(lines[1].discount, 119);
    assert_int_equal(lines[0].tax, 390); /* of 22.47: 3.8997… */
    assert_int_equal(lines[1].tax, 88);  /* of 10.71: 0.8843… */
    assert_int_equal(q.totals.shipping_tax, 86);
    assert_int_equal(q.totals.tax, 390 + 88 + 86);
    assert_int_equal(q.totals.total, 2497 + 1190 - 369 + 495);
    q.prices_incl = false;
    quote_finish(s->arena, &q, 369, 2100);
    assert_int_equal(lines[0].tax, 472); /* 4.7187 */
    assert_int_equal(lines[1].tax, 96);  /* 0.9639 */
    assert_int_equal(q.totals.shipping_tax, 104);
    assert_int_equal(q.totals.total, 2497 + 1190 - 369 + 495 + 472 + 96 + 104);
}

/* ---------------------------------------------------------------- whole quotes */

static const char *const goods[] = {
    "INSERT INTO product (id,sku,url_key,price_minor,stock,active,picture,created_us,weight_g,tax_class) "
    "VALUES "
    "(1,'A','a',1000,10,1,'',0,500,'standard'),(2,'B','b',555,3,1,'',0,100,'reduced'),"
    "(3,'C','c',700,5,0,'',0,100,'standard'),(4,'D','d',900,5,1,'',0,100,'standard'),"
    "(5,'E','e',20000000000,5,1,'',0,100,'standard')",
    "INSERT INTO product_text SELECT id,'en','Name '||sku,'','','' FROM product",
    "INSERT INTO product_text VALUES (1,'nl','Naam A','','','')",
    "INSERT INTO product_website VALUES (1,1),(2,1),(3,1),(5,1),(4,2)",
    "INSERT INTO customer_group VALUES (2,'Special')",
    "INSERT INTO product_group_price VALUES (1,2,800)",
    "INSERT INTO tax_rate (tax_class,country,name,rate_bp) VALUES ('standard','NL','',2100),"
    "('reduced','NL','',900),('standard','DE','',1900),('standard','*','',0)",
    "INSERT INTO shipping_rate (website_id,country,from_weight_g,price_minor) VALUES (1,'NL',0,600),"
    "(1,'NL',1000,900),(1,'*',0,2000)",
    "INSERT INTO coupon "
    "(id,code,code_fold,name,website_id,kind,value,minimum_minor,uses_max,uses_per_customer,"
    "uses,active,created_us) VALUES (1,'TEN','ten','Ten percent',NULL,'percent',1000,0,NULL,NULL,0,1,0),"
    "(2,'FIVE','five','Five off',1,'fixed',500,2000,NULL,NULL,0,1,0),"
    "(3,'SHIP','ship','Free',1,'free_shipping',0,0,NULL,1,0,1,0)",
};

static int make(void **state) {
    shop_make(state);
    db_close(shop_of_test.db);
    for (size_t i = 0; i < COUNT_OF(goods); i++)
        shop_raw_sql(goods[i]);
    shop_open();
    return 0;
}

static struct quote_ask ask_of(const struct quote_want *wants, size_t n) {
    return (struct quote_ask){.settings = shop_of_test.settings,
                              .view = stores_default(shop_of_test.stores),
                              .group_id = 1,
                              .coupon_code = S(""),
                              .email_fold = S(""),
                              .country = S(""),
                              .shipping_method = S(""),
                              .wants = wants,
                              .wants_n = n};
}

static struct quote quote_of(const struct quote_ask *ask) {
    struct db_r *r = shop_read();
    struct quote q;
    assert_int_equal(quote_make(r, ask, &q), OK);
    db_read_end(r);
    return q;
}

static void test_lines(void **state) {
    const struct quote_want wants[] = {{2, 4}, {1, 2}, {3, 1}, {4, 1}, {999, 1}};
    (void)state;
    struct quote_ask ask = ask_of(wants, 5);
    struct quote q = quote_of(&ask);
    assert_int_equal(q.lines_n, 5);
    assert_true(str_eq(q.lines[0].sku, S("B")) && str_eq(q.lines[1].name, S("Name A")));
    assert_int_equal(q.lines[0].trouble, QUOTE_SHORT);
    assert_int_equal(q.lines[0].row, 4 * 555);
    assert_int_equal(q.lines[1].trouble, QUOTE_FINE);
    assert_int_equal(q.lines[2].trouble, QUOTE_GONE); /* switched off */
    assert_true(str_eq(q.lines[2].name, S("Name C")) && q.lines[2].row == 0);
    assert_int_equal(q.lines[3].trouble, QUOTE_GONE); /* another website's */
    assert_int_equal(q.lines[4].trouble, QUOTE_GONE); /* never was */
    assert_int_equal(q.lines[4].name.n, 0);
    assert_true(q.trouble);
    assert_int_equal(q.totals.subtotal, 4 * 555 + 2000);
    assert_int_equal(q.lines[1].tax_bp, 2100); /* of the shop's own country */
    ask.group_id = 2;
    size_t views_n;
    ask.view = &stores_website_views(shop_of_test.stores, 1, &views_n)[1];
    q = quote_of(&ask);
    assert_int_equal(q.lines[1].row, 1600);
    assert_true(str_eq(q.lines[1].name, S("Naam A")) && str_eq(q.lines[0].name, S("Name B")));
}

static void test_bounds(void **state) {
    static const struct quote_want wrong[][1] = {{{1, 0}}, {{1, -1}}, {{1, 10000}}, {{5, 1}}};
    static struct quote_want many[SALES_ITEMS_MAX + 1];
    struct db_r *r = shop_read();
    struct quote q;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        const struct quote_ask ask = ask_of(wrong[i], 1);
        assert_int_equal(quote_make(r, &ask, &q), ERR_INVALID);
    }
    for (size_t i = 0; i < COUNT_OF(many); i++)
        many[i] = (struct quote_want){(i64)i + 1, 1};
    struct quote_ask ask = ask_of(many, COUNT_OF(many));
    assert_int_equal(quote_make(r, &ask, &q), ERR_INVALID);
    ask.wants_n = 0;
    assert_int_equal(quote_make(r, &ask, &q), OK);
    assert_true(q.lines_n == 0 && q.totals.total == 0 && !q.trouble);
    db_read_end(r);
}

static const struct quote_shipping *way(const struct quote *q, str code) {
    for (size_t i = 0; i < q->shipping_n; i++)
        if (str_eq(q->shipping[i].code, code)) return &q->shipping[i];
    return NULL;
}

static void test_shipping(void **state) {
    const struct quote_want wants[] = {{1, 2}};
    (void)state;
    struct quote_ask ask = ask_of(wants, 1);
    ask.country = S("NL");
    struct quote q = quote_of(&ask);
    assert_int_equal(q.shipping_n, 2); /* free only from 75.00 on */
    assert_int_equal(way(&q, S("flat"))->price, 495);
    assert_int_equal(way(&q, S("table"))->price, 900); /* 1000 g */
    assert_int_equal(q.totals.shipping, 0);
    ask.shipping_method = S("table");
    q = quote_of(&ask);
    assert_int_equal(q.totals.total, 2900);
    assert_int_equal(q.totals.shipping_tax, 156); /* 21 % in 9.00 */
    assert_true(str_eq(q.shipping_title, S("Delivery by weight")));
    ask.country = S("US");
    q = quote_of(&ask);
    assert_int_equal(q.totals.shipping, 2000);
    assert_int_equal(q.totals.tax, 0);
    ask.shipping_method = S("free");
    q = quote_of(&ask);
    assert_true(q.shipping_title.n == 0 && q.totals.shipping == 0);
    shop_set("carriers/free/from", "20.00");
    shop_set("carriers/free/title", "On us");
    ask.settings = shop_of_test.settings;
    q = quote_of(&ask);
    assert_true(str_eq(q.shipping_title, S("On us")));
    ask.coupon_code = S("ten"); /* 18.00 are left */
    q = quote_of(&ask);
    assert_null(way(&q, S("free")));
    shop_set("carriers/free/from", "75.00");
}

static void test_prices_without_tax(void **state) {
    const struct quote_want wants[] = {{1, 2}};
    (void)state;
    shop_set("tax/calculation/prices_include_tax", "0");
    struct quote_ask ask = ask_of(wants, 1);
    ask.country = S("DE");
    struct quote q = quote_of(&ask);
    assert_false(q.prices_incl);
    assert_int_equal(q.totals.total, 2380);
    shop_set("tax/calculation/prices_include_tax", "1");
}

static void test_coupons(void **state) {
    const struct quote_want wants[] = {{1, 1}, {2, 1}};
    (void)state;
    struct quote_ask ask = ask_of(wants, 2);
    ask.coupon_code = S(" Ten ");
    struct quote q = quote_of(&ask);
    assert_int_equal(q.coupon, QUOTE_COUPON_FINE);
    assert_true(str_eq(q.coupon_code, S("TEN")) && q.coupon_id == 1);
    assert_int_equal(q.totals.discount, 156); /* of 15.55 */
    assert_int_equal(q.lines[0].discount + q.lines[1].discount, 156);
    ask.coupon_code = S("five");
    q = quote_of(&ask);
    assert_int_equal(q.coupon, QUOTE_COUPON_MINIMUM);
    assert_true(q.totals.discount == 0 && q.coupon_id == 0);
    ask.coupon_code = S("nothing");
    q = quote_of(&ask);
    assert_int_equal(q.coupon, QUOTE_COUPON_UNKNOWN);
    assert_true(str_eq(q.coupon_code, S("nothing")));
    ask.coupon_code = S("ship");
    ask.shipping_method = S("flat");
    q = quote_of(&ask);
    assert_int_equal(q.coupon, QUOTE_COUPON_FINE);
    assert_true(q.totals.shipping == 0 && q.shipping_title.n > 0);
}

static void test_coupon_once_per_customer(void **state) {
    const struct quote_want wants[] = {{1, 1}};
    (void)state;
    db_close(shop_of_test.db);
    shop_raw_sql(
        "PRAGMA foreign_keys = OFF;"
        "INSERT INTO coupon_use (coupon_id,order_id,customer_id,email_fold) VALUES (3,77,1,'c@example.com')");
    shop_open();
    struct quote_ask ask = ask_of(wants, 1);
    ask.coupon_code = S("SHIP");
    struct quote q = quote_of(&ask);
    assert_int_equal(q.coupon, QUOTE_COUPON_FINE); /* nobody knows yet who it is */
    ask.customer_id = OPT(1);
    q = quote_of(&ask);
    assert_int_equal(q.coupon, QUOTE_COUPON_USED_UP);
    ask.customer_id = OPT(2);
    q = quote_of(&ask);
    assert_int_equal(q.coupon, QUOTE_COUPON_FINE);
    ask.email_fold = S("c@example.com");
    q = quote_of(&ask);
    assert_int_equal(q.coupon, QUOTE_COUPON_USED_UP);
}

static void test_several_addresses(void **state) {
    const struct quote_want first[] = {{1, 1}, {2, 2}}, second[] = {{1, 3}, {2, 2}};
    const struct quote_part parts[] = {{first, 2, S("NL"), S("flat")}, {second, 2, S("DE"), S("table")}};
    struct db_r *r = shop_read();
    struct quote *q;
    (void)state;
    struct quote_ask ask = ask_of(NULL, 0);
    ask.coupon_code = S("five");
    assert_int_equal(quote_make_parts(r, &ask, parts, 2, &q), OK);
    assert_int_equal(q[0].coupon, QUOTE_COUPON_FINE); /* 21.10 and 41.10: the first alone would do too */
    assert_int_equal(q[0].totals.discount + q[1].totals.discount, 500);
    assert_int_equal(q[0].totals.discount, 170); /* 500 × 2110 / 6220 */
    assert_int_equal(q[0].lines[0].trouble, QUOTE_FINE);
    assert_int_equal(q[0].lines[1].trouble, QUOTE_SHORT); /* 4 of 3 in both parts together */
    assert_int_equal(q[1].lines[1].trouble, QUOTE_SHORT);
    assert_int_equal(q[0].totals.shipping, 495);
    assert_int_equal(q[1].totals.shipping, 2000);
    assert_int_equal(q[0].lines[0].tax_bp, 2100);
    assert_int_equal(q[1].lines[0].tax_bp, 1900);
    db_read_end(r);
}

static void test_payment_methods(void **state) {
    struct payment_method m[PAYMENT_METHODS_MAX], one;
    struct shop *s = &shop_of_test;
    size_t views_n;
    const struct store_view *views = stores_website_views(s->stores, 1, &views_n);
    (void)state;
    assert_int_equal(payment_methods(s->arena, s->settings, &views[1], m), 3);
    assert_true(str_eq(m[0].code, S("bank_transfer")) && str_eq(m[0].title, S("Bankoverschrijving")));
    assert_true(m[0].offline && m[0].instructions.n > 0 && !m[0].wants_number && m[2].wants_number);
    shop_set("payment/purchase_order/enabled", "0");
    shop_set("payment/bank_transfer/title", "By wire");
    assert_int_equal(payment_methods(s->arena, s->settings, &views[0], m), 2);
    assert_true(str_eq(m[0].title, S("By wire")));
    assert_false(payment_method_find(s->arena, s->settings, &views[0], S("purchase_order"), &one));
    assert_true(payment_method_find(s->arena, s->settings, &views[0], S("cash_on_delivery"), &one));
    assert_true(str_eq(one.title, S("Cash on delivery")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tax_rates),
        cmocka_unit_test(test_table_rates),
        cmocka_unit_test(test_who_may_use_a_coupon),
        cmocka_unit_test(test_what_a_coupon_takes_off),
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_shipping),
        cmocka_unit_test(test_prices_without_tax),
        cmocka_unit_test(test_coupons),
        cmocka_unit_test(test_coupon_once_per_customer),
        cmocka_unit_test(test_several_addresses),
        cmocka_unit_test(test_payment_methods),
    };
    return cmocka_run_group_tests(tests, make, shop_drop);
}
