/* Putting a statement together. */
#include "grid/grid_build.h"

void grid_put(struct grid_build *q, const char *text) {
    buf_put(&q->b, str_c(text));
}

static size_t bind(struct grid_build *q, struct db_value v) {
    if (q->n < GRID_VALUES_MAX) q->in[q->n++] = v;
    return q->n;
}

static void put_number(struct grid_build *q, size_t n) {
    buf_put_char(&q->b, '$');
    buf_put_i64(&q->b, (i64)n);
}

void grid_put_int(struct grid_build *q, i64 v) {
    put_number(q, bind(q, (struct db_value){.kind = DB_INT, .i = v}));
}

void grid_put_text(struct grid_build *q, str s) {
    put_number(q, bind(q, (struct db_value){.kind = DB_TEXT, .s = s.p ? s : S("")}));
}

static void put_named(struct grid_build *q, size_t *number, i64 v) {
    if (!*number) *number = bind(q, (struct db_value){.kind = DB_INT, .i = v});
    put_number(q, *number);
}

/* A piece of the table, its @names replaced by bound values. */
void grid_put_sql(struct grid_build *q, grid_sql piece) {
    str rest = str_c(piece.text);
    while (rest.n) {
        size_t at = str_find_char(rest, '@');
        buf_put(&q->b, str_slice(rest, 0, at));
        rest = str_slice(rest, at, rest.n);
        if (!rest.n) return;
        if (str_starts(rest, S("@scope"))) {
            put_named(q, &q->scope, q->env->scope);
            rest = str_slice(rest, 6, rest.n);
        } else if (str_starts(rest, S("@now"))) {
            put_named(q, &q->now, q->env->now_us);
            rest = str_slice(rest, 4, rest.n);
        } else if (str_starts(rest, S("@param"))) {
            put_named(q, &q->param, q->env->param);
            rest = str_slice(rest, 6, rest.n);
        } else {
            buf_put_char(&q->b, '@');
            rest = str_slice(rest, 1, rest.n);
        }
    }
}

struct grid_build grid_build_begin(struct arena *a, const struct grid_env *env) {
    struct grid_build q = {.a = a, .env = env, .in = ARENA_ARRAY(a, struct db_value, GRID_VALUES_MAX)};
    buf_init(&q.b, 64 * 1024);
    return q;
}

struct grid_query grid_build_end(struct grid_build *q) {
    struct grid_query ret = {.sql = arena_str(q->a, buf_str(&q->b)), .in = q->in, .n = q->n};
    buf_done(&q->b);
    return ret;
}
