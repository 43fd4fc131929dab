/* serve: makes everything in order, waits for a signal, and takes it down in the reverse order. */
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/app.h"
#include "app/app_key.h"
#include "jobs/jobs.h"

static const i64 grace = 5 * US_SECOND;

/* Threads a core: one that reads from a database on the other end of a wire mostly waits for it. */
enum { THREADS = 1, THREADS_ON_WIRE = 2 };

/* What is running. */
struct house {
    struct app *app;
    struct db *db;
    struct stores *stores;
    struct app_key key;
    struct gate *gate;
    struct http_server *http;
    struct app_control *control;
    struct jobs *_Atomic jobs;
    str url, smtp_url, mail_dir;
    int applied;
};

/* ---------------------------------------------------------------- what was asked for */

static bool set_log_level(struct app *app) {
    static const char *const names[] = {"debug", "info", "warn", "error"};
    str level = app_given(app, "--log-level");
    if (!level.p) level = S("info");
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(level, str_c(names[i]))) {
            log_set_level((enum log_level)i);
            return true;
        }
    app_fail(app, "--log-level: debug, info, warn or error, not \"%.*s\"", STR_ARG(level));
    return false;
}

/* "https://shop.example" or with a port; nothing behind it. */
static bool url_fits(str url) {
    str rest = str_starts(url, S("https://"))  ? str_slice(url, 8, url.n)
               : str_starts(url, S("http://")) ? str_slice(url, 7, url.n)
                                               : S("");
    for (size_t i = 0; i < rest.n; i++) {
        unsigned char c = (unsigned char)rest.p[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  memchr(".-:[]", c, 5);
        if (!ok) return false;
    }
    return rest.n > 0;
}

/* The password stands in the environment and not among the arguments, where every user of the machine sees
 * it. */
static str with_password(struct arena *a, str url) {
    str password = str_c(getenv("SMTP_PASSWORD")), scheme;
    size_t at = str_find_char(url, '@');
    if (!password.n || at == url.n) return url;
    scheme = str_slice(url, 0, str_find(url, S("://")) + 3);
    if (memchr(url.p + MIN_OF(scheme.n, at), ':', at - MIN_OF(scheme.n, at))) return url; /* it has one */
    struct buf b;
    buf_init(&b, 4096);
    buf_put(&b, str_slice(url, 0, at));
    buf_put_char(&b, ':');
    http_encode(&b, password, false);
    buf_put(&b, str_slice(url, at, url.n));
    str whole = arena_str(a, buf_str(&b));
    buf_done(&b);
    return whole;
}

static int read_options(struct house *h) {
    struct app *app = h->app;
    str why;
    h->url = app_given(app, "--url");
    while (h->url.n && h->url.p[h->url.n - 1] == '/')
        h->url.n--;
    if (h->url.p && !url_fits(h->url))
        return app_fail(app, "--url: an address like https://shop.example, not \"%.*s\"",
                        STR_ARG(app_given(app, "--url")));
    if (app_given(app, "--smtp").p) {
        h->smtp_url = with_password(app->arena, app_given(app, "--smtp"));
        if (!jobs_smtp_url_ok(app->arena, h->smtp_url, &why))
            return app_fail(app, "--smtp: %.*s", STR_ARG(why));
    }
    h->mail_dir = app_given(app, "--mail-dir");
    return APP_DONE;
}

/* ---------------------------------------------------------------- starting */

static void poke(void *ctx) {
    struct house *h = ctx;
    jobs_poke(atomic_load(&h->jobs));
}

static void sweep(void *ctx) {
    gate_sweep(ctx);
}

static int make_gate(struct house *h) {
    struct gate_options o = {.db = h->db,
                             .stores = h->stores,
                             .shop = app_gate_shop(),
                             .key = h->key.secret,
                             .url = h->url.p ? h->url : S(""),
                             .poke = poke,
                             .poke_ctx = h};
    o.menu = app_menu(&o.menu_n);
    enum err e = gate_make(&o, &h->gate);
    return e ? app_fail(h->app, "cannot start: %.*s", STR_ARG(db_last_error(h->db, h->app->arena)))
             : APP_DONE;
}

static int listen_on(struct house *h) {
    struct app *app = h->app;
    i64 threads;
    if (!app_number(app, "--threads", 1, 256, 0, &threads)) return APP_REFUSED;
    if (!threads)
        threads =
            MAX_OF(sysconf(_SC_NPROCESSORS_ONLN), 1) * (db_is_shared(h->db) ? THREADS_ON_WIRE : THREADS);
    struct http_options o = {.listen = app_given(app, "--listen"), .threads = (int)threads};
    o.trusted_proxies = app_given_all(app, "--trusted-proxy", &o.trusted_proxies_n);
    struct http_app http = gate_http_app(h->gate);
    str why;
    enum err e = http_start(app->arena, &o, &http, &h->http, &why);
    if (e) return app_fail(app, "%.*s", STR_ARG(why));
    /* Without --url it is where we listen, with the port that is known only now. */
    if (!h->url.p) {
        size_t colon = o.listen.n;
        while (colon > 0 && o.listen.p[colon - 1] != ':')
            colon--;
        h->url = arena_printf(app->arena, "http://%.*s%d", STR_ARG(str_slice(o.listen, 0, colon)),
                              http_port(h->http));
    }
    return APP_DONE;
}

static int start_jobs(struct house *h) {
    struct jobs *jobs;
    struct arena *a = h->app->arena;
    struct jobs_options o = {
        .db = h->db,
        .gate = h->gate,
        .stores = h->stores,
        .smtp_url = h->smtp_url,
        .mail_dir = h->mail_dir.p ? h->mail_dir : ARENA_CAT(a, app_db_path(h->app), S(".mail")),
        .base_url = h->url,
        .seal = true,
        .sweep = sweep,
        .sweep_ctx = h->gate,
    };
    memcpy(o.public_key, h->key.public_key, sizeof o.public_key);
    memcpy(o.secret_key, h->key.secret_key, sizeof o.secret_key);
    if (jobs_start(&o, &jobs)) return app_fail(h->app, "cannot start the background work");
    atomic_store(&h->jobs, jobs);
    return APP_DONE;
}

static int start_control(struct house *h) {
    if (db_is_shared(h->db)) return APP_DONE; /* commands write to it themselves, we hear of it */
    str why, path = ARENA_CAT(h->app->arena, app_db_path(h->app), S(".sock"));
    enum err e = app_control_start(h->app->arena, h->gate, path, &h->control, &why);
    return e ? app_fail(h->app, "%.*s", STR_ARG(why)) : APP_DONE;
}

static int start(struct house *h) {
    int status = read_options(h);
    if (!status) status = app_open(h->app, APP_OPEN_UPDATE, &h->db, NULL, &h->applied);
    if (!status) status = app_stores(h->app, h->db, &h->stores);
    if (!status) status = app_key_for(h->app, h->db, &h->key);
    if (!status) status = make_gate(h);
    if (!status) status = start_control(h);
    if (!status) status = listen_on(h);
    if (!status) status = start_jobs(h);
    return status;
}

/* Requests first, then what they may still have asked for; the record is sealed by the background work's end.
 */
static void stop(struct house *h) {
    http_stop(h->http, grace);
    app_control_stop(h->control);
    jobs_stop(atomic_exchange(&h->jobs, NULL));
    gate_free(h->gate);
    db_close(h->db);
}

int app_serve(struct app *app) {
    struct house h = {.app = app};
    sigset_t stop_signals;
    int number;
    if (!set_log_level(app)) return APP_REFUSED;
    /* Blocked before any thread is made, so that only sigwait below sees them. */
    sigemptyset(&stop_signals);
    sigaddset(&stop_signals, SIGINT);
    sigaddset(&stop_signals, SIGTERM);
    sigaddset(&stop_signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &stop_signals, NULL);
    log_gather_start();
    int status = start(&h);
    if (!status) {
        if (h.applied) LOG(LOG_INFO, "migrated", LOG_I("migrations", h.applied));
        LOG(LOG_INFO, "listening", LOG_I("port", http_port(h.http)), LOG_S("url", h.url),
            LOG_C("version", APP_VERSION));
        sigwait(&stop_signals, &number);
        /* Who asks a second time does not want to wait. */
        pthread_sigmask(SIG_UNBLOCK, &stop_signals, NULL);
        LOG(LOG_INFO, "stopping",
            LOG_S("signal", ARENA_CAT(app->arena, S("SIG"), str_c(sigabbrev_np(number)))));
    }
    stop(&h);
    log_gather_stop();
    if (!status) LOG(LOG_INFO, "stopped", LOG_I("status", 0));
    return status;
}
