#include "http/http_guard.h"

/* ---- characters ---- */

static bool is_alnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_one_of(char c, const char *set) {
    return c != '\0' && strchr(set, c);
}

bool http_is_token(str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!is_alnum(s.p[i]) && !is_one_of(s.p[i], "!#$%&'*+-.^_`|~")) return false;
    return s.n > 0;
}

bool http_is_field_value(str s) {
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) return false;
    }
    return true;
}

/* Origin form only (RFC 9112 section 3.2.1), in visible ASCII and without the fragment that is never sent. */
static bool is_target(str s) {
    if (s.n == 0 || s.p[0] != '/') return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= 0x20 || c >= 0x7f || c == '#') return false;
    }
    return true;
}

/* A name or address with an optional port: no path, no credentials, nothing that needs escaping. */
static bool is_host(str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!is_alnum(s.p[i]) && !is_one_of(s.p[i], "-._~:[]")) return false;
    return s.n > 0;
}

/* Digits only, and not so many that the number could overflow anywhere. */
static bool parse_length(str s, u64 *ret) {
    u64 v = 0;
    if (s.n == 0 || s.n > 18) return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        v = v * 10 + (u64)(s.p[i] - '0');
    }
    *ret = v;
    return true;
}

/* ---- the measure ---- */

/* The white space between the colon and the value; false when something else stands there, or the two do not
 * lie in one head of `most` bytes, as after a folded line. */
static bool gap_of(const struct http_header *f, size_t most, size_t *ret) {
    uintptr_t colon = (uintptr_t)f->name.p + f->name.n, value = (uintptr_t)f->value.p;
    if (value <= colon || value - colon > most) return false;
    *ret = (size_t)(value - colon) - 1;
    for (size_t i = 0; i < *ret; i++)
        if (!is_one_of(f->name.p[f->name.n + 1 + i], " \t")) return false;
    return true;
}

/* The parts of a head, with exactly one space, one colon and CR LF where they belong, are as long as the head
 * itself. When they are not, the parser skipped something: a NUL that ended a string early, a bare LF, a
 * folded line, a second space. Nothing hidden passes, whatever it was. */
static bool measures(const struct http_head *h) {
    size_t sum = h->method.n + 1 + h->target.n + 1 + h->version.n + 2;
    for (size_t i = 0; i < h->headers_n; i++) {
        const struct http_header *f = &h->headers[i];
        size_t gap;
        if (!gap_of(f, h->bytes, &gap)) return false;
        sum += f->name.n + 1 + gap + f->value.n + 2;
    }
    return sum + 2 == h->bytes;
}

/* ---- header fields ---- */

/* Fields that hold one value: twice, and two readers would pick different ones. Lists may repeat. */
static bool may_repeat(str name) {
    static const str once[] = {
        S_INIT("Host"),
        S_INIT("Content-Length"),
        S_INIT("Transfer-Encoding"),
        S_INIT("Content-Type"),
        S_INIT("Authorization"),
        S_INIT("Cookie"),
        S_INIT("Origin"),
        S_INIT("Referer"),
        S_INIT("User-Agent"),
        S_INIT("Range"),
        S_INIT("If-Modified-Since"),
        S_INIT("If-Range"),
        S_INIT("Sec-Fetch-Site"),
        S_INIT("Sec-Fetch-Mode"),
        S_INIT("Sec-Fetch-Dest"),
        S_INIT("Expect"),
        S_INIT("Date"),
        S_INIT("Max-Forwards"),
    };
    for (size_t i = 0; i < COUNT_OF(once); i++)
        if (str_eq_nocase(name, once[i])) return false;
    return true;
}

static const struct http_header *find(const struct http_head *h, str name) {
    for (size_t i = 0; i < h->headers_n; i++)
        if (str_eq_nocase(h->headers[i].name, name)) return &h->headers[i];
    return NULL;
}

static bool repeats(const struct http_head *h, size_t i) {
    for (size_t j = 0; j < i; j++)
        if (str_eq_nocase(h->headers[j].name, h->headers[i].name)) return true;
    return false;
}

static const char *check_fields(const struct http_head *h) {
    for (size_t i = 0; i < h->headers_n; i++) {
        const struct http_header *f = &h->headers[i];
        if (!http_is_token(f->name)) return "a header name is no token";
        if (!http_is_field_value(f->value)) return "a control byte in a header";
        if (!may_repeat(f->name) && repeats(h, i)) return "a header that may not repeat";
    }
    return NULL;
}

static const char *check_host(const struct http_head *h) {
    const struct http_header *host = find(h, S("Host"));
    if (!host) return str_eq(h->version, S("HTTP/1.1")) ? "no Host" : NULL;
    return is_host(str_trim(host->value)) ? NULL : "a bad Host";
}

/* Where the body ends. Chunked bodies are refused as a whole: browsers do not send them and the proxy in
 * front turns them into a length, so every odd chunk size is refused with them. */
static const char *check_framing(const struct http_head *h, struct http_verdict *v) {
    const struct http_header *length = find(h, S("Content-Length")),
                             *coding = find(h, S("Transfer-Encoding"));
    if (length && !parse_length(str_trim(length->value), &v->length)) return "a bad Content-Length";
    if (coding) {
        if (length) return "Transfer-Encoding beside Content-Length";
        if (!str_eq_nocase(coding->value, S("chunked"))) return "a strange Transfer-Encoding";
        if (!str_eq(h->version, S("HTTP/1.1"))) return "Transfer-Encoding before HTTP/1.1";
    }
    if ((v->method == HTTP_GET || v->method == HTTP_HEAD) && (v->length > 0 || coding))
        return "a GET with a body";
    return NULL;
}

static enum http_method method_of(str s) {
    if (str_eq(s, S("GET"))) return HTTP_GET;
    if (str_eq(s, S("HEAD"))) return HTTP_HEAD;
    if (str_eq(s, S("POST"))) return HTTP_POST;
    return HTTP_METHOD_OTHER;
}

static const char *check_line(const struct http_head *h, enum http_method method) {
    if (!str_eq(h->version, S("HTTP/1.1")) && !str_eq(h->version, S("HTTP/1.0")))
        return "a version that is not ours";
    if (!http_is_token(h->method)) return "a bad method";
    /* "OPTIONS *" and "CONNECT host:port" are well formed; they are answered 405 below. */
    if (method == HTTP_METHOD_OTHER)
        return http_is_field_value(h->target) ? NULL : "a control byte in the target";
    return is_target(h->target) ? NULL : "a bad target";
}

struct http_verdict http_guard(const struct http_head *h) {
    struct http_verdict v = {.method = method_of(h->method)};
    if (h->bytes > HTTP_HEAD_MAX || h->headers_n > HTTP_HEADERS_MAX) {
        v.status = 431;
        v.why = "too large a head";
        return v;
    }
    const char *why = check_line(h, v.method);
    if (!why) why = check_fields(h);
    if (!why && !measures(h)) why = "hidden bytes in the head";
    if (!why) why = check_host(h);
    if (!why) why = check_framing(h, &v);
    if (why) {
        v.status = 400;
        v.why = why;
    } else if (v.method == HTTP_METHOD_OTHER) {
        v.status = 405;
        v.why = "a method that is not served";
    } else if (find(h, S("Transfer-Encoding"))) {
        v.status = 411;
        v.why = "a chunked body";
    }
    return v;
}
