/* The first step: where to. Customers choose from their address book; guests, and who has no address yet,
 * type one in. The same form takes another billing address. */
#include "shop/checkout/checkout_inside.h"

/* ---- choosing from the address book ---- */

/* What the select posts for an address that was typed in and stands in no book. */
#define TYPED S("typed")

/* The address that is used unless another one is chosen. */
static str chosen_value(struct arena *a, const struct checkout *c, const struct checkout_customer *self,
                        const struct checkout_entry *book, size_t n) {
    const struct checkout_place *to = &c->parts[0].to;
    if (to->id && !c->several) {
        bool listed = to->book_id.set && checkout_book_find(book, n, to->book_id.v);
        return listed ? checkout_digits(a, to->book_id.v) : TYPED;
    }
    if (self->default_shipping_id.set && checkout_book_find(book, n, self->default_shipping_id.v))
        return checkout_digits(a, self->default_shipping_id.v);
    return checkout_digits(a, book[0].id);
}

static struct html_option *book_options(struct arena *a, const struct checkout_entry *book, size_t n,
                                        const struct checkout_place *typed, size_t *ret_n) {
    struct html_option *options = ARENA_ARRAY(a, struct html_option, n + 1);
    for (size_t i = 0; i < n; i++)
        options[(*ret_n)++] = (struct html_option){.value = checkout_digits(a, book[i].id),
                                                   .label = customer_address_line(a, &book[i].address)};
    bool listed = typed->book_id.set && checkout_book_find(book, n, typed->book_id.v);
    if (typed->id && !listed)
        options[(*ret_n)++] =
            (struct html_option){.value = TYPED, .label = customer_address_line(a, &typed->address)};
    return options;
}

enum err page_checkout(struct page *p, const struct checkout_in *in) {
    struct checkout_ask ask;
    struct checkout c;
    struct checkout_customer self;
    struct checkout_entry *book = NULL;
    size_t n = 0;
    bool answered;
    (void)in;
    TRY(checkout_page(p, CHECKOUT_ADDRESS, &ask, &c, &answered));
    if (answered) return OK;
    if (actor_self(p->actor)) TRY(checkout_book_read(p->db, &book, &n));
    if (!n) return checkout_address_form(p, &ask, &c, CHECKOUT_ADDRESS_USE_SHIPPING);
    TRY(checkout_customer(p->db, &self));
    const struct checkout_place none = {0};
    struct tpl_checkout_shipping v = {
        .steps = checkout_steps_html(p, &c, CHECKOUT_ADDRESS),
        .summary = checkout_summary_html(p, &c),
        .address = chosen_value(p->arena, &c, &self, book, n),
        .may_split = c.pieces > 1 && c.wants_n <= CHECKOUT_SPLIT_MAX,
        .several = c.several ? (i64)c.parts_n : 0,
    };
    v.addresses = book_options(p->arena, book, n, c.several ? &none : &c.parts[0].to, &v.addresses_n);
    reply_title(p->reply, i18n_get(p->lang, T("Checkout")));
    tpl_checkout_shipping(p->out, &v);
    return OK;
}

/* Everything goes to one address now. */
static enum err send_to_one(struct op *op, const struct checkout *c) {
    TRY(checkout_goods_clear(op->w, c->id, NULL));
    TRY(checkout_places_cut(op->w, c->id, S("shipping"), 1, NULL));
    if (c->several) op_change(op, "several addresses", S("yes"), S("no"));
    return checkout_set_several(op->w, c->id, false, op->now_us, NULL);
}

/* Who has another default for bills gets it, until something else is chosen. */
static enum err bill_by_default(struct op *op, const struct checkout *c, const struct checkout_customer *self,
                                const struct checkout_entry *book, size_t n) {
    if (c->billing.id || c->parts[0].to.id || !self->default_billing_id.set) return OK;
    if (self->default_shipping_id.set && self->default_shipping_id.v == self->default_billing_id.v) return OK;
    const struct checkout_entry *entry = checkout_book_find(book, n, self->default_billing_id.v);
    if (!entry || !self->default_shipping_id.set) return OK;
    TRY(checkout_put_place(op, c, S("billing"), 1, OPT(entry->id), &entry->address, NULL));
    return checkout_set_same(op->w, c->id, false, op->now_us, NULL);
}

enum err op_checkout_choose(struct op *op, const struct checkout_choose_in *in) {
    struct checkout c;
    struct checkout_customer self;
    struct checkout_entry *book;
    size_t n;
    i64 id = 0;
    TRY(checkout_begin(op, &c));
    TRY(checkout_book_read(op->r, &book, &n));
    TRY(checkout_customer(op->r, &self));
    bool typed = str_eq(in->address, TYPED) && c.parts[0].to.id && !c.several;
    const struct checkout_entry *entry =
        str_to_i64(in->address, &id) ? checkout_book_find(book, n, id) : NULL;
    if (!entry && !typed)
        return op_invalid(op, "address", i18n_get(op->lang, T("Please choose one of your addresses.")));
    TRY(bill_by_default(op, &c, &self, book, n));
    TRY(send_to_one(op, &c));
    if (entry) TRY(checkout_put_place(op, &c, S("shipping"), 1, OPT(entry->id), &entry->address, NULL));
    checkout_record(op, &c);
    op_redirect(op, S("/checkout/payment"));
    return OK;
}

/* ---- typing one in ---- */

/* What the form begins with: the address that was typed in before, else the customer's own name. */
static enum err begin_with(struct page *p, const struct checkout *c, enum checkout_address_use use,
                           struct customer_address *ret) {
    struct checkout_customer self;
    const struct checkout_place *typed = use == CHECKOUT_ADDRESS_USE_BILLING ? &c->billing : &c->parts[0].to;
    bool again = typed->id && !typed->book_id.set && use != CHECKOUT_ADDRESS_USE_SEVERAL;
    if (again) {
        *ret = typed->address;
        return OK;
    }
    *ret = (struct customer_address){
        .country = setting_text(p->settings, SETTING_TAX_COUNTRY,
                                (struct setting_place){p->view->website_id, p->view->id})};
    if (actor_self(p->actor)) {
        TRY(checkout_customer(p->db, &self));
        ret->firstname = self.firstname;
        ret->lastname = self.lastname;
        ret->telephone = self.telephone;
    }
    customer_address_fill(ret);
    return OK;
}

enum err checkout_address_form(struct page *p, const struct checkout_ask *ask, const struct checkout *c,
                               enum checkout_address_use use) {
    static const char *const words[] = {"shipping", "billing", "several"};
    struct customer_address a;
    bool self = actor_self(p->actor) != 0;
    TRY(begin_with(p, c, use, &a));
    struct tpl_checkout_address v = {
        .steps = checkout_steps_html(
            p, c, use == CHECKOUT_ADDRESS_USE_BILLING ? CHECKOUT_PAYMENT : CHECKOUT_ADDRESS),
        .summary = checkout_summary_html(p, c),
        .use = str_c(words[use]),
        .guest = !self && use == CHECKOUT_ADDRESS_USE_SHIPPING,
        .may_save = self && use != CHECKOUT_ADDRESS_USE_SEVERAL,
        .email = checkout_email(ask, c),
        CHECKOUT_ADDRESS_MEMBERS(&a),
    };
    v.countries = customer_country_options(p->arena, p->lang, &v.countries_n);
    reply_title(p->reply, i18n_get(p->lang, T("Checkout")));
    tpl_checkout_address(p->out, &v);
    return OK;
}

enum err page_checkout_address(struct page *p, const struct checkout_address_in *in) {
    struct checkout_ask ask;
    struct checkout c;
    bool answered;
    enum checkout_address_use use = (int)in->use < 0 ? CHECKOUT_ADDRESS_USE_SHIPPING : in->use;
    bool guest = !actor_self(p->actor);
    TRY(checkout_page(p, use == CHECKOUT_ADDRESS_USE_BILLING ? CHECKOUT_PAYMENT : CHECKOUT_ADDRESS, &ask, &c,
                      &answered));
    if (answered) return OK;
    if (guest && use == CHECKOUT_ADDRESS_USE_SEVERAL) use = CHECKOUT_ADDRESS_USE_SHIPPING;
    return checkout_address_form(p, &ask, &c, use);
}

/* A guest's e-mail: the confirmation goes there. */
static enum err set_email(struct op *op, const struct checkout *c, str email) {
    if (actor_self(op->actor)) return OK;
    str typed = email.p ? str_trim(email) : S("");
    str wrong = typed.n ? customer_email_wrong(typed) : T("This is a required field.");
    if (wrong.p) return op_invalid(op, "email", i18n_get(op->lang, wrong));
    op_change(op, "email", c->email.n ? c->email : STR_NULL, typed);
    return checkout_set_email(op->w, c->id, typed, op->now_us, NULL);
}

static enum err save_in_book(struct op *op, bool wanted, const struct customer_address *a, opt_i64 *ret_id) {
    i64 id;
    *ret_id = NONE;
    if (!wanted || !actor_self(op->actor)) return OK;
    TRY(customer_address_add(op, a, false, false, &id));
    *ret_id = OPT(id);
    op_change(op, "saved in the address book", STR_NULL, customer_address_line(op->arena, a));
    return OK;
}

enum err op_checkout_address_save(struct op *op, const struct checkout_address_save_in *in) {
    struct checkout c;
    struct customer_address a = {CHECKOUT_ADDRESS_MEMBERS(in)};
    bool shipping = in->use == CHECKOUT_ADDRESS_SAVE_USE_SHIPPING;
    bool several = in->use == CHECKOUT_ADDRESS_SAVE_USE_SEVERAL;
    opt_i64 book_id;
    if (several && !actor_self(op->actor)) return ERR_UNAUTHENTICATED;
    TRY(checkout_begin(op, &c));
    enum err wrong = customer_check_address(op, &a);
    if (shipping) {
        enum err e = set_email(op, &c, in->email);
        if (e) wrong = e;
    }
    if (wrong) return wrong;
    TRY(save_in_book(op, in->save || several, &a, &book_id));
    if (shipping) {
        TRY(send_to_one(op, &c));
        TRY(checkout_put_place(op, &c, S("shipping"), 1, book_id, &a, NULL));
    } else if (!several) {
        TRY(checkout_put_place(op, &c, S("billing"), 1, book_id, &a, NULL));
        TRY(checkout_set_same(op->w, c.id, false, op->now_us, NULL));
    }
    checkout_record(op, &c);
    op_redirect(op, several ? S("/checkout/addresses") : S("/checkout/payment"));
    return OK;
}
