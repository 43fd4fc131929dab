#include "shop/report/report_words.h"

static const str words[] = {
#define RECORDED(word) word,
#undef T
#define T(word) S_INIT(word)
#include "shop/report/words.def"
};

static bool is_word(str s) {
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(words[i], s)) return true;
    return false;
}

str report_words(struct arena *a, enum lang lang, str recorded) {
    str rest = recorded, all = S("");
    if (is_word(recorded)) return i18n_get(lang, recorded);
    while (rest.n) {
        str one;
        rest = str_cut(rest, ',', &one);
        if (!is_word(one)) return recorded;
        all = ARENA_CAT(a, all, all.n ? S(", ") : S(""), i18n_get(lang, one));
    }
    return all;
}
