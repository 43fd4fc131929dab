/* A str is a pointer and a length: bytes that somebody else owns. It is not NUL-terminated.
 * `p == NULL` is the absent value (SQL NULL, a field that was not sent); an empty string has `p != NULL, n ==
 * 0`. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <string.h>

#include "base/defs.h"

typedef struct {
    const char *p;
    size_t n;
} str;

/* A str of a string literal; refuses anything else. */
#define S(lit) ((str){"" lit "", sizeof(lit) - 1})
/* The same as a constant initialiser in a static table. */
#define S_INIT(lit)                                                                                          \
    { "" lit "", sizeof(lit) - 1 }
#define STR_NULL ((str){NULL, 0})
/* For printf: printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

/* Borrows a NUL-terminated C string; NULL gives STR_NULL. */
static inline str str_c(const char *c) {
    return c ? (str){c, strlen(c)} : STR_NULL;
}

static inline bool str_eq(str a, str b) {
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is_empty(str s) {
    return s.n == 0;
}

/* Bytes [from, to) of s, clipped to s. */
str str_slice(str s, size_t from, size_t to);
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
/* Compares ASCII letters without case: for header names and e-mail domains, not for people's words. */
bool str_eq_nocase(str a, str b);
/* Offset of the first `c`, or s.n. */
size_t str_find_char(str s, char c);
/* Offset of the first `needle`, or s.n. */
size_t str_find(str s, str needle);
/* Splits at the first `sep`: *ret_head gets what stands before it, the result is what follows (STR_NULL when
 * none). */
str str_cut(str s, char sep, str *ret_head);
/* Without leading and trailing ASCII white space. */
str str_trim(str s);
int str_cmp(str a, str b);
/* Reads a whole decimal number, optional '-'; false on anything else or on overflow. */
bool str_to_i64(str s, i64 *ret);
/* Reads an amount of at most 12 digits and two decimals, point or comma ("12.50", "12,5", "12"), as
 * hundredths; false on anything else. */
bool str_to_minor(str s, i64 *ret);
/* Valid UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF). */
bool str_is_utf8(str s);
/* Number of code points of valid UTF-8. */
size_t str_utf8_len(str s);
/* 64-bit hash for tables in memory (not for secrets). */
u64 str_hash(str s);

#endif
