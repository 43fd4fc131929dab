/* What the support of the demo shop did before today: finished assisted sessions with their entries in the
 * record, and some that were refused. Entries go through the record's own door, so the chain is whole. */
#include "audit/audit.h"
#include "crypto/crypto.h"
#include "demo/inside.h"
#include "gen/demo_sql.h"
#include "i18n/i18n.h"

enum { SESSIONS = 48, REFUSALS = 8 };

/* One session on its way into the tables. */
struct visit {
    const struct demo_consenting *customer;
    str customer_name, customer_label;
    str staff_name, origin_label;
    struct actor staff, assisted;
    i64 session_id, now_us;
    struct demo_in_cart *items;
    size_t items_n;
};

static struct actor staff_actor(const struct demo_world *world, struct arena *a, struct demo_dice *d) {
    bool support = demo_chance(d, 75);
    return (struct actor){
        .kind = ACTOR_STAFF,
        .staff_id = world->staff[support ? STAFF_SUPPORT : STAFF_ADMIN],
        .username = support ? S("support") : S("admin"),
        .staff_name = support ? S("Samir van der Heijden") : S("Eva Lindqvist"),
        .scope = -1,
        .ip = arena_printf(a, "198.51.100.%zu", 10 + demo_roll(d, 20)),
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

static str one_member(struct arena *a, str field, str value) {
    struct buf b;
    buf_init(&b, 1024);
    buf_put_char(&b, '{');
    buf_put_json(&b, field);
    buf_put_char(&b, ':');
    buf_put_json(&b, value);
    buf_put_char(&b, '}');
    str s = arena_str(a, buf_str(&b));
    buf_done(&b);
    return s;
}

static enum err record_start(struct db_w *w, struct arena *a, const struct visit *v) {
    struct audit_event e = entry_of(v, &v->staff, S("Session Started"), S("assist_enter"));
    e.subject_id = arena_printf(a, "%lld", (long long)v->customer->id);
    e.details = ARENA_CAT(a, v->staff_name, S(" as "), v->customer_label, S(", "), v->origin_label);
    return audit_append(w, &e, NULL);
}

static enum err record_changes(struct db_w *w, struct arena *a, struct visit *v, struct demo_dice *d) {
    for (size_t i = 0; i < v->items_n; i++) {
        const struct demo_in_cart *item = &v->items[i];
        v->now_us += (i64)(30 + demo_roll(d, 150)) * US_SECOND;
        str field = ARENA_CAT(a, S("qty of "), item->product);
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

static enum err record_end(struct db_w *w, struct arena *a, const struct visit *v, str cause) {
    bool closed = str_eq(cause, S("closed"));
    struct audit_event e = entry_of(v, closed ? &v->assisted : &v->staff, S("Session Ended"),
                                    closed ? S("assist_close") : S("assist_expire"));
    e.subject_kind = S("assisted session");
    e.subject_id = arena_printf(a, "%lld", (long long)v->session_id);
    e.details =
        arena_printf(a, "%.*s: %.*s, %zu changes", STR_ARG(v->staff_name), STR_ARG(cause), v->items_n);
    e.before_json = one_member(a, S("ended"), STR_NULL);
    e.after_json = one_member(a, S("ended"), cause);
    return audit_append(w, &e, NULL);
}

static enum err add_session(struct db_w *w, struct arena *a, struct visit *v, i64 ended_us, str cause,
                            str public_id) {
    /* No cookie ever had this token. */
    hash256 hash = crypto_hash(crypto_token(a));
    str words = ARENA_CAT(a, v->customer_name, S(" "), v->customer->email, S(" "), v->staff_name, S(" "),
                          v->staff.username, S(" "), v->origin_label);
    struct demo_add_session row;
    TRY(demo_add_session(w, public_id, hash_str(&hash), v->staff.staff_id, v->staff_name, v->customer->id,
                         v->customer_name, v->customer->email, v->customer->website_id, v->customer->view_id,
                         S("customer"), v->origin_label,
                         arena_printf(a, "/admin/customers/%lld", (long long)v->customer->id), v->now_us,
                         ended_us, cause, (i64)v->items_n, i18n_fold(a, words), v->staff.ip, &row));
    v->session_id = row.id;
    return OK;
}

static enum err make_visit(struct db_w *w, struct arena *a, const struct demo_world *world,
                           const struct demo_consenting *c, i64 at_us, struct demo_dice *d,
                           i64 *ret_ended_us) {
    str name = ARENA_CAT(a, c->firstname, S(" "), c->lastname);
    struct visit v = {
        .customer = c,
        .customer_name = name,
        .customer_label = ARENA_CAT(a, name, S(" <"), c->email, S(">")),
        .origin_label = arena_printf(a, "customer %lld", (long long)c->id),
        .staff = staff_actor(world, a, d),
        .now_us = at_us,
    };
    v.staff_name = v.staff.staff_name;
    v.assisted = v.staff;
    v.assisted.kind = ACTOR_ASSISTED;
    v.assisted.customer_id = c->id;
    v.assisted.customer_name = name;
    v.assisted.customer_email = c->email;
    TRY(demo_in_cart(db_w_reader(w), c->id, S("en"), &v.items, &v.items_n));
    size_t n = demo_roll(d, 100);
    str cause = n < 76 ? S("closed") : n < 90 ? S("idle") : S("sign_out");
    i64 idle_us = n >= 76 && n < 90 ? 15 * US_MINUTE : (i64)(20 + demo_roll(d, 200)) * US_SECOND;
    /* The session's row needs its end before its entries are made: a second throw of the same dice tells it.
     */
    struct demo_dice ahead = *d;
    i64 ended_us = at_us + idle_us;
    for (size_t i = 0; i < v.items_n; i++)
        ended_us += (i64)(30 + demo_roll(&ahead, 150)) * US_SECOND;
    str public_id = arena_printf(a, "demo%08lld", (long long)c->id);
    TRY(add_session(w, a, &v, ended_us, cause, public_id));
    TRY(record_start(w, a, &v));
    TRY(record_changes(w, a, &v, d));
    v.now_us = ended_us;
    *ret_ended_us = ended_us;
    return record_end(w, a, &v, cause);
}

/* Login as Customer was pressed for somebody who had not allowed it. */
static enum err make_refusal(struct db_w *w, struct arena *a, const struct demo_world *world,
                             const struct demo_never_asked *c, i64 at_us, struct demo_dice *d) {
    struct actor staff = staff_actor(world, a, d);
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
        .at_us = at_us,
    };
    return audit_append(w, &e, NULL);
}

enum err demo_make_history(struct db_w *w, struct arena *a, const struct demo_world *world) {
    struct demo_consenting *customers;
    struct demo_never_asked *others;
    size_t n, others_n, refused = 0;
    TRY(demo_consenting(db_w_reader(w), SESSIONS, &customers, &n));
    TRY(demo_never_asked(db_w_reader(w), REFUSALS, &others, &others_n));
    i64 free_us = 0; /* one after another: the record is in the order of time */
    for (size_t i = n; i-- > 0;) {
        struct demo_dice d = demo_dice_of(900000 + i);
        i64 at_us = MAX_OF(free_us, customers[i].consented_us) + (i64)(10 + demo_roll(&d, 170)) * US_MINUTE;
        if (at_us > DEMO_TODAY_US - 4 * US_HOUR) break;
        if (i % 6 == 3 && refused < others_n) {
            TRY(make_refusal(w, a, world, &others[refused++], at_us, &d));
            at_us += 5 * US_MINUTE;
        }
        TRY(make_visit(w, a, world, &customers[i], at_us, &d, &free_us));
    }
    return OK;
}
