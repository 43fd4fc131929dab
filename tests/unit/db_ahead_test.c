/* db/ where questions are asked before their time and changes are not waited for (src/db/postgres/ahead.c):
 * it must not be told from asking and waiting, so SQLite, which does neither, passes the same tests. */
#include "db_world.h"

static i64 answer_to(struct db_r *r, const struct db_stmt *st, struct db_value in) {
    struct db_cursor *c;
    assert_int_equal(db_query(r, st, &in, &c), OK);
    assert_non_null(c);
    i64 n = db_get_int(c, 0);
    assert_int_equal(db_cursor_end(c), OK);
    return n;
}

static enum err count_around(struct db_w *w, void *arg) {
    struct db_r *r = db_w_reader(w);
    i64 before = number_of(r, &item_count), owner = 5 + before % 3;
    str name = arena_printf(db_arena(r), "%s %lld", (char *)arg, (long long)before);
    db_expect(r, arg);
    TRY(db_exec(w, &item_insert, (struct db_value[]){V_INT(owner), V_TEXT(name)}, NULL));
    assert_int_equal(number_of(r, &item_count), before + 1);
    assert_int_equal(answer_to(r, &item_owner, V_TEXT(name)), owner);
    assert_int_equal(number_of(r, &item_count), before + 1);
    TRY(db_exec(w, &item_clear, NULL, NULL));
    assert_int_equal(number_of(r, &log_count), 0);
    return OK;
}

static void a_change_in_between_is_seen(void **state) {
    struct world *w = *state;
    for (int i = 0; i < 6; i++)
        assert_int_equal(call_now(w, count_around, "n"), OK);
    assert_int_equal(count(w, &item_count), 6);
}

/* The owner, then what each of so many gets: nobody asks that of owner 0. */
static i64 share_of(struct db_r *r, const char *name) {
    db_expect(r, "share");
    i64 owner = answer_to(r, &item_owner, V_TEXT(str_c(name)));
    i64 share = owner ? answer_to(r, &item_share, V_INT(owner)) : -1;
    assert_int_equal(number_of(r, &item_count), 4);
    return share;
}

static enum err shares_while_writing(struct db_w *w, void *arg) {
    struct db_r *r = db_w_reader(w);
    struct db_cursor *c;
    const char *const names[] = {"two", "four", "five", "two", "nobody", "five"};
    (void)arg;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        db_expect(r, "share");
        TRY(db_query(r, &item_owner, &V_TEXT(str_c(names[i])), &c));
        i64 owner = db_get_int(c, 0);
        TRY(db_cursor_end(c));
        if (!owner) continue;
        TRY(db_query(r, &item_share, &V_INT(owner), &c));
        assert_int_equal(db_get_int(c, 0), 100 / owner);
        TRY(db_cursor_end(c));
    }
    return db_exec(w, &item_insert, (struct db_value[]){V_INT(9), V_TEXT(S("written"))}, NULL);
}

struct foretold {
    const char *what, *name;
    i64 owner, told;
};

/* Looks for the item's owner and share, then writes what nobody could foresee, then asks once more. */
static enum err shares_foretold(struct db_w *w, void *arg) {
    const struct foretold *it = arg;
    struct db_r *r = db_w_reader(w);
    db_expect(r, it->what);
    db_foretell(r, (struct db_value[]){V_INT(7), V_INT(it->told), V_TEXT(str_c(it->name))}, 3);
    assert_int_equal(answer_to(r, &item_owner, V_TEXT(str_c(it->name))), it->owner);
    assert_int_equal(answer_to(r, &item_share, V_INT(it->owner)), 100 / it->owner);
    TRY(db_exec(w, &log_add, &V_TEXT(arena_printf(db_arena(r), "%p", (void *)r)), NULL));
    assert_int_equal(number_of(r, &item_count), 3);
    return OK;
}

/* The owner's share is asked before it is known who the owner is, and so is what comes after a change. */
static void what_is_foretold_is_asked_at_once(void **state) {
    struct world *w = *state;
    static const char truth[] = "truth", hearsay[] = "hearsay";
    struct foretold all[] = {{hearsay, "two", 2, 2},  {hearsay, "four", 4, 9}, {hearsay, "five", 5, 2},
                             {hearsay, "four", 4, 4}, {truth, "two", 2, 2},    {truth, "four", 4, 4},
                             {truth, "five", 5, 5},   {truth, "two", 2, 2}};
    assert_int_equal(insert_now(w, 2, S("two")), OK);
    assert_int_equal(insert_now(w, 4, S("four")), OK);
    assert_int_equal(insert_now(w, 5, S("five")), OK);
    for (size_t i = 0; i < 2 * COUNT_OF(all); i++)
        assert_int_equal(call_now(w, shares_foretold, &all[i % COUNT_OF(all)]), OK);
    u64 before = atomic_load(&w->db->waits);
    assert_int_equal(call_now(w, shares_foretold, &all[5]), OK);
    /* All questions, and the commit. */
    assert_int_equal(atomic_load(&w->db->waits) - before, w->base ? 2 : 0);
}

static void a_question_that_would_fail_harms_nobody(void **state) {
    struct world *w = *state;
    assert_int_equal(insert_now(w, 2, S("two")), OK);
    assert_int_equal(insert_now(w, 4, S("four")), OK);
    assert_int_equal(insert_now(w, 5, S("five")), OK);
    assert_int_equal(insert_now(w, 0, S("nobody")), OK);
    static const struct {
        const char *name;
        i64 share;
    } due[] = {{"two", 50}, {"four", 25},   {"five", 20}, {"nobody", -1},
               {"two", 50}, {"nobody", -1}, {"four", 25}};
    for (size_t i = 0; i < COUNT_OF(due); i++) {
        struct db_r *r = begin(w);
        assert_int_equal(share_of(r, due[i].name), due[i].share);
        db_read_end(r);
    }
    assert_int_equal(call_now(w, shares_while_writing, NULL), OK);
    assert_int_equal(count(w, &item_count), 5);
}

static enum err conflict_unseen(struct db_w *w, void *arg) {
    (void)arg;
    TRY(db_exec(w, &item_insert, (struct db_value[]){V_INT(1), V_TEXT(S("taken"))}, NULL));
    return db_exec(w, &log_add, &V_TEXT(S("not to be kept")), NULL);
}

static void a_conflict_that_nobody_waited_for_is_told(void **state) {
    struct world *w = *state;
    assert_int_equal(insert_now(w, 1, S("taken")), OK);
    assert_int_equal(call_now(w, conflict_unseen, NULL), ERR_CONFLICT);
    i64 entries = count(w, &log_count);
    assert_int_equal(insert_now(w, 1, S("free")), OK);
    assert_int_equal(count(w, &item_count), 2);
    assert_int_equal(count(w, &log_count), entries + 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_DB(a_change_in_between_is_seen),
        WITH_DB(what_is_foretold_is_asked_at_once),
        WITH_DB(a_question_that_would_fail_harms_nobody),
        WITH_DB(a_conflict_that_nobody_waited_for_is_told),
    };
    return cmocka_run_group_tests_name("db, asked ahead", tests, NULL, NULL);
}
