/* config get, set, unset, list. */
#include "app/app.h"
#include "settings/settings.h"

/* Where --website or --view point. */
struct target {
    enum setting_scope scope;
    i64 id;
    struct setting_place place;
    struct settings *settings; /* the values now */
};

static int find_place(struct app *app, const struct stores *stores, struct target *t) {
    str website = app_given(app, "--website"), view = app_given(app, "--view");
    if (website.p && view.p) return app_fail(app, "--website or --view, not both");
    if (website.p) {
        const struct website *w = stores_website_by_code(stores, website);
        if (!w) return app_fail(app, "there is no website \"%.*s\"", STR_ARG(website));
        t->scope = SETTING_SCOPE_WEBSITE;
        t->id = t->place.website_id = w->id;
    } else if (view.p) {
        const struct store_view *v = stores_view_by_code(stores, view);
        if (!v) return app_fail(app, "there is no store view \"%.*s\"", STR_ARG(view));
        t->scope = SETTING_SCOPE_VIEW;
        t->id = t->place.view_id = v->id;
        t->place.website_id = v->website_id;
    }
    return APP_DONE;
}

/* Opens for reading, finds the place and the settings. */
static int look(struct app *app, struct target *t) {
    struct db *db;
    struct db_r *r;
    struct stores *stores;
    *t = (struct target){.scope = SETTING_SCOPE_DEFAULT};
    int status = app_open(app, APP_OPEN_READ, &db, NULL, NULL);
    if (status) return status;
    status = app_stores(app, db, &stores);
    if (!status) status = find_place(app, stores, t);
    if (!status) status = app_read(app, db, app->arena, &r);
    if (!status) {
        enum err e = settings_load(r, &t->settings);
        db_read_end(r);
        if (e) status = app_fail(app, "%.*s", STR_ARG(db_last_error(db, app->arena)));
    }
    db_close(db);
    return status;
}

/* A secret is not shown, only that there is one. */
static str shown(const struct target *t, enum setting id) {
    str value = setting_text(t->settings, id, t->place);
    return setting_defs[id].type == SETTING_TYPE_SECRET && value.n ? S("(a secret)") : value;
}

static int find_setting(struct app *app, enum setting *ret) {
    *ret = setting_by_path(app->words[0]);
    return *ret == SETTING_MAX
               ? app_fail(app, "there is no setting %.*s; `countersign config list` lists them",
                          STR_ARG(app->words[0]))
               : APP_DONE;
}

int app_config_get(struct app *app) {
    struct target t;
    enum setting id;
    int status = find_setting(app, &id);
    if (!status) status = look(app, &t);
    if (status) return status;
    app_say("%.*s", STR_ARG(shown(&t, id)));
    settings_free(t.settings);
    return APP_DONE;
}

int app_config_list(struct app *app) {
    struct target t;
    int status = look(app, &t);
    if (status) return status;
    for (int i = 0; i < SETTING_MAX; i++) {
        enum setting id = (enum setting)i;
        const struct setting_def *d = &setting_defs[i];
        if (app->words_n && !str_starts(d->path, app->words[0])) continue;
        bool own = setting_own(t.settings, id, t.scope, t.id).p != NULL;
        app_say("%.*s = %.*s%s", STR_ARG(d->path), STR_ARG(shown(&t, id)), own ? "" : "  (inherited)");
    }
    settings_free(t.settings);
    return APP_DONE;
}

static int save(struct app *app, bool unset, const char *done) {
    static const char *const scopes[] = {"default", "website", "view"};
    struct target t;
    enum setting id;
    int status = find_setting(app, &id);
    if (!status) status = look(app, &t);
    if (status) return status;
    settings_free(t.settings);
    if (t.scope > setting_defs[id].scopes)
        return app_fail(app, "%.*s is not set per %s", STR_ARG(app->words[0]),
                        t.scope == SETTING_SCOPE_VIEW ? "store view" : "website");
    struct http_pair pairs[5] = {{S("path"), app->words[0]}, {S("scope"), str_c(scopes[t.scope])}};
    size_t n = 2;
    if (t.id)
        pairs[n++] = (struct http_pair){S("scope_id"), arena_printf(app->arena, "%lld", (long long)t.id)};
    if (unset)
        pairs[n++] = (struct http_pair){S("unset"), S("1")};
    else
        pairs[n++] = (struct http_pair){S("value"), app->words[1]};
    return app_change(app, "config_set", pairs, n, done);
}

int app_config_set(struct app *app) {
    return save(app, false, "Saved");
}

int app_config_unset(struct app *app) {
    return save(app, true, "Inherited again");
}
