/* Ends assisted sessions that may not go on, and looks after what else has to be noticed without a request.
 */
#include "gate/gate_app.h"
#include "gate/inside.h"
#include "gen/gate_gate.h"

/* The ends of one step, together: each is an operation with its entry in the record, and the writer puts many
 * of them into one commit. */
static void end_all(struct gate *g, struct arena *a, struct world *w, const struct assist_over *over,
                    size_t n) {
    struct op_task **ends = ARENA_ARRAY(a, struct op_task *, n);
    struct assist_expire_in *in = ARENA_ARRAY(a, struct assist_expire_in, n);
    for (size_t i = 0; i < n; i++) {
        in[i] = (struct assist_expire_in){over[i].id, over[i].cause};
        ends[i] = gate_system_task(g, arena_make(), w, OP_ASSIST_EXPIRE, &in[i]);
    }
    run_wait_all(ends, n);
    for (size_t i = 0; i < n; i++) {
        if (ends[i]->state.e) LOG(LOG_WARN, "sweep", LOG_S("error", err_word(ends[i]->state.e)));
        arena_free(ends[i]->arena);
    }
}

/* In a snapshot of its own, which is over before anything is written. */
static enum err next_step(struct gate *g, struct arena *a, struct world *w, struct assist_sweep *sweep,
                          struct assist_over **ret, size_t *ret_n) {
    struct db_r *r;
    TRY(db_read_begin(g->o.db, a, (struct db_sight){.scope = -1}, &r));
    enum err e = assist_sessions_over(r, w->settings, g->o.stores, time_now_us(), sweep, ret, ret_n);
    db_read_end(r);
    return e;
}

void gate_sweep(struct gate *g) {
    trouble_look(g);
    if (atomic_load(&g->world_is_old) && world_reload(g))
        LOG(LOG_ERROR, "settings", LOG_C("error", "not read again"));
    struct world *w = world_get(g);
    struct assist_sweep sweep = {0};
    while (!sweep.done) {
        struct arena *a = arena_make();
        struct assist_over *over;
        size_t n;
        if (next_step(g, a, w, &sweep, &over, &n))
            sweep.done = true; /* the database is away: the next sweep looks again */
        else
            end_all(g, a, w, over, n);
        arena_free(a);
    }
    world_put(w);
}
