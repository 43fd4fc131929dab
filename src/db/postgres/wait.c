/* Waiting for the server. One that was stopped refuses connections and is noticed at once; one that is frozen
 * (a suspended machine, a hung disk, a network that swallows) takes what is sent and never answers. So every
 * wait has an end, and after the first that was in vain it is found out whether the server speaks at all. */
#include "db/postgres/postgres_inside.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

bool pg_wait(PGconn *pg, i64 until_us) {
    while (PQisBusy(pg)) {
        int unsent = PQflush(pg);
        i64 left = until_us ? until_us - time_mono_us() : 0;
        struct pollfd fd = {.fd = PQsocket(pg), .events = unsent > 0 ? POLLIN | POLLOUT : POLLIN};
        if (unsent < 0 || fd.fd < 0) return true;
        if (until_us && left <= 0) return false;
        if (poll(&fd, 1, until_us ? (int)MIN_OF(left / 1000 + 1, INT_MAX) : -1) > 0 && !PQconsumeInput(pg))
            return true;
    }
    return true;
}

PGresult *pg_ask(PGconn *pg, const char *sql, int ms) {
    i64 until = time_mono_us() + (i64)ms * 1000;
    PGresult *last = NULL;
    if (!PQsendQuery(pg, sql)) return NULL;
    while (pg_wait(pg, until)) {
        PGresult *r = PQgetResult(pg);
        if (!r) return last;
        PQclear(last);
        last = r;
    }
    PQclear(last);
    return NULL;
}

i64 pg_patience(const struct pg_conn *c) {
    i64 us = c->migrating ? 0 : c->base.db->patience_us;
    return us ? time_mono_us() + us : 0;
}

/* ---- what is known of the server ---- */

void pg_doubt(struct db *db) {
    struct pg_place *place = db->place;
    const u64 one = 1;
    if (!place->listening) return; /* a command: it is the only one who waits */
    pthread_mutex_lock(&place->voice_lock);
    if (place->voice == PG_HEARD) place->voice = PG_DOUBTED;
    pthread_mutex_unlock(&place->voice_lock);
    (void)!write(place->bell_fd, &one, sizeof one);
}

void pg_know(struct db *db, bool heard) {
    struct pg_place *place = db->place;
    pthread_mutex_lock(&place->voice_lock);
    place->voice = heard ? PG_HEARD : PG_SILENT;
    pthread_cond_broadcast(&place->voice_known);
    pthread_mutex_unlock(&place->voice_lock);
}

enum err pg_is_there(struct db *db) {
    struct pg_place *place = db->place;
    if (atomic_load_explicit(&place->voice, memory_order_relaxed) == PG_HEARD) return OK;
    i64 end = time_mono_us() + (i64)PG_DOUBT_MS * 1500;
    struct timespec until = {.tv_sec = end / US_SECOND, .tv_nsec = end % US_SECOND * 1000};
    pthread_mutex_lock(&place->voice_lock);
    bool late = false;
    while (place->voice == PG_DOUBTED && !late)
        late = pthread_cond_timedwait(&place->voice_known, &place->voice_lock, &until) == ETIMEDOUT;
    bool heard = place->voice == PG_HEARD;
    pthread_mutex_unlock(&place->voice_lock);
    if (heard) return OK;
    db_fail(db, "PostgreSQL", PG_NO_ANSWER);
    return ERR_AWAY;
}
