/* db/ where a snapshot may end with what it takes for its last statement (src/db/postgres/seen.c): who goes
 * on all the same is answered as if it had not, or is told that it has to begin again. SQLite ends none
 * early. */
#include "db_world.h"

enum { WELL_KNOWN = 9 };

static struct db_r *begin_repeatable(struct world *w, const char *what) {
    struct db_r *r = begin(w);
    db_repeatable(r);
    db_expect(r, what);
    return r;
}

static i64 owner_of(struct db_r *r, str name) {
    struct db_cursor *c;
    assert_int_equal(db_query(r, &item_owner, &V_TEXT(name), &c), OK);
    i64 owner = c ? db_get_int(c, 0) : -1;
    assert_int_equal(db_cursor_end(c), OK);
    return owner;
}

/* Pages that ask this and no more. */
static void learn_count(struct world *w, const char *what) {
    for (int i = 0; i < WELL_KNOWN; i++) {
        struct db_r *r = begin_repeatable(w, what);
        number_of(r, &item_count);
        db_read_end(r);
    }
}

static void fill(struct world *w) {
    assert_int_equal(insert_now(w, 2, S("two")), OK);
    assert_int_equal(insert_now(w, 4, S("four")), OK);
}

static void a_snapshot_is_one_between_two_questions(void **state) {
    struct world *w = *state;
    fill(w);
    struct db_r *r = begin(w);
    assert_int_equal(number_of(r, &item_count), 2);
    assert_int_equal(insert_now(w, 5, S("five")), OK);
    assert_int_equal(owner_of(r, S("five")), -1);
    assert_int_equal(number_of(r, &item_count), 2);
    db_read_end(r);
    assert_int_equal(count(w, &item_count), 3);
}

static void one_more_question_fits_the_others(void **state) {
    struct world *w = *state;
    static const char what[] = "count";
    fill(w);
    learn_count(w, what);
    struct db_r *r = begin_repeatable(w, what);
    assert_int_equal(number_of(r, &item_count), 2);
    assert_int_equal(owner_of(r, S("two")), 2);
    assert_int_equal(owner_of(r, S("four")), 4);
    /* From here on it is a snapshot as any other. */
    assert_int_equal(insert_now(w, 5, S("five")), OK);
    assert_int_equal(owner_of(r, S("five")), -1);
    assert_int_equal(number_of(r, &item_count), 2);
    db_read_end(r);
}

static void what_has_changed_meanwhile_is_never_mixed(void **state) {
    struct world *w = *state;
    static const char what[] = "count";
    struct db_cursor *c;
    fill(w);
    learn_count(w, what);
    struct db_r *r = begin_repeatable(w, what);
    assert_int_equal(number_of(r, &item_count), 2);
    assert_int_equal(insert_now(w, 5, S("five")), OK);
    if (w->base) {
        assert_int_equal(db_query(r, &item_owner, &V_TEXT(S("two")), &c), ERR_STALE);
        assert_int_equal(db_query(r, &item_count, NULL, &c), ERR_DB);
    } else {
        assert_int_equal(owner_of(r, S("five")), -1);
    }
    db_read_end(r);
    r = begin(w); /* again, and not ended before its time */
    db_expect(r, what);
    assert_int_equal(number_of(r, &item_count), 3);
    assert_int_equal(insert_now(w, 6, S("six")), OK);
    assert_int_equal(owner_of(r, S("six")), -1);
    assert_int_equal(owner_of(r, S("five")), 5);
    db_read_end(r);
}

/* Rows that are being looked at stay where they are. */
static void an_open_cursor_outlives_the_end(void **state) {
    struct world *w = *state;
    static const char what[] = "names";
    struct db_cursor *c;
    assert_int_equal(insert_now(w, 2, S("a")), OK);
    assert_int_equal(insert_now(w, 2, S("b")), OK);
    for (int i = 0; i < 2 * WELL_KNOWN; i++) {
        bool asks_more = i == WELL_KNOWN || i == 2 * WELL_KNOWN - 1;
        struct db_r *r = begin_repeatable(w, what);
        assert_int_equal(db_query(r, &item_names, &V_INT(2), &c), OK);
        assert_true(str_eq(db_see_str(c, 0), S("a")));
        if (asks_more) assert_int_equal(owner_of(r, S("b")), 2);
        assert_true(db_next(c));
        assert_true(str_eq(db_see_str(c, 0), S("b")));
        assert_false(db_next(c));
        assert_int_equal(db_cursor_end(c), OK);
        db_read_end(r);
    }
}

/* A text that is put together at run time counts as a question, and is asked again as one. */
static void a_text_may_be_the_last(void **state) {
    struct world *w = *state;
    static const char what[] = "grid";
    fill(w);
    for (int i = 0; i < 2 * WELL_KNOWN; i++) {
        struct db_r *r = begin_repeatable(w, what);
        struct db_cursor *c;
        str sql = arena_printf(w->a, "SELECT count(*) FROM item WHERE owner > $1 AND owner < %d", 100 + i);
        assert_int_equal(number_of(r, &item_count), 2);
        assert_int_equal(db_query_text(r, sql, &V_INT(2), 1, &c), OK);
        assert_int_equal(db_get_int(c, 0), 1);
        assert_int_equal(db_cursor_end(c), OK);
        if (i == 2 * WELL_KNOWN - 1) assert_int_equal(owner_of(r, S("four")), 4);
        db_read_end(r);
    }
}

/* What is too long to be asked again makes the page begin again, as if it had changed. */
static void what_cannot_be_kept_is_begun_again(void **state) {
    struct world *w = *state;
    static const char what[] = "long";
    struct db_cursor *c;
    char *name = arena_alloc(w->a, 10000);
    memset(name, 'x', 10000);
    fill(w);
    for (int i = 0; i < WELL_KNOWN; i++) {
        struct db_r *r = begin_repeatable(w, what);
        assert_int_equal(owner_of(r, (str){name, 10000}), -1);
        db_read_end(r);
    }
    struct db_r *r = begin_repeatable(w, what);
    assert_int_equal(owner_of(r, (str){name, 10000}), -1);
    assert_int_equal(db_query(r, &item_owner, &V_TEXT(S("two")), &c), w->base ? ERR_STALE : OK);
    if (!w->base) assert_int_equal(db_cursor_end(c), OK);
    db_read_end(r);
}

/* COPY needs a transaction that was begun. */
static void a_stream_stays_in_the_snapshot(void **state) {
    struct world *w = *state;
    static const char what[] = "count";
    struct db_cursor *c;
    fill(w);
    learn_count(w, what);
    for (int ended = 0; ended < 2; ended++) {
        struct db_r *r = ended ? begin_repeatable(w, what) : begin(w);
        i64 items = number_of(r, &item_count);
        assert_int_equal(db_stream(r, &item_count, &c), OK);
        assert_int_equal(db_get_int(c, 0), items);
        assert_false(db_next(c));
        assert_int_equal(db_cursor_end(c), OK);
        assert_int_equal(insert_now(w, 9, ended ? S("nine") : S("eight")), OK);
        assert_int_equal(number_of(r, &item_count), items);
        db_read_end(r);
    }
    assert_int_equal(count(w, &item_count), 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_DB(a_snapshot_is_one_between_two_questions),
        WITH_DB(one_more_question_fits_the_others),
        WITH_DB(what_has_changed_meanwhile_is_never_mixed),
        WITH_DB(an_open_cursor_outlives_the_end),
        WITH_DB(a_text_may_be_the_last),
        WITH_DB(what_cannot_be_kept_is_begun_again),
        WITH_DB(a_stream_stays_in_the_snapshot),
    };
    return cmocka_run_group_tests_name("db, what was seen", tests, NULL, NULL);
}
