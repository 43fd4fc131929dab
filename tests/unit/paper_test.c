/* A print job as JSON: what is written is read back, and what is none is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "paper/paper.h"

static const struct paper_pair facts[] = {{S_INIT("Order Date"), S_INIT("1 Nov 2026")},
                                          {S_INIT("\"Order\""), S_INIT("100\n\\")}};
static const struct paper_column columns[] = {{S_INIT("Product"), 60, false}, {S_INIT("Qty"), 40, true}};
static const str cells[] = {S_INIT("山田 </script>"), S_INIT("2")};
static const struct paper_row rows[] = {{cells, S_INIT("SKU 1")}};
static const struct paper_total totals[] = {{S_INIT("Grand Total"), S_INIT("€ 1,00"), true}};
static const struct paper sample = {.lang = S_INIT("nl"),
                                    .shop = S_INIT("Shop"),
                                    .title = S_INIT("Invoice 1"),
                                    .facts = facts,
                                    .facts_n = COUNT_OF(facts),
                                    .columns = columns,
                                    .columns_n = COUNT_OF(columns),
                                    .rows = rows,
                                    .rows_n = COUNT_OF(rows),
                                    .totals = totals,
                                    .totals_n = COUNT_OF(totals),
                                    .page = S_INIT("{n}/{m}")};

static bool same(str a, str b) {
    return str_eq(a, b);
}

static void test_round_trip(void **state) {
    (void)state;
    struct arena *a = arena_make();
    const struct paper two[] = {sample, sample};
    struct buf b;
    struct paper *read;
    size_t n;
    buf_init(&b, 1 << 20);
    paper_write(two, 2, &b);
    assert_int_equal(paper_read(a, buf_str(&b), &read, &n), OK);
    assert_int_equal(n, 2);
    const struct paper *p = &read[1];
    assert_true(same(p->lang, sample.lang) && same(p->shop, sample.shop) && same(p->title, sample.title));
    assert_true(p->about.n == 0 && p->notes.n == 0 && p->blocks_n == 0);
    assert_true(p->facts_n == 2 && same(p->facts[1].label, facts[1].label) &&
                same(p->facts[1].value, facts[1].value));
    assert_true(p->columns_n == 2 && p->columns[1].right && p->columns[0].width == 60);
    assert_true(p->rows_n == 1 && same(p->rows[0].cells[0], cells[0]) && same(p->rows[0].note, rows[0].note));
    assert_true(p->totals_n == 1 && p->totals[0].grand && same(p->totals[0].value, totals[0].value));
    buf_done(&b);
    arena_free(a);
}

static void test_what_is_no_job(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "", "x", "{}", "[1]", "[{}]", "[{\"lang\":\"nl\",\"shop\":\"\",\"about\":\"\"}]", "[[]]", "null"};
    struct arena *a = arena_make();
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct paper *read;
        size_t n;
        assert_int_equal(paper_read(a, str_c(wrong[i]), &read, &n), ERR_BAD_REQUEST);
    }
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_round_trip),
                                       cmocka_unit_test(test_what_is_no_job)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
