/* The one policy, fact by fact, and the causes that end a session. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access/access.h"
#include "assist/assist.h"
#include "shop_fixture.h"

static const struct assist_facts good = {
    .customer_found = true,
    .customer_active = true,
    .consent_given = true,
    .customer_website = 1,
    .customer_view = 1,
    .staff_found = true,
    .staff_active = true,
    .staff_session_open = true,
    .staff_seen_us = 1000 * US_SECOND,
    .staff_has_right = true,
    .staff_scope = -1,
};
static const i64 now_us = 1000 * US_SECOND;

static unsigned ask(struct assist_facts f, i64 view_id, enum assist_moment moment) {
    struct shop *s = shop_get();
    return assist_policy(&f, s->settings, s->stores, view_id, moment, now_us);
}

static void everything_in_order_is_allowed(void **state) {
    (void)state;
    for (int m = ASSIST_AT_DIALOG; m <= ASSIST_AT_REQUEST; m++)
        assert_int_equal(ask(good, 1, (enum assist_moment)m), 0);
}

/* The statements of the facts ask for this right by its own key alone. */
static void no_other_right_includes_the_login(void **state) {
    (void)state;
    for (int i = 0; i < RESOURCE_MAX; i++)
        assert_false(str_eq(access_resources[i].parent, access_resources[RESOURCE_ASSIST_LOGIN].key));
}

static void each_fact_stands_in_the_way_alone(void **state) {
    (void)state;
    struct {
        struct assist_facts f;
        unsigned due;
    } cases[12];
    size_t n = 0;
#define CASE(change, bit)                                                                                    \
    do {                                                                                                     \
        struct assist_facts f = good;                                                                        \
        change;                                                                                              \
        cases[n].f = f;                                                                                      \
        cases[n++].due = (bit);                                                                              \
    } while (0)
    CASE(f.consent_given = false, ASSIST_NO_CONSENT);
    CASE(f.consent_until_us = OPT(now_us), ASSIST_CONSENT_OVER);
    CASE(f.customer_active = false, ASSIST_CUSTOMER_INACTIVE);
    CASE(f.customer_locked_until_us = OPT(now_us + 1), ASSIST_CUSTOMER_LOCKED);
    CASE(f.staff_has_right = false, ASSIST_NO_RIGHT);
    CASE(f.staff_active = false, ASSIST_STAFF_INACTIVE);
    CASE(f.staff_session_open = false, ASSIST_STAFF_SIGNED_OUT);
    CASE(f.staff_seen_us = now_us - 61 * US_MINUTE, ASSIST_SESSION_OVER);
    CASE(f.staff_scope = 1 << 2, ASSIST_OTHER_WEBSITE);
    CASE(f.open_sessions = 50, ASSIST_LIMIT_REACHED);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(ask(cases[i].f, 1, ASSIST_AT_START), cases[i].due);
}

static void all_obstacles_are_told_at_once(void **state) {
    (void)state;
    struct assist_facts f = good;
    f.consent_given = false;
    f.customer_active = false;
    f.staff_has_right = false;
    assert_int_equal(ask(f, 3, ASSIST_AT_START),
                     ASSIST_NO_CONSENT | ASSIST_CUSTOMER_INACTIVE | ASSIST_NO_RIGHT | ASSIST_VIEW_REFUSED);
}

static void consent_holds_until_its_end(void **state) {
    (void)state;
    struct assist_facts f = good;
    f.consent_until_us = OPT(now_us + 1);
    assert_int_equal(ask(f, 1, ASSIST_AT_REQUEST), 0);
}

static void a_view_of_another_website_is_refused_unless_shared(void **state) {
    (void)state;
    assert_int_equal(ask(good, 3, ASSIST_AT_ENTER), ASSIST_VIEW_REFUSED);
    shop_set("customer/account_share/scope", "global");
    assert_int_equal(ask(good, 3, ASSIST_AT_ENTER), 0);
    assert_int_equal(assist_auto_view(&good, shop_get()->settings, shop_get()->stores), 1);
    shop_set("customer/account_share/scope", "website");
}

static void no_view_is_no_obstacle_in_the_dialog_only(void **state) {
    (void)state;
    assert_int_equal(ask(good, 0, ASSIST_AT_DIALOG), 0);
    assert_int_equal(ask(good, 0, ASSIST_AT_START), ASSIST_VIEW_MISSING);
    assert_int_equal(ask(good, 999, ASSIST_AT_DIALOG), ASSIST_VIEW_MISSING);
}

static void the_limit_counts_new_sessions_only(void **state) {
    (void)state;
    struct assist_facts f = good;
    f.open_sessions = 50;
    assert_int_equal(ask(f, 1, ASSIST_AT_REQUEST), 0);
}

static void switched_off_is_off_at_every_moment(void **state) {
    (void)state;
    shop_set("login_as_customer/general/enabled", "0");
    for (int m = ASSIST_AT_DIALOG; m <= ASSIST_AT_REQUEST; m++)
        assert_int_equal(ask(good, 1, (enum assist_moment)m), ASSIST_FEATURE_OFF);
    shop_set("login_as_customer/general/enabled", "1");
}

static void every_obstacle_has_word_and_text(void **state) {
    (void)state;
    struct arena *a = arena_make();
    for (int bit = 0; bit < ASSIST_OBSTACLES; bit++) {
        assert_true(assist_obstacle_words(a, 1u << bit).n > 0);
        assert_true(assist_obstacle_text(1u << bit).n > 0);
    }
    str all = assist_obstacle_words(a, ASSIST_NO_CONSENT | ASSIST_NO_RIGHT);
    assert_true(str_eq(all, S("no_right,no_consent")));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_in_order_is_allowed),
        cmocka_unit_test(no_other_right_includes_the_login),
        cmocka_unit_test(each_fact_stands_in_the_way_alone),
        cmocka_unit_test(all_obstacles_are_told_at_once),
        cmocka_unit_test(consent_holds_until_its_end),
        cmocka_unit_test(a_view_of_another_website_is_refused_unless_shared),
        cmocka_unit_test(no_view_is_no_obstacle_in_the_dialog_only),
        cmocka_unit_test(the_limit_counts_new_sessions_only),
        cmocka_unit_test(switched_off_is_off_at_every_moment),
        cmocka_unit_test(every_obstacle_has_word_and_text),
    };
    return cmocka_run_group_tests_name("assist policy", tests, shop_make, shop_drop);
}
