/* An arena is memory with one lifetime: a request, a job, a command. Nothing in it is freed on its own. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>

#include "base/str.h"

struct arena;

/* A new arena; takes its first block at once. Not shared between threads without a hand-over. */
struct arena *arena_make(void);
/* Runs the clean-ups, latest first, and gives all memory back. Accepts NULL. */
void arena_free(struct arena *a);
/* Runs the clean-ups and empties the arena, keeping its first block for reuse. */
void arena_reset(struct arena *a);
/* Runs `fn(arg)` when the arena is reset or freed: for what is not memory (a statement, a file). */
void arena_on_reset(struct arena *a, void (*fn)(void *), void *arg);

/* Zeroed memory, aligned for any type. Aborts when the machine has none. */
void *arena_alloc(struct arena *a, size_t n);
/* `n` zeroed elements. */
#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc_array((a), (n), sizeof(type)))
void *arena_alloc_array(struct arena *a, size_t n, size_t size);

/* Copies; the copy is NUL-terminated behind its length. STR_NULL stays STR_NULL. */
str arena_str(struct arena *a, str s);
/* A NUL-terminated copy, for libraries that want one. STR_NULL gives "". */
char *arena_cstr(struct arena *a, str s);
str arena_printf(struct arena *a, const char *format, ...) PRINTF(2, 3);
str arena_vprintf(struct arena *a, const char *format, va_list args) PRINTF(2, 0);
/* Joins `n` parts. */
str arena_join(struct arena *a, const str *parts, size_t n);
#define ARENA_CAT(a, ...)                                                                                    \
    arena_join((a), (const str[]){__VA_ARGS__}, sizeof((const str[]){__VA_ARGS__}) / sizeof(str))

#endif
