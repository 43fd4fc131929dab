/* The address book. Statements are bound to @self: another customer's id finds nothing. */
#include "shop/customer/customer_inside.h"

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
        const struct customer_address a = CUSTOMER_ADDRESS_OF(&rows[i]);
        out[i] = (struct tpl_customer_addresses_rows){
            .id = rows[i].id,
            .text = customer_address_block(p->arena, p->lang, &a),
            .billing = customer_is_id(c.default_billing_id, rows[i].id),
            .shipping = customer_is_id(c.default_shipping_id, rows[i].id),
        };
    }
    reply_title(p->reply, i18n_get(p->lang, T("Address Book")));
    const struct tpl_customer_addresses v = {.assist_on = assist_is_on(p->settings),
                                             .full = n >= CUSTOMER_ADDRESSES_MAX,
                                             .rows = out,
                                             .rows_n = n};
    tpl_customer_addresses(p->out, &v);
    return OK;
}

enum err page_address_new(struct page *p, const struct address_new_in *in) {
    (void)in;
    struct customer_self c;
    struct customer_address a;
    TRY(customer_self(p->db, &c));
    TRY(customer_new_address(p->db, c.id, c.firstname, c.lastname, c.telephone, p->view, &a));
    struct tpl_customer_address_new v = {.assist_on = assist_is_on(p->settings),
                                         CUSTOMER_ADDRESS_MEMBERS(&a)};
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
        .assist_on = assist_is_on(p->settings),
        CUSTOMER_ADDRESS_MEMBERS(&a),
        .is_billing = customer_is_id(c.default_billing_id, a.id),
        .is_shipping = customer_is_id(c.default_shipping_id, a.id),
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
    if (billing && !customer_is_id(c->default_billing_id, id))
        op_change(op, "default_billing", S("no"), S("yes"));
    if (shipping && !customer_is_id(c->default_shipping_id, id))
        op_change(op, "default_shipping", S("no"), S("yes"));
    return customer_set_defaults(op->w, new_billing, new_shipping, op->now_us, NULL);
}

static void note_subject(struct op *op, const struct customer_self *c, i64 id,
                         const struct customer_address *a) {
    op_subject(op, "address", id, customer_address_line(op->arena, a));
    op_customer(op, c->id, customer_label(op->arena, c->firstname, c->lastname, c->email), c->website_id);
}

/* The address book has changed: back to it, with this message. */
static enum err finish(struct op *op, i64 customer_id, str notice) {
    TRY(customer_refresh_search(op, customer_id));
    op_notice(op, i18n_get(op->lang, notice));
    op_redirect(op, S("/customer/address"));
    return OK;
}

enum err customer_address_add(struct op *op, const struct customer_address *a, bool billing, bool shipping,
                              i64 *ret_id) {
    struct customer_self c;
    struct customer_address_count count;
    struct customer_address_insert row;
    TRY(customer_self(op->r, &c));
    TRY(customer_address_count(op->r, &count));
    if (count.n >= CUSTOMER_ADDRESSES_MAX)
        return op_fail(op, ERR_INVALID,
                       i18n_get(op->lang, T("Your address book is full. Delete an address to add another.")));
    TRY(customer_address_insert(op->w, a->firstname, a->lastname, a->company, a->street1, a->street2,
                                a->postcode, a->city, a->region, a->country, a->telephone, &row));
    *ret_id = row.id;
    TRY(set_defaults(op, &c, row.id, billing || !c.default_billing_id.set,
                     shipping || !c.default_shipping_id.set));
    return customer_refresh_search(op, c.id);
}

enum err op_address_create(struct op *op, const struct address_create_in *in) {
    struct customer_self c;
    struct customer_address a = CUSTOMER_ADDRESS_OF(in);
    i64 id;
    TRY(customer_check_address(op, &a));
    TRY(customer_self(op->r, &c));
    customer_record_address(op, NULL, &a);
    TRY(customer_address_add(op, &a, in->billing, in->shipping, &id));
    note_subject(op, &c, id, &a);
    op_notice(op, i18n_get(op->lang, T("You saved the address.")));
    op_redirect(op, S("/customer/address"));
    return OK;
}

enum err op_address_save(struct op *op, const struct address_save_in *in) {
    struct customer_self c;
    struct customer_address_get old;
    TRY(customer_address_get(op->r, in->id, &old));
    struct customer_address before = CUSTOMER_ADDRESS_OF(&old), after = CUSTOMER_ADDRESS_OF(in);
    TRY(customer_check_address(op, &after));
    TRY(customer_self(op->r, &c));
    TRY(customer_address_update(op->w, in->id, after.firstname, after.lastname, after.company, after.street1,
                                after.street2, after.postcode, after.city, after.region, after.country,
                                after.telephone, NULL));
    note_subject(op, &c, in->id, &after);
    customer_record_address(op, &before, &after);
    TRY(set_defaults(op, &c, in->id, in->billing, in->shipping));
    if (!op_has_changes(op)) op_unchanged(op);
    return finish(op, c.id, T("You saved the address."));
}

enum err op_address_delete(struct op *op, const struct address_delete_in *in) {
    struct customer_self c;
    struct customer_address_get old;
    TRY(customer_address_get(op->r, in->id, &old));
    struct customer_address before = CUSTOMER_ADDRESS_OF(&old);
    TRY(customer_self(op->r, &c));
    note_subject(op, &c, in->id, &before);
    customer_record_address(op, &before, NULL);
    opt_i64 billing = customer_is_id(c.default_billing_id, in->id) ? NONE : c.default_billing_id;
    opt_i64 shipping = customer_is_id(c.default_shipping_id, in->id) ? NONE : c.default_shipping_id;
    TRY(customer_set_defaults(op->w, billing, shipping, op->now_us, NULL));
    TRY(customer_address_drop(op->w, in->id, NULL));
    return finish(op, c.id, T("You deleted the address."));
}
