/* Shipping Rates: the grid, and the page of one. */
#include "access/access.h"
#include "gen/shipping_gate.h"
#include "gen/shipping_sql.h"
#include "gen/shipping_tpl.h"
#include "grid/grid.h"
#include "shop/tax/tax.h"

/* ---------------------------------------------------------------- the grid */

static enum err country_options(struct page *p, struct arena *a, struct html_option **ret, size_t *ret_n) {
    *ret = tax_country_options(a, p->lang, ret_n);
    return OK;
}

static const struct grid_col columns[] = {
    {.key = "id",
     .label = T("ID"),
     .kind = GRID_INT,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("r.id"),
     .sort = GRID_SQL("r.id"),
     .filter = GRID_RANGE},
    {.key = "website",
     .label = T("Website"),
     .kind = GRID_CHOICE_INT,
     .sql = GRID_SQL("r.website_id"),
     .sort = GRID_SQL("r.website_id"),
     .filter = GRID_PICK,
     .options = grid_website_options},
    {.key = "country",
     .label = T("Country"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("r.country"),
     .sort = GRID_SQL("r.country"),
     .filter = GRID_PICK,
     .options = country_options},
    {.key = "weight",
     .label = T("Weight from (g)"),
     .kind = GRID_INT,
     .sql = GRID_SQL("r.from_weight_g"),
     .sort = GRID_SQL("r.from_weight_g"),
     .filter = GRID_RANGE},
    {.key = "price",
     .label = T("Price"),
     .kind = GRID_MONEY,
     .sql = GRID_SQL("r.price_minor"),
     .sort = GRID_SQL("r.price_minor"),
     .filter = GRID_RANGE},
};

static const struct grid_link actions[] = {
    {.label = T("Edit"),
     .before = S_INIT("/admin/shipping-rates/"),
     .after = S_INIT(""),
     .right = RESOURCE_SHIPPING},
};

static const struct grid_def rates = {
    .name = "shipping-rates",
    .title = T("Shipping Rates"),
    .page = "admin_shipping_rates",
    .path = S_INIT("/admin/shipping-rates"),
    .export_path = S_INIT("/admin/shipping-rates/export"),
    .from = GRID_SQL("shipping_rate r JOIN website w ON w.id = r.website_id"),
    .where = GRID_SQL(GRID_IN_SCOPE("r.website_id")),
    .id = GRID_SQL("r.id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .sort = "country",
    .search = GRID_SQL("lower(r.country || ' ' || w.name)"),
    .search_label = T("Search by country code or website"),
    .actions = actions,
    .actions_n = COUNT_OF(actions),
    .row_name = "country",
    .empty = T("There are no shipping rates yet: delivery by weight is not offered."),
};

enum err page_admin_shipping_rates(struct page *p, const struct admin_shipping_rates_in *in) {
    (void)in;
    struct html o;
    const struct tpl_shipping_grid_actions v = {0};
    html_init(&o, p->arena, p->out->env, 16 * 1024);
    tpl_shipping_grid_actions(&o, &v);
    reply_actions(p->reply, html_take(&o));
    html_done(&o);
    return grid_page(p, &rates);
}

enum err page_admin_shipping_rates_export(struct page *p, const struct admin_shipping_rates_export_in *in) {
    (void)in;
    return grid_export(p, &rates);
}

/* ---------------------------------------------------------------- one rate */

enum err page_admin_shipping_rate_new(struct page *p, const struct admin_shipping_rate_new_in *in) {
    struct tpl_shipping_new v = {.country = S("*")};
    struct html_option *websites;
    i64 first = 0;
    (void)in;
    TRY(grid_website_options(p, p->arena, &websites, &v.websites_n));
    v.websites = websites;
    if (v.websites_n && str_to_i64(websites[0].value, &first)) v.website = first;
    v.countries = tax_country_options(p->arena, p->lang, &v.countries_n);
    reply_title(p->reply, i18n_get(p->lang, T("New Shipping Rate")));
    reply_menu(p->reply, "admin_shipping_rates");
    tpl_shipping_new(p->out, &v);
    return OK;
}

enum err page_admin_shipping_rate(struct page *p, const struct admin_shipping_rate_in *in) {
    struct shipping_get r;
    struct html_option *websites;
    TRY(shipping_get(p->db, in->id, &r));
    struct tpl_shipping_edit v = {.id = r.id,
                                  .website = r.website_id,
                                  .country = r.country,
                                  .weight = r.from_weight_g,
                                  .price = r.price_minor};
    TRY(grid_website_options(p, p->arena, &websites, &v.websites_n));
    v.websites = websites;
    v.countries = tax_country_options(p->arena, p->lang, &v.countries_n);
    const struct i18n_arg country = {S_INIT("country"), tax_country_name(p->lang, r.country)};
    reply_title(p->reply,
                i18n_format_message(p->arena, p->lang, T("Shipping Rate of {country}"), &country, 1));
    reply_menu(p->reply, "admin_shipping_rates");
    tpl_shipping_edit(p->out, &v);
    return OK;
}
