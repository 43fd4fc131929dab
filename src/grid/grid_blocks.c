/* Grids whose table of words tells blocks of rows instead of rows, because the table only grows: the rows of
 * block n have the ids n × blocks to n × blocks + blocks - 1. What is asked for gives the blocks that can
 * hold it; they are read one after the other, in the order of the ids, until the page is full. Rows behind
 * the last block are in none yet and are always read. */
#include "grid/grid_inside.h"

enum {
    BLOCKS_MAX = 4096, /* what stands in more blocks than this is everywhere */
    TOGETHER = 8,      /* neighbours that are read at once */
};

/* A set of blocks, the first ones first. */
struct set {
    i64 *ids;
    size_t n;
    bool all;
};

static enum err read_set(struct db_r *db, struct arena *a, struct grid_query q, struct set *ret) {
    struct db_cursor *k;
    *ret = (struct set){.ids = ARENA_ARRAY(a, i64, BLOCKS_MAX + 1)};
    TRY(db_query_text(db, q.sql, q.in, q.n, &k));
    for (bool more = k != NULL; more && ret->n <= BLOCKS_MAX; more = db_next(k))
        ret->ids[ret->n++] = db_get_int(k, 0);
    ret->all = ret->n > BLOCKS_MAX;
    return db_cursor_end(k);
}

/* Both are sorted. */
static void intersect(struct set *x, const struct set *with) {
    if (with->all) return;
    if (x->all) {
        *x = *with;
        return;
    }
    size_t n = 0, k = 0;
    for (size_t i = 0; i < x->n; i++) {
        while (k < with->n && with->ids[k] < x->ids[i])
            k++;
        if (k < with->n && with->ids[k] == x->ids[i]) x->ids[n++] = x->ids[i];
    }
    x->n = n;
}

static enum err first_open(struct db_r *db, struct arena *a, const struct grid_def *g, i64 *ret) {
    struct grid_query q = grid_query_block_end(a, g);
    struct db_cursor *k;
    TRY(db_query_text(db, q.sql, q.in, q.n, &k));
    *ret = k ? db_get_int(k, 0) : 0;
    return db_cursor_end(k);
}

/* The blocks that hold all that is asked for; `all` when that tells nothing. */
static enum err find_blocks(struct db_r *db, struct arena *a, const struct grid_def *g,
                            const struct grid_state *s, struct set *ret) {
    struct grid_asked words[GRID_ASKED_MAX];
    size_t n = grid_asked_collect(a, g, s, words);
    *ret = (struct set){.all = true};
    for (size_t i = 0; i < n; i++) {
        struct set one;
        if (words[i].or_id) continue; /* a number may be the row's own */
        TRY(read_set(db, a, grid_query_blocks(a, g, &words[i], BLOCKS_MAX + 1), &one));
        intersect(ret, &one);
    }
    for (size_t c = 0; c < g->cols_n; c++) {
        struct set one;
        if (!s->conds[c].on || !g->cols[c].block_low.text) continue;
        TRY(read_set(db, a, grid_query_block_range(a, g, &g->cols[c], &s->conds[c], BLOCKS_MAX + 1), &one));
        intersect(ret, &one);
    }
    return OK;
}

/* From the blocks to ranges of ids. */
static void put_windows(const struct grid_def *g, const struct set *blocks, i64 open, bool up,
                        struct grid_window *to, size_t *ret_n) {
    size_t n = 0;
    for (size_t i = 0; i < blocks->n; i++) {
        i64 low = blocks->ids[i] * g->blocks;
        if (n && to[n - 1].high == low && to[n - 1].high - to[n - 1].low < (i64)TOGETHER * g->blocks)
            to[n - 1].high += g->blocks;
        else
            to[n++] = (struct grid_window){.low = low, .high = low + g->blocks};
    }
    to[n++] = (struct grid_window){.low = open * g->blocks, .high = INT64_MAX};
    for (size_t i = 0; !up && i < n / 2; i++) {
        struct grid_window swap = to[i];
        to[i] = to[n - 1 - i];
        to[n - 1 - i] = swap;
    }
    *ret_n = n;
}

enum err grid_blocks_plan(struct db_r *db, struct arena *a, const struct grid_def *g,
                          const struct grid_state *s, struct grid_env *env) {
    struct set blocks;
    i64 open;
    env->windows = NULL;
    env->windows_n = 0;
    if (!g->blocks || str_find(str_c(g->cols[s->sort].sort.text), str_c(g->id.text)) != 0) return OK;
    TRY(find_blocks(db, a, g, s, &blocks));
    if (blocks.all) return OK;
    TRY(first_open(db, a, g, &open));
    struct grid_window *windows = ARENA_ARRAY(a, struct grid_window, blocks.n + 1);
    put_windows(g, &blocks, open, grid_goes_up(s), windows, &env->windows_n);
    env->windows = windows;
    return OK;
}

bool grid_window_reaches(const struct grid_window *w, const struct grid_state *s) {
    if (s->way == GRID_FIRST) return true;
    return grid_goes_up(s) ? w->high > s->cursor.id : w->low < s->cursor.id;
}

i64 grid_window_blocks(const struct grid_def *g, const struct grid_window *w) {
    return w->high == INT64_MAX ? 1 : (w->high - w->low) / g->blocks;
}
