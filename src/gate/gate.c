/* The gate as a whole: made, asked by http/, and every request's way through it. */
#include "gate/gate_app.h"

#include <stdlib.h>

#include "gate/inside.h"
#include "gen/gate_gate.h"
#include "gen/gate_sql.h"
#include "html/asset.h"

enum { CACHE_BYTES = 64 * 1024 * 1024, SLOW_WORKERS = 2, PAIRS_MAX = 2000 };

enum err gate_make(const struct gate_options *o, struct gate **ret) {
    struct gate *g = calloc(1, sizeof *g);
    if (!g) abort();
    g->o = *o;
    pthread_mutex_init(&g->world_lock, NULL);
    pthread_mutex_init(&g->trouble_lock, NULL);
    enum err e = world_reload(g);
    if (e) {
        free(g);
        return e;
    }
    g->rate = rate_make();
    g->cache = cache_make(CACHE_BYTES);
    g->routes = route_table_make();
    g->slow = slow_make(SLOW_WORKERS);
    *ret = g;
    return OK;
}

void gate_free(struct gate *g) {
    if (!g) return;
    slow_free(g->slow);
    route_table_free(g->routes);
    cache_free(g->cache);
    rate_free(g->rate);
    world_put(g->world);
    pthread_mutex_destroy(&g->world_lock);
    pthread_mutex_destroy(&g->trouble_lock);
    free(g);
}

/* ---------------------------------------------------------------- the request's beginnings */

static void request_done(void *arg) {
    struct request *rq = arg;
    world_put(rq->world);
}

static struct request *request_make(struct gate *g, struct http_req *http) {
    struct arena *a = http_req_arena(http);
    struct request *rq = ARENA_NEW(a, struct request);
    *rq = (struct request){
        .g = g, .http = http, .arena = a, .now_us = time_now_us(), .world = world_get(g), .root = S("")};
    rq->creds.ip = http_req_ip(http);
    arena_on_reset(a, request_done, rq);
    http_req_set_user(http, rq);
    return rq;
}

static void find_token(struct request *rq) {
    struct creds *c = &rq->creds;
    str name = c->area == AREA_ADMIN ? S(COOKIE_ADMIN)
               : c->assisted         ? S(COOKIE_ASSIST)
                                     : cookie_shop_name(rq->arena, rq->g, c->website_id);
    c->token = http_req_cookie(rq->http, name);
    rq->csrf_secret = c->token;
    if (c->token.n == CRYPTO_TOKEN_TEXT) return;
    c->token = STR_NULL;
    rq->csrf_secret = crypto_token(rq->arena);
    rq->set_token = !c->assisted;
}

static bool rate_holds(struct request *rq, enum gate_limit limit) {
    i64 logins = setting_int(rq->world->settings, SETTING_LOGIN_RATE, SETTING_DEFAULT);
    switch (limit) {
    case LIMIT_LOGIN: return rate_allow(rq->g->rate, limit, rq->creds.ip, logins, rq->now_us);
    case LIMIT_MAIL: return rate_allow(rq->g->rate, limit, rq->creds.ip, logins, rq->now_us);
    case LIMIT_SEARCH: return rate_allow(rq->g->rate, limit, rq->creds.ip, 1200, rq->now_us);
    case LIMIT_FORM: /* counts for guests only: see guest_holds */
    case LIMIT_NONE:
    case LIMIT_UNSET: break;
    }
    return true;
}

/* Who is signed in answers for what they do; a guest's forms make rows and entries in nobody's name. */
static bool guest_holds(struct request *rq) {
    bool counts = rq->op && rq->op->limit == LIMIT_FORM && rq->who.actor.kind == ACTOR_GUEST;
    return !counts || rate_allow(rq->g->rate, LIMIT_FORM, rq->creds.ip, 600, rq->now_us);
}

/* Whether the database answers: a snapshot alone would not ask PostgreSQL. */
static bool database_answers(struct request *rq) {
    struct db_r *db;
    struct gate_alive row;
    if (db_read_begin(rq->g->o.db, rq->arena, (struct db_sight){0}, &db)) return false;
    enum err e = gate_alive(db, &row);
    db_read_end(db);
    return !e;
}

static bool serve_special(struct request *rq) {
    str path = http_req_path(rq->http);
    bool get = http_req_method(rq->http) != HTTP_POST;
    if (get && str_eq(path, S("/healthz"))) {
        bool well = database_answers(rq);
        rq->name = "healthz";
        answer_bytes(rq, well ? 200 : 503, S("text/plain; charset=utf-8"),
                     well ? S("ok\n") : S("database\n"));
        return true;
    }
    if (!get || !str_starts(path, S("/assets/"))) return false;
    const struct asset *a = asset_find(path);
    if (!a) return false;
    rq->name = "asset";
    bool gzip = a->gzip.n && str_find(http_req_header(rq->http, S("Accept-Encoding")), S("gzip")) <
                                 http_req_header(rq->http, S("Accept-Encoding")).n;
    struct http_header h[] = {{S("Content-Type"), a->type},
                              {S("Cache-Control"), S("public, max-age=31536000, immutable")},
                              {S("X-Content-Type-Options"), S("nosniff")},
                              {S("Vary"), S("Accept-Encoding")},
                              {S("Content-Encoding"), S("gzip")}};
    http_reply_static(rq->http, 200, h, gzip ? 5 : 4, gzip ? a->gzip : a->body, NULL, NULL);
    return true;
}

/* ---------------------------------------------------------------- inputs */

/* Parts of the path first; then the query or the body. */
static enum err collect(struct request *rq) {
    bool post = rq->op != NULL;
    struct http_pair *pairs;
    size_t n;
    str text = post ? http_req_body(rq->http) : http_req_query(rq->http);
    TRY(http_parse_form(rq->arena, text.p ? text : S(""), PAIRS_MAX, &pairs, &n));
    struct http_pair *all = ARENA_ARRAY(rq->arena, struct http_pair, n + rq->params_n);
    for (size_t i = 0; i < rq->params_n; i++)
        all[i] = rq->params[i];
    for (size_t i = 0; i < n; i++)
        all[rq->params_n + i] = pairs[i];
    rq->posted = all;
    rq->posted_n = n + rq->params_n;
    return OK;
}

static const struct i18n_format *format_of(const struct request *rq, enum lang lang) {
    return rq->creds.area == AREA_SHOP ? world_view_format(rq->g, rq->world, rq->view)
                                       : rq->world->admin_formats[lang];
}

static enum lang lang_of(const struct request *rq) {
    if (rq->creds.area == AREA_SHOP || !rq->who.actor.staff_locale.n) return rq->view->lang;
    return i18n_lang(rq->who.actor.staff_locale);
}

static enum err parse(struct request *rq, const struct gate_field *fields, size_t n, size_t in_size,
                      void **ret, struct input_errors *errors) {
    enum lang lang = lang_of(rq);
    return input_parse(rq->arena, lang, format_of(rq, lang), fields, n, in_size, rq->posted, rq->posted_n,
                       ret, errors);
}

/* ---------------------------------------------------------------- what the gate records itself */

static void noted(struct op_task *t) {
    struct request *rq = t->ctx;
    if (err_is_db(t->state.e)) trouble_note(rq->g, rq->arena, DB_WRITING, t->state.e, t->op->name);
    rq->stage = STAGE_NOTED;
    http_resume(rq->http);
}

/* Runs an operation of the system for this request, which goes on when it is on disk. */
static bool note(struct request *rq, int op, const void *in, enum err then) {
    struct op_task *t = ARENA_NEW(rq->arena, struct op_task);
    *t = (struct op_task){.g = rq->g,
                          .arena = rq->arena,
                          .world = rq->world,
                          .op = &gate_ops[op],
                          .in = in,
                          .creds = {.system = true, .ip = rq->creds.ip},
                          .now_us = rq->now_us,
                          .finished = noted,
                          .ctx = rq};
    rq->note_error = then;
    http_suspend(rq->http);
    if (run_start(t) == OK) return true;
    rq->stage = STAGE_NOTED; /* the queue is full: the refusal stands all the same */
    http_resume(rq->http);
    return true;
}

static void end_assisted(struct request *rq) {
    struct assist_expire_in *in = ARENA_NEW(rq->arena, struct assist_expire_in);
    *in = (struct assist_expire_in){.id = rq->who.session.id, .cause = rq->who.assist_cause};
    note(rq, OP_ASSIST_EXPIRE, in, ERR_GONE);
}

static void note_refusal(struct request *rq) {
    struct access_refused_in *in = ARENA_NEW(rq->arena, struct access_refused_in);
    *in = (struct access_refused_in){.page = str_c(rq->name),
                                     .path = str_slice(rq->path, 0, 300),
                                     .staff_id = rq->who.actor.staff_id,
                                     .customer_id = NONE};
    for (size_t i = 0; i < rq->params_n; i++) {
        i64 id;
        bool about_customer = rq->page && (rq->page->right == RESOURCE_ASSIST_LOGIN ||
                                           rq->page->right == RESOURCE_CUSTOMER_VIEW);
        if (about_customer && str_eq(rq->params[i].name, S("id")) && str_to_i64(rq->params[i].value, &id) &&
            id > 0)
            in->customer_id = OPT(id);
    }
    bool assist = rq->page && rq->page->right == RESOURCE_ASSIST_LOGIN;
    note(rq, assist ? OP_ASSIST_REFUSED : OP_ACCESS_REFUSED, in, ERR_FORBIDDEN);
}

/* ---------------------------------------------------------------- refusals */

static void to_sign_in(struct request *rq) {
    bool admin = rq->creds.area == AREA_ADMIN;
    struct buf b;
    buf_init(&b, 4096);
    buf_put(&b, admin ? S("/admin/login") : answer_full_path(rq, S("/customer/account/login")));
    bool home = admin && str_eq(rq->path, S("/admin"));
    if (!home) {
        buf_put(&b, S("?back="));
        http_encode(&b, str_slice(rq->path, 0, 300), true);
    }
    answer_redirect(rq, arena_str(rq->arena, buf_str(&b)), NULL);
    buf_done(&b);
}

/* The log of assisted sessions does not exist for those who may not see it (specification part 2). */
static bool is_hidden(const struct gate_page *p) {
    return p->right == RESOURCE_ASSIST_LOG;
}

static void refuse_page(struct request *rq, enum err e) {
    if (e == ERR_UNAUTHENTICATED)
        to_sign_in(rq);
    else if (e == ERR_FORBIDDEN && is_hidden(rq->page))
        answer_error(rq, ERR_NOT_FOUND, STR_NULL);
    else if (e == ERR_FORBIDDEN)
        note_refusal(rq);
    else
        answer_error(rq, e, STR_NULL);
}

/* ---------------------------------------------------------------- pages */

static void serve_page(struct request *rq, struct db_r *db) {
    struct input_errors errors;
    void *in;
    enum err e = who_may_page(&rq->who, rq->page);
    if (e) {
        refuse_page(rq, e);
        return;
    }
    e = collect(rq);
    if (!e) e = parse(rq, rq->page->fields, rq->page->fields_n, rq->page->in_size, &in, &errors);
    if (e == ERR_INVALID) {
        /* A wrong part of the path is no page; a wrong query is a bad request. */
        bool in_path = false;
        for (size_t i = 0; i < rq->params_n; i++)
            for (size_t k = 0; k < errors.n; k++)
                in_path |= str_eq(rq->params[i].name, errors.errors[k].field);
        answer_error(rq, in_path ? ERR_NOT_FOUND : ERR_BAD_REQUEST, STR_NULL);
    } else if (e) {
        answer_error(rq, e, STR_NULL);
    } else {
        who_touch(rq->g, &rq->who, rq->now_us);
        answer_page(rq, db, rq->page, in, NULL, 200);
    }
}

/* ---------------------------------------------------------------- operations */

/* Shows the operation's page again, with what was posted and what is wrong with it. */
static void show_refused(struct request *rq, struct db_r *db, const struct input_errors *errors, str message,
                         enum err e) {
    const struct gate_page *page = rq->op->page >= 0 ? &gate_pages[rq->op->page] : NULL;
    struct input_errors page_errors;
    void *in;
    if (!page || who_may_page(&rq->who, page) != OK ||
        parse(rq, page->fields, page->fields_n, page->in_size, &in, &page_errors) != OK) {
        answer_error(rq, e, message.p ? message : errors->n ? errors->errors[0].message : STR_NULL);
        return;
    }
    struct html_pair *posted = ARENA_ARRAY(rq->arena, struct html_pair, rq->posted_n);
    for (size_t i = 0; i < rq->posted_n; i++)
        posted[i] = (struct html_pair){rq->posted[i].name, rq->posted[i].value};
    rq->form = (struct html_form){.op = (int)(rq->op - gate_ops),
                                  .posted = posted,
                                  .posted_n = rq->posted_n,
                                  .errors = errors->errors,
                                  .errors_n = errors->n,
                                  .message = message};
    answer_page(rq, db, page, in, &rq->form, err_status(e));
}

static void ran(struct op_task *t) {
    struct request *rq = t->ctx;
    rq->stage = STAGE_RAN;
    http_resume(rq->http);
}

static bool is_form(const struct http_req *r) {
    str type = http_req_header(r, S("Content-Type")), head;
    str_cut(type.p ? type : S(""), ';', &head);
    return http_req_body(r).n == 0 || str_eq_nocase(str_trim(head), S("application/x-www-form-urlencoded"));
}

static str posted_value(const struct request *rq, str name) {
    for (size_t i = 0; i < rq->posted_n; i++)
        if (str_eq(rq->posted[i].name, name)) return rq->posted[i].value;
    return S("");
}

/* Proof that the form is ours. Where a secret is the proof, the browser's word about the origin is asked
 * alone. */
static bool csrf_passes(struct request *rq) {
    if (!csrf_same_origin(rq->g, rq->http)) return false;
    if (rq->op->right == RIGHT_SECRET) return true;
    return !rq->set_token &&
           csrf_holds(rq->g, rq->arena, rq->csrf_secret, posted_value(rq, S(HTML_CSRF_NAME)));
}

static void serve_op(struct request *rq, struct db_r **db) {
    struct input_errors errors = {.n = 0};
    void *in;
    if (!is_form(rq->http)) {
        answer_error(rq, ERR_BAD_REQUEST, STR_NULL);
        return;
    }
    enum err e = collect(rq);
    if (!e && !csrf_passes(rq)) e = ERR_FORBIDDEN;
    /* Without a session there is nothing to ride on, and signing in is what helps. */
    enum err may = who_may_run(&rq->who, rq->op);
    if (may == ERR_UNAUTHENTICATED && e == ERR_FORBIDDEN) e = may;
    if (!e && may == ERR_UNAUTHENTICATED) e = may;
    if (e) {
        answer_error(rq, e, STR_NULL);
        return;
    }
    e = parse(rq, rq->op->fields, rq->op->fields_n, rq->op->in_size, &in, &errors);
    if (e == ERR_INVALID && !may) {
        show_refused(rq, *db, &errors, STR_NULL, e);
        return;
    }
    /* What the role does not include goes to the runner all the same: it refuses, and writes that down. */
    struct op_task *t = ARENA_NEW(rq->arena, struct op_task);
    *t = (struct op_task){.g = rq->g,
                          .arena = rq->arena,
                          .world = rq->world,
                          .op = rq->op,
                          .in = e || may ? NULL : in,
                          .creds = rq->creds,
                          .view = rq->creds.area == AREA_SHOP ? rq->view : NULL,
                          .lang = lang_of(rq),
                          .now_us = rq->now_us,
                          .who = rq->who,
                          .finished = ran,
                          .ctx = rq};
    rq->task = t;
    rq->stage = STAGE_RUNNING;
    who_touch(rq->g, &rq->who, rq->now_us);
    db_read_end(*db);
    *db = NULL;
    http_suspend(rq->http);
    e = run_start(t);
    if (e) {
        t->state.e = e;
        ran(t);
    }
}

static void redirect_after(struct request *rq) {
    struct op_state *st = &rq->task->state;
    str to = st->redirect_root;
    if (!to.p && st->redirect.p) to = answer_full_path(rq, st->redirect);
    if (!to.p && rq->op->page >= 0 &&
        str_find_char(gate_pages[rq->op->page].path, '{') == gate_pages[rq->op->page].path.n)
        to = answer_full_path(rq, gate_pages[rq->op->page].path);
    if (!to.p) to = rq->creds.area == AREA_ADMIN ? S("/admin") : answer_full_path(rq, S("/"));
    answer_redirect(rq, to.n ? to : S("/"), st);
}

/* The operation is done: on disk, or refused. */
static void answer_ran(struct request *rq) {
    struct op_task *t = rq->task;
    struct op_state *st = &t->state;
    enum err e = st->e;
    struct db_r *db;
    if (!e && (!rq->op->answer || st->redirect.p || st->redirect_root.p)) {
        redirect_after(rq);
        return;
    }
    if (e == ERR_GONE && t->who.assist_cause.n) {
        rq->who = t->who;
        if (rq->who.assist_ended)
            answer_assist_over(rq, true, rq->who.assist_cause);
        else
            end_assisted(rq);
        return;
    }
    if (err_is_db(e)) {
        answer_error(rq, e, STR_NULL);
        return;
    }
    enum err who = db_read_begin(rq->g->o.db, rq->arena, (struct db_sight){.scope = -1}, &db);
    /* The world may have moved on while the operation ran: what is shown now is what is true now. */
    if (!who) db_expect(db, rq->op->name);
    if (!who) who = who_resolve(rq->g, db, rq->world, &rq->creds, rq->now_us, &rq->who);
    if (who) {
        answer_error(rq, who, STR_NULL);
    } else if (!e) {
        answer_result(rq, db);
    } else if (rq->op->page >= 0 && (e == ERR_INVALID || e == ERR_CONFLICT ||
                                     (st->message.p && e != ERR_FORBIDDEN && e != ERR_NOT_FOUND))) {
        struct input_errors errors = {.n = st->errors_n};
        memcpy(errors.errors, st->errors, sizeof errors.errors);
        show_refused(rq, db, &errors, st->message, e);
    } else {
        str message = st->message.p ? st->message : st->errors_n ? st->errors[0].message : STR_NULL;
        answer_error(rq, e, message);
    }
    db_read_end(db);
}

/* ---------------------------------------------------------------- the way */

/* From a store view where the customer's account is not good to the same page in the session's own. */
static void to_own_view(struct request *rq) {
    str to = answer_full_path(rq, rq->path), query = http_req_query(rq->http);
    answer_redirect(rq, query.n ? ARENA_CAT(rq->arena, to, S("?"), query) : to, NULL);
}

/* Who asks, and what they get, in one snapshot; `e` is what is wrong with the address. */
static void serve_reader(struct request *rq, enum err e) {
    struct db_r *db = NULL;
    enum err who = db_read_begin(rq->g->o.db, rq->arena, (struct db_sight){.scope = -1}, &db);
    if (!who && !rq->stale) db_repeatable(db);
    if (!who) db_expect(db, rq->page ? (const void *)rq->page : rq->op);
    if (!who) who = who_resolve(rq->g, db, rq->world, &rq->creds, rq->now_us, &rq->who);
    if (!who && rq->who.assist_astray) rq->view = stores_view(rq->g->o.stores, rq->who.session.view_id);
    bool over = !who && rq->creds.assisted && (!rq->who.assist_found || rq->who.assist_cause.n);
    if (who)
        answer_error(rq, who, STR_NULL);
    else if (over && rq->who.assist_found && !rq->who.assist_ended)
        end_assisted(rq);
    else if (over)
        answer_assist_over(rq, rq->who.assist_known && rq->who.assist_ended,
                           rq->who.assist_found ? rq->who.assist_cause : S(""));
    else if (e)
        answer_error(rq, e, STR_NULL);
    else if (rq->page && rq->who.assist_astray)
        to_own_view(rq);
    else if (!guest_holds(rq))
        answer_error(rq, ERR_TOO_MANY, STR_NULL);
    else if (rq->page)
        serve_page(rq, db);
    else
        serve_op(rq, &db);
    db_read_end(db);
}

static void serve(struct request *rq) {
    if (serve_special(rq)) return;
    enum err e = route_find(rq);
    if (rq->view) find_token(rq);
    if (e && !(rq->creds.assisted && e == ERR_NOT_FOUND)) {
        answer_error(rq, e, STR_NULL);
        return;
    }
    if (!e && !rate_holds(rq, rq->op ? rq->op->limit : rq->page->limit)) {
        answer_error(rq, ERR_TOO_MANY, STR_NULL);
        return;
    }
    serve_reader(rq, e);
    if (rq->stale) serve_reader(rq, e);
}

static void handle(void *ctx, struct http_req *http) {
    struct request *rq = http_req_user(http);
    if (!rq) rq = request_make(ctx, http);
    switch (rq->stage) {
    case STAGE_NEW: serve(rq); break;
    case STAGE_RAN: answer_ran(rq); break;
    case STAGE_NOTED:
        if (rq->note_error == ERR_GONE)
            answer_assist_over(rq, true, rq->who.assist_cause);
        else
            answer_error(rq, rq->note_error, STR_NULL);
        break;
    case STAGE_WORKED: answer_work(rq); break;
    case STAGE_RUNNING: break;
    }
    if (rq->work && rq->stage == STAGE_NEW) answer_start_work(rq);
}

static size_t body_limit(void *ctx, struct http_req *r) {
    (void)ctx;
    return http_req_method(r) == HTTP_POST ? 256 * 1024 : 0;
}

static void done(void *ctx, struct http_req *http, int status, size_t bytes) {
    static const char *const methods[] = {"GET", "HEAD", "POST", "other"};
    const struct request *rq = http_req_user(http);
    trouble_look(ctx);
    /* The page's name instead of the address: what stands in an address may be somebody's secret. */
    LOG_OFTEN(LOG_INFO, "request", LOG_C("method", methods[http_req_method(http)]),
              LOG_C("name", rq && rq->name ? rq->name : "none"), LOG_I("status", status),
              LOG_I("bytes", (i64)bytes), LOG_I("us", time_now_us() - http_req_started_us(http)),
              LOG_S("ip", http_req_ip(http)), LOG_S("actor", rq ? actor_word(&rq->who.actor) : S("guest")),
              LOG_I("staff", rq ? rq->who.actor.staff_id : 0),
              LOG_I("customer", rq ? rq->who.actor.customer_id : 0),
              LOG_I("assist", rq ? rq->who.actor.assist_id : 0),
              LOG_C("cache", rq && rq->cache ? rq->cache : ""));
}

static str error_body(void *ctx, struct arena *a, int status) {
    (void)ctx;
    return arena_printf(a, "Error %d\n", status);
}

struct http_app gate_http_app(struct gate *g) {
    return (struct http_app){
        .body_limit = body_limit, .handle = handle, .done = done, .error_body = error_body, .ctx = g};
}
