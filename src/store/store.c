#include "store/store.h"

#include "gen/store_sql.h"

/* A shop has a handful of views, so finding one is a walk over an array that fits a few cache lines. Views
 * are ordered by website, which makes a website's views one run. */
struct stores {
    struct website *websites;
    struct store *stores;
    struct store_view *views;
    size_t websites_n, stores_n, views_n;
    const struct store_view *start; /* the one with the empty path */
};

static enum err load_websites(struct db_r *r, struct arena *keep, struct stores *s) {
    struct store_websites *rows;
    size_t n;
    TRY(store_websites(r, &rows, &n));
    s->websites = ARENA_ARRAY(keep, struct website, n);
    s->websites_n = n;
    for (size_t i = 0; i < n; i++)
        s->websites[i] = (struct website){
            .id = rows[i].id,
            .code = arena_str(keep, rows[i].code),
            .name = arena_str(keep, rows[i].name),
        };
    return OK;
}

static enum err load_stores(struct db_r *r, struct arena *keep, struct stores *s) {
    struct store_stores *rows;
    size_t n;
    TRY(store_stores(r, &rows, &n));
    s->stores = ARENA_ARRAY(keep, struct store, n);
    s->stores_n = n;
    for (size_t i = 0; i < n; i++)
        s->stores[i] = (struct store){
            .id = rows[i].id,
            .website_id = rows[i].website_id,
            .code = arena_str(keep, rows[i].code),
            .name = arena_str(keep, rows[i].name),
        };
    return OK;
}

static enum err load_views(struct db_r *r, struct arena *keep, struct stores *s) {
    struct store_views *rows;
    size_t n;
    TRY(store_views(r, &rows, &n));
    s->views = ARENA_ARRAY(keep, struct store_view, n);
    s->views_n = n;
    for (size_t i = 0; i < n; i++) {
        str path = arena_str(keep, rows[i].path);
        s->views[i] = (struct store_view){
            .id = rows[i].id,
            .store_id = rows[i].store_id,
            .website_id = rows[i].website_id,
            .code = arena_str(keep, rows[i].code),
            .path = path,
            .root = path.n ? ARENA_CAT(keep, S("/"), path) : S(""),
            .name = arena_str(keep, rows[i].name),
            .locale = arena_str(keep, rows[i].locale),
            .lang = i18n_lang(rows[i].locale),
            .active = rows[i].active,
        };
    }
    return OK;
}

enum err stores_load(struct db_r *r, struct arena *keep, struct stores **ret) {
    struct stores *s = ARENA_NEW(keep, struct stores);
    TRY(load_websites(r, keep, s));
    TRY(load_stores(r, keep, s));
    TRY(load_views(r, keep, s));
    if (s->websites_n == 0) return ERR_NOT_FOUND;
    for (size_t i = 0; i < s->views_n; i++)
        if (s->views[i].active && s->views[i].path.n == 0) {
            if (s->start) return ERR_CONFLICT;
            s->start = &s->views[i];
        }
    if (!s->start) return ERR_CONFLICT;
    for (size_t i = 0; i < s->websites_n; i++)
        if (!stores_website_default(s, s->websites[i].id)) return ERR_CONFLICT;
    *ret = s;
    return OK;
}

const struct website *stores_websites(const struct stores *s, size_t *ret_n) {
    *ret_n = s->websites_n;
    return s->websites;
}

const struct store_view *stores_views(const struct stores *s, size_t *ret_n) {
    *ret_n = s->views_n;
    return s->views;
}

const struct website *stores_website(const struct stores *s, i64 id) {
    for (size_t i = 0; i < s->websites_n; i++)
        if (s->websites[i].id == id) return &s->websites[i];
    return NULL;
}

const struct store *stores_store(const struct stores *s, i64 id) {
    for (size_t i = 0; i < s->stores_n; i++)
        if (s->stores[i].id == id) return &s->stores[i];
    return NULL;
}

const struct store_view *stores_view(const struct stores *s, i64 id) {
    for (size_t i = 0; i < s->views_n; i++)
        if (s->views[i].id == id) return &s->views[i];
    return NULL;
}

const struct website *stores_website_by_code(const struct stores *s, str code) {
    for (size_t i = 0; i < s->websites_n; i++)
        if (str_eq(s->websites[i].code, code)) return &s->websites[i];
    return NULL;
}

const struct store_view *stores_view_by_code(const struct stores *s, str code) {
    for (size_t i = 0; i < s->views_n; i++)
        if (str_eq(s->views[i].code, code)) return &s->views[i];
    return NULL;
}

const struct store_view *stores_by_path(const struct stores *s, str first_path_part) {
    for (size_t i = 0; i < s->views_n; i++)
        if (s->views[i].active && str_eq(s->views[i].path, first_path_part)) return &s->views[i];
    return NULL;
}

const struct store_view *stores_default(const struct stores *s) {
    return s->start;
}

const struct store_view *stores_website_default(const struct stores *s, i64 website_id) {
    if (s->start->website_id == website_id) return s->start;
    size_t n;
    const struct store_view *views = stores_website_views(s, website_id, &n);
    for (size_t i = 0; i < n; i++)
        if (views[i].active) return &views[i];
    return n ? views : NULL;
}

const struct store_view *stores_website_views(const struct stores *s, i64 website_id, size_t *ret_n) {
    size_t from = 0;
    while (from < s->views_n && s->views[from].website_id != website_id)
        from++;
    size_t to = from;
    while (to < s->views_n && s->views[to].website_id == website_id)
        to++;
    *ret_n = to - from;
    return s->views + from;
}

str stores_view_label(struct arena *a, const struct stores *s, const struct store_view *v) {
    const struct website *website = stores_website(s, v->website_id);
    const struct store *store = stores_store(s, v->store_id);
    return ARENA_CAT(a, website->name, S(" / "), store->name, S(" / "), v->name);
}
