/* Words to search by. A text is found by the beginnings of its words; a word begins where letters or digits
 * follow something else, so that ada.king@example.com is found by "king" and by "example.com" too. */
#include <stdlib.h>
#include <unicode/uchar.h>

#include "i18n/i18n.h"

/* A quotation mark or a backslash inside a word would end it where the database takes the text apart. */
static bool is_hole(UChar32 c) {
    return c == '"' || c == '\\' || c < 0x20 || c == 0x7f;
}

static bool is_letter(UChar32 c) {
    return u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

struct list {
    str *words;
    size_t n, cap;
    struct arena *a;
};

static void add(struct list *l, str word) {
    if (!word.n) return;
    if (l->n == l->cap) {
        size_t cap = l->cap ? 2 * l->cap : 32;
        str *more = ARENA_ARRAY(l->a, str, cap);
        if (l->n) memcpy(more, l->words, l->n * sizeof *more);
        l->words = more;
        l->cap = cap;
    }
    l->words[l->n++] = word;
}

/* The word up to its length limit, cut between characters. */
static str cut(str word) {
    if (word.n <= I18N_WORD_MAX) return word;
    word.n = I18N_WORD_MAX;
    while (word.n > 0 && ((unsigned char)word.p[word.n] & 0xc0) == 0x80)
        word.n--;
    return word;
}

/* The places in a run without spaces where letters begin, and where the last ones end. */
struct run {
    str s;
    size_t starts[64];
    size_t n, end;
};

/* The character at *at, which is moved behind it. What was folded is UTF-8. */
static UChar32 next_char(str s, size_t *at) {
    unsigned char lead = (unsigned char)s.p[(*at)++];
    UChar32 c = lead < 0x80 ? lead : lead < 0xe0 ? lead & 0x1f : lead < 0xf0 ? lead & 0x0f : lead & 0x07;
    while (lead >= 0x80 && *at < s.n && ((unsigned char)s.p[*at] & 0xc0) == 0x80)
        c = c << 6 | (s.p[(*at)++] & 0x3f);
    return c;
}

static void look(struct run *r) {
    bool inside = false;
    for (size_t i = 0; i < r->s.n;) {
        size_t at = i;
        bool letter = is_letter(next_char(r->s, &i));
        if (letter && !inside && r->n < COUNT_OF(r->starts)) r->starts[r->n++] = at;
        if (letter) r->end = i;
        inside = letter;
    }
}

/* Folded, and what may not stand in a word made a space. */
static str prepare(struct arena *a, str text) {
    str folded = i18n_fold(a, text);
    char *p = arena_alloc(a, folded.n + 1);
    for (size_t i = 0; i < folded.n; i++)
        p[i] = is_hole((unsigned char)folded.p[i]) ? ' ' : folded.p[i];
    return (str){p, folded.n};
}

static int compare(const void *a, const void *b) {
    return str_cmp(*(const str *)a, *(const str *)b);
}

/* Sorted, without those that another one begins with: whoever looks for them finds that one. */
static str put_together(struct list *l) {
    if (l->n) qsort(l->words, l->n, sizeof *l->words, compare);
    str *parts = ARENA_ARRAY(l->a, str, 2 * l->n);
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (i + 1 < l->n && str_starts(l->words[i + 1], l->words[i])) continue;
        if (n) parts[n++] = S(" ");
        parts[n++] = l->words[i];
    }
    return n ? arena_join(l->a, parts, n) : S("");
}

/* An IP address or an amount: nobody looks for its later figures alone. */
static bool is_dotted(str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.') return false;
    return true;
}

str i18n_words(struct arena *a, str text) {
    struct list l = {.a = a};
    for (str rest = prepare(a, text); rest.p;) {
        struct run r = {.n = 0};
        rest = str_cut(rest, ' ', &r.s);
        look(&r);
        for (size_t i = 0; i < (is_dotted(r.s) ? MIN_OF(r.n, 1u) : r.n); i++)
            add(&l, cut(str_slice(r.s, r.starts[i], r.end)));
    }
    return put_together(&l);
}

str i18n_number_words(struct arena *a, str text) {
    struct list l = {.a = a};
    struct run r = {.s = prepare(a, text)};
    look(&r);
    for (size_t i = 0; i < r.n; i++) {
        str rest = str_slice(r.s, r.starts[i], r.end);
        char *p = arena_alloc(a, rest.n + 1);
        size_t n = 0;
        for (size_t k = 0; k < rest.n; k++) {
            unsigned char c = (unsigned char)rest.p[k];
            if (c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) p[n++] = (char)c;
        }
        add(&l, cut((str){p, n}));
    }
    return put_together(&l);
}

str i18n_search_text(struct arena *a, const str *parts, size_t n) {
    str *all = ARENA_ARRAY(a, str, 2 * n + 1);
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        all[m++] = i ? S(" = ") : S(" ");
        all[m++] = parts[i].p ? parts[i] : S("");
    }
    return arena_join(a, all, m);
}

size_t i18n_asked_words(struct arena *a, str text, str *ret, size_t max) {
    size_t n = 0;
    for (str rest = prepare(a, text); rest.p && n < max;) {
        struct run r = {.n = 0};
        rest = str_cut(rest, ' ', &r.s);
        look(&r);
        if (r.n) ret[n++] = cut(str_slice(r.s, r.starts[0], r.end));
    }
    return n;
}

str i18n_term(struct arena *a, str key, str value, bool whole) {
    str folded = i18n_casefold(a, value.p ? value : S(""));
    char *p = arena_alloc(a, folded.n + 1);
    for (size_t i = 0; i < folded.n; i++)
        p[i] = folded.p[i] == ' ' || is_hole((unsigned char)folded.p[i]) ? '_' : folded.p[i];
    return cut(ARENA_CAT(a, key, S("="), (str){p, folded.n}, whole ? S(";") : S("")));
}

str i18n_terms(struct arena *a, str text) {
    struct list l = {.a = a};
    for (str rest = text; rest.p;) {
        str term;
        rest = str_cut(rest, ' ', &term);
        add(&l, term);
    }
    return put_together(&l);
}
