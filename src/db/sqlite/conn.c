/* Connections: how they are set up, their transactions, and the writer's checkpoints. */
#include "db/inside.h"
#include "db/sqlite/sqlite_inside.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static const char *const control_sql[CONTROL_MAX] = {
    [CONTROL_BEGIN] = "BEGIN",       [CONTROL_COMMIT] = "COMMIT",      [CONTROL_ROLLBACK] = "ROLLBACK",
    [CONTROL_SAVE] = "SAVEPOINT s", /* nested ones may share the name: the latest is meant */
    [CONTROL_RELEASE] = "RELEASE s", [CONTROL_BACK] = "ROLLBACK TO s",
};

/* The disk, the file's rights, another program's lock: nothing that another statement would mend. */
static bool is_away(int rc) {
    switch (rc & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM: return true;
    default: return false;
    }
}

static int last_errno(sqlite3_file *f) {
    int system = 0;
    if (f && f->pMethods) f->pMethods->xFileControl(f, SQLITE_FCNTL_LAST_ERRNO, &system);
    return system;
}

/* What the system said to SQLite; 0: it does not know any more. */
static int system_error(struct sqlite_conn *c, int rc) {
    int system = c->sql ? sqlite3_system_errno(c->sql) : 0;
    if (system || !c->sql || (rc & 0xff) != SQLITE_IOERR) return system;
    sqlite3_file *wal = NULL, *file = NULL;
    sqlite3_file_control(c->sql, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
    sqlite3_file_control(c->sql, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    system = last_errno(wal);
    return system ? system : last_errno(file);
}

/* Keeps SQLite's words, and what the system said to it. */
static enum err trouble(struct sqlite_conn *c, const char *where, int rc) {
    char line[400];
    int system = is_away(rc) ? system_error(c, rc) : 0;
    snprintf(line, sizeof line, "%s%s%s%s", c->sql ? sqlite3_errmsg(c->sql) : sqlite3_errstr(rc),
             system ? " (" : "", system ? strerror(system) : "", system ? ")" : "");
    db_fail(c->base.db, where, line);
    return is_away(rc) ? ERR_AWAY : ERR_DB;
}

enum err sqlite_failed(struct sqlite_conn *c, const char *where, int rc) {
    switch (rc) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_FOREIGNKEY: return ERR_CONFLICT;
    case SQLITE_TOOBIG: return ERR_TOO_LARGE;
    default: return trouble(c, where, rc);
    }
}

/* ---- setting up ---- */

/* The number of frames in the WAL after each commit; also keeps SQLite from checkpointing on its own. */
static int on_wal(void *arg, sqlite3 *sql, const char *schema, int pages) {
    (void)sql, (void)schema;
    ((struct sqlite_conn *)arg)->wal_pages = pages;
    return SQLITE_OK;
}

static int harden(sqlite3 *sql, bool writer) {
    int rc = sqlite3_extended_result_codes(sql, 1);
    if (!rc) rc = sqlite3_db_config(sql, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (!rc) rc = sqlite3_db_config(sql, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (!rc) rc = sqlite3_db_config(sql, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    if (!rc) rc = sqlite3_db_config(sql, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    if (!rc && !writer) rc = sqlite3_db_config(sql, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_limit(sql, SQLITE_LIMIT_ATTACHED, 0);
    return rc;
}

/* recursive_triggers: without it, INSERT OR REPLACE would remove a row of the record past its trigger. */
static const char writer_pragmas[] = "PRAGMA journal_mode=WAL;"
                                     "PRAGMA synchronous=FULL;"
                                     "PRAGMA foreign_keys=ON;"
                                     "PRAGMA recursive_triggers=ON;"
                                     "PRAGMA temp_store=MEMORY;"
                                     "PRAGMA cache_size=-16384;"
                                     "PRAGMA journal_size_limit=33554432;";
static const char reader_pragmas[] = "PRAGMA query_only=ON;"
                                     "PRAGMA foreign_keys=ON;"
                                     "PRAGMA temp_store=MEMORY;"
                                     "PRAGMA cache_size=-4096;"
                                     "PRAGMA mmap_size=1073741824;";

static int set_up(struct sqlite_conn *c, const char *path) {
    bool writer = c->base.role == DB_ROLE_WRITE;
    int flags = SQLITE_OPEN_NOMUTEX | (writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    int rc = sqlite3_open_v2(path, &c->sql, flags, NULL);
    if (rc) return rc;
    sqlite3_busy_timeout(c->sql, SQLITE_BUSY_MS); /* before journal_mode, or two that open at once get BUSY */
    rc = harden(c->sql, writer);
    /* The triggers of search words take texts apart with it. It is made at its first use, which the guard
     * would take for CREATE TABLE. */
    if (!rc) rc = sqlite3_exec(c->sql, "SELECT 1 FROM json_each('[]')", NULL, NULL, NULL);
    if (!rc) rc = sqlite3_set_authorizer(c->sql, sqlite_guard_check, c);
    sqlite3_wal_hook(c->sql, on_wal, c);
    if (!rc) rc = sqlite3_exec(c->sql, writer ? writer_pragmas : reader_pragmas, NULL, NULL, NULL);
    sqlite3_stmt *st = NULL;
    if (!rc) rc = sqlite3_prepare_v2(c->sql, "PRAGMA page_size", -1, &st, NULL);
    if (!rc && sqlite3_step(st) == SQLITE_ROW) c->page_size = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    c->checkpoint_at = SQLITE_WAL_BUSY;
    c->guard = GUARD_READ;
    if (!rc)
        rc = sqlite3_prepare_v3(c->sql, "SELECT 1 FROM sqlite_master LIMIT 1", -1, SQLITE_PREPARE_PERSISTENT,
                                &c->snapshot, NULL);
    c->guard = GUARD_CONTROL;
    for (int i = 0; !rc && i < CONTROL_MAX; i++) {
        const char *sql = i == CONTROL_BEGIN && writer ? "BEGIN IMMEDIATE" : control_sql[i];
        rc = sqlite3_prepare_v3(c->sql, sql, -1, SQLITE_PREPARE_PERSISTENT, &c->control[i], NULL);
    }
    c->guard = c->base.role == DB_ROLE_READ ? GUARD_READ : GUARD_WRITE;
    return rc;
}

/* The log and its index lie beside the file, also for reading: SQLite's own words do not say that. */
static void tell_folder(struct db *db, const char *path) {
    char folder[PATH_MAX], line[PATH_MAX + 128];
    snprintf(folder, sizeof folder, "%s", path);
    if (access(dirname(folder), W_OK | X_OK) == 0) return;
    snprintf(line, sizeof line, "its folder must be writable, for the files beside it: %s", strerror(errno));
    db_fail(db, path, line);
}

enum err sqlite_connect(struct db *db, enum db_role role, struct db_conn **ret) {
    const struct sqlite_place *place = db->place;
    struct sqlite_conn *c = db_alloc(1, sizeof *c);
    *ret = NULL;
    c->base = (struct db_conn){.db = db, .role = role};
    c->by_id = db_alloc(db->registry->stmts_n, sizeof(struct sqlite_stmt *));
    if (role == DB_ROLE_READ) sqlite_keep_add(c);
    int rc = set_up(c, place->path);
    if (rc) {
        enum err e = sqlite_failed(c, place->path, rc);
        int which = rc & 0xff;
        if (which == SQLITE_READONLY || which == SQLITE_CANTOPEN) tell_folder(db, place->path);
        sqlite_disconnect(&c->base);
        return e;
    }
    *ret = &c->base;
    return OK;
}

void sqlite_disconnect(struct db_conn *base) {
    struct sqlite_conn *c = (struct sqlite_conn *)base;
    if (base->role == DB_ROLE_READ) sqlite_keep_remove(c);
    sqlite_drop_statements(c);
    for (int i = 0; i < CONTROL_MAX; i++)
        sqlite3_finalize(c->control[i]);
    sqlite3_finalize(c->snapshot);
    sqlite3_close(c->sql);
    db_free(c->by_id);
    db_free(c);
}

/* ---- transactions ---- */

int sqlite_run_control(struct sqlite_conn *c, enum sqlite_control what) {
    enum sqlite_guard before = c->guard;
    c->guard = GUARD_CONTROL; /* SQLite may have to prepare it again */
    int rc = sqlite3_step(c->control[what]);
    sqlite3_reset(c->control[what]);
    c->guard = before;
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static enum err control(struct db_conn *base, enum sqlite_control what) {
    struct sqlite_conn *c = (struct sqlite_conn *)base;
    int rc = sqlite_run_control(c, what);
    return rc ? trouble(c, control_sql[what], rc) : OK;
}

static bool in_transaction(struct db_conn *base) {
    return !sqlite3_get_autocommit(((struct sqlite_conn *)base)->sql);
}

/* The disk took the commit and would not flush it: undone here, but whoever opens the file next may find it.
 */
static bool is_unsure(int rc) {
    return rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC;
}

/* A commit that failed leaves the transaction open: then a rollback follows. */
static enum err commit(struct db_conn *base) {
    struct sqlite_conn *c = (struct sqlite_conn *)base;
    int rc = sqlite_run_control(c, CONTROL_COMMIT);
    enum err e = rc ? trouble(c, control_sql[CONTROL_COMMIT], rc) : OK;
    if (is_unsure(rc)) e = ERR_UNSURE;
    if (base->role == DB_ROLE_WRITE && !in_transaction(base)) sqlite_keep_written(base->db->place);
    return e;
}

static void rollback(struct db_conn *base) {
    if (base->role == DB_ROLE_READ && sqlite_keep_leave((struct sqlite_conn *)base)) return;
    (void)!control(base, CONTROL_ROLLBACK);
    if (base->role == DB_ROLE_WRITE) sqlite_keep_written(base->db->place);
}

static enum err begin_writing(struct db_conn *base) {
    ((struct sqlite_conn *)base)->marks_n = 0;
    sqlite_keep_writing(base->db->place);
    enum err e = control(base, CONTROL_BEGIN);
    if (e) sqlite_keep_written(base->db->place);
    return e;
}

static enum err begin(struct db_conn *base) {
    struct sqlite_conn *c = (struct sqlite_conn *)base;
    if (base->role == DB_ROLE_WRITE) return begin_writing(base);
    if (base->role == DB_ROLE_READ && sqlite_keep_resume(c)) return OK;
    TRY(control(base, CONTROL_BEGIN));
    int rc = sqlite3_step(c->snapshot); /* BEGIN alone takes no snapshot, the first read does */
    sqlite3_reset(c->snapshot);
    if (rc == SQLITE_ROW || rc == SQLITE_DONE) return OK;
    enum err e = sqlite_failed(c, "snapshot", rc);
    if (in_transaction(base)) (void)!control(base, CONTROL_ROLLBACK);
    return e;
}

static enum err savepoint(struct db_conn *base) {
    struct sqlite_conn *c = (struct sqlite_conn *)base;
    if (c->marks_n == COUNT_OF(c->marks)) {
        db_fail(base->db, "SAVEPOINT", "too many in one another");
        return ERR_DB;
    }
    c->marks[c->marks_n++] = MARK_NOTED;
    return OK;
}

enum err sqlite_before_change(struct sqlite_conn *c) {
    size_t noted = c->marks_n;
    while (noted > 0 && c->marks[noted - 1] == MARK_NOTED)
        noted--;
    if (noted == c->marks_n) return OK;
    TRY(control(&c->base, CONTROL_SAVE));
    for (size_t i = noted; i < c->marks_n; i++)
        c->marks[i] = i == noted ? MARK_SET : MARK_SHARED;
    return OK;
}

static enum err release(struct db_conn *base) {
    struct sqlite_conn *c = (struct sqlite_conn *)base;
    if (c->marks[c->marks_n - 1] == MARK_SET) TRY(control(base, CONTROL_RELEASE));
    c->marks_n--;
    return OK;
}

static enum err rollback_to(struct db_conn *base) {
    struct sqlite_conn *c = (struct sqlite_conn *)base;
    enum sqlite_mark mark = c->marks[--c->marks_n];
    if (mark == MARK_NOTED) return OK;
    TRY(control(base, CONTROL_BACK));
    return mark == MARK_SET ? control(base, CONTROL_RELEASE) : OK;
}

/* ---- the writer's house-keeping ---- */

void sqlite_tidy(struct db_conn *base, bool idle) {
    struct sqlite_conn *c = (struct sqlite_conn *)base;
    i64 bytes = c->wal_pages * c->page_size;
    if (bytes < SQLITE_WAL_BUSY) c->checkpoint_at = SQLITE_WAL_BUSY; /* the WAL has started again */
    if (bytes < (idle ? SQLITE_WAL_IDLE : c->checkpoint_at)) return;
    int rc = sqlite3_wal_checkpoint_v2(c->sql, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (rc && rc != SQLITE_BUSY)
        (void)!sqlite_failed(c, "checkpoint", rc); /* kept in the WAL, tried again later */
    /* An old snapshot may hold it up: not at every commit. */
    c->checkpoint_at = MAX_OF(bytes + SQLITE_WAL_STEP, SQLITE_WAL_BUSY);
}

static void migrating(struct db_conn *base, bool on) {
    ((struct sqlite_conn *)base)->guard = on ? GUARD_MIGRATE : GUARD_WRITE;
}

static enum err migrate(struct db_conn *base, const struct db_migration *m) {
    struct sqlite_conn *c = (struct sqlite_conn *)base;
    int rc = sqlite3_exec(c->sql, m->sqlite, NULL, NULL, NULL);
    return rc ? trouble(c, m->name, rc) : OK;
}

static enum err content(struct db_conn *base, enum db_content *ret) {
    static const struct db_stmt look = {.name = "schema look",
                                        .sql = "SELECT count(*), count(*) FILTER (WHERE name = "
                                               "'schema_patch') FROM sqlite_master WHERE type = 'table'",
                                        .id = -1};
    struct db_cursor *k = NULL;
    TRY(sqlite_query(base, &look, NULL, &k));
    i64 tables = sqlite_get_int(k, 0), ours = sqlite_get_int(k, 1);
    sqlite_finish(k);
    *ret = ours ? DB_CONTENT_OURS : tables ? DB_CONTENT_FOREIGN : DB_CONTENT_EMPTY;
    return OK;
}

const struct db_engine db_sqlite_engine = {
    .scheme = "sqlite",
    .readers = 544, /* opened as needed: two for each of at most 256 threads (an error page reads while its
                       page still does), and some for jobs */
    .counter = "SELECT COALESCE(max(seq), 0) FROM sqlite_sequence WHERE name = $1",
    .counter_set = "UPDATE sqlite_sequence SET seq = $2 WHERE name = $1",
    .counter_add = "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)",
    .open = sqlite_open_place,
    .close = sqlite_close_place,
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .in_transaction = in_transaction,
    .savepoint = savepoint,
    .release = release,
    .rollback_to = rollback_to,
    .query = sqlite_query,
    .query_text = sqlite_query_text,
    .exec = sqlite_exec,
    .next = sqlite_next,
    .finish = sqlite_finish,
    .is_null = sqlite_is_null,
    .get_int = sqlite_get_int,
    .get_str = sqlite_get_str,
    .stream = sqlite_stream,
    .load_row = sqlite_load_row,
    .load_end = sqlite_load_end,
    .shed = "SELECT 'DROP INDEX ' || name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    .check = sqlite_check,
    .content = content,
    .migrating = migrating,
    .migrate = migrate,
    .tidy = sqlite_tidy,
    .backup = sqlite_backup,
};
