/* The rows of an order and of what followed it. */
#include "demo/orders.h"
#include "shop/order/order.h"

static const str locales[VIEW_MAX] = {S_INIT("en_US"), S_INIT("nl_NL"), S_INIT("en_US"), S_INIT("en_US")};

str demo_staff_name(enum demo_staff staff) {
    static const str names[STAFF_MAX + 1] = {S_INIT("Eva Lindqvist"), S_INIT("Samir van der Heijden"),
                                             S_INIT("Grace Whitfield"), S_INIT("")};
    return names[staff];
}

/* ---- the order ---- */

static enum err write_order(struct db_w *w, struct arena *a, const struct demo_world *world,
                            const struct demo_order *o, struct demo_slot *slot) {
    const struct sales_order *s = &o->sales;
    const struct sales_totals *t = &s->totals;
    const struct demo_visit *v = o->visit;
    struct demo_add_order row;
    TRY(demo_add_order(
        w, slot->number, world->site[o->site], world->view[o->view], o->customer_id, o->guest,
        world->group[o->group], o->email, o->person.firstname, o->person.lastname,
        order_search_fold(a, &slot->number, 1, o->person.firstname, o->person.lastname, o->email),
        sales_state_word(s->state), sales_state_word(s->held_state), locales[o->view], s->prices_incl,
        t->subtotal, t->discount, t->shipping, t->shipping_tax, t->tax, t->total, s->invoiced, s->paid,
        s->refunded, s->canceled, s->shipping_invoiced, s->shipping_canceled, s->shipping_refunded,
        s->shipping_tax_refunded, demo_shipping_codes[o->shipping],
        i18n_get(o->lang, demo_shipping_titles[o->shipping]), demo_payment_codes[o->payment],
        i18n_get(o->lang, demo_payment_titles[o->payment]), o->purchase_order, o->weight_g,
        o->coupon ? o->coupon->code : S(""), o->key, v ? OPT(world->staff[v->staff]) : NONE,
        v ? demo_staff_name(v->staff) : S(""), o->ip, o->at_us, o->updated_us, &row));
    slot->id = row.id;
    return OK;
}

static enum err write_address(struct db_w *w, const struct demo_order *o, i64 id, str role, size_t which) {
    const struct demo_address *at = &o->person.address[which];
    return demo_add_order_address(w, id, role, o->person.firstname, o->person.lastname, at->company,
                                  at->street1, at->street2, at->postcode, at->city, at->region, at->country,
                                  at->telephone, NULL);
}

static enum err write_items(struct db_w *w, const struct demo_order *o, struct demo_slot *slot) {
    for (size_t i = 0; i < o->sales.items_n; i++) {
        const struct sales_item *it = &o->items[i];
        const struct demo_goods *g = o->goods[i];
        struct demo_add_order_item row;
        TRY(demo_add_order_item(w, slot->id, (i64)i + 1, g->id, g->sku,
                                o->lang == LANG_NL ? g->name_nl : g->name_en, it->weight_g, o->tax_bp[i],
                                it->price, it->row, it->discount, it->tax, it->discount_invoiced,
                                it->tax_invoiced, it->discount_refunded, it->tax_refunded,
                                it->discount_canceled, it->tax_canceled, it->ordered, it->invoiced,
                                it->shipped, it->refunded, it->canceled, it->withdrawn, &row));
        slot->item[i] = row.id;
    }
    return OK;
}

static enum err comment_by_staff(struct db_w *w, const struct demo_world *world, const struct demo_order *o,
                                 i64 id, str body, bool visible) {
    return demo_add_comment(w, id, S("order"), id, S("pending"), body, visible, false, S("assisted"),
                            OPT(world->staff[o->visit->staff]), demo_staff_name(o->visit->staff), o->at_us,
                            NULL);
}

/* The two comments that an order gets when staff place it in an assisted session, and the order's number for
 * the record of that session. */
static enum err write_visit(struct db_w *w, struct arena *a, const struct demo_world *world,
                            const struct demo_order *o, const struct demo_slot *slot) {
    const struct i18n_arg args[] = {{S_INIT("name"), demo_staff_name(o->visit->staff)}};
    o->visit->order_id = slot->id;
    o->visit->order_number = slot->number;
    TRY(comment_by_staff(w, world, o, slot->id,
                         i18n_get(o->lang, T("This order was placed by the store's staff.")), true));
    str inside =
        i18n_format_message(a, LANG_EN, T("Order placed by {name} using Login as Customer"), args, 1);
    return comment_by_staff(w, world, o, slot->id, inside, false);
}

enum err demo_order_write(struct db_w *w, struct arena *a, const struct demo_world *world,
                          const struct demo_order *o, struct demo_slot *slot) {
    TRY(write_order(w, a, world, o, slot));
    TRY(write_address(w, o, slot->id, S("billing"), 0));
    TRY(write_address(w, o, slot->id, S("shipping"), o->elsewhere));
    TRY(write_items(w, o, slot));
    if (o->visit) TRY(write_visit(w, a, world, o, slot));
    /* A canceled order gives its coupon back. */
    if (o->coupon && o->sales.state != SALES_CANCELED)
        TRY(demo_add_coupon_use(w, o->coupon->id, slot->id, o->customer_id, i18n_casefold(a, o->email),
                                NULL));
    bool paid_online = o->payment == PAY_ONLINE && o->steps_n && o->story != STORY_ABANDONED;
    if (!paid_online) return OK;
    return demo_add_payment(w, slot->id, ARENA_CAT(a, S("pay-"), o->key), o->sales.totals.total,
                            o->steps[0].at_us, NULL);
}

/* ---- what followed ---- */

static opt_i64 staff_id(const struct demo_world *world, const struct demo_step *s) {
    return s->staff == STAFF_MAX ? NONE : OPT(world->staff[s->staff]);
}

static enum err write_invoice(struct db_w *w, const struct demo_world *world, const struct demo_order *o,
                              const struct demo_step *s, str fold, i64 number, const struct demo_slot *slot,
                              i64 *ret_id) {
    const struct sales_totals *t = &s->document.totals;
    str state = s->taken_back ? S("canceled") : s->paid_us.set ? S("paid") : S("open");
    struct demo_add_invoice row;
    TRY(demo_add_invoice(w, number, slot->id, world->site[o->site], fold, state, t->subtotal, t->discount,
                         t->shipping, t->shipping_tax, t->tax, t->total, staff_id(world, s),
                         demo_staff_name(s->staff), s->at_us, s->paid_us, &row));
    *ret_id = row.id;
    for (size_t i = 0; i < s->document.parts_n; i++) {
        const struct sales_part *p = &s->document.parts[i];
        TRY(demo_add_invoice_item(w, row.id, slot->item[p->item], p->qty, p->row, p->discount, p->tax, NULL));
    }
    return OK;
}

static enum err write_shipment(struct db_w *w, const struct demo_world *world, const struct demo_order *o,
                               const struct demo_step *s, str fold, i64 number, const struct demo_slot *slot,
                               i64 *ret_id) {
    i64 pieces = 0, weight = 0;
    for (size_t i = 0; i < s->document.parts_n; i++) {
        const struct sales_part *p = &s->document.parts[i];
        pieces += p->qty;
        weight += p->qty * o->items[p->item].weight_g;
    }
    struct demo_add_shipment row;
    TRY(demo_add_shipment(w, number, slot->id, world->site[o->site], fold, pieces, weight, staff_id(world, s),
                          demo_staff_name(s->staff), s->at_us, &row));
    *ret_id = row.id;
    for (size_t i = 0; i < s->document.parts_n; i++) {
        const struct sales_part *p = &s->document.parts[i];
        TRY(demo_add_shipment_item(w, row.id, slot->item[p->item], p->qty, NULL));
    }
    if (!s->carrier.n) return OK;
    return demo_add_track(w, row.id, s->carrier, s->carrier_title, s->track, s->at_us, NULL);
}

static enum err write_creditmemo(struct db_w *w, const struct demo_world *world, const struct demo_order *o,
                                 const struct demo_step *s, str fold, i64 number,
                                 const struct demo_slot *slot, i64 *ret_id) {
    const struct sales_totals *t = &s->document.totals;
    struct demo_add_creditmemo row;
    TRY(demo_add_creditmemo(w, number, slot->id, OPT(slot->document[s->of_step]), world->site[o->site], fold,
                            t->subtotal, t->discount, t->shipping, t->shipping_tax, t->tax, s->adjustment,
                            s->fee, t->total, staff_id(world, s), demo_staff_name(s->staff), s->at_us, &row));
    *ret_id = row.id;
    for (size_t i = 0; i < s->document.parts_n; i++) {
        const struct sales_part *p = &s->document.parts[i];
        TRY(demo_add_creditmemo_item(w, row.id, slot->item[p->item], p->qty, s->restocked ? p->qty : 0,
                                     p->row, p->discount, p->tax, NULL));
    }
    return OK;
}

enum err demo_step_write(struct db_w *w, struct arena *a, const struct demo_world *world,
                         const struct demo_order *o, size_t step, i64 number, struct demo_slot *slot) {
    static const str kinds[] = {S_INIT("order"), S_INIT("invoice"), S_INIT("shipment"), S_INIT("creditmemo")};
    static const str authors[] = {S_INIT("system"), S_INIT("staff"), S_INIT("customer")};
    const struct demo_step *s = &o->steps[step];
    i64 *id = &slot->document[step];
    *id = slot->id;
    str fold = S("");
    if (s->kind != DEMO_NOTE)
        fold = order_search_fold(a, (const i64[]){number, slot->number}, 2, o->person.firstname,
                                 o->person.lastname, o->email);
    if (s->kind == DEMO_INVOICE) TRY(write_invoice(w, world, o, s, fold, number, slot, id));
    if (s->kind == DEMO_SHIPMENT) TRY(write_shipment(w, world, o, s, fold, number, slot, id));
    if (s->kind == DEMO_CREDITMEMO) TRY(write_creditmemo(w, world, o, s, fold, number, slot, id));
    if (!s->comment.n) return OK;
    return demo_add_comment(w, slot->id, kinds[s->kind], *id, sales_state_word(s->state), s->comment,
                            s->visible, s->mailed, authors[s->author], staff_id(world, s),
                            demo_staff_name(s->staff), s->at_us, NULL);
}
