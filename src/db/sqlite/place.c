/* The file: finding it, making it, the lock that lets one process write, and copies of it. */
#include "db/inside.h"
#include "db/sqlite/sqlite_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MODE = 0600 }; /* customers' data: for the server's user only */

static str because(struct arena *a, const char *what, const char *path) {
    return arena_printf(a, "%s %s: %s", what, path, strerror(errno));
}

/* Who holds the lock, as far as the file tells. */
static str holder(struct arena *a, int fd, const char *path) {
    char pid[24] = "";
    ssize_t n = pread(fd, pid, sizeof pid - 1, 0);
    str text = str_trim((str){pid, n > 0 ? (size_t)n : 0});
    i64 number;
    if (!str_to_i64(text, &number)) return arena_printf(a, "%s: another process is writing to it", path);
    return arena_printf(a, "%s: process %lld is writing to it (one may)", path, (long long)number);
}

/* The lock is on a file of its own beside the database: SQLite's locks on the database itself are SQLite's.
 * It is never removed, so that two processes cannot hold locks on two files of the same name. */
static enum err take_lock(struct arena *a, struct sqlite_place *place, str *ret_why) {
    const char *path = arena_printf(a, "%s.lock", place->path).p;
    place->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
    if (place->lock < 0) {
        *ret_why = because(a, "cannot open", path);
        return ERR_DB;
    }
    if (flock(place->lock, LOCK_EX | LOCK_NB)) {
        bool taken = errno == EWOULDBLOCK;
        *ret_why = taken ? holder(a, place->lock, place->path) : because(a, "cannot lock", path);
        return taken ? ERR_BUSY : ERR_DB;
    }
    str pid = arena_printf(a, "%ld\n", (long)getpid());
    if (ftruncate(place->lock, 0) || pwrite(place->lock, pid.p, pid.n, 0) != (ssize_t)pid.n) {
        *ret_why = because(a, "cannot write", path);
        return ERR_DB;
    }
    return OK;
}

/* Keeping count of its memory would have every allocation of every connection wait for one lock. */
static void settle_memory(void) {
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* before its first use, or it does nothing */
}

enum err sqlite_open_place(struct arena *a, struct db *db, const struct db_options *o, str where,
                           str *ret_why) {
    static pthread_once_t memory = PTHREAD_ONCE_INIT;
    struct sqlite_place *place = db_alloc(1, sizeof *place);
    db->place = place;
    place->lock = -1;
    pthread_once(&memory, settle_memory);
    sqlite_keep_init(place);
    const char *path = arena_cstr(a, where);
    if (strlen(path) != where.n || path[0] == ':') {
        *ret_why = S("the database is given as sqlite:PATH, and must be a file");
        return ERR_INVALID;
    }
    int fd =
        open(path, (o->read_only ? O_RDONLY : O_RDWR | (o->create ? O_CREAT : 0)) | O_CLOEXEC, FILE_MODE);
    struct stat st;
    if (fd < 0 || fstat(fd, &st)) {
        *ret_why = because(a, "cannot open the database", path);
        if (fd >= 0) close(fd);
        return ERR_DB;
    }
    close(fd);
    if (!S_ISREG(st.st_mode)) {
        *ret_why = arena_printf(a, "cannot open the database %s: not a file", path);
        return ERR_DB;
    }
    place->path = realpath(path, NULL);
    if (!place->path) {
        *ret_why = because(a, "cannot open the database", path);
        return ERR_DB;
    }
    return o->read_only ? OK : take_lock(a, place, ret_why);
}

void sqlite_close_place(struct db *db) {
    struct sqlite_place *place = db->place;
    if (!place) return;
    if (place->lock >= 0) close(place->lock);
    sqlite_keep_done(place);
    db_free(place->path);
    db_free(place);
}

/* ---- backup ---- */

/* Copies page by page within one snapshot of the source. */
static int copy_pages(sqlite3 *from, sqlite3 *to) {
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
    if (!b) return sqlite3_errcode(to);
    int rc;
    do {
        rc = sqlite3_backup_step(b, -1);
        if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED) sqlite3_sleep(20);
    } while (rc == SQLITE_BUSY || rc == SQLITE_LOCKED);
    int end = sqlite3_backup_finish(b);
    return rc == SQLITE_DONE ? end : rc;
}

static enum err copy_to(struct arena *a, struct db *db, const char *path, str *ret_why) {
    struct db_conn *source;
    if (sqlite_connect(db, DB_ROLE_READ, &source)) {
        *ret_why = db_last_error(db, a);
        return ERR_DB;
    }
    sqlite3 *to = NULL;
    int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (!rc) rc = copy_pages(((struct sqlite_conn *)source)->sql, to);
    if (rc) *ret_why = arena_printf(a, "cannot write the backup %s: %s", path, sqlite3_errstr(rc));
    int end = sqlite3_close(to);
    if (!rc && end) *ret_why = arena_printf(a, "cannot write the backup %s: %s", path, sqlite3_errstr(end));
    sqlite_disconnect(source);
    return rc || end ? ERR_DB : OK;
}

/* The name of a new file is on disk once its folder is. */
static bool sync_folder(struct arena *a, const char *path) {
    int fd = open(dirname(arena_cstr(a, str_c(path))), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    return ok;
}

enum err sqlite_backup(struct arena *a, struct db *db, const char *path, str *ret_why) {
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (fd < 0) {
        bool taken = errno == EEXIST;
        *ret_why = because(a, "cannot make the backup", path);
        return taken ? ERR_CONFLICT : ERR_DB;
    }
    close(fd);
    enum err e = copy_to(a, db, path, ret_why);
    if (!e && !sync_folder(a, path)) {
        *ret_why = because(a, "cannot sync the folder of", path);
        e = ERR_DB;
    }
    if (e) unlink(path);
    return e;
}
