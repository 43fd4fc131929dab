/* Where in the record words and values stand, by blocks of entries. Kept behind the entries by some seconds,
 * many at once: an index for each filter would make every change write a page for each of them. */
#include "audit/audit.h"
#include "gen/audit_sql.h"
#include "i18n/i18n.h"

enum { STEP = 8 }; /* blocks in one write: some ten milliseconds */

/* What is collected of a block: words of the free text, and terms. */
struct collected {
    struct arena *a;
    str *words, *terms;
    size_t words_n, terms_n;
};

static void add(struct collected *c, str text) {
    if (!text.n) return;
    c->words[c->words_n++] = text;
    c->words[c->words_n++] = S(" ");
}

static void add_term(struct collected *c, const char *key, str value) {
    if (!value.n) return;
    c->terms[c->terms_n++] = i18n_term(c->a, str_c(key), value, true);
    c->terms[c->terms_n++] = S(" ");
}

static void add_number(struct collected *c, const char *key, opt_i64 value) {
    if (value.set) add_term(c, key, arena_printf(c->a, "%lld", (long long)value.v));
}

static void collect(struct collected *c, const struct audit_walk *e) {
    add(c, e->search_fold);
    add_term(c, "group", e->action_group);
    add_term(c, "action", e->action);
    add_term(c, "full", e->full_action);
    add_term(c, "result", e->result);
    add_term(c, "actor", e->actor);
    add_term(c, "username", e->username);
    add_term(c, "ip", e->ip);
    add_term(c, "view", e->view);
    add_number(c, "customer", e->customer_id);
}

enum { TERMS = 9 };

static str search_text(struct arena *a, const struct audit_walk *rows, size_t n) {
    struct collected c = {
        .a = a, .words = ARENA_ARRAY(a, str, 2 * n), .terms = ARENA_ARRAY(a, str, 2 * TERMS * n)};
    for (size_t i = 0; i < n; i++)
        collect(&c, &rows[i]);
    const str parts[AUDIT_SEARCH_PARTS] = {
        [AUDIT_SEARCH_WORDS] = i18n_words(a, arena_join(a, c.words, c.words_n)),
        [AUDIT_SEARCH_TERMS] = i18n_terms(a, arena_join(a, c.terms, c.terms_n)),
    };
    return i18n_search_text(a, parts, AUDIT_SEARCH_PARTS);
}

/* The next block, if all of its entries are there. */
static enum err index_next(struct db_w *w, bool *ret_done) {
    struct db_r *r = db_w_reader(w);
    struct arena *a = db_arena(r);
    struct audit_block_next next;
    struct audit_walk *rows;
    size_t n;
    *ret_done = false;
    TRY(audit_block_next(r, &next));
    i64 first = next.id * AUDIT_BLOCK,
        want = next.id ? AUDIT_BLOCK : AUDIT_BLOCK - 1; /* there is no entry 0 */
    TRY(audit_walk(r, first ? first - 1 : 0, want, &rows, &n));
    if ((i64)n < want || rows[n - 1].id != first + AUDIT_BLOCK - 1) return OK;
    i64 low = rows[0].at_us, high = low;
    for (size_t i = 1; i < n; i++) {
        low = MIN_OF(low, rows[i].at_us);
        high = MAX_OF(high, rows[i].at_us);
    }
    *ret_done = true;
    return audit_block_insert(w, next.id, low, high, search_text(a, rows, n), NULL);
}

struct step {
    struct db_job job; /* first: a job is its step */
    bool more;
};

static enum err run(struct db_w *w, struct db_job *job) {
    struct step *s = (struct step *)(void *)job;
    s->more = true;
    for (int i = 0; i < STEP && s->more; i++)
        TRY(index_next(w, &s->more));
    return OK;
}

enum err audit_index_step(struct db *db, struct arena *a, bool *ret_more) {
    struct step s = {.job = {.run = run, .arena = a, .sight = {.scope = -1}}};
    *ret_more = false;
    TRY(db_submit_wait(db, &s.job));
    *ret_more = s.more;
    return OK;
}
