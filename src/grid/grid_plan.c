/* How a page is come by. The table of words tells, by reading a bounded number of its rows, how many rows
 * hold a word that begins like this. Few: they are fetched and looked at. Many: the first rows of the order
 * are looked at. When a page is found among them, that is the way; else it may be far, and what the rarer
 * words have in common is fetched. Filters that have an index beside the order's are decided about in the
 * same way. */
#include "grid/grid_inside.h"

enum {
    FEW = 4000,    /* as many rows are fetched and sorted at once */
    LOOKED = 8000, /* as many are looked at along the order, to see what is there */
    MANY = 30000,  /* as many are compared with those of another word */
    MOST = 100000, /* as many are fetched when a page of them is far along the order */
    WORDS = 8,     /* as many words are compared; the row itself is asked for all */
};

static size_t collect(struct arena *a, str text, struct grid_asked like, struct grid_asked *ret) {
    str words[GRID_WORDS_MAX];
    size_t n = i18n_asked_words(a, text, words, GRID_WORDS_MAX);
    for (size_t i = 0; i < n; i++) {
        ret[i] = like;
        ret[i].word = words[i];
    }
    return n;
}

/* The value of a filter as a term of the block: all of it, or what it begins with. */
static struct grid_asked term(struct arena *a, const struct grid_def *g, const struct grid_col *c,
                              const struct grid_cond *k) {
    return (struct grid_asked){.part = g->parts - 1,
                               .word = i18n_term(a, str_c(c->term), k->value, c->filter != GRID_PREFIX)};
}

size_t grid_asked_collect(struct arena *a, const struct grid_def *g, const struct grid_state *s,
                          struct grid_asked *ret) {
    size_t n = 0;
    i64 id;
    if (s->q.n && !s->q_wrong)
        n += collect(a, s->q,
                     (struct grid_asked){.part = g->blocks ? 0 : GRID_ANY_PART,
                                         .or_id = g->search_id && str_to_i64(s->q, &id)},
                     ret);
    for (size_t i = 0; i < g->cols_n; i++) {
        const struct grid_col *c = &g->cols[i];
        if (!s->conds[i].on) continue;
        if (c->filter == GRID_WORDS)
            n += collect(a, s->conds[i].value, (struct grid_asked){.part = c->part}, ret + n);
        else if (g->blocks && c->term)
            ret[n++] = term(a, g, c, &s->conds[i]);
    }
    return n;
}

static enum err count_words(struct db_r *db, struct arena *a, const struct grid_def *g,
                            struct grid_asked *words, size_t n, i64 limit) {
    for (size_t i = 0; i < n; i++)
        TRY(grid_read_number(db, grid_query_word_count(a, g, &words[i], limit + 1), &words[i].n));
    return OK;
}

static void rarest_first(struct grid_asked *words, size_t n) {
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && words[k].n < words[k - 1].n; k--) {
            struct grid_asked swap = words[k];
            words[k] = words[k - 1];
            words[k - 1] = swap;
        }
}

/* ---- the road ---- */

/* Does the filter of this column have an index beside the order's? Where it sorts too, that index gives the
 * page. */
static bool has_index(const struct grid_def *g, const struct grid_state *s, size_t col) {
    const struct grid_col *c = &g->cols[col];
    return s->conds[col].on && col != s->sort && (c->filter == GRID_PREFIX || c->joined.text);
}

/* The fewest rows that one of these filters leaves; INT64_MAX: there is none. */
static enum err count_filters(struct db_r *db, struct arena *a, const struct grid_def *g,
                              const struct grid_state *s, i64 limit, i64 *ret) {
    *ret = INT64_MAX;
    for (size_t i = 0; i < g->cols_n; i++) {
        i64 n;
        if (!has_index(g, s, i)) continue;
        TRY(grid_read_number(db, grid_query_filter_count(a, g, s, i, limit + 1), &n));
        *ret = MIN_OF(*ret, n);
    }
    return OK;
}

/* Is a page, or the end, found among the first rows of the order? */
static enum err walk_a_little(struct db_r *db, struct arena *a, const struct grid_def *g,
                              const struct grid_state *s, const struct grid_env *env, size_t limit,
                              bool *ret) {
    enum grid_part parts[GRID_PARTS];
    size_t parts_n = grid_parts(g, s, env->road, parts);
    struct grid_env one = *env;
    i64 n, left = (i64)limit, ahead = 0;
    for (size_t i = 0; i < parts_n && left > 0; i++) {
        one.part = parts[i];
        TRY(grid_read_number(db, grid_query_trial(a, g, s, &one, LOOKED, left), &n));
        left -= n;
    }
    *ret = left == 0;
    if (*ret || s->way == GRID_FIRST) return OK;
    for (size_t i = 0; i < parts_n && ahead < LOOKED; i++) {
        one.part = parts[i];
        TRY(grid_read_number(db, grid_query_ahead(a, g, s, &one, LOOKED), &n));
        ahead += n;
    }
    *ret = ahead < LOOKED;
    return OK;
}

/* The page may be far: are there words, or a filter, that leave few enough rows to be fetched? */
static enum err fetch_many(struct db_r *db, struct arena *a, const struct grid_def *g,
                           const struct grid_state *s, struct grid_env *env, struct grid_asked *words,
                           size_t n) {
    i64 fewest;
    TRY(count_words(db, a, g, words, n, MANY));
    rarest_first(words, n);
    while (env->asked_n < MIN_OF(n, (size_t)WORDS) && words[env->asked_n].n <= MANY)
        env->asked_n++;
    TRY(count_filters(db, a, g, s, MOST, &fewest));
    if (env->asked_n || fewest <= MOST) env->road = GRID_FETCHED;
    return OK;
}

enum err grid_plan(struct db_r *db, struct arena *a, const struct grid_def *g, const struct grid_state *s,
                   struct grid_env *env, size_t limit) {
    struct grid_asked *words = ARENA_ARRAY(a, struct grid_asked, GRID_ASKED_MAX);
    i64 fewest;
    bool soon;
    env->asked = words;
    env->asked_n = 0;
    env->sampled = 0;
    env->road = GRID_ANY_ROAD;
    if (g->blocks) return grid_blocks_plan(db, a, g, s, env);
    size_t n = g->words.text ? grid_asked_collect(a, g, s, words) : 0;
    TRY(count_words(db, a, g, words, n, FEW));
    rarest_first(words, n);
    TRY(count_filters(db, a, g, s, FEW, &fewest));
    if (!n && fewest == INT64_MAX) return OK;
    env->road = GRID_FETCHED;
    if (n && words[0].n <= FEW) env->asked_n = 1;
    if (env->asked_n || fewest <= FEW) return OK;
    env->road = GRID_WALKED;
    TRY(walk_a_little(db, a, g, s, env, limit, &soon));
    if (!soon) TRY(fetch_many(db, a, g, s, env, words, n));
    if (n && env->road == GRID_WALKED) env->sampled = FEW;
    return OK;
}
