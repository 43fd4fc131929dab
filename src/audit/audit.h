/* The record: every entry is written in the transaction of what it tells of, chained by hash to the one
 * before it, and nothing in the program can change or remove one (the database refuses it on every
 * connection, see db/).
 *
 * The chain: hash = BLAKE2b-256(prev_hash ‖ every field, length-prefixed). Seals (Ed25519, key outside the
 * database) sign the head from time to time, so that rewriting the whole chain shows too. */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include "base/actor.h"
#include "base/base.h"
#include "crypto/crypto.h"
#include "db/db.h"
#include "i18n/i18n.h"

enum audit_group {
#define GROUP(name, ...) AUDIT_##name,
#include "audit/groups.def"
#undef GROUP
    AUDIT_GROUP_MAX
};

struct audit_group_def {
    str key, title; /* title is a msgid */
    bool optional;  /* may be switched off in Admin Actions Logging */
};
extern const struct audit_group_def audit_groups[AUDIT_GROUP_MAX];

/* One thing that happened. Strings are borrowed. */
struct audit_event {
    enum audit_group group;
    str action;      /* "Login as Customer": the English msgid; shown translated */
    str full_action; /* the operation's name */
    bool success;
    str reason;
    const struct actor *actor;
    opt_i64 customer_id;
    str customer;
    opt_i64 session_id;
    opt_i64 website_id;
    str view, origin, subject_kind, subject_id, details, before_json, after_json;
    i64 at_us;
};

/* Appends the entry to the chain. Writer only. */
enum err audit_append(struct db_w *w, const struct audit_event *e, i64 *ret_id) MUST_CHECK;

/* The end of the chain: how many entries, and the hash of the last (zeros when there is none). */
struct audit_head {
    i64 entries;
    hash256 hash;
};
enum err audit_head_get(struct db_r *r, struct audit_head *ret) MUST_CHECK;

/* Signs the head, when there are entries that no seal covers. *ret_sealed says whether one was written. */
enum err audit_seal_make(struct db_w *w, const unsigned char public_key[CRYPTO_PUBLIC_KEY],
                         const unsigned char secret_key[CRYPTO_SECRET_KEY], i64 now_us,
                         bool *ret_sealed) MUST_CHECK;

/* The same as one durable write of its own, and waits for it: the seal is no change of the shop but of what
 * vouches for the record, so it needs no operation. *ret_head is the head that the last seal covers. Not on
 * threads of http/ or the writer. */
enum err audit_seal_now(struct db *db, struct arena *a, const unsigned char public_key[CRYPTO_PUBLIC_KEY],
                        const unsigned char secret_key[CRYPTO_SECRET_KEY], bool *ret_sealed,
                        struct audit_head *ret_head) MUST_CHECK;

/* The record's index: the words and values of each block of AUDIT_BLOCK entries (audit_block), for the
 * report. What is in no block yet is looked through. */
enum { AUDIT_BLOCK = 256 };
enum { AUDIT_SEARCH_WORDS, AUDIT_SEARCH_TERMS, AUDIT_SEARCH_PARTS };
/* Brings the next full block into it, as one write, and waits for it; *ret_more: there may be others. The
 * index is no change of the shop and can be made from the record at any time, so it needs no operation. Not
 * on threads of http/ or the writer. */
enum err audit_index_step(struct db *db, struct arena *a, bool *ret_more) MUST_CHECK;

/* What an entry says in words of ours (a field's name, a subject's kind, a reason, details), in the reader's
 * language, as words.def has it; what is not in there as it was recorded. Arena. Any thread. */
str audit_words(struct arena *a, enum lang lang, str recorded);

/* What verifying found. */
struct audit_verdict {
    bool whole;
    i64 entries, seals;
    hash256 head;
    i64 first_bad; /* the first entry that was changed, removed or inserted; 0 when whole or when a seal is
                      the trouble */
    str why;       /* one line, in the arena */
};
/* Walks the whole chain and checks every seal. `trusted_key` NULL: the key that the first seal names.
 * `expect` NULL, or a head that was noted earlier and must still be part of the chain. `progress` may be
 * NULL. */
enum err audit_verify(struct db_r *r, struct arena *a, const unsigned char *trusted_key,
                      const struct audit_head *expect, void (*progress)(void *arg, i64 done, i64 total),
                      void *arg, struct audit_verdict *ret) MUST_CHECK;

#endif
