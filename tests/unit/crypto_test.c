/* crypto/: known answers, lengths, and what must not hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "crypto/crypto.h"

static int arena_setup(void **state) {
    *state = arena_make();
    return 0;
}

static int arena_teardown(void **state) {
    arena_free(*state);
    return 0;
}

static void assert_str(str got, str want) {
    assert_int_equal(got.n, want.n);
    assert_memory_equal(got.p, want.p, want.n);
}

static void test_hash_known_answer(void **state) {
    hash256 h = crypto_hash(S("abc"));
    assert_str(crypto_hex(*state, hash_str(&h)),
               S("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"));
    hash256 none = crypto_hash(STR_NULL), empty = crypto_hash(S(""));
    assert_true(crypto_equal(&none, &empty, sizeof none));
}

static void test_keyed_hash_depends_on_key(void **state) {
    (void)state;
    hash256 key = crypto_hash(S("key")), other = crypto_hash(S("other"));
    hash256 a = crypto_keyed_hash(&key, S("x")), b = crypto_keyed_hash(&other, S("x")),
            plain = crypto_hash(S("x"));
    assert_false(crypto_equal(&a, &b, sizeof a));
    assert_false(crypto_equal(&a, &plain, sizeof a));
}

static hash256 fields(str a, str b) {
    struct crypto_hasher h;
    crypto_hasher_init(&h);
    crypto_hasher_str(&h, a);
    crypto_hasher_str(&h, b);
    return crypto_hasher_final(&h);
}

static void test_hasher_keeps_fields_apart(void **state) {
    (void)state;
    hash256 one = fields(S("ab"), S("c")), two = fields(S("a"), S("bc"));
    assert_false(crypto_equal(&one, &two, sizeof one));
    hash256 null = fields(STR_NULL, S("x")), empty = fields(S(""), S("x"));
    assert_false(crypto_equal(&null, &empty, sizeof null));
    hash256 again = fields(S("ab"), S("c"));
    assert_true(crypto_equal(&one, &again, sizeof one));

    struct crypto_hasher h;
    crypto_hasher_init(&h);
    crypto_hasher_i64(&h, 1);
    hash256 n = crypto_hasher_final(&h);
    crypto_hasher_init(&h);
    crypto_hasher_i64(&h, -1);
    hash256 m = crypto_hasher_final(&h);
    assert_false(crypto_equal(&n, &m, sizeof n));
}

static void test_tokens(void **state) {
    str a = crypto_token(*state), b = crypto_token(*state), raw;
    assert_int_equal(a.n, CRYPTO_TOKEN_TEXT);
    assert_false(str_eq(a, b));
    assert_true(crypto_unbase64url(*state, a, &raw));
    assert_int_equal(raw.n, 32);

    str id = crypto_public_id(*state, 12);
    assert_int_equal(id.n, 12);
    for (size_t i = 0; i < id.n; i++)
        assert_true((id.p[i] >= 'a' && id.p[i] <= 'z') || (id.p[i] >= '2' && id.p[i] <= '7'));
}

static void test_hex(void **state) {
    str out;
    assert_str(crypto_hex(*state, S("\x00\xff\x10")), S("00ff10"));
    assert_true(crypto_unhex(*state, S("00fF10"), &out));
    assert_str(out, S("\x00\xff\x10"));
    assert_true(crypto_unhex(*state, S(""), &out));
    assert_int_equal(out.n, 0);
    assert_false(crypto_unhex(*state, S("0"), &out));
    assert_false(crypto_unhex(*state, S("0g"), &out));
    assert_false(crypto_unhex(*state, S("00 1"), &out));
}

static void test_base64url(void **state) {
    str out;
    assert_str(crypto_base64url(*state, S("\xfb\xff\xfe")), S("-__-"));
    assert_str(crypto_base64url(*state, S("a")), S("YQ"));
    assert_str(crypto_base64url(*state, S("")), S(""));
    assert_true(crypto_unbase64url(*state, S("-__-"), &out));
    assert_str(out, S("\xfb\xff\xfe"));
    assert_true(crypto_unbase64url(*state, S(""), &out));
    assert_false(crypto_unbase64url(*state, S("YQ=="), &out));
    assert_false(crypto_unbase64url(*state, S("YR"), &out)); /* bits that say nothing must be 0 */
    assert_false(crypto_unbase64url(*state, S("+/+/"), &out));
    assert_false(crypto_unbase64url(*state, S("Y"), &out));
}

static void test_password(void **state) {
    str hash = crypto_password_hash(*state, S("correct horse"));
    assert_true(str_starts(hash, S("$argon2id$v=19$m=64,t=1,p=1$")));
    assert_true(crypto_password_verify(hash, S("correct horse")));
    assert_false(crypto_password_verify(hash, S("correct horse ")));
    assert_false(crypto_password_verify(hash, S("")));
    assert_false(crypto_password_verify(STR_NULL, S("correct horse")));
    assert_false(crypto_password_verify(S(""), S("")));
    assert_false(crypto_password_verify(S("rubbish"), S("correct horse")));
    str again = crypto_password_hash(*state, S("correct horse"));
    assert_false(str_eq(hash, again)); /* salted */
}

/* At the real cost: an unknown name takes as long as a wrong password. */
static void test_password_unknown_costs_the_same(void **state) {
    crypto_password_cost(2, 64u << 20);
    str hash = crypto_password_hash(*state, S("secret"));
    i64 t0 = time_mono_us();
    assert_false(crypto_password_verify(hash, S("wrong")));
    i64 t1 = time_mono_us();
    assert_false(crypto_password_verify(STR_NULL, S("wrong")));
    i64 t2 = time_mono_us();
    crypto_password_cost(1, 64u << 10);
    i64 wrong = t1 - t0, unknown = t2 - t1;
    assert_true(unknown * 4 > wrong && wrong * 4 > unknown); /* wide: the machine may be busy */
    assert_true(crypto_password_verify(hash, S("secret")));  /* an old cost still verifies */
}

static void test_signatures(void **state) {
    (void)state;
    unsigned char pk[CRYPTO_PUBLIC_KEY], sk[CRYPTO_SECRET_KEY], sig[CRYPTO_SIGNATURE];
    crypto_sign_keypair(pk, sk);
    crypto_sign(sig, S("seal"), sk);
    assert_true(crypto_verify(sig, S("seal"), pk));
    assert_false(crypto_verify(sig, S("seel"), pk));
    sig[0] ^= 1;
    assert_false(crypto_verify(sig, S("seal"), pk));
}

int main(void) {
    if (!crypto_init()) return 1;
    crypto_password_cost(1, 64u << 10);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash_known_answer),
        cmocka_unit_test(test_keyed_hash_depends_on_key),
        cmocka_unit_test(test_hasher_keeps_fields_apart),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_hex),
        cmocka_unit_test(test_base64url),
        cmocka_unit_test(test_password),
        cmocka_unit_test(test_password_unknown_costs_the_same),
        cmocka_unit_test(test_signatures),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
