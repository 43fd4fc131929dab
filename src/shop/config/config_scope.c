/* Scopes and sections: which there are, and who may edit them. */
#include "shop/config/config_inside.h"

bool config_scope_of(struct arena *a, const struct stores *s, enum setting_scope kind, i64 id,
                     struct config_scope *ret) {
    const struct website *site;
    const struct store_view *view;
    *ret = (struct config_scope){.kind = kind, .id = id, .above = SETTING_DEFAULT};
    switch (kind) {
    case SETTING_SCOPE_DEFAULT:
        ret->id = 0;
        ret->word = S("default");
        ret->name = S("Default Config");
        return id == 0;
    case SETTING_SCOPE_WEBSITE:
        site = stores_website(s, id);
        if (!site) return false;
        ret->place = (struct setting_place){id, 0};
        ret->word = arena_printf(a, "website:%lld", (long long)id);
        ret->name = site->name;
        return true;
    case SETTING_SCOPE_VIEW:
        view = stores_view(s, id);
        if (!view) return false;
        ret->place = (struct setting_place){view->website_id, id};
        ret->above = (struct setting_place){view->website_id, 0};
        ret->word = arena_printf(a, "view:%lld", (long long)id);
        ret->name = stores_view_label(a, s, view);
        return true;
    }
    return false;
}

bool config_scope_find(struct arena *a, const struct stores *s, str word, struct config_scope *ret) {
    str kind;
    i64 id = 0;
    if (word.n == 0 || str_eq(word, S("default")))
        return config_scope_of(a, s, SETTING_SCOPE_DEFAULT, 0, ret);
    str number = str_cut(word, ':', &kind);
    if (!number.p || !str_to_i64(number, &id) || id < 1) return false;
    if (str_eq(kind, S("website"))) return config_scope_of(a, s, SETTING_SCOPE_WEBSITE, id, ret);
    return str_eq(kind, S("view")) && config_scope_of(a, s, SETTING_SCOPE_VIEW, id, ret);
}

bool config_scope_may(const struct actor *actor, const struct config_scope *at) {
    if (actor->kind == ACTOR_SYSTEM || actor->scope == -1) return true;
    return at->place.website_id && (actor->scope >> at->place.website_id & 1);
}

const struct setting_section *config_section_find(str key) {
    for (size_t i = 0; i < setting_sections_n; i++)
        if (str_eq(setting_sections[i].key, key)) return &setting_sections[i];
    return NULL;
}

bool config_section_may(const struct actor *actor, const struct setting_section *s) {
    enum resource right = access_resource_by_key(s->right);
    return right != RESOURCE_MAX && actor_may(actor, (int)right);
}

const struct setting_section *config_section_first(const struct actor *actor) {
    for (size_t i = 0; i < setting_sections_n; i++)
        if (config_section_may(actor, &setting_sections[i])) return &setting_sections[i];
    return NULL;
}

str config_path(struct arena *a, str section, str scope_word) {
    bool narrow = scope_word.n && !str_eq(scope_word, S("default"));
    return ARENA_CAT(a, S("/admin/config/"), section, narrow ? S("?scope=") : S(""),
                     narrow ? scope_word : S(""));
}
