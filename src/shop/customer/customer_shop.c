/* The customer's account: overview, account information with the consent to assistance, and what was done for
 * them. */
#include "sales/sales.h"
#include "shop/customer/customer_inside.h"

/* ---- consent, as the shop shows it ---- */

void customer_consent_texts(const struct settings *s, const struct store_view *view, enum lang lang,
                            str *ret_title, str *ret_tooltip) {
    struct setting_place place = {view->website_id, view->id};
    str title = setting_text(s, SETTING_ASSIST_TITLE, place);
    str tooltip = setting_text(s, SETTING_ASSIST_TOOLTIP, place);
    *ret_title = str_is_empty(title) ? i18n_get(lang, T("Allow remote shopping assistance")) : title;
    *ret_tooltip =
        str_is_empty(tooltip)
            ? i18n_get(
                  lang,
                  T("Our staff may then log in as you, to see what you see and to help you with your cart "
                    "and "
                    "addresses. Everything they change is recorded, and you can switch it off at any time."))
            : tooltip;
}

/* The customer's consent as the shop shows it. */
struct shown_consent {
    bool on;            /* the feature is */
    bool stands;        /* and the customer allows it now */
    i64 until_us;       /* 0: until withdrawn */
    str title, tooltip; /* of the tick box, for this store view */
};

static struct shown_consent consent_view(struct page *p, const struct assist_consent *c) {
    bool stands = assist_consent_stands(c, p->now_us);
    struct shown_consent v = {.on = assist_is_on(p->settings),
                              .stands = stands,
                              .until_us = stands && c->until_us.set ? c->until_us.v : 0};
    customer_consent_texts(p->settings, p->view, p->lang, &v.title, &v.tooltip);
    return v;
}

/* For the actor's own customer; a guest's consent never stands. */
static enum err see_consent(struct page *p, struct shown_consent *ret) {
    struct assist_consent c;
    TRY(assist_consent_get(p->db, actor_self(p->actor), &c));
    *ret = consent_view(p, &c);
    return OK;
}

/* ---- overview ---- */

static str address_text(struct page *p, opt_i64 id, struct customer_address a) {
    return id.set ? customer_address_block(p->arena, p->lang, &a) : S("");
}

/* One of the two addresses in a row. */
#define ADDRESS_OF(row, which)                                                                               \
    ((struct customer_address){(row).which##_firstname, (row).which##_lastname, (row).which##_company,       \
                               (row).which##_street1, (row).which##_street2, (row).which##_postcode,         \
                               (row).which##_city, (row).which##_region, (row).which##_country,              \
                               (row).which##_telephone})

static enum err latest_orders(struct page *p, struct tpl_customer_account *v) {
    struct customer_latest_orders *rows;
    TRY(customer_latest_orders(p->db, &rows, &v->orders_n));
    struct tpl_customer_account_orders *out =
        ARENA_ARRAY(p->arena, struct tpl_customer_account_orders, v->orders_n);
    for (size_t i = 0; i < v->orders_n; i++) {
        enum sales_state state = sales_state_by_word(rows[i].state);
        out[i] = (struct tpl_customer_account_orders){
            .id = rows[i].id,
            .number = arena_printf(p->arena, "%lld", (long long)rows[i].number),
            .placed = rows[i].created_us,
            .total = i18n_money_in(p->arena, p->view->locale, rows[i].currency, rows[i].total),
            .state = i18n_get(p->lang, sales_state_title(state)),
            .tone = str_c(sales_state_tone(state)),
        };
    }
    v->orders = out;
    return OK;
}

enum err page_customer_account(struct page *p, const struct customer_account_in *in) {
    (void)in;
    struct customer_overview c;
    TRY(customer_overview(p->db, &c));
    const struct assist_consent given = {.granted = c.granted.set && c.granted.v == 1,
                                         .until_us = c.until_us};
    struct shown_consent consent = consent_view(p, &given);
    reply_title(p->reply, i18n_get(p->lang, T("My Account")));
    struct tpl_customer_account v = {
        .name = customer_full_name(p->arena, c.firstname, c.lastname),
        .email = c.email,
        .telephone = c.telephone,
        .billing = address_text(p, c.billing_id, ADDRESS_OF(c, billing)),
        .billing_id = c.billing_id.v,
        .shipping = address_text(p, c.shipping_id, ADDRESS_OF(c, shipping)),
        .shipping_id = c.shipping_id.v,
        .assist_on = consent.on,
        .allowed = consent.stands,
        .allowed_until = consent.until_us,
    };
    TRY(latest_orders(p, &v));
    tpl_customer_account(p->out, &v);
    return OK;
}

/* ---- account information ---- */

/* The choices of *Allowed until*; the first one keeps a time that stands. */
static size_t until_options(struct page *p, const struct shown_consent *consent, struct html_option out[5]) {
    size_t n = 0;
    if (consent->until_us) {
        const struct i18n_arg args[] = {{S_INIT("time"), i18n_time(p->arena, p->format, consent->until_us)}};
        str label = i18n_format_message(p->arena, p->lang, T("Until {time}"), args, 1);
        out[n++] = (struct html_option){.value = S("keep"), .label = label};
    }
    const struct html_option fixed[] = {
        {.value = S("open"), .label = i18n_get(p->lang, T("Until I switch it off"))},
        {.value = S("day"), .label = i18n_get(p->lang, T("For 24 hours"))},
        {.value = S("week"), .label = i18n_get(p->lang, T("For 7 days"))},
        {.value = S("month"), .label = i18n_get(p->lang, T("For 30 days"))},
    };
    for (size_t i = 0; i < COUNT_OF(fixed); i++)
        out[n++] = fixed[i];
    return n;
}

enum err page_customer_edit(struct page *p, const struct customer_edit_in *in) {
    (void)in;
    struct customer_self c;
    struct shown_consent consent;
    struct html_option untils[5];
    TRY(customer_self(p->db, &c));
    TRY(see_consent(p, &consent));
    reply_title(p->reply, i18n_get(p->lang, T("Edit Account Information")));
    const struct tpl_customer_edit v = {
        .firstname = c.firstname,
        .lastname = c.lastname,
        .telephone = c.telephone,
        .assist_on = consent.on,
        .assisted = p->actor->kind == ACTOR_ASSISTED,
        .assist_title = consent.title,
        .assist_tooltip = consent.tooltip,
        .allowed = consent.stands,
        .until = consent.until_us ? S("keep") : S("open"),
        .untils = untils,
        .untils_n = until_options(p, &consent, untils),
    };
    tpl_customer_edit(p->out, &v);
    return OK;
}

/* "allowed until 2026-11-22T07:43:00Z", as the record says it. */
static str consent_words(struct arena *a, bool stands, opt_i64 until_us) {
    if (!stands) return S("not allowed");
    return until_us.set ? ARENA_CAT(a, S("allowed until "), time_rfc3339(a, until_us.v)) : S("allowed");
}

static opt_i64 until_of(const struct customer_save_in *in, i64 now_us) {
    switch (in->until) {
    case CUSTOMER_SAVE_UNTIL_DAY: return OPT(now_us + US_DAY);
    case CUSTOMER_SAVE_UNTIL_WEEK: return OPT(now_us + 7 * US_DAY);
    case CUSTOMER_SAVE_UNTIL_MONTH: return OPT(now_us + 30 * US_DAY);
    default: return NONE;
    }
}

/* In person only: staff in an assisted session can neither give nor prolong what they are there by. Their
 * form has the box disabled, so that nothing is sent for it; nothing sent is no withdrawal. */
static enum err assisted_consent(struct op *op, const struct customer_save_in *in) {
    if (!in->assistance && in->until == CUSTOMER_SAVE_UNTIL_NONE) return OK;
    op_reason(op, S("consent can only be changed by the customer in person"));
    return op_fail(
        op, ERR_PROTECTED,
        i18n_get(op->lang, T("Remote shopping assistance can only be changed by the customer, in person.")));
}

static enum err save_consent(struct op *op, const struct customer_save_in *in, i64 customer_id,
                             bool *ret_changed) {
    *ret_changed = false;
    if (op->actor->kind == ACTOR_ASSISTED) return assisted_consent(op, in);
    if (!assist_is_on(op->settings)) {
        if (!in->assistance) return OK; /* the page has no box: nothing is withdrawn */
        return op_fail(op, ERR_REFUSED,
                       i18n_get(op->lang, T("Remote shopping assistance is switched off in this shop.")));
    }
    struct assist_consent c;
    TRY(assist_consent_get(op->r, customer_id, &c));
    bool stands = assist_consent_stands(&c, op->now_us);
    bool keep = in->until == CUSTOMER_SAVE_UNTIL_KEEP || in->until == CUSTOMER_SAVE_UNTIL_NONE;
    if (!in->assistance && !stands) return OK;
    if (in->assistance && stands && keep) return OK;
    if (in->assistance && in->until == CUSTOMER_SAVE_UNTIL_KEEP)
        return op_invalid(op, "until",
                          i18n_get(op->lang, T("That time has passed meanwhile. Please choose again.")));
    opt_i64 until = in->assistance ? until_of(in, op->now_us) : NONE;
    TRY(assist_consent_set(op->w, op->actor, customer_id, in->assistance, until, S("account"), op->view->id,
                           op->now_us, ret_changed));
    if (*ret_changed)
        op_change(op, "assistance", consent_words(op->arena, stands, c.until_us),
                  consent_words(op->arena, in->assistance, until));
    return OK;
}

enum err op_customer_save(struct op *op, const struct customer_save_in *in) {
    struct customer_self c;
    bool consent_changed;
    str telephone = in->telephone.p ? in->telephone : S("");
    TRY(customer_self(op->r, &c));
    customer_op_subject(op, c.id, c.firstname, c.lastname, c.email, c.website_id);
    TRY(customer_check_names(op, in->firstname, in->lastname, telephone));
    TRY(save_consent(op, in, c.id, &consent_changed));
    bool same = str_eq(c.firstname, in->firstname) && str_eq(c.lastname, in->lastname) &&
                str_eq(c.telephone, telephone);
    if (!same) {
        str fold;
        TRY(customer_search_text(op, c.id, in->firstname, in->lastname, c.email, telephone, &fold));
        TRY(customer_self_rename(op->w, in->firstname, in->lastname, telephone, fold, op->now_us, NULL));
        op_change(op, "firstname", c.firstname, in->firstname);
        op_change(op, "lastname", c.lastname, in->lastname);
        op_change(op, "telephone", c.telephone, telephone);
    }
    if (same && !consent_changed) op_unchanged(op);
    op_notice(op, i18n_get(op->lang, T("You saved the account information.")));
    op_redirect(op, S("/customer/account"));
    return OK;
}

/* ---- what was done for the customer ---- */

/* The sessions with their changes. `actions` is in the order of time, not of sessions. */
static const struct tpl_customer_assistance_sessions *session_rows(
    struct page *p, const struct customer_assist_sessions *rows, size_t n,
    const struct customer_assist_actions *actions, size_t actions_n) {
    struct tpl_customer_assistance_sessions *out =
        ARENA_ARRAY(p->arena, struct tpl_customer_assistance_sessions, n);
    for (size_t i = 0; i < n; i++) {
        const struct customer_assist_sessions *s = &rows[i];
        struct tpl_customer_assistance_sessions_actions *of =
            ARENA_ARRAY(p->arena, struct tpl_customer_assistance_sessions_actions, actions_n);
        i64 over = s->ends_us < p->now_us ? s->ends_us : 0;
        out[i].started = s->started_us;
        out[i].ended = s->ended_us.set ? s->ended_us.v : over;
        out[i].changes = s->changes;
        for (size_t k = 0; k < actions_n; k++) {
            if (actions[k].session_id != s->id) continue;
            of[out[i].actions_n].action = actions[k].action;
            of[out[i].actions_n].at = actions[k].at_us;
            out[i].actions_n++;
        }
        out[i].actions = of;
    }
    return out;
}

static enum err consent_rows(struct page *p, struct tpl_customer_assistance *v) {
    struct assist_consent *rows;
    TRY(assist_consent_history(p->db, actor_self(p->actor), &rows, &v->consents_n));
    struct tpl_customer_assistance_consents *out =
        ARENA_ARRAY(p->arena, struct tpl_customer_assistance_consents, v->consents_n);
    for (size_t i = 0; i < v->consents_n; i++)
        out[i] = (struct tpl_customer_assistance_consents){
            .at = rows[i].at_us,
            .granted = rows[i].granted,
            .until = rows[i].until_us.set ? rows[i].until_us.v : 0,
            .by_staff = rows[i].by_staff,
            .at_register = str_eq(rows[i].source, S("register")),
        };
    v->consents = out;
    return OK;
}

enum err page_customer_assistance(struct page *p, const struct customer_assistance_in *in) {
    (void)in;
    struct shown_consent consent;
    struct customer_assist_sessions *sessions;
    struct customer_assist_actions *actions = NULL;
    size_t sessions_n, actions_n = 0;
    TRY(see_consent(p, &consent));
    TRY(customer_assist_sessions(p->db, &sessions, &sessions_n));
    if (sessions_n) TRY(customer_assist_actions(p->db, sessions[sessions_n - 1].id, &actions, &actions_n));
    struct tpl_customer_assistance v = {
        .assist_on = consent.on,
        .allowed = consent.stands,
        .allowed_until = consent.until_us,
        .sessions = session_rows(p, sessions, sessions_n, actions, actions_n),
        .sessions_n = sessions_n,
    };
    TRY(consent_rows(p, &v));
    reply_title(p->reply, i18n_get(p->lang, T("Assistance")));
    tpl_customer_assistance(p->out, &v);
    return OK;
}
