/* Asking ahead. A page or an operation asks the same statements in the same order every time, and most of
 * their parameters stand in what was asked or answered before. Each connection follows this (the trail),
 * remembers for every place on the way what was asked there and where its parameters came from (a node), and
 * sends with a statement those that will probably follow. An operation also tells beforehand what it knows
 * (who asks, what was posted): the trail's first step, which was never asked. They are answered in the same
 * snapshot or transaction, so it does not matter when they were sent: a claimed answer is the one that asking
 * now would give. Only a change in between could make it another, and a change drops the answers about the
 * tables that it touches. */
#include "db/postgres/postgres_inside.h"

enum { TABLES_MAX = 256 };

struct cell {
    struct db_value v;
    bool known; /* false: too long to follow */
};

/* A statement that was asked; its parameters and the columns of its first row are cells. */
struct step {
    size_t in, in_n, out, out_n;
};

/* Where a parameter came from: a cell of an earlier step, or it was the same as the last time. */
enum { FROM_OUT, FROM_IN, SAME };
struct source {
    uint8_t step, column, what;
};

/* All the sources that were right every time so far. */
struct guess {
    size_t n;
    struct source from[PG_AHEAD_SOURCES];
    struct db_value same;
    char text[PG_TRAIL_TEXT];
};

struct node {
    u64 key; /* of the way up to here */
    const struct db_stmt *next;
    int way, aim; /* above 0: the statement, its parameters were right lately */
    struct guess guess[PG_AHEAD_PARAMS];
};

struct pg_ahead {
    const struct db_stmt *st; /* NULL: free */
    struct db_value in[PG_AHEAD_PARAMS];
    PGresult *rows; /* NULL: under way */
};

struct pg_foresight {
    u64 key;
    struct step steps[PG_TRAIL_MAX];
    size_t steps_n, cells_n, bytes_n;
    struct cell cells[PG_TRAIL_CELLS];
    char bytes[PG_TRAIL_BYTES];
    struct pg_ahead asked[PG_AHEAD_MAX];
    struct node nodes[PG_AHEAD_NODES];
};

static u64 mix(u64 key, u64 more) {
    u64 h = (key ^ more) + 0x9e3779b97f4a7c15u; /* splitmix64 */
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
    return h ^ (h >> 31);
}

static bool same_value(const struct db_value *a, const struct db_value *b) {
    if (a->kind != b->kind || a->null != b->null) return false;
    return a->null || (a->kind == DB_INT ? a->i == b->i : str_eq(a->s, b->s));
}

void pg_ahead_make(struct pg_conn *c) {
    c->foresight = db_alloc(1, sizeof *c->foresight);
}

void pg_ahead_free(struct pg_conn *c) {
    if (c->foresight) pg_ahead_forget(c);
    db_free(c->foresight);
}

/* ---- the trail ---- */

void pg_ahead_start(struct pg_conn *c, u64 what) {
    struct pg_foresight *f = c->foresight;
    pg_ahead_forget(c);
    f->key = mix(0, what);
    f->steps_n = f->cells_n = f->bytes_n = 0;
}

/* The value with bytes of the trail's own; not known when it is too long, or the trail is full. */
static struct cell keep(struct pg_foresight *f, struct db_value v) {
    if (v.null || v.kind == DB_INT) return (struct cell){v, true};
    if (v.s.n > PG_TRAIL_TEXT || v.s.n > PG_TRAIL_BYTES - f->bytes_n) return (struct cell){.known = false};
    char *to = f->bytes + f->bytes_n;
    if (v.s.n) memcpy(to, v.s.p, v.s.n);
    f->bytes_n += v.s.n;
    v.s.p = to;
    return (struct cell){v, true};
}

/* Room for a step; false when the trail is full: then nothing more is followed. */
static bool add_step(struct pg_foresight *f, size_t in_n, size_t out_n) {
    if (f->steps_n == PG_TRAIL_MAX || in_n + out_n > PG_TRAIL_CELLS - f->cells_n) return false;
    f->steps[f->steps_n++] =
        (struct step){.in = f->cells_n, .in_n = in_n, .out = f->cells_n + in_n, .out_n = out_n};
    for (size_t i = 0; i < in_n + out_n; i++)
        f->cells[f->cells_n++] = (struct cell){.known = false};
    return true;
}

static void drop_steps(struct pg_foresight *f, size_t steps_n) {
    if (f->steps_n > steps_n) f->cells_n = f->steps[steps_n].in;
    f->steps_n = steps_n;
}

/* ---- learning ---- */

/* The cell that a source names; NULL: its value is the one of the last time, or not known yet. */
static const struct db_value *look_up(const struct pg_foresight *f, const struct guess *g,
                                      struct source from) {
    if (from.what == SAME) return &g->same;
    if (from.step >= f->steps_n) return NULL;
    const struct step *s = &f->steps[from.step];
    if (from.column >= (from.what == FROM_OUT ? s->out_n : s->in_n)) return NULL;
    const struct cell *cell = &f->cells[(from.what == FROM_OUT ? s->out : s->in) + from.column];
    return cell->known ? &cell->v : NULL;
}

static void collect(struct guess *g, const struct pg_foresight *f, size_t step, bool out,
                    const struct db_value *v) {
    const struct step *s = &f->steps[step];
    size_t n = out ? s->out_n : s->in_n, at = out ? s->out : s->in;
    for (size_t i = 0; i < n && g->n + 1 < PG_AHEAD_SOURCES; i++)
        if (f->cells[at + i].known && same_value(&f->cells[at + i].v, v))
            g->from[g->n++] = (struct source){(uint8_t)step, (uint8_t)i, out ? FROM_OUT : FROM_IN};
}

/* Everything that the value may have come from; answers before questions, the latest first. */
static void collect_all(struct guess *g, const struct pg_foresight *f, const struct db_value *v) {
    *g = (struct guess){.same = *v};
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
    g->from[g->n++] = (struct source){.what = SAME};
}

/* Leaves the sources that are right this time too; false when the first one, which would have been asked by,
 * was not. */
static bool sift(struct guess *g, const struct pg_foresight *f, const struct db_value *v) {
    size_t n = 0;
    bool right = false;
    for (size_t i = 0; i < g->n; i++) {
        const struct db_value *was = look_up(f, g, g->from[i]);
        if (!was || !same_value(was, v)) continue;
        if (i == 0) right = true;
        g->from[n++] = g->from[i];
    }
    g->n = n;
    return right;
}

static int better(int score) {
    return MIN_OF(score + 1, 8);
}

static int worse(int score, int by) {
    return MAX_OF(score - by, -8);
}

/* What is never asked ahead only shows the way. */
static size_t params_of(const struct db_stmt *st) {
    return st->writes || st->params > PG_AHEAD_PARAMS ? 0 : (size_t)st->params;
}

static void learn_params(struct node *node, const struct pg_foresight *f, const struct db_value *in) {
    size_t params = params_of(node->next);
    bool right = true;
    for (size_t i = 0; i < params; i++)
        right = sift(&node->guess[i], f, &in[i]) && right;
    node->aim = right ? better(node->aim) : worse(node->aim, 2);
    for (size_t i = 0; i < params && !right; i++) /* nothing is right any more: from the beginning */
        if (node->guess[i].n == 0) collect_all(&node->guess[i], f, &in[i]);
}

static void learn(struct pg_foresight *f, const struct db_stmt *st, const struct db_value *in) {
    struct node *node = &f->nodes[f->key % PG_AHEAD_NODES];
    bool known = node->key == f->key;
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

void pg_ahead_foretell(struct pg_conn *c, const struct db_value *values, size_t n) {
    struct pg_foresight *f = c->foresight;
    if (!add_step(f, 0, n)) return;
    const struct step *s = &f->steps[f->steps_n - 1];
    for (size_t i = 0; i < n; i++)
        f->cells[s->out + i] = keep(f, values[i]);
}

void pg_ahead_note(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in,
                   const PGresult *rows) {
    struct pg_foresight *f = c->foresight;
    size_t out_n = rows && PQntuples(rows) > 0 ? (size_t)PQnfields(rows) : 0;
    if (!add_step(f, (size_t)st->params, out_n)) return;
    const struct step *s = &f->steps[f->steps_n - 1];
    for (size_t i = 0; i < s->in_n; i++)
        f->cells[s->in + i] = keep(f, in[i]);
    for (size_t i = 0; i < s->out_n; i++)
        f->cells[s->out + i] = keep(f, pg_value_at(rows, 0, (int)i));
    f->key = mix(f->key, (u64)st->id + 1);
}

/* ---- what was asked ahead ---- */

static void put_away(struct pg_ahead *ahead) {
    PQclear(ahead->rows);
    *ahead = (struct pg_ahead){0};
}

void pg_ahead_forget(struct pg_conn *c) {
    for (size_t i = 0; i < PG_AHEAD_MAX; i++)
        put_away(&c->foresight->asked[i]);
}

static struct pg_ahead *find(struct pg_foresight *f, const struct db_stmt *st, const struct db_value *in) {
    for (size_t i = 0; i < PG_AHEAD_MAX; i++) {
        struct pg_ahead *ahead = &f->asked[i];
        bool same = ahead->st == st;
        for (int p = 0; same && st && p < st->params; p++)
            same = same_value(&ahead->in[p], &in[p]);
        if (same) return ahead;
    }
    return NULL;
}

PGresult *pg_ahead_claim(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in) {
    struct pg_foresight *f = c->foresight;
    if (f->steps_n < PG_TRAIL_MAX) learn(f, st, in);
    struct pg_ahead *ahead = st->params <= PG_AHEAD_PARAMS ? find(f, st, in) : NULL;
    PGresult *rows = ahead ? ahead->rows : NULL;
    if (!rows) return NULL;
    ahead->rows = NULL;
    put_away(ahead);
    return rows;
}

bool pg_ahead_take(struct pg_ahead *ahead, PGresult *r) {
    if (!ahead->st || ahead->rows) return false;
    ahead->rows = r;
    return true;
}

/* ---- changes ---- */

struct tables {
    u64 bits[TABLES_MAX / 64];
    bool all;
};

static void add_tables(struct tables *t, const struct db_stmt *st) {
    if (st->deps_n == 0) t->all = true;
    for (int i = 0; i < st->deps_n; i++) {
        int table = st->deps[i].table;
        if (table >= TABLES_MAX)
            t->all = true;
        else
            t->bits[table / 64] |= (u64)1 << (table % 64);
    }
}

static bool touches(const struct tables *t, const struct db_stmt *st) {
    for (int i = 0; i < st->deps_n; i++) {
        int table = st->deps[i].table;
        if (table < TABLES_MAX && (t->bits[table / 64] >> (table % 64) & 1)) return true;
    }
    return t->all;
}

void pg_ahead_change(struct pg_conn *c, const struct db_stmt *st) {
    struct tables changed = {0};
    add_tables(&changed, st);
    for (size_t i = 0; i < PG_AHEAD_MAX; i++) {
        struct pg_ahead *ahead = &c->foresight->asked[i];
        if (ahead->st && touches(&changed, ahead->st)) put_away(ahead);
    }
}

/* ---- asking ---- */

/* The parameters of what comes next; false when one of them cannot be known yet. */
static bool foresee(struct pg_foresight *f, const struct node *node, struct db_value *in) {
    if (node->next->writes || node->next->params > PG_AHEAD_PARAMS) return false;
    for (int p = 0; p < node->next->params; p++) {
        const struct guess *g = &node->guess[p];
        const struct db_value *v = NULL;
        for (size_t i = 0; i < g->n && !v; i++)
            v = look_up(f, g, g->from[i]);
        if (!v) return false;
        struct cell own = keep(f, *v); /* the node may learn something else meanwhile */
        if (!own.known) return false;
        in[p] = own.v;
    }
    return true;
}

static bool ask(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in) {
    static const struct db_value none;
    struct pg_ahead *ahead = find(c->foresight, NULL, &none);
    if (!ahead) return true; /* enough */
    ahead->st = st;
    for (int p = 0; p < st->params; p++)
        ahead->in[p] = in[p];
    return pg_send_declared(c, st, ahead->in, (struct pg_due){.kind = PG_DUE_AHEAD, .ahead = ahead});
}

/* Goes on from `st` as it went the last times, with answers still unknown, and asks what can be asked. */
bool pg_ahead_send(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in) {
    struct pg_foresight *f = c->foresight;
    size_t here = f->steps_n;
    struct tables changed = {0};
    bool sent = true;
    if (!c->hasty || st->id < 0 || !add_step(f, (size_t)st->params, 0)) return true;
    for (int p = 0; p < st->params; p++)
        f->cells[f->steps[here].in + (size_t)p] = keep(f, in[p]);
    if (st->writes) add_tables(&changed, st);
    u64 key = mix(f->key, (u64)st->id + 1);
    for (int i = 0; i < PG_AHEAD_MAX && sent; i++) {
        const struct node *node = &f->nodes[key % PG_AHEAD_NODES];
        const struct db_stmt *next = node->next;
        struct db_value values[PG_AHEAD_PARAMS];
        if (node->key != key || !next || node->way <= 0) break;
        bool known = foresee(f, node, values);
        if (known && node->aim > 0 && !touches(&changed, next) && !find(f, next, values))
            sent = ask(c, next, values);
        if (next->writes) add_tables(&changed, next);
        if (!add_step(f, known ? (size_t)next->params : 0, 0)) break;
        for (int p = 0; known && p < next->params; p++)
            f->cells[f->steps[f->steps_n - 1].in + (size_t)p] = (struct cell){values[p], true};
        key = mix(key, (u64)next->id + 1);
    }
    drop_steps(f, here);
    return sent;
}
