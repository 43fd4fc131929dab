/* Connections: how they are set up, their transactions, what became of one that broke. */
#include "db/postgres/postgres_inside.h"

#include <poll.h>
#include <stdio.h>
#include <time.h>

/* ---- reaching the server ---- */

/* libpq would write it to standard error. */
static void no_notice(void *arg, const PGresult *r) {
    (void)arg, (void)r;
}

/* The seconds that an address may take to answer, and how many addresses there are. */
static i64 patience_us(PGconn *pg) {
    PQconninfoOption *options = PQconninfo(pg);
    i64 seconds = 0, hosts = 1;
    for (const PQconninfoOption *o = options; o && o->keyword; o++) {
        if (o->val && strcmp(o->keyword, "connect_timeout") == 0) (void)str_to_i64(str_c(o->val), &seconds);
        for (const char *p = o->val; p && strcmp(o->keyword, "host") == 0 && *p; p++)
            hosts += *p == ',';
    }
    PQconninfoFree(options);
    return MAX_OF(seconds, 2) * hosts * US_SECOND;
}

/* As PQconnectdbParams, but quiet from the first byte on: there a server that is being stopped would write
 * into our log. */
static PGconn *connect_quietly(struct db *db, const char *const *keys, const char *const *values) {
    PGconn *pg = PQconnectStartParams(keys, values, 1);
    PostgresPollingStatusType now = PGRES_POLLING_WRITING;
    if (!pg || PQstatus(pg) == CONNECTION_BAD) return pg;
    PQsetNoticeReceiver(pg, no_notice, NULL);
    i64 until = time_mono_us() + patience_us(pg);
    while (now != PGRES_POLLING_OK && now != PGRES_POLLING_FAILED) {
        struct pollfd fd = {.fd = PQsocket(pg), .events = now == PGRES_POLLING_READING ? POLLIN : POLLOUT};
        i64 left = until - time_mono_us();
        if (left <= 0) {
            pg_doubt(db);
            break;
        }
        if (poll(&fd, 1, (int)(left / 1000 + 1)) > 0) now = PQconnectPoll(pg);
    }
    return pg;
}

/* What stands in the URL wins over the first ones, the last ones over the URL. A host that vanishes without a
 * word is given up after half a minute. */
PGconn *pg_reach(struct db *db, const char *settings) {
    const struct pg_place *place = db->place;
    static const char *const keys[] = {"connect_timeout",  "keepalives_idle",  "keepalives_interval",
                                       "keepalives_count", "tcp_user_timeout", "application_name",
                                       "dbname",           "client_encoding",  NULL};
    const char *values[] = {"5", "10", "5", "4", "30000", "countersign", place->url, "UTF8", NULL};
    PGconn *pg = connect_quietly(db, keys, values);
    const char *encoding = PQparameterStatus(pg, "server_encoding");
    char complaint[128] = "";
    if (PQstatus(pg) != CONNECTION_OK)
        pg_fail(db, "PostgreSQL", PQstatus(pg) == CONNECTION_BAD ? PQerrorMessage(pg) : PG_NO_ANSWER);
    else if (PQserverVersion(pg) < PG_VERSION_MIN)
        snprintf(complaint, sizeof complaint, "version 15 or newer is needed, this is %s",
                 PQparameterStatus(pg, "server_version"));
    else if (!encoding || strcmp(encoding, "UTF8") != 0)
        snprintf(complaint, sizeof complaint, "the database's encoding must be UTF8, this is %s",
                 encoding ? encoding : "unknown");
    else {
        PGresult *r = PQsetnonblocking(pg, 1) ? NULL : pg_ask(pg, settings, PG_PING_MS);
        bool good = PQresultStatus(r) == PGRES_COMMAND_OK;
        if (!r) pg_doubt(db);
        if (!good) pg_fail(db, "PostgreSQL", r ? PQresultErrorMessage(r) : PG_NO_ANSWER);
        PQclear(r);
        if (good) return pg;
    }
    if (*complaint) db_fail(db, "PostgreSQL", complaint);
    PQfinish(pg);
    return NULL;
}

/* The server is to say first that something takes too long: then the connection need not be given up. A lock
 * that takes so long is somebody's debugger, or another server that is silent. Our questions are for few rows
 * found by indexes, most of them in memory: a page of an index is not four times as dear as one of a table,
 * and nothing gains by being compiled or shared out among processes first. */
static void write_settings(const struct db *db, bool writer, char *out, size_t n) {
    long long ms = db->patience_us / 1000 * 4 / 5;
    snprintf(out, n,
             "SET default_transaction_read_only = %s;"
             "SET default_transaction_isolation = '%s';"
             "SET statement_timeout = %lld;"
             "SET lock_timeout = %lld;"
             "SET idle_in_transaction_session_timeout = '%s';"
             "SET synchronous_commit = on;" /* nothing acknowledged is lost */
             "SET random_page_cost = 1.1;"
             "SET max_parallel_workers_per_gather = 0;"
             "SET jit = off;",
             writer ? "off" : "on", writer ? "read committed" : "repeatable read", ms, ms ? ms : PG_LOCK_MS,
             writer ? "30s" : "10min");
}

/* Sets up a fresh connection in `c`. */
static enum err reach(struct pg_conn *c) {
    struct db *db = c->base.db;
    struct pg_place *place = db->place;
    bool writer = c->base.role == DB_ROLE_WRITE;
    char settings[600];
    TRY(pg_is_there(db));
    write_settings(db, writer, settings, sizeof settings);
    PQfinish(c->pg);
    c->pg = pg_reach(db, settings);
    c->deferred_n = 0;
    c->due_n = 0;
    c->broken = c->sent = c->over = false;
    memset(c->prepared, 0, db->registry->stmts_n * sizeof *c->prepared);
    memset(c->frames, 0, sizeof c->frames);
    if (!c->pg) return ERR_AWAY;
    if (writer) atomic_store(&place->writer_pid, PQbackendPID(c->pg));
    return PQenterPipelineMode(c->pg) ? OK : ERR_AWAY;
}

enum err pg_connect(struct db *db, enum db_role role, struct db_conn **ret) {
    struct pg_conn *c = db_alloc(1, sizeof *c);
    *ret = NULL;
    c->base = (struct db_conn){.db = db, .role = role};
    c->prepared = db_alloc(db->registry->stmts_n, sizeof *c->prepared);
    pg_ahead_make(c);
    pg_seen_make(c);
    enum err e = reach(c);
    if (e) {
        pg_disconnect(&c->base);
        return e;
    }
    *ret = &c->base;
    return OK;
}

void pg_disconnect(struct db_conn *base) {
    struct pg_conn *c = (struct pg_conn *)base;
    PQfinish(c->pg);
    pg_ahead_free(c);
    pg_seen_free(c);
    db_free(c->prepared);
    db_free(c);
}

/* ---- transactions ---- */

static bool in_transaction(struct db_conn *base) {
    return ((struct pg_conn *)base)->open;
}

/* Ends what the server has open without waiting for its word; that is read with the next answer. What a
 * writing transaction has sent and not heard of is waited for: it may have prepared statements. */
static void roll_back(struct pg_conn *c) {
    bool in_block = c->base.role != DB_ROLE_READ || c->block, ended = !c->sent || !c->pg || c->over;
    if (c->sent && c->repeatable && !c->broken) pg_ahead_end(c);
    c->deferred_n = 0;
    c->open = c->broken = c->sent = c->over = c->block = c->repeatable = false;
    pg_ahead_forget(c);
    pg_seen_forget(c);
    if (ended) return;
    bool waits = c->due_n > 0 && c->base.role == DB_ROLE_WRITE;
    bool sent =
        (!in_block || pg_send_text(c, "ROLLBACK", PG_DUE_FRAME)) && pg_send_sync(c) && PQflush(c->pg) >= 0;
    for (size_t i = 0; i < c->due_n; i++)
        c->due[(c->due_first + i) % PG_DUE_MAX].old = true;
    if (!sent)
        pg_lost(c, "ROLLBACK");
    else if (waits)
        pg_drain(c, "ROLLBACK");
}

static void rollback(struct db_conn *base) {
    roll_back((struct pg_conn *)base);
}

static void expect(struct db_conn *base, u64 what) {
    pg_ahead_start((struct pg_conn *)base, what);
}

static void repeatable(struct db_conn *base) {
    ((struct pg_conn *)base)->repeatable = true;
}

static void foretell(struct db_conn *base, const struct db_value *values, size_t n) {
    pg_ahead_foretell((struct pg_conn *)base, values, n);
}

/* Of work that takes as long as it takes; another server may be migrating too. Indexes are made by sorting.
 */
static const char no_limits[] =
    "SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true),"
    " set_config('maintenance_work_mem', '256MB', true)";

static enum err begin(struct db_conn *base) {
    struct pg_conn *c = (struct pg_conn *)base;
    roll_back(c);
    TRY(pg_is_there(base->db));
    if (!c->pg) TRY(reach(c));
    c->fate = DB_FATE_UNDONE;
    c->in_vain = false;
    c->committing = false;
    c->xid[0] = '\0';
    c->open = true;
    c->hasty = !c->careful && !c->migrating && base->role != DB_ROLE_CHECK;
    c->careful = MAX_OF(c->careful - 1, 0);
    c->marks_n = 0;
    pg_ahead_start(c, 0);
    if (base->role == DB_ROLE_READ) return OK;
    TRY(pg_defer(c, "BEGIN")); /* how it is isolated, and whether it may write, stands in the settings */
    if (base->role != DB_ROLE_WRITE) return OK;
    if (c->migrating) TRY(pg_defer(c, no_limits));
    TRY(pg_defer(c, "SELECT pg_advisory_xact_lock(" PG_LOCK_WRITE ")"));
    return pg_defer(c, "SELECT CAST(pg_current_xact_id() AS TEXT) AS countersign_xid");
}

static enum err commit(struct db_conn *base) {
    struct pg_conn *c = (struct pg_conn *)base;
    if (!c->sent) { /* no statement was run */
        roll_back(c);
        return OK;
    }
    PGresult *r;
    c->committing = true;
    enum err e = pg_command(c, "COMMIT", &r);
    if (c->pg) c->committing = false;
    if (!e && strcmp(PQcmdStatus(r), "COMMIT") != 0) { /* the transaction had failed: it says ROLLBACK */
        db_fail(base->db, "COMMIT", "the transaction was rolled back");
        e = ERR_DB;
    }
    PQclear(r);
    if (!e) c->open = c->sent = false;
    return e;
}

/* In haste it is only noted how much was written. */
static enum err savepoint(struct db_conn *base) {
    struct pg_conn *c = (struct pg_conn *)base;
    if (!c->hasty) return pg_defer(c, "SAVEPOINT s");
    if (c->marks_n == COUNT_OF(c->marks)) {
        db_fail(base->db, "SAVEPOINT", "too many in one another");
        return ERR_DB;
    }
    if (c->marks_n == 0) pg_ahead_start(c, 0); /* another operation */
    c->marks[c->marks_n++] = c->writes;
    return OK;
}

static enum err release(struct db_conn *base) {
    struct pg_conn *c = (struct pg_conn *)base;
    if (c->broken) return ERR_DB;
    if (!c->hasty) return pg_defer(c, "RELEASE s");
    c->marks_n--;
    return OK;
}

static enum err rollback_to(struct db_conn *base) {
    struct pg_conn *c = (struct pg_conn *)base;
    if (c->hasty) {
        if (c->marks[--c->marks_n] != c->writes || c->broken) pg_give_up(c);
        return OK;
    }
    c->broken = false;
    TRY(pg_defer(c, "ROLLBACK TO s"));
    return pg_defer(c, "RELEASE s");
}

/* ---- what became of it ---- */

static void wait_a_moment(void) {
    nanosleep(&(struct timespec){.tv_nsec = 100 * 1000 * 1000}, NULL);
}

/* The commit was under way when the connection broke. The server knows by the transaction's number. */
static enum db_fate ask_verdict(struct pg_conn *c) {
    i64 until = time_mono_us() + (i64)PG_VERDICT_MS * 1000;
    for (; time_mono_us() < until; wait_a_moment()) {
        if (!c->pg && reach(c)) continue;
        char sql[96];
        PGresult *r;
        snprintf(sql, sizeof sql, "SELECT pg_xact_status(CAST('%s' AS xid8))", c->xid);
        if (pg_command(c, sql, &r)) continue;
        str verdict = PQntuples(r) ? (str){PQgetvalue(r, 0, 0), (size_t)PQgetlength(r, 0, 0)} : STR_NULL;
        bool done = str_eq(verdict, S("committed")), undone = str_eq(verdict, S("aborted"));
        PQclear(r);
        if (done) return DB_FATE_COMMITTED;
        if (undone) return DB_FATE_AGAIN;
    }
    return DB_FATE_UNKNOWN;
}

static enum db_fate fate(struct db_conn *base) {
    struct pg_conn *c = (struct pg_conn *)base;
    enum db_fate what = c->in_vain ? DB_FATE_UNDONE : c->fate;
    if (c->committing && c->xid[0]) {
        what = ask_verdict(c);
        c->committing = false;
    }
    c->fate = DB_FATE_UNDONE;
    if ((what == DB_FATE_AGAIN || what == DB_FATE_NOW) && !c->pg && reach(c))
        return DB_FATE_UNDONE; /* the server is gone */
    return what;
}

/* ---- the schema ---- */

static void migrating(struct db_conn *base, bool on) {
    ((struct pg_conn *)base)->migrating = on;
}

/* Several statements in one text are no matter for a pipeline. */
static enum err migrate(struct db_conn *base, const struct db_migration *m) {
    struct pg_conn *c = (struct pg_conn *)base;
    TRY(pg_leave_pipeline(c, m->name));
    PGresult *r = PQexec(c->pg, m->postgres);
    enum err e = PQresultStatus(r) == PGRES_COMMAND_OK ? OK : pg_failed(c, m->name, r);
    PQclear(r);
    enum err end = pg_enter_pipeline(c, m->name);
    return e || end ? ERR_DB : OK;
}

static enum err content(struct db_conn *base, enum db_content *ret) {
    static const struct db_stmt look = {
        .name = "schema look",
        .sql = "SELECT count(*), count(*) FILTER (WHERE relname = 'schema_patch') FROM pg_class"
               " WHERE relkind IN ('r', 'p') AND relnamespace = CAST(current_schema() AS regnamespace)",
        .id = -1};
    struct db_cursor *k = NULL;
    TRY(pg_query(base, &look, NULL, &k));
    i64 tables = pg_get_int(k, 0), ours = pg_get_int(k, 1);
    pg_finish(k);
    *ret = ours ? DB_CONTENT_OURS : tables ? DB_CONTENT_FOREIGN : DB_CONTENT_EMPTY;
    return OK;
}

static void tidy(struct db_conn *base, bool idle) {
    (void)base, (void)idle; /* the server's own processes do that */
}

/* ---- the place ---- */

static enum err open_place(struct arena *a, struct db *db, const struct db_options *o, str where,
                           str *ret_why) {
    struct pg_place *place = db_alloc(1, sizeof *place);
    (void)where;
    db->place = place;
    place->bell_fd = -1;
    pthread_mutex_init(&place->voice_lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&place->voice_known, &attr);
    pthread_condattr_destroy(&attr);
    place->url = db_alloc(o->url.n + 1, 1);
    memcpy(place->url, o->url.p, o->url.n);
    char *why = NULL;
    PQconninfoOption *options = PQconninfoParse(place->url, &why);
    if (!options) *ret_why = arena_printf(a, "--db: %.*s", STR_ARG(str_trim(str_c(why ? why : "no memory"))));
    PQfreemem(why);
    PQconninfoFree(options);
    return options ? OK : ERR_INVALID;
}

static void close_place(struct db *db) {
    struct pg_place *place = db->place;
    if (!place) return;
    pthread_cond_destroy(&place->voice_known);
    pthread_mutex_destroy(&place->voice_lock);
    db_free(place->url);
    db_free(place);
}

static enum err backup(struct arena *a, struct db *db, const char *path, str *ret_why) {
    (void)a, (void)db, (void)path;
    *ret_why = S("a PostgreSQL database is copied with pg_dump");
    return ERR_INVALID;
}

/* Foreign keys, and the indexes that no constraint stands on. */
static const char shed[] = "SELECT 'ALTER TABLE ' || CAST(CAST(conrelid AS regclass) AS text) || ' DROP "
                           "CONSTRAINT ' || quote_ident(conname),"
                           " 'ALTER TABLE ' || CAST(CAST(conrelid AS regclass) AS text) || ' ADD CONSTRAINT "
                           "' || quote_ident(conname) || ' '"
                           " || pg_get_constraintdef(oid) FROM pg_constraint"
                           " WHERE contype = 'f' AND connamespace = CAST(current_schema() AS regnamespace) "
                           "UNION ALL SELECT 'DROP INDEX ' || CAST(CAST(i.indexrelid AS regclass) AS text), "
                           "pg_get_indexdef(i.indexrelid)"
                           " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                           " WHERE c.relnamespace = CAST(current_schema() AS regnamespace)"
                           " AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)";

const struct db_engine db_postgres_engine = {
    .scheme = "postgresql",
    .readers = 40,
    .shared = true,
    .counter =
        "SELECT COALESCE(pg_sequence_last_value(CAST(pg_get_serial_sequence($1, 'id') AS regclass)), 0)",
    .counter_set = "SELECT setval(CAST(pg_get_serial_sequence($1, 'id') AS regclass), $2)",
    .open = open_place,
    .close = close_place,
    .connect = pg_connect,
    .disconnect = pg_disconnect,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .in_transaction = in_transaction,
    .savepoint = savepoint,
    .release = release,
    .rollback_to = rollback_to,
    .fate = fate,
    .announce = pg_announce,
    .listen = pg_listen,
    .unlisten = pg_unlisten,
    .query = pg_query,
    .query_text = pg_query_text,
    .exec = pg_exec,
    .expect = expect,
    .repeatable = repeatable,
    .foretell = foretell,
    .next = pg_next,
    .finish = pg_finish,
    .is_null = pg_is_null,
    .get_int = pg_get_int,
    .get_str = pg_get_str,
    .stream = pg_stream,
    .load_row = pg_load_row,
    .load_end = pg_load_end,
    .shed = shed,
    .loaded = "ANALYZE",
    .check = pg_check,
    .rights = pg_rights,
    .content = content,
    .migrating = migrating,
    .migrate = migrate,
    .tidy = tidy,
    .backup = backup,
};
