/* Statements: prepared once per connection, bound, stepped, read. */
#include "db/inside.h"
#include "db/sqlite/sqlite_inside.h"

#include <stdio.h>

void sqlite_drop(struct sqlite_stmt *s) {
    if (!s) return;
    sqlite3_finalize(s->st);
    db_free(s->place);
    db_free(s->text);
    db_free(s);
}

void sqlite_drop_statements(struct sqlite_conn *c) {
    for (size_t i = 0; c->by_id && i < c->base.db->registry->stmts_n; i++)
        sqlite_drop(c->by_id[i]);
    for (size_t i = 0; i < SQLITE_TEXTS; i++)
        sqlite_drop(c->texts[i]);
}

/* True when nothing but white space and semicolons is left. */
static bool is_blank(const char *p, const char *end) {
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r' || *p == ';'))
        p++;
    return p == end;
}

/* Finds where each $n is bound; false when the text has others or misses one. */
static bool find_params(struct sqlite_stmt *s, size_t params) {
    s->params = params;
    if (params > SQLITE_PARAMS_MAX || (size_t)sqlite3_bind_parameter_count(s->st) != params) return false;
    s->place = db_alloc(params, sizeof *s->place);
    for (size_t i = 0; i < params; i++) {
        char name[16];
        snprintf(name, sizeof name, "$%zu", i + 1);
        int at = sqlite3_bind_parameter_index(s->st, name);
        if (at <= 0) return false;
        s->place[i] = (uint16_t)at;
    }
    return true;
}

enum err sqlite_prepare(struct sqlite_conn *c, const char *name, str sql, size_t params,
                        struct sqlite_stmt **ret) {
    struct sqlite_stmt *s = db_alloc(1, sizeof *s);
    const char *tail = NULL;
    *ret = NULL;
    s->conn = c;
    s->name = name;
    int rc = sqlite3_prepare_v3(c->sql, sql.p, (int)sql.n, SQLITE_PREPARE_PERSISTENT, &s->st, &tail);
    if (rc) {
        sqlite_drop(s);
        return sqlite_failed(c, name, rc);
    }
    const char *complaint = !s->st                           ? "no statement"
                            : !is_blank(tail, sql.p + sql.n) ? "more than one statement"
                            : !find_params(s, params)        ? "its parameters are not those declared"
                                                             : NULL;
    if (complaint) {
        db_fail(c->base.db, name, complaint);
        sqlite_drop(s);
        return ERR_DB;
    }
    *ret = s;
    return OK;
}

/* ---- finding the prepared one ---- */

static enum err get_declared(struct sqlite_conn *c, const struct db_stmt *st, struct sqlite_stmt **ret) {
    struct sqlite_stmt **kept = st->id >= 0 ? &c->by_id[st->id] : NULL;
    if (kept && *kept && !(*kept)->open) {
        *ret = *kept;
        return OK;
    }
    TRY(sqlite_prepare(c, st->name, str_c(st->sql), (size_t)st->params, ret));
    if (kept && !*kept)
        *kept = *ret;
    else
        (*ret)->one_use = true; /* the kept one is being read: this is a query inside its own loop */
    return OK;
}

static bool is_text(const struct sqlite_stmt *s, str sql, u64 hash, size_t params) {
    return s->hash == hash && s->params == params && str_eq((str){s->text, s->text_n}, sql);
}

/* The text's prepared statement, or the place for it: a free one, else that of the text not used for the
 * longest time; NULL when every one is being read. */
static struct sqlite_stmt **find_text(struct sqlite_conn *c, str sql, u64 hash, size_t params) {
    struct sqlite_stmt **oldest = NULL;
    for (size_t i = 0; i < SQLITE_TEXTS; i++) {
        struct sqlite_stmt **s = &c->texts[i];
        if (*s && (*s)->open) continue;
        if (*s && is_text(*s, sql, hash, params)) return s;
        if (!oldest || (*oldest && (!*s || (*s)->used < (*oldest)->used))) oldest = s;
    }
    return oldest;
}

static enum err get_text(struct sqlite_conn *c, str sql, size_t params, struct sqlite_stmt **ret) {
    u64 hash = str_hash(sql);
    struct sqlite_stmt **kept = find_text(c, sql, hash, params);
    if (!kept || !*kept || !is_text(*kept, sql, hash, params)) {
        TRY(sqlite_prepare(c, "grid", sql, params, ret));
        if (!sqlite3_stmt_readonly((*ret)->st)) {
            db_fail(c->base.db, "grid", "a run-time text that writes");
            sqlite_drop(*ret);
            return ERR_DB;
        }
        (*ret)->text = db_alloc(sql.n + 1, 1);
        memcpy((*ret)->text, sql.p, sql.n);
        (*ret)->text_n = sql.n;
        (*ret)->hash = hash;
        (*ret)->one_use = !kept;
        if (kept) {
            sqlite_drop(*kept);
            *kept = *ret;
        }
    } else {
        *ret = *kept;
    }
    (*ret)->used = ++c->clock;
    return OK;
}

/* ---- running ---- */

static int bind_value(sqlite3_stmt *st, int at, const struct db_value *v) {
    if (v->null) return sqlite3_bind_null(st, at);
    switch (v->kind) {
    case DB_INT: return sqlite3_bind_int64(st, at, v->i);
    case DB_TEXT: return sqlite3_bind_text64(st, at, v->s.p, v->s.n, SQLITE_STATIC, SQLITE_UTF8);
    case DB_BLOB: return sqlite3_bind_blob64(st, at, v->s.p, v->s.n, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

static void put_away(struct sqlite_stmt *s) {
    sqlite3_reset(s->st);
    s->open = false;
    if (s->one_use) sqlite_drop(s);
}

/* Binds and steps once. On an error the statement is put away. */
static enum err start(struct sqlite_stmt *s, const struct db_value *in, bool *ret_row) {
    int rc = SQLITE_OK;
    for (size_t i = 0; !rc && i < s->params; i++)
        rc = bind_value(s->st, s->place[i], &in[i]);
    if (!rc) rc = sqlite3_step(s->st);
    *ret_row = rc == SQLITE_ROW;
    if (rc == SQLITE_ROW || rc == SQLITE_DONE) return OK;
    enum err e = sqlite_failed(s->conn, s->name, rc);
    put_away(s);
    return e;
}

static enum err start_cursor(struct sqlite_stmt *s, const struct db_value *in, struct db_cursor **ret) {
    bool row;
    TRY(start(s, in, &row));
    if (!row) {
        put_away(s);
        return OK;
    }
    s->open = true;
    s->cursor = (struct db_cursor){0};
    *ret = &s->cursor;
    return OK;
}

enum err sqlite_query(struct db_conn *base, const struct db_stmt *st, const struct db_value *in,
                      struct db_cursor **ret) {
    struct sqlite_conn *c = (struct sqlite_conn *)base;
    struct sqlite_stmt *s;
    *ret = NULL;
    if (st->writes) TRY(sqlite_before_change(c));
    TRY(get_declared(c, st, &s));
    return start_cursor(s, in, ret);
}

enum err sqlite_stream(struct db_conn *base, const struct db_stmt *st, struct db_cursor **ret) {
    return sqlite_query(base, st, NULL, ret);
}

enum err sqlite_query_text(struct db_conn *base, str sql, const struct db_value *in, size_t n,
                           struct db_cursor **ret) {
    struct sqlite_stmt *s;
    *ret = NULL;
    TRY(get_text((struct sqlite_conn *)base, sql, n, &s));
    return start_cursor(s, in, ret);
}

enum err sqlite_run_once(struct sqlite_stmt *s, const struct db_value *in) {
    bool row;
    TRY(start(s, in, &row));
    put_away(s);
    return OK;
}

enum err sqlite_exec(struct db_conn *base, const struct db_stmt *st, const struct db_value *in, bool counted,
                     i64 *ret_changes) {
    struct sqlite_conn *c = (struct sqlite_conn *)base;
    (void)counted;
    struct sqlite_stmt *s;
    bool row;
    TRY(sqlite_before_change(c));
    TRY(get_declared(c, st, &s));
    TRY(start(s, in, &row));
    *ret_changes = sqlite3_changes64(c->sql);
    put_away(s);
    return OK;
}

bool sqlite_next(struct db_cursor *k) {
    struct sqlite_stmt *s = (struct sqlite_stmt *)k;
    if (k->result) return false;
    int rc = sqlite3_step(s->st);
    if (rc == SQLITE_ROW) return true;
    if (rc != SQLITE_DONE) k->result = sqlite_failed(s->conn, s->name, rc);
    return false;
}

void sqlite_finish(struct db_cursor *k) {
    put_away((struct sqlite_stmt *)k);
}

static sqlite3_stmt *stmt_of(struct db_cursor *k) {
    return ((struct sqlite_stmt *)k)->st;
}

bool sqlite_is_null(struct db_cursor *k, int column) {
    return sqlite3_column_type(stmt_of(k), column) == SQLITE_NULL;
}

i64 sqlite_get_int(struct db_cursor *k, int column) {
    return sqlite3_column_int64(stmt_of(k), column);
}

str sqlite_get_str(struct db_cursor *k, int column) {
    sqlite3_stmt *st = stmt_of(k);
    int type = sqlite3_column_type(st, column);
    if (type == SQLITE_NULL) return STR_NULL;
    const void *p =
        type == SQLITE_BLOB ? sqlite3_column_blob(st, column) : (const void *)sqlite3_column_text(st, column);
    return p ? (str){p, (size_t)sqlite3_column_bytes(st, column)} : S(""); /* an empty blob has no address */
}

/* ---- checking a declaration ---- */

static void check_one(struct arena *a, struct db_conn *base, const struct db_stmt *st, str *ret_complaint) {
    struct sqlite_stmt *s;
    if (sqlite_prepare((struct sqlite_conn *)base, st->name, str_c(st->sql), (size_t)st->params, &s)) {
        *ret_complaint = arena_str(a, str_c(base->db->error));
        return;
    }
    bool reads = sqlite3_stmt_readonly(s->st) != 0;
    int columns = sqlite3_column_count(s->st);
    if (reads == st->writes)
        *ret_complaint = reads ? S("declared to write, and only reads") : S("declared to read, and writes");
    else if (columns != st->columns)
        *ret_complaint = arena_printf(a, "declared with %d columns, and has %d", st->columns, columns);
    sqlite_drop(s);
}

enum err sqlite_check(struct arena *a, struct db_conn *base, const struct db_stmt *const *st, size_t n,
                      size_t *ret_which, str *ret_complaint) {
    for (size_t i = 0; i < n && !ret_complaint->p; i++) {
        check_one(a, base, st[i], ret_complaint);
        *ret_which = i;
    }
    return OK;
}
