/* What can be done to a role: made, changed, deleted. A change acts at once, also on people who are signed
 * in, because rights are computed from the role at every request. */
#include <stdlib.h>

#include "i18n/i18n.h"
#include "shop/staff/staff_inside.h"

struct role {
    str name;
    bool all;
    u64 rights; /* with the ancestors; ~0 when all */
    i64 scope;
};

/* ---------------------------------------------------------------- from the form */

static enum err take_resources(struct op *op, const str *keys, size_t n, struct role *ret) {
    for (size_t i = 0; i < n; i++) {
        enum resource r = access_resource_by_key(keys[i]);
        if (r == RESOURCE_MAX)
            return op_invalid(op, "resources", i18n_get(op->lang, T("There is no such resource.")));
        ret->rights |= (u64)1 << r;
    }
    ret->rights = access_with_ancestors(ret->rights);
    return OK;
}

static enum err take_websites(struct op *op, const i64 *ids, size_t n, struct role *ret) {
    for (size_t i = 0; i < n; i++) {
        if (!stores_website(op->stores, ids[i]) || ids[i] > 62)
            return op_invalid(op, "websites", i18n_get(op->lang, T("There is no such website.")));
        ret->scope |= (i64)1 << ids[i];
    }
    if (n == 0)
        return op_invalid(op, "websites", i18n_get(op->lang, T("Please choose at least one website.")));
    return OK;
}

static enum err check_name(struct op *op, str name, i64 except_id) {
    struct staff_role_name_count taken;
    TRY(staff_role_name_count(op->r, name, except_id, &taken));
    if (taken.n)
        return op_invalid(op, "name", i18n_get(op->lang, T("There is a role with this name already.")));
    return OK;
}

static enum err check_grant(struct op *op, const struct role *role) {
    if (role->rights & ~op->actor->rights)
        return staff_beyond(
            op, role->all ? "access" : "resources",
            i18n_get(op->lang, T("You cannot give a role resources that you do not have yourself.")));
    if (role->scope & ~op->actor->scope)
        return staff_beyond(
            op, role->scope == -1 ? "scope" : "websites",
            i18n_get(op->lang, T("You cannot give a role websites that you may not see yourself.")));
    return OK;
}

/* ---------------------------------------------------------------- for the record */

static int by_key(const void *a, const void *b) {
    return str_cmp(*(const str *)a, *(const str *)b);
}

/* "All", or the keys in order: "customer.edit, customer.view". */
static str resources_text(struct op *op, bool all, u64 rights) {
    str keys[RESOURCE_MAX], parts[2 * RESOURCE_MAX];
    size_t n = 0, parts_n = 0;
    if (all) return S("All");
    for (int i = 0; i < RESOURCE_MAX; i++)
        if (rights_have(rights, (enum resource)i)) keys[n++] = access_resources[i].key;
    qsort(keys, n, sizeof *keys, by_key);
    for (size_t i = 0; i < n; i++) {
        if (i) parts[parts_n++] = S(", ");
        parts[parts_n++] = keys[i];
    }
    return arena_join(op->arena, parts, parts_n);
}

static str scope_text(struct op *op, i64 scope) {
    size_t n;
    const struct website *sites = stores_websites(op->stores, &n);
    str text = S("");
    if (scope == -1) return S("All");
    for (size_t i = 0; i < n; i++)
        if (scope >> sites[i].id & 1)
            text = ARENA_CAT(op->arena, text, text.n ? S(", ") : S(""), sites[i].name);
    return text;
}

static void record(struct op *op, const struct role *before, const struct role *after) {
    op_change(op, "name", before ? before->name : STR_NULL, after ? after->name : STR_NULL);
    op_change(op, "resources", before ? resources_text(op, before->all, before->rights) : STR_NULL,
              after ? resources_text(op, after->all, after->rights) : STR_NULL);
    op_change(op, "websites", before ? scope_text(op, before->scope) : STR_NULL,
              after ? scope_text(op, after->scope) : STR_NULL);
}

/* ---------------------------------------------------------------- writing */

static enum err give_resources(struct op *op, i64 role_id, const struct role *role) {
    TRY(staff_role_clear(op->w, role_id, NULL));
    for (int i = 0; i < RESOURCE_MAX && !role->all; i++)
        if (rights_have(role->rights, (enum resource)i))
            TRY(staff_role_give(op->w, role_id, access_resources[i].key, NULL));
    return OK;
}

/* The role as it stands; refused when it includes more than the actor has. */
static enum err take_role(struct op *op, i64 id, struct role *ret) {
    struct staff_role_get row;
    TRY(staff_role_get(op->r, id, &row));
    *ret = (struct role){.name = row.name, .all = row.all_resources, .scope = row.scope};
    TRY(access_role_rights(op->r, id, &ret->rights));
    op_subject(op, "role", id, ret->name);
    if (staff_within(op->actor, ret->rights, ret->scope)) return OK;
    op_reason(op, S("more than the user's own rights"));
    return op_fail(
        op, ERR_FORBIDDEN,
        i18n_get(op->lang, T("This role includes more than your own. Please ask an administrator.")));
}

/* There must stay an active user who may do everything. */
static enum err check_administrators(struct op *op, i64 id, const struct role *before,
                                     const struct role *after) {
    struct staff_administrators_but others;
    if (!staff_is_full(before->all, before->scope) || staff_is_full(after->all, after->scope)) return OK;
    TRY(staff_administrators_but(op->r, 0, id, &others));
    if (others.n > 0) return OK;
    return op_invalid(
        op, after->all ? "scope" : "access",
        i18n_get(op->lang,
                 T("No active user could do everything any more. Please give another role all resources "
                   "and all websites first.")));
}

enum err op_admin_role_create(struct op *op, const struct admin_role_create_in *in) {
    struct role role = {.name = in->name, .all = in->access == ADMIN_ROLE_CREATE_ACCESS_ALL};
    struct staff_role_insert row;
    op_subject_text(op, "role", S(""), in->name);
    TRY(check_name(op, in->name, 0));
    if (role.all)
        role.rights = ~(u64)0;
    else
        TRY(take_resources(op, in->resources, in->resources_n, &role));
    if (in->scope == ADMIN_ROLE_CREATE_SCOPE_ALL)
        role.scope = -1;
    else
        TRY(take_websites(op, in->websites, in->websites_n, &role));
    TRY(check_grant(op, &role));
    TRY(staff_role_insert(op->w, role.name, role.all, role.scope, &row));
    TRY(give_resources(op, row.id, &role));
    op_subject(op, "role", row.id, role.name);
    record(op, NULL, &role);
    op_notice(op, i18n_get(op->lang, T("You saved the role.")));
    op_redirect(op, S("/admin/roles"));
    return OK;
}

enum err op_admin_role_save(struct op *op, const struct admin_role_save_in *in) {
    struct role before, after = {.name = in->name, .all = in->access == ADMIN_ROLE_SAVE_ACCESS_ALL};
    TRY(take_role(op, in->id, &before));
    TRY(check_name(op, in->name, in->id));
    if (after.all)
        after.rights = ~(u64)0;
    else
        TRY(take_resources(op, in->resources, in->resources_n, &after));
    if (in->scope == ADMIN_ROLE_SAVE_SCOPE_ALL)
        after.scope = -1;
    else
        TRY(take_websites(op, in->websites, in->websites_n, &after));
    TRY(check_grant(op, &after));
    TRY(check_administrators(op, in->id, &before, &after));
    op_notice(op, i18n_get(op->lang, T("You saved the role.")));
    op_redirect(op, S("/admin/roles"));
    bool same = before.all == after.all && before.rights == after.rights && before.scope == after.scope &&
                str_eq(before.name, after.name);
    if (same) {
        op_unchanged(op);
        return OK;
    }
    TRY(staff_role_update(op->w, in->id, after.name, after.all, after.scope, NULL));
    TRY(give_resources(op, in->id, &after));
    record(op, &before, &after);
    return OK;
}

enum err op_admin_role_delete(struct op *op, const struct admin_role_delete_in *in) {
    struct role before;
    struct staff_role_users *users;
    size_t n;
    TRY(take_role(op, in->id, &before));
    TRY(staff_role_users(op->r, in->id, &users, &n));
    if (n > 0)
        return op_fail(
            op, ERR_CONFLICT,
            i18n_get(op->lang,
                     T("Users have this role. Please give them another one before you delete it.")));
    TRY(staff_role_delete(op->w, in->id, NULL));
    record(op, &before, NULL);
    op_notice(op, i18n_get(op->lang, T("You deleted the role.")));
    op_redirect(op, S("/admin/roles"));
    return OK;
}
