/* HTTP/1.1 over libmicrohttpd, whose types do not leave this room. One server: poll mode with suspend and
 * resume (never epoll: 0.9.75 stalls for good), strict parsing, our own guard against ambiguous framing,
 * absolute deadlines. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/base.h"

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_METHOD_OTHER };

struct http_server;
struct http_req; /* one request; valid until its reply was sent */

struct http_header {
    str name, value;
};

/* The two calls that the application receives, both on a pool thread. */
struct http_app {
    /* The head has arrived and passed the guard. Returns the largest body in bytes that this request may
     * have; a longer one is answered 413 and never kept. Must not reply. */
    size_t (*body_limit)(void *ctx, struct http_req *r);
    /* The request is whole. Replies with http_reply…, or suspends; after http_resume it is called again. */
    void (*handle)(void *ctx, struct http_req *r);
    /* The reply was sent or the connection was lost: `status` 0 when no reply got out. For the access log.
     * Once for every request line, so also for heads that were refused before body_limit: then the user
     * pointer is NULL, the path "/". */
    void (*done)(void *ctx, struct http_req *r, int status, size_t bytes);
    /* Renders the body of an error that http/ answers itself (400, 413, 431…): plain text when NULL. */
    str (*error_body)(void *ctx, struct arena *a, int status);
    void *ctx;
};

struct http_options {
    str listen;                 /* "127.0.0.1:8080", "[::1]:0"; port 0: any free one */
    int threads;                /* 0: number of cores */
    int connections;            /* 0: 4096 */
    int per_ip;                 /* connections from one address that is no trusted proxy; 0: 1024 */
    i64 head_deadline_us;       /* from the first byte to the end of the head; 0: 10 s */
    i64 body_deadline_us;       /* from the end of the head to the end of the body; 0: 30 s */
    i64 idle_us;                /* keep-alive; 0: 30 s */
    const str *trusted_proxies; /* addresses or CIDR blocks whose X-Forwarded-For and -Proto are believed */
    size_t trusted_proxies_n;
};

/* Listens and serves. On failure *ret_why is one line for the operator (port in use, bad address), in `a`. */
enum err http_start(struct arena *a, const struct http_options *o, const struct http_app *app,
                    struct http_server **ret, str *ret_why) MUST_CHECK;
/* The port that is listened on. */
int http_port(const struct http_server *s);
/* Stops accepting, waits up to `grace_us` for requests that run (suspended ones must be resumed by their
 * owner), then closes. Requests that are still put aside are waited for without end: resume them all. Accepts
 * NULL. */
void http_stop(struct http_server *s, i64 grace_us);

/* ---- the request ---- */

enum http_method http_req_method(const struct http_req *r);
/* As sent, up to the '?': still percent-encoded; starts with '/'; no control bytes. */
str http_req_path(const struct http_req *r);
/* Behind the '?', still encoded; STR_NULL when there was none. */
str http_req_query(const struct http_req *r);
/* The whole body; empty for GET. */
str http_req_body(const struct http_req *r);
/* A header by name without regard to case; STR_NULL when absent; repeated headers that may not repeat were
 * refused. */
str http_req_header(const struct http_req *r, str name);
/* A cookie's value; STR_NULL when absent. When sent twice under one name, the first (RFC 6265 section 5.4:
 * longest path first). */
str http_req_cookie(const struct http_req *r, str name);
/* The client's address as text: the peer, or what a trusted proxy says. */
str http_req_ip(const struct http_req *r);
/* The client came over TLS, by word of a trusted proxy. */
bool http_req_secure(const struct http_req *r);
/* Memory of this request; gone when `done` returns. */
struct arena *http_req_arena(struct http_req *r);
/* The application's own pointer for this request, NULL at first. */
void http_req_set_user(struct http_req *r, void *user);
void *http_req_user(const struct http_req *r);
/* When the first byte arrived (wall clock; exact to the first line for a head that came at once). */
i64 http_req_started_us(const struct http_req *r);

/* ---- waiting ---- */

/* Puts the request aside. Only from `handle`; do not reply in the same call. The owner must resume it, and
 * may be faster than this call: hand the request over first or suspend first, as suits; it stays valid until
 * `handle` has returned. */
void http_suspend(struct http_req *r);
/* Lets `handle` be called again. Any thread, once per suspension. */
void http_resume(struct http_req *r);

/* ---- the reply: exactly one per request ----
 *
 * From `handle`. A second reply is dropped, none at all is a 500, and so is a header with a control byte in
 * it. Headers with an empty value are not sent. `release` and `close` run before `done`, so their `arg` may
 * live in the request's arena. Date, Content-Length, Transfer-Encoding and Connection are made here. */

/* Copies the body. */
void http_reply(struct http_req *r, int status, const struct http_header *headers, size_t n, str body);
/* Sends bytes that live as long as the program (assets) or until `release(arg)` is called after sending. Not
 * copied. */
void http_reply_static(struct http_req *r, int status, const struct http_header *headers, size_t n, str body,
                       void (*release)(void *), void *arg);
/* A body in pieces: `next` puts up to about 64 KiB into `out` on a pool thread; false means that was the end;
 * buf_fail on `out` cuts the transfer off, so that nobody takes a part for the whole; `close(arg)` is called
 * once, also when the client left. For exports. */
void http_reply_stream(struct http_req *r, int status, const struct http_header *headers, size_t n,
                       bool (*next)(void *arg, struct buf *out), void (*close)(void *arg), void *arg);

/* ---- text of the web ---- */

/* Decodes %XX (and '+' as space where `plus`); false on a bad escape, a NUL or wrong UTF-8. */
bool http_decode(struct arena *a, str in, bool plus, str *ret);
/* Encodes everything but unreserved characters (RFC 3986 section 2.3), keeping '/' where `keep_slash`. */
void http_encode(struct buf *out, str in, bool keep_slash);

/* Name-value pairs of application/x-www-form-urlencoded, in order, decoded. ERR_BAD_REQUEST on wrong encoding
 * or on more than `max` pairs. */
struct http_pair {
    str name, value;
};
enum err http_parse_form(struct arena *a, str body, size_t max, struct http_pair **ret,
                         size_t *ret_n) MUST_CHECK;

#endif
