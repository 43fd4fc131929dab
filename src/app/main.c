/* countersign: the table of commands. */
#include <signal.h>

#include "access/access.h"
#include "app/app.h"
#include "crypto/crypto.h"

#define COUNT_AND(options) (options), COUNT_OF(options)

static const struct app_option serve_options[] = {
    APP_OPTION_DB,
    {"--listen", "ADDR:PORT", "where to listen: 127.0.0.1:8080, [::1]:8080; port 0 takes a free one",
     APP_REQUIRED},
    {"--url", "URL",
     "how people reach the shop: https://shop.example; for links in mails and checks of origin", 0},
    {"--smtp", "URL",
     "the mail server: smtp://[USER@]HOST[:PORT] or smtps://…; the password is read from SMTP_PASSWORD", 0},
    {"--mail-dir", "DIR", "without --smtp: where mail is kept as .eml files; PATH.mail beside the database",
     0},
    {"--trusted-proxy", "CIDR", "a proxy whose X-Forwarded-For and -Proto are believed", APP_MANY},
    APP_OPTION_KEY,
    {"--db-timeout", "SECONDS", "how long the database may take to answer before a request gets 503; 10", 0},
    {"--threads", "N", "threads that answer requests; one a core, with PostgreSQL four", 0},
    {"--log-level", "LEVEL", "debug, info, warn or error; info", 0},
};
static const struct app_option demo_options[] = {
    APP_OPTION_DB,
    {"--customers", "N", "how many customers besides the three named ones; 240", 0},
    {"--orders", "N", "how many orders besides those of the three named customers; 600", 0},
};
static const struct app_option db_options[] = {APP_OPTION_DB};
static const struct app_option backup_options[] = {
    APP_OPTION_DB,
    {"--out", "FILE", "the copy; a file that is there already is refused", APP_REQUIRED},
};
static const struct app_option copy_options[] = {
    {"--from", "DB", "the source; it may be in use", APP_REQUIRED},
    {"--to", "DB", "the target: a new SQLite file or an empty PostgreSQL database", APP_REQUIRED},
};
static const struct app_option create_options[] = {
    APP_OPTION_DB,
    {"--role", "NAME", "the role by its name: Administrators", APP_REQUIRED},
    {"--email", "EMAIL", "the user's e-mail address", APP_REQUIRED},
    {"--firstname", "NAME", "first name", APP_REQUIRED},
    {"--lastname", "NAME", "last name", APP_REQUIRED},
    {"--locale", "LOCALE", "language of the Admin: en_US or nl_NL; en_US", 0},
};
static const struct app_option config_options[] = {
    APP_OPTION_DB,
    {"--website", "CODE", "the value of this website instead of the default one", 0},
    {"--view", "CODE", "the value of this store view", 0},
};
static const struct app_option verify_options[] = {
    APP_OPTION_DB,
    APP_OPTION_KEY,
    {"--head", "ENTRIES:HASH", "a head noted earlier (`audit head`) that must still be part of the record",
     0},
};
static const struct app_option export_options[] = {
    APP_OPTION_DB,
    {"--format", "FORMAT", "csv, or jsonl (one JSON object a line); csv", 0},
    {"--out", "FILE", "a new file; standard output when it is not given", 0},
};

static const char password_words[] = "The password is taken from COUNTERSIGN_PASSWORD in the environment; "
                                     "without it, it is asked for on the terminal,\n"
                                     "or read as the first line of standard input.";
static const char change_words[] = "Beside a running server, the server makes the change; it counts at once.";

static const struct app_command commands[] = {
    {"serve", "", "serve the shop and the Admin",
     "Logs JSON lines to standard error; {\"event\":\"listening\",…} says that it is ready. SIGINT and "
     "SIGTERM stop it.",
     COUNT_AND(serve_options), app_serve},
    {"demo", "", "fill an empty database with the demo shop",
     "Passwords of staff and customers are ADMIN_PASSWORD and CUSTOMER_PASSWORD of the environment; when "
     "they are not\n"
     "given, they are made at random and printed.",
     COUNT_AND(demo_options), app_demo},
    {"migrate", "", "bring the database's schema to this program's version",
     "`serve` does the same when it starts.", COUNT_AND(db_options), app_migrate},
    {"user create", "USERNAME", "add a staff user", password_words, COUNT_AND(create_options),
     app_user_create},
    {"user password", "USERNAME", "set a staff user's password; ends their sessions", password_words,
     COUNT_AND(db_options), app_user_password},
    {"user list", "", "list the staff users", NULL, COUNT_AND(db_options), app_user_list},
    {"user unlock", "USERNAME", "let a staff user try again after too many wrong passwords", change_words,
     COUNT_AND(db_options), app_user_unlock},
    {"user activate", "USERNAME", "let a staff user sign in again", change_words, COUNT_AND(db_options),
     app_user_activate},
    {"user deactivate", "USERNAME", "let a staff user sign in no more; ends their sessions", change_words,
     COUNT_AND(db_options), app_user_deactivate},
    {"config get", "PATH", "print the value of a setting", NULL, COUNT_AND(config_options), app_config_get},
    {"config set", "PATH VALUE", "save the value of a setting", change_words, COUNT_AND(config_options),
     app_config_set},
    {"config unset", "PATH", "let a setting be inherited again", change_words, COUNT_AND(config_options),
     app_config_unset},
    {"config list", "[PREFIX]", "list the settings with their values", NULL, COUNT_AND(config_options),
     app_config_list},
    {"audit verify", "", "prove that no entry of the record was changed, removed or inserted",
     "Works beside a running server. Exit status 1 when the record is not whole; the line names the first "
     "bad entry.",
     COUNT_AND(verify_options), app_audit_verify},
    {"audit export", "", "write the whole record", "Works beside a running server. Times are UTC.",
     COUNT_AND(export_options), app_audit_export},
    {"audit head", "", "print ENTRIES:HASH, to be noted outside and given to `audit verify --head`", NULL,
     COUNT_AND(db_options), app_audit_head},
    {"backup", "", "copy the database while it is used",
     "The key file is not part of the copy: keep it apart from the backups, and do not lose it.",
     COUNT_AND(backup_options), app_backup},
    {"copy", "", "copy the shop into another database, also of the other engine",
     "In one transaction of the target: when it is interrupted, the target stays empty.",
     COUNT_AND(copy_options), app_copy},
    {"version", "", "print the version", NULL, NULL, 0, app_version},
};

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is answered like a full disk */
    log_set_level(LOG_ERROR);
    if (!crypto_init()) return APP_REFUSED;
    access_init();
    return app_main(commands, COUNT_OF(commands), argc, argv);
}
