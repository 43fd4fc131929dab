/* The catalogue as shoppers see it: home, categories, products, search, pictures. Public pages: nothing in
 * here knows who reads, but for the customer group, which prices depend on. Texts are in the language of the
 * store view, else in English. */
#ifndef SHOP_CATALOG_CATALOG_H
#define SHOP_CATALOG_CATALOG_H

#include "base/base.h"
#include "gate/gate.h"
#include "gate/gate_app.h"

/* The top categories of the view's website, for the frame of the shop's pages (struct gate_shop). Results in
 * the handle's arena. */
enum err catalog_nav(struct db_r *r, const struct store_view *view, struct gate_category **ret,
                     size_t *ret_n) MUST_CHECK;

enum { CATALOG_WORDS = 6, CATALOG_QUERY_MIN = 2 };

/* What was searched for, ready for LIKE … ESCAPE '!'. */
struct catalog_query {
    str begins;              /* products whose text begins with the first word come first */
    str like[CATALOG_WORDS]; /* all must match; those not needed are "%" */
    size_t words;
    bool too_short, too_many; /* then nothing is to be searched for */
};
/* Folds the text and takes it apart into words. No words at all: `words` is 0 and neither flag is set. Arena.
 */
struct catalog_query catalog_query_read(struct arena *a, str text);

/* The first `n` products that the shop's own search shows in this view, by their ids, in its order. With
 * nothing to search for: none. In the handle's arena. */
enum err catalog_find(struct db_r *r, const struct store_view *view, const struct catalog_query *q, size_t n,
                      i64 **ret, size_t *ret_n) MUST_CHECK;

#endif
