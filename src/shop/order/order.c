/* Orders as they are read and saved. */
#include "shop/order/order_inside.h"

/* ---- reading ---- */

/* The three readers of the statement order_row. */
enum reader { BY_ANYBODY, BY_STAFF, BY_OWNER };

static void take_totals(const struct order_row *row, struct sales_order *s) {
    *s = (struct sales_order){
        .state = sales_state_by_word(row->state),
        .held_state = sales_state_by_word(row->held_state),
        .prices_incl = row->prices_incl,
        .totals = {.subtotal = row->subtotal,
                   .discount = row->discount,
                   .shipping = row->shipping,
                   .shipping_tax = row->shipping_tax,
                   .tax = row->tax,
                   .total = row->total},
        .invoiced = row->invoiced,
        .paid = row->paid,
        .refunded = row->refunded,
        .canceled = row->canceled,
        .shipping_invoiced = row->shipping_invoiced,
        .shipping_canceled = row->shipping_canceled,
        .shipping_refunded = row->shipping_refunded,
        .shipping_tax_refunded = row->shipping_tax_refunded,
    };
}

static void take_row(const struct order_row *row, struct order *o) {
    *o = (struct order){
        .id = row->id,
        .number = row->number,
        .website_id = row->website_id,
        .view_id = row->view_id,
        .customer_id = row->customer_id,
        .customer_website_id = row->customer_website_id,
        .guest = row->guest,
        .group_id = row->group_id,
        .email = row->email,
        .firstname = row->firstname,
        .lastname = row->lastname,
        .currency = row->currency,
        .locale = row->locale,
        .shipping_method = row->shipping_method,
        .shipping_title = row->shipping_title,
        .payment_method = row->payment_method,
        .payment_title = row->payment_title,
        .purchase_order = row->purchase_order,
        .coupon_code = row->coupon_code,
        .weight_g = row->weight_g,
        .staff_id = row->staff_id,
        .assist_session_id = row->assist_session_id,
        .staff_name = row->staff_name,
        .checkout_key = row->checkout_key,
        .checkout_part = row->checkout_part,
        .ip = row->ip,
        .created_us = row->created_us,
        .updated_us = row->updated_us,
    };
    take_totals(row, &o->sales);
}

static enum err take_items(struct db_r *r, struct order *o) {
    struct order_items *rows;
    size_t n;
    TRY(order_items(r, o->id, &rows, &n));
    struct sales_item *items = ARENA_ARRAY(db_arena(r), struct sales_item, n);
    o->lines = ARENA_ARRAY(db_arena(r), struct order_line, n);
    for (size_t i = 0; i < n; i++) {
        const struct order_items *it = &rows[i];
        o->lines[i] = (struct order_line){.sku = it->sku, .name = it->name, .tax_bp = it->tax_bp};
        items[i] = (struct sales_item){
            .id = it->id,
            .product_id = it->product_id,
            .weight_g = it->weight_g,
            .price = it->price,
            .row = it->row,
            .discount = it->discount,
            .tax = it->tax,
            .discount_invoiced = it->discount_invoiced,
            .tax_invoiced = it->tax_invoiced,
            .discount_refunded = it->discount_refunded,
            .tax_refunded = it->tax_refunded,
            .discount_canceled = it->discount_canceled,
            .tax_canceled = it->tax_canceled,
            .ordered = it->ordered,
            .invoiced = it->invoiced,
            .shipped = it->shipped,
            .refunded = it->refunded,
            .canceled = it->canceled,
            .withdrawn = it->withdrawn,
        };
    }
    o->sales.items = items;
    o->sales.items_n = n;
    return OK;
}

static enum err take_addresses(struct db_r *r, struct order *o) {
    struct order_addresses *rows;
    size_t n;
    TRY(order_addresses(r, o->id, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        struct customer_address *to = str_eq(rows[i].role, S("billing")) ? &o->billing : &o->shipping;
        *to = (struct customer_address){ORDER_ADDRESS_MEMBERS(&rows[i])};
    }
    return OK;
}

static enum err read_order(struct db_r *r, i64 id, enum reader by, struct order *ret) {
    struct order_row row;
    TRY(order_row(r, id, by, &row));
    take_row(&row, ret);
    TRY(take_items(r, ret));
    return take_addresses(r, ret);
}

enum err order_get(struct db_r *r, i64 id, struct order *ret) {
    return read_order(r, id, BY_ANYBODY, ret);
}

enum err order_get_scoped(struct db_r *r, i64 id, struct order *ret) {
    return read_order(r, id, BY_STAFF, ret);
}

enum err order_get_own(struct db_r *r, i64 id, struct order *ret) {
    return read_order(r, id, BY_OWNER, ret);
}

enum err order_by_checkout(struct db_r *r, str checkout_key, i64 **ret_ids, size_t *ret_n) {
    struct order_of_checkout *rows;
    TRY(order_of_checkout(r, checkout_key, &rows, ret_n));
    *ret_ids = ARENA_ARRAY(db_arena(r), i64, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_ids)[i] = rows[i].id;
    return OK;
}

/* ---- saving ---- */

size_t order_item(const struct order *o, i64 id) {
    size_t i = 0;
    while (i < o->sales.items_n && o->sales.items[i].id != id)
        i++;
    return i;
}

struct order order_copy(struct arena *a, const struct order *o) {
    struct order copy = *o;
    copy.sales.items = ARENA_ARRAY(a, struct sales_item, o->sales.items_n);
    if (o->sales.items_n) memcpy(copy.sales.items, o->sales.items, o->sales.items_n * sizeof *o->sales.items);
    return copy;
}

/* An amount for the record: in English, as all of it. */
static void note_amount(struct op *op, const struct order *o, const char *field, i64 before, i64 after) {
    if (before == after) return;
    op_change(op, field, order_money(op->arena, o, S("en_US"), before),
              order_money(op->arena, o, S("en_US"), after));
}

void order_note_changes(struct op *op, const struct order *before, const struct order *after) {
    const struct sales_order *b = &before->sales, *a = &after->sales;
    op_change(op, "status", sales_state_title(b->state), sales_state_title(a->state));
    note_amount(op, before, "invoiced", b->invoiced, a->invoiced);
    note_amount(op, before, "paid", b->paid, a->paid);
    note_amount(op, before, "refunded", b->refunded, a->refunded);
    note_amount(op, before, "canceled", b->canceled, a->canceled);
}

static enum err save_items(struct op *op, const struct sales_order *before, const struct sales_order *after) {
    for (size_t i = 0; i < after->items_n; i++) {
        const struct sales_item *it = &after->items[i];
        if (memcmp(it, &before->items[i], sizeof *it) == 0) continue;
        TRY(order_item_update(op->w, it->id, it->discount_invoiced, it->tax_invoiced, it->discount_refunded,
                              it->tax_refunded, it->discount_canceled, it->tax_canceled, it->invoiced,
                              it->shipped, it->refunded, it->canceled, it->withdrawn, NULL));
    }
    return OK;
}

enum err order_write(struct op *op, const struct order *before, const struct order *after) {
    const struct sales_order *s = &after->sales;
    TRY(save_items(op, &before->sales, s));
    return order_update(op->w, after->id, sales_state_word(s->state), sales_state_word(s->held_state),
                        s->invoiced, s->paid, s->refunded, s->canceled, s->shipping_invoiced,
                        s->shipping_canceled, s->shipping_refunded, s->shipping_tax_refunded, op->now_us,
                        NULL);
}

enum err order_save(struct op *op, const struct order *before, const struct order *after) {
    TRY(order_write(op, before, after));
    order_note_changes(op, before, after);
    return OK;
}

enum err order_restock(struct op *op, const struct order *o, const i64 *qty) {
    for (size_t i = 0; i < o->sales.items_n; i++)
        if (qty[i]) TRY(order_stock_return(op->w, o->sales.items[i].product_id, qty[i], NULL));
    return OK;
}

str order_document_word(enum order_document d) {
    static const str words[] = {S_INIT("order"), S_INIT("invoice"), S_INIT("shipment"), S_INIT("creditmemo")};
    return words[d];
}

enum err order_next_number(struct op *op, enum order_document d, i64 *ret) {
    struct order_number next;
    TRY(order_number(op->w, order_document_word(d), &next));
    *ret = next.number;
    return OK;
}

/* ---- comments ---- */

/* Who wrote it, as the history keeps it. */
static str author_word(const struct actor *a) {
    switch (a->kind) {
    case ACTOR_STAFF: return S("staff");
    case ACTOR_ASSISTED: return S("assisted");
    case ACTOR_GUEST:
    case ACTOR_CUSTOMER: return S("customer");
    default: return S("system");
    }
}

enum err order_comment(struct op *op, const struct order *o, const struct order_comment *c) {
    const struct actor *a = op->actor;
    bool staff = !c->system && order_by_staff(a);
    return order_comment_insert(op->w, o->id, order_document_word(c->document), c->document_id,
                                sales_state_word(o->sales.state), c->body, c->visible, c->mailed,
                                c->system ? S("system") : author_word(a), staff ? OPT(a->staff_id) : NONE,
                                staff ? a->staff_name : S(""), op->now_us, NULL);
}
