/* Statements on a handle: runs them, keeps track of open cursors, notes what was looked at and what was
 * changed. */
#include "db/inside.h"

struct arena *db_arena(struct db_r *r) {
    return r->arena;
}

struct arena *db_set_arena(struct db_r *r, struct arena *a) {
    struct arena *before = r->arena;
    r->arena = a;
    return before;
}

void db_set_sight(struct db_r *r, struct db_sight sight) {
    r->sight = sight;
}

void db_repeatable(struct db_r *r) {
    const struct db_engine *engine = r->db->engine;
    if (engine->repeatable) engine->repeatable(r->conn);
}

void db_expect(struct db_r *r, const void *what) {
    const struct db_engine *engine = r->db->engine;
    if (engine->expect) engine->expect(r->conn, (u64)(uintptr_t)what);
}

void db_foretell(struct db_r *r, const struct db_value *values, size_t n) {
    const struct db_engine *engine = r->db->engine;
    if (engine->foretell) engine->foretell(r->conn, values, n);
}

i64 db_self(const struct db_r *r) {
    return r->sight.self;
}

i64 db_scope(const struct db_r *r) {
    return r->sight.scope;
}

/* Remembers trouble, so that a job cannot commit what it only believes to have done. */
static enum err seen(struct db_r *r, enum err e) {
    if (err_is_db(e)) r->failed = e;
    if (!r->w) db_health(&r->db->reads_fail, e);
    return e;
}

static void note_use(struct db *db, const struct db_stmt *st) {
    if (st->id >= 0) atomic_store_explicit(&db->used[st->id], true, memory_order_relaxed);
}

static enum err may_run(struct db_r *r, const struct db_stmt *st) {
    if (st->writes && !r->w) {
        db_fail(r->db, st->name, "a writing statement on a read handle");
        return ERR_DB;
    }
    note_use(r->db, st);
    return r->w ? db_load_settle(r->w) : OK;
}

static void open_cursor(struct db_r *r, struct db_cursor *k) {
    k->r = r;
    k->depth = r->depth;
    k->prev = NULL;
    k->next = r->open;
    if (r->open) r->open->prev = k;
    r->open = k;
}

enum err db_query(struct db_r *r, const struct db_stmt *st, const struct db_value *in,
                  struct db_cursor **ret) {
    *ret = NULL;
    TRY(may_run(r, st));
    if (st->writes)
        db_epochs_change(r->db, st, in);
    else if (r->watch)
        db_watch_note(r->watch, st, in);
    TRY(seen(r, r->db->engine->query(r->conn, st, in, ret)));
    if (*ret) open_cursor(r, *ret);
    return OK;
}

enum err db_stream(struct db_r *r, const struct db_stmt *st, struct db_cursor **ret) {
    *ret = NULL;
    TRY(may_run(r, st));
    if (r->watch) db_watch_note(r->watch, st, NULL);
    TRY(seen(r, r->db->engine->stream(r->conn, st, ret)));
    if (*ret) open_cursor(r, *ret);
    return OK;
}

enum err db_query_text(struct db_r *r, str sql, const struct db_value *in, size_t n, struct db_cursor **ret) {
    *ret = NULL;
    if (r->watch) db_watch_note_unknown(r->watch);
    TRY(seen(r, r->db->engine->query_text(r->conn, sql, in, n, ret)));
    if (*ret) open_cursor(r, *ret);
    return OK;
}

enum err db_exec(struct db_w *w, const struct db_stmt *st, const struct db_value *in, i64 *ret_changes) {
    i64 changes = 0;
    TRY(may_run(&w->r, st));
    TRY(seen(&w->r, w->r.db->engine->exec(w->r.conn, st, in, ret_changes != NULL, &changes)));
    if (changes > 0) db_epochs_change(w->r.db, st, in);
    if (ret_changes) *ret_changes = changes;
    return OK;
}

enum err db_load_row(struct db_w *w, const struct db_stmt *st, const struct db_value *in) {
    note_use(w->r.db, st);
    w->loading = true;
    return seen(&w->r, w->r.db->engine->load_row(w->r.conn, st, in));
}

bool db_next(struct db_cursor *c) {
    return c->r->db->engine->next(c);
}

enum err db_cursor_end(struct db_cursor *c) {
    if (!c) return OK;
    struct db_r *r = c->r;
    enum err e = seen(r, c->result);
    if (c->prev)
        c->prev->next = c->next;
    else
        r->open = c->next;
    if (c->next) c->next->prev = c->prev;
    r->db->engine->finish(c);
    return e;
}

i64 db_get_int(struct db_cursor *c, int column) {
    return c->r->db->engine->get_int(c, column);
}

opt_i64 db_get_opt(struct db_cursor *c, int column) {
    return c->r->db->engine->is_null(c, column) ? NONE : OPT(db_get_int(c, column));
}

str db_get_str(struct db_cursor *c, int column) {
    str s = c->r->db->engine->get_str(c, column);
    return s.p ? arena_str(c->r->arena, s) : STR_NULL;
}

str db_see_str(struct db_cursor *c, int column) {
    return c->r->db->engine->get_str(c, column);
}

void *db_grow(struct db_cursor *c, void *rows, size_t n, size_t size, size_t *cap) {
    if (n < *cap) return rows;
    *cap = *cap ? 2 * *cap : 8;
    void *more = arena_alloc_array(c->r->arena, *cap, size);
    if (n) memcpy(more, rows, n * size);
    return more;
}
