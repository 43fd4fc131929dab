/* base/: texts that are put together in an arena. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"

static void test_printf_of_every_length(void **state) {
    static const int lengths[] = {0, 1, 254, 255, 256, 257, 5000};
    struct arena *a = arena_make();
    (void)state;
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        str s = arena_printf(a, "%*d", lengths[i], 7); /* at least one digit */
        assert_int_equal(s.n, MAX_OF(lengths[i], 1));
        assert_int_equal(s.p[s.n - 1], '7');
        assert_int_equal(s.p[s.n], '\0');
        for (size_t k = 0; k + 1 < s.n; k++)
            assert_int_equal(s.p[k], ' ');
    }
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_printf_of_every_length)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
