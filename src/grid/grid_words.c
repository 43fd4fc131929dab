/* How a search goes about it. The table of words tells, by reading a bounded number of its rows, how many
 * rows hold a word that begins like this. Few: they are fetched and looked at. Many: the rows are looked
 * through in the order in which they are shown, because a page of them is found soon. */
#include "grid/grid_inside.h"

enum {
    FEW = 4000,   /* as many rows are fetched and sorted at once */
    MANY = 30000, /* as many are compared with those of another word */
    WORDS = 8,    /* as many words are compared; the row itself is asked for all */
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

static enum err count(struct db_r *db, struct arena *a, const struct grid_def *g, struct grid_asked *word,
                      i64 limit) {
    struct grid_query q = grid_query_word_count(a, g, word, limit + 1);
    struct db_cursor *k;
    TRY(db_query_text(db, q.sql, q.in, q.n, &k));
    word->n = k ? db_get_int(k, 0) : 0;
    return db_cursor_end(k);
}

static void rarest_first(struct grid_asked *words, size_t n) {
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && words[k].n < words[k - 1].n; k--) {
            struct grid_asked swap = words[k];
            words[k] = words[k - 1];
            words[k - 1] = swap;
        }
}

enum err grid_words_plan(struct db_r *db, struct arena *a, const struct grid_def *g,
                         const struct grid_state *s, struct grid_env *env) {
    env->asked = NULL;
    env->asked_n = 0;
    env->sampled = 0;
    if (g->blocks) return grid_blocks_plan(db, a, g, s, env);
    if (!g->words.text) return OK;
    struct grid_asked *words = ARENA_ARRAY(a, struct grid_asked, GRID_ASKED_MAX);
    size_t n = grid_asked_collect(a, g, s, words);
    if (!n) return OK;
    env->asked = words;
    for (size_t i = 0; i < n; i++)
        TRY(count(db, a, g, &words[i], FEW));
    rarest_first(words, n);
    if (words[0].n <= FEW) {
        env->asked_n = 1;
        return OK;
    }
    for (size_t i = 0; i < n && n > 1; i++)
        TRY(count(db, a, g, &words[i], MANY));
    rarest_first(words, n);
    while (n > 1 && env->asked_n < MIN_OF(n, (size_t)WORDS) && words[env->asked_n].n <= MANY)
        env->asked_n++;
    if (env->asked_n < 2) env->asked_n = 0;
    env->sampled = env->asked_n ? 0 : FEW;
    return OK;
}
