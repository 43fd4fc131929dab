/* Tax rates, and how tables of rates name countries: one by one, with "*" for all that have no row of their
 * own. */
#ifndef SHOP_TAX_TAX_H
#define SHOP_TAX_TAX_H

#include "base/base.h"
#include "html/html.h"
#include "i18n/i18n.h"

/* The countries that an address may be in, and "*", as choices of a select; "*" stands first. Arena. */
struct html_option *tax_country_options(struct arena *a, enum lang lang, size_t *ret_n);
/* Is this one of them? */
bool tax_country_known(str code);
/* "Netherlands"; "All other countries". Arena. */
str tax_country_name(enum lang lang, str code);

#endif
