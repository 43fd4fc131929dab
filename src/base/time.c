#include "base/time.h"

#include <time.h>

static i64 clock_us(clockid_t which) {
    struct timespec t;
    clock_gettime(which, &t);
    return (i64)t.tv_sec * US_SECOND + t.tv_nsec / 1000;
}

i64 time_now_us(void) {
    return clock_us(CLOCK_REALTIME);
}

i64 time_mono_us(void) {
    return clock_us(CLOCK_MONOTONIC);
}

static struct tm utc(i64 us) {
    time_t s = (time_t)(us / US_SECOND);
    struct tm t;
    gmtime_r(&s, &t);
    return t;
}

str time_rfc3339(struct arena *a, i64 us) {
    struct tm t = utc(us);
    return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                        t.tm_hour, t.tm_min, t.tm_sec, (int)(us % US_SECOND));
}

str time_http(struct arena *a, i64 us) {
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm t = utc(us);
    return arena_printf(a, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[t.tm_wday], t.tm_mday,
                        months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}
