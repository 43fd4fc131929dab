#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#endif
#endif
#ifndef POISON
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

enum { FIRST_BLOCK = 16 * 1024, NEXT_BLOCK = 64 * 1024, ALIGN = 16 };

struct block {
    struct block *next;
    size_t size, used;
    _Alignas(ALIGN) char data[];
};

struct cleanup {
    struct cleanup *next;
    void (*fn)(void *);
    void *arg;
};

struct arena {
    struct block *block; /* newest first; the last one is kept on reset */
    struct cleanup *cleanup;
    size_t used;
};

static void *must(void *p) {
    if (!p) abort();
    return p;
}

static struct block *block_make(size_t size) {
    struct block *b = must(malloc(sizeof *b + size));
    b->next = NULL;
    b->size = size;
    b->used = 0;
    POISON(b->data, size);
    return b;
}

static void block_free(struct block *b) {
    UNPOISON(b->data, b->size);
    free(b);
}

struct arena *arena_make(void) {
    struct arena *a = must(calloc(1, sizeof *a));
    a->block = block_make(FIRST_BLOCK);
    return a;
}

void arena_reset(struct arena *a) {
    for (struct cleanup *c = a->cleanup; c; c = c->next)
        c->fn(c->arg);
    a->cleanup = NULL;
    while (a->block->next) {
        struct block *older = a->block->next;
        block_free(a->block);
        a->block = older;
    }
    a->block->used = 0;
    a->used = 0;
    POISON(a->block->data, a->block->size);
}

void arena_free(struct arena *a) {
    if (!a) return;
    arena_reset(a);
    block_free(a->block);
    free(a);
}

void *arena_alloc(struct arena *a, size_t n) {
    size_t room = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (room < n) abort();
    struct block *b = a->block;
    if (b->size - b->used < room) {
        struct block *fresh = block_make(MAX_OF(room, (size_t)NEXT_BLOCK));
        fresh->next = b;
        a->block = b = fresh;
    }
    void *p = b->data + b->used;
    b->used += room;
    a->used += room;
    UNPOISON(p, n);
    return n ? memset(p, 0, n) : p;
}

void *arena_alloc_array(struct arena *a, size_t n, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(n, size, &total)) abort();
    return arena_alloc(a, total);
}

void arena_on_reset(struct arena *a, void (*fn)(void *), void *arg) {
    struct cleanup *c = ARENA_NEW(a, struct cleanup);
    *c = (struct cleanup){.next = a->cleanup, .fn = fn, .arg = arg};
    a->cleanup = c;
}

str arena_str(struct arena *a, str s) {
    if (!s.p) return s;
    char *p = arena_alloc(a, s.n + 1);
    memcpy(p, s.p, s.n);
    return (str){p, s.n};
}

char *arena_cstr(struct arena *a, str s) {
    char *p = arena_alloc(a, s.n + 1);
    if (s.n) memcpy(p, s.p, s.n);
    return p;
}

str arena_vprintf(struct arena *a, const char *format, va_list args) {
    char small[256]; /* most texts fit, and are made once */
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(small, sizeof small, format, args);
    if (n < 0) abort();
    char *p = arena_alloc(a, (size_t)n + 1);
    if ((size_t)n < sizeof small)
        memcpy(p, small, (size_t)n + 1);
    else
        vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return (str){p, (size_t)n};
}

str arena_printf(struct arena *a, const char *format, ...) {
    va_list args;
    va_start(args, format);
    str s = arena_vprintf(a, format, args);
    va_end(args);
    return s;
}

str arena_join(struct arena *a, const str *parts, size_t n) {
    size_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += parts[i].n;
    char *p = arena_alloc(a, total + 1), *at = p;
    for (size_t i = 0; i < n; i++) {
        if (parts[i].n) memcpy(at, parts[i].p, parts[i].n);
        at += parts[i].n;
    }
    return (str){p, total};
}
