/* Opening and closing, and the message of the last error. */
#include "db/inside.h"

#include <stdio.h>
#include <stdlib.h>

static const struct db_engine *const engines[] = {&db_sqlite_engine, &db_postgres_engine};

void *db_alloc(size_t n, size_t size) {
    void *p = calloc(n ? n : 1, size);
    if (!p) abort();
    return p;
}

void db_free(void *p) {
    free(p);
}

void db_fail(struct db *db, const char *where, const char *what) {
    pthread_mutex_lock(&db->error_lock);
    snprintf(db->error, sizeof db->error, "%s: %s", where, what);
    pthread_mutex_unlock(&db->error_lock);
}

str db_last_error(struct db *db, struct arena *a) {
    pthread_mutex_lock(&db->error_lock);
    str message = arena_str(a, str_c(db->error));
    pthread_mutex_unlock(&db->error_lock);
    return message;
}

static const struct db_engine *engine_of(str scheme) {
    for (size_t i = 0; i < COUNT_OF(engines); i++)
        if (str_eq(scheme, str_c(engines[i]->scheme))) return engines[i];
    return NULL;
}

enum err db_open_with(struct arena *a, const struct db_options *o, const struct db_registry *reg,
                      struct db **ret, str *ret_why) {
    *ret = NULL;
    *ret_why = STR_NULL;
    str scheme, place = str_cut(o->url, ':', &scheme);
    const struct db_engine *engine = engine_of(scheme);
    if (!engine || str_is_empty(place)) {
        *ret_why = S("the database is given as sqlite:PATH or postgresql://USER@HOST/NAME");
        return ERR_INVALID;
    }
    struct db *db = db_alloc(1, sizeof *db);
    db->engine = engine;
    db->registry = reg;
    db->read_only = o->read_only;
    db->patience_us = o->patience_us;
    db->on_migration = o->on_migration;
    pthread_mutex_init(&db->error_lock, NULL);
    db_pool_init(db);
    db_queue_init(db, o->queue_limit ? o->queue_limit : DB_QUEUE_DEFAULT);
    db_epochs_init(db);
    db->used = db_alloc(reg->stmts_n, sizeof *db->used);

    enum err e = engine->open(a, db, o, place, ret_why);
    if (!e && !db->read_only) e = engine->connect(db, DB_ROLE_WRITE, &db->writer);
    if (!e && db->read_only) { /* so that a wrong file is told of now, not at the first query */
        struct db_conn *probe = NULL;
        e = engine->connect(db, DB_ROLE_READ, &probe);
        if (!e) engine->disconnect(probe);
    }
    if (e) {
        if (!ret_why->p) *ret_why = db_last_error(db, a);
        db_close(db);
        return e;
    }
    *ret = db;
    return OK;
}

enum err db_open(struct arena *a, const struct db_options *o, struct db **ret, str *ret_why) {
    return db_open_with(a, o, &db_registry, ret, ret_why);
}

void db_close(struct db *db) {
    if (!db) return;
    db_queue_done(db);
    if (db->engine->unlisten) db->engine->unlisten(db);
    db_pool_done(db);
    if (db->writer) db->engine->disconnect(db->writer); /* last, because it checkpoints */
    db->engine->close(db);
    db_epochs_done(db);
    db_used_write(db);
    db_free(db->used);
    pthread_mutex_destroy(&db->error_lock);
    db_free(db);
}

bool db_is_shared(const struct db *db) {
    return db->engine->shared;
}

bool db_leads(const struct db *db) {
    return !atomic_load(&db->follows);
}

bool db_is_well(const struct db *db, enum db_side side) {
    return !atomic_load(side == DB_WRITING ? &db->writes_fail : &db->reads_fail);
}

enum err db_backup(struct arena *a, struct db *db, str path, str *ret_why) {
    *ret_why = STR_NULL;
    return db->engine->backup(a, db, arena_cstr(a, path), ret_why);
}
