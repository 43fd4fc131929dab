/* User Roles: the grid, and the page of one role with its tree of resources. */
#include "grid/grid.h"
#include "i18n/i18n.h"
#include "shop/staff/staff_inside.h"

/* ---------------------------------------------------------------- the grid */

static const struct grid_choice accesses[] = {
    {S_INIT("1"), T("All"), "info"},
    {S_INIT("0"), T("Custom"), NULL},
};
static const struct grid_choice scopes[] = {
    {S_INIT("all"), T("All websites"), NULL},
    {S_INIT("chosen"), T("Chosen websites"), NULL},
};

static const struct grid_col columns[] = {
    {.key = "id",
     .label = T("ID"),
     .kind = GRID_INT,
     .sql = GRID_SQL("r.id"),
     .sort = GRID_SQL("r.id"),
     .filter = GRID_RANGE},
    {.key = "name",
     .label = T("Role Name"),
     .sql = GRID_SQL("r.name"),
     .sort = GRID_SQL("r.name"),
     .filter = GRID_CONTAINS,
     .match = GRID_SQL("lower(r.name)")},
    {.key = "access",
     .label = T("Resource Access"),
     .kind = GRID_BOOL,
     .sql = GRID_SQL("r.all_resources"),
     .filter = GRID_PICK,
     .choices = accesses,
     .choices_n = COUNT_OF(accesses)},
    {.key = "scope",
     .label = T("Role Scopes"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("CASE WHEN r.scope = -1 THEN 'all' ELSE 'chosen' END"),
     .filter = GRID_PICK,
     .choices = scopes,
     .choices_n = COUNT_OF(scopes)},
    {.key = "users",
     .label = T("Users"),
     .kind = GRID_INT,
     .sql = GRID_SQL("(SELECT count(*) FROM staff_user u WHERE u.role_id = r.id)")},
};

static const struct grid_link actions[] = {
    {.label = T("Edit"),
     .before = S_INIT("/admin/roles/"),
     .after = S_INIT(""),
     .right = RESOURCE_STAFF_ROLES},
};

static const struct grid_def roles = {
    .name = "roles",
    .title = T("User Roles"),
    .page = "admin_roles",
    .path = S_INIT("/admin/roles"),
    .export_path = S_INIT("/admin/roles/export"),
    .from = GRID_SQL("staff_role r"),
    .id = GRID_SQL("r.id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .sort = "name",
    .search = GRID_SQL("lower(r.name)"),
    .search_label = T("Search by role name"),
    .search_id = true,
    .actions = actions,
    .actions_n = COUNT_OF(actions),
    .row_name = "name",
    .empty = T("There are no roles yet."),
};

enum err page_admin_roles(struct page *p, const struct admin_roles_in *in) {
    (void)in;
    struct html o;
    const struct tpl_staff_roles_actions v = {0};
    html_init(&o, p->arena, p->out->env, 16 * 1024);
    tpl_staff_roles_actions(&o, &v);
    reply_actions(p->reply, html_take(&o));
    html_done(&o);
    return grid_page(p, &roles);
}

enum err page_admin_roles_export(struct page *p, const struct admin_roles_export_in *in) {
    (void)in;
    return grid_export(p, &roles);
}

/* ---------------------------------------------------------------- one role */

/* What the two pages of a role show: as it is saved, or as it was posted and refused. */
struct shown {
    struct page *p;
    const struct html_form *form; /* NULL unless refused */
    u64 rights;
    i64 scope;
};

typedef struct tpl_staff_role_tree_top node1;
typedef struct tpl_staff_role_tree_top_under node2;
typedef struct tpl_staff_role_tree_top_under_under node3;
typedef struct tpl_staff_role_tree_top_under_under_under node4;

static bool is_on(const struct shown *s, int r) {
    return html_form_has(s->form, S("resources"), access_resources[r].key,
                         rights_have(s->rights, (enum resource)r));
}

static bool is_off_limits(const struct shown *s, int r) {
    return !rights_have(s->p->actor->rights, (enum resource)r);
}

static str title_of(const struct shown *s, int r) {
    return i18n_get(s->p->lang, access_resources[r].title);
}

/* The tree is four levels deep; what would be deeper stands on the fourth. */
static bool is_below(int r, int parent, bool deep) {
    int up = access_resources[r].parent_index;
    while (deep && up >= 0 && up != parent)
        up = access_resources[up].parent_index;
    return up == parent;
}

/* Fills the nodes of one level: every resource whose parent is `parent`. */
#define FILL(list, list_n, type, parent, deep, ...)                                                          \
    do {                                                                                                     \
        type *nodes_ = ARENA_ARRAY(s->p->arena, type, RESOURCE_MAX);                                         \
        size_t n_ = 0;                                                                                       \
        for (int r = 0; r < RESOURCE_MAX; r++) {                                                             \
            if (!is_below(r, (parent), (deep))) continue;                                                    \
            type *node = &nodes_[n_++];                                                                      \
            node->key = access_resources[r].key;                                                             \
            node->title = title_of(s, r);                                                                    \
            node->on = is_on(s, r);                                                                          \
            node->off_limits = is_off_limits(s, r);                                                          \
            __VA_ARGS__;                                                                                     \
        }                                                                                                    \
        (list) = nodes_;                                                                                     \
        (list_n) = n_;                                                                                       \
    } while (0)

static void fill4(const struct shown *s, node3 *up, int parent) {
    FILL(up->under, up->under_n, node4, parent, true, (void)0);
}

static void fill3(const struct shown *s, node2 *up, int parent) {
    FILL(up->under, up->under_n, node3, parent, false, fill4(s, node, r));
}

static void fill2(const struct shown *s, node1 *up, int parent) {
    FILL(up->under, up->under_n, node2, parent, false, fill3(s, node, r));
}

static void fill_tree(const struct shown *s, struct tpl_staff_role_tree *v) {
    FILL(v->top, v->top_n, node1, -1, false, fill2(s, node, r));
}

static void fill_websites(const struct shown *s, struct tpl_staff_role_sites *v) {
    size_t n;
    const struct website *sites = stores_websites(s->p->stores, &n);
    struct tpl_staff_role_sites_sites *out = ARENA_ARRAY(s->p->arena, struct tpl_staff_role_sites_sites, n);
    for (size_t i = 0; i < n; i++) {
        str id = arena_printf(s->p->arena, "%lld", (long long)sites[i].id);
        bool saved = s->scope != -1 && (s->scope >> sites[i].id & 1);
        out[i] = (struct tpl_staff_role_sites_sites){
            .id = sites[i].id,
            .name = sites[i].name,
            .on = html_form_has(s->form, S("websites"), id, saved),
            .off_limits = !(s->p->actor->scope >> sites[i].id & 1),
        };
    }
    v->sites = out;
    v->sites_n = n;
}

/* The parts of the form that are the same for a new role and one that is edited. */
static html_t tree_of(const struct shown *s) {
    struct tpl_staff_role_tree v = {0};
    struct html o;
    fill_tree(s, &v);
    html_init(&o, s->p->arena, s->p->out->env, 256 * 1024);
    tpl_staff_role_tree(&o, &v);
    html_t tree = html_take(&o);
    html_done(&o);
    return tree;
}

static html_t sites_of(const struct shown *s) {
    struct tpl_staff_role_sites v = {0};
    struct html o;
    fill_websites(s, &v);
    html_init(&o, s->p->arena, s->p->out->env, 64 * 1024);
    tpl_staff_role_sites(&o, &v);
    html_t sites = html_take(&o);
    html_done(&o);
    return sites;
}

enum err page_admin_role_new(struct page *p, const struct admin_role_new_in *in) {
    (void)in;
    struct shown s = {
        .p = p, .form = html_form_here(p->out, OP_ADMIN_ROLE_CREATE, NULL, 0), .scope = p->actor->scope};
    const struct tpl_staff_role_new v = {
        .scope = p->actor->scope == -1 ? S("all") : S("chosen"), .tree = tree_of(&s), .sites = sites_of(&s)};
    reply_title(p->reply, i18n_get(p->lang, T("New Role")));
    reply_menu(p->reply, "admin_roles");
    tpl_staff_role_new(p->out, &v);
    return OK;
}

static enum err fill_users(struct page *p, i64 role_id, struct tpl_staff_role *v) {
    struct staff_role_users *rows;
    TRY(staff_role_users(p->db, role_id, &rows, &v->users_n));
    struct tpl_staff_role_users *out = ARENA_ARRAY(p->arena, struct tpl_staff_role_users, v->users_n);
    for (size_t i = 0; i < v->users_n; i++)
        out[i] = (struct tpl_staff_role_users){
            .id = rows[i].id,
            .username = rows[i].username,
            .name = ARENA_CAT(p->arena, rows[i].firstname, S(" "), rows[i].lastname),
            .active = rows[i].active};
    v->users = out;
    v->users_linked = actor_may(p->actor, RESOURCE_STAFF_USERS);
    return OK;
}

enum err page_admin_role(struct page *p, const struct admin_role_in *in) {
    struct staff_role_get role;
    struct shown s = {.p = p, .form = html_form_here(p->out, OP_ADMIN_ROLE_SAVE, NULL, 0)};
    TRY(staff_role_get(p->db, in->id, &role));
    TRY(access_role_rights(p->db, in->id, &s.rights));
    s.scope = role.scope;
    bool within = staff_within(p->actor, s.rights, role.scope);
    struct tpl_staff_role v = {
        .id = role.id,
        .name = role.name,
        .access = role.all_resources ? S("all") : S("custom"),
        .scope = role.scope == -1 ? S("all") : S("chosen"),
        .beyond = !within,
    };
    if (role.all_resources) s.rights = 0; /* what Custom starts from */
    v.tree = tree_of(&s);
    v.sites = sites_of(&s);
    TRY(fill_users(p, role.id, &v));
    reply_title(p->reply, role.name);
    reply_menu(p->reply, "admin_roles");
    tpl_staff_role(p->out, &v);
    return OK;
}
