/* The watchdog: every connection of the server, how many one address has, and absolute deadlines for slow
 * clients.
 *
 * libmicrohttpd's time-out starts again with every byte, so a client that drips one byte a second stays for
 * ever. Here a head and a body have a moment at which they must be whole; who is not done is cut off. Only
 * http/ includes this. */
#ifndef HTTP_HTTP_WATCH_H
#define HTTP_HTTP_WATCH_H

#include "http/http_address.h"

struct http_watch;
struct http_conn; /* one connection; valid between open and close */

struct http_watch_options {
    size_t connections; /* the most that are open at once */
    i64 head_deadline_us, body_deadline_us;
};

/* Starts the watchdog's thread; memory from `a`. NULL when the machine gives no thread. */
struct http_watch *http_watch_start(struct arena *a, const struct http_watch_options *o);
/* Stops the thread. Afterwards no call here but on memory of `a`. */
void http_watch_stop(struct http_watch *w);

/* How many connections come from this address; IPv6 is counted by its /64, which one client owns. Any thread.
 */
size_t http_watch_count(struct http_watch *w, const struct http_addr *peer);
/* A connection begins and ends. `fd` stays the caller's, and must stay open until close returns. NULL past
 * the limit. */
struct http_conn *http_watch_open(struct http_watch *w, int fd, const struct http_addr *peer);
void http_watch_close(struct http_watch *w, struct http_conn *c);

/* The request that the connection is at, NULL between two; kept for its thread, not looked at here. */
void http_conn_set_request(struct http_conn *c, struct http_req *r);
struct http_req *http_conn_request(const struct http_conn *c);
const struct http_addr *http_conn_peer(const struct http_conn *c);
/* When the watchdog saw the first byte of the present head (wall clock); 0 when the head was faster than its
 * look. */
i64 http_conn_head_started_us(const struct http_conn *c);

/* What the connection does now. Called by its pool thread: the head is whole and a body follows; the request
 * is whole; the reply is sent and the next head may come. */
void http_conn_body(struct http_watch *w, struct http_conn *c);
void http_conn_busy(struct http_conn *c);
void http_conn_next(struct http_conn *c);

#endif
