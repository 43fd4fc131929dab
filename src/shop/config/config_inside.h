/* What the files of this slice give each other. */
#ifndef SHOP_CONFIG_CONFIG_INSIDE_H
#define SHOP_CONFIG_CONFIG_INSIDE_H

#include "access/access.h"
#include "gate/gate.h"
#include "gen/config_gate.h"
#include "gen/config_sql.h"
#include "gen/config_tpl.h"
#include "gen/ids.h"
#include "settings/settings.h"

/* Where values are edited: for everybody, for a website, for a store view. */
struct config_scope {
    enum setting_scope kind;
    i64 id;                     /* 0 for the default */
    struct setting_place place; /* whose values hold there */
    struct setting_place above; /* whose values hold when none is saved there */
    str word;                   /* "default", "website:1", "view:3": in the address */
    str name;                   /* English, for the record: "Default Config", "Main Website" */
};

/* The scope that a word names; absent or empty is the default. False when there is no such website or store
 * view. */
bool config_scope_find(struct arena *a, const struct stores *s, str word, struct config_scope *ret);
/* The same from its parts. */
bool config_scope_of(struct arena *a, const struct stores *s, enum setting_scope kind, i64 id,
                     struct config_scope *ret);
/* May this actor save here? A role that reaches some websites only changes nothing for the others. */
bool config_scope_may(const struct actor *actor, const struct config_scope *at);

/* NULL when there is none. */
const struct setting_section *config_section_find(str key);
bool config_section_may(const struct actor *actor, const struct setting_section *s);
/* The first section that this actor may edit; NULL: none. */
const struct setting_section *config_section_first(const struct actor *actor);
/* "/admin/config/<section>", with the scope when it is not the default. Arena. */
str config_path(struct arena *a, str section, str scope_word);

#endif
