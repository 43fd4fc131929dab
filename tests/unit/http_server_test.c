/* http/: the running server: waiting and resuming, limits, deadlines, replies, stopping. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "http/http.h"

enum { BODY_LIMIT = 1000, PER_IP = 40 };

static struct arena *arena;
static struct http_server *server;
static _Atomic int released, closed, ended, last_status;
static struct http_req *_Atomic waiting;

static void sleep_ms(long ms) {
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* ---- the application ---- */

static size_t body_limit(void *ctx, struct http_req *r) {
    (void)ctx, (void)r;
    return BODY_LIMIT;
}

static void count_up(void *arg) {
    atomic_fetch_add((_Atomic int *)arg, 1);
}

struct numbers {
    int left;
};

static bool next_piece(void *arg, struct buf *out) {
    struct numbers *n = arg;
    for (int i = 0; i < 1000; i++)
        buf_put(out, S("0123456789"));
    return --n->left > 0;
}

static void numbers_close(void *arg) {
    (void)arg;
    atomic_fetch_add(&closed, 1);
}

static void *resume_later(void *arg) {
    sleep_ms(1);
    http_resume(arg);
    return NULL;
}

/* Counts its rounds in the user pointer; "early" is resumed before it is put aside, "late" from another
 * thread. */
static void wait_rounds(struct http_req *r, bool early) {
    pthread_t thread;
    uintptr_t round = (uintptr_t)http_req_user(r);
    if (round == 3) {
        http_reply(r, 200, NULL, 0, S("waited"));
        return;
    }
    http_req_set_user(r, (void *)(round + 1));
    if (early) {
        http_resume(r);
        http_suspend(r);
        return;
    }
    http_suspend(r);
    assert_int_equal(pthread_create(&thread, NULL, resume_later, r), 0);
    pthread_detach(thread);
}

static void handle(void *ctx, struct http_req *r) {
    (void)ctx;
    str path = http_req_path(r);
    struct http_header type[] = {{S("Content-Type"), S("text/plain")}, {S("X-Empty"), S("")}};
    if (str_eq(path, S("/early"))) {
        wait_rounds(r, true);
    } else if (str_eq(path, S("/late"))) {
        wait_rounds(r, false);
    } else if (str_eq(path, S("/hold"))) {
        if (http_req_user(r)) {
            http_reply(r, 200, type, 1, S("held"));
        } else {
            http_req_set_user(r, r);
            http_suspend(r);
            atomic_store(&waiting, r);
        }
    } else if (str_eq(path, S("/static"))) {
        http_reply_static(r, 200, type, 2, S("asset"), count_up, &released);
    } else if (str_eq(path, S("/twice"))) {
        http_reply(r, 200, type, 1, S("first"));
        http_reply_static(r, 201, type, 1, S("second"), count_up, &released);
    } else if (str_eq(path, S("/stream"))) {
        struct numbers *n = ARENA_NEW(http_req_arena(r), struct numbers);
        n->left = 20;
        http_reply_stream(r, 200, type, 1, next_piece, numbers_close, n);
    } else if (str_eq(path, S("/split"))) {
        struct http_header bad[] = {{S("Location"), S("/a\r\nSet-Cookie: stolen=1")}};
        http_reply(r, 303, bad, 1, S(""));
    } else if (str_eq(path, S("/thread"))) {
        u64 self = (u64)pthread_self();
        http_reply(r, 200, type, 1,
                   arena_printf(http_req_arena(r), "thread %llu.", (unsigned long long)self));
    } else if (!str_eq(path, S("/nothing"))) {
        str b = http_req_body(r), q = http_req_query(r), c = http_req_cookie(r, S("id"));
        str text = arena_printf(http_req_arena(r), "%.*s|%.*s|%.*s|%.*s|%.*s|%d|%zu", STR_ARG(path),
                                STR_ARG(q), STR_ARG(c), STR_ARG(http_req_header(r, S("accept"))),
                                STR_ARG(http_req_ip(r)), http_req_secure(r), b.n);
        http_reply(r, 200, type, 1, text);
    }
}

static void done(void *ctx, struct http_req *r, int status, size_t bytes) {
    (void)ctx, (void)r, (void)bytes;
    atomic_store(&last_status, status);
    atomic_fetch_add(&ended, 1);
}

static int start(void **state) {
    (void)state;
    str why = STR_NULL, proxies[] = {S("127.0.0.2")};
    struct http_app app = {.body_limit = body_limit, .handle = handle, .done = done};
    struct http_options o = {.listen = S("127.0.0.1:0"),
                             .threads = 2,
                             .per_ip = PER_IP,
                             .head_deadline_us = US_SECOND / 2,
                             .body_deadline_us = US_SECOND / 2,
                             .trusted_proxies = proxies,
                             .trusted_proxies_n = 1};
    atomic_store(&waiting, NULL);
    return http_start(arena, &o, &app, &server, &why) == OK ? 0 : -1;
}

static int stop(void **state) {
    (void)state;
    http_stop(server, US_SECOND / 10);
    server = NULL;
    return 0;
}

/* ---- the client ---- */

static int dial_from(const char *from) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in me = {.sin_family = AF_INET, .sin_addr = {inet_addr(from)}};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(server))};
    to.sin_addr.s_addr = inet_addr("127.0.0.1");
    struct timeval patience = {.tv_sec = 5};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(bind(fd, (struct sockaddr *)&me, sizeof me), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static int dial(void) {
    return dial_from("127.0.0.1");
}

static void say(int fd, str text) {
    assert_int_equal(send(fd, text.p, text.n, MSG_NOSIGNAL), (ssize_t)text.n);
}

/* Everything until the server closes. */
static str hear(int fd) {
    struct buf b;
    char piece[4096];
    ssize_t n;
    buf_init(&b, 16u << 20);
    while ((n = recv(fd, piece, sizeof piece, 0)) > 0)
        buf_put(&b, (str){piece, (size_t)n});
    close(fd);
    str all = arena_str(arena, buf_str(&b));
    buf_done(&b);
    return all;
}

static str ask(str text) {
    int fd = dial();
    say(fd, text);
    return hear(fd);
}

static bool has(str text, str part) {
    return str_find(text, part) < text.n;
}

#define ENDING " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"

/* ---- tests ---- */

static void test_request(void **state) {
    (void)state;
    str got = ask(S("GET /a%20b?c=%64" ENDING "Cookie: x=1; id=7; id=8\r\nAccept: a\r\nAccept: b\r\n"
                    "X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n\r\n"));
    assert_true(str_starts(got, S("HTTP/1.1 200 ")));
    assert_true(has(got, S("\r\nDate: ")));
    assert_true(str_ends(got, S("\r\n\r\n/a%20b|c=%64|7|a, b|127.0.0.1|0|0"))); /* not a trusted proxy */
    int fd = dial_from("127.0.0.2");
    say(fd, S("GET /" ENDING "X-Forwarded-For: 9.9.9.9, 198.51.100.7\r\nX-Forwarded-Proto: https\r\n\r\n"));
    assert_true(str_ends(hear(fd), S("/||||198.51.100.7|1|0")));
    got = ask(S("HEAD /" ENDING "\r\n"));
    assert_true(has(got, S("Content-Length: ")));
    assert_true(str_ends(got, S("\r\n\r\n")));
}

static void test_pipeline_and_body(void **state) {
    (void)state;
    str got = ask(S("POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
                    "GET /two" ENDING "\r\n"));
    assert_true(has(got, S("/one||||127.0.0.1|0|5")));
    assert_true(str_ends(got, S("/two||||127.0.0.1|0|0")));
}

static void test_too_large(void **state) {
    (void)state;
    str got = ask(S("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n"));
    assert_true(str_starts(got, S("HTTP/1.1 413 ")));
    assert_true(has(got, S("Connection: close")));
    got = ask(S("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"));
    assert_true(str_starts(got, S("HTTP/1.1 413 ")));
}

/* A client that sends everything before it reads gets its answer too. */
static void test_too_large_but_sent(void **state) {
    (void)state;
    char body[1200];
    memset(body, 'x', sizeof body);
    str head = S("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1200\r\n\r\n");
    str got = ask(ARENA_CAT(arena, head, ((str){body, sizeof body})));
    assert_true(str_starts(got, S("HTTP/1.1 413 ")));
    assert_true(has(got, S("Connection: close")));
}

static void test_guard_closes(void **state) {
    (void)state;
    str got =
        ask(S("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
              "GET /smuggled" ENDING "\r\n"));
    assert_true(str_starts(got, S("HTTP/1.1 400 ")));
    assert_false(has(got, S("smuggled")));
    got = ask(S("PUT / HTTP/1.1\r\nHost: x\r\n\r\n"));
    assert_true(str_starts(got, S("HTTP/1.1 405 ")));
    assert_true(has(got, S("Allow: GET, HEAD, POST\r\n")));
}

static void test_waiting(void **state) {
    (void)state;
    assert_true(str_ends(ask(S("GET /early" ENDING "\r\n")), S("waited")));
    assert_true(str_ends(ask(S("GET /late" ENDING "\r\n")), S("waited")));
}

static void test_replies(void **state) {
    (void)state;
    atomic_store(&released, 0);
    atomic_store(&closed, 0);
    assert_true(str_ends(ask(S("GET /static" ENDING "\r\n")), S("\r\n\r\nasset")));
    assert_int_equal(atomic_load(&released), 1);
    assert_true(str_ends(ask(S("GET /twice" ENDING "\r\n")), S("first")));
    assert_int_equal(atomic_load(&released), 2);
    str got = ask(S("GET /split" ENDING "\r\n"));
    assert_true(str_starts(got, S("HTTP/1.1 500 ")));
    assert_false(has(got, S("stolen")));
    assert_true(str_starts(ask(S("GET /nothing" ENDING "\r\n")), S("HTTP/1.1 500 ")));
}

/* The whole stream arrives, and `close` is called once: at the end, for HEAD, and when the client leaves
 * half-way. */
static void test_stream(void **state) {
    (void)state;
    atomic_store(&closed, 0);
    str got = ask(S("GET /stream" ENDING "\r\n"));
    assert_true(got.n > 20 * 10000);
    assert_true(str_ends(got, S("0\r\n\r\n")));
    assert_int_equal(atomic_load(&closed), 1);
    assert_true(str_ends(ask(S("HEAD /stream" ENDING "\r\n")), S("\r\n\r\n")));
    assert_int_equal(atomic_load(&closed), 2);
    int fd = dial(), before = atomic_load(&ended);
    struct linger at_once = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    say(fd, S("GET /stream" ENDING "\r\n"));
    close(fd);
    for (int i = 0; i < 400 && atomic_load(&ended) == before; i++)
        sleep_ms(10);
    assert_true(atomic_load(&closed) <= 3);
}

/* Drips a byte every 50 ms; true when the server cuts the connection within `ms`. */
static bool cut_within(int fd, long ms) {
    char c;
    for (long t = 0; t < ms; t += 50) {
        if (send(fd, "a", 1, MSG_NOSIGNAL) < 0) return true;
        ssize_t n = recv(fd, &c, 1, MSG_DONTWAIT);
        if (n == 0) return true;
        sleep_ms(50);
    }
    return false;
}

static void test_deadlines(void **state) {
    (void)state;
    int head = dial(), body = dial(), second = dial(), quiet = dial();
    say(head, S("GET / HTTP/1.1\r\nHost: "));
    assert_true(cut_within(head, 3000));
    say(body, S("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n"));
    assert_true(cut_within(body, 3000));
    say(second,
        S("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); /* the second head of a connection has a deadline too */
    sleep_ms(200);
    char reply[512];
    assert_true(recv(second, reply, sizeof reply, 0) > 0);
    assert_true(cut_within(second, 3000));
    say(quiet, S("GET /" ENDING "\r\n")); /* who has said nothing is not late */
    assert_true(str_starts(hear(quiet), S("HTTP/1.1 200 ")));
    close(head);
    close(body);
    close(second);
}

static void test_per_ip(void **state) {
    (void)state;
    int fds[PER_IP + 1];
    char c;
    for (int i = 0; i <= PER_IP; i++) {
        fds[i] = dial_from("127.0.0.5");
        sleep_ms(2);
    }
    assert_int_equal(recv(fds[PER_IP], &c, 1, 0) > 0, 0); /* one too many is closed */
    for (int i = 0; i < 2 * PER_IP; i++)
        close(dial_from("127.0.0.2")); /* a trusted proxy is not counted */
    assert_true(str_starts(ask(S("GET /" ENDING "\r\n")), S("HTTP/1.1 200 ")));
    for (int i = 0; i <= PER_IP; i++)
        close(fds[i]);
}

/* Which thread answers on this connection, which stays open. */
static u64 thread_of(int fd) {
    char text[1024];
    say(fd, S("GET /thread HTTP/1.1\r\nHost: a\r\n\r\n"));
    ssize_t n = recv(fd, text, sizeof text, 0);
    str answer = {text, n > 0 ? (size_t)n : 0};
    str id = str_slice(answer, str_find(answer, S("thread ")) + 7, answer.n);
    i64 number;
    assert_true(str_to_i64(str_slice(id, 0, str_find_char(id, '.')), &number));
    return (u64)number;
}

/* Whatever came and went before: lasting connections are shared out evenly. */
static void test_every_thread_has_its_share(void **state) {
    (void)state;
    int fds[12];
    size_t mine = 0;
    for (size_t i = 0; i < COUNT_OF(fds); i++)
        fds[i] = dial();
    u64 first = thread_of(fds[0]);
    for (size_t i = 0; i < COUNT_OF(fds); i++)
        mine += thread_of(fds[i]) == first;
    assert_int_equal(mine, COUNT_OF(fds) / 2);
    for (size_t i = 0; i < COUNT_OF(fds); i++)
        if (thread_of(fds[i]) != first) close(fds[i]), fds[i] = -1;
    sleep_ms(50);
    for (size_t i = 0; i < COUNT_OF(fds); i++)
        if (fds[i] < 0) {
            fds[i] = dial();
            assert_true(thread_of(fds[i]) != first);
        }
    for (size_t i = 0; i < COUNT_OF(fds); i++)
        close(fds[i]);
}

static void *stop_server(void *arg) {
    (void)arg;
    http_stop(server, 5 * US_SECOND);
    return NULL;
}

/* Stopping waits for a request that is put aside, answers it, and takes no new ones. */
static void test_stop_waits(void **state) {
    (void)state;
    pthread_t thread;
    int fd = dial(), ended_before = atomic_load(&ended);
    say(fd, S("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n"));
    for (int i = 0; i < 400 && !atomic_load(&waiting); i++)
        sleep_ms(5);
    assert_non_null(atomic_load(&waiting));
    assert_int_equal(pthread_create(&thread, NULL, stop_server, NULL), 0);
    sleep_ms(100);
    assert_int_equal(atomic_load(&ended), ended_before);
    http_resume(atomic_load(&waiting));
    str got = hear(fd);
    assert_true(str_ends(got, S("held")));
    assert_true(has(got, S("Connection: close")));
    pthread_join(thread, NULL);
    assert_int_equal(atomic_load(&ended), ended_before + 1);
    assert_int_equal(atomic_load(&last_status), 200);
    server = NULL;
}

static void test_start_refuses(void **state) {
    (void)state;
    struct http_app app = {.handle = handle};
    struct http_server *other = NULL;
    str why = STR_NULL, bad[] = {S("nowhere")};
    struct http_options o = {.listen = arena_printf(arena, "127.0.0.1:%d", http_port(server))};
    assert_int_not_equal(http_start(arena, &o, &app, &other, &why), OK);
    assert_true(has(why, S("in use")));
    o.listen = S("nowhere:80");
    assert_int_not_equal(http_start(arena, &o, &app, &other, &why), OK);
    assert_true(has(why, S("nowhere:80")));
    o = (struct http_options){.listen = S("127.0.0.1:0"), .trusted_proxies = bad, .trusted_proxies_n = 1};
    assert_int_not_equal(http_start(arena, &o, &app, &other, &why), OK);
    assert_null(other);
    http_stop(NULL, 0);
}

int main(void) {
    arena = arena_make();
#define LIVE(test) cmocka_unit_test_setup_teardown(test, start, stop)
    const struct CMUnitTest tests[] = {
        LIVE(test_request),
        LIVE(test_pipeline_and_body),
        LIVE(test_too_large),
        LIVE(test_too_large_but_sent),
        LIVE(test_guard_closes),
        LIVE(test_waiting),
        LIVE(test_replies),
        LIVE(test_stream),
        LIVE(test_deadlines),
        LIVE(test_per_ip),
        LIVE(test_stop_waits),
        LIVE(test_start_refuses),
        LIVE(test_every_thread_has_its_share),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
