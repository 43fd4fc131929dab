#include "settings/settings.h"

#include <stdlib.h>

#include "gen/settings_sql.h"
#include "i18n/i18n.h"

#undef T
#define T(msgid) S_INIT(msgid)

static const struct setting_choice currencies[] = {
    {S_INIT("EUR"), T("Euro")}, {S_INIT("USD"), T("US Dollar")}, {S_INIT("GBP"), T("British Pound")}};
static const struct setting_choice shares[] = {{S_INIT("global"), T("Global")},
                                               {S_INIT("website"), T("Per Website")}};
static const struct setting_choice views[] = {{S_INIT("auto"), T("Auto-Detection (default)")},
                                              {S_INIT("manual"), T("Manual Selection")}};
static const struct setting_choice tax_classes[] = {
    {S_INIT("standard"), T("Standard")}, {S_INIT("reduced"), T("Reduced")}, {S_INIT("zero"), T("Zero")}};

static const struct {
    enum setting id;
    const struct setting_choice *choices;
    size_t n;
} choices[] = {
    {SETTING_CURRENCY, currencies, COUNT_OF(currencies)},
    {SETTING_ACCOUNT_SHARE, shares, COUNT_OF(shares)},
    {SETTING_ASSIST_VIEW, views, COUNT_OF(views)},
    {SETTING_SHIPPING_TAX_CLASS, tax_classes, COUNT_OF(tax_classes)},
};

const struct setting_def setting_defs[SETTING_MAX] = {
#define SETTING(name, path, type, fallback, scope, section, group, label, help, low, high)                   \
    {S_INIT(path),                                                                                           \
     SETTING_TYPE_##type,                                                                                    \
     S_INIT(fallback),                                                                                       \
     SETTING_SCOPE_##scope,                                                                                  \
     S_INIT(section),                                                                                        \
     group,                                                                                                  \
     label,                                                                                                  \
     help,                                                                                                   \
     low,                                                                                                    \
     high},
#include "settings/settings.def"
#undef SETTING
};

const struct setting_section setting_sections[] = {
    {S_INIT("general"), T("General"), T("General"), S_INIT("config.general")},
    {S_INIT("customer"), T("Customers"), T("Customer Configuration"), S_INIT("config.customer")},
    {S_INIT("login_as_customer"), T("Customers"), T("Login as Customer"), S_INIT("config.assist")},
    {S_INIT("sales"), T("Sales"), T("Sales"), S_INIT("config.sales")},
    {S_INIT("tax"), T("Sales"), T("Tax"), S_INIT("config.sales")},
    {S_INIT("carriers"), T("Sales"), T("Delivery Methods"), S_INIT("config.sales")},
    {S_INIT("payment"), T("Sales"), T("Payment Methods"), S_INIT("config.sales")},
    {S_INIT("admin"), T("Advanced"), T("Admin"), S_INIT("config.admin")},
};
const size_t setting_sections_n = COUNT_OF(setting_sections);

#undef T
#define T(msgid) S(msgid)

const struct setting_choice *setting_choices(enum setting id, size_t *ret_n) {
    for (size_t i = 0; i < COUNT_OF(choices); i++)
        if (choices[i].id == id) {
            *ret_n = choices[i].n;
            return choices[i].choices;
        }
    *ret_n = 0;
    return NULL;
}

enum setting setting_by_path(str path) {
    for (int i = 0; i < SETTING_MAX; i++)
        if (str_eq(setting_defs[i].path, path)) return (enum setting)i;
    return SETTING_MAX;
}

static bool fits_choice(enum setting id, str value) {
    size_t n;
    const struct setting_choice *c = setting_choices(id, &n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(c[i].value, value)) return true;
    return false;
}

static bool has_control(str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F) return true;
    return false;
}

bool setting_valid(enum setting id, str value, str *ret_why) {
    const struct setting_def *d = &setting_defs[id];
    i64 number;
    *ret_why = STR_NULL;
    switch (d->type) {
    case SETTING_TYPE_BOOL:
        if (!str_eq(value, S("0")) && !str_eq(value, S("1"))) *ret_why = T("Please choose Yes or No.");
        break;
    case SETTING_TYPE_INT:
        if (!str_to_i64(value, &number))
            *ret_why = T("Please enter a whole number.");
        else if (number < d->low || number > d->high)
            *ret_why = T("This number is out of range.");
        break;
    case SETTING_TYPE_SECRET:
    case SETTING_TYPE_TEXT:
        if (!str_is_utf8(value) || has_control(value))
            *ret_why = T("This text contains characters that are not allowed.");
        else if (str_utf8_len(value) < (size_t)d->low)
            *ret_why = d->low <= 1 ? T("This is a required field.") : T("This text is too short.");
        else if (str_utf8_len(value) > (size_t)d->high)
            *ret_why = T("This text is too long.");
        else if (id == SETTING_TIMEZONE && !i18n_timezone_known(value))
            *ret_why = T("This time zone is not known.");
        break;
    case SETTING_TYPE_MONEY:
        if (!str_to_minor(value, &number))
            *ret_why = T("Please enter an amount, like 12.50.");
        else if (number < d->low || number > d->high)
            *ret_why = T("This amount is out of range.");
        break;
    case SETTING_TYPE_COUNTRY:
        if (!i18n_country_known(value)) *ret_why = T("Please choose a country.");
        break;
    case SETTING_TYPE_CHOICE:
        if (!fits_choice(id, value)) *ret_why = T("Please choose one of the values.");
        break;
    }
    return !ret_why->p;
}

/* ---------------------------------------------------------------- snapshots */

struct saved {
    enum setting_scope scope;
    i64 scope_id;
    str value;
};

struct settings {
    struct arena *arena;
    struct {
        struct saved *saved;
        size_t n;
    } of[SETTING_MAX];
};

enum err settings_load(struct db_r *r, struct settings **ret) {
    struct settings_all *rows;
    size_t n;
    TRY(settings_all(r, &rows, &n));
    struct arena *a = arena_make();
    struct settings *s = ARENA_NEW(a, struct settings);
    s->arena = a;
    /* Rows come ordered by path: one setting's values stand together. */
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        while (end < n && str_eq(rows[end].path, rows[i].path))
            end++;
        enum setting id = setting_by_path(rows[i].path);
        if (id != SETTING_MAX) {
            s->of[id].saved = ARENA_ARRAY(a, struct saved, end - i);
            for (size_t k = i; k < end; k++)
                s->of[id].saved[s->of[id].n++] = (struct saved){
                    (enum setting_scope)rows[k].scope, rows[k].scope_id, arena_str(a, rows[k].value)};
        }
        i = end;
    }
    *ret = s;
    return OK;
}

void settings_free(struct settings *s) {
    if (s) arena_free(s->arena);
}

str setting_own(const struct settings *s, enum setting id, enum setting_scope scope, i64 scope_id) {
    for (size_t i = 0; i < s->of[id].n; i++) {
        const struct saved *v = &s->of[id].saved[i];
        if (v->scope == scope && v->scope_id == scope_id) return v->value;
    }
    return STR_NULL;
}

str setting_text(const struct settings *s, enum setting id, struct setting_place at) {
    const struct setting_def *d = &setting_defs[id];
    str v = STR_NULL;
    if (at.view_id && d->scopes >= SETTING_SCOPE_VIEW) v = setting_own(s, id, SETTING_SCOPE_VIEW, at.view_id);
    if (!v.p && at.website_id && d->scopes >= SETTING_SCOPE_WEBSITE)
        v = setting_own(s, id, SETTING_SCOPE_WEBSITE, at.website_id);
    if (!v.p) v = setting_own(s, id, SETTING_SCOPE_DEFAULT, 0);
    return v.p ? v : d->fallback;
}

i64 setting_int(const struct settings *s, enum setting id, struct setting_place at) {
    i64 v;
    if (str_to_i64(setting_text(s, id, at), &v) && v >= setting_defs[id].low && v <= setting_defs[id].high)
        return v;
    /* A value out of bounds can only come from outside the program; the default is safe. */
    return str_to_i64(setting_defs[id].fallback, &v) ? v : 0;
}

bool setting_bool(const struct settings *s, enum setting id, struct setting_place at) {
    return str_eq(setting_text(s, id, at), S("1"));
}

i64 setting_money(const struct settings *s, enum setting id, struct setting_place at) {
    i64 v;
    if (str_to_minor(setting_text(s, id, at), &v) && v >= setting_defs[id].low && v <= setting_defs[id].high)
        return v;
    return str_to_minor(setting_defs[id].fallback, &v) ? v : 0;
}

enum err setting_put(struct db_w *w, enum setting id, enum setting_scope scope, i64 scope_id, str value) {
    str path = setting_defs[id].path;
    if (!value.p) return settings_drop(w, (i64)scope, scope_id, path, NULL);
    return settings_put(w, (i64)scope, scope_id, path, value, NULL);
}
