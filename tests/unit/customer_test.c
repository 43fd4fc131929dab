/* The rules of customers: e-mails, passwords, names, telephone numbers, postcodes, addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "shop/customer/customer.h"

static struct arena *arena;

static int start(void **state) {
    (void)state;
    arena = arena_make();
    return 0;
}

static int end(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static str repeat(char c, size_t n) {
    char *p = arena_alloc(arena, n + 1);
    memset(p, c, n);
    return (str){p, n};
}

static void assert_str(str got, const char *want) {
    assert_string_equal(arena_cstr(arena, got), want);
}

static void emails_that_get_mail(void **state) {
    (void)state;
    static const char *good[] = {
        "a@b.nl",     "ada.lovelace+shop@example.com", "x_y-z@sub.example.co.uk", "O'Neil@example.org",
        "1@2.museum", "a@xn--bcher-kva.example"};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_null(customer_email_wrong(str_c(good[i])).p);
}

static void emails_that_do_not(void **state) {
    (void)state;
    static const char *bad[] = {
        "",           "a",        "@",        "a@",       "@b.nl",     "a@b",      "a@localhost",
        "a@b..nl",    "a@.nl",    "a@b.nl.",  "a@-b.nl",  "a@b-.nl",   ".a@b.nl",  "a.@b.nl",
        "a..b@c.nl",  "a b@c.nl", "a@b c.nl", "a@b@c.nl", "a@1.2.3.4", "a\n@b.nl", "a@b.nl\r\nBcc: c@d.nl",
        "\"a\"@b.nl", "a@b.c",    "a@b_c.nl", "<a@b.nl>", "é@b.nl"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_non_null(customer_email_wrong(str_c(bad[i])).p);
    str nul = {"a\0b@c.nl", 8};
    assert_non_null(customer_email_wrong(nul).p);
}

static void emails_have_lengths(void **state) {
    (void)state;
    assert_null(customer_email_wrong(ARENA_CAT(arena, repeat('a', 64), S("@example.com"))).p);
    assert_non_null(customer_email_wrong(ARENA_CAT(arena, repeat('a', 65), S("@example.com"))).p);
    str label = repeat('b', 60), dot = S(".");
    str domain = ARENA_CAT(arena, label, dot, label, dot, label, dot, repeat('c', 8), S(".nl"));
    assert_null(
        customer_email_wrong(ARENA_CAT(arena, repeat('a', 56), S("@"), domain)).p); /* 254 bytes in all */
    assert_non_null(customer_email_wrong(ARENA_CAT(arena, repeat('a', 60), S("@"), domain)).p);
}

static void emails_fold(void **state) {
    (void)state;
    assert_str(customer_email_fold(arena, S(" Ada@Example.COM ")), "ada@example.com");
}

static void passwords_are_long_and_unknown(void **state) {
    (void)state;
    static const struct {
        const char *password;
        bool good;
    } cases[] = {
        {"", false},
        {"short12", false},
        {"lamp wall 44", true},
        {"Password", false},
        {"PASSWORD1", false},
        {"qwertyuiop", false},
        {"aaaaaaaaaa", false},
        {"ada@example.com", false},
        {"Lovelace", false},
        {"Ada Lovelace", false},
        {"adalovelace", false},
        {"Ada.Lovelace", false},
        {"Ada Lovelace reads", true},
        {"\xc3\xa9\xc3\xa8\xc3\xaa\xc3\xab\xc3\xa0\xc3\xa1\xc3\xa2\xc3\xa4", true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        str wrong = customer_password_wrong(arena, str_c(cases[i].password), S("ada@example.com"), S("Ada"),
                                            S("Lovelace"));
        assert_int_equal(cases[i].good, wrong.p == NULL);
    }
    str much = ARENA_CAT(arena, repeat('x', 127), S("y"));
    assert_null(customer_password_wrong(arena, much, STR_NULL, STR_NULL, STR_NULL).p);
    assert_non_null(
        customer_password_wrong(arena, ARENA_CAT(arena, much, S("z")), STR_NULL, STR_NULL, STR_NULL).p);
    assert_non_null(customer_password_wrong(arena, S("\xff\xfe bytes here"), STR_NULL, STR_NULL, STR_NULL).p);
}

static void names_and_telephones(void **state) {
    (void)state;
    assert_null(customer_name_wrong(S("Zo\xc3\xab")).p);
    assert_null(customer_name_wrong(S("'t Hooft")).p);
    assert_non_null(customer_name_wrong(S("--")).p);
    assert_non_null(customer_name_wrong(S("")).p);
    assert_null(customer_telephone_wrong(S("")).p);
    assert_null(customer_telephone_wrong(S("+31 (0)20 555-0100")).p);
    assert_non_null(customer_telephone_wrong(S("1234")).p);
    assert_non_null(customer_telephone_wrong(S("call me maybe 12345")).p);
}

static void postcodes_by_country(void **state) {
    (void)state;
    static const struct {
        const char *country, *in, *out; /* out NULL: refused */
    } cases[] = {
        {"NL", "1012ab", "1012 AB"},
        {"NL", " 1012 AB ", "1012 AB"},
        {"NL", "NL-1012 AB", "1012 AB"},
        {"NL", "0123 AB", NULL},
        {"NL", "1012", NULL},
        {"NL", "1012 ABC", NULL},
        {"BE", "1000", "1000"},
        {"BE", "B-1000", "1000"},
        {"BE", "0100", NULL},
        {"DE", "10115", "10115"},
        {"DE", "1011", NULL},
        {"FR", "75001", "75001"},
        {"LU", "L-1234", "1234"},
        {"US", "94103", "94103"},
        {"US", "941031234", "94103-1234"},
        {"US", "9410", NULL},
        {"GB", "sw1a1aa", "SW1A 1AA"},
        {"GB", "M1 1AE", "M1 1AE"},
        {"GB", "EC1A 1BB", "EC1A 1BB"},
        {"GB", "12345", NULL},
        {"NL", "1012 A\xc3\xa9", NULL},
        {"IE", "D02 AF30", "D02 AF30"},
        {"SG", "", ""},
        {"DE", "", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        str out;
        bool good = customer_postcode(arena, str_c(cases[i].country), str_c(cases[i].in), &out);
        assert_int_equal(cases[i].out != NULL, good);
        if (good) assert_str(out, cases[i].out);
    }
}

static const struct customer_address ada = {
    S_INIT("Ada"),    S_INIT("Lovelace"),  {NULL, 0}, S_INIT("Kade 1"), {NULL, 0},
    S_INIT("1012ab"), S_INIT("Amsterdam"), {NULL, 0}, S_INIT("nl"),     S_INIT("+31 20 555 0100"),
};

static void an_address_is_tidied(void **state) {
    (void)state;
    struct customer_wrong wrong[CUSTOMER_ADDRESS_FIELDS];
    struct customer_address a = ada;
    assert_int_equal(customer_address_check(arena, &a, wrong), 0);
    assert_str(a.postcode, "1012 AB");
    assert_str(a.country, "NL");
    assert_true(a.company.p != NULL && a.company.n == 0);
    assert_str(customer_address_line(arena, &a), "Ada Lovelace, Kade 1, 1012 AB Amsterdam, NL");
    assert_str(customer_address_block(arena, LANG_NL, &a),
               "Ada Lovelace\nKade 1\n1012 AB Amsterdam\nNederland\n+31 20 555 0100");
}

static void everything_wrong_with_an_address_is_said(void **state) {
    (void)state;
    struct customer_wrong wrong[CUSTOMER_ADDRESS_FIELDS];
    struct customer_address a = {.country = S("QQ"), .telephone = S("none")};
    size_t n = customer_address_check(arena, &a, wrong);
    assert_int_equal(n, 6);
    assert_string_equal(wrong[n - 1].field, "country");
    a = ada;
    a.postcode = S("12");
    assert_int_equal(customer_address_check(arena, &a, wrong), 1);
    assert_string_equal(wrong[0].field, "postcode");
}

static void countries_are_sorted_by_name(void **state) {
    (void)state;
    size_t n, known = 0;
    const struct html_option *o = customer_country_options(arena, LANG_NL, &n);
    for (char code[] = "AA"; code[0] <= 'Z'; code[1] == 'Z' ? (code[0]++, code[1] = 'A') : code[1]++)
        known += customer_country_known((str){code, 2});
    assert_true(known > 0);
    assert_int_equal(n, known);
    for (size_t i = 1; i < n; i++)
        assert_true(str_cmp(i18n_fold(arena, o[i - 1].label), i18n_fold(arena, o[i].label)) < 0);
    for (size_t i = 0; i < n; i++)
        if (str_eq(o[i].value, S("DE"))) assert_str(o[i].label, "Duitsland");
}

static void search_text_finds_all(void **state) {
    (void)state;
    const str postcodes[] = {S_INIT("1012 AB"), S_INIT("3511 LX")};
    str fold = customer_search_fold(arena, S("Zo\xc3\xab"), S("de Vries"), S("Zoe@Example.com"),
                                    S("+31 20 555"), postcodes, 2);
    assert_str(fold,
               " de vries zoe = com example.com zoe@example.com = 20555 3120555 555 = 1012ab 3511lx ab lx");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(emails_that_get_mail),
        cmocka_unit_test(emails_that_do_not),
        cmocka_unit_test(emails_have_lengths),
        cmocka_unit_test(emails_fold),
        cmocka_unit_test(passwords_are_long_and_unknown),
        cmocka_unit_test(names_and_telephones),
        cmocka_unit_test(postcodes_by_country),
        cmocka_unit_test(an_address_is_tidied),
        cmocka_unit_test(everything_wrong_with_an_address_is_said),
        cmocka_unit_test(countries_are_sorted_by_name),
        cmocka_unit_test(search_text_finds_all),
    };
    return cmocka_run_group_tests(tests, start, end);
}
