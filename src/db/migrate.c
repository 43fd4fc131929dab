/* Brings the schema to this program's version, and refuses what it does not know. */
#include "db/inside.h"

struct patch {
    i64 no;
    str name, hash;
};

static const struct db_stmt patch_list = {
    .name = "schema_patch list", .sql = "SELECT no, name, hash FROM schema_patch ORDER BY no", .id = -1};
static const struct db_stmt patch_add = {
    .name = "schema_patch add",
    .sql = "INSERT INTO schema_patch (no, name, hash, applied_us) VALUES ($1, $2, $3, $4)",
    .id = -1,
    .writes = true,
    .params = 4};

/* schema_patch is made by the runner itself, before the first migration. */
static const struct db_migration patch_table = {
    .no = 0,
    .name = "schema_patch",
    .sqlite = "CREATE TABLE schema_patch (no INTEGER PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL,"
              " applied_us INTEGER NOT NULL) STRICT;",
    .postgres = "CREATE TABLE schema_patch (no BIGINT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL,"
                " applied_us BIGINT NOT NULL);"};

static enum err list_patches(struct db_r *r, struct patch **ret, size_t *ret_n) {
    *ret = NULL;
    *ret_n = 0;
    struct db_cursor *c;
    size_t cap = 0;
    TRY(db_query(r, &patch_list, NULL, &c));
    if (!c) return OK;
    do {
        *ret = db_grow(c, *ret, *ret_n, sizeof **ret, &cap);
        (*ret)[(*ret_n)++] =
            (struct patch){.no = db_get_int(c, 0), .name = db_get_str(c, 1), .hash = db_get_str(c, 2)};
    } while (db_next(c));
    return db_cursor_end(c);
}

/* Compares what was applied with what the program brings; *ret_why says why it cannot go on. */
static enum err compare(struct db_r *r, const struct db_registry *reg, size_t *ret_applied, str *ret_why) {
    enum db_content content;
    struct patch *done = NULL;
    size_t n = 0;
    *ret_applied = 0;
    TRY(r->db->engine->content(r->conn, &content));
    if (content == DB_CONTENT_FOREIGN) {
        *ret_why =
            S("the database belongs to another program: it has tables, and none of them is schema_patch");
        return ERR_INVALID;
    }
    if (content == DB_CONTENT_OURS) TRY(list_patches(r, &done, &n));
    for (size_t i = 0; i < n; i++) {
        if (i >= reg->migrations_n) {
            *ret_why = arena_printf(r->arena,
                                    "the database is newer than this program: it has migration %lld (%.*s)",
                                    (long long)done[i].no, STR_ARG(done[i].name));
            return ERR_INVALID;
        }
        const struct db_migration *m = &reg->migrations[i];
        if (done[i].no != m->no || !str_eq(done[i].hash, str_c(m->hash))) {
            *ret_why = arena_printf(
                r->arena, "migration %d (%s) is not the one that was applied to the database as %lld (%.*s)",
                m->no, m->name, (long long)done[i].no, STR_ARG(done[i].name));
            return ERR_INVALID;
        }
    }
    *ret_applied = n;
    return OK;
}

static enum err record(struct db_w *w, const struct db_migration *m) {
    const struct db_value in[] = {{.kind = DB_INT, .i = m->no},
                                  {.kind = DB_TEXT, .s = str_c(m->name)},
                                  {.kind = DB_TEXT, .s = str_c(m->hash)},
                                  {.kind = DB_INT, .i = time_now_us()}};
    return db_exec(w, &patch_add, in, NULL);
}

/* A step of the work: does what is to be done next, and names it; *ret_did is false when nothing is left. */
typedef enum err step_fn(struct db_w *w, const struct db_migration **ret_did, str *ret_why);

static void tell(const struct db *db, const struct db_migration *m, i64 us) {
    if (db->on_migration) db->on_migration(m->name, us);
}

/* The next migration that is missing, and its record. */
static enum err apply_next(struct db_w *w, const struct db_migration **ret_did, str *ret_why) {
    const struct db_engine *engine = w->r.db->engine;
    const struct db_registry *reg = w->r.db->registry;
    size_t n;
    TRY(compare(&w->r, reg, &n, ret_why));
    if (n >= reg->migrations_n) return OK;
    *ret_did = &reg->migrations[n];
    tell(w->r.db, *ret_did, -1);
    if (n == 0) TRY(engine->migrate(w->r.conn, &patch_table));
    TRY(engine->migrate(w->r.conn, *ret_did));
    return record(w, *ret_did);
}

/* Ends the pause that a program left behind which was killed while it filled the tables. */
static enum err resume(struct db_w *w, const struct db_migration **ret_did, str *ret_why) {
    const struct db_registry *reg = w->r.db->registry;
    (void)ret_why;
    if (!reg->left_paused) return OK;
    const struct db_stmt look = {.name = "pauses", .sql = reg->left_paused, .id = -1, .columns = 1};
    struct db_cursor *c;
    TRY(db_query(&w->r, &look, NULL, &c));
    bool paused = c && db_get_int(c, 0) > 0;
    TRY(db_cursor_end(c));
    if (!paused) return OK;
    *ret_did = &reg->resume;
    tell(w->r.db, *ret_did, -1);
    return w->r.db->engine->migrate(w->r.conn, *ret_did);
}

/* Each step in a transaction of its own, which looks first what is there: another server may be starting at
 * the same moment. */
static enum err take_steps(struct db_w *w, step_fn *step, int *ret_taken, str *ret_why) {
    const struct db_engine *engine = w->r.db->engine;
    struct db_conn *conn = w->r.conn;
    const struct db_migration *did;
    do {
        i64 began = time_mono_us();
        did = NULL;
        TRY(engine->begin(conn));
        enum err e = step(w, &did, ret_why);
        if (!e && did) e = engine->commit(conn);
        if (engine->in_transaction(conn)) engine->rollback(conn);
        if (e) return e;
        if (did) tell(w->r.db, did, time_mono_us() - began);
        *ret_taken += did != NULL;
    } while (did);
    return OK;
}

enum err db_migrate(struct arena *a, struct db *db, int *ret_applied, str *ret_why) {
    int resumed = 0;
    *ret_applied = 0;
    *ret_why = STR_NULL;
    if (!db->writer || db->queue.running) {
        *ret_why = S("migrations run before the server starts, on a database opened for writing");
        return ERR_DB;
    }
    struct db_w w = {.r = {.db = db, .conn = db->writer, .arena = a}};
    w.r.w = &w;
    db->engine->migrating(db->writer, true);
    enum err e = take_steps(&w, apply_next, ret_applied, ret_why);
    if (!e) e = take_steps(&w, resume, &resumed, ret_why);
    db->engine->migrating(db->writer, false);
    if (e && !ret_why->p) *ret_why = db_last_error(db, a);
    return e;
}

enum err db_check_schema(struct arena *a, struct db *db, str *ret_why) {
    *ret_why = STR_NULL;
    struct db_r *r;
    size_t n = 0;
    enum err e = db_read_begin(db, a, (struct db_sight){0}, &r);
    if (!e) e = compare(r, db->registry, &n, ret_why);
    db_read_end(r);
    if (!e && n < db->registry->migrations_n) {
        *ret_why =
            arena_printf(a, "the database is older than this program: %zu of %zu migrations are applied", n,
                         db->registry->migrations_n);
        e = ERR_INVALID;
    }
    if (e && !ret_why->p) *ret_why = db_last_error(db, a);
    return e;
}

enum err db_check_statements(struct arena *a, struct db *db, str *ret_why) {
    *ret_why = STR_NULL;
    struct db_conn *conn;
    enum err e = db->engine->connect(db, DB_ROLE_CHECK, &conn);
    if (e) {
        *ret_why = db_last_error(db, a);
        return e;
    }
    const struct db_registry *reg = db->registry;
    str complaint = STR_NULL;
    size_t which = 0;
    e = db->engine->check(a, conn, reg->stmts, reg->stmts_n, &which, &complaint);
    for (size_t i = 0; i < reg->stmts_n && !e && !complaint.p; i++)
        if (reg->stmts[i]->id != (int)i) {
            complaint = S("its number is not its place in the list");
            which = i;
        }
    if (!e && complaint.p) {
        *ret_why = arena_printf(a, "%s: %.*s", reg->stmts[which]->name, STR_ARG(complaint));
        e = ERR_DB;
    }
    if (!e && db->engine->rights) e = db->engine->rights(a, conn, ret_why);
    if (!e && ret_why->p) e = ERR_AWAY;
    if (e && !ret_why->p) *ret_why = db_last_error(db, a);
    db->engine->disconnect(conn);
    return e;
}
