/* The demo shop goes into an empty database only, is the same each time, and its pictures keep within their
 * bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit/audit.h"
#include "crypto/crypto.h"
#include "demo/demo.h"
#include "demo/draw.h"
#include "demo/inside.h"
#include "demo/orders.h"
#include "gen/demo_sql.h"
#include "shop/order/order.h"
#include "store/store.h"

static struct db *open_fresh(struct arena *a, str path) {
    struct db_options o = {.url = ARENA_CAT(a, S("sqlite:"), path), .create = true};
    struct db *db;
    str why = STR_NULL;
    int applied;
    assert_int_equal(db_open(a, &o, &db, &why), OK);
    assert_int_equal(db_migrate(a, db, &applied, &why), OK);
    return db;
}

static str temporary(struct arena *a) {
    char *dir = arena_cstr(a, S("/tmp/countersign-demo-XXXXXX"));
    assert_non_null(mkdtemp(dir));
    return str_c(dir);
}

static void remove_all(struct arena *a, str dir) {
    static const char *const names[] = {"shop.db", "shop.db-wal", "shop.db-shm", "shop.db-lock",
                                        "shop.db.lock"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        unlink(arena_printf(a, "%.*s/%s", STR_ARG(dir), names[i]).p);
    rmdir(dir.p);
}

/* ---- do the orders add up? ---- */

static i64 count_of(struct db_r *r, str sql) {
    struct db_cursor *c;
    assert_int_equal(db_query_text(r, sql, NULL, 0, &c), OK);
    assert_non_null(c);
    i64 n = db_get_int(c, 0);
    assert_int_equal(db_cursor_end(c), OK);
    return n;
}

/* Reads every order as the shop does; what was counted up must agree with its parts, and with its state. */
static void every_order_agrees(struct db_r *r, i64 orders) {
    assert_int_equal(count_of(r, S("SELECT count(*) FROM sales_order")), orders);
    struct arena *a = arena_make(), *before = db_set_arena(r, a);
    for (i64 id = 1; id <= orders; id++) {
        struct order o;
        assert_int_equal(order_get(r, id, &o), OK);
        assert_true(o.sales.items_n >= 1);
        assert_true(o.sales.state < SALES_STATE_MAX);
        assert_true(sales_agrees(&o.sales));
        assert_int_equal(sales_state_after(&o.sales), o.sales.state);
        assert_true((o.sales.state == SALES_HOLDED) == (o.sales.held_state < SALES_STATE_MAX));
        assert_true(o.billing.city.n && o.shipping.city.n);
        arena_reset(a);
    }
    db_set_arena(r, before);
    arena_free(a);
}

/* How many orders say something else than their documents; 0 is right. */
static const struct {
    const char *what;
    str sql;
} disagreements[] = {
    {"invoiced", S_INIT("SELECT count(*) FROM sales_order o WHERE invoiced_minor <> (SELECT"
                        " COALESCE(sum(total_minor), 0) FROM sales_invoice i WHERE i.order_id = o.id AND"
                        " i.state <> 'canceled')")},
    {"paid",
     S_INIT("SELECT count(*) FROM sales_order o WHERE paid_minor <> (SELECT COALESCE(sum(total_minor),"
            " 0) FROM sales_invoice i WHERE i.order_id = o.id AND i.state = 'paid')")},
    {"refunded", S_INIT("SELECT count(*) FROM sales_order o WHERE refunded_minor <> (SELECT"
                        " COALESCE(sum(total_minor), 0) FROM sales_creditmemo i WHERE i.order_id = o.id)")},
    {"pieces invoiced", S_INIT("SELECT count(*) FROM sales_item k WHERE invoiced <> (SELECT"
                               " COALESCE(sum(d.qty), 0) FROM sales_invoice_item d JOIN sales_invoice i ON"
                               " i.id = d.invoice_id WHERE d.item_id = k.id AND i.state <> 'canceled')")},
    {"pieces shipped", S_INIT("SELECT count(*) FROM sales_item k WHERE shipped <> (SELECT"
                              " COALESCE(sum(d.qty), 0) FROM sales_shipment_item d WHERE d.item_id = k.id)")},
    {"pieces refunded",
     S_INIT("SELECT count(*) FROM sales_item k WHERE refunded <> (SELECT COALESCE(sum(d.qty), 0) FROM"
            " sales_creditmemo_item d WHERE d.item_id = k.id)")},
    {"invoice rows", S_INIT("SELECT count(*) FROM sales_invoice i WHERE (subtotal_minor, discount_minor) <>"
                            " (SELECT sum(row_minor), sum(discount_minor) FROM sales_invoice_item d WHERE"
                            " d.invoice_id = i.id)")},
    {"pieces in a parcel",
     S_INIT("SELECT count(*) FROM sales_shipment i WHERE pieces <> (SELECT sum(qty) FROM sales_shipment_item"
            " d WHERE d.shipment_id = i.id)")},
    {"orders out of the order of time",
     S_INIT("SELECT count(*) FROM sales_order a JOIN sales_order b ON b.number = a.number + 1 WHERE"
            " b.created_us < a.created_us OR b.id <= a.id")},
    {"invoices out of the order of time",
     S_INIT("SELECT count(*) FROM sales_invoice a JOIN sales_invoice b ON b.number = a.number + 1 WHERE"
            " b.created_us < a.created_us OR b.id <= a.id")},
    {"documents before their order",
     S_INIT("SELECT count(*) FROM sales_shipment i JOIN sales_order o ON o.id = i.order_id WHERE"
            " i.created_us < o.created_us OR i.website_id <> o.website_id OR i.created_us > o.updated_us")},
    {"orders older than the account", S_INIT("SELECT count(*) FROM sales_order o JOIN customer c ON c.id ="
                                             " o.customer_id WHERE o.created_us < c.created_us")},
    {"Dutch orders with English names",
     S_INIT("SELECT count(*) FROM sales_order o JOIN sales_item i ON i.order_id = o.id JOIN product_text t ON"
            " t.product_id = i.product_id AND t.lang = 'nl' WHERE o.locale = 'nl_NL' AND i.name <> t.name")},
    {"orders in a session of somebody else",
     S_INIT("SELECT count(*) FROM sales_order o JOIN assist_session s ON s.id = o.assist_session_id WHERE"
            " s.customer_id <> o.customer_id OR s.staff_id <> o.staff_id OR s.staff_name <> o.staff_name OR"
            " o.created_us NOT BETWEEN s.started_us AND s.ended_us")},
    {"orders by staff without a session or the two comments",
     S_INIT("SELECT count(*) FROM sales_order o WHERE o.staff_id IS NOT NULL AND (o.assist_session_id IS NULL"
            " OR (SELECT count(*) FROM sales_comment c WHERE c.order_id = o.id AND c.author = 'assisted')"
            " <> 2)")},
    {"orders by staff that the record does not have",
     S_INIT("SELECT count(*) FROM sales_order o WHERE o.staff_id IS NOT NULL AND NOT EXISTS (SELECT id FROM"
            " audit_entry e WHERE e.full_action = 'checkout_place' AND e.session_id = o.assist_session_id AND"
            " e.subject_kind = 'order' AND e.subject_id = CAST(o.id AS TEXT))")},
    {"coupons counted wrongly",
     S_INIT("SELECT count(*) FROM coupon c WHERE uses <> (SELECT count(*) FROM coupon_use u WHERE"
            " u.coupon_id = c.id)")},
    {"wrong next numbers",
     S_INIT("SELECT count(*) FROM sales_sequence WHERE next_number <> CASE kind WHEN 'order' THEN (SELECT"
            " max(number) FROM sales_order) WHEN 'invoice' THEN (SELECT max(number) FROM sales_invoice) WHEN"
            " 'shipment' THEN (SELECT max(number) FROM sales_shipment) ELSE (SELECT max(number) FROM"
            " sales_creditmemo) END + 1")},
};

/* What everybody relies on: pages in every grid, every state, and something of all for the named customers.
 * The number that must at least be there. */
static const struct {
    i64 least;
    str sql;
} plenty[] = {
    {SALES_STATE_MAX, S_INIT("SELECT count(DISTINCT state) FROM sales_order")},
    {4, S_INIT("SELECT count(DISTINCT view_id) FROM sales_order")},
    {4, S_INIT("SELECT count(*) FROM sales_order WHERE staff_id IS NOT NULL")},
    {20, S_INIT("SELECT count(*) FROM coupon_use")},
    {500, S_INIT("SELECT count(*) FROM sales_order WHERE tax_minor > 0")},
    {10, S_INIT("SELECT count(*) FROM sales_order WHERE prices_include_tax = 0")},
    {100, S_INIT("SELECT count(*) FROM sales_order WHERE guest = 1 AND customer_id IS NULL")},
    {500, S_INIT("SELECT count(*) FROM sales_invoice WHERE state = 'paid'")},
    {2, S_INIT("SELECT count(*) FROM sales_invoice WHERE state = 'open'")},
    {2, S_INIT("SELECT count(*) FROM sales_invoice WHERE state = 'canceled'")},
    {500, S_INIT("SELECT count(*) FROM sales_shipment")},
    {400, S_INIT("SELECT count(*) FROM sales_track")},
    {80, S_INIT("SELECT count(*) FROM sales_creditmemo")},
    {5, S_INIT("SELECT count(*) FROM sales_creditmemo WHERE adjustment_minor > 0")},
    {5, S_INIT("SELECT count(*) FROM sales_creditmemo WHERE fee_minor > 0")},
    {50, S_INIT("SELECT count(*) FROM sales_comment WHERE visible = 0")},
    {3, S_INIT("SELECT count(DISTINCT payment_method) FROM sales_order")},
    {2, S_INIT("SELECT count(DISTINCT customer_id) FROM sales_order WHERE state = 'pending' AND email IN"
               " ('consents@example.com', 'refuses@example.com')")},
    {2, S_INIT("SELECT count(DISTINCT o.customer_id) FROM sales_order o JOIN sales_creditmemo m ON"
               " m.order_id = o.id WHERE email IN ('consents@example.com', 'refuses@example.com')")},
    {2, S_INIT("SELECT count(DISTINCT o.customer_id) FROM sales_order o JOIN sales_item i ON"
               " i.order_id = o.id WHERE o.state = 'processing' AND i.invoiced < i.ordered AND"
               " email IN ('consents@example.com', 'refuses@example.com')")},
    {2, S_INIT("SELECT count(DISTINCT o.customer_id) FROM sales_order o JOIN sales_item i ON"
               " i.order_id = o.id WHERE o.state = 'processing' AND i.shipped < i.ordered AND"
               " email IN ('consents@example.com', 'refuses@example.com')")},
    {5, S_INIT("SELECT count(*) FROM sales_order WHERE email = 'outlet@example.com'")},
};

static void orders_are_whole(struct db_r *r, i64 drawn) {
    i64 by_staff = count_of(r, S("SELECT count(*) FROM sales_order WHERE staff_id IS NOT NULL"));
    every_order_agrees(r, drawn + (i64)demo_plans_n + by_staff);
    for (size_t i = 0; i < COUNT_OF(disagreements); i++) {
        i64 n = count_of(r, disagreements[i].sql);
        if (n) print_error("%s: %lld\n", disagreements[i].what, (long long)n);
        assert_int_equal(n, 0);
    }
    for (size_t i = 0; i < COUNT_OF(plenty); i++) {
        i64 n = count_of(r, plenty[i].sql);
        if (n < plenty[i].least) print_error("%lld of %s\n", (long long)n, plenty[i].sql.p);
        assert_true(n >= plenty[i].least);
    }
}

static void fills_an_empty_database_once(void **state) {
    (void)state;
    struct arena *a = arena_make();
    str dir = temporary(a);
    struct db *db = open_fresh(a, ARENA_CAT(a, dir, S("/shop.db")));
    struct demo_options o = {.customers = 130,
                             .orders = 900,
                             .admin_password = S("staff-word"),
                             .customer_password = S("shop-word")};
    str why = STR_NULL;
    assert_int_equal(demo_fill(a, db, &o, &why), OK);

    struct db_r *r;
    assert_int_equal(db_read_begin(db, a, (struct db_sight){.scope = -1}, &r), OK);
    struct demo_counts n;
    assert_int_equal(demo_counts(r, &n), OK);
    assert_int_equal(n.websites, 2);
    assert_int_equal(n.staff, 3);
    assert_int_equal(n.customers, 133);
    assert_true(n.products > 70);
    orders_are_whole(r, o.orders);
    struct audit_verdict verdict;
    assert_int_equal(audit_verify(r, a, NULL, NULL, NULL, NULL, &verdict), OK);
    assert_true(verdict.whole);
    assert_true(verdict.entries > 20);

    struct stores *stores;
    assert_int_equal(stores_load(r, a, &stores), OK);
    assert_true(str_eq(stores_default(stores)->code, S("en")));
    assert_true(str_eq(stores_by_path(stores, S("nl"))->locale, S("nl_NL")));
    assert_int_equal(stores_by_path(stores, S("nl"))->lang, LANG_NL);
    assert_null(stores_by_path(stores, S("de")));
    assert_true(str_eq(stores_by_path(stores, S("nl"))->root, S("/nl")));
    size_t views;
    const struct store_view *main_views =
        stores_website_views(stores, stores_default(stores)->website_id, &views);
    assert_int_equal(views, 3);
    assert_true(str_eq(stores_view_label(a, stores, main_views), S("Main Website / Main Store / English")));
    const struct website *outlet = stores_website_by_code(stores, S("outlet"));
    assert_true(str_eq(stores_website_default(stores, outlet->id)->code, S("outlet")));
    assert_null(stores_view(stores, 99));
    stores_website_views(stores, 99, &views);
    assert_int_equal(views, 0);
    db_read_end(r);

    assert_int_equal(demo_fill(a, db, &o, &why), ERR_CONFLICT);
    assert_true(str_find(why, S("not empty")) < why.n);
    db_close(db);
    remove_all(a, dir);
    arena_free(a);
}

static void refuses_wrong_options(void **state) {
    (void)state;
    struct arena *a = arena_make();
    str why = STR_NULL;
    struct demo_options negative = {.customers = -1, .admin_password = S("a"), .customer_password = S("b")};
    struct demo_options endless = {
        .orders = DEMO_ORDERS_MAX + 1, .admin_password = S("a"), .customer_password = S("b")};
    struct demo_options silent = {.customers = 1, .admin_password = S("a"), .customer_password = S("")};
    assert_int_equal(demo_fill(a, NULL, &negative, &why), ERR_INVALID);
    assert_int_equal(demo_fill(a, NULL, &endless, &why), ERR_INVALID);
    assert_true(str_find(why, S("orders")) < why.n);
    assert_int_equal(demo_fill(a, NULL, &silent, &why), ERR_INVALID);
    assert_true(str_find(why, S("password")) < why.n);
    arena_free(a);
}

static void people_are_the_same_each_time(void **state) {
    (void)state;
    struct arena *a = arena_make();
    for (u64 seed = 1; seed < 500; seed++) {
        struct demo_dice one = demo_dice_of(seed), two = demo_dice_of(seed);
        struct demo_person p = demo_person_make(a, &one), q = demo_person_make(a, &two);
        assert_true(str_eq(p.lastname, q.lastname));
        assert_true(str_eq(p.address[1].postcode, q.address[1].postcode));
        assert_true(p.mail_name.n >= 3 && p.mail_name.n <= 40);
        assert_true(str_find_char(p.address[0].postcode, '#') == p.address[0].postcode.n);
        assert_true(str_is_utf8(p.firstname) && str_is_utf8(p.lastname));
    }
    arena_free(a);
}

static void orders_come_in_the_order_of_time(void **state) {
    (void)state;
    i64 totals[] = {1, 2, 7, 600, 20000};
    for (size_t t = 0; t < COUNT_OF(totals); t++) {
        i64 last_us = 0;
        for (i64 n = 0; n < totals[t]; n++) {
            i64 at_us = demo_order_at(n, totals[t]);
            assert_true(at_us >= last_us && at_us < DEMO_TODAY_US);
            last_us = at_us;
        }
    }
    assert_true(demo_order_at(DEMO_ORDERS_MAX - 1, DEMO_ORDERS_MAX) < DEMO_TODAY_US);
    for (size_t i = 1; i < demo_plans_n; i++)
        assert_true(demo_plan_at(i - 1) < demo_plan_at(i));
    assert_true(demo_plan_at(demo_plans_n - 1) < DEMO_TODAY_US);
}

static void pictures_keep_within_bounds(void **state) {
    (void)state;
    struct arena *a = arena_make();
    for (int kind = 0; kind < DRAW_KIND_MAX; kind++)
        for (int pattern = 0; pattern < DRAW_PATTERN_MAX; pattern++) {
            str svg = draw_picture(a, (enum draw_kind)kind, (enum draw_palette)(kind % DRAW_PALETTE_MAX),
                                   (enum draw_pattern)pattern, (unsigned)kind);
            assert_true(str_starts(svg, S("<svg ")) && str_ends(svg, S("</svg>")));
            assert_true(svg.n < 4096);
            assert_int_equal(str_find(svg, S("<script")), svg.n);
            assert_int_equal(str_find(svg, S("href")), svg.n);
            assert_int_equal(str_find_char(svg, '$'), svg.n);
        }
    arena_free(a);
}

int main(void) {
    if (!crypto_init()) return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_an_empty_database_once),  cmocka_unit_test(refuses_wrong_options),
        cmocka_unit_test(people_are_the_same_each_time), cmocka_unit_test(orders_come_in_the_order_of_time),
        cmocka_unit_test(pictures_keep_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
