/* Filling an empty database: in one transaction, without what slows every single row down. */
#include "db/inside.h"

/* What was dropped, as the command that makes it again. */
struct shed {
    str drop, make;
};

static enum err list_shed(struct db_w *w, struct shed **ret, size_t *ret_n) {
    const struct db_stmt list = {.name = "indexes", .sql = w->r.db->engine->shed, .id = -1, .columns = 2};
    struct db_cursor *c;
    size_t cap = 0;
    *ret = NULL;
    *ret_n = 0;
    TRY(db_query(&w->r, &list, NULL, &c));
    if (!c) return OK;
    do {
        *ret = db_grow(c, *ret, *ret_n, sizeof **ret, &cap);
        (*ret)[(*ret_n)++] = (struct shed){db_get_str(c, 0), db_get_str(c, 1)};
    } while (db_next(c));
    return db_cursor_end(c);
}

static enum err command(struct db_w *w, str text) {
    const char *sql = arena_cstr(w->r.arena, text);
    const struct db_migration m = {.name = sql, .sqlite = sql, .postgres = sql};
    return w->r.db->engine->migrate(w->r.conn, &m);
}

enum err db_load_settle(struct db_w *w) {
    if (!w->loading) return OK;
    w->loading = false;
    return w->r.db->engine->load_end(w->r.conn);
}

static enum err load(struct db_w *w, const struct db_load *l) {
    const struct db_engine *engine = w->r.db->engine;
    const struct db_registry *reg = w->r.db->registry;
    struct shed *shed;
    size_t n;
    if (l->check) TRY(l->check(w, l->arg));
    TRY(list_shed(w, &shed, &n));
    for (size_t i = 0; i < n; i++)
        TRY(command(w, shed[i].drop));
    if (reg->before_load.name) TRY(engine->migrate(w->r.conn, &reg->before_load));
    TRY(l->run(w, l->arg));
    TRY(db_load_settle(w));
    if (reg->after_load.name) TRY(engine->migrate(w->r.conn, &reg->after_load));
    for (size_t i = 0; i < n; i++)
        TRY(command(w, shed[i].make));
    if (engine->loaded) TRY(command(w, str_c(engine->loaded)));
    return l->last ? l->last(w, l->arg) : OK;
}

enum err db_load(struct arena *a, struct db *db, const struct db_load *l) {
    const struct db_engine *engine = db->engine;
    if (!db->writer || db->queue.running) {
        db_fail(db, "load", "the database must be open for writing, and not running");
        return ERR_DB;
    }
    struct db_w w = {.r = {.db = db, .conn = db->writer, .arena = a, .sight = {.scope = -1}}};
    w.r.w = &w;
    engine->migrating(db->writer, true); /* no limit of time */
    enum err e = engine->begin(db->writer);
    if (!e) e = load(&w, l);
    db_close_cursors(&w.r, 0);
    if (!e) e = w.r.failed;
    if (e && w.loading) (void)!engine->load_end(db->writer);
    if (!e) e = engine->commit(db->writer);
    if (engine->in_transaction(db->writer)) engine->rollback(db->writer);
    engine->migrating(db->writer, false);
    engine->tidy(db->writer, true);
    db_epochs_take_back(db, 0);
    return e;
}
