/* Pages of products, shared by category and search. Not for other slices. */
#ifndef SHOP_CATALOG_LIST_H
#define SHOP_CATALOG_LIST_H

#include "gate/gate.h"
#include "gen/catalog_tpl.h"
#include "shop/catalog/catalog.h"

enum { CATALOG_PAGE = 12 };

/* The order of a list; numbers as in catalog.sql. */
enum catalog_sort { SORT_OWN, SORT_NAME, SORT_PRICE, SORT_PRICE_DOWN, SORT_NEWEST, SORT_MAX };
/* Its word in addresses ("" for the shop's own order). */
str catalog_sort_word(enum catalog_sort sort);
/* The choices of the select. `own` is the msgid of the shop's own order. */
const struct tpl_catalog_tools_sorts *catalog_sorts(struct pub *p, enum catalog_sort sort, str own,
                                                    size_t *ret_n);

/* What a list is of: a category, or what matches a query. */
struct catalog_source {
    i64 category_id;
    const struct catalog_query *query; /* NULL: a category */
};

struct catalog_list {
    const struct tpl_catalog_cards_rows *rows;
    size_t rows_n;
    i64 after, before; /* products behind and before which the neighbouring pages are; 0: there is none */
};
/* One page. A cursor that is not in the list (any more) gives the first page. */
enum err catalog_list_read(struct pub *p, const struct catalog_source *source, enum catalog_sort sort,
                           opt_i64 after, opt_i64 before, struct catalog_list *ret) MUST_CHECK;
/* The first `n` products of a category, without `except` (0: all). */
enum err catalog_list_first(struct pub *p, i64 category_id, size_t n, i64 except,
                            struct catalog_list *ret) MUST_CHECK;
/* The website's newest products. */
enum err catalog_list_newest(struct pub *p, size_t n, struct catalog_list *ret) MUST_CHECK;

#endif
