/* From a handler to bytes on the wire: environment of the rendering, frame, holes, cookies, headers, page
 * cache. */
#include <stdio.h>

#include "gate/inside.h"
#include "gen/gate_tpl.h"

enum { PAGE_MAX = 4 * 1024 * 1024 };

/* ---------------------------------------------------------------- headers and cookies */

struct headers {
    struct http_header h[24];
    size_t n;
};

static void add(struct headers *h, const char *name, str value) {
    if (h->n < COUNT_OF(h->h)) h->h[h->n++] = (struct http_header){str_c(name), value};
}

static void add_common(struct headers *h, str content_type) {
    add(h, "Content-Type", content_type);
    add(h, "X-Content-Type-Options", S("nosniff"));
    add(h, "Referrer-Policy", S("same-origin"));
}

/* Every page holds something of one reader, if only the CSRF token: no cache but the browser's own may keep
 * it. */
static void add_page(struct headers *h) {
    add_common(h, S("text/html; charset=utf-8"));
    add(h, "Cache-Control", S("private, no-store"));
    add(h, "Content-Security-Policy",
        S("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src "
          "'self'; "
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"));
    add(h, "Cross-Origin-Opener-Policy", S("same-origin"));
    add(h, "Permissions-Policy", S("camera=(), microphone=(), geolocation=(), payment=()"));
    add(h, "X-Frame-Options", S("DENY"));
}

static void add_cookie(struct request *rq, struct headers *h, const struct cookie *c) {
    bool secure = http_req_secure(rq->http) || str_starts(rq->g->o.url, S("https:"));
    str age = c->max_age_s > 0   ? arena_printf(rq->arena, "; Max-Age=%lld", (long long)c->max_age_s)
              : c->max_age_s < 0 ? S("; Max-Age=0")
                                 : S("");
    add(h, "Set-Cookie",
        ARENA_CAT(rq->arena, c->name, S("="), c->value, S("; Path="), c->path, age,
                  S("; HttpOnly; SameSite=Lax"), secure ? S("; Secure") : S("")));
}

/* A reader without a session gets a token of its own, so that every form can be tied to this browser. No row
 * is made for it. */
static void add_token(struct request *rq, struct headers *h) {
    if (!rq->set_token) return;
    bool admin = rq->creds.area == AREA_ADMIN;
    struct cookie c = {.name =
                           admin ? S(COOKIE_ADMIN) : cookie_shop_name(rq->arena, rq->g, rq->creds.website_id),
                       .value = rq->csrf_secret,
                       .path = admin ? S("/admin") : S("/")};
    add_cookie(rq, h, &c);
}

/* ---------------------------------------------------------------- messages that survive one redirect */

/* The part of the site that a message is for; also the cookie's path. */
static str flash_scope(struct arena *a, str path) {
    if (str_eq(path, S("/admin")) || str_starts(path, S("/admin/"))) return S("/admin");
    if (!str_starts(path, S("/as/"))) return S("/");
    size_t end = str_find_char(str_slice(path, 4, path.n), '/');
    return arena_str(a, str_slice(path, 0, 4 + end));
}

static void add_flash(struct request *rq, struct headers *h, str to, const struct notice *notices, size_t n) {
    if (n == 0) return;
    str scope = flash_scope(rq->arena, to), text = scope;
    for (size_t i = 0; i < n; i++)
        text = ARENA_CAT(rq->arena, text, S("\x1e"), notices[i].warning ? S("w") : S("s"),
                         str_slice(notices[i].text, 0, 600));
    struct cookie c = {.name = S(COOKIE_FLASH),
                       .value = cookie_seal(rq->g, rq->arena, text),
                       .path = scope,
                       .max_age_s = 60};
    add_cookie(rq, h, &c);
}

/* Reads the messages for this page and takes the cookie away. */
static size_t take_flash(struct request *rq, struct headers *h, struct notice *ret, size_t max) {
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
    add_cookie(rq, h, &c);
    return n;
}

/* ---------------------------------------------------------------- rendering */

struct env {
    struct html_env html; /* first: a html_env is its env */
    struct request *rq;
};

static bool may_reader(const struct html_env *html, int op) {
    const struct env *e = html->ctx;
    return who_may_run(&e->rq->who, &gate_ops[op]) == OK;
}

/* A page for everybody shows the forms that everybody may use. */
static bool may_public(const struct html_env *html, int op) {
    (void)html;
    return gate_ops[op].right == RIGHT_ANYONE;
}

static enum lang reader_lang(const struct request *rq) {
    if (rq->creds.area == AREA_SHOP || !rq->who.actor.staff_locale.n) return rq->view->lang;
    return i18n_lang(rq->who.actor.staff_locale);
}

static void env_init(struct env *e, struct request *rq, bool is_public, const struct html_form *form) {
    bool shop = rq->creds.area == AREA_SHOP;
    enum lang lang = reader_lang(rq);
    e->rq = rq;
    e->html = (struct html_env){
        .lang = lang,
        .format = shop ? world_view_format(rq->g, rq->world, rq->view) : rq->world->admin_formats[lang],
        .view_path = shop ? rq->view->root : S(""),
        .form = form,
        .may = is_public ? may_public : may_reader,
        .ctx = e,
    };
}

static void fill(struct request *rq, struct buf *out, str bytes, const struct html_mark *marks, size_t n,
                 const struct html *top, str csrf) {
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        buf_put(out, str_slice(bytes, from, marks[i].at));
        from = marks[i].at;
        switch (marks[i].hole) {
        case HOLE_ROOT: buf_put(out, rq->root); break;
        case HOLE_CSRF: buf_put(out, csrf); break;
        case HOLE_TOP:
            if (top) fill(rq, out, buf_str(&top->b), top->marks, top->marks_n, NULL, csrf);
            break;
        case HOLE_MAX: break;
        }
    }
    buf_put(out, str_slice(bytes, from, bytes.n));
}

static void send(struct request *rq, struct headers *h, int status, str bytes, const struct html_mark *marks,
                 size_t marks_n, const struct html *top) {
    struct buf out;
    buf_init(&out, PAGE_MAX + 256 * 1024);
    fill(rq, &out, bytes, marks, marks_n, top, csrf_token(rq->g, rq->arena, rq->csrf_secret));
    add_token(rq, h);
    http_reply(rq->http, buf_ok(&out) ? status : 500, h->h, h->n, buf_str(&out));
    buf_done(&out);
}

/* A shop page with the reader's own top. */
static void send_shop(struct request *rq, struct db_r *db, int status, str bytes,
                      const struct html_mark *marks, size_t marks_n) {
    struct headers h = {.n = 0};
    struct notice notices[4];
    struct env env;
    struct html top;
    add_page(&h);
    if (rq->cache) add(&h, "X-Page-Cache", str_c(rq->cache));
    size_t n = take_flash(rq, &h, notices, COUNT_OF(notices));
    env_init(&env, rq, false, NULL);
    html_init(&top, rq->arena, &env.html, 64 * 1024);
    db_set_sight(db, who_sight(&rq->who.actor));
    enum err e = frame_shop_top(rq, db, notices, n, &top);
    if (!e && !html_ok(&top)) e = ERR_INTERNAL;
    if (e)
        answer_error(rq, e, STR_NULL);
    else
        send(rq, &h, status, bytes, marks, marks_n, &top);
    html_done(&top);
}

static void send_stream(struct request *rq, struct gate_reply *reply);
static void send_bytes(struct request *rq, struct gate_reply *reply);

static void keep_work(struct request *rq, struct gate_reply *reply);

static bool send_special(struct request *rq, struct gate_reply *reply) {
    if (reply->redirect.p)
        answer_redirect(rq, answer_full_path(rq, reply->redirect), NULL);
    else if (reply->next)
        send_stream(rq, reply);
    else if (reply->work)
        keep_work(rq, reply);
    else if (reply->has_bytes)
        send_bytes(rq, reply);
    else
        return false;
    return true;
}

static struct pub pub_of(struct request *rq, struct db_r *db, struct html *out, struct gate_reply *reply) {
    return (struct pub){
        .db = db,
        .arena = rq->arena,
        .out = out,
        .stores = rq->g->o.stores,
        .view = rq->view,
        .settings = rq->world->settings,
        .lang = rq->view->lang,
        .group_id = rq->who.actor.group_id,
        .now_us = rq->now_us,
        .reply = reply,
    };
}

/* ---------------------------------------------------------------- pages from or into the cache */

/* Everything a public handler can look at, and nothing else. */
static str cache_key(struct request *rq, const struct gate_page *page, const struct http_pair *pairs,
                     size_t n) {
    struct buf b;
    buf_init(&b, 8 * 1024);
    buf_printf(&b, "%lld %lld %lld %s", (long long)rq->world->number, (long long)rq->view->id,
               (long long)rq->who.actor.group_id, page->name);
    for (size_t f = 0; f < page->fields_n; f++)
        for (size_t i = 0; i < n; i++)
            if (str_eq(pairs[i].name, str_c(page->fields[f].name))) {
                buf_printf(&b, "\x1f%zu=", f);
                buf_put(&b, pairs[i].value);
            }
    str key = arena_str(rq->arena, buf_str(&b));
    bool good = buf_ok(&b);
    buf_done(&b);
    return good ? key : STR_NULL;
}

static bool cache_wanted(const struct request *rq, const struct html_form *form) {
    bool assisted = rq->who.actor.kind == ACTOR_ASSISTED;
    if (form) return false;
    return !assisted || !setting_bool(rq->world->settings, SETTING_ASSIST_CACHE_OFF, SETTING_DEFAULT);
}

static void answer_public(struct request *rq, struct db_r *db, const struct gate_page *page, const void *in,
                          const struct html_form *form, int status) {
    struct gate_reply reply = {.rq = rq, .status = status};
    struct db_watch *watch = NULL;
    struct env env;
    struct html out;
    str key = STR_NULL;
    bool cached = cache_wanted(rq, form);
    rq->cache = "bypass";
    if (cached) {
        key = cache_key(rq, page, rq->posted, rq->posted_n);
        const struct cache_entry *e = key.p ? cache_get(rq->g->cache, rq->g->o.db, key) : NULL;
        if (e) {
            rq->cache = "hit";
            send_shop(rq, db, e->status, e->bytes, e->marks, e->marks_n);
            cache_put_back(rq->g->cache, e);
            return;
        }
        rq->cache = "miss";
        watch = db_watch_begin(db);
    }
    env_init(&env, rq, true, form);
    html_init(&out, rq->arena, &env.html, PAGE_MAX);
    struct pub p = pub_of(rq, db, &out, &reply);
    db_set_sight(db, (struct db_sight){.self = 0, .scope = 0});
    enum err e = page->pub(&p, in);
    if (!e && send_special(rq, &reply)) {
        html_done(&out);
        return;
    }
    if (!e) {
        html_t body = html_take(&out);
        e = frame_shop(rq, &p, body, &out);
    }
    if (!e && !html_ok(&out)) e = ERR_TOO_LARGE;
    if (e) {
        answer_error(rq, e, STR_NULL);
    } else {
        if (watch && key.p && reply.status == 200)
            cache_store(rq->g->cache, key, &out, reply.status, db_watch_copy(watch));
        send_shop(rq, db, reply.status, buf_str(&out.b), out.marks, out.marks_n);
    }
    html_done(&out);
}

/* ---------------------------------------------------------------- pages of one reader */

static struct page page_of(struct request *rq, struct db_r *db, struct html *out, struct gate_reply *reply,
                           const struct env *env, const struct html_form *form) {
    return (struct page){
        .db = db,
        .arena = rq->arena,
        .out = out,
        .stores = rq->g->o.stores,
        .view = rq->view,
        .settings = rq->world->settings,
        .lang = env->html.lang,
        .format = env->html.format,
        .actor = &rq->who.actor,
        .form = form,
        .now_us = rq->now_us,
        .path = rq->path,
        .query = http_req_query(rq->http),
        .reply = reply,
    };
}

/* Puts the frame around what the handler rendered, and sends it. */
static enum err send_framed(struct request *rq, struct db_r *db, struct gate_reply *reply, struct html *out) {
    struct headers h = {.n = 0};
    struct notice notices[4];
    html_t body = html_take(out);
    bool shop = rq->creds.area == AREA_SHOP;
    if (shop && !reply->bare) {
        struct pub p = pub_of(rq, db, out, reply);
        TRY(frame_shop(rq, &p, body, out));
        if (!html_ok(out)) return ERR_TOO_LARGE;
        send_shop(rq, db, reply->status, buf_str(&out->b), out->marks, out->marks_n);
        return OK;
    }
    add_page(&h);
    size_t n = take_flash(rq, &h, notices, COUNT_OF(notices));
    if (reply->bare || rq->who.actor.kind != ACTOR_STAFF)
        frame_bare(rq, body, reply->title, notices, n, out);
    else
        TRY(frame_admin(rq, reply, body, notices, n, out));
    if (!html_ok(out)) return ERR_TOO_LARGE;
    send(rq, &h, reply->status, buf_str(&out->b), out->marks, out->marks_n, NULL);
    return OK;
}

typedef enum err page_call(struct page *p, const void *arg, const struct request *rq);

static enum err call_page(struct page *p, const void *arg, const struct request *rq) {
    (void)rq;
    const void *const *both = arg;
    return ((const struct gate_page *)both[0])->page(p, both[1]);
}

static enum err call_answer(struct page *p, const void *arg, const struct request *rq) {
    (void)arg;
    return rq->op->answer(p, rq->task->state.result);
}

static void answer_private(struct request *rq, struct db_r *db, page_call *call, const void *arg,
                           const struct html_form *form, int status) {
    struct gate_reply reply = {.rq = rq, .status = status};
    struct env env;
    struct html out;
    env_init(&env, rq, false, form);
    html_init(&out, rq->arena, &env.html, PAGE_MAX);
    struct page p = page_of(rq, db, &out, &reply, &env, form);
    db_set_sight(db, who_sight(&rq->who.actor));
    enum err e = call(&p, arg, rq);
    if (!e && !send_special(rq, &reply)) e = send_framed(rq, db, &reply, &out);
    if (e) answer_error(rq, e, STR_NULL);
    html_done(&out);
}

void answer_page(struct request *rq, struct db_r *db, const struct gate_page *page, const void *in,
                 const struct html_form *form, int status) {
    const void *both[2] = {page, in};
    if (page->is_public)
        answer_public(rq, db, page, in, form, status);
    else
        answer_private(rq, db, call_page, both, form, status);
}

void answer_result(struct request *rq, struct db_r *db) {
    answer_private(rq, db, call_answer, NULL, NULL, 200);
}

/* ---------------------------------------------------------------- other answers */

str answer_full_path(const struct request *rq, str path) {
    if (rq->creds.area == AREA_ADMIN) return path;
    bool home = path.n == 1 && rq->view->root.n;
    return ARENA_CAT(rq->arena, rq->root, rq->view->root, home ? S("") : path);
}

void answer_redirect(struct request *rq, str path, const struct op_state *st) {
    struct headers h = {.n = 0};
    add_common(&h, S("text/plain; charset=utf-8"));
    add(&h, "Cache-Control", S("private, no-store"));
    add(&h, "Location", path);
    if (st) {
        for (size_t i = 0; i < st->cookies_n; i++)
            add_cookie(rq, &h, &st->cookies[i]);
        add_flash(rq, &h, path, st->notices, st->notices_n);
    }
    http_reply(rq->http, 303, h.h, h.n, S(""));
}

void answer_bytes(struct request *rq, int status, str content_type, str body) {
    struct headers h = {.n = 0};
    add_common(&h, content_type);
    add(&h, "Cache-Control", S("no-store"));
    http_reply(rq->http, status, h.h, h.n, body);
}

/* A PDF is read or printed where it is; everything else with a name is kept. */
static str disposition(struct request *rq, const struct gate_reply *reply) {
    str how = str_eq(reply->content_type, S("application/pdf")) ? S("inline") : S("attachment");
    return reply->filename.p ? ARENA_CAT(rq->arena, how, S("; filename=\""), reply->filename, S("\""))
                             : S("inline");
}

static void send_bytes(struct request *rq, struct gate_reply *reply) {
    struct headers h = {.n = 0};
    add_common(&h, reply->content_type);
    /* Pictures of products are public and change seldom; everything else may be somebody's own. */
    bool is_public = rq->page && rq->page->is_public;
    add(&h, "Cache-Control", is_public ? S("public, max-age=3600") : S("private, no-store"));
    /* A browser's reader of PDF does not start in a sandbox. */
    bool is_pdf = str_eq(reply->content_type, S("application/pdf"));
    add(&h, "Content-Security-Policy",
        is_pdf ? S("default-src 'none'; style-src 'unsafe-inline'")
               : S("default-src 'none'; style-src 'unsafe-inline'; sandbox"));
    add(&h, "Content-Disposition", disposition(rq, reply));
    http_reply(rq->http, reply->status, h.h, h.n, reply->bytes);
}

struct stream {
    struct gate *g;
    struct db_sight sight;
    bool (*next)(void *arg, struct db_r *db, struct buf *out);
    void *arg;
};

static bool stream_next(void *arg, struct buf *out) {
    struct stream *s = arg;
    struct arena *a = arena_make();
    struct db_r *r;
    bool more = false;
    if (db_read_begin(s->g->o.db, a, s->sight, &r) == OK) {
        more = s->next(s->arg, r, out);
        db_read_end(r);
    } else {
        buf_fail(out);
    }
    arena_free(a);
    return more;
}

static void stream_close(void *arg) {
    (void)arg; /* all of it lives in the request's arena */
}

static void send_stream(struct request *rq, struct gate_reply *reply) {
    struct headers h = {.n = 0};
    struct stream *s = ARENA_NEW(rq->arena, struct stream);
    *s = (struct stream){rq->g, who_sight(&rq->who.actor), reply->next, reply->arg};
    add_common(&h, reply->content_type);
    add(&h, "Cache-Control", S("private, no-store"));
    add(&h, "Content-Disposition", disposition(rq, reply));
    http_reply_stream(rq->http, reply->status, h.h, h.n, stream_next, stream_close, s);
}

/* ---------------------------------------------------------------- slow work */

enum { WORK_MAX = 64 * 1024 * 1024 };

struct reply_work {
    struct slow_task slow;
    struct request *rq;
    struct gate_reply reply;
    struct buf out;
    enum err e;
};

static void work_forget(void *arg) {
    buf_done(&((struct reply_work *)arg)->out);
}

static void keep_work(struct request *rq, struct gate_reply *reply) {
    rq->work = ARENA_NEW(rq->arena, struct reply_work);
    *rq->work = (struct reply_work){.rq = rq, .reply = *reply};
    buf_init(&rq->work->out, WORK_MAX);
    arena_on_reset(rq->arena, work_forget, rq->work);
}

static void work_run(struct slow_task *slow) {
    struct reply_work *w = (struct reply_work *)((char *)slow - offsetof(struct reply_work, slow));
    struct request *rq = w->rq;
    w->e = w->reply.work(w->reply.arg, &w->out);
    rq->stage = STAGE_WORKED;
    http_resume(rq->http);
}

void answer_start_work(struct request *rq) {
    struct reply_work *w = rq->work;
    w->slow.run = work_run;
    rq->stage = STAGE_RUNNING;
    http_suspend(rq->http);
    w->e = slow_submit(rq->g->slow, &w->slow);
    if (!w->e) return;
    rq->stage = STAGE_WORKED;
    http_resume(rq->http);
}

void answer_work(struct request *rq) {
    struct reply_work *w = rq->work;
    if (!w->e && !buf_ok(&w->out)) w->e = ERR_TOO_LARGE;
    if (w->e) {
        answer_error(rq, w->e, STR_NULL);
        return;
    }
    w->reply.bytes = buf_str(&w->out);
    send_bytes(rq, &w->reply);
}

/* ---------------------------------------------------------------- errors */

static const struct {
    enum err e;
    str title, text;
} words[] = {
#undef T
#define T(msgid) S_INIT(msgid)
    {ERR_BAD_REQUEST, T("This request is not valid"), T("Please check the address and try again.")},
    {ERR_UNAUTHENTICATED, T("Please sign in"), T("You must sign in before you can do this.")},
    {ERR_FORBIDDEN, T("You may not do this"),
     T("You do not have permission for this, or the page was open for too long. Please go back, "
       "reload the page and try again.")},
    {ERR_REFUSED, T("This was refused"), T("This is not possible at the moment.")},
    {ERR_PROTECTED, T("Only the customer can do this"),
     T("For the customer's safety this cannot be done in an assisted session. "
       "Please ask the customer to do it in person.")},
    {ERR_NOT_FOUND, T("Page not found"),
     T("There is nothing at this address. It may have moved, or never existed.")},
    {ERR_METHOD, T("This cannot be done this way"), T("This address does not take this kind of request.")},
    {ERR_CONFLICT, T("Somebody else was first"),
     T("This was changed by somebody else in the meantime. Please reload the page and try "
       "again.")},
    {ERR_GONE, T("This has ended"), T("This link or session has been used already, or its time is over.")},
    {ERR_TOO_LARGE, T("This is too large"), T("Please send less at once.")},
    {ERR_INVALID, T("Something is not right yet"),
     T("Please go back, check what you entered and try again.")},
    {ERR_TOO_MANY, T("Too many attempts"), T("Please wait a minute and try again.")},
    {ERR_BUSY, T("We are very busy"), T("Please try again in a moment. Nothing was lost.")},
    {ERR_AWAY, T("We cannot do this right now"),
     T("The shop cannot reach its data at the moment, or cannot save anything. Nothing was changed. Please "
       "try "
       "again in a minute.")},
    {ERR_UNSURE, T("We cannot tell whether this was saved"),
     T("The shop lost the connection to its data while it was saving. Please look in a minute what is there, "
       "before you send it "
       "again.")},
    {ERR_INTERNAL, T("Something went wrong"),
     T("The problem is on our side, and it was noted. Please try again.")},
#undef T
#define T(msgid) S(msgid)
};

static size_t words_of(enum err e) {
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (words[i].e == e) return i;
    return COUNT_OF(words) - 1;
}

static void render_error(struct request *rq, struct html *out, int status, str title, bool titled, str text) {
    bool admin = rq->creds.area == AREA_ADMIN;
    enum lang lang = out->env->lang;
    struct tpl_gate_error v = {
        .status = status,
        .title = title,
        .titled = titled,
        .text = text,
        .link_url = admin ? S("/admin") : answer_full_path(rq, S("/")),
        .link_text = admin ? i18n_get(lang, T("Go to the Admin")) : i18n_get(lang, T("Go to the home page")),
    };
    if (v.link_url.n == 0) v.link_url = S("/");
    tpl_gate_error(out, &v);
}

/* Without the database: the bare frame, which needs nothing. */
static void send_bare_error(struct request *rq, struct html *out, int status, str title) {
    struct headers h = {.n = 0};
    html_t body = html_take(out);
    add_page(&h);
    frame_bare(rq, body, title, NULL, 0, out);
    if (status == 405) add(&h, "Allow", http_req_method(rq->http) == HTTP_POST ? S("GET, HEAD") : S("POST"));
    if (status == 429 || status == 503) add(&h, "Retry-After", status == 429 ? S("60") : S("2"));
    send(rq, &h, status, buf_str(&out->b), out->marks, out->marks_n, NULL);
}

/* What was asked for is done and on disk, but the page behind it could not be made. */
static bool is_done(const struct request *rq, enum err e) {
    return err_is_db(e) && rq->stage == STAGE_RAN && rq->task->state.e == OK;
}

/* Which side of the database it was that failed. */
static enum db_side side_of(const struct request *rq, enum err e) {
    return rq->stage == STAGE_RAN && rq->task->state.e == e ? DB_WRITING : DB_READING;
}

void answer_error(struct request *rq, enum err e, str message) {
    struct env env;
    struct html out;
    struct db_r *db = NULL;
    if (err_is_db(e)) trouble_note(rq->g, rq->arena, side_of(rq, e), e, rq->name);
    size_t i = words_of(e);
    int status = err_status(e);
    if (!rq->view) rq->view = stores_default(rq->g->o.stores);
    env_init(&env, rq, false, NULL);
    html_init(&out, rq->arena, &env.html, PAGE_MAX);
    str title = i18n_get(env.html.lang, words[i].title);
    if (is_done(rq, e) && !message.p)
        message =
            i18n_get(env.html.lang, T("This was done, but the page behind it cannot be shown right now."));
    /* A page that is not there stands in the frame, so that the reader can go on; real trouble keeps clear of
     * the database. */
    bool framed = (e == ERR_NOT_FOUND || e == ERR_FORBIDDEN || e == ERR_PROTECTED || e == ERR_REFUSED) &&
                  (rq->creds.area == AREA_SHOP || rq->who.actor.kind == ACTOR_STAFF);
    render_error(rq, &out, status, title, framed && rq->creds.area == AREA_ADMIN,
                 message.p ? message : i18n_get(env.html.lang, words[i].text));
    if (framed && db_read_begin(rq->g->o.db, rq->arena, (struct db_sight){0}, &db) == OK) {
        struct gate_reply reply = {.rq = rq, .status = status, .title = title};
        if (send_framed(rq, db, &reply, &out) != OK)
            answer_bytes(rq, 500, S("text/plain; charset=utf-8"), title);
        db_read_end(db);
    } else {
        send_bare_error(rq, &out, status, title);
    }
    html_done(&out);
}

void answer_assist_over(struct request *rq, bool known, str cause) {
    struct env env;
    struct html out;
    rq->who.actor.kind = ACTOR_GUEST; /* nothing of the customer's may be shown */
    env_init(&env, rq, false, NULL);
    html_init(&out, rq->arena, &env.html, 256 * 1024);
    enum lang lang = env.html.lang;
    str title = i18n_get(lang, T("This assisted session has ended"));
    str text = i18n_get(
        lang, cause.n
                  ? assist_cause_text(cause)
                  : T("The assisted session at this address has ended, or it belongs to another browser."));
    struct tpl_gate_error v = {.status = known ? 410 : 404,
                               .title = title,
                               .text = text,
                               .link_url = S("/admin"),
                               .link_text = i18n_get(lang, T("Go to the Admin"))};
    tpl_gate_error(&out, &v);
    send_bare_error(rq, &out, known ? 410 : 404, title);
    html_done(&out);
}
