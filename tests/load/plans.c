/* Preloaded into a server on SQLite: writes every statement that is prepared to the file PREPARED_LOG, each
 * ended by a zero byte. The benchmark asks for the query plans of what the grids really run. */
#include <dlfcn.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

typedef int prepare_fn(sqlite3 *, const char *, int, unsigned, sqlite3_stmt **, const char **);

int sqlite3_prepare_v3(sqlite3 *db, const char *sql, int n, unsigned flags, sqlite3_stmt **ret,
                       const char **tail) {
    static prepare_fn *real;
    static int log = -1;
    if (!real) real = (prepare_fn *)dlsym(RTLD_NEXT, "sqlite3_prepare_v3");
    if (log < 0 && getenv("PREPARED_LOG"))
        log = open(getenv("PREPARED_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    size_t length = n < 0 ? strlen(sql) : strnlen(sql, (size_t)n);
    struct iovec parts[] = {{(void *)(size_t)sql, length}, {"", 1}};
    if (log >= 0 && writev(log, parts, 2) < 0) close(log), log = -1;
    return real(db, sql, n, flags, ret, tail);
}
