/* Filling a table: one prepared statement for all rows of a step. */
#include "db/inside.h"
#include "db/sqlite/sqlite_inside.h"

enum err sqlite_fill_begin(struct db_conn *base, const struct db_copy *t) {
    struct sqlite_conn *c = (struct sqlite_conn *)base;
    return sqlite_prepare(c, t->table, str_c(t->add), strlen(t->kinds), &c->filling);
}

enum err sqlite_fill_row(struct db_conn *base, const struct db_value *row) {
    return sqlite_run_once(((struct sqlite_conn *)base)->filling, row);
}

enum err sqlite_fill_end(struct db_conn *base) {
    struct sqlite_conn *c = (struct sqlite_conn *)base;
    sqlite_drop(c->filling);
    c->filling = NULL;
    return OK;
}
