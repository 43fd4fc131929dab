/* Verifying the chain and its seals. */
#include <pthread.h>

#include "audit/audit.h"
#include "audit/chain.h"
#include "gen/audit_sql.h"

/* The walk's state: what the next entry must look like, and which seal and expectation come next. */
struct walk {
    struct arena *a;
    struct audit_seals *seals;
    size_t seals_n, seal;
    const unsigned char *trusted_key;
    const struct audit_head *expect;
    bool expect_met;
    struct audit_verdict *v;
};

static bool bad(struct walk *w, i64 entry, const char *format, ...) PRINTF(3, 4);
static bool bad(struct walk *w, i64 entry, const char *format, ...) {
    va_list args;
    va_start(args, format);
    w->v->whole = false;
    w->v->first_bad = entry;
    w->v->why = arena_vprintf(w->a, format, args);
    va_end(args);
    return false;
}

static bool check_seal(struct walk *w, const struct audit_seals *s) {
    if (s->public_key.n != CRYPTO_PUBLIC_KEY || s->signature.n != CRYPTO_SIGNATURE ||
        memcmp(s->public_key.p, w->trusted_key, CRYPTO_PUBLIC_KEY) != 0)
        return bad(w, 0, "seal %lld is not signed with the trusted key", (long long)s->id);
    str message = audit_seal_message(w->a, s->at_us, s->entries, s->head_hash);
    if (!crypto_verify((const unsigned char *)s->signature.p, message, w->trusted_key))
        return bad(w, 0, "seal %lld has a wrong signature", (long long)s->id);
    return true;
}

/* Seals and expectation that speak of the chain's state after `entries`. */
static bool check_marks(struct walk *w, i64 entries, str hash) {
    while (w->seal < w->seals_n && w->seals[w->seal].entries == entries) {
        const struct audit_seals *s = &w->seals[w->seal++];
        if (!str_eq(s->head_hash, hash))
            return bad(w, entries, "entry %lld is not the one that seal %lld signed", (long long)entries,
                       (long long)s->id);
        w->v->seals++;
    }
    if (w->expect && w->expect->entries == entries) {
        if (!str_eq(hash_str(&w->expect->hash), hash))
            return bad(w, entries, "entry %lld is not the one that was noted", (long long)entries);
        w->expect_met = true;
    }
    return true;
}

static bool check_entry(struct walk *w, const struct audit_walk *e) {
    i64 due = w->v->entries + 1;
    if (e->id != due) {
        if (e->id < due) return bad(w, e->id, "entry %lld was inserted", (long long)e->id);
        return bad(w, due, "entry %lld was removed", (long long)due);
    }
    if (!str_eq(e->prev_hash, hash_str(&w->v->head)))
        return bad(w, due, "entry %lld does not follow the one before it", (long long)due);
    hash256 hash = audit_chain_hash(e);
    if (!str_eq(e->hash, hash_str(&hash))) return bad(w, due, "entry %lld was changed", (long long)due);
    w->v->entries = due;
    w->v->head = hash;
    return check_marks(w, due, e->hash);
}

/* ---- one thread reads, another one looks ---- */

enum { BATCH = 512, BATCHES = 4, SHOWN = 4096 };

struct batch {
    struct arena *arena; /* of the entries' texts */
    struct audit_walk entries[BATCH];
    size_t n;
};

/* Batches go round: those from `looked` to `read` wait to be looked at, the reader fills the next one. */
struct ring {
    struct batch batches[BATCHES];
    size_t read, looked;
    bool ended; /* nothing more is read */
    bool bad;   /* nothing more is looked at */
    pthread_mutex_t lock;
    pthread_cond_t moved;
    struct walk *walk;
    i64 entries, total; /* read so far, and expected */
    void (*progress)(void *arg, i64 done, i64 total);
    void *arg;
};

/* Hands the batch over and waits until the next one is free; false when a bad entry was found. */
static bool hand_over(struct ring *g) {
    pthread_mutex_lock(&g->lock);
    g->read++;
    pthread_cond_signal(&g->moved);
    while (g->read - g->looked == BATCHES && !g->bad)
        pthread_cond_wait(&g->moved, &g->lock);
    bool good = !g->bad;
    pthread_mutex_unlock(&g->lock);
    struct batch *next = &g->batches[g->read % BATCHES];
    if (good) {
        arena_reset(next->arena);
        next->n = 0;
    }
    return good;
}

/* Moves all of them into the arena, as one piece: there are millions of entries. */
static void keep(struct arena *a, str *const *texts, size_t n) {
    size_t room = 0;
    for (size_t i = 0; i < n; i++)
        room += texts[i]->n;
    char *to = arena_alloc(a, room + 1);
    for (size_t i = 0; i < n; i++) {
        if (!texts[i]->p) continue;
        memcpy(to, texts[i]->p, texts[i]->n);
        texts[i]->p = to;
        to += texts[i]->n;
    }
}

static bool read_entry(void *arg, const struct audit_walk *e) {
    struct ring *g = arg;
    struct batch *b = &g->batches[g->read % BATCHES];
    struct audit_walk *to = &b->entries[b->n++];
    *to = *e;
    str *texts[] = {&to->action_group, &to->action,      &to->full_action, &to->result,      &to->reason,
                    &to->actor,        &to->username,    &to->customer,    &to->view,        &to->origin,
                    &to->subject_kind, &to->subject_id,  &to->details,     &to->before_json, &to->after_json,
                    &to->ip,           &to->search_fold, &to->prev_hash,   &to->hash};
    keep(b->arena, texts, COUNT_OF(texts));
    if (++g->entries % SHOWN == 0 && g->progress) g->progress(g->arg, g->entries, g->total);
    return b->n < BATCH || hand_over(g);
}

/* The next batch to look at; NULL: there is none any more. */
static struct batch *wait_for_batch(struct ring *g) {
    pthread_mutex_lock(&g->lock);
    while (g->looked == g->read && !g->ended)
        pthread_cond_wait(&g->moved, &g->lock);
    bool more = g->looked < g->read;
    pthread_mutex_unlock(&g->lock);
    return more ? &g->batches[g->looked % BATCHES] : NULL;
}

static void *look_main(void *arg) {
    struct ring *g = arg;
    bool good = true;
    for (struct batch *b; good && (b = wait_for_batch(g));) {
        for (size_t i = 0; good && i < b->n; i++)
            good = check_entry(g->walk, &b->entries[i]);
        pthread_mutex_lock(&g->lock);
        g->looked++;
        g->bad = !good;
        pthread_cond_signal(&g->moved);
        pthread_mutex_unlock(&g->lock);
    }
    return NULL;
}

static enum err read_all(struct db_r *r, struct ring *g) {
    pthread_t looker;
    if (pthread_create(&looker, NULL, look_main, g) != 0) return ERR_INTERNAL;
    enum err e = audit_all(r, read_entry, g);
    pthread_mutex_lock(&g->lock);
    if (!e && !g->bad) g->read++; /* the last one, however full it is */
    g->ended = true;
    pthread_cond_signal(&g->moved);
    pthread_mutex_unlock(&g->lock);
    pthread_join(looker, NULL);
    return e;
}

static enum err walk_entries(struct db_r *r, struct walk *w, void (*progress)(void *arg, i64 done, i64 total),
                             void *arg) {
    struct audit_last last = {0};
    enum err e = audit_last(r, &last);
    if (e) return e == ERR_NOT_FOUND ? OK : e;
    struct ring *g = ARENA_NEW(w->a, struct ring);
    *g = (struct ring){.walk = w, .total = last.id, .progress = progress, .arg = arg};
    pthread_mutex_init(&g->lock, NULL);
    pthread_cond_init(&g->moved, NULL);
    for (size_t i = 0; i < BATCHES; i++)
        g->batches[i].arena = arena_make();
    e = read_all(r, g);
    for (size_t i = 0; i < BATCHES; i++)
        arena_free(g->batches[i].arena);
    pthread_cond_destroy(&g->moved);
    pthread_mutex_destroy(&g->lock);
    return e;
}

enum err audit_verify(struct db_r *r, struct arena *a, const unsigned char *trusted_key,
                      const struct audit_head *expect, void (*progress)(void *arg, i64 done, i64 total),
                      void *arg, struct audit_verdict *ret) {
    *ret = (struct audit_verdict){.whole = true, .why = S("")};
    struct walk w = {.a = a, .trusted_key = trusted_key, .expect = expect, .v = ret};
    TRY(audit_seals(r, &w.seals, &w.seals_n));
    if (!w.trusted_key && w.seals_n && w.seals[0].public_key.n == CRYPTO_PUBLIC_KEY)
        w.trusted_key = (const unsigned char *)w.seals[0].public_key.p;
    for (size_t i = 0; i < w.seals_n; i++)
        if (!w.trusted_key || !check_seal(&w, &w.seals[i])) return OK;
    TRY(walk_entries(r, &w, progress, arg));
    if (!ret->whole) return OK;
    if (w.seal < w.seals_n)
        bad(&w, ret->entries + 1, "entry %lld was removed: seal %lld signed %lld entries",
            (long long)(ret->entries + 1), (long long)w.seals[w.seal].id, (long long)w.seals[w.seal].entries);
    else if (expect && expect->entries > 0 && !w.expect_met)
        bad(&w, ret->entries + 1, "entry %lld was removed: a head of %lld entries was noted",
            (long long)(ret->entries + 1), (long long)expect->entries);
    return OK;
}
