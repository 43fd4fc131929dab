/* What the files of http/ share: the server and one request. The only header that knows libmicrohttpd. */
#ifndef HTTP_HTTP_INTERNAL_H
#define HTTP_HTTP_INTERNAL_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/http_guard.h"
#include "http/http_watch.h"

/* One thread that serves connections. */
struct http_loop {
    struct http_server *server;
    struct MHD_Daemon *daemon;
    _Atomic long connections;
};

struct http_server {
    struct arena *arena; /* the server's own memory, also this struct */
    struct http_app app;
    struct http_net *trusted;
    size_t trusted_n;
    size_t per_ip;
    int listen_fd, port;
    struct http_watch *watch;
    struct http_loop *loops;
    size_t loops_n;
    long loop_limit; /* connections of one of them */
    pthread_t acceptor;
    _Atomic bool stopping; /* replies close their connection, and no new one is taken */
    _Atomic bool closing;  /* the grace is over: the application gets no request any more */
    _Atomic long running;  /* requests whose head has passed and whose reply is not out */
    _Atomic long
        held; /* of these, in the application's hands: inside `handle`, or put aside and not yet resumed */
};

/* Where a request stands between `handle` and its owner; see http_suspend. */
enum http_wait { WAIT_NOT, WAIT_ASIDE, WAIT_OVER };

struct http_req {
    struct http_server *server;
    struct MHD_Connection *mhd;
    struct http_conn *conn;
    struct arena *arena; /* this struct lives in it too */
    i64 started_us;

    /* The head. Headers borrow from libmicrohttpd until the request is done. */
    bool head_seen, counted;
    bool draining; /* the body is too large: it is read, thrown away and answered 413 */
    enum http_method method;
    str target, path, query, ip;
    struct http_header *headers;
    size_t headers_n;
    bool secure;
    struct buf body;

    void *user;
    bool suspend_asked;
    _Atomic int wait; /* enum http_wait */

    /* The reply. */
    struct MHD_Response *response;
    int status;
    size_t reply_bytes;
    bool close_after;
    void (*release)(void *);
    void *release_arg;
    struct buf *piece; /* of a stream */
};

/* A request begins with its request line: `target` is raw. Takes memory; released by http_req_free. */
struct http_req *http_req_make(struct http_server *s, struct MHD_Connection *mhd, struct http_conn *conn,
                               const char *target);
void http_req_free(struct http_req *r);
/* Reads the headers and what proxies say, and judges the head. 0 or the status that refuses it; *ret_length
 * is the body's. */
int http_req_read_head(struct http_req *r, const char *method, const char *version, u64 *ret_length);

/* http_accept.c. Takes connections from now on, on a thread of its own; false when there is none. */
bool http_accept_start(struct http_server *s);
/* Refuses new clients at once, instead of having them queue for nobody. Ends the thread. */
void http_accept_stop(struct http_server *s);

/* Replies with the error's page; the connection closes afterwards. */
void http_refuse(struct http_req *r, int status);
/* Gives the reply to libmicrohttpd. Only on the thread of the connection. */
enum MHD_Result http_reply_send(struct http_req *r);
/* Ends the reply: releases what the application lent. */
void http_reply_done(struct http_req *r);

#endif
