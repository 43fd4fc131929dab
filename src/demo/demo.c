#include "demo/demo.h"

#include "crypto/crypto.h"
#include "demo/orders.h"
#include "gen/demo_sql.h"

static u64 mix(u64 z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Mixed, so that neighbouring seeds do not give the same throws one step apart. */
struct demo_dice demo_dice_of(u64 seed) {
    return (struct demo_dice){mix(seed * 0xd1342543de82ef95u + 0x632be59bd9b4e019u)};
}

size_t demo_roll(struct demo_dice *d, size_t n) {
    d->state += 0x9e3779b97f4a7c15u;
    return (size_t)(mix(d->state) % n);
}

bool demo_chance(struct demo_dice *d, size_t percent) {
    return demo_roll(d, 100) < percent;
}

struct fill {
    struct arena *arena;
    struct demo_world *world;
    i64 orders;
    bool occupied;
};

static enum err check_empty(struct db_w *w, void *arg) {
    struct fill *f = arg;
    struct demo_counts n;
    TRY(demo_counts(db_w_reader(w), &n));
    f->occupied = n.websites || n.staff || n.customers || n.products;
    return f->occupied ? ERR_CONFLICT : OK;
}

static enum err fill(struct db_w *w, void *arg) {
    struct fill *f = arg;
    struct demo_ledger ledger;
    TRY(demo_make_shop(w, f->arena, f->world));
    TRY(demo_make_catalog(w, f->arena, f->world));
    TRY(demo_make_selling(w, f->arena, f->world));
    TRY(demo_make_named(w, f->arena, f->world));
    TRY(demo_make_customers(w, f->world));
    TRY(demo_ledger_read(db_w_reader(w), f->arena, f->world, f->orders, &ledger));
    TRY(demo_make_orders(w, f->arena, &ledger));
    return demo_make_history(w, f->arena, f->world, &ledger);
}

static enum err check_options(const struct demo_options *o, str *ret_why) {
    if (o->customers < 0 || o->customers > DEMO_CUSTOMERS_MAX)
        *ret_why = S("the number of customers must lie between 0 and 10000000");
    else if (o->orders < 0 || o->orders > DEMO_ORDERS_MAX)
        *ret_why = S("the number of orders must lie between 0 and 10000000");
    else if (o->admin_password.n == 0 || o->customer_password.n == 0)
        *ret_why = S("the demo shop needs a password for staff and one for customers");
    else
        return OK;
    return ERR_INVALID;
}

enum err demo_fill(struct arena *a, struct db *db, const struct demo_options *o, str *ret_why) {
    TRY(check_options(o, ret_why));
    /* A hash takes 70 ms on purpose: one for all staff and one for all customers. */
    struct demo_world world = {
        .staff_hash = crypto_password_hash(a, o->admin_password),
        .customer_hash = crypto_password_hash(a, o->customer_password),
        .customers = o->customers,
    };
    struct fill f = {.arena = a, .world = &world, .orders = o->orders};
    enum err e = db_load(a, db, &(struct db_load){.check = check_empty, .run = fill, .arg = &f});
    if (f.occupied) {
        *ret_why = S("the database is not empty: the demo shop only goes into a new one");
        return ERR_CONFLICT;
    }
    if (e)
        *ret_why = arena_printf(a, "the demo shop could not be written: %.*s",
                                STR_ARG(err_is_db(e) ? db_last_error(db, a) : err_word(e)));
    return e;
}
