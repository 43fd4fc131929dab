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
#include "gen/demo_sql.h"
#include "store/store.h"

static struct db *open_fresh(struct arena *a, str path) {
    struct db_options o = {.url = ARENA_CAT(a, S("sqlite:"), path), .create = true};
    struct db *db;
    str why = STR_NULL;
    int applied;
    assert_int_equal(db_open(a, &o, &db, &why), OK);
    assert_int_equal(db_migrate(a, db, &applied, &why), OK);
    assert_int_equal(db_start(db), OK);
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

static void fills_an_empty_database_once(void **state) {
    (void)state;
    struct arena *a = arena_make();
    str dir = temporary(a);
    struct db *db = open_fresh(a, ARENA_CAT(a, dir, S("/shop.db")));
    struct demo_options o = {
        .customers = 130, .admin_password = S("staff-word"), .customer_password = S("shop-word")};
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
    struct demo_options silent = {.customers = 1, .admin_password = S("a"), .customer_password = S("")};
    assert_int_equal(demo_fill(a, NULL, &negative, &why), ERR_INVALID);
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
        cmocka_unit_test(fills_an_empty_database_once),
        cmocka_unit_test(refuses_wrong_options),
        cmocka_unit_test(people_are_the_same_each_time),
        cmocka_unit_test(pictures_keep_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
