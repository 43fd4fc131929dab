/* What the program's declarations say to the database: its statements, its tables, its migrations. Made by
 * tools/sqlgen.py from the .sql files; db_open takes the shop's, a test may hand its own to db_open_with. */
#ifndef DB_REGISTRY_H
#define DB_REGISTRY_H

#include "db/db.h"

struct db_migration {
    int no; /* counts from 1 without a gap */
    const char *name;
    const char *hash; /* SHA-256 of the source file, hex */
    /* the statements, type words expanded, guards of append-only tables included */
    const char *sqlite, *postgres;
};

/* How a table is copied into another database: by its primary key. */
struct db_copy {
    const char *table;
    const char *kinds;      /* of the columns: i, t, b */
    const char *all, *into; /* all rows; "table (column, …)" */
    const char *add, *count, *empty;
    int given;     /* rows that the migrations themselves put there */
    bool numbered; /* the database gives the ids */
};

struct db_registry {
    const struct db_stmt *const *stmts; /* stmts[i]->id == i */
    size_t stmts_n;
    const char *const *tables; /* db_dep.table counts in it */
    size_t tables_n;
    const struct db_migration *migrations;
    size_t migrations_n;
    const char *const *append_only; /* tables whose rows nobody may change or delete */
    size_t append_only_n;
    const struct db_copy *copies; /* every table of the migrations, parents before children */
    size_t copies_n;
    /* What the database keeps by itself about every row is made at once when all of them are there: texts run
     * before and after it is filled; without a name, none. */
    struct db_migration before_load, after_load;
    /* How many of such pauses a program that was killed left behind, and what ends them; NULL: there are
     * none. */
    const char *left_paused;
    struct db_migration resume;
};

/* The shop's own: out/gen/db_stmts.c. */
extern const struct db_registry db_registry;

/* As db_open, for another set of declarations. Borrows `reg` until db_close. */
enum err db_open_with(struct arena *a, const struct db_options *o, const struct db_registry *reg,
                      struct db **ret, str *ret_why) MUST_CHECK;

#endif
