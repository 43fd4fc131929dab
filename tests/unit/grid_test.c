/* grid/: what the address may say, cursors, paging to the last row and back in every order, the guards of
 * CSV. */
#include "db_world.h"

#include "grid/grid_inside.h"

static const struct grid_choice owners[] = {{S_INIT("1"), S_INIT("One"), "good"},
                                            {S_INIT("2"), S_INIT("Two"), NULL}};
static const struct grid_col cols[] = {
    {.key = "id",
     .label = S_INIT("ID"),
     .kind = GRID_INT,
     .sql = GRID_SQL("i.id"),
     .sort = GRID_SQL("i.id"),
     .filter = GRID_RANGE},
    {.key = "name",
     .label = S_INIT("Name"),
     .sql = GRID_SQL("i.name"),
     .sort = GRID_SQL("i.name"),
     .filter = GRID_CONTAINS},
    {.key = "qty",
     .label = S_INIT("Qty"),
     .kind = GRID_INT,
     .sql = GRID_SQL("i.qty"),
     .sort = GRID_SQL("i.qty"),
     .sort_may_be_null = true,
     .filter = GRID_EXACT},
    {.key = "owner",
     .label = S_INIT("Owner"),
     .kind = GRID_CHOICE_INT,
     .sql = GRID_SQL("i.owner"),
     .sort = GRID_SQL("i.owner"),
     .filter = GRID_PICK,
     .choices = owners,
     .choices_n = COUNT_OF(owners)},
    {.key = "when",
     .label = S_INIT("When"),
     .kind = GRID_TIME,
     .sql = GRID_SQL("i.qty"),
     .show = GRID_HIDDEN,
     .filter = GRID_RANGE},
    {.key = "secret", .label = S_INIT("Secret"), .sql = GRID_SQL("'x'"), .show = GRID_EXPORT_ONLY},
    {.key = "start",
     .label = S_INIT("Start"),
     .sql = GRID_SQL("i.name"),
     .show = GRID_HIDDEN,
     .filter = GRID_PREFIX},
};
static const struct grid_def items = {
    .name = "items",
    .path = S_INIT("/admin/items"),
    .from = GRID_SQL("item i"),
    .where = GRID_SQL(GRID_IN_SCOPE("i.owner") " AND @now = @now AND i.id <> @param"),
    .id = GRID_SQL("i.id"),
    .cols = cols,
    .cols_n = COUNT_OF(cols),
    .sort = "id",
    .descending = true,
    .search = GRID_SQL("i.name"),
    .search_id = true,
};
static const struct grid_env env = {.scope = -1, .now_us = 5, .param = 0};

static struct grid_state read_address(struct arena *a, str query) {
    struct html_option options[] = {{.value = S("1"), .label = S("One")},
                                    {.value = S("2"), .label = S("Two")}};
    struct grid_lists lists = {0};
    lists.options[3] = options;
    lists.n[3] = 2;
    struct grid_state s;
    struct i18n_format *f = i18n_format_make(S("en_US"), S("EUR"), S("Europe/Amsterdam"));
    grid_state_read(a, &items, &lists, f, query, &s);
    i18n_format_free(f);
    return s;
}

static void check_str(str got, const char *expected) {
    if (!str_eq(got, str_c(expected))) fail_msg("got %.*s, expected %s", STR_ARG(got), expected);
}

/* ---- the address ---- */

static void address_is_read_strictly(void **state) {
    (void)state;
    struct arena *a = arena_make();
    struct grid_state s = read_address(a, STR_NULL);
    assert_true(s.sort == 0 && s.descending && s.size == 20 && s.way == GRID_FIRST);
    assert_int_equal(s.shown, 0xf);
    assert_false(grid_state_wrong(&items, &s));
    check_str(grid_state_address(a, &items, items.path, &s), "/admin/items");

    s = read_address(
        a, S("q=a+b&f.owner=2&f.id.from=3&f.id.to=9&sort=name&size=50&cols=id,nothing,name&f.nothing=1&x=y"));
    assert_false(grid_state_wrong(&items, &s));
    assert_true(s.conds[0].on && s.conds[0].low == 3 && s.conds[0].high == 10);
    assert_true(s.conds[3].on && s.conds[3].number == 2);
    assert_int_equal(s.shown, 3);
    assert_false(s.descending);
    check_str(grid_state_address(a, &items, items.path, &s),
              "/admin/items?q=a%20b&f.id.from=3&f.id.to=9&f.owner=2&sort=name&size=50&cols=id%2Cname");

    s = read_address(a, S("f.when.from=2026-03-29&f.when.to=2026-03-29")); /* a day of 23 hours */
    assert_true(s.conds[4].on);
    assert_int_equal(s.conds[4].high - s.conds[4].low, 23 * US_HOUR);

    struct grid_lists none = {.withheld = 1 << 1};
    grid_state_read(a, &items, &none, NULL, S("f.name=x&sort=name&cols=name"), &s);
    assert_true(!s.conds[1].on && s.sort == 0 && s.shown == 0xd);

    s = read_address(a, S("cols=secret&sort=when&size=7&dir=up"));
    assert_int_equal(s.shown, 0xf);
    assert_true(s.sort == 0 && s.descending && s.size == 20);
    arena_free(a);
}

static void wrong_filters_are_said_and_not_applied(void **state) {
    (void)state;
    static const char *const queries[] = {"f.id.from=x",
                                          "f.id.to=9223372036854775807",
                                          "f.owner=3",
                                          "f.owner=1%20OR%201",
                                          "f.when.from=31-31-31",
                                          "f.qty=1.5",
                                          "after=zzz",
                                          "after=t~5",
                                          "before=i5~",
                                          "after=i99999999999999999999~1",
                                          "q=%ff",
                                          "q=%00"};
    struct arena *a = arena_make();
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        struct grid_state s = read_address(a, str_c(queries[i]));
        if (!grid_state_wrong(&items, &s)) fail_msg("%s was taken", queries[i]);
        for (size_t c = 0; c < items.cols_n; c++)
            assert_false(s.conds[c].on);
        assert_int_equal(s.way, GRID_FIRST);
    }
    char many[2000] = "q=";
    memset(many + 2, 'a', GRID_TEXT_MAX + 1);
    struct grid_state s = read_address(a, str_c(many));
    assert_true(s.q_wrong);
    arena_free(a);
}

static void cursors_come_back(void **state) {
    (void)state;
    struct arena *a = arena_make();
    struct grid_cursor in[] = {{.null = true, .id = 5},
                               {.i = -7, .id = 9},
                               {.text = true, .s = S("a~b~ü'"), .id = INT64_MAX},
                               {.text = true, .s = S(""), .id = -1}};
    for (size_t i = 0; i < COUNT_OF(in); i++) {
        struct grid_cursor out;
        assert_true(grid_cursor_read(a, grid_cursor_write(a, &in[i]), in[i].text, &out));
        assert_true(out.null == in[i].null && out.i == in[i].i && out.id == in[i].id &&
                    str_eq(out.s, in[i].s));
    }
    char *big = arena_alloc(a, 5000);
    memset(big, 'x', 4999);
    struct grid_cursor out, cut = {.text = true, .s = {big, 4999}, .id = 1};
    assert_true(grid_cursor_read(a, grid_cursor_write(a, &cut), true, &out));
    arena_free(a);
}

/* ---- queries ---- */

static void values_are_bound(void **state) {
    (void)state;
    struct arena *a = arena_make();
    struct grid_state s = read_address(a, S("q=50%25+o'x_&f.name=%27%3B+DROP&f.owner=1"));
    struct grid_query q = grid_query_rows(a, &items, &s, &env,
                                          grid_wanted(&items, &(struct grid_lists){0}, &s, true), false, 21);
    assert_int_equal(str_find(q.sql, S("DROP")), q.sql.n);
    assert_int_equal(str_find(q.sql, S("@")), q.sql.n);
    assert_int_equal(str_find(q.sql, S("o'x")), q.sql.n);
    bool found = false;
    for (size_t i = 0; i < q.n; i++)
        found = found || (q.in[i].kind == DB_TEXT && str_eq(q.in[i].s, S("%o'x!_%")));
    assert_true(found);
    arena_free(a);
}

static enum err fill(struct db_w *w, void *arg) {
    (void)arg;
    static const struct db_stmt put = {.name = "put",
                                       .sql =
                                           "INSERT INTO item (id, owner, name, qty) VALUES ($1, $2, $3, $4)",
                                       .id = 0,
                                       .writes = true,
                                       .params = 4,
                                       .deps = item_whole,
                                       .deps_n = 1};
    struct arena *a = db_arena(db_w_reader(w));
    for (i64 i = 1; i <= 53; i++) {
        struct db_value qty = i % 3 ? V_INT(i % 5) : (struct db_value){.kind = DB_INT, .null = true};
        str name = arena_printf(a, "%c item %d", (int)('a' + i * 7 % 26), (int)i);
        TRY(db_exec(w, &put, (struct db_value[]){V_INT(i), V_INT(i % 2 + 1), V_TEXT(name), qty}, NULL));
    }
    return OK;
}

struct seen {
    i64 ids[64];
    size_t n;
    struct grid_cursor first, last;
};

static struct seen read_at_once(struct world *w, struct grid_state *s, const struct grid_env *e, i64 limit) {
    struct seen seen = {.n = 0};
    struct db_r *r = begin(w);
    struct grid_query q = grid_query_rows(w->a, &items, s, e, 3, true, limit);
    struct db_cursor *k;
    assert_int_equal(db_query_text(r, q.sql, q.in, q.n, &k), OK);
    for (bool more = k != NULL; more; more = db_next(k)) {
        struct grid_row row;
        grid_row_read(k, w->a, &items, s, 3, true, &row);
        if (!seen.n) seen.first = row.at;
        seen.last = row.at;
        seen.ids[seen.n++] = row.id;
    }
    assert_int_equal(db_cursor_end(k), OK);
    db_read_end(r);
    return seen;
}

/* As pages do it, which ask for absent values on their own. */
static struct seen read_page(struct world *w, struct grid_state *s, const struct grid_env *e, i64 limit) {
    struct grid_row rows[60];
    struct seen seen = {.n = 0};
    struct db_r *r = begin(w);
    i64 looked;
    assert_int_equal(grid_read_rows(r, w->a, &items, s, e, 3, true, (size_t)limit, rows, &seen.n, &looked),
                     OK);
    db_read_end(r);
    for (size_t i = 0; i < seen.n; i++)
        seen.ids[i] = rows[i].id;
    if (seen.n) {
        seen.first = rows[0].at;
        seen.last = rows[seen.n - 1].at;
    }
    return seen;
}

static void walk(struct world *w, size_t sort, bool descending) {
    struct grid_state s = {.sort = sort, .descending = descending, .size = 20};
    struct seen whole = read_at_once(w, &s, &env, 60), page, last = {.n = 0};
    size_t n = 0;
    assert_int_equal(whole.n, 53);
    while ((page = read_page(w, &s, &env, 7)).n) {
        for (size_t i = 0; i < page.n; i++)
            assert_int_equal(page.ids[i], whole.ids[n++]);
        s.way = GRID_AFTER;
        s.cursor = page.last;
        last = page;
    }
    assert_int_equal(n, 53);
    s.way = GRID_BEFORE;
    s.cursor = last.first;
    n -= last.n;
    while ((page = read_page(w, &s, &env, 7)).n) {
        for (size_t i = 0; i < page.n; i++)
            assert_int_equal(page.ids[i], whole.ids[--n]);
        s.cursor = page.last;
    }
    assert_int_equal(n, 0);
}

static void pages_join_in_every_order(void **state) {
    struct world *w = *state;
    assert_int_equal(call_now(w, fill, NULL), OK);
    for (size_t sort = 0; sort < 4; sort++) {
        walk(w, sort, false);
        walk(w, sort, true);
    }
}

static size_t rows_of(struct world *w, const char *query, const struct grid_env *e) {
    struct grid_state s = read_address(w->a, str_c(query));
    return read_page(w, &s, e, 60).n;
}

static void filters_filter(void **state) {
    struct world *w = *state;
    assert_int_equal(call_now(w, fill, NULL), OK);
    assert_int_equal(rows_of(w, "f.owner=1", &env), 26);
    assert_int_equal(rows_of(w, "f.id.from=10&f.id.to=12", &env), 3);
    assert_int_equal(rows_of(w, "q=ITEM+12", &env), 1);
    assert_int_equal(rows_of(w, "q=53", &env), 1);
    assert_int_equal(rows_of(w, "q=%25", &env), 0);
    assert_int_equal(rows_of(w, "q=_", &env), 0);
    assert_int_equal(rows_of(w, "f.start=H", &env), 3);
    assert_int_equal(rows_of(w, "", &(struct grid_env){.scope = 1 << 2, .param = 0}), 27);
    assert_int_equal(rows_of(w, "", &(struct grid_env){.scope = 0, .param = 0}), 0);
    assert_int_equal(rows_of(w, "", &(struct grid_env){.scope = -1, .param = 7}), 52);
    struct grid_state s = read_address(w->a, S("f.owner=2"));
    struct grid_query q = grid_query_count(w->a, &items, &s, &env, 1001);
    struct db_r *r = begin(w);
    struct db_cursor *k;
    assert_int_equal(db_query_text(r, q.sql, q.in, q.n, &k), OK);
    assert_int_equal(db_get_int(k, 0), 27);
    assert_int_equal(db_cursor_end(k), OK);
    db_read_end(r);
}

/* ---- CSV ---- */

static void cells_cannot_be_formulas(void **state) {
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {{"plain", "plain"},
                 {"", ""},
                 {"a,b", "\"a,b\""},
                 {"say \"hi\"", "\"say \"\"hi\"\"\""},
                 {"two\nlines", "\"two\nlines\""},
                 {"=1+1", "\"'=1+1\""},
                 {"+31 6", "\"'+31 6\""},
                 {"-5", "\"'-5\""},
                 {"@SUM(A1)", "\"'@SUM(A1)\""},
                 {"\t=1", "\"'\t=1\""},
                 {"\r=1", "\"'\r=1\""}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf b;
        buf_init(&b, 1000);
        grid_csv_cell(&b, str_c(cases[i].in));
        check_str(buf_str(&b), cases[i].out);
        buf_done(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(address_is_read_strictly),
        cmocka_unit_test(wrong_filters_are_said_and_not_applied),
        cmocka_unit_test(cursors_come_back),
        cmocka_unit_test(values_are_bound),
        cmocka_unit_test_setup_teardown(pages_join_in_every_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(filters_filter, set_up, tear_down),
        cmocka_unit_test(cells_cannot_be_formulas),
    };
    return cmocka_run_group_tests_name("grid", tests, NULL, NULL);
}
