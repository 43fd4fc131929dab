/* Money and dates in the manner of a locale.
 *
 * Amounts are laid out here from what ICU says about the locale (signs, separators, digits of the currency):
 * no floating point, no lock, and fifty times faster than asking ICU each time. Dates are formatted by ICU;
 * its formatters are not safe for threads, so each format keeps a stack of sets: a caller takes one, or opens
 * a new one, and puts it back. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unicode/ucal.h>
#include <unicode/ucurr.h>
#include <unicode/udat.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

#include "i18n/i18n.h"

enum { LOCALE_MAX = 64, ZONE_MAX = 64, AFFIX_MAX = 32, TEXT_MAX = 128, KEPT = 64, KEPT_MAX = 40 };

/* A moment that was formatted lately; `n` 0: none. ICU takes longer for one than the database for its row,
 * and the same orders and entries are looked at again and again. */
struct kept {
    i64 second;
    uint8_t n;
    char text[KEPT_MAX];
};

struct how {
    UDateFormat *icu;
    struct kept kept[KEPT]; /* by second */
};

/* What one thread needs to format a moment. */
struct dates {
    struct dates *next;
    struct how time, date, iso;
    UCalendar *calendar;
};

struct affix {
    char p[AFFIX_MAX];
    size_t n;
};

struct amounts {
    struct affix before, after, before_minus, after_minus, point, group;
    int fraction;                /* digits behind the point */
    int group_first, group_next; /* 3, 3; in India 3, 2 */
};

struct pool {
    pthread_mutex_t lock;
    struct dates *free;
};

struct i18n_format {
    struct amounts amounts;
    char locale[LOCALE_MAX];
    UChar zone[ZONE_MAX];
    struct pool *pool;
};

/* Digits are 0 to 9 in every locale: they have to be typed back in. */
static void locale_name(char ret[LOCALE_MAX], str locale) {
    snprintf(ret, LOCALE_MAX, "%.*s@numbers=latn", (int)MIN_OF(locale.n, (size_t)40),
             locale.p ? locale.p : "en");
}

/* ---- amounts ---- */

static void affix_set(struct affix *x, const UChar *text, int32_t n) {
    UErrorCode e = U_ZERO_ERROR;
    int32_t length = 0;
    u_strToUTF8(x->p, AFFIX_MAX, &length, text, n, &e);
    x->n = U_SUCCESS(e) ? (size_t)length : 0;
}

static void affix_attribute(struct affix *x, const UNumberFormat *f, UNumberFormatTextAttribute which) {
    UChar text[AFFIX_MAX];
    UErrorCode e = U_ZERO_ERROR;
    int32_t n = unum_getTextAttribute(f, which, text, AFFIX_MAX, &e);
    affix_set(x, text, U_SUCCESS(e) ? n : 0);
}

static void affix_symbol(struct affix *x, const UNumberFormat *f, UNumberFormatSymbol which) {
    UChar text[AFFIX_MAX];
    UErrorCode e = U_ZERO_ERROR;
    int32_t n = unum_getSymbol(f, which, text, AFFIX_MAX, &e);
    affix_set(x, text, U_SUCCESS(e) ? n : 0);
}

static void amounts_learn(struct amounts *m, const char *locale, str currency) {
    UErrorCode e = U_ZERO_ERROR;
    UChar code[4] = u"XXX";
    for (size_t i = 0; i < 3 && i < currency.n; i++)
        code[i] = (UChar)(unsigned char)currency.p[i];
    UNumberFormat *f = unum_open(UNUM_CURRENCY, NULL, 0, locale, NULL, &e);
    if (U_FAILURE(e)) abort(); /* ICU's data are missing: nothing can work */
    unum_setTextAttribute(f, UNUM_CURRENCY_CODE, code, 3, &e);
    affix_attribute(&m->before, f, UNUM_POSITIVE_PREFIX);
    affix_attribute(&m->after, f, UNUM_POSITIVE_SUFFIX);
    affix_attribute(&m->before_minus, f, UNUM_NEGATIVE_PREFIX);
    affix_attribute(&m->after_minus, f, UNUM_NEGATIVE_SUFFIX);
    affix_symbol(&m->point, f, UNUM_MONETARY_SEPARATOR_SYMBOL);
    affix_symbol(&m->group, f, UNUM_MONETARY_GROUPING_SEPARATOR_SYMBOL);
    m->group_first = unum_getAttribute(f, UNUM_GROUPING_USED) ? unum_getAttribute(f, UNUM_GROUPING_SIZE) : 0;
    m->group_next = unum_getAttribute(f, UNUM_SECONDARY_GROUPING_SIZE);
    if (m->group_next <= 0) m->group_next = m->group_first;
    UErrorCode unknown = U_ZERO_ERROR;
    m->fraction = ucurr_getDefaultFractionDigits(code, &unknown);
    if (U_FAILURE(unknown) || m->fraction < 0 || m->fraction > 6) m->fraction = 2;
    unum_close(f);
}

/* Does a separator stand before the last `left` whole digits? */
static bool group_here(const struct amounts *m, int left) {
    if (m->group_first <= 0 || left < m->group_first) return false;
    return (left - m->group_first) % m->group_next == 0;
}

static char *put(char *to, const struct affix *x) {
    memcpy(to, x->p, x->n);
    return to + x->n;
}

static str amounts_write(struct arena *a, const struct amounts *m, i64 minor) {
    char digits[32], out[32 * AFFIX_MAX], *to = out;
    u64 size = minor < 0 ? 0 - (u64)minor : (u64)minor;
    int n = snprintf(digits, sizeof digits, "%0*llu", m->fraction + 1, (unsigned long long)size);
    int whole = n - m->fraction;
    to = put(to, minor < 0 ? &m->before_minus : &m->before);
    for (int i = 0; i < whole; i++) {
        if (i > 0 && group_here(m, whole - i)) to = put(to, &m->group);
        *to++ = digits[i];
    }
    if (m->fraction > 0) {
        to = put(to, &m->point);
        memcpy(to, digits + whole, (size_t)m->fraction);
        to += m->fraction;
    }
    to = put(to, minor < 0 ? &m->after_minus : &m->after);
    return arena_str(a, (str){out, (size_t)(to - out)});
}

str i18n_money(struct arena *a, const struct i18n_format *f, i64 minor) {
    return amounts_write(a, &f->amounts, minor);
}

/* ---- amounts of any locale and currency ---- */

enum { KNOWN_MAX = 64, CURRENCY_MAX = 4 };

/* Learned once and never changed: readers need no lock. */
struct known {
    char locale[LOCALE_MAX], currency[CURRENCY_MAX];
    struct amounts amounts;
};
static struct known known[KNOWN_MAX];
static atomic_size_t known_n;
static pthread_mutex_t known_lock = PTHREAD_MUTEX_INITIALIZER;

static const struct known *known_find(const struct known *k) {
    size_t n = atomic_load_explicit(&known_n, memory_order_acquire);
    for (size_t i = 0; i < n; i++)
        if (strcmp(known[i].locale, k->locale) == 0 && strcmp(known[i].currency, k->currency) == 0)
            return &known[i];
    return NULL;
}

static void known_add(const struct known *k) {
    pthread_mutex_lock(&known_lock);
    size_t n = atomic_load(&known_n);
    if (n < KNOWN_MAX && !known_find(k)) {
        known[n] = *k;
        atomic_store_explicit(&known_n, n + 1, memory_order_release);
    }
    pthread_mutex_unlock(&known_lock);
}

static struct amounts known_amounts(str locale, str currency) {
    struct known k = {.locale = ""};
    locale_name(k.locale, locale);
    memcpy(k.currency, currency.p, MIN_OF(currency.n, (size_t)CURRENCY_MAX - 1));
    const struct known *old = known_find(&k);
    if (old) return old->amounts;
    amounts_learn(&k.amounts, k.locale, currency);
    known_add(&k);
    return k.amounts;
}

str i18n_money_in(struct arena *a, str locale, str currency, i64 minor) {
    const struct amounts m = known_amounts(locale, currency);
    return amounts_write(a, &m, minor);
}

/* ---- amounts as they are typed ---- */

static str decimal(struct arena *a, int fraction, i64 minor) {
    u64 size = minor < 0 ? 0 - (u64)minor : (u64)minor;
    str digits = arena_printf(a, "%s%0*llu", minor < 0 ? "-" : "", fraction + 1, (unsigned long long)size);
    if (fraction == 0) return digits;
    size_t whole = digits.n - (size_t)fraction;
    return ARENA_CAT(a, str_slice(digits, 0, whole), S("."), str_slice(digits, whole, digits.n));
}

str i18n_decimal(struct arena *a, const struct i18n_format *f, i64 minor) {
    return decimal(a, f->amounts.fraction, minor);
}

str i18n_decimal_in(struct arena *a, str currency, i64 minor) {
    return decimal(a, known_amounts(S("en"), currency).fraction, minor);
}

/* ---- dates ---- */

static struct dates *dates_open(const struct i18n_format *f) {
    UErrorCode e = U_ZERO_ERROR;
    struct dates *d = calloc(1, sizeof *d);
    if (!d) abort();
    d->time.icu = udat_open(UDAT_SHORT, UDAT_MEDIUM, f->locale, f->zone, -1, NULL, 0, &e);
    d->date.icu = udat_open(UDAT_NONE, UDAT_MEDIUM, f->locale, f->zone, -1, NULL, 0, &e);
    d->iso.icu = udat_open(UDAT_PATTERN, UDAT_PATTERN, "en", f->zone, -1, u"yyyy-MM-dd", -1, &e);
    d->calendar = ucal_open(f->zone, -1, "en", UCAL_GREGORIAN, &e);
    if (U_FAILURE(e)) abort();
    return d;
}

static void dates_close(struct dates *d) {
    udat_close(d->time.icu);
    udat_close(d->date.icu);
    udat_close(d->iso.icu);
    ucal_close(d->calendar);
    free(d);
}

static struct dates *dates_take(const struct i18n_format *f) {
    pthread_mutex_lock(&f->pool->lock);
    struct dates *d = f->pool->free;
    if (d) f->pool->free = d->next;
    pthread_mutex_unlock(&f->pool->lock);
    return d ? d : dates_open(f);
}

static void dates_put_back(const struct i18n_format *f, struct dates *d) {
    pthread_mutex_lock(&f->pool->lock);
    d->next = f->pool->free;
    f->pool->free = d;
    pthread_mutex_unlock(&f->pool->lock);
}

static i64 floor_div(i64 n, i64 by) {
    return n / by - (n % by < 0);
}

/* No format shows less than a second, so ICU is asked about whole ones. */
static str moment(struct arena *a, struct how *how, i64 us) {
    i64 second = floor_div(us, US_SECOND);
    struct kept *kept = &how->kept[(u64)second % KEPT];
    if (kept->n && kept->second == second) return arena_str(a, (str){kept->text, kept->n});
    UErrorCode e = U_ZERO_ERROR;
    UChar wide[TEXT_MAX];
    char text[TEXT_MAX * 3];
    int32_t n = udat_format(how->icu, (UDate)second * 1000, wide, TEXT_MAX, NULL, &e), length = 0;
    if (U_FAILURE(e)) return S("");
    u_strToUTF8(text, sizeof text, &length, wide, n, &e);
    if (U_FAILURE(e)) return S("");
    if (length <= KEPT_MAX) {
        *kept = (struct kept){.second = second, .n = (uint8_t)length};
        memcpy(kept->text, text, (size_t)length);
    }
    return arena_str(a, (str){text, (size_t)length});
}

str i18n_time(struct arena *a, const struct i18n_format *f, i64 us) {
    struct dates *d = dates_take(f);
    str s = moment(a, &d->time, us);
    dates_put_back(f, d);
    return s;
}

str i18n_date(struct arena *a, const struct i18n_format *f, i64 us) {
    struct dates *d = dates_take(f);
    str s = moment(a, &d->date, us);
    dates_put_back(f, d);
    return s;
}

str i18n_iso_date(struct arena *a, const struct i18n_format *f, i64 us) {
    struct dates *d = dates_take(f);
    str s = moment(a, &d->iso, us);
    dates_put_back(f, d);
    return s;
}

/* Exactly `n` digits at the start of *s, which moves behind them. */
static bool take_digits(str *s, size_t n, int *ret) {
    if (s->n < n) return false;
    *ret = 0;
    for (size_t i = 0; i < n; i++) {
        if (s->p[i] < '0' || s->p[i] > '9') return false;
        *ret = *ret * 10 + (s->p[i] - '0');
    }
    *s = str_slice(*s, n, s->n);
    return true;
}

static bool take_char(str *s, char c) {
    if (s->n == 0 || s->p[0] != c) return false;
    *s = str_slice(*s, 1, s->n);
    return true;
}

static bool is_day(int year, int month, int day) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1583 || month < 1 || month > 12 || day < 1) return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= days[month - 1] + (leap && month == 2);
}

bool i18n_parse_date(const struct i18n_format *f, str text, i64 *ret_us) {
    int year, month, day, hour = 0, minute = 0;
    bool ok = take_digits(&text, 4, &year) && take_char(&text, '-') && take_digits(&text, 2, &month) &&
              take_char(&text, '-') && take_digits(&text, 2, &day) && is_day(year, month, day);
    if (ok && text.n > 0)
        ok = take_char(&text, 'T') && take_digits(&text, 2, &hour) && take_char(&text, ':') &&
             take_digits(&text, 2, &minute) && text.n == 0 && hour < 24 && minute < 60;
    if (!ok) return false;
    UErrorCode e = U_ZERO_ERROR;
    struct dates *d = dates_take(f);
    ucal_clear(d->calendar);
    /* A day that begins inside a clock change begins at the first moment that exists. */
    ucal_setAttribute(d->calendar, UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_NEXT_VALID);
    ucal_setDateTime(d->calendar, year, month - 1, day, hour, minute, 0, &e);
    UDate ms = ucal_getMillis(d->calendar, &e);
    dates_put_back(f, d);
    if (U_FAILURE(e)) return false;
    *ret_us = (i64)ms * 1000;
    return true;
}

/* ---- a format ---- */

struct i18n_format *i18n_format_make(str locale, str currency, str zone) {
    struct i18n_format *f = calloc(1, sizeof *f);
    struct pool *pool = calloc(1, sizeof *pool);
    if (!f || !pool) abort();
    pthread_mutex_init(&pool->lock, NULL);
    f->pool = pool;
    locale_name(f->locale, locale);
    char name[ZONE_MAX];
    snprintf(name, sizeof name, "%.*s", (int)MIN_OF(zone.n, (size_t)ZONE_MAX - 1), zone.p ? zone.p : "");
    u_uastrcpy(f->zone, name[0] ? name : "UTC");
    amounts_learn(&f->amounts, f->locale, currency);
    dates_put_back(f, dates_open(f));
    return f;
}

void i18n_format_free(struct i18n_format *f) {
    if (!f) return;
    for (struct dates *d = f->pool->free, *next; d; d = next) {
        next = d->next;
        dates_close(d);
    }
    pthread_mutex_destroy(&f->pool->lock);
    free(f->pool);
    free(f);
}

bool i18n_timezone_known(str timezone) {
    UChar id[ZONE_MAX], canonical[ZONE_MAX];
    UErrorCode e = U_ZERO_ERROR;
    UBool system = 0;
    int32_t n = 0;
    if (timezone.n == 0 || timezone.n >= ZONE_MAX) return false;
    u_strFromUTF8(id, ZONE_MAX, &n, timezone.p, (int32_t)timezone.n, &e);
    ucal_getCanonicalTimeZoneID(id, n, canonical, ZONE_MAX, &system, &e);
    return U_SUCCESS(e) && system;
}
