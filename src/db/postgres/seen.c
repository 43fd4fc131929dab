/* What a reader has seen of its snapshot. Where a page is foreseen to its end, the server is told to end the
 * snapshot with the page's last statements (ahead.c). A page that then asks one more needs an answer that
 * fits those it has: all that it has seen is asked again in a new snapshot, with the same answers the page
 * has been in that one all the time, and else it has to begin again. So answers are kept up to the end. */
#include "db/postgres/postgres_inside.h"

struct pg_answer {
    struct db_stmt st; /* a copy: a text that was put together does not last */
    size_t in;         /* its parameters, among the values */
    PGresult *rows, *again;
};

struct pg_seen {
    struct pg_answer answers[PG_SEEN_MAX];
    struct db_value values[PG_SEEN_VALUES];
    char bytes[PG_SEEN_BYTES];
    size_t answers_n, values_n, bytes_n;
    bool lost; /* something was seen that is not here */
};

void pg_seen_make(struct pg_conn *c) {
    if (c->base.role == DB_ROLE_READ) c->seen = db_alloc(1, sizeof *c->seen);
}

void pg_seen_free(struct pg_conn *c) {
    pg_seen_forget(c);
    db_free(c->seen);
}

void pg_seen_forget(struct pg_conn *c) {
    struct pg_seen *s = c->seen;
    if (!s) return;
    for (size_t i = 0; i < s->answers_n; i++)
        PQclear(s->answers[i].rows);
    s->answers_n = s->values_n = s->bytes_n = 0;
    s->lost = false;
}

/* ---- keeping ---- */

/* Bytes of our own, ended by 0; NULL when there is no room. */
static const char *keep(struct pg_seen *s, str text) {
    if (text.n >= PG_SEEN_BYTES - s->bytes_n) return NULL;
    char *to = s->bytes + s->bytes_n;
    if (text.n) memcpy(to, text.p, text.n);
    to[text.n] = '\0';
    s->bytes_n += text.n + 1;
    return to;
}

static bool keep_value(struct pg_seen *s, struct db_value v) {
    if (v.kind != DB_INT && !v.null) {
        v.s.p = keep(s, v.s);
        if (!v.s.p) return false;
    }
    s->values[s->values_n++] = v;
    return true;
}

static bool keep_question(struct pg_seen *s, struct pg_answer *a, const struct db_value *in) {
    size_t params = (size_t)a->st.params;
    a->in = s->values_n;
    if (params > PG_SEEN_VALUES - s->values_n) return false;
    for (size_t i = 0; i < params; i++)
        if (!keep_value(s, in[i])) return false;
    if (a->st.id < 0) a->st.sql = keep(s, str_c(a->st.sql));
    return a->st.sql != NULL;
}

bool pg_seen_keep(struct pg_conn *c, const struct db_stmt *st, const struct db_value *in, PGresult *rows) {
    struct pg_seen *s = c->seen;
    if (!s || !c->open || c->block) return false;
    struct pg_answer *a = &s->answers[s->answers_n];
    if (s->lost || s->answers_n == PG_SEEN_MAX) {
        s->lost = true;
        return false;
    }
    *a = (struct pg_answer){.st = *st, .rows = rows};
    s->lost = !keep_question(s, a, in);
    if (!s->lost) s->answers_n++;
    return !s->lost;
}

/* ---- asking again ---- */

void pg_seen_take(struct pg_answer *answer, PGresult *r) {
    answer->again = r;
}

static bool same_cell(const PGresult *a, const PGresult *b, int row, int column) {
    int n = PQgetlength(a, row, column);
    return PQgetisnull(a, row, column) == PQgetisnull(b, row, column) && n == PQgetlength(b, row, column) &&
           memcmp(PQgetvalue(a, row, column), PQgetvalue(b, row, column), (size_t)n) == 0;
}

static bool same_rows(const PGresult *a, const PGresult *b) {
    if (!b || PQntuples(a) != PQntuples(b) || PQnfields(a) != PQnfields(b)) return false;
    for (int row = 0; row < PQntuples(a); row++)
        for (int column = 0; column < PQnfields(a); column++)
            if (!same_cell(a, b, row, column)) return false;
    return true;
}

static enum err ask_again(struct pg_conn *c) {
    struct pg_seen *s = c->seen;
    bool sent = true;
    TRY(pg_begin_call(c));
    for (size_t i = 0; i < s->answers_n && sent; i++) {
        struct pg_answer *a = &s->answers[i];
        a->again = NULL;
        sent = pg_send_declared(c, &a->st, s->values + a->in,
                                (struct pg_due){.kind = PG_DUE_AGAIN, .answer = a});
    }
    return pg_end_call(c, "what was seen", sent, NULL);
}

enum err pg_seen_renew(struct pg_conn *c) {
    struct pg_seen *s = c->seen;
    c->over = c->sent = false;
    pg_ahead_forget(c);
    enum err e = s->lost ? OK : ask_again(c);
    bool same = !e && !s->lost;
    for (size_t i = 0; i < s->answers_n && !s->lost; i++) {
        same = same && same_rows(s->answers[i].rows, s->answers[i].again);
        PQclear(s->answers[i].again);
        s->answers[i].again = NULL;
    }
    if (e || same) return e;
    c->broken = true;
    db_fail(c->base.db, "what was seen", "it has changed since");
    return c->repeatable ? ERR_STALE : ERR_AWAY;
}
