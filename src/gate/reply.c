/* What handlers say of their page: title, status, bytes instead of HTML. answer.c sends it. */
#include "gate/inside.h"

void reply_title(struct gate_reply *r, str title) {
    r->title = title;
}

void reply_search(struct gate_reply *r, str q) {
    r->search = q;
}

void reply_menu(struct gate_reply *r, const char *page_name) {
    r->menu = str_c(page_name);
}

void reply_actions(struct gate_reply *r, html_t actions) {
    r->actions = actions;
}

void reply_bare(struct gate_reply *r) {
    r->bare = true;
}

void reply_status(struct gate_reply *r, int status) {
    r->status = status;
}

void reply_redirect(struct gate_reply *r, str path) {
    r->redirect = path;
}

void reply_bytes(struct gate_reply *r, str content_type, str filename, str body) {
    r->has_bytes = true;
    r->content_type = content_type;
    r->filename = filename;
    r->bytes = body;
}

void reply_stream(struct gate_reply *r, str content_type, str filename,
                  bool (*next)(void *arg, struct db_r *db, struct buf *out), void *arg) {
    r->content_type = content_type;
    r->filename = filename;
    r->next = next;
    r->arg = arg;
}

void reply_work(struct gate_reply *r, str content_type, str filename,
                enum err (*work)(void *arg, struct buf *out), void *arg) {
    r->content_type = content_type;
    r->filename = filename;
    r->work = work;
    r->arg = arg;
}

struct arena *reply_arena(struct gate_reply *r) {
    return r->rq->arena;
}

str reply_address(struct gate_reply *r, str path) {
    str base = r->rq->g->o.url;
    while (str_ends(base, S("/")))
        base.n--;
    return ARENA_CAT(r->rq->arena, base, answer_full_path(r->rq, path));
}
