/* A small schema for tests of db/: items with owners, and a log that nobody may change. Written by hand, as
 * sqlgen would. */
#ifndef TESTS_DB_FIXTURE_H
#define TESTS_DB_FIXTURE_H

#include "db/inside.h"

enum { T_ITEM, T_LOG, T_MAX };

static const char first_sql[] =
    "CREATE TABLE item (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, data "
    "BLOB) STRICT;"
    "CREATE TABLE part (id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL REFERENCES item(id)) STRICT;"
    "CREATE TABLE log (id INTEGER NOT NULL PRIMARY KEY, what TEXT NOT NULL) STRICT;"
    "CREATE TRIGGER log_no_update BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'log is append-only'); END;"
    "CREATE TRIGGER log_no_delete BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'log is append-only'); END;";

static const struct db_migration fixture_migrations[] = {
    {.no = 1, .name = "first", .hash = "aa", .sqlite = first_sql},
    {.no = 2, .name = "second", .hash = "bb", .sqlite = "ALTER TABLE item ADD COLUMN qty INTEGER;"},
};
static const struct db_migration fixture_bad[] = {
    {.no = 1, .name = "first", .hash = "aa", .sqlite = first_sql},
    {.no = 2,
     .name = "second",
     .hash = "bb",
     .sqlite = "ALTER TABLE item ADD COLUMN qty INTEGER; CREATE TABLE item (x);"},
};

#define DEPS(name, table_, key_) static const struct db_dep name[] = {{.table = (table_), .key = (key_)}}
DEPS(item_whole, T_ITEM, -1);
DEPS(item_by_first, T_ITEM, 0);
DEPS(log_whole, T_LOG, -1);

#define STMT(var, number, does_write, n_params, n_columns, dep, text)                                        \
    static const struct db_stmt var = {.name = #var,                                                         \
                                       .sql = text,                                                          \
                                       .id = number,                                                         \
                                       .writes = does_write,                                                 \
                                       .params = n_params,                                                   \
                                       .columns = n_columns,                                                 \
                                       .deps = dep,                                                          \
                                       .deps_n = 1}

STMT(item_insert, 0, true, 2, 0, item_by_first, "INSERT INTO item (owner, name) VALUES ($1, $2)");
STMT(item_insert_id, 1, true, 3, 1, item_by_first,
     "INSERT INTO item (data, owner, name) VALUES ($3, $1, $2) RETURNING id");
STMT(item_names, 2, false, 1, 1, item_by_first, "SELECT name FROM item WHERE owner = $1 ORDER BY id");
STMT(item_count, 3, false, 0, 1, item_whole, "SELECT count(*) FROM item");
STMT(item_clear, 4, true, 0, 0, item_whole, "UPDATE item SET qty = 1");
STMT(item_get, 5, false, 1, 4, item_whole, "SELECT id, owner, data, qty FROM item WHERE name = $1");
STMT(log_add, 6, true, 1, 0, log_whole,
     "INSERT INTO log (id, what) VALUES ((SELECT count(*) + 1 FROM log), $1)");
STMT(log_count, 7, false, 0, 1, log_whole, "SELECT count(*) FROM log");
STMT(part_insert, 8, true, 1, 0, log_whole, "INSERT INTO part (item_id) VALUES ($1)");

static const struct db_stmt *const fixture_stmts[] = {&item_insert, &item_insert_id, &item_names,
                                                      &item_count,  &item_clear,     &item_get,
                                                      &log_add,     &log_count,      &part_insert};
static const char *const fixture_tables[] = {"item", "log"};
static const char *const fixture_append_only[] = {"log"};

static const struct db_registry fixture = {
    .stmts = fixture_stmts,
    .stmts_n = COUNT_OF(fixture_stmts),
    .tables = fixture_tables,
    .tables_n = T_MAX,
    .migrations = fixture_migrations,
    .migrations_n = COUNT_OF(fixture_migrations),
    .append_only = fixture_append_only,
    .append_only_n = 1,
};

#define V_INT(x)  ((struct db_value){.kind = DB_INT, .i = (x)})
#define V_TEXT(x) ((struct db_value){.kind = DB_TEXT, .s = (x)})

#endif
