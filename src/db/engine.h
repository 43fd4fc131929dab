/* What a storage engine offers to the rest of db/. An engine knows its library and its dialect of the schema;
 * handles, queue, watches and migrations are the same for all engines and live outside. One connection is
 * used by one thread at a time. A function that fails has told db_fail what happened. */
#ifndef DB_ENGINE_H
#define DB_ENGINE_H

#include "db/registry.h"

enum db_role {
    DB_ROLE_READ,  /* can change nothing */
    DB_ROLE_WRITE, /* the one connection that changes data */
    DB_ROLE_CHECK  /* prepares writing statements and runs none */
};

/* An open connection; an engine puts it first in its own struct. */
struct db_conn {
    struct db *db;
    enum db_role role;
};

/* A running statement; an engine puts it first in its own struct. */
struct db_cursor {
    struct db_r *r;
    struct db_cursor *prev, *next; /* the handle's open cursors */
    int depth;                     /* the db_attempt it was opened in */
    enum err result;
};

/* What is in the file already. */
enum db_content { DB_CONTENT_EMPTY, DB_CONTENT_OURS, DB_CONTENT_FOREIGN };

/* What became of a transaction that failed. */
enum db_fate {
    DB_FATE_UNDONE,    /* nothing of it is there, and trying again would not help */
    DB_FATE_AGAIN,     /* nothing of it is there; the same may well succeed now */
    DB_FATE_NOW,       /* the same, and nobody else's work stands in its way */
    DB_FATE_COMMITTED, /* all of it is there: only the answer was lost */
    DB_FATE_UNKNOWN    /* it broke while committing, and nobody can be asked */
};

struct db_engine {
    const char *scheme; /* before the ':' of the URL */
    size_t readers;     /* read connections at the most */
    bool shared;        /* other processes may write as well */
    /* The number that a table's ids have come to ($1 is its name), and setting it to $2: the second text when
     * the first changed nothing. */
    const char *counter, *counter_set, *counter_add;

    /* Finds or makes the place and locks it against a second writer; sets db->place. */
    enum err (*open)(struct arena *a, struct db *db, const struct db_options *o, str place, str *ret_why);
    void (*close)(struct db *db);
    enum err (*connect)(struct db *db, enum db_role role, struct db_conn **ret);
    void (*disconnect)(struct db_conn *c);

    /* A snapshot on a reading connection, a transaction on the writing one. */
    enum err (*begin)(struct db_conn *c);
    enum err (*commit)(struct db_conn *c);
    void (*rollback)(struct db_conn *c);
    /* False when an error has made the engine give the whole transaction up. */
    bool (*in_transaction)(struct db_conn *c);
    enum err (*savepoint)(struct db_conn *c);
    enum err (*release)(struct db_conn *c);
    /* Undoes up to the latest savepoint and takes that away. */
    enum err (*rollback_to)(struct db_conn *c);
    /* After a transaction of the writing connection failed; makes the connection usable again if it can.
     * NULL: always DB_FATE_UNDONE. */
    enum db_fate (*fate)(struct db_conn *c);

    /* For engines that are shared; NULL otherwise. Tells the other servers, with the commit of the running
     * transaction, which slots of db_epochs it changes. */
    enum err (*announce)(struct db_conn *c, const uint32_t *slots, size_t n);
    /* Begins to listen to what other servers announce (db_epochs_heard); until then no watch holds. */
    enum err (*listen)(struct db *db);
    void (*unlisten)(struct db *db);

    /* To the first row; *ret is NULL when there is none. A statement with id < 0 is prepared for this one
     * use. */
    enum err (*query)(struct db_conn *c, const struct db_stmt *st, const struct db_value *in,
                      struct db_cursor **ret);
    enum err (*query_text)(struct db_conn *c, str sql, const struct db_value *in, size_t n,
                           struct db_cursor **ret);
    /* When nobody counts its changes, it may answer before it knows, and fail the transaction later. */
    enum err (*exec)(struct db_conn *c, const struct db_stmt *st, const struct db_value *in, bool counted,
                     i64 *ret_changes);
    /* The running snapshot's owner can begin again when a statement answers ERR_STALE. NULL: none does. */
    void (*repeatable)(struct db_conn *c);
    /* What the statements from now on are about; NULL: it makes no difference. */
    void (*expect)(struct db_conn *c, u64 what);
    void (*foretell)(struct db_conn *c, const struct db_value *values, size_t n);
    /* The next row; false at the end or on an error, which is then in k->result. */
    bool (*next)(struct db_cursor *k);
    void (*finish)(struct db_cursor *k);
    bool (*is_null)(struct db_cursor *k, int column);
    i64 (*get_int)(struct db_cursor *k, int column);
    /* Bytes of the engine, good until the next row; STR_NULL for NULL. */
    str (*get_str)(struct db_cursor *k, int column);

    /* All rows of a statement without parameters, without holding them: until finish, nothing else on this
     * connection. */
    enum err (*stream)(struct db_conn *c, const struct db_stmt *st, struct db_cursor **ret);

    /* Many rows, inside a transaction of the writing connection: load_row may only gather them (the bytes may
     * go after the call); after it nothing but load_row until load_end, which says whether all of them are
     * in. The ids that the database gives go on behind them. */
    enum err (*load_row)(struct db_conn *c, const struct db_stmt *st, const struct db_value *in);
    enum err (*load_end)(struct db_conn *c);
    /* What tables are filled quicker without: for each the command that drops it, and that makes it again. */
    const char *shed;
    const char *loaded; /* a command at the end of it all, for the planner; NULL: none */

    /* Prepares statements; *ret_complaint (arena) says what does not fit the declaration of the first one
     * that is wrong, *ret_which is its place, or it stays STR_NULL. */
    enum err (*check)(struct arena *a, struct db_conn *c, const struct db_stmt *const *st, size_t n,
                      size_t *ret_which, str *ret_complaint);
    /* Whether the statements may be run at all; *ret_complaint (arena) names what may not, or STR_NULL. NULL:
     * who may open the database may do everything. */
    enum err (*rights)(struct arena *a, struct db_conn *c, str *ret_complaint);
    enum err (*content)(struct db_conn *c, enum db_content *ret);
    /* Between these two the connection may change the schema. */
    void (*migrating)(struct db_conn *c, bool on);
    enum err (*migrate)(struct db_conn *c, const struct db_migration *m);
    /* House-keeping of the writing connection between two transactions; `idle`: nobody waits for it. */
    void (*tidy)(struct db_conn *c, bool idle);
    enum err (*backup)(struct arena *a, struct db *db, const char *path, str *ret_why);
};

extern const struct db_engine db_sqlite_engine, db_postgres_engine;

/* Keeps what happened for db_last_error: `where` is a statement's name or what was being done. Any thread. */
void db_fail(struct db *db, const char *where, const char *what);
/* Zeroed memory for what lives longer than a request; aborts when there is none. */
void *db_alloc(size_t n, size_t size);
void db_free(void *p);

#endif
