/* Answers that are no page: redirects, bytes, streams, and bytes that take long to make. */
#include "gate/answer_inside.h"

str answer_full_path(const struct request *rq, str path) {
    if (rq->creds.area == AREA_ADMIN) return path;
    bool home = path.n == 1 && rq->view->root.n;
    return ARENA_CAT(rq->arena, rq->root, rq->view->root, home ? S("") : path);
}

void answer_redirect(struct request *rq, str path, const struct op_state *st) {
    struct answer_head h = {.n = 0};
    answer_head_common(&h, S("text/plain; charset=utf-8"));
    answer_head_add(&h, "Cache-Control", S("private, no-store"));
    answer_head_add(&h, "Location", path);
    if (st) {
        for (size_t i = 0; i < st->cookies_n; i++)
            answer_head_cookie(rq, &h, &st->cookies[i]);
        answer_flash(rq, &h, path, st->notices, st->notices_n);
    }
    http_reply(rq->http, 303, h.h, h.n, S(""));
}

void answer_bytes(struct request *rq, int status, str content_type, str body) {
    struct answer_head h = {.n = 0};
    answer_head_common(&h, content_type);
    answer_head_add(&h, "Cache-Control", S("no-store"));
    http_reply(rq->http, status, h.h, h.n, body);
}

/* ---- what a handler gives instead of a page ---- */

/* A PDF is read or printed where it is; everything else with a name is kept. */
static str disposition(struct request *rq, const struct gate_reply *reply) {
    str how = str_eq(reply->content_type, S("application/pdf")) ? S("inline") : S("attachment");
    return reply->filename.p ? ARENA_CAT(rq->arena, how, S("; filename=\""), reply->filename, S("\""))
                             : S("inline");
}

static void send_bytes(struct request *rq, struct gate_reply *reply) {
    struct answer_head h = {.n = 0};
    answer_head_common(&h, reply->content_type);
    /* Pictures of products are public and change seldom; everything else may be somebody's own. */
    bool is_public = rq->page && rq->page->is_public;
    answer_head_add(&h, "Cache-Control", is_public ? S("public, max-age=3600") : S("private, no-store"));
    /* A browser's reader of PDF does not start in a sandbox. */
    bool is_pdf = str_eq(reply->content_type, S("application/pdf"));
    answer_head_add(&h, "Content-Security-Policy",
                    is_pdf ? S("default-src 'none'; style-src 'unsafe-inline'")
                           : S("default-src 'none'; style-src 'unsafe-inline'; sandbox"));
    answer_head_add(&h, "Content-Disposition", disposition(rq, reply));
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
    struct answer_head h = {.n = 0};
    struct stream *s = ARENA_NEW(rq->arena, struct stream);
    *s = (struct stream){rq->g, who_sight(&rq->who.actor), reply->next, reply->arg};
    answer_head_common(&h, reply->content_type);
    answer_head_add(&h, "Cache-Control", S("private, no-store"));
    answer_head_add(&h, "Content-Disposition", disposition(rq, reply));
    http_reply_stream(rq->http, reply->status, h.h, h.n, stream_next, stream_close, s);
}

/* ---- slow work ---- */

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

bool answer_instead(struct request *rq, struct gate_reply *reply) {
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
