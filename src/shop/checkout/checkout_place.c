/* Placing: one order, or one for each address, all or none. Pressing *Place Order* twice, going back, or a
 * second tab find the orders that are there already, by the key of the checkout. */
#include "audit/audit.h"
#include "shop/checkout/checkout_inside.h"

/* ---- may it be placed? ---- */

static enum err refuse(struct op *op, str msgid) {
    return op_fail(op, ERR_CONFLICT, i18n_get(op->lang, msgid));
}

static enum err check(struct op *op, const struct checkout_ask *ask, const struct checkout *c,
                      const struct checkout_place_in *in) {
    if (!checkout_any(c)) return refuse(op, T("Your cart is empty."));
    if (c->too_large) return refuse(op, T("This is more than one order can hold."));
    if (!str_eq(c->key, in->key))
        return refuse(
            op, T("This page was out of date. Nothing was ordered yet: please look at your order again."));
    if (c->trouble)
        return refuse(
            op,
            T("Not everything can be ordered as it stands. The products that it is about are marked below."));
    enum err changed = checkout_compare(op, ask, c, in->shown);
    if (changed) return changed;
    switch (checkout_missing(ask, c)) {
    case CHECKOUT_ADDRESS: return refuse(op, T("Please say first where we may send it."));
    case CHECKOUT_PAYMENT:
        return refuse(op, T("The way of shipping or paying that you chose is not offered any more. Please "
                            "choose another."));
    case CHECKOUT_REVIEW: break;
    }
    return OK;
}

/* ---- placing ---- */

/* In whose name: the customer's, or the name on a guest's bill. */
static enum err who_orders(struct op *op, const struct checkout *c, struct order_draft *d) {
    struct checkout_customer self;
    d->firstname = checkout_billing(c)->firstname;
    d->lastname = checkout_billing(c)->lastname;
    if (!actor_self(op->actor)) return OK;
    TRY(checkout_customer(op->r, &self));
    d->customer_id = OPT(actor_self(op->actor));
    d->firstname = self.firstname;
    d->lastname = self.lastname;
    return OK;
}

static enum err place_parts(struct op *op, const struct checkout_ask *ask, const struct checkout *c,
                            const struct payment_method *method, i64 *ids) {
    struct order_draft d = {
        .view = op->view,
        .group_id = op->actor->group_id,
        .email = checkout_email(ask, c),
        .billing = *checkout_billing(c),
        .payment_method = method->code,
        .payment_title = method->title,
        .purchase_order = method->wants_number ? c->purchase_order : S(""),
        .pays_first = checkout_pays_first(c),
        .checkout_key = c->key,
        .shop_session_id = op->actor->shop_session_id ? OPT(op->actor->shop_session_id) : NONE,
    };
    TRY(who_orders(op, c, &d));
    for (size_t i = 0; i < c->parts_n; i++) {
        i64 number;
        d.quote = &c->parts[i].quote;
        d.shipping = c->parts[i].to.address;
        d.shipping_method = c->parts[i].to.shipping_method;
        d.checkout_part = (i64)i + 1;
        TRY(order_place(op, &d, &ids[i], &number));
    }
    return OK;
}

/* ---- the record: an entry for each order ---- */

/* The entry of a further order of the same checkout. */
static enum err record_further(struct op *op, const struct order *o) {
    const struct actor *a = op->actor;
    const struct audit_event event = {
        .group = a->kind == ACTOR_ASSISTED ? AUDIT_ASSIST : AUDIT_ORDERS,
        .action = T("Order Placed"),
        .full_action = S("checkout_place"),
        .success = true,
        .reason = S(""),
        .actor = a,
        .customer_id = o->customer_id,
        .customer = customer_label(op->arena, o->firstname, o->lastname, o->email),
        .session_id = a->kind == ACTOR_ASSISTED ? OPT(a->assist_id) : NONE,
        .website_id = OPT(o->website_id),
        .view = op->view->name,
        .origin = a->assist_origin.p ? a->assist_origin : S(""),
        .subject_kind = S("order"),
        .subject_id = checkout_digits(op->arena, o->id),
        .details = order_number_text(op->arena, o->number),
        .before_json = S(""),
        .after_json = S(""),
        .at_us = op->now_us,
    };
    return op_also(op, &event);
}

static enum err record(struct op *op, const i64 *ids, size_t n) {
    bool by_staff = op->actor->kind == ACTOR_ASSISTED;
    for (size_t i = 0; i < n && (by_staff || i == 0); i++) {
        struct order o;
        TRY(order_get(op->r, ids[i], &o));
        if (i > 0) {
            TRY(record_further(op, &o));
            continue;
        }
        order_record(op, &o);
        op_change(op, "total", STR_NULL, order_money(op->arena, &o, S("en_US"), o.sales.totals.total));
        op_change(op, "payment method", STR_NULL, o.payment_method);
    }
    return OK;
}

/* ---- the answer ---- */

/* To the confirmation; when it is paid at a provider, to that method's own page. */
static void lead_on(struct op *op, const struct payment_method *provider, str key) {
    op_redirect(op, provider ? payment_begin_path(op->arena, provider, key) : S("/checkout/success"));
}

/* The orders were placed already: the same answer once more. */
static enum err again(struct op *op, i64 first_id, str key) {
    struct payment_method method;
    struct order o;
    TRY(order_get(op->r, first_id, &o));
    bool waits = o.sales.state == SALES_PENDING_PAYMENT &&
                 payment_method_find(op->arena, op->settings, op->view, o.payment_method, &method);
    op_unchanged(op);
    lead_on(op, waits ? &method : NULL, key);
    return OK;
}

enum err op_checkout_place(struct op *op, const struct checkout_place_in *in) {
    const struct checkout_ask ask = checkout_ask_op(op);
    struct checkout c;
    i64 *placed, ids[CHECKOUT_PARTS_MAX];
    size_t n;
    TRY(order_by_checkout(op->r, in->key, &placed, &n));
    if (n) return again(op, placed[0], in->key);
    TRY(checkout_load(&ask, &c));
    TRY(check(op, &ask, &c, in));
    if (c.parts_n > CHECKOUT_PARTS_MAX) return ERR_INTERNAL;
    const struct payment_method *method = checkout_method(&c);
    TRY(place_parts(op, &ask, &c, method, ids));
    TRY(cart_bought(op, c.cart_id));
    TRY(record(op, ids, c.parts_n));
    lead_on(op, checkout_pays_first(&c) ? method : NULL, in->key);
    return OK;
}
