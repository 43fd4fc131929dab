/* Login as Customer Log: the grid of sessions, one session, and ending it from outside. */
#include "access/access.h"
#include "assist/assist.h"
#include "audit/audit.h"
#include "gen/assistance_log_gate.h"
#include "gen/assistance_log_sql.h"
#include "gen/assistance_tpl.h"
#include "grid/grid.h"

/* ---- the grid ---- */

/* The folded text begins with the customer's name and e-mail (assist_session_open), so its first part is
 * them. */
#define FOLDED_NAME "substr(s.search_fold, 1, length(s.customer_name))"

/* Short words for the column; the sentences are assist_cause_text. */
static const struct grid_choice causes[] = {
    {S_INIT("running"), T("Running"), "info"},
    {S_INIT("closed"), T("Closed by staff"), NULL},
    {S_INIT("supervisor"), T("Ended by a supervisor"), NULL},
    {S_INIT("sign_out"), T("Signed out of the Admin"), NULL},
    {S_INIT("admin_timeout"), T("Admin session timed out"), NULL},
    {S_INIT("consent_withdrawn"), T("Permission withdrawn"), NULL},
    {S_INIT("consent_over"), T("Permission over"), NULL},
    {S_INIT("right_removed"), T("Right taken away"), NULL},
    {S_INIT("staff_inactive"), T("Staff user deactivated"), NULL},
    {S_INIT("feature_off"), T("Feature switched off"), NULL},
    {S_INIT("customer_inactive"), T("Customer deactivated"), NULL},
    {S_INIT("customer_gone"), T("Customer deleted"), NULL},
    {S_INIT("view_gone"), T("Store view gone"), NULL},
    {S_INIT("idle"), T("Idle for too long"), NULL},
    {S_INIT("limit"), T("Time over"), NULL},
};

static const struct grid_link customer_link = {
    .label = T("Customer"),
    .before = S_INIT("/admin/customers/"),
    .after = S_INIT(""),
    .id = GRID_SQL("s.customer_id"),
    .right = RESOURCE_CUSTOMER_VIEW,
};

static const struct grid_col columns[] = {
    {.key = "id",
     .label = T("ID"),
     .kind = GRID_INT,
     .sql = GRID_SQL("s.id"),
     .sort = GRID_SQL("s.id"),
     .filter = GRID_RANGE},
    {.key = "customer",
     .label = T("Customer"),
     .sql = GRID_SQL("s.customer_name"),
     .sort = GRID_SQL("s.customer_name"),
     .filter = GRID_CONTAINS,
     .match = GRID_SQL(FOLDED_NAME),
     .link = &customer_link},
    {.key = "email",
     .label = T("Customer Email"),
     .sql = GRID_SQL("s.customer_email"),
     .sort = GRID_SQL("s.customer_email"),
     .filter = GRID_CONTAINS,
     .match = GRID_SQL("lower(s.customer_email)")},
    {.key = "staff",
     .label = T("Staff User"),
     .sql = GRID_SQL("s.staff_name"),
     .sort = GRID_SQL("s.staff_name"),
     .filter = GRID_CONTAINS,
     .match = GRID_SQL("substr(s.search_fold, length(s.customer_name) + length(s.customer_email) + 3)")},
    {.key = "started",
     .label = T("Started"),
     .kind = GRID_TIME,
     .sql = GRID_SQL("s.started_us"),
     .sort = GRID_SQL("s.started_us"),
     .filter = GRID_RANGE},
    {.key = "ended",
     .label = T("Ended"),
     .kind = GRID_TIME,
     .sql = GRID_SQL("s.ended_us"),
     .sort = GRID_SQL("s.ended_us"),
     .sort_may_be_null = true,
     .filter = GRID_RANGE},
    {.key = "cause",
     .label = T("Cause"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("COALESCE(s.end_cause, 'running')"),
     .filter = GRID_PICK,
     .choices = causes,
     .choices_n = COUNT_OF(causes)},
    {.key = "view",
     .label = T("Store View"),
     .kind = GRID_CHOICE_INT,
     .sql = GRID_SQL("s.view_id"),
     .filter = GRID_PICK,
     .options = grid_view_options,
     .brief = grid_view_brief},
    {.key = "changes",
     .label = T("Changes"),
     .kind = GRID_INT,
     .sql = GRID_SQL("s.changes"),
     .sort = GRID_SQL("s.changes"),
     .filter = GRID_RANGE},
    {.key = "origin",
     .label = T("Started From"),
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("s.origin_label"),
     .reads = audit_words,
     .filter = GRID_PREFIX,
     .match = GRID_SQL("lower(s.origin_label)")},
    {.key = "ip",
     .label = T("IP Address"),
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("s.ip"),
     .filter = GRID_PREFIX,
     .match = GRID_SQL("s.ip")},
};

static const struct grid_link actions[] = {
    {.label = T("View"),
     .before = S_INIT("/admin/assist/log/"),
     .after = S_INIT(""),
     .right = RESOURCE_ASSIST_LOG},
};

static const struct grid_def sessions = {
    .name = "login-as-customer-log",
    .title = T("Login as Customer Log"),
    .page = "admin_assist_log",
    .path = S_INIT("/admin/assist/log"),
    .export_path = S_INIT("/admin/assist/log/export"),
    .from = GRID_SQL("assist_session s"),
    .where = GRID_SQL(GRID_IN_SCOPE("s.website_id")),
    .id = GRID_SQL("s.id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .sort = "id",
    .descending = true,
    .search = GRID_SQL("s.search_fold"),
    .search_label = T("Search by customer, email or staff user"),
    .search_id = true,
    .actions = actions,
    .actions_n = COUNT_OF(actions),
    .row_name = "id",
    .empty = T("Nobody has logged in as a customer yet."),
};

enum err page_admin_assist_log(struct page *p, const struct admin_assist_log_in *in) {
    (void)in;
    return grid_page(p, &sessions);
}

enum err page_admin_assist_log_export(struct page *p, const struct admin_assist_log_export_in *in) {
    (void)in;
    return grid_export(p, &sessions);
}

/* ---- one session ---- */

static enum err fill_actions(struct page *p, i64 id, struct tpl_assistance_log_session *v) {
    struct assistance_log_actions *found;
    size_t n;
    TRY(assistance_log_actions(p->db, id, &found, &n));
    struct tpl_assistance_log_session_actions *rows =
        ARENA_ARRAY(p->arena, struct tpl_assistance_log_session_actions, n);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct tpl_assistance_log_session_actions){
            .id = found[i].id,
            .at_us = found[i].at_us,
            .action = i18n_get(p->lang, found[i].action),
            .full_action = found[i].full_action,
            .success = str_eq(found[i].result, S("success")),
            .reason = audit_words(p->arena, p->lang, found[i].reason),
            .details = audit_words(p->arena, p->lang, found[i].details),
        };
    v->actions = rows;
    v->actions_n = n;
    return OK;
}

enum err page_admin_assist_session(struct page *p, const struct admin_assist_session_in *in) {
    struct assistance_log_session s;
    TRY(assistance_log_session(p->db, in->id, &s));
    const struct website *site = stores_website(p->stores, s.website_id);
    const struct store_view *view = stores_view(p->stores, s.view_id);
    bool may_customer = actor_may(p->actor, RESOURCE_CUSTOMER_VIEW);
    struct tpl_assistance_log_session v = {
        .id = s.id,
        .running = !s.ended_us.set,
        .customer = s.customer_name,
        .customer_email = s.customer_email,
        .customer_url =
            may_customer ? arena_printf(p->arena, "/admin/customers/%lld", (long long)s.customer_id) : S(""),
        .staff = s.staff_name,
        .website = site ? site->name : S("–"),
        .store_view = view ? stores_view_label(p->arena, p->stores, view) : S("–"),
        .origin = audit_words(p->arena, p->lang, s.origin_label),
        .origin_url = may_customer ? s.origin_path : S(""),
        .ip = s.ip,
        .started_us = s.started_us,
        .seen_us = s.seen_us,
        .ends_us = s.ends_us,
        .ended_us = s.ended_us.set ? s.ended_us.v : 0,
        .cause = i18n_get(p->lang, assist_cause_text(s.end_cause.p ? s.end_cause : S(""))),
        .changes = s.changes,
        .may_report = actor_may(p->actor, RESOURCE_REPORT),
    };
    TRY(fill_actions(p, s.id, &v));
    tpl_assistance_log_session(p->out, &v);
    const struct i18n_arg number = {S_INIT("id"), arena_printf(p->arena, "%lld", (long long)s.id)};
    reply_title(p->reply, i18n_format_message(p->arena, p->lang, T("Assisted Session {id}"), &number, 1));
    reply_menu(p->reply, "admin_assist_log");
    return OK;
}

/* ---- ending it ---- */

enum err op_assist_end(struct op *op, const struct assist_end_in *in) {
    struct assistance_log_session s;
    bool ended;
    TRY(assistance_log_session(op->r, in->id, &s));
    TRY(assist_session_end(op->w, s.id, S("supervisor"), op->now_us, &ended));
    op_redirect(op, arena_printf(op->arena, "/admin/assist/log/%lld", (long long)s.id));
    if (!ended) {
        op_unchanged(op);
        op_notice(op, i18n_get(op->lang, T("The session had ended already.")));
        return OK;
    }
    const struct store_view *view = stores_view(op->stores, s.view_id);
    op_customer(op, s.customer_id, ARENA_CAT(op->arena, s.customer_name, S(" <"), s.customer_email, S(">")),
                s.website_id);
    op_assist(op, s.id, s.origin_label);
    if (view) op_view(op, view->name);
    op_subject(op, "assisted session", s.id, s.staff_name);
    op_details(op, assist_end_details(op->arena, s.staff_name, S("supervisor"), s.changes));
    op_change(op, "ended", STR_NULL, S("supervisor"));
    op_notice(op, i18n_get(op->lang, T("The session was ended.")));
    return OK;
}
