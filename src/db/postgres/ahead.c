/* Asking ahead. A page or an operation asks the same statements in the same order every time, and most of
 * their parameters stand in what was asked or answered before (trail.c). With a statement those are sent that
 * will probably follow. They are answered in the same snapshot or transaction, so it does not matter when
 * they were sent: a claimed answer is the one that asking now would give. Only a change in between could make
 * it another, and a change drops the answers about the tables that it touches. */
#include "db/postgres/foresight.h"

enum { TABLES_MAX = 256 };

void pg_ahead_make(struct pg_conn *c) {
    c->foresight = db_alloc(1, sizeof *c->foresight);
}

void pg_ahead_free(struct pg_conn *c) {
    if (c->foresight) pg_ahead_forget(c);
    db_free(c->foresight);
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
            same = pg_same_value(&ahead->in[p], &in[p]);
        if (same) return ahead;
    }
    return NULL;
}

PGresult *pg_ahead_claim(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in) {
    struct pg_foresight *f = c->foresight;
    pg_trail_learn(f, st, in);
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
static bool foresee(struct pg_foresight *f, const struct pg_node *node, struct db_value *in) {
    if (node->next->writes || node->next->params > PG_AHEAD_PARAMS) return false;
    for (int p = 0; p < node->next->params; p++) {
        const struct pg_guess *g = &node->guess[p];
        const struct db_value *v = NULL;
        for (size_t i = 0; i < g->n && !v; i++)
            v = pg_trail_look(f, g, g->from[i]);
        if (!v) return false;
        struct pg_cell own = pg_trail_keep(f, *v); /* the node may learn something else meanwhile */
        if (!own.known) return false;
        in[p] = own.v;
    }
    return true;
}

/* How it stands with what is asked along. */
struct walk {
    struct tables changed; /* on the way from here */
    bool lost;             /* the connection is */
    bool sure;             /* all so far was asked, and will hardly be anything else */
};

static bool ask(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in, struct walk *w) {
    static const struct db_value none;
    if (find(c->foresight, st, in)) return true; /* by an earlier statement */
    struct pg_ahead *ahead = find(c->foresight, NULL, &none);
    if (!ahead) return false; /* enough */
    ahead->st = st;
    for (int p = 0; p < st->params; p++)
        ahead->in[p] = in[p];
    w->lost = !pg_send_declared(c, st, ahead->in, (struct pg_due){.kind = PG_DUE_AHEAD, .ahead = ahead});
    return !w->lost;
}

/* One step of the way, with answers still unknown; false when nothing beyond it can be seen. */
static bool go_on(struct pg_conn *c, const struct pg_node *node, struct walk *w) {
    struct pg_foresight *f = c->foresight;
    const struct db_stmt *next = node->next;
    struct db_value in[PG_AHEAD_PARAMS];
    if (!next || next->id < 0 || node->way <= 0) return false;
    bool known = foresee(f, node, in);
    bool asked = known && node->aim > 0 && !touches(&w->changed, next) && ask(c, next, in, w);
    if (!asked || node->way < PG_SCORE_SURE || node->aim < PG_SCORE_SURE) w->sure = false;
    if (next->writes) add_tables(&w->changed, next);
    size_t params = known ? (size_t)next->params : 0;
    if (w->lost || !pg_trail_add(f, params, 0)) return false;
    for (size_t p = 0; p < params; p++)
        f->cells[f->steps[f->steps_n - 1].in + p] = (struct pg_cell){in[p], true};
    return true;
}

bool pg_ahead_send(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in, bool *ret_last) {
    struct pg_foresight *f = c->foresight;
    size_t here = f->steps_n, params = st->id < 0 ? 0 : (size_t)st->params;
    struct walk w = {.sure = true};
    *ret_last = false;
    if (!c->hasty || !pg_trail_add(f, params, 0)) return true;
    for (size_t p = 0; p < params; p++)
        f->cells[f->steps[here].in + p] = pg_trail_keep(f, in[p]);
    if (st->writes) add_tables(&w.changed, st);
    u64 key = pg_trail_key(f->key, st);
    for (int i = 0; i <= PG_AHEAD_MAX; i++) {
        const struct pg_node *node = pg_trail_node(f, key);
        *ret_last = node && w.sure && node->end >= PG_SCORE_SURE;
        if (!node || *ret_last || !go_on(c, node, &w)) break;
        key = pg_trail_key(key, node->next);
    }
    pg_trail_drop(f, here);
    return !w.lost;
}
