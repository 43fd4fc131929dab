/* Running one operation for a command: by the server that holds the database, or right here. */
#include "app/app.h"
#include "crypto/crypto.h"

/* Only what the command line is meant to do; the gate's own operations of the system are not asked for here.
 */
static const char *const allowed[] = {"user_add", "user_set_password", "user_unlock", "user_set_active",
                                      "config_set"};

int app_op_by_name(str name) {
    bool may = false;
    for (size_t i = 0; i < COUNT_OF(allowed); i++)
        may |= str_eq(name, str_c(allowed[i]));
    for (size_t i = 0; may && i < gate_ops_n; i++)
        if (str_eq(name, str_c(gate_ops[i].name)) && gate_ops[i].right == RIGHT_SYSTEM) return (int)i;
    return -1;
}

static int say_result(struct app *app, enum err e, str message, const char *done, const char *where) {
    if (e) return app_fail(app, "%.*s", STR_ARG(message.n ? message : err_word(e)));
    app_say("%s (%s)", done, where);
    return APP_DONE;
}

static int change_here(struct app *app, struct db *db, const char *op, const struct http_pair *pairs,
                       size_t n, const char *done) {
    struct stores *stores;
    struct gate *gate = NULL;
    void *in;
    str message = S("");
    int status = app_stores(app, db, &stores);
    if (status) return status;
    /* No browser is served, so no cookie is signed: any key will do. */
    struct gate_options o = {.db = db, .stores = stores, .shop = app_gate_shop(), .url = S("")};
    crypto_random(o.key.b, sizeof o.key.b);
    enum err e = gate_make(&o, &gate);
    int number = app_op_by_name(str_c(op));
    if (!e && number < 0) e = ERR_NOT_FOUND;
    if (!e) e = gate_parse_system(gate, app->arena, number, pairs, n, &in, &message);
    if (!e) e = gate_run_system(gate, app->arena, number, in, &message);
    gate_free(gate);
    return say_result(app, e, message, done,
                      db_is_shared(db) ? "in the database; servers that run hear of it"
                                       : "in the database; no server is running");
}

int app_change(struct app *app, const char *op, const struct http_pair *pairs, size_t n, const char *done) {
    struct db *db;
    bool busy;
    int status = app_open(app, APP_OPEN_WRITE, &db, &busy, NULL);
    if (status) return status;
    if (!busy) {
        status = change_here(app, db, op, pairs, n, done);
        db_close(db);
        return status;
    }
    str message, path = ARENA_CAT(app->arena, app_db_path(app), S(".sock"));
    enum err e = app_control_ask(app->arena, path, op, pairs, n, &message);
    if (e == ERR_NOT_FOUND)
        return app_fail(app, "another process holds the database, and no server answers at %.*s",
                        STR_ARG(path));
    return say_result(app, e, message, done, "by the running server");
}
