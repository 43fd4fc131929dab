/* Reading the command line. Everything wrong with it is one line that names the trouble, and exit status 2.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/app.h"

/* ---------------------------------------------------------------- saying */

/* Text that was typed may hold line breaks; the message stays one line. */
static void put_line(FILE *to, str s) {
    for (size_t i = 0; i < s.n; i++)
        putc((unsigned char)s.p[i] < ' ' || s.p[i] == 127 ? '?' : s.p[i], to);
    putc('\n', to);
}

int app_fail(const struct app *app, const char *format, ...) {
    va_list args;
    va_start(args, format);
    str what = arena_vprintf(app->arena, format, args);
    va_end(args);
    const char *command = app->command ? app->command->name : NULL;
    put_line(stderr, arena_printf(app->arena, "countersign%s%s: %.*s", command ? " " : "",
                                  command ? command : "", STR_ARG(what)));
    return APP_REFUSED;
}

void app_say(const char *format, ...) {
    va_list args;
    va_start(args, format);
    vfprintf(stdout, format, args);
    va_end(args);
    putc('\n', stdout);
    fflush(stdout);
}

/* ---------------------------------------------------------------- help */

static void help_of_all(const struct app_command *commands, size_t n) {
    app_say("Countersign: a shop server in which support staff can log in as the customer, with permission, "
            "limits\n"
            "and a record that nobody can rewrite.\n\nUsage: countersign COMMAND [OPTION]...\n");
    for (size_t i = 0; i < n; i++)
        app_say("  %-16s %s", commands[i].name, commands[i].summary);
    app_say("\n`countersign COMMAND --help` tells more of one.");
}

/* Of a word that several commands begin with: "audit". */
static void help_of_group(const struct app_command *commands, size_t n, str group) {
    app_say("Usage: countersign %.*s COMMAND [OPTION]...\n", STR_ARG(group));
    for (size_t i = 0; i < n; i++)
        if (str_starts(str_c(commands[i].name), group))
            app_say("  %-16s %s", commands[i].name, commands[i].summary);
    app_say("\n`countersign %.*s COMMAND --help` tells more of one.", STR_ARG(group));
}

static void help_of(const struct app_command *c) {
    printf("Usage: countersign %s", c->name);
    for (size_t i = 0; i < c->options_n; i++)
        if (c->options[i].rules & APP_REQUIRED) printf(" %s %s", c->options[i].name, c->options[i].value);
    app_say("%s%s [OPTION]...\n\n%s\n", *c->words ? " " : "", c->words, c->summary);
    for (size_t i = 0; i < c->options_n; i++) {
        const struct app_option *o = &c->options[i];
        char left[64];
        snprintf(left, sizeof left, "%s %s", o->name, o->value ? o->value : "");
        app_say("  %-26s %s%s", left, o->help, (o->rules & APP_MANY) ? " (may be repeated)" : "");
    }
    app_say("  %-26s %s", "--help", "this text");
    if (c->more) app_say("\n%s", c->more);
}

/* ---------------------------------------------------------------- reading */

static const struct app_option *option_of(const struct app_command *c, str name) {
    for (size_t i = 0; i < c->options_n; i++)
        if (str_eq(name, str_c(c->options[i].name))) return &c->options[i];
    return NULL;
}

static bool is_given(const struct app *app, const struct app_option *o) {
    for (size_t i = 0; i < app->given_n; i++)
        if (app->given[i].option == o) return true;
    return false;
}

static bool is_number(str s) {
    i64 v;
    return str_to_i64(s, &v);
}

/* Takes the option at argv[*at] and its value. */
static bool take_option(struct app *app, int argc, char **argv, int *at) {
    str name, value = str_cut(str_c(argv[*at]), '=', &name);
    const struct app_option *o = option_of(app->command, name);
    if (!o) return app_fail(app, "unknown option %.*s", STR_ARG(name)), false;
    if (is_given(app, o) && !(o->rules & APP_MANY)) return app_fail(app, "%s is given twice", o->name), false;
    if (app->given_n == APP_OPTIONS) return app_fail(app, "too many options"), false;
    if (!o->value && value.p) return app_fail(app, "%s takes no value", o->name), false;
    if (o->value && !value.p) {
        if (*at + 1 == argc || str_starts(str_c(argv[*at + 1]), S("--")))
            return app_fail(app, "%s needs a value: %s %s", o->name, o->name, o->value), false;
        value = str_c(argv[++*at]);
    }
    app->given[app->given_n].option = o;
    app->given[app->given_n++].value = value.p ? value : S("");
    return true;
}

static bool take_word(struct app *app, str word) {
    if (app->words_n == APP_WORDS) return app_fail(app, "unexpected argument %.*s", STR_ARG(word)), false;
    app->words[app->words_n++] = word;
    return true;
}

/* Compares the words with those that the command wants; one in brackets may be left out. */
static bool words_fit(struct app *app) {
    size_t i = 0;
    for (str rest = str_c(app->command->words), wanted; rest.p && rest.n; i++) {
        rest = str_cut(rest, ' ', &wanted);
        if (i >= app->words_n && wanted.p[0] != '[')
            return app_fail(app, "%.*s is missing", STR_ARG(wanted)), false;
    }
    if (app->words_n > i) return app_fail(app, "unexpected argument %.*s", STR_ARG(app->words[i])), false;
    return true;
}

static int run_command(struct app *app, int argc, char **argv, int at) {
    bool only_words = false;
    for (int i = at; i < argc; i++)
        if (str_eq(str_c(argv[i]), S("--")))
            break;
        else if (str_eq(str_c(argv[i]), S("--help")) || str_eq(str_c(argv[i]), S("-h"))) {
            help_of(app->command);
            return APP_DONE;
        }
    for (; at < argc; at++) {
        str arg = str_c(argv[at]);
        bool dash = !only_words && arg.n > 1 && arg.p[0] == '-' && !is_number(arg);
        if (dash && str_eq(arg, S("--"))) {
            only_words = true;
        } else if (dash ? !take_option(app, argc, argv, &at) : !take_word(app, arg)) {
            return APP_REFUSED;
        }
    }
    for (size_t i = 0; i < app->command->options_n; i++) {
        const struct app_option *o = &app->command->options[i];
        if ((o->rules & APP_REQUIRED) && !is_given(app, o))
            return app_fail(app, "%s %s is missing", o->name, o->value);
    }
    return words_fit(app) ? app->command->run(app) : APP_REFUSED;
}

/* The command of one or two words that the arguments begin with; *ret_used says how many. */
static const struct app_command *find_command(const struct app_command *commands, size_t n, int argc,
                                              char **argv, int *ret_used, bool *ret_group) {
    str first = str_c(argv[1]), second = argc > 2 ? str_c(argv[2]) : STR_NULL;
    *ret_group = false;
    for (size_t i = 0; i < n; i++) {
        str head, tail = str_cut(str_c(commands[i].name), ' ', &head);
        if (!str_eq(head, first)) continue;
        if (!tail.p || (second.p && str_eq(tail, second))) {
            *ret_used = tail.p ? 3 : 2;
            return &commands[i];
        }
        *ret_group = true;
    }
    return NULL;
}

static int run_arguments(struct app *app, const struct app_command *commands, size_t n, int argc,
                         char **argv) {
    if (argc < 2) return app_fail(app, "which command? `countersign --help` lists them");
    str first = str_c(argv[1]), second = argc > 2 ? str_c(argv[2]) : STR_NULL;
    if (str_eq(first, S("--help")) || str_eq(first, S("-h")) || str_eq(first, S("help"))) {
        help_of_all(commands, n);
        return APP_DONE;
    }
    if (str_eq(first, S("--version"))) return app_version(app);
    int used;
    bool group;
    app->command = find_command(commands, n, argc, argv, &used, &group);
    if (app->command) return run_command(app, argc, argv, used);
    if (!group) return app_fail(app, "unknown command %.*s; `countersign --help` lists them", STR_ARG(first));
    if (str_eq(second, S("--help")) || str_eq(second, S("-h"))) {
        help_of_group(commands, n, first);
        return APP_DONE;
    }
    if (!second.p)
        return app_fail(app, "%.*s what? `countersign %.*s --help` tells", STR_ARG(first), STR_ARG(first));
    return app_fail(app, "unknown %s %.*s; `countersign %.*s --help` tells more",
                    second.n && second.p[0] == '-' ? "option" : "command", STR_ARG(second), STR_ARG(first));
}

int app_main(const struct app_command *commands, size_t n, int argc, char **argv) {
    struct app app = {.arena = arena_make()};
    int status = run_arguments(&app, commands, n, argc, argv);
    arena_free(app.arena);
    if (fflush(stdout) != 0 && status == APP_DONE) status = APP_REFUSED;
    return status;
}

/* ---------------------------------------------------------------- asking for what was given */

str app_given(const struct app *app, const char *name) {
    for (size_t i = 0; i < app->given_n; i++)
        if (strcmp(app->given[i].option->name, name) == 0) return app->given[i].value;
    return STR_NULL;
}

str *app_given_all(struct app *app, const char *name, size_t *ret_n) {
    str *all = ARENA_ARRAY(app->arena, str, app->given_n + 1);
    *ret_n = 0;
    for (size_t i = 0; i < app->given_n; i++)
        if (strcmp(app->given[i].option->name, name) == 0) all[(*ret_n)++] = app->given[i].value;
    return all;
}

bool app_number(const struct app *app, const char *name, i64 low, i64 high, i64 fallback, i64 *ret) {
    str text = app_given(app, name);
    *ret = fallback;
    if (!text.p) return true;
    if (str_to_i64(text, ret) && *ret >= low && *ret <= high) return true;
    app_fail(app, "%s: a number from %lld to %lld, not \"%.*s\"", name, (long long)low, (long long)high,
             STR_ARG(text));
    return false;
}
