/* Structured log: one JSON object a line on standard error. A value can never break a line or forge another
 * field, because every value goes through the JSON writer. Secrets, passwords, tokens and addresses with
 * queries are never passed to it; the gate logs routes by name and path only. Only app/, gate/, jobs/ and
 * paper/ log; other rooms return errors. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_field {
    const char *key;
    str text;   /* when text.p is set */
    i64 number; /* otherwise */
};

#define LOG_S(k, v) ((struct log_field){.key = (k), .text = (v)})
#define LOG_C(k, v) ((struct log_field){.key = (k), .text = str_c(v)})
#define LOG_I(k, v) ((struct log_field){.key = (k), .number = (v)})

/* Messages under this level are dropped. Set once at start. */
void log_set_level(enum log_level level);
/* Writes one line with time, level, event and the fields, at once and in one write call. Any thread. */
void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t n);
/* The same for what happens thousands of times a second: between log_gather_start and log_gather_stop the
 * line is written within 20 ms, together with others, and always before any later line. Any thread. */
void log_gather(enum log_level level, const char *event, const struct log_field *fields, size_t n);
/* Starts and ends the thread that writes them. Without it log_gather writes at once. Main thread. */
void log_gather_start(void);
void log_gather_stop(void);

#define LOG_WITH(write, level, event, ...)                                                                   \
    write((level), (event), (const struct log_field[]){__VA_ARGS__},                                         \
          sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))
#define LOG(level, event, ...)       LOG_WITH(log_write, level, event, __VA_ARGS__)
#define LOG_OFTEN(level, event, ...) LOG_WITH(log_gather, level, event, __VA_ARGS__)

#endif
