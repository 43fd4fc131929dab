/* Declared inputs: from decoded name-value pairs to the typed struct, with a message at each field that is
 * wrong. */
#include "gate/inside.h"

struct parser {
    struct arena *a;
    enum lang lang;
    const struct i18n_format *format;
    struct input_errors *errors;
};

static void wrong(struct parser *p, const struct gate_field *f, str msgid, const char *place, i64 number) {
    if (p->errors->n == COUNT_OF(p->errors->errors)) return;
    struct i18n_arg arg = {str_c(place ? place : ""), arena_printf(p->a, "%lld", (long long)number)};
    str message = i18n_format_message(p->a, p->lang, msgid, &arg, place ? 1 : 0);
    p->errors->errors[p->errors->n++] = (struct html_field_error){str_c(f->name), message};
}

static bool has_control(str s, bool lines) {
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == 0x7F || (c < 0x20 && !(lines && (c == '\n' || c == '\t')))) return true;
        /* C1 controls, and the marks that turn the direction of text: they would let a name rewrite the line
         * it stands on. */
        if (c == 0xC2 && i + 1 < s.n && (unsigned char)s.p[i + 1] < 0xA0 && (unsigned char)s.p[i + 1] >= 0x80)
            return true;
        if (c == 0xE2 && i + 2 < s.n) {
            unsigned char d = (unsigned char)s.p[i + 1], e = (unsigned char)s.p[i + 2];
            if (d == 0x80 && (e == 0xA8 || e == 0xA9 || (e >= 0xAA && e <= 0xAE))) return true;
            if (d == 0x81 && e >= 0xA6 && e <= 0xA9) return true;
        }
    }
    return false;
}

static str unix_lines(struct arena *a, str s) {
    if (str_find_char(s, '\r') == s.n) return s;
    char *out = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n') continue;
        out[n++] = s.p[i] == '\r' ? '\n' : s.p[i];
    }
    return (str){out, n};
}

static bool all_of(str s, bool (*good)(char c)) {
    for (size_t i = 0; i < s.n; i++)
        if (!good(s.p[i])) return false;
    return true;
}

static bool slug_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static bool token_char(char c) {
    return slug_char(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '/' || c == ':';
}

static bool secret_char(char c) {
    return slug_char(c) || (c >= 'A' && c <= 'Z') || c == '_';
}

/* A local address: one leading slash, nothing that a browser could read as another host. */
static bool is_local_path(str s) {
    if (s.n == 0 || s.n > 500 || s.p[0] != '/' || (s.n > 1 && (s.p[1] == '/' || s.p[1] == '\\')))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= 0x20 || s.p[i] == 0x7F || s.p[i] == '\\') return false;
    return true;
}

static bool number_in(struct parser *p, const struct gate_field *f, str v, i64 *ret) {
    bool is_id = f->type == IN_ID || f->type == IN_LIST_ID;
    i64 low = is_id ? 1 : f->low, high = is_id ? INT64_MAX : f->high;
    if (!str_to_i64(v, ret)) {
        wrong(p, f, T("Please enter a whole number."), NULL, 0);
    } else if (*ret < low) {
        wrong(p, f, T("Please enter {low} or more."), "low", low);
    } else if (*ret > high) {
        wrong(p, f, T("Please enter {high} or less."), "high", high);
    } else {
        return true;
    }
    return false;
}

static bool text_in(struct parser *p, const struct gate_field *f, str v) {
    if (has_control(v, f->type == IN_LINES)) {
        wrong(p, f, T("This text contains characters that are not allowed."), NULL, 0);
    } else if (str_utf8_len(v) > (size_t)f->high) {
        wrong(p, f, T("Please enter at most {high} characters."), "high", f->high);
    } else if (v.n == 0 && f->low > 0) {
        wrong(p, f, T("This is a required field."), NULL, 0);
    } else if (str_utf8_len(v) < (size_t)f->low) {
        wrong(p, f, T("Please enter at least {low} characters."), "low", f->low);
    } else {
        return true;
    }
    return false;
}

static bool email_shape(str v) {
    size_t at = str_find_char(v, '@');
    if (v.n > 254 || at == 0 || at + 1 >= v.n || at > 64) return false;
    str domain = str_slice(v, at + 1, v.n);
    if (str_find_char(domain, '@') < domain.n || str_find_char(domain, '.') == domain.n) return false;
    if (domain.p[0] == '.' || domain.p[domain.n - 1] == '.' || str_find(domain, S("..")) < domain.n)
        return false;
    for (size_t i = 0; i < v.n; i++)
        if (v.p[i] <= 0x20 || v.p[i] == 0x7F || strchr("<>()[],;:\"\\", v.p[i])) return false;
    return true;
}

/* One scalar value that was sent. */
static void put_scalar(struct parser *p, const struct gate_field *f, str v, char *in) {
    char *at = in + f->offset;
    i64 number = 0;
    bool good = true;
    if (f->type != IN_PASSWORD && f->type != IN_LINES) v = str_trim(v);
    if (f->type == IN_LINES) v = unix_lines(p->a, v);
    switch (f->type) {
    case IN_ID:
    case IN_INT: good = number_in(p, f, v, &number); break;
    case IN_DATE:
        good = i18n_parse_date(p->format, v, &number);
        if (!good) wrong(p, f, T("Please enter a date, like 2026-11-22."), NULL, 0);
        break;
    case IN_MONEY:
        good = str_to_minor(v, &number);
        if (!good) wrong(p, f, T("Please enter an amount, like 12.50."), NULL, 0);
        break;
    case IN_TEXT:
    case IN_LINES:
    case IN_PASSWORD: good = text_in(p, f, v); break;
    case IN_EMAIL:
        good = email_shape(v);
        if (!good) wrong(p, f, T("Please enter an email address, like name@example.com."), NULL, 0);
        break;
    case IN_SLUG: good = v.n >= 1 && v.n <= 64 && all_of(v, slug_char); break;
    case IN_TOKEN: good = v.n >= (size_t)f->low && v.n <= (size_t)f->high && all_of(v, token_char); break;
    case IN_SECRET: good = v.n == CRYPTO_TOKEN_TEXT && all_of(v, secret_char); break;
    case IN_PATH: good = is_local_path(v); break;
    case IN_BOOL:
        good = str_eq(v, S("1")) || str_eq(v, S("on")) || str_eq(v, S("0"));
        if (good) *(bool *)(void *)at = !str_eq(v, S("0"));
        if (!good) wrong(p, f, T("Please choose Yes or No."), NULL, 0);
        return;
    case IN_ENUM:
        for (size_t i = 0; i < f->choices_n; i++)
            if (str_eq(v, f->choices[i])) {
                *(int *)(void *)at = (int)i;
                return;
            }
        wrong(p, f, T("Please choose one of the values."), NULL, 0);
        return;
    case IN_LIST_ID:
    case IN_LIST_TOKEN:
    case IN_MAP_TEXT: return;
    }
    bool silent = f->type == IN_SLUG || f->type == IN_TOKEN || f->type == IN_SECRET || f->type == IN_PATH;
    if (!good && silent) wrong(p, f, T("This value is not valid."), NULL, 0);
    if (!good) return;
    bool is_number = f->type == IN_ID || f->type == IN_INT || f->type == IN_DATE || f->type == IN_MONEY;
    if (is_number && f->optional)
        *(opt_i64 *)(void *)at = OPT(number);
    else if (is_number)
        *(i64 *)(void *)at = number;
    else
        *(str *)(void *)at = v;
}

static void parse_scalar(struct parser *p, const struct gate_field *f, const struct http_pair *pairs,
                         size_t n, char *in) {
    const struct http_pair *found = NULL;
    str name = str_c(f->name);
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(pairs[i].name, name)) continue;
        if (found) {
            wrong(p, f, T("This field was sent twice."), NULL, 0);
            return;
        }
        found = &pairs[i];
    }
    bool blank = !found || (str_trim(found->value).n == 0 && f->type != IN_PASSWORD);
    if (f->type == IN_ENUM && f->optional) *(int *)(void *)(in + f->offset) = -1;
    if (blank && f->type == IN_BOOL) return;
    if (blank && f->optional) {
        /* A text that was sent empty is empty; one that was not sent is absent. */
        bool text = f->type == IN_TEXT || f->type == IN_LINES;
        if (found && text) *(str *)(void *)(in + f->offset) = S("");
        return;
    }
    bool text = f->type == IN_TEXT || f->type == IN_LINES || f->type == IN_PASSWORD;
    if (!found && text && f->low == 0) {
        *(str *)(void *)(in + f->offset) = S("");
        return;
    }
    if (!found || (blank && !(text && f->low == 0))) {
        wrong(p, f, T("This is a required field."), NULL, 0);
        return;
    }
    put_scalar(p, f, found->value, in);
}

static void parse_list(struct parser *p, const struct gate_field *f, const struct http_pair *pairs, size_t n,
                       char *in) {
    size_t count = 0, high = (size_t)f->high;
    str name = str_c(f->name);
    for (size_t i = 0; i < n; i++)
        count += str_eq(pairs[i].name, name);
    if (count > high || count < (size_t)f->low) {
        wrong(p, f, count > high ? T("These are too many.") : T("Please choose at least one."), NULL, 0);
        return;
    }
    i64 *ids = f->type == IN_LIST_ID ? ARENA_ARRAY(p->a, i64, count) : NULL;
    str *tokens = f->type == IN_LIST_TOKEN ? ARENA_ARRAY(p->a, str, count) : NULL;
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(pairs[i].name, name)) continue;
        if (ids && !number_in(p, f, pairs[i].value, &ids[k])) return;
        if (tokens) {
            if (pairs[i].value.n == 0 || pairs[i].value.n > 200 || !all_of(pairs[i].value, token_char)) {
                wrong(p, f, T("This value is not valid."), NULL, 0);
                return;
            }
            tokens[k] = pairs[i].value;
        }
        k++;
    }
    memcpy(in + f->offset, ids ? (void *)&ids : (void *)&tokens, sizeof(void *));
    memcpy(in + f->count_offset, &count, sizeof count);
}

/* name[key]=value; each key once. */
static void parse_map(struct parser *p, const struct gate_field *f, const struct http_pair *pairs, size_t n,
                      char *in) {
    str start = ARENA_CAT(p->a, str_c(f->name), S("["));
    struct gate_map_entry *entries = ARENA_ARRAY(p->a, struct gate_map_entry, MIN_OF(n, (size_t)f->high));
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (!str_starts(pairs[i].name, start) || !str_ends(pairs[i].name, S("]"))) continue;
        str key = str_slice(pairs[i].name, start.n, pairs[i].name.n - 1);
        bool twice = false;
        for (size_t k = 0; k < count; k++)
            twice |= str_eq(entries[k].key, key);
        if (key.n == 0 || key.n > 200 || !all_of(key, token_char) || count == (size_t)f->high || twice ||
            pairs[i].value.n > 10000 || has_control(pairs[i].value, false)) {
            wrong(p, f, T("This value is not valid."), NULL, 0);
            return;
        }
        entries[count++] = (struct gate_map_entry){key, str_trim(pairs[i].value)};
    }
    memcpy(in + f->offset, &entries, sizeof entries);
    memcpy(in + f->count_offset, &count, sizeof count);
}

enum err input_parse(struct arena *a, enum lang lang, const struct i18n_format *format,
                     const struct gate_field *fields, size_t fields_n, size_t in_size,
                     const struct http_pair *pairs, size_t n, void **ret, struct input_errors *errors) {
    struct parser p = {a, lang, format, errors};
    char *in = arena_alloc(a, in_size);
    errors->n = 0;
    for (size_t i = 0; i < fields_n; i++) {
        const struct gate_field *f = &fields[i];
        if (f->type == IN_LIST_ID || f->type == IN_LIST_TOKEN)
            parse_list(&p, f, pairs, n, in);
        else if (f->type == IN_MAP_TEXT)
            parse_map(&p, f, pairs, n, in);
        else
            parse_scalar(&p, f, pairs, n, in);
    }
    *ret = in;
    return errors->n ? ERR_INVALID : OK;
}
