/* db/ on SQLite: isolation of operations, group commit, what cannot be written, watches, migrations, the
 * lock, full disks, crashes, and many threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db_fixture.h"

struct world {
    char dir[64], path[96];
    struct arena *a;
    struct db *db;
};

static enum err open_at(struct world *w, const struct db_registry *reg, bool read_only, struct db **ret,
                        str *ret_why) {
    struct db_options o = {
        .url = arena_printf(w->a, "sqlite:%s", w->path), .create = !read_only, .read_only = read_only};
    return db_open_with(w->a, &o, reg, ret, ret_why);
}

static void start(struct world *w) {
    str why;
    int applied;
    assert_int_equal(open_at(w, &fixture, false, &w->db, &why), OK);
    assert_int_equal(db_migrate(w->a, w->db, &applied, &why), OK);
    assert_int_equal(db_start(w->db), OK);
}

static int set_up_empty(void **state) {
    struct world *w = calloc(1, sizeof *w);
    snprintf(w->dir, sizeof w->dir, "/tmp/db_test.XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    snprintf(w->path, sizeof w->path, "%s/shop.db", w->dir);
    w->a = arena_make();
    *state = w;
    return 0;
}

static int set_up(void **state) {
    set_up_empty(state);
    start(*state);
    return 0;
}

static int tear_down(void **state) {
    struct world *w = *state;
    static const char *const names[] = {"", "-wal", "-shm", ".lock", ".copy", ".copy-wal", ".copy-shm"};
    db_close(w->db);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        unlink(arena_printf(w->a, "%s%s", w->path, names[i]).p);
    assert_int_equal(rmdir(w->dir), 0);
    arena_free(w->a);
    free(w);
    return 0;
}

/* ---- operations of the tests ---- */

struct insert {
    struct db_job job; /* first */
    i64 owner;
    str name;
    enum err after; /* what run answers after it has inserted */
    sem_t *wait, *entered;
    _Atomic int done;
    enum err result;
};

static enum err insert_run(struct db_w *w, struct db_job *job) {
    struct insert *in = (struct insert *)job;
    if (in->entered) sem_post(in->entered);
    if (in->wait) sem_wait(in->wait);
    TRY(db_exec(w, &item_insert, (struct db_value[]){V_INT(in->owner), V_TEXT(in->name)}, NULL));
    TRY(db_exec(w, &log_add, (struct db_value[]){V_TEXT(in->name)}, NULL));
    return in->after;
}

static void insert_done(struct db_job *job, enum err e) {
    struct insert *in = (struct insert *)job;
    in->result = e;
    atomic_fetch_add(&in->done, 1);
}

static struct insert insert_of(struct world *w, i64 owner, str name) {
    return (struct insert){
        .job = {.run = insert_run, .done = insert_done, .arena = w->a}, .owner = owner, .name = name};
}

static enum err insert_now(struct world *w, i64 owner, str name) {
    struct insert in = insert_of(w, owner, name);
    return db_submit_wait(w->db, &in.job);
}

/* Any function as a job. */
struct call {
    struct db_job job;
    enum err (*fn)(struct db_w *w, void *arg);
    void *arg;
};

static enum err call_run(struct db_w *w, struct db_job *job) {
    struct call *c = (struct call *)job;
    return c->fn(w, c->arg);
}

static enum err call_now(struct world *w, enum err (*fn)(struct db_w *w, void *arg), void *arg) {
    struct call c = {.job = {.run = call_run, .arena = w->a}, .fn = fn, .arg = arg};
    return db_submit_wait(w->db, &c.job);
}

static struct db_r *begin(struct world *w) {
    struct db_r *r;
    assert_int_equal(db_read_begin(w->db, w->a, (struct db_sight){.self = 7, .scope = -1}, &r), OK);
    return r;
}

static i64 number_of(struct db_r *r, const struct db_stmt *st) {
    struct db_cursor *c;
    assert_int_equal(db_query(r, st, NULL, &c), OK);
    i64 n = db_get_int(c, 0);
    assert_int_equal(db_cursor_end(c), OK);
    return n;
}

static i64 count(struct world *w, const struct db_stmt *st) {
    struct db_r *r = begin(w);
    i64 n = number_of(r, st);
    db_read_end(r);
    return n;
}

/* ---- reading and writing ---- */

static enum err insert_values(struct db_w *w, void *arg) {
    (void)arg;
    struct db_cursor *c;
    struct db_value in[] = {V_INT(5), V_TEXT(S("a'b")), {.kind = DB_BLOB, .s = {"\0\xff", 2}}};
    TRY(db_query(db_w_reader(w), &item_insert_id, in, &c));
    assert_int_equal(db_get_int(c, 0), 1);
    TRY(db_cursor_end(c));
    in[1] = V_TEXT(S(""));
    in[2] = (struct db_value){.kind = DB_BLOB, .s = {"", 0}};
    TRY(db_query(db_w_reader(w), &item_insert_id, in, &c));
    TRY(db_cursor_end(c));
    in[1] = V_TEXT(S("null"));
    in[2] = (struct db_value){.kind = DB_BLOB, .null = true};
    TRY(db_query(db_w_reader(w), &item_insert_id, in, &c));
    return db_cursor_end(c);
}

static void values_come_back(void **state) {
    struct world *w = *state;
    assert_int_equal(call_now(w, insert_values, NULL), OK);
    struct db_r *r = begin(w);
    struct db_cursor *c;
    assert_int_equal(db_self(r), 7);
    assert_int_equal(db_scope(r), -1);
    assert_int_equal(db_query(r, &item_get, &V_TEXT(S("a'b")), &c), OK);
    assert_true(str_eq(db_get_str(c, 2), (str){"\0\xff", 2}));
    assert_false(db_get_opt(c, 3).set);
    assert_true(db_get_opt(c, 1).set && db_get_opt(c, 1).v == 5);
    assert_int_equal(db_cursor_end(c), OK);
    assert_int_equal(db_query(r, &item_get, &V_TEXT(S("")), &c), OK);
    assert_non_null(db_get_str(c, 2).p);
    assert_int_equal(db_get_str(c, 2).n, 0);
    assert_int_equal(db_cursor_end(c), OK);
    assert_int_equal(db_query(r, &item_get, &V_TEXT(S("null")), &c), OK);
    assert_null(db_get_str(c, 2).p);
    assert_int_equal(db_cursor_end(c), OK);
    assert_int_equal(db_query(r, &item_get, &V_TEXT(S("nobody")), &c), OK);
    assert_null(c);
    db_read_end(r);
}

static void statement_inside_its_own_loop(void **state) {
    struct world *w = *state;
    assert_int_equal(insert_now(w, 1, S("a")), OK);
    assert_int_equal(insert_now(w, 1, S("b")), OK);
    struct db_r *r = begin(w);
    struct db_cursor *outer, *inner;
    int rows = 0;
    assert_int_equal(db_query(r, &item_names, &V_INT(1), &outer), OK);
    do {
        assert_int_equal(db_query(r, &item_names, &V_INT(1), &inner), OK);
        do
            rows++;
        while (db_next(inner));
        assert_int_equal(db_cursor_end(inner), OK);
    } while (db_next(outer));
    assert_int_equal(rows, 4);
    db_read_end(r); /* also ends what was left open */
}

static void a_snapshot_stays(void **state) {
    struct world *w = *state;
    struct db_r *r = begin(w);
    assert_int_equal(insert_now(w, 1, S("later")), OK);
    assert_int_equal(number_of(r, &item_count), 0);
    db_read_end(r);
    assert_int_equal(count(w, &item_count), 1);
}

/* ---- operations and their neighbours ---- */

static void neighbours_are_isolated(void **state) {
    struct world *w = *state;
    sem_t go, in;
    sem_init(&go, 0, 0);
    sem_init(&in, 0, 0);
    struct insert first = insert_of(w, 1, S("first")), good = insert_of(w, 1, S("good")),
                  bad = insert_of(w, 1, S("bad")), twin = insert_of(w, 1, S("good")),
                  last = insert_of(w, 1, S("last"));
    first.wait = &go;
    first.entered = &in;
    bad.after = ERR_INVALID;
    struct insert *all[] = {&first, &good, &bad, &twin, &last};
    assert_int_equal(db_submit(w->db, &first.job), OK);
    sem_wait(&in);
    for (size_t i = 1; i < COUNT_OF(all); i++)
        assert_int_equal(db_submit(w->db, &all[i]->job), OK);
    sem_post(&go);
    assert_int_equal(insert_now(w, 1, S("one more")), OK); /* then the others are done */
    assert_int_equal(good.result, OK);
    assert_int_equal(bad.result, ERR_INVALID);
    assert_int_equal(twin.result, ERR_CONFLICT);
    assert_int_equal(last.result, OK);
    for (size_t i = 0; i < COUNT_OF(all); i++)
        assert_int_equal(atomic_load(&all[i]->done), 1);
    assert_int_equal(count(w, &log_count), 4);
}

static enum err fail_late(struct db_w *w, void *arg) {
    TRY(db_exec(w, &item_insert, (struct db_value[]){V_INT(2), V_TEXT(S("undone"))}, NULL));
    return *(enum err *)arg;
}

static enum err try_twice(struct db_w *w, void *arg) {
    (void)arg;
    enum err refuse = ERR_REFUSED, fine = OK;
    TRY(db_exec(w, &item_insert, (struct db_value[]){V_INT(2), V_TEXT(S("kept"))}, NULL));
    assert_int_equal(db_attempt(w, fail_late, &refuse), ERR_REFUSED);
    assert_int_equal(number_of(db_w_reader(w), &item_count), 1);
    assert_int_equal(db_attempt(w, fail_late, &fine), OK);
    assert_int_equal(db_attempt(w, fail_late, &fine), ERR_CONFLICT);
    return OK;
}

static void an_attempt_is_undone_alone(void **state) {
    struct world *w = *state;
    assert_int_equal(call_now(w, try_twice, NULL), OK);
    assert_int_equal(count(w, &item_count), 2);
}

static enum err missing_parent(struct db_w *w, void *arg) {
    (void)arg;
    return db_exec(w, &part_insert, &V_INT(99), NULL);
}

static enum err ignore_error(struct db_w *w, void *arg) {
    (void)arg;
    static const struct db_stmt nonsense = {
        .name = "nonsense", .sql = "DELETE FROM nowhere", .id = -1, .writes = true};
    TRY(db_exec(w, &item_insert, (struct db_value[]){V_INT(2), V_TEXT(S("x"))}, NULL));
    (void)!db_exec(w, &nonsense, NULL, NULL);
    return OK;
}

static void errors_have_their_words(void **state) {
    struct world *w = *state;
    assert_int_equal(call_now(w, missing_parent, NULL), ERR_CONFLICT);
    assert_int_equal(call_now(w, ignore_error, NULL), ERR_DB);
    assert_int_equal(count(w, &item_count), 0);
    str message = db_last_error(w->db, w->a);
    assert_true(str_starts(message, S("nonsense: ")) && str_find(message, S("nowhere")) < message.n);
}

static void many_operations_one_commit(void **state) {
    struct world *w = *state;
    enum { N = 200 };
    static struct insert jobs[N];
    sem_t go, in;
    sem_init(&go, 0, 0);
    sem_init(&in, 0, 0);
    struct insert first = insert_of(w, 1, S("first"));
    first.wait = &go;
    first.entered = &in;
    assert_int_equal(db_submit(w->db, &first.job), OK);
    sem_wait(&in);
    for (int i = 0; i < N; i++) {
        jobs[i] = insert_of(w, i, arena_printf(w->a, "n%d", i));
        assert_int_equal(db_submit(w->db, &jobs[i].job), OK);
    }
    u64 before = atomic_load(&w->db->commits);
    sem_post(&go);
    struct insert last = insert_of(w, 1, S("last"));
    assert_int_equal(db_submit_wait(w->db, &last.job), OK);
    u64 commits = atomic_load(&w->db->commits) - before;
    assert_in_range(commits, 2,
                    3); /* the first alone, the others together; the last with them or after them */
    for (int i = 0; i < N; i++)
        assert_true(atomic_load(&jobs[i].done) == 1 && jobs[i].result == OK);
    assert_int_equal(count(w, &item_count), N + 2);
}

static void a_full_queue_says_so(void **state) {
    struct world *w = *state;
    sem_t go, in;
    sem_init(&go, 0, 0);
    sem_init(&in, 0, 0);
    w->db->queue.limit = 2;
    struct insert first = insert_of(w, 1, S("1")), second = insert_of(w, 1, S("2")),
                  third = insert_of(w, 1, S("3")), fourth = insert_of(w, 1, S("4"));
    first.wait = &go;
    first.entered = &in;
    assert_int_equal(db_submit(w->db, &first.job), OK);
    sem_wait(&in); /* it is out of the queue */
    assert_int_equal(db_submit(w->db, &second.job), OK);
    assert_int_equal(db_submit(w->db, &third.job), OK);
    assert_int_equal(db_submit(w->db, &fourth.job), ERR_BUSY);
    sem_post(&go);
    db_close(w->db); /* finishes what was submitted */
    w->db = NULL;
    assert_true(first.done == 1 && second.done == 1 && third.done == 1 && fourth.done == 0);
    start(w);
    assert_int_equal(count(w, &item_count), 3);
}

/* ---- what cannot be done ---- */

static void a_reader_cannot_write(void **state) {
    struct world *w = *state;
    static const char *const refused[] = {"DELETE FROM item",
                                          "INSERT INTO item (owner, name) VALUES (1, 'x') RETURNING id",
                                          "COMMIT",
                                          "ROLLBACK",
                                          "BEGIN",
                                          "PRAGMA query_only=OFF",
                                          "PRAGMA table_info(item)",
                                          "ATTACH '/tmp/x' AS y",
                                          "SELECT 1; SELECT 2",
                                          "SELECT $2",
                                          "SELECT load_extension('x')",
                                          "CREATE TEMP TABLE t (x)",
                                          "VACUUM",
                                          "ANALYZE",
                                          "SELECT \"text\"",
                                          ""};
    struct db_r *r = begin(w);
    struct db_cursor *c;
    struct db_value in[] = {V_INT(1), V_TEXT(S("x")), V_TEXT(S("y"))};
    assert_int_equal(db_query(r, &item_insert_id, in, &c), ERR_DB);
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        if (db_query_text(r, str_c(refused[i]), NULL, 0, &c) != ERR_DB)
            fail_msg("not refused: %s", refused[i]);
    }
    assert_int_equal(number_of(r, &item_count), 0);
    db_read_end(r);
}

static enum err run_text(struct db_w *w, void *arg) {
    struct db_stmt st = {.name = "text", .sql = arg, .id = -1, .writes = true};
    return db_exec(w, &st, NULL, NULL);
}

static void the_record_cannot_be_changed(void **state) {
    struct world *w = *state;
    static const char *const refused[] = {
        "UPDATE log SET what = 'nothing'",
        "UPDATE LOG SET what = 'nothing'",
        "DELETE FROM log",
        "DELETE FROM \"log\" WHERE id = 1",
        "DELETE FROM main.log",
        "INSERT OR REPLACE INTO log (id, what) VALUES (1, 'nothing')",
        "REPLACE INTO log (id, what) VALUES (1, 'nothing')",
        "INSERT INTO log (id, what) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET what = 'nothing'",
        "DROP TABLE log",
        "ALTER TABLE log RENAME TO old",
        "ALTER TABLE log DROP COLUMN what",
        "DROP TRIGGER log_no_update",
        "CREATE TRIGGER t AFTER INSERT ON item BEGIN DELETE FROM log; END",
        "PRAGMA writable_schema=1",
        "PRAGMA recursive_triggers=0",
        "UPDATE sqlite_master SET sql = '' WHERE name = 'log'",
        "DELETE FROM sqlite_master WHERE name = 'log_no_delete'",
        "UPDATE schema_patch SET hash = ''",
        "ATTACH '/tmp/other.db' AS other",
        "CREATE TEMP TRIGGER t AFTER INSERT ON item BEGIN DELETE FROM log; END",
        "COMMIT",
        "VACUUM INTO '/tmp/db_test_leak.db'",
    };
    assert_int_equal(insert_now(w, 1, S("something")), OK);
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        union {
            const char *in;
            void *out;
        } text = {refused[i]};
        enum err e = call_now(w, run_text, text.out);
        if (e != ERR_DB) fail_msg("not refused: %s", refused[i]);
    }
    w->db->engine->migrating(w->db->writer, true); /* no migration may either */
    static const char *const tries[] = {
        "DROP TABLE log",  "DROP TRIGGER log_no_delete", "ALTER TABLE log ADD COLUMN x",
        "DELETE FROM log", "UPDATE log SET what = ''",   "PRAGMA writable_schema=1"};
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        struct db_migration m = {.no = 9, .name = "try", .hash = "", .sqlite = tries[i]};
        if (w->db->engine->migrate(w->db->writer, &m) != ERR_DB) fail_msg("not refused: %s", tries[i]);
    }
    w->db->engine->migrating(w->db->writer, false);
    struct db_r *r = begin(w);
    struct db_cursor *c;
    assert_int_equal(db_query_text(r, S("SELECT what FROM log"), NULL, 0, &c), OK);
    assert_true(str_eq(db_get_str(c, 0), S("something")));
    assert_false(db_next(c));
    db_read_end(r);
}

/* ---- run-time texts ---- */

static void texts_are_kept_and_let_go(void **state) {
    struct world *w = *state;
    struct db_r *r = begin(w);
    struct db_cursor *c, *open;
    assert_int_equal(db_query_text(r, S("SELECT $1 + $2 UNION ALL SELECT 5"),
                                   (struct db_value[]){V_INT(1), V_INT(2)}, 2, &open),
                     OK);
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 100; i++) {
            str sql = arena_printf(w->a, "SELECT %d - $1", i);
            assert_int_equal(db_query_text(r, sql, &V_INT(1), 1, &c), OK);
            assert_int_equal(db_get_int(c, 0), i - 1);
            assert_int_equal(db_cursor_end(c), OK);
        }
    assert_int_equal(db_get_int(open, 0), 3);
    assert_true(db_next(open));
    assert_false(db_next(open));
    assert_int_equal(db_cursor_end(open), OK);
    db_read_end(r);
}

/* ---- watches ---- */

/* Runs `st` under a watch and gives a copy of it. */
static struct db_watch *watch(struct world *w, const struct db_stmt *st, const struct db_value *in) {
    struct db_r *r = begin(w);
    struct db_watch *notes = db_watch_begin(r);
    struct db_cursor *c;
    assert_int_equal(db_query(r, st, in, &c), OK);
    assert_int_equal(db_cursor_end(c), OK);
    struct db_watch *copy = db_watch_copy(notes);
    db_read_end(r);
    return copy;
}

static enum err clear_items(struct db_w *w, void *arg) {
    (void)arg;
    return db_exec(w, &item_clear, NULL, NULL);
}

static enum err add_log(struct db_w *w, void *arg) {
    (void)arg;
    return db_exec(w, &log_add, &V_TEXT(S("x")), NULL);
}

static void watches_hold_until_it_changes(void **state) {
    struct world *w = *state;
    struct db_watch *mine = watch(w, &item_names, &V_INT(1)), *whole = watch(w, &item_count, NULL);
    assert_true(db_watch_holds(w->db, mine) && db_watch_holds(w->db, whole));
    assert_int_equal(call_now(w, add_log, NULL), OK); /* another table */
    assert_true(db_watch_holds(w->db, mine) && db_watch_holds(w->db, whole));
    assert_int_equal(insert_now(w, 2, S("theirs")), OK); /* another owner */
    assert_true(db_watch_holds(w->db, mine));
    assert_false(db_watch_holds(w->db, whole));
    assert_int_equal(insert_now(w, 1, S("mine")), OK);
    assert_false(db_watch_holds(w->db, mine));
    free(mine);
    free(whole);
    mine = watch(w, &item_names, &V_INT(1));
    assert_int_equal(call_now(w, clear_items, NULL), OK); /* the whole table */
    assert_false(db_watch_holds(w->db, mine));
    free(mine);
    mine = watch(w, &item_names, &V_INT(1));
    struct insert undone = insert_of(w, 1, S("undone"));
    undone.after = ERR_INVALID;
    assert_int_equal(db_submit_wait(w->db, &undone.job), ERR_INVALID);
    assert_true(db_watch_holds(w->db, mine)); /* nothing changed */
    free(mine);
}

static void an_old_snapshot_is_not_kept(void **state) {
    struct world *w = *state;
    struct db_r *r = begin(w); /* before the commit */
    assert_int_equal(insert_now(w, 1, S("new")), OK);
    struct db_watch *notes = db_watch_begin(r);
    struct db_cursor *c;
    assert_int_equal(db_query(r, &item_names, &V_INT(1), &c), OK);
    assert_null(c); /* it sees the old state, so a page made from it must not be kept */
    assert_false(db_watch_holds(w->db, notes));
    db_read_end(r);
    r = begin(w);
    notes = db_watch_begin(r);
    assert_int_equal(db_query_text(r, S("SELECT 1"), NULL, 0, &c), OK);
    assert_int_equal(db_cursor_end(c), OK);
    assert_false(db_watch_holds(w->db, notes)); /* nobody knows what a run-time text looked at */
    db_read_end(r);
}

/* ---- migrations ---- */

static void migrations_run_once(void **state) {
    struct world *w = *state;
    str why;
    int applied;
    assert_int_equal(open_at(w, &fixture, false, &w->db, &why), OK);
    assert_int_equal(db_check_schema(w->a, w->db, &why), ERR_INVALID);
    assert_int_equal(db_migrate(w->a, w->db, &applied, &why), OK);
    assert_int_equal(applied, 2);
    assert_int_equal(db_migrate(w->a, w->db, &applied, &why), OK);
    assert_int_equal(applied, 0);
    assert_int_equal(db_check_schema(w->a, w->db, &why), OK);
    assert_int_equal(db_check_statements(w->a, w->db, &why), OK);
    assert_int_equal(db_start(w->db), OK);
}

/* Opens with other declarations and gives what db_migrate says of the file. */
static str refused_by(struct world *w, const struct db_registry *reg) {
    str why;
    int applied;
    db_close(w->db);
    assert_int_equal(open_at(w, reg, false, &w->db, &why), OK);
    assert_int_not_equal(db_migrate(w->a, w->db, &applied, &why), OK);
    assert_int_equal(applied, 0);
    return why;
}

static void strange_schemas_are_refused(void **state) {
    struct world *w = *state;
    static const struct db_migration changed[] = {
        {.no = 1, .name = "first", .hash = "a0", .sqlite = first_sql},
        {.no = 2, .name = "second", .hash = "bb", .sqlite = ""}};
    struct db_registry other = fixture;
    other.migrations_n = 1;
    str why = refused_by(w, &other);
    assert_true(str_find(why, S("newer")) < why.n);
    other = fixture;
    other.migrations = changed;
    why = refused_by(w, &other);
    assert_true(str_find(why, S("not the one")) < why.n);
    db_close(w->db); /* while `other` is there */
    w->db = NULL;
}

static void a_broken_migration_leaves_nothing(void **state) {
    struct world *w = *state;
    struct db_registry bad = fixture;
    bad.migrations = fixture_bad;
    str why;
    int applied;
    assert_int_equal(open_at(w, &bad, false, &w->db, &why), OK);
    assert_int_equal(db_migrate(w->a, w->db, &applied, &why), ERR_DB);
    assert_int_equal(applied, 1);
    assert_true(str_find(why, S("second")) < why.n);
    db_close(w->db);
    start(w); /* the good second one fits: nothing of the bad one is there */
    assert_int_equal(insert_now(w, 1, S("x")), OK);
}

static void statements_are_checked(void **state) {
    struct world *w = *state;
    static const struct db_stmt wrong[] = {
        {.name = "typo", .sql = "SELECT nothing FROM item", .columns = 1},
        {.name = "mode", .sql = "DELETE FROM item"},
        {.name = "mode", .sql = "SELECT id FROM item", .columns = 1, .writes = true},
        {.name = "columns", .sql = "SELECT id, name FROM item", .columns = 1},
        {.name = "params", .sql = "SELECT id FROM item WHERE id = $1", .columns = 1},
    };
    db_close(w->db);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        const struct db_stmt *const only[] = {&wrong[i]};
        struct db_registry reg = fixture;
        reg.stmts = only;
        reg.stmts_n = 1;
        str why;
        assert_int_equal(open_at(w, &reg, false, &w->db, &why), OK);
        assert_int_equal(db_check_statements(w->a, w->db, &why), ERR_DB);
        assert_true(str_starts(why, str_c(wrong[i].name)));
        db_close(w->db);
    }
    start(w);
}

/* ---- opening ---- */

static void opening_tells_what_is_wrong(void **state) {
    struct world *w = *state;
    struct db *db;
    str why;
    const str urls[] = {S("postgresql://x/y"), S("sqlite:"),  S("sqlite::memory:"),
                        S("shop.db"),          S("sqlite:/"), S("sqlite:/nowhere/at/all.db")};
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        struct db_options o = {.url = urls[i], .create = true};
        assert_int_not_equal(db_open_with(w->a, &o, &fixture, &db, &why), OK);
        assert_true(why.n > 0 && db == NULL);
    }
    int fd = open(w->path, O_CREAT | O_WRONLY, 0600);
    assert_int_equal(write(fd, "this is a letter, not a database; it is long enough to tell", 59), 59);
    close(fd);
    assert_int_equal(open_at(w, &fixture, false, &db, &why), ERR_DB);
    assert_true(str_find(why, S("not a database")) < why.n);
    assert_int_equal(open_at(w, &fixture, true, &db, &why), ERR_DB);
}

static void one_process_writes(void **state) {
    struct world *w = *state;
    struct db *second;
    str why;
    assert_int_equal(open_at(w, &fixture, false, &second, &why), ERR_BUSY);
    assert_true(str_find(why, arena_printf(w->a, "%d", getpid())) < why.n);
    struct stat st;
    assert_int_equal(stat(w->path, &st), 0);
    assert_int_equal(st.st_mode & 077, 0);

    assert_int_equal(insert_now(w, 1, S("x")), OK);
    assert_int_equal(open_at(w, &fixture, true, &second, &why), OK); /* reading beside it is fine */
    struct db_r *r;
    assert_int_equal(db_read_begin(second, w->a, (struct db_sight){0}, &r), OK);
    assert_int_equal(number_of(r, &item_count), 1);
    db_read_end(r);
    struct insert in = insert_of(w, 1, S("y"));
    assert_int_equal(db_start(second), ERR_DB);
    assert_int_equal(db_submit(second, &in.job), ERR_DB);
    db_close(second);
    assert_int_equal(insert_now(w, 1, S("y")), OK);
}

static void a_backup_is_whole(void **state) {
    struct world *w = *state;
    str copy = arena_printf(w->a, "%s.copy", w->path), why;
    assert_int_equal(insert_now(w, 1, S("saved")), OK);
    assert_int_equal(db_backup(w->a, w->db, copy, &why), OK);
    assert_int_equal(db_backup(w->a, w->db, copy, &why), ERR_CONFLICT);
    assert_true(str_find(why, S("exists")) < why.n);
    assert_int_equal(insert_now(w, 1, S("not saved")), OK);
    struct db *other;
    struct db_options o = {.url = arena_printf(w->a, "sqlite:%s", copy.p), .read_only = true};
    assert_int_equal(db_open_with(w->a, &o, &fixture, &other, &why), OK);
    assert_int_equal(db_check_schema(w->a, other, &why), OK);
    struct db_r *r;
    assert_int_equal(db_read_begin(other, w->a, (struct db_sight){0}, &r), OK);
    assert_int_equal(number_of(r, &item_count), 1);
    db_read_end(r);
    db_close(other);
}

/* ---- the disk ---- */

static enum err insert_large(struct db_w *w, void *arg) {
    i64 bytes = *(i64 *)arg;
    static i64 number;
    char *p = arena_alloc(w->r.arena, (size_t)bytes);
    struct db_value in[] = {V_INT(1),
                            V_TEXT(arena_printf(w->r.arena, "large %lld", (long long)number++)),
                            {.kind = DB_BLOB, .s = {p, (size_t)bytes}}};
    struct db_cursor *c;
    TRY(db_query(db_w_reader(w), &item_insert_id, in, &c));
    return db_cursor_end(c);
}

static void a_full_disk_fails_and_heals(void **state) {
    struct world *w = *state;
    struct rlimit before, small;
    assert_int_equal(insert_now(w, 1, S("before")), OK);
    struct db_watch *page = watch(w, &item_count, NULL);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 256 << 10;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    i64 bytes = 4 << 20;
    enum err large = call_now(w, insert_large, &bytes);
    i64 count_then = count(w, &item_count);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(large, ERR_DB);
    assert_int_equal(count_then, 1);
    assert_true(db_watch_holds(w->db, page));
    assert_int_equal(insert_now(w, 1, S("after")), OK);
    assert_int_equal(count(w, &item_count), 2);
    free(page);
}

static i64 size_of(struct world *w, const char *suffix) {
    struct stat st;
    return stat(arena_printf(w->a, "%s%s", w->path, suffix).p, &st) ? -1 : st.st_size;
}

static void the_log_is_moved_over(void **state) {
    struct world *w = *state;
    i64 bytes = 1 << 20;
    struct db_r *old = begin(w);
    for (int i = 0; i < 8; i++)
        assert_int_equal(call_now(w, insert_large, &bytes), OK);
    assert_true(size_of(w, "-wal") > 8 << 20); /* an old snapshot holds it */
    db_read_end(old);
    for (int i = 0; i < 40; i++)
        assert_int_equal(call_now(w, insert_large, &bytes), OK);
    assert_true(size_of(w, "") > 30 << 20);
    assert_true(size_of(w, "-wal") < 16 << 20);
    db_close(w->db);
    w->db = NULL;
    assert_true(size_of(w, "-wal") <= 0);
}

/* A child commits and says so; it is killed at any moment. What it said must be there, and nothing by halves.
 */
_Noreturn static void run_child(struct world *w, int round, int to) {
    start(w);
    for (int i = 0;; i++) {
        if (insert_now(w, 1, arena_printf(w->a, "%d.%d", round, i))) _exit(1);
        if (write(to, "x", 1) != 1) _exit(1);
    }
}

static void a_crash_loses_nothing(void **state) {
    struct world *w = *state;
    i64 said = 0;
    for (int round = 0; round < 3; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) run_child(w, round, ends[1]);
        close(ends[1]);
        char byte;
        for (int i = 0; i < 50 + 7 * round; i++)
            said += read(ends[0], &byte, 1);
        kill(child, SIGKILL);
        while (read(ends[0], &byte, 1) == 1)
            said++;
        close(ends[0]);
        int status;
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status));
    }
    start(w);
    i64 items = count(w, &item_count);
    assert_true(items >= said && items <= said + 3);
    assert_int_equal(items, count(w, &log_count));
}

/* ---- many threads ---- */

struct worker {
    struct world *w;
    int no, ok;
};

static void *work(void *arg) {
    struct worker *me = arg;
    struct arena *a = arena_make();
    for (int i = 0; i < 20; i++) {
        struct insert in = insert_of(me->w, me->no, arena_printf(a, "%d/%d", me->no, i));
        in.job.arena = a;
        struct db_r *r;
        if (db_submit_wait(me->w->db, &in.job)) break;
        if (db_read_begin(me->w->db, a, (struct db_sight){0}, &r)) break;
        struct db_watch *notes = db_watch_begin(r);
        struct db_cursor *c;
        int rows = 0;
        if (!db_query(r, &item_names, &V_INT(me->no), &c) && c) {
            do
                rows++;
            while (db_next(c));
            if (!db_cursor_end(c) && rows == i + 1 && db_watch_holds(me->w->db, notes)) me->ok++;
        }
        db_read_end(r);
    }
    arena_free(a);
    return NULL;
}

static void many_threads(void **state) {
    enum { N = 64 };
    struct world *w = *state;
    pthread_t threads[N];
    struct worker workers[N];
    u64 before = atomic_load(&w->db->commits);
    for (int i = 0; i < N; i++) {
        workers[i] = (struct worker){.w = w, .no = i};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < N; i++) {
        pthread_join(threads[i], NULL);
        assert_in_range(workers[i].ok, 18,
                        20); /* a slot may be shared with another owner's; an own insert is always seen */
    }
    assert_int_equal(count(w, &item_count), N * 20);
    assert_true(atomic_load(&w->db->commits) - before < N * 20);
}

#define WITH_DB(name)    cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define WITHOUT_DB(name) cmocka_unit_test_setup_teardown(name, set_up_empty, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITHOUT_DB(a_crash_loses_nothing), /* first: it forks, and no thread has run yet */
        WITH_DB(values_come_back),
        WITH_DB(statement_inside_its_own_loop),
        WITH_DB(a_snapshot_stays),
        WITH_DB(neighbours_are_isolated),
        WITH_DB(an_attempt_is_undone_alone),
        WITH_DB(errors_have_their_words),
        WITH_DB(many_operations_one_commit),
        WITH_DB(a_full_queue_says_so),
        WITH_DB(a_reader_cannot_write),
        WITH_DB(the_record_cannot_be_changed),
        WITH_DB(texts_are_kept_and_let_go),
        WITH_DB(watches_hold_until_it_changes),
        WITH_DB(an_old_snapshot_is_not_kept),
        WITHOUT_DB(migrations_run_once),
        WITH_DB(strange_schemas_are_refused),
        WITHOUT_DB(a_broken_migration_leaves_nothing),
        WITH_DB(statements_are_checked),
        WITHOUT_DB(opening_tells_what_is_wrong),
        WITH_DB(one_process_writes),
        WITH_DB(a_backup_is_whole),
        WITH_DB(a_full_disk_fails_and_heals),
        WITH_DB(the_log_is_moved_over),
        WITH_DB(many_threads),
    };
    return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
