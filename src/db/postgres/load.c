/* Many rows with COPY in its binary form: no round trip and no statement for a row. Rows are gathered for
 * each table; while the server takes in what was sent, the next ones are made. */
#include "db/postgres/postgres_inside.h"

#include <endian.h>
#include <stdio.h>

/* The signature, and two numbers of four bytes that are 0. */
static const char head[19] = "PGCOPY\n\377\r\n";

/* In pipeline mode there is no COPY; what waits goes out before it ends. Work of this kind takes as long as
 * it takes, and waits in libpq. */
enum err pg_leave_pipeline(struct pg_conn *c, const char *where) {
    TRY(pg_command(c, "SET LOCAL client_min_messages = warning", NULL));
    if (PQexitPipelineMode(c->pg) && !PQsetnonblocking(c->pg, 0)) return OK;
    pg_lost(c, where);
    return ERR_DB;
}

enum err pg_enter_pipeline(struct pg_conn *c, const char *where) {
    if (c->pg && PQenterPipelineMode(c->pg) && !PQsetnonblocking(c->pg, 1)) return OK;
    pg_lost(c, where);
    return ERR_DB;
}

/* ---- rows ---- */

static void put_u16(struct buf *b, uint16_t v) {
    v = htobe16(v);
    buf_put(b, (str){(const char *)&v, sizeof v});
}

static void put_u32(struct buf *b, uint32_t v) {
    v = htobe32(v);
    buf_put(b, (str){(const char *)&v, sizeof v});
}

static void put_value(struct buf *b, const struct db_value *v) {
    u64 number = htobe64((u64)v->i);
    str bytes = v->kind == DB_INT ? (str){(const char *)&number, sizeof number} : v->s;
    put_u32(b, v->null ? UINT32_MAX : (uint32_t)bytes.n);
    if (!v->null) buf_put(b, bytes);
}

/* ---- a part of a table ---- */

/* With the row that it is about; the transaction has failed with it. */
static enum err failed(struct pg_conn *c, const char *table, const char *message) {
    c->broken = true;
    pg_fail(c->base.db, table, message);
    return ERR_DB;
}

/* Waits until the server has taken in what was sent last; it says only now what is wrong with a row. */
static enum err hear(struct pg_conn *c) {
    const struct db_stmt *st = c->copying;
    enum err e = OK;
    c->copying = NULL;
    if (!st) return OK;
    for (PGresult *r; (r = PQgetResult(c->pg)); PQclear(r))
        if (PQresultStatus(r) != PGRES_COMMAND_OK && !e) e = failed(c, st->name, PQresultErrorMessage(r));
    return e;
}

static enum err begin_copy(struct pg_conn *c, const struct db_stmt *st) {
    struct arena *a = arena_make();
    PGresult *r = PQexec(c->pg, arena_printf(a, "COPY %s FROM STDIN (FORMAT binary)", st->into).p);
    enum err e = PQresultStatus(r) == PGRES_COPY_IN ? OK : failed(c, st->name, PQresultErrorMessage(r));
    PQclear(r);
    arena_free(a);
    return e;
}

static enum err send(struct pg_conn *c, struct pg_load *l) {
    struct buf *b = &l->rows;
    put_u16(b, UINT16_MAX);
    TRY(hear(c));
    if (!buf_ok(b)) return failed(c, l->st->name, "a row is too large");
    TRY(begin_copy(c, l->st));
    bool sent = PQputCopyData(c->pg, b->p, (int)b->n) == 1 && PQputCopyEnd(c->pg, NULL) == 1;
    if (!sent) return failed(c, l->st->name, PQerrorMessage(c->pg));
    c->copying = l->st;
    buf_clear(b);
    return OK;
}

/* ---- all tables ---- */

static enum err load_of(struct pg_conn *c, const struct db_stmt *st, struct pg_load **ret) {
    for (size_t i = 0; i < c->loads_n; i++)
        if (c->loads[i].st == st) {
            *ret = &c->loads[i];
            return OK;
        }
    if (c->loads_n == PG_LOADS_MAX) return ERR_TOO_LARGE;
    if (!c->loads_n) TRY(pg_leave_pipeline(c, st->name));
    struct pg_load *l = *ret = &c->loads[c->loads_n++];
    l->st = st;
    buf_init(&l->rows, PG_LOAD_MAX);
    return OK;
}

enum err pg_load_row(struct db_conn *base, const struct db_stmt *st, const struct db_value *in) {
    struct pg_conn *c = (struct pg_conn *)base;
    struct pg_load *l;
    TRY(load_of(c, st, &l));
    if (!l->rows.n) buf_put(&l->rows, (str){head, sizeof head});
    put_u16(&l->rows, (uint16_t)st->params);
    for (int i = 0; i < st->params; i++)
        put_value(&l->rows, &in[i]);
    return l->rows.n < PG_LOAD_STEP && buf_ok(&l->rows) ? OK : send(c, l);
}

/* The ids that the server gives go on behind those that came with the rows. */
static enum err renumber(struct pg_conn *c, const struct db_stmt *st) {
    str table, columns = str_cut(str_c(st->into), ' ', &table);
    if (!str_starts(columns, S("(id,"))) return OK;
    const struct db_registry *reg = c->base.db->registry;
    for (size_t i = 0; i < reg->copies_n; i++) {
        if (!reg->copies[i].numbered || !str_eq(str_c(reg->copies[i].table), table)) continue;
        struct arena *a = arena_make();
        str sql = arena_printf(
            a, "SELECT setval(CAST(pg_get_serial_sequence('%.*s', 'id') AS regclass), max(id)) FROM %.*s",
            STR_ARG(table), STR_ARG(table));
        PGresult *r = PQexec(c->pg, sql.p);
        enum err e = PQresultStatus(r) == PGRES_TUPLES_OK ? OK : failed(c, st->name, PQresultErrorMessage(r));
        PQclear(r);
        arena_free(a);
        return e;
    }
    return OK;
}

enum err pg_load_end(struct db_conn *base) {
    struct pg_conn *c = (struct pg_conn *)base;
    if (!c->loads_n) return OK;
    const char *where = c->loads[0].st->name;
    enum err e = c->broken ? ERR_DB : OK;
    for (size_t i = 0; i < c->loads_n && !e; i++)
        if (c->loads[i].rows.n) e = send(c, &c->loads[i]);
    enum err last = hear(c);
    if (!e) e = last;
    for (size_t i = 0; i < c->loads_n; i++) {
        if (!e) e = renumber(c, c->loads[i].st);
        buf_done(&c->loads[i].rows);
    }
    c->loads_n = 0;
    enum err end = pg_enter_pipeline(c, where);
    return e ? e : end;
}
