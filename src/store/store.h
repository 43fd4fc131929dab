/* Websites, their stores and the stores' views, read once at start into a structure that never changes
 * afterwards: every request looks its store view up here, without a query and without a lock. All functions
 * but stores_load are safe for all threads, take no memory and cannot fail. What they return lives as long as
 * the structure. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/base.h"
#include "db/db.h"
#include "i18n/i18n.h"

/* The widest border: prices, customers (unless shared) and staff rights stop at it. */
struct website {
    i64 id;
    str code, name;
};

struct store {
    i64 id, website_id;
    str code, name;
};

/* What a shopper sees: one language of one store. */
struct store_view {
    i64 id, store_id, website_id;
    str code;
    str path; /* first part of its addresses without '/'; "" for the default view */
    str root; /* what stands before every address: "" or "/nl" */
    str name;
    str locale; /* "nl_NL" */
    enum lang lang;
    bool active;
};

struct stores;

/* Reads everything into `keep`, which must live as long as *ret is used. ERR_CONFLICT when there are stores
 * but not exactly one active store view with an empty path, or when a website has no store view;
 * ERR_NOT_FOUND when the shop is empty. */
enum err stores_load(struct db_r *r, struct arena *keep, struct stores **ret) MUST_CHECK;

/* All of them, in their order (website, store, position). */
const struct website *stores_websites(const struct stores *s, size_t *ret_n);
const struct store_view *stores_views(const struct stores *s, size_t *ret_n);

/* By id; NULL when there is none. */
const struct website *stores_website(const struct stores *s, i64 id);
const struct store *stores_store(const struct stores *s, i64 id);
const struct store_view *stores_view(const struct stores *s, i64 id);
/* By code; NULL when there is none. For the command line and the API. */
const struct website *stores_website_by_code(const struct stores *s, str code);
const struct store_view *stores_view_by_code(const struct stores *s, str code);

/* The active view whose addresses begin with this first part of a path ("nl"); NULL when none does. "" gives
 * the default. */
const struct store_view *stores_by_path(const struct stores *s, str first_path_part);
/* The active view whose path is empty; always there. */
const struct store_view *stores_default(const struct stores *s);
/* The view that stands for a website: the default view when it is one of the website's, else its first active
 * one, else its first; NULL for a website that is not there. */
const struct store_view *stores_website_default(const struct stores *s, i64 website_id);

/* A website's views: a run of stores_views. An unknown website has none. */
const struct store_view *stores_website_views(const struct stores *s, i64 website_id, size_t *ret_n);
/* The names for people: "Main Website / Main Store / English", in the caller's arena. */
str stores_view_label(struct arena *a, const struct stores *s, const struct store_view *v);

#endif
