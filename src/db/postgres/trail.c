/* The trail: what the running page or operation has asked and been answered, and what is remembered of the
 * ways that it went before. For every place on a way (a node) that is the statement that was asked there,
 * where its parameters came from, and how often the way ended there. An operation also tells beforehand what
 * it knows (who asks, what was posted): the trail's first step, which was never asked. */
#include "db/postgres/foresight.h"

/* Stands for every text that is put together at run time: nobody foresees its values. */
static const struct db_stmt some_text = {.name = "text", .id = -1};

static u64 mix(u64 key, u64 more) {
    u64 h = (key ^ more) + 0x9e3779b97f4a7c15u; /* splitmix64 */
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
    return h ^ (h >> 31);
}

u64 pg_trail_key(u64 key, const struct db_stmt *st) {
    return mix(key, (u64)(st->id + 1));
}

const struct pg_node *pg_trail_node(const struct pg_foresight *f, u64 key) {
    const struct pg_node *node = &f->nodes[key % PG_AHEAD_NODES];
    return node->key == key ? node : NULL;
}

/* ---- following ---- */

void pg_ahead_start(struct pg_conn *c, u64 what) {
    struct pg_foresight *f = c->foresight;
    pg_ahead_forget(c);
    f->key = mix(0, what);
    f->steps_n = f->cells_n = f->bytes_n = 0;
}

struct pg_cell pg_trail_keep(struct pg_foresight *f, struct db_value v) {
    if (v.null || v.kind == DB_INT) return (struct pg_cell){v, true};
    if (v.s.n > PG_TRAIL_TEXT || v.s.n > PG_TRAIL_BYTES - f->bytes_n) return (struct pg_cell){.known = false};
    char *to = f->bytes + f->bytes_n;
    if (v.s.n) memcpy(to, v.s.p, v.s.n);
    f->bytes_n += v.s.n;
    v.s.p = to;
    return (struct pg_cell){v, true};
}

bool pg_trail_add(struct pg_foresight *f, size_t in_n, size_t out_n) {
    if (f->steps_n == PG_TRAIL_MAX || in_n + out_n > PG_TRAIL_CELLS - f->cells_n) return false;
    f->steps[f->steps_n++] =
        (struct pg_step){.in = f->cells_n, .in_n = in_n, .out = f->cells_n + in_n, .out_n = out_n};
    for (size_t i = 0; i < in_n + out_n; i++)
        f->cells[f->cells_n++] = (struct pg_cell){.known = false};
    return true;
}

void pg_trail_drop(struct pg_foresight *f, size_t steps_n) {
    if (f->steps_n > steps_n) f->cells_n = f->steps[steps_n].in;
    f->steps_n = steps_n;
}

void pg_ahead_foretell(struct pg_conn *c, const struct db_value *values, size_t n) {
    struct pg_foresight *f = c->foresight;
    if (!pg_trail_add(f, 0, n)) return;
    const struct pg_step *s = &f->steps[f->steps_n - 1];
    for (size_t i = 0; i < n; i++)
        f->cells[s->out + i] = pg_trail_keep(f, values[i]);
}

void pg_ahead_note(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in,
                   const PGresult *rows) {
    struct pg_foresight *f = c->foresight;
    bool is_text = st->id < 0;
    size_t out_n = !is_text && rows && PQntuples(rows) > 0 ? (size_t)PQnfields(rows) : 0;
    if (!pg_trail_add(f, is_text ? 0 : (size_t)st->params, out_n)) return;
    const struct pg_step *s = &f->steps[f->steps_n - 1];
    for (size_t i = 0; i < s->in_n; i++)
        f->cells[s->in + i] = pg_trail_keep(f, in[i]);
    for (size_t i = 0; i < s->out_n; i++)
        f->cells[s->out + i] = pg_trail_keep(f, pg_value_at(rows, 0, (int)i));
    f->key = pg_trail_key(f->key, st);
}

/* ---- where values come from ---- */

const struct db_value *pg_trail_look(const struct pg_foresight *f, const struct pg_guess *g,
                                     struct pg_source from) {
    if (from.what == PG_SAME) return &g->same;
    if (from.step >= f->steps_n) return NULL;
    const struct pg_step *s = &f->steps[from.step];
    if (from.column >= (from.what == PG_FROM_OUT ? s->out_n : s->in_n)) return NULL;
    const struct pg_cell *cell = &f->cells[(from.what == PG_FROM_OUT ? s->out : s->in) + from.column];
    return cell->known ? &cell->v : NULL;
}

static void collect(struct pg_guess *g, const struct pg_foresight *f, size_t step, bool out,
                    const struct db_value *v) {
    const struct pg_step *s = &f->steps[step];
    size_t n = out ? s->out_n : s->in_n, at = out ? s->out : s->in;
    for (size_t i = 0; i < n && g->n + 1 < PG_AHEAD_SOURCES; i++)
        if (f->cells[at + i].known && pg_same_value(&f->cells[at + i].v, v))
            g->from[g->n++] = (struct pg_source){(uint8_t)step, (uint8_t)i, out ? PG_FROM_OUT : PG_FROM_IN};
}

/* Everything that the value may have come from; answers before questions, the latest first. */
static void collect_all(struct pg_guess *g, const struct pg_foresight *f, const struct db_value *v) {
    *g = (struct pg_guess){.same = *v};
    for (size_t step = f->steps_n; step-- > 0;)
        collect(g, f, step, true, v);
    for (size_t step = f->steps_n; step-- > 0;)
        collect(g, f, step, false, v);
    bool is_text = !v->null && v->kind != DB_INT;
    if (is_text && v->s.n > sizeof g->text) return;
    if (is_text) {
        if (v->s.n) memcpy(g->text, v->s.p, v->s.n);
        g->same.s.p = g->text;
    }
    g->from[g->n++] = (struct pg_source){.what = PG_SAME};
}

/* Leaves the sources that are right this time too; false when the first one, which would have been asked by,
 * was not. */
static bool sift(struct pg_guess *g, const struct pg_foresight *f, const struct db_value *v) {
    size_t n = 0;
    bool right = false;
    for (size_t i = 0; i < g->n; i++) {
        const struct db_value *was = pg_trail_look(f, g, g->from[i]);
        if (!was || !pg_same_value(was, v)) continue;
        if (i == 0) right = true;
        g->from[n++] = g->from[i];
    }
    g->n = n;
    return right;
}

/* ---- learning ---- */

static int better(int score) {
    return MIN_OF(score + 1, PG_SCORE_MAX);
}

static int worse(int score, int by) {
    return MAX_OF(score - by, -PG_SCORE_MAX);
}

/* What is never asked ahead only shows the way. */
static size_t params_of(const struct db_stmt *st) {
    return st->writes || st->params > PG_AHEAD_PARAMS ? 0 : (size_t)st->params;
}

static void learn_params(struct pg_node *node, const struct pg_foresight *f, const struct db_value *in) {
    size_t params = params_of(node->next);
    bool right = true;
    for (size_t i = 0; i < params; i++)
        right = sift(&node->guess[i], f, &in[i]) && right;
    node->aim = right ? better(node->aim) : worse(node->aim, 2);
    for (size_t i = 0; i < params && !right; i++) /* nothing is right any more: from the beginning */
        if (node->guess[i].n == 0) collect_all(&node->guess[i], f, &in[i]);
}

void pg_trail_learn(struct pg_foresight *f, const struct db_stmt *st, const struct db_value *in) {
    if (f->steps_n == PG_TRAIL_MAX) return;
    if (st->id < 0) st = &some_text;
    struct pg_node *node = &f->nodes[f->key % PG_AHEAD_NODES];
    bool known = node->key == f->key && node->next;
    node->end = 0;
    if (known && node->next == st) {
        node->way = better(node->way);
        learn_params(node, f, in);
        return;
    }
    node->way = known ? worse(node->way, 3) : 1;
    node->aim = 1;
    node->key = f->key;
    node->next = st;
    for (size_t i = 0; i < params_of(st); i++)
        collect_all(&node->guess[i], f, &in[i]);
}

void pg_ahead_end(struct pg_conn *c) {
    struct pg_foresight *f = c->foresight;
    if (f->steps_n == 0 || f->steps_n == PG_TRAIL_MAX) return;
    struct pg_node *node = &f->nodes[f->key % PG_AHEAD_NODES];
    if (node->key != f->key) {
        node->key = f->key;
        node->next = NULL;
        node->end = 0;
    }
    node->end = better(node->end);
}
