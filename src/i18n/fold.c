/* Folding for search and for names that must be unique, and names of countries. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uloc.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "i18n/i18n.h"

enum { COUNTRY_MAX = 128 };

struct wide {
    UChar *p;
    int32_t n;
};

static struct wide to_wide(struct arena *a, str s) {
    UErrorCode e = U_ZERO_ERROR;
    struct wide w = {.p = ARENA_ARRAY(a, UChar, s.n + 1)};
    u_strFromUTF8WithSub(w.p, (int32_t)s.n + 1, &w.n, s.p, (int32_t)s.n, 0xfffd, NULL, &e);
    if (U_FAILURE(e)) w.n = 0;
    return w;
}

static str to_str(struct arena *a, struct wide w) {
    UErrorCode e = U_ZERO_ERROR;
    size_t cap = (size_t)w.n * 3 + 1;
    char *p = arena_alloc(a, cap);
    int32_t n = 0;
    u_strToUTF8(p, (int32_t)cap, &n, w.p, w.n, &e);
    return U_FAILURE(e) ? S("") : (str){p, (size_t)n};
}

static struct wide normalize(struct arena *a, const UNormalizer2 *how, struct wide in) {
    UErrorCode e = U_ZERO_ERROR;
    int32_t cap = in.n * 2 + 16;
    struct wide out = {.p = ARENA_ARRAY(a, UChar, (size_t)cap)};
    out.n = unorm2_normalize(how, in.p, in.n, out.p, cap, &e);
    if (e == U_BUFFER_OVERFLOW_ERROR) { /* one sign can become eighteen */
        e = U_ZERO_ERROR;
        cap = out.n + 1;
        out.p = ARENA_ARRAY(a, UChar, (size_t)cap);
        out.n = unorm2_normalize(how, in.p, in.n, out.p, cap, &e);
    }
    return U_FAILURE(e) ? in : out;
}

/* The instances are ICU's own, shared and constant. */
static struct wide casefold(struct arena *a, struct wide w) {
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *how = unorm2_getNFKCCasefoldInstance(&e);
    if (U_FAILURE(e)) abort();
    return normalize(a, how, w);
}

static bool is_ascii(str s) {
    unsigned char seen = 0;
    for (size_t i = 0; i < s.n; i++)
        seen |= (unsigned char)s.p[i];
    return seen < 0x80;
}

static str ascii_lower(struct arena *a, str s) {
    char *p = arena_alloc(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + ('a' - 'A') : s.p[i]);
    return (str){p, s.n};
}

static str ascii_space(struct arena *a, str s) {
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool space = c == ' ' || (c >= '\t' && c <= '\r');
        if (!space)
            p[n++] = c;
        else if (n > 0 && p[n - 1] != ' ')
            p[n++] = ' ';
    }
    if (n > 0 && p[n - 1] == ' ') n--;
    return (str){p, n};
}

str i18n_casefold(struct arena *a, str s) {
    if (!s.p) return STR_NULL;
    return is_ascii(s) ? ascii_lower(a, s) : to_str(a, casefold(a, to_wide(a, s)));
}

/* Letters whose stroke is no accent to Unicode but one to people who search; they take no more room than
 * before. */
static UChar plain_letter(UChar c) {
    switch (c) {
    case 0x00f8: return 'o'; /* ø */
    case 0x0111: return 'd'; /* đ */
    case 0x0142: return 'l'; /* ł */
    case 0x0131: return 'i'; /* ı */
    case 0x0167: return 't'; /* ŧ */
    case 0x0127: return 'h'; /* ħ */
    default: return c;
    }
}

str i18n_fold(struct arena *a, str s) {
    if (!s.p) return STR_NULL;
    if (is_ascii(s)) return ascii_space(a, ascii_lower(a, s));
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&e), *nfc = unorm2_getNFCInstance(&e);
    if (U_FAILURE(e)) abort();
    struct wide w = normalize(a, nfd, casefold(a, to_wide(a, s)));
    int32_t n = 0;
    for (int32_t i = 0; i < w.n; i++) {
        UChar c = w.p[i];
        if (c >= 0x0300 && c <= 0x036f)
            continue; /* combining accents; marks of other scripts are letters' parts */
        bool space = u_isUWhiteSpace(c);
        if (!space)
            w.p[n++] = plain_letter(c);
        else if (n > 0 && w.p[n - 1] != ' ')
            w.p[n++] = ' ';
    }
    if (n > 0 && w.p[n - 1] == ' ') n--;
    w.n = n;
    return to_str(a, normalize(a, nfc, w));
}

/* Names of countries, each learned once and never changed: readers need no lock. "": there is no such
 * country. */
static const char *_Atomic country_names[LANG_MAX]['Z' - 'A' + 1]['Z' - 'A' + 1];

static char *learn_country(enum lang lang, str code) {
    const char locale[] = {'_', code.p[0], code.p[1], 0};
    UChar wide[COUNTRY_MAX];
    char name[3 * COUNTRY_MAX];
    UErrorCode e = U_ZERO_ERROR;
    int32_t length = 0;
    int32_t n = uloc_getDisplayCountry(locale, lang == LANG_NL ? "nl" : "en", wide, COUNTRY_MAX, &e);
    if (e == U_USING_DEFAULT_WARNING || n > COUNTRY_MAX) n = 0;
    u_strToUTF8(name, sizeof name, &length, wide, n, &e);
    char *kept = calloc((size_t)length + 1, 1);
    if (!kept) abort();
    if (U_SUCCESS(e)) memcpy(kept, name, (size_t)length);
    return kept;
}

static bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}

static str country_name(enum lang lang, str code) {
    if (code.n != 2 || !is_letter(code.p[0]) || !is_letter(code.p[1])) return S("");
    const char *_Atomic *at = &country_names[lang][code.p[0] - 'A'][code.p[1] - 'A'];
    const char *name = atomic_load_explicit(at, memory_order_acquire);
    if (!name) {
        char *mine = learn_country(lang, code);
        if (atomic_compare_exchange_strong(at, &name, mine))
            name = mine;
        else
            free(mine); /* another thread was faster */
    }
    return str_c(name);
}

str i18n_country(enum lang lang, str code) {
    str name = country_name(lang, code);
    return name.n ? name : code;
}

bool i18n_country_known(str code) {
    return country_name(LANG_EN, code).n > 0;
}
