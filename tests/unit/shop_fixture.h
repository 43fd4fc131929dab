/* A small shop in a temporary database, for unit tests of rooms that need one: two websites, three store
 * views, one customer (id 1, website 1), one role with everything, one staff user (id 1) with an open session
 * (id 1). Link-free: include it in one test. */
#ifndef TESTS_UNIT_SHOP_FIXTURE_H
#define TESTS_UNIT_SHOP_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sqlite3.h>

#include "access/access.h"
#include "crypto/crypto.h"
#include "db/db.h"
#include "gen/settings_sql.h"
#include "settings/settings.h"
#include "store/store.h"

struct shop {
    struct arena *arena;
    struct db *db;
    struct stores *stores;
    struct settings *settings;
    char dir[64];
};

static struct shop shop_of_test;

static UNUSED struct shop *shop_get(void) {
    return &shop_of_test;
}

static const char *const shop_rows[] = {
    "INSERT INTO website VALUES (1,'main','Main Website',1),(2,'outlet','Outlet',2)",
    "INSERT INTO store VALUES (1,1,'main_store','Main Store',1),(2,2,'outlet_store','Outlet Store',2)",
    "INSERT INTO store_view VALUES "
    "(1,1,'en','','English','en_US',1,1),(2,1,'nl','nl','Nederlands','nl_NL',1,2),"
    "(3,2,'outlet','outlet','Outlet','en_US',1,3)",
    "INSERT INTO customer_group VALUES (1,'General')",
    "INSERT INTO customer "
    "(id,website_id,view_id,group_id,email,email_fold,firstname,lastname,search_fold,telephone,active,"
    "failed_logins,created_us,updated_us) VALUES "
    "(1,1,1,1,'c@example.com','c@example.com','Carla','Klant','x','',1,0,0,0)",
    "INSERT INTO staff_role VALUES (1,'All',1,-1)",
    "INSERT INTO staff_user "
    "(id,username,username_fold,firstname,lastname,email,search_fold,role_id,locale,password_hash,active,"
    "failed_logins,created_us) VALUES (1,'sam','sam','Sam','Staff','s@example.com','x',1,'en_US','x',1,0,0)",
    "INSERT INTO staff_session (id,token_hash,staff_id,created_us,seen_us,ip) VALUES "
    "(1,x'00',1,0,9000000000000000,'')",
};

static void shop_must(bool good, const char *what) {
    if (good) return;
    fprintf(stderr, "fixture: %s\n", what);
    abort();
}

/* SQL past the program's own connections, as an attacker with the file would run it. The shop must not be
 * open for writing at the same moment. */
static UNUSED void shop_raw_sql(const char *sql) {
    sqlite3 *raw;
    char path[96], *why = NULL;
    snprintf(path, sizeof path, "%s/shop.db", shop_of_test.dir);
    shop_must(sqlite3_open(path, &raw) == SQLITE_OK, "open");
    sqlite3_exec(raw, sql, NULL, NULL, &why);
    shop_must(!why, why ? why : "");
    sqlite3_close(raw);
}

static void shop_open(void) {
    struct shop *s = &shop_of_test;
    str why = S("");
    int applied;
    struct db_options o = {.url = arena_printf(s->arena, "sqlite:%s/shop.db", s->dir), .create = true};
    shop_must(db_open(s->arena, &o, &s->db, &why) == OK, "db_open");
    shop_must(db_migrate(s->arena, s->db, &applied, &why) == OK, "db_migrate");
    shop_must(db_start(s->db) == OK, "db_start");
}

static UNUSED struct db_r *shop_read(void) {
    struct db_r *r = NULL;
    shop_must(db_read_begin(shop_of_test.db, shop_of_test.arena, (struct db_sight){.scope = -1}, &r) == OK,
              "db_read_begin");
    return r;
}

/* Runs `fn(w, arg)` as one operation and waits for it. */
struct shop_call {
    struct db_job job;
    enum err (*fn)(struct db_w *w, void *arg);
    void *arg;
};

static enum err shop_call_run(struct db_w *w, struct db_job *job) {
    struct shop_call *c = (struct shop_call *)(void *)job;
    return c->fn(w, c->arg);
}

static UNUSED enum err shop_write(enum err (*fn)(struct db_w *w, void *arg), void *arg) {
    struct shop_call c = {.job = {.run = shop_call_run, .arena = shop_of_test.arena, .sight = {.scope = -1}},
                          .fn = fn,
                          .arg = arg};
    return db_submit_wait(shop_of_test.db, &c.job);
}

static void shop_reload(void) {
    struct shop *s = &shop_of_test;
    struct db_r *r = shop_read();
    settings_free(s->settings);
    shop_must(settings_load(r, &s->settings) == OK, "settings_load");
    db_read_end(r);
}

static enum err shop_set_run(struct db_w *w, void *arg) {
    const char **pair = arg;
    return settings_put(w, SETTING_SCOPE_DEFAULT, 0, str_c(pair[0]), str_c(pair[1]), NULL);
}

static UNUSED void shop_set(const char *path, const char *value) {
    const char *pair[2] = {path, value};
    shop_must(shop_write(shop_set_run, pair) == OK, "settings_put");
    shop_reload();
}

static UNUSED int shop_make(void **state) {
    struct shop *s = &shop_of_test;
    (void)state;
    *s = (struct shop){.arena = arena_make()};
    shop_must(crypto_init(), "crypto_init");
    access_init();
    snprintf(s->dir, sizeof s->dir, "/tmp/countersign-unit-XXXXXX");
    shop_must(mkdtemp(s->dir) != NULL, "mkdtemp");
    shop_open();
    db_close(s->db);
    for (size_t i = 0; i < COUNT_OF(shop_rows); i++)
        shop_raw_sql(shop_rows[i]);
    shop_open();
    struct db_r *r = shop_read();
    shop_must(stores_load(r, s->arena, &s->stores) == OK, "stores_load");
    shop_must(settings_load(r, &s->settings) == OK, "settings_load");
    db_read_end(r);
    return 0;
}

static UNUSED int shop_drop(void **state) {
    static const char *const files[] = {"shop.db", "shop.db-wal", "shop.db-shm", "shop.db.lock"};
    struct shop *s = &shop_of_test;
    char path[128];
    (void)state;
    settings_free(s->settings);
    db_close(s->db);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        snprintf(path, sizeof path, "%s/%s", s->dir, files[i]);
        unlink(path);
    }
    rmdir(s->dir);
    arena_free(s->arena);
    return 0;
}

#endif
