/* Compiler attributes and the integer words used everywhere. */
#ifndef BASE_DEFS_H
#define BASE_DEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t i64;
typedef uint64_t u64;

/* An id or number that may be absent (SQL NULL). */
typedef struct {
    i64 v;
    bool set;
} opt_i64;

#define OPT(x) ((opt_i64){.v = (x), .set = true})
#define NONE   ((opt_i64){0})

#define MUST_CHECK   __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define UNUSED       __attribute__((unused))
#define COUNT_OF(a)  (sizeof(a) / sizeof((a)[0]))
#define MIN_OF(a, b) ((a) < (b) ? (a) : (b))
#define MAX_OF(a, b) ((a) > (b) ? (a) : (b))

#endif
