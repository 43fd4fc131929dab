/* The runner: the only way to a write handle. It asks again who acts and whether they may, inside the
 * transaction; runs the operation in a savepoint; writes the record of it in the same transaction; and
 * answers after the commit is on disk. */
#include "gate/inside.h"

enum { RECORD_MAX = 1024 * 1024 }; /* of the values before, and of those after */

static bool is_recorded(const struct world *w, enum audit_group group) {
    static const enum setting switches[AUDIT_GROUP_MAX] = {
        [AUDIT_ASSIST] = SETTING_LOG_ASSIST,       [AUDIT_SIGN_IN] = SETTING_LOG_SIGN_IN,
        [AUDIT_CUSTOMERS] = SETTING_LOG_CUSTOMERS, [AUDIT_CUSTOMER_SELF] = SETTING_LOG_CUSTOMER_SELF,
        [AUDIT_ORDERS] = SETTING_LOG_ORDERS,       [AUDIT_INVOICES] = SETTING_LOG_INVOICES,
        [AUDIT_SHIPMENTS] = SETTING_LOG_SHIPMENTS, [AUDIT_CREDITMEMOS] = SETTING_LOG_CREDITMEMOS,
        [AUDIT_PAYMENTS] = SETTING_LOG_PAYMENTS,   [AUDIT_SELLING] = SETTING_LOG_SELLING,
        [AUDIT_CONFIG] = SETTING_LOG_CONFIG,       [AUDIT_USERS] = SETTING_LOG_USERS,
        [AUDIT_ROLES] = SETTING_LOG_ROLES,         [AUDIT_REPORT] = SETTING_LOG_REPORT,
        [AUDIT_SYSTEM] = SETTING_LOG_SYSTEM,
    };
    if (group == AUDIT_ASSIST && assist_is_on(w->settings)) return true;
    return setting_bool(w->settings, switches[group], SETTING_DEFAULT);
}

static void state_reset(struct op_state *st) {
    buf_done(&st->before);
    buf_done(&st->after);
    *st = (struct op_state){0};
    buf_init(&st->before, RECORD_MAX);
    buf_init(&st->after, RECORD_MAX);
}

static void state_done(void *st) {
    buf_done(&((struct op_state *)st)->before);
    buf_done(&((struct op_state *)st)->after);
}

struct attempt {
    struct op_task *t;
    struct op *op;
};

static enum err attempt_op(struct db_w *w, void *arg) {
    struct attempt *at = arg;
    (void)w;
    enum err e = at->t->op->run(at->op, at->t->in);
    if (e && at->t->state.keep) {
        /* What was written stays; the error is answered all the same. */
        at->t->state.e = e;
        return OK;
    }
    return e;
}

static str json_object(struct arena *a, const struct buf *members) {
    return members->n ? ARENA_CAT(a, S("{"), buf_str(members), S("}")) : S("");
}

/* Does this run get an entry at all? */
static bool wants_entry(const struct op_task *t, enum err e) {
    enum actor_kind kind = t->who.actor.kind;
    bool by_self = kind == ACTOR_GUEST || kind == ACTOR_CUSTOMER;
    if (by_self && t->op->record != RECORD_ALWAYS) return false;
    if (t->state.unchanged && !e) return false;
    /* A form that was filled in wrongly is no event; a wrong password (kept) is. */
    if ((e == ERR_INVALID || e == ERR_NOT_FOUND || e == ERR_UNAUTHENTICATED) && !t->state.keep) return false;
    return true;
}

static str view_label(const struct op_task *t) {
    return t->view && t->op->area == AREA_SHOP ? t->view->name : S("");
}

static enum err write_entry(struct db_w *w, struct op_task *t, enum err e) {
    struct op_state *st = &t->state;
    struct actor by = t->who.actor;
    const struct actor *a = &by;
    bool assisted = a->kind == ACTOR_ASSISTED;
    if (st->staff_id) {
        by.kind = ACTOR_STAFF;
        by.staff_id = st->staff_id;
        by.username = st->username;
        by.staff_name = st->staff_name;
    }
    /* Whatever is done in an assisted session stands in the group that people look for it in. */
    enum audit_group group = assisted ? AUDIT_ASSIST : (enum audit_group)t->op->group;
    /* What does not fit into the record is not done: half a record would be none. */
    if (!buf_ok(&st->before) || !buf_ok(&st->after)) return ERR_TOO_LARGE;
    i64 self = actor_self(a);
    str customer = st->customer;
    if (!customer.p && self)
        customer = ARENA_CAT(t->arena, a->customer_name, S(" <"), a->customer_email, S(">"));
    str details = st->details.p ? st->details : st->subject_label.p ? st->subject_label : S("");
    struct audit_event event = {
        .group = group,
        .action = t->op->title,
        .full_action = str_c(t->op->name),
        .success = !e,
        .reason = !e             ? S("")
                  : st->reason.p ? st->reason
                                 : err_word(e),
        .actor = a,
        .customer_id = st->customer_id.set ? st->customer_id
                       : self              ? OPT(self)
                                           : NONE,
        .customer = customer,
        .session_id = st->session_id.set ? st->session_id
                      : assisted         ? OPT(a->assist_id)
                                         : NONE,
        .website_id = st->website_id.set ? st->website_id
                      : self             ? OPT(a->customer_website)
                                         : NONE,
        .view = st->view.p ? st->view : view_label(t),
        .origin = st->origin.p ? st->origin
                  : assisted   ? a->assist_origin
                               : S(""),
        .subject_kind = str_c(st->subject_kind ? st->subject_kind : ""),
        .subject_id = st->subject_id,
        .details = details,
        .before_json = e ? S("") : json_object(t->arena, &st->before),
        .after_json = e ? S("") : json_object(t->arena, &st->after),
        .at_us = t->now_us,
    };
    if (is_recorded(t->world, group)) TRY(audit_append(w, &event, NULL));
    if (assisted && !e) TRY(assist_session_count_change(w, a->assist_id));
    for (size_t i = 0; i < st->also_n && !e; i++)
        if (is_recorded(t->world, st->also[i]->group)) TRY(audit_append(w, st->also[i], NULL));
    return OK;
}

static void put_world(void *w) {
    world_put(w);
}

/* The settings may have been saved while the operation waited for its turn: what holds now decides. */
static void catch_up(struct op_task *t) {
    struct world *now = world_get(t->g);
    arena_on_reset(t->arena, put_world, now);
    t->world = now;
}

static struct db_value number_known(opt_i64 v) {
    return (struct db_value){.kind = DB_INT, .null = !v.set, .i = v.v};
}

static struct db_value input_known(const struct gate_field *f, const void *in) {
    const char *at = (const char *)in + f->offset;
    switch (f->type) {
    case IN_ID:
    case IN_INT:
        return number_known(f->optional ? *(const opt_i64 *)(const void *)at
                                        : OPT(*(const i64 *)(const void *)at));
    case IN_TEXT:
    case IN_EMAIL:
    case IN_SLUG:
    case IN_TOKEN: {
        str s = *(const str *)(const void *)at;
        return (struct db_value){.kind = DB_TEXT, .null = !s.p, .s = s};
    }
    default: return number_known(NONE);
    }
}

/* Who asked when it was posted, and what was posted, are what the operation's statements are mostly about. */
static void foretell(struct db_r *r, const struct op_task *t) {
    const struct actor *a = &t->who.actor;
    const i64 ids[] = {a->customer_id, a->staff_id,         a->staff_session_id, a->shop_session_id,
                       a->assist_id,   a->customer_website, t->creds.website_id, t->now_us};
    struct db_value known[COUNT_OF(ids) + 12];
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        known[n++] = number_known(OPT(ids[i]));
    for (size_t i = 0; i < t->op->fields_n && n < COUNT_OF(known); i++)
        known[n++] = t->in ? input_known(&t->op->fields[i], t->in) : number_known(NONE);
    db_foretell(r, known, n);
}

/* On the writer's thread, inside the job's savepoint. */
static enum err run_in_transaction(struct db_w *w, struct db_job *job) {
    struct op_task *t = (struct op_task *)(void *)job;
    struct db_r *r = db_w_reader(w);
    state_reset(&t->state);
    catch_up(t);
    /* Between the page's look and this moment consent may have been withdrawn, a right taken away: ask again.
     */
    db_set_sight(r, (struct db_sight){.scope = -1});
    db_expect(r, t->op);
    foretell(r, t);
    TRY(who_resolve(t->g, r, t->world, &t->creds, t->now_us, &t->who));
    if (t->who.assist_cause.n) {
        t->state.e = ERR_GONE;
        return ERR_GONE;
    }
    db_set_sight(r, who_sight(&t->who.actor));
    enum err e = who_may_run(&t->who, t->op);
    if (!e && !t->in) e = ERR_INVALID; /* it was sent on only for its refusal to be recorded */
    if (!e) {
        struct op op = {.w = w,
                        .r = r,
                        .arena = t->arena,
                        .actor = &t->who.actor,
                        .stores = t->g->o.stores,
                        .view = t->view,
                        .settings = t->world->settings,
                        .lang = t->lang,
                        .now_us = t->now_us,
                        .prep = t->prep,
                        .state = &t->state};
        struct attempt at = {t, &op};
        e = db_attempt(w, attempt_op, &at);
    }
    if (t->state.e) e = t->state.e;
    t->state.e = e;
    if (err_is_db(e)) return e; /* the engine is in trouble: nothing more to write */
    if (!wants_entry(t, e)) return e && !t->state.keep ? e : OK;
    TRY(write_entry(w, t, e));
    return OK; /* the entry stays, also that of a refusal */
}

static void after_commit(struct db_job *job, enum err e) {
    struct op_task *t = (struct op_task *)(void *)job;
    if (e) t->state.e = e;
    if (!t->state.e && t->state.settings_changed && world_reload(t->g)) t->state.e = ERR_INTERNAL;
    if (!t->state.e && t->g->o.poke && t->op->group != AUDIT_SYSTEM) t->g->o.poke(t->g->o.poke_ctx);
    t->finished(t);
}

static void prepare(struct slow_task *slow) {
    struct op_task *t = (struct op_task *)((char *)slow - offsetof(struct op_task, slow));
    struct db_r *r;
    enum err e = db_read_begin(t->g->o.db, t->arena, (struct db_sight){.scope = -1}, &r);
    if (!e) {
        struct prep p = {.db = r,
                         .arena = t->arena,
                         .actor = &t->who.actor,
                         .view = t->view,
                         .settings = t->world->settings,
                         .now_us = t->now_us};
        e = t->op->prepare(&p, t->in);
        t->prep = p.result;
        db_read_end(r);
    }
    if (!e) e = db_submit(t->g->o.db, &t->job);
    if (!e) return;
    t->state.e = e;
    t->finished(t);
}

enum err run_start(struct op_task *t) {
    t->job = (struct db_job){
        .run = run_in_transaction, .done = after_commit, .arena = t->arena, .sight = {.scope = -1}};
    t->slow.run = prepare;
    arena_on_reset(t->arena, state_done, &t->state);
    /* Without input it is only a refusal to be recorded: nothing to prepare. */
    return t->op->prepare && t->in ? slow_submit(t->g->slow, &t->slow) : db_submit(t->g->o.db, &t->job);
}

/* ---------------------------------------------------------------- for jobs and commands */

struct waiting {
    pthread_mutex_t lock;
    pthread_cond_t done;
    size_t n; /* not finished yet */
};

static void count_down(struct waiting *w) {
    pthread_mutex_lock(&w->lock);
    if (--w->n == 0) pthread_cond_signal(&w->done);
    pthread_mutex_unlock(&w->lock);
}

static void wake(struct op_task *t) {
    count_down(t->ctx);
}

void run_wait_all(struct op_task *const *tasks, size_t n) {
    struct waiting w = {.n = n};
    pthread_mutex_init(&w.lock, NULL);
    pthread_cond_init(&w.done, NULL);
    for (size_t i = 0; i < n; i++) {
        tasks[i]->finished = wake;
        tasks[i]->ctx = &w;
        enum err e = run_start(tasks[i]);
        if (!e) continue;
        tasks[i]->state.e = e;
        count_down(&w);
    }
    pthread_mutex_lock(&w.lock);
    while (w.n)
        pthread_cond_wait(&w.done, &w.lock);
    pthread_mutex_unlock(&w.lock);
    pthread_mutex_destroy(&w.lock);
    pthread_cond_destroy(&w.done);
}

enum err run_wait(struct op_task *t) {
    run_wait_all(&t, 1);
    return t->state.e;
}
