/* Snapshots that outlive their request. Taking one and giving it back costs a reader two locks of the file
 * and a dozen microseconds, a good part of a page. So a connection that is given back keeps its snapshot
 * while nothing is written, and the next request on it goes on with it.
 *
 * A kept snapshot would hold up the write-ahead log's starting again. Therefore the writer ends all of them
 * before it writes, and none is kept while it does: `version` is odd from its begin to its commit or
 * rollback. A snapshot taken at an even version is the newest there is for as long as the version stays. */
#include "db/inside.h"
#include "db/sqlite/sqlite_inside.h"

void sqlite_keep_init(struct sqlite_place *place) {
    pthread_mutex_init(&place->readers_lock, NULL);
}

void sqlite_keep_done(struct sqlite_place *place) {
    pthread_mutex_destroy(&place->readers_lock);
}

void sqlite_keep_add(struct sqlite_conn *c) {
    struct sqlite_place *place = c->base.db->place;
    pthread_mutex_init(&c->keep_lock, NULL);
    pthread_mutex_lock(&place->readers_lock);
    c->next_reader = place->readers;
    place->readers = c;
    pthread_mutex_unlock(&place->readers_lock);
}

void sqlite_keep_remove(struct sqlite_conn *c) {
    struct sqlite_place *place = c->base.db->place;
    pthread_mutex_lock(&place->readers_lock);
    for (struct sqlite_conn **at = &place->readers; *at; at = &(*at)->next_reader)
        if (*at == c) {
            *at = c->next_reader;
            break;
        }
    pthread_mutex_unlock(&place->readers_lock);
    pthread_mutex_destroy(&c->keep_lock);
}

bool sqlite_keep_resume(struct sqlite_conn *c) {
    struct sqlite_place *place = c->base.db->place;
    pthread_mutex_lock(&c->keep_lock);
    bool kept = c->kept;
    u64 now = atomic_load(&place->version);
    c->kept = false;
    pthread_mutex_unlock(&c->keep_lock);
    if (kept && now == c->version) return true;
    if (kept) (void)!sqlite_run_control(c, CONTROL_ROLLBACK);
    c->version = now;
    return false;
}

bool sqlite_keep_leave(struct sqlite_conn *c) {
    struct sqlite_place *place = c->base.db->place;
    /* Without a writer of our own, nobody tells when another process has written. */
    if (c->base.db->read_only || sqlite3_get_autocommit(c->sql)) return false;
    pthread_mutex_lock(&c->keep_lock);
    u64 now = atomic_load(&place->version);
    c->kept = now == c->version && now % 2 == 0;
    bool kept = c->kept;
    pthread_mutex_unlock(&c->keep_lock);
    return kept;
}

void sqlite_keep_writing(struct sqlite_place *place) {
    /* It may be odd already: SQLite gives a transaction up by itself when the disk is full. */
    u64 before = atomic_load(&place->version);
    atomic_store(&place->version, before + (before % 2 ? 2 : 1));
    pthread_mutex_lock(&place->readers_lock);
    for (struct sqlite_conn *c = place->readers; c; c = c->next_reader) {
        pthread_mutex_lock(&c->keep_lock);
        if (c->kept) (void)!sqlite_run_control(c, CONTROL_ROLLBACK);
        c->kept = false;
        pthread_mutex_unlock(&c->keep_lock);
    }
    pthread_mutex_unlock(&place->readers_lock);
}

void sqlite_keep_written(struct sqlite_place *place) {
    u64 before = atomic_load(&place->version);
    if (before % 2) atomic_store(&place->version, before + 1);
}
