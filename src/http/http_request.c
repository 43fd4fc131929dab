/* The request as the application sees it. */
#include "http/http_internal.h"

struct http_req *http_req_make(struct http_server *s, struct MHD_Connection *mhd, struct http_conn *conn,
                               const char *target) {
    struct arena *a = arena_make();
    struct http_req *r = ARENA_NEW(a, struct http_req);
    r->arena = a;
    r->server = s;
    r->mhd = mhd;
    r->conn = conn;
    r->method = HTTP_METHOD_OTHER;
    r->target = target ? arena_str(a, str_c(target)) : S(""); /* libmicrohttpd will cut its own copy up */
    r->path = S("/");                                         /* until the head has passed */
    r->ip = S("");
    i64 seen_us = http_conn_head_started_us(conn);
    r->started_us = seen_us ? seen_us : time_now_us();
    return r;
}

void http_req_free(struct http_req *r) {
    buf_done(&r->body);
    arena_free(r->arena);
}

/* ---- reading the head ---- */

struct header_list {
    struct http_header *h;
    size_t n, max;
};

static enum MHD_Result add_header(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_n,
                                  const char *value, size_t value_n) {
    struct header_list *list = cls;
    (void)kind;
    if (list->n == list->max) return MHD_NO;
    list->h[list->n++] = (struct http_header){{name, name_n}, {value ? value : name + name_n + 1, value_n}};
    return MHD_YES;
}

/* One more than allowed, so that the guard sees that there are too many. */
static void collect_headers(struct http_req *r) {
    struct header_list list = {.max = HTTP_HEADERS_MAX + 1};
    list.h = ARENA_ARRAY(r->arena, struct http_header, list.max);
    MHD_get_connection_values_n(r->mhd, MHD_HEADER_KIND, add_header, &list);
    r->headers = list.h;
    r->headers_n = list.n;
}

static size_t head_bytes(struct http_req *r) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(r->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

static void read_client(struct http_req *r) {
    const struct http_server *s = r->server;
    struct http_addr client = *http_conn_peer(r->conn);
    if (http_net_has(s->trusted, s->trusted_n, &client)) {
        r->secure = http_forwarded_secure(http_req_header(r, S("X-Forwarded-Proto")));
        client =
            http_client_addr(s->trusted, s->trusted_n, &client, http_req_header(r, S("X-Forwarded-For")));
    }
    r->ip = http_addr_text(r->arena, &client);
}

int http_req_read_head(struct http_req *r, const char *method, const char *version, u64 *ret_length) {
    collect_headers(r);
    struct http_verdict v = http_guard(&(struct http_head){
        .method = str_c(method),
        .target = r->target,
        .version = str_c(version),
        .headers = r->headers,
        .headers_n = r->headers_n,
        .bytes = head_bytes(r),
    });
    r->method = v.method;
    *ret_length = v.length;
    if (v.status) {
        r->headers_n = 0; /* nobody may believe a header of a head that was refused */
        r->ip = http_addr_text(r->arena, http_conn_peer(r->conn));
        return v.status;
    }
    for (size_t i = 0; i < r->headers_n; i++)
        r->headers[i].value = str_trim(r->headers[i].value);
    r->query = str_cut(r->target, '?', &r->path);
    read_client(r);
    return 0;
}

/* ---- what the application asks ---- */

enum http_method http_req_method(const struct http_req *r) {
    return r->method;
}

str http_req_path(const struct http_req *r) {
    return r->path;
}

str http_req_query(const struct http_req *r) {
    return r->query;
}

str http_req_body(const struct http_req *r) {
    return buf_str(&r->body);
}

/* A list that came in several fields is one list (RFC 9110 section 5.2). */
str http_req_header(const struct http_req *r, str name) {
    str found = STR_NULL;
    for (size_t i = 0; i < r->headers_n; i++) {
        if (!str_eq_nocase(r->headers[i].name, name)) continue;
        str value = r->headers[i].value;
        found = found.p ? ARENA_CAT(r->arena, found, S(", "), value) : value;
    }
    return found;
}

str http_req_cookie(const struct http_req *r, str name) {
    str rest = http_req_header(r, S("Cookie"));
    while (rest.n > 0) {
        str pair, key;
        rest = str_cut(rest, ';', &pair);
        str value = str_cut(pair, '=', &key);
        if (value.p && str_eq(str_trim(key), name)) return str_trim(value);
    }
    return STR_NULL;
}

str http_req_ip(const struct http_req *r) {
    return r->ip;
}

bool http_req_secure(const struct http_req *r) {
    return r->secure;
}

struct arena *http_req_arena(struct http_req *r) {
    return r->arena;
}

void http_req_set_user(struct http_req *r, void *user) {
    r->user = user;
}

void *http_req_user(const struct http_req *r) {
    return r->user;
}

i64 http_req_started_us(const struct http_req *r) {
    return r->started_us;
}
