/* What the files of demo/ share. Not for other rooms. */
#ifndef DEMO_INSIDE_H
#define DEMO_INSIDE_H

#include "base/base.h"
#include "db/db.h"

/* 2026-11-01T00:00:00Z: "today" of the demo shop. A fixed day keeps the shop the same whenever it is made. */
#define DEMO_TODAY_US (1793491200 * US_SECOND)

enum demo_site { SITE_MAIN, SITE_OUTLET, SITE_MAX };
enum demo_view { VIEW_EN, VIEW_NL, VIEW_SECOND, VIEW_OUTLET, VIEW_MAX };
enum demo_group { GROUP_GENERAL, GROUP_WHOLESALE, GROUP_VIP, GROUP_MAX };
enum demo_staff { STAFF_ADMIN, STAFF_SUPPORT, STAFF_VIEWER, STAFF_MAX };

enum { DEMO_PRODUCTS_MAX = 128, DEMO_NAMED = 3 };

/* What was made so far: ids that later parts point at. */
struct demo_world {
    str staff_hash, customer_hash;
    i64 site[SITE_MAX], view[VIEW_MAX], group[GROUP_MAX], staff[STAFF_MAX];
    i64 product[SITE_MAX][DEMO_PRODUCTS_MAX]; /* those in stock */
    size_t products[SITE_MAX];
    i64 customers; /* how many made-up ones */
    struct {
        i64 address, consent, cart;
    } last; /* ids that were given so far */
};

/* Customers have the first ids: those that the documentation names, then the made-up ones by their number. */
static inline i64 demo_named_id(size_t i) {
    return 1 + (i64)i;
}
static inline i64 demo_drawn_id(i64 n) {
    return 1 + DEMO_NAMED + n;
}

/* A small random generator (splitmix64) with a seed of its own for every customer, so that a customer looks
 * the same whatever batch it was made in, and a batch that is run again makes the same rows. */
struct demo_dice {
    u64 state;
};
struct demo_dice demo_dice_of(u64 seed);
/* 0 … n-1; n > 0. */
size_t demo_roll(struct demo_dice *d, size_t n);
/* True in `percent` of all throws. */
bool demo_chance(struct demo_dice *d, size_t percent);

/* A made-up person with one or two addresses: people.c. */
struct demo_address {
    str company, street1, street2, postcode, city, region, country, telephone;
};
struct demo_person {
    str firstname, lastname, mail_name; /* mail_name: the part before the '@', ASCII */
    bool dutch;
    struct demo_address address[2];
};
struct demo_person demo_person_make(struct arena *a, struct demo_dice *d);
/* "sanne.devries12@example.com" */
str demo_person_email(struct arena *a, struct demo_dice *d, const struct demo_person *p, i64 number);

enum demo_consent {
    CONSENT_NEVER,
    CONSENT_GIVEN,
    CONSENT_WITHDRAWN,
    CONSENT_GIVEN_AGAIN,
    CONSENT_BY_STAFF,
};

/* One customer, as written and as known to the orders. */
struct demo_customer {
    struct demo_person person;
    str email;
    enum demo_site site;
    enum demo_view view;
    enum demo_group group;
    enum demo_consent consent;
    bool active;
    size_t addresses; /* 1 or 2 */
    i64 created_us, updated_us;
    opt_i64 last_login_us;
    size_t cart_items;
};
/* The named customer i, and the made-up one n of `total`: always the same, and later ones came later. The
 * dice are those that the rest of the customer is thrown with. customers.c. */
struct demo_customer demo_customer_named(struct arena *a, size_t i, struct demo_dice *ret_dice);
struct demo_customer demo_customer_drawn(struct arena *a, i64 n, i64 total, struct demo_dice *ret_dice);

/* Websites, stores, views, groups, roles, staff, settings: shop.c. */
enum err demo_make_shop(struct db_w *w, struct arena *a, struct demo_world *world) MUST_CHECK;
/* Categories and products: catalog.c. */
enum err demo_make_catalog(struct db_w *w, struct arena *a, struct demo_world *world) MUST_CHECK;
/* Tax rates, shipping prices and coupons: selling.c. */
enum err demo_make_selling(struct db_w *w, struct arena *a, const struct demo_world *world) MUST_CHECK;
/* The three customers that the documentation names, and the made-up ones: customers.c. */
enum err demo_make_named(struct db_w *w, struct arena *a, struct demo_world *world) MUST_CHECK;
enum err demo_make_customers(struct db_w *w, struct demo_world *world) MUST_CHECK;

#endif
