/* The command line: one table of commands, one option parser, and what the commands share. The only room that
 * sees all others.
 *
 * A command answers with an exit status: 0 it is done, 1 the record is not whole (`audit verify`), 2 it
 * cannot be done; then one line on standard error says why. Everything here runs on the main thread. */
#ifndef APP_APP_H
#define APP_APP_H

#include "base/base.h"
#include "db/db.h"
#include "gate/gate_app.h"
#include "http/http.h"
#include "store/store.h"

#define APP_VERSION "0.1.0"

enum { APP_DONE = 0, APP_NOT_WHOLE = 1, APP_REFUSED = 2 };
enum { APP_WORDS = 4, APP_OPTIONS = 64 };
/* Of an option: it must be given; it may be given several times. */
enum { APP_REQUIRED = 1, APP_MANY = 2 };

struct app;

/* An option. It stands as "--name VALUE" or "--name=VALUE". */
struct app_option {
    const char *name;  /* "--db" */
    const char *value; /* what --help calls its value; NULL: it has none */
    const char *help;
    int rules; /* APP_REQUIRED, APP_MANY */
};

struct app_command {
    const char *name;  /* "serve", "config set" */
    const char *words; /* what follows it: "PATH VALUE"; "" for nothing */
    const char *summary;
    const char *more; /* paragraphs of --help below the options; NULL: none */
    const struct app_option *options;
    size_t options_n;
    int (*run)(struct app *app);
};

struct app {
    struct arena *arena; /* as long as the command */
    const struct app_command *command;
    str words[APP_WORDS];
    size_t words_n;
    struct {
        const struct app_option *option;
        str value;
    } given[APP_OPTIONS];
    size_t given_n;
};

/* The options that nearly every command has. */
#define APP_OPTION_DB                                                                                        \
    { "--db", "DB", "the database: sqlite:PATH or postgresql://USER@HOST/NAME", APP_REQUIRED }
#define APP_OPTION_KEY                                                                                       \
    { "--key", "FILE", "the key file; beside the database, named PATH.key, when it is not given", 0 }

/* ---- what was given: app_args.c ---- */

/* Runs what the arguments name. `commands` are in the order of --help. */
int app_main(const struct app_command *commands, size_t n, int argc, char **argv);
/* The option's value; STR_NULL when it was not given. */
str app_given(const struct app *app, const char *name);
/* All values of an option that may be given several times, in the command's arena. */
str *app_given_all(struct app *app, const char *name, size_t *ret_n);
/* Reads the option as a number from `low` to `high`; `fallback` when it was not given. False after saying
 * what is wrong with it. */
bool app_number(const struct app *app, const char *name, i64 low, i64 high, i64 fallback, i64 *ret);
/* Says on one line of standard error why it cannot be done; returns APP_REFUSED. */
int app_fail(const struct app *app, const char *format, ...) PRINTF(2, 3);
/* A line on standard output. */
void app_say(const char *format, ...) PRINTF(1, 2);

/* ---- the database: app_open.c ---- */

enum app_open {
    APP_OPEN_READ,   /* beside a running server too; the schema must be this program's */
    APP_OPEN_WRITE,  /* alone; the schema must be this program's; the writer runs */
    APP_OPEN_UPDATE, /* the same, but brings the schema up to date first */
    APP_OPEN_CREATE, /* the same, and makes the file when it is missing */
    APP_OPEN_FILL,   /* as APP_OPEN_CREATE, but the writer does not run */
};
/* Opens what --db names. APP_DONE, or APP_REFUSED after saying why. With `ret_busy` a database that a running
 * server holds is no failure: *ret_busy is true and *ret NULL. *ret_applied (may be NULL): how many
 * migrations. */
int app_open(struct app *app, enum app_open how, struct db **ret, bool *ret_busy, int *ret_applied);
/* The file's whole path, which the key and the control socket are named after. After app_open. */
str app_db_path(struct app *app);
/* Reads websites and store views into the command's arena; says what is wrong when there are none. */
int app_stores(struct app *app, struct db *db, struct stores **ret);
/* Begins a snapshot that sees every website; says so when it cannot. */
int app_read(struct app *app, struct db *db, struct arena *a, struct db_r **ret);
/* The frame of the shop's pages and the Admin's sidebar, for gate_make. */
const struct gate_shop *app_gate_shop(void);
const struct gate_menu_item *app_menu(size_t *ret_n);

/* ---- changing something: app_change.c, app_control.c ---- */

/* Runs an operation of the system by its name: in the running server when there is one, else right here. Says
 * `done` and where, or why it was refused. */
int app_change(struct app *app, const char *op, const struct http_pair *pairs, size_t n, const char *done);

/* The door for such commands in the running server: a socket beside the database that only its owner may use.
 */
struct app_control;
/* Starts its thread. On failure *ret_why is one line, in `a`. */
enum err app_control_start(struct arena *a, struct gate *gate, str path, struct app_control **ret,
                           str *ret_why) MUST_CHECK;
/* Waits for what runs, closes and removes the socket. Accepts NULL. */
void app_control_stop(struct app_control *c);
/* Asks the server behind the socket. ERR_NOT_FOUND when nobody answers there; otherwise what the operation
 * said, with its message in *ret_message. */
enum err app_control_ask(struct arena *a, str path, const char *op, const struct http_pair *pairs, size_t n,
                         str *ret_message) MUST_CHECK;
/* The operation that commands may run under this name; -1 when there is none. */
int app_op_by_name(str name);

/* ---- a password that is asked for: app_secret.c ---- */

/* From the environment (COUNTERSIGN_PASSWORD), else asked for twice without echo on a terminal, else the
 * first line of standard input. False after saying what is wrong. */
bool app_read_password(struct app *app, str *ret);

/* ---- the commands ---- */

int app_serve(struct app *app);
int app_demo(struct app *app);
int app_migrate(struct app *app);
int app_backup(struct app *app);
int app_copy(struct app *app);
int app_version(struct app *app);
int app_user_create(struct app *app);
int app_user_password(struct app *app);
int app_user_list(struct app *app);
int app_user_unlock(struct app *app);
int app_user_activate(struct app *app);
int app_user_deactivate(struct app *app);
int app_config_get(struct app *app);
int app_config_set(struct app *app);
int app_config_unset(struct app *app);
int app_config_list(struct app *app);
int app_audit_verify(struct app *app);
int app_audit_export(struct app *app);
int app_audit_head(struct app *app);

#endif
