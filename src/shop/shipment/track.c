/* Tracking numbers: which carriers there are, what a number looks like, where it can be looked up. */
#include "shop/shipment/shipment_inside.h"

static const struct {
    str word, title, url;
} carriers[] = {
#define CARRIER(word, title, url) {S_INIT(word), S_INIT(title), S_INIT(url)},
#include "shop/shipment/carriers.def"
#undef CARRIER
};

static size_t find_carrier(str word) {
    size_t i = 0;
    while (i < COUNT_OF(carriers) && !str_eq(carriers[i].word, word))
        i++;
    return i;
}

struct html_option *shipment_carriers(struct arena *a, enum lang lang, size_t *ret_n) {
    struct html_option *options = ARENA_ARRAY(a, struct html_option, COUNT_OF(carriers) + 2);
    size_t n = 0;
    options[n++] = (struct html_option){.value = S(""), .label = i18n_get(lang, T("Please choose"))};
    for (size_t i = 0; i < COUNT_OF(carriers); i++)
        options[n++] = (struct html_option){.value = carriers[i].word, .label = carriers[i].title};
    options[n++] = (struct html_option){.value = S("other"), .label = i18n_get(lang, T("Other"))};
    *ret_n = n;
    return options;
}

/* ---- addresses ---- */

static bool is_plain(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '.' || c == '_';
}

static void put_encoded(struct buf *b, str s) {
    for (size_t i = 0; i < s.n; i++)
        if (is_plain(s.p[i]))
            buf_put_char(b, s.p[i]);
        else if (s.p[i] != ' ')
            buf_printf(b, "%%%02X", (unsigned)(unsigned char)s.p[i]);
}

static void put_place(struct buf *b, const struct order *o, str name, str number) {
    if (str_eq(name, S("number"))) put_encoded(b, number);
    if (str_eq(name, S("postcode"))) put_encoded(b, o->shipping.postcode);
    if (str_eq(name, S("country"))) put_encoded(b, o->shipping.country);
    if (str_eq(name, S("lang"))) buf_put(b, i18n_tag(i18n_lang(o->locale)));
}

str shipment_track_url(struct arena *a, const struct order *o, str carrier, str number) {
    size_t k = find_carrier(carrier);
    if (k == COUNT_OF(carriers)) return S("");
    struct buf b;
    str rest = carriers[k].url, head;
    buf_init(&b, 2048);
    while (rest.p) {
        rest = str_cut(rest, '{', &head);
        buf_put(&b, head);
        if (!rest.p) break;
        rest = str_cut(rest, '}', &head);
        put_place(&b, o, head, number);
    }
    str url = buf_ok(&b) ? arena_str(a, buf_str(&b)) : S("");
    buf_done(&b);
    return url;
}

/* ---- what was typed ---- */

enum { TRACK_TEXT_MAX = 60 }; /* characters of a title and of a number; the .gate file says the same */

/* Letters, digits, spaces and a few signs: what carriers print on parcels. */
static str number_wrong(str number) {
    if (!number.n) return T("Please enter the tracking number.");
    for (size_t i = 0; i < number.n; i++)
        if (!is_plain(number.p[i]) && number.p[i] != ' ' && number.p[i] != '/')
            return T("A tracking number consists of letters, digits, spaces, dashes and slashes.");
    return number.n > TRACK_TEXT_MAX ? T("Please enter at most {high} characters.") : STR_NULL;
}

static str carrier_wrong(str carrier) {
    bool known = find_carrier(carrier) < COUNT_OF(carriers) || str_eq(carrier, S("other"));
    return known ? STR_NULL : T("Please choose the carrier.");
}

static str title_wrong(str carrier, str title) {
    if (str_eq(carrier, S("other")) && !title.n) return T("Please enter the name of the carrier.");
    return str_utf8_len(title) > TRACK_TEXT_MAX ? T("Please enter at most {high} characters.") : STR_NULL;
}

enum err shipment_check_track(struct op *op, const char *key, struct shipment_track *t) {
    const struct {
        str field, wrong;
    } checks[] = {
        {S_INIT("carrier"), carrier_wrong(t->carrier)},
        {S_INIT("track_title"), title_wrong(t->carrier, t->title)},
        {S_INIT("track_number"), number_wrong(t->number)},
    };
    const struct i18n_arg high = {S_INIT("high"), arena_printf(op->arena, "%d", TRACK_TEXT_MAX)};
    enum err e = OK;
    for (size_t i = 0; i < COUNT_OF(checks); i++)
        if (checks[i].wrong.p)
            e = op_invalid(op, arena_cstr(op->arena, ARENA_CAT(op->arena, checks[i].field, str_c(key))),
                           i18n_format_message(op->arena, op->lang, checks[i].wrong, &high, 1));
    size_t known = find_carrier(t->carrier);
    if (known < COUNT_OF(carriers) && !t->title.n) t->title = carriers[known].title;
    return e;
}

static str entry_of(const struct gate_map_entry *entries, size_t n, str key) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(entries[i].key, key)) return entries[i].value;
    return S("");
}

enum err shipment_read_tracks(struct op *op, const struct gate_map_entry *carriers_in, size_t carriers_n,
                              const struct gate_map_entry *titles, size_t titles_n,
                              const struct gate_map_entry *numbers, size_t numbers_n,
                              struct shipment_track **ret, size_t *ret_n) {
    enum err e = OK;
    *ret = ARENA_ARRAY(op->arena, struct shipment_track, SHIPMENT_TRACKS_MAX);
    *ret_n = 0;
    for (int row = 1; row <= SHIPMENT_TRACKS_MAX; row++) {
        str key = arena_printf(op->arena, "%d", row);
        struct shipment_track t = {.carrier = entry_of(carriers_in, carriers_n, key),
                                   .title = entry_of(titles, titles_n, key),
                                   .number = entry_of(numbers, numbers_n, key)};
        if (!t.title.n && !t.number.n && !t.carrier.n) continue;
        enum err wrong = shipment_check_track(op, arena_printf(op->arena, "[%d]", row).p, &t);
        if (wrong) e = wrong;
        (*ret)[(*ret_n)++] = t;
    }
    return e;
}
