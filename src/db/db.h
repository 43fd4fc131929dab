/* The shop's database behind one face. Two calls: read (a snapshot on the caller's thread) and submit (an
 * operation for the writer). Which engine is behind it, nobody outside db/ knows.
 *
 * SQL text lives in the slices' .sql files; tools/sqlgen.py turns each named statement into a typed C
 * function: reading statements take `struct db_r *`, writing ones `struct db_w *`. So a page, which only has
 * a db_r, cannot write. */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/base.h"

struct db;   /* an open database */
struct db_r; /* a read handle: one snapshot */
struct db_w; /* a write handle: one operation inside the writer's transaction; only the writer thread makes
                one */

/* What the statements of a handle may see. Statements name these as @self and @scope; the handle binds them,
 * so a handler cannot ask for another customer's row by passing another id. */
struct db_sight {
    i64 self;  /* the customer this request acts for; 0: nobody */
    i64 scope; /* bit w set: rows of website w may be seen; -1: every website */
};

enum db_kind { DB_INT, DB_TEXT, DB_BLOB }; /* bool is an int of 0 or 1; money and time are ints */

struct db_value {
    enum db_kind kind;
    bool null;
    i64 i;
    str s;
};

/* ---- opening ---- */

struct db_options {
    str url;            /* "sqlite:PATH" or "postgresql://…" */
    size_t queue_limit; /* operations waiting for the writer; 0: 1024 */
    bool create;        /* make the file when it is missing; a PostgreSQL database is never made */
    bool read_only;     /* no writer, no lock: for `audit verify` and the like beside a running server */
    i64 patience_us;    /* how long a statement may take, and an operation wait for its turn: then ERR_AWAY,
                           ERR_BUSY; 0: as long as it takes, for work of hours. Migrations always do. */
    /* Told of each step of db_migrate, which may take minutes: when it begins (us < 0), and how long it took.
     * NULL: nobody wants to know. */
    void (*on_migration)(const char *name, i64 us);
};

/* Opens the database, without migrating. SQLite: locks it, because one process may write to it. On failure
 * *ret_why is one line for the operator, in `a`. */
enum err db_open(struct arena *a, const struct db_options *o, struct db **ret, str *ret_why) MUST_CHECK;
/* Lets the writer finish what was submitted, checkpoints, closes. No read handle may be open. Accepts NULL.
 */
void db_close(struct db *db);

/* Brings the schema to this program's version: each migration in one transaction, recorded in schema_patch
 * with its hash. A newer schema or a changed old migration is refused with *ret_why. Ends what a killed
 * filling has left behind. Call before anything else. */
enum err db_migrate(struct arena *a, struct db *db, int *ret_applied, str *ret_why) MUST_CHECK;
/* Refuses (with *ret_why) unless the schema is exactly this program's. */
enum err db_check_schema(struct arena *a, struct db *db, str *ret_why) MUST_CHECK;
/* Prepares every statement on the live engine, compares the declared mode with what the engine says of it,
 * and looks whether the server's user may run them. */
enum err db_check_statements(struct arena *a, struct db *db, str *ret_why) MUST_CHECK;
/* Starts the writer thread. */
enum err db_start(struct db *db) MUST_CHECK;
/* Whether other processes may write to it as well: then what is kept in memory needs a watch. Any thread. */
bool db_is_shared(const struct db *db);
/* Whether this process does the work that one of several servers does for all (mail, clean-up). It may change
 * at any time; without db_start it is always so. Any thread. */
bool db_leads(const struct db *db);
/* A consistent copy of the running database into a new file; an existing one is refused. Any thread. */
enum err db_backup(struct arena *a, struct db *db, str path, str *ret_why) MUST_CHECK;

/* Copies everything from one database into another one of either engine, which must be migrated and empty, in
 * one transaction: when it fails or is interrupted, the target is as empty as before. `from` is read in one
 * snapshot and may be in use; `to` is open for writing and not started. At the end the rows of both are
 * counted. `progress` is called with rows done and in all. */
enum err db_copy_all(struct arena *a, struct db *from, struct db *to,
                     void (*progress)(void *arg, i64 done, i64 total), void *arg, i64 *ret_rows,
                     str *ret_why) MUST_CHECK;

/* Fills an empty database with very many rows: in one transaction, and without what slows every single row
 * down (indexes, foreign keys, the words of the search), which is made when `run` is done. So a failure
 * leaves it as empty as before. `db` is open for writing, migrated and not started; the results of statements
 * live in `a`. */
struct db_load {
    enum err (*check)(struct db_w *w,
                      void *arg); /* first, while all of that stands; NULL: nothing to check */
    enum err (*run)(struct db_w *w, void *arg);
    enum err (*last)(struct db_w *w, void *arg); /* when it stands again; NULL: nothing */
    void *arg;
};
enum err db_load(struct arena *a, struct db *db, const struct db_load *l) MUST_CHECK;

/* What the database said at the last ERR_DB, ERR_AWAY or ERR_UNSURE, with the statement's name and no values,
 * in `a`: for the log. Any thread. */
str db_last_error(struct db *db, struct arena *a);
/* Whether the latest snapshot's statement, or the latest commit, found the database there. Any thread. */
enum db_side { DB_READING, DB_WRITING };
bool db_is_well(const struct db *db, enum db_side side);

/* ---- reading ---- */

/* Begins a snapshot on one of the pool's read connections; results live in `a`. It is taken at the first
 * statement at the latest. Any thread; the handle stays on it. The pool is bounded (PostgreSQL 40
 * connections, SQLite more than there are threads); with all of them in use it waits for one, and gives
 * ERR_BUSY after five seconds. */
enum err db_read_begin(struct db *db, struct arena *a, struct db_sight sight, struct db_r **ret) MUST_CHECK;
/* Ends the snapshot. Accepts NULL. */
void db_read_end(struct db_r *r);
/* The arena that results of this handle live in. */
struct arena *db_arena(struct db_r *r);
/* Lets later results live in `a`; returns the arena of before. For long walks that empty it between steps; no
 * cursor may be open. */
struct arena *db_set_arena(struct db_r *r, struct arena *a);
void db_set_sight(struct db_r *r, struct db_sight sight);
/* Says that all that is read in this snapshot can be read again from the beginning. Then an engine may end it
 * with what it takes for the last statement. When that was not the last and something of what was read has
 * changed since, the next statement answers ERR_STALE: begin anew, without saying this. Call right after
 * db_read_begin. */
void db_repeatable(struct db_r *r);
/* Tells what the statements from here on are about: any constant address, such as the page's or the
 * operation's declaration. An engine on the other end of a wire learns what is asked in which order, and asks
 * it together the next time. It changes nothing but the time it takes. */
void db_expect(struct db_r *r, const void *what);
/* Values that statements are probably asked with before any answer names them: after db_expect, always as
 * many and in the same order for the same `what`; copied. They are only guesses. */
void db_foretell(struct db_r *r, const struct db_value *values, size_t n);

/* ---- writing ---- */

/* One operation. `run` is called on the writer thread inside a savepoint: an error rolls back this job and
 * none of its neighbours. A statement answers ERR_CONFLICT when a unique value is taken or a row it names is
 * missing or still in use; to go on after that, run it in db_attempt. (PostgreSQL may find out later, then
 * gives the transaction up and has `run` called again, this time knowing at once.) After trouble of the
 * database (err_is_db) the job fails, also when `run` goes on and says OK. `done` is called after the commit
 * is on disk or failed, on the writer thread; it must not wait. ERR_AWAY: nothing was changed; ERR_UNSURE:
 * nobody can say. `run` may be called again when the engine asks for a retry: it must be repeatable. */
struct db_job {
    enum err (*run)(struct db_w *w, struct db_job *job);
    void (*done)(struct db_job *job, enum err e);
    struct arena *arena; /* results of statements in run live here */
    struct db_sight sight;
    /* db's own: */
    struct db_job *next;
    enum err result;
    i64 queued_us;
};

/* Queues the job. ERR_BUSY when the queue is full or the database is closing, ERR_DB before db_start; then
 * `done` is not called. Any thread. */
enum err db_submit(struct db *db, struct db_job *job) MUST_CHECK;
/* Runs the job and waits for its commit; job->done may be NULL. For commands and tests, never for a handler.
 */
enum err db_submit_wait(struct db *db, struct db_job *job) MUST_CHECK;

/* The reading side of a write handle: the same transaction. */
struct db_r *db_w_reader(struct db_w *w);
/* Runs `fn(w, arg)` in a savepoint of its own; an error rolls back what it did and is handed up. */
enum err db_attempt(struct db_w *w, enum err (*fn)(struct db_w *w, void *arg), void *arg) MUST_CHECK;

/* ---- what a page depended on, for the page cache ---- */

/* Every reading statement notes the tables (and keys, where the statement declares one) it looked at; every
 * writing one notes what it changed. A page may be kept while nothing it noted has changed since its snapshot
 * began. */
struct db_watch;
/* Starts noting on this handle; the notes live in the handle's arena. Call right after db_read_begin. */
struct db_watch *db_watch_begin(struct db_r *r);
/* A copy for the cache, malloc'ed; free with free(). */
struct db_watch *db_watch_copy(const struct db_watch *w);
/* True while nothing noted has changed. Any thread, no lock, no query. */
bool db_watch_holds(const struct db *db, const struct db_watch *w);

/* ---- the face that generated code uses ---- */

enum db_param_source { DB_PARAM_ARG, DB_PARAM_SELF, DB_PARAM_SCOPE };

struct db_dep {
    int table; /* number in the generated list of tables */
    int key;   /* index of the parameter that names the row, or -1 for the whole table */
};

struct db_stmt {
    const char *name; /* slice.name, for messages */
    const char *sql;
    const char *postgres; /* where PostgreSQL needs another text; NULL: the same */
    const char *in, *out; /* kinds of the parameters and of the columns: i, t, b; NULL: not known */
    const char *into;     /* of db_load_row: "table (column, …)", one for each parameter */
    int id;
    bool writes;
    int params;
    int columns;
    const struct db_dep *deps; /* tables read, or changed */
    int deps_n;
};

/* Runs a statement to its first row. `in` has st->params values ($1…); their bytes must stay until the
 * cursor's end. *ret_cursor is NULL when there is no row. */
struct db_cursor;
enum err db_query(struct db_r *r, const struct db_stmt *st, const struct db_value *in,
                  struct db_cursor **ret) MUST_CHECK;
/* The same for a statement without parameters whose rows may be millions: they come one after the other and
 * are not held. Until the cursor's end, no other statement on this handle. */
enum err db_stream(struct db_r *r, const struct db_stmt *st, struct db_cursor **ret) MUST_CHECK;
/* For the grid room only: a reading statement put together at run time from constant pieces, with its values
 * as $1…$n. Kept prepared, the latest 64 texts a connection. What it looked at is not known, so a watch on
 * the handle never holds. */
enum err db_query_text(struct db_r *r, str sql, const struct db_value *in, size_t n,
                       struct db_cursor **ret) MUST_CHECK;
/* The next row; false at the end (then ask db_cursor_end for the result). */
bool db_next(struct db_cursor *c);
/* Ends the statement; any time, also before the last row. Accepts NULL. */
enum err db_cursor_end(struct db_cursor *c) MUST_CHECK;
i64 db_get_int(struct db_cursor *c, int column);
opt_i64 db_get_opt(struct db_cursor *c, int column);
str db_get_str(struct db_cursor *c, int column); /* copied into the handle's arena; NULL gives STR_NULL */
str db_see_str(struct db_cursor *c, int column); /* not copied: good until the next row */
/* Room for row `n` (size bytes each) in an array of the handle's arena that holds *cap: the array, moved when
 * it was full. */
void *db_grow(struct db_cursor *c, void *rows, size_t n, size_t size, size_t *cap);
/* Runs a writing statement without rows. */
enum err db_exec(struct db_w *w, const struct db_stmt *st, const struct db_value *in,
                 i64 *ret_changes) MUST_CHECK;
/* A row for the statement's table, inside db_load only: rows may be gathered, and what is wrong with one may
 * be said later, but every other statement finds those of before. */
enum err db_load_row(struct db_w *w, const struct db_stmt *st, const struct db_value *in) MUST_CHECK;
i64 db_self(const struct db_r *r);
i64 db_scope(const struct db_r *r);

#endif
