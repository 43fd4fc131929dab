/* The heart: may this staff user act as this customer, now? Consent, the one-time secret of the hand-over,
 * the assisted session, its limits and its end. Knows no page and no cookie; everything here is asked inside
 * a snapshot or a transaction.
 *
 * One policy (assist_policy) answers at the start, when the secret is used, and at every request after that.
 */
#ifndef ASSIST_ASSIST_H
#define ASSIST_ASSIST_H

#include "base/actor.h"
#include "base/base.h"
#include "crypto/crypto.h"
#include "db/db.h"
#include "settings/settings.h"
#include "store/store.h"

/* ---------------------------------------------------------------- policy */

/* Everything that can stand in the way. Several may hold at once; the dialog says all of them. */
enum assist_obstacle {
    ASSIST_FEATURE_OFF = 1 << 0,
    ASSIST_NO_RIGHT = 1 << 1,
    ASSIST_STAFF_INACTIVE = 1 << 2,
    ASSIST_STAFF_SIGNED_OUT = 1 << 3,
    ASSIST_OTHER_WEBSITE = 1 << 4, /* the role does not reach the customer's website */
    ASSIST_NO_CONSENT = 1 << 5,
    ASSIST_CONSENT_OVER = 1 << 6, /* it was given until a time that has passed */
    ASSIST_CUSTOMER_INACTIVE = 1 << 7,
    ASSIST_CUSTOMER_LOCKED = 1 << 8,
    ASSIST_VIEW_MISSING = 1 << 9,   /* Manual Selection and none was chosen, or it is switched off */
    ASSIST_VIEW_REFUSED = 1 << 10,  /* a store view of a website where the account is not good */
    ASSIST_LIMIT_REACHED = 1 << 11, /* as many sessions at once as one staff user may have */
    ASSIST_CUSTOMER_GONE = 1 << 12,
    ASSIST_SESSION_OVER = 1 << 13, /* the staff session timed out */
};
enum { ASSIST_OBSTACLES = 14 };

/* Is Login as Customer switched on? */
bool assist_is_on(const struct settings *s);

/* A sentence (msgid) for the dialog about a single obstacle. */
str assist_obstacle_text(unsigned one);
/* Short stable words for the record, comma-separated: "no_right,no_consent". */
str assist_obstacle_words(struct arena *a, unsigned obstacles);

/* The live facts that the policy looks at; read in one query, by assist_facts or with the session. */
struct assist_facts {
    bool customer_found, customer_active, consent_given;
    opt_i64 consent_until_us, customer_locked_until_us;
    i64 customer_website, customer_view, customer_group;
    str customer_name, customer_email;
    bool staff_found, staff_active, staff_session_open;
    i64 staff_seen_us;
    bool staff_has_right;
    i64 staff_scope;
    str staff_name, staff_username, staff_locale;
    i64 open_sessions; /* of this staff user, whatever the customer */
};

/* Reads them. ERR_DB only; what is missing is said in the facts. */
enum err assist_facts(struct db_r *r, i64 staff_id, i64 staff_session_id, i64 customer_id,
                      struct assist_facts *ret) MUST_CHECK;

/* When the policy is asked: some obstacles only matter at some moments. */
enum assist_moment { ASSIST_AT_DIALOG, ASSIST_AT_START, ASSIST_AT_ENTER, ASSIST_AT_REQUEST };

/* The one rule. `view_id` 0: none chosen. Returns a set of obstacles; 0 means yes. Pure. */
unsigned assist_policy(const struct assist_facts *f, const struct settings *s, const struct stores *stores,
                       i64 view_id, enum assist_moment moment, i64 now_us);

/* The store view that Auto-Detection takes. 0 when there is none. */
i64 assist_auto_view(const struct assist_facts *f, const struct settings *s, const struct stores *stores);
/* May the customer's account be used in this view? (Accounts per website: only in views of their own
 * website.) */
bool assist_view_allowed(const struct settings *s, const struct stores *stores, i64 customer_website,
                         i64 view_id);

/* ---------------------------------------------------------------- consent */

struct assist_consent {
    bool granted; /* as given; see assist_consent_stands for "now" */
    opt_i64 until_us;
    i64 at_us;
    bool by_staff;
    str by_name, source, ip;
};

/* The standing consent of a customer; when never asked, granted is false and at_us is 0. */
enum err assist_consent_get(struct db_r *r, i64 customer_id, struct assist_consent *ret) MUST_CHECK;
bool assist_consent_stands(const struct assist_consent *c, i64 now_us);
/* The whole history, newest first. */
enum err assist_consent_history(struct db_r *r, i64 customer_id, struct assist_consent **ret,
                                size_t *ret_n) MUST_CHECK;
/* Gives or withdraws it, keeping who, when, from where and until when. *ret_changed is false (and nothing is
 * written) when it stands that way already. `by` is the actor; `source` is "account", "register", "admin" or
 * "demo". */
enum err assist_consent_set(struct db_w *w, const struct actor *by, i64 customer_id, bool granted,
                            opt_i64 until_us, str source, i64 view_id, i64 now_us,
                            bool *ret_changed) MUST_CHECK;

/* ---------------------------------------------------------------- hand-over and session */

struct assist_origin {
    str kind; /* customer, customers, order, invoice, shipment, creditmemo */
    i64 id;
    str label; /* "customer", "order 100000012" */
    str path;  /* where Close Session leads */
};

/* Makes the one-time secret: 43 characters, of which only the hash is kept. The caller has asked the policy.
 */
enum err assist_secret_make(struct db_w *w, const struct actor *staff, i64 customer_id, i64 view_id,
                            const struct assist_origin *origin, i64 now_us, i64 lifetime_s,
                            str *ret_secret) MUST_CHECK;

struct assist_secret {
    i64 staff_id, staff_session_id, customer_id, view_id;
    struct assist_origin origin;
};
/* Spends the secret: exactly one caller ever gets OK. ERR_GONE: unknown, spent or too old. */
enum err assist_secret_spend(struct db_w *w, str secret, i64 now_us, struct assist_secret *ret) MUST_CHECK;

struct assist_session {
    i64 id;
    str public_id;
    i64 staff_id, staff_session_id, customer_id, website_id, view_id;
    str staff_name, customer_name, customer_email;
    struct assist_origin origin;
    i64 started_us, seen_us, ends_us;
    opt_i64 ended_us;
    str end_cause; /* "" while it runs */
    i64 changes;
};

/* Opens the session; *ret_token is the cookie's secret, of which only the hash is kept. */
enum err assist_session_open(struct db_w *w, const struct assist_secret *s, const struct assist_facts *f,
                             const struct settings *settings, str ip, i64 now_us, struct assist_session *ret,
                             str *ret_token) MUST_CHECK;
/* By the id in the address; ERR_NOT_FOUND. *ret_token_hash is what the cookie's hash must equal; the facts
 * are without the number of open sessions, which matters to new ones only. */
enum err assist_session_find(struct db_r *r, str public_id, struct assist_session *ret,
                             hash256 *ret_token_hash, struct assist_facts *ret_facts) MUST_CHECK;
enum err assist_session_get(struct db_r *r, i64 id, struct assist_session *ret) MUST_CHECK;
/* Why a session that was found, with these facts, must not go on: "" when it may. Pure. */
str assist_session_check(const struct settings *s, const struct stores *stores,
                         const struct assist_session *session, struct assist_facts facts, i64 now_us);
/* Ends it; *ret_ended is false when it had ended before. */
enum err assist_session_end(struct db_w *w, i64 id, str cause, i64 now_us, bool *ret_ended) MUST_CHECK;
/* What the record says of the end: "Sanne de Vries: closed, 2 changes". Arena. */
str assist_end_details(struct arena *a, str staff_name, str cause, i64 changes);
enum err assist_session_touch(struct db_w *w, i64 id, i64 now_us) MUST_CHECK;
enum err assist_session_count_change(struct db_w *w, i64 id) MUST_CHECK;

/* The sweep, which ends what nobody asks for any more, looks at running sessions in steps of so many. */
enum { ASSIST_SWEEP_STEP = 256 };
struct assist_sweep { /* begins with zeroes */
    i64 after_us, after_id;
    bool done;
};
struct assist_over {
    i64 id;
    str cause;
};
/* Of the next step's sessions those that may not go on, in r's arena. One query. */
enum err assist_sessions_over(struct db_r *r, const struct settings *s, const struct stores *stores,
                              i64 now_us, struct assist_sweep *sweep, struct assist_over **ret,
                              size_t *ret_n) MUST_CHECK;
/* A cause ("consent") as a sentence (msgid) for the page that says that the session has ended. */
str assist_cause_text(str cause);

#endif
