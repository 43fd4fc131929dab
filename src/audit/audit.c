#include "audit/audit.h"

#include "audit/chain.h"
#include "gen/audit_sql.h"
#include "i18n/i18n.h"

const struct audit_group_def audit_groups[AUDIT_GROUP_MAX] = {
#define GROUP(name, key, title, optional) {S_INIT(key), title, optional},
#undef T
#define T(msgid) S_INIT(msgid)
#include "audit/groups.def"
#undef GROUP
};

/* The order here is the definition of the hash: a new column goes to the end, under a new version of the
 * first field. */
hash256 audit_chain_hash(const struct audit_walk *e) {
    struct crypto_hasher h;
    crypto_hasher_init(&h);
    crypto_hasher_str(&h, S("countersign audit 1"));
    crypto_hasher_str(&h, e->prev_hash);
    crypto_hasher_i64(&h, e->id);
    crypto_hasher_i64(&h, e->at_us);
    const str texts[] = {e->action_group, e->action,     e->full_action, e->result,      e->reason,
                         e->actor,        e->username,   e->customer,    e->view,        e->origin,
                         e->subject_kind, e->subject_id, e->details,     e->before_json, e->after_json,
                         e->ip,           e->search_fold};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        crypto_hasher_str(&h, texts[i]);
    const opt_i64 numbers[] = {e->staff_id, e->customer_id, e->session_id, e->website_id};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        crypto_hasher_i64(&h, numbers[i].set);
        crypto_hasher_i64(&h, numbers[i].set ? numbers[i].v : 0);
    }
    return crypto_hasher_final(&h);
}

enum err audit_head_get(struct db_r *r, struct audit_head *ret) {
    struct audit_last last;
    *ret = (struct audit_head){0};
    enum err e = audit_last(r, &last);
    if (e == ERR_NOT_FOUND) return OK;
    if (e) return e;
    if (last.hash.n != CRYPTO_HASH) return ERR_INTERNAL;
    ret->entries = last.id;
    memcpy(ret->hash.b, last.hash.p, CRYPTO_HASH);
    return OK;
}

static str or_empty(str s) {
    return s.p ? s : S("");
}

/* What the report's search looks through: made once here, so that the search needs no function in SQL. */
static str search_text(struct arena *a, const struct audit_event *e) {
    const struct actor *by = e->actor;
    str words = i18n_words(
        a, ARENA_CAT(a, by->username, S(" "), by->staff_name, S(" "), or_empty(e->customer), S(" "),
                     e->action, S(" "), e->full_action, S(" "), or_empty(e->subject_kind), S(" "),
                     or_empty(e->subject_id), S(" "), or_empty(e->details), S(" "), or_empty(e->reason),
                     S(" "), or_empty(e->origin), S(" "), or_empty(e->view), S(" "), or_empty(by->ip)));
    return i18n_search_text(a, &words, 1);
}

enum err audit_append(struct db_w *w, const struct audit_event *e, i64 *ret_id) {
    struct db_r *r = db_w_reader(w);
    struct arena *a = db_arena(r);
    struct audit_head head;
    TRY(audit_head_get(r, &head));
    const struct actor *by = e->actor;
    bool staff = by->kind == ACTOR_STAFF || by->kind == ACTOR_ASSISTED;
    struct audit_walk x = {
        .id = head.entries + 1,
        .at_us = e->at_us,
        .action_group = audit_groups[e->group].key,
        .action = e->action,
        .full_action = e->full_action,
        .result = e->success ? S("success") : S("failure"),
        .reason = or_empty(e->reason),
        .actor = actor_word(by),
        .staff_id = staff ? OPT(by->staff_id) : NONE,
        .username = or_empty(by->username),
        .customer_id = e->customer_id,
        .customer = or_empty(e->customer),
        .session_id = e->session_id,
        .website_id = e->website_id,
        .view = or_empty(e->view),
        .origin = or_empty(e->origin),
        .subject_kind = or_empty(e->subject_kind),
        .subject_id = or_empty(e->subject_id),
        .details = or_empty(e->details),
        .before_json = or_empty(e->before_json),
        .after_json = or_empty(e->after_json),
        .ip = or_empty(by->ip),
        .search_fold = search_text(a, e),
        .prev_hash = hash_str(&head.hash),
    };
    hash256 hash = audit_chain_hash(&x);
    TRY(audit_insert(w, x.id, x.at_us, x.action_group, x.action, x.full_action, x.result, x.reason, x.actor,
                     x.staff_id, x.username, x.customer_id, x.customer, x.session_id, x.website_id, x.view,
                     x.origin, x.subject_kind, x.subject_id, x.details, x.before_json, x.after_json, x.ip,
                     x.search_fold, x.prev_hash, hash_str(&hash), NULL));
    if (ret_id) *ret_id = x.id;
    return OK;
}
