/* What the operator is told when the database does not do its part: when it begins or has another cause,
 * every ten seconds while it lasts, and when it is over. Not for every request: a shop without its database
 * would fill the disk with it. */
#include "gate/inside.h"

static const i64 tell_every = 10 * US_SECOND, calm = US_SECOND;

static struct log_field side_field(enum db_side side) {
    return LOG_C("side", side == DB_WRITING ? "writing" : "reading");
}

/* No state that passes but something to look at: a statement that the database refuses is our mistake, and
 * what an operation that may or may not be saved did, somebody may ask for. */
static void tell_once(struct gate *g, struct arena *a, enum db_side side, enum err e, const char *name) {
    LOG(LOG_ERROR, "database", LOG_C("state", e == ERR_UNSURE ? "unsure" : "refused"), side_field(side),
        LOG_C("name", name ? name : ""), LOG_S("error", db_last_error(g->o.db, a)));
}

void trouble_note(struct gate *g, struct arena *a, enum db_side side, enum err e, const char *name) {
    struct trouble *t = &g->trouble[side];
    if (e != ERR_AWAY) {
        tell_once(g, a, side, e, name);
        return;
    }
    i64 now = time_mono_us();
    str error = db_last_error(g->o.db, a);
    u64 cause = str_hash(error);
    pthread_mutex_lock(&g->trouble_lock);
    if (t->requests++ == 0) t->since_us = now;
    bool tell = t->requests == 1 || now - t->told_us >= (cause == t->cause ? tell_every : calm);
    if (tell) {
        t->told_us = now;
        t->cause = cause;
    }
    t->latest_us = now;
    i64 requests = t->requests;
    pthread_mutex_unlock(&g->trouble_lock);
    atomic_store(&g->troubled, true);
    if (!tell) return;
    LOG(LOG_ERROR, "database", LOG_C("state", "failing"), side_field(side), LOG_C("name", name ? name : ""),
        LOG_S("error", error), LOG_I("requests", requests));
}

/* True when there was trouble on this side and it is over; *ret is what it was. */
static bool is_over(struct gate *g, enum db_side side, i64 now, struct trouble *ret) {
    struct trouble *t = &g->trouble[side];
    *ret = *t;
    bool over = t->requests && now - t->latest_us >= calm && db_is_well(g->o.db, side);
    if (over) *t = (struct trouble){0};
    return over;
}

void trouble_look(struct gate *g) {
    if (!atomic_load_explicit(&g->troubled, memory_order_relaxed)) return;
    i64 now = time_mono_us();
    for (enum db_side side = DB_READING; side <= DB_WRITING; side++) {
        struct trouble was;
        pthread_mutex_lock(&g->trouble_lock);
        bool over = is_over(g, side, now, &was);
        atomic_store(&g->troubled, g->trouble[DB_READING].requests || g->trouble[DB_WRITING].requests);
        pthread_mutex_unlock(&g->trouble_lock);
        if (over)
            LOG(LOG_INFO, "database", LOG_C("state", "well"), side_field(side),
                LOG_I("seconds", (now - was.since_us) / US_SECOND), LOG_I("requests", was.requests));
    }
}
