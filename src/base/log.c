#include "base/log.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/time.h"

static enum log_level lowest = LOG_INFO;

void log_set_level(enum log_level level) {
    lowest = level;
}

void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t n) {
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if (level < lowest) return;
    struct buf b;
    buf_init(&b, 16 * 1024);
    buf_put(&b, S("{\"t_us\":"));
    buf_put_i64(&b, time_now_us());
    buf_printf(&b, ",\"level\":\"%s\",\"event\":", names[level]);
    buf_put_json(&b, str_c(event));
    for (size_t i = 0; i < n; i++) {
        buf_put_char(&b, ',');
        buf_put_json(&b, str_c(fields[i].key));
        buf_put_char(&b, ':');
        if (fields[i].text.p)
            buf_put_json(&b, str_slice(fields[i].text, 0, 1000));
        else
            buf_put_i64(&b, fields[i].number);
    }
    buf_put(&b, S("}\n"));
    if (buf_ok(&b)) {
        /* A full or closed log must not stop the shop. */
        ssize_t written = write(STDERR_FILENO, b.p, b.n);
        (void)written;
    }
    buf_done(&b);
}
