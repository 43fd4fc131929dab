/* Passwords of commands: never among the arguments, where every user of the machine could read them. */
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "app/app.h"

enum { PASSWORD_MAX = 1024 };

/* One line of standard input without its end; false at the end of input. */
static bool read_line(struct app *app, str *ret) {
    char *line = arena_alloc(app->arena, PASSWORD_MAX);
    if (!fgets(line, PASSWORD_MAX, stdin)) return false;
    size_t n = strlen(line);
    while (n && (line[n - 1] == '\n' || line[n - 1] == '\r'))
        n--;
    *ret = (str){line, n};
    return true;
}

static bool ask(struct app *app, const char *prompt, str *ret) {
    struct termios before, quiet;
    if (tcgetattr(STDIN_FILENO, &before) != 0) return false;
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    fputs(prompt, stderr);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    bool ok = read_line(app, ret);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    putc('\n', stderr);
    return ok;
}

bool app_read_password(struct app *app, str *ret) {
    str again;
    *ret = str_c(getenv("COUNTERSIGN_PASSWORD"));
    if (ret->n) return true;
    if (isatty(STDIN_FILENO)) {
        if (!ask(app, "Password: ", ret) || !ask(app, "Password again: ", &again))
            return app_fail(app, "no password was given"), false;
        if (!str_eq(*ret, again)) return app_fail(app, "the two passwords are not the same"), false;
    } else if (!read_line(app, ret)) {
        return app_fail(app, "no password: set COUNTERSIGN_PASSWORD or give it on standard input"), false;
    }
    if (!ret->n) return app_fail(app, "the password is empty"), false;
    return true;
}
