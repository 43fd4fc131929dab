/* Staff: users, roles, the resource tree, and their sessions. Rights are a bit set, computed from the role at
 * every request, so a right that was taken away is gone at the next one. */
#ifndef ACCESS_ACCESS_H
#define ACCESS_ACCESS_H

#include "base/actor.h"
#include "base/base.h"
#include "crypto/crypto.h"
#include "db/db.h"

enum resource {
#define RESOURCE(name, ...) RESOURCE_##name,
#include "access/resources.def"
#undef RESOURCE
    RESOURCE_MAX
};
_Static_assert(RESOURCE_MAX <= 64, "rights are one 64-bit set");

struct resource_def {
    str key, parent, title; /* title is a msgid */
    int parent_index;       /* -1: a root */
};
/* The tree, parents before children. Its parent_index is filled by access_init. */
extern struct resource_def access_resources[RESOURCE_MAX];
/* Once at start. */
void access_init(void);
/* RESOURCE_MAX when there is none. */
enum resource access_resource_by_key(str key);
/* Adds every ancestor: who may edit customers must get to the list of them. */
u64 access_with_ancestors(u64 rights);
static inline bool rights_have(u64 rights, enum resource r) {
    return (rights >> r & 1) != 0;
}
/* The rights of a role now, with the ancestors of what it was given. */
enum err access_role_rights(struct db_r *r, i64 role_id, u64 *ret) MUST_CHECK;

/* The staff user behind a session token, with rights and scope. ERR_UNAUTHENTICATED when there is no such
 * session, it was ended, it is idle for longer than `idle_us`, or the user is not active. Fills the staff
 * part of *actor. */
enum err access_session_actor(struct db_r *r, const hash256 *token, i64 now_us, i64 idle_us,
                              struct actor *ret, i64 *ret_seen_us) MUST_CHECK;
/* A fresh session; *ret_token goes into the cookie, its hash into the table. */
enum err access_session_open(struct db_w *w, i64 staff_id, str ip, i64 now_us, str *ret_token) MUST_CHECK;
enum err access_session_end(struct db_w *w, i64 session_id, i64 now_us) MUST_CHECK;
/* Ends all sessions of a staff user, but `keep` (0: none). */
enum err access_session_end_all(struct db_w *w, i64 staff_id, i64 keep, i64 now_us) MUST_CHECK;
enum err access_session_touch(struct db_w *w, i64 session_id, i64 now_us) MUST_CHECK;

#endif
