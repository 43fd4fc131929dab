#include "base/log.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/time.h"

enum {
    LINE_MAX_BYTES = 16 * 1024,
    LINE_USUAL = 384,
    GATHER_MAX = 64 * 1024, /* more is not gathered, but written */
    GATHER_MS = 20,
};

static enum log_level lowest = LOG_INFO;

/* Lines that wait. Whoever writes writes them first, so that the order stays. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char lines[GATHER_MAX];
    size_t n;
    bool on, stopping;
    pthread_t thread;
} gather = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

void log_set_level(enum log_level level) {
    lowest = level;
}

/* A full or closed log must not stop the shop. */
static void write_out(const char *p, size_t n) {
    ssize_t written = n ? write(STDERR_FILENO, p, n) : 0;
    (void)written;
}

static void write_gathered(void) {
    write_out(gather.lines, gather.n);
    gather.n = 0;
}

static void make_line(struct buf *b, enum log_level level, const char *event, const struct log_field *fields,
                      size_t n) {
    static const char *const names[] = {"debug", "info", "warn", "error"};
    buf_reserve(b, LINE_USUAL);
    buf_put(b, S("{\"t_us\":"));
    buf_put_i64(b, time_now_us());
    buf_put(b, S(",\"level\":\""));
    buf_put(b, str_c(names[level]));
    buf_put(b, S("\",\"event\":"));
    buf_put_json(b, str_c(event));
    for (size_t i = 0; i < n; i++) {
        buf_put_char(b, ',');
        buf_put_json(b, str_c(fields[i].key));
        buf_put_char(b, ':');
        if (fields[i].text.p)
            buf_put_json(b, str_slice(fields[i].text, 0, 1000));
        else
            buf_put_i64(b, fields[i].number);
    }
    buf_put(b, S("}\n"));
}

static void put_line(const struct buf *line, bool at_once) {
    pthread_mutex_lock(&gather.lock);
    bool waits = gather.on && !at_once && line->n <= GATHER_MAX;
    if (!waits || gather.n + line->n > GATHER_MAX) write_gathered();
    if (!waits) {
        write_out(line->p, line->n);
    } else {
        if (gather.n == 0) pthread_cond_signal(&gather.changed);
        memcpy(gather.lines + gather.n, line->p, line->n);
        gather.n += line->n;
    }
    pthread_mutex_unlock(&gather.lock);
}

void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t n) {
    struct buf b;
    if (level < lowest) return;
    buf_init(&b, LINE_MAX_BYTES);
    make_line(&b, level, event, fields, n);
    if (buf_ok(&b)) put_line(&b, true);
    buf_done(&b);
}

void log_gather(enum log_level level, const char *event, const struct log_field *fields, size_t n) {
    struct buf b;
    if (level < lowest) return;
    buf_init(&b, LINE_MAX_BYTES);
    make_line(&b, level, event, fields, n);
    if (buf_ok(&b)) put_line(&b, false);
    buf_done(&b);
}

static void wait_a_moment(void) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += GATHER_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    while (!gather.stopping && pthread_cond_timedwait(&gather.changed, &gather.lock, &until) == 0)
        continue;
}

static void *writes(void *arg) {
    (void)arg;
    pthread_mutex_lock(&gather.lock);
    while (!gather.stopping) {
        if (gather.n == 0) {
            pthread_cond_wait(&gather.changed, &gather.lock);
        } else {
            wait_a_moment();
            write_gathered();
        }
    }
    pthread_mutex_unlock(&gather.lock);
    return NULL;
}

void log_gather_start(void) {
    gather.stopping = false;
    gather.on = pthread_create(&gather.thread, NULL, writes, NULL) == 0;
}

void log_gather_stop(void) {
    if (!gather.on) return;
    pthread_mutex_lock(&gather.lock);
    gather.on = false;
    gather.stopping = true;
    write_gathered();
    pthread_cond_signal(&gather.changed);
    pthread_mutex_unlock(&gather.lock);
    pthread_join(gather.thread, NULL);
}
