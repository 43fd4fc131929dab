/* Categories and products of the demo shop, from categories.def and products.def. */
#include "demo/draw.h"
#include "demo/inside.h"
#include "gen/demo_sql.h"
#include "i18n/i18n.h"

enum category {
    CATEGORY_NONE = -1,
#define CATEGORY(id, ...) CATEGORY_##id,
#include "demo/categories.def"
#undef CATEGORY
    CATEGORY_MAX
};

/* A line at the end of a description that says what the thing is made of and how to keep it. */
enum care {
    CARE_CERAMIC,
    CARE_GLASS,
    CARE_STEEL,
    CARE_IRON,
    CARE_METAL,
    CARE_WOOD,
    CARE_LINEN,
    CARE_WOOL,
    CARE_ELECTRIC,
    CARE_PLANT,
    CARE_BAG,
    CARE_FOOD,
    CARE_MAX
};

static const struct {
    str en, nl;
} cares[CARE_MAX] = {
    [CARE_CERAMIC] = {S_INIT("Stoneware; safe in the dishwasher and the microwave."),
                      S_INIT("Steengoed; geschikt voor vaatwasser en magnetron.")},
    [CARE_GLASS] = {S_INIT("Glass; dishwasher up to 55 °C, or by hand."),
                    S_INIT("Glas; vaatwasser tot 55 °C, of met de hand.")},
    [CARE_STEEL] = {S_INIT("Stainless steel; wash by hand to keep the finish."),
                    S_INIT("Roestvrij staal; met de hand afwassen houdt het mooi.")},
    [CARE_IRON] = {S_INIT("Cast iron or carbon steel; dry it well and oil it now and then."),
                   S_INIT("Gietijzer of koolstofstaal; goed drogen en af en toe invetten.")},
    [CARE_METAL] = {S_INIT("Coated steel; wipe with a damp cloth."),
                    S_INIT("Gecoat staal; afnemen met een vochtige doek.")},
    [CARE_WOOD] = {S_INIT("Wood from managed European forests; a little oil once a year."),
                   S_INIT("Hout uit beheerde Europese bossen; eens per jaar een beetje olie.")},
    [CARE_LINEN] = {S_INIT("Linen and cotton; wash at 60 °C, iron if you must."),
                    S_INIT("Linnen en katoen; wassen op 60 °C, strijken als het moet.")},
    [CARE_WOOL] = {S_INIT("Pure wool; air it often, wash it cold."),
                   S_INIT("Zuivere wol; vaak luchten, koud wassen.")},
    [CARE_ELECTRIC] = {S_INIT("E27 socket, bulb included, two years' guarantee."),
                       S_INIT("E27-fitting, inclusief lamp, twee jaar garantie.")},
    [CARE_PLANT] = {S_INIT("Sent in a box that keeps it upright; a card with its wishes comes along."),
                    S_INIT("Verzonden in een doos die hem rechtop houdt; met een kaartje met zijn wensen.")},
    [CARE_BAG] = {S_INIT("Cotton canvas; brush it dry, never tumble."),
                  S_INIT("Katoencanvas; droog borstelen, nooit in de droger.")},
    [CARE_FOOD] = {S_INIT("Made in small batches; keep it dry and out of the sun."),
                   S_INIT("In kleine partijen gemaakt; droog en uit de zon bewaren.")},
};

static const struct {
    str site, key;
    int parent;
    i64 position;
    str name[2], text[2]; /* English, Dutch */
} categories[CATEGORY_MAX] = {
#define CATEGORY(id, site, key, parent, position, en, nl, text_en, text_nl)                                  \
    {S_INIT(site),                                                                                           \
     S_INIT(key),                                                                                            \
     CATEGORY_##parent,                                                                                      \
     position,                                                                                               \
     {S_INIT(en), S_INIT(nl)},                                                                               \
     {S_INIT(text_en), S_INIT(text_nl)}},
#include "demo/categories.def"
#undef CATEGORY
};

static const struct product {
    enum category category;
    enum draw_kind kind;
    enum draw_palette palette;
    enum draw_pattern pattern;
    enum care care;
    i64 price_minor, stock;
    str key;
    str name[2], summary[2], text[2]; /* English, Dutch */
} products[] = {
#define PRODUCT(category, kind, palette, pattern, care, price, stock, key, en, nl, sum_en, sum_nl, text_en,  \
                text_nl)                                                                                     \
    {CATEGORY_##category,                                                                                    \
     DRAW_##kind,                                                                                            \
     DRAW_##palette,                                                                                         \
     DRAW_##pattern,                                                                                         \
     CARE_##care,                                                                                            \
     price,                                                                                                  \
     stock,                                                                                                  \
     S_INIT(key),                                                                                            \
     {S_INIT(en), S_INIT(nl)},                                                                               \
     {S_INIT(sum_en), S_INIT(sum_nl)},                                                                       \
     {S_INIT(text_en), S_INIT(text_nl)}},
#include "demo/products.def"
#undef PRODUCT
};
_Static_assert(COUNT_OF(products) <= DEMO_PRODUCTS_MAX, "the world has room for every product");

static const str langs[2] = {S_INIT("en"), S_INIT("nl")};

static enum demo_site site_of(enum category category) {
    return str_eq(categories[category].site, S("main")) ? SITE_MAIN : SITE_OUTLET;
}

static enum err make_categories(struct db_w *w, const struct demo_world *world, i64 ids[CATEGORY_MAX]) {
    for (size_t i = 0; i < CATEGORY_MAX; i++) {
        int parent = categories[i].parent;
        struct demo_add_category row;
        TRY(demo_add_category(w, parent == CATEGORY_NONE ? NONE : OPT(ids[parent]),
                              world->site[site_of((enum category)i)], categories[i].key,
                              categories[i].position, &row));
        ids[i] = row.id;
        for (size_t l = 0; l < 2; l++)
            TRY(demo_add_category_text(w, row.id, langs[l], categories[i].name[l], categories[i].text[l],
                                       NULL));
    }
    return OK;
}

static enum err add_texts(struct db_w *w, struct arena *a, const struct product *p, i64 id, str sku) {
    for (size_t l = 0; l < 2; l++) {
        str text = ARENA_CAT(a, p->text[l], S("\n"), l ? cares[p->care].nl : cares[p->care].en);
        str words = ARENA_CAT(a, p->name[l], S(" "), p->summary[l], S(" "), p->text[l], S(" "), sku);
        TRY(demo_add_product_text(w, id, langs[l], p->name[l], p->summary[l], text, i18n_fold(a, words),
                                  NULL));
    }
    return OK;
}

/* In its own category, in the one above it, and the outlet's rare things among the last pieces too. */
static enum err add_to_categories(struct db_w *w, const struct product *p, i64 id,
                                  const i64 ids[CATEGORY_MAX], i64 position) {
    TRY(demo_add_product_category(w, ids[p->category], id, position, NULL));
    int parent = categories[p->category].parent;
    if (parent != CATEGORY_NONE) TRY(demo_add_product_category(w, ids[parent], id, position, NULL));
    if (site_of(p->category) == SITE_OUTLET && p->category != CATEGORY_OUTLET_LAST && p->stock <= 8)
        TRY(demo_add_product_category(w, ids[CATEGORY_OUTLET_LAST], id, position, NULL));
    return OK;
}

/* In grams, to the next ten: what the material weighs, and the dearer the larger. */
static i64 weight_of(const struct product *p) {
    static const i64 materials[CARE_MAX] = {
        [CARE_CERAMIC] = 450,  [CARE_GLASS] = 300,  [CARE_STEEL] = 500, [CARE_IRON] = 1800,
        [CARE_METAL] = 900,    [CARE_WOOD] = 600,   [CARE_LINEN] = 250, [CARE_WOOL] = 400,
        [CARE_ELECTRIC] = 900, [CARE_PLANT] = 1500, [CARE_BAG] = 350,   [CARE_FOOD] = 520,
    };
    return (materials[p->care] + p->price_minor / 12 + 9) / 10 * 10;
}

/* Food and plants are taxed at the reduced rate. */
static str tax_class_of(const struct product *p) {
    return p->care == CARE_FOOD || p->care == CARE_PLANT ? S("reduced") : S("standard");
}

/* A share of the price, rounded to five cents. */
static i64 share(i64 price, i64 percent) {
    return (price * percent + 250) / 500 * 5;
}

static enum err add_group_prices(struct db_w *w, const struct demo_world *world, const struct product *p,
                                 i64 id, size_t row) {
    if (row % 2 == 0)
        TRY(demo_add_group_price(w, id, world->group[GROUP_WHOLESALE], share(p->price_minor, 75), NULL));
    if (row % 3 == 0)
        TRY(demo_add_group_price(w, id, world->group[GROUP_VIP], share(p->price_minor, 90), NULL));
    return OK;
}

enum err demo_make_catalog(struct db_w *w, struct arena *a, struct demo_world *world) {
    i64 ids[CATEGORY_MAX];
    TRY(make_categories(w, world, ids));
    memset(world->products, 0, sizeof world->products);
    for (size_t i = 0; i < COUNT_OF(products); i++) {
        const struct product *p = &products[i];
        enum demo_site site = site_of(p->category);
        str sku = arena_printf(a, "%s-%04zu", site == SITE_MAIN ? "HH" : "OUT", 1001 + i);
        i64 created_us = DEMO_TODAY_US - (i64)((i * 37) % 400 + 5) * US_DAY + (i64)i * US_MINUTE;
        str picture = draw_picture(a, p->kind, p->palette, p->pattern, (unsigned)i);
        struct demo_add_product row;
        TRY(demo_add_product(w, sku, p->key, p->price_minor, p->stock, picture, weight_of(p), tax_class_of(p),
                             created_us, &row));
        TRY(demo_add_product_website(w, row.id, world->site[site], NULL));
        TRY(add_texts(w, a, p, row.id, sku));
        TRY(add_to_categories(w, p, row.id, ids, (i64)i + 1));
        TRY(add_group_prices(w, world, p, row.id, i));
        if (p->stock) world->product[site][world->products[site]++] = row.id;
    }
    return OK;
}
