/* Inside the gate: the request on its way, and what the files of this room give each other. */
#ifndef GATE_INSIDE_H
#define GATE_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "access/access.h"
#include "assist/assist.h"
#include "audit/audit.h"
#include "gate/gate.h"
#include "gate/gate_app.h"
#include "gen/ids.h"

/* ---------------------------------------------------------------- the world: settings and what is made of
 * them */

struct world {
    atomic_int refs;
    struct settings *settings;
    struct i18n_format **view_formats; /* by index in stores_views */
    struct i18n_format *admin_formats[LANG_MAX];
    size_t views_n;
    i64 number; /* of the worlds so far: part of the page cache's keys, because pages show settings */
    struct db_watch *watch; /* of the settings */
};

struct world *world_get(struct gate *g);
void world_put(struct world *w);
/* Reads the settings again and puts the new world in place. */
enum err world_reload(struct gate *g);
const struct i18n_format *world_view_format(const struct gate *g, const struct world *w,
                                            const struct store_view *v);

/* ---------------------------------------------------------------- who */

/* What the browser brought, before anybody looked at the database. */
struct creds {
    enum gate_area area;
    bool assisted; /* the address is under /as/ */
    str assist_public_id;
    str token; /* of the cookie that counts in this area; STR_NULL when it brought none */
    i64 website_id;
    str ip;
    bool system; /* a job or command */
};

struct who {
    struct actor actor;
    bool assist_found;  /* there is such an assisted session and the cookie is its own */
    bool assist_known;  /* there is such a session, whoever asks */
    str assist_cause;   /* why it must end or has ended; "" while it may go on */
    bool assist_ended;  /* that is written down already */
    bool assist_astray; /* the address names a store view where the customer's account is not good */
    i64 seen_us;        /* the session's last noted sign of life */
    struct assist_session session;
};

/* Turns credentials into the actor, against the live facts of this snapshot or transaction. */
enum err who_resolve(struct gate *g, struct db_r *r, const struct world *w, const struct creds *c, i64 now_us,
                     struct who *ret) MUST_CHECK;
struct db_sight who_sight(const struct actor *a);
/* Notes a sign of life of the session, at most twice a minute, without anybody waiting for it. */
void who_touch(struct gate *g, const struct who *who, i64 now_us);
/* OK, ERR_UNAUTHENTICATED, ERR_FORBIDDEN or ERR_PROTECTED. */
enum err who_may_page(const struct who *who, const struct gate_page *p);
enum err who_may_run(const struct who *who, const struct gate_op *op);

/* ---------------------------------------------------------------- one request */

struct cookie {
    str name, value, path;
    i64 max_age_s; /* 0: until the browser closes; -1: remove */
};

struct notice {
    bool warning;
    str text;
};

/* Everything the runner and the op_… functions note about one operation. Reset when the writer runs it again.
 */
struct op_state {
    enum err e;
    bool keep, unchanged, settings_changed;
    str message, reason;
    struct html_field_error errors[32];
    size_t errors_n;
    struct notice notices[4];
    size_t notices_n;
    struct cookie cookies[4];
    size_t cookies_n;
    str redirect, redirect_root;
    void *result;
    /* for the record */
    const char *subject_kind;
    str subject_id, subject_label, details, origin;
    opt_i64 customer_id, website_id, session_id;
    str customer, view;
    i64 staff_id; /* 0: the actor's own */
    str username, staff_name;
    struct buf before, after; /* JSON members without the braces */
    const struct audit_event *also[12];
    size_t also_n;
};

enum stage { STAGE_NEW, STAGE_RUNNING, STAGE_RAN, STAGE_NOTED, STAGE_WORKED };

struct request {
    struct gate *g;
    struct http_req *http;
    struct arena *arena;
    struct world *world;
    i64 now_us;
    enum stage stage;

    struct creds creds;
    const struct store_view *view;
    str root; /* "/as/<session>" or "" */
    str path; /* inside the area, decoded */
    const struct gate_page *page;
    const struct gate_op *op;
    struct http_pair params[8];
    size_t params_n;

    struct who who;
    str csrf_secret; /* the cookie's token, or the fresh one that this reply sets */
    bool set_token;

    /* an operation on its way */
    struct op_task *task;
    struct html_form form;
    const struct http_pair *posted;
    size_t posted_n;
    struct reply_work *work; /* the page's bytes are made by a slow worker */
    enum err note_error;     /* what is answered once the record of it is written */

    bool stale;        /* what was read of the first snapshot is true no more: all of it once more */
    const char *cache; /* hit, miss, bypass: for the log */
    const char *name;  /* of the page or operation, for the log */
};

/* ---------------------------------------------------------------- route.c */

/* Sets area, view, root, path, page, op and params from the address. ERR_NOT_FOUND, ERR_METHOD,
 * ERR_BAD_REQUEST. */
enum err route_find(struct request *rq) MUST_CHECK;

/* ---------------------------------------------------------------- input.c */

struct input_errors {
    struct html_field_error errors[32];
    size_t n;
};
/* Parses declared inputs into the struct. ERR_INVALID with the errors; undeclared pairs are dropped. */
enum err input_parse(struct arena *a, enum lang lang, const struct i18n_format *f,
                     const struct gate_field *fields, size_t fields_n, size_t in_size,
                     const struct http_pair *pairs, size_t n, void **ret,
                     struct input_errors *errors) MUST_CHECK;

/* ---------------------------------------------------------------- csrf.c */

str csrf_token(struct gate *g, struct arena *a, str cookie_token);
bool csrf_holds(struct gate *g, struct arena *a, str cookie_token, str token);
/* The request comes from a page of this shop, as far as the browser says. */
bool csrf_same_origin(const struct gate *g, const struct http_req *r);
/* Signs a short text for a cookie, and reads it back; STR_NULL when the signature is wrong. */
str cookie_seal(struct gate *g, struct arena *a, str text);
str cookie_unseal(struct gate *g, struct arena *a, str sealed);

/* ---------------------------------------------------------------- run.c */

/* What the slow workers take. */
struct slow_task {
    void (*run)(struct slow_task *t);
    struct slow_task *next;
};

/* An operation being run: prepared on a slow worker if it needs that, then run by the writer. */
struct op_task {
    struct db_job job;
    struct gate *g;
    struct arena *arena;
    struct world *world;
    const struct gate_op *op;
    const void *in;
    struct creds creds;
    const struct store_view *view;
    enum lang lang;
    str origin; /* of the page, for the record */
    i64 now_us;
    struct who who;
    void *prep;
    struct op_state state;
    void (*finished)(struct op_task *t); /* after the commit, on the writer's thread */
    void *ctx;
    struct slow_task slow;
};

/* An operation of the system, in `a`; `in` must live as long. */
struct op_task *gate_system_task(struct gate *g, struct arena *a, struct world *w, int op, const void *in);
/* Starts it; `finished` is called unless this fails (ERR_BUSY). */
enum err run_start(struct op_task *t) MUST_CHECK;
/* Starts it and waits. Not on threads of http/ or the writer. */
enum err run_wait(struct op_task *t) MUST_CHECK;
/* Starts all of them and waits until the last is finished; what became of each stands in its state.e. They
 * need an arena each. The same threads. */
void run_wait_all(struct op_task *const *tasks, size_t n);

/* ---------------------------------------------------------------- slow.c */

struct slow;
struct slow *slow_make(int workers);
void slow_free(struct slow *s);
/* ERR_BUSY when 64 wait already. */
enum err slow_submit(struct slow *s, struct slow_task *t) MUST_CHECK;

/* ---------------------------------------------------------------- rate.c */

struct rate;
struct rate *rate_make(void);
void rate_free(struct rate *r);
/* One more of this class from this address: may it go on? `per_minute` refill, as much at once. */
bool rate_allow(struct rate *r, enum gate_limit class, str who, i64 per_minute, i64 now_us);

/* ---------------------------------------------------------------- cache.c */

struct cache;
struct cache_entry {
    str bytes;
    const struct html_mark *marks;
    size_t marks_n;
    int status;
    str title;
};
struct cache *cache_make(size_t max_bytes);
void cache_free(struct cache *c);
/* A page that still holds, referenced until cache_put_back; NULL when there is none. */
const struct cache_entry *cache_get(struct cache *c, const struct db *db, str key);
void cache_put_back(struct cache *c, const struct cache_entry *e);
/* Keeps a copy. Takes `watch` (malloc'ed). */
void cache_store(struct cache *c, str key, const struct html *page, int status, struct db_watch *watch);

/* ---------------------------------------------------------------- answer*.c */

struct gate_reply {
    struct request *rq;
    str title, search, menu, content_type, filename, bytes, redirect;
    bool bare, has_bytes;
    int status;
    html_t actions;
    bool (*next)(void *arg, struct db_r *db, struct buf *out);
    enum err (*work)(void *arg, struct buf *out);
    void *arg;
};

/* Gives a page's slow work (rq->work) to the workers, after the snapshot was given back; and answers when it
 * is done. */
void answer_start_work(struct request *rq);
void answer_work(struct request *rq);
/* Runs the page (from the cache where that is right) and answers. `form` NULL, or the refused form it is
 * shown with. */
void answer_page(struct request *rq, struct db_r *db, const struct gate_page *page, const void *in,
                 const struct html_form *form, int status);
/* Runs answer_X of an operation that is done. */
void answer_result(struct request *rq, struct db_r *db);
/* A plain page that says what is wrong. `message` may be STR_NULL. */
void answer_error(struct request *rq, enum err e, str message);
/* 303. `path` starts with '/' and is complete. */
void answer_redirect(struct request *rq, str path, const struct op_state *st);
/* The assisted session behind the address has ended, or is nobody's. */
void answer_assist_over(struct request *rq, bool known, str cause);
void answer_bytes(struct request *rq, int status, str content_type, str body);
/* Where a path inside the area is in full. */
str answer_full_path(const struct request *rq, str path);

/* The frame around a body, both areas. */
enum err frame_shop(struct request *rq, struct pub *p, html_t body, struct html *out) MUST_CHECK;
enum err frame_shop_top(struct request *rq, struct db_r *db, const struct notice *notices, size_t n,
                        struct html *out) MUST_CHECK;
enum err frame_admin(struct request *rq, const struct gate_reply *reply, html_t body,
                     const struct notice *notices, size_t n, struct html *out) MUST_CHECK;
void frame_bare(struct request *rq, html_t body, str title, const struct notice *notices, size_t n,
                struct html *out);

/* ---------------------------------------------------------------- trouble.c */

/* Trouble of the database with requests, of one side. */
struct trouble {
    i64 since_us, told_us, latest_us; /* monotonic */
    i64 requests;                     /* that it hit; 0: none, all is well */
    u64 cause;                        /* hash of the error that was told last */
};
/* A request (or an operation of the gate's own) that is called `name` could not be served. */
void trouble_note(struct gate *g, struct arena *a, enum db_side side, enum err e, const char *name);
/* Says so when it is over. Cheap while there is none. */
void trouble_look(struct gate *g);

/* ---------------------------------------------------------------- the gate itself */

struct gate {
    struct gate_options o;
    pthread_mutex_t world_lock;
    struct world *world;
    atomic_bool world_is_old; /* settings were saved and could not be read again yet: the sweep tries */
    pthread_mutex_t trouble_lock;
    struct trouble trouble[2]; /* by db_side */
    atomic_bool troubled;      /* there is one */
    struct slow *slow;
    struct rate *rate;
    struct cache *cache;
    struct route_table *routes;
};

struct route_table *route_table_make(void);
void route_table_free(struct route_table *t);

/* Cookie names. */
#define COOKIE_ADMIN  "cs_admin"
#define COOKIE_ASSIST "cs_assist"
#define COOKIE_FLASH  "cs_flash"
str cookie_shop_name(struct arena *a, const struct gate *g, i64 website_id);

#endif
