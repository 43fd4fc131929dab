/* A shop from one database into another: table by table, parents first, in one transaction of the target. */
#include "db/inside.h"

enum { KINDS_MAX = 64 };

struct copying {
    struct db_r *from;
    struct db_w *to;
    void (*progress)(void *arg, i64 done, i64 total);
    void *arg;
    i64 done, total;
    const char *table; /* for the message when something fails: where it was; NULL: between tables */
    bool writing;      /* and on which side */
};

static enum err number(struct db_r *r, const char *sql, const struct db_value *in, int params, i64 *ret) {
    const struct db_stmt st = {.name = "copy", .sql = sql, .id = -1, .params = params, .columns = 1};
    struct db_cursor *c;
    *ret = 0;
    TRY(db_query(r, &st, in, &c));
    if (c) *ret = db_get_int(c, 0);
    return db_cursor_end(c);
}

/* All rows of one side; *ret_given: every table has as many as the migrations put there. */
static enum err count_all(struct copying *x, bool target, i64 *ret, bool *ret_given) {
    struct db_r *r = target ? &x->to->r : x->from;
    const struct db_registry *reg = r->db->registry;
    *ret = 0;
    *ret_given = true;
    x->writing = target;
    for (size_t i = 0; i < reg->copies_n; i++) {
        i64 n;
        x->table = reg->copies[i].table;
        TRY(number(r, reg->copies[i].count, NULL, 0, &n));
        *ret += n;
        *ret_given = *ret_given && n == reg->copies[i].given;
    }
    x->table = NULL;
    return OK;
}

/* What the migrations put there comes with the source too; children before parents. */
static enum err empty_given(struct copying *x) {
    const struct db_registry *reg = x->to->r.db->registry;
    x->writing = true;
    for (size_t i = reg->copies_n; i-- > 0;) {
        const struct db_copy *t = &reg->copies[i];
        const struct db_stmt clear = {.name = "copy", .sql = t->empty, .id = -1, .writes = true};
        x->table = t->table;
        if (t->given) TRY(db_exec(x->to, &clear, NULL, NULL));
    }
    return OK;
}

/* The row's bytes are the engine's, good until the next row. */
static void read_row(struct db_cursor *c, const struct db_copy *t, struct db_value *row) {
    const struct db_engine *engine = c->r->db->engine;
    for (int i = 0; t->kinds[i]; i++) {
        enum db_kind kind = t->kinds[i] == 'i' ? DB_INT : t->kinds[i] == 't' ? DB_TEXT : DB_BLOB;
        row[i] = (struct db_value){.kind = kind, .null = engine->is_null(c, i)};
        if (row[i].null) continue;
        if (kind == DB_INT)
            row[i].i = engine->get_int(c, i);
        else
            row[i].s = engine->get_str(c, i);
    }
}

/* All rows of a step, into the table that is being filled. */
static enum err copy_step(struct copying *x, const struct db_copy *t, struct db_cursor *c, struct arena *a,
                          struct db_value *key, i64 *ret_n) {
    const struct db_engine *engine = x->to->r.db->engine;
    struct db_value row[KINDS_MAX];
    bool more;
    do {
        read_row(c, t, row);
        x->writing = true;
        TRY(engine->fill_row(x->to->r.conn, row));
        x->writing = false;
        ++*ret_n;
        if (*ret_n == DB_COPY_STEP) /* the next step begins behind it */
            for (int i = 0; i < t->key_n; i++) {
                key[i] = row[t->key[i]];
                if (key[i].kind != DB_INT) key[i].s = arena_str(a, key[i].s);
            }
        more = db_next(c);
    } while (more);
    return OK;
}

/* Reads a step and fills it in. The engine of the target checks rows when the filling ends, so a step is as
 * far as a mistake can go unnoticed. */
static enum err copy_next(struct copying *x, const struct db_copy *t, bool first, struct arena *a,
                          struct db_value *key, i64 *ret_n) {
    const struct db_stmt get = {
        .name = t->table, .sql = first ? t->first : t->next, .id = -1, .params = first ? 0 : t->key_n};
    const struct db_engine *engine = x->to->r.db->engine;
    struct db_cursor *c;
    *ret_n = 0;
    x->writing = false;
    TRY(db_query(x->from, &get, key, &c));
    if (!c) return OK;
    x->writing = true;
    enum err e = engine->fill_begin(x->to->r.conn, t);
    if (!e) {
        e = copy_step(x, t, c, a, key, ret_n);
        enum err end = engine->fill_end(x->to->r.conn);
        if (!e && end) {
            x->writing = true;
            e = end;
        }
    }
    enum err end = db_cursor_end(c);
    if (!e && end) x->writing = false;
    return e ? e : end;
}

/* Two arenas take turns: the key of a step lives in that of the step before. */
static enum err copy_rows(struct copying *x, const struct db_copy *t, struct arena *turn[2]) {
    struct db_value key[DB_COPY_KEY_MAX];
    i64 n = DB_COPY_STEP;
    if (strlen(t->kinds) > KINDS_MAX) return ERR_TOO_LARGE;
    for (int step = 0; n == DB_COPY_STEP; step++) {
        struct arena *a = turn[step % 2];
        arena_reset(a);
        (void)db_set_arena(x->from, a);
        TRY(copy_next(x, t, step == 0, a, key, &n));
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
    x->writing = false;
    TRY(number(x->from, x->from->db->engine->counter, &name, 1, &in[1].i));
    if (in[1].i == 0) return OK;
    struct db_stmt set = {.name = "copy", .sql = engine->counter_set, .id = -1, .writes = true, .params = 2};
    i64 changes;
    x->writing = true;
    TRY(db_exec(x->to, &set, in, &changes));
    set.sql = engine->counter_add;
    return changes || !set.sql ? OK : db_exec(x->to, &set, in, NULL);
}

static enum err copy_tables(struct copying *x, struct arena *turn[2]) {
    const struct db_registry *reg = x->from->db->registry;
    for (size_t i = 0; i < reg->copies_n; i++) {
        x->table = reg->copies[i].table;
        TRY(copy_rows(x, &reg->copies[i], turn));
        if (reg->copies[i].numbered) TRY(copy_counter(x, &reg->copies[i]));
    }
    x->table = NULL;
    return OK;
}

/* Row by row of the list: a table that lost some cannot be made up for by one that has too many. */
static enum err compare_counts(struct copying *x, struct arena *a, str *ret_why) {
    const struct db_registry *reg = x->from->db->registry;
    for (size_t i = 0; i < reg->copies_n; i++) {
        i64 from, to;
        x->table = reg->copies[i].table;
        x->writing = false;
        TRY(number(x->from, reg->copies[i].count, NULL, 0, &from));
        x->writing = true;
        TRY(number(&x->to->r, reg->copies[i].count, NULL, 0, &to));
        if (from == to) continue;
        *ret_why = arena_printf(a, "table %s has %lld rows in the source and %lld in the target", x->table,
                                (long long)from, (long long)to);
        return ERR_INTERNAL;
    }
    return OK;
}

static enum err fill(struct copying *x, struct arena *turn[2], str *ret_why) {
    const struct db_engine *engine = x->to->r.db->engine;
    i64 there;
    bool given;
    TRY(count_all(x, false, &x->total, &given));
    TRY(count_all(x, true, &there, &given));
    if (!given) {
        *ret_why = S("the target is not empty");
        return ERR_CONFLICT;
    }
    TRY(empty_given(x));
    const struct db_registry *reg = x->to->r.db->registry;
    if (reg->before_copy.name) TRY(engine->migrate(x->to->r.conn, &reg->before_copy));
    TRY(copy_tables(x, turn));
    x->writing = true;
    if (reg->after_copy.name) TRY(engine->migrate(x->to->r.conn, &reg->after_copy));
    TRY(compare_counts(x, x->to->r.arena, ret_why));
    x->table = NULL;
    if (!engine->filled) return OK;
    const struct db_stmt last = {.name = "copy", .sql = engine->filled, .id = -1, .writes = true};
    return db_exec(x->to, &last, NULL, NULL);
}

static enum err in_transaction(struct copying *x, struct arena *turn[2], str *ret_why) {
    struct db *to = x->to->r.db;
    const struct db_engine *engine = to->engine;
    engine->migrating(to->writer, true); /* the counters are the engine's own; no limit of time */
    x->writing = true;
    enum err e = engine->begin(to->writer);
    x->writing = false;
    if (!e) e = fill(x, turn, ret_why);
    if (!e) {
        x->writing = true;
        e = engine->commit(to->writer);
    }
    if (engine->in_transaction(to->writer)) engine->rollback(to->writer);
    engine->migrating(to->writer, false);
    return e;
}

/* Which side said what, and about which table. */
static str explain(const struct copying *x, struct arena *a, enum err e) {
    struct db *db = x->writing ? x->to->r.db : x->from->db;
    str said = err_is_db(e) ? db_last_error(db, a) : err_word(e);
    return arena_printf(a, "%s%s%s: %.*s", x->writing ? "writing to the target" : "reading the source",
                        x->table ? ", table " : "", x->table ? x->table : "", STR_ARG(said));
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
    if (e) {
        *ret_why = arena_printf(a, "reading the source: %.*s", STR_ARG(db_last_error(from, a)));
    } else {
        e = in_transaction(&x, turn, ret_why);
        if (e && !ret_why->p) *ret_why = explain(&x, a, e);
    }
    db_read_end(x.from);
    arena_free(turn[0]);
    arena_free(turn[1]);
    db_epochs_take_back(to, 0);
    *ret_rows = x.done;
    return e;
}
