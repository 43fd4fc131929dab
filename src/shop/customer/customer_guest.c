/* What was ordered as a guest comes along when the same browser makes an account or signs in. Two things must
 * hold: the order was placed in this very visit, and it carries the account's e-mail. The e-mail alone would
 * give orders to whoever registers somebody else's; the visit alone would give those of the person who sat at
 * the same computer before. */
#include "audit/audit.h"
#include "shop/customer/customer_inside.h"

enum err customer_guest_order(struct db_r *r, const struct actor *actor, i64 website_id,
                              struct customer_visit_orders *ret) {
    struct customer_visit_orders *rows;
    size_t n;
    if (actor->kind != ACTOR_GUEST || !actor->shop_session_id) return ERR_NOT_FOUND;
    TRY(customer_visit_orders(r, actor->shop_session_id, website_id, &rows, &n));
    if (!n) return ERR_NOT_FOUND;
    *ret = rows[0];
    return OK;
}

static str number_text(struct op *op, const struct customer_visit_orders *o) {
    return arena_printf(op->arena, "%lld", (long long)o->number);
}

/* So that the report finds it under the order, too. */
static enum err record(struct op *op, i64 customer_id, str email, const struct customer_visit_orders *o) {
    const struct audit_event event = {
        .group = AUDIT_ORDERS,
        .action = T("Guest's Order Taken into the Account"),
        .full_action = S("customer_order_take"),
        .success = true,
        .reason = S(""),
        .actor = op->actor,
        .customer_id = OPT(customer_id),
        .customer = customer_label(op->arena, o->firstname, o->lastname, email),
        .website_id = OPT(op->view->website_id),
        .view = op->view->name,
        .origin = S(""),
        .subject_kind = S("order"),
        .subject_id = arena_printf(op->arena, "%lld", (long long)o->id),
        .details = number_text(op, o),
        .before_json = S(""),
        .after_json = S(""),
        .at_us = op->now_us,
    };
    return op_also(op, &event);
}

/* A new address book begins with where the order went and where its bill goes. */
static enum err take_addresses(struct op *op, i64 customer_id, i64 order_id) {
    struct customer_address_take billing, shipping;
    TRY(customer_address_take(op->w, customer_id, order_id, S("billing"), &billing));
    enum err e = customer_address_take(op->w, customer_id, order_id, S("shipping"), &shipping);
    if (e && e != ERR_NOT_FOUND) return e;
    TRY(customer_defaults_take(op->w, customer_id, billing.id, e ? billing.id : shipping.id, op->now_us,
                               NULL));
    return customer_refresh_search(op, customer_id);
}

static void tell(struct op *op, str numbers, size_t n) {
    const struct i18n_arg args[] = {{S_INIT("numbers"), numbers}};
    if (!n) return;
    op_change(op, "orders", STR_NULL, numbers);
    op_notice(op, i18n_format_message(op->arena, op->lang,
                                      n == 1 ? T("Your order {numbers} stands under My Orders now.")
                                             : T("Your orders {numbers} stand under My Orders now."),
                                      args, COUNT_OF(args)));
}

enum err customer_take_orders(struct op *op, i64 customer_id, str email, bool fresh) {
    struct customer_visit_orders *rows;
    str fold = customer_email_fold(op->arena, email), numbers = S("");
    size_t n, taken = 0;
    if (op->actor->kind != ACTOR_GUEST || !op->actor->shop_session_id) return OK;
    TRY(customer_visit_orders(op->r, op->actor->shop_session_id, op->view->website_id, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(customer_email_fold(op->arena, rows[i].email), fold)) continue;
        TRY(customer_order_take(op->w, rows[i].id, customer_id, op->now_us, NULL));
        TRY(customer_coupon_take(op->w, rows[i].id, customer_id, NULL));
        TRY(record(op, customer_id, email, &rows[i]));
        if (fresh && !taken) TRY(take_addresses(op, customer_id, rows[i].id));
        numbers = ARENA_CAT(op->arena, numbers, taken ? S(", ") : S(""), number_text(op, &rows[i]));
        taken++;
    }
    tell(op, numbers, taken);
    return OK;
}
