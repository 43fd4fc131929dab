/* The address book. Statements are bound to @self: another customer's id finds nothing. */
#include "shop/customer/customer_inside.h"

/* A row of either statement, as the rules want it. */
#define ADDRESS_OF(row)                                                                                      \
    ((struct customer_address){(row)->firstname, (row)->lastname, (row)->company, (row)->street1,            \
                               (row)->street2, (row)->postcode, (row)->city, (row)->region, (row)->country,  \
                               (row)->telephone})

static bool assist_on(const struct page *p) {
    return setting_bool(p->settings, SETTING_ASSIST_ENABLED, SETTING_DEFAULT);
}

static bool is_id(opt_i64 of, i64 id) {
    return of.set && of.v == id;
}

/* ---- pages ---- */

enum err page_address_list(struct page *p, const struct address_list_in *in) {
    (void)in;
    struct customer_self c;
    struct customer_addresses *rows;
    size_t n;
    TRY(customer_self(p->db, &c));
    TRY(customer_addresses(p->db, &rows, &n));
    struct tpl_customer_addresses_rows *out = ARENA_ARRAY(p->arena, struct tpl_customer_addresses_rows, n);
    for (size_t i = 0; i < n; i++) {
        const struct customer_address a = ADDRESS_OF(&rows[i]);
        out[i] = (struct tpl_customer_addresses_rows){
            .id = rows[i].id,
            .text = customer_address_block(p->arena, p->lang, &a),
            .billing = is_id(c.default_billing_id, rows[i].id),
            .shipping = is_id(c.default_shipping_id, rows[i].id),
        };
    }
    reply_title(p->reply, i18n_get(p->lang, T("Address Book")));
    const struct tpl_customer_addresses v = {
        .assist_on = assist_on(p), .full = n >= CUSTOMER_ADDRESSES_MAX, .rows = out, .rows_n = n};
    tpl_customer_addresses(p->out, &v);
    return OK;
}

enum err page_address_new(struct page *p, const struct address_new_in *in) {
    (void)in;
    struct customer_self c;
    struct customer_addresses *rows;
    size_t n;
    TRY(customer_self(p->db, &c));
    TRY(customer_addresses(p->db, &rows, &n));
    str locale = p->view->locale;
    str country = n > 0 ? rows[0].country : str_slice(locale, locale.n > 2 ? locale.n - 2 : 0, locale.n);
    struct tpl_customer_address_new v = {
        .assist_on = assist_on(p),
        .firstname = c.firstname,
        .lastname = c.lastname,
        .company = S(""),
        .telephone = c.telephone,
        .street1 = S(""),
        .street2 = S(""),
        .postcode = S(""),
        .city = S(""),
        .region = S(""),
        .country = country,
        .is_billing = false,
        .is_shipping = false,
    };
    v.countries = customer_country_options(p->arena, p->lang, &v.countries_n);
    reply_title(p->reply, i18n_get(p->lang, T("Add New Address")));
    tpl_customer_address_new(p->out, &v);
    return OK;
}

enum err page_address_edit(struct page *p, const struct address_edit_in *in) {
    struct customer_self c;
    struct customer_address_get a;
    TRY(customer_self(p->db, &c));
    TRY(customer_address_get(p->db, in->id, &a));
    struct tpl_customer_address_edit v = {
        .id = a.id,
        .assist_on = assist_on(p),
        .firstname = a.firstname,
        .lastname = a.lastname,
        .company = a.company,
        .telephone = a.telephone,
        .street1 = a.street1,
        .street2 = a.street2,
        .postcode = a.postcode,
        .city = a.city,
        .region = a.region,
        .country = a.country,
        .is_billing = is_id(c.default_billing_id, a.id),
        .is_shipping = is_id(c.default_shipping_id, a.id),
    };
    v.countries = customer_country_options(p->arena, p->lang, &v.countries_n);
    reply_title(p->reply, i18n_get(p->lang, T("Edit Address")));
    tpl_customer_address_edit(p->out, &v);
    return OK;
}

/* ---- operations ---- */

/* Makes the address a default one where that was asked for, and notes it for the record. */
static enum err set_defaults(struct op *op, const struct customer_self *c, i64 id, bool billing,
                             bool shipping) {
    opt_i64 new_billing = billing ? OPT(id) : c->default_billing_id;
    opt_i64 new_shipping = shipping ? OPT(id) : c->default_shipping_id;
    if (billing && !is_id(c->default_billing_id, id)) op_change(op, "default_billing", S("no"), S("yes"));
    if (shipping && !is_id(c->default_shipping_id, id)) op_change(op, "default_shipping", S("no"), S("yes"));
    return customer_set_defaults(op->w, new_billing, new_shipping, op->now_us, NULL);
}

static void note_subject(struct op *op, const struct customer_self *c, i64 id,
                         const struct customer_address *a) {
    op_subject(op, "address", id, customer_address_line(op->arena, a));
    op_customer(op, c->id, customer_label(op->arena, c->firstname, c->lastname, c->email), c->website_id);
}

enum err op_address_create(struct op *op, const struct address_create_in *in) {
    struct customer_self c;
    struct customer_address_count count;
    struct customer_address_insert row;
    struct customer_address a = ADDRESS_OF(in);
    TRY(customer_check_address(op, &a));
    TRY(customer_self(op->r, &c));
    TRY(customer_address_count(op->r, &count));
    if (count.n >= CUSTOMER_ADDRESSES_MAX)
        return op_fail(op, ERR_INVALID,
                       i18n_get(op->lang, T("Your address book is full. Delete an address to add another.")));
    TRY(customer_address_insert(op->w, a.firstname, a.lastname, a.company, a.street1, a.street2, a.postcode,
                                a.city, a.region, a.country, a.telephone, &row));
    note_subject(op, &c, row.id, &a);
    customer_record_address(op, NULL, &a);
    /* The first address is used for everything until another one is chosen. */
    TRY(set_defaults(op, &c, row.id, in->billing || !c.default_billing_id.set,
                     in->shipping || !c.default_shipping_id.set));
    TRY(customer_refresh_search(op, c.id));
    op_notice(op, i18n_get(op->lang, T("You saved the address.")));
    op_redirect(op, S("/customer/address"));
    return OK;
}

enum err op_address_save(struct op *op, const struct address_save_in *in) {
    struct customer_self c;
    struct customer_address_get old;
    TRY(customer_address_get(op->r, in->id, &old));
    struct customer_address before = ADDRESS_OF(&old), after = ADDRESS_OF(in);
    TRY(customer_check_address(op, &after));
    TRY(customer_self(op->r, &c));
    TRY(customer_address_update(op->w, in->id, after.firstname, after.lastname, after.company, after.street1,
                                after.street2, after.postcode, after.city, after.region, after.country,
                                after.telephone, NULL));
    note_subject(op, &c, in->id, &after);
    customer_record_address(op, &before, &after);
    TRY(set_defaults(op, &c, in->id, in->billing, in->shipping));
    TRY(customer_refresh_search(op, c.id));
    op_notice(op, i18n_get(op->lang, T("You saved the address.")));
    op_redirect(op, S("/customer/address"));
    return OK;
}

enum err op_address_delete(struct op *op, const struct address_delete_in *in) {
    struct customer_self c;
    struct customer_address_get old;
    TRY(customer_address_get(op->r, in->id, &old));
    struct customer_address before = ADDRESS_OF(&old);
    TRY(customer_self(op->r, &c));
    note_subject(op, &c, in->id, &before);
    customer_record_address(op, &before, NULL);
    opt_i64 billing = is_id(c.default_billing_id, in->id) ? NONE : c.default_billing_id;
    opt_i64 shipping = is_id(c.default_shipping_id, in->id) ? NONE : c.default_shipping_id;
    TRY(customer_set_defaults(op->w, billing, shipping, op->now_us, NULL));
    TRY(customer_address_drop(op->w, in->id, NULL));
    TRY(customer_refresh_search(op, c.id));
    op_notice(op, i18n_get(op->lang, T("You deleted the address.")));
    op_redirect(op, S("/customer/address"));
    return OK;
}
