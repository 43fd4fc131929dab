/* From a handler to bytes on the wire: environment of the rendering, frame, holes, page cache. */
#include "gate/answer_inside.h"

/* ---- rendering ---- */

static bool may_reader(const struct html_env *html, int op) {
    const struct answer_env *e = html->ctx;
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

void answer_env(struct answer_env *e, struct request *rq, bool is_public, const struct html_form *form) {
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

void answer_send(struct request *rq, struct answer_head *h, int status, str bytes,
                 const struct html_mark *marks, size_t marks_n, const struct html *top) {
    struct buf out;
    buf_init(&out, ANSWER_PAGE_MAX + 256 * 1024);
    fill(rq, &out, bytes, marks, marks_n, top, csrf_token(rq->g, rq->arena, rq->csrf_secret));
    answer_head_token(rq, h);
    http_reply(rq->http, buf_ok(&out) ? status : 500, h->h, h->n, buf_str(&out));
    buf_done(&out);
}

/* A shop page with the reader's own top. */
static void send_shop(struct request *rq, struct db_r *db, int status, str bytes,
                      const struct html_mark *marks, size_t marks_n) {
    struct answer_head h = {.n = 0};
    struct notice notices[4];
    struct answer_env env;
    struct html top;
    answer_head_page(&h);
    if (rq->cache) answer_head_add(&h, "X-Page-Cache", str_c(rq->cache));
    size_t n = answer_take_flash(rq, &h, notices, COUNT_OF(notices));
    answer_env(&env, rq, false, NULL);
    html_init(&top, rq->arena, &env.html, 64 * 1024);
    db_set_sight(db, who_sight(&rq->who.actor));
    enum err e = frame_shop_top(rq, db, notices, n, &top);
    if (!e && !html_ok(&top)) e = ERR_INTERNAL;
    if (e)
        answer_error(rq, e, STR_NULL);
    else
        answer_send(rq, &h, status, bytes, marks, marks_n, &top);
    html_done(&top);
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

/* ---- pages from or into the cache ---- */

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
    struct answer_env env;
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
    answer_env(&env, rq, true, form);
    html_init(&out, rq->arena, &env.html, ANSWER_PAGE_MAX);
    struct pub p = pub_of(rq, db, &out, &reply);
    db_set_sight(db, (struct db_sight){.self = 0, .scope = 0});
    enum err e = page->pub(&p, in);
    if (!e && answer_instead(rq, &reply)) {
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

/* ---- pages of one reader ---- */

static struct page page_of(struct request *rq, struct db_r *db, struct html *out, struct gate_reply *reply,
                           const struct answer_env *env, const struct html_form *form) {
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

enum err answer_framed(struct request *rq, struct db_r *db, struct gate_reply *reply, struct html *out) {
    struct answer_head h = {.n = 0};
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
    answer_head_page(&h);
    size_t n = answer_take_flash(rq, &h, notices, COUNT_OF(notices));
    if (reply->bare || rq->who.actor.kind != ACTOR_STAFF)
        frame_bare(rq, body, reply->title, notices, n, out);
    else
        TRY(frame_admin(rq, reply, body, notices, n, out));
    if (!html_ok(out)) return ERR_TOO_LARGE;
    answer_send(rq, &h, reply->status, buf_str(&out->b), out->marks, out->marks_n, NULL);
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
    struct answer_env env;
    struct html out;
    answer_env(&env, rq, false, form);
    html_init(&out, rq->arena, &env.html, ANSWER_PAGE_MAX);
    struct page p = page_of(rq, db, &out, &reply, &env, form);
    db_set_sight(db, who_sight(&rq->who.actor));
    enum err e = call(&p, arg, rq);
    if (!e && !answer_instead(rq, &reply)) e = answer_framed(rq, db, &reply, &out);
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
