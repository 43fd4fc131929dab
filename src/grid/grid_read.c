/* The rows of a page and how many there are, as the plan has them looked for. */
#include "grid/grid_inside.h"

static enum err read_some(struct db_r *db, struct arena *a, const struct grid_def *g,
                          const struct grid_state *s, const struct grid_env *env, u64 wanted, bool links,
                          size_t limit, struct grid_row *rows, size_t *n) {
    struct grid_query q = grid_query_rows(a, g, s, env, wanted, links, (i64)(limit - *n));
    struct db_cursor *k;
    TRY(db_query_text(db, q.sql, q.in, q.n, &k));
    for (bool more = k != NULL; more && *n < limit; more = db_next(k))
        grid_row_read(k, a, g, s, wanted, links, &rows[(*n)++]);
    return db_cursor_end(k);
}

static enum err read_parts(struct db_r *db, struct arena *a, const struct grid_def *g,
                           const struct grid_state *s, const struct grid_env *env, u64 wanted, bool links,
                           size_t limit, struct grid_row *rows, size_t *n) {
    enum grid_part parts[GRID_PARTS];
    size_t parts_n = grid_parts(g, s, env->road, parts);
    struct grid_env one = *env;
    for (size_t i = 0; i < parts_n && *n < limit; i++) {
        one.part = parts[i];
        TRY(read_some(db, a, g, s, &one, wanted, links, limit, rows, n));
    }
    return OK;
}

enum err grid_read_rows(struct db_r *db, struct arena *a, const struct grid_def *g,
                        const struct grid_state *s, const struct grid_env *env, u64 wanted, bool links,
                        size_t limit, struct grid_row *rows, size_t *ret_n, i64 *ret_looked) {
    struct grid_env part = *env;
    *ret_n = 0;
    *ret_looked = 0;
    if (!env->windows) return read_parts(db, a, g, s, env, wanted, links, limit, rows, ret_n);
    for (size_t i = 0; i < env->windows_n && *ret_n < limit; i++) {
        part.window = &env->windows[i];
        if (!grid_window_reaches(part.window, s)) continue;
        TRY(read_some(db, a, g, s, &part, wanted, links, limit, rows, ret_n));
        *ret_looked += grid_window_blocks(g, part.window);
    }
    return OK;
}

enum err grid_read_number(struct db_r *db, struct grid_query q, i64 *ret) {
    struct db_cursor *k;
    TRY(db_query_text(db, q.sql, q.in, q.n, &k));
    *ret = k ? db_get_int(k, 0) : 0;
    return db_cursor_end(k);
}

enum err grid_read_count(struct db_r *db, struct arena *a, const struct grid_def *g,
                         const struct grid_state *s, const struct grid_env *env, i64 *ret, bool *ret_open) {
    struct grid_env part = *env;
    i64 limit = GRID_COUNT_MAX + 1, looked = 0;
    *ret = 0;
    *ret_open = env->sampled > 0;
    part.road = GRID_ANY_ROAD; /* that is about the rows of a page */
    if (!env->windows) return grid_read_number(db, grid_query_count(a, g, s, &part, limit), ret);
    for (size_t i = 0; i < env->windows_n && *ret < limit; i++) {
        part.window = &env->windows[i];
        *ret_open = looked >= GRID_BLOCKS_COUNTED;
        if (*ret_open) break;
        i64 n;
        TRY(grid_read_number(db, grid_query_count(a, g, s, &part, limit - *ret), &n));
        *ret += n;
        looked += grid_window_blocks(g, part.window);
    }
    return OK;
}
