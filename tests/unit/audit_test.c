/* The record: the chain is whole, every kind of tampering is found and named, and the program itself cannot
 * change an entry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/audit.h"
#include "shop_fixture.h"

static unsigned char public_key[CRYPTO_PUBLIC_KEY], secret_key[CRYPTO_SECRET_KEY];

static enum err append_some(struct db_w *w, void *arg) {
    struct actor sam = {.kind = ACTOR_STAFF,
                        .staff_id = 1,
                        .username = S("sam"),
                        .staff_name = S("Sam Staff"),
                        .customer_name = S(""),
                        .customer_email = S(""),
                        .ip = S("127.0.0.1")};
    for (int i = 0; i < *(int *)arg; i++) {
        struct audit_event e = {.group = AUDIT_CUSTOMERS,
                                .action = S("Save Customer"),
                                .full_action = S("admin_customer_save"),
                                .success = true,
                                .actor = &sam,
                                .subject_kind = S("customer"),
                                .subject_id = arena_printf(db_arena(db_w_reader(w)), "%d", i),
                                .details = S("line one\nline two"),
                                .before_json = S("{\"name\":\"a\"}"),
                                .after_json = S("{\"name\":\"b\"}"),
                                .at_us = 1000 + i};
        TRY(audit_append(w, &e, NULL));
    }
    return OK;
}

static enum err seal(struct db_w *w, void *arg) {
    return audit_seal_make(w, public_key, secret_key, 5000, arg);
}

/* A fresh shop with `n` entries, a seal, and two entries behind it. */
static int make_log(void **state) {
    int n = 10, behind = 2;
    bool sealed = false;
    shop_make(state);
    crypto_sign_keypair(public_key, secret_key);
    assert_int_equal(shop_write(append_some, &n), OK);
    assert_int_equal(shop_write(seal, &sealed), OK);
    assert_true(sealed);
    assert_int_equal(shop_write(append_some, &behind), OK);
    return 0;
}

static struct audit_verdict verify(const struct audit_head *expect) {
    struct audit_verdict v;
    struct db_r *r = shop_read();
    assert_int_equal(audit_verify(r, shop_get()->arena, public_key, expect, NULL, NULL, &v), OK);
    db_read_end(r);
    return v;
}

/* As somebody with the file and without the program would do it: the triggers are dropped first. */
static void tamper(const char *sql) {
    db_close(shop_get()->db);
    shop_raw_sql("PRAGMA writable_schema=1; DELETE FROM sqlite_schema WHERE type='trigger'; PRAGMA "
                 "writable_schema=0;");
    shop_raw_sql(sql);
    shop_open();
}

static void a_fresh_log_is_whole(void **state) {
    (void)state;
    struct audit_verdict v = verify(NULL);
    assert_true(v.whole);
    assert_int_equal(v.entries, 12);
    assert_int_equal(v.seals, 1);
}

static void a_changed_entry_is_named(void **state) {
    (void)state;
    tamper("UPDATE audit_entry SET username='eve' WHERE id=4");
    struct audit_verdict v = verify(NULL);
    assert_false(v.whole);
    assert_int_equal(v.first_bad, 4);
    assert_true(str_eq(v.why, S("entry 4 was changed")));
}

static void a_removed_entry_is_named(void **state) {
    (void)state;
    tamper("DELETE FROM audit_entry WHERE id=7");
    struct audit_verdict v = verify(NULL);
    assert_int_equal(v.first_bad, 7);
    assert_true(str_eq(v.why, S("entry 7 was removed")));
}

static void a_renumbered_removal_is_named(void **state) {
    (void)state;
    tamper("DELETE FROM audit_entry WHERE id=7; UPDATE audit_entry SET id=-id WHERE id>7; UPDATE audit_entry "
           "SET id=-id-1 WHERE id<0");
    struct audit_verdict v = verify(NULL);
    assert_false(v.whole);
    assert_int_equal(v.first_bad, 7);
}

static void an_inserted_entry_is_named(void **state) {
    (void)state;
    tamper("INSERT INTO audit_entry SELECT "
           "13,at_us,action_group,action,full_action,result,reason,actor,staff_id,username,"
           "customer_id,customer,session_id,website_id,view,origin,subject_kind,subject_id,details,before_"
           "json,after_json,ip,"
           "search_fold,prev_hash,hash FROM audit_entry WHERE id=3");
    assert_int_equal(verify(NULL).first_bad, 13);
    tamper("UPDATE audit_entry SET id=-5 WHERE id=13");
    struct audit_verdict v = verify(NULL);
    assert_false(v.whole);
    assert_true(str_eq(v.why, S("entry -5 was inserted")));
}

static void what_a_seal_covers_cannot_be_cut_off(void **state) {
    (void)state;
    tamper("DELETE FROM audit_entry WHERE id>8");
    struct audit_verdict v = verify(NULL);
    assert_false(v.whole);
    assert_int_equal(v.first_bad, 9);
}

static void a_noted_head_finds_what_was_cut_off_behind_the_seal(void **state) {
    (void)state;
    struct audit_head head;
    struct db_r *r = shop_read();
    assert_int_equal(audit_head_get(r, &head), OK);
    db_read_end(r);
    assert_true(verify(&head).whole);
    tamper("DELETE FROM audit_entry WHERE id=12");
    assert_true(verify(NULL).whole);
    assert_int_equal(verify(&head).first_bad, 12);
}

static void a_seal_of_another_key_is_refused(void **state) {
    (void)state;
    public_key[0] ^= 1;
    struct audit_verdict v = verify(NULL);
    assert_false(v.whole);
    assert_true(str_eq(v.why, S("seal 1 is not signed with the trusted key")));
    public_key[0] ^= 1;
}

static void nothing_new_needs_no_seal(void **state) {
    (void)state;
    bool sealed;
    assert_int_equal(shop_write(seal, &sealed), OK);
    assert_true(sealed);
    assert_int_equal(shop_write(seal, &sealed), OK);
    assert_false(sealed);
    assert_int_equal(verify(NULL).seals, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_fresh_log_is_whole, make_log, shop_drop),
        cmocka_unit_test_setup_teardown(a_changed_entry_is_named, make_log, shop_drop),
        cmocka_unit_test_setup_teardown(a_removed_entry_is_named, make_log, shop_drop),
        cmocka_unit_test_setup_teardown(a_renumbered_removal_is_named, make_log, shop_drop),
        cmocka_unit_test_setup_teardown(an_inserted_entry_is_named, make_log, shop_drop),
        cmocka_unit_test_setup_teardown(what_a_seal_covers_cannot_be_cut_off, make_log, shop_drop),
        cmocka_unit_test_setup_teardown(a_noted_head_finds_what_was_cut_off_behind_the_seal, make_log,
                                        shop_drop),
        cmocka_unit_test_setup_teardown(a_seal_of_another_key_is_refused, make_log, shop_drop),
        cmocka_unit_test_setup_teardown(nothing_new_needs_no_seal, make_log, shop_drop),
    };
    return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
