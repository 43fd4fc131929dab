#include "html/html.h"

/* What stands for a byte that HTML gives a meaning. One table serves text and double-quoted attributes, so a
 * template can never pick the wrong one. */
enum entity { PLAIN, AMP, LT, GT, QUOT, APOS };
static const uint8_t entity_of[256] = {['&'] = AMP, ['<'] = LT, ['>'] = GT, ['"'] = QUOT, ['\''] = APOS};
static const str entities[] = {[AMP] = S_INIT("&amp;"),
                               [LT] = S_INIT("&lt;"),
                               [GT] = S_INIT("&gt;"),
                               [QUOT] = S_INIT("&quot;"),
                               [APOS] = S_INIT("&#39;")};

void html_init(struct html *o, struct arena *a, const struct html_env *env, size_t max) {
    *o = (struct html){.env = env, .arena = a};
    buf_init(&o->b, max);
}

void html_done(struct html *o) {
    buf_done(&o->b);
    o->marks = NULL;
    o->marks_n = o->marks_cap = 0;
}

html_t html_take(struct html *o) {
    html_t h = {.bytes = arena_str(o->arena, buf_str(&o->b)), .marks = o->marks, .marks_n = o->marks_n};
    buf_clear(&o->b);
    o->marks = NULL;
    o->marks_n = o->marks_cap = 0;
    return h;
}

bool html_ok(const struct html *o) {
    return buf_ok(&o->b);
}

/* ---- values ---- */

/* Where the next byte is that cannot be copied; s.n: there is none. Nearly all can, so four are looked at
 * together. */
static size_t plain_end(str s, size_t from) {
    const unsigned char *p = (const unsigned char *)s.p;
    size_t i = from;
    while (s.n - i >= 4 &&
           !(entity_of[p[i]] | entity_of[p[i + 1]] | entity_of[p[i + 2]] | entity_of[p[i + 3]]))
        i += 4;
    while (i < s.n && !entity_of[p[i]])
        i++;
    return i;
}

void html_text(struct html *o, str s) {
    if (s.n == 0 || !buf_reserve(&o->b, s.n)) return;
    for (size_t from = 0;; from++) {
        size_t end = plain_end(s, from);
        html_lit(o, s.p + from, end - from);
        if (end == s.n) return;
        const str *e = &entities[entity_of[(unsigned char)s.p[end]]];
        html_lit(o, e->p, e->n);
        from = end;
    }
}

void html_email(struct html *o, str s) {
    size_t from = 0;
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i] != '@' && s.p[i] != '.') continue;
        html_text(o, str_slice(s, from, i));
        html_lit(o, "<wbr>", 5);
        from = i;
    }
    html_text(o, str_slice(s, from, s.n));
}

/* Writes the decimal digits of `v` before `end` and returns where they start. */
static char *digits_before(char *end, i64 v) {
    u64 u = v < 0 ? 0 - (u64)v : (u64)v;
    do {
        *--end = (char)('0' + u % 10);
        u /= 10;
    } while (u);
    if (v < 0) *--end = '-';
    return end;
}

void html_int(struct html *o, i64 v) {
    char room[24], *end = room + sizeof room, *p = digits_before(end, v);
    html_lit(o, p, (size_t)(end - p));
}

str html_int_str(struct html *o, i64 v) {
    char room[24], *end = room + sizeof room, *p = digits_before(end, v);
    return arena_str(o->arena, (str){p, (size_t)(end - p)});
}

str html_money_str(struct html *o, i64 minor) {
    return i18n_money(o->arena, o->env->format, minor);
}

str html_time_str(struct html *o, i64 us) {
    return us ? i18n_time(o->arena, o->env->format, us) : S("—");
}

str html_date_str(struct html *o, i64 us) {
    return us ? i18n_date(o->arena, o->env->format, us) : S("—");
}

str html_amount_input(struct html *o, i64 minor) {
    return i18n_decimal(o->arena, o->env->format, minor);
}

str html_date_input(struct html *o, i64 us) {
    return us ? i18n_iso_date(o->arena, o->env->format, us) : S("");
}

/* A moment for people, with the exact one for machines. */
static void time_element(struct html *o, i64 us, str exact, str shown) {
    if (us == 0) {
        html_text(o, shown);
        return;
    }
    html_lit(o, "<time datetime=\"", 16);
    html_text(o, exact);
    html_lit(o, "\">", 2);
    html_text(o, shown);
    html_lit(o, "</time>", 7);
}

void html_time(struct html *o, i64 us) {
    time_element(o, us, us ? time_rfc3339(o->arena, us) : STR_NULL, html_time_str(o, us));
}

void html_date(struct html *o, i64 us) {
    time_element(o, us, html_date_input(o, us), html_date_str(o, us));
}

/* ---- holes ---- */

static void add_mark(struct html *o, size_t at, enum html_hole hole) {
    if (o->marks_n == o->marks_cap) {
        size_t cap = o->marks_cap ? o->marks_cap * 2 : 32;
        struct html_mark *more = ARENA_ARRAY(o->arena, struct html_mark, cap);
        if (o->marks_n) memcpy(more, o->marks, o->marks_n * sizeof *more);
        o->marks = more;
        o->marks_cap = cap;
    }
    o->marks[o->marks_n++] = (struct html_mark){.at = at, .hole = hole};
}

void html_hole(struct html *o, enum html_hole hole) {
    add_mark(o, o->b.n, hole);
}

void html_html(struct html *o, html_t h) {
    size_t base = o->b.n;
    html_lit(o, h.bytes.p, h.bytes.n);
    for (size_t i = 0; i < h.marks_n; i++)
        add_mark(o, base + h.marks[i].at, h.marks[i].hole);
}

/* ---- addresses ---- */

/* Browsers drop tabs and line ends inside an address and read '\' as '/', so an address with one of them is
 * refused rather than guessed at. */
static bool url_is_safe(str url) {
    for (size_t i = 0; i < url.n; i++) {
        unsigned char c = (unsigned char)url.p[i];
        if (c <= ' ' || c == 0x7f || c == '\\') return false;
    }
    if (str_starts(url, S("/"))) return !str_starts(url, S("//"));
    str scheme = str_slice(url, 0, str_find_char(url, ':'));
    if (str_eq_nocase(scheme, S("mailto"))) return url.n > scheme.n;
    if (!str_eq_nocase(scheme, S("http")) && !str_eq_nocase(scheme, S("https"))) return false;
    return str_starts(str_slice(url, scheme.n, url.n), S("://"));
}

void html_url(struct html *o, str url) {
    html_text(o, url_is_safe(url) ? url : S("#"));
}

void html_shop_root(struct html *o) {
    html_hole(o, HOLE_ROOT);
    html_text(o, o->env->view_path);
}

/* RFC 3986 section 2.3: everything but unreserved characters is encoded. */
static void put_encoded(struct html *o, str s) {
    static const char hex[] = "0123456789ABCDEF";
    if (s.n == 0 || s.n > o->b.max / 3 || !buf_reserve(&o->b, s.n * 3)) {
        if (s.n) o->b.overflow = true;
        return;
    }
    char *to = o->b.p + o->b.n;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                     c == '.' || c == '_' || c == '~';
        if (plain) {
            *to++ = (char)c;
        } else {
            *to++ = '%';
            *to++ = hex[c >> 4];
            *to++ = hex[c & 15];
        }
    }
    o->b.n = (size_t)(to - o->b.p);
}

void html_path_part(struct html *o, str s) {
    /* "." and ".." would be taken away by the browser together with the part before them. */
    if (str_eq(s, S(".")) || str_eq(s, S(".."))) {
        for (size_t i = 0; i < s.n; i++)
            html_lit(o, "%252E", 5);
        return;
    }
    put_encoded(o, s);
}

void html_query_part(struct html *o, str s) {
    put_encoded(o, s);
}

/* ---- messages ---- */

static str arg_value(const struct html_arg *args, size_t n, str name) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(args[i].name, name)) return args[i].value;
    return STR_NULL;
}

void html_message(struct html *o, str msgid, const struct html_arg *args, size_t n) {
    str rest = i18n_get(o->env->lang, msgid);
    while (n > 0 && rest.n > 0) {
        size_t open = str_find_char(rest, '{');
        size_t close = open + str_find_char(str_slice(rest, open, rest.n), '}');
        if (close >= rest.n) break;
        html_text(o, str_slice(rest, 0, open));
        html_text(o, arg_value(args, n, str_slice(rest, open + 1, close)));
        rest = str_slice(rest, close + 1, rest.n);
    }
    html_text(o, rest);
}
