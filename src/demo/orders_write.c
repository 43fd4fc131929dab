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
                            const struct demo_order *o, i64 number) {
    const struct sales_order *s = &o->sales;
    const struct sales_totals *t = &s->totals;
    const struct demo_visit *v = o->visit;
    return demo_add_order(
        w, demo_id_of(number), number, world->site[o->site], world->view[o->view], o->customer_id, o->guest,
        world->group[o->group], o->email, o->person.firstname, o->person.lastname,
        order_search_fold(a, &number, 1, o->person.firstname, o->person.lastname, o->email),
        sales_state_word(s->state), sales_state_word(s->held_state), locales[o->view], s->prices_incl,
        t->subtotal, t->discount, t->shipping, t->shipping_tax, t->tax, t->total, s->invoiced, s->paid,
        s->refunded, s->canceled, s->shipping_invoiced, s->shipping_canceled, s->shipping_refunded,
        s->shipping_tax_refunded, demo_shipping_codes[o->shipping],
        i18n_get(o->lang, demo_shipping_titles[o->shipping]), demo_payment_codes[o->payment],
        i18n_get(o->lang, demo_payment_titles[o->payment]), o->purchase_order, o->weight_g,
        o->coupon ? o->coupon->code : S(""), o->key, v ? OPT(world->staff[v->staff]) : NONE,
        v ? demo_staff_name(v->staff) : S(""), o->ip, o->at_us, o->updated_us);
}

static enum err write_address(struct db_w *w, const struct demo_order *o, i64 number, str role,
                              size_t which) {
    const struct demo_address *at = &o->person.address[which];
    return demo_add_order_address(w, demo_id_of(number), role, o->person.firstname, o->person.lastname,
                                  at->company, at->street1, at->street2, at->postcode, at->city, at->region,
                                  at->country, at->telephone);
}

static enum err write_items(struct db_w *w, const struct demo_order *o, const struct demo_numbers *numbers) {
    for (size_t i = 0; i < o->sales.items_n; i++) {
        const struct sales_item *it = &o->items[i];
        const struct demo_goods *g = o->goods[i];
        TRY(demo_add_order_item(w, numbers->first_item + (i64)i, demo_id_of(numbers->order), (i64)i + 1,
                                g->id, g->sku, o->lang == LANG_NL ? g->name_nl : g->name_en, it->weight_g,
                                o->tax_bp[i], it->price, it->row, it->discount, it->tax,
                                it->discount_invoiced, it->tax_invoiced, it->discount_refunded,
                                it->tax_refunded, it->discount_canceled, it->tax_canceled, it->ordered,
                                it->invoiced, it->shipped, it->refunded, it->canceled, it->withdrawn));
    }
    return OK;
}

static enum err comment_by_staff(struct db_w *w, const struct demo_world *world, const struct demo_order *o,
                                 i64 number, str body, bool visible) {
    i64 id = demo_id_of(number);
    return demo_add_comment(w, id, S("order"), id, S("pending"), body, visible, false, S("assisted"),
                            OPT(world->staff[o->visit->staff]), demo_staff_name(o->visit->staff), o->at_us);
}

/* The two comments that an order gets when staff place it in an assisted session. */
static enum err write_visit(struct db_w *w, struct arena *a, const struct demo_world *world,
                            const struct demo_order *o, i64 number) {
    const struct i18n_arg args[] = {{S_INIT("name"), demo_staff_name(o->visit->staff)}};
    TRY(comment_by_staff(w, world, o, number,
                         i18n_get(o->lang, T("This order was placed by the store's staff.")), true));
    str inside =
        i18n_format_message(a, LANG_EN, T("Order placed by {name} using Login as Customer"), args, 1);
    return comment_by_staff(w, world, o, number, inside, false);
}

enum err demo_order_write(struct db_w *w, struct arena *a, const struct demo_world *world,
                          const struct demo_order *o, const struct demo_numbers *numbers) {
    i64 number = numbers->order;
    TRY(write_order(w, a, world, o, number));
    TRY(write_address(w, o, number, S("billing"), 0));
    TRY(write_address(w, o, number, S("shipping"), o->elsewhere));
    TRY(write_items(w, o, numbers));
    if (o->visit) TRY(write_visit(w, a, world, o, number));
    /* A canceled order gives its coupon back. */
    if (o->coupon && o->sales.state != SALES_CANCELED)
        TRY(demo_add_coupon_use(w, o->coupon->id, demo_id_of(number), o->customer_id,
                                i18n_casefold(a, o->email)));
    bool paid_online = o->payment == PAY_ONLINE && o->steps_n && o->story != STORY_ABANDONED;
    if (!paid_online) return OK;
    return demo_add_payment(w, demo_id_of(number), ARENA_CAT(a, S("pay-"), o->key), o->sales.totals.total,
                            o->steps[0].at_us);
}

/* ---- what followed ---- */

/* What a document is written with. */
struct sheet {
    const struct demo_order *o;
    const struct demo_step *s;
    i64 id, number, order_id, first_item, website_id;
    str search_fold;
    opt_i64 staff_id;
    str staff_name;
};

static i64 item_of(const struct sheet *d, const struct sales_part *p) {
    return d->first_item + (i64)p->item;
}

static enum err write_invoice(struct db_w *w, const struct sheet *d) {
    const struct sales_totals *t = &d->s->document.totals;
    str state = d->s->taken_back ? S("canceled") : d->s->paid_us.set ? S("paid") : S("open");
    TRY(demo_add_invoice(w, d->id, d->number, d->order_id, d->website_id, d->search_fold, state, t->subtotal,
                         t->discount, t->shipping, t->shipping_tax, t->tax, t->total, d->staff_id,
                         d->staff_name, d->s->at_us, d->s->paid_us));
    for (size_t i = 0; i < d->s->document.parts_n; i++) {
        const struct sales_part *p = &d->s->document.parts[i];
        TRY(demo_add_invoice_item(w, d->id, item_of(d, p), p->qty, p->row, p->discount, p->tax));
    }
    return OK;
}

static enum err write_shipment(struct db_w *w, const struct sheet *d) {
    const struct demo_step *s = d->s;
    i64 pieces = 0, weight = 0;
    for (size_t i = 0; i < s->document.parts_n; i++) {
        const struct sales_part *p = &s->document.parts[i];
        pieces += p->qty;
        weight += p->qty * d->o->items[p->item].weight_g;
    }
    TRY(demo_add_shipment(w, d->id, d->number, d->order_id, d->website_id, d->search_fold, pieces, weight,
                          d->staff_id, d->staff_name, s->at_us));
    for (size_t i = 0; i < s->document.parts_n; i++) {
        const struct sales_part *p = &s->document.parts[i];
        TRY(demo_add_shipment_item(w, d->id, item_of(d, p), p->qty));
    }
    if (!s->carrier.n) return OK;
    return demo_add_track(w, d->id, s->carrier, s->carrier_title, s->track, s->at_us);
}

static enum err write_creditmemo(struct db_w *w, const struct sheet *d, i64 invoice_id) {
    const struct sales_totals *t = &d->s->document.totals;
    TRY(demo_add_creditmemo(w, d->id, d->number, d->order_id, invoice_id, d->website_id, d->search_fold,
                            t->subtotal, t->discount, t->shipping, t->shipping_tax, t->tax, d->s->adjustment,
                            d->s->fee, t->total, d->staff_id, d->staff_name, d->s->at_us));
    for (size_t i = 0; i < d->s->document.parts_n; i++) {
        const struct sales_part *p = &d->s->document.parts[i];
        TRY(demo_add_creditmemo_item(w, d->id, item_of(d, p), p->qty, d->s->restocked ? p->qty : 0, p->row,
                                     p->discount, p->tax));
    }
    return OK;
}

enum err demo_step_write(struct db_w *w, struct arena *a, const struct demo_world *world,
                         const struct demo_order *o, size_t step, const struct demo_numbers *numbers) {
    static const str kinds[] = {S_INIT("order"), S_INIT("invoice"), S_INIT("shipment"), S_INIT("creditmemo")};
    static const str authors[] = {S_INIT("system"), S_INIT("staff")};
    const struct demo_step *s = &o->steps[step];
    const i64 both[] = {numbers->step[step], numbers->order};
    struct sheet d = {
        .o = o,
        .s = s,
        .id = demo_id_of(both[0]),
        .number = both[0],
        .order_id = demo_id_of(both[1]),
        .first_item = numbers->first_item,
        .website_id = world->site[o->site],
        .staff_id = s->staff == STAFF_MAX ? NONE : OPT(world->staff[s->staff]),
        .staff_name = demo_staff_name(s->staff),
    };
    if (s->kind != DEMO_NOTE)
        d.search_fold = order_search_fold(a, both, 2, o->person.firstname, o->person.lastname, o->email);
    if (s->kind == DEMO_INVOICE) TRY(write_invoice(w, &d));
    if (s->kind == DEMO_SHIPMENT) TRY(write_shipment(w, &d));
    if (s->kind == DEMO_CREDITMEMO) TRY(write_creditmemo(w, &d, demo_id_of(numbers->step[s->of_step])));
    if (!s->comment.n) return OK;
    return demo_add_comment(w, d.order_id, kinds[s->kind], d.id, sales_state_word(s->state), s->comment,
                            s->visible, s->mailed, authors[s->author], d.staff_id, d.staff_name, s->at_us);
}
