/* Replies. `handle` makes at most one; http_server.c sends it when `handle` has returned. */
#include "http/http_internal.h"

#include <stdlib.h>

static bool headers_are_sound(const struct http_header *h, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!http_is_token(h[i].name) || !http_is_field_value(h[i].value)) return false;
    return true;
}

static void add(struct http_req *r, struct MHD_Response *m, str name, str value) {
    if (value.n == 0) return; /* libmicrohttpd takes no empty values, and an empty header says nothing */
    if (MHD_add_response_header(m, arena_cstr(r->arena, name), arena_cstr(r->arena, value)) != MHD_YES)
        abort();
}

/* Keeps the reply for sending. False, and the new one is dropped, when there is one already. */
static bool keep(struct http_req *r, int status, const struct http_header *headers, size_t n,
                 struct MHD_Response *m, size_t bytes) {
    if (!m) abort(); /* no memory */
    if (r->response) {
        MHD_destroy_response(m);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        add(r, m, headers[i].name, headers[i].value);
    if (r->close_after || atomic_load(&r->server->stopping)) add(r, m, S("Connection"), S("close"));
    r->response = m;
    r->status = status;
    r->reply_bytes = r->method == HTTP_HEAD ? 0 : bytes;
    return true;
}

static struct MHD_Response *from_bytes(str body, enum MHD_ResponseMemoryMode mode) {
    return MHD_create_response_from_buffer(body.n, (void *)(uintptr_t)(body.p ? body.p : ""), mode);
}

/* A header with a line break in it would be a second header: a mistake of the program, answered as one. */
static bool refuse_unsound(struct http_req *r, const struct http_header *headers, size_t n) {
    if (headers_are_sound(headers, n)) return false;
    if (!r->response) http_refuse(r, 500);
    return true;
}

void http_reply(struct http_req *r, int status, const struct http_header *headers, size_t n, str body) {
    if (refuse_unsound(r, headers, n)) return;
    keep(r, status, headers, n, from_bytes(body, MHD_RESPMEM_MUST_COPY), body.n);
}

void http_reply_static(struct http_req *r, int status, const struct http_header *headers, size_t n, str body,
                       void (*release)(void *), void *arg) {
    bool kept = !refuse_unsound(r, headers, n) &&
                keep(r, status, headers, n, from_bytes(body, MHD_RESPMEM_PERSISTENT), body.n);
    if (kept) {
        r->release = release;
        r->release_arg = arg;
    } else if (release) {
        release(arg);
    }
}

/* ---- streams ---- */

enum { PIECE = 64 * 1024, PIECE_MAX = 16 * PIECE };

struct stream {
    struct http_req *r;
    bool (*next)(void *arg, struct buf *out);
    void *arg;
    struct buf piece;
    size_t sent; /* of the piece */
    bool ended;
};

static ssize_t stream_read(void *cls, uint64_t pos, char *out, size_t max) {
    struct stream *s = cls;
    (void)pos;
    while (s->sent == s->piece.n) {
        if (s->ended) return MHD_CONTENT_READER_END_OF_STREAM;
        buf_clear(&s->piece);
        s->sent = 0;
        s->ended = !s->next(s->arg, &s->piece);
        if (!buf_ok(&s->piece))
            return MHD_CONTENT_READER_END_WITH_ERROR; /* cut off rather than incomplete and well */
    }
    size_t n = MIN_OF(max, s->piece.n - s->sent);
    memcpy(out, s->piece.p + s->sent, n);
    s->sent += n;
    s->r->reply_bytes += n;
    return (ssize_t)n;
}

void http_reply_stream(struct http_req *r, int status, const struct http_header *headers, size_t n,
                       bool (*next)(void *arg, struct buf *out), void (*close)(void *arg), void *arg) {
    struct stream *s = ARENA_NEW(r->arena, struct stream);
    *s = (struct stream){.r = r, .next = next, .arg = arg};
    buf_init(&s->piece, PIECE_MAX);
    bool kept = !refuse_unsound(r, headers, n) &&
                keep(r, status, headers, n,
                     MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE, stream_read, s, NULL), 0);
    if (kept) {
        r->release = close;
        r->release_arg = arg;
        r->piece = &s->piece;
    } else if (close) {
        close(arg);
    }
}

/* ---- errors that http/ answers itself ---- */

static str plain_error(struct http_req *r, int status) {
    const char *words = MHD_get_reason_phrase_for((unsigned)status);
    return arena_printf(r->arena, "%d %s\n", status, words ? words : "Error");
}

void http_refuse(struct http_req *r, int status) {
    const struct http_app *app = &r->server->app;
    str body = app->error_body ? app->error_body(app->ctx, r->arena, status) : plain_error(r, status);
    struct http_header headers[4] = {
        {S("Content-Type"), app->error_body ? S("text/html; charset=utf-8") : S("text/plain; charset=utf-8")},
        {S("Cache-Control"), S("no-store")},
        {S("X-Content-Type-Options"), S("nosniff")},
        {S("Allow"), S("GET, HEAD, POST")},
    };
    r->close_after = true;
    http_reply(r, status, headers, status == 405 ? 4 : 3, body);
}

/* ---- sending ---- */

enum MHD_Result http_reply_send(struct http_req *r) {
    enum MHD_Result ok = MHD_queue_response(r->mhd, (unsigned)r->status, r->response);
    MHD_destroy_response(r->response); /* our reference; libmicrohttpd holds its own */
    r->response = NULL;
    return ok;
}

void http_reply_done(struct http_req *r) {
    if (r->response)
        MHD_destroy_response(r->response); /* made, but the connection was lost before it was sent */
    r->response = NULL;
    if (r->release) r->release(r->release_arg);
    r->release = NULL;
    if (r->piece) buf_done(r->piece);
    r->piece = NULL;
}
