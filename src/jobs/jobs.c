/* The thread of the background work and its timetable. */
#include "jobs/jobs.h"

#include <curl/curl.h>

#include "audit/audit.h"
#include "gen/ids.h"
#include "gen/jobs_gate.h"
#include "jobs/inside.h"

static const i64 tick = US_SECOND, moment = US_SECOND / 5, sweep_every = 20 * US_SECOND,
                 clean_every = 10 * US_MINUTE, unpaid_every = US_MINUTE, seal_every = US_HOUR,
                 index_every = 2 * US_SECOND;
/* How long what has ended is kept. */
static const i64 keep_codes = US_DAY, keep_sessions = 30 * US_DAY;
enum { CLEAN_BATCHES = 20 };

/* ---- clean-up ---- */

/* Small batches, so that nobody waits long behind one. */
static void clean_one(struct jobs *j, enum jobs_clean_what what, i64 keep_us) {
    struct arena *a = arena_make();
    const struct jobs_clean_in in = {.what = what, .before_us = time_now_us() - keep_us};
    enum err e = OK;
    str message;
    for (int i = 0; i < CLEAN_BATCHES && !e && !atomic_load(&j->stopping); i++) {
        e = gate_run_system(j->o.gate, a, OP_JOBS_CLEAN, &in, &message);
        arena_reset(a);
    }
    if (e && e != ERR_NOT_FOUND) LOG(LOG_ERROR, "clean_up", LOG_I("what", what), LOG_S("error", err_word(e)));
    arena_free(a);
}

static void clean(struct jobs *j) {
    clean_one(j, JOBS_CLEAN_WHAT_RESET_CODES, keep_codes);
    clean_one(j, JOBS_CLEAN_WHAT_HAND_OVER_SECRETS, keep_codes);
    clean_one(j, JOBS_CLEAN_WHAT_GUEST_SESSIONS, keep_sessions);
}

/* ---- sealing the record ---- */

/* The head goes into the log too: who keeps the log elsewhere holds a witness that nobody with the database
 * can rewrite. */
static void seal(struct jobs *j) {
    if (!j->o.seal) return;
    struct arena *a = arena_make();
    struct audit_head head;
    bool sealed = false;
    enum err e = audit_seal_now(j->o.db, a, j->o.public_key, j->o.secret_key, &sealed, &head);
    if (e)
        LOG(LOG_ERROR, "audit_seal", LOG_S("error", err_word(e)));
    else if (sealed)
        LOG(LOG_INFO, "audit_seal", LOG_I("entries", head.entries),
            LOG_S("head", crypto_hex(a, hash_str(&head.hash))));
    arena_free(a);
}

/* ---- the record's index ---- */

/* A long record that has none yet takes some minutes; other writes go in between. */
static void index_record(struct jobs *j) {
    struct arena *a = arena_make();
    bool more = true;
    enum err e = OK;
    while (more && !e && !atomic_load(&j->stopping)) {
        e = audit_index_step(j->o.db, a, &more);
        arena_reset(a);
    }
    if (e && e != ERR_BUSY) LOG(LOG_ERROR, "audit_index", LOG_S("error", err_word(e)));
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
    i64 next_sweep = 0, next_clean = 0, next_unpaid = 0, next_index = 0,
        next_seal = time_mono_us() + seal_every;
    bool poked = false;
    while (!atomic_load(&j->stopping)) {
        if (poked) next_sweep = 0;
        if (is_due(&next_sweep, sweep_every) && j->o.sweep) j->o.sweep(j->o.sweep_ctx);
        if (db_leads(j->o.db)) { /* of several servers one does this */
            mail_round(j);
            payment_round(j);
            payment_refund_round(j);
            if (is_due(&next_unpaid, unpaid_every)) payment_expire_round(j);
            if (is_due(&next_clean, clean_every)) clean(j);
            if (is_due(&next_seal, seal_every)) seal(j);
            if (is_due(&next_index, index_every)) index_record(j);
        }
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
    if (!j->poked) pthread_cond_signal(&j->wake); /* else it knows, and waits for its moment */
    j->poked = true;
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
