/* One entry of the Actions Report. */
#include <jansson.h>

#include "access/access.h"
#include "audit/audit.h"
#include "gen/report_gate.h"
#include "gen/report_sql.h"
#include "gen/report_tpl.h"

static str text(const struct page *p, str msgid) {
    return i18n_get(p->lang, msgid);
}

/* ---- before and after ---- */

static json_t *object_of(str s) {
    json_t *o = s.n ? json_loadb(s.p, s.n, 0, NULL) : NULL;
    if (json_is_object(o)) return o;
    json_decref(o);
    return json_object();
}

/* A value for people: texts as they are, none as a dash, the rest as JSON. */
static str value_text(struct arena *a, const json_t *object, const char *key) {
    const json_t *v = json_object_get(object, key);
    if (!v || json_is_null(v)) return S("–");
    if (json_is_string(v)) return arena_str(a, (str){json_string_value(v), json_string_length(v)});
    char dumped[512];
    size_t n = json_dumpb(v, dumped, sizeof dumped, JSON_ENCODE_ANY | JSON_COMPACT);
    return arena_str(a, (str){dumped, MIN_OF(n, sizeof dumped)});
}

static void add_field(struct page *p, struct tpl_report_entry_fields *rows, size_t *n, const char *key,
                      const json_t *before, const json_t *after) {
    rows[*n] = (struct tpl_report_entry_fields){
        .name = audit_words(p->arena, p->lang, arena_str(p->arena, str_c(key))),
        .before = value_text(p->arena, before, key),
        .after = value_text(p->arena, after, key)};
    (*n)++;
}

/* The fields of both sides: those with an old value first, in the order in which they were recorded. */
static void fill_fields(struct page *p, const struct report_entry *e, struct tpl_report_entry *v) {
    json_t *before = object_of(e->before_json), *after = object_of(e->after_json), *value;
    const char *key;
    struct tpl_report_entry_fields *rows = ARENA_ARRAY(p->arena, struct tpl_report_entry_fields,
                                                       json_object_size(before) + json_object_size(after));
    v->fields = rows;
    json_object_foreach(before, key, value) add_field(p, rows, &v->fields_n, key, before, after);
    json_object_foreach(after, key, value) {
        if (!json_object_get(before, key)) add_field(p, rows, &v->fields_n, key, before, after);
    }
    v->changed = v->fields_n > 0;
    json_decref(before);
    json_decref(after);
}

/* ---- who ---- */

static str staff_name(struct page *p, const struct report_entry *e) {
    struct report_staff_name s;
    if (!e->staff_id.set || report_staff_name(p->db, e->staff_id.v, &s) != OK) return S("");
    return ARENA_CAT(p->arena, s.firstname, S(" "), s.lastname);
}

/* The actor in words; "customer by staff" is a kind of its own. */
static str doer_of(struct page *p, const struct report_entry *e, str staff) {
    str name = staff.n ? staff : e->username;
    if (str_eq(e->actor, S("assisted"))) {
        const struct i18n_arg args[] = {{S_INIT("customer"), e->customer}, {S_INIT("staff"), name}};
        return i18n_format_message(p->arena, p->lang, T("{customer}, by staff user {staff}"), args, 2);
    }
    if (str_eq(e->actor, S("staff"))) {
        const struct i18n_arg arg = {S_INIT("staff"), name};
        return i18n_format_message(p->arena, p->lang, T("Staff user {staff}"), &arg, 1);
    }
    if (str_eq(e->actor, S("customer"))) return text(p, T("The customer in person"));
    if (str_eq(e->actor, S("guest"))) return text(p, T("A guest"));
    if (str_eq(e->actor, S("integration"))) return text(p, T("An integration"));
    return text(p, T("The system"));
}

/* ---- the page ---- */

static str group_title(const struct page *p, str key) {
    for (int i = 0; i < AUDIT_GROUP_MAX; i++)
        if (str_eq(audit_groups[i].key, key)) return text(p, audit_groups[i].title);
    return key;
}

static str link_to(struct page *p, const char *before, opt_i64 id, enum resource right) {
    if (!id.set || !actor_may(p->actor, (int)right)) return S("");
    return arena_printf(p->arena, "%s%lld", before, (long long)id.v);
}

static str subject_of(struct page *p, const struct report_entry *e) {
    str kind = audit_words(p->arena, p->lang, e->subject_kind);
    return ARENA_CAT(p->arena, kind, e->subject_kind.n && e->subject_id.n ? S(" ") : S(""), e->subject_id);
}

enum err page_admin_report_entry(struct page *p, const struct admin_report_entry_in *in) {
    struct report_entry e;
    TRY(report_entry(p->db, in->id, actor_may(p->actor, RESOURCE_ASSIST_LOG), &e));
    const struct website *site = e.website_id.set ? stores_website(p->stores, e.website_id.v) : NULL;
    str staff = staff_name(p, &e);
    struct tpl_report_entry v = {
        .id = e.id,
        .at_us = e.at_us,
        .group = group_title(p, e.action_group),
        .action = text(p, e.action),
        .full_action = e.full_action,
        .success = str_eq(e.result, S("success")),
        .reason = audit_words(p->arena, p->lang, e.reason),
        .details = audit_words(p->arena, p->lang, e.details),
        .doer = doer_of(p, &e, staff),
        .username = e.username,
        .staff = staff,
        .customer = e.customer,
        .customer_url = link_to(p, "/admin/customers/", e.customer_id, RESOURCE_CUSTOMER_VIEW),
        .subject = subject_of(p, &e),
        .origin = audit_words(p->arena, p->lang, e.origin),
        .store_view = e.view,
        .session = e.session_id.set ? e.session_id.v : 0,
        .session_url = link_to(p, "/admin/assist/log/", e.session_id, RESOURCE_ASSIST_LOG),
        .website = site ? site->name : S(""),
        .ip = e.ip,
        .hash = crypto_hex(p->arena, e.hash),
        .prev_hash = crypto_hex(p->arena, e.prev_hash),
    };
    fill_fields(p, &e, &v);
    tpl_report_entry(p->out, &v);
    const struct i18n_arg number = {S_INIT("id"), arena_printf(p->arena, "%lld", (long long)e.id)};
    reply_title(p->reply, i18n_format_message(p->arena, p->lang, T("Action {id}"), &number, 1));
    reply_menu(p->reply, "admin_report");
    return OK;
}
