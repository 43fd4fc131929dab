/* Actions Report: the grid and its exports. */
#include "access/access.h"
#include "audit/audit.h"
#include "gen/report_gate.h"
#include "grid/grid.h"

/* What @param stands for: 1 for those who may see the log of assisted sessions. */
static i64 with_assist(const struct page *p) {
    return actor_may(p->actor, RESOURCE_ASSIST_LOG);
}

/* ---- choices ---- */

static enum err group_options(struct page *p, struct arena *a, struct html_option **ret, size_t *ret_n) {
    *ret = ARENA_ARRAY(a, struct html_option, AUDIT_GROUP_MAX);
    *ret_n = 0;
    for (int i = 0; i < AUDIT_GROUP_MAX; i++)
        if (i != AUDIT_ASSIST || with_assist(p))
            (*ret)[(*ret_n)++] = (struct html_option){.value = audit_groups[i].key,
                                                      .label = i18n_get(p->lang, audit_groups[i].title)};
    return OK;
}

static bool is_listed(const struct html_option *options, size_t n, str value) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(options[i].value, value)) return true;
    return false;
}

static void sort_by_label(struct html_option *o, size_t n) {
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && str_cmp(o[k].label, o[k - 1].label) < 0; k--) {
            struct html_option swap = o[k];
            o[k] = o[k - 1];
            o[k - 1] = swap;
        }
}

/* The titles of all operations that are ever recorded; several operations may share one. */
static enum err action_options(struct page *p, struct arena *a, struct html_option **ret, size_t *ret_n) {
    struct html_option *options = ARENA_ARRAY(a, struct html_option, gate_ops_n);
    size_t n = 0;
    for (size_t i = 0; i < gate_ops_n; i++) {
        const struct gate_op *op = &gate_ops[i];
        if ((op->group == AUDIT_ASSIST && !with_assist(p)) || is_listed(options, n, op->title)) continue;
        options[n++] = (struct html_option){.value = op->title, .label = i18n_get(p->lang, op->title)};
    }
    sort_by_label(options, n);
    *ret = options;
    *ret_n = n;
    return OK;
}

static enum err view_options(struct page *p, struct arena *a, struct html_option **ret, size_t *ret_n) {
    size_t n;
    const struct store_view *v = stores_views(p->stores, &n);
    *ret = ARENA_ARRAY(a, struct html_option, n);
    *ret_n = n;
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct html_option){.value = v[i].name, .label = v[i].name};
    return OK;
}

static const struct grid_choice results[] = {
    {S_INIT("success"), T("Success"), "good"},
    {S_INIT("failure"), T("Failure"), "bad"},
};
static const struct grid_choice actors[] = {
    {S_INIT("staff"), T("Staff"), NULL},       {S_INIT("assisted"), T("Staff as the customer"), NULL},
    {S_INIT("customer"), T("Customer"), NULL}, {S_INIT("guest"), T("Guest"), NULL},
    {S_INIT("system"), T("System"), NULL},     {S_INIT("integration"), T("Integration"), NULL},
};

static const struct grid_link customer_link = {
    .label = T("Customer"),
    .before = S_INIT("/admin/customers/"),
    .after = S_INIT(""),
    .id = GRID_SQL("e.customer_id"),
    .right = RESOURCE_CUSTOMER_VIEW,
};
static const struct grid_link session_link = {
    .label = T("Session"),
    .before = S_INIT("/admin/assist/log/"),
    .after = S_INIT(""),
    .id = GRID_SQL("e.session_id"),
    .right = RESOURCE_ASSIST_LOG,
};

/* ---- the grid ---- */

/* What was done, and where it is not in those words already: whom it was about, why it was refused and, of
 * what belongs to an assisted session, which one, from where and in which store view. So a row says by itself
 * what happened, and the columns for each of these need not be switched on. */
#define UNLESS_SAID(column)                                                                                  \
    " || CASE WHEN " column " = '' OR e.details LIKE '%' || " column " || '%' THEN '' ELSE ' · ' || " column \
    " END"
#define SESSION_SAID                                                                                         \
    " || CASE WHEN e.session_id IS NULL THEN '' ELSE ' · session ' || CAST(e.session_id AS TEXT) END"
#define OF_SESSION UNLESS_SAID("e.customer") SESSION_SAID UNLESS_SAID("e.origin") UNLESS_SAID("e.view")
#define OF_ASSIST  " || CASE WHEN e.action_group <> 'assist' THEN '' ELSE ''" OF_SESSION " END"
#define DETAILS    "e.details" UNLESS_SAID("e.reason") OF_ASSIST

static const struct grid_col columns[] = {
    {.key = "id",
     .label = T("ID"),
     .kind = GRID_INT,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("e.id"),
     .sort = GRID_SQL("e.id"),
     .filter = GRID_RANGE},
    {.key = "time",
     .label = T("Time"),
     .kind = GRID_TIME,
     .sql = GRID_SQL("e.at_us"),
     .filter = GRID_RANGE,
     .block_low = GRID_SQL("b.low_us"),
     .block_high = GRID_SQL("b.high_us")},
    {.key = "group",
     .label = T("Action Group"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("e.action_group"),
     .term = "group",
     .filter = GRID_PICK,
     .options = group_options},
    {.key = "action",
     .label = T("Action"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("e.action"),
     .term = "action",
     .filter = GRID_PICK,
     .options = action_options},
    {.key = "ip",
     .label = T("IP Address"),
     .sql = GRID_SQL("e.ip"),
     .term = "ip",
     .filter = GRID_PREFIX,
     .match = GRID_SQL("e.ip")},
    {.key = "username",
     .label = T("Username"),
     .sql = GRID_SQL("e.username"),
     .term = "username",
     .filter = GRID_PREFIX,
     .match = GRID_SQL("lower(e.username)")},
    {.key = "result",
     .label = T("Result"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("e.result"),
     .term = "result",
     .filter = GRID_PICK,
     .choices = results,
     .choices_n = COUNT_OF(results)},
    {.key = "full",
     .label = T("Full Action Name"),
     .sql = GRID_SQL("e.full_action"),
     .term = "full",
     .filter = GRID_PREFIX,
     .match = GRID_SQL("e.full_action")},
    {.key = "details",
     .label = T("Details"),
     .sql = GRID_SQL(DETAILS),
     .reads = audit_words,
     .filter = GRID_WORDS,
     .part = AUDIT_SEARCH_WORDS},
    {.key = "customer",
     .label = T("Customer"),
     .show = GRID_EXPORTED,
     .sql = GRID_SQL("e.customer"),
     .link = &customer_link},
    {.key = "customer_id",
     .label = T("Customer ID"),
     .kind = GRID_INT,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("e.customer_id"),
     .term = "customer",
     .filter = GRID_EXACT},
    {.key = "actor",
     .label = T("Done by"),
     .kind = GRID_CHOICE,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("e.actor"),
     .term = "actor",
     .filter = GRID_PICK,
     .choices = actors,
     .choices_n = COUNT_OF(actors)},
    {.key = "session",
     .label = T("Session"),
     .kind = GRID_INT,
     .show = GRID_EXPORTED,
     .sql = GRID_SQL("e.session_id"),
     .filter = GRID_EXACT,
     .link = &session_link},
    {.key = "view",
     .label = T("Store View"),
     .kind = GRID_CHOICE,
     .show = GRID_EXPORTED,
     .sql = GRID_SQL("e.view"),
     .term = "view",
     .filter = GRID_PICK,
     .options = view_options},
    {.key = "origin",
     .label = T("Started From"),
     .show = GRID_EXPORTED,
     .sql = GRID_SQL("e.origin"),
     .reads = audit_words},
    {.key = "reason",
     .label = T("Reason"),
     .show = GRID_EXPORTED,
     .sql = GRID_SQL("e.reason"),
     .reads = audit_words},
    {.key = "before", .label = T("Before"), .show = GRID_EXPORT_ONLY, .sql = GRID_SQL("e.before_json")},
    {.key = "after", .label = T("After"), .show = GRID_EXPORT_ONLY, .sql = GRID_SQL("e.after_json")},
};

static const struct grid_link actions[] = {
    {.label = T("View"), .before = S_INIT("/admin/report/"), .after = S_INIT(""), .right = RESOURCE_REPORT},
};

static const struct grid_def report = {
    .name = "actions-report",
    .title = T("Actions Report"),
    .page = "admin_report",
    .path = S_INIT("/admin/report"),
    .export_path = S_INIT("/admin/report/export"),
    .from = GRID_SQL("audit_entry e"),
    .where =
        GRID_SQL("(e.action_group <> 'assist' OR @param = 1) AND (e.website_id IS NULL OR " GRID_IN_SCOPE(
            "e.website_id") ")"),
    .id = GRID_SQL("e.id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .sort = "id", /* the record's own order, which is that of time too */
    .descending = true,
    .search = GRID_SQL("e.search_fold"),
    .words = GRID_SQL("audit_block_word"),
    .parts = AUDIT_SEARCH_PARTS,
    .blocks = AUDIT_BLOCK,
    .block_table = GRID_SQL("audit_block"),
    .search_label = T("Search everything that was recorded"),
    .search_id = true,
    .actions = actions,
    .actions_n = COUNT_OF(actions),
    .row_name = "id",
    .empty = T("Nothing was recorded yet."),
    .filters_open = true,
    .param = with_assist,
};

enum err page_admin_report(struct page *p, const struct admin_report_in *in) {
    (void)in;
    return grid_page(p, &report);
}

enum err page_admin_report_export(struct page *p, const struct admin_report_export_in *in) {
    (void)in;
    return grid_export(p, &report);
}
