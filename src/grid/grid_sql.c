/* From a grid's table and the state of its address to SQL. Text comes from the table and from here, never
 * from a request; what a request brings is bound. */
#include "grid/grid_inside.h"

struct build {
    struct arena *a;
    struct buf b;
    struct db_value *in;
    size_t n;
    const struct grid_env *env;
    size_t scope, now, param; /* the numbers they were bound as; 0: not yet */
};

static void put(struct build *q, const char *text) {
    buf_put(&q->b, str_c(text));
}

static size_t bind(struct build *q, struct db_value v) {
    if (q->n < GRID_VALUES_MAX) q->in[q->n++] = v;
    return q->n;
}

static void put_number(struct build *q, size_t n) {
    buf_put_char(&q->b, '$');
    buf_put_i64(&q->b, (i64)n);
}

static void put_int(struct build *q, i64 v) {
    put_number(q, bind(q, (struct db_value){.kind = DB_INT, .i = v}));
}

static void put_text(struct build *q, str s) {
    put_number(q, bind(q, (struct db_value){.kind = DB_TEXT, .s = s.p ? s : S("")}));
}

static void put_named(struct build *q, size_t *number, i64 v) {
    if (!*number) *number = bind(q, (struct db_value){.kind = DB_INT, .i = v});
    put_number(q, *number);
}

/* A piece of the table, its @names replaced by bound values. */
static void put_sql(struct build *q, grid_sql piece) {
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

/* ---- conditions ---- */

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

static void put_like(struct build *q, str pattern) {
    put(q, " LIKE ");
    put_text(q, pattern);
    put(q, " ESCAPE '!'");
}

/* All words of the text, anywhere. */
static void put_contains(struct build *q, grid_sql column, str text) {
    str rest = i18n_fold(q->a, text);
    int words = 0;
    while (rest.p && words < GRID_WORDS_MAX) {
        str word;
        rest = str_cut(rest, ' ', &word);
        if (!word.n) continue;
        put(q, words++ ? " AND " : "");
        put_sql(q, column);
        put_like(q, like_pattern(q->a, S("%"), word, S("%")));
    }
    if (!words) put(q, "1 = 1");
}

/* All words of the text, each as the beginning of a word of a search text (i18n_search_text) or of one part
 * of it. A text without any word is in none. Where the table of words says that the rows are many, they are
 * met soon on the way through all; PostgreSQL's guess of a LIKE, which is hardly any row, would undo that. So
 * it is given "CASE … <> 0", of which it takes most rows to be. */
static void put_beginnings(struct build *q, const struct grid_def *g, int part, str text) {
    str words[GRID_WORDS_MAX], before = S("% "), behind = S("%");
    size_t n = i18n_asked_words(q->a, text, words, GRID_WORDS_MAX);
    bool many = q->env->asked_n == 0;
    for (int i = 0; part != GRID_ANY_PART && !g->blocks && i < g->parts; i++) {
        if (i < part) before = ARENA_CAT(q->a, S("% ="), before);
        if (i > part) behind = ARENA_CAT(q->a, behind, S(" =%"));
    }
    for (size_t i = 0; i < n; i++) {
        put(q, i ? " AND " : "");
        put(q, many ? "CASE WHEN (' ' || " : "(' ' || ");
        put_sql(q, g->search);
        put(q, ")");
        put_like(q, like_pattern(q->a, before, words[i], behind));
        put(q, many ? " THEN 1 ELSE 0 END <> 0" : "");
    }
    if (!n) put(q, "1 = 0");
}

/* The rows of the table of words that begin like this. */
static void put_word_range(struct build *q, const struct grid_def *g, const struct grid_asked *word) {
    put(q, " FROM ");
    put_sql(q, g->words);
    put(q, " w WHERE w.part IN (");
    for (int i = 0; i < g->parts; i++) {
        if (word->part != GRID_ANY_PART && word->part != i) continue;
        put(q, i && word->part == GRID_ANY_PART ? ", " : "");
        buf_put_i64(&q->b, i);
    }
    put(q, ") AND w.word >= ");
    put_text(q, word->word);
    put(q, " AND w.word < ");
    put_text(q, ARENA_CAT(q->a, word->word, S("\xf4\x8f\xbf\xbf")));
}

/* The row is one of those that hold the word; `limit`: one of as many of them. */
static void put_asked(struct build *q, const struct grid_def *g, const struct grid_state *s,
                      const struct grid_asked *word, i64 limit) {
    i64 id;
    put(q, " AND ");
    put_sql(q, g->id);
    put(q, " IN (SELECT w.id");
    put_word_range(q, g, word);
    if (limit) {
        put(q, " LIMIT ");
        put_int(q, limit);
    } else if (word->or_id && str_to_i64(s->q, &id)) {
        put(q, " UNION ALL SELECT ");
        put_int(q, id);
    }
    put(q, ")");
}

/* Everything that begins with the text stands between it and the text followed by the last character there
 * is. */
static void put_prefix(struct build *q, grid_sql column, str text) {
    str fold = i18n_casefold(q->a, text);
    const char *no_index = q->env->frequent ? " || ''" : "";
    put_sql(q, column);
    put(q, no_index);
    put(q, " >= ");
    put_text(q, fold);
    put(q, " AND ");
    put_sql(q, column);
    put(q, no_index);
    put(q, " < ");
    put_text(q, ARENA_CAT(q->a, fold, S("\xf4\x8f\xbf\xbf")));
}

static void put_range(struct build *q, grid_sql column, const struct grid_cond *k) {
    if (k->has_low) {
        put_sql(q, column);
        put(q, " >= ");
        put_int(q, k->low);
    }
    if (k->has_low && k->has_high) put(q, " AND ");
    if (k->has_high) {
        put_sql(q, column);
        put(q, " < ");
        put_int(q, k->high);
    }
}

static void put_cond(struct build *q, const struct grid_def *g, const struct grid_col *c,
                     const struct grid_cond *k) {
    grid_sql column = c->match.text ? c->match : c->sql;
    put(q, " AND (");
    switch (c->filter) {
    case GRID_WORDS: put_beginnings(q, g, c->part, k->value); break;
    case GRID_CONTAINS: put_contains(q, column, k->value); break;
    case GRID_PREFIX: put_prefix(q, column, k->value); break;
    case GRID_RANGE: put_range(q, column, k); break;
    case GRID_EXACT:
    case GRID_PICK:
        put_sql(q, column);
        put(q, " = ");
        if (grid_kind_is_text(c->kind))
            put_text(q, k->value);
        else
            put_int(q, k->number);
        break;
    case GRID_NO_FILTER: put(q, "1 = 1"); break;
    }
    put(q, ")");
}

static void put_search(struct build *q, const struct grid_def *g, str text) {
    i64 id;
    put(q, " AND ((");
    if (g->words.text)
        put_beginnings(q, g, GRID_ANY_PART, text);
    else
        put_contains(q, g->search, text);
    put(q, ")");
    if (g->search_id && str_to_i64(text, &id)) {
        put(q, " OR ");
        put_sql(q, g->id);
        put(q, " = ");
        put_int(q, id);
    }
    put(q, ")");
}

static void put_window(struct build *q, grid_sql id, const struct grid_window *w) {
    put(q, " AND ");
    put_sql(q, id);
    put(q, " >= ");
    put_int(q, w->low);
    put(q, " AND ");
    put_sql(q, id);
    put(q, " < ");
    put_int(q, w->high);
}

static void put_where(struct build *q, const struct grid_def *g, const struct grid_state *s) {
    put(q, " WHERE ");
    if (g->where.text) {
        put(q, "(");
        put_sql(q, g->where);
        put(q, ")");
    } else {
        put(q, "1 = 1");
    }
    if (g->search.text && s->q.n && !s->q_wrong) put_search(q, g, s->q);
    for (size_t i = 0; i < g->cols_n; i++)
        if (s->conds[i].on) put_cond(q, g, &g->cols[i], &s->conds[i]);
    for (size_t i = 0; i < q->env->asked_n; i++)
        put_asked(q, g, s, &q->env->asked[i], 0);
    if (q->env->window) put_window(q, g->id, q->env->window);
    if (q->env->nulls == GRID_NULLS_TOO) return;
    put(q, " AND ");
    put_sql(q, g->cols[s->sort].sort);
    put(q, q->env->nulls == GRID_NULLS_ONLY ? " IS NULL" : " IS NOT NULL");
}

/* ---- the place ---- */

/* Absent values sort as the smallest, on both engines. */
static void put_behind_null(struct build *q, const struct grid_def *g, grid_sql sort, bool up, i64 id) {
    if (up) {
        put_sql(q, sort);
        put(q, " IS NOT NULL OR ");
    }
    put(q, "(");
    put_sql(q, sort);
    put(q, " IS NULL AND ");
    put_sql(q, g->id);
    put(q, up ? " > " : " < ");
    put_int(q, id);
    put(q, ")");
}

static void put_behind_value(struct build *q, const struct grid_def *g, const struct grid_col *c, bool up,
                             const struct grid_cursor *at) {
    put(q, "(");
    put_sql(q, c->sort);
    put(q, ", ");
    put_sql(q, g->id);
    put(q, up ? ") > (" : ") < (");
    if (at->text)
        put_text(q, at->s);
    else
        put_int(q, at->i);
    put(q, ", ");
    put_int(q, at->id);
    put(q, ")");
    if (!up && c->sort_may_be_null && q->env->nulls != GRID_NULLS_NOT) {
        put(q, " OR ");
        put_sql(q, c->sort);
        put(q, " IS NULL");
    }
}

/* Behind the cursor in reading order; `up`: that order goes up. */
static void put_place(struct build *q, const struct grid_def *g, const struct grid_state *s, bool up) {
    if (s->way == GRID_FIRST) return;
    const struct grid_col *c = &g->cols[s->sort];
    put(q, " AND (");
    if (s->cursor.null)
        put_behind_null(q, g, c->sort, up, s->cursor.id);
    else
        put_behind_value(q, g, c, up, &s->cursor);
    put(q, ")");
}

static void put_order(struct build *q, const struct grid_def *g, const struct grid_state *s, bool up) {
    const struct grid_col *c = &g->cols[s->sort];
    put(q, " ORDER BY ");
    put_sql(q, c->sort);
    put(q, up ? " ASC" : " DESC");
    if (c->sort_may_be_null && q->env->nulls == GRID_NULLS_TOO) put(q, up ? " NULLS FIRST" : " NULLS LAST");
    put(q, ", ");
    put_sql(q, g->id);
    put(q, up ? " ASC" : " DESC");
}

/* ---- whole queries ---- */

static struct build begin(struct arena *a, const struct grid_env *env) {
    struct build q = {.a = a, .env = env, .in = ARENA_ARRAY(a, struct db_value, GRID_VALUES_MAX)};
    buf_init(&q.b, 64 * 1024);
    return q;
}

static struct grid_query end(struct build *q) {
    struct grid_query ret = {.sql = arena_str(q->a, buf_str(&q->b)), .in = q->in, .n = q->n};
    buf_done(&q->b);
    return ret;
}

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

static void put_link(struct build *q, const struct grid_def *g, const struct grid_link *l) {
    put(q, ", ");
    put_sql(q, l->id.text ? l->id : g->id);
    if (!l->second.text) return;
    put(q, ", ");
    put_sql(q, l->second);
}

struct grid_query grid_query_rows(struct arena *a, const struct grid_def *g, const struct grid_state *s,
                                  const struct grid_env *env, u64 wanted, bool links, i64 limit) {
    struct build q = begin(a, env);
    put(&q, "SELECT ");
    put_sql(&q, g->id);
    put(&q, ", ");
    put_sql(&q, g->cols[s->sort].sort);
    for (size_t i = 0; i < g->cols_n; i++) {
        if (!(wanted >> i & 1)) continue;
        put(&q, ", ");
        put_sql(&q, g->cols[i].sql);
        if (g->cols[i].currency.text) {
            put(&q, ", ");
            put_sql(&q, g->cols[i].currency);
        }
        if (links && g->cols[i].link) put_link(&q, g, g->cols[i].link);
    }
    for (size_t i = 0; links && i < g->actions_n; i++) {
        put_link(&q, g, &g->actions[i]);
        put(&q, ", ");
        put_sql(&q, g->actions[i].when.text ? g->actions[i].when : (grid_sql)GRID_SQL("1"));
    }
    put(&q, " FROM ");
    put_sql(&q, g->from);
    put_where(&q, g, s);
    bool up = s->descending == (s->way == GRID_BEFORE);
    put_place(&q, g, s, up);
    put_order(&q, g, s, up);
    put(&q, " LIMIT ");
    put_int(&q, limit);
    return end(&q);
}

struct grid_query grid_query_count(struct arena *a, const struct grid_def *g, const struct grid_state *s,
                                   const struct grid_env *env, i64 limit) {
    struct build q = begin(a, env);
    put(&q, "SELECT count(*) FROM (SELECT 1 AS one FROM ");
    put_sql(&q, g->from);
    put_where(&q, g, s);
    if (env->sampled) put_asked(&q, g, s, &env->asked[0], env->sampled);
    put(&q, " LIMIT ");
    put_int(&q, limit);
    put(&q, ") AS counted");
    return end(&q);
}

struct grid_query grid_query_word_count(struct arena *a, const struct grid_def *g,
                                        const struct grid_asked *word, i64 limit) {
    struct build q = begin(a, &(struct grid_env){0});
    put(&q, "SELECT count(*) FROM (SELECT 1 AS one");
    put_word_range(&q, g, word);
    put(&q, " LIMIT ");
    put_int(&q, limit);
    put(&q, ") AS counted");
    return end(&q);
}

/* ---- blocks ---- */

struct grid_query grid_query_blocks(struct arena *a, const struct grid_def *g, const struct grid_asked *word,
                                    i64 limit) {
    struct build q = begin(a, &(struct grid_env){0});
    put(&q, "SELECT DISTINCT w.id");
    put_word_range(&q, g, word);
    put(&q, " ORDER BY w.id LIMIT ");
    put_int(&q, limit);
    return end(&q);
}

struct grid_query grid_query_block_range(struct arena *a, const struct grid_def *g, const struct grid_col *c,
                                         const struct grid_cond *k, i64 limit) {
    struct build q = begin(a, &(struct grid_env){0});
    put(&q, "SELECT b.id FROM ");
    put_sql(&q, g->block_table);
    put(&q, " b WHERE 1 = 1");
    if (k->has_low) {
        put(&q, " AND ");
        put_sql(&q, c->block_high);
        put(&q, " >= ");
        put_int(&q, k->low);
    }
    if (k->has_high) {
        put(&q, " AND ");
        put_sql(&q, c->block_low);
        put(&q, " < ");
        put_int(&q, k->high);
    }
    put(&q, " ORDER BY b.id + 0 LIMIT "); /* or the rows would be read for their order, which are long */
    put_int(&q, limit);
    return end(&q);
}

struct grid_query grid_query_block_end(struct arena *a, const struct grid_def *g) {
    struct build q = begin(a, &(struct grid_env){0});
    put(&q, "SELECT COALESCE(max(b.id) + 1, 0) FROM ");
    put_sql(&q, g->block_table);
    put(&q, " b");
    return end(&q);
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
