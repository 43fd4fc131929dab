#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_init(struct buf *b, size_t max) {
    *b = (struct buf){.max = max};
}

void buf_done(struct buf *b) {
    free(b->p);
    *b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b) {
    b->n = 0;
    b->overflow = false;
}

bool buf_grow(struct buf *b, size_t n) {
    if (b->overflow) return false;
    if (n > b->max - b->n) {
        b->overflow = true;
        return false;
    }
    size_t cap = b->cap ? b->cap * 2 : 256;
    while (cap < b->n + n)
        cap *= 2;
    if (cap > b->max) cap = b->max;
    char *p = realloc(b->p, cap);
    if (!p) abort();
    b->p = p;
    b->cap = cap;
    return true;
}

void buf_put(struct buf *b, str s) {
    if (s.n == 0 || !buf_reserve(b, s.n)) return;
    memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
}

void buf_put_char(struct buf *b, char c) {
    buf_put(b, (str){&c, 1});
}

void buf_put_i64(struct buf *b, i64 v) {
    char digits[24], *end = digits + sizeof digits, *p = end;
    u64 rest = v < 0 ? 0 - (u64)v : (u64)v;
    do
        *--p = (char)('0' + rest % 10);
    while (rest /= 10);
    if (v < 0) *--p = '-';
    buf_put(b, (str){p, (size_t)(end - p)});
}

void buf_printf(struct buf *b, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n > 0 && buf_reserve(b, (size_t)n + 1)) {
        vsnprintf(b->p + b->n, (size_t)n + 1, format, again);
        b->n += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

void buf_put_json(struct buf *b, str s) {
    if (!s.p) {
        buf_put(b, S("null"));
        return;
    }
    buf_put_char(b, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool separator = c == 0xE2 && i + 2 < s.n && (unsigned char)s.p[i + 1] == 0x80 &&
                         ((unsigned char)s.p[i + 2] & 0xFE) == 0xA8;
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F && !separator) continue;
        buf_put(b, str_slice(s, from, i));
        if (separator) {
            buf_printf(b, "\\u20%02x", (unsigned char)s.p[i + 2] == 0xA8 ? 0x28 : 0x29);
            i += 2;
        } else if (c == '"' || c == '\\') {
            buf_put_char(b, '\\');
            buf_put_char(b, (char)c);
        } else if (c == '\n') {
            buf_put(b, S("\\n"));
        } else {
            buf_printf(b, "\\u%04x", c);
        }
        from = i + 1;
    }
    buf_put(b, str_slice(s, from, s.n));
    buf_put_char(b, '"');
}
