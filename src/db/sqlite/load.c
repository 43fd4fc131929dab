/* Many rows: here a prepared statement for each of them is what goes fastest. */
#include "db/inside.h"
#include "db/sqlite/sqlite_inside.h"

/* A statement without a number is kept until another one comes. */
static enum err unnumbered(struct sqlite_conn *c, const struct db_stmt *st, const struct db_value *in) {
    TRY(sqlite_before_change(c));
    if (c->loading_of != st) {
        sqlite_drop(c->loading);
        c->loading = NULL;
        TRY(sqlite_prepare(c, st->name, str_c(st->sql), (size_t)st->params, &c->loading));
        c->loading_of = st;
    }
    return sqlite_run_once(c->loading, in);
}

enum err sqlite_load_row(struct db_conn *base, const struct db_stmt *st, const struct db_value *in) {
    i64 changes;
    if (st->id < 0) return unnumbered((struct sqlite_conn *)base, st, in);
    return sqlite_exec(base, st, in, false, &changes);
}

enum err sqlite_load_end(struct db_conn *base) {
    struct sqlite_conn *c = (struct sqlite_conn *)base;
    sqlite_drop(c->loading);
    c->loading = NULL;
    c->loading_of = NULL;
    return OK;
}
