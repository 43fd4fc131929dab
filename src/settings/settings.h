/* Settings: each declared once in settings.def with type, default, bounds, scope, label and help. The values
 * that were saved live in setting_value and are held in memory as an immutable snapshot, replaced after the
 * commit that changed one. */
#ifndef SETTINGS_SETTINGS_H
#define SETTINGS_SETTINGS_H

#include "base/base.h"
#include "db/db.h"

enum setting {
#define SETTING(name, ...) SETTING_##name,
#include "settings/settings.def"
#undef SETTING
    SETTING_MAX
};

enum setting_type {
    SETTING_TYPE_BOOL,
    SETTING_TYPE_INT,
    SETTING_TYPE_TEXT,
    SETTING_TYPE_CHOICE,
    SETTING_TYPE_MONEY,   /* "4.95": kept as it is typed, read in minor units */
    SETTING_TYPE_SECRET,  /* text that is never shown again, and never stands in the record */
    SETTING_TYPE_COUNTRY, /* ISO 3166-1: "NL" */
};
enum setting_scope { SETTING_SCOPE_DEFAULT, SETTING_SCOPE_WEBSITE, SETTING_SCOPE_VIEW };

struct setting_choice {
    str value, label; /* label is a msgid */
};

struct setting_def {
    str path;
    enum setting_type type;
    str fallback;
    enum setting_scope scopes; /* the narrowest scope it can be set in */
    str section, group, label, help;
    i64 low, high;
};

struct setting_section {
    str key, tab, title; /* tab and title are msgids */
    str right;           /* key of the resource that allows it */
};

/* Where a value is asked for; 0 means not narrower than that. */
struct setting_place {
    i64 website_id, view_id;
};
#define SETTING_DEFAULT ((struct setting_place){0, 0})

extern const struct setting_def setting_defs[SETTING_MAX];
extern const struct setting_section setting_sections[];
extern const size_t setting_sections_n;

/* What a CHOICE may be. */
const struct setting_choice *setting_choices(enum setting id, size_t *ret_n);
/* SETTING_MAX when no setting has this path. */
enum setting setting_by_path(str path);
/* Is this a value that the setting may have? *ret_why is a msgid. */
bool setting_valid(enum setting id, str value, str *ret_why);

struct settings; /* one snapshot */
/* Reads all saved values. The snapshot lives until settings_free. */
enum err settings_load(struct db_r *r, struct settings **ret) MUST_CHECK;
void settings_free(struct settings *s);

/* The value that holds at this place: the narrowest saved one, else the default. */
str setting_text(const struct settings *s, enum setting id, struct setting_place at);
i64 setting_int(const struct settings *s, enum setting id, struct setting_place at);
bool setting_bool(const struct settings *s, enum setting id, struct setting_place at);
/* Of a MONEY, in minor units. */
i64 setting_money(const struct settings *s, enum setting id, struct setting_place at);
/* What is saved at exactly this scope; STR_NULL when it is inherited. */
str setting_own(const struct settings *s, enum setting id, enum setting_scope scope, i64 scope_id);

/* Saves a valid value at this scope (scope_id 0 for the default); STR_NULL takes it away, so that it is
 * inherited again. What holds in memory changes with the next snapshot. Writer only. */
enum err setting_put(struct db_w *w, enum setting id, enum setting_scope scope, i64 scope_id,
                     str value) MUST_CHECK;

#endif
