/* Time is int64_t microseconds since 1970 UTC, named `..._us`. The clock is asked once per request by the
 * gate. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/arena.h"

#define US_SECOND ((i64)1000000)
#define US_MINUTE (60 * US_SECOND)
#define US_HOUR   (60 * US_MINUTE)
#define US_DAY    (24 * US_HOUR)

/* The wall clock. */
i64 time_now_us(void);
/* A clock that only goes forward, for durations. */
i64 time_mono_us(void);
/* RFC 3339 in UTC with microseconds: 2026-11-22T07:43:00.000000Z. */
str time_rfc3339(struct arena *a, i64 us);
/* The date of RFC 9110 section 5.6.7 (IMF-fixdate). */
str time_http(struct arena *a, i64 us);

#endif
