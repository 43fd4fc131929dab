/* The customer's page in the Admin: one tab at a time, read-only but for the form of Account Information. */
#include "shop/customer/customer_admin_inside.h"

str customer_admin_path(struct arena *a, i64 id, const char *tab) {
    return arena_printf(a, "/admin/customers/%lld?tab=%s", (long long)id, tab);
}

static str text(const struct page *p, str msgid) {
    return i18n_get(p->lang, msgid);
}

static str website_name(const struct page *p, i64 id) {
    const struct website *w = stores_website(p->stores, id);
    return w ? w->name : S("");
}

static str view_name(const struct page *p, i64 id) {
    const struct store_view *v = stores_view(p->stores, id);
    return v ? stores_view_label(p->arena, p->stores, v) : S("");
}

static bool is_locked(const struct page *p, const struct customer_admin_get *c) {
    return customer_is_locked(c->locked_until_us, p->now_us);
}

/* Title, menu mark and buttons of the customer's page; `whole`: also what is about the account as a whole,
 * `account`: the form of Account Information is on it. */
static void frame(struct page *p, const struct customer_admin_get *c, bool whole, bool account) {
    struct html o;
    const struct tpl_customer_admin_actions v = {
        .id = c->id,
        .locked = is_locked(p, c),
        .assist = assist_is_on(p->settings) && actor_may(p->actor, RESOURCE_ASSIST_LOGIN),
        .whole = whole,
        .account = account,
    };
    html_init(&o, p->arena, p->out->env, 32 * 1024);
    tpl_customer_admin_actions(&o, &v);
    reply_actions(p->reply, html_take(&o));
    html_done(&o);
    reply_title(p->reply, customer_full_name(p->arena, c->firstname, c->lastname));
    reply_menu(p->reply, "admin_customers");
}

/* ---- Customer View ---- */

static void fill_standing(const struct page *p, const struct customer_admin_get *c,
                          struct tpl_customer_admin_view *v) {
    v->standing_note = S("");
    if (!c->active) {
        v->standing = text(p, T("Inactive"));
        v->standing_tone = S("bad");
        v->standing_note =
            text(p, T("This customer is inactive: they cannot sign in, and nobody can log in as them."));
    } else if (is_locked(p, c)) {
        const struct i18n_arg until = {S_INIT("time"), i18n_time(p->arena, p->format, c->locked_until_us.v)};
        v->standing = text(p, T("Locked"));
        v->standing_tone = S("warn");
        v->standing_note = i18n_format_message(
            p->arena, p->lang, T("Too many wrong passwords: the account is locked until {time}."), &until, 1);
    } else {
        v->standing = text(p, T("Active"));
        v->standing_tone = S("good");
        if (!c->has_password) v->standing_note = text(p, T("The customer has not chosen a password yet."));
    }
}

static str default_address(struct page *p, const struct customer_admin_addresses *rows, size_t n,
                           opt_i64 id) {
    for (size_t i = 0; i < n && id.set; i++) {
        if (rows[i].id != id.v) continue;
        const struct customer_address a = CUSTOMER_ADDRESS_OF(&rows[i]);
        return customer_address_block(p->arena, p->lang, &a);
    }
    return S("");
}

static enum err show_view(struct page *p, const struct customer_admin_get *c) {
    struct customer_admin_addresses *addresses;
    struct customer_admin_cart *lines;
    struct assist_consent consent;
    size_t n, lines_n;
    TRY(customer_admin_addresses(p->db, c->id, &addresses, &n));
    TRY(customer_admin_cart(p->db, c->id, c->group_id, i18n_tag(p->lang), &lines, &lines_n));
    TRY(assist_consent_get(p->db, c->id, &consent));
    struct tpl_customer_admin_view v = {
        .id = c->id,
        .assist_on = assist_is_on(p->settings),
        .orders = customer_admin_orders_shown(p),
        .name = customer_full_name(p->arena, c->firstname, c->lastname),
        .email = c->email,
        .group = c->group_name,
        .website = website_name(p, c->website_id),
        .store_view = view_name(p, c->view_id),
        .telephone = c->telephone,
        .created_us = c->created_us,
        .updated_us = c->updated_us,
        .last_login_us = c->last_login_us.set ? c->last_login_us.v : 0,
        .consent = assist_consent_stands(&consent, p->now_us),
        .billing = default_address(p, addresses, n, c->default_billing_id),
        .shipping = default_address(p, addresses, n, c->default_shipping_id),
    };
    for (size_t i = 0; i < lines_n; i++)
        v.cart_pieces += lines[i].qty;
    fill_standing(p, c, &v);
    tpl_customer_admin_view(p->out, &v);
    return OK;
}

/* ---- Account Information ---- */

str customer_admin_consent_help(const struct page *p) {
    return actor_may(p->actor, RESOURCE_CUSTOMER_CONSENT)
               ? text(p, T("With Yes, staff may log in as this customer. The customer is told by mail, and "
                           "it is recorded "
                           "that you did it."))
               : text(p, T("Your role may not change this."));
}

static enum err show_account(struct page *p, const struct customer_admin_get *c) {
    struct assist_consent consent;
    struct html_option *groups;
    TRY(assist_consent_get(p->db, c->id, &consent));
    bool assist_on = assist_is_on(p->settings), right = actor_may(p->actor, RESOURCE_CUSTOMER_CONSENT);
    struct tpl_customer_admin_account v = {
        .id = c->id,
        .version = c->updated_us,
        .assist_on = assist_on,
        .orders = customer_admin_orders_shown(p),
        .may_edit = actor_may(p->actor, RESOURCE_CUSTOMER_EDIT),
        .website = website_name(p, c->website_id),
        .store_view = view_name(p, c->view_id),
        .group_id = c->group_id,
        .group = c->group_name,
        .firstname = c->firstname,
        .lastname = c->lastname,
        .email = c->email,
        .telephone = c->telephone,
        .active = c->active,
        .consent = assist_consent_stands(&consent, p->now_us),
        .may_consent = assist_on && right,
        .no_consent_right = !right,
        .consent_help = customer_admin_consent_help(p),
    };
    TRY(customer_admin_group_options(p, p->arena, &groups, &v.groups_n));
    v.groups = groups;
    tpl_customer_admin_account(p->out, &v);
    return OK;
}

/* ---- Addresses ---- */

static enum err show_addresses(struct page *p, const struct customer_admin_get *c) {
    struct customer_admin_addresses *rows;
    size_t n;
    TRY(customer_admin_addresses(p->db, c->id, &rows, &n));
    struct tpl_customer_admin_addresses_rows *out =
        ARENA_ARRAY(p->arena, struct tpl_customer_admin_addresses_rows, n);
    for (size_t i = 0; i < n; i++) {
        const struct customer_address a = CUSTOMER_ADDRESS_OF(&rows[i]);
        out[i] = (struct tpl_customer_admin_addresses_rows){
            .id = rows[i].id,
            .text = customer_address_block(p->arena, p->lang, &a),
            .line = customer_address_line(p->arena, &a),
            .billing = c->default_billing_id.set && c->default_billing_id.v == rows[i].id,
            .shipping = c->default_shipping_id.set && c->default_shipping_id.v == rows[i].id,
        };
    }
    const struct tpl_customer_admin_addresses v = {
        .id = c->id,
        .assist_on = assist_is_on(p->settings),
        .orders = customer_admin_orders_shown(p),
        .may_edit = actor_may(p->actor, RESOURCE_CUSTOMER_EDIT),
        .full = n >= CUSTOMER_ADDRESSES_MAX,
        .rows = out,
        .rows_n = n,
    };
    tpl_customer_admin_addresses(p->out, &v);
    return OK;
}

/* ---- Shopping Cart ---- */

static enum err show_cart(struct page *p, const struct customer_admin_get *c) {
    struct customer_admin_cart *rows;
    size_t n;
    TRY(customer_admin_cart(p->db, c->id, c->group_id, i18n_tag(p->lang), &rows, &n));
    struct tpl_customer_admin_cart_carts *carts =
        ARENA_ARRAY(p->arena, struct tpl_customer_admin_cart_carts, n);
    struct tpl_customer_admin_cart_carts_lines *lines =
        ARENA_ARRAY(p->arena, struct tpl_customer_admin_cart_carts_lines, n);
    struct tpl_customer_admin_cart v = {.id = c->id,
                                        .assist_on = assist_is_on(p->settings),
                                        .orders = customer_admin_orders_shown(p),
                                        .carts = carts};
    for (size_t i = 0; i < n; i++) {
        const struct customer_admin_cart *r = &rows[i];
        if (i == 0 || rows[i - 1].website_id != r->website_id)
            carts[v.carts_n++] = (struct tpl_customer_admin_cart_carts){
                .website = website_name(p, r->website_id), .lines = &lines[i]};
        struct tpl_customer_admin_cart_carts *k = &carts[v.carts_n - 1];
        lines[i] = (struct tpl_customer_admin_cart_carts_lines){.sku = r->sku,
                                                                .name = r->name,
                                                                .qty = r->qty,
                                                                .price = r->price_minor,
                                                                .total = r->qty * r->price_minor,
                                                                .sold = r->sold};
        k->lines_n++;
        k->pieces += r->qty;
        k->total += lines[i].total;
    }
    tpl_customer_admin_cart(p->out, &v);
    return OK;
}

/* ---- Assistance ---- */

/* "Given by staff user Ada Lovelace (Admin) from 10.0.0.1": one entry of the consent's history. */
static str consent_text(const struct page *p, const struct assist_consent *c) {
    str source = str_eq(c->source, S("register"))  ? T("when registering")
                 : str_eq(c->source, S("account")) ? T("in the account")
                 : str_eq(c->source, S("admin"))   ? T("in the Admin")
                                                   : T("by the system");
    const struct i18n_arg args[] = {{S_INIT("name"), c->by_name},
                                    {S_INIT("source"), text(p, source)},
                                    {S_INIT("ip"), c->ip.n ? c->ip : S("–")}};
    str message = c->granted    ? c->by_staff ? T("Given by staff user {name}, {source}, from {ip}")
                                              : T("Given by the customer, {source}, from {ip}")
                     : c->by_staff ? T("Withdrawn by staff user {name}, {source}, from {ip}")
                                : T("Withdrawn by the customer, {source}, from {ip}");
    return i18n_format_message(p->arena, p->lang, message, args, COUNT_OF(args));
}

static str consent_standing(const struct page *p, const struct assist_consent *c) {
    if (!c->at_us)
        return text(p,
                    T("The customer has never been asked, or has not answered. Nobody may log in as them."));
    if (assist_consent_stands(c, p->now_us))
        return c->until_us.set ? text(p, T("Staff may log in as this customer, until the time below."))
                               : text(p, T("Staff may log in as this customer, until it is withdrawn."));
    return c->granted
               ? text(p,
                      T("Consent was given for a while, which is over. Nobody may log in as this customer."))
               : text(p, T("Consent was withdrawn. Nobody may log in as this customer."));
}

static void fill_consent(const struct page *p, const struct assist_consent *c,
                         struct tpl_customer_admin_assistance *v) {
    struct tpl_customer_admin_assistance_details *d =
        ARENA_ARRAY(p->arena, struct tpl_customer_admin_assistance_details, 5);
    size_t n = 0;
    v->stands = assist_consent_stands(c, p->now_us);
    v->standing = consent_standing(p, c);
    v->details = d;
    if (!c->at_us) return;
    d[n++] = (struct tpl_customer_admin_assistance_details){
        c->granted ? text(p, T("Given")) : text(p, T("Withdrawn")), i18n_time(p->arena, p->format, c->at_us)};
    d[n++] = (struct tpl_customer_admin_assistance_details){
        text(p, T("By")), c->by_staff ? ARENA_CAT(p->arena, text(p, T("Staff User")), S(" "), c->by_name)
                                      : text(p, T("The customer"))};
    if (c->ip.n)
        d[n++] = (struct tpl_customer_admin_assistance_details){text(p, T("From (IP Address)")), c->ip};
    if (c->granted)
        d[n++] = (struct tpl_customer_admin_assistance_details){
            text(p, T("Until")), c->until_us.set ? i18n_time(p->arena, p->format, c->until_us.v)
                                                 : text(p, T("Until it is withdrawn"))};
    v->details_n = n;
}

static enum err fill_history(struct page *p, i64 id, struct tpl_customer_admin_assistance *v) {
    struct assist_consent *rows;
    TRY(assist_consent_history(p->db, id, &rows, &v->history_n));
    struct tpl_customer_admin_assistance_history *out =
        ARENA_ARRAY(p->arena, struct tpl_customer_admin_assistance_history, v->history_n);
    for (size_t i = 0; i < v->history_n; i++)
        out[i] = (struct tpl_customer_admin_assistance_history){
            .text = consent_text(p, &rows[i]), .at_us = rows[i].at_us, .granted = rows[i].granted};
    v->history = out;
    return OK;
}

static enum err fill_sessions(struct page *p, i64 id, struct tpl_customer_admin_assistance *v) {
    struct customer_admin_sessions *rows;
    TRY(customer_admin_sessions(p->db, id, &rows, &v->sessions_n));
    struct tpl_customer_admin_assistance_sessions *out =
        ARENA_ARRAY(p->arena, struct tpl_customer_admin_assistance_sessions, v->sessions_n);
    for (size_t i = 0; i < v->sessions_n; i++) {
        const struct customer_admin_sessions *s = &rows[i];
        out[i] = (struct tpl_customer_admin_assistance_sessions){
            .id = s->id,
            .staff = s->staff_name,
            .from = s->origin_label,
            .view = view_name(p, s->view_id),
            .started_us = s->started_us,
            .ended_us = s->ended_us.set ? s->ended_us.v : 0,
            .cause = s->end_cause.n ? text(p, assist_cause_text(s->end_cause)) : S(""),
            .changes = s->changes,
        };
    }
    v->sessions = out;
    return OK;
}

static enum err show_assistance(struct page *p, const struct customer_admin_get *c) {
    struct assist_consent consent;
    TRY(assist_consent_get(p->db, c->id, &consent));
    struct tpl_customer_admin_assistance v = {
        .id = c->id,
        .assist_on = true,
        .orders = customer_admin_orders_shown(p),
        .may_change =
            actor_may(p->actor, RESOURCE_CUSTOMER_CONSENT) && actor_may(p->actor, RESOURCE_CUSTOMER_EDIT),
        .may_log = actor_may(p->actor, RESOURCE_ASSIST_LOG),
    };
    fill_consent(p, &consent, &v);
    TRY(fill_history(p, c->id, &v));
    TRY(fill_sessions(p, c->id, &v));
    tpl_customer_admin_assistance(p->out, &v);
    return OK;
}

/* ---- the page ---- */

enum err page_admin_customer(struct page *p, const struct admin_customer_in *in) {
    struct customer_admin_get c;
    TRY(customer_admin_get(p->db, in->id, &c));
    enum admin_customer_tab tab = in->tab;
    if (p->form && p->form->op == OP_ADMIN_CUSTOMER_SAVE) tab = ADMIN_CUSTOMER_TAB_ACCOUNT;
    if (tab == ADMIN_CUSTOMER_TAB_ASSISTANCE && !assist_is_on(p->settings)) return ERR_NOT_FOUND;
    if (tab == ADMIN_CUSTOMER_TAB_ORDERS && !customer_admin_orders_shown(p)) return ERR_NOT_FOUND;
    bool account = tab == ADMIN_CUSTOMER_TAB_ACCOUNT;
    bool part = tab == ADMIN_CUSTOMER_TAB_ADDRESSES || tab == ADMIN_CUSTOMER_TAB_CART ||
                tab == ADMIN_CUSTOMER_TAB_ORDERS || tab == ADMIN_CUSTOMER_TAB_ASSISTANCE;
    frame(p, &c, !part, account);
    switch (tab) {
    case ADMIN_CUSTOMER_TAB_ACCOUNT: return show_account(p, &c);
    case ADMIN_CUSTOMER_TAB_ADDRESSES: return show_addresses(p, &c);
    case ADMIN_CUSTOMER_TAB_CART: return show_cart(p, &c);
    case ADMIN_CUSTOMER_TAB_ORDERS: return customer_admin_show_orders(p, &c);
    case ADMIN_CUSTOMER_TAB_ASSISTANCE: return show_assistance(p, &c);
    case ADMIN_CUSTOMER_TAB_VIEW:
    case ADMIN_CUSTOMER_TAB_NONE: break;
    }
    return show_view(p, &c);
}
