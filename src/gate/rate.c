/* Rate limits: a token bucket per class and address, in a table of fixed size. A collision makes two
 * addresses share a bucket for a while, which costs a stranger a wait and never memory. */
#include <stdlib.h>

#include "gate/inside.h"

enum { BUCKETS = 16384 };

struct bucket {
    u64 key;
    i64 at_us;
    i64 milli; /* thousandths of a request that are left */
};

struct rate {
    pthread_mutex_t lock;
    struct bucket bucket[BUCKETS];
};

struct rate *rate_make(void) {
    struct rate *r = calloc(1, sizeof *r);
    if (!r) abort();
    pthread_mutex_init(&r->lock, NULL);
    return r;
}

void rate_free(struct rate *r) {
    if (!r) return;
    pthread_mutex_destroy(&r->lock);
    free(r);
}

bool rate_allow(struct rate *r, enum gate_limit class, str who, i64 per_minute, i64 now_us) {
    u64 key = str_hash(who) + (u64) class * 0x9E3779B97F4A7C15u;
    struct bucket *b = &r->bucket[(key >> 20) % BUCKETS];
    i64 full = per_minute * 1000;
    pthread_mutex_lock(&r->lock);
    if (b->key != key && b->milli >= full) *b = (struct bucket){.key = key, .at_us = now_us, .milli = full};
    if (b->key == 0) *b = (struct bucket){.key = key, .at_us = now_us, .milli = full};
    i64 passed_us = MIN_OF(MAX_OF(now_us - b->at_us, 0), US_MINUTE);
    b->milli = MIN_OF(full, b->milli + passed_us * per_minute / (US_MINUTE / 1000));
    b->at_us = now_us;
    if (b->key != key && b->milli >= full) b->key = key;
    bool allowed = b->milli >= 1000;
    if (allowed) b->milli -= 1000;
    pthread_mutex_unlock(&r->lock);
    return allowed;
}
