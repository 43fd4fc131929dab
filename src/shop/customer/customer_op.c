/* What several pages and operations on customers share: settings, new addresses, checks with messages at the
 * fields, the record, the search text. */
#include "shop/customer/customer_inside.h"

bool customer_shared(const struct settings *s) {
    return str_eq(setting_text(s, SETTING_ACCOUNT_SHARE, SETTING_DEFAULT), S("global"));
}

void customer_op_subject(struct op *op, i64 id, str firstname, str lastname, str email, i64 website_id) {
    str label = customer_label(op->arena, firstname, lastname, email);
    op_subject(op, "customer", id, label);
    op_customer(op, id, label, website_id);
}

enum err customer_wrong_password(struct op *op, i64 id, i64 failed_logins) {
    i64 failures = failed_logins + 1;
    opt_i64 until = NONE;
    if (failures >= setting_int(op->settings, SETTING_CUSTOMER_FAILURES, SETTING_DEFAULT)) {
        until = OPT(op->now_us +
                    setting_int(op->settings, SETTING_CUSTOMER_LOCK_MINUTES, SETTING_DEFAULT) * US_MINUTE);
        failures = 0;
    }
    return customer_count_failure(op->w, id, failures, until, NULL);
}

enum err customer_new_address(struct db_r *r, i64 customer_id, str firstname, str lastname, str telephone,
                              const struct store_view *view, struct customer_address *ret) {
    struct customer_home_country home;
    enum err e = customer_home_country(r, customer_id, &home);
    if (e && e != ERR_NOT_FOUND) return e;
    str locale = view ? view->locale : S("");
    str country = str_slice(locale, locale.n > 2 ? locale.n - 2 : 0, locale.n);
    *ret = (struct customer_address){.firstname = firstname,
                                     .lastname = lastname,
                                     .telephone = telephone,
                                     .country = e ? country : home.country};
    customer_address_fill(ret);
    return OK;
}

/* ---- checks ---- */

static enum err at_field(struct op *op, const char *field, str wrong, enum err so_far) {
    return wrong.p ? op_invalid(op, field, i18n_get(op->lang, wrong)) : so_far;
}

enum err customer_check_names(struct op *op, str firstname, str lastname, str telephone) {
    enum err e = OK;
    e = at_field(op, "firstname", customer_name_wrong(firstname), e);
    e = at_field(op, "lastname", customer_name_wrong(lastname), e);
    e = at_field(op, "telephone", customer_telephone_wrong(telephone), e);
    return e;
}

enum err customer_check_address(struct op *op, struct customer_address *address) {
    struct customer_wrong wrong[CUSTOMER_ADDRESS_FIELDS];
    size_t n = customer_address_check(op->arena, address, wrong);
    enum err e = OK;
    for (size_t i = 0; i < n; i++)
        e = at_field(op, wrong[i].field, wrong[i].message, e);
    return e;
}

enum err customer_email_taken(struct op *op, str email, i64 website_id, i64 except_id, bool *ret) {
    struct customer_email_count count;
    TRY(customer_email_count(op->r, customer_email_fold(op->arena, email), website_id,
                             customer_shared(op->settings), except_id, &count));
    *ret = count.n > 0;
    return OK;
}

/* ---- the record and the search text ---- */

void customer_record_address(struct op *op, const struct customer_address *before,
                             const struct customer_address *after) {
    static const struct {
        const char *field;
        size_t offset;
    } fields[] = {
        {"firstname", offsetof(struct customer_address, firstname)},
        {"lastname", offsetof(struct customer_address, lastname)},
        {"company", offsetof(struct customer_address, company)},
        {"street1", offsetof(struct customer_address, street1)},
        {"street2", offsetof(struct customer_address, street2)},
        {"postcode", offsetof(struct customer_address, postcode)},
        {"city", offsetof(struct customer_address, city)},
        {"region", offsetof(struct customer_address, region)},
        {"country", offsetof(struct customer_address, country)},
        {"telephone", offsetof(struct customer_address, telephone)},
    };
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        const str *old = before ? (const str *)((const char *)before + fields[i].offset) : NULL;
        const str *new = after ? (const str *)((const char *)after + fields[i].offset) : NULL;
        bool empty = (!old || str_is_empty(*old)) && (!new || str_is_empty(*new));
        if (!empty) op_change(op, fields[i].field, old ? *old : STR_NULL, new ? *new : STR_NULL);
    }
}

enum err customer_search_text(struct op *op, i64 customer_id, str firstname, str lastname, str email,
                              str telephone, str *ret) {
    struct customer_postcodes *rows;
    size_t n;
    TRY(customer_postcodes(op->r, customer_id, &rows, &n));
    str *postcodes = ARENA_ARRAY(op->arena, str, n);
    for (size_t i = 0; i < n; i++)
        postcodes[i] = rows[i].postcode;
    *ret = customer_search_fold(op->arena, firstname, lastname, email, telephone, postcodes, n);
    return OK;
}

enum err customer_refresh_search(struct op *op, i64 customer_id) {
    struct customer_by_id c;
    str fold;
    TRY(customer_by_id(op->r, customer_id, &c));
    TRY(customer_search_text(op, customer_id, c.firstname, c.lastname, c.email, c.telephone, &fold));
    return customer_set_search(op->w, customer_id, fold, NULL);
}
