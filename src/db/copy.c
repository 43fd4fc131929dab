/* A shop from one database into another: table by table, parents first, in one transaction of the target. */
#include "db/inside.h"

enum { KINDS_MAX = 64 };

struct copying {
    struct db_r *from;
    struct db_w *to;
    void (*progress)(void *arg, i64 done, i64 total);
    void *arg;
    i64 done, total;
};

static enum err number(struct db_r *r, const char *sql, const struct db_value *in, int params, i64 *ret) {
    const struct db_stmt st = {.name = "copy", .sql = sql, .id = -1, .params = params, .columns = 1};
    struct db_cursor *c;
    *ret = 0;
    TRY(db_query(r, &st, in, &c));
    if (c) *ret = db_get_int(c, 0);
    return db_cursor_end(c);
}

static enum err count_all(struct db_r *r, i64 *ret) {
    const struct db_registry *reg = r->db->registry;
    *ret = 0;
    for (size_t i = 0; i < reg->copies_n; i++) {
        i64 n;
        TRY(number(r, reg->copies[i].count, NULL, 0, &n));
        *ret += n;
    }
    return OK;
}

static void read_row(struct db_cursor *c, const struct db_copy *t, struct db_value *row) {
    for (int i = 0; t->kinds[i]; i++) {
        enum db_kind kind = t->kinds[i] == 'i' ? DB_INT : t->kinds[i] == 't' ? DB_TEXT : DB_BLOB;
        row[i] = (struct db_value){.kind = kind, .null = c->r->db->engine->is_null(c, i)};
        if (row[i].null) continue;
        if (kind == DB_INT)
            row[i].i = db_get_int(c, i);
        else
            row[i].s = db_get_str(c, i);
    }
}

/* One step's rows; `row` holds the last one on return. */
static enum err copy_step(struct copying *x, const struct db_copy *t, bool first, struct db_value *row,
                          i64 *ret_n) {
    const struct db_stmt get = {
        .name = t->table, .sql = first ? t->first : t->next, .id = -1, .params = first ? 0 : t->key_n};
    const struct db_stmt add = {
        .name = t->table, .sql = t->add, .id = -1, .writes = true, .params = (int)strlen(t->kinds)};
    struct db_value key[DB_COPY_KEY_MAX];
    struct db_cursor *c;
    for (int i = 0; !first && i < t->key_n; i++)
        key[i] = row[t->key[i]];
    *ret_n = 0;
    TRY(db_query(x->from, &get, key, &c));
    enum err e = OK;
    if (c) {
        do {
            read_row(c, t, row);
            e = db_exec(x->to, &add, row, NULL);
            ++*ret_n;
        } while (!e && db_next(c));
    }
    enum err end = db_cursor_end(c);
    return e ? e : end;
}

/* Two arenas take turns: the last row of a step is the key of the next. */
static enum err copy_rows(struct copying *x, const struct db_copy *t, struct arena *turn[2]) {
    struct db_value row[KINDS_MAX];
    i64 n = DB_COPY_STEP;
    if (strlen(t->kinds) > KINDS_MAX) return ERR_TOO_LARGE;
    for (int step = 0; n == DB_COPY_STEP; step++) {
        arena_reset(turn[step % 2]);
        (void)db_set_arena(x->from, turn[step % 2]);
        TRY(copy_step(x, t, step == 0, row, &n));
        x->done += n;
        if (x->progress) x->progress(x->arg, x->done, x->total);
    }
    return OK;
}

/* An id is never given twice, not even that of a row which is gone. */
static enum err copy_counter(struct copying *x, const struct db_copy *t) {
    const struct db_engine *engine = x->to->r.db->engine;
    const struct db_value name = {.kind = DB_TEXT, .s = str_c(t->table)};
    struct db_value in[] = {name, {.kind = DB_INT}};
    TRY(number(x->from, x->from->db->engine->counter, &name, 1, &in[1].i));
    if (in[1].i == 0) return OK;
    struct db_stmt set = {.name = "copy", .sql = engine->counter_set, .id = -1, .writes = true, .params = 2};
    i64 changes;
    TRY(db_exec(x->to, &set, in, &changes));
    set.sql = engine->counter_add;
    return changes || !set.sql ? OK : db_exec(x->to, &set, in, NULL);
}

static enum err copy_tables(struct copying *x, struct arena *turn[2]) {
    const struct db_registry *reg = x->from->db->registry;
    for (size_t i = 0; i < reg->copies_n; i++) {
        TRY(copy_rows(x, &reg->copies[i], turn));
        if (reg->copies[i].numbered) TRY(copy_counter(x, &reg->copies[i]));
    }
    return OK;
}

static enum err fill(struct copying *x, struct arena *turn[2], str *ret_why) {
    i64 there;
    TRY(count_all(x->from, &x->total));
    TRY(count_all(&x->to->r, &there));
    if (there) {
        *ret_why = S("the target is not empty");
        return ERR_CONFLICT;
    }
    TRY(copy_tables(x, turn));
    TRY(count_all(&x->to->r, &there));
    if (there == x->total && x->done == x->total) return OK;
    *ret_why = S("the target does not have as many rows as the source");
    return ERR_INTERNAL;
}

static enum err in_transaction(struct copying *x, struct arena *turn[2], str *ret_why) {
    struct db *to = x->to->r.db;
    const struct db_engine *engine = to->engine;
    TRY(engine->begin(to->writer));
    engine->migrating(to->writer, true); /* the counters are the engine's own */
    enum err e = fill(x, turn, ret_why);
    engine->migrating(to->writer, false);
    if (!e) e = engine->commit(to->writer);
    if (engine->in_transaction(to->writer)) engine->rollback(to->writer);
    return e;
}

enum err db_copy_all(struct arena *a, struct db *from, struct db *to,
                     void (*progress)(void *arg, i64 done, i64 total), void *arg, i64 *ret_rows,
                     str *ret_why) {
    *ret_rows = 0;
    *ret_why = STR_NULL;
    if (!to->writer || to->queue.running) {
        *ret_why = S("the target must be open for writing, and not running");
        return ERR_DB;
    }
    struct arena *turn[2] = {arena_make(), arena_make()};
    struct db_w w = {.r = {.db = to, .conn = to->writer, .arena = a}};
    w.r.w = &w;
    struct copying x = {.to = &w, .progress = progress, .arg = arg};
    enum err e = db_read_begin(from, turn[0], (struct db_sight){.scope = -1}, &x.from);
    if (e)
        *ret_why = db_last_error(from, a);
    else
        e = in_transaction(&x, turn, ret_why);
    db_read_end(x.from);
    arena_free(turn[0]);
    arena_free(turn[1]);
    if (e && !ret_why->p) *ret_why = db_last_error(to, a);
    db_epochs_take_back(to, 0);
    *ret_rows = x.done;
    return e;
}
