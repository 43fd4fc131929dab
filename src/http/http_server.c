/* libmicrohttpd: set-up, its callbacks, waiting, stopping.
 *
 * The life of a request: on_target (its first line) → on_head (guard, limits) → on_body … → on_whole (the
 * application; again after every resume) → on_completed. All on the pool thread that owns the connection. */
#include "http/http_internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Of a connection, for the head, its bookkeeping and the reply's head; a head that needs more is 431. As much
 * as takes 8,000 bytes (RFC 9112, section 3), and no more: libmicrohttpd clears all of it at every request.
 */
enum { CONNECTION_MEMORY = 20 * 1024 };

enum {
    DEFAULT_CONNECTIONS = 4096,
    DEFAULT_PER_IP = 1024,
    SPARE_DESCRIPTORS = 256, /* beside the connections: database, log, mail */
    STOP_POLL_MS = 5,
    DRAIN_MAX = 8 * 1024 * 1024,
};

/* ---- one request ---- */

static enum MHD_Result refuse(struct http_req *r, int status) {
    http_refuse(r, status);
    return http_reply_send(r);
}

/* The head is whole, and nothing of the body has been looked at. */
static enum MHD_Result on_head(struct http_req *r, const char *method, const char *version) {
    struct http_server *s = r->server;
    u64 length = 0;
    r->head_seen = true;
    http_conn_busy(r->conn);
    int status = http_req_read_head(r, method, version, &length);
    if (status) return refuse(r, status);
    r->counted = true;
    atomic_fetch_add(&s->running, 1);
    size_t limit = s->app.body_limit ? s->app.body_limit(s->app.ctx, r) : 0;
    /* Who sends a little too much is let finish, since most clients read the answer only then; the flood is
     * cut off. */
    r->draining = length > limit;
    bool asks_first = http_req_header(r, S("Expect")).p != NULL;
    if (r->draining && (asks_first || length > DRAIN_MAX)) return refuse(r, 413);
    buf_init(&r->body, limit);
    if (length > 0) http_conn_body(s->watch, r->conn);
    return MHD_YES;
}

static enum MHD_Result on_body(struct http_req *r, const char *bytes, size_t *n) {
    if (!r->draining) buf_put(&r->body, (str){bytes, *n});
    *n = 0;
    return buf_ok(&r->body) ? MHD_YES : MHD_NO; /* the length was checked; more than it cannot come */
}

/* Leaves the connection with libmicrohttpd until the owner resumes it. The owner may be faster than this
 * thread: it may have resumed before the connection was put aside at all. Whoever comes second to `wait` does
 * the resuming. */
static void put_aside(struct http_req *r) {
    struct MHD_Connection *mhd = r->mhd;
    MHD_suspend_connection(mhd);
    int before = atomic_exchange(&r->wait, WAIT_ASIDE);
    if (before == WAIT_OVER) MHD_resume_connection(mhd);
    /* Otherwise the request belongs to its owner now: not a byte of it is touched here. */
}

/* Calls the application, unless the server closes. `held` is raised before `closing` is asked, and http_stop
 * does it the other way round, so that no request can be put aside behind its back. */
static bool call_handle(struct http_req *r) {
    struct http_server *s = r->server;
    atomic_fetch_add(&s->held, 1);
    if (atomic_load(&s->closing)) {
        atomic_fetch_sub(&s->held, 1);
        return false;
    }
    atomic_store(&r->wait, WAIT_NOT);
    r->suspend_asked = false;
    s->app.handle(s->app.ctx, r);
    if (!r->suspend_asked) atomic_fetch_sub(&s->held, 1); /* otherwise http_resume lowers it */
    return true;
}

static enum MHD_Result on_whole(struct http_req *r) {
    http_conn_busy(r->conn);
    if (r->draining) return refuse(r, 413);
    while (!r->response) {
        if (!call_handle(r)) return MHD_NO; /* cut off: better no answer than a wrong one */
        if (r->suspend_asked && atomic_load(&r->wait) != WAIT_OVER) {
            put_aside(r);
            return MHD_YES;
        }
        /* Neither a reply nor a suspension: a mistake of the application. */
        if (!r->suspend_asked && !r->response) http_refuse(r, 500);
    }
    return http_reply_send(r);
}

void http_suspend(struct http_req *r) {
    r->suspend_asked = true;
}

void http_resume(struct http_req *r) {
    struct http_server *s = r->server;
    struct MHD_Connection *mhd = r->mhd;
    if (atomic_exchange(&r->wait, WAIT_OVER) == WAIT_ASIDE) MHD_resume_connection(mhd);
    atomic_fetch_sub(&s->held, 1); /* last: http_stop waits for it before it takes the server away */
}

/* ---- libmicrohttpd's callbacks ---- */

/* The end of a request in whatever way it came: the application hears of it once, and its memory goes. */
static void finish(struct http_req *r, int status) {
    struct http_server *s = r->server;
    bool counted = r->counted;
    http_reply_done(r);
    if (s->app.done) s->app.done(s->app.ctx, r, status, status ? r->reply_bytes : 0);
    http_conn_set_request(r->conn, NULL);
    http_conn_next(r->conn);
    http_req_free(r);
    if (counted) atomic_fetch_sub(&s->running, 1);
}

static void *on_target(void *cls, const char *target, struct MHD_Connection *mhd) {
    struct http_conn *conn = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    if (!conn) return NULL; /* past the limit and shut down already */
    struct http_req *r = http_req_make(cls, mhd, conn, target);
    http_conn_set_request(conn, r);
    return r;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *mhd, const char *url, const char *method,
                                  const char *version, const char *bytes, size_t *n, void **req) {
    struct http_req *r = *req;
    (void)cls, (void)mhd, (void)url;
    if (!r) return MHD_NO;
    if (!r->head_seen) return on_head(r, method, version);
    return *n > 0 ? on_body(r, bytes, n) : on_whole(r);
}

/* The status that went out; also of the errors that libmicrohttpd answers itself. */
static int status_sent(struct http_req *r, enum MHD_RequestTerminationCode how) {
    if (how == MHD_REQUEST_TERMINATED_COMPLETED_OK) return r->status;
    if (r->status) return 0;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(r->mhd, MHD_CONNECTION_INFO_HTTP_STATUS);
    return info ? (int)info->http_status : 0;
}

static void on_completed(void *cls, struct MHD_Connection *mhd, void **req,
                         enum MHD_RequestTerminationCode how) {
    struct http_req *r = *req;
    (void)cls, (void)mhd;
    *req = NULL;
    if (r) finish(r, status_sent(r, how));
}

/* Out of memory for its own error reply, libmicrohttpd closes without a word about the request. */
static void close_connection(struct http_server *s, struct http_conn *conn) {
    struct http_req *forgotten = http_conn_request(conn);
    if (forgotten) finish(forgotten, 0);
    http_watch_close(s->watch, conn);
}

static bool is_one_too_many(const struct http_server *s, const struct http_addr *peer) {
    return !http_net_has(s->trusted, s->trusted_n, peer) && http_watch_count(s->watch, peer) > s->per_ip;
}

static void on_connection(void *cls, struct MHD_Connection *mhd, void **conn,
                          enum MHD_ConnectionNotificationCode what) {
    struct http_loop *loop = cls;
    struct http_server *s = loop->server;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (*conn) close_connection(s, *conn);
        *conn = NULL;
        atomic_fetch_sub(&loop->connections, 1);
        return;
    }
    int fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const struct sockaddr *addr =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    struct http_addr peer = http_addr_of(addr);
    *conn = http_watch_open(s->watch, fd, &peer);
    if (*conn && is_one_too_many(s, &peer)) {
        http_watch_close(s->watch, *conn);
        *conn = NULL;
    }
    if (!*conn) shutdown(fd, SHUT_RDWR);
}

/* The raw target is ours (on_target); libmicrohttpd need not decode it. */
static size_t leave_escaped(void *cls, struct MHD_Connection *mhd, char *text) {
    (void)cls, (void)mhd;
    return strlen(text);
}

/* ---- starting ---- */

static int open_listener(const struct sockaddr_storage *addr, socklen_t len) {
    int on = 1, off = 0;
    int fd = socket(addr->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (addr->ss_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off); /* [::] is both */
    if (bind(fd, (const struct sockaddr *)addr, len) == 0 && listen(fd, SOMAXCONN) == 0) return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static int port_of(int fd) {
    struct sockaddr_storage addr = {0};
    socklen_t len = sizeof addr;
    getsockname(fd, (struct sockaddr *)&addr, &len);
    if (addr.ss_family == AF_INET6) return ntohs(((struct sockaddr_in6 *)&addr)->sin6_port);
    return ntohs(((struct sockaddr_in *)&addr)->sin_port);
}

/* A shell's usual 1024 descriptors would be reached before the limit of connections; the hard limit is the
 * operator's. */
static void raise_descriptor_limit(size_t connections) {
    struct rlimit lim;
    rlim_t want = connections + SPARE_DESCRIPTORS;
    if (getrlimit(RLIMIT_NOFILE, &lim) != 0 || lim.rlim_cur >= want) return;
    lim.rlim_cur = MIN_OF(want, lim.rlim_max);
    setrlimit(RLIMIT_NOFILE, &lim);
}

static enum err read_proxies(struct arena *a, const struct http_options *o, struct http_server *s,
                             str *ret_why) {
    s->trusted = ARENA_ARRAY(s->arena, struct http_net, o->trusted_proxies_n);
    for (size_t i = 0; i < o->trusted_proxies_n; i++) {
        str text = o->trusted_proxies[i];
        if (!http_net_parse(text, &s->trusted[i])) {
            *ret_why =
                arena_printf(a, "trusted proxy \"%.*s\" is no address and no CIDR block", STR_ARG(text));
            return ERR_INVALID;
        }
    }
    s->trusted_n = o->trusted_proxies_n;
    return OK;
}

static enum err listen_on(struct arena *a, str text, struct http_server *s, str *ret_why) {
    struct sockaddr_storage addr;
    socklen_t len;
    if (!http_listen_parse(text, &addr, &len)) {
        *ret_why = arena_printf(
            a, "cannot listen on \"%.*s\": not an address and a port, like 127.0.0.1:8080 or [::1]:8080",
            STR_ARG(text));
        return ERR_INVALID;
    }
    s->listen_fd = open_listener(&addr, len);
    if (s->listen_fd < 0) {
        *ret_why = arena_printf(a, "cannot listen on %.*s: %s", STR_ARG(text), strerror(errno));
        return ERR_CONFLICT;
    }
    s->port = port_of(s->listen_fd);
    return OK;
}

static bool start_loop(struct http_server *s, struct http_loop *loop, i64 idle_us) {
    /* Poll, never epoll: with suspended connections 0.9.75's epoll loop stalls for good. */
    unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET;
    loop->server = s;
    /* Its two strict checks stay off because the guard makes them better: 0.9.75 answers a missing Host with
     * two replies at once, and a space in the target with none. */
    loop->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, s,                  //
                                    MHD_OPTION_CONNECTION_LIMIT, (unsigned)s->loop_limit, //
                                    MHD_OPTION_CONNECTION_TIMEOUT,
                                    (unsigned)((idle_us + US_SECOND - 1) / US_SECOND),             //
                                    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, //
                                    MHD_OPTION_STRICT_FOR_CLIENT, 0,                               //
                                    MHD_OPTION_URI_LOG_CALLBACK, on_target, s,                     //
                                    MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, s,                //
                                    MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,                  //
                                    MHD_OPTION_NOTIFY_CONNECTION, on_connection, loop,             //
                                    MHD_OPTION_END);
    return loop->daemon != NULL;
}

static void stop_loops(struct http_server *s) {
    for (size_t i = 0; i < s->loops_n; i++)
        MHD_stop_daemon(s->loops[i].daemon);
    s->loops_n = 0;
}

static bool start_loops(struct http_server *s, size_t threads, i64 idle_us) {
    s->loops = ARENA_ARRAY(s->arena, struct http_loop, threads);
    while (s->loops_n < threads && start_loop(s, &s->loops[s->loops_n], idle_us))
        s->loops_n++;
    return s->loops_n == threads;
}

/* Threads of this room take no signals: they are for the main thread. */
static bool start_threads(struct http_server *s, const struct http_options *o) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    long threads = o->threads > 0 ? o->threads : MAX_OF(cores, 1);
    long connections = o->connections > 0 ? o->connections : DEFAULT_CONNECTIONS;
    s->loop_limit = MAX_OF(connections / threads, 1);
    connections = s->loop_limit * threads;
    raise_descriptor_limit((size_t)connections);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    s->watch = http_watch_start(
        s->arena, &(struct http_watch_options){
                      .connections = (size_t)connections,
                      .head_deadline_us = o->head_deadline_us ? o->head_deadline_us : 10 * US_SECOND,
                      .body_deadline_us = o->body_deadline_us ? o->body_deadline_us : 30 * US_SECOND,
                  });
    bool started = s->watch && start_loops(s, (size_t)threads, o->idle_us ? o->idle_us : 30 * US_SECOND) &&
                   http_accept_start(s);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static void free_server(struct http_server *s) {
    stop_loops(s);
    if (s->watch) http_watch_stop(s->watch);
    if (s->listen_fd >= 0) close(s->listen_fd);
    arena_free(s->arena);
}

enum err http_start(struct arena *a, const struct http_options *o, const struct http_app *app,
                    struct http_server **ret, str *ret_why) {
    struct arena *own = arena_make();
    struct http_server *s = ARENA_NEW(own, struct http_server);
    s->arena = own;
    s->app = *app;
    s->per_ip = (size_t)(o->per_ip > 0 ? o->per_ip : DEFAULT_PER_IP);
    s->listen_fd = -1;
    enum err e = read_proxies(a, o, s, ret_why);
    if (!e) e = listen_on(a, o->listen, s, ret_why);
    if (!e && !start_threads(s, o)) {
        *ret_why = arena_printf(a, "cannot start the HTTP threads: %s", strerror(errno));
        e = ERR_INTERNAL;
    }
    if (e) {
        free_server(s);
        return e;
    }
    *ret = s;
    return OK;
}

int http_port(const struct http_server *s) {
    return s->port;
}

/* ---- stopping ---- */

static void sleep_ms(long ms) {
    nanosleep(&(struct timespec){.tv_sec = 0, .tv_nsec = ms * 1000000}, NULL);
}

void http_stop(struct http_server *s, i64 grace_us) {
    if (!s) return;
    i64 end_us = time_mono_us() + grace_us;
    http_accept_stop(s);
    while (atomic_load(&s->running) > 0 && time_mono_us() < end_us)
        sleep_ms(STOP_POLL_MS);
    atomic_store(&s->closing, true);
    /* libmicrohttpd cannot end with suspended connections, and their owners still hold them: no grace ends
     * this wait. */
    while (atomic_load(&s->held) > 0)
        sleep_ms(STOP_POLL_MS);
    free_server(s);
}
