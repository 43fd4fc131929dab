/* When orders were placed, and which ones the named customers have. */
#include "demo/orders.h"

/* Two years of about thirty days' twenty-fourths: a shop that grows, with its Decembers. */
static const i64 months[24] = {20, 34, 18, 17, 20, 21, 24, 25, 22, 24, 28, 31,
                               38, 62, 34, 32, 37, 39, 43, 46, 42, 45, 53, 58};
static const i64 hours[24] = {3,  2,  1,  1,  1,  2,  5,  10, 18, 24, 27, 28,
                              30, 29, 26, 25, 26, 27, 30, 36, 40, 38, 24, 10};
static const i64 month_us = 730 * US_DAY / 24;

/* Where `at` of `whole` falls in the table, as a place in a row of n pieces of this length. */
static i64 place(const i64 *weights, i64 n, i64 length, i64 at, i64 whole) {
    i64 sum = 0, below = 0, i = 0;
    for (i64 k = 0; k < n; k++)
        sum += weights[k];
    i64 rest = sales_share(at, sum * 1000000, whole);
    while (i < n - 1 && rest >= (below + weights[i]) * 1000000)
        below += weights[i++];
    i64 inside = rest - below * 1000000;
    return i * length + MIN_OF(sales_share(inside, length, weights[i] * 1000000), length - 1);
}

i64 demo_order_at(i64 n, i64 total) {
    struct demo_dice d = demo_dice_of((u64)n + 20000000000u);
    i64 since = place(months, 24, month_us, n * 1000 + (i64)demo_roll(&d, 1000), total * 1000);
    i64 day = since / US_DAY, second = place(hours, 24, 3600, since % US_DAY / US_SECOND, 86400);
    return DEMO_TODAY_US - 730 * US_DAY + day * US_DAY + second * US_SECOND + since % US_SECOND;
}

/* In the order of time. */
enum { SOPHIE, DANIEL, NOOR };
const struct demo_plan demo_plans[] = {
    {SOPHIE, 402, 19, STORY_COMPLETE, PAY_BANK, VIEW_EN, false},
    {DANIEL, 355, 20, STORY_COMPLETE, PAY_ONLINE, VIEW_EN, false},
    {SOPHIE, 329, 12, STORY_COMPLETE, PAY_ONLINE, VIEW_NL, true},
    {DANIEL, 297, 9, STORY_RETURNED, PAY_BANK, VIEW_EN, false},
    {NOOR, 288, 21, STORY_COMPLETE, PAY_COD, VIEW_OUTLET, false},
    {SOPHIE, 260, 21, STORY_RETURNED, PAY_ONLINE, VIEW_EN, false},
    {DANIEL, 233, 16, STORY_SPLIT, PAY_BANK, VIEW_SECOND, true},
    {SOPHIE, 204, 8, STORY_CANCELED, PAY_BANK, VIEW_EN, false},
    {NOOR, 190, 13, STORY_RETURNED, PAY_ONLINE, VIEW_OUTLET, false},
    {SOPHIE, 171, 18, STORY_SPLIT, PAY_ONLINE, VIEW_EN, true},
    {DANIEL, 150, 22, STORY_ABANDONED, PAY_ONLINE, VIEW_EN, false},
    {SOPHIE, 133, 10, STORY_CLOSED, PAY_BANK, VIEW_EN, false},
    {DANIEL, 121, 14, STORY_COMPLETE, PAY_PO, VIEW_EN, false},
    {NOOR, 96, 11, STORY_CANCELED, PAY_BANK, VIEW_OUTLET, false},
    {SOPHIE, 84, 20, STORY_COMPLETE, PAY_COD, VIEW_EN, false},
    {DANIEL, 66, 19, STORY_CLOSED, PAY_ONLINE, VIEW_EN, false},
    {SOPHIE, 47, 13, STORY_RELEASED, PAY_ONLINE, VIEW_EN, false},
    {NOOR, 38, 15, STORY_SPLIT, PAY_BANK, VIEW_OUTLET, true},
    {DANIEL, 25, 20, STORY_COMPLETE, PAY_ONLINE, VIEW_EN, false},
    {SOPHIE, 16, 9, STORY_HALF, PAY_BANK, VIEW_EN, false},
    {DANIEL, 13, 18, STORY_HALF, PAY_ONLINE, VIEW_EN, false},
    {NOOR, 11, 20, STORY_HALF, PAY_ONLINE, VIEW_OUTLET, false},
    {SOPHIE, 9, 12, STORY_SHIPPED, PAY_COD, VIEW_EN, false},
    {SOPHIE, 7, 17, STORY_HELD, PAY_BANK, VIEW_EN, false},
    {DANIEL, 6, 11, STORY_INVOICED, PAY_BANK, VIEW_EN, false},
    {SOPHIE, 5, 8, STORY_INVOICED, PAY_ONLINE, VIEW_EN, true},
    {NOOR, 5, 19, STORY_INVOICED, PAY_ONLINE, VIEW_OUTLET, false},
    {DANIEL, 4, 21, STORY_HELD, PAY_PO, VIEW_EN, false},
    {SOPHIE, 3, 20, STORY_NEW, PAY_BANK, VIEW_EN, false},
    {NOOR, 2, 8, STORY_NEW, PAY_BANK, VIEW_OUTLET, false},
    {DANIEL, 2, 10, STORY_NEW, PAY_BANK, VIEW_EN, false},
    {SOPHIE, 1, 9, STORY_UNPAID, PAY_ONLINE, VIEW_EN, false},
    {DANIEL, 1, 12, STORY_NEW, PAY_PO, VIEW_EN, false},
    {SOPHIE, 1, 21, STORY_NEW, PAY_COD, VIEW_NL, false},
};
const size_t demo_plans_n = COUNT_OF(demo_plans);

i64 demo_plan_at(size_t plan) {
    const struct demo_plan *p = &demo_plans[plan];
    return DEMO_TODAY_US - p->days * US_DAY + p->hour * US_HOUR + (i64)(plan * 17 % 60) * US_MINUTE;
}
