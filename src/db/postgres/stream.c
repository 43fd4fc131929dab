/* Reading millions of rows with COPY in its binary form: the server sends on while they are looked at, and
 * nobody holds more than one of them. */
#include "db/postgres/postgres_inside.h"

#include <endian.h>

enum { COLUMNS_MAX = 64, HEAD = 19 };

/* `row` is libpq's, with the fields of the row that the cursor stands on inside it. */
struct pg_stream {
    const struct db_stmt *st;
    struct pg_conn *conn;
    char *row;
    int columns;
    bool begun; /* the signature has come */
    str fields[COLUMNS_MAX];
};

static uint32_t get_u32(const char *p) {
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return be32toh(v);
}

/* The fields of a row: each its length (-1: NULL) and its bytes. False when they are not as declared. */
static bool take_row(struct pg_stream *s, str bytes) {
    uint16_t n;
    if (bytes.n < sizeof n) return false;
    memcpy(&n, bytes.p, sizeof n);
    if (be16toh(n) != s->columns) return false;
    bytes = str_slice(bytes, sizeof n, bytes.n);
    for (int i = 0; i < s->columns; i++) {
        if (bytes.n < 4) return false;
        uint32_t length = get_u32(bytes.p);
        bytes = str_slice(bytes, 4, bytes.n);
        s->fields[i] = STR_NULL;
        if (length == UINT32_MAX) continue;
        if (bytes.n < length) return false;
        s->fields[i] = (str){bytes.p, length};
        bytes = str_slice(bytes, length, bytes.n);
    }
    return bytes.n == 0;
}

/* ---- its end ---- */

/* What the server says at the end; NULL rows: it was given up before. */
static enum err end_copy(struct pg_stream *s, bool whole) {
    struct pg_conn *c = s->conn;
    enum err e = OK;
    if (!whole) { /* the snapshot ends with it: its owner wanted no more */
        char why[256];
        PGcancel *cancel = PQgetCancel(c->pg);
        if (!cancel || !PQcancel(cancel, why, sizeof why)) PQreset(c->pg);
        PQfreeCancel(cancel);
        for (char *row; PQgetCopyData(c->pg, &row, 0) > 0;)
            PQfreemem(row);
    }
    for (PGresult *r; (r = PQgetResult(c->pg)); PQclear(r))
        if (whole && !e && PQresultStatus(r) != PGRES_COMMAND_OK) e = pg_failed(c, s->st->name, r);
    if (!whole) c->broken = true;
    enum err end = pg_enter_pipeline(c, s->st->name);
    return e ? e : end;
}

static void drop(struct pg_stream *s) {
    PQfreemem(s->row);
    db_free(s);
}

/* The next row; false at the end or on an error, which is then *ret_e. */
static bool next_row(struct pg_stream *s, enum err *ret_e) {
    PQfreemem(s->row);
    s->row = NULL;
    int n = PQgetCopyData(s->conn->pg, &s->row, 0);
    str bytes = n > 0 ? (str){s->row, (size_t)n} : STR_NULL;
    if (n > 0 && !s->begun && n >= HEAD) { /* the signature stands before the first row */
        bytes = str_slice(bytes, HEAD, bytes.n);
        s->begun = true;
    }
    if (n > 0 && take_row(s, bytes)) return true;
    bool last = n > 0 && bytes.n == 2; /* the trailer, a row of -1 fields */
    if (last) {
        PQfreemem(s->row);
        s->row = NULL;
        last = PQgetCopyData(s->conn->pg, &s->row, 0) == -1;
    }
    *ret_e = end_copy(s, last || n < 0);
    if (!*ret_e && !last) {
        db_fail(s->conn->base.db, s->st->name, "rows that are not as declared");
        *ret_e = ERR_DB;
    }
    s->conn = NULL;
    return false;
}

/* ---- the cursor ---- */

/* COPY leaves the pipeline, and with it the transaction that has no BEGIN: it gets one, wherever it stands.
 */
static enum err begin_block(struct pg_conn *c) {
    if (!pg_in_snapshot(c)) return OK;
    if (c->over) TRY(pg_seen_renew(c));
    TRY(pg_defer(c, "BEGIN"));
    c->block = true;
    c->hasty = false;
    return OK;
}

static enum err begin_copy(struct pg_conn *c, const struct db_stmt *st) {
    TRY(begin_block(c));
    TRY(pg_command(c, "SET LOCAL statement_timeout = 0", NULL));
    TRY(pg_leave_pipeline(c, st->name));
    struct arena *a = arena_make();
    PGresult *r = PQexec(c->pg, arena_printf(a, "COPY (%s) TO STDOUT (FORMAT binary)", st->sql).p);
    enum err e = PQresultStatus(r) == PGRES_COPY_OUT ? OK : pg_failed(c, st->name, r);
    PQclear(r);
    arena_free(a);
    if (e) (void)!pg_enter_pipeline(c, st->name);
    return e;
}

enum err pg_stream(struct db_conn *base, const struct db_stmt *st, struct db_cursor **ret) {
    struct pg_conn *c = (struct pg_conn *)base;
    enum err e = OK;
    *ret = NULL;
    if (st->columns > COLUMNS_MAX) return ERR_TOO_LARGE;
    TRY(begin_copy(c, st));
    struct pg_stream *s = db_alloc(1, sizeof *s);
    *s = (struct pg_stream){.st = st, .conn = c, .columns = st->columns};
    if (!next_row(s, &e)) {
        drop(s);
        return e;
    }
    struct pg_cursor *k = db_alloc(1, sizeof *k);
    k->stream = s;
    *ret = &k->cursor;
    return OK;
}

bool pg_stream_next(struct pg_cursor *k) {
    return k->stream->conn && next_row(k->stream, &k->cursor.result);
}

void pg_stream_finish(struct pg_stream *s) {
    if (s->conn) (void)!end_copy(s, false);
    drop(s);
}

str pg_stream_field(const struct pg_stream *s, int column) {
    return s->fields[column];
}

/* Columns are bigint; counts and CASE of literals may be shorter. */
i64 pg_stream_int(const struct pg_stream *s, int column) {
    str f = s->fields[column];
    i64 v = f.n && *f.p < 0 ? -1 : 0;
    for (size_t i = 0; i < f.n && i < sizeof v; i++)
        v = (i64)((u64)v << 8 | (unsigned char)f.p[i]);
    return v;
}
