#include "app/app_key.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gen/app_sql.h"

/* One line a value, in hex, so that a person sees what the file is and a copy by hand works. */
#define KEY_HEAD "countersign key 1"

str app_key_path(struct app *app) {
    str given = app_given(app, "--key");
    return given.p ? given : ARENA_CAT(app->arena, app_db_path(app), S(".key"));
}

/* ---------------------------------------------------------------- reading */

static bool take_line(struct arena *a, str *rest, str name, void *out, size_t n) {
    str line, word, bytes;
    *rest = str_cut(*rest, '\n', &line);
    str hex = str_cut(line, ' ', &word);
    if (!str_eq(word, name) || !crypto_unhex(a, str_trim(hex), &bytes) || bytes.n != n) return false;
    memcpy(out, bytes.p, n);
    return true;
}

static bool parse(struct arena *a, str text, struct app_key *ret) {
    str head, rest = str_cut(text, '\n', &head);
    return str_eq(head, S(KEY_HEAD)) &&
           take_line(a, &rest, S("secret"), ret->secret.b, sizeof ret->secret.b) &&
           take_line(a, &rest, S("seal-public"), ret->public_key, sizeof ret->public_key) &&
           take_line(a, &rest, S("seal-secret"), ret->secret_key, sizeof ret->secret_key);
}

enum err app_key_read(struct arena *a, str path, struct app_key *ret, str *ret_why) {
    char text[1024];
    struct stat st;
    int fd = open(arena_cstr(a, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0) {
        bool missing = errno == ENOENT;
        *ret_why = arena_printf(a, "cannot read the key file %.*s: %s", STR_ARG(path), strerror(errno));
        if (fd >= 0) close(fd);
        return missing ? ERR_NOT_FOUND : ERR_INVALID;
    }
    ssize_t n = S_ISREG(st.st_mode) ? read(fd, text, sizeof text) : -1;
    close(fd);
    if (st.st_mode & 077) {
        *ret_why = arena_printf(a, "the key file %.*s may be read or written by others: chmod 600 it",
                                STR_ARG(path));
        return ERR_INVALID;
    }
    if (n < 0 || !parse(a, (str){text, (size_t)n}, ret)) {
        *ret_why = arena_printf(a, "%.*s is no key file", STR_ARG(path));
        return ERR_INVALID;
    }
    return OK;
}

/* ---------------------------------------------------------------- making */

static bool write_synced(const char *path, str text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    bool ok = fchmod(fd, 0600) == 0 && write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
    return close(fd) == 0 && ok;
}

static bool sync_folder_of(struct arena *a, const char *path) {
    int fd = open(dirname(arena_cstr(a, str_c(path))), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    bool ok = fsync(fd) == 0;
    close(fd);
    return ok;
}

/* Makes a new one, mode 0600, on disk before this returns; never over a file that is there. */
static enum err make(struct arena *a, str path, struct app_key *ret, str *ret_why) {
    crypto_random(ret->secret.b, sizeof ret->secret.b);
    crypto_sign_keypair(ret->public_key, ret->secret_key);
    str text =
        arena_printf(a, KEY_HEAD "\nsecret %.*s\nseal-public %.*s\nseal-secret %.*s\n",
                     STR_ARG(crypto_hex(a, hash_str(&ret->secret))),
                     STR_ARG(crypto_hex(a, (str){(const char *)ret->public_key, sizeof ret->public_key})),
                     STR_ARG(crypto_hex(a, (str){(const char *)ret->secret_key, sizeof ret->secret_key})));
    /* Written under another name and linked when it is whole: a crash leaves no half key. */
    const char *final = arena_cstr(a, path);
    const char *temporary = arena_printf(a, "%s.%ld.new", final, (long)getpid()).p;
    bool ok = write_synced(temporary, text) && link(temporary, final) == 0 && sync_folder_of(a, final);
    if (!ok) *ret_why = arena_printf(a, "cannot make the key file %s: %s", final, strerror(errno));
    unlink(temporary);
    return ok ? OK : ERR_INVALID;
}

/* ---------------------------------------------------------------- the key of this database */

int app_key_for(struct app *app, struct db *db, struct app_key *ret) {
    struct app_first_seal seal = {0};
    struct db_r *r;
    str path = app_key_path(app), why;
    int status = app_read(app, db, app->arena, &r);
    if (status) return status;
    enum err sealed = app_first_seal(r, &seal);
    db_read_end(r);
    enum err e = app_key_read(app->arena, path, ret, &why);
    if (e == ERR_NOT_FOUND && !sealed)
        return app_fail(app,
                        "the key file %.*s is missing; the record was sealed with it, so no other will do",
                        STR_ARG(path));
    if (e == ERR_NOT_FOUND) e = make(app->arena, path, ret, &why);
    if (e) return app_fail(app, "%.*s", STR_ARG(why));
    if (!sealed && !str_eq(seal.public_key, (str){(const char *)ret->public_key, sizeof ret->public_key}))
        return app_fail(app, "the key file %.*s is not the one that sealed this record", STR_ARG(path));
    return APP_DONE;
}
