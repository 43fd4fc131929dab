/* The PostgreSQL engine's own structs. libpq-fe.h is included nowhere else.
 *
 * A round trip costs more than most statements, so every connection stays in pipeline mode, and little waits:
 *   - What needs no answer (BEGIN, the first PREPARE of a statement) travels with the next statement. The end
 *     of a snapshot and a change whose count nobody wants are sent and not waited for.
 *   - What will be asked next is asked along (ahead.c), in the same snapshot or transaction.
 *   - A snapshot has no BEGIN: all that a reading connection is sent up to a synchronisation is one
 *     transaction to the server, and of one snapshot (the settings say so). Where a page is foreseen to its
 *     end, that goes out with its last statements, and seen.c stands by in case that it asks one more.
 *   - A savepoint is only noted. When an operation fails after it has written something, or something that
 *     nobody waited for failed, the whole transaction is run again, and then every answer is waited for and
 *     every savepoint is real: operations are repeatable, and such failures rare.
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
    PG_FRAMES_MAX = 16,       /* commands that are kept prepared */
    PG_DUE_MAX = 1024,        /* answers that are under way */
    PG_DUE_FULL = 512,        /* with so many of them, nothing more is sent without waiting */
    PG_CAREFUL = 8,           /* transactions without haste after one that had to be run again for it */
    PG_AHEAD_MAX = 12,        /* questions asked before their time */
    PG_AHEAD_PARAMS = 6,      /* of such a one */
    PG_AHEAD_SOURCES = 12,    /* places that a parameter may come from */
    PG_AHEAD_NODES = 512,     /* remembered places in what is asked */
    PG_SCORE_MAX = 8,         /* how well such a place can be known */
    PG_SCORE_SURE = 6,        /* how well enough to end a snapshot on it */
    PG_SEEN_MAX = 32,         /* answers of a snapshot that are kept to its end */
    PG_SEEN_VALUES = 192,     /* the parameters of their statements */
    PG_SEEN_BYTES = 8192,     /* all texts of these */
    PG_TRAIL_MAX = 32,        /* statements of one page or operation that are followed */
    PG_TRAIL_CELLS = 512,     /* their values */
    PG_TRAIL_TEXT = 64,       /* longer texts are no keys of anything */
    PG_TRAIL_BYTES = 4096,    /* of all texts */
    PG_NOTICE_MAX = 7900,     /* bytes of a notification; PostgreSQL takes less than 8000 */
    PG_LISTEN_MS = 5000,      /* between two looks at a quiet listening connection */
    PG_RELISTEN_MS = 500,     /* after it was lost */
    PG_CHECK_STEP = 64,       /* statements that are checked at once */
    PG_LOADS_MAX = 64,        /* tables that are loaded at once */
    PG_LOAD_STEP = 256 << 10, /* bytes gathered for one before they are sent */
    PG_LOAD_MAX = 1 << 30,    /* one row; PostgreSQL takes no larger one */
    PG_VERDICT_MS = 5000,     /* asking what became of a commit: so long, 100 ms apart */
    PG_LOCK_MS = 10000,       /* waiting for a lock, where a statement may take as long as it takes */
    PG_DOUBT_MS = 2000,       /* the answer that decides whether the server is there */
    PG_PING_MS = 5000,        /* a question that any server answers at once */
};

/* Advisory locks: of the running writing transaction, of the server that does the common work. */
#define PG_LOCK_WRITE "4858412230001"
#define PG_LOCK_LEAD  "4858412230002"
#define PG_CHANNEL    "countersign"
#define PG_NO_ANSWER  "it does not answer"

enum {
    PG_INT8 = 20,
    PG_INT2 = 21,
    PG_INT4 = 23,
    PG_BOOL = 16,
    PG_TEXT = 25,
    PG_VARCHAR = 1043,
    PG_BYTEA = 17
};

/* Whether the server speaks. Somebody waited in vain: then the listening thread asks, and others wait for
 * what it finds. While it finds silence, nobody waits at all. */
enum pg_voice { PG_HEARD, PG_DOUBTED, PG_SILENT };

struct pg_place {
    char *url;
    _Atomic int writer_pid; /* whose notifications are our own */
    _Atomic int voice;      /* enum pg_voice */
    pthread_mutex_t voice_lock;
    pthread_cond_t voice_known;
    pthread_t thread;
    _Atomic bool listening, stopping;
    int bell_fd; /* an eventfd that wakes the listening thread; -1: none */
};

struct pg_conn;

struct pg_stream; /* stream.c */

/* A result that is being read: all of its rows, or a stream of them. */
struct pg_cursor {
    struct db_cursor cursor; /* first */
    PGresult *rows;
    bool kept; /* they are not the cursor's own */
    int row;
    struct pg_stream *stream; /* NULL: `rows` */
};

/* Rows for a table that were not sent yet. */
struct pg_load {
    const struct db_stmt *st;
    struct buf rows;
};

/* What was sent, and who waits for the answer. */
enum pg_due_kind {
    PG_DUE_FRAME,   /* BEGIN and the like: an error is the caller's */
    PG_DUE_PREPARE, /* of `st` or of `frame` */
    PG_DUE_ANSWER,  /* the caller waits for it */
    PG_DUE_WRITE,   /* a change whose count nobody wants */
    PG_DUE_AHEAD,   /* a question that will probably be asked */
    PG_DUE_AGAIN,   /* one that was answered before: is it still so? */
    PG_DUE_SYNC
};

struct pg_ahead;
struct pg_answer;
struct pg_due {
    enum pg_due_kind kind;
    const struct db_stmt *st;
    const char **frame;       /* its place in `frames` */
    struct pg_ahead *ahead;   /* NULL: what was really asked */
    struct pg_answer *answer; /* that is asked for again */
    bool old;                 /* its transaction is over, and nobody waits any more */
};

struct pg_foresight; /* foresight.h */
struct pg_seen;      /* seen.c */

struct pg_conn {
    struct db_conn base;               /* first */
    PGconn *pg;                        /* NULL: not connected now */
    bool *prepared;                    /* by statement number, on this connection: PREPARE was sent */
    const char *frames[PG_FRAMES_MAX]; /* the same of constant commands such as BEGIN, each by its place */
    const char *deferred[PG_DEFERRED_MAX];
    size_t deferred_n;
    struct pg_due due[PG_DUE_MAX]; /* a ring */
    size_t due_first, due_n;
    struct pg_foresight *foresight;
    struct pg_seen *seen;
    int careful;     /* for so many transactions every answer is waited for */
    bool hasty;      /* in this one not */
    bool open;       /* a transaction, as far as the caller knows */
    bool sent;       /* something of it has gone out */
    bool block;      /* a snapshot that has a BEGIN all the same */
    bool last;       /* with what is sent now the snapshot ends */
    bool over;       /* it has ended, and its owner does not know */
    bool repeatable; /* its owner can begin again */
    bool broken;     /* a statement failed: only going back to a savepoint helps */
    u64 writes;      /* changes sent so far */
    u64 marks[8];    /* of them at each savepoint that is only noted */
    size_t marks_n;
    bool migrating;
    struct pg_load loads[PG_LOADS_MAX]; /* with one of them the connection is not in pipeline mode */
    size_t loads_n;
    const struct db_stmt *copying; /* what was sent last, and not heard of; NULL: nothing */
    enum db_fate fate;             /* of the transaction that was given up */
    bool committing;               /* the connection broke while its commit was under way */
    bool in_vain; /* this transaction's answer did not come in time: nothing is to be tried again */
    char xid[24]; /* the number of the writing transaction; "": not known */
};

/* conn.c */
enum err pg_connect(struct db *db, enum db_role role, struct db_conn **ret) MUST_CHECK;
void pg_disconnect(struct db_conn *base);
/* A bare connection of this place with our settings. On failure NULL, and db_fail was told. */
PGconn *pg_reach(struct db *db, const char *settings);

/* wait.c: a connection never blocks, so these are the places where somebody waits for the server. */
/* Until PQgetResult has something to give, if only that the connection is gone. False when it is still silent
 * at `until_us` (time_mono_us; 0: there is no end). */
bool pg_wait(PGconn *pg, i64 until_us) MUST_CHECK;
/* A command of constant text outside of a pipeline. NULL when there is no answer in time: then the connection
 * is of no more use. */
PGresult *pg_ask(PGconn *pg, const char *sql, int ms) MUST_CHECK;
/* When an answer must be there that is waited for from now on. */
i64 pg_patience(const struct pg_conn *c);
/* The server was waited for in vain. */
void pg_doubt(struct db *db);
/* What the listening thread has found. */
void pg_know(struct db *db, bool heard);
/* ERR_AWAY when it is known to be silent. */
enum err pg_is_there(struct db *db) MUST_CHECK;

/* call.c */
/* Notes that something was sent (or not): `sent` is what PQsend… said. */
bool pg_sent(struct pg_conn *c, int sent, struct pg_due due);
bool pg_send_text(struct pg_conn *c, const char *sql, enum pg_due_kind kind);
bool pg_send_sync(struct pg_conn *c);
/* Reads what is still due of a transaction that is over. */
void pg_drain(struct pg_conn *c, const char *where);
/* Gives the writing transaction up, to be run again without haste. */
void pg_give_up(struct pg_conn *c);
/* A snapshot is read, and not in a transaction that was begun: a synchronisation would end it. */
bool pg_in_snapshot(const struct pg_conn *c);
/* Sends what was deferred. */
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
/* Sends a declared statement, with its preparation when this connection has not seen it yet. */
bool pg_send_declared(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in,
                      struct pg_due due);
bool pg_same_value(const struct db_value *a, const struct db_value *b);
/* A column of a row as a value whose bytes are the result's. */
struct db_value pg_value_at(const PGresult *rows, int row, int column);
enum err pg_query(struct db_conn *base, const struct db_stmt *st, const struct db_value *in,
                  struct db_cursor **ret);
enum err pg_query_text(struct db_conn *base, str sql, const struct db_value *in, size_t n,
                       struct db_cursor **ret);
enum err pg_exec(struct db_conn *base, const struct db_stmt *st, const struct db_value *in, bool counted,
                 i64 *ret_changes);
bool pg_next(struct db_cursor *k);
void pg_finish(struct db_cursor *k);
bool pg_is_null(struct db_cursor *k, int column);
i64 pg_get_int(struct db_cursor *k, int column);
str pg_get_str(struct db_cursor *k, int column);
enum err pg_check(struct arena *a, struct db_conn *base, const struct db_stmt *const *st, size_t n,
                  size_t *ret_which, str *ret_complaint);

/* trail.c */
/* A new page or operation begins; `what` tells which (0: any). */
void pg_ahead_start(struct pg_conn *c, u64 what);
/* Values that the statements to come will probably be asked with. */
void pg_ahead_foretell(struct pg_conn *c, const struct db_value *values, size_t n);
/* Remembers that this was asked and answered. */
void pg_ahead_note(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in,
                   const PGresult *rows);
/* The page is done. */
void pg_ahead_end(struct pg_conn *c);

/* ahead.c */
void pg_ahead_make(struct pg_conn *c);
void pg_ahead_free(struct pg_conn *c);
/* Drops what was asked ahead. */
void pg_ahead_forget(struct pg_conn *c);
/* Before a change: drops the answers that it may have made old. */
void pg_ahead_change(struct pg_conn *c, const struct db_stmt *st);
/* The answer to this statement when it was asked ahead, and then the caller's; else NULL. */
PGresult *pg_ahead_claim(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in);
/* Sends what will probably be asked after this statement, which was just sent. *ret_last: that is all, as far
 * as it can be told. */
bool pg_ahead_send(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in, bool *ret_last);
/* Takes an answer; false when it is not wanted any more. */
bool pg_ahead_take(struct pg_ahead *ahead, PGresult *r);

/* seen.c */
void pg_seen_make(struct pg_conn *c);
void pg_seen_free(struct pg_conn *c);
/* Keeps an answer of the snapshot. When true, it is the snapshot's, up to its end; else the caller's. */
bool pg_seen_keep(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in, PGresult *rows);
/* The server has ended the snapshot, and its owner goes on: takes another one, in which all that was seen is
 * the same. ERR_STALE when it is not and the owner can begin again; else ERR_AWAY. */
enum err pg_seen_renew(struct pg_conn *c) MUST_CHECK;
void pg_seen_take(struct pg_answer *answer, PGresult *r);
/* Nobody looks at what was seen any more. */
void pg_seen_forget(struct pg_conn *c);

/* stream.c */
enum err pg_stream(struct db_conn *base, const struct db_stmt *st, struct db_cursor **ret);
bool pg_stream_next(struct pg_cursor *k);
void pg_stream_finish(struct pg_stream *s);
/* STR_NULL for NULL; the bytes are good until the next row. */
str pg_stream_field(const struct pg_stream *s, int column);
i64 pg_stream_int(const struct pg_stream *s, int column);

/* load.c */
enum err pg_load_row(struct db_conn *base, const struct db_stmt *st, const struct db_value *in);
enum err pg_load_end(struct db_conn *base);
/* For what a pipeline cannot do, inside a transaction; then back. */
enum err pg_leave_pipeline(struct pg_conn *c, const char *where) MUST_CHECK;
enum err pg_enter_pipeline(struct pg_conn *c, const char *where) MUST_CHECK;

/* rights.c */
enum err pg_rights(struct arena *a, struct db_conn *base, str *ret_complaint);

/* listen.c */
enum err pg_announce(struct db_conn *base, const uint32_t *slots, size_t n);
enum err pg_listen(struct db *db);
void pg_unlisten(struct db *db);

#endif
