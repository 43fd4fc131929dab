/* The head of an answer: its headers, cookies, and the messages that survive one redirect. */
#include "gate/answer_inside.h"

void answer_head_add(struct answer_head *h, const char *name, str value) {
    if (h->n < COUNT_OF(h->h)) h->h[h->n++] = (struct http_header){str_c(name), value};
}

void answer_head_common(struct answer_head *h, str content_type) {
    answer_head_add(h, "Content-Type", content_type);
    answer_head_add(h, "X-Content-Type-Options", S("nosniff"));
    answer_head_add(h, "Referrer-Policy", S("same-origin"));
}

void answer_head_page(struct answer_head *h) {
    answer_head_common(h, S("text/html; charset=utf-8"));
    answer_head_add(h, "Cache-Control", S("private, no-store"));
    answer_head_add(h, "Content-Security-Policy",
                    S("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                      "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"));
    answer_head_add(h, "Cross-Origin-Opener-Policy", S("same-origin"));
    answer_head_add(h, "Permissions-Policy", S("camera=(), microphone=(), geolocation=(), payment=()"));
    answer_head_add(h, "X-Frame-Options", S("DENY"));
}

void answer_head_cookie(struct request *rq, struct answer_head *h, const struct cookie *c) {
    bool secure = http_req_secure(rq->http) || str_starts(rq->g->o.url, S("https:"));
    str age = c->max_age_s > 0   ? arena_printf(rq->arena, "; Max-Age=%lld", (long long)c->max_age_s)
              : c->max_age_s < 0 ? S("; Max-Age=0")
                                 : S("");
    answer_head_add(h, "Set-Cookie",
                    ARENA_CAT(rq->arena, c->name, S("="), c->value, S("; Path="), c->path, age,
                              S("; HttpOnly; SameSite=Lax"), secure ? S("; Secure") : S("")));
}

void answer_head_token(struct request *rq, struct answer_head *h) {
    if (!rq->set_token) return;
    bool admin = rq->creds.area == AREA_ADMIN;
    struct cookie c = {.name =
                           admin ? S(COOKIE_ADMIN) : cookie_shop_name(rq->arena, rq->g, rq->creds.website_id),
                       .value = rq->csrf_secret,
                       .path = admin ? S("/admin") : S("/")};
    answer_head_cookie(rq, h, &c);
}

/* ---- messages that survive one redirect ---- */

/* The part of the site that a message is for; also the cookie's path. */
static str flash_scope(struct arena *a, str path) {
    if (str_eq(path, S("/admin")) || str_starts(path, S("/admin/"))) return S("/admin");
    if (!str_starts(path, S("/as/"))) return S("/");
    size_t end = str_find_char(str_slice(path, 4, path.n), '/');
    return arena_str(a, str_slice(path, 0, 4 + end));
}

void answer_flash(struct request *rq, struct answer_head *h, str to, const struct notice *notices, size_t n) {
    if (n == 0) return;
    str scope = flash_scope(rq->arena, to), text = scope;
    for (size_t i = 0; i < n; i++)
        text = ARENA_CAT(rq->arena, text, S("\x1e"), notices[i].warning ? S("w") : S("s"),
                         str_slice(notices[i].text, 0, 600));
    struct cookie c = {.name = S(COOKIE_FLASH),
                       .value = cookie_seal(rq->g, rq->arena, text),
                       .path = scope,
                       .max_age_s = 60};
    answer_head_cookie(rq, h, &c);
}

size_t answer_take_flash(struct request *rq, struct answer_head *h, struct notice *ret, size_t max) {
    str sealed = http_req_cookie(rq->http, S(COOKIE_FLASH));
    if (!sealed.p) return 0;
    str scope = flash_scope(rq->arena, http_req_path(rq->http)), head;
    str rest = cookie_unseal(rq->g, rq->arena, sealed);
    if (!rest.p) return 0;
    rest = str_cut(rest, '\x1e', &head);
    if (!str_eq(head, scope)) return 0;
    size_t n = 0;
    while (rest.p && n < max) {
        rest = str_cut(rest, '\x1e', &head);
        if (head.n) ret[n++] = (struct notice){head.p[0] == 'w', str_slice(head, 1, head.n)};
    }
    struct cookie c = {.name = S(COOKIE_FLASH), .value = S(""), .path = scope, .max_age_s = -1};
    answer_head_cookie(rq, h, &c);
    return n;
}
