/* All Users: the grid, and the pages of one user. */
#include "grid/grid.h"
#include "i18n/i18n.h"
#include "shop/staff/staff_inside.h"

/* ---------------------------------------------------------------- the grid */

static enum err role_options(struct page *p, struct arena *a, struct html_option **ret, size_t *ret_n) {
    struct staff_roles *rows;
    TRY(staff_roles(p->db, &rows, ret_n));
    *ret = ARENA_ARRAY(a, struct html_option, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct html_option){.value = arena_printf(a, "%lld", (long long)rows[i].id),
                                         .label = arena_str(a, rows[i].name)};
    return OK;
}

static const struct grid_choice states[] = {
    {S_INIT("active"), T("Active"), "good"},
    {S_INIT("locked"), T("Locked"), "warn"},
    {S_INIT("inactive"), T("Inactive"), "bad"},
};
static const struct grid_choice languages[] = {
    {S_INIT("en_US"), T("English"), NULL},
    {S_INIT("nl_NL"), T("Dutch"), NULL},
};

static const struct grid_col columns[] = {
    {.key = "id",
     .label = T("ID"),
     .kind = GRID_INT,
     .sql = GRID_SQL("u.id"),
     .sort = GRID_SQL("u.id"),
     .filter = GRID_RANGE},
    {.key = "username",
     .label = T("Username"),
     .sql = GRID_SQL("u.username"),
     .sort = GRID_SQL("u.username_fold"),
     .filter = GRID_CONTAINS,
     .match = GRID_SQL("u.username_fold")},
    {.key = "name",
     .label = T("Name"),
     .sql = GRID_SQL("u.firstname || ' ' || u.lastname"),
     .sort = GRID_SQL("u.lastname"),
     .filter = GRID_CONTAINS,
     .match = GRID_SQL("u.search_fold")},
    {.key = "email",
     .label = T("Email"),
     .sql = GRID_SQL("u.email"),
     .sort = GRID_SQL("u.email"),
     .filter = GRID_CONTAINS,
     .match = GRID_SQL("lower(u.email)")},
    {.key = "role",
     .label = T("User Role"),
     .kind = GRID_CHOICE_INT,
     .sql = GRID_SQL("u.role_id"),
     .sort = GRID_SQL("u.role_id"),
     .filter = GRID_PICK,
     .options = role_options},
    {.key = "language",
     .label = T("Interface Language"),
     .kind = GRID_CHOICE,
     .show = GRID_HIDDEN,
     .sql = GRID_SQL("u.locale"),
     .filter = GRID_PICK,
     .choices = languages,
     .choices_n = COUNT_OF(languages)},
    {.key = "status",
     .label = T("Status"),
     .kind = GRID_CHOICE,
     .sql = GRID_SQL("CASE WHEN u.active = 0 THEN 'inactive' WHEN u.locked_until_us > @now THEN 'locked' "
                     "ELSE 'active' END"),
     .filter = GRID_PICK,
     .choices = states,
     .choices_n = COUNT_OF(states)},
    {.key = "login",
     .label = T("Last Login"),
     .kind = GRID_TIME,
     .sql = GRID_SQL("u.last_login_us"),
     .sort = GRID_SQL("u.last_login_us"),
     .sort_may_be_null = true,
     .filter = GRID_RANGE},
};

static const struct grid_link actions[] = {
    {.label = T("Edit"),
     .before = S_INIT("/admin/users/"),
     .after = S_INIT(""),
     .right = RESOURCE_STAFF_USERS},
};

static const struct grid_def users = {
    .name = "users",
    .title = T("All Users"),
    .page = "admin_users",
    .path = S_INIT("/admin/users"),
    .export_path = S_INIT("/admin/users/export"),
    .from = GRID_SQL("staff_user u"),
    .id = GRID_SQL("u.id"),
    .cols = columns,
    .cols_n = COUNT_OF(columns),
    .sort = "username",
    .search = GRID_SQL("u.search_fold"),
    .search_label = T("Search by username, name or email"),
    .search_id = true,
    .actions = actions,
    .actions_n = COUNT_OF(actions),
    .row_name = "username",
    .empty = T("There are no users yet."),
};

enum err page_admin_users(struct page *p, const struct admin_users_in *in) {
    (void)in;
    struct html o;
    const struct tpl_staff_users_actions v = {0};
    html_init(&o, p->arena, p->out->env, 16 * 1024);
    tpl_staff_users_actions(&o, &v);
    reply_actions(p->reply, html_take(&o));
    html_done(&o);
    return grid_page(p, &users);
}

enum err page_admin_users_export(struct page *p, const struct admin_users_export_in *in) {
    (void)in;
    return grid_export(p, &users);
}

/* ---------------------------------------------------------------- one user */

/* The roles; those that include more than the reader has cannot be chosen. */
static enum err choosable_roles(struct page *p, i64 current, struct html_option **ret, size_t *ret_n) {
    TRY(role_options(p, p->arena, ret, ret_n));
    for (size_t i = 0; i < *ret_n; i++) {
        i64 id;
        bool within;
        if (!str_to_i64((*ret)[i].value, &id)) return ERR_INTERNAL;
        TRY(staff_role_within(p->db, p->actor, id, &within));
        (*ret)[i].disabled = !within && id != current;
    }
    return OK;
}

enum err page_admin_user_new(struct page *p, const struct admin_user_new_in *in) {
    (void)in;
    struct html_option *roles;
    struct tpl_staff_user_new v = {.locale = p->actor->staff_locale, .active = true};
    TRY(choosable_roles(p, 0, &roles, &v.roles_n));
    v.roles = roles;
    reply_title(p->reply, i18n_get(p->lang, T("New User")));
    reply_menu(p->reply, "admin_users");
    tpl_staff_user_new(p->out, &v);
    return OK;
}

enum err page_admin_user(struct page *p, const struct admin_user_in *in) {
    struct staff_by_id u;
    struct html_option *roles;
    bool within;
    TRY(staff_by_id(p->db, in->id, &u));
    TRY(staff_role_within(p->db, p->actor, u.role_id, &within));
    struct tpl_staff_user v = {
        .id = u.id,
        .username = u.username,
        .firstname = u.firstname,
        .lastname = u.lastname,
        .email = u.email,
        .role = u.role_id,
        .role_name = u.role_name,
        .locale = u.locale,
        .active = u.active,
        .locked = staff_is_locked(u.locked_until_us, p->now_us),
        .locked_until = u.locked_until_us.set ? u.locked_until_us.v : 0,
        .created = u.created_us,
        .last_login = u.last_login_us.set ? u.last_login_us.v : 0,
        .is_self = u.id == p->actor->staff_id,
        .beyond = !within,
    };
    TRY(choosable_roles(p, u.role_id, &roles, &v.roles_n));
    v.roles = roles;
    reply_title(p->reply, ARENA_CAT(p->arena, u.firstname, S(" "), u.lastname));
    reply_menu(p->reply, "admin_users");
    tpl_staff_user(p->out, &v);
    return OK;
}

enum err page_admin_account(struct page *p, const struct admin_account_in *in) {
    (void)in;
    struct staff_by_id u;
    TRY(staff_by_id(p->db, p->actor->staff_id, &u));
    const struct tpl_staff_account v = {.username = u.username,
                                        .role_name = u.role_name,
                                        .firstname = u.firstname,
                                        .lastname = u.lastname,
                                        .email = u.email,
                                        .locale = u.locale};
    reply_title(p->reply, i18n_get(p->lang, T("Your Account")));
    tpl_staff_account(p->out, &v);
    return OK;
}
