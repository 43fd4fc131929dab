/* For the benchmark only, linked with the program's library.
 *
 *   fill record DB COUNT   appends made-up entries to the record until it holds COUNT, through the record's
 *                          own door: the chain is whole.
 *   fill hash DB           prints how many entries a second are hashed when they lie in memory already: the
 *                          limit of `audit verify`. */
#include <stdio.h>
#include <stdlib.h>

#include "audit/audit.h"
#include "audit/chain.h"
#include "crypto/crypto.h"
#include "db/db.h"

/* Entries in one transaction; a savepoint with many more gets slow (see demo/demo.c). */
enum { BATCH = 100, SAMPLE = 20000 };

static const i64 first_us = 1704067200 * US_SECOND; /* 2024-01-01 */

struct deed {
    enum audit_group group;
    str action, full_action, kind, before, after;
};

static const struct deed deeds[] = {
    {AUDIT_SIGN_IN, S_INIT("Sign In"), S_INIT("staff_sign_in"), S_INIT("user"), S_INIT(""), S_INIT("")},
    {AUDIT_CUSTOMERS, S_INIT("Customer Saved"), S_INIT("admin_customer_save"), S_INIT("customer"),
     S_INIT("{\"telephone\":\"+31 20 555 0100\"}"), S_INIT("{\"telephone\":\"+31 20 555 0199\"}")},
    {AUDIT_ASSIST, S_INIT("Login as Customer"), S_INIT("assist_start"), S_INIT("customer"), S_INIT(""),
     S_INIT("")},
    {AUDIT_ASSIST, S_INIT("Session Started"), S_INIT("assist_enter"), S_INIT("customer"), S_INIT(""),
     S_INIT("")},
    {AUDIT_ASSIST, S_INIT("Add to Cart"), S_INIT("cart_add"), S_INIT("cart"),
     S_INIT("{\"qty of Enamel Mug\":null}"), S_INIT("{\"qty of Enamel Mug\":\"2\"}")},
    {AUDIT_CONFIG, S_INIT("Configuration Saved"), S_INIT("config_save"), S_INIT("section"),
     S_INIT("{\"login_as_customer/general/enabled\":\"0\"}"),
     S_INIT("{\"login_as_customer/general/enabled\":\"1\"}")},
};

struct fill {
    struct db_job job; /* first */
    i64 target, entries;
};

/* A small generator, so that every shop gets the same record. */
static u64 dice(i64 seed) {
    u64 z = (u64)seed * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static enum err append_one(struct db_w *w, struct arena *a, i64 number) {
    u64 d = dice(number);
    const struct deed *deed = &deeds[d % COUNT_OF(deeds)];
    i64 customer = 1 + (i64)(d >> 8) % 240, agent = (i64)(d >> 24) % 40;
    bool assisted = deed->group == AUDIT_ASSIST;
    struct actor by = {
        .kind = assisted ? ACTOR_ASSISTED : ACTOR_STAFF,
        .staff_id = 2,
        .username = arena_printf(a, "agent%02lld", (long long)agent),
        .staff_name = S("Samir van der Heijden"),
        .customer_id = customer,
        .ip = arena_printf(a, "198.51.%d.%d", (int)(d >> 40) % 4, (int)(d >> 48) % 250),
    };
    struct audit_event e = {
        .group = deed->group,
        .action = deed->action,
        .full_action = deed->full_action,
        .success = d % 50 != 0,
        .reason = d % 50 != 0 ? S("") : S("no_consent"),
        .actor = &by,
        .customer_id = deed->group == AUDIT_SIGN_IN ? NONE : OPT(customer),
        .customer = arena_printf(a, "Customer %lld <customer%lld@example.com>", (long long)customer,
                                 (long long)customer),
        .session_id = assisted ? OPT(number / 20 + 1) : NONE,
        .website_id = OPT(1),
        .view = S("English"),
        .origin = assisted ? arena_printf(a, "customer %lld", (long long)customer) : S(""),
        .subject_kind = deed->kind,
        .subject_id = arena_printf(a, "%lld", (long long)customer),
        .details = arena_printf(a, "Made for measuring, number %lld", (long long)number),
        .before_json = deed->before,
        .after_json = deed->after,
        .at_us = first_us + number * 60 * US_SECOND,
    };
    return audit_append(w, &e, NULL);
}

static enum err append_batch(struct db_w *w, struct db_job *job) {
    struct fill *f = (struct fill *)job;
    struct audit_head head;
    TRY(audit_head_get(db_w_reader(w), &head));
    f->entries = head.entries;
    for (int i = 0; i < BATCH && f->entries < f->target; i++)
        TRY(append_one(w, job->arena, ++f->entries));
    return OK;
}

static enum err fill_record(struct db *db, i64 target) {
    struct fill f = {.target = target};
    TRY(db_start(db));
    do {
        f.job = (struct db_job){.run = append_batch, .arena = arena_make(), .sight = {.scope = -1}};
        enum err e = db_submit_wait(db, &f.job);
        arena_free(f.job.arena);
        if (e) return e;
    } while (f.entries < target);
    struct arena *a = arena_make();
    enum err e = OK;
    for (bool more = true; more && !e; arena_reset(a))
        e = audit_index_step(db, a, &more);
    arena_free(a);
    return e;
}

static enum err hash_speed(struct db *db, struct arena *a) {
    struct db_r *r;
    struct audit_walk *rows;
    size_t n;
    unsigned char mixed = 0; /* printed, so that no compiler leaves the work out */
    TRY(db_read_begin(db, a, (struct db_sight){.scope = -1}, &r));
    enum err e = audit_walk(r, 0, SAMPLE, &rows, &n);
    i64 begin = time_mono_us(), passed = 0, done = 0;
    while (!e && n && passed < US_SECOND) {
        for (size_t i = 0; i < n; i++)
            mixed ^= audit_chain_hash(&rows[i]).b[0];
        done += (i64)n;
        passed = time_mono_us() - begin;
    }
    db_read_end(r);
    if (!e && passed) printf("%lld %d\n", (long long)(done * US_SECOND / passed), mixed);
    return e;
}

int main(int argc, char **argv) {
    bool record = argc == 4 && str_eq(str_c(argv[1]), S("record"));
    bool hash = argc == 3 && str_eq(str_c(argv[1]), S("hash"));
    i64 count = 0;
    struct db *db;
    str why = S("usage: fill record DB COUNT | fill hash DB");
    if ((!record && !hash) || (record && !str_to_i64(str_c(argv[3]), &count)) || !crypto_init()) {
        fprintf(stderr, "%.*s\n", STR_ARG(why));
        return 2;
    }
    struct arena *a = arena_make();
    struct db_options o = {.url = str_c(argv[2]), .read_only = hash};
    enum err e = db_open(a, &o, &db, &why);
    if (!e) e = db_check_schema(a, db, &why);
    if (!e) e = record ? fill_record(db, count) : hash_speed(db, a);
    if (e) fprintf(stderr, "fill: %.*s %.*s\n", STR_ARG(err_word(e)), STR_ARG(why));
    db_close(db);
    arena_free(a);
    return e ? 1 : 0;
}
