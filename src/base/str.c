#include "base/str.h"

str str_slice(str s, size_t from, size_t to) {
    if (to > s.n) to = s.n;
    if (from > to) from = to;
    return (str){s.p ? s.p + from : NULL, to - from};
}

bool str_starts(str s, str prefix) {
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool str_ends(str s, str suffix) {
    return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_nocase(str a, str b) {
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i])) return false;
    return true;
}

size_t str_find_char(str s, char c) {
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
}

size_t str_find(str s, str needle) {
    if (needle.n == 0) return 0;
    const char *at = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
}

str str_cut(str s, char sep, str *ret_head) {
    size_t at = str_find_char(s, sep);
    *ret_head = (str){s.p, at};
    if (at == s.n) return STR_NULL;
    return (str){s.p + at + 1, s.n - at - 1};
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

str str_trim(str s) {
    while (s.n && is_space(s.p[0]))
        s = (str){s.p + 1, s.n - 1};
    while (s.n && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

int str_cmp(str a, str b) {
    size_t n = MIN_OF(a.n, b.n);
    int d = n ? memcmp(a.p, b.p, n) : 0;
    if (d) return d;
    return a.n < b.n ? -1 : a.n > b.n;
}

bool str_to_i64(str s, i64 *ret) {
    bool negative = s.n > 0 && s.p[0] == '-';
    i64 v = 0;
    if (negative) s = str_slice(s, 1, s.n);
    if (s.n == 0) return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        /* Counted downwards, since the negative range is one wider. */
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, s.p[i] - '0', &v)) return false;
    }
    if (!negative && __builtin_sub_overflow(0, v, &v)) return false;
    *ret = v;
    return true;
}

bool str_to_minor(str s, i64 *ret) {
    str whole, cents = STR_NULL;
    size_t point = str_find_char(s, '.');
    i64 units, minor = 0;
    if (point == s.n) point = str_find_char(s, ',');
    whole = str_slice(s, 0, point);
    if (point < s.n) cents = str_slice(s, point + 1, s.n);
    if (whole.n > 12 || str_starts(whole, S("-")) || !str_to_i64(whole, &units)) return false;
    if (cents.n > 2 || str_starts(cents, S("-")) || (point < s.n && !str_to_i64(cents, &minor))) return false;
    *ret = units * 100 + (cents.n == 1 ? minor * 10 : minor);
    return true;
}

/* Length of the UTF-8 sequence at p, 0 when it is not one. */
static size_t utf8_sequence(const unsigned char *p, size_t left) {
    unsigned char c = p[0];
    if (c < 0x80) return 1;
    size_t n = c >= 0xC2 && c <= 0xDF ? 2 : c >= 0xE0 && c <= 0xEF ? 3 : c >= 0xF0 && c <= 0xF4 ? 4 : 0;
    if (n == 0 || n > left) return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80) return 0;
    if ((c == 0xE0 && p[1] < 0xA0) || (c == 0xED && p[1] > 0x9F)) return 0;
    if ((c == 0xF0 && p[1] < 0x90) || (c == 0xF4 && p[1] > 0x8F)) return 0;
    return n;
}

bool str_is_utf8(str s) {
    for (size_t i = 0; i < s.n;) {
        size_t n = utf8_sequence((const unsigned char *)s.p + i, s.n - i);
        if (n == 0) return false;
        i += n;
    }
    return true;
}

size_t str_utf8_len(str s) {
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] & 0xC0) != 0x80) count++;
    return count;
}

u64 str_hash(str s) {
    u64 h = 0xcbf29ce484222325u; /* FNV-1a, with a final mix so that low bits are usable as a table index */
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    h ^= h >> 32;
    return h * 0x9E3779B97F4A7C15u;
}
