/* The world: one snapshot of the settings and the formats made of them, replaced as a whole when a setting
 * changes. */
#include <stdlib.h>

#include "gate/inside.h"

static struct i18n_format *format_of(const struct settings *s, str locale, struct setting_place at) {
    return i18n_format_make(locale, setting_text(s, SETTING_CURRENCY, SETTING_DEFAULT),
                            setting_text(s, SETTING_TIMEZONE, at));
}

/* Takes the settings. */
static struct world *world_make(const struct gate *g, struct settings *settings) {
    struct world *w = calloc(1, sizeof *w);
    if (!w) abort();
    atomic_init(&w->refs, 1);
    w->settings = settings;
    const struct store_view *views = stores_views(g->o.stores, &w->views_n);
    w->view_formats = calloc(w->views_n + 1, sizeof(struct i18n_format *));
    if (!w->view_formats) abort();
    for (size_t i = 0; i < w->views_n; i++)
        w->view_formats[i] =
            format_of(settings, views[i].locale, (struct setting_place){views[i].website_id, views[i].id});
    w->admin_formats[LANG_EN] = format_of(settings, S("en_GB"), SETTING_DEFAULT);
    w->admin_formats[LANG_NL] = format_of(settings, S("nl_NL"), SETTING_DEFAULT);
    return w;
}

void world_put(struct world *w) {
    if (!w || atomic_fetch_sub(&w->refs, 1) != 1) return;
    for (size_t i = 0; i < w->views_n; i++)
        i18n_format_free(w->view_formats[i]);
    for (int i = 0; i < LANG_MAX; i++)
        i18n_format_free(w->admin_formats[i]);
    free(w->view_formats);
    settings_free(w->settings);
    free(w->watch);
    free(w);
}

static struct world *take(struct gate *g) {
    pthread_mutex_lock(&g->world_lock);
    struct world *w = g->world;
    atomic_fetch_add(&w->refs, 1);
    pthread_mutex_unlock(&g->world_lock);
    return w;
}

struct world *world_get(struct gate *g) {
    struct world *w = take(g);
    if (!db_is_shared(g->o.db) || db_watch_holds(g->o.db, w->watch)) return w;
    /* Another server, or a command, may have saved settings. When they cannot be read, the ones of before
     * stay. */
    if (world_reload(g)) return w;
    world_put(w);
    return take(g);
}

enum err world_reload(struct gate *g) {
    struct arena *a = arena_make();
    struct db_r *r;
    struct settings *settings = NULL;
    struct db_watch *watch = NULL;
    atomic_store(&g->world_is_old, true);
    enum err e = db_read_begin(g->o.db, a, (struct db_sight){.scope = -1}, &r);
    if (!e) {
        struct db_watch *notes = db_watch_begin(r);
        e = settings_load(r, &settings);
        if (!e) watch = db_watch_copy(notes);
        db_read_end(r);
    }
    arena_free(a);
    if (e) return e;
    struct world *fresh = world_make(g, settings);
    fresh->watch = watch;
    pthread_mutex_lock(&g->world_lock);
    struct world *old = g->world;
    fresh->number = old ? old->number + 1 : 1;
    g->world = fresh;
    atomic_store(&g->world_is_old, false);
    pthread_mutex_unlock(&g->world_lock);
    world_put(old);
    return OK;
}

const struct i18n_format *world_view_format(const struct gate *g, const struct world *w,
                                            const struct store_view *v) {
    size_t n;
    const struct store_view *views = stores_views(g->o.stores, &n);
    return w->view_formats[v - views];
}
