/* What SQL may do on our connections, whoever wrote it: asked by SQLite for every statement it prepares. The
 * record's tables can be read and appended to, and nothing else, at any time and by anybody. */
#include "db/inside.h"
#include "db/sqlite/sqlite_inside.h"

static bool is_append_only(const struct sqlite_conn *c, const char *table) {
    const struct db_registry *reg = c->base.db->registry;
    for (size_t i = 0; table && i < reg->append_only_n; i++)
        if (str_eq_nocase(str_c(table), str_c(reg->append_only[i]))) return true;
    return false;
}

/* SQLite's own tables and the record of migrations change only while a migration runs. */
static bool may_change(const struct sqlite_conn *c, const char *table) {
    if (c->guard == GUARD_MIGRATE) return true;
    str t = str_c(table);
    return c->guard == GUARD_WRITE && !str_eq_nocase(str_slice(t, 0, 7), S("sqlite_")) &&
           !str_eq_nocase(t, S("schema_patch"));
}

static bool allows(const struct sqlite_conn *c, int op, const char *a, const char *b) {
    bool migrating = c->guard == GUARD_MIGRATE;
    switch (op) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE: return true;
    case SQLITE_FUNCTION: return !str_eq_nocase(str_c(b), S("load_extension"));
    case SQLITE_INSERT: return may_change(c, a);
    case SQLITE_UPDATE:
    case SQLITE_DELETE: return may_change(c, a) && !is_append_only(c, a);
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT: return c->guard == GUARD_CONTROL;
    case SQLITE_PRAGMA: return c->guard == GUARD_SETUP && !str_eq_nocase(str_c(a), S("writable_schema"));
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_VIEW:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_VIEW:
    case SQLITE_REINDEX: return migrating;
    case SQLITE_DROP_TABLE: return migrating && !is_append_only(c, a);
    case SQLITE_ALTER_TABLE:                                             /* (schema, table) */
    case SQLITE_DROP_TRIGGER: return migrating && !is_append_only(c, b); /* (trigger, table) */
    default:
        return false; /* ATTACH, DETACH, temporary and virtual tables, ANALYZE, what a newer SQLite may add */
    }
}

int sqlite_guard_check(void *arg, int op, const char *a, const char *b, const char *schema,
                       const char *inner) {
    (void)schema, (void)inner;
    return allows(arg, op, a, b) ? SQLITE_OK : SQLITE_DENY;
}
