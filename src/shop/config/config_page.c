/* The pages of the configuration: the sections that the role allows on the left, the settings of one of them
 * on the right. */
#include "i18n/i18n.h"
#include "shop/config/config_inside.h"
#include "shop/customer/customer.h"

/* ---------------------------------------------------------------- the way to a section */

enum err page_admin_config(struct page *p, const struct admin_config_in *in) {
    (void)in;
    const struct setting_section *first = config_section_first(p->actor);
    if (first) {
        reply_redirect(p->reply, config_path(p->arena, first->key, STR_NULL));
        return OK;
    }
    reply_title(p->reply, i18n_get(p->lang, T("Configuration")));
    const struct tpl_config_none v = {0};
    tpl_config_none(p->out, &v);
    return OK;
}

static void fill_tabs(struct page *p, const struct setting_section *current, str scope_word,
                      struct tpl_config_section *v) {
    struct tpl_config_section_tabs *tabs =
        ARENA_ARRAY(p->arena, struct tpl_config_section_tabs, setting_sections_n);
    struct tpl_config_section_tabs_sections *rows = NULL;
    str tab = STR_NULL;
    for (size_t i = 0; i < setting_sections_n; i++) {
        const struct setting_section *s = &setting_sections[i];
        if (!config_section_may(p->actor, s)) continue;
        if (!tab.p || !str_eq(tab, s->tab)) {
            tab = s->tab;
            rows = ARENA_ARRAY(p->arena, struct tpl_config_section_tabs_sections, setting_sections_n);
            tabs[v->tabs_n++] =
                (struct tpl_config_section_tabs){.title = i18n_get(p->lang, tab), .sections = rows};
        }
        rows[tabs[v->tabs_n - 1].sections_n++] =
            (struct tpl_config_section_tabs_sections){.title = i18n_get(p->lang, s->title),
                                                      .url = config_path(p->arena, s->key, scope_word),
                                                      .current = s == current};
    }
    v->tabs = tabs;
}

/* The choice of scope: everybody, then each website with its store views. */
static void fill_scopes(struct page *p, const struct config_scope *now, struct tpl_config_section *v) {
    size_t n;
    const struct website *sites = stores_websites(p->stores, &n);
    struct tpl_config_section_websites *out = ARENA_ARRAY(p->arena, struct tpl_config_section_websites, n);
    for (size_t i = 0; i < n; i++) {
        size_t views_n;
        const struct store_view *views = stores_website_views(p->stores, sites[i].id, &views_n);
        struct tpl_config_section_websites_views *rows =
            ARENA_ARRAY(p->arena, struct tpl_config_section_websites_views, views_n);
        for (size_t k = 0; k < views_n; k++) {
            const struct store *store = stores_store(p->stores, views[k].store_id);
            rows[k] = (struct tpl_config_section_websites_views){
                .word = arena_printf(p->arena, "view:%lld", (long long)views[k].id),
                .name = ARENA_CAT(p->arena, store ? store->name : S(""), S(" / "), views[k].name),
                .current = now->kind == SETTING_SCOPE_VIEW && now->id == views[k].id};
        }
        out[i] = (struct tpl_config_section_websites){
            .word = arena_printf(p->arena, "website:%lld", (long long)sites[i].id),
            .name = sites[i].name,
            .current = now->kind == SETTING_SCOPE_WEBSITE && now->id == sites[i].id,
            .views = rows,
            .views_n = views_n};
    }
    v->websites = out;
    v->websites_n = n;
}

/* ---------------------------------------------------------------- the settings */

static str scope_tag(enum setting_scope scopes) {
    switch (scopes) {
    case SETTING_SCOPE_DEFAULT: return T("[global]");
    case SETTING_SCOPE_WEBSITE: return T("[website]");
    case SETTING_SCOPE_VIEW: break;
    }
    return T("[store view]");
}

/* What the tick box says: whose value holds when none is saved here. */
static str inherit_label(const struct config_scope *at, enum setting_scope scopes) {
    switch (at->kind) {
    case SETTING_SCOPE_DEFAULT: return T("Use system value");
    case SETTING_SCOPE_WEBSITE: return T("Use Default");
    case SETTING_SCOPE_VIEW: break;
    }
    return scopes == SETTING_SCOPE_VIEW ? T("Use Website") : T("Use Default");
}

static void fill_options(struct page *p, enum setting id, struct tpl_config_section_groups_rows *row) {
    static const struct setting_choice yes_no[] = {{S_INIT("1"), S_INIT("Yes")}, {S_INIT("0"), S_INIT("No")}};
    size_t n = COUNT_OF(yes_no);
    if (setting_defs[id].type == SETTING_TYPE_COUNTRY) {
        row->options = customer_country_options(p->arena, p->lang, &row->options_n);
        return;
    }
    const struct setting_choice *c =
        setting_defs[id].type == SETTING_TYPE_BOOL ? yes_no : setting_choices(id, &n);
    struct html_option *out = ARENA_ARRAY(p->arena, struct html_option, n);
    for (size_t i = 0; i < n; i++)
        out[i] = (struct html_option){.value = c[i].value, .label = i18n_get(p->lang, c[i].label)};
    row->options = out;
    row->options_n = n;
}

/* A number's help says its bounds, so that nobody has to find them out. */
static str help_text(struct page *p, const struct setting_def *d, bool saved) {
    str help = d->help.n ? i18n_get(p->lang, d->help) : S("");
    if (d->type == SETTING_TYPE_SECRET && saved)
        return ARENA_CAT(p->arena, help, S(" "),
                         i18n_get(p->lang, T("One is saved: leave this empty to keep it.")));
    if (d->type != SETTING_TYPE_INT) return help;
    const struct i18n_arg args[] = {{S("low"), arena_printf(p->arena, "%lld", (long long)d->low)},
                                    {S("high"), arena_printf(p->arena, "%lld", (long long)d->high)}};
    return ARENA_CAT(p->arena, help, S(" "),
                     i18n_format_message(p->arena, p->lang, T("From {low} to {high}."), args, 2));
}

static struct tpl_config_section_groups_rows row_of(struct page *p, enum setting id,
                                                    const struct config_scope *at) {
    const struct setting_def *d = &setting_defs[id];
    struct tpl_config_section_groups_rows row = {
        .path = d->path,
        .id = arena_printf(p->arena, "cfg-%d", (int)id),
        .label = i18n_get(p->lang, d->label),
        .help = help_text(p, d, setting_text(p->settings, id, at->place).n > 0),
        .scope = scope_tag(d->scopes),
        .value = setting_text(p->settings, id, at->place),
        .inherited_value =
            at->kind == SETTING_SCOPE_DEFAULT ? d->fallback : setting_text(p->settings, id, at->above),
        .inherited = !setting_own(p->settings, id, at->kind, at->id).p,
        .inherit_label = i18n_get(p->lang, inherit_label(at, d->scopes)),
        .is_select =
            d->type == SETTING_TYPE_BOOL || d->type == SETTING_TYPE_CHOICE || d->type == SETTING_TYPE_COUNTRY,
        .is_number = d->type == SETTING_TYPE_INT,
        .is_secret = d->type == SETTING_TYPE_SECRET,
    };
    if (row.is_secret) row.value = row.inherited_value = S("");
    if (row.is_select) fill_options(p, id, &row);
    return row;
}

/* Settings of one group stand together in settings.def. */
static void fill_groups(struct page *p, const struct setting_section *section, const struct config_scope *at,
                        struct tpl_config_section *v) {
    struct tpl_config_section_groups *groups =
        ARENA_ARRAY(p->arena, struct tpl_config_section_groups, SETTING_MAX);
    struct tpl_config_section_groups_rows *rows = NULL;
    str group = STR_NULL;
    for (int i = 0; i < SETTING_MAX; i++) {
        const struct setting_def *d = &setting_defs[i];
        if (!str_eq(d->section, section->key) || d->scopes < at->kind) continue;
        if (!group.p || !str_eq(group, d->group)) {
            group = d->group;
            rows = ARENA_ARRAY(p->arena, struct tpl_config_section_groups_rows, SETTING_MAX);
            groups[v->groups_n++] =
                (struct tpl_config_section_groups){.title = i18n_get(p->lang, group), .rows = rows};
        }
        rows[groups[v->groups_n - 1].rows_n++] = row_of(p, (enum setting)i, at);
    }
    v->groups = groups;
}

enum err page_admin_config_section(struct page *p, const struct admin_config_section_in *in) {
    const struct setting_section *section = config_section_find(in->section);
    struct config_scope at;
    if (!section || !config_scope_find(p->arena, p->stores, in->scope, &at)) return ERR_NOT_FOUND;
    if (!config_section_may(p->actor, section)) {
        const struct setting_section *first = config_section_first(p->actor);
        reply_redirect(p->reply, first ? config_path(p->arena, first->key, STR_NULL) : S("/admin/config"));
        return OK;
    }
    struct tpl_config_section v = {
        .section = section->key,
        .scope = at.word,
        .title = i18n_get(p->lang, section->title),
        .at_default = at.kind == SETTING_SCOPE_DEFAULT,
        .locked = !config_scope_may(p->actor, &at),
    };
    fill_tabs(p, section, at.word, &v);
    fill_scopes(p, &at, &v);
    fill_groups(p, section, &at, &v);
    reply_title(p->reply, i18n_get(p->lang, T("Configuration")));
    reply_menu(p->reply, "admin_config");
    tpl_config_section(p->out, &v);
    return OK;
}
