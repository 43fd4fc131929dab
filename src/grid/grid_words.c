/* How a search goes about it. The table of words tells, by reading a bounded number of its rows, how many
 * rows hold a word that begins like this. Few: they are fetched and looked at. Many: the rows are looked
 * through in the order in which they are shown, because a page of them is found soon. */
#include "grid/grid_inside.h"

enum {
    FEW = 4000,   /* as many rows are fetched and sorted at once */
    MANY = 30000, /* as many are compared with those of another word */
    WORDS = 8,    /* as many words are compared; the row itself is asked for all */
};

/* The words that are asked for, by the search and by filters. */
static size_t collect(struct arena *a, const struct grid_def *g, const struct grid_state *s,
                      struct grid_asked *ret) {
    str words[GRID_WORDS_MAX];
    size_t n = 0, found;
    if (s->q.n && !s->q_wrong) {
        i64 id;
        found = i18n_asked_words(a, s->q, words, GRID_WORDS_MAX);
        for (size_t i = 0; i < found; i++)
            ret[n++] = (struct grid_asked){
                .word = words[i], .part = GRID_ANY_PART, .or_id = g->search_id && str_to_i64(s->q, &id)};
    }
    for (size_t c = 0; c < g->cols_n; c++) {
        if (!s->conds[c].on || g->cols[c].filter != GRID_WORDS) continue;
        found = i18n_asked_words(a, s->conds[c].value, words, GRID_WORDS_MAX);
        for (size_t i = 0; i < found; i++)
            ret[n++] = (struct grid_asked){.word = words[i], .part = g->cols[c].part};
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
    if (!g->words.text) return OK;
    struct grid_asked *words = ARENA_ARRAY(a, struct grid_asked, (GRID_COLUMNS + 1) * GRID_WORDS_MAX);
    size_t n = collect(a, g, s, words);
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
