/* The pages. Each reads what it shows and fills a template; all of them may be kept in the page cache. */
#include "gen/catalog_gate.h"
#include "gen/catalog_sql.h"
#include "shop/catalog/catalog_list.h"

enum { HOME_NEW = 8, HOME_ROW = 4, HOME_ROWS = 6, RELATED = 4, FEW_LEFT = 5 };

static str store_name(const struct pub *p) {
    return setting_text(p->settings, SETTING_STORE_NAME,
                        (struct setting_place){p->view->website_id, p->view->id});
}

/* ---------------------------------------------------------------- home */

static enum err home_rows(struct pub *p, struct tpl_catalog_home *v) {
    struct catalog_nav_rows *top;
    size_t n;
    TRY(catalog_nav_rows(p->db, p->view->website_id, i18n_tag(p->lang), &top, &n));
    n = MIN_OF(n, (size_t)HOME_ROWS);
    struct tpl_catalog_home_categories *rows = ARENA_ARRAY(p->arena, struct tpl_catalog_home_categories, n);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct catalog_list list;
        TRY(catalog_list_first(p, top[i].id, HOME_ROW, 0, &list));
        if (list.rows_n == 0) continue;
        rows[kept++] = (struct tpl_catalog_home_categories){
            .name = top[i].name,
            .key = top[i].url_key,
            .text = top[i].description,
            .rows = list.rows,
            .rows_n = list.rows_n,
        };
    }
    v->categories = rows;
    v->categories_n = kept;
    if (kept) v->first_key = rows[0].key;
    return OK;
}

enum err page_shop_home(struct pub *p, const struct shop_home_in *in) {
    (void)in;
    struct catalog_list newest;
    TRY(catalog_list_newest(p, HOME_NEW, &newest));
    struct tpl_catalog_home v = {
        .store_name = store_name(p), .first_key = S(""), .newest = newest.rows, .newest_n = newest.rows_n};
    TRY(home_rows(p, &v));
    reply_title(p->reply, i18n_get(p->lang, T("Home")));
    tpl_catalog_home(p->out, &v);
    return OK;
}

/* ---------------------------------------------------------------- category */

static enum catalog_sort category_sort(enum shop_category_sort sort) {
    switch (sort) {
    case SHOP_CATEGORY_SORT_NAME: return SORT_NAME;
    case SHOP_CATEGORY_SORT_PRICE: return SORT_PRICE;
    case SHOP_CATEGORY_SORT_PRICE_DOWN: return SORT_PRICE_DOWN;
    case SHOP_CATEGORY_SORT_NEWEST: return SORT_NEWEST;
    default: return SORT_OWN;
    }
}

static enum err category_children(struct pub *p, i64 id, struct tpl_catalog_category *v) {
    struct catalog_children *children;
    size_t n;
    TRY(catalog_children(p->db, id, i18n_tag(p->lang), &children, &n));
    struct tpl_catalog_category_children *rows =
        ARENA_ARRAY(p->arena, struct tpl_catalog_category_children, n);
    for (size_t i = 0; i < n; i++)
        rows[i] =
            (struct tpl_catalog_category_children){.key = children[i].url_key, .name = children[i].name};
    v->children = rows;
    v->children_n = n;
    return OK;
}

enum err page_shop_category(struct pub *p, const struct shop_category_in *in) {
    struct catalog_category c;
    struct catalog_category_size size;
    struct catalog_list list;
    i64 site = p->view->website_id;
    enum catalog_sort sort = category_sort(in->sort);
    TRY(catalog_category(p->db, site, in->key, i18n_tag(p->lang), &c));
    TRY(catalog_category_size(p->db, c.id, site, &size));
    TRY(catalog_list_read(p, &(struct catalog_source){.category_id = c.id}, sort, in->after, in->before,
                          &list));
    struct tpl_catalog_category v = {
        .key = in->key,
        .name = c.name,
        .text = c.description,
        .parent_key = c.parent_key.p ? c.parent_key : S(""),
        .parent_name = c.parent_name.p ? c.parent_name : S(""),
        .products = size.products,
        .sort = catalog_sort_word(sort),
        .rows = list.rows,
        .rows_n = list.rows_n,
        .after = list.after,
        .before = list.before,
    };
    v.sorts = catalog_sorts(p, sort, T("Our choice"), &v.sorts_n);
    TRY(category_children(p, c.id, &v));
    reply_title(p->reply, c.name);
    tpl_catalog_category(p->out, &v);
    return OK;
}

/* ---------------------------------------------------------------- product */

/* Breadcrumb and neighbours come from the narrowest category that the product is in. */
static enum err product_surroundings(struct pub *p, i64 id, struct tpl_catalog_product *v) {
    struct catalog_product_home *home;
    size_t n;
    TRY(catalog_product_home(p->db, id, p->view->website_id, &home, &n));
    if (n == 0) return OK;
    struct catalog_category c;
    TRY(catalog_category(p->db, p->view->website_id, home[0].url_key, i18n_tag(p->lang), &c));
    v->category_key = home[0].url_key;
    v->category_name = c.name;
    if (c.parent_key.p) {
        v->parent_key = c.parent_key;
        v->parent_name = c.parent_name;
    }
    struct catalog_list list;
    TRY(catalog_list_first(p, c.id, RELATED, id, &list));
    v->related = list.rows;
    v->related_n = list.rows_n;
    return OK;
}

/* A description is paragraphs, one a line. */
static void product_paragraphs(struct pub *p, str text, struct tpl_catalog_product *v) {
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    struct tpl_catalog_product_paragraphs *rows =
        ARENA_ARRAY(p->arena, struct tpl_catalog_product_paragraphs, n);
    size_t kept = 0;
    while (text.n) {
        str line;
        text = str_cut(text, '\n', &line);
        line = str_trim(line);
        if (line.n) rows[kept++].text = line;
    }
    v->paragraphs = rows;
    v->paragraphs_n = kept;
}

enum err page_shop_product(struct pub *p, const struct shop_product_in *in) {
    struct catalog_product c;
    TRY(catalog_product(p->db, p->view->website_id, in->key, i18n_tag(p->lang), p->group_id, &c));
    struct tpl_catalog_product v = {
        .key = in->key,
        .sku = c.sku,
        .name = c.name,
        .summary = c.summary,
        .price = c.price_minor,
        .was = c.list_minor > c.price_minor ? c.list_minor : 0,
        .sold_out = c.stock <= 0,
        .few = c.stock > 0 && c.stock <= FEW_LEFT ? c.stock : 0,
        .category_key = S(""),
        .category_name = S(""),
        .parent_key = S(""),
        .parent_name = S(""),
    };
    product_paragraphs(p, c.description, &v);
    TRY(product_surroundings(p, c.id, &v));
    reply_title(p->reply, c.name);
    tpl_catalog_product(p->out, &v);
    return OK;
}

enum err page_shop_picture(struct pub *p, const struct shop_picture_in *in) {
    struct catalog_picture c;
    TRY(catalog_picture(p->db, p->view->website_id, in->key, &c));
    reply_bytes(p->reply, S("image/svg+xml"), STR_NULL, c.picture);
    return OK;
}

/* ---------------------------------------------------------------- search */

static enum catalog_sort search_sort(enum shop_search_sort sort) {
    switch (sort) {
    case SHOP_SEARCH_SORT_NAME: return SORT_NAME;
    case SHOP_SEARCH_SORT_PRICE: return SORT_PRICE;
    case SHOP_SEARCH_SORT_PRICE_DOWN: return SORT_PRICE_DOWN;
    case SHOP_SEARCH_SORT_NEWEST: return SORT_NEWEST;
    default: return SORT_OWN;
    }
}

enum err page_shop_search(struct pub *p, const struct shop_search_in *in) {
    str text = in->q.p ? in->q : S("");
    struct catalog_query q = catalog_query_read(p->arena, text);
    enum catalog_sort sort = search_sort(in->sort);
    struct tpl_catalog_search v = {
        .q = text,
        .asked = q.words > 0 && !q.too_many,
        .too_short = q.too_short,
        .too_many = q.too_many,
        .words_max = CATALOG_WORDS,
        .sort = catalog_sort_word(sort),
    };
    if (v.asked) {
        struct catalog_list list;
        TRY(catalog_list_read(p, &(struct catalog_source){.query = &q}, sort, in->after, in->before, &list));
        v.rows = list.rows;
        v.rows_n = list.rows_n;
        v.after = list.after;
        v.before = list.before;
    }
    v.sorts = catalog_sorts(p, sort, T("Best match"), &v.sorts_n);
    reply_title(p->reply, i18n_get(p->lang, T("Search results")));
    reply_search(p->reply, in->q);
    tpl_catalog_search(p->out, &v);
    return OK;
}
