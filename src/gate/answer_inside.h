/* What the files answer*.c share. */
#ifndef GATE_ANSWER_INSIDE_H
#define GATE_ANSWER_INSIDE_H

#include "gate/inside.h"

enum { ANSWER_PAGE_MAX = 4 * 1024 * 1024 };

/* answer_head.c */
struct answer_head {
    struct http_header h[24];
    size_t n;
};
void answer_head_add(struct answer_head *h, const char *name, str value);
void answer_head_common(struct answer_head *h, str content_type);
/* Every page holds something of one reader, if only the CSRF token: no cache but the browser's own may keep
 * it. */
void answer_head_page(struct answer_head *h);
void answer_head_cookie(struct request *rq, struct answer_head *h, const struct cookie *c);
/* A reader without a session gets a token of its own, so that every form can be tied to this browser. No row
 * is made for it. */
void answer_head_token(struct request *rq, struct answer_head *h);
/* Messages for the page that the redirect `to` leads to. */
void answer_flash(struct request *rq, struct answer_head *h, str to, const struct notice *notices, size_t n);
/* Reads the messages for this page and takes the cookie away. */
size_t answer_take_flash(struct request *rq, struct answer_head *h, struct notice *ret, size_t max);

/* answer.c: how a page is rendered. */
struct answer_env {
    struct html_env html; /* first: a html_env is its env */
    struct request *rq;
};
/* `is_public`: what is rendered is the same for everybody. `form` as for answer_page. */
void answer_env(struct answer_env *e, struct request *rq, bool is_public, const struct html_form *form);
/* Fills the holes and sends. `top`: what goes into the hole of that name; NULL: nothing. */
void answer_send(struct request *rq, struct answer_head *h, int status, str bytes,
                 const struct html_mark *marks, size_t marks_n, const struct html *top);
/* Puts the frame around what is rendered in `out`, and sends it. */
enum err answer_framed(struct request *rq, struct db_r *db, struct gate_reply *reply,
                       struct html *out) MUST_CHECK;

/* answer_plain.c: sends what the handler gave instead of a page; false: it gave none. */
bool answer_instead(struct request *rq, struct gate_reply *reply);

#endif
