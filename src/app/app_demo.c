/* demo, migrate, backup, version. */
#include <stdlib.h>

#include "app/app.h"
#include "crypto/crypto.h"
#include "demo/demo.h"

/* The password of the environment, or a fresh one of letters and digits; *ret_made says which. */
static str password_of(struct app *app, const char *name, bool *ret_made) {
    str given = str_c(getenv(name));
    *ret_made = given.n == 0;
    if (given.n) return given;
    char *made = arena_cstr(app->arena, str_slice(crypto_token(app->arena), 0, 16));
    for (char *p = made; *p; p++)
        if (*p == '-' || *p == '_') *p = *p == '-' ? 'x' : 'y';
    return str_c(made);
}

static void print_password(bool made, const char *whose, const char *name, str password) {
    if (made)
        app_say("  %s  password  %.*s", whose, STR_ARG(password));
    else
        app_say("  %s  password  as %s says", whose, name);
}

int app_demo(struct app *app) {
    struct demo_options o = {0};
    bool made_admin, made_customer;
    struct db *db;
    str why;
    if (!app_number(app, "--customers", 0, DEMO_CUSTOMERS_MAX, DEMO_CUSTOMERS_DEFAULT, &o.customers))
        return APP_REFUSED;
    if (!app_number(app, "--orders", 0, DEMO_ORDERS_MAX, DEMO_ORDERS_DEFAULT, &o.orders)) return APP_REFUSED;
    o.admin_password = password_of(app, "ADMIN_PASSWORD", &made_admin);
    o.customer_password = password_of(app, "CUSTOMER_PASSWORD", &made_customer);
    int status = app_open(app, APP_OPEN_FILL, &db, NULL, NULL);
    if (status) return status;
    i64 began = time_mono_us();
    enum err e = demo_fill(app->arena, db, &o, &why);
    db_close(db);
    if (e) return app_fail(app, "%.*s", STR_ARG(why));
    app_say("The demo shop with %lld customers is made (%.*s, %lld ms).", (long long)o.customers + 3,
            STR_ARG(app_db_path(app)), (long long)(time_mono_us() - began) / 1000);
    print_password(made_admin, "Staff      admin, support, viewer                                        ",
                   "ADMIN_PASSWORD", o.admin_password);
    print_password(made_customer, "Customers  consents@example.com, refuses@example.com, outlet@example.com ",
                   "CUSTOMER_PASSWORD", o.customer_password);
    return APP_DONE;
}

int app_migrate(struct app *app) {
    struct db *db;
    int applied;
    int status = app_open(app, APP_OPEN_CREATE, &db, NULL, &applied);
    if (status) return status;
    db_close(db);
    if (applied)
        app_say("%d migration%s applied.", applied, applied == 1 ? "" : "s");
    else
        app_say("The schema is up to date.");
    return APP_DONE;
}

int app_backup(struct app *app) {
    struct db *db;
    str why, out = app_given(app, "--out");
    int status = app_open(app, APP_OPEN_READ, &db, NULL, NULL);
    if (status) return status;
    enum err e = db_backup(app->arena, db, out, &why);
    db_close(db);
    if (e) return app_fail(app, "%.*s", STR_ARG(why));
    app_say("Copied to %.*s.", STR_ARG(out));
    return APP_DONE;
}

int app_version(struct app *app) {
    (void)app;
    app_say("countersign %s", APP_VERSION);
    return APP_DONE;
}
