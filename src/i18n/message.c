#include "i18n/table.h"

enum lang i18n_lang(str locale) {
    str language = str_slice(locale, 0, 2);
    bool whole = locale.n == 2 || (locale.n > 2 && (locale.p[2] == '_' || locale.p[2] == '-'));
    return whole && str_eq_nocase(language, S("nl")) ? LANG_NL : LANG_EN;
}

str i18n_tag(enum lang lang) {
    return lang == LANG_NL ? S("nl") : S("en");
}

str i18n_get(enum lang lang, str msgid) {
    if (lang == LANG_EN || str_is_empty(msgid)) return msgid;
    for (u64 at = str_hash(msgid) & i18n_mask; i18n_index[at]; at = (at + 1) & i18n_mask) {
        const struct i18n_entry *e = &i18n_entries[i18n_index[at] - 1];
        if (str_eq(e->msgid, msgid)) return e->text[lang].p ? e->text[lang] : msgid;
    }
    return msgid;
}

static str place(const struct i18n_arg *args, size_t n, str name) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(args[i].name, name)) return args[i].value;
    return STR_NULL;
}

str i18n_format_message(struct arena *a, enum lang lang, str msgid, const struct i18n_arg *args, size_t n) {
    str rest = i18n_get(lang, msgid), done = S("");
    while (n > 0 && rest.n > 0) {
        size_t open = str_find_char(rest, '{');
        size_t close = open + str_find_char(str_slice(rest, open, rest.n), '}');
        if (close >= rest.n) break;
        done = ARENA_CAT(a, done, str_slice(rest, 0, open), place(args, n, str_slice(rest, open + 1, close)));
        rest = str_slice(rest, close + 1, rest.n);
    }
    return ARENA_CAT(a, done, rest);
}
