/* Payments in the background: asking the provider for money by a means of payment that it keeps, asking it to
 * give money back, and canceling orders that nobody paid in time. */
#include <curl/curl.h>

#include "gen/ids.h"
#include "gen/jobs_gate.h"
#include "gen/jobs_sql.h"
#include "gen/payment_gate.h"
#include "jobs/inside.h"
#include "settings/settings.h"
#include "shop/payment/payment.h"

enum { TRIES_MAX = 6 };
static const i64 first_wait = 5 * US_SECOND, longest_wait = 6 * US_HOUR;

/* ---- one request to the provider ---- */

static size_t drop_answer(char *data, size_t size, size_t n, void *arg) {
    (void)data, (void)arg;
    return size * n;
}

static int stopping(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    (void)a, (void)b, (void)c, (void)d;
    return atomic_load((const atomic_bool *)arg) ? 1 : 0;
}

static str form_field(struct arena *a, CURL *c, str form, const char *name, str value) {
    char *escaped = curl_easy_escape(c, value.p, (int)value.n);
    str ret = ARENA_CAT(a, form, form.n ? S("&") : S(""), str_c(name), S("="), str_c(escaped));
    curl_free(escaped);
    return ret;
}

/* STR_NULL when it was taken; else one line that says why not, without secrets. */
static str post(struct jobs *j, struct arena *a, const char *url, CURL *c, str form) {
    long answer = 0;
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, form.p);
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)form.n);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop_answer);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 5L);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, 10L);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, stopping);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, &j->stopping);
    CURLcode code = curl_easy_perform(c);
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &answer);
    if (code != CURLE_OK) return str_c(curl_easy_strerror(code));
    return answer >= 200 && answer < 300 ? STR_NULL : arena_printf(a, "answer %ld", answer);
}

enum { FIELDS_MAX = 8 };
struct request {
    i64 website_id;
    str method, path; /* "/charge" */
    size_t n;
    const char *names[FIELDS_MAX];
    str values[FIELDS_MAX];
};

/* Signed, with its fields in the order of docs/payment.md. Like post. */
static str ask(struct jobs *j, struct arena *a, const struct settings *s, const struct request *q) {
    struct payment_provider to;
    str form = S("");
    if (!payment_provider_of(s, q->website_id, q->method, &to)) return S("the provider is not set up");
    CURL *curl = curl_easy_init();
    if (!curl) return S("the request could not be prepared");
    for (size_t i = 0; i < q->n; i++)
        form = form_field(a, curl, form, q->names[i], q->values[i]);
    form = form_field(a, curl, form, "signature", payment_signature(a, to.secret, q->values, q->n));
    str why = post(j, a, arena_cstr(a, ARENA_CAT(a, to.url, q->path)), curl, form);
    curl_easy_cleanup(curl);
    return why;
}

static str number(struct arena *a, i64 n) {
    return arena_printf(a, "%lld", (long long)n);
}

static str ask_charge(struct jobs *j, struct arena *a, const struct settings *s,
                      const struct jobs_charge_due *c) {
    const struct request q = {
        .website_id = c->website_id,
        .method = c->method,
        .path = S("/charge"),
        .n = 5,
        .names = {"order", "amount", "currency", "stored", "notify"},
        .values = {c->checkout_key, number(a, c->amount), c->currency, c->token,
                   ARENA_CAT(a, j->o.base_url, S("/payment/webhook"))},
    };
    return ask(j, a, s, &q);
}

static void note(struct jobs *j, struct arena *a, const struct jobs_charge_due *c, str why) {
    str message;
    enum err e;
    if (!why.p) {
        const struct jobs_charge_sent_in in = {.id = c->id};
        e = gate_run_system(j->o.gate, a, OP_JOBS_CHARGE_SENT, &in, &message);
    } else {
        const struct jobs_charge_failed_in in = {.id = c->id,
                                                 .next_try_us = time_now_us() + (first_wait << c->tries),
                                                 .last = c->tries + 1 >= TRIES_MAX,
                                                 .failure = why};
        e = gate_run_system(j->o.gate, a, OP_JOBS_CHARGE_FAILED, &in, &message);
    }
    /* Not found: the provider has told us of it meanwhile. */
    if (e && e != ERR_NOT_FOUND) LOG(LOG_ERROR, "charge", LOG_I("id", c->id), LOG_S("error", err_word(e)));
}

/* ---- rounds ---- */

static enum err read_charges(struct jobs *j, struct arena *a, struct jobs_charge_due **ret, size_t *ret_n,
                             struct settings **ret_settings) {
    struct db_r *r;
    *ret_n = 0;
    TRY(db_read_begin(j->o.db, a, (struct db_sight){.scope = -1}, &r));
    enum err e = jobs_charge_due(r, time_now_us(), ret, ret_n);
    if (!e && *ret_n) e = settings_load(r, ret_settings);
    db_read_end(r);
    return e;
}

void payment_round(struct jobs *j) {
    struct arena *a = arena_make();
    struct jobs_charge_due *due = NULL;
    struct settings *s = NULL;
    size_t n;
    enum err e = read_charges(j, a, &due, &n, &s);
    if (e) LOG(LOG_ERROR, "payment_round", LOG_S("error", err_word(e)));
    for (size_t i = 0; !e && i < n && !atomic_load(&j->stopping); i++) {
        str why = ask_charge(j, a, s, &due[i]);
        if (!atomic_load(&j->stopping)) note(j, a, &due[i], why);
    }
    settings_free(s);
    arena_free(a);
}

/* ---- refunds ---- */

static str ask_refund(struct jobs *j, struct arena *a, const struct settings *s,
                      const struct jobs_refund_due *r) {
    const struct request q = {
        .website_id = r->website_id,
        .method = r->method,
        .path = S("/refund"),
        .n = 6,
        .names = {"key", "payment", "order", "amount", "currency", "notify"},
        .values = {r->refund_key, r->payment, r->checkout_key, number(a, r->amount), r->currency,
                   ARENA_CAT(a, j->o.base_url, S("/payment/webhook/refund"))},
    };
    return ask(j, a, s, &q);
}

/* Asked or not, it is asked again later, unless the provider's message comes before. */
static void note_refund(struct jobs *j, struct arena *a, const struct jobs_refund_due *r, str why) {
    str message;
    i64 wait = MIN_OF(first_wait << MIN_OF(r->tries, 20), longest_wait);
    const struct jobs_refund_asked_in in = {
        .id = r->id, .next_try_us = time_now_us() + wait, .failure = why.p ? why : S("")};
    enum err e = gate_run_system(j->o.gate, a, OP_JOBS_REFUND_ASKED, &in, &message);
    /* Not found: the provider has told us of it meanwhile. */
    if (e && e != ERR_NOT_FOUND) LOG(LOG_ERROR, "refund", LOG_I("id", r->id), LOG_S("error", err_word(e)));
}

static enum err read_refunds(struct jobs *j, struct arena *a, struct jobs_refund_due **ret, size_t *ret_n,
                             struct settings **ret_settings) {
    struct db_r *r;
    *ret_n = 0;
    TRY(db_read_begin(j->o.db, a, (struct db_sight){.scope = -1}, &r));
    enum err e = jobs_refund_due(r, time_now_us(), ret, ret_n);
    if (!e && *ret_n) e = settings_load(r, ret_settings);
    db_read_end(r);
    return e;
}

void payment_refund_round(struct jobs *j) {
    struct arena *a = arena_make();
    struct jobs_refund_due *due = NULL;
    struct settings *s = NULL;
    size_t n;
    enum err e = read_refunds(j, a, &due, &n, &s);
    if (e) LOG(LOG_ERROR, "payment_refund_round", LOG_S("error", err_word(e)));
    for (size_t i = 0; !e && i < n && !atomic_load(&j->stopping); i++) {
        str why = ask_refund(j, a, s, &due[i]);
        if (!atomic_load(&j->stopping)) note_refund(j, a, &due[i], why);
    }
    settings_free(s);
    arena_free(a);
}

/* ---- orders that nobody paid ---- */

static enum err read_unpaid(struct jobs *j, struct arena *a, i64 now_us, struct jobs_unpaid **ret,
                            size_t *ret_n, struct settings **ret_settings) {
    struct db_r *r;
    *ret_n = 0;
    TRY(db_read_begin(j->o.db, a, (struct db_sight){.scope = -1}, &r));
    enum err e = jobs_unpaid(r, now_us - US_MINUTE, ret, ret_n);
    if (!e && *ret_n) e = settings_load(r, ret_settings);
    db_read_end(r);
    return e;
}

void payment_expire_round(struct jobs *j) {
    struct arena *a = arena_make();
    struct jobs_unpaid *orders = NULL;
    struct settings *s = NULL;
    struct payment_provider provider;
    i64 now_us = time_now_us();
    size_t n;
    str message;
    enum err e = read_unpaid(j, a, now_us, &orders, &n, &s);
    if (e) LOG(LOG_ERROR, "payment_expire_round", LOG_S("error", err_word(e)));
    for (size_t i = 0; !e && i < n && !atomic_load(&j->stopping); i++) {
        const struct setting_place at = {orders[i].website_id, 0};
        i64 minutes = setting_int(s, SETTING_PENDING_PAYMENT_MINUTES, at);
        const struct payment_expire_in in = {.id = orders[i].id};
        /* While no provider is set up nobody can pay: then the order waits for that, too. */
        if (!payment_provider_of(s, orders[i].website_id, orders[i].payment_method, &provider)) continue;
        if (orders[i].created_us + minutes * US_MINUTE > now_us) continue;
        e = gate_run_system(j->o.gate, a, OP_PAYMENT_EXPIRE, &in, &message);
        if (e) LOG(LOG_ERROR, "payment_expire", LOG_I("order", in.id), LOG_S("error", err_word(e)));
    }
    settings_free(s);
    arena_free(a);
}
