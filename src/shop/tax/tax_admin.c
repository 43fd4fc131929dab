/* Tax Rates: the grid, and the page of one. */
#include "grid/grid.h"
#include "shop/tax/tax_inside.h"

/* ---------------------------------------------------------------- the grid */

static enum err country_options(struct page *p, struct arena *a, struct html_option **ret, size_t *ret_n) {
    *ret = tax_country_options(a, p->lang, ret_n);
    return OK;
}

static const struct grid_choice classes[] = {
    {S_INIT("standard"), T("Standard"), NULL},
    {S_INIT("reduced"), T("Reduced"), NULL},
    {S_INIT("zero"), T("Zero"), NULL},
};

static const struct grid_col columns[] = {
    {.key = "id",
     .label = T("ID"),
     .kind = GRID_INT,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("t.id"),
     .sort = GRID_SQL("t.id"),
     .filter = GRID_RANGE},
    {.key = "country",
     .label = T("Country"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("t.country"),
     .sort = GRID_SQL("t.country"),
     .filter = GRID_PICK,
     .options = country_options},
    {.key = "class",
     .label = T("Tax Class"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("t.tax_class"),
     .sort = GRID_SQL("t.tax_class"),
     .filter = GRID_PICK,
     .choices = classes,
     .choices_n = COUNT_OF(classes)},
    {.key = "rate",
     .label = T("Rate"),
     .sql =
         GRID_SQL("CAST(t.rate_bp / 100 AS TEXT) || '.' || substr(CAST(100 + t.rate_bp % 100 AS TEXT), 2) || "
                  "' %'")},
    {.key = "name",
     .label = T("Name"),
     .sql = GRID_SQL("t.name"),
     .sort = GRID_SQL("t.name"),
     .filter = GRID_CONTAINS,
     .match = GRID_SQL("lower(t.name)")},
};

static const struct grid_link actions[] = {
    {.label = T("Edit"), .before = S_INIT("/admin/tax-rates/"), .after = S_INIT(""), .right = RESOURCE_TAX},
};

static const struct grid_def rates = {
    .name = "tax-rates",
    .title = T("Tax Rates"),
    .page = "admin_tax_rates",
    .path = S_INIT("/admin/tax-rates"),
    .export_path = S_INIT("/admin/tax-rates/export"),
    .from = GRID_SQL("tax_rate t"),
    .id = GRID_SQL("t.id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .sort = "country",
    .search = GRID_SQL("lower(t.country || ' ' || t.name || ' ' || t.tax_class)"),
    .search_label = T("Search by country code, name or class"),
    .actions = actions,
    .actions_n = COUNT_OF(actions),
    .row_name = "name",
    .empty = T("There are no tax rates yet: nothing is taxed."),
};

enum err page_admin_tax_rates(struct page *p, const struct admin_tax_rates_in *in) {
    (void)in;
    struct html o;
    const struct tpl_tax_grid_actions v = {.may_change = tax_may_change(p->actor)};
    html_init(&o, p->arena, p->out->env, 16 * 1024);
    tpl_tax_grid_actions(&o, &v);
    reply_actions(p->reply, html_take(&o));
    html_done(&o);
    return grid_page(p, &rates);
}

enum err page_admin_tax_rates_export(struct page *p, const struct admin_tax_rates_export_in *in) {
    (void)in;
    return grid_export(p, &rates);
}

/* ---------------------------------------------------------------- one rate */

enum err page_admin_tax_rate_new(struct page *p, const struct admin_tax_rate_new_in *in) {
    (void)in;
    struct tpl_tax_new v = {.country = S("*"), .tax_class = S("standard"), .name = S("")};
    v.countries = tax_country_options(p->arena, p->lang, &v.countries_n);
    reply_title(p->reply, i18n_get(p->lang, T("New Tax Rate")));
    reply_menu(p->reply, "admin_tax_rates");
    tpl_tax_new(p->out, &v);
    return OK;
}

enum err page_admin_tax_rate(struct page *p, const struct admin_tax_rate_in *in) {
    struct tax_get t;
    TRY(tax_get(p->db, in->id, &t));
    struct tpl_tax_edit v = {
        .id = t.id,
        .may_change = tax_may_change(p->actor),
        .country = t.country,
        .tax_class = t.tax_class,
        .name = t.name,
        .rate = t.rate_bp,
    };
    v.countries = tax_country_options(p->arena, p->lang, &v.countries_n);
    const struct i18n_arg country = {S_INIT("country"), tax_country_name(p->lang, t.country)};
    reply_title(p->reply, i18n_format_message(p->arena, p->lang, T("Tax Rate of {country}"), &country, 1));
    reply_menu(p->reply, "admin_tax_rates");
    tpl_tax_edit(p->out, &v);
    return OK;
}
