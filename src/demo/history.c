/* What the support of the demo shop did before today: finished assisted sessions with their entries in the
 * record, and some that were refused. Entries go through the record's own door, so the chain is whole. Orders
 * that were placed in them stand among the others: the sessions are planned before the orders are written. */
#include "assist/assist.h"
#include "audit/audit.h"
#include "crypto/crypto.h"
#include "demo/orders.h"

enum { SESSIONS = 48, REFUSALS = 8 };
/* In a large shop they come close together: so early that all find their time before today. */
#define CONSENTED_BEFORE (DEMO_TODAY_US - 5 * US_DAY)

/* ---- when, by whom, for whom ---- */

/* Support mostly; the address is one of the office's. */
static void draw_staff(struct arena *a, struct demo_dice *d, struct demo_visit *v) {
    v->staff = demo_chance(d, 75) ? STAFF_SUPPORT : STAFF_ADMIN;
    v->ip = arena_printf(a, "198.51.100.%zu", 10 + demo_roll(d, 20));
}

/* Some minutes, until what was wanted is done; then it is closed, mostly. */
static void draw_course(struct demo_visit *v, bool orders, struct demo_dice *d) {
    v->ended_us = v->at_us + (i64)(60 + v->items_n * 90 + demo_roll(d, 200)) * US_SECOND;
    v->cause = S("closed");
    if (orders) {
        v->ended_us += 6 * US_MINUTE;
        v->order_us = OPT(v->ended_us - (i64)(25 + demo_roll(d, 120)) * US_SECOND);
        return;
    }
    size_t n = demo_roll(d, 100);
    if (n >= 90) v->cause = S("sign_out");
    if (n < 76 || n >= 90) return;
    v->cause = S("idle");
    v->ended_us += 15 * US_MINUTE;
}

/* They come cart by cart. */
static void take_cart(struct demo_in_carts *carts, size_t n, struct demo_visit *v) {
    size_t first = 0;
    while (first < n && carts[first].customer_id != v->customer.id)
        first++;
    v->items = carts + first;
    while (first + v->items_n < n && v->items[v->items_n].customer_id == v->customer.id)
        v->items_n++;
}

enum err demo_plan_visits(struct db_r *r, struct arena *a, struct demo_ledger *l) {
    struct demo_consenting *customers;
    struct demo_never_asked *others;
    struct demo_in_carts *carts;
    size_t n, others_n, carts_n, refused = 0, orders = 0;
    TRY(demo_consenting(r, CONSENTED_BEFORE, SESSIONS, &customers, &n));
    TRY(demo_in_carts(r, CONSENTED_BEFORE, SESSIONS, S("en"), &carts, &carts_n));
    TRY(demo_never_asked(r, REFUSALS, &others, &others_n));
    l->visits = ARENA_ARRAY(a, struct demo_visit, n);
    i64 free_us = 0; /* one after another: the record is in the order of time */
    for (size_t i = n; i-- > 0;) {
        struct demo_visit *v = &l->visits[l->visits_n];
        struct demo_dice d = demo_dice_of(900000 + i);
        *v = (struct demo_visit){.customer = customers[i], .drawn = customers[i].id - demo_drawn_id(0)};
        v->at_us = MAX_OF(free_us, customers[i].consented_us) + (i64)(10 + demo_roll(&d, 170)) * US_MINUTE;
        if (v->at_us > DEMO_TODAY_US - 4 * US_HOUR) break;
        if (i % 6 == 3 && refused < others_n) v->refused = &others[refused++];
        draw_staff(a, &d, v);
        take_cart(carts, carts_n, v);
        /* Every third of those whose cart is empty now: it was ordered. */
        draw_course(v, v->items_n == 0 && orders++ % 3 == 0, &d);
        free_us = v->ended_us;
        l->visits_n++;
    }
    return OK;
}

/* ---- the record ---- */

/* One session on its way into the tables. */
struct visit {
    const struct demo_visit *plan;
    const struct demo_consenting *customer;
    const struct demo_in_carts *items; /* what was put into the cart */
    size_t items_n;
    struct demo_order *order; /* NULL: none */
    str customer_name, customer_label, origin_label;
    struct actor staff, assisted;
    i64 session_id, changes, now_us;
};

static struct actor staff_actor(const struct demo_world *world, const struct demo_visit *v) {
    static const str usernames[STAFF_MAX] = {S_INIT("admin"), S_INIT("support"), S_INIT("viewer")};
    return (struct actor){
        .kind = ACTOR_STAFF,
        .staff_id = world->staff[v->staff],
        .username = usernames[v->staff],
        .staff_name = demo_staff_name(v->staff),
        .scope = -1,
        .ip = v->ip,
    };
}

/* An entry of this visit; the caller adds what is special. */
static struct audit_event entry_of(const struct visit *v, const struct actor *actor, str action,
                                   str full_action) {
    return (struct audit_event){
        .group = AUDIT_ASSIST,
        .action = action,
        .full_action = full_action,
        .success = true,
        .reason = S(""),
        .actor = actor,
        .customer_id = OPT(v->customer->id),
        .customer = v->customer_label,
        .session_id = OPT(v->session_id),
        .website_id = OPT(v->customer->website_id),
        .view = v->customer->view,
        .origin = v->origin_label,
        .subject_kind = S("customer"),
        .subject_id = S(""),
        .details = S(""),
        .before_json = S(""),
        .after_json = S(""),
        .at_us = v->now_us,
    };
}

/* One or two fields; a value that is absent is null. */
static str members(struct arena *a, const str (*fields)[2], size_t n) {
    struct buf b;
    buf_init(&b, 2048);
    for (size_t i = 0; i < n; i++) {
        buf_put_char(&b, i ? ',' : '{');
        buf_put_json(&b, fields[i][0]);
        buf_put_char(&b, ':');
        buf_put_json(&b, fields[i][1]);
    }
    buf_put_char(&b, '}');
    str s = arena_str(a, buf_str(&b));
    buf_done(&b);
    return s;
}

static str one_member(struct arena *a, str field, str value) {
    const str fields[1][2] = {{field, value}};
    return members(a, fields, 1);
}

static enum err record_start(struct db_w *w, struct arena *a, const struct visit *v) {
    struct audit_event e = entry_of(v, &v->staff, S("Session Started"), S("assist_enter"));
    e.subject_id = arena_printf(a, "%lld", (long long)v->customer->id);
    e.details = ARENA_CAT(a, v->staff.staff_name, S(" as "), v->customer_label, S(", "), v->origin_label);
    return audit_append(w, &e, NULL);
}

/* Evenly over the time until the order, or until the end. */
static enum err record_items(struct db_w *w, struct arena *a, struct visit *v) {
    i64 until_us = v->order ? v->order->at_us : v->plan->ended_us;
    i64 each_us = (until_us - v->plan->at_us) / (i64)(v->items_n + 2);
    for (size_t i = 0; i < v->items_n; i++) {
        const struct demo_in_carts *item = &v->items[i];
        v->now_us += each_us;
        str field = ARENA_CAT(a, S("qty of "), item->sku);
        struct audit_event e = entry_of(v, &v->assisted, S("Add to Cart"), S("cart_add"));
        e.subject_kind = S("cart");
        e.subject_id = arena_printf(a, "%lld", (long long)item->cart_id);
        e.details = item->product;
        e.before_json = one_member(a, field, STR_NULL);
        e.after_json = one_member(a, field, arena_printf(a, "%lld", (long long)item->qty));
        TRY(audit_append(w, &e, NULL));
    }
    return OK;
}

static enum err record_order(struct db_w *w, struct arena *a, struct visit *v) {
    if (!v->order) return OK;
    v->now_us = v->order->at_us;
    struct audit_event e = entry_of(v, &v->assisted, S("Order Placed"), S("checkout_place"));
    const str before[2][2] = {{S("total"), STR_NULL}, {S("payment method"), STR_NULL}};
    const str after[2][2] = {
        {S("total"), i18n_money_in(a, S("en_US"), S("EUR"), v->order->sales.totals.total)},
        {S("payment method"), demo_payment_codes[v->order->payment]}};
    e.subject_kind = S("order");
    e.subject_id = arena_printf(a, "%lld", (long long)demo_id_of(v->plan->order_number));
    e.details = arena_printf(a, "order %lld", (long long)v->plan->order_number);
    e.before_json = members(a, before, 2);
    e.after_json = members(a, after, 2);
    return audit_append(w, &e, NULL);
}

static enum err record_end(struct db_w *w, struct arena *a, const struct visit *v) {
    str cause = v->plan->cause;
    bool closed = str_eq(cause, S("closed"));
    struct audit_event e = entry_of(v, closed ? &v->assisted : &v->staff, S("Session Ended"),
                                    closed ? S("assist_close") : S("assist_expire"));
    e.subject_kind = S("assisted session");
    e.subject_id = arena_printf(a, "%lld", (long long)v->session_id);
    e.details = assist_end_details(a, v->staff.staff_name, cause, v->changes);
    e.before_json = one_member(a, S("ended"), STR_NULL);
    e.after_json = one_member(a, S("ended"), cause);
    return audit_append(w, &e, NULL);
}

/* ---- the sessions ---- */

static enum err add_session(struct db_w *w, struct arena *a, struct visit *v) {
    /* No cookie ever had this token. */
    hash256 hash = crypto_hash(crypto_token(a));
    const struct demo_consenting *c = v->customer;
    str words = ARENA_CAT(a, v->customer_name, S(" "), c->email, S(" "), v->staff.staff_name, S(" "),
                          v->staff.username, S(" "), v->origin_label);
    struct demo_add_session row;
    TRY(demo_add_session(
        w, arena_printf(a, "demo%08lld", (long long)c->id), hash_str(&hash), v->staff.staff_id,
        v->staff.staff_name, c->id, v->customer_name, c->email, c->website_id, c->view_id, S("customer"),
        v->origin_label, arena_printf(a, "/admin/customers/%lld", (long long)c->id), v->plan->at_us,
        v->plan->ended_us, v->plan->cause, v->changes, i18n_fold(a, words), v->plan->ip, &row));
    v->session_id = row.id;
    return OK;
}

/* What was ordered had been put into the cart, which is empty since. */
static enum err find_order(struct db_w *w, struct arena *a, struct demo_world *world,
                           const struct demo_ledger *l, size_t visit, struct visit *v) {
    if (!v->plan->order_us.set) return OK;
    struct demo_dice d;
    v->order = ARENA_NEW(a, struct demo_order);
    demo_order_draft(a, l, (struct demo_source){SOURCE_VISIT, (i64)visit}, v->order, &d);
    i64 cart = ++world->last.cart;
    TRY(demo_add_cart(w, cart, v->customer->website_id, v->customer->id, v->order->at_us));
    struct demo_in_carts *items = ARENA_ARRAY(a, struct demo_in_carts, v->order->sales.items_n);
    for (size_t i = 0; i < v->order->sales.items_n; i++) {
        const struct demo_goods *g = v->order->goods[i];
        items[i] =
            (struct demo_in_carts){v->customer->id, cart, g->sku, g->name_en, v->order->items[i].ordered};
    }
    v->items = items;
    v->items_n = v->order->sales.items_n;
    return OK;
}

static enum err make_visit(struct db_w *w, struct arena *a, struct demo_world *world,
                           const struct demo_ledger *l, size_t visit) {
    const struct demo_visit *plan = &l->visits[visit];
    const struct demo_consenting *c = &plan->customer;
    str name = ARENA_CAT(a, c->firstname, S(" "), c->lastname);
    struct visit v = {
        .plan = plan,
        .customer = c,
        .items = plan->items,
        .items_n = plan->items_n,
        .customer_name = name,
        .customer_label = ARENA_CAT(a, name, S(" <"), c->email, S(">")),
        .origin_label = arena_printf(a, "customer %lld", (long long)c->id),
        .staff = staff_actor(l->world, plan),
        .now_us = plan->at_us,
    };
    v.assisted = v.staff;
    v.assisted.kind = ACTOR_ASSISTED;
    v.assisted.customer_id = c->id;
    v.assisted.customer_name = name;
    v.assisted.customer_email = c->email;
    TRY(find_order(w, a, world, l, visit, &v));
    v.changes = (i64)v.items_n + (v.order != NULL);
    TRY(add_session(w, a, &v));
    if (v.order) TRY(demo_order_in_session(w, demo_id_of(plan->order_number), v.session_id, NULL));
    TRY(record_start(w, a, &v));
    TRY(record_items(w, a, &v));
    TRY(record_order(w, a, &v));
    v.now_us = plan->ended_us;
    return record_end(w, a, &v);
}

/* Login as Customer was pressed for somebody who had not allowed it. */
static enum err make_refusal(struct db_w *w, struct arena *a, const struct demo_world *world,
                             const struct demo_visit *v) {
    const struct demo_never_asked *c = v->refused;
    struct actor staff = staff_actor(world, v);
    str name = ARENA_CAT(a, c->firstname, S(" "), c->lastname);
    str label = ARENA_CAT(a, name, S(" <"), c->email, S(">"));
    struct audit_event e = {
        .group = AUDIT_ASSIST,
        .action = S("Login as Customer"),
        .full_action = S("assist_start"),
        .reason = S("no_consent"),
        .actor = &staff,
        .customer_id = OPT(c->id),
        .customer = label,
        .website_id = OPT(c->website_id),
        .view = S(""),
        .origin = S(""),
        .subject_kind = S("customer"),
        .subject_id = arena_printf(a, "%lld", (long long)c->id),
        .details = arena_printf(a, "%.*s, customer %lld", STR_ARG(label), (long long)c->id),
        .before_json = S(""),
        .after_json = S(""),
        .at_us = v->at_us - 5 * US_MINUTE,
    };
    return audit_append(w, &e, NULL);
}

enum err demo_make_history(struct db_w *w, struct arena *a, struct demo_world *world,
                           const struct demo_ledger *l) {
    for (size_t i = 0; i < l->visits_n; i++) {
        if (l->visits[i].refused) TRY(make_refusal(w, a, l->world, &l->visits[i]));
        TRY(make_visit(w, a, world, l, i));
    }
    return OK;
}
