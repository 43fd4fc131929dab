/* Customers: what a valid e-mail, password, name and address is, and how they are folded, shown and recorded.
 * Shop and Admin share these rules; pages and operations are in customer_*.c and address_shop.c.
 *
 * Functions that say what is wrong return a msgid (English; translate with i18n_get) or STR_NULL when nothing
 * is. */
#ifndef SHOP_CUSTOMER_CUSTOMER_H
#define SHOP_CUSTOMER_CUSTOMER_H

#include "base/base.h"
#include "db/db.h"
#include "html/html.h"
#include "i18n/i18n.h"

enum {
    CUSTOMER_EMAIL_MAX = 254,  /* bytes, RFC 5321 section 4.5.3.1.3 */
    CUSTOMER_PASSWORD_MIN = 8, /* characters, NIST SP 800-63B section 5.1.1.2 */
    CUSTOMER_PASSWORD_MAX = 128,
    CUSTOMER_NAME_MAX = 60,      /* characters, first and last name each */
    CUSTOMER_ADDRESSES_MAX = 50, /* in one address book */
};

/* ---- rules: pure, any thread ---- */

/* The message when it is no address that mail can be sent to: ASCII, one @, a domain with a dot. */
str customer_email_wrong(str email);
/* The form in which e-mails are compared and unique. Arena. */
str customer_email_fold(struct arena *a, str email);
/* The message when a name has no letter or digit in it. */
str customer_name_wrong(str name);
/* The message when it is no telephone number; an empty one is fine. */
str customer_telephone_wrong(str telephone);
/* The message when the password is too short or long, widely known, or the customer's own name or e-mail. No
 * rules of composition (NIST SP 800-63B). `email` and names may be STR_NULL. `scratch` holds folded copies:
 * end it soon. */
str customer_password_wrong(struct arena *scratch, str password, str email, str firstname, str lastname);

/* "Ada Lovelace". Arena. */
str customer_full_name(struct arena *a, str firstname, str lastname);
/* "Ada Lovelace <ada@example.com>", as the record names a customer. Arena. */
str customer_label(struct arena *a, str firstname, str lastname, str email);
/* What customer.search_fold holds: everything the grid finds a customer by (i18n_search_text). Arena. */
enum {
    CUSTOMER_SEARCH_NAME,
    CUSTOMER_SEARCH_EMAIL,
    CUSTOMER_SEARCH_PHONE,
    CUSTOMER_SEARCH_ZIP,
    CUSTOMER_SEARCH_PARTS
};
str customer_search_fold(struct arena *a, str firstname, str lastname, str email, str telephone,
                         const str *postcodes, size_t postcodes_n);

/* ---- addresses ---- */

/* All strings are set; what was left out is empty. */
struct customer_address {
    str firstname, lastname, company, street1, street2, postcode, city, region, country, telephone;
};

/* A field and the msgid of what is wrong with it. */
struct customer_wrong {
    const char *field;
    str message;
};
enum { CUSTOMER_ADDRESS_FIELDS = 10 };

/* Checks the address and brings postcode and country into their usual form ("1012ab" → "1012 AB"; arena).
 * Returns how many of ret_wrong were filled. */
size_t customer_address_check(struct arena *a, struct customer_address *address,
                              struct customer_wrong ret_wrong[CUSTOMER_ADDRESS_FIELDS]);
/* The postcode as it is written in its country; false when it cannot be one. Countries without a rule take
 * anything. */
bool customer_postcode(struct arena *a, str country, str postcode, str *ret);
/* One line: "Ada Lovelace, Kade 1, 1012 AB Amsterdam, NL". Arena. */
str customer_address_line(struct arena *a, const struct customer_address *address);
/* As it is written on an envelope, a line each, the country named in `lang` at the end, then the telephone
 * number. Arena. */
str customer_address_block(struct arena *a, enum lang lang, const struct customer_address *address);
/* Empty strings instead of absent ones, for rows where a field was left out. */
void customer_address_fill(struct customer_address *address);

/* May an address be in this country (ISO 3166-1 alpha-2)? */
bool customer_country_known(str code);
/* All of them as choices of a select, named in `lang` and sorted by name. Arena. */
struct html_option *customer_country_options(struct arena *a, enum lang lang, size_t *ret_n);

/* ---- what several operations share ---- */

struct op;

/* Notes every field that differs for the record. `before` NULL: a new address; `after` NULL: deleted. */
void customer_record_address(struct op *op, const struct customer_address *before,
                             const struct customer_address *after);
/* Refuses (ERR_INVALID, with a message at each field) an address that breaks a rule; else it is tidied. */
enum err customer_check_address(struct op *op, struct customer_address *address) MUST_CHECK;
/* Refuses wrong names and telephone numbers at the fields firstname, lastname and telephone. */
enum err customer_check_names(struct op *op, str firstname, str lastname, str telephone) MUST_CHECK;
/* Adds a checked address to the actor's own address book; the first one becomes the default for everything,
 * and `billing` and `shipping` make it one. Refuses (op_fail) when the book is full. Says nothing to the
 * record but the defaults. Writer only. */
enum err customer_address_add(struct op *op, const struct customer_address *address, bool billing,
                              bool shipping, i64 *ret_id) MUST_CHECK;
/* What customer.search_fold becomes when these are saved, with the postcodes of the customer's addresses. */
enum err customer_search_text(struct op *op, i64 customer_id, str firstname, str lastname, str email,
                              str telephone, str *ret) MUST_CHECK;
/* Writes customer.search_fold anew from the row and its addresses. Call after changing either; writer only.
 */
enum err customer_refresh_search(struct op *op, i64 customer_id) MUST_CHECK;
/* Is another account (not `except_id`) under this e-mail, where accounts of the website are looked for?
 * Honours Share Customer Accounts. */
enum err customer_email_taken(struct op *op, str email, i64 website_id, i64 except_id, bool *ret) MUST_CHECK;

/* ---- mail to customers, in the language of their store view ---- */

/* The first line of a mail: "Hello Ada,". Without the name when it looks like an address, so that nobody
 * registers others with advertising for a name. Arena. */
str customer_greeting(struct arena *a, enum lang lang, str firstname);

enum customer_mail {
    CUSTOMER_MAIL_WELCOME,
    CUSTOMER_MAIL_RESET, /* with a fresh one-time code */
    CUSTOMER_MAIL_PASSWORD_CHANGED,
    CUSTOMER_MAIL_EMAIL_CHANGED,     /* to the old address */
    CUSTOMER_MAIL_DELETED,           /* by the customer; put it before the row goes */
    CUSTOMER_MAIL_CONSENT_GIVEN,     /* by staff, for the customer */
    CUSTOMER_MAIL_CONSENT_WITHDRAWN, /* by staff */
    CUSTOMER_MAIL_MAX
};
/* Puts the mail into the outbox, for the customer as the row stands now. `to_email` STR_NULL: the row's. */
enum err customer_mail_put(struct op *op, enum customer_mail which, i64 customer_id, str to_email) MUST_CHECK;

/* ---- what grids of customers have in common: `c` is the customer ---- */

#define CUSTOMER_ID_COLUMN                                                                                   \
    .key = "id", .label = T("ID"), .kind = GRID_INT, .sql = GRID_SQL("c.id"), .sort = GRID_SQL("c.id"),      \
    .filter = GRID_RANGE

#define CUSTOMER_NAME_COLUMN                                                                                 \
    .key = "name", .label = T("Name"), .sql = GRID_SQL("c.firstname || ' ' || c.lastname"),                  \
    .sort = GRID_SQL("c.lastname"), .filter = GRID_WORDS, .part = CUSTOMER_SEARCH_NAME

#define CUSTOMER_EMAIL_COLUMN                                                                                \
    .key = "email", .label = T("Email"), .sql = GRID_SQL("c.email"), .sort = GRID_SQL("c.email_fold"),       \
    .filter = GRID_WORDS, .part = CUSTOMER_SEARCH_EMAIL

#define CUSTOMER_PHONE_COLUMN                                                                                \
    .key = "phone", .label = T("Phone Number"), .sql = GRID_SQL("c.telephone"), .filter = GRID_WORDS,        \
    .part = CUSTOMER_SEARCH_PHONE

#define CUSTOMER_WEBSITE_COLUMN                                                                              \
    .key = "website", .label = T("Website"), .kind = GRID_CHOICE_INT, .sql = GRID_SQL("c.website_id"),       \
    .sort = GRID_SQL("c.website_id"), .filter = GRID_PICK, .options = grid_website_options

#define CUSTOMER_GRID                                                                                        \
    .name = "customers", .where = GRID_SQL(GRID_IN_SCOPE("c.website_id")), .id = GRID_SQL("c.id"),           \
    .sort = "id", .descending = true, .search = GRID_SQL("c.search_fold"),                                   \
    .words = GRID_SQL("customer_word"), .parts = CUSTOMER_SEARCH_PARTS,                                      \
    .search_label = T("Search by name, email, phone or postcode"), .search_id = true, .row_name = "name",    \
    .empty = T("There are no customers yet.")

#endif
