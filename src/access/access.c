#include "access/access.h"

#include "gen/access_sql.h"

struct resource_def access_resources[RESOURCE_MAX] = {
#define RESOURCE(name, key, parent, title) {S_INIT(key), S_INIT(parent), title, -1},
#define T(msgid)                           S_INIT(msgid)
#include "access/resources.def"
#undef T
#undef RESOURCE
};

void access_init(void) {
    for (int i = 0; i < RESOURCE_MAX; i++) {
        enum resource parent = access_resource_by_key(access_resources[i].parent);
        access_resources[i].parent_index = parent == RESOURCE_MAX ? -1 : (int)parent;
    }
}

enum resource access_resource_by_key(str key) {
    for (int i = 0; i < RESOURCE_MAX; i++)
        if (str_eq(access_resources[i].key, key)) return (enum resource)i;
    return RESOURCE_MAX;
}

u64 access_with_ancestors(u64 rights) {
    /* Parents stand before children, so one pass from the end reaches every ancestor. */
    for (int i = RESOURCE_MAX - 1; i >= 0; i--) {
        int parent = access_resources[i].parent_index;
        if ((rights >> i & 1) && parent >= 0) rights |= (u64)1 << parent;
    }
    return rights;
}

enum err access_role_rights(struct db_r *r, i64 role_id, u64 *ret) {
    struct access_role_resources *rows;
    size_t n;
    TRY(access_role_resources(r, role_id, &rows, &n));
    if (n == 0) return ERR_NOT_FOUND;
    *ret = 0;
    for (size_t i = 0; i < n; i++) {
        enum resource one = rows[i].resource.p ? access_resource_by_key(rows[i].resource) : RESOURCE_MAX;
        if (one != RESOURCE_MAX) *ret |= (u64)1 << one;
    }
    *ret = rows[0].all_resources ? ~(u64)0 : access_with_ancestors(*ret);
    return OK;
}

enum err access_session_actor(struct db_r *r, const hash256 *token, i64 now_us, i64 idle_us,
                              struct actor *ret, i64 *ret_seen_us) {
    struct access_session s;
    enum err e = access_session(r, hash_str(token), &s);
    if (e == ERR_NOT_FOUND) return ERR_UNAUTHENTICATED;
    if (e) return e;
    if (now_us - s.seen_us > idle_us) return ERR_UNAUTHENTICATED;
    u64 rights;
    TRY(access_role_rights(r, s.role_id, &rights));
    ret->staff_id = s.staff_id;
    ret->staff_session_id = s.session_id;
    ret->username = s.username;
    ret->staff_name = ARENA_CAT(db_arena(r), s.firstname, S(" "), s.lastname);
    ret->staff_locale = s.locale;
    ret->rights = rights;
    ret->scope = s.scope;
    *ret_seen_us = s.seen_us;
    return OK;
}

enum err access_session_open(struct db_w *w, i64 staff_id, str ip, i64 now_us, str *ret_token) {
    *ret_token = crypto_token(db_arena(db_w_reader(w)));
    hash256 hash = crypto_hash(*ret_token);
    return access_session_insert(w, hash_str(&hash), staff_id, now_us, ip, NULL);
}

enum err access_session_end(struct db_w *w, i64 session_id, i64 now_us) {
    return access_session_set_ended(w, session_id, now_us, NULL);
}

enum err access_session_end_all(struct db_w *w, i64 staff_id, i64 keep, i64 now_us) {
    return access_session_set_all_ended(w, staff_id, keep, now_us, NULL);
}

enum err access_session_touch(struct db_w *w, i64 session_id, i64 now_us) {
    return access_session_set_seen(w, session_id, now_us, NULL);
}
