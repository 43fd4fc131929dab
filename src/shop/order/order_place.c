/* Placing an order: number, stock, rows, coupon, comments and mail, all in the transaction of the operation
 * that asks for it. */
#include "shop/order/order_inside.h"

static enum err refuse(struct op *op, str msgid, str name, i64 n) {
    const struct i18n_arg args[] = {{S_INIT("name"), name}, {S_INIT("n"), order_number_text(op->arena, n)}};
    return op_fail(op, ERR_CONFLICT, i18n_format_message(op->arena, op->lang, msgid, args, COUNT_OF(args)));
}

/* ---- the draft as an order that has no row yet ---- */

static void fill_items(struct arena *a, const struct quote *q, struct order *o) {
    o->sales.items = ARENA_ARRAY(a, struct sales_item, q->lines_n);
    o->lines = ARENA_ARRAY(a, struct order_line, q->lines_n);
    o->sales.items_n = q->lines_n;
    for (size_t i = 0; i < q->lines_n; i++) {
        const struct quote_line *l = &q->lines[i];
        o->lines[i] = (struct order_line){.sku = l->sku, .name = l->name, .tax_bp = l->tax_bp};
        o->sales.items[i] = (struct sales_item){
            .product_id = l->product_id,
            .weight_g = l->weight_g,
            .price = l->price,
            .row = l->row,
            .discount = l->discount,
            .tax = l->tax,
            .ordered = l->qty,
        };
    }
}

static struct order draft_order(struct op *op, const struct order_draft *d) {
    const struct quote *q = d->quote;
    bool staff = order_by_staff(op->actor), assisted = op->actor->kind == ACTOR_ASSISTED;
    struct order o = {
        .website_id = d->view->website_id,
        .view_id = d->view->id,
        .customer_id = d->customer_id,
        .guest = !d->customer_id.set,
        .group_id = d->group_id,
        .email = d->email,
        .firstname = d->firstname,
        .lastname = d->lastname,
        .currency = setting_text(op->settings, SETTING_CURRENCY, SETTING_DEFAULT),
        .locale = d->view->locale,
        .sales = {.state = d->pays_first ? SALES_PENDING_PAYMENT : SALES_PENDING,
                  .held_state = SALES_STATE_MAX,
                  .prices_incl = q->prices_incl,
                  .totals = q->totals},
        .billing = d->billing,
        .shipping = d->shipping,
        .shipping_method = d->shipping_method,
        .shipping_title = q->shipping_title,
        .payment_method = d->payment_method,
        .payment_title = d->payment_title,
        .purchase_order = d->purchase_order.p ? d->purchase_order : S(""),
        .coupon_code = q->coupon == QUOTE_COUPON_FINE ? q->coupon_code : S(""),
        .weight_g = q->weight_g,
        .staff_id = staff ? OPT(op->actor->staff_id) : NONE,
        .staff_name = staff ? op->actor->staff_name : S(""),
        .assist_session_id = assisted ? OPT(op->actor->assist_id) : NONE,
        .checkout_key = d->checkout_key,
        .checkout_part = d->checkout_part,
        .ip = op->actor->ip.p ? op->actor->ip : S(""),
        .created_us = op->now_us,
        .updated_us = op->now_us,
    };
    fill_items(op->arena, q, &o);
    customer_address_fill(&o.billing);
    customer_address_fill(&o.shipping);
    return o;
}

/* ---- its rows ---- */

static enum err take_stock(struct op *op, const struct order *o) {
    for (size_t i = 0; i < o->sales.items_n; i++) {
        i64 taken;
        TRY(order_stock_take(op->w, o->sales.items[i].product_id, o->sales.items[i].ordered, &taken));
        if (!taken)
            return refuse(op, T("{name} was sold out meanwhile. Please change your order."), o->lines[i].name,
                          0);
    }
    return OK;
}

static enum err insert_order(struct op *op, const struct order_draft *d, struct order *o) {
    const struct sales_totals *t = &o->sales.totals;
    str search = order_search_fold(op->arena, &o->number, 1, o->firstname, o->lastname, o->email);
    struct order_insert made;
    TRY(order_insert(op->w, o->number, o->website_id, o->view_id, o->customer_id, o->guest, o->group_id,
                     o->email, o->firstname, o->lastname, search, sales_state_word(o->sales.state),
                     o->currency, o->locale, o->sales.prices_incl, t->subtotal, t->discount, t->shipping,
                     t->shipping_tax, t->tax, t->total, o->shipping_method, o->shipping_title,
                     o->payment_method, o->payment_title, o->purchase_order, o->weight_g, o->coupon_code,
                     o->checkout_key, o->checkout_part, d->shop_session_id, o->staff_id, o->staff_name,
                     o->assist_session_id, o->ip, op->now_us, &made));
    o->id = made.id;
    return OK;
}

static enum err insert_items(struct op *op, const struct order *o) {
    for (size_t i = 0; i < o->sales.items_n; i++) {
        const struct sales_item *it = &o->sales.items[i];
        const struct order_line *l = &o->lines[i];
        TRY(order_item_insert(op->w, o->id, (i64)i + 1, it->product_id, l->sku, l->name, it->weight_g,
                              l->tax_bp, it->price, it->row, it->discount, it->tax, it->ordered, NULL));
    }
    return OK;
}

static enum err insert_address(struct op *op, const struct order *o, str role,
                               const struct customer_address *a) {
    return order_address_insert(op->w, o->id, role, a->firstname, a->lastname, a->company, a->street1,
                                a->street2, a->postcode, a->city, a->region, a->country, a->telephone, NULL);
}

/* ---- the coupon ---- */

/* Counts the use, once a checkout. What the quote found is looked at again: another order may have been
 * faster. */
static enum err use_coupon(struct op *op, const struct order *o, i64 coupon_id) {
    struct order_coupon c;
    struct order_coupon_counted counted;
    struct order_coupon_used_by used = {0};
    str email_fold = customer_email_fold(op->arena, o->email);
    i64 taken;
    enum err e = order_coupon_counted(op->r, coupon_id, o->checkout_key, &counted);
    if (e != ERR_NOT_FOUND) return e;
    e = order_coupon(op->r, coupon_id, &c);
    if (e && e != ERR_NOT_FOUND) return e;
    if (!e && c.uses_per_customer.set)
        TRY(order_coupon_used_by(op->r, coupon_id, o->customer_id, email_fold, &used));
    if (e || (c.uses_per_customer.set && used.n >= c.uses_per_customer.v))
        return refuse(op, T("The coupon code {name} cannot be used any more. Please look at your order."),
                      o->coupon_code, 0);
    TRY(order_coupon_take(op->w, coupon_id, &taken));
    if (!taken)
        return refuse(op, T("The coupon code {name} cannot be used any more. Please look at your order."),
                      o->coupon_code, 0);
    return order_coupon_use_insert(op->w, coupon_id, o->id, o->customer_id, email_fold, NULL);
}

enum err order_coupon_give_back(struct op *op, const struct order *o) {
    struct order_coupon_use use;
    struct order_coupon_heir heir;
    enum err e = order_coupon_use(op->r, o->id, &use);
    if (e) return e == ERR_NOT_FOUND ? OK : e;
    e = order_coupon_heir(op->r, o->checkout_key, o->id, &heir);
    if (!e) return order_coupon_use_move(op->w, use.id, heir.id, NULL);
    if (e != ERR_NOT_FOUND) return e;
    TRY(order_coupon_use_drop(op->w, use.id, NULL));
    return order_coupon_return(op->w, use.coupon_id, NULL);
}

/* ---- what is said of it ---- */

static enum err comment_on(struct op *op, const struct order *o, str body, bool visible) {
    const struct order_comment c = {
        .document = ORDER_DOC_ORDER, .document_id = o->id, .body = body, .visible = visible};
    return order_comment(op, o, &c);
}

/* Specification, part 5: the customer is told that it was staff, and only staff are told who. */
static enum err comment_by_staff(struct op *op, const struct order *o) {
    bool assisted = op->actor->kind == ACTOR_ASSISTED;
    const struct i18n_arg args[] = {{S_INIT("name"), o->staff_name}};
    str told = i18n_get(i18n_lang(o->locale), T("This order was placed by the store's staff."));
    str inside = i18n_format_message(op->arena, i18n_lang(op->actor->staff_locale),
                                     assisted ? T("Order placed by {name} using Login as Customer")
                                              : T("Order placed by {name} in the Admin"),
                                     args, COUNT_OF(args));
    TRY(comment_on(op, o, told, true));
    return comment_on(op, o, inside, false);
}

enum err order_confirm_mail(struct op *op, const struct order *o) {
    const struct order_mail mail = {
        .kind = S("order"),
        .subject = order_mail_words(op, o, T("Your order {number} at {shop}")),
        .intro = order_mail_words(op, o, T("Thank you for your order. Its number is {number}.")),
        .totals = &o->sales.totals,
    };
    return order_mail_put(op, o, &mail);
}

/* ---- all of it ---- */

enum err order_place(struct op *op, const struct order_draft *d, i64 *ret_id, i64 *ret_number) {
    const struct quote *q = d->quote;
    if (q->trouble || !q->lines_n || !q->shipping_title.n) return ERR_INTERNAL;
    struct order o = draft_order(op, d);
    TRY(take_stock(op, &o));
    TRY(order_next_number(op, ORDER_DOC_ORDER, &o.number));
    TRY(insert_order(op, d, &o));
    TRY(insert_items(op, &o));
    TRY(insert_address(op, &o, S("billing"), &o.billing));
    TRY(insert_address(op, &o, S("shipping"), &o.shipping));
    if (q->coupon == QUOTE_COUPON_FINE) TRY(use_coupon(op, &o, q->coupon_id));
    if (order_by_staff(op->actor)) TRY(comment_by_staff(op, &o));
    if (!d->pays_first) TRY(order_confirm_mail(op, &o));
    *ret_id = o.id;
    *ret_number = o.number;
    return OK;
}
