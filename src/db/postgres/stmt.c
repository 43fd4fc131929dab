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

/* Sends a declared statement, with its preparation when this connection has not seen it yet. */
static int send_declared(struct pg_conn *c, const struct db_stmt *st, const struct values *v,
                         bool *ret_prepared) {
    char name[16];
    *ret_prepared = false;
    if (st->id < 0)
        return PQsendQueryParams(c->pg, text_of(st), st->params, v->types, v->at, v->n, v->binary, 1);
    snprintf(name, sizeof name, "s%d", st->id);
    if (!c->prepared[st->id]) {
        if (!PQsendPrepare(c->pg, name, text_of(st), st->params, v->types)) return 0;
        *ret_prepared = true;
    }
    return PQsendQueryPrepared(c->pg, name, st->params, v->at, v->n, v->binary, 1);
}

/* A connection may have died while it lay idle; as long as nothing of a snapshot was seen, it can be taken on
 * another one. */
static bool may_start_anew(struct pg_conn *c, bool fresh) {
    struct db_conn *base = &c->base;
    return fresh && !c->pg && base->role == DB_ROLE_READ && !base->db->engine->begin(base);
}

static enum err run(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in, PGresult **ret) {
    struct values v;
    bool fresh = c->open && !c->sent, preparing;
    *ret = NULL;
    if (st->params > PG_PARAMS_MAX) return ERR_TOO_LARGE;
    put_values(&v, in, (size_t)st->params);
    for (int try = 0;; try++) {
        enum err e = pg_begin_call(c);
        preparing = false;
        if (!e) e = pg_end_call(c, st->name, send_declared(c, st, &v, &preparing), ret);
        if (preparing && c->pg) c->prepared[st->id] = c->good > c->frame;
        if (!e || try == 1 || !may_start_anew(c, fresh)) return e;
    }
}

static struct db_cursor *cursor_of(PGresult *rows) {
    if (PQntuples(rows) == 0) {
        PQclear(rows);
        return NULL;
    }
    struct pg_cursor *k = db_alloc(1, sizeof *k);
    k->rows = rows;
    return &k->cursor;
}

enum err pg_query(struct db_conn *base, const struct db_stmt *st, const struct db_value *in,
                  struct db_cursor **ret) {
    PGresult *rows;
    *ret = NULL;
    TRY(run((struct pg_conn *)base, st, in, &rows));
    *ret = cursor_of(rows);
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

enum err pg_exec(struct db_conn *base, const struct db_stmt *st, const struct db_value *in,
                 i64 *ret_changes) {
    PGresult *r;
    TRY(run((struct pg_conn *)base, st, in, &r));
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
    if (c->row + 1 >= PQntuples(c->rows)) return false;
    c->row++;
    return true;
}

void pg_finish(struct db_cursor *k) {
    PQclear(of(k)->rows);
    db_free(k);
}

bool pg_is_null(struct db_cursor *k, int column) {
    return PQgetisnull(of(k)->rows, of(k)->row, column);
}

/* Counts are bigint, literals and CASE of them integer. */
i64 pg_get_int(struct db_cursor *k, int column) {
    const char *p = PQgetvalue(of(k)->rows, of(k)->row, column);
    switch (PQgetisnull(of(k)->rows, of(k)->row, column) ? 0 : PQftype(of(k)->rows, column)) {
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

str pg_get_str(struct db_cursor *k, int column) {
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

/* Whether it writes, the build has asked SQLite; PostgreSQL says so only when it runs. */
enum err pg_check(struct arena *a, struct db_conn *base, const struct db_stmt *st, str *ret_complaint) {
    struct pg_conn *c = (struct pg_conn *)base;
    Oid types[PG_PARAMS_MAX];
    PGresult *d;
    for (int i = 0; st->in && i < st->params; i++)
        types[i] = type_of(st->in[i] == 'i' ? DB_INT : st->in[i] == 't' ? DB_TEXT : DB_BLOB);
    TRY(pg_begin_call(c));
    int sent = PQsendPrepare(c->pg, "", text_of(st), st->in ? st->params : 0, types) &&
               PQsendDescribePrepared(c->pg, "");
    if (pg_end_call(c, st->name, sent, &d)) {
        if (!c->pg) return ERR_AWAY;
        *ret_complaint = db_last_error(base->db, a);
        return OK;
    }
    *ret_complaint = complaint_about(a, st, d);
    PQclear(d);
    return OK;
}
