#include "demo/demo.h"

#include "crypto/crypto.h"
#include "demo/orders.h"
#include "gen/demo_sql.h"

/* Customers in one commit. SQLite walks the pages saved for a savepoint at every statement inside it
 * (temp_store=MEMORY), so batches of 2000 take three times as long. */
enum { BATCH = 60 };

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

/* One write job; `job` comes first so that a db_job is also one of these. */
struct fill_job {
    struct db_job job;
    struct demo_world *world;
    const struct demo_ledger *ledger;
    enum { STEP_GROUND, STEP_CUSTOMERS, STEP_HISTORY, STEP_WORDS } step;
    i64 from, to; /* customers */
    bool occupied;
};

static enum err make_ground(struct db_w *w, struct fill_job *f) {
    struct demo_counts n;
    TRY(demo_counts(db_w_reader(w), &n));
    f->occupied = n.websites || n.staff || n.customers || n.products;
    if (f->occupied) return ERR_CONFLICT;
    TRY(demo_words_pause(w, NULL));
    TRY(demo_make_shop(w, f->job.arena, f->world));
    TRY(demo_make_catalog(w, f->job.arena, f->world));
    TRY(demo_make_selling(w, f->job.arena, f->world));
    return demo_make_named(w, f->job.arena, f->world);
}

static enum err fill_run(struct db_w *w, struct db_job *job) {
    struct fill_job *f = (struct fill_job *)job;
    if (f->step == STEP_GROUND) return make_ground(w, f);
    if (f->step == STEP_HISTORY) return demo_make_history(w, job->arena, f->ledger);
    if (f->step == STEP_WORDS) return demo_words_go_on(w, NULL);
    return demo_make_customers(w, job->arena, f->world, f->from, f->to);
}

/* Runs one job with memory of its own. */
static enum err fill(struct db *db, struct fill_job *f) {
    f->job = (struct db_job){.run = fill_run, .arena = arena_make(), .sight = {.scope = -1}};
    enum err e = db_submit_wait(db, &f->job);
    arena_free(f->job.arena);
    return e;
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
        .customer = ARENA_ARRAY(a, i64, (size_t)o->customers),
        .customers = o->customers,
    };
    struct fill_job f = {.world = &world, .step = STEP_GROUND};
    enum err e = fill(db, &f);
    if (f.occupied) {
        *ret_why = S("the database is not empty: the demo shop only goes into a new one");
        return ERR_CONFLICT;
    }
    f.step = STEP_CUSTOMERS;
    for (; !e && f.to < world.customers; f.from = f.to) {
        f.to = MIN_OF(f.from + BATCH, world.customers);
        e = fill(db, &f);
    }
    struct demo_ledger ledger;
    if (!e) e = demo_ledger_read(db, a, &world, o->orders, &ledger);
    if (!e) e = demo_make_orders(db, a, &ledger);
    f.ledger = &ledger;
    f.step = STEP_HISTORY;
    if (!e) e = fill(db, &f);
    f.step = STEP_WORDS;
    if (!e) e = fill(db, &f);
    if (e)
        *ret_why = arena_printf(a, "the demo shop could not be written: %.*s",
                                STR_ARG(err_is_db(e) ? db_last_error(db, a) : err_word(e)));
    return e;
}
