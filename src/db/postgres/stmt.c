/* Statements: prepared once per connection, under their number; values and results in binary. */
#include "db/postgres/postgres_inside.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>

static const char *text_of(const struct db_stmt *st) {
    return st->postgres ? st->postgres : st->sql;
}

/* ---- values ---- */

struct values {
    Oid types[PG_PARAMS_MAX];
    const char *at[PG_PARAMS_MAX];
    int n[PG_PARAMS_MAX], binary[PG_PARAMS_MAX];
    u64 ints[PG_PARAMS_MAX]; /* as they go out */
};

static Oid type_of(enum db_kind kind) {
    return kind == DB_INT ? PG_INT8 : kind == DB_TEXT ? PG_TEXT : PG_BYTEA;
}

bool pg_same_value(const struct db_value *a, const struct db_value *b) {
    if (a->kind != b->kind || a->null != b->null) return false;
    return a->null || (a->kind == DB_INT ? a->i == b->i : str_eq(a->s, b->s));
}

static void put_values(struct values *v, const struct db_value *in, size_t n) {
    for (size_t i = 0; i < n; i++) {
        v->types[i] = type_of(in[i].kind);
        v->binary[i] = 1;
        v->ints[i] = htobe64((u64)in[i].i);
        v->at[i] = in[i].null ? NULL : in[i].kind == DB_INT ? (const char *)&v->ints[i] : in[i].s.p;
        v->n[i] = in[i].kind == DB_INT ? (int)sizeof v->ints[i] : (int)in[i].s.n;
        if (!v->at[i] && !in[i].null) v->at[i] = ""; /* an empty text without an address is no NULL */
    }
}

/* ---- running ---- */

bool pg_send_declared(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in,
                      struct pg_due due) {
    struct values v;
    char name[16];
    put_values(&v, in, (size_t)st->params);
    if (st->id < 0)
        return pg_sent(c, PQsendQueryParams(c->pg, text_of(st), st->params, v.types, v.at, v.n, v.binary, 1),
                       due);
    snprintf(name, sizeof name, "s%d", st->id);
    if (!c->prepared[st->id]) {
        struct pg_due prepare = {.kind = PG_DUE_PREPARE, .st = st, .ahead = due.ahead};
        if (!pg_sent(c, PQsendPrepare(c->pg, name, text_of(st), st->params, v.types), prepare)) return false;
        c->prepared[st->id] = true;
    }
    return pg_sent(c, PQsendQueryPrepared(c->pg, name, st->params, v.at, v.n, v.binary, 1), due);
}

/* A connection may have died while it lay idle; as long as nothing of a snapshot was seen, it can be taken on
 * another one. */
static bool may_start_anew(struct pg_conn *c, bool fresh) {
    struct db_conn *base = &c->base;
    return fresh && !c->pg && !c->in_vain && base->role == DB_ROLE_READ && !base->db->engine->begin(base);
}

/* Before a statement goes out. */
static enum err may_run(struct pg_conn *c, const struct db_stmt *st) {
    if (st->params > PG_PARAMS_MAX) return ERR_TOO_LARGE;
    if (c->base.role == DB_ROLE_WRITE && !c->open) {
        db_fail(c->base.db, st->name, "its transaction was given up");
        return c->pg ? ERR_DB : ERR_AWAY;
    }
    if (c->base.role == DB_ROLE_READ && c->broken) {
        db_fail(c->base.db, st->name, "its snapshot was lost by an earlier statement");
        return ERR_DB;
    }
    if (!st->writes) return OK;
    pg_ahead_change(c, st);
    c->writes++;
    return OK;
}

static enum err ask(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in, PGresult **ret) {
    bool last = false;
    if (c->over) TRY(pg_seen_renew(c));
    TRY(pg_begin_call(c));
    bool sent = pg_send_declared(c, st, in, (struct pg_due){.kind = PG_DUE_ANSWER}) &&
                pg_ahead_send(c, st, in, &last);
    c->last = last && c->repeatable;
    return pg_end_call(c, st->name, sent, ret);
}

static enum err run(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in, PGresult **ret) {
    bool fresh = c->open && !c->sent;
    *ret = NULL;
    TRY(may_run(c, st));
    *ret = pg_ahead_claim(c, st, in);
    enum err e = *ret ? OK : ask(c, st, in, ret);
    if (e && may_start_anew(c, fresh)) e = ask(c, st, in, ret);
    if (!e) pg_ahead_note(c, st, in, *ret);
    return e;
}

static struct db_cursor *cursor_of(PGresult *rows, bool kept) {
    if (PQntuples(rows) == 0) {
        if (!kept) PQclear(rows);
        return NULL;
    }
    struct pg_cursor *k = db_alloc(1, sizeof *k);
    k->rows = rows;
    k->kept = kept;
    return &k->cursor;
}

enum err pg_query(struct db_conn *base, const struct db_stmt *st, const struct db_value *in,
                  struct db_cursor **ret) {
    struct pg_conn *c = (struct pg_conn *)base;
    PGresult *rows;
    *ret = NULL;
    TRY(run(c, st, in, &rows));
    *ret = cursor_of(rows, pg_seen_keep(c, st, in, rows));
    return OK;
}

/* Not kept prepared: a filter's plan depends on its values. That it only reads is the transaction's word. */
enum err pg_query_text(struct db_conn *base, str sql, const struct db_value *in, size_t n,
                       struct db_cursor **ret) {
    struct arena *a = arena_make();
    const struct db_stmt st = {.name = "grid", .sql = arena_cstr(a, sql), .id = -1, .params = (int)n};
    enum err e = ERR_DB;
    *ret = NULL;
    if (base->role == DB_ROLE_WRITE || !str_starts(sql, S("SELECT ")))
        db_fail(base->db, "grid", "a run-time text that may write");
    else
        e = pg_query(base, &st, in, ret);
    arena_free(a);
    return e;
}

/* Sends a change and does not wait for it. */
static enum err run_along(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in) {
    TRY(may_run(c, st));
    (void)pg_ahead_claim(c, st, in); /* it cannot have been asked ahead: this only learns */
    TRY(pg_begin_call(c));
    if (!pg_send_declared(c, st, in, (struct pg_due){.kind = PG_DUE_WRITE})) {
        pg_lost(c, st->name);
        return ERR_AWAY;
    }
    pg_ahead_note(c, st, in, NULL);
    return c->due_n < PG_DUE_FULL ? OK : pg_end_call(c, st->name, 1, NULL);
}

enum err pg_exec(struct db_conn *base, const struct db_stmt *st, const struct db_value *in, bool counted,
                 i64 *ret_changes) {
    struct pg_conn *c = (struct pg_conn *)base;
    PGresult *r;
    *ret_changes = 1;
    if (!counted && c->hasty && base->role == DB_ROLE_WRITE && st->id >= 0) return run_along(c, st, in);
    TRY(run(c, st, in, &r));
    *ret_changes = strtoll(PQcmdTuples(r), NULL, 10);
    PQclear(r);
    return OK;
}

/* ---- results ---- */

static struct pg_cursor *of(struct db_cursor *k) {
    return (struct pg_cursor *)k;
}

bool pg_next(struct db_cursor *k) {
    struct pg_cursor *c = of(k);
    if (c->stream) return pg_stream_next(c);
    if (c->row + 1 >= PQntuples(c->rows)) return false;
    c->row++;
    return true;
}

void pg_finish(struct db_cursor *k) {
    if (of(k)->stream) pg_stream_finish(of(k)->stream);
    if (!of(k)->kept) PQclear(of(k)->rows);
    db_free(k);
}

bool pg_is_null(struct db_cursor *k, int column) {
    if (of(k)->stream) return !pg_stream_field(of(k)->stream, column).p;
    return PQgetisnull(of(k)->rows, of(k)->row, column);
}

/* Counts are bigint, literals and CASE of them integer. */
static i64 int_at(const PGresult *rows, int row, int column) {
    const char *p = PQgetvalue(rows, row, column);
    switch (PQgetisnull(rows, row, column) ? 0 : PQftype(rows, column)) {
    case PG_INT8: {
        u64 v;
        memcpy(&v, p, sizeof v);
        return (i64)be64toh(v);
    }
    case PG_INT4: {
        uint32_t v;
        memcpy(&v, p, sizeof v);
        return (int32_t)be32toh(v);
    }
    case PG_INT2: {
        uint16_t v;
        memcpy(&v, p, sizeof v);
        return (int16_t)be16toh(v);
    }
    case PG_BOOL: return *p != 0;
    default: return 0; /* pg_check has refused every other type */
    }
}

static enum db_kind kind_of(Oid type) {
    return type == PG_TEXT || type == PG_VARCHAR ? DB_TEXT : type == PG_BYTEA ? DB_BLOB : DB_INT;
}

struct db_value pg_value_at(const PGresult *rows, int row, int column) {
    struct db_value v = {.kind = kind_of(PQftype(rows, column)), .null = PQgetisnull(rows, row, column)};
    if (v.kind == DB_INT)
        v.i = int_at(rows, row, column);
    else
        v.s = (str){PQgetvalue(rows, row, column), (size_t)PQgetlength(rows, row, column)};
    return v;
}

i64 pg_get_int(struct db_cursor *k, int column) {
    if (of(k)->stream) return pg_stream_int(of(k)->stream, column);
    return int_at(of(k)->rows, of(k)->row, column);
}

str pg_get_str(struct db_cursor *k, int column) {
    if (of(k)->stream) return pg_stream_field(of(k)->stream, column);
    if (PQgetisnull(of(k)->rows, of(k)->row, column)) return STR_NULL;
    return (str){PQgetvalue(of(k)->rows, of(k)->row, column),
                 (size_t)PQgetlength(of(k)->rows, of(k)->row, column)};
}

/* ---- checking a declaration ---- */

static bool is_kind(char kind, Oid type) {
    switch (kind) {
    case 'i': return type == PG_INT8 || type == PG_INT4 || type == PG_INT2 || type == PG_BOOL;
    case 't': return type == PG_TEXT || type == PG_VARCHAR;
    default: return type == PG_BYTEA;
    }
}

static str complaint_about(struct arena *a, const struct db_stmt *st, const PGresult *d) {
    if (PQnparams(d) != st->params)
        return arena_printf(a, "declared with %d parameters, and has %d", st->params, PQnparams(d));
    if (PQnfields(d) != st->columns)
        return arena_printf(a, "declared with %d columns, and has %d", st->columns, PQnfields(d));
    for (int i = 0; st->out && i < st->columns; i++)
        if (!is_kind(st->out[i], PQftype(d, i)))
            return arena_printf(a, "column %d is not of the kind that is declared (PostgreSQL's type %u)",
                                i + 1, PQftype(d, i));
    return STR_NULL;
}

static bool send_check(struct pg_conn *c, const struct db_stmt *st) {
    Oid types[PG_PARAMS_MAX];
    for (int i = 0; st->in && i < st->params; i++)
        types[i] = type_of(st->in[i] == 'i' ? DB_INT : st->in[i] == 't' ? DB_TEXT : DB_BLOB);
    return PQsendPrepare(c->pg, "", text_of(st), st->in ? st->params : 0, types) &&
           PQsendDescribePrepared(c->pg, "");
}

static void take_check(struct arena *a, struct pg_conn *c, const struct db_stmt *st, const PGresult *r,
                       str *ret_complaint) {
    if (PQresultStatus(r) == PGRES_FATAL_ERROR) {
        pg_fail(c->base.db, st->name, PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
        *ret_complaint = db_last_error(c->base.db, a);
    } else if (PQresultStatus(r) == PGRES_COMMAND_OK && PQnparams(r) + PQnfields(r) > 0) {
        *ret_complaint = complaint_about(a, st, r);
    }
}

/* The answers to `n` times send_check, two each, up to their synchronisation. After an error the server skips
 * the rest. */
static enum err read_checks(struct arena *a, struct pg_conn *c, const struct db_stmt *const *st, size_t n,
                            size_t *ret_which, str *ret_complaint) {
    i64 until = pg_patience(c);
    size_t answers = 0;
    int nothing = 0;
    for (bool synced = false; !synced;) {
        c->in_vain = !pg_wait(c->pg, until);
        PGresult *r = c->in_vain ? NULL : PQgetResult(c->pg);
        if (!r && !c->in_vain && ++nothing < 3) continue; /* between two commands */
        size_t which = MIN_OF(answers / 2, n - 1);
        if (!r) {
            pg_lost(c, st[which]->name);
            return ERR_AWAY;
        }
        nothing = 0;
        synced = PQresultStatus(r) == PGRES_PIPELINE_SYNC;
        if (!synced && !ret_complaint->p) {
            take_check(a, c, st[which], r, ret_complaint);
            *ret_which = which;
        }
        answers++;
        PQclear(r);
    }
    return OK;
}

/* Whether it writes, the build has asked SQLite; PostgreSQL says so only when it runs. All of them are on
 * their way at once. */
enum err pg_check(struct arena *a, struct db_conn *base, const struct db_stmt *const *st, size_t n,
                  size_t *ret_which, str *ret_complaint) {
    struct pg_conn *c = (struct pg_conn *)base;
    *ret_which = 0;
    for (size_t first = 0; first < n && !ret_complaint->p; first += PG_CHECK_STEP) {
        size_t step = MIN_OF((size_t)PG_CHECK_STEP, n - first), which = 0;
        bool sent = c->pg != NULL;
        for (size_t i = 0; i < step && sent; i++)
            sent = send_check(c, st[first + i]);
        if (!sent || !PQpipelineSync(c->pg)) {
            pg_lost(c, st[first]->name);
            return ERR_AWAY;
        }
        TRY(read_checks(a, c, st + first, step, &which, ret_complaint));
        *ret_which = first + which;
    }
    return OK;
}
