/* The confirmation: the orders of the latest checkout, of the customer or of a guest's visit. */
#include "shop/checkout/checkout_inside.h"

static enum err latest_key(struct page *p, str *ret) {
    struct checkout_latest_own own;
    struct checkout_latest_of_visit visit;
    enum err e;
    if (actor_self(p->actor)) {
        e = checkout_latest_own(p->db, p->view->website_id, &own);
        *ret = e ? STR_NULL : own.checkout_key;
    } else {
        e = checkout_latest_of_visit(p->db, p->actor->shop_session_id, &visit);
        *ret = e ? STR_NULL : visit.checkout_key;
    }
    return e;
}

static void add_order(struct page *p, const struct order *o, struct tpl_checkout_success *v,
                      struct tpl_checkout_success_orders *orders) {
    str id = checkout_digits(p->arena, o->id);
    orders[v->orders_n++] = (struct tpl_checkout_success_orders){
        .number = order_number_text(p->arena, o->number),
        .link = ARENA_CAT(p->arena, S("/customer/orders/"), id),
        .total = order_money(p->arena, o, p->view->locale, o->sales.totals.total),
        .to = customer_address_line(p->arena, &o->shipping),
    };
}

enum err page_checkout_success(struct page *p, const struct checkout_success_in *in) {
    struct tpl_checkout_success v = {.guest = !actor_self(p->actor), .instructions = S("")};
    struct payment_method method;
    struct order o;
    str key;
    i64 *ids;
    size_t n;
    (void)in;
    enum err e = latest_key(p, &key);
    if (e == ERR_NOT_FOUND) {
        reply_redirect(p->reply, S("/cart"));
        return OK;
    }
    if (e) return e;
    TRY(order_by_checkout(p->db, key, &ids, &n));
    struct tpl_checkout_success_orders *orders = ARENA_ARRAY(p->arena, struct tpl_checkout_success_orders, n);
    for (size_t i = 0; i < n; i++) {
        TRY(order_get(p->db, ids[i], &o));
        add_order(p, &o, &v, orders);
        v.waits = v.waits || o.sales.state == SALES_PENDING_PAYMENT;
        if (i > 0) continue;
        v.email = o.email;
        v.payment = o.payment_title;
        v.purchase_order = o.purchase_order;
        if (payment_method_find(p->arena, p->settings, p->view, o.payment_method, &method))
            v.instructions = method.instructions;
    }
    v.orders = orders;
    reply_title(p->reply, i18n_get(p->lang, T("Thank you for your order!")));
    tpl_checkout_success(p->out, &v);
    return OK;
}
