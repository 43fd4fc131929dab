/* Read handles. Each sits on a connection of its own, taken from a list of idle ones; connections are opened
 * when all are in use and stay open, with their statements prepared. */
#include "db/inside.h"

#include <assert.h>
#include <errno.h>
#include <time.h>

void db_pool_init(struct db *db) {
    pthread_mutex_init(&db->pool.lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&db->pool.freed, &attr);
    pthread_condattr_destroy(&attr);
}

void db_pool_done(struct db *db) {
    struct db_pool *pool = &db->pool;
    assert(pool->used == 0);
    while (pool->idle) {
        struct db_seat *seat = pool->idle;
        pool->idle = seat->next;
        db->engine->disconnect(seat->r.conn);
        db_free(seat);
    }
    pthread_cond_destroy(&pool->freed);
    pthread_mutex_destroy(&pool->lock);
}

/* An idle seat, or one without a connection yet; waits when all are taken. NULL: it took too long. */
static struct db_seat *take_seat(struct db *db) {
    struct db_pool *pool = &db->pool;
    i64 end = time_mono_us() + DB_POOL_WAIT_US;
    struct timespec until = {.tv_sec = end / US_SECOND, .tv_nsec = end % US_SECOND * 1000};
    pthread_mutex_lock(&pool->lock);
    bool full = false;
    while (!full && !pool->idle && pool->seats == db->engine->readers)
        full = pthread_cond_timedwait(&pool->freed, &pool->lock, &until) == ETIMEDOUT;
    struct db_seat *seat = pool->idle;
    bool fresh = !seat && pool->seats < db->engine->readers;
    if (seat) pool->idle = seat->next;
    if (fresh) pool->seats++;
    if (seat || fresh) pool->used++;
    pthread_mutex_unlock(&pool->lock);
    return fresh ? db_alloc(1, sizeof *seat) : seat;
}

static void give_seat(struct db_pool *pool, struct db_seat *seat) {
    if (!seat->r.conn) {
        db_free(seat);
        seat = NULL;
    }
    pthread_mutex_lock(&pool->lock);
    pool->used--;
    if (seat) {
        seat->next = pool->idle;
        pool->idle = seat;
    } else {
        pool->seats--;
    }
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
}

enum err db_read_begin(struct db *db, struct arena *a, struct db_sight sight, struct db_r **ret) {
    *ret = NULL;
    struct db_seat *seat = take_seat(db);
    if (!seat) {
        db_fail(db, "read", "no connection was free within five seconds");
        return ERR_BUSY;
    }
    struct db_conn *conn = seat->r.conn;
    enum err e = conn ? OK : db->engine->connect(db, DB_ROLE_READ, &conn);
    seat->r = (struct db_r){.db = db, .conn = conn, .arena = a, .sight = sight, .epoch = db_epoch_now(db)};
    if (!e) e = db->engine->begin(conn);
    if (e) {
        give_seat(&db->pool, seat);
        return e;
    }
    *ret = &seat->r;
    return OK;
}

void db_read_end(struct db_r *r) {
    if (!r) return;
    db_close_cursors(r, -1);
    r->db->engine->rollback(r->conn);
    give_seat(&r->db->pool, (struct db_seat *)r);
}

void db_close_cursors(struct db_r *r, int depth) {
    for (struct db_cursor *k = r->open, *next; k; k = next) {
        next = k->next;
        if (k->depth > depth) (void)!db_cursor_end(k);
    }
}
