/* The shape of the message table that tools/i18ngen.py writes (out/gen/i18n_table.c). Only for i18n/. */
#ifndef I18N_TABLE_H
#define I18N_TABLE_H

#include "i18n/i18n.h"

struct i18n_entry {
    str msgid;
    str text[LANG_MAX]; /* STR_NULL: not translated */
};

/* Open addressing with linear probing on str_hash: i18n_index[hash & i18n_mask] is the entry's number + 1; 0
 * ends a run. */
extern const struct i18n_entry i18n_entries[];
extern const uint16_t i18n_index[];
extern const u64 i18n_mask;

#endif
