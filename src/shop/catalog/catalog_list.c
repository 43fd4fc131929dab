#include "shop/catalog/catalog_list.h"

#include "gen/catalog_sql.h"

str catalog_sort_word(enum catalog_sort sort) {
    static const str words[SORT_MAX] = {S_INIT(""), S_INIT("name"), S_INIT("price"), S_INIT("price_down"),
                                        S_INIT("newest")};
    return words[sort];
}

const struct tpl_catalog_tools_sorts *catalog_sorts(struct pub *p, enum catalog_sort sort, str own,
                                                    size_t *ret_n) {
    str labels[SORT_MAX] = {own, T("Name"), T("Price: low to high"), T("Price: high to low"),
                            T("Newest first")};
    struct tpl_catalog_tools_sorts *sorts = ARENA_ARRAY(p->arena, struct tpl_catalog_tools_sorts, SORT_MAX);
    for (size_t i = 0; i < SORT_MAX; i++)
        sorts[i] = (struct tpl_catalog_tools_sorts){.value = catalog_sort_word((enum catalog_sort)i),
                                                    .label = i18n_get(p->lang, labels[i]),
                                                    .on = i == sort};
    *ret_n = SORT_MAX;
    return sorts;
}

/* One product of a list, whatever statement it came from: their rows have the same columns. */
#define CARD(row)                                                                                            \
    ((struct tpl_catalog_cards_rows){.id = (row).id,                                                         \
                                     .key = (row).url_key,                                                   \
                                     .name = (row).name,                                                     \
                                     .price = (row).price_minor,                                             \
                                     .was = (row).list_minor > (row).price_minor ? (row).list_minor : 0,     \
                                     .sold_out = (row).stock <= 0})

struct cards {
    struct tpl_catalog_cards_rows *rows;
    size_t n;
};

static struct cards cards_make(struct pub *p, size_t n) {
    return (struct cards){ARENA_ARRAY(p->arena, struct tpl_catalog_cards_rows, n), n};
}

static enum err read_category(struct pub *p, i64 category, enum catalog_sort sort, i64 cursor, bool back,
                              i64 n, struct cards *ret) {
    i64 site = p->view->website_id;
    str lang = i18n_tag(p->lang);
    size_t rows_n;
    if (back) {
        struct catalog_category_back *rows;
        TRY(catalog_category_back(p->db, site, lang, p->group_id, category, sort, cursor, n, &rows, &rows_n));
        *ret = cards_make(p, rows_n);
        for (size_t i = 0; i < rows_n; i++)
            ret->rows[rows_n - 1 - i] = CARD(rows[i]);
    } else {
        struct catalog_category_page *rows;
        TRY(catalog_category_page(p->db, site, lang, p->group_id, category, sort, cursor, n, &rows, &rows_n));
        *ret = cards_make(p, rows_n);
        for (size_t i = 0; i < rows_n; i++)
            ret->rows[i] = CARD(rows[i]);
    }
    return OK;
}

static enum err read_search(struct pub *p, const struct catalog_query *q, enum catalog_sort sort, i64 cursor,
                            bool back, i64 n, struct cards *ret) {
    i64 site = p->view->website_id;
    str lang = i18n_tag(p->lang);
    const str *w = q->like;
    size_t rows_n;
    if (back) {
        struct catalog_search_back *rows;
        TRY(catalog_search_back(p->db, site, lang, p->group_id, q->begins, w[0], w[1], w[2], w[3], w[4], w[5],
                                sort, cursor, n, &rows, &rows_n));
        *ret = cards_make(p, rows_n);
        for (size_t i = 0; i < rows_n; i++)
            ret->rows[rows_n - 1 - i] = CARD(rows[i]);
    } else {
        struct catalog_search_page *rows;
        TRY(catalog_search_page(p->db, site, lang, p->group_id, q->begins, w[0], w[1], w[2], w[3], w[4], w[5],
                                sort, cursor, n, &rows, &rows_n));
        *ret = cards_make(p, rows_n);
        for (size_t i = 0; i < rows_n; i++)
            ret->rows[i] = CARD(rows[i]);
    }
    return OK;
}

static enum err read_cards(struct pub *p, const struct catalog_source *s, enum catalog_sort sort, i64 cursor,
                           bool back, i64 n, struct cards *ret) {
    if (s->query) return read_search(p, s->query, sort, cursor, back, n, ret);
    return read_category(p, s->category_id, sort, cursor, back, n, ret);
}

/* The page before a product; false when nothing, or not a whole page, stands there. */
static enum err read_back(struct pub *p, const struct catalog_source *s, enum catalog_sort sort, i64 before,
                          struct catalog_list *ret, bool *ret_whole) {
    struct cards c;
    TRY(read_cards(p, s, sort, before, true, CATALOG_PAGE + 1, &c));
    *ret_whole = c.n >= CATALOG_PAGE;
    if (!*ret_whole) return OK;
    bool more = c.n > CATALOG_PAGE; /* one too many, at the front */
    ret->rows = c.rows + (more ? 1 : 0);
    ret->rows_n = CATALOG_PAGE;
    ret->before = more ? ret->rows[0].id : 0;
    ret->after = ret->rows[CATALOG_PAGE - 1].id;
    return OK;
}

enum err catalog_list_read(struct pub *p, const struct catalog_source *source, enum catalog_sort sort,
                           opt_i64 after, opt_i64 before, struct catalog_list *ret) {
    *ret = (struct catalog_list){.rows_n = 0};
    if (before.set) {
        bool whole;
        TRY(read_back(p, source, sort, before.v, ret, &whole));
        if (whole) return OK;
    }
    i64 cursor = after.set && !before.set ? after.v : 0;
    struct cards c;
    TRY(read_cards(p, source, sort, cursor, false, CATALOG_PAGE + 1, &c));
    if (c.n == 0 && cursor) {
        cursor = 0;
        TRY(read_cards(p, source, sort, 0, false, CATALOG_PAGE + 1, &c));
    }
    ret->rows = c.rows;
    ret->rows_n = MIN_OF(c.n, (size_t)CATALOG_PAGE);
    ret->after = c.n > CATALOG_PAGE ? c.rows[CATALOG_PAGE - 1].id : 0;
    ret->before = cursor && c.n ? c.rows[0].id : 0;
    return OK;
}

enum err catalog_list_first(struct pub *p, i64 category_id, size_t n, i64 except, struct catalog_list *ret) {
    struct cards c;
    TRY(read_category(p, category_id, SORT_OWN, 0, false, (i64)n + 1, &c));
    size_t kept = 0;
    for (size_t i = 0; i < c.n && kept < n; i++)
        if (c.rows[i].id != except) c.rows[kept++] = c.rows[i];
    *ret = (struct catalog_list){.rows = c.rows, .rows_n = kept};
    return OK;
}

enum err catalog_list_newest(struct pub *p, size_t n, struct catalog_list *ret) {
    struct catalog_newest *rows;
    size_t rows_n;
    TRY(catalog_newest(p->db, p->view->website_id, i18n_tag(p->lang), p->group_id, (i64)n, &rows, &rows_n));
    struct cards c = cards_make(p, rows_n);
    for (size_t i = 0; i < rows_n; i++)
        c.rows[i] = CARD(rows[i]);
    *ret = (struct catalog_list){.rows = c.rows, .rows_n = c.n};
    return OK;
}
