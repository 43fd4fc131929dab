/* The PostgreSQL engine's own structs. libpq-fe.h is included nowhere else.
 *
 * Every connection stays in pipeline mode. What needs no answer (BEGIN, SAVEPOINT, RELEASE, the first PREPARE
 * of a statement) waits and travels with the next statement, so that an operation costs one round trip for
 * each statement and none for its frame.
 *
 * Writing transactions of all servers follow one another: each takes an advisory lock first. So an operation
 * finds, as on SQLite, nothing changing under it; the record's chain has one head; and nothing deadlocks. The
 * commits are grouped as on SQLite, which is where the speed comes from. */
#ifndef DB_POSTGRES_INSIDE_H
#define DB_POSTGRES_INSIDE_H

#include <libpq-fe.h>

#include "base/buf.h"
#include "db/inside.h"

enum {
    PG_VERSION_MIN = 150000,
    PG_PARAMS_MAX = 256,
    PG_DEFERRED_MAX = 64,     /* commands that wait for the next statement */
    PG_NOTICE_MAX = 7900,     /* bytes of a notification; PostgreSQL takes less than 8000 */
    PG_LISTEN_MS = 5000,      /* between two looks at a quiet listening connection */
    PG_RELISTEN_MS = 500,     /* after it was lost */
    PG_FILL_STEP = 256 << 10, /* bytes gathered before they are sent */
    PG_FILL_MAX = 1 << 30,    /* one row; PostgreSQL takes no larger one */
    PG_VERDICT_TRIES = 50,    /* asking what became of a commit: this often, 100 ms apart */
};

/* Advisory locks: of the running writing transaction, of the server that does the common work. */
#define PG_LOCK_WRITE "4858412230001"
#define PG_LOCK_LEAD  "4858412230002"
#define PG_CHANNEL    "countersign"

enum {
    PG_INT8 = 20,
    PG_INT2 = 21,
    PG_INT4 = 23,
    PG_BOOL = 16,
    PG_TEXT = 25,
    PG_VARCHAR = 1043,
    PG_BYTEA = 17
};

struct pg_place {
    char *url;
    _Atomic int writer_pid; /* whose notifications are our own */
    pthread_t thread;
    bool listening;
    int stop_fd; /* an eventfd that ends the listening thread; -1: none */
};

struct pg_conn;

/* A result that is being read. */
struct pg_cursor {
    struct db_cursor cursor; /* first */
    PGresult *rows;
    int row;
};

struct pg_conn {
    struct db_conn base; /* first */
    PGconn *pg;          /* NULL: not connected now */
    bool *prepared;      /* by statement number, on this connection */
    const char *deferred[PG_DEFERRED_MAX];
    size_t deferred_n;
    int unread;         /* groups that were sent and whose answers nobody has read */
    size_t frame, good; /* of the last call: deferred commands in it; commands that succeeded */
    bool open;          /* a transaction, as far as the caller knows */
    bool sent;          /* its BEGIN has gone out */
    bool broken;        /* a statement failed: only going back to a savepoint helps */
    bool migrating;
    const struct db_copy *filling; /* the table that is being filled, and what was not sent yet */
    struct buf fill;
    enum db_fate fate; /* of the transaction that was given up */
    bool committing;   /* the connection broke while its commit was under way */
    char xid[24];      /* the number of the writing transaction; "": not known */
};

/* conn.c */
enum err pg_connect(struct db *db, enum db_role role, struct db_conn **ret) MUST_CHECK;
void pg_disconnect(struct db_conn *base);
/* A bare connection of this place with our settings. On failure NULL, and db_fail was told. */
PGconn *pg_reach(struct db *db, const char *settings);

/* call.c */
/* Connects again if need be, and sends what was deferred. */
enum err pg_begin_call(struct pg_conn *c) MUST_CHECK;
/* Reads the answer of what was sent since. `sent` is what PQsend… said. *ret_rows is the last command's
 * result and owned by the caller; pass NULL when it does not matter. */
enum err pg_end_call(struct pg_conn *c, const char *where, int sent, PGresult **ret_rows) MUST_CHECK;
/* A command of constant text, at once. */
enum err pg_command(struct pg_conn *c, const char *sql, PGresult **ret_rows) MUST_CHECK;
/* Lets a command wait for the next call. */
enum err pg_defer(struct pg_conn *c, const char *sql) MUST_CHECK;
/* Keeps what libpq says of a failed result and gives the error that it means. */
enum err pg_failed(struct pg_conn *c, const char *where, const PGresult *r) MUST_CHECK;
/* The connection is gone: closes it and settles the fate of what was open on it. */
void pg_lost(struct pg_conn *c, const char *where);
/* libpq's messages have several lines. */
void pg_fail(struct db *db, const char *where, const char *message);

/* stmt.c */
enum err pg_query(struct db_conn *base, const struct db_stmt *st, const struct db_value *in,
                  struct db_cursor **ret);
enum err pg_query_text(struct db_conn *base, str sql, const struct db_value *in, size_t n,
                       struct db_cursor **ret);
enum err pg_exec(struct db_conn *base, const struct db_stmt *st, const struct db_value *in, i64 *ret_changes);
bool pg_next(struct db_cursor *k);
void pg_finish(struct db_cursor *k);
bool pg_is_null(struct db_cursor *k, int column);
i64 pg_get_int(struct db_cursor *k, int column);
str pg_get_str(struct db_cursor *k, int column);
enum err pg_check(struct arena *a, struct db_conn *base, const struct db_stmt *st, str *ret_complaint);

/* fill.c */
enum err pg_fill_begin(struct db_conn *base, const struct db_copy *t);
enum err pg_fill_row(struct db_conn *base, const struct db_value *row);
enum err pg_fill_end(struct db_conn *base);
/* For what a pipeline cannot do, inside a transaction; then back. */
enum err pg_leave_pipeline(struct pg_conn *c, const char *where) MUST_CHECK;
enum err pg_enter_pipeline(struct pg_conn *c, const char *where) MUST_CHECK;

/* listen.c */
enum err pg_announce(struct db_conn *base, const uint32_t *slots, size_t n);
enum err pg_listen(struct db *db);
void pg_unlisten(struct db *db);

#endif
