/* Words of the record in the reader's language: what is ours is translated, what is anybody's stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "assist/assist.h"
#include "audit/audit.h"

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

static void reads(enum lang lang, str recorded, str expected) {
    str shown = audit_words(arena, lang, recorded);
    if (!str_eq(shown, expected))
        fail_msg("\"%.*s\" reads \"%.*s\", not \"%.*s\"", STR_ARG(recorded), STR_ARG(shown),
                 STR_ARG(expected));
}

static void words_are_translated(void **state) {
    (void)state;
    reads(LANG_EN, S("billing address"), S("billing address"));
    reads(LANG_NL, S("billing address"), S("factuuradres"));
    reads(
        LANG_NL, S("no_consent,view_refused"),
        ARENA_CAT(arena, i18n_get(LANG_NL, S("no_consent")), S(", "), i18n_get(LANG_NL, S("view_refused"))));
    reads(LANG_NL, S("order 1000031"), S("bestelling 1000031"));
    reads(LANG_EN, S(""), S(""));
}

static void the_end_of_a_session(void **state) {
    (void)state;
    reads(LANG_NL, S("Sanne de Vries: closed, 3 changes"), S("Sanne de Vries: gesloten, 3 wijzigingen"));
    reads(LANG_NL, S("Sanne: closed: closed, 0 changes"), S("Sanne: closed: gesloten, 0 wijzigingen"));
    reads(LANG_EN, S("Sanne: sign_out, 3 changes"), S("Sanne: signed out of the Admin, 3 changes"));
}

static void one_change_is_one(void **state) {
    (void)state;
    reads(LANG_EN, S("Sanne: closed, 1 changes"), S("Sanne: closed, 1 change"));
    reads(LANG_EN, S("Sanne: closed, 1 change"), S("Sanne: closed, 1 change"));
    reads(LANG_NL, S("Sanne: closed, 1 changes"), S("Sanne: gesloten, 1 wijziging"));
    reads(LANG_EN, S("Sanne: closed, 11 changes"), S("Sanne: closed, 11 changes"));
    assert_true(str_eq(assist_end_details(arena, S("Sanne"), S("closed"), 1), S("Sanne: closed, 1 change")));
    assert_true(str_eq(assist_end_details(arena, S("Sanne"), S("idle"), 2), S("Sanne: idle, 2 changes")));
}

static void other_details(void **state) {
    (void)state;
    reads(LANG_NL, S("Sanne as Jan Bos <j@example.com>, orders grid, order 31"),
          S("Sanne als Jan Bos <j@example.com>, overzicht van bestellingen, bestelling 31"));
    reads(LANG_NL, S("Jan Bos <j@example.com>, customer 7"), S("Jan Bos <j@example.com>, klant 7"));
    reads(LANG_NL, S("2000003, order 1000031"), S("2000003, bestelling 1000031"));
    reads(LANG_NL, S("password_reset to j@example.com"), S("wachtwoord opnieuw instellen aan j@example.com"));
    reads(LANG_NL, S("reset codes: 4"), S("codes voor een nieuw wachtwoord: 4"));
    reads(LANG_NL, S("ada, role Support"), S("ada, rol Support"));
    reads(LANG_NL, S("sandbox pay_1: paid"), S("sandbox pay_1: betaald"));
}

static void parts_of_a_cell_are_read_one_by_one(void **state) {
    (void)state;
    reads(LANG_NL, S("Sanne: closed, 1 changes · Jan Bos · session 7 · order 31 · Nederlands"),
          S("Sanne: gesloten, 1 wijziging · Jan Bos · sessie 7 · bestelling 31 · Nederlands"));
}

static void what_is_not_ours_stays(void **state) {
    (void)state;
    reads(LANG_NL, S("closed, 1 changes"), S("closed, 1 changes"));
    reads(LANG_NL, S("Sanne: mistaken, 3 changes"), S("Sanne: mistaken, 3 changes"));
    reads(LANG_NL, S("Sanne: closed, three changes"), S("Sanne: closed, three changes"));
    reads(LANG_NL, S("orderly 31"), S("orderly 31"));
    reads(LANG_NL, S(" 31"), S(" 31"));
    reads(LANG_NL, S("{name}: {what}"), S("{name}: {what}"));
    reads(LANG_NL, S(" · "), S(" · "));
}

/* A name may hold any number of what separates parts. */
static void long_names_take_no_time(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 16);
    for (int i = 0; i < 400; i++)
        buf_put(&b, S("closed, closed: closed as closed "));
    str hostile = buf_str(&b);
    reads(LANG_NL, hostile, hostile);
    buf_done(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_translated),
        cmocka_unit_test(the_end_of_a_session),
        cmocka_unit_test(one_change_is_one),
        cmocka_unit_test(other_details),
        cmocka_unit_test(parts_of_a_cell_are_read_one_by_one),
        cmocka_unit_test(what_is_not_ours_stays),
        cmocka_unit_test(long_names_take_no_time),
    };
    return cmocka_run_group_tests_name("words of the record", tests, start, end);
}
