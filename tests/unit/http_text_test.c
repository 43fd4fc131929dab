/* http/: percent-encoding and forms; addresses, blocks and what proxies say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "http/http_address.h"

static struct arena *arena;

static void assert_str(str got, str want) {
    assert_int_equal(got.n, want.n);
    assert_memory_equal(got.p, want.p, want.n);
}

/* ---- percent-encoding ---- */

static void test_decode(void **state) {
    (void)state;
    str out;
    assert_true(http_decode(arena, S("a%20b+c%c3%A9"), false, &out));
    assert_str(out, S("a b+c\xc3\xa9"));
    assert_true(http_decode(arena, S("a+b%2B"), true, &out));
    assert_str(out, S("a b+"));
    assert_true(http_decode(arena, S(""), true, &out));
    assert_int_equal(out.n, 0);
    assert_non_null(out.p);
}

static void test_decode_refuses(void **state) {
    (void)state;
    static const str bad[] = {
        S_INIT("%"),         S_INIT("%4"),   S_INIT("a%4"),  S_INIT("%zz"), S_INIT("%4g"),
        S_INIT("%%41"),      S_INIT("%00"),  S_INIT("a\0b"), S_INIT("%ff"), S_INIT("%c0%80"),
        S_INIT("%ed%a0%80"), S_INIT("\xff"), S_INIT("% 1"),  S_INIT("%+1"),
    };
    str out;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(http_decode(arena, bad[i], false, &out));
        assert_false(http_decode(arena, bad[i], true, &out));
    }
}

static str encode(str in, bool keep_slash) {
    struct buf b;
    buf_init(&b, 4096);
    http_encode(&b, in, keep_slash);
    str out = arena_str(arena, buf_str(&b));
    buf_done(&b);
    return out;
}

static void test_encode(void **state) {
    (void)state;
    assert_str(encode(S("aZ09-._~"), false), S("aZ09-._~"));
    assert_str(encode(S("a/b c&d=\xc3\xa9\""), false), S("a%2Fb%20c%26d%3D%C3%A9%22"));
    assert_str(encode(S("/nl/a b"), true), S("/nl/a%20b"));
}

static void test_encode_decode_round_trip(void **state) {
    (void)state;
    char all[127];
    for (int i = 0; i < 127; i++)
        all[i] = (char)(i + 1);
    str in = {all, sizeof all}, out;
    assert_true(http_decode(arena, encode(in, false), false, &out));
    assert_str(out, in);
    assert_true(http_decode(arena, encode(in, true), true, &out));
    assert_str(out, in);
}

/* ---- forms ---- */

static void test_form(void **state) {
    (void)state;
    struct http_pair *p;
    size_t n;
    assert_int_equal(http_parse_form(arena, S("a=1&b=x+y%26&&c&=v&a=2&d=e=f&"), 10, &p, &n), OK);
    assert_int_equal(n, 6);
    static const str want[][2] = {
        {S_INIT("a"), S_INIT("1")}, {S_INIT("b"), S_INIT("x y&")}, {S_INIT("c"), S_INIT("")},
        {S_INIT(""), S_INIT("v")},  {S_INIT("a"), S_INIT("2")},    {S_INIT("d"), S_INIT("e=f")},
    };
    for (size_t i = 0; i < n; i++) {
        assert_str(p[i].name, want[i][0]);
        assert_str(p[i].value, want[i][1]);
        assert_non_null(p[i].value.p);
    }
    assert_int_equal(http_parse_form(arena, S(""), 10, &p, &n), OK);
    assert_int_equal(n, 0);
    assert_int_equal(http_parse_form(arena, S("&&&"), 2, &p, &n), OK);
    assert_int_equal(n, 0);
}

static void test_form_limits(void **state) {
    (void)state;
    struct http_pair *p;
    size_t n;
    assert_int_equal(http_parse_form(arena, S("a=1&b=2"), 2, &p, &n), OK);
    assert_int_equal(http_parse_form(arena, S("a=1&b=2&c"), 2, &p, &n), ERR_BAD_REQUEST);
    assert_int_equal(http_parse_form(arena, S("a=1"), 0, &p, &n), ERR_BAD_REQUEST);
    assert_int_equal(http_parse_form(arena, S("a=%ff"), 2, &p, &n), ERR_BAD_REQUEST);
    assert_int_equal(http_parse_form(arena, S("%zz=1"), 2, &p, &n), ERR_BAD_REQUEST);
    assert_int_equal(http_parse_form(arena, S("a=%00"), 2, &p, &n), ERR_BAD_REQUEST);
}

/* ---- addresses ---- */

static struct http_addr addr_of(str text) {
    struct http_addr addr;
    assert_true(http_addr_parse(text, &addr));
    return addr;
}

static void assert_addr(str text, str want) {
    struct http_addr addr = addr_of(text);
    assert_str(http_addr_text(arena, &addr), want);
}

static void test_addresses(void **state) {
    (void)state;
    assert_addr(S("192.0.2.1"), S("192.0.2.1"));
    assert_addr(S("192.0.2.1:443"), S("192.0.2.1"));
    assert_addr(S("2001:DB8:0::1"), S("2001:db8::1"));
    assert_addr(S("[2001:db8::1]:443"), S("2001:db8::1"));
    assert_addr(S("::ffff:192.0.2.1"), S("192.0.2.1"));
    static const str bad[] = {S_INIT(""),          S_INIT("a"),
                              S_INIT("1.2.3"),     S_INIT("1.2.3.4.5"),
                              S_INIT("256.1.1.1"), S_INIT("1.2.3.4:"),
                              S_INIT("[::1"),      S_INIT("[::1]x"),
                              S_INIT("unknown"),   S_INIT("1.2.3.4:99999"),
                              S_INIT("::1%lo"),    S_INIT("_hidden"),
                              S_INIT("1.2.3.4\0x")};
    struct http_addr addr;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(http_addr_parse(bad[i], &addr));
}

static bool inside(str block, str text) {
    struct http_net net;
    struct http_addr addr = addr_of(text);
    assert_true(http_net_parse(block, &net));
    return http_net_has(&net, 1, &addr);
}

static void test_blocks(void **state) {
    (void)state;
    assert_true(inside(S("10.0.0.0/8"), S("10.255.1.2")));
    assert_false(inside(S("10.0.0.0/8"), S("11.0.0.0")));
    assert_true(inside(S("192.0.2.128/25"), S("192.0.2.200")));
    assert_false(inside(S("192.0.2.128/25"), S("192.0.2.127")));
    assert_true(inside(S("127.0.0.1"), S("::ffff:127.0.0.1")));
    assert_false(inside(S("127.0.0.1"), S("127.0.0.2")));
    assert_true(inside(S("fd00::/8"), S("fdff::1")));
    assert_false(inside(S("fd00::/8"), S("fe00::1")));
    assert_true(inside(S("0.0.0.0/0"), S("203.0.113.9")));
    assert_false(inside(S("0.0.0.0/0"), S("2001:db8::1")));
    assert_true(inside(S("::/0"), S("2001:db8::1")));
    static const str bad[] = {S_INIT("10.0.0.0/33"),  S_INIT("10.0.0.0/"),  S_INIT("10.0.0.0/-1"),
                              S_INIT("::/129"),       S_INIT("/8"),         S_INIT("proxy"),
                              S_INIT("10.0.0.0/8/8"), S_INIT("10.0.0.1:80")};
    struct http_net net;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(http_net_parse(bad[i], &net));
}

static void assert_client(str peer, str forwarded, str want) {
    struct http_net trusted[2];
    assert_true(http_net_parse(S("127.0.0.1"), &trusted[0]));
    assert_true(http_net_parse(S("10.0.0.0/8"), &trusted[1]));
    struct http_addr at = addr_of(peer), client = http_client_addr(trusted, 2, &at, forwarded);
    assert_str(http_addr_text(arena, &client), want);
}

static void test_client_behind_proxies(void **state) {
    (void)state;
    assert_client(S("203.0.113.1"), S("198.51.100.1"), S("203.0.113.1")); /* not a proxy of ours: a lie */
    assert_client(S("127.0.0.1"), STR_NULL, S("127.0.0.1"));
    assert_client(S("127.0.0.1"), S("198.51.100.1"), S("198.51.100.1"));
    assert_client(S("127.0.0.1"), S("6.6.6.6, 198.51.100.1, 10.1.1.1"), S("198.51.100.1"));
    assert_client(S("127.0.0.1"), S("10.0.0.2,10.0.0.1"), S("10.0.0.2"));
    assert_client(S("127.0.0.1"), S("198.51.100.1, rubbish"), S("127.0.0.1"));
    assert_client(S("127.0.0.1"), S("[2001:db8::7]:5000"), S("2001:db8::7"));
    assert_client(S("127.0.0.1"), S(",,"), S("127.0.0.1"));
}

static void test_forwarded_proto(void **state) {
    (void)state;
    assert_true(http_forwarded_secure(S("https")));
    assert_true(http_forwarded_secure(S("http, HTTPS")));
    assert_false(http_forwarded_secure(S("https, http")));
    assert_false(http_forwarded_secure(S("")));
    assert_false(http_forwarded_secure(STR_NULL));
}

static void test_listen(void **state) {
    (void)state;
    struct sockaddr_storage addr;
    socklen_t len;
    assert_true(http_listen_parse(S("127.0.0.1:8080"), &addr, &len));
    assert_int_equal(addr.ss_family, AF_INET);
    assert_true(http_listen_parse(S("[::1]:0"), &addr, &len));
    assert_int_equal(addr.ss_family, AF_INET6);
    assert_true(http_listen_parse(S("localhost:1"), &addr, &len));
    static const str bad[] = {S_INIT("127.0.0.1"),   S_INIT(":8080"),           S_INIT("8080"),
                              S_INIT("[::1]"),       S_INIT("::1:8080"),        S_INIT("a:80"),
                              S_INIT("127.0.0.1:x"), S_INIT("127.0.0.1:65536"), S_INIT("")};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(http_listen_parse(bad[i], &addr, &len));
}

int main(void) {
    arena = arena_make();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode),
        cmocka_unit_test(test_decode_refuses),
        cmocka_unit_test(test_encode),
        cmocka_unit_test(test_encode_decode_round_trip),
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_form_limits),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_client_behind_proxies),
        cmocka_unit_test(test_forwarded_proto),
        cmocka_unit_test(test_listen),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
