/* The one rule: who may act as whom, in which store view, at which moment; and the words for what stands in
 * the way. */
#include "assist/assist_inside.h"
#include "i18n/i18n.h"

#undef T
#define T(msgid) S_INIT(msgid)
/* Indexed by the bit's number. */
static const struct {
    str word, text;
} obstacles[ASSIST_OBSTACLES] = {
    {S_INIT("feature_off"), T("Login as Customer is switched off.")},
    {S_INIT("no_right"), T("Your role does not include Login as Customer.")},
    {S_INIT("staff_inactive"), T("Your account is not active.")},
    {S_INIT("staff_signed_out"), T("You have signed out of the Admin.")},
    {S_INIT("other_website"), T("Your role does not reach the website of this customer.")},
    {S_INIT("no_consent"),
     T("This customer has not allowed remote shopping assistance. The customer can allow it on the "
       "Account Information page of the shop.")},
    {S_INIT("consent_over"),
     T("The time for which this customer allowed remote shopping assistance is over.")},
    {S_INIT("customer_inactive"), T("This customer's account is not active.")},
    {S_INIT("customer_locked"), T("This customer's account is locked after too many wrong passwords.")},
    {S_INIT("view_missing"), T("Please choose a store view.")},
    {S_INIT("view_refused"),
     T("The account cannot be used in this store view, because it belongs to another website.")},
    {S_INIT("limit_reached"),
     T("You assist as many customers as you may at once. Please close a session first.")},
    {S_INIT("customer_gone"), T("This customer does not exist any more.")},
    {S_INIT("session_over"), T("Your Admin session has timed out.")},
};
#undef T
#define T(msgid) S(msgid)

bool assist_is_on(const struct settings *s) {
    return setting_bool(s, SETTING_ASSIST_ENABLED, SETTING_DEFAULT);
}

str assist_obstacle_text(unsigned one) {
    int bit = one ? __builtin_ctz(one) : ASSIST_OBSTACLES;
    return bit < ASSIST_OBSTACLES ? obstacles[bit].text : S("");
}

str assist_obstacle_words(struct arena *a, unsigned set) {
    str all = S("");
    for (int bit = 0; bit < ASSIST_OBSTACLES; bit++)
        if (set >> bit & 1) all = ARENA_CAT(a, all, all.n ? S(",") : S(""), obstacles[bit].word);
    return all;
}

enum err assist_facts(struct db_r *r, i64 staff_id, i64 staff_session_id, i64 customer_id,
                      struct assist_facts *ret) {
    struct assist_facts_of f;
    TRY(assist_facts_of(r, staff_id, staff_session_id, customer_id, ASSIST_RIGHT_KEY, &f));
    *ret = (struct assist_facts){ASSIST_FACTS_MEMBERS(&f), ASSIST_WHO_MEMBERS(db_arena(r), &f),
                                 .open_sessions = f.open_sessions};
    return OK;
}

bool assist_view_allowed(const struct settings *s, const struct stores *stores, i64 customer_website,
                         i64 view_id) {
    const struct store_view *v = stores_view(stores, view_id);
    if (!v || !v->active) return false;
    if (str_eq(setting_text(s, SETTING_ACCOUNT_SHARE, SETTING_DEFAULT), S("global"))) return true;
    return v->website_id == customer_website;
}

i64 assist_auto_view(const struct assist_facts *f, const struct settings *s, const struct stores *stores) {
    if (str_eq(setting_text(s, SETTING_ACCOUNT_SHARE, SETTING_DEFAULT), S("global")))
        return stores_default(stores)->id;
    return f->customer_view;
}

static unsigned staff_obstacles(const struct assist_facts *f, const struct settings *s,
                                enum assist_moment moment, i64 now_us) {
    unsigned out = 0;
    i64 idle_us = setting_int(s, SETTING_ADMIN_SESSION_MINUTES, SETTING_DEFAULT) * US_MINUTE;
    if (!f->staff_found || !f->staff_active) return ASSIST_STAFF_INACTIVE;
    if (!f->staff_has_right) out |= ASSIST_NO_RIGHT;
    if (!f->staff_session_open)
        out |= ASSIST_STAFF_SIGNED_OUT;
    else if (now_us - f->staff_seen_us > idle_us)
        out |= ASSIST_SESSION_OVER;
    if (f->customer_found && f->staff_scope != -1 && !(f->staff_scope >> f->customer_website & 1))
        out |= ASSIST_OTHER_WEBSITE;
    /* A session that runs is one of the open ones; only new ones count against the limit. */
    if (moment != ASSIST_AT_REQUEST &&
        f->open_sessions >= setting_int(s, SETTING_ASSIST_MAX, SETTING_DEFAULT))
        out |= ASSIST_LIMIT_REACHED;
    return out;
}

static unsigned customer_obstacles(const struct assist_facts *f, i64 now_us) {
    unsigned out = 0;
    if (!f->customer_found) return ASSIST_CUSTOMER_GONE;
    if (!f->consent_given)
        out |= ASSIST_NO_CONSENT;
    else if (f->consent_until_us.set && f->consent_until_us.v <= now_us)
        out |= ASSIST_CONSENT_OVER;
    if (!f->customer_active) out |= ASSIST_CUSTOMER_INACTIVE;
    if (f->customer_locked_until_us.set && f->customer_locked_until_us.v > now_us)
        out |= ASSIST_CUSTOMER_LOCKED;
    return out;
}

unsigned assist_policy(const struct assist_facts *f, const struct settings *s, const struct stores *stores,
                       i64 view_id, enum assist_moment moment, i64 now_us) {
    unsigned out = 0;
    if (!assist_is_on(s)) out |= ASSIST_FEATURE_OFF;
    out |= staff_obstacles(f, s, moment, now_us) | customer_obstacles(f, now_us);
    if (!f->customer_found) return out;
    const struct store_view *view = view_id ? stores_view(stores, view_id) : NULL;
    if (!view || !view->active) {
        /* The dialog is where a view is chosen: none being chosen yet is no obstacle there. */
        if (moment != ASSIST_AT_DIALOG || view_id) out |= ASSIST_VIEW_MISSING;
    } else if (!assist_view_allowed(s, stores, f->customer_website, view_id)) {
        out |= ASSIST_VIEW_REFUSED;
    }
    return out;
}
