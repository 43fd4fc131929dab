/* The SQLite engine's own structs. sqlite3.h is included nowhere else.
 *
 * Rules that the whole engine keeps (Debian 12's SQLite 3.40.1 can corrupt a database when one connection
 * commits while another checkpoints): one connection writes, only that one checkpoints, and only between its
 * own commits. */
#ifndef DB_SQLITE_INSIDE_H
#define DB_SQLITE_INSIDE_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "db/engine.h"

enum {
    SQLITE_TEXTS = 64,         /* run-time texts kept prepared on a connection */
    SQLITE_BUSY_MS = 5000,     /* waiting for a lock that a crashed process's recovery may hold */
    SQLITE_WAL_IDLE = 1 << 20, /* bytes in the WAL that start a checkpoint when nobody waits for the writer */
    SQLITE_WAL_BUSY = 4 << 20, /* … and under load, whoever waits */
    SQLITE_WAL_STEP = 1 << 20, /* bytes it must grow before the next try when readers held it up */
    SQLITE_WAL_KEEP = 32 << 20, /* the file is cut back to this when it starts again */
    SQLITE_PARAMS_MAX = 256,
};

struct sqlite_place {
    char *path; /* resolved */
    int lock;   /* descriptor that holds the writer's lock; -1 when opened for reading only */
    /* keep.c */
    pthread_mutex_t readers_lock;
    struct sqlite_conn *readers;
    _Atomic u64 version; /* odd while the writer is in a transaction */
};

/* What the authorizer lets pass. */
enum sqlite_guard {
    GUARD_SETUP,   /* pragmas of a new connection */
    GUARD_CONTROL, /* begin, commit, savepoints */
    GUARD_READ,
    GUARD_WRITE,
    GUARD_MIGRATE,
};

enum sqlite_control {
    CONTROL_BEGIN,
    CONTROL_COMMIT,
    CONTROL_ROLLBACK,
    CONTROL_SAVE,
    CONTROL_RELEASE,
    CONTROL_BACK,
    CONTROL_MAX
};

/* A savepoint is only noted until something is changed behind it: most operations never go back to one, and
 * an operation's inner one mostly begins where its outer one does. */
enum sqlite_mark {
    MARK_NOTED,
    MARK_SET,   /* has a savepoint */
    MARK_SHARED /* begins where the one beneath does, which has a savepoint */
};

struct sqlite_conn;

/* A prepared statement; its cursor is in it, so running it takes no memory. */
struct sqlite_stmt {
    struct db_cursor cursor; /* first */
    struct sqlite_conn *conn;
    sqlite3_stmt *st;
    const char *name;
    uint16_t *place; /* SQLite's index of $1, $2, …: it counts names in the order of their first use */
    size_t params;
    bool open;    /* the cursor is in use */
    bool one_use; /* finalised at the cursor's end */
    char *text;   /* run-time text */
    size_t text_n;
    u64 hash, used;
};

struct sqlite_conn {
    struct db_conn base; /* first */
    sqlite3 *sql;
    enum sqlite_guard guard;
    struct sqlite_stmt **by_id;
    struct sqlite_stmt *texts[SQLITE_TEXTS];
    u64 clock; /* counts uses of texts */
    enum sqlite_mark marks[8];
    size_t marks_n;
    sqlite3_stmt *snapshot, *control[CONTROL_MAX];
    struct sqlite_stmt *loading; /* see load.c; NULL: none */
    const struct db_stmt *loading_of;
    i64 page_size, wal_pages, checkpoint_at;
    /* Of readers, see keep.c. */
    struct sqlite_conn *next_reader;
    pthread_mutex_t keep_lock;
    bool kept;   /* nobody uses the connection, and its snapshot is still open */
    u64 version; /* the place's, just before the snapshot was taken */
};

/* keep.c: snapshots that are kept between requests */
void sqlite_keep_init(struct sqlite_place *place);
void sqlite_keep_done(struct sqlite_place *place);
/* A new reading connection, and its end. */
void sqlite_keep_add(struct sqlite_conn *c);
void sqlite_keep_remove(struct sqlite_conn *c);
/* At the begin of a request: true when the connection has a snapshot already, and there is no newer one. */
bool sqlite_keep_resume(struct sqlite_conn *c);
/* At its end: true when the snapshot is kept; otherwise the caller ends it. */
bool sqlite_keep_leave(struct sqlite_conn *c);
/* Before the writer begins, and after it has committed, rolled back or failed to begin. */
void sqlite_keep_writing(struct sqlite_place *place);
void sqlite_keep_written(struct sqlite_place *place);

/* conn.c */
enum err sqlite_connect(struct db *db, enum db_role role, struct db_conn **ret) MUST_CHECK;
void sqlite_disconnect(struct db_conn *base);
/* Sets the savepoint that was only noted: before every change. */
enum err sqlite_before_change(struct sqlite_conn *c) MUST_CHECK;
/* Runs begin, commit and the like. */
int sqlite_run_control(struct sqlite_conn *c, enum sqlite_control what) MUST_CHECK;
/* Keeps the connection's message and gives the error it means. */
enum err sqlite_failed(struct sqlite_conn *c, const char *where, int rc) MUST_CHECK;
/* The authorizer of every connection; `arg` is the sqlite_conn. */
int sqlite_guard_check(void *arg, int op, const char *a, const char *b, const char *schema,
                       const char *inner);
void sqlite_tidy(struct db_conn *base, bool idle);

/* stmt.c */
enum err sqlite_query(struct db_conn *base, const struct db_stmt *st, const struct db_value *in,
                      struct db_cursor **ret);
/* Rows come one by one anyway. */
enum err sqlite_stream(struct db_conn *base, const struct db_stmt *st, struct db_cursor **ret);
enum err sqlite_query_text(struct db_conn *base, str sql, const struct db_value *in, size_t n,
                           struct db_cursor **ret);
enum err sqlite_exec(struct db_conn *base, const struct db_stmt *st, const struct db_value *in, bool counted,
                     i64 *ret_changes);
bool sqlite_next(struct db_cursor *k);
void sqlite_finish(struct db_cursor *k);
bool sqlite_is_null(struct db_cursor *k, int column);
i64 sqlite_get_int(struct db_cursor *k, int column);
str sqlite_get_str(struct db_cursor *k, int column);
enum err sqlite_check(struct arena *a, struct db_conn *base, const struct db_stmt *const *st, size_t n,
                      size_t *ret_which, str *ret_complaint);
/* A statement of the caller's own, for sqlite_run_once; given back with sqlite_drop. */
enum err sqlite_prepare(struct sqlite_conn *c, const char *name, str sql, size_t params,
                        struct sqlite_stmt **ret) MUST_CHECK;
enum err sqlite_run_once(struct sqlite_stmt *s, const struct db_value *in) MUST_CHECK;
void sqlite_drop(struct sqlite_stmt *s); /* accepts NULL */
/* Finalises every statement of the connection. */
void sqlite_drop_statements(struct sqlite_conn *c);

/* load.c */
enum err sqlite_load_row(struct db_conn *base, const struct db_stmt *st, const struct db_value *in);
enum err sqlite_load_end(struct db_conn *base);

/* place.c */
enum err sqlite_open_place(struct arena *a, struct db *db, const struct db_options *o, str place,
                           str *ret_why);
void sqlite_close_place(struct db *db);
enum err sqlite_backup(struct arena *a, struct db *db, const char *path, str *ret_why);

#endif
