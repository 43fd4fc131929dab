/* The socket beside the database through which commands ask the running server. One question a connection:
 *
 *     op name \n inputs as application/x-www-form-urlencoded, up to the end of what is sent
 *     word of the error \n message
 *
 * Only the server's own user may connect: the file's mode says so, and the peer's user is looked at as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/app.h"

/* The server waits shortly, so that its own stop does not wait for a command that says nothing. */
enum { MESSAGE_MAX = 64 * 1024, SERVER_WAIT_S = 2, COMMAND_WAIT_S = 60, PAIRS_MAX = 40 };

struct app_control {
    struct gate *gate;
    int listen_fd, stop_fd;
    pthread_t thread;
    const char *path;
};

/* ---------------------------------------------------------------- both sides */

/* The socket's address. A path that is too long for one goes through the folder's descriptor, *ret_folder,
 * which the caller closes (-1: not needed). */
static bool address_of(struct arena *a, str path, struct sockaddr_un *ret, int *ret_folder) {
    *ret = (struct sockaddr_un){.sun_family = AF_UNIX};
    *ret_folder = -1;
    if (path.n >= sizeof ret->sun_path) {
        size_t slash = path.n;
        while (slash > 0 && path.p[slash - 1] != '/')
            slash--;
        *ret_folder = open(arena_cstr(a, str_slice(path, 0, slash)), O_PATH | O_DIRECTORY | O_CLOEXEC);
        path = arena_printf(a, "/proc/self/fd/%d/%.*s", *ret_folder, STR_ARG(str_slice(path, slash, path.n)));
        if (*ret_folder < 0 || path.n >= sizeof ret->sun_path) return false;
    }
    memcpy(ret->sun_path, path.p, path.n);
    return true;
}

static void limit_waiting(int fd, int seconds) {
    struct timeval limit = {.tv_sec = seconds};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

static bool send_all(int fd, str s) {
    while (s.n) {
        ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
        if (n <= 0) return false;
        s = str_slice(s, (size_t)n, s.n);
    }
    return true;
}

/* Up to the end of what the other side sends. */
static bool receive_all(int fd, struct buf *out) {
    char piece[4096];
    for (;;) {
        ssize_t n = recv(fd, piece, sizeof piece, 0);
        if (n == 0) return buf_ok(out);
        if (n < 0) return false;
        buf_put(out, (str){piece, (size_t)n});
    }
}

/* ---------------------------------------------------------------- the server's side */

static bool is_own_user(int fd) {
    struct ucred peer;
    socklen_t n = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0) return false;
    return peer.uid == geteuid() || peer.uid == 0;
}

static enum err run_question(struct gate *gate, struct arena *a, str question, str *ret_message) {
    struct http_pair *pairs;
    size_t n;
    void *in;
    str name, body = str_cut(question, '\n', &name);
    int op = app_op_by_name(name);
    *ret_message = S("the running server does not know this operation");
    if (op < 0) return ERR_BAD_REQUEST;
    TRY(http_parse_form(a, body.p ? body : S(""), PAIRS_MAX, &pairs, &n));
    TRY(gate_parse_system(gate, a, op, pairs, n, &in, ret_message));
    return gate_run_system(gate, a, op, in, ret_message);
}

static void answer(struct app_control *c, int fd) {
    struct arena *a = arena_make();
    struct buf question;
    str message = S("");
    limit_waiting(fd, SERVER_WAIT_S);
    buf_init(&question, MESSAGE_MAX);
    if (is_own_user(fd) && receive_all(fd, &question)) {
        enum err e = run_question(c->gate, a, buf_str(&question), &message);
        LOG(LOG_INFO, "command",
            LOG_S("name",
                  str_slice(buf_str(&question), 0, MIN_OF(str_find_char(buf_str(&question), '\n'), 40))),
            LOG_S("result", err_word(e)));
        (void)send_all(fd, ARENA_CAT(a, err_word(e), S("\n"), message));
    }
    buf_done(&question);
    arena_free(a);
}

static void *listen_thread(void *arg) {
    struct app_control *c = arg;
    for (;;) {
        struct pollfd fds[2] = {{.fd = c->listen_fd, .events = POLLIN}, {.fd = c->stop_fd, .events = POLLIN}};
        if (poll(fds, 2, -1) < 0 && errno != EINTR) break;
        if (fds[1].revents) break;
        if (!fds[0].revents) continue;
        int fd = accept4(c->listen_fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) continue;
        answer(c, fd);
        close(fd);
    }
    return NULL;
}

enum err app_control_start(struct arena *a, struct gate *gate, str path, struct app_control **ret,
                           str *ret_why) {
    struct sockaddr_un address;
    int folder;
    *ret = NULL;
    struct app_control *c = ARENA_NEW(a, struct app_control);
    c->gate = gate;
    c->path = arena_cstr(a, path);
    c->stop_fd = eventfd(0, EFD_CLOEXEC);
    c->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    /* Who got here holds the database's lock: a socket that lies there is left from a crash. */
    unlink(c->path);
    bool ok = address_of(a, path, &address, &folder) && c->stop_fd >= 0 && c->listen_fd >= 0 &&
              fchmod(c->listen_fd, 0600) == 0 &&
              bind(c->listen_fd, (struct sockaddr *)&address, sizeof address) == 0 &&
              chmod(c->path, 0600) == 0 && listen(c->listen_fd, 8) == 0 &&
              pthread_create(&c->thread, NULL, listen_thread, c) == 0;
    if (folder >= 0) close(folder);
    if (ok) {
        *ret = c;
        return OK;
    }
    *ret_why = arena_printf(a, "cannot listen on %s: %s", c->path, strerror(errno));
    if (c->listen_fd >= 0) close(c->listen_fd);
    if (c->stop_fd >= 0) close(c->stop_fd);
    return ERR_INTERNAL;
}

void app_control_stop(struct app_control *c) {
    if (!c) return;
    u64 one = 1;
    ssize_t n = write(c->stop_fd, &one, sizeof one);
    (void)n;
    pthread_join(c->thread, NULL);
    unlink(c->path);
    close(c->listen_fd);
    close(c->stop_fd);
}

/* ---------------------------------------------------------------- the command's side */

static enum err err_by_word(str word) {
    for (int e = 0; e < ERR_MAX; e++)
        if (str_eq(err_word((enum err)e), word)) return (enum err)e;
    return ERR_INTERNAL;
}

static void put_pairs(struct buf *out, const struct http_pair *pairs, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (i) buf_put_char(out, '&');
        http_encode(out, pairs[i].name, false);
        buf_put_char(out, '=');
        http_encode(out, pairs[i].value, false);
    }
}

enum err app_control_ask(struct arena *a, str path, const char *op, const struct http_pair *pairs, size_t n,
                         str *ret_message) {
    struct sockaddr_un address;
    int folder;
    *ret_message = S("");
    bool fits = address_of(a, path, &address, &folder);
    int fd = fits ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    bool connected = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    if (folder >= 0) close(folder);
    if (!connected) {
        if (fd >= 0) close(fd);
        return ERR_NOT_FOUND;
    }
    struct buf b;
    buf_init(&b, MESSAGE_MAX);
    buf_put(&b, str_c(op));
    buf_put_char(&b, '\n');
    put_pairs(&b, pairs, n);
    limit_waiting(fd, COMMAND_WAIT_S);
    bool ok = buf_ok(&b) && send_all(fd, buf_str(&b)) && shutdown(fd, SHUT_WR) == 0;
    buf_clear(&b);
    ok = ok && receive_all(fd, &b);
    close(fd);
    str word = S(""), message = S("");
    if (ok) message = str_cut(buf_str(&b), '\n', &word);
    *ret_message = ok && word.n ? arena_str(a, message) : S("the running server did not answer");
    enum err e = ok && word.n ? err_by_word(word) : ERR_INTERNAL;
    buf_done(&b);
    return e;
}
