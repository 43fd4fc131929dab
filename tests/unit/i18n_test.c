/* Languages, money, dates and folding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>

#include "i18n/i18n.h"

#define NBSP "\xc2\xa0"

static struct arena *arena;

static int set_up(void **state) {
    (void)state;
    arena = arena_make();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static void assert_str(str got, const char *want) {
    assert_string_equal(arena_cstr(arena, got), want);
}

static void test_languages(void **state) {
    (void)state;
    assert_int_equal(i18n_lang(S("nl_NL")), LANG_NL);
    assert_int_equal(i18n_lang(S("nl")), LANG_NL);
    assert_int_equal(i18n_lang(S("nl-BE")), LANG_NL);
    assert_int_equal(i18n_lang(S("nlx")), LANG_EN);
    assert_int_equal(i18n_lang(STR_NULL), LANG_EN);
    assert_str(i18n_tag(LANG_NL), "nl");
    assert_str(i18n_get(LANG_NL, S("Yes")), "Ja");
    assert_str(i18n_get(LANG_EN, S("Yes")), "Yes");
    assert_str(i18n_get(LANG_NL, S("no such message \x01")), "no such message \x01");
    assert_str(i18n_get(LANG_NL, S("")), "");
    const struct i18n_arg args[] = {{S("name"), S("{count}")}, {S("count"), S("3")}};
    assert_str(i18n_format_message(arena, LANG_EN, S("{name} has {count} of {name"), args, 2),
               "{count} has 3 of {name");
    assert_str(i18n_country(LANG_NL, S("DE")), "Duitsland");
    assert_str(i18n_country(LANG_EN, S("NL")), "Netherlands");
    assert_str(i18n_country(LANG_EN, S("nonsense")), "nonsense");
}

static void money(const char *locale, const char *currency, i64 minor, const char *want) {
    struct i18n_format *f = i18n_format_make(str_c(locale), str_c(currency), S("UTC"));
    assert_str(i18n_money(arena, f, minor), want);
    i18n_format_free(f);
    /* Learned, and known already. */
    assert_str(i18n_money_in(arena, str_c(locale), str_c(currency), minor), want);
    assert_str(i18n_money_in(arena, str_c(locale), str_c(currency), minor), want);
}

static void test_money(void **state) {
    (void)state;
    money("en_US", "USD", 123456789, "$1,234,567.89");
    money("en_US", "USD", -5, "-$0.05");
    money("en_US", "EUR", 0,
          "\xe2\x82\xac"
          "0.00");
    money("nl_NL", "EUR", 123450, "\xe2\x82\xac" NBSP "1.234,50");
    money("nl_NL", "EUR", -123450, "\xe2\x82\xac" NBSP "-1.234,50");
    money("de_DE", "EUR", 99900, "999,00" NBSP "\xe2\x82\xac");
    money("en_IN", "INR", 1234567890,
          "\xe2\x82\xb9"
          "1,23,45,678.90");
    money("ja_JP", "JPY", 1234,
          "\xef\xbf\xa5"
          "1,234");
    money("nonsense", "EUR", 100, "\xe2\x82\xac" NBSP "1.00");
}

static void test_decimal(void **state) {
    (void)state;
    struct i18n_format *f = i18n_format_make(S("nl_NL"), S("EUR"), S("UTC"));
    assert_str(i18n_decimal(arena, f, 123450), "1234.50");
    assert_str(i18n_decimal(arena, f, 5), "0.05");
    assert_str(i18n_decimal(arena, f, -5), "-0.05");
    assert_true(i18n_money(arena, f, INT64_MIN).n > 20);
    i18n_format_free(f);
}

static void test_dates(void **state) {
    (void)state;
    struct i18n_format *nl = i18n_format_make(S("nl_NL"), S("EUR"), S("Europe/Amsterdam"));
    struct i18n_format *en = i18n_format_make(S("en_US"), S("USD"), S("America/New_York"));
    i64 at = INT64_C(1795302000000000); /* 2026-11-21T23:00:00Z: the next day in Amsterdam */
    assert_str(i18n_date(arena, nl, at), "22 nov 2026");
    assert_str(i18n_iso_date(arena, nl, at), "2026-11-22");
    assert_str(i18n_time(arena, nl, at), "22 nov 2026 00:00");
    assert_str(i18n_iso_date(arena, en, at), "2026-11-21");
    assert_str(i18n_iso_date(arena, en, -1), "1969-12-31");
    i64 us = 0;
    assert_true(i18n_parse_date(nl, S("2026-11-22"), &us));
    assert_int_equal(us, at);
    assert_true(i18n_parse_date(nl, S("2026-11-22T01:30"), &us));
    assert_int_equal(us, at + 90 * US_MINUTE);
    static const char *const wrong[] = {
        "",           "2026",       "2026-13-01", "2026-02-29", "2026-11-22x", "2026-11-22T25:00",
        "22-11-2026", "0000-01-01", "2026-1-1",   "-026-11-22"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(i18n_parse_date(nl, str_c(wrong[i]), &us));
    assert_true(i18n_parse_date(nl, S("2028-02-29"), &us));
    i18n_format_free(nl);
    i18n_format_free(en);
    i18n_format_free(NULL);
}

static void *many_dates(void *arg) {
    const struct i18n_format *f = arg;
    struct arena *a = arena_make();
    uintptr_t bad = 0;
    for (int i = 0; i < 2000; i++) {
        if (!str_eq(i18n_iso_date(a, f, i * US_DAY), i18n_iso_date(a, f, i * US_DAY + US_HOUR))) bad++;
        if (i % 100 == 0) arena_reset(a);
    }
    arena_free(a);
    return (void *)bad;
}

static void test_threads(void **state) {
    (void)state;
    struct i18n_format *f = i18n_format_make(S("nl_NL"), S("EUR"), S("UTC"));
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, many_dates, f), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        void *bad;
        pthread_join(threads[i], &bad);
        assert_null(bad);
    }
    i18n_format_free(f);
}

static void test_words(void **state) {
    (void)state;
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", ""},
        {"  Ada  LOVELACE ", "ada lovelace"},
        {"Ada ada Adam", "adam"}, /* who looks for ada finds adam */
        {"J\xc3\xb6rg O'Neill-\xc5\x81ukasz", "jorg lukasz neill-lukasz o'neill-lukasz"},
        {"Ada.King@Example.com", "ada.king@example.com com example.com king@example.com"},
        {"<ada@example.com>, (x)", "ada@example.com com example.com x"},
        {"\xce\xa0\xce\xb7\xce\xbd\xce\xb5\xce\xbb\xcf\x8c\xcf\x80\xce\xb7",
         "\xcf\x80\xce\xb7\xce\xbd\xce\xb5\xce\xbb\xce\xbf\xcf\x80\xce\xb7"},
        {"\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e", "\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e"},
        {"say \"hi\" a\\b = %_", "a b hi say"},
        {"100000012 198.51.100.7", "100000012 198.51.100.7"},
        {"-- \xe2\x80\x94 !", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_str(i18n_words(arena, str_c(cases[i].text)), cases[i].words);
    assert_str(i18n_number_words(arena, S("+31 20 555 0100")), "0100 205550100 31205550100 5550100");
    assert_str(i18n_number_words(arena, S("1012 AB")), "1012ab ab");
    assert_str(i18n_number_words(arena, S("(020) 555-01.00")), "00 0100 0205550100 5550100");
    assert_str(i18n_number_words(arena, S(" - ")), "");
    assert_str(i18n_term(arena, S("view"), S("Main \"Store\""), true), "view=main__store_;");
    assert_str(i18n_term(arena, S("ip"), S("198.51."), false), "ip=198.51.");
    const str parts[] = {S_INIT("ada lovelace"), {NULL, 0}, S_INIT("1012ab")};
    assert_str(i18n_search_text(arena, parts, 3), " ada lovelace =  = 1012ab");
    char big[400];
    memset(big, 'x', sizeof big);
    assert_int_equal(i18n_words(arena, (str){big, sizeof big}).n, I18N_WORD_MAX);
    memset(big, '\xc3', sizeof big); /* no UTF-8 at all */
    (void)i18n_words(arena, (str){big, sizeof big});
}

static void test_asked_words(void **state) {
    (void)state;
    str words[4];
    assert_int_equal(i18n_asked_words(arena, S(" Consents@  o'Neill -- %_ +31"), words, 4), 3);
    assert_str(words[0], "consents");
    assert_str(words[1], "o'neill");
    assert_str(words[2], "31");
    assert_int_equal(i18n_asked_words(arena, S("a b c d e f"), words, 4), 4);
    assert_int_equal(i18n_asked_words(arena, S(""), words, 4), 0);
    assert_int_equal(i18n_asked_words(arena, STR_NULL, words, 4), 0);
}

static void test_fold(void **state) {
    (void)state;
    assert_str(i18n_fold(arena, S("  J\xc3\xb6rg   M\xc3\x9cLLER\t")), "jorg muller");
    assert_str(i18n_fold(arena, S(" Plain  ASCII ")), "plain ascii");
    assert_str(i18n_fold(arena, S("Stra\xc3\x9f"
                                  "e \xc5\x81\xc3\xb3"
                                  "d\xc5\xba")),
               "strasse lodz");
    assert_str(i18n_fold(arena, S("\xef\xbc\xa1\xef\xbd\x82\xc2\xa0\xe2\x80\x89x")),
               "ab x"); /* full width, wide spaces */
    assert_str(i18n_fold(arena, S("")), "");
    assert_null(i18n_fold(arena, STR_NULL).p);
    assert_str(i18n_casefold(arena, S("J\xc3\x96RG@Example.COM")), "j\xc3\xb6rg@example.com");
    assert_str(i18n_casefold(arena, S("Me@X.org")), "me@x.org");
    /* U+FDFA becomes eighteen characters */
    assert_true(i18n_casefold(arena, S("\xef\xb7\xba\xef\xb7\xba\xef\xb7\xba")).n > 60);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {TEST(test_languages), TEST(test_money),      TEST(test_decimal),
                                       TEST(test_dates),     TEST(test_threads),    TEST(test_fold),
                                       TEST(test_words),     TEST(test_asked_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
