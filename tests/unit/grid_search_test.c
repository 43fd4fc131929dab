/* grid_plan.c and grid_blocks.c: however a search goes about it, it finds what looking at every row finds.
 * The rows are kept here as well, and looked through without any SQL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shop_fixture.h"

#include "audit/audit.h"
#include "grid/grid_inside.h"

enum {
    CUSTOMERS = 34000, /* more than grid_plan.c compares at once */
    ENTRIES = 14 * AUDIT_BLOCK + 100,
    QUERIES = 60,
    PAGE = 40,
    PARTS = 2,
    WORDS = 3, /* of each part */
};

static u64 dice = 7;

static size_t roll(size_t n) {
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(dice >> 33) % n;
}

/* Some stand in every row, some in half of them, some in few; and words that others begin with. */
static const char *word(void) {
    static const char *const often[] = {"all", "alley", "north"}, *const less[] = {"south", "southern", "al"};
    static char rare[8][6];
    static size_t turn;
    size_t r = roll(100);
    if (r < 70) return often[roll(COUNT_OF(often))];
    if (r < 72) return less[roll(COUNT_OF(less))];
    char *w = rare[turn++ % COUNT_OF(rare)];
    snprintf(w, sizeof rare[0], "%c%c%c", (char)('a' + roll(26)), (char)('a' + roll(26)),
             (char)('a' + roll(4)));
    return w;
}

/* The whole of a search text, and how it stands here: " one two" for each part. */
struct text {
    char part[PARTS][64];
};

static void add(char part[64], const char *w) {
    size_t n = strlen(part);
    snprintf(part + n, 64 - n, " %s", w);
}

static struct text text_of(size_t parts) {
    struct text t = {0};
    for (size_t p = 0; p < parts; p++)
        for (size_t n = roll(WORDS + 1), i = 0; i < n; i++)
            add(t.part[p], word());
    return t;
}

static bool begins_a_word(const char *part, const char *w) {
    char with[40];
    snprintf(with, sizeof with, " %s", w);
    return strstr(part, with) != NULL;
}

/* ---- filling, past the program ---- */

static sqlite3 *raw_open(void) {
    sqlite3 *sql;
    char path[96];
    db_close(shop_get()->db);
    snprintf(path, sizeof path, "%s/shop.db", shop_get()->dir);
    shop_must(sqlite3_open(path, &sql) == SQLITE_OK, "open");
    shop_must(sqlite3_exec(sql, "BEGIN", NULL, NULL, NULL) == SQLITE_OK, "begin");
    return sql;
}

static void raw_close(sqlite3 *sql) {
    shop_must(sqlite3_exec(sql, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, sqlite3_errmsg(sql));
    sqlite3_close(sql);
    shop_open();
}

static sqlite3_stmt *raw_prepare(sqlite3 *sql, const char *text) {
    sqlite3_stmt *st;
    shop_must(sqlite3_prepare_v2(sql, text, -1, &st, NULL) == SQLITE_OK, sqlite3_errmsg(sql));
    return st;
}

static void bind_text(sqlite3_stmt *st, int n, const char *s) {
    sqlite3_bind_text(st, n, s, -1, SQLITE_TRANSIENT);
}

static void raw_step(sqlite3 *sql, sqlite3_stmt *st) {
    shop_must(sqlite3_step(st) == SQLITE_DONE, sqlite3_errmsg(sql));
    sqlite3_reset(st);
}

/* ---- what a search finds ---- */

struct found {
    i64 ids[PAGE];
    size_t n;
    i64 count;
    bool more; /* than that */
};

/* The ways of grid_plan.c that were taken: the order of the grid, one word's rows, those of several. */
static size_t ways[3];

/* A page behind `after` (0: the first), as the grid reads it. */
static struct found look(const struct grid_def *g, struct grid_state *s, i64 after) {
    struct arena *a = arena_make();
    struct grid_env env = {.scope = -1};
    struct grid_row rows[PAGE];
    struct found f = {0};
    i64 looked;
    s->way = after ? GRID_AFTER : GRID_FIRST;
    s->cursor = (struct grid_cursor){.i = after, .id = after};
    struct db_r *r = shop_read();
    assert_int_equal(grid_plan(r, a, g, s, &env, PAGE), OK);
    ways[MIN_OF(env.asked_n, COUNT_OF(ways) - 1)]++;
    assert_int_equal(grid_read_count(r, a, g, s, &env, &f.count, &f.more), OK);
    assert_int_equal(grid_read_rows(r, a, g, s, &env, 1, false, PAGE, rows, &f.n, &looked), OK);
    for (size_t i = 0; i < f.n; i++)
        f.ids[i] = rows[i].id;
    db_read_end(r);
    arena_free(a);
    return f;
}

/* The same from the rows that are kept here. Ids count from 1. */
typedef bool fits_fn(i64 id, const void *asked);

static void compare(const struct grid_def *g, struct grid_state *s, size_t rows, fits_fn *fits,
                    const void *asked) {
    i64 place = s->descending ? (i64)rows : 1, step = s->descending ? -1 : 1, all = 0, after = 0;
    for (i64 id = 1; id <= (i64)rows; id++)
        all += fits(id, asked);
    for (int page = 0; page < 3; page++) {
        struct found f = look(g, s, after);
        size_t n = 0;
        for (; place >= 1 && place <= (i64)rows && n < PAGE; place += step)
            if (fits(place, asked)) {
                assert_true(n < f.n);
                assert_int_equal(f.ids[n], place);
                n++;
            }
        assert_int_equal(f.n, n);
        if (f.more)
            assert_true(f.count <= all);
        else
            assert_int_equal(f.count, MIN_OF(all, GRID_COUNT_MAX + 1));
        if (n < PAGE) break;
        after = f.ids[n - 1];
    }
}

static struct grid_state state_of(struct arena *a, const struct grid_def *g, str address) {
    struct grid_lists lists = {0};
    struct grid_state s;
    struct i18n_format *f = i18n_format_make(S("en_US"), S("EUR"), S("Europe/Amsterdam"));
    grid_state_read(a, g, &lists, f, address, &s);
    i18n_format_free(f);
    assert_false(grid_state_wrong(g, &s));
    s.descending = roll(2);
    return s;
}

/* What somebody types: a word, or as much of it as they had patience for. */
static void type(char *to, size_t n) {
    snprintf(to, n, "%s", word());
    if (roll(3) == 0) to[1 + roll(strlen(to))] = '\0';
}

/* ---- words ---- */

static struct text customers[CUSTOMERS + 1];

static const struct grid_col customer_cols[] = {
    {.key = "id", .kind = GRID_INT, .sql = GRID_SQL("c.id"), .sort = GRID_SQL("c.id")},
    {.key = "first", .sql = GRID_SQL("c.firstname"), .filter = GRID_WORDS, .part = 0},
    {.key = "second", .sql = GRID_SQL("c.lastname"), .filter = GRID_WORDS, .part = 1},
};
static const struct grid_def customer_grid = {
    .path = S_INIT("/admin/customers"),
    .from = GRID_SQL("customer c"),
    .id = GRID_SQL("c.id"),
    .cols = customer_cols,
    .cols_n = COUNT_OF(customer_cols),
    .sort = "id",
    .search = GRID_SQL("c.search_fold"),
    .words = GRID_SQL("customer_word"),
    .parts = PARTS,
};

static void fill_customers(void) {
    sqlite3 *sql = raw_open();
    shop_must(!sqlite3_exec(sql, "DELETE FROM customer; INSERT INTO word_pause VALUES (1, 'test')", NULL,
                            NULL, NULL),
              "pause");
    sqlite3_stmt *st = raw_prepare(
        sql,
        "INSERT INTO customer "
        "(id,website_id,view_id,group_id,email,email_fold,firstname,lastname,search_fold,"
        "telephone,active,failed_logins,created_us,updated_us) VALUES (?1,1,1,1,?1,?1,'','',?2,'',1,0,0,0)");
    for (int id = 1; id <= CUSTOMERS; id++) {
        struct text *t = &customers[id];
        char whole[160];
        *t = text_of(PARTS);
        bool first_half = id <= CUSTOMERS / 2;
        if ((first_half && roll(2)) || id % 4000 == 7) add(t->part[0], "east");
        if (!first_half && roll(2)) add(t->part[1], "west");
        snprintf(whole, sizeof whole, "%s = %s", t->part[0][0] ? t->part[0] : " ",
                 t->part[1][0] ? t->part[1] + 1 : "");
        sqlite3_bind_int(st, 1, id);
        bind_text(st, 2, whole);
        raw_step(sql, st);
    }
    sqlite3_finalize(st);
    shop_must(!sqlite3_exec(sql, "DELETE FROM word_pause", NULL, NULL, NULL), "resume");
    raw_close(sql);
}

struct asked_words {
    char any[2][8], part[PARTS][8]; /* "": not asked */
};

static bool customer_fits(i64 id, const void *arg) {
    const struct asked_words *w = arg;
    const struct text *t = &customers[id];
    bool fits = true;
    for (size_t i = 0; i < COUNT_OF(w->any); i++)
        if (w->any[i][0])
            fits = fits && (begins_a_word(t->part[0], w->any[i]) || begins_a_word(t->part[1], w->any[i]));
    for (size_t p = 0; p < PARTS; p++)
        if (w->part[p][0]) fits = fits && begins_a_word(t->part[p], w->part[p]);
    return fits;
}

static void words_find_what_a_scan_finds(void **state) {
    (void)state;
    fill_customers();
    for (int i = 0; i < QUERIES; i++) {
        struct arena *a = arena_make();
        struct asked_words w = {0};
        type(w.any[0], sizeof w.any[0]);
        if (roll(2)) type(w.any[1], sizeof w.any[1]);
        for (size_t p = 0; p < PARTS; p++)
            if (roll(3) == 0) type(w.part[p], sizeof w.part[p]);
        if (roll(4) == 0) w.any[0][0] = w.any[1][0] = '\0';
        struct grid_state s = state_of(
            a, &customer_grid,
            arena_printf(a, "q=%s+%s&f.first=%s&f.second=%s", w.any[0], w.any[1], w.part[0], w.part[1]));
        compare(&customer_grid, &s, CUSTOMERS, customer_fits, &w);
        arena_free(a);
    }
    assert_true(ways[0] > 0 && ways[1] > 0);
}

/* Each is frequent, but only in one half of the order: no page is near its other end; and few rows have
 * both. */
static void words_far_away_are_found(void **state) {
    (void)state;
    static const char *const asked[][2] = {{"east", ""}, {"west", ""}, {"east", "west"}};
    fill_customers();
    memset(ways, 0, sizeof ways);
    for (size_t i = 0; i < 4 * COUNT_OF(asked); i++) {
        struct arena *a = arena_make();
        struct asked_words w = {0};
        for (size_t k = 0; k < 2; k++)
            snprintf(w.any[k], sizeof w.any[k], "%s", asked[i % COUNT_OF(asked)][k]);
        struct grid_state s = state_of(a, &customer_grid, arena_printf(a, "q=%s+%s", w.any[0], w.any[1]));
        s.descending = i % 2;
        compare(&customer_grid, &s, CUSTOMERS, customer_fits, &w);
        arena_free(a);
    }
    for (size_t i = 0; i < COUNT_OF(ways); i++)
        assert_true(ways[i] > 0);
}

/* ---- blocks ---- */

static struct entry {
    struct text text;
    char username[8], ip[16];
    i64 customer, at_us; /* customer 0: none */
} entries[ENTRIES + 1];

static const struct grid_col entry_cols[] = {
    {.key = "id", .kind = GRID_INT, .sql = GRID_SQL("e.id"), .sort = GRID_SQL("e.id")},
    {.key = "time",
     .kind = GRID_TIME,
     .sql = GRID_SQL("e.at_us"),
     .filter = GRID_RANGE,
     .block_low = GRID_SQL("b.low_us"),
     .block_high = GRID_SQL("b.high_us")},
    {.key = "ip", .sql = GRID_SQL("e.ip"), .term = "ip", .filter = GRID_PREFIX},
    {.key = "username",
     .sql = GRID_SQL("e.username"),
     .term = "username",
     .filter = GRID_PREFIX,
     .match = GRID_SQL("lower(e.username)")},
    {.key = "customer",
     .kind = GRID_INT,
     .sql = GRID_SQL("e.customer_id"),
     .term = "customer",
     .filter = GRID_EXACT},
    {.key = "details", .sql = GRID_SQL("e.details"), .filter = GRID_WORDS, .part = AUDIT_SEARCH_WORDS},
};
enum { TIME = 1 };
static const struct grid_def entry_grid = {
    .path = S_INIT("/admin/report"),
    .from = GRID_SQL("audit_entry e"),
    .id = GRID_SQL("e.id"),
    .cols = entry_cols,
    .cols_n = COUNT_OF(entry_cols),
    .sort = "id",
    .search = GRID_SQL("e.search_fold"),
    .words = GRID_SQL("audit_block_word"),
    .parts = AUDIT_SEARCH_PARTS,
    .blocks = AUDIT_BLOCK,
    .block_table = GRID_SQL("audit_block"),
};

static void fill_entries(void) {
    sqlite3 *sql = raw_open();
    sqlite3_stmt *st = raw_prepare(
        sql, "INSERT INTO audit_entry "
             "(id,at_us,action_group,action,full_action,result,reason,actor,username,customer,"
             "customer_id,view,origin,subject_kind,subject_id,details,before_json,after_json,ip,search_fold,"
             "prev_hash,"
             "hash) VALUES "
             "(?1,?2,'cart','A','a','success','','staff',?3,'',?4,'','','','','','','',?5,?6,x'00',x'00')");
    for (int id = 1; id <= ENTRIES; id++) {
        struct entry *e = &entries[id];
        e->text = text_of(1);
        snprintf(e->username, sizeof e->username, "%c%zu", "aSx"[roll(3)], roll(30));
        snprintf(e->ip, sizeof e->ip, "10.0.%zu.%zu", roll(3), roll(40));
        e->customer = roll(4) ? (i64)roll(500) + 1 : 0;
        e->at_us = id * US_SECOND + (i64)roll(400) * US_SECOND; /* clocks of several servers */
        sqlite3_bind_int(st, 1, id);
        sqlite3_bind_int64(st, 2, e->at_us);
        bind_text(st, 3, e->username);
        if (e->customer)
            sqlite3_bind_int64(st, 4, e->customer);
        else
            sqlite3_bind_null(st, 4);
        bind_text(st, 5, e->ip);
        bind_text(st, 6, e->text.part[0]);
        raw_step(sql, st);
    }
    sqlite3_finalize(st);
    raw_close(sql);
}

struct asked_terms {
    char words[2][8], detail[8], ip[16], username[8];
    i64 customer, low_us, high_us; /* 0: not asked */
};

static bool entry_fits(i64 id, const void *arg) {
    const struct asked_terms *w = arg;
    const struct entry *e = &entries[id];
    const char *part = e->text.part[0];
    bool fits = !w->words[0][0] || (begins_a_word(part, w->words[0]) && begins_a_word(part, w->words[1]));
    fits = fits && (!w->detail[0] || begins_a_word(part, w->detail));
    fits = fits && strncmp(e->ip, w->ip, strlen(w->ip)) == 0;
    fits = fits && strncasecmp(e->username, w->username, strlen(w->username)) == 0;
    fits = fits && (!w->customer || e->customer == w->customer);
    fits = fits && (!w->low_us || e->at_us >= w->low_us);
    return fits && (!w->high_us || e->at_us < w->high_us);
}

static struct asked_terms ask(void) {
    struct asked_terms w = {0};
    if (roll(2)) type(w.words[0], sizeof w.words[0]), type(w.words[1], sizeof w.words[1]);
    if (roll(4) == 0) type(w.detail, sizeof w.detail);
    if (roll(3) == 0) snprintf(w.ip, sizeof w.ip, roll(2) ? "10.0.%zu." : "10.0.2.%zu", roll(3));
    if (roll(3) == 0) snprintf(w.username, sizeof w.username, "%c%zu", "asx"[roll(3)], roll(4));
    if (roll(4) == 0) w.customer = (i64)roll(510) + 1;
    if (roll(3) == 0) w.low_us = (i64)roll(ENTRIES) * US_SECOND + 1;
    if (roll(3) == 0) w.high_us = w.low_us + (i64)roll(900) * US_SECOND + 1;
    return w;
}

static struct grid_state state_of_terms(struct arena *a, const struct asked_terms *w) {
    struct grid_state s =
        state_of(a, &entry_grid,
                 arena_printf(a, "q=%s+%s&f.details=%s&f.ip=%s&f.username=%s%s%s", w->words[0], w->words[1],
                              w->detail, w->ip, w->username, w->customer ? "&f.customer=" : "",
                              w->customer ? arena_printf(a, "%lld", (long long)w->customer).p : ""));
    s.conds[TIME] = (struct grid_cond){.on = w->low_us || w->high_us,
                                       .has_low = w->low_us != 0,
                                       .has_high = w->high_us != 0,
                                       .low = w->low_us,
                                       .high = w->high_us};
    return s;
}

static void ask_around(void) {
    for (int i = 0; i < QUERIES; i++) {
        struct arena *a = arena_make();
        struct asked_terms w = ask();
        struct grid_state s = state_of_terms(a, &w);
        compare(&entry_grid, &s, ENTRIES, entry_fits, &w);
        arena_free(a);
    }
}

/* With no block noted yet, with some, and with all. */
static void blocks_miss_no_entry(void **state) {
    (void)state;
    bool more = true;
    fill_entries();
    ask_around();
    while (more) {
        assert_int_equal(audit_index_step(shop_get()->db, shop_get()->arena, &more), OK);
        ask_around();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_find_what_a_scan_finds, shop_make, shop_drop),
        cmocka_unit_test_setup_teardown(words_far_away_are_found, shop_make, shop_drop),
        cmocka_unit_test_setup_teardown(blocks_miss_no_entry, shop_make, shop_drop),
    };
    return cmocka_run_group_tests_name("grid search", tests, NULL, NULL);
}
