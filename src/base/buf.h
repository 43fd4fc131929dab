/* A growing byte buffer with a maximum and a sticky error: append freely, ask buf_ok once at the end. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
    char *p;
    size_t n, cap, max;
    bool overflow; /* something did not fit under max; all later appends are dropped */
};

/* An empty buffer that may grow to `max` bytes. Takes no memory yet. Release with buf_done. */
void buf_init(struct buf *b, size_t max);
/* Frees the bytes; the buffer may be initialised again. */
void buf_done(struct buf *b);
/* Empties it and keeps the memory. */
void buf_clear(struct buf *b);
/* The slow half of buf_reserve. */
bool buf_grow(struct buf *b, size_t n);
/* Makes room for `n` more bytes; false (and overflow) past the maximum. */
static inline bool buf_reserve(struct buf *b, size_t n) {
    return (!b->overflow && b->cap - b->n >= n) || buf_grow(b, n);
}
void buf_put(struct buf *b, str s);
void buf_put_char(struct buf *b, char c);
void buf_put_i64(struct buf *b, i64 v);
void buf_printf(struct buf *b, const char *format, ...) PRINTF(2, 3);
/* A JSON string with its quotes (RFC 8259 section 7); STR_NULL gives null. Escapes every control byte and
 * U+2028/9. */
void buf_put_json(struct buf *b, str s);

static inline str buf_str(const struct buf *b) {
    return (str){b->p ? b->p : "", b->n};
}

/* Declares what is in it unusable: whoever asks buf_ok learns that it is not whole. */
static inline void buf_fail(struct buf *b) {
    b->overflow = true;
}

static inline bool buf_ok(const struct buf *b) {
    return !b->overflow;
}

#endif
