/* The address book of a customer, edited by staff. The rules are those of the shop. */
#include "shop/customer/customer_admin_inside.h"

static str text(const struct op *op, str msgid) {
    return i18n_get(op->lang, msgid);
}

/* ---- pages ---- */

/* The customer's page around the form. */
static void frame(struct page *p, const struct customer_admin_get *c, str title) {
    const struct i18n_arg name = {S_INIT("name"), customer_full_name(p->arena, c->firstname, c->lastname)};
    reply_title(p->reply, i18n_format_message(p->arena, p->lang, title, &name, 1));
    reply_menu(p->reply, "admin_customers");
}

enum err page_admin_address_new(struct page *p, const struct admin_address_new_in *in) {
    struct customer_admin_get c;
    TRY(customer_admin_get(p->db, in->customer_id, &c));
    struct customer_address a;
    TRY(customer_new_address(p->db, c.id, c.firstname, c.lastname, c.telephone,
                             stores_view(p->stores, c.view_id), &a));
    struct tpl_customer_admin_address_new v = {
        .customer_id = c.id,
        .assist_on = assist_is_on(p->settings),
        .orders = customer_admin_orders_shown(p),
        CUSTOMER_ADDRESS_MEMBERS(&a),
        .is_billing = !c.default_billing_id.set,
        .is_shipping = !c.default_shipping_id.set,
    };
    v.countries = customer_country_options(p->arena, p->lang, &v.countries_n);
    frame(p, &c, T("New Address of {name}"));
    tpl_customer_admin_address_new(p->out, &v);
    return OK;
}

enum err page_admin_address(struct page *p, const struct admin_address_in *in) {
    struct customer_admin_get c;
    struct customer_admin_address a;
    TRY(customer_admin_get(p->db, in->customer_id, &c));
    TRY(customer_admin_address(p->db, c.id, in->id, &a));
    struct tpl_customer_admin_address_edit v = {
        .customer_id = c.id,
        .id = a.id,
        .assist_on = assist_is_on(p->settings),
        .orders = customer_admin_orders_shown(p),
        CUSTOMER_ADDRESS_MEMBERS(&a),
        .is_billing = customer_is_id(c.default_billing_id, a.id),
        .is_shipping = customer_is_id(c.default_shipping_id, a.id),
    };
    v.countries = customer_country_options(p->arena, p->lang, &v.countries_n);
    frame(p, &c, T("Address of {name}"));
    tpl_customer_admin_address_edit(p->out, &v);
    return OK;
}

/* ---- operations ---- */

static void note_default(struct op *op, const char *field, bool before, bool after) {
    op_change(op, field, before ? S("yes") : S("no"), after ? S("yes") : S("no"));
}

/* What a default becomes when the box at this address says so. */
static opt_i64 new_default(opt_i64 now, i64 id, bool wanted) {
    return wanted ? OPT(id) : customer_is_id(now, id) ? NONE : now;
}

static enum err finish(struct op *op, const struct customer_admin_get *c, i64 id,
                       const struct customer_address *a, bool billing, bool shipping) {
    op_subject(op, "address", id, customer_address_line(op->arena, a));
    note_default(op, "default_billing", customer_is_id(c->default_billing_id, id), billing);
    note_default(op, "default_shipping", customer_is_id(c->default_shipping_id, id), shipping);
    TRY(customer_admin_set_defaults(op->w, c->id, new_default(c->default_billing_id, id, billing),
                                    new_default(c->default_shipping_id, id, shipping), op->now_us, NULL));
    TRY(customer_refresh_search(op, c->id));
    op_redirect(op, customer_admin_path(op->arena, c->id, "addresses"));
    return OK;
}

enum err op_admin_address_create(struct op *op, const struct admin_address_create_in *in) {
    struct customer_admin_get c;
    struct customer_admin_addresses *rows;
    struct customer_admin_address_insert made;
    struct customer_address a = CUSTOMER_ADDRESS_OF(in);
    size_t n;
    TRY(customer_admin_find(op, in->customer_id, &c));
    TRY(customer_check_address(op, &a));
    TRY(customer_admin_addresses(op->r, c.id, &rows, &n));
    if (n >= CUSTOMER_ADDRESSES_MAX)
        return op_fail(op, ERR_INVALID, text(op, T("The address book is full.")));
    TRY(customer_admin_address_insert(op->w, c.id, a.firstname, a.lastname, a.company, a.street1, a.street2,
                                      a.postcode, a.city, a.region, a.country, a.telephone, &made));
    customer_record_address(op, NULL, &a);
    op_notice(op, text(op, T("You saved the address.")));
    return finish(op, &c, made.id, &a, in->billing, in->shipping);
}

static enum err find_address(struct op *op, i64 customer_id, i64 id, struct customer_admin_get *c,
                             struct customer_address *ret) {
    struct customer_admin_address row;
    TRY(customer_admin_find(op, customer_id, c));
    enum err e = customer_admin_address(op->r, c->id, id, &row);
    if (e == ERR_NOT_FOUND) return op_fail(op, e, text(op, T("This address does not exist.")));
    TRY(e);
    *ret = CUSTOMER_ADDRESS_OF(&row);
    return OK;
}

enum err op_admin_address_save(struct op *op, const struct admin_address_save_in *in) {
    struct customer_admin_get c;
    struct customer_address before, a = CUSTOMER_ADDRESS_OF(in);
    TRY(find_address(op, in->customer_id, in->id, &c, &before));
    TRY(customer_check_address(op, &a));
    TRY(customer_admin_address_update(op->w, c.id, in->id, a.firstname, a.lastname, a.company, a.street1,
                                      a.street2, a.postcode, a.city, a.region, a.country, a.telephone, NULL));
    customer_record_address(op, &before, &a);
    op_notice(op, text(op, T("You saved the address.")));
    TRY(finish(op, &c, in->id, &a, in->billing, in->shipping));
    if (!op_has_changes(op)) op_unchanged(op);
    return OK;
}

enum err op_admin_address_delete(struct op *op, const struct admin_address_delete_in *in) {
    struct customer_admin_get c;
    struct customer_address before;
    TRY(find_address(op, in->customer_id, in->id, &c, &before));
    TRY(customer_admin_address_drop(op->w, c.id, in->id, NULL));
    customer_record_address(op, &before, NULL);
    op_notice(op, text(op, T("You deleted the address.")));
    return finish(op, &c, in->id, &before, false, false);
}
