/* The customer's orders in the Admin, as their own page lists them. */
#include "sales/sales.h"
#include "shop/customer/customer_admin_inside.h"

bool customer_admin_orders_shown(const struct page *p) {
    return actor_may(p->actor, RESOURCE_ORDER_VIEW);
}

enum err customer_admin_show_orders(struct page *p, const struct customer_admin_get *c) {
    struct customer_admin_orders *rows;
    size_t n;
    TRY(customer_admin_orders(p->db, c->id, &rows, &n));
    struct tpl_customer_admin_orders_rows *out =
        ARENA_ARRAY(p->arena, struct tpl_customer_admin_orders_rows, n);
    for (size_t i = 0; i < n; i++) {
        enum sales_state state = sales_state_by_word(rows[i].state);
        out[i] = (struct tpl_customer_admin_orders_rows){
            .id = rows[i].id,
            .number = arena_printf(p->arena, "%lld", (long long)rows[i].number),
            .placed = rows[i].created_us,
            .total = i18n_money_in(p->arena, p->actor->staff_locale, rows[i].currency, rows[i].total),
            .state = i18n_get(p->lang, sales_state_title(state)),
            .tone = str_c(sales_state_tone(state)),
        };
    }
    const struct tpl_customer_admin_orders v = {
        .id = c->id,
        .assist_on = assist_is_on(p->settings),
        .orders = true,
        .all_url = arena_printf(p->arena, "/admin/orders?f.customer=%lld", (long long)c->id),
        .rows = out,
        .rows_n = n,
    };
    tpl_customer_admin_orders(p->out, &v);
    return OK;
}
