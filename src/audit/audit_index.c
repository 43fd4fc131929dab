/* Where in the record words and values stand, by blocks of entries. Kept behind the entries by some seconds,
 * many at once: an index for each filter would make every change write a page for each of them. */
#include "audit/audit.h"
#include "gen/audit_sql.h"
#include "i18n/i18n.h"

/* Where the index looks: the words of the free text, and columns whose values are terms. */
static const char *const keys[] = {NULL,    "group",    "action", "full", "result",
                                   "actor", "username", "ip",     "view", "customer"};

/* What stands in a block. Its entries mostly say the same (who, what, from where), so each word and each
 * value is taken once, and only then folded and sorted. */
struct found {
    u64 hash;
    size_t key; /* of keys */
    str text;   /* empty: a free place */
};
struct collected {
    struct arena *a;
    struct found *all;
    size_t n, places; /* a power of two, and more than twice n */
};

static struct found *place_of(const struct collected *c, size_t key, str text, u64 hash) {
    for (size_t i = hash;; i++) {
        struct found *f = &c->all[i & (c->places - 1)];
        if (!f->text.n || (f->hash == hash && f->key == key && str_eq(f->text, text))) return f;
    }
}

static void grow(struct collected *c) {
    const struct collected old = *c;
    c->places = old.places ? 2 * old.places : 1024;
    c->all = ARENA_ARRAY(c->a, struct found, c->places);
    memset(c->all, 0, c->places * sizeof *c->all);
    for (size_t i = 0; i < old.places; i++)
        if (old.all[i].text.n) *place_of(c, old.all[i].key, old.all[i].text, old.all[i].hash) = old.all[i];
}

static void add(struct collected *c, size_t key, str text) {
    if (!text.n) return;
    if (2 * (c->n + 1) >= c->places) grow(c);
    u64 hash = str_hash(text) + key;
    struct found *f = place_of(c, key, text, hash);
    if (f->text.n) return;
    *f = (struct found){hash, key, text};
    c->n++;
}

static void collect(struct collected *c, const struct audit_walk *e) {
    const str values[COUNT_OF(keys)] = {
        STR_NULL,    e->action_group,
        e->action,   e->full_action,
        e->result,   e->actor,
        e->username, e->ip,
        e->view,     e->customer_id.set ? arena_printf(c->a, "%lld", (long long)e->customer_id.v) : STR_NULL};
    for (str rest = e->search_fold; rest.p;) {
        str word;
        rest = str_cut(rest, ' ', &word);
        add(c, 0, word);
    }
    for (size_t key = 1; key < COUNT_OF(keys); key++)
        add(c, key, values[key]);
}

static str search_text(struct arena *a, const struct audit_walk *rows, size_t n) {
    struct collected c = {.a = a};
    for (size_t i = 0; i < n; i++)
        collect(&c, &rows[i]);
    str *words = ARENA_ARRAY(a, str, 2 * c.n), *terms = ARENA_ARRAY(a, str, 2 * c.n);
    size_t words_n = 0, terms_n = 0;
    for (size_t i = 0; i < c.places; i++) {
        const struct found *f = &c.all[i];
        if (f->text.n && f->key) {
            terms[terms_n++] = i18n_term(a, str_c(keys[f->key]), f->text, true);
            terms[terms_n++] = S(" ");
        } else if (f->text.n) {
            words[words_n++] = f->text;
            words[words_n++] = S(" ");
        }
    }
    const str parts[AUDIT_SEARCH_PARTS] = {
        [AUDIT_SEARCH_WORDS] = i18n_words(a, arena_join(a, words, words_n)),
        [AUDIT_SEARCH_TERMS] = i18n_terms(a, arena_join(a, terms, terms_n)),
    };
    return i18n_search_text(a, parts, AUDIT_SEARCH_PARTS);
}

/* One block, read and put together beside the writer, which others wait for. */
struct step {
    struct db_job job; /* first: a job is its step */
    i64 id, low_us, high_us;
    str search_fold;
};

/* The next block, if all of its entries are there. */
static enum err look(struct db_r *r, struct step *s, bool *ret_found) {
    struct arena *a = db_arena(r);
    struct audit_block_next next;
    struct audit_walk *rows;
    size_t n;
    *ret_found = false;
    TRY(audit_block_next(r, &next));
    i64 first = next.id * AUDIT_BLOCK,
        want = next.id ? AUDIT_BLOCK : AUDIT_BLOCK - 1; /* there is no entry 0 */
    TRY(audit_walk(r, first ? first - 1 : 0, want, &rows, &n));
    if ((i64)n < want || rows[n - 1].id != first + AUDIT_BLOCK - 1) return OK;
    s->id = next.id;
    s->low_us = s->high_us = rows[0].at_us;
    for (size_t i = 1; i < n; i++) {
        s->low_us = MIN_OF(s->low_us, rows[i].at_us);
        s->high_us = MAX_OF(s->high_us, rows[i].at_us);
    }
    s->search_fold = search_text(a, rows, n);
    *ret_found = true;
    return OK;
}

static enum err run(struct db_w *w, struct db_job *job) {
    const struct step *s = (const struct step *)(const void *)job;
    struct audit_block_next next;
    TRY(audit_block_next(db_w_reader(w), &next));
    if (next.id != s->id) return OK; /* another server was quicker */
    return audit_block_insert(w, s->id, s->low_us, s->high_us, s->search_fold, NULL);
}

enum err audit_index_step(struct db *db, struct arena *a, bool *ret_more) {
    struct step s = {.job = {.run = run, .arena = a, .sight = {.scope = -1}}};
    struct db_r *r;
    *ret_more = false;
    TRY(db_read_begin(db, a, s.job.sight, &r));
    enum err e = look(r, &s, ret_more);
    db_read_end(r);
    return e || !*ret_more ? e : db_submit_wait(db, &s.job);
}
