/* What a shopper types into the search box becomes words for LIKE, and nothing of it is a pattern. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shop/catalog/catalog.h"

static void assert_like(str got, const char *want) {
    assert_true(str_eq(got, str_c(want)));
}

static void words_are_folded_and_all_must_match(void **state) {
    (void)state;
    struct arena *a = arena_make();
    struct catalog_query q = catalog_query_read(a, S("  Crème   MOK "));
    assert_int_equal(q.words, 2);
    assert_like(q.begins, "creme%");
    assert_like(q.like[0], "%creme%");
    assert_like(q.like[1], "%mok%");
    assert_like(q.like[2], "%");
    assert_false(q.too_short || q.too_many);
    arena_free(a);
}

static void pattern_signs_are_only_signs(void **state) {
    (void)state;
    struct arena *a = arena_make();
    struct catalog_query q = catalog_query_read(a, S("50%_off!"));
    assert_int_equal(q.words, 1);
    assert_like(q.like[0], "%50!%!_off!!%");
    q = catalog_query_read(a, S("' OR 1=1 --"));
    assert_int_equal(q.words, 4);
    arena_free(a);
}

static void too_little_and_too_much(void **state) {
    (void)state;
    struct arena *a = arena_make();
    struct catalog_query q = catalog_query_read(a, S(""));
    assert_true(q.words == 0 && !q.too_short && !q.too_many);
    q = catalog_query_read(a, S("   "));
    assert_true(q.words == 0 && !q.too_short);
    q = catalog_query_read(a, S("é"));
    assert_true(q.too_short && q.words == 0);
    q = catalog_query_read(a, S("a b c d e f"));
    assert_true(q.words == CATALOG_WORDS && !q.too_many);
    q = catalog_query_read(a, S("a b c d e f g"));
    assert_true(q.too_many);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_folded_and_all_must_match),
        cmocka_unit_test(pattern_signs_are_only_signs),
        cmocka_unit_test(too_little_and_too_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
