/* Starting the program that prints, feeding it and reading from it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "paper/paper.h"

enum { JOB_MAX = 16 * 1024 * 1024, SAID_MAX = 1024 };
static const i64 patience_us = 20 * US_SECOND;

/* countersign-print stands in the folder of the program that runs. */
static bool printer_path(char path[PATH_MAX]) {
    ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - sizeof "countersign-print");
    if (n <= 0) return false;
    while (n > 0 && path[n - 1] != '/')
        n--;
    memcpy(path + n, "countersign-print", sizeof "countersign-print");
    return access(path, X_OK) == 0;
}

/* Our ends of the three pipes; -1: closed. */
struct printer {
    pid_t pid;
    int in, out, said;
    struct buf *pdf;
    char words[SAID_MAX];
    size_t words_n;
};

static void shut(int *fd) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

static enum err start(struct printer *p) {
    char path[PATH_MAX];
    char *const argv[] = {"countersign-print", NULL}, *const environment[] = {"LC_ALL=C.UTF-8", NULL};
    int ends[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
    posix_spawn_file_actions_t files;
    int failed = !printer_path(path);
    for (int i = 0; i < 3; i++)
        failed = failed || pipe2(ends[i], O_CLOEXEC) != 0;
    posix_spawn_file_actions_init(&files);
    for (int i = 0; i < 3; i++)
        posix_spawn_file_actions_adddup2(&files, ends[i][i > 0], i);
    failed = failed || posix_spawn(&p->pid, path, &files, NULL, argv, environment) != 0;
    posix_spawn_file_actions_destroy(&files);
    shut(&ends[0][0]);
    shut(&ends[1][1]);
    shut(&ends[2][1]);
    p->in = ends[0][1];
    p->out = ends[1][0];
    p->said = ends[2][0];
    if (!failed) return OK;
    LOG(LOG_ERROR, "countersign-print could not be started", LOG_C("path", path));
    return ERR_INTERNAL;
}

/* A broken pipe is no reason to end: the program's status says what happened. */
static void feed(struct printer *p, str *rest) {
    ssize_t n = write(p->in, rest->p, rest->n);
    if (n > 0) *rest = str_slice(*rest, (size_t)n, rest->n);
    if ((n < 0 && errno != EAGAIN && errno != EINTR) || rest->n == 0) shut(&p->in);
}

static void take_pdf(struct printer *p) {
    char piece[65536];
    ssize_t n = read(p->out, piece, sizeof piece);
    if (n > 0) buf_put(p->pdf, (str){piece, (size_t)n});
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) shut(&p->out);
}

static void take_words(struct printer *p) {
    char piece[512];
    ssize_t n = read(p->said, piece, sizeof piece);
    for (ssize_t i = 0; i < n && p->words_n < SAID_MAX; i++)
        p->words[p->words_n++] = piece[i];
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) shut(&p->said);
}

/* Until it has said everything; false when it took too long. */
static bool talk(struct printer *p, str job) {
    i64 until_us = time_now_us() + patience_us;
    fcntl(p->in, F_SETFL, O_NONBLOCK);
    while (p->out >= 0 || p->said >= 0) {
        struct pollfd fds[3] = {{p->in, POLLOUT, 0}, {p->out, POLLIN, 0}, {p->said, POLLIN, 0}};
        i64 left_ms = (until_us - time_now_us()) / 1000;
        if (left_ms <= 0 || (poll(fds, 3, (int)left_ms) < 0 && errno != EINTR)) return false;
        if (fds[0].revents) feed(p, &job);
        if (fds[1].revents) take_pdf(p);
        if (fds[2].revents) take_words(p);
    }
    return true;
}

static enum err print_job(str job, struct buf *out) {
    struct printer p = {.in = -1, .out = -1, .said = -1, .pdf = out};
    int status = -1;
    enum err e = start(&p);
    if (!e && !talk(&p, job)) {
        kill(p.pid, SIGKILL);
        e = ERR_BUSY;
    }
    shut(&p.in);
    shut(&p.out);
    shut(&p.said);
    if (p.pid > 0)
        while (waitpid(p.pid, &status, 0) < 0 && errno == EINTR)
            ;
    str words = str_trim((str){p.words, p.words_n});
    if (!e && status != 0) e = ERR_INTERNAL;
    if (e || words.n)
        LOG(e ? LOG_ERROR : LOG_WARN, "countersign-print", LOG_S("said", words), LOG_I("status", status));
    return e;
}

enum err paper_pdf(const struct paper *papers, size_t n, struct buf *out) {
    struct buf job;
    buf_init(&job, JOB_MAX);
    paper_write(papers, n, &job);
    enum err e = buf_ok(&job) ? print_job(buf_str(&job), out) : ERR_TOO_LARGE;
    buf_done(&job);
    return e;
}
