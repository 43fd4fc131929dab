/* Several servers on one database: a commit tells the others which slots it changed, and one server does the
 * work that is to be done once. Both on a connection of its own, with a thread that reads it. */
#include "db/postgres/postgres_inside.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* ---- telling ---- */

/* "TABLES:" and the slots in hex; "TABLES:*" when they are too many. The number of tables is that of the
 * slots' meaning. */
static size_t write_slots(const struct db *db, const uint32_t *slots, size_t n, char *out) {
    size_t at = (size_t)snprintf(out, PG_NOTICE_MAX, "%zu:", db->registry->tables_n), head = at;
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        if (slots[i] == last) continue; /* a list written row by row: mostly the same again */
        last = slots[i];
        if (at + 12 > PG_NOTICE_MAX) return head + (size_t)snprintf(out + head, PG_NOTICE_MAX - head, "*");
        at += (size_t)snprintf(out + at, PG_NOTICE_MAX - at, "%x,", slots[i]);
    }
    return at;
}

/* It travels with the COMMIT. */
enum err pg_announce(struct db_conn *base, const uint32_t *slots, size_t n) {
    static const struct db_stmt notify = {
        .name = "announce", .sql = "SELECT pg_notify('" PG_CHANNEL "', $1)", .id = -1, .params = 1};
    struct pg_conn *c = (struct pg_conn *)base;
    char text[PG_NOTICE_MAX];
    struct db_value in = {.kind = DB_TEXT, .s = {text, write_slots(base->db, slots, n, text)}};
    TRY(pg_begin_call(c));
    if (pg_send_declared(c, &notify, &in, (struct pg_due){.kind = PG_DUE_FRAME})) return OK;
    pg_lost(c, notify.name);
    return ERR_AWAY;
}

/* ---- hearing ---- */

/* A slot in hex; false on anything else. */
static bool read_slot(str hex, uint32_t *ret) {
    static const char digits[] = "0123456789abcdef";
    *ret = 0;
    for (size_t i = 0; i < hex.n; i++) {
        const char *digit = memchr(digits, hex.p[i], 16);
        if (!digit) return false;
        *ret = *ret * 16 + (uint32_t)(digit - digits);
    }
    return hex.n > 0 && hex.n <= 8;
}

static void take_slots(struct db *db, str text) {
    uint32_t slots[PG_NOTICE_MAX / 2];
    size_t n = 0;
    i64 tables;
    str head, rest = str_cut(text, ':', &head);
    bool known = str_to_i64(head, &tables) && (size_t)tables == db->registry->tables_n;
    while (known && rest.n) {
        str slot;
        rest = str_cut(rest, ',', &slot);
        known = n < COUNT_OF(slots) && read_slot(slot, &slots[n++]);
    }
    if (known)
        db_epochs_heard(db, slots, n);
    else
        db_epochs_heard_all(db);
}

static void take_notices(struct db *db, PGconn *pg) {
    const struct pg_place *place = db->place;
    for (PGnotify *n; (n = PQnotifies(pg)); PQfreemem(n))
        if (n->be_pid != atomic_load(&place->writer_pid)) take_slots(db, str_c(n->extra));
}

/* Tries to be the one that does the common work, or finds that it still is; false when the connection is
 * gone. The lock goes with the connection. */
static bool ask_lead(struct db *db, PGconn *pg, int ms) {
    bool leads = !atomic_load(&db->follows);
    PGresult *r = pg_ask(pg, leads ? "SELECT true" : "SELECT pg_try_advisory_lock(" PG_LOCK_LEAD ")", ms);
    bool good = PQresultStatus(r) == PGRES_TUPLES_OK;
    if (good) atomic_store(&db->follows, *PQgetvalue(r, 0, 0) != 't');
    PQclear(r);
    return good;
}

/* Waits for something to read, or for the bell. False when it is time to stop. */
static bool wait_on(struct pg_place *place, int socket, int ms) {
    struct pollfd fds[2] = {{.fd = place->bell_fd, .events = POLLIN}, {.fd = socket, .events = POLLIN}};
    u64 rung;
    (void)!poll(fds, 2, ms); /* a negative descriptor is left out */
    if (fds[0].revents) (void)!read(place->bell_fd, &rung, sizeof rung);
    return !atomic_load(&place->stopping);
}

/* Until the connection is gone or it is time to stop. */
static bool hear(struct db *db, PGconn *pg) {
    struct pg_place *place = db->place;
    bool alive = ask_lead(db, pg, PG_PING_MS), going = true;
    i64 asked = time_mono_us();
    if (alive) pg_know(db, true);
    while (alive && (going = wait_on(place, PQsocket(pg), PG_LISTEN_MS))) {
        bool doubt = atomic_load(&place->voice) != PG_HEARD;
        alive = PQconsumeInput(pg) == 1;
        if (alive && (doubt || time_mono_us() - asked >= (i64)PG_LISTEN_MS * 1000)) {
            alive = ask_lead(db, pg, PG_DOUBT_MS);
            asked = time_mono_us();
        }
        if (doubt) pg_know(db, alive);
        if (alive) take_notices(db, pg);
    }
    return going;
}

static void *listen_main(void *arg) {
    struct db *db = arg;
    struct pg_place *place = db->place;
    bool going = true;
    while (going) {
        PGconn *pg = pg_reach(db, "LISTEN " PG_CHANNEL);
        if (!pg && atomic_load(&place->voice) == PG_DOUBTED) pg_know(db, false);
        if (pg) {
            db_epochs_heard_all(db); /* what was missed until now */
            atomic_store(&db->epochs.deaf, false);
            going = hear(db, pg) && !atomic_load(&place->stopping);
            atomic_store(&db->epochs.deaf, true);
            atomic_store(&db->follows, true);
            PQfinish(pg);
        }
        if (going) going = wait_on(place, -1, PG_RELISTEN_MS);
    }
    return NULL;
}

enum err pg_listen(struct db *db) {
    struct pg_place *place = db->place;
    sigset_t all, before; /* signals are for the main thread */
    place->bell_fd = eventfd(0, EFD_CLOEXEC);
    atomic_store(&db->follows, true); /* until it has asked */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    place->listening = place->bell_fd >= 0 && !pthread_create(&place->thread, NULL, listen_main, db);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (place->listening) return OK;
    db_fail(db, "start", "no thread to listen to the other servers");
    return ERR_DB;
}

void pg_unlisten(struct db *db) {
    struct pg_place *place = db->place;
    u64 one = 1;
    if (!place) return;
    if (place->listening) {
        atomic_store(&place->stopping, true);
        (void)!write(place->bell_fd, &one, sizeof one);
        pthread_join(place->thread, NULL);
        place->listening = false;
    }
    if (place->bell_fd >= 0) close(place->bell_fd);
    place->bell_fd = -1;
}
