/* The statements of a grid, and reading the rows that they give. */
#include "grid/grid_build.h"

u64 grid_wanted(const struct grid_def *g, const struct grid_lists *lists, const struct grid_state *s,
                bool export) {
    u64 wanted = s->shown;
    for (size_t i = 0; i < g->cols_n; i++)
        if (export && g->cols[i].show >= GRID_EXPORTED) wanted |= (u64)1 << i & ~lists->withheld;
    if (!export && g->row_name) {
        size_t at = grid_col_find(g, str_c(g->row_name));
        if (at < g->cols_n) wanted |= (u64)1 << at;
    }
    return wanted;
}

static void put_link(struct grid_build *q, const struct grid_def *g, const struct grid_link *l) {
    grid_put(q, ", ");
    grid_put_sql(q, l->id.text ? l->id : g->id);
    if (!l->second.text) return;
    grid_put(q, ", ");
    grid_put_sql(q, l->second);
}

struct grid_query grid_query_rows(struct arena *a, const struct grid_def *g, const struct grid_state *s,
                                  const struct grid_env *env, u64 wanted, bool links, i64 limit) {
    struct grid_build q = grid_build_begin(a, env);
    q.placed = s->way != GRID_FIRST;
    grid_put(&q, "SELECT ");
    grid_put_sql(&q, g->id);
    grid_put(&q, ", ");
    grid_put_sql(&q, grid_sort(g, s));
    for (size_t i = 0; i < g->cols_n; i++) {
        if (!(wanted >> i & 1)) continue;
        grid_put(&q, ", ");
        grid_put_sql(&q, g->cols[i].sql);
        if (g->cols[i].currency.text) {
            grid_put(&q, ", ");
            grid_put_sql(&q, g->cols[i].currency);
        }
        if (links && g->cols[i].link) put_link(&q, g, g->cols[i].link);
    }
    for (size_t i = 0; links && i < g->actions_n; i++) {
        put_link(&q, g, &g->actions[i]);
        grid_put(&q, ", ");
        grid_put_sql(&q, g->actions[i].when.text ? g->actions[i].when : (grid_sql)GRID_SQL("1"));
    }
    grid_put(&q, " FROM ");
    grid_put_sql(&q, g->from);
    grid_put_where(&q, g, s);
    grid_put_place(&q, g, s);
    grid_put_order(&q, g, s);
    grid_put(&q, " LIMIT ");
    grid_put_int(&q, limit);
    return grid_build_end(&q);
}

struct grid_query grid_query_count(struct arena *a, const struct grid_def *g, const struct grid_state *s,
                                   const struct grid_env *env, i64 limit) {
    struct grid_build q = grid_build_begin(a, env);
    grid_put(&q, "SELECT count(*) FROM (SELECT 1 AS one FROM ");
    grid_put_sql(&q, g->from);
    grid_put_where(&q, g, s);
    if (env->sampled) grid_put_sampled(&q, g);
    for (size_t i = 0; i < g->cols_n; i++)
        if (s->conds[i].on && g->cols[i].joined.text && !env->asked_n && !env->sampled) {
            grid_put(&q, " ORDER BY "); /* or it may begin where none of them stands */
            grid_put_sql(&q, g->cols[i].sql);
            break;
        }
    grid_put(&q, " LIMIT ");
    grid_put_int(&q, limit);
    grid_put(&q, ") AS counted");
    return grid_build_end(&q);
}

struct grid_query grid_query_filter_count(struct arena *a, const struct grid_def *g,
                                          const struct grid_state *s, size_t col, i64 limit) {
    struct grid_build q = grid_build_begin(a, &(struct grid_env){0});
    grid_put(&q, "SELECT count(*) FROM (SELECT 1 AS one FROM ");
    grid_put_sql(&q, g->cols[col].joined.text ? g->cols[col].joined : g->from);
    grid_put(&q, " WHERE 1 = 1");
    grid_put_cond(&q, g, s, col);
    grid_put(&q, " LIMIT ");
    grid_put_int(&q, limit);
    grid_put(&q, ") AS counted");
    return grid_build_end(&q);
}

/* The rows from the place on, without what the filters of other columns leave out. */
static void put_ahead(struct grid_build *q, const struct grid_def *g, const struct grid_state *s, i64 limit) {
    q->placed = s->way != GRID_FIRST;
    grid_put(q, " FROM ");
    grid_put_sql(q, g->from);
    grid_put(q, " WHERE ");
    grid_put_base(q, g);
    if (s->conds[s->sort].on) grid_put_cond(q, g, s, s->sort);
    grid_put_place(q, g, s);
    grid_put_order(q, g, s);
    grid_put(q, " LIMIT ");
    grid_put_int(q, limit);
}

struct grid_query grid_query_ahead(struct arena *a, const struct grid_def *g, const struct grid_state *s,
                                   const struct grid_env *env, i64 limit) {
    struct grid_build q = grid_build_begin(a, env);
    grid_put(&q, "SELECT count(*) FROM (SELECT 1 AS one");
    put_ahead(&q, g, s, limit);
    grid_put(&q, ") AS counted");
    return grid_build_end(&q);
}

struct grid_query grid_query_trial(struct arena *a, const struct grid_def *g, const struct grid_state *s,
                                   const struct grid_env *env, i64 looked, i64 limit) {
    struct grid_build q = grid_build_begin(a, env);
    grid_put(&q, "SELECT count(*) FROM (SELECT 1 AS one FROM (SELECT CASE WHEN 1 = 1");
    grid_put_filters(&q, g, s, s->sort);
    grid_put(&q, " THEN 1 ELSE 0 END AS fits");
    put_ahead(&q, g, s, looked);
    grid_put(&q, ") AS looked WHERE fits = 1 LIMIT ");
    grid_put_int(&q, limit);
    grid_put(&q, ") AS counted");
    return grid_build_end(&q);
}

struct grid_query grid_query_word_count(struct arena *a, const struct grid_def *g,
                                        const struct grid_asked *word, i64 limit) {
    struct grid_build q = grid_build_begin(a, &(struct grid_env){0});
    grid_put(&q, "SELECT count(*) FROM (SELECT 1 AS one");
    grid_put_word_range(&q, g, word);
    grid_put(&q, " LIMIT ");
    grid_put_int(&q, limit);
    grid_put(&q, ") AS counted");
    return grid_build_end(&q);
}

/* ---- blocks ---- */

struct grid_query grid_query_blocks(struct arena *a, const struct grid_def *g, const struct grid_asked *word,
                                    i64 limit) {
    struct grid_build q = grid_build_begin(a, &(struct grid_env){0});
    grid_put(&q, "SELECT DISTINCT w.id");
    grid_put_word_range(&q, g, word);
    grid_put(&q, " ORDER BY w.id LIMIT ");
    grid_put_int(&q, limit);
    return grid_build_end(&q);
}

struct grid_query grid_query_block_range(struct arena *a, const struct grid_def *g, const struct grid_col *c,
                                         const struct grid_cond *k, i64 limit) {
    struct grid_build q = grid_build_begin(a, &(struct grid_env){0});
    grid_put(&q, "SELECT b.id FROM ");
    grid_put_sql(&q, g->block_table);
    grid_put(&q, " b WHERE 1 = 1");
    if (k->has_low) {
        grid_put(&q, " AND ");
        grid_put_sql(&q, c->block_high);
        grid_put(&q, " >= ");
        grid_put_int(&q, k->low);
    }
    if (k->has_high) {
        grid_put(&q, " AND ");
        grid_put_sql(&q, c->block_low);
        grid_put(&q, " < ");
        grid_put_int(&q, k->high);
    }
    grid_put(&q, " ORDER BY b.id + 0 LIMIT "); /* or the rows would be read for their order, which are long */
    grid_put_int(&q, limit);
    return grid_build_end(&q);
}

struct grid_query grid_query_block_end(struct arena *a, const struct grid_def *g) {
    struct grid_build q = grid_build_begin(a, &(struct grid_env){0});
    grid_put(&q, "SELECT COALESCE(max(b.id) + 1, 0) FROM ");
    grid_put_sql(&q, g->block_table);
    grid_put(&q, " b");
    return grid_build_end(&q);
}

/* ---- rows ---- */

static struct grid_value read_value(struct db_cursor *k, enum grid_kind kind, int column) {
    if (grid_kind_is_text(kind)) {
        str s = db_get_str(k, column);
        return (struct grid_value){.null = !s.p, .s = s};
    }
    opt_i64 v = db_get_opt(k, column);
    return (struct grid_value){.null = !v.set, .i = v.v};
}

void grid_row_read(struct db_cursor *k, struct arena *a, const struct grid_def *g, const struct grid_state *s,
                   u64 wanted, bool links, struct grid_row *ret) {
    int at = 0;
    *ret = (struct grid_row){.id = db_get_int(k, at++)};
    enum grid_kind kind = g->cols[s->sort].kind;
    struct grid_value v = read_value(k, kind, at++);
    ret->at = (struct grid_cursor){
        .null = v.null, .text = grid_kind_is_text(kind), .i = v.i, .s = v.s, .id = ret->id};
    ret->cells = ARENA_ARRAY(a, struct grid_value, g->cols_n);
    ret->links = ARENA_ARRAY(a, opt_i64, g->cols_n);
    for (size_t i = 0; i < g->cols_n; i++) {
        ret->cells[i].null = true;
        if (!(wanted >> i & 1)) continue;
        ret->cells[i] = read_value(k, g->cols[i].kind, at++);
        if (g->cols[i].currency.text) ret->cells[i].s = db_get_str(k, at++);
        if (links && g->cols[i].link) ret->links[i] = db_get_opt(k, at++);
    }
    for (size_t i = 0; links && i < g->actions_n; i++) {
        ret->actions[i] = db_get_opt(k, at++);
        if (g->actions[i].second.text) ret->seconds[i] = db_get_opt(k, at++);
        ret->offered[i] = db_get_int(k, at++) == 1;
    }
}
