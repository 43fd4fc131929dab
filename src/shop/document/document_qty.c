/* The quantities that a form asks for, read for an operation and for showing them again. */
#include "shop/document/document.h"

i64 *document_left(struct arena *a, const struct order *o, i64 (*of)(const struct sales_item *)) {
    i64 *left = ARENA_ARRAY(a, i64, o->sales.items_n);
    for (size_t i = 0; i < o->sales.items_n; i++)
        left[i] = MAX_OF(of(&o->sales.items[i]), 0);
    return left;
}

/* The msgid of what is wrong with a typed quantity; STR_NULL when nothing is. */
static str qty_wrong(str typed, i64 left, i64 *ret) {
    *ret = 0;
    if (str_trim(typed).n == 0) return T("This is a required field.");
    if (!str_to_i64(str_trim(typed), ret)) return T("Please enter a whole number.");
    if (*ret < 0) return T("Please enter {low} or more.");
    if (*ret > left) return T("Please enter {high} or less.");
    return STR_NULL;
}

static size_t find_item(const struct order *o, str key) {
    i64 id;
    return str_to_i64(key, &id) ? order_item(o, id) : o->sales.items_n;
}

static str field_name(struct arena *a, i64 id) {
    return arena_printf(a, "qty[%lld]", (long long)id);
}

static enum err refuse_field(struct op *op, const struct order *o, size_t i, str msgid, i64 left) {
    const struct i18n_arg args[] = {{S_INIT("low"), S("0")},
                                    {S_INIT("high"), arena_printf(op->arena, "%lld", (long long)left)}};
    return op_invalid(op, arena_cstr(op->arena, field_name(op->arena, o->sales.items[i].id)),
                      i18n_format_message(op->arena, op->lang, msgid, args, COUNT_OF(args)));
}

/* At the first field that could have had a piece. */
static enum err refuse_nothing(struct op *op, const struct order *o, const i64 *left) {
    str message = order_wrong_text(op, o, SALES_NOTHING, 0);
    for (size_t i = 0; i < o->sales.items_n; i++)
        if (left[i] > 0)
            return op_invalid(op, arena_cstr(op->arena, field_name(op->arena, o->sales.items[i].id)),
                              message);
    return op_fail(op, ERR_CONFLICT, message);
}

enum err document_qty(struct op *op, const struct order *o, const struct gate_map_entry *given, size_t n,
                      const i64 *left, bool none, i64 **ret) {
    i64 *qty = ARENA_ARRAY(op->arena, i64, o->sales.items_n), pieces = 0;
    enum err e = OK;
    for (size_t k = 0; k < n; k++) {
        size_t i = find_item(o, given[k].key);
        if (i == o->sales.items_n)
            return op_fail(op, ERR_INVALID,
                           i18n_get(op->lang, T("One of these products does not belong to this order.")));
        str wrong = qty_wrong(given[k].value, left[i], &qty[i]);
        if (wrong.p)
            e = refuse_field(op, o, i, wrong, left[i]);
        else
            pieces += qty[i];
    }
    *ret = qty;
    if (e) return e;
    return pieces || none ? OK : refuse_nothing(op, o, left);
}

bool document_qty_shown(const struct page *p, const struct order *o, const i64 *left, i64 *ret) {
    bool fine = true;
    for (size_t i = 0; i < o->sales.items_n; i++) {
        str typed = STR_NULL;
        if (p->form) typed = html_form_value(p->form, field_name(p->arena, o->sales.items[i].id), S(""));
        if (!p->form) {
            ret[i] = left[i];
        } else if (qty_wrong(typed.n ? typed : S("0"), left[i], &ret[i]).p) {
            ret[i] = 0;
            fine = false;
        }
    }
    return fine;
}
