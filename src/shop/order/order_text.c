/* How an order, its amounts and what is wrong with it are said in words. */
#include "shop/order/order_inside.h"

str order_customer_name(struct arena *a, const struct order *o) {
    return customer_full_name(a, o->firstname, o->lastname);
}

bool order_customer_reached(const struct actor *staff, const struct order *o) {
    if (!o->customer_id.set || !o->customer_website_id.set) return false;
    return staff->scope == -1 || (staff->scope >> o->customer_website_id.v & 1);
}

str order_number_text(struct arena *a, i64 number) {
    return arena_printf(a, "%lld", (long long)number);
}

str order_money(struct arena *a, const struct order *o, str locale, i64 minor) {
    return i18n_money_in(a, locale, o->currency, minor);
}

str order_search_fold(struct arena *a, const i64 *numbers, size_t n, str firstname, str lastname, str email) {
    str text = S("");
    for (size_t i = 0; i < n; i++)
        text = ARENA_CAT(a, text, order_number_text(a, numbers[i]), S(" "));
    const str parts[ORDER_SEARCH_PARTS] = {
        [ORDER_SEARCH_NUMBER] = i18n_words(a, text),
        [ORDER_SEARCH_NAME] = i18n_words(a, ARENA_CAT(a, firstname, S(" "), lastname)),
        [ORDER_SEARCH_EMAIL] = i18n_words(a, email),
    };
    return i18n_search_text(a, parts, ORDER_SEARCH_PARTS);
}

void order_record(struct op *op, const struct order *o) {
    str number = order_number_text(op->arena, o->number);
    op_subject(op, "order", o->id, number);
    op_details(op, ARENA_CAT(op->arena, S("order "), number));
    if (o->customer_id.set)
        op_customer(op, o->customer_id.v, customer_label(op->arena, o->firstname, o->lastname, o->email),
                    o->website_id);
    else
        op_website(op, o->website_id);
}

/* ---- what is wrong ---- */

static str about_item(struct op *op, const struct order *o, str msgid, size_t item) {
    const struct i18n_arg args[] = {{S_INIT("name"), item < o->sales.items_n ? o->lines[item].name : S("")}};
    return i18n_format_message(op->arena, op->lang, msgid, args, COUNT_OF(args));
}

str order_wrong_text(struct op *op, const struct order *o, enum sales_wrong wrong, size_t item) {
    const struct i18n_arg args[] = {
        {S_INIT("number"), order_number_text(op->arena, o->number)},
        {S_INIT("status"), i18n_get(op->lang, sales_state_title(o->sales.state))},
    };
    str msgid = STR_NULL;
    switch (wrong) {
    case SALES_FINE: return S("");
    case SALES_QTY_NEGATIVE: return about_item(op, o, T("{name}: the quantity cannot be negative."), item);
    case SALES_QTY_TOO_LARGE: return about_item(op, o, T("{name}: there are not so many left."), item);
    case SALES_NOT_ALLOWED:
        msgid = T("This cannot be done with order {number}: its status is {status}.");
        break;
    case SALES_NOTHING: msgid = T("Enter a quantity of at least one product."); break;
    case SALES_AMOUNT_NEGATIVE: msgid = T("Amounts cannot be negative."); break;
    case SALES_SHIPPING_TOO_LARGE: msgid = T("This is more than what is left of the shipping costs."); break;
    case SALES_OVER_PAID: msgid = T("This is more than what was paid and not refunded yet."); break;
    case SALES_BELOW_ZERO: msgid = T("The fee is more than the rest of the amount."); break;
    }
    return i18n_format_message(op->arena, op->lang, msgid, args, COUNT_OF(args));
}
