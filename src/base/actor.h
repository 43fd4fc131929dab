/* Who does it. Every request, job and command runs as exactly one actor; "customer C by staff S" is a kind of
 * its own and never a customer with a flag (compare `sub` and `act` in RFC 8693). */
#ifndef BASE_ACTOR_H
#define BASE_ACTOR_H

#include "base/str.h"

enum actor_kind {
    ACTOR_GUEST,
    ACTOR_CUSTOMER,
    ACTOR_STAFF,
    ACTOR_ASSISTED,
    ACTOR_INTEGRATION,
    ACTOR_SYSTEM,
};

struct actor {
    enum actor_kind kind;

    /* customer, assisted */
    i64 customer_id;
    str customer_name, customer_email;
    i64 customer_website;
    i64 group_id; /* a guest has the general group */

    /* staff, assisted */
    i64 staff_id, staff_session_id;
    str username, staff_name, staff_locale;
    u64 rights; /* bit r: the resource r of access/resources.def */
    i64 scope;  /* bit w: website w; -1: all */

    /* the visitor's session, guests' too; 0 when none was made yet */
    i64 shop_session_id;

    /* assisted */
    i64 assist_id;
    str assist_public_id, assist_origin, assist_origin_path;
    i64 assist_ends_us; /* the earlier of idle and absolute limit */

    str ip;
};

/* The customer for whom the request acts, in person or by staff; 0: nobody. */
static inline i64 actor_self(const struct actor *a) {
    return a->kind == ACTOR_CUSTOMER || a->kind == ACTOR_ASSISTED ? a->customer_id : 0;
}

/* The word that the record and the API use. */
static inline str actor_word(const struct actor *a) {
    static const str words[] = {S_INIT("guest"),    S_INIT("customer"),    S_INIT("staff"),
                                S_INIT("assisted"), S_INIT("integration"), S_INIT("system")};
    return words[a->kind];
}

#endif
