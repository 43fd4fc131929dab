/* The order of the rows, and the place in it from which on they are read. */
#include "grid/grid_build.h"

grid_sql grid_sort(const struct grid_def *g, const struct grid_state *s) {
    const struct grid_col *c = &g->cols[s->sort];
    return c->joined.text && s->conds[s->sort].on ? c->sql : c->sort;
}

/* Rows that are fetched are sorted by what no index knows: else it would be taken after all. */
static void put_sort(struct grid_build *q, const struct grid_def *g, const struct grid_state *s) {
    grid_put_sql(q, grid_sort(g, s));
    if (q->env->road != GRID_FETCHED) return;
    grid_put(q, grid_kind_is_text(g->cols[s->sort].kind) ? " || ''" : " + 0");
}

bool grid_goes_up(const struct grid_state *s) {
    return s->descending == (s->way == GRID_BEFORE);
}

/* Value and id then stand in two tables. */
static bool sorts_by_joined(const struct grid_def *g, const struct grid_state *s) {
    return g->cols[s->sort].joined.text && s->conds[s->sort].on;
}

static bool sorts_by_id(const struct grid_def *g, const struct grid_state *s) {
    return str_eq(str_c(grid_sort(g, s).text), str_c(g->id.text));
}

/* Absent values sort as the smallest, on both engines. */
size_t grid_parts(const struct grid_def *g, const struct grid_state *s, enum grid_road road,
                  enum grid_part ret[GRID_PARTS]) {
    bool nullable = g->cols[s->sort].sort_may_be_null, placed = s->way != GRID_FIRST, up = grid_goes_up(s);
    size_t n = 0;
    if (road == GRID_FETCHED || sorts_by_id(g, s) || sorts_by_joined(g, s) || (!nullable && !placed)) {
        ret[n++] = GRID_WHOLE;
        return n;
    }
    if (up && nullable && (!placed || s->cursor.null)) ret[n++] = GRID_ABSENT;
    if (placed && !s->cursor.null) {
        ret[n++] = GRID_SAME;
        ret[n++] = GRID_BEYOND;
    } else if (up || !placed) {
        ret[n++] = GRID_PRESENT;
    }
    if (!up && nullable) ret[n++] = GRID_ABSENT;
    return n;
}

static void put_behind_id(struct grid_build *q, const struct grid_def *g, const struct grid_state *s) {
    grid_put_sql(q, g->id);
    grid_put(q, grid_goes_up(s) ? " > " : " < ");
    grid_put_int(q, s->cursor.id);
}

/* The sort value beside the cursor's. */
static void put_beside(struct grid_build *q, const struct grid_def *g, const struct grid_state *s,
                       const char *relation) {
    put_sort(q, g, s);
    grid_put(q, relation);
    if (s->cursor.text)
        grid_put_text(q, s->cursor.s);
    else
        grid_put_int(q, s->cursor.i);
}

/* All that is behind the cursor, in one condition. */
static void put_behind(struct grid_build *q, const struct grid_def *g, const struct grid_state *s) {
    bool up = grid_goes_up(s), nullable = g->cols[s->sort].sort_may_be_null;
    if (sorts_by_id(g, s)) {
        put_behind_id(q, g, s);
        return;
    }
    if (s->cursor.null) {
        put_sort(q, g, s);
        grid_put(q, " IS NULL AND ");
        put_behind_id(q, g, s);
    } else {
        put_beside(q, g, s, up ? " >= " : " <= "); /* where an index begins */
        grid_put(q, " AND (");
        put_beside(q, g, s, up ? " > " : " < ");
        grid_put(q, " OR ");
        put_behind_id(q, g, s);
        grid_put(q, ")");
    }
    if (!nullable || up != s->cursor.null) return;
    grid_put(q, " OR ");
    put_sort(q, g, s);
    grid_put(q, up ? " IS NOT NULL" : " IS NULL");
}

/* Behind the cursor in reading order, as far as this part goes. */
void grid_put_place(struct grid_build *q, const struct grid_def *g, const struct grid_state *s) {
    bool placed = s->way != GRID_FIRST;
    if (q->env->part == GRID_WHOLE && !placed) return;
    grid_put(q, " AND (");
    switch (q->env->part) {
    case GRID_WHOLE: put_behind(q, g, s); break;
    case GRID_PRESENT:
    case GRID_ABSENT:
        put_sort(q, g, s);
        grid_put(q, q->env->part == GRID_PRESENT ? " IS NOT NULL" : " IS NULL");
        if (q->env->part == GRID_PRESENT || !placed || !s->cursor.null) break;
        grid_put(q, " AND ");
        put_behind_id(q, g, s);
        break;
    case GRID_SAME:
        put_beside(q, g, s, " = ");
        grid_put(q, " AND ");
        put_behind_id(q, g, s);
        break;
    case GRID_BEYOND: put_beside(q, g, s, grid_goes_up(s) ? " > " : " < "); break;
    }
    grid_put(q, ")");
}

void grid_put_order(struct grid_build *q, const struct grid_def *g, const struct grid_state *s) {
    bool up = grid_goes_up(s), nulls = g->cols[s->sort].sort_may_be_null && q->env->part == GRID_WHOLE;
    grid_put(q, " ORDER BY ");
    put_sort(q, g, s);
    grid_put(q, up ? " ASC" : " DESC");
    if (nulls) grid_put(q, up ? " NULLS FIRST" : " NULLS LAST");
    grid_put(q, ", ");
    grid_put_sql(q, g->id);
    grid_put(q, up ? " ASC" : " DESC");
}
