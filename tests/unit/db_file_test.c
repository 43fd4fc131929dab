/* db/ and its file: migrations, the lock, backup, full disks, the write-ahead log, crashes. */
#include "db_world.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

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

static void a_strange_file_is_left_alone(void **state) {
    struct world *w = *state;
    struct db_migration theirs = {
        .no = 1, .name = "theirs", .hash = "", .sqlite = "CREATE TABLE album (x TEXT);"};
    str why;
    int applied;
    assert_int_equal(open_at(w, &fixture, false, &w->db, &why), OK);
    w->db->engine->migrating(w->db->writer, true);
    assert_int_equal(w->db->engine->migrate(w->db->writer, &theirs), OK);
    w->db->engine->migrating(w->db->writer, false);
    assert_int_equal(db_migrate(w->a, w->db, &applied, &why), ERR_INVALID);
    assert_true(str_find(why, S("another program")) < why.n);
    assert_int_equal(db_check_schema(w->a, w->db, &why), ERR_INVALID);
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
    assert_int_equal(large, ERR_AWAY);
    assert_false(db_is_well(w->db, DB_WRITING));
    assert_true(db_is_well(w->db, DB_READING));
    assert_int_equal(count_then, 1);
    assert_true(db_watch_holds(w->db, page));
    assert_int_equal(insert_now(w, 1, S("after")), OK);
    assert_true(db_is_well(w->db, DB_WRITING));
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
    assert_true(size_of(w, "-wal") < 20 << 20);
    db_close(w->db);
    w->db = NULL;
    assert_true(size_of(w, "-wal") <= 0);
}

/* A reader's snapshot is kept for its next request: it must see every commit that was answered, and not hold
 * up the log's starting again. */
static void a_kept_snapshot_is_never_old(void **state) {
    struct world *w = *state;
    i64 bytes = 1 << 20;
    for (i64 i = 1; i <= 40; i++) {
        assert_int_equal(call_now(w, insert_large, &bytes), OK);
        assert_int_equal(count(w, &item_count), i);
        assert_int_equal(count(w, &item_count), i);
    }
    assert_true(size_of(w, "-wal") < 20 << 20);
}

/* Long before there is so much that somebody would have to wait for it. */
static void the_log_is_moved_over_while_nobody_waits(void **state) {
    struct world *w = *state;
    i64 bytes = 1 << 20;
    for (int i = 0; i < 2; i++)
        assert_int_equal(call_now(w, insert_large, &bytes), OK);
    i64 end = time_mono_us() + 20 * US_SECOND;
    while (size_of(w, "") < 2 << 20 && time_mono_us() < end)
        usleep(10000);
    assert_true(size_of(w, "") >= 2 << 20);
    for (int i = 0; i < 2; i++)
        assert_int_equal(call_now(w, insert_large, &bytes), OK);
    assert_true(size_of(w, "-wal") < 3 << 20); /* it started again */
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

int main(void) {
    const struct CMUnitTest tests[] = {
        WITHOUT_DB(a_crash_loses_nothing), /* first: it forks, and no thread has run yet */
        WITHOUT_DB(migrations_run_once),
        WITH_DB(strange_schemas_are_refused),
        WITHOUT_DB(a_strange_file_is_left_alone),
        WITHOUT_DB(a_broken_migration_leaves_nothing),
        WITH_DB(statements_are_checked),
        WITHOUT_DB(opening_tells_what_is_wrong),
        WITH_DB(one_process_writes),
        WITH_DB(a_backup_is_whole),
        WITH_DB(a_full_disk_fails_and_heals),
        WITH_DB(the_log_is_moved_over),
        WITH_DB(the_log_is_moved_over_while_nobody_waits),
        WITH_DB(a_kept_snapshot_is_never_old),
    };
    return cmocka_run_group_tests_name("db file", tests, NULL, NULL);
}
