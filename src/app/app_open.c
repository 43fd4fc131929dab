/* Opening the database for a command, and what every opened shop needs. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/app.h"
#include "shop/cart/cart.h"
#include "shop/catalog/catalog.h"

/* What may be wrong with a database that could be opened. */
static enum err make_ready(struct app *app, enum app_open how, struct db *db, int *ret_applied,
                           str *ret_why) {
    *ret_applied = 0;
    if (how == APP_OPEN_UPDATE || how == APP_OPEN_CREATE || how == APP_OPEN_FILL)
        TRY(db_migrate(app->arena, db, ret_applied, ret_why));
    else
        TRY(db_check_schema(app->arena, db, ret_why));
    if (how == APP_OPEN_READ) return OK;
    TRY(db_check_statements(app->arena, db, ret_why));
    if (how == APP_OPEN_FILL) return OK;
    *ret_why = S("the writer does not start");
    return db_start(db);
}

/* The server's way of telling, in its log; a command does it for who sits in front of it. */
static void log_migration(const char *name, i64 us) {
    if (us < 0)
        LOG(LOG_INFO, "migration", LOG_C("name", name), LOG_C("state", "begins"));
    else
        LOG(LOG_INFO, "migration", LOG_C("name", name), LOG_C("state", "done"), LOG_I("ms", us / 1000));
}

static void say_migration(const char *name, i64 us) {
    if (us < 0)
        printf("migrating %s ... ", name);
    else
        printf("%lld.%02lld s\n", (long long)(us / US_SECOND), (long long)(us % US_SECOND / 10000));
    fflush(stdout);
}

/* What goes through everything takes as long as it takes. */
static bool takes_long(const struct app_command *c) {
    return c->run == app_demo || c->run == app_migrate || c->run == app_backup ||
           c->run == app_audit_verify || c->run == app_audit_export;
}

static bool read_db_options(struct app *app, enum app_open how, struct db_options *ret) {
    i64 seconds;
    if (!app_number(app, "--db-timeout", 1, 3600, 10, &seconds)) return false;
    *ret = (struct db_options){.url = app_given(app, "--db"),
                               .create = how == APP_OPEN_CREATE || how == APP_OPEN_FILL,
                               .read_only = how == APP_OPEN_READ,
                               .patience_us = takes_long(app->command) ? 0 : seconds * US_SECOND};
    if (how == APP_OPEN_UPDATE) ret->on_migration = log_migration;
    if (app->command->run == app_migrate) ret->on_migration = say_migration;
    return true;
}

int app_open(struct app *app, enum app_open how, struct db **ret, bool *ret_busy, int *ret_applied) {
    struct db_options o;
    str why;
    int applied;
    *ret = NULL;
    if (ret_busy) *ret_busy = false;
    if (!read_db_options(app, how, &o)) return APP_REFUSED;
    enum err e = db_open(app->arena, &o, ret, &why);
    if (e == ERR_BUSY && ret_busy) {
        *ret_busy = true;
        return APP_DONE;
    }
    if (!e) e = make_ready(app, how, *ret, ret_applied ? ret_applied : &applied, &why);
    if (!e) return APP_DONE;
    db_close(*ret);
    *ret = NULL;
    return app_fail(app, "%.*s", STR_ARG(why.n ? why : err_word(e)));
}

static str last_part(str url) {
    str name = str_slice(url, 0, str_find_char(url, '?'));
    for (size_t at; (at = str_find_char(name, '/')) < name.n;)
        name = str_slice(name, at + 1, name.n);
    return name.n ? name : S("countersign");
}

/* Without the password that may stand in it. */
static str shown(struct app *app) {
    str url = app_given(app, "--db");
    size_t at = str_find_char(url, '@');
    if (str_starts(url, S("sqlite:"))) return url;
    url = str_slice(url, 0, str_find_char(url, '?'));
    if (at >= url.n) return url;
    str start = str_slice(url, 0, str_find(url, S("//")) + 2), user;
    (void)str_cut(str_slice(url, start.n, at), ':', &user);
    return ARENA_CAT(app->arena, start, user, str_slice(url, at, url.n));
}

str app_db_path(struct app *app) {
    str scheme, path = str_cut(app_given(app, "--db"), ':', &scheme);
    char whole[PATH_MAX];
    if (!str_eq(scheme,
                S("sqlite"))) /* "//user@host/name?options": a file NAME where the program was started */
        path = last_part(path);
    if (str_eq(scheme, S("sqlite")) ? !realpath(arena_cstr(app->arena, path), whole)
                                    : !getcwd(whole, sizeof whole))
        return path;
    if (!str_eq(scheme, S("sqlite"))) return ARENA_CAT(app->arena, str_c(whole), S("/"), path);
    return arena_str(app->arena, str_c(whole));
}

int app_read(struct app *app, struct db *db, struct arena *a, struct db_r **ret) {
    enum err e = db_read_begin(db, a, (struct db_sight){.scope = -1}, ret);
    return e ? app_fail(app, "%.*s", STR_ARG(db_last_error(db, app->arena))) : APP_DONE;
}

int app_stores(struct app *app, struct db *db, struct stores **ret) {
    struct db_r *r;
    int status = app_read(app, db, app->arena, &r);
    if (status) return status;
    enum err e = stores_load(r, app->arena, ret);
    db_read_end(r);
    if (e == ERR_NOT_FOUND)
        return app_fail(app, "the database has no store yet: `countersign demo --db %.*s` makes one",
                        STR_ARG(shown(app)));
    if (e == ERR_CONFLICT)
        return app_fail(
            app,
            "the stores are not whole: one active store view must have an empty path, and every website a "
            "store view");
    return e ? app_fail(app, "%.*s", STR_ARG(db_last_error(db, app->arena))) : APP_DONE;
}

const struct gate_shop *app_gate_shop(void) {
    static const struct gate_shop shop = {.categories = catalog_nav, .cart_count = cart_count};
    return &shop;
}
