/* Who asks: from cookies to the actor, against the live facts, at every request and again inside every
 * operation. */
#include <stdlib.h>

#include "gate/inside.h"
#include "gen/gate_sql.h"

str cookie_shop_name(struct arena *a, const struct gate *g, i64 website_id) {
    const struct website *w = stores_website(g->o.stores, website_id);
    return ARENA_CAT(a, S("cs_shop_"), w ? w->code : S("none"));
}

/* Where accounts are shared, one is good everywhere; else on the website that it was made on. */
static bool account_is_good(const struct world *w, i64 account_website, i64 here) {
    return account_website == here ||
           str_eq(setting_text(w->settings, SETTING_ACCOUNT_SHARE, SETTING_DEFAULT), S("global"));
}

static enum err resolve_shop(struct db_r *r, const struct world *w, const struct creds *c, i64 now_us,
                             struct who *ret) {
    struct actor *a = &ret->actor;
    a->kind = ACTOR_GUEST;
    a->group_id = GENERAL_GROUP;
    if (c->token.n != CRYPTO_TOKEN_TEXT) return OK;
    hash256 hash = crypto_hash(c->token);
    struct gate_shop_session s;
    enum err e = gate_shop_session(r, hash_str(&hash), c->website_id, &s);
    if (e) return e == ERR_NOT_FOUND ? OK : e;
    if (s.customer_id.set) {
        i64 idle_us = setting_int(w->settings, SETTING_CUSTOMER_SESSION_HOURS, SETTING_DEFAULT) * US_HOUR;
        if (now_us - s.seen_us > idle_us) return OK;
        /* A customer who was deactivated or deleted, or whose account is not good here any more, is a guest
         * at the next request, without the old session. */
        bool active = s.active.set && s.active.v;
        if (!active || !account_is_good(w, s.customer_website.v, c->website_id)) return OK;
        a->kind = ACTOR_CUSTOMER;
        a->customer_id = s.customer_id.v;
        a->customer_name = ARENA_CAT(db_arena(r), s.firstname, S(" "), s.lastname);
        a->customer_email = s.email;
        a->customer_website = s.customer_website.v;
        a->group_id = s.group_id.v;
    }
    a->shop_session_id = s.id;
    ret->seen_us = s.seen_us;
    return OK;
}

static enum err resolve_staff(struct db_r *r, const struct world *w, const struct creds *c, i64 now_us,
                              struct who *ret) {
    ret->actor.kind = ACTOR_GUEST;
    if (c->token.n != CRYPTO_TOKEN_TEXT) return OK;
    hash256 hash = crypto_hash(c->token);
    i64 idle_us = setting_int(w->settings, SETTING_ADMIN_SESSION_MINUTES, SETTING_DEFAULT) * US_MINUTE;
    enum err e = access_session_actor(r, &hash, now_us, idle_us, &ret->actor, &ret->seen_us);
    if (e == ERR_UNAUTHENTICATED) return OK;
    if (e) return e;
    ret->actor.kind = ACTOR_STAFF;
    return OK;
}

static enum err resolve_assisted(struct gate *g, struct db_r *r, const struct world *w, const struct creds *c,
                                 i64 now_us, struct who *ret) {
    struct actor *a = &ret->actor;
    struct assist_facts facts;
    hash256 due;
    a->kind = ACTOR_GUEST;
    a->group_id = GENERAL_GROUP;
    enum err e = assist_session_find(r, c->assist_public_id, &ret->session, &due, &facts);
    if (e) return e == ERR_NOT_FOUND ? OK : e;
    const struct assist_session *s = &ret->session;
    ret->assist_known = true;
    ret->assist_ended = s->ended_us.set;
    hash256 hash = crypto_hash(c->token.p ? c->token : S(""));
    if (c->token.n != CRYPTO_TOKEN_TEXT || !crypto_equal(&hash, &due, CRYPTO_HASH)) return OK;
    ret->assist_found = true;
    ret->assist_cause = assist_session_check(w->settings, g->o.stores, s, facts, now_us);
    a->staff_id = s->staff_id;
    a->staff_session_id = s->staff_session_id;
    a->staff_name = s->staff_name;
    a->username = facts.staff_username;
    a->staff_locale = facts.staff_locale;
    a->customer_id = s->customer_id;
    a->customer_name = facts.customer_found ? facts.customer_name : s->customer_name;
    a->customer_email = facts.customer_found ? facts.customer_email : s->customer_email;
    a->customer_website = s->website_id;
    a->assist_id = s->id;
    a->assist_public_id = s->public_id;
    a->assist_origin = s->origin.label;
    a->assist_origin_path = s->origin.path;
    if (ret->assist_cause.n) return OK; /* nobody's any more: the actor stays a guest */
    i64 idle_us = setting_int(w->settings, SETTING_ASSIST_IDLE_MINUTES, SETTING_DEFAULT) * US_MINUTE;
    a->kind = ACTOR_ASSISTED;
    a->group_id = facts.customer_group;
    a->assist_ends_us = MIN_OF(s->ends_us, now_us + idle_us);
    ret->assist_astray = !account_is_good(w, s->website_id, c->website_id);
    ret->seen_us = s->seen_us;
    return OK;
}

enum err who_resolve(struct gate *g, struct db_r *r, const struct world *w, const struct creds *c, i64 now_us,
                     struct who *ret) {
    *ret = (struct who){.assist_cause = S("")};
    ret->actor.ip = c->ip;
    ret->actor.username = ret->actor.staff_name = ret->actor.customer_name = ret->actor.customer_email =
        S("");
    ret->actor.assist_origin = ret->actor.assist_origin_path = ret->actor.staff_locale = S("");
    if (c->system) {
        ret->actor.kind = ACTOR_SYSTEM;
        ret->actor.username = S("system");
        ret->actor.scope = -1;
        ret->actor.rights = ~(u64)0;
        return OK;
    }
    if (c->area == AREA_ADMIN) return resolve_staff(r, w, c, now_us, ret);
    if (c->assisted) return resolve_assisted(g, r, w, c, now_us, ret);
    return resolve_shop(r, w, c, now_us, ret);
}

struct db_sight who_sight(const struct actor *a) {
    bool all = a->kind == ACTOR_SYSTEM;
    return (struct db_sight){.self = actor_self(a),
                             .scope = all                      ? -1
                                      : a->kind == ACTOR_STAFF ? a->scope
                                                               : 0};
}

/* ---------------------------------------------------------------- what they may */

bool actor_may(const struct actor *a, int resource) {
    return a->kind == ACTOR_SYSTEM ||
           (a->kind == ACTOR_STAFF && resource >= 0 && rights_have(a->rights, (enum resource)resource));
}

static enum err may_right(const struct actor *a, int right) {
    switch (right) {
    case RIGHT_ANYONE:
    case RIGHT_SECRET: return OK;
    case RIGHT_CUSTOMER:
        return a->kind == ACTOR_CUSTOMER || a->kind == ACTOR_ASSISTED ? OK : ERR_UNAUTHENTICATED;
    case RIGHT_STAFF: return a->kind == ACTOR_STAFF ? OK : ERR_UNAUTHENTICATED;
    case RIGHT_GUEST_STAFF: return OK;
    case RIGHT_SYSTEM: return ERR_FORBIDDEN;
    default: break;
    }
    if (a->kind != ACTOR_STAFF) return ERR_UNAUTHENTICATED;
    return actor_may(a, right) ? OK : ERR_FORBIDDEN;
}

enum err who_may_page(const struct who *who, const struct gate_page *p) {
    if (who->actor.kind == ACTOR_ASSISTED && p->assisted != ASSISTED_ALLOWED) return ERR_PROTECTED;
    return may_right(&who->actor, p->right);
}

enum err who_may_run(const struct who *who, const struct gate_op *op) {
    if (who->actor.kind == ACTOR_SYSTEM) return OK;
    if (who->assist_astray) return ERR_NOT_FOUND;
    if (who->actor.kind == ACTOR_ASSISTED && op->assisted != ASSISTED_ALLOWED) return ERR_PROTECTED;
    return may_right(&who->actor, op->right);
}

/* ---------------------------------------------------------------- signs of life */

struct touch {
    struct db_job job;
    enum actor_kind kind;
    i64 session_id, staff_session_id, now_us;
};

static enum err touch_run(struct db_w *w, struct db_job *job) {
    struct touch *t = (struct touch *)(void *)job;
    switch (t->kind) {
    case ACTOR_STAFF: return access_session_touch(w, t->session_id, t->now_us);
    case ACTOR_ASSISTED:
        TRY(access_session_touch(w, t->staff_session_id, t->now_us));
        return assist_session_touch(w, t->session_id, t->now_us);
    case ACTOR_CUSTOMER:
    case ACTOR_GUEST: return gate_session_seen(w, t->session_id, t->now_us, NULL);
    case ACTOR_INTEGRATION:
    case ACTOR_SYSTEM: break;
    }
    return OK;
}

static void touch_done(struct db_job *job, enum err e) {
    (void)e; /* the next request notes it */
    arena_free(job->arena);
}

void who_touch(struct gate *g, const struct who *who, i64 now_us) {
    const struct actor *a = &who->actor;
    i64 id = a->kind == ACTOR_STAFF      ? a->staff_session_id
             : a->kind == ACTOR_ASSISTED ? a->assist_id
                                         : a->shop_session_id;
    if (id == 0 || now_us - who->seen_us < 30 * US_SECOND) return;
    struct arena *arena = arena_make();
    struct touch *t = ARENA_NEW(arena, struct touch);
    *t = (struct touch){.job = {.run = touch_run, .done = touch_done, .arena = arena, .sight = {.scope = -1}},
                        .kind = a->kind,
                        .session_id = id,
                        .staff_session_id = a->staff_session_id,
                        .now_us = now_us};
    if (db_submit(g->o.db, &t->job)) arena_free(arena);
}
