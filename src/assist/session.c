/* The hand-over's one-time secret and the assisted session that it opens. */
#include "assist/assist_inside.h"
#include "i18n/i18n.h"

enum { PUBLIC_ID_CHARS = 12 };

enum err assist_secret_make(struct db_w *w, const struct actor *staff, i64 customer_id, i64 view_id,
                            const struct assist_origin *origin, i64 now_us, i64 lifetime_s, str *ret_secret) {
    *ret_secret = crypto_token(db_arena(db_w_reader(w)));
    hash256 hash = crypto_hash(*ret_secret);
    return assist_secret_insert(w, hash_str(&hash), staff->staff_id, staff->staff_session_id, customer_id,
                                view_id, origin->kind, origin->id, origin->label, origin->path, now_us,
                                now_us + lifetime_s * US_SECOND, NULL);
}

enum err assist_secret_spend(struct db_w *w, str secret, i64 now_us, struct assist_secret *ret) {
    hash256 hash = crypto_hash(secret);
    struct assist_secret_take t;
    enum err e = assist_secret_take(w, hash_str(&hash), now_us, &t);
    if (e == ERR_NOT_FOUND) return ERR_GONE;
    if (e) return e;
    *ret = (struct assist_secret){t.staff_id,
                                  t.staff_session_id,
                                  t.customer_id,
                                  t.view_id,
                                  {t.origin_kind, t.origin_id, t.origin_label, t.origin_path}};
    return OK;
}

enum err assist_session_open(struct db_w *w, const struct assist_secret *s, const struct assist_facts *f,
                             const struct settings *settings, str ip, i64 now_us, struct assist_session *ret,
                             str *ret_token) {
    struct arena *a = db_arena(db_w_reader(w));
    str public_id = crypto_public_id(a, PUBLIC_ID_CHARS);
    *ret_token = crypto_token(a);
    hash256 hash = crypto_hash(*ret_token);
    i64 ends_us = now_us + setting_int(settings, SETTING_ASSIST_LIMIT_MINUTES, SETTING_DEFAULT) * US_MINUTE;
    str fold = i18n_fold(a, ARENA_CAT(a, f->customer_name, S(" "), f->customer_email, S(" "), f->staff_name,
                                      S(" "), f->staff_username, S(" "), s->origin.label));
    struct assist_session_insert made;
    TRY(assist_session_insert(w, public_id, hash_str(&hash), s->staff_id, s->staff_session_id, f->staff_name,
                              s->customer_id, f->customer_name, f->customer_email, f->customer_website,
                              s->view_id, s->origin.kind, s->origin.id, s->origin.label, s->origin.path,
                              now_us, ends_us, fold, ip, &made));
    *ret = (struct assist_session){
        .id = made.id,
        .public_id = public_id,
        .staff_id = s->staff_id,
        .staff_session_id = s->staff_session_id,
        .customer_id = s->customer_id,
        .website_id = f->customer_website,
        .view_id = s->view_id,
        .staff_name = f->staff_name,
        .customer_name = f->customer_name,
        .customer_email = f->customer_email,
        .origin = s->origin,
        .started_us = now_us,
        .seen_us = now_us,
        .ends_us = ends_us,
        .ended_us = NONE,
        .end_cause = S(""),
    };
    return OK;
}

/* Of any statement that selects the columns of assist_session_by_id. */
#define SESSION_OF(row)                                                                                      \
    ((struct assist_session){                                                                                \
        .id = (row).id,                                                                                      \
        .public_id = (row).public_id,                                                                        \
        .staff_id = (row).staff_id,                                                                          \
        .staff_session_id = (row).staff_session_id,                                                          \
        .customer_id = (row).customer_id,                                                                    \
        .website_id = (row).website_id,                                                                      \
        .view_id = (row).view_id,                                                                            \
        .staff_name = (row).staff_name,                                                                      \
        .customer_name = (row).customer_name,                                                                \
        .customer_email = (row).customer_email,                                                              \
        .origin = {(row).origin_kind, (row).origin_id, (row).origin_label, (row).origin_path},               \
        .started_us = (row).started_us,                                                                      \
        .seen_us = (row).seen_us,                                                                            \
        .ends_us = (row).ends_us,                                                                            \
        .ended_us = (row).ended_us,                                                                          \
        .end_cause = (row).end_cause.p ? (row).end_cause : S(""),                                            \
        .changes = (row).changes,                                                                            \
    })

enum err assist_session_get(struct db_r *r, i64 id, struct assist_session *ret) {
    struct assist_session_by_id row;
    TRY(assist_session_by_id(r, id, &row));
    *ret = SESSION_OF(row);
    return OK;
}

enum err assist_session_find(struct db_r *r, str public_id, struct assist_session *ret,
                             hash256 *ret_token_hash, struct assist_facts *ret_facts) {
    struct assist_session_by_public found;
    TRY(assist_session_by_public(r, public_id, ASSIST_RIGHT_KEY, &found));
    if (found.token_hash.n != CRYPTO_HASH) return ERR_INTERNAL;
    memcpy(ret_token_hash->b, found.token_hash.p, CRYPTO_HASH);
    *ret = SESSION_OF(found);
    *ret_facts = (struct assist_facts){ASSIST_FACTS_MEMBERS(&found), ASSIST_WHO_MEMBERS(db_arena(r), &found)};
    return OK;
}

/* The cause that ends a running session, first things first. */
static str cause_of(unsigned obstacles) {
    static const struct {
        unsigned obstacles;
        str cause;
    } causes[] = {
        {ASSIST_FEATURE_OFF, S_INIT("feature_off")},
        {ASSIST_STAFF_INACTIVE, S_INIT("staff_inactive")},
        {ASSIST_STAFF_SIGNED_OUT, S_INIT("sign_out")},
        {ASSIST_SESSION_OVER, S_INIT("admin_timeout")},
        {ASSIST_NO_RIGHT, S_INIT("right_removed")},
        {ASSIST_OTHER_WEBSITE, S_INIT("right_removed")},
        {ASSIST_CUSTOMER_GONE, S_INIT("customer_gone")},
        {ASSIST_NO_CONSENT, S_INIT("consent_withdrawn")},
        {ASSIST_CONSENT_OVER, S_INIT("consent_over")},
        {ASSIST_CUSTOMER_INACTIVE, S_INIT("customer_inactive")},
        {ASSIST_VIEW_MISSING, S_INIT("view_gone")},
        {ASSIST_VIEW_REFUSED, S_INIT("view_gone")},
    };
    for (size_t i = 0; i < COUNT_OF(causes); i++)
        if (obstacles & causes[i].obstacles) return causes[i].cause;
    return S("");
}

/* The cause that ends a session which has not ended; "" when it may go on. */
static str cause_now(struct assist_facts *f, const struct settings *s, const struct stores *stores,
                     i64 view_id, i64 seen_us, i64 ends_us, i64 now_us) {
    i64 idle_us = setting_int(s, SETTING_ASSIST_IDLE_MINUTES, SETTING_DEFAULT) * US_MINUTE;
    if (now_us >= ends_us) return S("limit");
    if (now_us - seen_us > idle_us) return S("idle");
    /* The agent is at work in the assisted tab; that keeps the Admin session from timing out beneath it. */
    f->staff_seen_us = MAX_OF(f->staff_seen_us, seen_us);
    return cause_of(assist_policy(f, s, stores, view_id, ASSIST_AT_REQUEST, now_us));
}

str assist_session_check(const struct settings *s, const struct stores *stores,
                         const struct assist_session *session, struct assist_facts facts, i64 now_us) {
    if (session->ended_us.set) return session->end_cause;
    return cause_now(&facts, s, stores, session->view_id, session->seen_us, session->ends_us, now_us);
}

enum err assist_sessions_over(struct db_r *r, const struct settings *s, const struct stores *stores,
                              i64 now_us, struct assist_sweep *sweep, struct assist_over **ret,
                              size_t *ret_n) {
    struct assist_session_running *rows;
    size_t n;
    *ret_n = 0;
    TRY(assist_session_running(r, sweep->after_us, sweep->after_id, ASSIST_RIGHT_KEY, &rows, &n));
    sweep->done = n < ASSIST_SWEEP_STEP;
    *ret = ARENA_ARRAY(db_arena(r), struct assist_over, n);
    for (size_t i = 0; i < n; i++) {
        struct assist_facts f = {ASSIST_FACTS_MEMBERS(&rows[i])};
        str cause = cause_now(&f, s, stores, rows[i].view_id, rows[i].seen_us, rows[i].ends_us, now_us);
        if (cause.n) (*ret)[(*ret_n)++] = (struct assist_over){rows[i].id, cause};
        sweep->after_us = rows[i].ends_us;
        sweep->after_id = rows[i].id;
    }
    return OK;
}

enum err assist_session_end(struct db_w *w, i64 id, str cause, i64 now_us, bool *ret_ended) {
    i64 changes;
    TRY(assist_session_set_ended(w, id, cause, now_us, &changes));
    *ret_ended = changes > 0;
    return OK;
}

str assist_end_details(struct arena *a, str staff_name, str cause, i64 changes) {
    return arena_printf(a, "%.*s: %.*s, %lld %s", STR_ARG(staff_name), STR_ARG(cause), (long long)changes,
                        changes == 1 ? "change" : "changes");
}

enum err assist_session_touch(struct db_w *w, i64 id, i64 now_us) {
    return assist_session_set_seen(w, id, now_us, NULL);
}

enum err assist_session_count_change(struct db_w *w, i64 id) {
    return assist_session_add_change(w, id, NULL);
}

str assist_cause_text(str cause) {
    static const struct {
        str cause, text;
    } texts[] = {
#undef T
#define T(msgid) S_INIT(msgid)
        {S_INIT("closed"), T("The session was closed.")},
        {S_INIT("sign_out"), T("The session ended because the staff user signed out of the Admin.")},
        {S_INIT("admin_timeout"), T("The session ended because the Admin session timed out.")},
        {S_INIT("consent_withdrawn"), T("The session ended because the permission was withdrawn.")},
        {S_INIT("consent_over"), T("The session ended because the time of the permission is over.")},
        {S_INIT("right_removed"),
         T("The session ended because the staff user may no longer use Login as Customer.")},
        {S_INIT("staff_inactive"), T("The session ended because the staff user was deactivated.")},
        {S_INIT("feature_off"), T("The session ended because Login as Customer was switched off.")},
        {S_INIT("customer_inactive"), T("The session ended because the customer's account was deactivated.")},
        {S_INIT("customer_gone"), T("The session ended because the customer's account was deleted.")},
        {S_INIT("view_gone"), T("The session ended because the store view cannot be used any more.")},
        {S_INIT("idle"), T("The session ended because nothing was done for a while.")},
        {S_INIT("limit"), T("The session ended because its time was over.")},
        {S_INIT("supervisor"), T("The session was ended by another member of staff.")},
#undef T
#define T(msgid) S(msgid)
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (str_eq(texts[i].cause, cause)) return texts[i].text;
    return T("The session has ended.");
}
