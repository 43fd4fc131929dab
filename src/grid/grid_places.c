/* Websites and store views as the values of a column. */
#include "grid/grid_inside.h"

static str id_text(struct arena *a, i64 id) {
    return arena_printf(a, "%lld", (long long)id);
}

static bool reached(const struct page *p, i64 website_id) {
    return (db_scope(p->db) >> website_id & 1) != 0;
}

enum err grid_website_options(struct page *p, struct arena *a, struct html_option **ret, size_t *ret_n) {
    size_t n;
    const struct website *w = stores_websites(p->stores, &n);
    *ret = ARENA_ARRAY(a, struct html_option, n);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++)
        if (reached(p, w[i].id))
            (*ret)[(*ret_n)++] = (struct html_option){.value = id_text(a, w[i].id), .label = w[i].name};
    return OK;
}

enum err grid_view_options(struct page *p, struct arena *a, struct html_option **ret, size_t *ret_n) {
    size_t n;
    const struct store_view *v = stores_views(p->stores, &n);
    *ret = ARENA_ARRAY(a, struct html_option, n);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++)
        if (reached(p, v[i].website_id))
            (*ret)[(*ret_n)++] = (struct html_option){.value = id_text(a, v[i].id),
                                                      .label = stores_view_label(a, p->stores, &v[i])};
    return OK;
}

static bool has_namesake(const struct page *p, const struct store_view *v) {
    size_t n;
    const struct store_view *all = stores_views(p->stores, &n);
    for (size_t i = 0; i < n; i++)
        if (all[i].id != v->id && reached(p, all[i].website_id) && str_eq(all[i].name, v->name)) return true;
    return false;
}

bool grid_view_brief(const struct page *p, i64 id, str *ret_text, str *ret_rest) {
    const struct store_view *v = stores_view(p->stores, id);
    const struct website *w = v ? stores_website(p->stores, v->website_id) : NULL;
    if (!w) return false;
    *ret_text = v->name;
    if (!has_namesake(p, v)) return true;
    *ret_text = ARENA_CAT(p->arena, v->name, S(" "));
    *ret_rest = ARENA_CAT(p->arena, S("("), w->name, S(")"));
    return true;
}
