/* Round trips: what waits is sent in front of the command, one synchronisation behind it, then all answers
 * are read. */
#include "db/postgres/postgres_inside.h"

#include <stdio.h>

void pg_fail(struct db *db, const char *where, const char *message) {
    char line[400];
    size_t n = 0;
    for (const char *p = message ? message : "no memory"; *p && n + 1 < sizeof line; p++)
        line[n++] = *p == '\n' || *p == '\t' ? ' ' : *p;
    while (n && line[n - 1] == ' ')
        n--;
    line[n] = '\0';
    db_fail(db, where, line);
}

/* Worth another try: serialization failure, deadlock, lock not available, and what a server that is being
 * stopped, started or that ran out of connections says. */
static bool is_passing(const char *state) {
    static const char *const states[] = {"40001", "40P01", "55P03", "57P01",
                                         "57P02", "57P03", "53300", "25P03"};
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (strcmp(state, states[i]) == 0) return true;
    return false;
}

/* The machine, the operator or somebody's rights, and not the statement: no memory or disk (53), stopped
 * (57), system error (58), connection (08), tried often enough (40, 55), a server that only reads (25006, and
 * 0A000 or 55000 of the transaction's beginning), a right that was taken away (42501). */
static bool is_away(const char *state) {
    static const char *const states[] = {"53", "57", "58", "08", "40", "55", "0A000", "25006", "42501"};
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (strncmp(state, states[i], strlen(states[i])) == 0) return true;
    return false;
}

enum err pg_failed(struct pg_conn *c, const char *where, const PGresult *r) {
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    const char *message = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    c->broken = true;
    if (state && (strcmp(state, "23505") == 0 || strcmp(state, "23503") == 0)) return ERR_CONFLICT;
    pg_fail(c->base.db, where, message ? message : PQerrorMessage(c->pg));
    if (state && strncmp(state, "54", 2) == 0) return ERR_TOO_LARGE;
    if (state && is_passing(state)) { /* the whole transaction is given up, so that it is run again */
        c->fate = DB_FATE_AGAIN;
        c->open = false;
    }
    return state && is_away(state) ? ERR_AWAY : ERR_DB;
}

void pg_lost(struct pg_conn *c, const char *where) {
    pg_fail(c->base.db, where, c->pg ? PQerrorMessage(c->pg) : "not connected");
    PQfinish(c->pg);
    c->pg = NULL;
    c->deferred_n = 0;
    c->unread = 0;
    if (c->open) c->fate = DB_FATE_AGAIN;
    c->open = c->sent = c->broken = false;
}

enum err pg_defer(struct pg_conn *c, const char *sql) {
    if (c->deferred_n == PG_DEFERRED_MAX) {
        TRY(pg_begin_call(c));
        TRY(pg_end_call(c, sql, 1, NULL));
    }
    c->deferred[c->deferred_n++] = sql;
    return OK;
}

static int send_text(struct pg_conn *c, const char *sql) {
    return PQsendQueryParams(c->pg, sql, 0, NULL, NULL, NULL, NULL, 1);
}

enum err pg_begin_call(struct pg_conn *c) {
    if (!c->pg) return ERR_AWAY;
    for (size_t i = 0; i < c->deferred_n; i++)
        if (!send_text(c, c->deferred[i])) {
            pg_lost(c, c->deferred[i]);
            return ERR_AWAY;
        }
    c->frame = c->deferred_n;
    c->deferred_n = 0;
    if (c->open) c->sent = true;
    return OK;
}

/* The number of the transaction comes with the answer to its first command. */
static void take_xid(struct pg_conn *c, const PGresult *r) {
    if (PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1 && PQfnumber(r, "countersign_xid") == 0)
        snprintf(c->xid, sizeof c->xid, "%.*s", PQgetlength(r, 0, 0), PQgetvalue(r, 0, 0));
}

/* Reads up to the synchronisation of the last group. What earlier groups say (the end of a snapshot) counts
 * for nothing. False when the connection is gone. */
static bool read_groups(struct pg_conn *c, PGresult **ret_last, PGresult **ret_error) {
    int nothing = 0;
    c->good = 0;
    while (nothing < 2) {
        PGresult *r = PQgetResult(c->pg);
        if (!r) { /* between two commands; twice in a row: nothing is under way any more */
            nothing++;
            continue;
        }
        nothing = 0;
        ExecStatusType status = PQresultStatus(r);
        if (status == PGRES_PIPELINE_SYNC) {
            PQclear(r);
            if (--c->unread == 0) return PQstatus(c->pg) == CONNECTION_OK;
            continue;
        }
        bool bad = status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK;
        if (bad && status != PGRES_PIPELINE_ABORTED && c->unread == 1 && !*ret_error) {
            *ret_error = r;
            continue;
        }
        if (bad || c->unread > 1) {
            PQclear(r);
            continue;
        }
        c->good++;
        take_xid(c, r);
        PQclear(*ret_last);
        *ret_last = r;
    }
    return false;
}

enum err pg_end_call(struct pg_conn *c, const char *where, int sent, PGresult **ret_rows) {
    PGresult *last = NULL, *error = NULL;
    if (ret_rows) *ret_rows = NULL;
    if (!sent || !PQpipelineSync(c->pg)) {
        pg_lost(c, where);
        return ERR_AWAY;
    }
    c->unread++;
    bool alive = read_groups(c, &last, &error);
    enum err e = OK;
    if (error) e = pg_failed(c, where, error);
    if (!alive) {
        pg_lost(c, where);
        e = ERR_AWAY;
    }
    PQclear(error);
    if (e || !ret_rows)
        PQclear(last);
    else
        *ret_rows = last;
    return e;
}

enum err pg_command(struct pg_conn *c, const char *sql, PGresult **ret_rows) {
    TRY(pg_begin_call(c));
    return pg_end_call(c, sql, send_text(c, sql), ret_rows);
}
