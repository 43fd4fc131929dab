/* Coupons: the grid, and the page of one. */
#include "grid/grid.h"
#include "shop/coupon/coupon_inside.h"

/* ---------------------------------------------------------------- the grid */

/* Every website (0), where the role may use it, and those that it reaches. */
static struct html_option *website_options(struct page *p, bool all, size_t *ret_n) {
    size_t n;
    const struct website *w = stores_websites(p->stores, &n);
    struct html_option *options = ARENA_ARRAY(p->arena, struct html_option, n + 1);
    *ret_n = 0;
    if (all)
        options[(*ret_n)++] =
            (struct html_option){.value = S("0"), .label = i18n_get(p->lang, T("All websites"))};
    for (size_t i = 0; i < n; i++)
        if (db_scope(p->db) >> w[i].id & 1)
            options[(*ret_n)++] = (struct html_option){
                .value = arena_printf(p->arena, "%lld", (long long)w[i].id), .label = w[i].name};
    return options;
}

static enum err grid_websites(struct page *p, struct arena *a, struct html_option **ret, size_t *ret_n) {
    (void)a;
    *ret = website_options(p, true, ret_n);
    return OK;
}

static const struct grid_choice kinds[] = {
    {S_INIT("percent"), T("Percentage"), NULL},
    {S_INIT("fixed"), T("Fixed amount"), NULL},
    {S_INIT("free_shipping"), T("Free shipping"), NULL},
};
static const struct grid_choice standings[] = {
    {S_INIT("active"), T("Active"), "good"},        {S_INIT("planned"), T("Planned"), "info"},
    {S_INIT("expired"), T("Expired"), "muted"},     {S_INIT("used_up"), T("Used up"), "warn"},
    {S_INIT("inactive"), T("Switched off"), "bad"},
};

#define HUNDREDTHS(column)                                                                                   \
    "CAST(" column " / 100 AS TEXT) || '.' || substr(CAST(100 + " column " % 100 AS TEXT), 2)"

static const struct grid_col columns[] = {
    {.key = "id",
     .label = T("ID"),
     .kind = GRID_INT,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("c.id"),
     .sort = GRID_SQL("c.id"),
     .filter = GRID_RANGE},
    {.key = "code",
     .label = T("Coupon Code"),
     .sql = GRID_SQL("c.code"),
     .sort = GRID_SQL("c.code_fold"),
     .filter = GRID_PREFIX,
     .match = GRID_SQL("c.code_fold")},
    {.key = "name",
     .label = T("Name"),
     .sql = GRID_SQL("c.name"),
     .sort = GRID_SQL("c.name"),
     .filter = GRID_CONTAINS,
     .match = GRID_SQL("lower(c.name)")},
    {.key = "website",
     .label = T("Website"),
     .kind = GRID_CHOICE_INT,
     .sql = GRID_SQL("COALESCE(c.website_id, 0)"),
     .filter = GRID_PICK,
     .options = grid_websites},
    {.key = "kind",
     .label = T("Discount"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("c.kind"),
     .sort = GRID_SQL("c.kind"),
     .filter = GRID_PICK,
     .choices = kinds,
     .choices_n = COUNT_OF(kinds)},
    {.key = "value",
     .label = T("Value"),
     .sql = GRID_SQL("CASE c.kind WHEN 'percent' THEN " HUNDREDTHS(
         "c.value") " || ' %' WHEN 'fixed' THEN " HUNDREDTHS("c.value") " ELSE '' END")},
    {.key = "minimum",
     .label = T("Minimum Subtotal"),
     .kind = GRID_MONEY,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("c.minimum_minor"),
     .sort = GRID_SQL("c.minimum_minor"),
     .filter = GRID_RANGE},
    {.key = "from",
     .label = T("Valid from"),
     .kind = GRID_DATE,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("c.from_us"),
     .sort = GRID_SQL("c.from_us"),
     .sort_may_be_null = true,
     .filter = GRID_RANGE},
    {.key = "until",
     .label = T("Valid until"),
     .kind = GRID_DATE,
     .sql = GRID_SQL("c.until_us - 1"),
     .sort = GRID_SQL("c.until_us"),
     .sort_may_be_null = true,
     .filter = GRID_RANGE},
    {.key = "uses",
     .label = T("Used"),
     .kind = GRID_INT,
     .sql = GRID_SQL("c.uses"),
     .sort = GRID_SQL("c.uses"),
     .filter = GRID_RANGE},
    {.key = "status",
     .label = T("Status"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL(
         "CASE WHEN c.active = 0 THEN 'inactive' WHEN c.until_us <= @now THEN 'expired' WHEN c.from_us > "
         "@now THEN 'planned' WHEN c.uses >= c.uses_max THEN 'used_up' ELSE 'active' END"),
     .filter = GRID_PICK,
     .choices = standings,
     .choices_n = COUNT_OF(standings)},
};

static const struct grid_link actions[] = {
    {.label = T("Edit"), .before = S_INIT("/admin/coupons/"), .after = S_INIT(""), .right = RESOURCE_COUPONS},
};

static const struct grid_def coupons = {
    .name = "coupons",
    .title = T("Coupons"),
    .page = "admin_coupons",
    .path = S_INIT("/admin/coupons"),
    .export_path = S_INIT("/admin/coupons/export"),
    .from = GRID_SQL("coupon c"),
    .where = GRID_SQL("(c.website_id IS NULL OR " GRID_IN_SCOPE("c.website_id") ")"),
    .id = GRID_SQL("c.id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .sort = "id",
    .descending = true,
    .search = GRID_SQL("c.code_fold || ' ' || lower(c.name)"),
    .search_label = T("Search by code or name"),
    .search_id = true,
    .actions = actions,
    .actions_n = COUNT_OF(actions),
    .row_name = "code",
    .empty = T("There are no coupons yet."),
};

enum err page_admin_coupons(struct page *p, const struct admin_coupons_in *in) {
    (void)in;
    struct html o;
    const struct tpl_coupon_grid_actions v = {0};
    html_init(&o, p->arena, p->out->env, 16 * 1024);
    tpl_coupon_grid_actions(&o, &v);
    reply_actions(p->reply, html_take(&o));
    html_done(&o);
    return grid_page(p, &coupons);
}

enum err page_admin_coupons_export(struct page *p, const struct admin_coupons_export_in *in) {
    (void)in;
    return grid_export(p, &coupons);
}

/* ---------------------------------------------------------------- one coupon */

enum err page_admin_coupon_new(struct page *p, const struct admin_coupon_new_in *in) {
    struct tpl_coupon_new v = {.code = S(""), .name = S(""), .kind = S("percent"), .active = true};
    i64 first = 0;
    (void)in;
    v.websites = website_options(p, coupon_may_change(p->actor, NONE), &v.websites_n);
    if (v.websites_n && str_to_i64(v.websites[0].value, &first)) v.website = first;
    reply_title(p->reply, i18n_get(p->lang, T("New Coupon")));
    reply_menu(p->reply, "admin_coupons");
    tpl_coupon_new(p->out, &v);
    return OK;
}

enum err page_admin_coupon(struct page *p, const struct admin_coupon_in *in) {
    struct coupon_get c;
    TRY(coupon_get(p->db, in->id, &c));
    struct tpl_coupon_edit v = {
        .id = c.id,
        .may_change = coupon_may_change(p->actor, c.website_id),
        .uses = c.uses,
        .code = c.code,
        .name = c.name,
        .website = c.website_id.set ? c.website_id.v : 0,
        .active = c.active,
        .kind = c.kind,
        .percent = str_eq(c.kind, S("percent")) ? c.value : 0,
        .amount = str_eq(c.kind, S("fixed")) ? c.value : 0,
        .minimum = c.minimum,
        .from = c.from_us.set ? c.from_us.v : 0,
        .until = c.until_us.set ? c.until_us.v - 1 : 0,
        .uses_max = c.uses_max.set ? c.uses_max.v : 0,
        .uses_per_customer = c.uses_per_customer.set ? c.uses_per_customer.v : 0,
    };
    v.websites = website_options(p, !c.website_id.set || coupon_may_change(p->actor, NONE), &v.websites_n);
    const struct i18n_arg code = {S_INIT("code"), c.code};
    reply_title(p->reply, i18n_format_message(p->arena, p->lang, T("Coupon {code}"), &code, 1));
    reply_menu(p->reply, "admin_coupons");
    tpl_coupon_edit(p->out, &v);
    return OK;
}
