/* grid_plan.c and grid_read.c: whichever way a page is come by, and whatever it is sorted by, it has the rows
 * that a look at every row gives: forwards and back. The rows are kept here as well, and sorted without any
 * SQL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "shop_fixture.h"

#include "grid/grid_inside.h"

enum {
    ROWS = 24000, /* more than are fetched at once, and looked at along the order */
    PAGE = 30,
    PAGES = 4,
    QUERIES = 48,
    NAMES = 3, /* so that very many rows sort alike */
};

static u64 dice = 11;

static size_t roll(size_t n) {
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(dice >> 33) % n;
}

/* A row stands for another one, and shows its time: as a document does with its order. */
static struct row {
    i64 of, time, login; /* login 0: never */
    size_t name;
} kept[ROWS + 1];
static const char *const names[NAMES] = {"ada", "bob", "cy"};

static const struct grid_col cols[] = {
    {.key = "id", .kind = GRID_INT, .sql = GRID_SQL("c.id"), .sort = GRID_SQL("c.id"), .filter = GRID_RANGE},
    {.key = "time",
     .kind = GRID_INT,
     .sql = GRID_SQL("o.created_us"),
     .sort = GRID_SQL("c.updated_us"),
     .joined = GRID_SQL("customer o"),
     .filter = GRID_RANGE},
    {.key = "name", .sql = GRID_SQL("c.lastname"), .sort = GRID_SQL("c.lastname"), .filter = GRID_PREFIX},
    {.key = "login",
     .kind = GRID_INT,
     .sql = GRID_SQL("c.last_login_us"),
     .sort = GRID_SQL("c.last_login_us"),
     .sort_may_be_null = true,
     .filter = GRID_RANGE},
};
enum { ID, TIME, NAME, LOGIN };

static const struct grid_def grid = {
    .path = S_INIT("/admin/customers"),
    .from = GRID_SQL("customer c JOIN customer o ON o.id = c.updated_us"),
    .id = GRID_SQL("c.id"),
    .cols = cols,
    .cols_n = COUNT_OF(cols),
    .sort = "id",
};

/* Times rise with ids, but for a few; so a range of them stands together, far from one end. */
static void fill(void) {
    sqlite3 *sql;
    sqlite3_stmt *st;
    char path[96];
    db_close(shop_get()->db);
    snprintf(path, sizeof path, "%s/shop.db", shop_get()->dir);
    shop_must(sqlite3_open(path, &sql) == SQLITE_OK, "open");
    shop_must(!sqlite3_exec(sql, "BEGIN; DELETE FROM customer", NULL, NULL, NULL), "begin");
    shop_must(!sqlite3_prepare_v2(
                  sql,
                  "INSERT INTO customer "
                  "(id,website_id,view_id,group_id,email,email_fold,firstname,lastname,search_fold,telephone,"
                  "active,failed_logins,created_us,updated_us,last_login_us) VALUES "
                  "(?1,1,1,1,?1,?1,'',?2,'','',1,0,?3,?4,?5)",
                  -1, &st, NULL),
              "prepare");
    for (i64 id = 1; id <= ROWS; id++) {
        struct row *r = &kept[id];
        i64 back = (i64)roll(40);
        *r = (struct row){.of = MAX_OF(id - back, (i64)1), .name = roll(NAMES)};
        r->time = roll(200) ? id / 3 : (i64)roll(ROWS / 3);
        r->login = roll(3) ? (i64)roll(50) + 1 : 0;
        sqlite3_bind_int64(st, 1, id);
        sqlite3_bind_text(st, 2, names[r->name], -1, SQLITE_STATIC);
        sqlite3_bind_int64(st, 3, r->time);
        sqlite3_bind_int64(st, 4, r->of);
        if (r->login)
            sqlite3_bind_int64(st, 5, r->login);
        else
            sqlite3_bind_null(st, 5);
        shop_must(sqlite3_step(st) == SQLITE_DONE, sqlite3_errmsg(sql));
        sqlite3_reset(st);
    }
    sqlite3_finalize(st);
    shop_must(!sqlite3_exec(sql, "COMMIT", NULL, NULL, NULL), "commit");
    sqlite3_close(sql);
    shop_open();
}

/* ---- what is expected ---- */

static size_t sorted_by;
static bool filtered_by_time;

static i64 value_of(i64 id) {
    const struct row *r = &kept[id];
    if (sorted_by == TIME) return filtered_by_time ? kept[r->of].time : r->of;
    return sorted_by == NAME ? (i64)r->name : sorted_by == LOGIN ? r->login : id;
}

static int in_order(const void *x, const void *y) {
    i64 a = *(const i64 *)x, b = *(const i64 *)y, va = value_of(a), vb = value_of(b);
    if (va != vb) return va < vb ? -1 : 1;
    return a < b ? -1 : a > b;
}

static bool fits(const struct grid_state *s, i64 id) {
    i64 values[] = {id, kept[kept[id].of].time, 0, kept[id].login};
    for (size_t c = 0; c < COUNT_OF(cols); c++) {
        const struct grid_cond *k = &s->conds[c];
        if (!k->on) continue;
        if (c == NAME && !str_starts(str_c(names[kept[id].name]), k->value)) return false;
        if (c == NAME) continue;
        if (c == LOGIN && !kept[id].login) return false;
        if ((k->has_low && values[c] < k->low) || (k->has_high && values[c] >= k->high)) return false;
    }
    return true;
}

static size_t expect(const struct grid_state *s, i64 *ret) {
    size_t n = 0;
    sorted_by = s->sort;
    filtered_by_time = s->conds[TIME].on;
    for (i64 id = 1; id <= ROWS; id++)
        if (fits(s, id)) ret[n++] = id;
    qsort(ret, n, sizeof *ret, in_order);
    for (size_t i = 0; s->descending && i < n / 2; i++) {
        i64 swap = ret[i];
        ret[i] = ret[n - 1 - i];
        ret[n - 1 - i] = swap;
    }
    return n;
}

/* ---- what is found ---- */

static size_t roads[3];

/* A page at the state's place; its rows' places in `at`. */
static size_t look(const struct grid_state *s, struct grid_row *rows, struct arena *a, i64 *ret_count) {
    struct grid_env env = {.scope = -1};
    size_t n;
    i64 looked;
    bool open;
    struct db_r *r = shop_read();
    assert_int_equal(grid_plan(r, a, &grid, s, &env, PAGE), OK);
    roads[env.road]++;
    assert_int_equal(grid_read_rows(r, a, &grid, s, &env, 1, false, PAGE, rows, &n, &looked), OK);
    assert_int_equal(grid_read_count(r, a, &grid, s, &env, ret_count, &open), OK);
    assert_false(open);
    for (size_t i = 0; i < n; i++)
        rows[i].at.s = arena_str(a, rows[i].at.s);
    db_read_end(r);
    return n;
}

/* Some pages on from the start, and back again. */
static void compare(struct grid_state *s, struct arena *a) {
    i64 *all = ARENA_ARRAY(a, i64, ROWS), count;
    size_t all_n = expect(s, all), at = 0, n;
    struct grid_row *rows = ARENA_ARRAY(a, struct grid_row, PAGE);
    for (int page = 0; page < PAGES; page++) {
        n = look(s, rows, a, &count);
        assert_int_equal(n, MIN_OF(all_n - at, (size_t)PAGE));
        for (size_t i = 0; i < n; i++)
            assert_int_equal(rows[i].id, all[at + i]);
        assert_int_equal(count, MIN_OF(all_n, (size_t)GRID_COUNT_MAX + 1));
        if (n < PAGE) return;
        at += n;
        s->way = GRID_AFTER;
        s->cursor = rows[n - 1].at;
    }
    s->way = GRID_BEFORE;
    at--; /* the cursor stands on this one */
    for (int page = 0; page < PAGES && at > 0; page++) {
        n = look(s, rows, a, &count);
        assert_int_equal(n, MIN_OF(at, (size_t)PAGE));
        for (size_t i = 0; i < n; i++)
            assert_int_equal(rows[i].id, all[--at]);
        s->cursor = rows[n - 1].at;
    }
}

static str some_range(struct arena *a, const char *key, size_t most) {
    static const size_t widths[] = {1, 40, 400, 2500, 1000000};
    size_t from = roll(most), width = widths[roll(COUNT_OF(widths))];
    if (roll(4) == 0) return arena_printf(a, "&f.%s.from=%zu", key, from);
    if (roll(4) == 0) return arena_printf(a, "&f.%s.to=%zu", key, from);
    return arena_printf(a, "&f.%s.from=%zu&f.%s.to=%zu", key, from, key, from + width);
}

static void every_way_finds_the_same(void **state) {
    (void)state;
    struct i18n_format *f = i18n_format_make(S("en_US"), S("EUR"), S("Europe/Amsterdam"));
    fill();
    for (int i = 0; i < QUERIES; i++) {
        struct arena *a = arena_make();
        struct grid_lists lists = {0};
        struct grid_state s;
        str address =
            ARENA_CAT(a, S("sort="), str_c(cols[i % 4].key), roll(2) ? S("&dir=desc") : S("&dir=asc"));
        if (roll(5)) address = ARENA_CAT(a, address, some_range(a, "time", ROWS / 3));
        if (roll(3) == 0) address = ARENA_CAT(a, address, some_range(a, "id", ROWS));
        if (roll(4) == 0) address = ARENA_CAT(a, address, some_range(a, "login", 50));
        if (roll(4) == 0) address = ARENA_CAT(a, address, S("&f.name="), str_c(names[roll(NAMES)]));
        grid_state_read(a, &grid, &lists, f, address, &s);
        assert_false(grid_state_wrong(&grid, &s));
        compare(&s, a);
        arena_free(a);
    }
    i18n_format_free(f);
    for (size_t i = 0; i < COUNT_OF(roads); i++)
        assert_true(roads[i] > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_way_finds_the_same, shop_make, shop_drop),
    };
    return cmocka_run_group_tests_name("grid plan", tests, NULL, NULL);
}
