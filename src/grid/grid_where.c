/* What a row must be: the search and the filters as conditions. */
#include "grid/grid_build.h"

/* "…word%" with the word's own % and _ meaning themselves. */
static str like_pattern(struct arena *a, str before, str word, str behind) {
    char *p = arena_alloc(a, 2 * word.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] == '%' || word.p[i] == '_' || word.p[i] == '!') p[n++] = '!';
        p[n++] = word.p[i];
    }
    return ARENA_CAT(a, before, (str){p, n}, behind);
}

static void put_like(struct grid_build *q, str pattern) {
    grid_put(q, " LIKE ");
    grid_put_text(q, pattern);
    grid_put(q, " ESCAPE '!'");
}

/* All words of the text, anywhere. */
static void put_contains(struct grid_build *q, grid_sql column, str text) {
    str rest = i18n_fold(q->a, text);
    int words = 0;
    while (rest.p && words < GRID_WORDS_MAX) {
        str word;
        rest = str_cut(rest, ' ', &word);
        if (!word.n) continue;
        grid_put(q, words++ ? " AND " : "");
        grid_put_sql(q, column);
        put_like(q, like_pattern(q->a, S("%"), word, S("%")));
    }
    if (!words) grid_put(q, "1 = 1");
}

/* All words of the text, each as the beginning of a word of a search text (i18n_search_text) or of one part
 * of it. A text without any word is in none. Where the table of words says that the rows are many, they are
 * met soon on the way through all; PostgreSQL's guess of a LIKE, which is hardly any row, would undo that. So
 * it is given "CASE … <> 0", of which it takes most rows to be. */
static void put_beginnings(struct grid_build *q, const struct grid_def *g, int part, str text) {
    str words[GRID_WORDS_MAX], before = S("% "), behind = S("%");
    size_t n = i18n_asked_words(q->a, text, words, GRID_WORDS_MAX);
    bool many = q->env->asked_n == 0;
    for (int i = 0; part != GRID_ANY_PART && !g->blocks && i < g->parts; i++) {
        if (i < part) before = ARENA_CAT(q->a, S("% ="), before);
        if (i > part) behind = ARENA_CAT(q->a, behind, S(" =%"));
    }
    for (size_t i = 0; i < n; i++) {
        grid_put(q, i ? " AND " : "");
        grid_put(q, many ? "CASE WHEN (' ' || " : "(' ' || ");
        grid_put_sql(q, g->search);
        grid_put(q, ")");
        put_like(q, like_pattern(q->a, before, words[i], behind));
        grid_put(q, many ? " THEN 1 ELSE 0 END <> 0" : "");
    }
    if (!n) grid_put(q, "1 = 0");
}

/* The rows of the table of words that begin like this. */
void grid_put_word_range(struct grid_build *q, const struct grid_def *g, const struct grid_asked *word) {
    grid_put(q, " FROM ");
    grid_put_sql(q, g->words);
    grid_put(q, " w WHERE w.part IN (");
    for (int i = 0; i < g->parts; i++) {
        if (word->part != GRID_ANY_PART && word->part != i) continue;
        grid_put(q, i && word->part == GRID_ANY_PART ? ", " : "");
        buf_put_i64(&q->b, i);
    }
    grid_put(q, ") AND w.word >= ");
    grid_put_text(q, word->word);
    grid_put(q, " AND w.word < ");
    grid_put_text(q, ARENA_CAT(q->a, word->word, S("\xf4\x8f\xbf\xbf")));
}

/* The ids of the rows that hold the word. */
static void put_holders(struct grid_build *q, const struct grid_def *g, const struct grid_state *s,
                        const struct grid_asked *word) {
    i64 id;
    bool or_id = word->or_id && str_to_i64(s->q, &id);
    grid_put(q, or_id ? "SELECT x.id FROM (SELECT w.id" : "SELECT w.id");
    grid_put_word_range(q, g, word);
    if (!or_id) return;
    grid_put(q, " UNION ALL SELECT ");
    grid_put_int(q, id);
    grid_put(q, ") x");
}

/* The row is one of those that hold all the words. */
static void put_asked(struct grid_build *q, const struct grid_def *g, const struct grid_state *s) {
    for (size_t i = 0; i < q->env->asked_n; i++) {
        grid_put(q, i ? " INTERSECT " : " AND ");
        if (!i) {
            grid_put_sql(q, g->id);
            grid_put(q, " IN (");
        }
        put_holders(q, g, s, &q->env->asked[i]);
    }
    if (q->env->asked_n) grid_put(q, ")");
}

/* The row is one of as many that hold the rarest word. */
void grid_put_sampled(struct grid_build *q, const struct grid_def *g) {
    grid_put(q, " AND ");
    grid_put_sql(q, g->id);
    grid_put(q, " IN (SELECT w.id");
    grid_put_word_range(q, g, &q->env->asked[0]);
    grid_put(q, " LIMIT ");
    grid_put_int(q, q->env->sampled);
    grid_put(q, ")");
}

/* Everything that begins with the text stands between it and the text followed by the last character there
 * is. */
static void put_prefix(struct grid_build *q, grid_sql column, str text) {
    str fold = i18n_casefold(q->a, text);
    const char *no_index = q->env->road == GRID_WALKED ? " || ''" : "";
    grid_put_sql(q, column);
    grid_put(q, no_index);
    grid_put(q, " >= ");
    grid_put_text(q, fold);
    grid_put(q, " AND ");
    grid_put_sql(q, column);
    grid_put(q, no_index);
    grid_put(q, " < ");
    grid_put_text(q, ARENA_CAT(q->a, fold, S("\xf4\x8f\xbf\xbf")));
}

/* A bound that no index is to begin at: the order's is walked, or it begins at the place, which is nearer. */
static void put_bound(struct grid_build *q, grid_sql column, bool hidden, const char *relation, i64 bound) {
    grid_put_sql(q, column);
    grid_put(q, hidden ? " + 0" : "");
    grid_put(q, relation);
    grid_put_int(q, bound);
}

static void put_range(struct grid_build *q, const struct grid_state *s, const struct grid_col *c,
                      grid_sql column, const struct grid_cond *k) {
    bool walked = q->env->road == GRID_WALKED && c->joined.text;
    bool placed = q->placed && &s->conds[s->sort] == k;
    if (k->has_low) put_bound(q, column, walked || (placed && grid_goes_up(s)), " >= ", k->low);
    if (k->has_low && k->has_high) grid_put(q, " AND ");
    if (k->has_high) put_bound(q, column, walked || (placed && !grid_goes_up(s)), " < ", k->high);
}

/* One of the choices. */
static void put_pick(struct grid_build *q, const struct grid_col *c, grid_sql column,
                     const struct grid_cond *k) {
    for (size_t i = 0; c->choices_when && i < c->choices_n; i++) {
        if (!str_eq(c->choices[i].value, k->value)) continue;
        grid_put_sql(q, c->choices_when[i]);
        return;
    }
    grid_put_sql(q, column);
    grid_put(q, " = ");
    if (grid_kind_is_text(c->kind))
        grid_put_text(q, k->value);
    else
        grid_put_int(q, k->number);
}

void grid_put_cond(struct grid_build *q, const struct grid_def *g, const struct grid_state *s, size_t col) {
    const struct grid_col *c = &g->cols[col];
    const struct grid_cond *k = &s->conds[col];
    grid_sql column = c->match.text ? c->match : c->sql;
    grid_put(q, " AND (");
    switch (c->filter) {
    case GRID_WORDS: put_beginnings(q, g, c->part, k->value); break;
    case GRID_CONTAINS: put_contains(q, column, k->value); break;
    case GRID_PREFIX: put_prefix(q, column, k->value); break;
    case GRID_RANGE: put_range(q, s, c, column, k); break;
    case GRID_EXACT:
    case GRID_PICK: put_pick(q, c, column, k); break;
    case GRID_NO_FILTER: grid_put(q, "1 = 1"); break;
    }
    grid_put(q, ")");
}

static void put_search(struct grid_build *q, const struct grid_def *g, str text) {
    i64 id;
    grid_put(q, " AND ((");
    if (g->words.text)
        put_beginnings(q, g, GRID_ANY_PART, text);
    else
        put_contains(q, g->search, text);
    grid_put(q, ")");
    if (g->search_id && str_to_i64(text, &id)) {
        grid_put(q, " OR ");
        grid_put_sql(q, g->id);
        grid_put(q, " = ");
        grid_put_int(q, id);
    }
    grid_put(q, ")");
}

static void put_window(struct grid_build *q, grid_sql id, const struct grid_window *w) {
    grid_put(q, " AND ");
    grid_put_sql(q, id);
    grid_put(q, " >= ");
    grid_put_int(q, w->low);
    grid_put(q, " AND ");
    grid_put_sql(q, id);
    grid_put(q, " < ");
    grid_put_int(q, w->high);
}

/* What always holds. */
void grid_put_base(struct grid_build *q, const struct grid_def *g) {
    if (!g->where.text) {
        grid_put(q, "1 = 1");
        return;
    }
    grid_put(q, "(");
    grid_put_sql(q, g->where);
    grid_put(q, ")");
}

/* What the reader asks for, but for the filter of the column `but`. */
void grid_put_filters(struct grid_build *q, const struct grid_def *g, const struct grid_state *s,
                      size_t but) {
    if (g->search.text && s->q.n && !s->q_wrong) put_search(q, g, s->q);
    for (size_t i = 0; i < g->cols_n; i++)
        if (s->conds[i].on && i != but) grid_put_cond(q, g, s, i);
}

void grid_put_where(struct grid_build *q, const struct grid_def *g, const struct grid_state *s) {
    grid_put(q, " WHERE ");
    grid_put_base(q, g);
    grid_put_filters(q, g, s, g->cols_n);
    put_asked(q, g, s);
    if (q->env->window) put_window(q, g->id, q->env->window);
}
