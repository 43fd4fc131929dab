/* What the tests of db/ share: a database of its own for each test, and operations to run on it. */
#ifndef TESTS_DB_WORLD_H
#define TESTS_DB_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <semaphore.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db_fixture.h"

struct world {
    char dir[64], path[96];
    const char *base; /* the cluster's URL: the test runs on PostgreSQL; NULL: on SQLite */
    char name[32];    /* of the database in it */
    struct arena *a;
    struct db *db;
};

/* The cluster that the test runner names when these tests are to run on PostgreSQL. */
static inline const char *cluster(void) {
    const char *engine = getenv("COUNTERSIGN_ENGINE");
    return engine && strcmp(engine, "postgres") == 0 ? getenv("COUNTERSIGN_POSTGRES") : NULL;
}

static inline void psql(struct world *w, const char *sql) {
    char *words[] = {"psql",
                     "-q",
                     arena_cstr(w->a, arena_printf(w->a, "%spostgres", w->base)),
                     "-c",
                     arena_cstr(w->a, str_c(sql)),
                     NULL};
    pid_t pid;
    int status = -1;
    assert_int_equal(posix_spawnp(&pid, "psql", NULL, NULL, words, environ), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static inline str world_url(struct world *w) {
    return w->base ? arena_printf(w->a, "%s%s", w->base, w->name) : arena_printf(w->a, "sqlite:%s", w->path);
}

static inline enum err open_at(struct world *w, const struct db_registry *reg, bool read_only,
                               struct db **ret, str *ret_why) {
    struct db_options o = {.url = world_url(w), .create = !read_only, .read_only = read_only};
    return db_open_with(w->a, &o, reg, ret, ret_why);
}

static inline void start(struct world *w) {
    str why;
    int applied;
    assert_int_equal(open_at(w, &fixture, false, &w->db, &why), OK);
    assert_int_equal(db_migrate(w->a, w->db, &applied, &why), OK);
    assert_int_equal(db_start(w->db), OK);
    while (atomic_load(&w->db->epochs.deaf))
        usleep(1000); /* it is not listening yet */
}

static inline int set_up_empty(void **state) {
    struct world *w = calloc(1, sizeof *w);
    snprintf(w->dir, sizeof w->dir, "/tmp/db_test.XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    snprintf(w->path, sizeof w->path, "%s/shop.db", w->dir);
    w->a = arena_make();
    w->base = cluster();
    snprintf(w->name, sizeof w->name, "unit%ld", (long)getpid());
    if (w->base) psql(w, arena_printf(w->a, "CREATE DATABASE %s TEMPLATE template0", w->name).p);
    *state = w;
    return 0;
}

static inline int set_up(void **state) {
    set_up_empty(state);
    start(*state);
    return 0;
}

static inline int tear_down(void **state) {
    struct world *w = *state;
    static const char *const names[] = {"", "-wal", "-shm", ".lock", ".copy", ".copy-wal", ".copy-shm"};
    db_close(w->db);
    if (w->base) psql(w, arena_printf(w->a, "DROP DATABASE %s WITH (FORCE)", w->name).p);
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

static inline enum err insert_run(struct db_w *w, struct db_job *job) {
    struct insert *in = (struct insert *)job;
    if (in->entered) sem_post(in->entered);
    if (in->wait) sem_wait(in->wait);
    TRY(db_exec(w, &item_insert, (struct db_value[]){V_INT(in->owner), V_TEXT(in->name)}, NULL));
    TRY(db_exec(w, &log_add, (struct db_value[]){V_TEXT(in->name)}, NULL));
    return in->after;
}

static inline void insert_done(struct db_job *job, enum err e) {
    struct insert *in = (struct insert *)job;
    in->result = e;
    atomic_fetch_add(&in->done, 1);
}

static inline struct insert insert_of(struct world *w, i64 owner, str name) {
    return (struct insert){
        .job = {.run = insert_run, .done = insert_done, .arena = w->a}, .owner = owner, .name = name};
}

static inline enum err insert_now(struct world *w, i64 owner, str name) {
    struct insert in = insert_of(w, owner, name);
    return db_submit_wait(w->db, &in.job);
}

/* Any function as a job. */
struct call {
    struct db_job job;
    enum err (*fn)(struct db_w *w, void *arg);
    void *arg;
};

static inline enum err call_run(struct db_w *w, struct db_job *job) {
    struct call *c = (struct call *)job;
    return c->fn(w, c->arg);
}

static inline enum err call_now(struct world *w, enum err (*fn)(struct db_w *w, void *arg), void *arg) {
    struct call c = {.job = {.run = call_run, .arena = w->a}, .fn = fn, .arg = arg};
    return db_submit_wait(w->db, &c.job);
}

static inline struct db_r *begin(struct world *w) {
    struct db_r *r;
    assert_int_equal(db_read_begin(w->db, w->a, (struct db_sight){.self = 7, .scope = -1}, &r), OK);
    return r;
}

static inline i64 number_of(struct db_r *r, const struct db_stmt *st) {
    struct db_cursor *c;
    assert_int_equal(db_query(r, st, NULL, &c), OK);
    i64 n = db_get_int(c, 0);
    assert_int_equal(db_cursor_end(c), OK);
    return n;
}

static inline i64 count(struct world *w, const struct db_stmt *st) {
    struct db_r *r = begin(w);
    i64 n = number_of(r, st);
    db_read_end(r);
    return n;
}

/* Runs `st` under a watch and gives a copy of it. */
static inline struct db_watch *watch(struct world *w, const struct db_stmt *st, const struct db_value *in) {
    struct db_r *r = begin(w);
    struct db_watch *notes = db_watch_begin(r);
    struct db_cursor *c;
    assert_int_equal(db_query(r, st, in, &c), OK);
    assert_int_equal(db_cursor_end(c), OK);
    struct db_watch *copy = db_watch_copy(notes);
    db_read_end(r);
    return copy;
}

#define WITH_DB(name)    cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define WITHOUT_DB(name) cmocka_unit_test_setup_teardown(name, set_up_empty, tear_down)

#endif
