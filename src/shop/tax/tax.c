#include "shop/tax/tax.h"

#include "shop/customer/customer.h"

#define ELSEWHERE T("All other countries")

struct html_option *tax_country_options(struct arena *a, enum lang lang, size_t *ret_n) {
    size_t n;
    const struct html_option *countries = customer_country_options(a, lang, &n);
    struct html_option *all = ARENA_ARRAY(a, struct html_option, n + 1);
    all[0] = (struct html_option){.value = S("*"), .label = i18n_get(lang, ELSEWHERE)};
    memcpy(all + 1, countries, n * sizeof *all);
    *ret_n = n + 1;
    return all;
}

bool tax_country_known(str code) {
    return str_eq(code, S("*")) || customer_country_known(code);
}

str tax_country_name(enum lang lang, str code) {
    return str_eq(code, S("*")) ? i18n_get(lang, ELSEWHERE) : i18n_country(lang, code);
}
