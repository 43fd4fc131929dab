/* The guard: rules on the head of a request, before anything of it is used. It refuses whatever two servers
 * could read differently (RFC 9112 sections 2.2, 3, 5 and 6), because that is how one request is smuggled
 * inside another. Pure: knows no socket and no libmicrohttpd. Only http/ includes this. */
#ifndef HTTP_HTTP_GUARD_H
#define HTTP_HTTP_GUARD_H

#include "http/http.h"

enum {
    HTTP_HEAD_MAX =
        16 * 1024, /* bytes of a head; the rest of the connection's 32 KiB is for bookkeeping and the reply */
    HTTP_HEADERS_MAX = 100,
};

/* A head as the parser saw it: names and values borrow from the buffer it was parsed in, so that their
 * distances tell what stood between them. `bytes` is the length of the head in that buffer, from the method
 * to the empty line. */
struct http_head {
    str method, target, version;
    const struct http_header *headers;
    size_t headers_n;
    size_t bytes;
};

struct http_verdict {
    int status;      /* 0: may pass; else 400, 405, 411 or 431, and the connection closes */
    const char *why; /* for tests and for people who debug a client; never sent */
    enum http_method method;
    u64 length; /* of the body */
};

/* Judges a head. Broken framing comes first (400), then what this server does not do (405, 411). */
struct http_verdict http_guard(const struct http_head *head);
/* A field name or method as RFC 9110 section 5.6.2 allows it. */
bool http_is_token(str s);
/* Visible text, space, tab and bytes over 127; no other control byte. */
bool http_is_field_value(str s);

#endif
