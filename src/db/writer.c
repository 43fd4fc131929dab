/* The one writer: a bounded queue, one thread, many operations in one commit. Every operation runs in a
 * savepoint, so an operation that fails takes nothing of its neighbours with it; all are answered after the
 * commit is on disk. */
#include "db/inside.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

void db_queue_init(struct db *db, size_t limit) {
    struct db_queue *q = &db->queue;
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->filled, &attr);
    pthread_condattr_destroy(&attr);
    q->last = &q->first;
    q->limit = limit;
}

void db_queue_done(struct db *db) {
    struct db_queue *q = &db->queue;
    pthread_mutex_lock(&q->lock);
    bool running = q->running;
    q->stopping = true;
    pthread_cond_signal(&q->filled);
    pthread_mutex_unlock(&q->lock);
    if (running) pthread_join(q->thread, NULL);
    pthread_cond_destroy(&q->filled);
    pthread_mutex_destroy(&q->lock);
}

enum err db_submit(struct db *db, struct db_job *job) {
    struct db_queue *q = &db->queue;
    job->next = NULL;
    job->result = OK;
    job->queued_us = time_mono_us();
    pthread_mutex_lock(&q->lock);
    enum err e = !q->running ? ERR_DB : q->stopping || q->n >= q->limit ? ERR_BUSY : OK;
    if (!e) {
        *q->last = job;
        q->last = &job->next;
        if (q->n++ == 0) pthread_cond_signal(&q->filled);
    }
    pthread_mutex_unlock(&q->lock);
    if (e == ERR_DB) db_fail(db, "submit", "the writer is not running");
    return e;
}

static struct timespec after_us(i64 us) {
    i64 at = time_mono_us() + us;
    return (struct timespec){.tv_sec = at / US_SECOND, .tv_nsec = at % US_SECOND * 1000};
}

/* Until there is a job or the writer stops, or nothing has come for DB_IDLE_US: then false. */
static bool wait_for_job(struct db_queue *q) {
    struct timespec until = after_us(DB_IDLE_US);
    while (!q->first && !q->stopping)
        if (pthread_cond_timedwait(&q->filled, &q->lock, &until) == ETIMEDOUT) break;
    return q->first || q->stopping;
}

/* Up to DB_BATCH_MAX jobs, linked; waits for the first, and has the house put in order when it is long in
 * coming. NULL: stopping, and nothing is left. */
static struct db_job *take_batch(struct db *db) {
    struct db_queue *q = &db->queue;
    pthread_mutex_lock(&q->lock);
    if (!wait_for_job(q)) {
        pthread_mutex_unlock(&q->lock);
        db->engine->tidy(db->writer, true);
        pthread_mutex_lock(&q->lock);
    }
    while (!q->first && !q->stopping)
        pthread_cond_wait(&q->filled, &q->lock);
    struct db_job *batch = q->first, **end = &q->first;
    for (int n = 0; *end && n < DB_BATCH_MAX; n++) {
        end = &(*end)->next;
        q->n--;
    }
    q->first = *end;
    if (!q->first) q->last = &q->first;
    if (batch) *end = NULL;
    pthread_mutex_unlock(&q->lock);
    return batch;
}

/* ---- one operation ---- */

/* Ends the savepoint that was opened at `mark`, by what came out; also closes the cursors opened since. */
static enum err settle(struct db_w *w, enum err e, size_t mark) {
    const struct db_engine *engine = w->r.db->engine;
    db_close_cursors(&w->r, w->r.depth);
    if (!engine->in_transaction(w->r.conn)) return e ? e : ERR_DB; /* nothing is left to undo */
    if (!e) e = engine->release(w->r.conn);
    if (!e) return OK;
    db_epochs_take_back(w->r.db, mark);
    if (engine->in_transaction(w->r.conn) && engine->rollback_to(w->r.conn)) engine->rollback(w->r.conn);
    return e;
}

enum err db_attempt(struct db_w *w, enum err (*fn)(struct db_w *w, void *arg), void *arg) {
    size_t mark = db_epochs_mark(w->r.db);
    TRY(w->r.db->engine->savepoint(w->r.conn));
    enum err failed_before = w->r.failed;
    w->r.depth++;
    enum err e = fn(w, arg);
    w->r.depth--;
    if (!e) e = w->r.failed;
    e = settle(w, e, mark);
    bool lost = !w->r.db->engine->in_transaction(w->r.conn);
    w->r.failed = failed_before ? failed_before : !lost ? OK : err_is_db(e) ? e : ERR_DB;
    return e;
}

static enum err run_job(struct db *db, struct db_job *job) {
    struct db_w w = {.r = {.db = db, .conn = db->writer, .arena = job->arena, .sight = job->sight}};
    w.r.w = &w;
    size_t mark = db_epochs_mark(db);
    TRY(db->engine->savepoint(db->writer));
    w.r.depth = 1;
    enum err e = job->run(&w, job);
    w.r.depth = 0;
    if (!e) e = w.r.failed;
    return settle(&w, e, mark);
}

struct db_r *db_w_reader(struct db_w *w) {
    return &w->r;
}

/* ---- one commit ---- */

/* Runs jobs in one transaction; *ret_rest are those that it did not come to. */
static enum err try_batch(struct db *db, struct db_job *batch, struct db_job **ret_rest) {
    const struct db_engine *engine = db->engine;
    struct db_job *rest = batch;
    enum err e = engine->begin(db->writer);
    if (e) rest = NULL;
    while (!e && rest) {
        enum err result = rest->result = run_job(db, rest);
        rest = rest->next;
        if (!engine->in_transaction(db->writer)) e = err_is_db(result) ? result : ERR_DB;
    }
    if (!e && engine->announce && db->epochs.pending_n)
        e = engine->announce(db->writer, db->epochs.pending, db->epochs.pending_n);
    if (!e) e = engine->commit(db->writer);
    if (e && engine->in_transaction(db->writer)) engine->rollback(db->writer);
    *ret_rest = rest;
    return e;
}

/* A while of its own for everybody, longer from try to try: who got in each other's way does not meet again.
 */
static void pause_before(int try) {
    u64 z = (u64)time_mono_us() * 0x9e3779b97f4a7c15u;
    i64 us = (i64)(1000u << try) + (i64)((z >> 40) % (4000u << try));
    nanosleep(&(struct timespec){.tv_sec = us / US_SECOND, .tv_nsec = us % US_SECOND * 1000}, NULL);
}

/* A disk may be too full for some of the operations and not for the others. */
static enum err worst_of(const struct db_job *batch, const struct db_job *rest) {
    for (const struct db_job *job = batch; job != rest; job = job->next)
        if (job->result == ERR_AWAY) return ERR_AWAY;
    return OK;
}

/* Runs jobs and answers them. Gives back those that are still to be run: none, unless the engine gave the
 * transaction up on the way (disk full, I/O error). */
static struct db_job *run_batch(struct db *db, struct db_job *batch) {
    const struct db_engine *engine = db->engine;
    struct db_job *rest;
    enum err e = try_batch(db, batch, &rest);
    for (int try = 1; e && engine->fate && try < DB_TRIES; try++) {
        enum db_fate fate = engine->fate(db->writer);
        if (fate == DB_FATE_COMMITTED) e = OK;
        if (fate == DB_FATE_UNKNOWN) e = ERR_UNSURE;
        if (fate != DB_FATE_AGAIN && fate != DB_FATE_NOW) break;
        db_epochs_take_back(db, 0);
        if (fate == DB_FATE_AGAIN) pause_before(try);
        e = try_batch(db, batch, &rest);
    }
    db_health(&db->writes_fail, e ? e : worst_of(batch, rest));
    if (e == ERR_UNSURE) { /* what is kept of before may be old */
        db_epochs_publish(db);
    } else if (e) {
        db_epochs_take_back(db, 0);
    } else {
        atomic_fetch_add(&db->commits, 1);
        db_epochs_publish(db);
    }
    for (struct db_job *job = batch, *next; job != rest; job = next) {
        next = job->next; /* done may free the job */
        job->done(job, job->result ? job->result : e);
    }
    return rest;
}

/* Answers what has waited too long: behind a database that is silent the queue would grow, and each batch
 * wait as long again. Gives back the others. */
static struct db_job *refuse_old(struct db *db, struct db_job *batch) {
    i64 now = time_mono_us();
    for (struct db_job **at = &batch, *job; (job = *at);) {
        if (!db->patience_us || now - job->queued_us < db->patience_us) {
            at = &job->next;
            continue;
        }
        *at = job->next;
        job->done(job, ERR_BUSY);
    }
    return batch;
}

static void *writer_main(void *arg) {
    struct db *db = arg;
    struct db_job *batch;
    while ((batch = take_batch(db))) {
        batch = refuse_old(db, batch);
        while (batch)
            batch = run_batch(db, batch);
        db->engine->tidy(db->writer, false);
    }
    return NULL;
}

enum err db_start(struct db *db) {
    struct db_queue *q = &db->queue;
    if (!db->writer) {
        db_fail(db, "start", "the database was opened for reading only");
        return ERR_DB;
    }
    sigset_t all, before; /* signals are for the main thread */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_mutex_lock(&q->lock);
    q->running = pthread_create(&q->thread, NULL, writer_main, db) == 0;
    bool running = q->running;
    pthread_mutex_unlock(&q->lock);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (running) return db->engine->listen ? db->engine->listen(db) : OK;
    db_fail(db, "start", "no thread for the writer");
    return ERR_DB;
}

/* ---- waiting for it ---- */

struct waiter {
    struct db_job job; /* first */
    struct db_job *inner;
    pthread_mutex_t lock;
    pthread_cond_t done;
    bool is_done;
    enum err result;
};

static enum err waiter_run(struct db_w *w, struct db_job *job) {
    struct db_job *inner = ((struct waiter *)job)->inner;
    return inner->run(w, inner);
}

static void waiter_done(struct db_job *job, enum err e) {
    struct waiter *w = (struct waiter *)job;
    if (w->inner->done) w->inner->done(w->inner, e);
    pthread_mutex_lock(&w->lock);
    w->result = e;
    w->is_done = true;
    pthread_cond_signal(&w->done);
    pthread_mutex_unlock(&w->lock);
}

enum err db_submit_wait(struct db *db, struct db_job *job) {
    struct waiter w = {
        .inner = job,
        .job = {.run = waiter_run, .done = waiter_done, .arena = job->arena, .sight = job->sight}};
    pthread_mutex_init(&w.lock, NULL);
    pthread_cond_init(&w.done, NULL);
    enum err e = db_submit(db, &w.job);
    if (!e) {
        pthread_mutex_lock(&w.lock);
        while (!w.is_done)
            pthread_cond_wait(&w.done, &w.lock);
        pthread_mutex_unlock(&w.lock);
        e = w.result;
    }
    pthread_cond_destroy(&w.done);
    pthread_mutex_destroy(&w.lock);
    return e;
}
