/* The thread of the background work and its timetable. */
#include "jobs/jobs.h"

#include <curl/curl.h>

#include "audit/audit.h"
#include "gen/jobs_sql.h"
#include "jobs/inside.h"

static const i64 tick = US_SECOND, moment = US_SECOND / 5, sweep_every = 20 * US_SECOND,
                 clean_every = 10 * US_MINUTE, seal_every = US_HOUR;
/* How long what has ended is kept. */
static const i64 keep_codes = US_DAY, keep_sessions = 30 * US_DAY;
enum { CLEAN_BATCHES = 20 };

/* ---- clean-up ---- */

struct clean {
    struct db_job job;
    enum err (*drop)(struct db_w *w, i64 before_us, i64 *ret_changes);
    i64 before_us, dropped;
};

static enum err clean_run(struct db_w *w, struct db_job *job) {
    struct clean *c = (struct clean *)job;
    return c->drop(w, c->before_us, &c->dropped);
}

/* Small batches, so that nobody waits long behind one. */
static void clean_one(struct jobs *j, const char *what, enum err (*drop)(struct db_w *, i64, i64 *),
                      i64 keep_us) {
    struct arena *a = arena_make();
    i64 all = 0;
    struct clean c = {.drop = drop, .before_us = time_now_us() - keep_us};
    for (int i = 0; i < CLEAN_BATCHES && !atomic_load(&j->stopping); i++) {
        c.job = (struct db_job){.run = clean_run, .arena = a, .sight = {.scope = -1}};
        c.dropped = 0;
        enum err e = db_submit_wait(j->o.db, &c.job);
        if (e) LOG(LOG_ERROR, "clean_up", LOG_C("what", what), LOG_S("error", err_word(e)));
        if (e || c.dropped == 0) break;
        all += c.dropped;
        arena_reset(a);
    }
    if (all) LOG(LOG_INFO, "clean_up", LOG_C("what", what), LOG_I("rows", all));
    arena_free(a);
}

static void clean(struct jobs *j) {
    clean_one(j, "password_reset", jobs_drop_resets, keep_codes);
    clean_one(j, "assist_secret", jobs_drop_secrets, keep_codes);
    clean_one(j, "shop_session", jobs_drop_sessions, keep_sessions);
}

/* ---- sealing the record ---- */

struct seal {
    struct db_job job;
    const struct jobs_options *o;
    bool sealed;
};

static enum err seal_run(struct db_w *w, struct db_job *job) {
    struct seal *s = (struct seal *)job;
    return audit_seal_make(w, s->o->public_key, s->o->secret_key, time_now_us(), &s->sealed);
}

static void seal(struct jobs *j) {
    if (!j->o.seal) return;
    struct arena *a = arena_make();
    struct seal s = {.job = {.run = seal_run, .arena = a, .sight = {.scope = -1}}, .o = &j->o};
    enum err e = db_submit_wait(j->o.db, &s.job);
    if (e)
        LOG(LOG_ERROR, "audit_seal", LOG_S("error", err_word(e)));
    else if (s.sealed)
        LOG(LOG_INFO, "audit_seal", LOG_C("result", "sealed"));
    arena_free(a);
}

/* ---- the timetable ---- */

static struct timespec at(i64 mono_us) {
    return (struct timespec){.tv_sec = mono_us / US_SECOND, .tv_nsec = mono_us % US_SECOND * 1000};
}

/* Waits for the tick, the end, or a poke, but never less than a moment: a busy shop pokes all the time. True
 * when poked. */
static bool rest(struct jobs *j) {
    i64 now = time_mono_us(), soonest = now + moment, latest = now + tick;
    pthread_mutex_lock(&j->lock);
    while (!atomic_load(&j->stopping) && now < (j->poked ? soonest : latest)) {
        struct timespec until = at(j->poked ? soonest : latest);
        pthread_cond_timedwait(&j->wake, &j->lock, &until);
        now = time_mono_us();
    }
    bool poked = j->poked;
    j->poked = false;
    pthread_mutex_unlock(&j->lock);
    return poked;
}

static bool is_due(i64 *next, i64 every) {
    i64 now = time_mono_us();
    if (now < *next) return false;
    *next = now + every;
    return true;
}

static void *work(void *arg) {
    struct jobs *j = arg;
    i64 next_sweep = 0, next_clean = 0, next_seal = time_mono_us() + seal_every;
    bool poked = false;
    while (!atomic_load(&j->stopping)) {
        if (poked) next_sweep = 0;
        if (is_due(&next_sweep, sweep_every) && j->o.sweep) j->o.sweep(j->o.sweep_ctx);
        mail_round(j);
        if (is_due(&next_clean, clean_every)) clean(j);
        if (is_due(&next_seal, seal_every)) seal(j);
        poked = rest(j);
    }
    seal(j);
    return NULL;
}

/* ---- starting and stopping ---- */

static bool make_wake(struct jobs *j) {
    pthread_condattr_t attr;
    if (pthread_condattr_init(&attr)) return false;
    bool good = !pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) && !pthread_cond_init(&j->wake, &attr);
    pthread_condattr_destroy(&attr);
    return good && !pthread_mutex_init(&j->lock, NULL);
}

enum err jobs_start(const struct jobs_options *o, struct jobs **ret) {
    struct arena *keep = arena_make();
    struct jobs *j = ARENA_NEW(keep, struct jobs);
    j->keep = keep;
    j->o = *o;
    j->o.smtp_url = arena_str(keep, o->smtp_url);
    j->o.mail_dir = arena_str(keep, o->mail_dir);
    j->o.base_url = arena_str(keep, o->base_url);
    while (str_ends(j->o.base_url, S("/")))
        j->o.base_url.n--;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) || !make_wake(j) || pthread_create(&j->thread, NULL, work, j)) {
        arena_free(keep);
        return ERR_INTERNAL;
    }
    *ret = j;
    return OK;
}

void jobs_poke(struct jobs *j) {
    if (!j) return;
    pthread_mutex_lock(&j->lock);
    j->poked = true;
    pthread_cond_signal(&j->wake);
    pthread_mutex_unlock(&j->lock);
}

void jobs_stop(struct jobs *j) {
    if (!j) return;
    pthread_mutex_lock(&j->lock);
    atomic_store(&j->stopping, true);
    pthread_cond_signal(&j->wake);
    pthread_mutex_unlock(&j->lock);
    pthread_join(j->thread, NULL);
    pthread_cond_destroy(&j->wake);
    pthread_mutex_destroy(&j->lock);
    curl_global_cleanup();
    struct arena *keep = j->keep;
    explicit_bzero(j->o.secret_key, sizeof j->o.secret_key);
    arena_free(keep);
}
