/* Login as Customer, as people meet it: the dialog, the hand-over, and closing the session. The rules are in
 * assist/. */
#include "access/access.h"
#include "gen/assistance_gate.h"
#include "gen/assistance_tpl.h"
#include "shop/assistance/assistance_inside.h"

static str person(struct arena *a, const struct assist_facts *f) {
    return ARENA_CAT(a, f->customer_name, S(" <"), f->customer_email, S(">"));
}

static bool is_manual(const struct settings *s) {
    return str_eq(setting_text(s, SETTING_ASSIST_VIEW, SETTING_DEFAULT), S("manual"));
}

/* ---------------------------------------------------------------- the dialog */

/* Grouped by website and store; views of other websites are shown but cannot be chosen. */
static void fill_views(struct page *p, const struct assist_facts *f, struct tpl_assistance_dialog *v) {
    size_t n;
    const struct store_view *views = stores_views(p->stores, &n);
    struct html_option *options = ARENA_ARRAY(p->arena, struct html_option, n);
    struct tpl_assistance_dialog_other_views *others =
        ARENA_ARRAY(p->arena, struct tpl_assistance_dialog_other_views, n);
    v->views = options;
    v->other_views = others;
    for (size_t i = 0; i < n; i++) {
        if (!views[i].active) continue;
        const struct store *store = stores_store(p->stores, views[i].store_id);
        const struct website *site = stores_website(p->stores, views[i].website_id);
        bool allowed = assist_view_allowed(p->settings, p->stores, f->customer_website, views[i].id);
        options[v->views_n++] = (struct html_option){
            .value = arena_printf(p->arena, "%lld", (long long)views[i].id),
            .label = allowed ? views[i].name
                             : ARENA_CAT(p->arena, views[i].name, S(" ("),
                                         i18n_get(p->lang, T("other website")), S(")")),
            .group = ARENA_CAT(p->arena, site->name, S(" / "), store->name),
            .disabled = !allowed,
        };
        if (!allowed)
            others[v->other_views_n++] = (struct tpl_assistance_dialog_other_views){.name = views[i].name};
    }
    v->chosen = arena_printf(p->arena, "%lld", (long long)f->customer_view);
}

static void fill_reasons(struct page *p, unsigned obstacles, struct tpl_assistance_dialog *v) {
    struct tpl_assistance_dialog_reasons *rows =
        ARENA_ARRAY(p->arena, struct tpl_assistance_dialog_reasons, ASSIST_OBSTACLES);
    v->reasons = rows;
    for (int bit = 0; bit < ASSIST_OBSTACLES; bit++)
        if (obstacles >> bit & 1)
            rows[v->reasons_n++] = (struct tpl_assistance_dialog_reasons){
                .text = i18n_get(p->lang, assist_obstacle_text(1u << bit))};
}

/* Can this customer be reached by this role at all? Others do not exist for it. */
static bool in_scope(const struct actor *staff, const struct assist_facts *f) {
    return f->customer_found && (staff->scope == -1 || (staff->scope >> f->customer_website & 1));
}

enum err page_assist_dialog(struct page *p, const struct assist_dialog_in *in) {
    struct assist_facts f;
    struct assist_origin origin;
    TRY(assist_facts(p->db, p->actor->staff_id, p->actor->staff_session_id, in->id, &f));
    if (!in_scope(p->actor, &f)) return ERR_NOT_FOUND;
    TRY(assistance_origin(p->db, p->arena, p->actor, (int)in->from, in->document, in->id, &origin));
    bool manual = is_manual(p->settings);
    i64 view_id = manual ? 0 : assist_auto_view(&f, p->settings, p->stores);
    unsigned obstacles = assist_policy(&f, p->settings, p->stores, view_id, ASSIST_AT_DIALOG, p->now_us);
    struct tpl_assistance_dialog v = {
        .id = in->id,
        .from = origin.kind,
        .document = in->document.set ? in->document.v : 0,
        .back_url = origin.path,
        .customer_name = f.customer_name,
        .customer_email = f.customer_email,
        .allowed = obstacles == 0,
        .manual = manual,
    };
    if (manual) fill_views(p, &f, &v);
    fill_reasons(p, obstacles, &v);
    tpl_assistance_dialog(p->out, &v);
    reply_title(p->reply, i18n_get(p->lang, T("Login as Customer")));
    reply_bare(p->reply);
    return OK;
}

/* ---------------------------------------------------------------- start: the one-time secret */

struct handover {
    str secret, customer_name;
    i64 view_id;
};

/* All reasons at once, for people and for the record. */
static enum err refuse(struct op *op, unsigned obstacles) {
    str text = S("");
    for (int bit = 0; bit < ASSIST_OBSTACLES; bit++) {
        if (!(obstacles >> bit & 1)) continue;
        text = ARENA_CAT(op->arena, text, text.n ? S(" ") : S(""),
                         i18n_get(op->lang, assist_obstacle_text(1u << bit)));
    }
    op_reason(op, assist_obstacle_words(op->arena, obstacles));
    return op_fail(op, ERR_REFUSED, text);
}

enum err op_assist_start(struct op *op, const struct assist_start_in *in) {
    struct assist_facts f;
    struct assist_origin origin;
    TRY(assist_facts(op->r, op->actor->staff_id, op->actor->staff_session_id, in->id, &f));
    if (!in_scope(op->actor, &f)) {
        /* Not even its name may get into what this role can read. */
        op_details(op, arena_printf(op->arena, "customer %lld", (long long)in->id));
        op_reason(op, S("other_website"));
        return op_keep(op, ERR_NOT_FOUND, STR_NULL);
    }
    enum err e = assistance_origin(op->r, op->arena, op->actor, (int)in->from, in->document, in->id, &origin);
    if (e == ERR_NOT_FOUND) {
        op_details(op, arena_printf(op->arena, "customer %lld", (long long)in->id));
        op_reason(op, S("no such document of this customer"));
        return op_keep(op, e, STR_NULL);
    }
    if (e) return e;
    op_customer(op, in->id, person(op->arena, &f), f.customer_website);
    op_subject(op, "customer", in->id, f.customer_name);
    op_details(op, ARENA_CAT(op->arena, f.customer_name, S(" <"), f.customer_email, S(">, "), origin.label));
    i64 view_id = is_manual(op->settings) ? (in->view_id.set ? in->view_id.v : 0)
                                          : assist_auto_view(&f, op->settings, op->stores);
    const struct store_view *view = stores_view(op->stores, view_id);
    op_assist(op, 0, origin.label);
    if (view) op_view(op, view->name);
    unsigned obstacles = assist_policy(&f, op->settings, op->stores, view_id, ASSIST_AT_START, op->now_us);
    if (obstacles) return refuse(op, obstacles);
    struct handover *h = ARENA_NEW(op->arena, struct handover);
    h->customer_name = f.customer_name;
    h->view_id = view_id;
    i64 lifetime_s = setting_int(op->settings, SETTING_ASSIST_SECRET_SECONDS, SETTING_DEFAULT);
    TRY(assist_secret_make(op->w, op->actor, in->id, view_id, &origin, op->now_us, lifetime_s, &h->secret));
    op_result(op, h);
    return OK;
}

enum err answer_assist_start(struct page *p, void *result) {
    const struct handover *h = result;
    struct tpl_assistance_handover v = {
        .secret = h->secret, .view_id = h->view_id, .customer_name = h->customer_name};
    tpl_assistance_handover(p->out, &v);
    reply_title(p->reply, i18n_get(p->lang, T("Login as Customer")));
    reply_bare(p->reply);
    return OK;
}

/* ---------------------------------------------------------------- enter: the secret is spent */

enum err op_assist_enter(struct op *op, const struct assist_enter_in *in) {
    struct assist_secret s;
    struct assist_facts f;
    struct assist_session session;
    str token;
    enum err e = assist_secret_spend(op->w, in->secret, op->now_us, &s);
    if (e == ERR_GONE) {
        op_reason(op, S("secret unknown, spent or too old"));
        return op_keep(
            op, e,
            i18n_get(op->lang,
                     T("This link was used already, or its time is over. Please press Login as Customer "
                       "again in the Admin.")));
    }
    if (e) return e;
    /* The policy once more: minutes may have passed since the dialog. */
    TRY(assist_facts(op->r, s.staff_id, s.staff_session_id, s.customer_id, &f));
    op_acting_staff(op, s.staff_id, f.staff_username, f.staff_name);
    op_customer(op, s.customer_id, person(op->arena, &f), f.customer_website);
    op_subject(op, "customer", s.customer_id, f.customer_name);
    op_details(op,
               ARENA_CAT(op->arena, f.staff_name, S(" as "), person(op->arena, &f), S(", "), s.origin.label));
    const struct store_view *view = stores_view(op->stores, s.view_id);
    op_assist(op, 0, s.origin.label);
    if (view) op_view(op, view->name);
    unsigned obstacles = assist_policy(&f, op->settings, op->stores, s.view_id, ASSIST_AT_ENTER, op->now_us);
    /* There is one address for the hand-over, and the secret is good for one view. */
    if (in->view_id != s.view_id || op->view != stores_default(op->stores)) obstacles |= ASSIST_VIEW_REFUSED;
    if (obstacles) {
        /* The secret stays spent: a refused hand-over must be asked for again. */
        enum err refused = refuse(op, obstacles);
        return op_keep(op, refused, op_message(op));
    }
    TRY(assist_session_open(op->w, &s, &f, op->settings, op->actor->ip, op->now_us, &session, &token));
    op_assist(op, session.id, s.origin.label);
    op_assist_cookie(op, session.public_id, token, (session.ends_us - op->now_us) / US_SECOND);
    op_notice(op, i18n_format_message(op->arena, view->lang,
                                      T("You now act for {name}: what you do changes the real account."),
                                      &(struct i18n_arg){S("name"), f.customer_name}, 1));
    op_redirect_root(op,
                     ARENA_CAT(op->arena, S("/as/"), session.public_id, view->root, S("/customer/account")));
    return OK;
}

/* ---------------------------------------------------------------- close */

enum err op_assist_close(struct op *op, const struct assist_close_in *in) {
    (void)in;
    const struct actor *a = op->actor;
    struct assist_session s;
    bool ended;
    if (a->kind != ACTOR_ASSISTED) return ERR_NOT_FOUND;
    TRY(assist_session_get(op->r, a->assist_id, &s));
    TRY(assist_session_end(op->w, a->assist_id, S("closed"), op->now_us, &ended));
    if (!ended) op_unchanged(op);
    op_subject(op, "assisted session", a->assist_id, a->staff_name);
    op_details(op, assist_end_details(op->arena, a->staff_name, S("closed"), s.changes));
    op_change(op, "ended", STR_NULL, S("closed"));
    op_assist_cookie(op, a->assist_public_id, STR_NULL, 0);
    op_notice(op, i18n_format_message(op->arena, i18n_lang(a->staff_locale),
                                      T("The session as {name} was closed."),
                                      &(struct i18n_arg){S("name"), a->customer_name}, 1));
    op_redirect_root(op, a->assist_origin_path);
    return OK;
}
