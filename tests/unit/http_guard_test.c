/* http/: the rules on the head of a request, over heads cut up as the HTTP library cuts them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "http/http_guard.h"

/* Ends the C string that begins at `from` where a parser of C strings would: at the first NUL. */
static str until_nul(const char *from, const char *end) {
    const char *nul = memchr(from, '\0', (size_t)(end - from));
    return (str){from, (size_t)((nul ? nul : end) - from)};
}

/* One header line: name up to the colon, value without leading white space, both ending at a NUL. */
static struct http_header split_header(const char *line, const char *end) {
    str all = {line, (size_t)(end - line)};
    const char *colon = line + str_find_char(all, ':');
    const char *value = colon < end ? colon + 1 : end;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    return (struct http_header){until_nul(line, colon), until_nul(value, end)};
}

/* Cuts a raw head up like libmicrohttpd: lines end in CR LF or LF, any spaces may stand around the target. */
static struct http_verdict judge(str raw) {
    struct http_header headers[HTTP_HEADERS_MAX + 1];
    struct http_head h = {.headers = headers, .bytes = raw.n};
    const char *p = raw.p, *end = raw.p + raw.n;
    for (bool first = true; p < end; first = false) {
        const char *lf = memchr(p, '\n', (size_t)(end - p));
        assert_non_null(lf);
        const char *stop = lf > p && lf[-1] == '\r' ? lf - 1 : lf;
        if (stop == p) break;
        if (first) {
            str line = {p, (size_t)(stop - p)}, method, rest = str_cut(line, ' ', &method);
            while (rest.n && rest.p[0] == ' ')
                rest = str_slice(rest, 1, rest.n);
            size_t at = rest.n;
            while (at > 0 && rest.p[at - 1] != ' ')
                at--;
            h.method = until_nul(method.p, method.p + method.n);
            h.target = until_nul(rest.p, rest.p + (at ? at - 1 : 0));
            h.version = str_slice(rest, at, rest.n);
        } else if (h.headers_n <= HTTP_HEADERS_MAX) {
            headers[h.headers_n++] = split_header(p, stop);
        }
        p = lf + 1;
    }
    return http_guard(&h);
}

#define HOST          "Host: shop.example\r\n"
#define GET(headers)  S("GET / HTTP/1.1\r\n" headers "\r\n")
#define POST(headers) S("POST / HTTP/1.1\r\n" HOST headers "\r\n")

static void refused(str raw, int status) {
    struct http_verdict v = judge(raw);
    if (v.status != status) print_error("%.*s\n", STR_ARG(raw));
    assert_int_equal(v.status, status);
    assert_non_null(v.why);
}

static void passes(str raw) {
    struct http_verdict v = judge(raw);
    if (v.status) print_error("%.*s: %s\n", STR_ARG(raw), v.why);
    assert_int_equal(v.status, 0);
}

static void test_good_heads(void **state) {
    (void)state;
    passes(GET(HOST));
    passes(GET("host:shop.example:8080\r\nX:   y  \r\nEmpty:\r\nEmpty2:  \r\n"));
    passes(S("GET /a%20b?c=d&e=%zz HTTP/1.1\r\nHost: [::1]:80\r\nAccept: a\r\nAccept: b\r\n\r\n"));
    passes(S("GET / HTTP/1.0\r\n\r\n"));
    passes(S("HEAD / HTTP/1.1\r\n" HOST "\r\n"));
    passes(GET(HOST "X-Name: Jos\xc3\xa9\ttab\r\n"));
    passes(POST("Content-Length: 0\r\n"));
    passes(S("GET / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n"));
    passes(POST(""));
    struct http_verdict v = judge(POST("Content-Length: 123\r\n"));
    assert_int_equal(v.method, HTTP_POST);
    assert_int_equal(v.length, 123);
}

static void test_content_length(void **state) {
    (void)state;
    refused(POST("Content-Length: 5\r\nContent-Length: 0\r\n"), 400);
    refused(POST("Content-Length: 5\r\ncontent-length: 5\r\n"), 400);
    refused(POST("Content-Length: 5, 5\r\n"), 400);
    refused(POST("Content-Length: +5\r\n"), 400);
    refused(POST("Content-Length: -5\r\n"), 400);
    refused(POST("Content-Length: 0x5\r\n"), 400);
    refused(POST("Content-Length: 5 5\r\n"), 400);
    refused(POST("Content-Length:\r\n"), 400);
    refused(POST("Content-Length: 18446744073709551621\r\n"), 400);
    refused(POST("Content-Length: 9999999999999999999\r\n"), 400);
    refused(GET(HOST "Content-Length: 5\r\n"), 400);
}

static void test_transfer_encoding(void **state) {
    (void)state;
    refused(POST("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"), 400);
    refused(POST("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"), 400);
    refused(POST("Transfer-Encoding: xchunked\r\n"), 400);
    refused(POST("Transfer-Encoding: chunked, identity\r\n"), 400);
    refused(POST("Transfer-Encoding: identity, chunked\r\n"), 400);
    refused(POST("Transfer-Encoding: identity\r\n"), 400);
    refused(POST("Transfer-Encoding: chunked \r\n"), 400);
    refused(POST("Transfer-Encoding:\r\n"), 400);
    refused(POST("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400);
    refused(POST("Transfer-Encoding : chunked\r\n"), 400);
    refused(S("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
    refused(GET(HOST "Transfer-Encoding: chunked\r\n"), 400);
    refused(POST("Transfer-Encoding: chunked\r\n"), 411);
}

static void test_host(void **state) {
    (void)state;
    refused(GET(""), 400);
    refused(GET(HOST "Host: other\r\n"), 400);
    refused(GET("Host:\r\n"), 400);
    refused(GET("Host: a/b\r\n"), 400);
    refused(GET("Host: a@b\r\n"), 400);
    refused(GET("Host: a b\r\n"), 400);
    refused(GET("Host: a,b\r\n"), 400);
    refused(S("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
}

static void test_hidden_bytes(void **state) {
    (void)state;
    refused(S("GET /a\0b HTTP/1.1\r\n" HOST "\r\n"), 400);
    refused(S("GE\0T / HTTP/1.1\r\n" HOST "\r\n"), 400);
    refused(GET(HOST "X-A: a\0b\r\n"), 400);
    refused(GET(HOST "X-A: a\0\r\n"), 400);
    refused(GET(HOST "X\0Y: a\r\n"), 400);
    refused(GET("Host: shop.example\n"), 400);
    refused(GET(HOST "X-A: a\n"), 400);
    refused(S("GET / HTTP/1.1\n" HOST "\r\n"), 400);
    refused(S("GET / HTTP/1.1\r\n" HOST "\n"), 400);
    refused(S("GET  / HTTP/1.1\r\n" HOST "\r\n"), 400);
}

static void test_characters(void **state) {
    (void)state;
    refused(GET(HOST "X A: a\r\n"), 400);
    refused(GET(HOST ": a\r\n"), 400);
    refused(GET(HOST "X\x80: a\r\n"), 400);
    refused(GET(HOST "X-A: a\x01\r\n"), 400);
    refused(GET(HOST "X-A: a\x7f\r\n"), 400);
    refused(GET(HOST "X-A: a\rX-B: b\r\n"), 400);
    refused(S("GET /a\tb HTTP/1.1\r\n" HOST "\r\n"), 400);
    refused(S("GET /a b HTTP/1.1\r\n" HOST "\r\n"), 400);
    refused(S("GET /a\x7f HTTP/1.1\r\n" HOST "\r\n"), 400);
    refused(S("GET /\xff HTTP/1.1\r\n" HOST "\r\n"), 400);
    refused(S("GET /a#b HTTP/1.1\r\n" HOST "\r\n"), 400);
    refused(S("GET a HTTP/1.1\r\n" HOST "\r\n"), 400);
    refused(S("GET http://shop.example/ HTTP/1.1\r\n" HOST "\r\n"), 400);
    refused(S("GET / HTTP/1.2\r\n" HOST "\r\n"), 400);
}

static void test_repeats(void **state) {
    (void)state;
    refused(GET(HOST "Cookie: a=1\r\nCookie: a=2\r\n"), 400);
    refused(GET(HOST "Origin: a\r\nORIGIN: b\r\n"), 400);
    refused(GET(HOST "Authorization: a\r\nAuthorization: b\r\n"), 400);
    passes(GET(HOST "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8\r\n"));
}

static void test_methods(void **state) {
    (void)state;
    refused(S("PUT / HTTP/1.1\r\n" HOST "\r\n"), 405);
    refused(S("get / HTTP/1.1\r\n" HOST "\r\n"), 405);
    refused(S("OPTIONS * HTTP/1.1\r\n" HOST "\r\n"), 405);
    refused(S("CONNECT a:1 HTTP/1.1\r\n" HOST "\r\n"), 405);
    refused(S("PUT / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 2\r\n\r\n"), 400);
    refused(S("G(T / HTTP/1.1\r\n" HOST "\r\n"), 400);
}

static void test_sizes(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_put(&b, S("GET / HTTP/1.1\r\n" HOST));
    for (int i = 0; i < HTTP_HEADERS_MAX - 1; i++)
        buf_put(&b, S("X-A: a\r\n"));
    size_t full = b.n;
    buf_put(&b, S("\r\n"));
    passes(buf_str(&b));
    b.n = full;
    buf_put(&b, S("X-A: a\r\n\r\n"));
    refused(buf_str(&b), 431);
    buf_clear(&b);
    buf_put(&b, S("GET / HTTP/1.1\r\n" HOST "X-A: "));
    while (b.n < HTTP_HEAD_MAX)
        buf_put_char(&b, 'a');
    buf_put(&b, S("\r\n\r\n"));
    refused(buf_str(&b), 431);
    buf_done(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_heads),
        cmocka_unit_test(test_content_length),
        cmocka_unit_test(test_transfer_encoding),
        cmocka_unit_test(test_host),
        cmocka_unit_test(test_hidden_bytes),
        cmocka_unit_test(test_characters),
        cmocka_unit_test(test_repeats),
        cmocka_unit_test(test_methods),
        cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
