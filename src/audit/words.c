/* Words of ours in the record, in the reader's language. */
#include "audit/audit.h"

#undef T
#define T(msgid) S_INIT(msgid)

static const struct entry {
    str recorded, shown; /* a msgid */
} words[] =
    {
#define RECORDED(as)           {as, as},
#define RECORDED_AS(as, shown) {S_INIT(as), shown},
#define COMPOSED(as)
#define COMPOSED_AS(as, shown)
#include "audit/words.def"
#undef RECORDED
#undef RECORDED_AS
#undef COMPOSED
#undef COMPOSED_AS
},
  composed[] = {
#define RECORDED(as)
#define RECORDED_AS(as, shown)
#define COMPOSED(as)           {as, as},
#define COMPOSED_AS(as, shown) {S_INIT(as), shown},
#include "audit/words.def"
};

enum { PLACES_MAX = 4 };

/* ---- one word ---- */

static bool is_number(str s) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9') return false;
    return s.n > 0;
}

static bool one_word(enum lang lang, str recorded, str *ret) {
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (!str_eq(words[i].recorded, recorded)) continue;
        *ret = i18n_get(lang, words[i].shown);
        return true;
    }
    return false;
}

/* "order 31" */
static bool word_and_number(struct arena *a, enum lang lang, str recorded, str *ret) {
    size_t number = recorded.n;
    str word;
    while (number > 0 && recorded.p[number - 1] != ' ')
        number--;
    if (!number || !is_number(str_slice(recorded, number, recorded.n)) ||
        !one_word(lang, str_slice(recorded, 0, number - 1), &word))
        return false;
    *ret = ARENA_CAT(a, word, str_slice(recorded, number - 1, recorded.n));
    return true;
}

/* "no_consent,view_refused" */
static bool several_words(struct arena *a, enum lang lang, str recorded, str *ret) {
    str rest = recorded, one, word;
    for (*ret = S(""); rest.n; *ret = ARENA_CAT(a, *ret, ret->n ? S(", ") : S(""), word)) {
        rest = str_cut(rest, ',', &one);
        if (!one_word(lang, one, &word)) return false;
    }
    return recorded.n > 0;
}

static bool known(struct arena *a, enum lang lang, str recorded, str *ret) {
    return one_word(lang, recorded, ret) || word_and_number(a, lang, recorded, ret) ||
           several_words(a, lang, recorded, ret);
}

/* ---- what is put together ---- */

struct reading {
    struct arena *a;
    enum lang lang;
    struct i18n_arg args[PLACES_MAX];
    size_t n;
};

/* May this text stand at this place, and what is shown there? words.def says which names mean what. */
static bool fits(struct reading *r, str name, str text, str *ret) {
    *ret = text;
    if (str_eq(name, S("n"))) return is_number(text);
    if (str_eq(name, S("what"))) return known(r->a, r->lang, text, ret);
    if (str_eq(name, S("title")) || str_eq(name, S("scope"))) *ret = i18n_get(r->lang, text);
    return text.n > 0;
}

/* Takes the text apart as the pattern says; the places into r->args. */
static bool take_apart(struct reading *r, str pattern, str text) {
    size_t open = str_find_char(pattern, '{');
    if (!str_eq(str_slice(pattern, 0, open), str_slice(text, 0, open))) return false;
    if (open == pattern.n) return text.n == open;
    pattern = str_slice(pattern, open + 1, pattern.n);
    text = str_slice(text, open, text.n);
    size_t close = str_find_char(pattern, '}'), at = r->n++;
    str name = str_slice(pattern, 0, close), shown;
    pattern = str_slice(pattern, close + 1, pattern.n);
    for (size_t end = pattern.n ? 1 : text.n; end <= text.n; end++) {
        if (pattern.n && end < text.n && text.p[end] != pattern.p[0]) continue;
        if (!fits(r, name, str_slice(text, 0, end), &shown)) continue;
        r->args[at] = (struct i18n_arg){name, shown};
        if (take_apart(r, pattern, str_slice(text, end, text.n))) return true;
        r->n = at + 1;
    }
    return false;
}

static str one_part(struct arena *a, enum lang lang, str recorded) {
    str shown;
    if (known(a, lang, recorded, &shown)) return shown;
    for (size_t i = 0; i < COUNT_OF(composed); i++) {
        struct reading r = {.a = a, .lang = lang};
        if (take_apart(&r, composed[i].recorded, recorded))
            return i18n_format_message(a, lang, composed[i].shown, r.args, r.n);
    }
    return recorded;
}

str audit_words(struct arena *a, enum lang lang, str recorded) {
    const str dot = S(" · ");
    str done = S(""), rest = recorded;
    for (;;) {
        size_t at = str_find(rest, dot);
        done = ARENA_CAT(a, done, one_part(a, lang, str_slice(rest, 0, at)));
        if (at == rest.n) return done;
        done = ARENA_CAT(a, done, dot);
        rest = str_slice(rest, at + dot.n, rest.n);
    }
}
