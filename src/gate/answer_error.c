/* What is told when there is no page to show. */
#include "gate/answer_inside.h"
#include "gen/gate_tpl.h"

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
    struct answer_head h = {.n = 0};
    html_t body = html_take(out);
    answer_head_page(&h);
    frame_bare(rq, body, title, NULL, 0, out);
    if (status == 405)
        answer_head_add(&h, "Allow", http_req_method(rq->http) == HTTP_POST ? S("GET, HEAD") : S("POST"));
    if (status == 429 || status == 503) answer_head_add(&h, "Retry-After", status == 429 ? S("60") : S("2"));
    answer_send(rq, &h, status, buf_str(&out->b), out->marks, out->marks_n, NULL);
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
    if (e == ERR_STALE && !rq->stale) { /* only the first snapshot can be: nothing is answered yet */
        rq->stale = true;
        return;
    }
    struct answer_env env;
    struct html out;
    struct db_r *db = NULL;
    if (err_is_db(e)) trouble_note(rq->g, rq->arena, side_of(rq, e), e, rq->name);
    size_t i = words_of(e);
    int status = err_status(e);
    if (!rq->view) rq->view = stores_default(rq->g->o.stores);
    answer_env(&env, rq, false, NULL);
    html_init(&out, rq->arena, &env.html, ANSWER_PAGE_MAX);
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
        if (answer_framed(rq, db, &reply, &out) != OK)
            answer_bytes(rq, 500, S("text/plain; charset=utf-8"), title);
        db_read_end(db);
    } else {
        send_bare_error(rq, &out, status, title);
    }
    html_done(&out);
}

void answer_assist_over(struct request *rq, bool known, str cause) {
    struct answer_env env;
    struct html out;
    rq->who.actor.kind = ACTOR_GUEST; /* nothing of the customer's may be shown */
    answer_env(&env, rq, false, NULL);
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
