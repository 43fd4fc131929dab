/* Preloaded into a server: writes every statement that is given to the engine to be prepared (or run at once)
 * to the file PREPARED_LOG, each ended by a zero byte. The benchmark asks for the query plans of what the
 * grids really run. */
#include <dlfcn.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static void note(const char *sql, size_t n) {
    static int log = -1;
    if (log < 0 && getenv("PREPARED_LOG"))
        log = open(getenv("PREPARED_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    struct iovec parts[] = {{(void *)(size_t)sql, n}, {"", 1}};
    if (log >= 0 && writev(log, parts, 2) < 0) close(log), log = -1;
}

typedef int sqlite_fn(sqlite3 *, const char *, int, unsigned, sqlite3_stmt **, const char **);

int sqlite3_prepare_v3(sqlite3 *db, const char *sql, int n, unsigned flags, sqlite3_stmt **ret,
                       const char **tail) {
    static sqlite_fn *real;
    if (!real) real = (sqlite_fn *)dlsym(RTLD_NEXT, "sqlite3_prepare_v3");
    note(sql, n < 0 ? strlen(sql) : strnlen(sql, (size_t)n));
    return real(db, sql, n, flags, ret, tail);
}

typedef int prepare_fn(PGconn *, const char *, const char *, int, const Oid *);

int PQsendPrepare(PGconn *c, const char *name, const char *sql, int n, const Oid *types) {
    static prepare_fn *real;
    if (!real) real = (prepare_fn *)dlsym(RTLD_NEXT, "PQsendPrepare");
    note(sql, strlen(sql));
    return real(c, name, sql, n, types);
}

typedef int params_fn(PGconn *, const char *, int, const Oid *, const char *const *, const int *, const int *,
                      int);

int PQsendQueryParams(PGconn *c, const char *sql, int n, const Oid *types, const char *const *values,
                      const int *lengths, const int *formats, int result) {
    static params_fn *real;
    if (!real) real = (params_fn *)dlsym(RTLD_NEXT, "PQsendQueryParams");
    note(sql, strlen(sql));
    return real(c, sql, n, types, values, lengths, formats, result);
}
