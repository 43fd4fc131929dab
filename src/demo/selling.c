/* What the demo shop sells by: tax rates, the table of shipping prices, coupons. */
#include "demo/inside.h"
#include "gen/demo_selling_sql.h"
#include "i18n/i18n.h"

/* Basis points. "*": every country without a row of its own. */
static const struct {
    str country, name;
    i64 standard, reduced, zero;
} taxes[] = {
    {S_INIT("NL"), S_INIT("Netherlands"), 2100, 900, 0}, {S_INIT("BE"), S_INIT("Belgium"), 2100, 600, 0},
    {S_INIT("DE"), S_INIT("Germany"), 1900, 700, 0},     {S_INIT("FR"), S_INIT("France"), 2000, 550, 0},
    {S_INIT("LU"), S_INIT("Luxembourg"), 1700, 800, 0},  {S_INIT("AT"), S_INIT("Austria"), 2000, 1000, 0},
    {S_INIT("GB"), S_INIT("Export"), 0, 0, 0},           {S_INIT("CH"), S_INIT("Export"), 0, 0, 0},
    {S_INIT("NO"), S_INIT("Export"), 0, 0, 0},           {S_INIT("US"), S_INIT("Export"), 0, 0, 0},
    {S_INIT("*"), S_INIT("Home rate"), 2100, 900, 0},
};

static enum err make_taxes(struct db_w *w, struct arena *a) {
    for (size_t i = 0; i < COUNT_OF(taxes); i++) {
        const struct {
            str word, title;
            i64 rate_bp;
        } classes[] = {{S("standard"), S("standard"), taxes[i].standard},
                       {S("reduced"), S("reduced"), taxes[i].reduced},
                       {S("zero"), S("zero"), taxes[i].zero}};
        for (size_t k = 0; k < COUNT_OF(classes); k++)
            TRY(demo_add_tax_rate(w, classes[k].word, taxes[i].country,
                                  ARENA_CAT(a, taxes[i].name, S(", "), classes[k].title), classes[k].rate_bp,
                                  NULL));
    }
    return OK;
}

/* Prices in cents for parcels from these weights on. */
enum { STEPS = 4 };
static const i64 from_weight_g[STEPS] = {0, 2000, 10000, 23000};
static const struct {
    enum demo_site site;
    str country;
    i64 price[STEPS];
} parcels[] = {
    {SITE_MAIN, S_INIT("NL"), {395, 595, 895, 1495}},     {SITE_MAIN, S_INIT("BE"), {595, 795, 1195, 1995}},
    {SITE_MAIN, S_INIT("DE"), {595, 795, 1295, 2195}},    {SITE_MAIN, S_INIT("FR"), {795, 1095, 1695, 2795}},
    {SITE_MAIN, S_INIT("LU"), {795, 1095, 1695, 2795}},   {SITE_MAIN, S_INIT("*"), {1495, 2495, 4495, 7995}},
    {SITE_OUTLET, S_INIT("NL"), {495, 695, 1095, 1795}},  {SITE_OUTLET, S_INIT("BE"), {695, 895, 1495, 2395}},
    {SITE_OUTLET, S_INIT("*"), {1695, 2795, 4995, 8995}},
};

static enum err make_parcels(struct db_w *w, const struct demo_world *world) {
    for (size_t i = 0; i < COUNT_OF(parcels); i++)
        for (size_t k = 0; k < STEPS; k++)
            TRY(demo_add_shipping_rate(w, world->site[parcels[i].site], parcels[i].country, from_weight_g[k],
                                       parcels[i].price[k], NULL));
    return OK;
}

/* Zero stands for no limit, SITE_MAX for every website, `days` for until when from today on. */
static const struct {
    str code, name, kind;
    enum demo_site site;
    i64 value, minimum, days, uses_max, per_customer;
} coupons[] = {
    {S_INIT("WELCOME10"), S_INIT("Welcome, 10 % off"), S_INIT("percent"), SITE_MAX, 1000, 0, 0, 0, 0},
    {S_INIT("SAVE5"), S_INIT("5 off from 50"), S_INIT("fixed"), SITE_MAX, 500, 5000, 0, 0, 0},
    {S_INIT("FREESHIP"), S_INIT("Free shipping"), S_INIT("free_shipping"), SITE_MAX, 0, 0, 0, 0, 0},
    {S_INIT("EXPIRED"), S_INIT("Summer sale 2026"), S_INIT("percent"), SITE_MAX, 2500, 0, -60, 0, 0},
    {S_INIT("ONCE"), S_INIT("15 % off, once per customer"), S_INIT("percent"), SITE_MAX, 1500, 0, 0, 0, 1},
    {S_INIT("FIRST100"), S_INIT("For the first hundred"), S_INIT("fixed"), SITE_MAIN, 1000, 4000, 0, 100, 1},
    {S_INIT("OUTLET20"), S_INIT("Outlet, 20 % off"), S_INIT("percent"), SITE_OUTLET, 2000, 0, 0, 0, 0},
};

static opt_i64 limit(i64 n) {
    return n ? OPT(n) : NONE;
}

static enum err make_coupons(struct db_w *w, struct arena *a, const struct demo_world *world) {
    for (size_t i = 0; i < COUNT_OF(coupons); i++) {
        opt_i64 site = coupons[i].site == SITE_MAX ? NONE : OPT(world->site[coupons[i].site]);
        opt_i64 until = coupons[i].days ? OPT(DEMO_TODAY_US + coupons[i].days * US_DAY) : NONE;
        TRY(demo_add_coupon(w, coupons[i].code, i18n_casefold(a, coupons[i].code), coupons[i].name, site,
                            coupons[i].kind, coupons[i].value, coupons[i].minimum, until,
                            limit(coupons[i].uses_max), limit(coupons[i].per_customer),
                            DEMO_TODAY_US - (i64)(120 - i) * US_DAY, NULL));
    }
    return OK;
}

enum err demo_make_selling(struct db_w *w, struct arena *a, const struct demo_world *world) {
    TRY(make_taxes(w, a));
    TRY(make_parcels(w, world));
    return make_coupons(w, a, world);
}
