/* copy: a shop from one database into another, of either engine. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "app/app.h"
#include "audit/audit.h"

enum { BAR = 40 };

static const char again[] =
    "; the source is untouched and the target as empty as before: the same command begins again";

static void show_progress(void *arg, i64 done, i64 total) {
    static const char full[] = "########################################",
                      none[] = "........................................";
    (void)arg;
    int filled = total ? (int)(done * BAR / total) : BAR;
    fprintf(stderr, "\r[%.*s%.*s] %lld of %lld rows", filled, full, BAR - filled, none, (long long)done,
            (long long)total);
}

/* The transaction ends with the connection; there is nothing to clean up. */
static void interrupted(int number) {
    static const char words[] = "\ncountersign copy: interrupted";
    (void)!write(STDERR_FILENO, words, sizeof words - 1);
    (void)!write(STDERR_FILENO, again, sizeof again - 1);
    (void)!write(STDERR_FILENO, "\n", 1);
    _exit(128 + number);
}

/* Opens both; the target is brought to this program's schema. */
static enum err open_both(struct app *app, struct db **from, struct db **to, str *ret_why) {
    struct db_options source = {.url = app_given(app, "--from"), .read_only = true};
    struct db_options target = {.url = app_given(app, "--to"), .create = true};
    int applied;
    if (str_eq(source.url, target.url)) {
        *ret_why = S("--from and --to are the same");
        return ERR_INVALID;
    }
    TRY(db_open(app->arena, &source, from, ret_why));
    TRY(db_check_schema(app->arena, *from, ret_why));
    TRY(db_open(app->arena, &target, to, ret_why));
    return db_migrate(app->arena, *to, &applied, ret_why);
}

static enum err verdict_of(struct app *app, struct db *db, struct audit_verdict *ret, str *ret_why) {
    struct db_r *r;
    enum err e = db_read_begin(db, app->arena, (struct db_sight){.scope = -1}, &r);
    if (!e) {
        e = audit_verify(r, app->arena, NULL, NULL, NULL, NULL, ret);
        db_read_end(r);
    }
    if (e) *ret_why = db_last_error(db, app->arena);
    return e;
}

int app_copy(struct app *app) {
    struct db *from = NULL, *to = NULL;
    struct audit_verdict record;
    str why = STR_NULL;
    i64 rows = 0;
    bool terminal = isatty(STDERR_FILENO), copying = false;
    enum err e = open_both(app, &from, &to, &why);
    if (!e) {
        copying = true;
        signal(SIGINT, interrupted);
        signal(SIGTERM, interrupted);
        e = db_copy_all(app->arena, from, to, terminal ? show_progress : NULL, NULL, &rows, &why);
        if (terminal) fputs("\r\033[K", stderr);
    }
    if (!e) e = verdict_of(app, to, &record, &why);
    db_close(to);
    db_close(from);
    if (e)
        return app_fail(app, "%.*s%s", STR_ARG(why.n ? why : err_word(e)),
                        copying && e != ERR_CONFLICT ? again : "");
    if (!record.whole) {
        app_say("%lld rows are copied. The record is NOT WHOLE, as it was in the source: %.*s",
                (long long)rows, STR_ARG(record.why));
        return APP_NOT_WHOLE;
    }
    app_say("%lld rows are copied; the record is whole: %lld entries. The key file stays what it is: give it "
            "to `serve` "
            "with --key.",
            (long long)rows, (long long)record.entries);
    return APP_DONE;
}
