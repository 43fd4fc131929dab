/* Exports: CSV and JSON Lines, streamed by keyset pages, each in a snapshot of its own, so that a long
 * download holds neither memory nor an old snapshot. */
#include "grid/grid_inside.h"

enum { CHUNK = 56 * 1024 };

/* What must outlive the page's handler; all in the reply's arena. */
struct export {
    struct arena *a;
    const struct grid_def *g;
    struct grid_state s;
    struct grid_lists lists;
    struct grid_env env;
    const struct i18n_format *format;
    enum lang lang;
    u64 wanted;
    bool begun, done;
    char *last; /* the text of the cursor, which the next page starts behind */
};

/* ---- CSV ---- */

/* Spreadsheets take these for the start of a formula (OWASP, "CSV Injection"). */
static bool is_formula(str s) {
    return s.n > 0 && memchr("=+-@\t\r", s.p[0], 6) != NULL;
}

void grid_csv_cell(struct buf *out, str s) {
    bool guard = is_formula(s), quote = guard;
    for (size_t i = 0; i < s.n && !quote; i++)
        quote = s.p[i] == '"' || s.p[i] == ',' || s.p[i] == ';' || s.p[i] == '\n' || s.p[i] == '\r';
    if (!quote) {
        buf_put(out, s);
        return;
    }
    buf_put_char(out, '"');
    if (guard) buf_put_char(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"') buf_put_char(out, '"');
        buf_put_char(out, s.p[i]);
    }
    buf_put_char(out, '"');
}

/* Without the currency, so that it can be calculated with; a grid of several has a column that names it. */
static str amount(struct export *x, struct arena *a, const struct grid_value *v) {
    return v->s.n ? i18n_decimal_in(a, v->s, v->i) : i18n_decimal(a, x->format, v->i);
}

/* A number is no formula: it stands as it is, so that it can be calculated with. */
static void csv_value(struct export *x, struct arena *a, size_t col, const struct grid_value *v,
                      struct buf *out) {
    if (v->null) return;
    const struct grid_col *c = &x->g->cols[col];
    switch (c->kind) {
    case GRID_TEXT: grid_csv_cell(out, c->reads ? c->reads(a, x->lang, v->s) : v->s); break;
    case GRID_INT: buf_put_i64(out, v->i); break;
    case GRID_MONEY: buf_put(out, amount(x, a, v)); break;
    case GRID_TIME:
    case GRID_DATE: buf_put(out, time_rfc3339(a, v->i)); break;
    case GRID_CHOICE: grid_csv_cell(out, grid_label(&x->lists, col, v->s)); break;
    case GRID_BOOL:
    case GRID_CHOICE_INT:
        grid_csv_cell(out, grid_label(&x->lists, col, arena_printf(a, "%lld", (long long)v->i)));
        break;
    }
}

static void csv_head(struct export *x, struct buf *out) {
    bool first = true;
    buf_put(out, S("\xef\xbb\xbf"));
    for (size_t i = 0; i < x->g->cols_n; i++) {
        if (!(x->wanted >> i & 1)) continue;
        if (!first) buf_put_char(out, ',');
        first = false;
        grid_csv_cell(out, i18n_get(x->lang, x->g->cols[i].label));
    }
    buf_put(out, S("\r\n"));
}

static void csv_row(struct export *x, struct arena *a, const struct grid_row *row, struct buf *out) {
    bool first = true;
    for (size_t i = 0; i < x->g->cols_n; i++) {
        if (!(x->wanted >> i & 1)) continue;
        if (!first) buf_put_char(out, ',');
        first = false;
        csv_value(x, a, i, &row->cells[i], out);
    }
    buf_put(out, S("\r\n"));
}

/* ---- JSON Lines: keys and values as machines want them, the same in every language ---- */

static void json_value(struct export *x, struct arena *a, size_t col, const struct grid_value *v,
                       struct buf *out) {
    if (v->null) {
        buf_put(out, S("null"));
        return;
    }
    switch (x->g->cols[col].kind) {
    case GRID_TEXT:
    case GRID_CHOICE: buf_put_json(out, v->s); break;
    case GRID_INT:
    case GRID_CHOICE_INT: buf_put_i64(out, v->i); break;
    case GRID_MONEY: buf_put_json(out, amount(x, a, v)); break;
    case GRID_TIME:
    case GRID_DATE: buf_put_json(out, time_rfc3339(a, v->i)); break;
    case GRID_BOOL: buf_put(out, v->i ? S("true") : S("false")); break;
    }
}

static void json_row(struct export *x, struct arena *a, const struct grid_row *row, struct buf *out) {
    bool first = true;
    buf_put_char(out, '{');
    for (size_t i = 0; i < x->g->cols_n; i++) {
        if (!(x->wanted >> i & 1)) continue;
        if (!first) buf_put_char(out, ',');
        first = false;
        buf_put_json(out, str_c(x->g->cols[i].key));
        buf_put_char(out, ':');
        json_value(x, a, i, &row->cells[i], out);
    }
    buf_put(out, S("}\n"));
}

/* ---- streaming ---- */

/* The next rows; sets x->done when these were the last. */
static enum err put_rows(struct export *x, struct db_r *db, struct buf *out) {
    struct arena *a = db_arena(db);
    bool is_text = grid_kind_is_text(x->g->cols[x->s.sort].kind);
    if (x->s.way == GRID_AFTER && !grid_cursor_read(a, str_c(x->last), is_text, &x->s.cursor))
        return ERR_INTERNAL;
    struct grid_row *rows = ARENA_ARRAY(a, struct grid_row, GRID_EXPORT_ROWS);
    size_t read, n = 0;
    i64 looked;
    TRY(grid_plan(db, a, x->g, &x->s, &x->env, GRID_EXPORT_ROWS));
    TRY(grid_read_rows(db, a, x->g, &x->s, &x->env, x->wanted, false, GRID_EXPORT_ROWS, rows, &read,
                       &looked));
    for (; n < read && out->n < CHUNK; n++) {
        if (x->s.jsonl)
            json_row(x, a, &rows[n], out);
        else
            csv_row(x, a, &rows[n], out);
    }
    x->done = n == read && read < GRID_EXPORT_ROWS;
    if (n == 0) return OK;
    str at = grid_cursor_write(a, &rows[n - 1].at);
    memcpy(x->last, at.p, at.n);
    x->last[at.n] = '\0';
    x->s.way = GRID_AFTER;
    return OK;
}

static bool next(void *arg, struct db_r *db, struct buf *out) {
    struct export *x = arg;
    if (x->done) return false;
    if (!x->begun && !x->s.jsonl) csv_head(x, out);
    x->begun = true;
    if (put_rows(x, db, out)) buf_fail(out); /* a download that breaks off is seen; a short one is not */
    return true;
}

static str file_name(const struct export *x, i64 now_us) {
    str day = str_slice(time_rfc3339(x->a, now_us), 0, 10);
    return ARENA_CAT(x->a, str_c(x->g->name), S("-"), day, x->s.jsonl ? S(".jsonl") : S(".csv"));
}

enum err grid_export(struct page *p, const struct grid_def *g) {
    struct arena *a = reply_arena(p->reply);
    struct export *x = ARENA_NEW(a, struct export);
    x->a = a;
    x->g = g;
    x->format = p->format;
    x->lang = p->lang;
    x->last = arena_alloc(a, GRID_CURSOR_MAX + 1);
    x->env =
        (struct grid_env){.scope = db_scope(p->db), .now_us = p->now_us, .param = g->param ? g->param(p) : 0};
    TRY(grid_lists_load(p, a, g, &x->lists));
    grid_state_read(a, g, &x->lists, p->format, arena_str(a, p->query), &x->s);
    if (grid_state_wrong(g, &x->s)) return ERR_BAD_REQUEST;
    x->s.way = GRID_FIRST;
    x->wanted = grid_wanted(g, &x->lists, &x->s, true);
    reply_stream(p->reply,
                 x->s.jsonl ? S("application/jsonl; charset=utf-8")
                            : S("text/csv; charset=utf-8; header=present"),
                 file_name(x, p->now_us), next, x);
    return OK;
}
