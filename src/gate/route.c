/* From an address to a page or operation: area, store view, assisted session, parts of the path. */
#include <stdlib.h>

#include "gate/inside.h"

enum { MAX_PARTS = 8 };

struct route {
    str parts[MAX_PARTS]; /* without slashes; "{name}" takes any */
    size_t n;
    enum gate_area area;
    int index; /* page, or operation */
};

struct route_table {
    struct route *pages, *ops;
    size_t pages_n, ops_n;
};

static bool split(str path, str parts[MAX_PARTS], size_t *ret_n) {
    *ret_n = 0;
    str rest = str_slice(path, 1, path.n);
    if (rest.n == 0) return true;
    while (rest.p) {
        if (*ret_n == MAX_PARTS) return false;
        rest = str_cut(rest, '/', &parts[(*ret_n)++]);
    }
    return true;
}

static bool is_param(str part) {
    return part.n > 2 && part.p[0] == '{';
}

struct route_table *route_table_make(void) {
    struct route_table *t = calloc(1, sizeof *t);
    if (!t) abort();
    t->pages = calloc(gate_pages_n + 1, sizeof *t->pages);
    t->ops = calloc(gate_ops_n + 1, sizeof *t->ops);
    if (!t->pages || !t->ops) abort();
    for (size_t i = 0; i < gate_pages_n; i++) {
        struct route *r = &t->pages[t->pages_n++];
        *r = (struct route){.area = gate_pages[i].area, .index = (int)i};
        if (!split(gate_pages[i].path, r->parts, &r->n)) abort();
    }
    for (size_t i = 0; i < gate_ops_n; i++) {
        if (!gate_ops[i].path.p) continue;
        struct route *r = &t->ops[t->ops_n++];
        *r = (struct route){.area = gate_ops[i].area, .index = (int)i};
        if (!split(gate_ops[i].path, r->parts, &r->n)) abort();
    }
    return t;
}

void route_table_free(struct route_table *t) {
    if (!t) return;
    free(t->pages);
    free(t->ops);
    free(t);
}

static bool fits(const struct route *r, enum gate_area area, const str *parts, size_t n,
                 size_t *ret_literal) {
    if (r->area != area || r->n != n) return false;
    *ret_literal = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_param(r->parts[i])) {
            if (parts[i].n == 0) return false;
        } else {
            if (!str_eq(r->parts[i], parts[i])) return false;
            ++*ret_literal;
        }
    }
    return true;
}

/* The route with the most literal parts, so that /customers/new stands before /customers/{id}. */
static const struct route *find(const struct route *routes, size_t routes_n, enum gate_area area,
                                const str *parts, size_t n) {
    const struct route *best = NULL;
    size_t best_literal = 0, literal;
    for (size_t i = 0; i < routes_n; i++)
        if (fits(&routes[i], area, parts, n, &literal) && (!best || literal > best_literal)) {
            best = &routes[i];
            best_literal = literal;
        }
    return best;
}

static enum err take_params(struct request *rq, const struct route *r, const str *parts) {
    for (size_t i = 0; i < r->n; i++) {
        if (!is_param(r->parts[i])) continue;
        str value;
        if (!http_decode(rq->arena, parts[i], false, &value)) return ERR_NOT_FOUND;
        rq->params[rq->params_n++] = (struct http_pair){str_slice(r->parts[i], 1, r->parts[i].n - 1), value};
    }
    return OK;
}

/* Takes "/as/<session>" and the store view's part off the front. */
static str take_shop_prefix(struct request *rq, str path) {
    str first, rest = str_cut(str_slice(path, 1, path.n), '/', &first);
    if (str_eq(first, S("as")) && rest.p) {
        rest = str_cut(rest, '/', &rq->creds.assist_public_id);
        rq->creds.assisted = true;
        rq->root = arena_printf(rq->arena, "/as/%.*s", STR_ARG(rq->creds.assist_public_id));
        path = rest.p ? (str){rest.p - 1, rest.n + 1} : S("/");
        rest = str_cut(str_slice(path, 1, path.n), '/', &first);
    }
    const struct store_view *named = first.n ? stores_by_path(rq->g->o.stores, first) : NULL;
    rq->view = named ? named : stores_default(rq->g->o.stores);
    if (!named) return path;
    return rest.p ? (str){rest.p - 1, rest.n + 1} : S("/");
}

enum err route_find(struct request *rq) {
    str path = http_req_path(rq->http), parts[MAX_PARTS];
    size_t n;
    rq->root = S("");
    bool admin = str_eq(path, S("/admin")) || str_starts(path, S("/admin/"));
    rq->creds.area = admin ? AREA_ADMIN : AREA_SHOP;
    if (admin)
        rq->view = stores_default(rq->g->o.stores);
    else
        path = take_shop_prefix(rq, path);
    rq->creds.website_id = rq->view->website_id;
    rq->path = path;
    if (path.n > 1 && path.p[path.n - 1] == '/') path.n--; /* one trailing slash is the same page */
    if (!split(path, parts, &n)) return ERR_NOT_FOUND;
    const struct route *page = find(rq->g->routes->pages, rq->g->routes->pages_n, rq->creds.area, parts, n);
    const struct route *op = find(rq->g->routes->ops, rq->g->routes->ops_n, rq->creds.area, parts, n);
    bool post = http_req_method(rq->http) == HTTP_POST;
    const struct route *route = post ? op : page;
    if (!route) return page || op ? ERR_METHOD : ERR_NOT_FOUND;
    if (post)
        rq->op = &gate_ops[route->index];
    else
        rq->page = &gate_pages[route->index];
    rq->name = post ? rq->op->name : rq->page->name;
    return take_params(rq, route, parts);
}
