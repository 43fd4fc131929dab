/* What a page depended on. A global epoch counts commits; each slot holds the epoch of the last commit that
 * changed what hashes to it. A watch took its epoch before its snapshot began, so it holds as long as no slot
 * it noted is younger. Two keys in one slot only make a page be made again; they never keep a stale one. */
#include "db/inside.h"

static uint32_t slot_all(int table) {
    return DB_WATCH_KEYED + 2 * (uint32_t)table;
}

static uint32_t slot_any(int table) {
    return slot_all(table) + 1;
}

static uint32_t slot_keyed(int table, const struct db_value *key) {
    u64 h = key->kind == DB_INT ? (u64)key->i : str_hash(key->s);
    h ^= (u64)table * 0x9e3779b97f4a7c15u;
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u; /* splitmix64: neighbouring ids spread over all slots */
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((h ^ (h >> 31)) & (DB_WATCH_KEYED - 1));
}

/* NULL as a key names no row: then it is the whole table. */
static const struct db_value *key_of(const struct db_dep *dep, const struct db_value *in) {
    if (dep->key < 0) return NULL;
    const struct db_value *key = &in[dep->key];
    return key->null || (key->kind != DB_INT && !key->s.p) ? NULL : key;
}

static size_t slots_n(const struct db *db) {
    return DB_WATCH_KEYED + 2 * db->registry->tables_n;
}

void db_epochs_init(struct db *db) {
    db->epochs.slots = db_alloc(slots_n(db), sizeof *db->epochs.slots);
    atomic_store(&db->epochs.now, 1);
    atomic_store(&db->epochs.deaf, db->engine->shared);
    pthread_mutex_init(&db->epochs.publishing, NULL);
}

void db_epochs_done(struct db *db) {
    db_free(db->epochs.slots);
    db_free(db->epochs.pending);
    pthread_mutex_destroy(&db->epochs.publishing);
}

u64 db_epoch_now(const struct db *db) {
    return atomic_load_explicit(&db->epochs.now, memory_order_acquire);
}

static void note(struct db_watch *w, uint32_t slot) {
    uint32_t recent = w->n > 16 ? w->n - 16 : 0; /* a list asks the same few tables again and again */
    for (uint32_t i = w->n; i > recent; i--)
        if (w->slots[i - 1] == slot) return;
    if (w->n == DB_WATCH_NOTES_MAX) {
        w->never = true;
        return;
    }
    if (w->n == w->cap) {
        w->cap = w->cap ? 2 * w->cap : 16;
        uint32_t *more = ARENA_ARRAY(w->arena, uint32_t, w->cap);
        if (w->n) memcpy(more, w->slots, w->n * sizeof *more);
        w->slots = more;
    }
    w->slots[w->n++] = slot;
}

void db_watch_note(struct db_watch *w, const struct db_stmt *st, const struct db_value *in) {
    for (int i = 0; i < st->deps_n; i++) {
        const struct db_dep *dep = &st->deps[i];
        const struct db_value *key = key_of(dep, in);
        if (key) {
            note(w, slot_keyed(dep->table, key));
            note(w, slot_all(dep->table));
        } else {
            note(w, slot_any(dep->table));
        }
    }
}

void db_watch_note_unknown(struct db_watch *w) {
    w->never = true;
}

static void change(struct db_epochs *ep, uint32_t slot) {
    if (ep->pending_n == ep->pending_cap) {
        size_t cap = ep->pending_cap ? 2 * ep->pending_cap : 1024;
        uint32_t *more = db_alloc(cap, sizeof *more);
        if (ep->pending_n) memcpy(more, ep->pending, ep->pending_n * sizeof *more);
        db_free(ep->pending);
        ep->pending = more;
        ep->pending_cap = cap;
    }
    ep->pending[ep->pending_n++] = slot;
}

void db_epochs_change(struct db *db, const struct db_stmt *st, const struct db_value *in) {
    for (int i = 0; i < st->deps_n; i++) {
        const struct db_dep *dep = &st->deps[i];
        const struct db_value *key = key_of(dep, in);
        change(&db->epochs, key ? slot_keyed(dep->table, key) : slot_all(dep->table));
        change(&db->epochs, slot_any(dep->table));
    }
}

size_t db_epochs_mark(const struct db *db) {
    return db->epochs.pending_n;
}

void db_epochs_take_back(struct db *db, size_t mark) {
    db->epochs.pending_n = mark;
}

/* Gives slots a new epoch; all of them when `slots` is NULL. */
static void publish(struct db *db, const uint32_t *slots, size_t n) {
    struct db_epochs *ep = &db->epochs;
    pthread_mutex_lock(&ep->publishing);
    /* The counter first: who takes the new epoch before the slots are written sees the commit in its snapshot
     * already. */
    u64 epoch = atomic_fetch_add(&ep->now, 1) + 1;
    for (size_t i = 0; i < n; i++)
        atomic_store_explicit(&ep->slots[slots ? slots[i] : i], epoch, memory_order_release);
    pthread_mutex_unlock(&ep->publishing);
}

void db_epochs_publish(struct db *db) {
    struct db_epochs *ep = &db->epochs;
    if (ep->pending_n == 0) return;
    publish(db, ep->pending, ep->pending_n);
    ep->pending_n = 0;
}

void db_epochs_heard(struct db *db, const uint32_t *slots, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (slots[i] >= slots_n(db)) {
            db_epochs_heard_all(db);
            return;
        }
    publish(db, slots, n);
}

void db_epochs_heard_all(struct db *db) {
    publish(db, NULL, slots_n(db));
}

struct db_watch *db_watch_begin(struct db_r *r) {
    struct db_watch *w = ARENA_NEW(r->arena, struct db_watch);
    w->arena = r->arena;
    w->epoch = r->epoch;
    w->never = r->w != NULL; /* what a running operation sees is not committed yet */
    r->watch = w;
    return w;
}

struct db_watch *db_watch_copy(const struct db_watch *w) {
    struct db_watch *copy = db_alloc(1, sizeof *copy + w->n * sizeof *w->slots);
    *copy = *w;
    copy->arena = NULL;
    copy->cap = w->n;
    copy->slots = (uint32_t *)(void *)(copy + 1);
    if (w->n) memcpy(copy->slots, w->slots, w->n * sizeof *w->slots);
    return copy;
}

bool db_watch_holds(const struct db *db, const struct db_watch *w) {
    if (w->never || atomic_load_explicit(&db->epochs.deaf, memory_order_acquire)) return false;
    for (uint32_t i = 0; i < w->n; i++)
        if (atomic_load_explicit(&db->epochs.slots[w->slots[i]], memory_order_acquire) > w->epoch)
            return false;
    return true;
}
