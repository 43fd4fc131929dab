/* Verifying the chain and its seals. */
#include "audit/audit.h"
#include "audit/chain.h"
#include "gen/audit_sql.h"

/* The walk's state: what the next entry must look like, and which seal and expectation come next. */
struct walk {
    struct arena *a;
    struct audit_seals *seals;
    size_t seals_n, seal;
    const unsigned char *trusted_key;
    const struct audit_head *expect;
    bool expect_met;
    struct audit_verdict *v;
};

static bool bad(struct walk *w, i64 entry, const char *format, ...) PRINTF(3, 4);
static bool bad(struct walk *w, i64 entry, const char *format, ...) {
    va_list args;
    va_start(args, format);
    w->v->whole = false;
    w->v->first_bad = entry;
    w->v->why = arena_vprintf(w->a, format, args);
    va_end(args);
    return false;
}

static bool check_seal(struct walk *w, const struct audit_seals *s) {
    if (s->public_key.n != CRYPTO_PUBLIC_KEY || s->signature.n != CRYPTO_SIGNATURE ||
        memcmp(s->public_key.p, w->trusted_key, CRYPTO_PUBLIC_KEY) != 0)
        return bad(w, 0, "seal %lld is not signed with the trusted key", (long long)s->id);
    str message = audit_seal_message(w->a, s->at_us, s->entries, s->head_hash);
    if (!crypto_verify((const unsigned char *)s->signature.p, message, w->trusted_key))
        return bad(w, 0, "seal %lld has a wrong signature", (long long)s->id);
    return true;
}

/* Seals and expectation that speak of the chain's state after `entries`. */
static bool check_marks(struct walk *w, i64 entries, str hash) {
    while (w->seal < w->seals_n && w->seals[w->seal].entries == entries) {
        const struct audit_seals *s = &w->seals[w->seal++];
        if (!str_eq(s->head_hash, hash))
            return bad(w, entries, "entry %lld is not the one that seal %lld signed", (long long)entries,
                       (long long)s->id);
        w->v->seals++;
    }
    if (w->expect && w->expect->entries == entries) {
        if (!str_eq(hash_str(&w->expect->hash), hash))
            return bad(w, entries, "entry %lld is not the one that was noted", (long long)entries);
        w->expect_met = true;
    }
    return true;
}

static bool check_entry(struct walk *w, const struct audit_walk *e) {
    i64 due = w->v->entries + 1;
    if (e->id != due) {
        if (e->id < due) return bad(w, e->id, "entry %lld was inserted", (long long)e->id);
        return bad(w, due, "entry %lld was removed", (long long)due);
    }
    if (!str_eq(e->prev_hash, hash_str(&w->v->head)))
        return bad(w, due, "entry %lld does not follow the one before it", (long long)due);
    hash256 hash = audit_chain_hash(e);
    if (!str_eq(e->hash, hash_str(&hash))) return bad(w, due, "entry %lld was changed", (long long)due);
    w->v->entries = due;
    w->v->head = hash;
    return check_marks(w, due, e->hash);
}

/* The entries of one step live in `scratch`, which is emptied after each, so that a million of them fit. */
static enum err walk_steps(struct db_r *r, struct walk *w, struct arena *scratch,
                           void (*progress)(void *, i64, i64), void *arg) {
    enum { STEP = 500 };
    struct audit_last last;
    enum err e = audit_last(r, &last);
    if (e == ERR_NOT_FOUND) return OK;
    if (e) return e;
    i64 total = last.id;
    /* Ids under 1 would hide from a walk that starts behind 0. */
    for (i64 after = INT64_MIN;; arena_reset(scratch)) {
        struct audit_walk *rows;
        size_t n;
        TRY(audit_walk(r, after, STEP, &rows, &n));
        for (size_t i = 0; i < n; i++)
            if (!check_entry(w, &rows[i])) return OK;
        if (progress) progress(arg, w->v->entries, total);
        if (n < STEP) return OK;
        after = rows[n - 1].id;
    }
}

static enum err walk_entries(struct db_r *r, struct walk *w, void (*progress)(void *, i64, i64), void *arg) {
    struct arena *scratch = arena_make(), *own = db_set_arena(r, scratch);
    enum err e = walk_steps(r, w, scratch, progress, arg);
    (void)db_set_arena(r, own);
    arena_free(scratch);
    return e;
}

enum err audit_verify(struct db_r *r, struct arena *a, const unsigned char *trusted_key,
                      const struct audit_head *expect, void (*progress)(void *arg, i64 done, i64 total),
                      void *arg, struct audit_verdict *ret) {
    *ret = (struct audit_verdict){.whole = true, .why = S("")};
    struct walk w = {.a = a, .trusted_key = trusted_key, .expect = expect, .v = ret};
    TRY(audit_seals(r, &w.seals, &w.seals_n));
    if (!w.trusted_key && w.seals_n && w.seals[0].public_key.n == CRYPTO_PUBLIC_KEY)
        w.trusted_key = (const unsigned char *)w.seals[0].public_key.p;
    for (size_t i = 0; i < w.seals_n; i++)
        if (!w.trusted_key || !check_seal(&w, &w.seals[i])) return OK;
    TRY(walk_entries(r, &w, progress, arg));
    if (!ret->whole) return OK;
    if (w.seal < w.seals_n)
        bad(&w, ret->entries + 1, "entry %lld was removed: seal %lld signed %lld entries",
            (long long)(ret->entries + 1), (long long)w.seals[w.seal].id, (long long)w.seals[w.seal].entries);
    else if (expect && expect->entries > 0 && !w.expect_met)
        bad(&w, ret->entries + 1, "entry %lld was removed: a head of %lld entries was noted",
            (long long)(ret->entries + 1), (long long)expect->entries);
    return OK;
}
