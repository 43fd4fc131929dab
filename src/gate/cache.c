/* The page cache: rendered public pages with their holes, kept while nothing they show has changed
 * (db_watch). What goes in was rendered by a handler that has no way to a session, and the holes are filled
 * outside, so no private byte can be here. */
#include <stdlib.h>

#include "gate/inside.h"

enum { SLOTS = 4096 };

struct entry {
    struct cache_entry e; /* first: a cache_entry is its entry */
    atomic_int refs;
    u64 hash;
    str key;
    struct db_watch *watch;
    size_t size;
};

struct cache {
    pthread_mutex_t lock;
    struct entry *slot[SLOTS]; /* one page a slot: a newer page of the same slot takes the place */
    size_t bytes, max_bytes;
    size_t hand; /* where making room goes on */
};

struct cache *cache_make(size_t max_bytes) {
    struct cache *c = calloc(1, sizeof *c);
    if (!c) abort();
    pthread_mutex_init(&c->lock, NULL);
    c->max_bytes = max_bytes;
    return c;
}

static void unref(struct entry *e) {
    if (!e || atomic_fetch_sub(&e->refs, 1) != 1) return;
    free(e->watch);
    free(e);
}

/* Under the lock. */
static void drop(struct cache *c, size_t i) {
    if (!c->slot[i]) return;
    c->bytes -= c->slot[i]->size;
    unref(c->slot[i]);
    c->slot[i] = NULL;
}

void cache_free(struct cache *c) {
    if (!c) return;
    for (size_t i = 0; i < SLOTS; i++)
        drop(c, i);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

const struct cache_entry *cache_get(struct cache *c, const struct db *db, str key) {
    u64 hash = str_hash(key);
    size_t i = hash % SLOTS;
    pthread_mutex_lock(&c->lock);
    struct entry *e = c->slot[i];
    if (e && (e->hash != hash || !str_eq(e->key, key))) e = NULL;
    if (e && !db_watch_holds(db, e->watch)) {
        drop(c, i);
        e = NULL;
    }
    if (e) atomic_fetch_add(&e->refs, 1);
    pthread_mutex_unlock(&c->lock);
    return e ? &e->e : NULL;
}

void cache_put_back(struct cache *c, const struct cache_entry *e) {
    (void)c;
    unref((struct entry *)(uintptr_t)e);
}

void cache_store(struct cache *c, str key, const struct html *page, int status, struct db_watch *watch) {
    size_t marks_size = page->marks_n * sizeof *page->marks;
    size_t size = sizeof(struct entry) + marks_size + page->b.n + key.n;
    struct entry *e = size < c->max_bytes / 16 ? malloc(size) : NULL;
    if (!e) {
        free(watch);
        return;
    }
    struct html_mark *marks = (struct html_mark *)(void *)(e + 1);
    char *bytes = (char *)marks + marks_size, *key_copy = bytes + page->b.n;
    if (marks_size) memcpy(marks, page->marks, marks_size);
    memcpy(bytes, page->b.p, page->b.n);
    memcpy(key_copy, key.p, key.n);
    *e = (struct entry){
        .e = {.bytes = {bytes, page->b.n}, .marks = marks, .marks_n = page->marks_n, .status = status},
        .hash = str_hash(key),
        .key = {key_copy, key.n},
        .watch = watch,
        .size = size};
    atomic_init(&e->refs, 1);
    pthread_mutex_lock(&c->lock);
    size_t i = e->hash % SLOTS;
    drop(c, i);
    while (c->bytes + size > c->max_bytes)
        drop(c, c->hand++ % SLOTS);
    c->slot[i] = e;
    c->bytes += size;
    pthread_mutex_unlock(&c->lock);
}
