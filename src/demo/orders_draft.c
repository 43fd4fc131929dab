/* An order as it was placed: who buys, what, how it is sent and paid, and what it costs. The rules are those
 * of docs/money.md; the prices, rates and coupons are the shop's own. */
#include "demo/orders.h"

const str demo_shipping_codes[SHIP_MAX] = {S_INIT("flat"), S_INIT("free"), S_INIT("table")};
const str demo_payment_codes[PAY_MAX] = {S_INIT("bank_transfer"), S_INIT("cash_on_delivery"),
                                         S_INIT("purchase_order"), S_INIT("sandbox")};
const str demo_shipping_titles[SHIP_MAX] = {T("Flat Rate"), T("Free Shipping"), T("Delivery by weight")};
const str demo_payment_titles[PAY_MAX] = {T("Bank transfer"), T("Cash on delivery"),
                                          T("Purchase order on account"), T("Pay online")};

#define FLAT_PRICE       495                            /* what carriers/flat/price says */
#define FREE_FROM        7500                           /* carriers/free/from */
#define OUTLET_INCLUDING (DEMO_TODAY_US - 500 * US_DAY) /* the Outlet's prices were without tax before */

enum err demo_ledger_read(struct db_r *r, struct arena *a, const struct demo_world *world, i64 orders,
                          struct demo_ledger *ret) {
    struct demo_goods *goods;
    size_t n;
    *ret = (struct demo_ledger){.world = world, .orders = orders};
    TRY(demo_goods(r, world->group[GROUP_WHOLESALE], world->group[GROUP_VIP], &goods, &n));
    TRY(demo_tax_rates(r, &ret->taxes, &ret->taxes_n));
    TRY(demo_shipping_rates(r, &ret->parcels, &ret->parcels_n));
    TRY(demo_coupons(r, &ret->coupons, &ret->coupons_n));
    TRY(demo_plan_visits(r, a, ret));
    for (size_t i = 0; i < n; i++) {
        enum demo_site site = goods[i].website_id == world->site[SITE_MAIN] ? SITE_MAIN : SITE_OUTLET;
        if (ret->goods_n[site]++ == 0) ret->goods[site] = &goods[i]; /* they come website by website */
    }
    return OK;
}

/* ---- who ---- */

static void take_customer(const struct demo_customer *c, i64 id, struct demo_order *o) {
    o->customer_id = OPT(id);
    o->site = c->site;
    o->view = c->view;
    o->group = c->group;
    o->person = c->person;
    o->email = c->email;
}

/* Somebody whose account was there already; older accounts bought more often. False when there is none. */
static bool draw_customer(struct arena *a, const struct demo_ledger *l, struct demo_dice *d,
                          struct demo_order *o) {
    i64 total = l->world->customers;
    i64 there = sales_share(total, MAX_OF(o->at_us - (DEMO_TODAY_US - 1080 * US_DAY), 0), 1080 * US_DAY);
    there = MIN_OF(there, total);
    if (there <= 0) return false;
    i64 n = (i64)demo_roll(d, 1 + demo_roll(d, (size_t)there));
    struct demo_dice own;
    struct demo_customer c = demo_customer_drawn(a, n, total, &own);
    if (c.created_us >= o->at_us) return false;
    take_customer(&c, demo_drawn_id(n), o);
    o->elsewhere = c.addresses == 2 && demo_chance(d, 30);
    /* Some shop in another view of their website now and then. */
    if (o->view == VIEW_EN && demo_chance(d, 6)) o->view = VIEW_SECOND;
    return true;
}

static void draw_guest(struct arena *a, struct demo_dice *d, struct demo_order *o) {
    static const enum demo_view outlet[] = {VIEW_OUTLET}, dutch[] = {VIEW_NL, VIEW_NL, VIEW_NL, VIEW_SECOND},
                                others[] = {VIEW_EN, VIEW_EN, VIEW_EN, VIEW_SECOND};
    o->guest = true;
    o->person = demo_person_make(a, d);
    o->email = demo_person_email(a, d, &o->person, (i64)(1900 + demo_roll(d, 100)));
    o->group = GROUP_GENERAL;
    o->site = demo_chance(d, 75) ? SITE_MAIN : SITE_OUTLET;
    o->view = o->site == SITE_OUTLET ? outlet[0]
              : o->person.dutch      ? dutch[demo_roll(d, COUNT_OF(dutch))]
                                     : others[demo_roll(d, COUNT_OF(others))];
    o->elsewhere = demo_chance(d, 15);
}

static void take_plan(struct arena *a, const struct demo_plan *p, struct demo_order *o) {
    struct demo_dice own;
    struct demo_customer c = demo_customer_named(a, p->named, &own);
    take_customer(&c, demo_named_id(p->named), o);
    o->view = p->view;
    o->story = p->story;
    o->payment = p->payment;
}

static void take_visit(struct arena *a, const struct demo_ledger *l, const struct demo_visit *v,
                       struct demo_order *o) {
    struct demo_dice own;
    struct demo_customer c = demo_customer_drawn(a, v->drawn, l->world->customers, &own);
    take_customer(&c, v->customer.id, o);
    o->visit = v;
}

static i64 placed_at(const struct demo_ledger *l, struct demo_source from) {
    if (from.kind == SOURCE_PLANNED) return demo_plan_at((size_t)from.n);
    if (from.kind == SOURCE_VISIT) return l->visits[from.n].order_us.v;
    return demo_order_at(from.n, l->orders);
}

/* ---- what ---- */

static i64 draw_qty(struct demo_dice *d, enum demo_group group) {
    if (group == GROUP_WHOLESALE) return (i64)(4 + demo_roll(d, 21));
    return demo_chance(d, 66) ? 1 : (i64)(2 + demo_roll(d, 5));
}

static i64 price_for(const struct demo_goods *g, enum demo_group group) {
    return group == GROUP_WHOLESALE ? g->wholesale : group == GROUP_VIP ? g->vip : g->price;
}

/* One to six products; never one twice, because the walk is shorter than the shelf. */
static void draw_items(const struct demo_ledger *l, struct demo_dice *d, size_t least, struct demo_order *o) {
    static const size_t counts[] = {1, 1, 1, 2, 2, 2, 3, 3, 4, 6};
    size_t shelf = l->goods_n[o->site], at = demo_roll(d, shelf);
    size_t n = counts[demo_roll(d, COUNT_OF(counts))];
    n = MIN_OF(MAX_OF(n, least), shelf);
    for (size_t i = 0; i < n; i++, at = (at + 1 + demo_roll(d, shelf / DEMO_ITEMS)) % shelf) {
        const struct demo_goods *g = &l->goods[o->site][at];
        struct sales_item *it = &o->items[i];
        o->goods[i] = g;
        *it = (struct sales_item){.product_id = g->id,
                                  .weight_g = g->weight_g,
                                  .price = price_for(g, o->group),
                                  .ordered = draw_qty(d, o->group)};
        it->row = it->price * it->ordered;
        o->sales.totals.subtotal += it->row;
        o->weight_g += g->weight_g * it->ordered;
    }
    o->sales.items_n = n;
}

/* ---- what it costs ---- */

static i64 tax_bp(const struct demo_ledger *l, str class, str country) {
    i64 elsewhere = 0;
    for (size_t i = 0; i < l->taxes_n; i++) {
        if (!str_eq(l->taxes[i].tax_class, class)) continue;
        if (str_eq(l->taxes[i].country, country)) return l->taxes[i].rate_bp;
        if (str_eq(l->taxes[i].country, S("*"))) elsewhere = l->taxes[i].rate_bp;
    }
    return elsewhere;
}

static const struct demo_coupons *draw_coupon(const struct demo_ledger *l, struct demo_dice *d,
                                              const struct demo_order *o) {
    size_t first = l->coupons_n ? demo_roll(d, l->coupons_n) : 0;
    for (size_t i = 0; i < l->coupons_n; i++) {
        const struct demo_coupons *c = &l->coupons[(first + i) % l->coupons_n];
        bool here = !c->website_id.set || c->website_id.v == l->world->site[o->site];
        bool now =
            (!c->from_us.set || c->from_us.v <= o->at_us) && (!c->until_us.set || o->at_us < c->until_us.v);
        if (here && now && o->sales.totals.subtotal >= c->minimum) return c;
    }
    return NULL;
}

static void take_discount(struct demo_order *o) {
    i64 weights[DEMO_ITEMS], shares[DEMO_ITEMS], subtotal = o->sales.totals.subtotal, discount = 0;
    if (o->coupon && str_eq(o->coupon->kind, S("percent")))
        discount = sales_share(subtotal, o->coupon->value, 10000);
    if (o->coupon && str_eq(o->coupon->kind, S("fixed"))) discount = MIN_OF(o->coupon->value, subtotal);
    for (size_t i = 0; i < o->sales.items_n; i++)
        weights[i] = o->items[i].row;
    sales_spread(discount, weights, shares, o->sales.items_n);
    for (size_t i = 0; i < o->sales.items_n; i++)
        o->items[i].discount = shares[i];
    o->sales.totals.discount = discount;
}

/* The price of "by weight and country"; false where that does not go. */
static bool table_price(const struct demo_ledger *l, const struct demo_order *o, str country, i64 *ret) {
    static const str everywhere = S_INIT("*");
    const str places[] = {country, everywhere};
    for (size_t k = 0; k < COUNT_OF(places); k++)
        for (size_t i = 0; i < l->parcels_n; i++) {
            const struct demo_shipping_rates *r = &l->parcels[i];
            if (r->website_id != l->world->site[o->site] || !str_eq(r->country, places[k])) continue;
            *ret = r->price;
            if (r->from_weight_g <= o->weight_g) return true;
        }
    return false;
}

static void draw_shipping(const struct demo_ledger *l, struct demo_dice *d, str country,
                          struct demo_order *o) {
    i64 price = 0, goods = o->sales.totals.subtotal - o->sales.totals.discount;
    bool coupon = o->coupon && str_eq(o->coupon->kind, S("free_shipping"));
    bool by_table = demo_chance(d, str_eq(country, S("NL")) ? 30 : 80);
    if (goods >= FREE_FROM && demo_chance(d, 92)) {
        o->shipping = SHIP_FREE;
    } else if (by_table && table_price(l, o, country, &price)) {
        o->shipping = SHIP_TABLE;
    } else {
        o->shipping = SHIP_FLAT;
        price = FLAT_PRICE;
    }
    o->sales.totals.shipping = coupon ? 0 : price;
}

static void sum_up(const struct demo_ledger *l, str country, struct demo_order *o) {
    struct sales_totals *t = &o->sales.totals;
    bool incl = o->sales.prices_incl;
    t->tax = t->shipping_tax = sales_tax(t->shipping, tax_bp(l, S("standard"), country), incl);
    for (size_t i = 0; i < o->sales.items_n; i++) {
        struct sales_item *it = &o->items[i];
        o->tax_bp[i] = tax_bp(l, o->goods[i]->tax_class, country);
        it->tax = sales_tax(it->row - it->discount, o->tax_bp[i], incl);
        t->tax += it->tax;
    }
    t->total = t->subtotal - t->discount + t->shipping + (incl ? 0 : t->tax);
}

/* ---- how it is paid, and what became of it ---- */

static enum demo_payment draw_payment(struct demo_dice *d, enum demo_group group) {
    size_t n = demo_roll(d, 100);
    if (group == GROUP_WHOLESALE && n < 70) return PAY_PO;
    return n < 48 ? PAY_ONLINE : n < 84 ? PAY_BANK : PAY_COD;
}

static enum demo_story draw_story(struct demo_dice *d, enum demo_payment payment) {
    static const size_t weights[STORY_MAX] = {
        [STORY_COMPLETE] = 560, [STORY_SPLIT] = 110,    [STORY_RETURNED] = 90, [STORY_CLOSED] = 55,
        [STORY_CANCELED] = 55,  [STORY_CUT] = 25,       [STORY_RELEASED] = 20, [STORY_HELD] = 12,
        [STORY_NEW] = 15,       [STORY_INVOICED] = 12,  [STORY_SHIPPED] = 8,   [STORY_HALF] = 20,
        [STORY_UNPAID] = 0,     [STORY_ABANDONED] = 18,
    };
    size_t n = demo_roll(d, 1000), story = 0;
    while (n >= weights[story])
        n -= weights[story++];
    bool online = payment == PAY_ONLINE;
    if (story == STORY_ABANDONED && !online) return STORY_CANCELED;
    if (story == STORY_SHIPPED && online) return STORY_INVOICED;
    return (enum demo_story)story;
}

static void draw_rest(const struct demo_ledger *l, struct demo_source from, struct demo_dice *d,
                      struct demo_order *o) {
    if (from.kind != SOURCE_PLANNED) {
        o->payment = draw_payment(d, o->group);
        /* What needs the customer at the provider's, staff cannot do. */
        if (o->visit && o->payment == PAY_ONLINE) o->payment = PAY_BANK;
        o->story = draw_story(d, o->payment);
        /* Those who are at the provider's at this moment. */
        if (o->payment == PAY_ONLINE && DEMO_TODAY_US - o->at_us < 8 * US_HOUR) o->story = STORY_UNPAID;
    }
    bool wants_coupon = from.kind == SOURCE_PLANNED ? demo_plans[from.n].coupon : demo_chance(d, 13);
    if (wants_coupon) o->coupon = draw_coupon(l, d, o);
}

void demo_order_draft(struct arena *a, const struct demo_ledger *l, struct demo_source from,
                      struct demo_order *ret, struct demo_dice *ret_dice) {
    struct demo_order *o = ret;
    *ret_dice = demo_dice_of(((u64)from.kind + 3) * 10000000000u + (u64)from.n);
    struct demo_dice *d = ret_dice;
    *o = (struct demo_order){.at_us = placed_at(l, from)};
    if (from.kind == SOURCE_PLANNED)
        take_plan(a, &demo_plans[from.n], o);
    else if (from.kind == SOURCE_VISIT)
        take_visit(a, l, &l->visits[from.n], o);
    else if (demo_chance(d, 15) || !draw_customer(a, l, d, o))
        draw_guest(a, d, o);
    o->lang = o->view == VIEW_NL ? LANG_NL : LANG_EN;
    o->ip = o->visit ? o->visit->ip : arena_printf(a, "203.0.113.%zu", 1 + demo_roll(d, 254));
    o->key = arena_printf(a, "demo-%d-%lld", from.kind, (long long)from.n);
    o->sales.items = o->items;
    o->sales.held_state = SALES_STATE_MAX;
    o->sales.prices_incl = o->site == SITE_MAIN || o->at_us >= OUTLET_INCLUDING;
    draw_items(l, d, from.kind == SOURCE_PLANNED ? 2 : 1, o);
    draw_rest(l, from, d, o);
    if (o->payment == PAY_PO)
        o->purchase_order = arena_printf(a, "PO-%zu-%04zu", 24 + demo_roll(d, 3), demo_roll(d, 10000));
    else
        o->purchase_order = S("");
    str country = o->person.address[o->elsewhere].country;
    take_discount(o);
    draw_shipping(l, d, country, o);
    sum_up(l, country, o);
    o->sales.state = o->payment == PAY_ONLINE ? SALES_PENDING_PAYMENT : SALES_PENDING;
    o->updated_us = o->at_us;
}
