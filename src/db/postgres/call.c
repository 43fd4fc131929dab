/* Round trips: what waits is sent in front of the command, what will be asked next behind it, then one
 * synchronisation, or in a snapshot only the wish to hear; then all answers are read. For everything that was
 * sent a `due` stands in a queue, so that every answer finds who waits for it. */
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

/* Worth another try: serialization failure, deadlock, and what a server that is being stopped, started or
 * that ran out of connections says. A lock that was not to be had was waited for long enough. */
static bool is_passing(const char *state) {
    static const char *const states[] = {"40001", "40P01", "57P01", "57P02", "57P03", "53300", "25P03"};
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
    pg_fail(c->base.db, where,
            c->in_vain ? "no answer in time"
            : c->pg    ? PQerrorMessage(c->pg)
                       : "not connected");
    PQfinish(c->pg);
    c->pg = NULL;
    c->deferred_n = 0;
    c->due_n = 0;
    pg_ahead_forget(c);
    if (c->open) c->fate = DB_FATE_AGAIN;
    c->open = c->sent = c->over = c->broken = false;
}

/* ---- sending ---- */

enum err pg_defer(struct pg_conn *c, const char *sql) {
    if (c->deferred_n == PG_DEFERRED_MAX) {
        TRY(pg_begin_call(c));
        TRY(pg_end_call(c, sql, 1, NULL));
    }
    c->deferred[c->deferred_n++] = sql;
    return OK;
}

static void push_due(struct pg_conn *c, struct pg_due due) {
    c->due[(c->due_first + c->due_n++) % PG_DUE_MAX] = due;
}

bool pg_sent(struct pg_conn *c, int sent, struct pg_due due) {
    if (sent) push_due(c, due);
    return sent != 0;
}

/* The place of a constant command that is prepared, or a free one for it; NULL: all are taken. */
static const char **find_frame(struct pg_conn *c, const char *sql) {
    const char **room = NULL;
    for (size_t i = 0; i < PG_FRAMES_MAX; i++) {
        if (c->frames[i] == sql) return &c->frames[i];
        if (!c->frames[i] && !room) room = &c->frames[i];
    }
    return room;
}

/* Parsing BEGIN takes the server longer than beginning. */
static bool send_frame(struct pg_conn *c, const char *sql) {
    char name[16];
    const char **frame = find_frame(c, sql);
    const struct pg_due due = {.kind = PG_DUE_FRAME};
    if (!frame) return pg_sent(c, PQsendQueryParams(c->pg, sql, 0, NULL, NULL, NULL, NULL, 1), due);
    snprintf(name, sizeof name, "f%d", (int)(frame - c->frames));
    if (!*frame) {
        struct pg_due prepare = {.kind = PG_DUE_PREPARE, .frame = frame};
        if (!pg_sent(c, PQsendPrepare(c->pg, name, sql, 0, NULL), prepare)) return false;
        *frame = sql;
    }
    return pg_sent(c, PQsendQueryPrepared(c->pg, name, 0, NULL, NULL, NULL, 1), due);
}

bool pg_send_text(struct pg_conn *c, const char *sql, enum pg_due_kind kind) {
    if (kind == PG_DUE_FRAME) return send_frame(c, sql);
    return pg_sent(c, PQsendQueryParams(c->pg, sql, 0, NULL, NULL, NULL, NULL, 1),
                   (struct pg_due){.kind = kind});
}

bool pg_send_sync(struct pg_conn *c) {
    return pg_sent(c, PQpipelineSync(c->pg), (struct pg_due){.kind = PG_DUE_SYNC});
}

bool pg_in_snapshot(const struct pg_conn *c) {
    return c->base.role == DB_ROLE_READ && c->open && !c->block;
}

enum err pg_begin_call(struct pg_conn *c) {
    if (!c->pg) return ERR_AWAY;
    for (size_t i = 0; i < c->deferred_n; i++)
        if (!pg_send_text(c, c->deferred[i], PG_DUE_FRAME)) {
            pg_lost(c, c->deferred[i]);
            return ERR_AWAY;
        }
    c->deferred_n = 0;
    if (c->open) c->sent = true;
    return OK;
}

/* ---- reading ---- */

/* What came of a call. */
struct outcome {
    PGresult *answer, *error;
    enum pg_due_kind failed; /* what the error belongs to */
};

/* The number of the transaction comes with the answer to its first command. */
static void take_xid(struct pg_conn *c, const PGresult *r) {
    if (PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1 && PQfnumber(r, "countersign_xid") == 0)
        snprintf(c->xid, sizeof c->xid, "%.*s", PQgetlength(r, 0, 0), PQgetvalue(r, 0, 0));
}

/* Gives a result to whom it is due. How an old snapshot ended is nobody's business. */
static void hand_out(struct pg_conn *c, struct pg_due due, PGresult *r, struct outcome *out) {
    ExecStatusType status = PQresultStatus(r);
    bool good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
    if (!good && due.kind == PG_DUE_PREPARE && due.st) c->prepared[due.st->id] = false;
    if (!good && due.kind == PG_DUE_PREPARE && due.frame) *due.frame = NULL;
    if (!good && status != PGRES_PIPELINE_ABORTED && !due.old && !out->error) {
        out->error = r;
        out->failed = due.kind == PG_DUE_PREPARE && due.ahead ? PG_DUE_AHEAD : due.kind;
        return;
    }
    bool wanted = good && !due.old;
    if (wanted && due.kind == PG_DUE_FRAME) take_xid(c, r);
    if (wanted && due.kind == PG_DUE_ANSWER && !out->answer) {
        out->answer = r;
        return;
    }
    if (wanted && due.kind == PG_DUE_AHEAD && pg_ahead_take(due.ahead, r)) return;
    if (wanted && due.kind == PG_DUE_AGAIN)
        pg_seen_take(due.answer, r);
    else
        PQclear(r);
}

/* The server's last word on this connection. */
static bool is_farewell(const PGresult *r) {
    const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);
    return severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0);
}

/* Reads all that is due. False when the connection is gone, or silent for longer than one statement may take.
 */
static bool read_due(struct pg_conn *c, struct outcome *out) {
    i64 until = pg_patience(c);
    int nothing = 0;
    while (c->due_n > 0) {
        c->in_vain = !pg_wait(c->pg, until);
        if (c->in_vain) {
            pg_doubt(c->base.db);
            return false;
        }
        PGresult *r = PQgetResult(c->pg);
        if (!r) { /* between two commands; twice in a row: nothing is under way any more */
            if (++nothing == 2) return false;
            continue;
        }
        nothing = 0;
        if (until) until = pg_patience(c);
        bool last = is_farewell(r);
        struct pg_due due = c->due[c->due_first];
        c->due_first = (c->due_first + 1) % PG_DUE_MAX;
        c->due_n--;
        if (due.kind != PG_DUE_SYNC) {
            hand_out(c, due, r, out);
            if (last) return false;
            continue;
        }
        bool synced = PQresultStatus(r) == PGRES_PIPELINE_SYNC;
        PQclear(r);
        if (!synced) return false;
    }
    return PQstatus(c->pg) == CONNECTION_OK;
}

void pg_drain(struct pg_conn *c, const char *where) {
    struct outcome out = {0};
    if (!read_due(c, &out)) pg_lost(c, where);
    PQclear(out.answer);
    PQclear(out.error);
}

void pg_give_up(struct pg_conn *c) {
    c->careful = PG_CAREFUL;
    c->fate = DB_FATE_NOW;
    c->open = false;
}

/* An error of what nobody waited for. A writing transaction is run again, waiting for everything; a snapshot
 * is lost with it, and taken again when something more is asked. */
static enum err failed_ahead(struct pg_conn *c, const char *where, const PGresult *error) {
    if (c->base.role == DB_ROLE_WRITE) {
        pg_fail(c->base.db, where, PQresultErrorField(error, PG_DIAG_MESSAGE_PRIMARY));
        pg_give_up(c);
        return ERR_DB;
    }
    c->careful = PG_CAREFUL;
    c->hasty = false;
    if (!c->over && !pg_send_sync(c)) return ERR_AWAY;
    c->over = true;
    return OK;
}

enum err pg_end_call(struct pg_conn *c, const char *where, int sent, PGresult **ret_rows) {
    struct outcome out = {0};
    bool stays = pg_in_snapshot(c) && !c->last;
    if (ret_rows) *ret_rows = NULL;
    if (!sent || !(stays ? PQsendFlushRequest(c->pg) : pg_send_sync(c))) {
        pg_lost(c, where);
        return ERR_AWAY;
    }
    c->over = c->last;
    c->last = false;
    if (c->base.role == DB_ROLE_WRITE) atomic_fetch_add(&c->base.db->waits, 1);
    bool alive = read_due(c, &out);
    enum err e = OK;
    if (out.error && (out.failed == PG_DUE_AHEAD || out.failed == PG_DUE_WRITE))
        e = failed_ahead(c, where, out.error);
    else if (out.error)
        e = pg_failed(c, where, out.error);
    if (out.error && out.failed == PG_DUE_FRAME) c->open = false; /* no BEGIN, no savepoint: no transaction */
    if (!alive) {
        pg_lost(c, where);
        e = ERR_AWAY;
    } else if (!e && ret_rows && !out.answer) {
        db_fail(c->base.db, where, "it was not answered");
        e = ERR_DB;
    }
    PQclear(out.error);
    if (e || !ret_rows)
        PQclear(out.answer);
    else
        *ret_rows = out.answer;
    return e;
}

enum err pg_command(struct pg_conn *c, const char *sql, PGresult **ret_rows) {
    TRY(pg_begin_call(c));
    return pg_end_call(c, sql, pg_send_text(c, sql, PG_DUE_ANSWER), ret_rows);
}
