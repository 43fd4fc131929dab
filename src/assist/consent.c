/* Consent: who gave it, when, from where, until when; every change is a row of its own and the customer
 * points at the last. */
#include "assist/assist.h"
#include "gen/assist_sql.h"

enum err assist_consent_get(struct db_r *r, i64 customer_id, struct assist_consent *ret) {
    struct assist_consent_standing s;
    *ret = (struct assist_consent){.by_name = S(""), .source = S(""), .ip = S("")};
    enum err e = assist_consent_standing(r, customer_id, &s);
    if (e == ERR_NOT_FOUND) return OK;
    if (e) return e;
    *ret =
        (struct assist_consent){s.granted, s.until_us, s.at_us, s.by_staff_id.set, s.by_name, s.source, s.ip};
    return OK;
}

bool assist_consent_stands(const struct assist_consent *c, i64 now_us) {
    return c->granted && (!c->until_us.set || c->until_us.v > now_us);
}

enum err assist_consent_history(struct db_r *r, i64 customer_id, struct assist_consent **ret, size_t *ret_n) {
    struct assist_consent_rows *rows;
    size_t n;
    TRY(assist_consent_rows(r, customer_id, &rows, &n));
    *ret = ARENA_ARRAY(db_arena(r), struct assist_consent, n);
    *ret_n = n;
    for (size_t i = 0; i < n; i++)
        (*ret)[i] =
            (struct assist_consent){rows[i].granted, rows[i].until_us, rows[i].at_us, rows[i].by_staff_id.set,
                                    rows[i].by_name, rows[i].source,   rows[i].ip};
    return OK;
}

enum err assist_consent_set(struct db_w *w, const struct actor *by, i64 customer_id, bool granted,
                            opt_i64 until_us, str source, i64 view_id, i64 now_us, bool *ret_changed) {
    struct assist_consent now;
    TRY(assist_consent_get(db_w_reader(w), customer_id, &now));
    *ret_changed = false;
    bool stands = assist_consent_stands(&now, now_us);
    bool same_end = now.until_us.set == until_us.set && (!until_us.set || now.until_us.v == until_us.v);
    if (granted ? stands && same_end : !stands) return OK;
    /* Nobody can give consent for the customer while acting as the customer. */
    if (by->kind == ACTOR_ASSISTED) return ERR_PROTECTED;
    bool staff = by->kind == ACTOR_STAFF;
    struct assist_consent_insert made;
    TRY(assist_consent_insert(w, customer_id, granted, granted ? until_us : NONE, now_us,
                              staff ? OPT(by->staff_id) : NONE,
                              staff                        ? by->staff_name
                              : by->kind == ACTOR_CUSTOMER ? by->customer_name
                                                           : S(""),
                              source, by->ip.p ? by->ip : S(""), view_id ? OPT(view_id) : NONE, &made));
    TRY(assist_consent_point(w, customer_id, made.id, now_us, NULL));
    *ret_changed = true;
    return OK;
}
