#include "shop/catalog/catalog.h"

#include "gen/catalog_sql.h"

enum err catalog_nav(struct db_r *r, const struct store_view *view, struct gate_category **ret,
                     size_t *ret_n) {
    struct catalog_nav_rows *rows;
    TRY(catalog_nav_rows(r, view->website_id, i18n_tag(view->lang), &rows, ret_n));
    *ret = ARENA_ARRAY(db_arena(r), struct gate_category, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct gate_category){.name = rows[i].name, .key = rows[i].url_key};
    return OK;
}

/* '!' instead of '\': it means nothing in strings of either engine. */
static str like(struct arena *a, str word, str before) {
    struct buf b;
    buf_init(&b, 1024);
    buf_put(&b, before);
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] == '%' || word.p[i] == '_' || word.p[i] == '!') buf_put_char(&b, '!');
        buf_put_char(&b, word.p[i]);
    }
    buf_put_char(&b, '%');
    str s = arena_str(a, buf_str(&b));
    buf_done(&b);
    return s;
}

struct catalog_query catalog_query_read(struct arena *a, str text) {
    struct catalog_query q = {.begins = S("%")};
    for (size_t i = 0; i < CATALOG_WORDS; i++)
        q.like[i] = S("%");
    str rest = str_trim(i18n_fold(a, text));
    q.too_short = rest.n > 0 && str_utf8_len(rest) < CATALOG_QUERY_MIN;
    if (q.too_short) return q;
    while (rest.n) {
        str word;
        rest = str_cut(rest, ' ', &word);
        if (word.n == 0) continue;
        q.too_many = q.words == CATALOG_WORDS;
        if (q.too_many) return q;
        if (q.words == 0) q.begins = like(a, word, S(""));
        q.like[q.words++] = like(a, word, S("%"));
    }
    return q;
}

enum err catalog_find(struct db_r *r, const struct store_view *view, const struct catalog_query *q, size_t n,
                      i64 **ret, size_t *ret_n) {
    const str *w = q->like;
    struct catalog_search_page *rows;
    *ret = NULL;
    *ret_n = 0;
    if (!q->words || q->too_short || q->too_many) return OK;
    TRY(catalog_search_page(r, view->website_id, i18n_tag(view->lang), GENERAL_GROUP, q->begins, w[0], w[1],
                            w[2], w[3], w[4], w[5], 0, 0, (i64)n, &rows, ret_n));
    *ret = ARENA_ARRAY(db_arena(r), i64, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = rows[i].id;
    return OK;
}
