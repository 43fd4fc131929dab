/* Saving settings: from the page, all of a section at once, and from the command line, one. */
#include "i18n/i18n.h"
#include "shop/config/config_inside.h"

/* One save on its way. `now` is what holds inside the transaction. */
struct saving {
    struct op *op;
    const struct settings *now;
    struct config_scope at;
    str put[SETTING_MAX];   /* the new own value */
    bool drop[SETTING_MAX]; /* inherited from now on */
    bool wrong, changed;
    const char *single; /* the field for messages when there is one only; NULL: value[path] */
};

static const char *field_of(const struct saving *s, enum setting id) {
    if (s->single) return s->single;
    return arena_cstr(s->op->arena, ARENA_CAT(s->op->arena, S("value["), setting_defs[id].path, S("]")));
}

static void wrong(struct saving *s, enum setting id, str message) {
    (void)op_invalid(s->op, field_of(s, id), message);
    s->wrong = true;
}

static str bounds_message(struct op *op, const struct setting_def *d, str msgid) {
    const struct i18n_arg args[] = {{S("low"), arena_printf(op->arena, "%lld", (long long)d->low)},
                                    {S("high"), arena_printf(op->arena, "%lld", (long long)d->high)}};
    return i18n_format_message(op->arena, op->lang, msgid, args, 2);
}

/* Notes a value to be saved, or says at its field why it cannot be. */
static void wish_value(struct saving *s, enum setting id, str value) {
    const struct setting_def *d = &setting_defs[id];
    i64 number;
    str why;
    if (d->scopes < s->at.kind)
        wrong(s, id, i18n_get(s->op->lang, T("This setting cannot be set for this scope.")));
    else if (setting_valid(id, value, &why))
        s->put[id] = value;
    else if (d->type == SETTING_TYPE_INT && str_to_i64(value, &number))
        wrong(s, id, bounds_message(s->op, d, T("Please enter a number from {low} to {high}.")));
    else if ((d->type == SETTING_TYPE_TEXT || d->type == SETTING_TYPE_SECRET) &&
             str_utf8_len(value) > (size_t)d->high)
        wrong(s, id, bounds_message(s->op, d, T("Please enter at most {high} characters.")));
    else
        wrong(s, id, i18n_get(s->op->lang, why));
}

static void wish_inherit(struct saving *s, enum setting id) {
    s->drop[id] = true;
}

/* ---------------------------------------------------------------- rules between settings */

/* What will hold for everybody once this is saved. */
static str after(const struct saving *s, enum setting id) {
    bool here = s->at.kind == SETTING_SCOPE_DEFAULT;
    if (here && s->put[id].p) return s->put[id];
    if (here && s->drop[id]) return setting_defs[id].fallback;
    return setting_text(s->now, id, SETTING_DEFAULT);
}

static enum err check_shared_accounts(struct saving *s) {
    struct config_shared_emails shared;
    bool were = str_eq(setting_text(s->now, SETTING_ACCOUNT_SHARE, SETTING_DEFAULT), S("global"));
    if (were || !str_eq(after(s, SETTING_ACCOUNT_SHARE), S("global"))) return OK;
    TRY(config_shared_emails(s->op->r, &shared));
    if (shared.n > 0)
        wrong(s, SETTING_ACCOUNT_SHARE,
              i18n_get(s->op->lang, T("Accounts cannot be shared: some email addresses have an account on "
                                      "more than one website.")));
    return OK;
}

/* While people can log in as customers, that is recorded. */
static void check_logging(struct saving *s) {
    bool enabled = str_eq(after(s, SETTING_ASSIST_ENABLED), S("1"));
    if (!enabled || str_eq(after(s, SETTING_LOG_ASSIST), S("1"))) return;
    if (s->put[SETTING_LOG_ASSIST].p)
        wrong(s, SETTING_LOG_ASSIST,
              i18n_get(s->op->lang, T("This cannot be switched off while Login as Customer is enabled.")));
    else
        s->drop[SETTING_LOG_ASSIST] = true; /* it was off, and the feature comes on: so does its record */
}

static enum err check_rules(struct saving *s) {
    if (s->at.kind != SETTING_SCOPE_DEFAULT) return OK;
    check_logging(s);
    return check_shared_accounts(s);
}

/* ---------------------------------------------------------------- writing */

/* What holds here before, or after, for the record; where only the inheritance changes, it says so. */
static void record(struct saving *s, enum setting id, str own, str value) {
    str above = s->at.kind == SETTING_SCOPE_DEFAULT ? setting_defs[id].fallback
                                                    : setting_text(s->now, id, s->at.above);
    str before = own.p ? own : above, later = value.p ? value : above;
    if (setting_defs[id].type == SETTING_TYPE_SECRET) {
        before = own.p ? S("(a secret)") : STR_NULL;
        later = !value.p ? STR_NULL : own.p ? S("(another secret)") : S("(a secret)");
    }
    if (str_eq(before, later)) {
        str inherited = ARENA_CAT(s->op->arena, above, S(" (inherited)"));
        before = own.p ? own : inherited;
        later = value.p ? value : inherited;
    }
    op_change(s->op, arena_cstr(s->op->arena, setting_defs[id].path), before, later);
}

static enum err write_one(struct saving *s, enum setting id) {
    str own = setting_own(s->now, id, s->at.kind, s->at.id);
    str value = s->drop[id] ? STR_NULL : s->put[id];
    bool same = value.p ? own.p && str_eq(own, value) : !own.p;
    if (same) return OK;
    s->changed = true;
    record(s, id, own, value);
    return setting_put(s->op->w, id, s->at.kind, s->at.id, value);
}

static enum err write_all(struct saving *s) {
    TRY(check_rules(s));
    if (s->wrong) return ERR_INVALID;
    for (int i = 0; i < SETTING_MAX; i++)
        if (s->put[i].p || s->drop[i]) TRY(write_one(s, (enum setting)i));
    if (s->changed)
        op_settings_changed(s->op);
    else
        op_unchanged(s->op);
    return OK;
}

static void put_away(void *settings) {
    settings_free(settings);
}

static enum err saving_begin(struct saving *s, struct op *op) {
    struct settings *now;
    TRY(settings_load(op->r, &now));
    arena_on_reset(op->arena, put_away, now);
    s->op = op;
    s->now = now;
    return OK;
}

/* ---------------------------------------------------------------- from the page */

static const str *entry(const struct gate_map_entry *map, size_t n, str key) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(map[i].key, key)) return &map[i].value;
    return NULL;
}

static bool ticked(const struct config_save_in *in, str path) {
    for (size_t i = 0; i < in->inherit_n; i++)
        if (str_eq(in->inherit[i], path)) return true;
    return false;
}

/* A ticked box says that the value is inherited. But who chooses another value and forgets the box means the
 * value: it differs from what the page showed, and from what would be inherited. */
static bool means_inherit(const struct saving *s, enum setting id, const str *value, const str *seen) {
    str above = s->at.kind == SETTING_SCOPE_DEFAULT ? setting_defs[id].fallback
                                                    : setting_text(s->now, id, s->at.above);
    return !value || !seen || str_eq(*value, *seen) || str_eq(*value, above);
}

static void take_section(struct saving *s, const struct setting_section *section,
                         const struct config_save_in *in) {
    for (int i = 0; i < SETTING_MAX; i++) {
        enum setting id = (enum setting)i;
        str path = setting_defs[i].path;
        if (!str_eq(setting_defs[i].section, section->key)) continue;
        const str *value = entry(in->value, in->value_n, path), *seen = entry(in->seen, in->seen_n, path);
        if (ticked(in, path) && means_inherit(s, id, value, seen))
            wish_inherit(s, id);
        else if (value && (value->n || setting_defs[i].type != SETTING_TYPE_SECRET))
            wish_value(s, id, *value);
    }
}

/* Only what stands on the section's page may be in the post: nobody reaches a section through the form of
 * another one. */
static enum err check_paths(struct op *op, const struct setting_section *section,
                            const struct config_save_in *in) {
    for (size_t i = 0; i < in->value_n + in->inherit_n; i++) {
        str path = i < in->value_n ? in->value[i].key : in->inherit[i - in->value_n];
        enum setting id = setting_by_path(path);
        if (id != SETTING_MAX && str_eq(setting_defs[id].section, section->key)) continue;
        op_reason(op, ARENA_CAT(op->arena, S("not of this section: "), path));
        return op_fail(op, ERR_FORBIDDEN,
                       i18n_get(op->lang, T("This section does not have such a setting.")));
    }
    return OK;
}

enum err op_config_save(struct op *op, const struct config_save_in *in) {
    const struct setting_section *section = config_section_find(in->section);
    struct saving s = {.wrong = false};
    if (!section || !config_scope_find(op->arena, op->stores, in->scope, &s.at)) return ERR_NOT_FOUND;
    op_subject_text(op, "configuration", section->key, section->title);
    op_details(op, ARENA_CAT(op->arena, section->title, S(" ("), s.at.name, S(")")));
    if (!config_section_may(op->actor, section)) return op_fail(op, ERR_FORBIDDEN, STR_NULL);
    if (!config_scope_may(op->actor, &s.at)) {
        op_reason(op, S("not a website of the role"));
        return op_fail(op, ERR_FORBIDDEN,
                       i18n_get(op->lang, T("Your role does not reach every website that this is for.")));
    }
    TRY(check_paths(op, section, in));
    TRY(saving_begin(&s, op));
    take_section(&s, section, in);
    TRY(write_all(&s));
    op_notice(op, i18n_get(op->lang, T("You saved the configuration.")));
    op_redirect(op, config_path(op->arena, section->key, s.at.word));
    return OK;
}

/* ---------------------------------------------------------------- from the command line */

enum err op_config_set(struct op *op, const struct config_set_in *in) {
    static const enum setting_scope kinds[] = {[CONFIG_SET_SCOPE_DEFAULT] = SETTING_SCOPE_DEFAULT,
                                               [CONFIG_SET_SCOPE_WEBSITE] = SETTING_SCOPE_WEBSITE,
                                               [CONFIG_SET_SCOPE_VIEW] = SETTING_SCOPE_VIEW};
    struct saving s = {.single = "value"};
    enum setting id = setting_by_path(in->path);
    i64 scope_id = in->scope_id.set ? in->scope_id.v : 0;
    if (id == SETTING_MAX) return op_invalid(op, "path", i18n_get(op->lang, T("There is no such setting.")));
    if (!config_scope_of(op->arena, op->stores, kinds[in->scope], scope_id, &s.at))
        return op_invalid(op, "scope_id", i18n_get(op->lang, T("There is no such website or store view.")));
    if (!in->unset && !in->value.p)
        return op_invalid(op, "value", i18n_get(op->lang, T("This is a required field.")));
    op_subject_text(op, "configuration", in->path, in->path);
    op_details(op, ARENA_CAT(op->arena, in->path, S(" ("), s.at.name, S(")")));
    TRY(saving_begin(&s, op));
    if (in->unset)
        wish_inherit(&s, id);
    else
        wish_value(&s, id, in->value);
    return write_all(&s);
}
