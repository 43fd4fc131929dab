/* Addresses: countries, postcodes, and what every address must have. */
#include "shop/customer/customer.h"

#include <stdlib.h>

/* ---- countries ---- */

static const str countries[] = {
    S_INIT("AD"), S_INIT("AL"), S_INIT("AT"), S_INIT("AU"), S_INIT("BA"), S_INIT("BE"), S_INIT("BG"),
    S_INIT("BR"), S_INIT("CA"), S_INIT("CH"), S_INIT("CW"), S_INIT("CY"), S_INIT("CZ"), S_INIT("DE"),
    S_INIT("DK"), S_INIT("EE"), S_INIT("ES"), S_INIT("FI"), S_INIT("FO"), S_INIT("FR"), S_INIT("GB"),
    S_INIT("GE"), S_INIT("GG"), S_INIT("GI"), S_INIT("GL"), S_INIT("GR"), S_INIT("HR"), S_INIT("HU"),
    S_INIT("IE"), S_INIT("IL"), S_INIT("IM"), S_INIT("IN"), S_INIT("IS"), S_INIT("IT"), S_INIT("JE"),
    S_INIT("JP"), S_INIT("KR"), S_INIT("LI"), S_INIT("LT"), S_INIT("LU"), S_INIT("LV"), S_INIT("MA"),
    S_INIT("MC"), S_INIT("MD"), S_INIT("ME"), S_INIT("MK"), S_INIT("MT"), S_INIT("MX"), S_INIT("NL"),
    S_INIT("NO"), S_INIT("NZ"), S_INIT("PL"), S_INIT("PT"), S_INIT("RO"), S_INIT("RS"), S_INIT("SE"),
    S_INIT("SG"), S_INIT("SI"), S_INIT("SK"), S_INIT("SM"), S_INIT("SR"), S_INIT("TR"), S_INIT("UA"),
    S_INIT("US"), S_INIT("VA"), S_INIT("XK"), S_INIT("ZA"),
};

bool customer_country_known(str code) {
    for (size_t i = 0; i < COUNT_OF(countries); i++)
        if (str_eq(countries[i], code)) return true;
    return false;
}

struct sorted_country {
    str fold; /* without accents, so that Åland stands with the A's */
    struct html_option option;
};

static int by_fold(const void *a, const void *b) {
    return str_cmp(((const struct sorted_country *)a)->fold, ((const struct sorted_country *)b)->fold);
}

struct html_option *customer_country_options(struct arena *a, enum lang lang, size_t *ret_n) {
    struct sorted_country sorted[COUNT_OF(countries)];
    for (size_t i = 0; i < COUNT_OF(countries); i++) {
        str name = i18n_country(lang, countries[i]);
        sorted[i] = (struct sorted_country){.fold = i18n_fold(a, name),
                                            .option = {.value = countries[i], .label = name}};
    }
    qsort(sorted, COUNT_OF(sorted), sizeof sorted[0], by_fold);
    struct html_option *ret = ARENA_ARRAY(a, struct html_option, COUNT_OF(sorted));
    for (size_t i = 0; i < COUNT_OF(sorted); i++)
        ret[i] = sorted[i].option;
    *ret_n = COUNT_OF(sorted);
    return ret;
}

/* ---- postcodes ---- */

/* 0: a digit; 1: a digit but not 0; A: a letter; anything else stands there as it is. */
struct postcode_rule {
    str country;
    const char *form;
};
static const struct postcode_rule postcode_rules[] = {
    {S_INIT("NL"), "1000 AA"},    {S_INIT("BE"), "1000"},    {S_INIT("LU"), "0000"},
    {S_INIT("DE"), "00000"},      {S_INIT("FR"), "00000"},   {S_INIT("US"), "00000"},
    {S_INIT("US"), "00000-0000"}, {S_INIT("GB"), "A0 0AA"},  {S_INIT("GB"), "A00 0AA"},
    {S_INIT("GB"), "A0A 0AA"},    {S_INIT("GB"), "AA0 0AA"}, {S_INIT("GB"), "AA00 0AA"},
    {S_INIT("GB"), "AA0A 0AA"},
};

static bool fits(char form, char c) {
    if (form == 'A') return c >= 'A' && c <= 'Z';
    return c >= (form == '1' ? '1' : '0') && c <= '9';
}

/* Lays `compact` (capitals and digits only) out in the form; false when it does not fit. */
static bool lay_out(const char *form, str compact, char *out) {
    size_t i = 0;
    for (; *form; form++, out++) {
        if (*form == ' ' || *form == '-') {
            *out = *form;
        } else {
            if (i == compact.n || !fits(*form, compact.p[i])) return false;
            *out = compact.p[i++];
        }
    }
    *out = '\0';
    return i == compact.n;
}

/* Capitals and digits of `s`, at most 12; n is 0 when there is something else in it than these, spaces and
 * hyphens. */
static size_t compact_form(str s, char out[12]) {
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == ' ' || c == '-') continue;
        if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
        bool known = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!known || n == 12) return 0;
        out[n++] = c;
    }
    return n;
}

/* Without the country that people write before it: L-1234, NL 1012 AB. */
static str without_country(str compact, str country) {
    for (size_t n = 2; n > 0; n--) {
        bool prefix = compact.n > n && str_starts(compact, str_slice(country, 0, n));
        if (prefix && compact.p[n] >= '0' && compact.p[n] <= '9') return str_slice(compact, n, compact.n);
    }
    return compact;
}

bool customer_postcode(struct arena *a, str country, str postcode, str *ret) {
    char compact[12], laid_out[16];
    size_t n = compact_form(postcode, compact);
    bool ruled = false;
    for (size_t i = 0; i < COUNT_OF(postcode_rules); i++) {
        const struct postcode_rule *rule = &postcode_rules[i];
        if (!str_eq(rule->country, country)) continue;
        ruled = true;
        str digits_first =
            rule->form[0] == 'A' ? (str){compact, n} : without_country((str){compact, n}, country);
        if (!lay_out(rule->form, digits_first, laid_out)) continue;
        *ret = arena_str(a, str_c(laid_out));
        return true;
    }
    *ret = str_trim(postcode);
    return !ruled;
}

/* ---- an address ---- */

struct rule_check {
    size_t n;
    struct customer_wrong *wrong;
};

static void note(struct rule_check *c, const char *field, str message) {
    if (message.p) c->wrong[c->n++] = (struct customer_wrong){.field = field, .message = message};
}

static str missing(str value) {
    return str_is_empty(str_trim(value)) ? T("This is a required field.") : STR_NULL;
}

void customer_address_fill(struct customer_address *address) {
    str *fields[] = {&address->firstname, &address->lastname, &address->company, &address->street1,
                     &address->street2,   &address->postcode, &address->city,    &address->region,
                     &address->country,   &address->telephone};
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (!fields[i]->p) *fields[i] = S("");
}

static str upper_country(struct arena *a, str code) {
    if (code.n != 2) return code;
    char *up = arena_cstr(a, code);
    for (size_t i = 0; i < 2; i++)
        if (up[i] >= 'a' && up[i] <= 'z') up[i] = (char)(up[i] - 'a' + 'A');
    return (str){up, 2};
}

size_t customer_address_check(struct arena *a, struct customer_address *address,
                              struct customer_wrong ret_wrong[CUSTOMER_ADDRESS_FIELDS]) {
    struct rule_check c = {.n = 0, .wrong = ret_wrong};
    customer_address_fill(address);
    address->country = upper_country(a, address->country);
    note(&c, "firstname", customer_name_wrong(address->firstname));
    note(&c, "lastname", customer_name_wrong(address->lastname));
    note(&c, "street1", missing(address->street1));
    note(&c, "city", missing(address->city));
    note(&c, "telephone", customer_telephone_wrong(address->telephone));
    if (!customer_country_known(address->country))
        note(&c, "country", T("Please choose a country."));
    else if (!customer_postcode(a, address->country, address->postcode, &address->postcode))
        note(&c, "postcode", T("This is no postcode of the chosen country."));
    return c.n;
}

str customer_address_line(struct arena *a, const struct customer_address *address) {
    const str parts[] = {
        customer_full_name(a, address->firstname, address->lastname),
        address->company,
        address->street1,
        address->street2,
        str_trim(ARENA_CAT(a, address->postcode, S(" "), address->city)),
        address->region,
        address->country,
    };
    str line = S("");
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (str_is_empty(parts[i])) continue;
        line = str_is_empty(line) ? parts[i] : ARENA_CAT(a, line, S(", "), parts[i]);
    }
    return line;
}

str customer_address_block(struct arena *a, enum lang lang, const struct customer_address *address) {
    bool after_city = str_eq(address->country, S("US")) || str_eq(address->country, S("GB"));
    str postcode = address->postcode, city = address->city;
    str place = after_city ? ARENA_CAT(a, city, S(" "), postcode) : ARENA_CAT(a, postcode, S(" "), city);
    const str lines[] = {
        customer_full_name(a, address->firstname, address->lastname),
        address->company,
        address->street1,
        address->street2,
        str_trim(place),
        address->region,
        i18n_country(lang, address->country),
        address->telephone,
    };
    str block = S("");
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        if (str_is_empty(lines[i])) continue;
        block = str_is_empty(block) ? lines[i] : ARENA_CAT(a, block, S("\n"), lines[i]);
    }
    return block;
}
