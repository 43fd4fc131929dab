/* Inside this room: the facts, from rows of the statements that ask for them. */
#ifndef ASSIST_INSIDE_H
#define ASSIST_INSIDE_H

#include "access/access.h"
#include "assist/assist.h"
#include "gen/assist_sql.h"

/* The parameter of every statement that asks for the right. It is one of its own: no right below it includes
 * it. */
#define ASSIST_RIGHT_KEY (access_resources[RESOURCE_ASSIST_LOGIN].key)

/* Members of assist_facts: what the policy looks at while a session runs. */
#define ASSIST_FACTS_MEMBERS(row)                                                                            \
    .customer_found = (row)->customer_active.set, .customer_active = (row)->customer_active.v == 1,          \
    .customer_locked_until_us = (row)->locked_until_us, .customer_website = (row)->customer_website.v,       \
    .consent_given = (row)->granted.set && (row)->granted.v == 1, .consent_until_us = (row)->until_us,       \
    .staff_found = (row)->staff_active.set, .staff_active = (row)->staff_active.v == 1,                      \
    .staff_scope = (row)->scope.v, .staff_has_right = (row)->has_right > 0,                                  \
    .staff_session_open = (row)->staff_seen_us.set && !(row)->session_ended_us.set,                          \
    .staff_seen_us = (row)->staff_seen_us.v

/* And who these two are, as far as they are there. */
#define ASSIST_WHO_MEMBERS(a, row)                                                                           \
    .customer_view = (row)->customer_view.v, .customer_group = (row)->group_id.v,                            \
    .customer_name =                                                                                         \
        (row)->customer_active.set ? ARENA_CAT(a, (row)->firstname, S(" "), (row)->lastname) : STR_NULL,     \
    .customer_email = (row)->email,                                                                          \
    .staff_name = (row)->staff_active.set                                                                    \
                      ? ARENA_CAT(a, (row)->staff_firstname, S(" "), (row)->staff_lastname)                  \
                      : STR_NULL,                                                                            \
    .staff_username = (row)->username, .staff_locale = (row)->locale

#endif
