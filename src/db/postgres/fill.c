/* Filling a table with COPY in its binary form: no round trip and no statement for a row. */
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

/* With the row that it is about; the transaction has failed with it. */
static void fill_failed(struct pg_conn *c, const char *table, const PGresult *r) {
    c->broken = true;
    pg_fail(c->base.db, table, PQresultErrorMessage(r));
}

/* Sends what was gathered. */
static enum err send(struct pg_conn *c) {
    struct buf *b = &c->fill;
    bool whole = buf_ok(b);
    int sent = whole && b->n ? PQputCopyData(c->pg, b->p, (int)b->n) : 1;
    buf_clear(b);
    if (whole && sent == 1) return OK;
    pg_fail(c->base.db, c->filling->table, whole ? PQerrorMessage(c->pg) : "a row is too large");
    return ERR_DB;
}

enum err pg_fill_begin(struct db_conn *base, const struct db_copy *t) {
    struct pg_conn *c = (struct pg_conn *)base;
    char sql[2048];
    int n = snprintf(sql, sizeof sql, "COPY %s (%s) FROM STDIN (FORMAT binary)", t->table, t->columns);
    if (n < 0 || (size_t)n >= sizeof sql) return ERR_TOO_LARGE;
    TRY(pg_leave_pipeline(c, t->table));
    PGresult *r = PQexec(c->pg, sql);
    bool ready = PQresultStatus(r) == PGRES_COPY_IN;
    if (!ready) fill_failed(c, t->table, r);
    PQclear(r);
    if (!ready) {
        (void)!pg_enter_pipeline(c, t->table);
        return ERR_DB;
    }
    c->filling = t;
    buf_init(&c->fill, PG_FILL_MAX);
    buf_put(&c->fill, (str){head, sizeof head});
    return OK;
}

enum err pg_fill_row(struct db_conn *base, const struct db_value *row) {
    struct pg_conn *c = (struct pg_conn *)base;
    size_t columns = strlen(c->filling->kinds);
    put_u16(&c->fill, (uint16_t)columns);
    for (size_t i = 0; i < columns; i++)
        put_value(&c->fill, &row[i]);
    return c->fill.n < PG_FILL_STEP && buf_ok(&c->fill) ? OK : send(c);
}

/* The server says only now what it found wrong with a row. */
enum err pg_fill_end(struct db_conn *base) {
    struct pg_conn *c = (struct pg_conn *)base;
    const char *table = c->filling->table;
    put_u16(&c->fill, UINT16_MAX);
    enum err e = send(c);
    buf_done(&c->fill);
    if (PQputCopyEnd(c->pg, e ? "given up" : NULL) != 1) e = ERR_DB;
    for (PGresult *r; (r = PQgetResult(c->pg)); PQclear(r)) {
        if (PQresultStatus(r) == PGRES_COMMAND_OK) continue;
        if (!e) fill_failed(c, table, r);
        e = ERR_DB;
    }
    c->filling = NULL;
    enum err end = pg_enter_pipeline(c, table);
    return e ? e : end;
}
