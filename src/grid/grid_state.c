/* The grid's state: read from the address, strictly, and written back to it. */
#include "grid/grid_inside.h"

_Static_assert(GRID_COLUMNS <= 64, "the shown columns are one bit set");
_Static_assert((GRID_COLUMNS + 1) * GRID_WORDS_MAX + 8 <= GRID_VALUES_MAX,
               "every state must fit into a query");

bool grid_kind_is_text(enum grid_kind k) {
    return k == GRID_TEXT || k == GRID_CHOICE;
}

size_t grid_col_find(const struct grid_def *g, str key) {
    for (size_t i = 0; i < g->cols_n; i++)
        if (str_eq(str_c(g->cols[i].key), key)) return i;
    return g->cols_n;
}

u64 grid_default_shown(const struct grid_def *g) {
    u64 shown = 0;
    for (size_t i = 0; i < g->cols_n; i++)
        if (g->cols[i].show == GRID_SHOWN) shown |= (u64)1 << i;
    return shown;
}

/* ---- cursors ---- */

str grid_cursor_write(struct arena *a, const struct grid_cursor *c) {
    if (c->null) return arena_printf(a, "n~%lld", (long long)c->id);
    if (!c->text) return arena_printf(a, "i%lld~%lld", (long long)c->i, (long long)c->id);
    str s = c->s;
    if (s.n > GRID_CURSOR_MAX - 100) { /* cut between characters */
        s.n = GRID_CURSOR_MAX - 100;
        while (s.n > 0 && ((unsigned char)s.p[s.n] & 0xc0) == 0x80)
            s.n--;
    }
    return arena_printf(a, "t%.*s~%lld", STR_ARG(s), (long long)c->id);
}

bool grid_cursor_read(struct arena *a, str text, bool is_text, struct grid_cursor *ret) {
    *ret = (struct grid_cursor){0};
    if (text.n < 3 || text.n > GRID_CURSOR_MAX) return false;
    size_t at = text.n;
    while (at > 0 && text.p[at - 1] != '~')
        at--;
    if (at < 2 || !str_to_i64(str_slice(text, at, text.n), &ret->id)) return false;
    str value = str_slice(text, 1, at - 1);
    ret->text = is_text;
    switch (text.p[0]) {
    case 'n': ret->null = true; return value.n == 0;
    case 'i': return !is_text && str_to_i64(value, &ret->i);
    case 't': ret->s = arena_str(a, value.p ? value : S("")); return is_text;
    default: return false;
    }
}

/* ---- values of filters ---- */

static bool fits(str s) {
    return str_utf8_len(s) <= GRID_TEXT_MAX;
}

/* "12", "12.5", "12,50" to minor units. */
static bool read_money(str s, i64 *ret) {
    size_t at = str_find_char(s, '.');
    if (at == s.n) at = str_find_char(s, ',');
    i64 whole, part = 0;
    if (!str_to_i64(str_slice(s, 0, at), &whole) || whole < -INT64_C(1000000000000) ||
        whole > INT64_C(1000000000000))
        return false;
    str cents = str_slice(s, at < s.n ? at + 1 : s.n, s.n);
    if (cents.n > 2 || (cents.n == 0 && at < s.n)) return false;
    for (size_t i = 0; i < cents.n; i++) {
        if (cents.p[i] < '0' || cents.p[i] > '9') return false;
        part = 10 * part + (cents.p[i] - '0');
    }
    if (cents.n == 1) part *= 10;
    *ret = 100 * whole + (s.n > 0 && s.p[0] == '-' ? -part : part);
    return true;
}

/* What follows a day or minute: the bound behind it. A day has 23 to 25 hours, so the calendar is asked. */
static i64 end_of_time(const struct i18n_format *format, str s, i64 start) {
    if (s.n > 10) return start + US_MINUTE;
    char day[11];
    i64 later = start + 36 * US_HOUR, next;
    struct arena *a = arena_make();
    str text = i18n_iso_date(a, format, later);
    size_t n = MIN_OF(text.n, sizeof day);
    if (n) memcpy(day, text.p, n);
    arena_free(a);
    return i18n_parse_date(format, (str){day, n}, &next) ? next : start + US_DAY;
}

static bool read_bound(const struct grid_col *c, const struct i18n_format *format, str s, bool upper,
                       i64 *ret) {
    bool ok;
    if (c->kind == GRID_TIME || c->kind == GRID_DATE) {
        ok = i18n_parse_date(format, s, ret);
        if (ok && upper) *ret = end_of_time(format, s, *ret);
        return ok;
    }
    ok = c->kind == GRID_MONEY ? read_money(s, ret) : str_to_i64(s, ret);
    if (ok && upper) {
        if (*ret == INT64_MAX) return false;
        *ret += 1;
    }
    return ok;
}

static bool read_range(const struct grid_col *c, const struct i18n_format *format, struct grid_cond *k) {
    k->has_low = k->from.n > 0;
    k->has_high = k->to.n > 0;
    if (k->has_low && !read_bound(c, format, k->from, false, &k->low)) return false;
    return !k->has_high || read_bound(c, format, k->to, true, &k->high);
}

static bool read_pick(const struct grid_col *c, const struct html_option *options, size_t n,
                      struct grid_cond *k) {
    if (c->kind == GRID_BOOL) {
        k->number = str_eq(k->value, S("1"));
        return k->number || str_eq(k->value, S("0"));
    }
    for (size_t i = 0; i < n; i++)
        if (str_eq(options[i].value, k->value))
            return grid_kind_is_text(c->kind) || str_to_i64(k->value, &k->number);
    return false;
}

static void read_cond(const struct grid_def *g, const struct grid_lists *lists,
                      const struct i18n_format *format, size_t at, struct grid_cond *k) {
    const struct grid_col *c = &g->cols[at];
    bool range = c->filter == GRID_RANGE;
    if (range ? !k->from.n && !k->to.n : !k->value.n) return;
    if (!fits(k->value) || !fits(k->from) || !fits(k->to)) {
        k->wrong = true;
        return;
    }
    switch (c->filter) {
    case GRID_RANGE: k->on = read_range(c, format, k); break;
    case GRID_PICK: k->on = read_pick(c, lists->options[at], lists->n[at], k); break;
    case GRID_EXACT:
        k->on = grid_kind_is_text(c->kind) ||
                (c->kind == GRID_MONEY ? read_money(k->value, &k->number) : str_to_i64(k->value, &k->number));
        break;
    case GRID_WORDS:
    case GRID_CONTAINS:
    case GRID_PREFIX: k->on = true; break;
    case GRID_NO_FILTER: return;
    }
    k->wrong = !k->on;
}

/* ---- reading ---- */

static void read_filter(const struct grid_def *g, str name, str value, struct grid_state *s) {
    str key, bound = str_cut(str_slice(name, 2, name.n), '.', &key);
    size_t at = grid_col_find(g, key);
    if (at == g->cols_n || g->cols[at].filter == GRID_NO_FILTER) return;
    struct grid_cond *k = &s->conds[at];
    bool range = g->cols[at].filter == GRID_RANGE;
    str *slot = !bound.p && !range                  ? &k->value
                : range && str_eq(bound, S("from")) ? &k->from
                : range && str_eq(bound, S("to"))   ? &k->to
                                                    : NULL;
    if (slot && !slot->p) *slot = str_trim(value);
}

static void read_columns(const struct grid_def *g, str list, struct grid_state *s) {
    u64 shown = 0;
    for (str rest = list; rest.p;) {
        str key;
        rest = str_cut(rest, ',', &key);
        size_t at = grid_col_find(g, key);
        if (at < g->cols_n && g->cols[at].show != GRID_EXPORT_ONLY) shown |= (u64)1 << at;
    }
    if (shown) s->shown = shown;
}

static int read_size(str value) {
    static const int sizes[] = {20, 50, 100, GRID_PAGE_MAX};
    i64 n;
    for (size_t i = 0; str_to_i64(value, &n) && i < COUNT_OF(sizes); i++)
        if (n == sizes[i]) return sizes[i];
    return GRID_SIZE;
}

struct raw {
    str sort, dir, after, before;
};

static void read_pair(const struct grid_def *g, const struct http_pair *p, struct grid_state *s,
                      struct raw *raw) {
    if (str_eq(p->name, S("q")) && !s->q.p)
        s->q = str_trim(p->value);
    else if (str_starts(p->name, S("f.")))
        read_filter(g, p->name, p->value, s);
    else if (str_eq(p->name, S("sort")))
        raw->sort = p->value;
    else if (str_eq(p->name, S("dir")))
        raw->dir = p->value;
    else if (str_eq(p->name, S("after")))
        raw->after = p->value;
    else if (str_eq(p->name, S("before")))
        raw->before = p->value;
    else if (str_eq(p->name, S("size")))
        s->size = read_size(p->value);
    else if (str_eq(p->name, S("cols")))
        read_columns(g, p->value, s);
    else if (str_eq(p->name, S("all")))
        s->all = str_eq(p->value, S("1"));
    else if (str_eq(p->name, S("format")))
        s->jsonl = str_eq(p->value, S("jsonl"));
}

/* The column that sorts when nothing was said. From … to on a sortable column sorts by that column: one index
 * then gives the rows and their order, however many there are. */
static size_t standard_sort(const struct grid_def *g, const struct grid_state *s) {
    size_t standard = grid_col_find(g, str_c(g->sort));
    if (s->conds[standard].on) return standard;
    for (size_t i = 0; i < g->cols_n; i++)
        if (s->conds[i].on && g->cols[i].filter == GRID_RANGE && g->cols[i].sort.text) return i;
    return standard;
}

static void read_order(const struct grid_def *g, const struct raw *raw, struct grid_state *s) {
    size_t standard = standard_sort(g, s), at = grid_col_find(g, raw->sort);
    s->sort = at < g->cols_n && g->cols[at].sort.text ? at : standard;
    s->descending = str_eq(raw->dir, S("desc"));
    if (s->sort == standard && !s->descending && !str_eq(raw->dir, S("asc"))) s->descending = g->descending;
}

/* What is not there for this reader cannot be filtered or sorted by either. */
static void withhold(const struct grid_def *g, const struct grid_lists *lists, struct raw *raw,
                     struct grid_state *s) {
    s->shown &= ~lists->withheld;
    for (size_t i = 0; i < g->cols_n; i++) {
        if (!(lists->withheld >> i & 1)) continue;
        s->conds[i] = (struct grid_cond){0};
        if (str_eq(raw->sort, str_c(g->cols[i].key))) raw->sort = STR_NULL;
    }
    s->standard = grid_default_shown(g) & ~lists->withheld;
    if (!s->shown) s->shown = s->standard;
}

void grid_state_read(struct arena *a, const struct grid_def *g, const struct grid_lists *lists,
                     const struct i18n_format *format, str query, struct grid_state *ret) {
    *ret = (struct grid_state){.shown = grid_default_shown(g), .size = GRID_SIZE};
    struct raw raw = {STR_NULL, STR_NULL, STR_NULL, STR_NULL};
    struct http_pair *pairs = NULL;
    size_t n = 0;
    if (query.n && http_parse_form(a, query, GRID_PAIRS_MAX, &pairs, &n)) {
        ret->broken = true;
        n = 0;
    }
    for (size_t i = 0; i < n; i++)
        read_pair(g, &pairs[i], ret, &raw);
    ret->q_wrong = !fits(ret->q);
    withhold(g, lists, &raw, ret);
    for (size_t i = 0; i < g->cols_n; i++)
        read_cond(g, lists, format, i, &ret->conds[i]);
    read_order(g, &raw, ret);
    str place = raw.after.n ? raw.after : raw.before;
    if (!place.n) return;
    if (grid_cursor_read(a, place, grid_kind_is_text(g->cols[ret->sort].kind), &ret->cursor))
        ret->way = raw.after.n ? GRID_AFTER : GRID_BEFORE;
    else
        ret->cursor_wrong = true;
}

bool grid_state_wrong(const struct grid_def *g, const struct grid_state *s) {
    bool wrong = s->broken || s->q_wrong || s->cursor_wrong;
    for (size_t i = 0; i < g->cols_n; i++)
        wrong = wrong || s->conds[i].wrong;
    return wrong;
}

/* ---- writing ---- */

static void put_pair(struct buf *b, const char *name, const char *column, const char *suffix, str value) {
    if (!value.n) return;
    buf_put_char(b, str_find_char(buf_str(b), '?') == b->n ? '?' : '&');
    buf_put(b, str_c(name));
    buf_put(b, str_c(column));
    buf_put(b, str_c(suffix));
    buf_put_char(b, '=');
    http_encode(b, value, false);
}

static str column_list(struct arena *a, const struct grid_def *g, u64 shown) {
    str list = S("");
    for (size_t i = 0; i < g->cols_n; i++)
        if (shown >> i & 1) list = ARENA_CAT(a, list, list.n ? S(",") : S(""), str_c(g->cols[i].key));
    return list;
}

str grid_state_address(struct arena *a, const struct grid_def *g, str path, const struct grid_state *s) {
    struct buf b;
    buf_init(&b, 64 * 1024);
    buf_put(&b, path);
    put_pair(&b, "q", "", "", s->q);
    for (size_t i = 0; i < g->cols_n; i++) {
        put_pair(&b, "f.", g->cols[i].key, "", s->conds[i].value);
        put_pair(&b, "f.", g->cols[i].key, ".from", s->conds[i].from);
        put_pair(&b, "f.", g->cols[i].key, ".to", s->conds[i].to);
    }
    bool standard = s->sort == standard_sort(g, s);
    if (!standard) put_pair(&b, "sort", "", "", str_c(g->cols[s->sort].key));
    if (s->descending != (standard && g->descending))
        put_pair(&b, "dir", "", "", s->descending ? S("desc") : S("asc"));
    if (s->size != GRID_SIZE) put_pair(&b, "size", "", "", arena_printf(a, "%d", s->size));
    if (s->shown != s->standard) put_pair(&b, "cols", "", "", column_list(a, g, s->shown));
    if (s->way == GRID_AFTER) put_pair(&b, "after", "", "", grid_cursor_write(a, &s->cursor));
    if (s->way == GRID_BEFORE) put_pair(&b, "before", "", "", grid_cursor_write(a, &s->cursor));
    if (s->all) put_pair(&b, "all", "", "", S("1"));
    if (s->jsonl) put_pair(&b, "format", "", "", S("jsonl"));
    str whole = arena_str(a, buf_str(&b));
    buf_done(&b);
    return whole;
}
