/* The structs behind db.h, for the files of db/ and their tests. */
#ifndef DB_INSIDE_H
#define DB_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "db/engine.h"

enum {
    DB_TRIES = 6, /* of a transaction that the engine would have run again */
    DB_BATCH_MAX =
        64, /* operations in one commit: with more, SQLite's savepoints cost more than the flush saves */
    DB_IDLE_US = 100000,       /* without an operation, and the writer's house is put in order */
    DB_POOL_WAIT_US = 5000000, /* waiting for a read connection: then somebody holds too many */
    DB_QUEUE_DEFAULT = 1024,   /* operations waiting */
    DB_WATCH_KEYED = 1 << 16,  /* slots for (table, key) */
    DB_WATCH_NOTES_MAX = 2048, /* a page that looked at more is not worth keeping */
};

struct db_r {
    struct db *db;
    struct db_conn *conn;
    struct arena *arena;
    struct db_sight sight;
    struct db_watch *watch; /* NULL: nobody asked */
    u64 epoch;              /* taken before the snapshot began */
    struct db_w *w;         /* NULL on a reading connection */
    struct db_cursor *open;
    int depth;
    enum err failed; /* what the database's trouble was with a statement of the running job; OK: none */
};

struct db_w {
    struct db_r r;
    bool loading; /* rows may still be gathered */
};

/* A read connection of the pool. */
struct db_seat {
    struct db_r r; /* first: db_read_end finds the seat by it */
    struct db_seat *next;
};

struct db_pool {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    struct db_seat *idle;
    size_t seats, used;
};

struct db_queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct db_job *first, **last;
    size_t n, limit;
    pthread_t thread;
    bool running, stopping;
};

/* When what was changed last. Slots: DB_WATCH_KEYED for (table, key), then two for each table: "all", "any".
 */
struct db_epochs {
    _Atomic u64 now;
    _Atomic u64 *slots;
    uint32_t *pending; /* slots changed by the running transaction; only the writer touches it */
    size_t pending_n, pending_cap;
    pthread_mutex_t publishing; /* a slot must not get an older epoch after a younger one */
    _Atomic bool deaf;          /* other servers cannot be heard now: no watch holds */
};

struct db_watch {
    struct arena *arena; /* NULL in a copy */
    u64 epoch;
    bool never; /* it cannot be told what was read */
    uint32_t n, cap;
    uint32_t *slots;
};

struct db {
    const struct db_engine *engine;
    const struct db_registry *registry;
    void *place; /* the engine's own */
    bool read_only;
    i64 patience_us; /* 0: without end */
    void (*on_migration)(const char *name, i64 us);
    struct db_conn *writer;
    struct db_pool pool;
    struct db_queue queue;
    struct db_epochs epochs;
    _Atomic u64 commits;                  /* transactions of the writer that reached the disk */
    _Atomic u64 waits;                    /* its round trips */
    _Atomic bool reads_fail, writes_fail; /* the latest of its kind found the database away */
    _Atomic bool follows;                 /* another server does the common work */
    _Atomic bool *used;                   /* by number: statements that were run; for the tests */
    pthread_mutex_t error_lock;
    char error[512];
};

/* Notes whether the database did what was asked. Written only when it changes: every statement comes by. */
static inline void db_health(_Atomic bool *fails, enum err e) {
    bool away = e == ERR_AWAY || e == ERR_UNSURE;
    if (atomic_load_explicit(fails, memory_order_relaxed) != away && (!e || away)) atomic_store(fails, away);
}

/* load.c */
/* Before another statement: all rows that were loaded are in. */
enum err db_load_settle(struct db_w *w) MUST_CHECK;

/* pool.c */
void db_pool_init(struct db *db);
void db_pool_done(struct db *db);
/* Closes the cursors of `r` that were opened deeper than `depth`. */
void db_close_cursors(struct db_r *r, int depth);

/* writer.c */
void db_queue_init(struct db *db, size_t limit);
/* Lets the writer finish what is queued and joins it. */
void db_queue_done(struct db *db);

/* watch.c */
void db_epochs_init(struct db *db);
void db_epochs_done(struct db *db);
u64 db_epoch_now(const struct db *db);
void db_watch_note(struct db_watch *w, const struct db_stmt *st, const struct db_value *in);
void db_watch_note_unknown(struct db_watch *w);
/* A change by the running transaction: kept until db_epochs_publish, or taken back to an earlier mark. */
void db_epochs_change(struct db *db, const struct db_stmt *st, const struct db_value *in);
size_t db_epochs_mark(const struct db *db);
void db_epochs_take_back(struct db *db, size_t mark);
/* After the commit, before anybody is told of it. */
void db_epochs_publish(struct db *db);
/* Another server changed what hashes to these slots. Slots that do not exist here mean everything. */
void db_epochs_heard(struct db *db, const uint32_t *slots, size_t n);
/* Something changed, and it is not known what. */
void db_epochs_heard_all(struct db *db);

/* used.c */
/* When COUNTERSIGN_STATEMENTS names a file, the names of the statements that were run are appended to it. */
void db_used_write(struct db *db);

#endif
