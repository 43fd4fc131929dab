/* What the server's own user may do to the tables. PostgreSQL looks at rights when a statement runs; a shop
 * should hear of a missing one when it starts, and not when a customer pays. */
#include "db/postgres/postgres_inside.h"

/* Rows of the record are only added: the right to change them may be taken from the server's user. */
static const struct db_stmt missing = {
    .name = "rights",
    .sql = "SELECT current_user || ' may not ' || p.word || ' ' || t.name"
           "  FROM unnest(string_to_array($1, ' ')) AS t(name),"
           "       unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p(word)"
           " WHERE to_regclass(t.name) IS NOT NULL AND NOT has_table_privilege(t.name, p.word)"
           "   AND NOT (p.word IN ('UPDATE', 'DELETE') AND t.name = ANY (string_to_array($2, ' ')))"
           " LIMIT 1",
    .id = -1,
    .params = 2};

static str joined(struct arena *a, const char *const *names, size_t n) {
    str all = S("");
    for (size_t i = 0; i < n; i++)
        all = ARENA_CAT(a, all, i ? S(" ") : S(""), str_c(names[i]));
    return all;
}

enum err pg_rights(struct arena *a, struct db_conn *base, str *ret_complaint) {
    const struct db_registry *reg = base->db->registry;
    const struct db_value in[] = {{.kind = DB_TEXT, .s = joined(a, reg->tables, reg->tables_n)},
                                  {.kind = DB_TEXT, .s = joined(a, reg->append_only, reg->append_only_n)}};
    struct db_cursor *k = NULL;
    *ret_complaint = STR_NULL;
    TRY(pg_query(base, &missing, in, &k));
    if (!k) return OK;
    *ret_complaint = ARENA_CAT(a, S("the database's user has too few rights: "), pg_get_str(k, 0));
    pg_finish(k);
    return OK;
}
