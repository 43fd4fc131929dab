/* Writes the orders of the demo shop in the order of time: each is placed, and each of its steps (documents,
 * comments) comes when its moment has come, between the orders of others. So ids and numbers rise with time,
 * as they do in a shop that really ran. */
#include "demo/orders.h"

/* An order that is under way, with the numbers that it got so far. */
struct ongoing {
    struct demo_numbers numbers;
    struct ongoing *next_free;
};

/* Its next step. */
struct waiting {
    i64 at_us;
    struct demo_source from;
    size_t step;
    struct ongoing *order;
};

/* An order placed (no step), or one of its steps. */
struct event {
    struct demo_order *order;
    bool placed;
    size_t step;
    struct demo_numbers numbers;
};

struct stream {
    struct arena *arena;
    struct demo_ledger *ledger;
    i64 taken[3];         /* by enum demo_source_kind: how many orders of it came so far */
    struct waiting *heap; /* the earliest on top */
    size_t heap_n, heap_cap;
    struct ongoing *free;
    i64 next_number[4]; /* by enum demo_step_kind; DEMO_NOTE: orders */
    i64 next_item;      /* id */
};

/* ---- what waits ---- */

static bool before(const struct waiting *a, const struct waiting *b) {
    if (a->at_us != b->at_us) return a->at_us < b->at_us;
    return a->order->numbers.order <
           b->order->numbers.order; /* any order will do, as long as it is the same each time */
}

static void push(struct stream *s, struct waiting it) {
    if (s->heap_n == s->heap_cap) {
        size_t cap = MAX_OF(2 * s->heap_cap, (size_t)256);
        struct waiting *grown = ARENA_ARRAY(s->arena, struct waiting, cap);
        if (s->heap_n) memcpy(grown, s->heap, s->heap_n * sizeof *grown);
        s->heap = grown;
        s->heap_cap = cap;
    }
    size_t at = s->heap_n++;
    for (size_t up; at && (up = (at - 1) / 2, before(&it, &s->heap[up])); at = up)
        s->heap[at] = s->heap[up];
    s->heap[at] = it;
}

static struct waiting pop(struct stream *s) {
    struct waiting top = s->heap[0], last = s->heap[--s->heap_n];
    size_t at = 0;
    for (size_t down; (down = 2 * at + 1) < s->heap_n; at = down) {
        if (down + 1 < s->heap_n && before(&s->heap[down + 1], &s->heap[down])) down++;
        if (!before(&s->heap[down], &last)) break;
        s->heap[at] = s->heap[down];
    }
    if (s->heap_n) s->heap[at] = last;
    return top;
}

static struct ongoing *begin_order(struct stream *s) {
    struct ongoing *o = s->free;
    if (!o) return ARENA_NEW(s->arena, struct ongoing);
    s->free = o->next_free;
    *o = (struct ongoing){0};
    return o;
}

/* ---- one event after another ---- */

/* When the next order of this kind comes; never, when there is none any more. */
static i64 next_of(struct stream *s, enum demo_source_kind kind) {
    const struct demo_ledger *l = s->ledger;
    i64 n = s->taken[kind];
    switch (kind) {
    case SOURCE_DRAWN: return n < l->orders ? demo_order_at(n, l->orders) : INT64_MAX;
    case SOURCE_PLANNED: return n < (i64)demo_plans_n ? demo_plan_at((size_t)n) : INT64_MAX;
    case SOURCE_VISIT:
        while (n < (i64)l->visits_n && !l->visits[n].order_us.set)
            n = ++s->taken[kind];
        return n < (i64)l->visits_n ? l->visits[n].order_us.v : INT64_MAX;
    }
    return INT64_MAX;
}

/* The source of the next order; false when there is none. */
static bool next_source(struct stream *s, struct demo_source *ret, i64 *ret_at_us) {
    *ret_at_us = INT64_MAX;
    for (int kind = SOURCE_DRAWN; kind <= SOURCE_VISIT; kind++) {
        i64 at_us = next_of(s, (enum demo_source_kind)kind);
        if (at_us >= *ret_at_us) continue;
        *ret_at_us = at_us;
        *ret = (struct demo_source){(enum demo_source_kind)kind, s->taken[kind]};
    }
    return *ret_at_us < INT64_MAX;
}

static struct demo_order *make_order(struct stream *s, struct arena *a, struct demo_source from) {
    struct demo_order *o = ARENA_NEW(a, struct demo_order);
    struct demo_dice d;
    demo_order_draft(a, s->ledger, from, o, &d);
    demo_order_tell(a, o, &d);
    return o;
}

/* The next step waits for its time; after the last one nothing needs to be known of the order any more. */
static void wait_for_step(struct stream *s, const struct demo_order *o, struct demo_source from, size_t step,
                          struct ongoing *order) {
    if (step < o->steps_n) {
        push(s, (struct waiting){o->steps[step].at_us, from, step, order});
    } else {
        order->next_free = s->free;
        s->free = order;
    }
}

static struct event place_order(struct stream *s, struct arena *a, struct demo_source from) {
    struct ongoing *order = begin_order(s);
    struct demo_order *o = make_order(s, a, from);
    order->numbers.order = s->next_number[DEMO_NOTE]++;
    order->numbers.first_item = s->next_item;
    s->next_item += (i64)o->sales.items_n;
    s->taken[from.kind]++;
    if (from.kind == SOURCE_VISIT) s->ledger->visits[from.n].order_number = order->numbers.order;
    struct event e = {.order = o, .placed = true, .numbers = order->numbers};
    wait_for_step(s, o, from, 0, order);
    return e;
}

static struct event take_step(struct stream *s, struct arena *a) {
    struct waiting it = pop(s);
    struct demo_order *o = make_order(s, a, it.from);
    struct demo_numbers *numbers = &it.order->numbers;
    enum demo_step_kind kind = o->steps[it.step].kind;
    numbers->step[it.step] = kind == DEMO_NOTE ? numbers->order : s->next_number[kind]++;
    struct event e = {.order = o, .step = it.step, .numbers = *numbers};
    wait_for_step(s, o, it.from, it.step + 1, it.order);
    return e;
}

static bool next_event(struct stream *s, struct arena *a, struct event *ret) {
    struct demo_source from;
    i64 at_us;
    bool more = next_source(s, &from, &at_us);
    if (!more && !s->heap_n) return false;
    bool place = more && (!s->heap_n || at_us <= s->heap[0].at_us);
    *ret = place ? place_order(s, a, from) : take_step(s, a);
    return true;
}

/* ---- writing ---- */

static enum err write_event(struct db_w *w, struct arena *a, const struct demo_world *world,
                            const struct event *e) {
    if (e->placed) return demo_order_write(w, a, world, e->order, &e->numbers);
    return demo_step_write(w, a, world, e->order, e->step, &e->numbers);
}

static enum err write_all(struct db_w *w, struct stream *s) {
    enum { TOGETHER = 64 }; /* in memory */
    struct arena *a = arena_make();
    struct event next;
    enum err e = OK;
    for (i64 n = 1; !e && next_event(s, a, &next); n++) {
        e = write_event(w, a, s->ledger->world, &next);
        if (n % TOGETHER == 0) arena_reset(a);
    }
    arena_free(a);
    return e;
}

enum err demo_make_orders(struct db_w *w, struct arena *a, struct demo_ledger *l) {
    static const str kinds[] = {S_INIT("order"), S_INIT("invoice"), S_INIT("shipment"), S_INIT("creditmemo")};
    struct stream *s = ARENA_NEW(a, struct stream);
    s->arena = a;
    s->ledger = l;
    s->next_item = 1;
    for (i64 i = 0; i < 4; i++)
        s->next_number[i] = (i + 1) * 100000000 + 1;
    TRY(write_all(w, s));
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        TRY(demo_set_sequence(w, kinds[i], s->next_number[i], NULL));
    return demo_count_coupons(w, NULL);
}
