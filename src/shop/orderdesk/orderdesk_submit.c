/* *Update Items and Quantities* and *Submit Order*. Pressing the latter twice finds the order that is there
 * already, by the key that the form got when it was first shown. */
#include "shop/orderdesk/orderdesk_inside.h"

static str message(const struct op *op, str msgid, str one, str two) {
    const struct i18n_arg args[] = {{S_INIT("a"), one}, {S_INIT("b"), two}};
    return i18n_format_message(op->arena, op->lang, msgid, args, COUNT_OF(args));
}

static enum err wrong_at(struct op *op, const char *field, str msgid) {
    return op_invalid(op, field, i18n_get(op->lang, msgid));
}

static str number(const struct op *op, i64 n) {
    return arena_printf(op->arena, "%lld", (long long)n);
}

static str or_empty(str s) {
    return s.p ? s : S("");
}

/* ---- what was filled in ---- */

#define TYPED(in, who)                                                                                       \
    {                                                                                                        \
        .firstname = (in)->who##_firstname, .lastname = (in)->who##_lastname,                                \
        .company = (in)->who##_company, .street1 = (in)->who##_street1, .street2 = (in)->who##_street2,      \
        .postcode = (in)->who##_postcode, .city = (in)->who##_city, .region = (in)->who##_region,            \
        .country = (in)->who##_country, .telephone = (in)->who##_telephone                                   \
    }

static enum err open_customer(struct op *op, const struct orderdesk_submit_in *in, struct orderdesk *d) {
    const struct orderdesk_ask ask = orderdesk_ask_op(op);
    enum err e = orderdesk_open(&ask, in->customer.v, d);
    if (e == ERR_NOT_FOUND) return op_fail(op, e, i18n_get(op->lang, T("This customer does not exist.")));
    if (e) return e;
    if (!orderdesk_use_view(&ask, in->view, d))
        return wrong_at(op, "view", T("Please choose a store view of the customer's website."));
    return OK;
}

static enum err open_guest(struct op *op, const struct orderdesk_submit_in *in, struct orderdesk *d) {
    const struct orderdesk_ask ask = orderdesk_ask_op(op);
    enum err e = orderdesk_open_guest(&ask, in->view, d);
    if (e == ERR_NOT_FOUND) return op_fail(op, e, i18n_get(op->lang, T("This store view does not exist.")));
    if (e) return e;
    d->customer.email = or_empty(in->email);
    return OK;
}

static enum err read_form(struct op *op, const struct orderdesk_submit_in *in, struct orderdesk *d) {
    TRY(in->guest ? open_guest(op, in, d) : open_customer(op, in, d));
    orderdesk_use_lines(op->arena, in->qty, in->qty_n, in->remove, in->remove_n, d);
    d->key = in->key;
    d->bill_to = or_empty(in->bill_to);
    d->ship_to = or_empty(in->ship_to);
    d->bill = (struct customer_address)TYPED(in, bill);
    d->ship = (struct customer_address)TYPED(in, ship);
    customer_address_fill(&d->bill);
    customer_address_fill(&d->ship);
    d->method = or_empty(in->method);
    d->payment = or_empty(in->payment);
    d->purchase_order = or_empty(in->purchase_order);
    d->coupon = or_empty(in->coupon);
    d->comment = or_empty(in->comment);
    d->visible = in->visible;
    d->find = or_empty(in->find);
    return OK;
}

static const char *line_field(const struct op *op, const struct orderdesk_line *l) {
    return arena_cstr(op->arena, ARENA_CAT(op->arena, S("qty["), number(op, l->product_id), S("]")));
}

static str qty_wrong(const struct op *op) {
    return message(op, T("Please enter a whole number from 1 to {a}."), number(op, SALES_QTY_MAX), S(""));
}

static enum err check_quantities(struct op *op, const struct orderdesk *d) {
    enum err e = OK;
    for (size_t i = 0; i < d->lines_n; i++)
        if (!d->lines[i].qty) e = op_invalid(op, line_field(op, &d->lines[i]), qty_wrong(op));
    return e;
}

static enum err count(struct op *op, struct orderdesk *d) {
    const struct orderdesk_ask ask = orderdesk_ask_op(op);
    enum err e = orderdesk_count(&ask, d);
    return e == ERR_INVALID ? op_fail(op, e, i18n_get(op->lang, T("This is more than one order can hold.")))
                            : e;
}

/* ---- Update Items and Quantities ---- */

/* What is wrong is said at the fields where the product and its quantity were asked for. */
static enum err put_line(struct op *op, struct orderdesk *d, const char *at, const char *qty_at,
                         i64 product_id, i64 qty) {
    size_t i = 0;
    while (i < d->lines_n && d->lines[i].product_id != product_id)
        i++;
    if (i == SALES_ITEMS_MAX) return wrong_at(op, at, T("This is more than one order can hold."));
    struct orderdesk_line *l = &d->lines[i];
    if (i == d->lines_n) *l = (struct orderdesk_line){.product_id = product_id};
    if (l->qty + qty > SALES_QTY_MAX) return op_invalid(op, qty_at, qty_wrong(op));
    l->qty += qty;
    l->typed = number(op, l->qty);
    d->lines_n = MAX_OF(d->lines_n, i + 1);
    return OK;
}

static enum err add_product(struct op *op, const struct orderdesk_submit_in *in, struct orderdesk *d) {
    struct orderdesk_product product;
    if (!or_empty(in->sku).n) return OK;
    i64 qty = or_empty(in->sku_qty).n ? orderdesk_qty(in->sku_qty) : 1;
    enum err e = orderdesk_product(op->r, in->sku, d->customer.website_id, &product);
    if (e && e != ERR_NOT_FOUND) return e;
    if (e) return wrong_at(op, "sku", T("There is no product with this SKU."));
    if (!product.sold) return wrong_at(op, "sku", T("This product is not sold in this website."));
    if (!qty) return op_invalid(op, "sku_qty", qty_wrong(op));
    return put_line(op, d, "sku", "sku_qty", product.id, qty);
}

static enum err update(struct op *op, const struct orderdesk_submit_in *in, struct orderdesk *d) {
    enum err quantities = check_quantities(op, d);
    if (in->add.set) TRY(put_line(op, d, "find", "find", in->add.v, 1));
    TRY(add_product(op, in, d));
    if (quantities) return quantities;
    TRY(count(op, d));
    op_unchanged(op);
    op_result(op, d);
    return OK;
}

/* ---- Submit Order: may it be placed? ---- */

/* The address that was chosen, tidied; what is wrong is said at the fields of `who`. */
static enum err check_address(struct op *op, const char *who, const struct customer_address *chosen,
                              bool typed, struct customer_address *ret) {
    struct customer_wrong wrongs[CUSTOMER_ADDRESS_FIELDS];
    if (!chosen)
        return wrong_at(op, arena_cstr(op->arena, ARENA_CAT(op->arena, str_c(who), S("_to"))),
                        T("Please choose an address."));
    *ret = *chosen;
    if (!typed) return OK;
    size_t n = customer_address_check(op->arena, ret, wrongs);
    for (size_t i = 0; i < n; i++) {
        str field = ARENA_CAT(op->arena, str_c(who), S("_"), str_c(wrongs[i].field));
        (void)wrong_at(op, arena_cstr(op->arena, field), wrongs[i].message);
    }
    return n ? ERR_INVALID : OK;
}

static enum err check_addresses(struct op *op, const struct orderdesk *d, struct order_draft *draft) {
    bool same = str_eq(d->ship_to, ORDERDESK_SAME);
    enum err bill =
        check_address(op, "bill", orderdesk_billing(d), str_eq(d->bill_to, ORDERDESK_NEW), &draft->billing);
    draft->shipping = draft->billing;
    if (same) return bill;
    TRY(check_address(op, "ship", orderdesk_shipping(d), str_eq(d->ship_to, ORDERDESK_NEW),
                      &draft->shipping));
    return bill;
}

static enum err check_stock(struct op *op, const struct orderdesk *d) {
    enum err e = OK;
    for (size_t i = 0; i < d->lines_n; i++) {
        const struct quote_line *l = &d->quote.lines[i];
        const char *field = line_field(op, &d->lines[i]);
        if (l->trouble == QUOTE_GONE)
            e = wrong_at(op, field, T("This product is not sold any more. Please remove it."));
        if (l->trouble == QUOTE_SHORT)
            e = op_invalid(op, field,
                           l->stock ? message(op, T("Only {a} in stock."), number(op, l->stock), S(""))
                                    : i18n_get(op->lang, T("Out of stock.")));
    }
    return e;
}

static enum err check_shipping(struct op *op, const struct orderdesk *d, struct order_draft *draft) {
    draft->shipping_method = d->method;
    if (d->quote.shipping_title.n) return OK;
    return wrong_at(op, "method",
                    d->method.n ? T("This way of shipping is not offered any more. Please choose another.")
                                : T("Please choose a shipping method."));
}

static enum err check_payment(struct op *op, const struct orderdesk *d, struct order_draft *draft) {
    const struct orderdesk_ask ask = orderdesk_ask_op(op);
    struct payment_method methods[PAYMENT_METHODS_MAX];
    size_t i = 0, n = orderdesk_payments(&ask, d, methods);
    while (i < n && !str_eq(methods[i].code, d->payment))
        i++;
    if (i == n)
        return wrong_at(op, "payment",
                        d->payment.n ? T("This way of paying is not offered any more. Please choose another.")
                                     : T("Please choose a payment method."));
    if (methods[i].wants_number && !d->purchase_order.n)
        return wrong_at(op, "purchase_order", T("Please enter the number of the purchase order."));
    draft->payment_method = methods[i].code;
    draft->payment_title = methods[i].title;
    draft->purchase_order = methods[i].wants_number ? d->purchase_order : S("");
    return OK;
}

static enum err check_coupon(struct op *op, const struct orderdesk *d) {
    str wrong = quote_coupon_text(d->quote.coupon);
    return wrong.p ? wrong_at(op, "coupon", wrong) : OK;
}

static str money(const struct op *op, i64 minor) {
    str currency = setting_text(op->settings, SETTING_CURRENCY, SETTING_DEFAULT);
    return i18n_money_in(op->arena, op->actor->staff_locale, currency, minor);
}

/* Nobody is charged what they have not seen. */
static enum err check_shown(struct op *op, const struct orderdesk_submit_in *in,
                            const struct sales_totals *now) {
    str currency = setting_text(op->settings, SETTING_CURRENCY, SETTING_DEFAULT);
    if (or_empty(in->currency).n && !str_eq(currency, in->currency))
        return op_fail(op, ERR_CONFLICT,
                       message(op,
                               T("All prices are in {a} now; they were in {b}. Nothing was ordered yet: "
                                 "please look at the order again."),
                               currency, in->currency));
    if (now->total == in->shown) return OK;
    return op_fail(
        op, ERR_CONFLICT,
        message(op,
                T("The total is now {a}; it was {b} when it was shown. Nothing was ordered yet: please "
                  "look at the order again."),
                money(op, now->total), money(op, in->shown)));
}

/* All that is wrong is said at once. */
static enum err check(struct op *op, const struct orderdesk_submit_in *in, struct orderdesk *d,
                      struct order_draft *draft) {
    if (!d->lines_n) return op_fail(op, ERR_INVALID, i18n_get(op->lang, T("Please add a product first.")));
    TRY(count(op, d));
    const enum err all[] = {
        d->guest && !d->customer.email.n ? wrong_at(op, "email", T("Please enter the guest's email address."))
                                         : OK,
        check_quantities(op, d),
        or_empty(in->sku).n
            ? wrong_at(op, "sku",
                       T("This product is not in the order yet. Please press Update Items and "
                         "Quantities, or empty this field."))
            : OK,
        check_stock(op, d),
        check_addresses(op, d, draft),
        check_shipping(op, d, draft),
        check_payment(op, d, draft),
        check_coupon(op, d),
    };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (all[i]) return all[i];
    return check_shown(op, in, &d->quote.totals);
}

/* ---- placing ---- */

static void lead_to(struct op *op, i64 id) {
    op_redirect(op, arena_printf(op->arena, "/admin/orders/%lld", (long long)id));
}

/* The order that was placed with this form already; ERR_NOT_FOUND when there is none. */
static enum err again(struct op *op, const struct orderdesk *d) {
    struct order o;
    i64 *ids;
    size_t n;
    TRY(order_by_checkout(op->r, d->key, &ids, &n));
    if (!n) return ERR_NOT_FOUND;
    TRY(order_get_scoped(op->r, ids[0], &o));
    bool theirs = d->guest ? o.guest : o.customer_id.set && o.customer_id.v == d->customer.id;
    if (!theirs)
        return op_fail(
            op, ERR_CONFLICT,
            i18n_get(op->lang, T("This form was sent for somebody else already. Please begin a new order.")));
    op_unchanged(op);
    op_notice(op, message(op, T("This order was placed already: its number is {a}."),
                          order_number_text(op->arena, o.number), S("")));
    lead_to(op, o.id);
    return OK;
}

static enum err add_comment(struct op *op, const struct orderdesk *d, const struct order *o) {
    const struct order_comment c = {
        .document = ORDER_DOC_ORDER, .document_id = o->id, .body = d->comment, .visible = d->visible};
    if (!str_trim(d->comment).n) return OK;
    op_change(op, "comment", STR_NULL, d->comment);
    op_change(op, "visible on storefront", STR_NULL, d->visible ? S("Yes") : S("No"));
    return order_comment(op, o, &c);
}

static enum err place(struct op *op, const struct orderdesk_submit_in *in, struct orderdesk *d) {
    struct order o;
    i64 id, order_number;
    struct order_draft draft = {
        .quote = &d->quote,
        .view = d->view,
        .customer_id = d->guest ? NONE : OPT(d->customer.id),
        .group_id = d->customer.group_id,
        .email = d->customer.email,
        .checkout_key = d->key,
        .checkout_part = 1,
        .shop_session_id = NONE,
    };
    enum err e = again(op, d);
    if (e != ERR_NOT_FOUND) return e;
    TRY(check(op, in, d, &draft));
    draft.firstname = d->guest ? draft.billing.firstname : d->customer.firstname;
    draft.lastname = d->guest ? draft.billing.lastname : d->customer.lastname;
    TRY(order_place(op, &draft, &id, &order_number));
    TRY(order_get(op->r, id, &o));
    order_record(op, &o);
    op_view(op, d->view->name);
    op_change(op, "total", STR_NULL, order_money(op->arena, &o, S("en_US"), o.sales.totals.total));
    op_change(op, "payment method", STR_NULL, o.payment_method);
    TRY(add_comment(op, d, &o));
    op_notice(op, message(op, T("Order {a} was placed for {b}."), order_number_text(op->arena, order_number),
                          order_customer_name(op->arena, &o)));
    lead_to(op, id);
    return OK;
}

enum err op_orderdesk_submit(struct op *op, const struct orderdesk_submit_in *in) {
    struct orderdesk *d = ARENA_NEW(op->arena, struct orderdesk);
    TRY(read_form(op, in, d));
    bool asks = in->then == ORDERDESK_SUBMIT_THEN_UPDATE || in->add.set;
    return asks ? update(op, in, d) : place(op, in, d);
}
