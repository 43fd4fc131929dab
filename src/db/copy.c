/* A shop from one database into another: table by table, parents first, in one transaction of the target. */
#include "db/inside.h"

enum { KINDS_MAX = 64, PROGRESS = 2000 };

struct copying {
    struct db_r *from;
    struct db_w *to;
    void (*progress)(void *arg, i64 done, i64 total);
    void *arg;
    i64 done, total;
    const char *table; /* for the message when something fails: where it was; NULL: between tables */
    bool writing;      /* and on which side */
    str why;           /* what it found itself; STR_NULL: nothing */
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
static void read_row(struct db_cursor *c, const struct db_stmt *st, struct db_value *row) {
    const struct db_engine *engine = c->r->db->engine;
    for (int i = 0; i < st->params; i++) {
        enum db_kind kind = st->in[i] == 'i' ? DB_INT : st->in[i] == 't' ? DB_TEXT : DB_BLOB;
        row[i] = (struct db_value){.kind = kind, .null = engine->is_null(c, i)};
        if (row[i].null) continue;
        if (kind == DB_INT)
            row[i].i = engine->get_int(c, i);
        else
            row[i].s = engine->get_str(c, i);
    }
}

static enum err put_rows(struct copying *x, struct db_cursor *c, const struct db_stmt *put) {
    struct db_value row[KINDS_MAX];
    do {
        read_row(c, put, row);
        x->writing = true;
        TRY(db_load_row(x->to, put, row));
        x->writing = false;
        if (++x->done % PROGRESS == 0 && x->progress) x->progress(x->arg, x->done, x->total);
    } while (db_next(c));
    return OK;
}

/* Until all of its rows are in, so that what is wrong with one is told of this table. */
static enum err copy_rows(struct copying *x, const struct db_copy *t) {
    int columns = (int)strlen(t->kinds);
    const struct db_stmt get = {
        .name = t->table, .sql = t->all, .out = t->kinds, .id = -1, .columns = columns};
    const struct db_stmt put = {.name = t->table,
                                .sql = t->add,
                                .into = t->into,
                                .in = t->kinds,
                                .id = -1,
                                .writes = true,
                                .params = columns};
    struct db_cursor *c;
    if (columns > KINDS_MAX) return ERR_TOO_LARGE;
    x->writing = false;
    TRY(db_stream(x->from, &get, &c));
    enum err e = c ? put_rows(x, c, &put) : OK;
    enum err end = db_cursor_end(c);
    if (e || end) return e ? e : end;
    x->writing = true;
    return db_load_settle(x->to);
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

static enum err copy_tables(struct copying *x) {
    const struct db_registry *reg = x->from->db->registry;
    for (size_t i = 0; i < reg->copies_n; i++) {
        x->table = reg->copies[i].table;
        TRY(copy_rows(x, &reg->copies[i]));
        if (reg->copies[i].numbered) TRY(copy_counter(x, &reg->copies[i]));
    }
    x->table = NULL;
    return OK;
}

/* Row by row of the list: a table that lost some cannot be made up for by one that has too many. */
static enum err compare_counts(struct db_w *w, void *arg) {
    struct copying *x = arg;
    const struct db_registry *reg = x->from->db->registry;
    for (size_t i = 0; i < reg->copies_n; i++) {
        i64 from, to;
        x->table = reg->copies[i].table;
        x->writing = false;
        TRY(number(x->from, reg->copies[i].count, NULL, 0, &from));
        x->writing = true;
        TRY(number(&x->to->r, reg->copies[i].count, NULL, 0, &to));
        if (from == to) continue;
        x->why = arena_printf(w->r.arena, "table %s has %lld rows in the source and %lld in the target",
                              x->table, (long long)from, (long long)to);
        return ERR_INTERNAL;
    }
    x->table = NULL;
    x->writing = true; /* the commit */
    return OK;
}

/* What db_load asks first: is there anything in the target? */
static enum err check(struct db_w *w, void *arg) {
    struct copying *x = arg;
    i64 there;
    bool given;
    x->to = w;
    TRY(count_all(x, false, &x->total, &given));
    TRY(count_all(x, true, &there, &given));
    if (given) return OK;
    x->why = S("the target is not empty");
    return ERR_CONFLICT;
}

static enum err fill(struct db_w *w, void *arg) {
    struct copying *x = arg;
    (void)w;
    TRY(empty_given(x));
    TRY(copy_tables(x));
    if (x->progress) x->progress(x->arg, x->done, x->total);
    x->writing = true; /* what follows is done there */
    return OK;
}

/* Which side said what, and about which table. */
static str explain(const struct copying *x, struct arena *a, struct db *to, enum err e) {
    struct db *db = x->writing ? to : x->from->db;
    str said = err_is_db(e) ? db_last_error(db, a) : err_word(e);
    return arena_printf(a, "%s%s%s: %.*s", x->writing ? "writing to the target" : "reading the source",
                        x->table ? ", table " : "", x->table ? x->table : "", STR_ARG(said));
}

enum err db_copy_all(struct arena *a, struct db *from, struct db *to,
                     void (*progress)(void *arg, i64 done, i64 total), void *arg, i64 *ret_rows,
                     str *ret_why) {
    *ret_rows = 0;
    *ret_why = STR_NULL;
    struct arena *rows = arena_make(); /* of the source: counts only */
    struct copying x = {.progress = progress, .arg = arg, .writing = true};
    enum err e = db_read_begin(from, rows, (struct db_sight){.scope = -1}, &x.from);
    if (e) {
        *ret_why = arena_printf(a, "reading the source: %.*s", STR_ARG(db_last_error(from, a)));
    } else {
        e = db_load(a, to, &(struct db_load){check, fill, compare_counts, &x});
        if (e) *ret_why = x.why.p ? x.why : explain(&x, a, to, e);
    }
    db_read_end(x.from);
    arena_free(rows);
    *ret_rows = x.done;
    return e;
}
