/* Seals: signed statements of what the head of the chain was. */
#include "audit/audit.h"
#include "audit/chain.h"
#include "gen/audit_sql.h"

str audit_seal_message(struct arena *a, i64 at_us, i64 entries, str head_hash) {
    return arena_printf(a, "countersign seal 1\n%lld\n%lld\n%.*s\n", (long long)at_us, (long long)entries,
                        STR_ARG(crypto_hex(a, head_hash)));
}

enum err audit_seal_make(struct db_w *w, const unsigned char public_key[CRYPTO_PUBLIC_KEY],
                         const unsigned char secret_key[CRYPTO_SECRET_KEY], i64 now_us, bool *ret_sealed) {
    struct db_r *r = db_w_reader(w);
    struct audit_head head;
    struct audit_seal_last last = {0};
    *ret_sealed = false;
    TRY(audit_head_get(r, &head));
    enum err e = audit_seal_last(r, &last);
    if (e && e != ERR_NOT_FOUND) return e;
    if (head.entries <= last.entries) return OK;
    unsigned char signature[CRYPTO_SIGNATURE];
    crypto_sign(signature, audit_seal_message(db_arena(r), now_us, head.entries, hash_str(&head.hash)),
                secret_key);
    TRY(audit_seal_insert(w, last.id + 1, now_us, head.entries, hash_str(&head.hash),
                          (str){(const char *)public_key, CRYPTO_PUBLIC_KEY},
                          (str){(const char *)signature, CRYPTO_SIGNATURE}, NULL));
    *ret_sealed = true;
    return OK;
}

struct seal {
    struct db_job job; /* first: a job is its seal */
    const unsigned char *public_key, *secret_key;
    bool sealed;
    struct audit_head head;
};

static enum err seal_run(struct db_w *w, struct db_job *job) {
    struct seal *s = (struct seal *)(void *)job;
    TRY(audit_head_get(db_w_reader(w), &s->head));
    return audit_seal_make(w, s->public_key, s->secret_key, time_now_us(), &s->sealed);
}

enum err audit_seal_now(struct db *db, struct arena *a, const unsigned char public_key[CRYPTO_PUBLIC_KEY],
                        const unsigned char secret_key[CRYPTO_SECRET_KEY], bool *ret_sealed,
                        struct audit_head *ret_head) {
    struct seal s = {.job = {.run = seal_run, .arena = a, .sight = {.scope = -1}},
                     .public_key = public_key,
                     .secret_key = secret_key};
    TRY(db_submit_wait(db, &s.job));
    *ret_sealed = s.sealed;
    *ret_head = s.head;
    return OK;
}
