/* Text of the web: percent-encoding and forms. Pure functions; knows no connection. */
#include "http/http.h"

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool http_decode(struct arena *a, str in, bool plus, str *ret) {
    char *out = arena_alloc(a, in.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < in.n; i++) {
        char c = in.p[i];
        if (c == '%') {
            if (in.n - i < 3) return false;
            int high = hex_digit(in.p[i + 1]), low = hex_digit(in.p[i + 2]);
            if (high < 0 || low < 0) return false;
            c = (char)(unsigned char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c == '\0') return false;
        out[n++] = c;
    }
    *ret = (str){out, n};
    return str_is_utf8(*ret);
}

static bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void http_encode(struct buf *out, str in, bool keep_slash) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < in.n; i++) {
        char c = in.p[i];
        unsigned char byte = (unsigned char)c;
        if (is_unreserved(c) || (c == '/' && keep_slash)) {
            buf_put_char(out, c);
        } else {
            char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};
            buf_put(out, (str){escape, sizeof escape});
        }
    }
}

/* How many pairs a form may hold at most by its separators; empty ones are counted too. */
static size_t count_fields(str body) {
    size_t n = body.n > 0;
    for (size_t i = 0; i < body.n; i++)
        n += body.p[i] == '&';
    return n;
}

enum err http_parse_form(struct arena *a, str body, size_t max, struct http_pair **ret, size_t *ret_n) {
    size_t room = MIN_OF(count_fields(body), max), n = 0;
    struct http_pair *pairs = ARENA_ARRAY(a, struct http_pair, room);
    for (str rest = body; rest.n > 0;) {
        str field;
        rest = str_cut(rest, '&', &field);
        if (field.n == 0) continue;
        if (n == room) return ERR_BAD_REQUEST;
        str name, value = str_cut(field, '=', &name);
        if (!value.p) value = S(""); /* "a" means "a=" */
        if (!http_decode(a, name, true, &pairs[n].name) || !http_decode(a, value, true, &pairs[n].value))
            return ERR_BAD_REQUEST;
        n++;
    }
    *ret = pairs;
    *ret_n = n;
    return OK;
}
