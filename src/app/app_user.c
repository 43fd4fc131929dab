/* user create, password, list, unlock, activate, deactivate. */
#include "app/app.h"
#include "gen/app_sql.h"

int app_user_create(struct app *app) {
    str password, locale = app_given(app, "--locale");
    if (!app_read_password(app, &password)) return APP_REFUSED;
    const struct http_pair pairs[] = {
        {S("username"), app->words[0]},
        {S("firstname"), app_given(app, "--firstname")},
        {S("lastname"), app_given(app, "--lastname")},
        {S("email"), app_given(app, "--email")},
        {S("role"), app_given(app, "--role")},
        {S("locale"), locale.p ? locale : S("en_US")},
        {S("password"), password},
    };
    return app_change(app, "user_add", pairs, COUNT_OF(pairs), "User created");
}

int app_user_password(struct app *app) {
    str password;
    if (!app_read_password(app, &password)) return APP_REFUSED;
    const struct http_pair pairs[] = {{S("username"), app->words[0]}, {S("password"), password}};
    return app_change(app, "user_set_password", pairs, COUNT_OF(pairs), "Password set, sessions ended");
}

int app_user_unlock(struct app *app) {
    const struct http_pair pairs[] = {{S("username"), app->words[0]}};
    return app_change(app, "user_unlock", pairs, COUNT_OF(pairs), "User unlocked");
}

int app_user_activate(struct app *app) {
    const struct http_pair pairs[] = {{S("username"), app->words[0]}, {S("active"), S("1")}};
    return app_change(app, "user_set_active", pairs, COUNT_OF(pairs), "User activated");
}

int app_user_deactivate(struct app *app) {
    const struct http_pair pairs[] = {{S("username"), app->words[0]}};
    return app_change(app, "user_set_active", pairs, COUNT_OF(pairs), "User deactivated, sessions ended");
}

int app_user_list(struct app *app) {
    struct db *db;
    struct db_r *r;
    struct app_users *users;
    size_t n;
    int status = app_open(app, APP_OPEN_READ, &db, NULL, NULL);
    if (status) return status;
    status = app_read(app, db, app->arena, &r);
    if (!status) {
        enum err e = app_users(r, &users, &n);
        db_read_end(r);
        if (e) status = app_fail(app, "%.*s", STR_ARG(db_last_error(db, app->arena)));
    }
    if (!status) {
        i64 now_us = time_now_us();
        app_say("%-20s %-28s %-28s %-20s %-9s %s", "USERNAME", "NAME", "EMAIL", "ROLE", "STATE",
                "LAST SIGN-IN");
        for (size_t i = 0; i < n; i++) {
            const struct app_users *u = &users[i];
            bool locked = u->locked_until_us.set && u->locked_until_us.v > now_us;
            str name = ARENA_CAT(app->arena, u->firstname, S(" "), u->lastname);
            str last = u->last_login_us.set ? time_rfc3339(app->arena, u->last_login_us.v) : S("never");
            app_say("%-20.*s %-28.*s %-28.*s %-20.*s %-9s %.*s", STR_ARG(u->username), STR_ARG(name),
                    STR_ARG(u->email), STR_ARG(u->role),
                    !u->active ? "inactive"
                    : locked   ? "locked"
                               : "active",
                    STR_ARG(last));
        }
    }
    db_close(db);
    return status;
}
