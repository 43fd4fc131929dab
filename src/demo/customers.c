/* Customers of the demo shop: the three that the documentation names, and any number of made-up ones. */
#include "demo/inside.h"
#include "gen/demo_sql.h"
#include "shop/customer/customer.h"

static enum err add_addresses(struct db_w *w, struct demo_world *world, const struct demo_customer *c,
                              i64 customer) {
    for (size_t i = 0; i < c->addresses; i++) {
        const struct demo_address *at = &c->person.address[i];
        TRY(demo_add_address(w, ++world->last.address, customer, c->person.firstname, c->person.lastname,
                             at->company, at->street1, at->street2, at->postcode, at->city, at->region,
                             at->country, at->telephone));
    }
    return OK;
}

/* The history that leads to what stands now, oldest first. */
static const struct {
    i64 n;
    bool granted[3];
} consents[] = {
    [CONSENT_NEVER] = {0, {false}},           [CONSENT_GIVEN] = {1, {true}},
    [CONSENT_WITHDRAWN] = {2, {true, false}}, [CONSENT_GIVEN_AGAIN] = {3, {true, false, true}},
    [CONSENT_BY_STAFF] = {1, {true}},
};

static enum err add_consents(struct db_w *w, struct arena *a, struct demo_world *world,
                             const struct demo_customer *c, i64 customer, struct demo_dice *d) {
    bool staff = c->consent == CONSENT_BY_STAFF;
    str by =
        staff ? S("Samir van der Heijden") : ARENA_CAT(a, c->person.firstname, S(" "), c->person.lastname);
    str ip = arena_printf(a, staff ? "198.51.100.%zu" : "203.0.113.%zu", 1 + demo_roll(d, 254));
    i64 at_us = c->created_us, left_us = DEMO_TODAY_US - c->created_us;
    for (i64 i = 0; i < consents[c->consent].n; i++) {
        left_us /= 2;
        at_us += left_us;
        TRY(demo_add_consent(w, ++world->last.consent, customer, consents[c->consent].granted[i], at_us,
                             staff ? OPT(world->staff[STAFF_SUPPORT]) : NONE, by,
                             staff ? S("admin") : S("account"), ip,
                             staff ? NONE : OPT(world->view[c->view])));
    }
    return OK;
}

static enum err add_cart(struct db_w *w, struct demo_world *world, const struct demo_customer *c,
                         i64 customer, struct demo_dice *d) {
    if (c->cart_items == 0) return OK;
    i64 cart = ++world->last.cart;
    TRY(demo_add_cart(w, cart, world->site[c->site], customer, c->updated_us));
    /* Walking on from a random product by a fixed stride never meets one twice within a few steps. */
    size_t at = demo_roll(d, world->products[c->site]);
    for (size_t i = 0; i < c->cart_items; i++) {
        i64 qty = demo_chance(d, 70) ? 1 : (i64)(2 + demo_roll(d, 5));
        TRY(demo_add_cart_item(w, cart, world->product[c->site][at], qty,
                               c->updated_us - (i64)i * US_MINUTE));
        at = (at + 3) % world->products[c->site];
    }
    return OK;
}

static enum err add_customer(struct db_w *w, struct arena *a, struct demo_world *world,
                             const struct demo_customer *c, i64 id, struct demo_dice *d) {
    const struct demo_person *p = &c->person;
    const str postcodes[] = {p->address[0].postcode, p->address[1].postcode};
    str words = customer_search_fold(a, p->firstname, p->lastname, c->email, p->address[0].telephone,
                                     postcodes, c->addresses);
    i64 address = world->last.address, consents_n = consents[c->consent].n;
    opt_i64 consent = consents_n ? OPT(world->last.consent + consents_n) : NONE;
    TRY(demo_add_customer(w, id, world->site[c->site], world->view[c->view], world->group[c->group], c->email,
                          p->firstname, p->lastname, words, p->address[0].telephone, world->customer_hash,
                          c->active, c->created_us, c->updated_us, c->last_login_us, address + 1,
                          address + (i64)c->addresses, consent));
    TRY(add_addresses(w, world, c, id));
    TRY(add_consents(w, a, world, c, id, d));
    return add_cart(w, world, c, id, d);
}

struct demo_customer demo_customer_named(struct arena *a, size_t i, struct demo_dice *ret_dice) {
    static const struct {
        str email, firstname, lastname;
        enum demo_site site;
        enum demo_view view;
        enum demo_consent consent;
    } named[DEMO_NAMED] = {
        {S_INIT("consents@example.com"), S_INIT("Sophie"), S_INIT("Janssen"), SITE_MAIN, VIEW_EN,
         CONSENT_GIVEN},
        {S_INIT("refuses@example.com"), S_INIT("Daniel"), S_INIT("O'Brien"), SITE_MAIN, VIEW_EN,
         CONSENT_NEVER},
        {S_INIT("outlet@example.com"), S_INIT("Noor"), S_INIT("El Amrani"), SITE_OUTLET, VIEW_OUTLET,
         CONSENT_GIVEN},
    };
    *ret_dice = demo_dice_of(i + 1);
    i64 n = (i64)i;
    struct demo_customer c = {
        .person = demo_person_make(a, ret_dice),
        .email = named[i].email,
        .site = named[i].site,
        .view = named[i].view,
        .group = GROUP_GENERAL,
        .consent = named[i].consent,
        .active = true,
        .addresses = 2,
        .created_us = DEMO_TODAY_US - (420 - 60 * n) * US_DAY + 11 * US_HOUR,
        .updated_us = DEMO_TODAY_US - (3 + n) * US_DAY + 14 * US_HOUR,
        .last_login_us = OPT(DEMO_TODAY_US - (1 + n) * US_DAY + 19 * US_HOUR),
        .cart_items = 2,
    };
    c.person.firstname = named[i].firstname;
    c.person.lastname = named[i].lastname;
    return c;
}

enum err demo_make_named(struct db_w *w, struct arena *a, struct demo_world *world) {
    for (size_t i = 0; i < DEMO_NAMED; i++) {
        struct demo_dice d;
        struct demo_customer c = demo_customer_named(a, i, &d);
        TRY(add_customer(w, a, world, &c, demo_named_id(i), &d));
    }
    return OK;
}

static enum demo_consent draw_consent(struct demo_dice *d) {
    size_t n = demo_roll(d, 100);
    if (n < 52) return CONSENT_NEVER;
    if (n < 84) return CONSENT_GIVEN;
    if (n < 91) return CONSENT_WITHDRAWN;
    return n < 95 ? CONSENT_GIVEN_AGAIN : CONSENT_BY_STAFF;
}

static enum demo_group draw_group(struct demo_dice *d) {
    size_t n = demo_roll(d, 100);
    if (n < 80) return GROUP_GENERAL;
    return n < 90 ? GROUP_WHOLESALE : GROUP_VIP;
}

/* Accounts were made over three years, in the order of their numbers. */
static i64 draw_created(struct demo_dice *d, i64 n, i64 total) {
    i64 span = 1080 * US_DAY;
    i64 day = span / US_DAY * n / total;
    i64 second = (i64)(7 * 3600 + demo_roll(d, 15 * 3600));
    return DEMO_TODAY_US - span + day * US_DAY + second * US_SECOND;
}

struct demo_customer demo_customer_drawn(struct arena *a, i64 n, i64 total, struct demo_dice *ret_dice) {
    *ret_dice = demo_dice_of((u64)n + 1000);
    struct demo_dice *d = ret_dice;
    struct demo_customer c = {.person = demo_person_make(a, d)};
    c.site = demo_chance(d, 80) ? SITE_MAIN : SITE_OUTLET;
    if (c.site == SITE_OUTLET)
        c.view = VIEW_OUTLET;
    else if (demo_chance(d, 12))
        c.view = VIEW_SECOND;
    else
        c.view = c.person.dutch ? VIEW_NL : VIEW_EN;
    c.group = draw_group(d);
    c.consent = draw_consent(d);
    c.active = !demo_chance(d, 5);
    c.addresses = demo_chance(d, 30) ? 2 : 1;
    c.email = demo_person_email(a, d, &c.person, n + 1);
    c.created_us = draw_created(d, n, total);
    i64 age_s = (DEMO_TODAY_US - c.created_us) / US_SECOND;
    c.updated_us = c.created_us + (i64)demo_roll(d, (size_t)age_s) * US_SECOND;
    if (demo_chance(d, 72))
        c.last_login_us = OPT(c.created_us + (i64)demo_roll(d, (size_t)age_s) * US_SECOND);
    if (demo_chance(d, 34)) c.cart_items = 1 + demo_roll(d, 4);
    return c;
}

enum err demo_make_customers(struct db_w *w, struct demo_world *world) {
    enum { TOGETHER = 64 }; /* in memory */
    struct arena *a = arena_make();
    enum err e = OK;
    for (i64 n = 0; n < world->customers && !e; n++) {
        struct demo_dice d;
        if (n % TOGETHER == 0) arena_reset(a);
        struct demo_customer c = demo_customer_drawn(a, n, world->customers, &d);
        e = add_customer(w, a, world, &c, demo_drawn_id(n), &d);
    }
    arena_free(a);
    return e;
}
