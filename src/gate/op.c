/* What an operation can say: why not, what happened, how it is answered. All of it is noted in the op_state
 * and carried out by the runner and the answer. */
#include "gate/inside.h"
#include "gen/gate_sql.h"

/* ---------------------------------------------------------------- refusing */

enum err op_invalid(struct op *op, const char *field, str message) {
    struct op_state *st = op->state;
    if (st->errors_n < COUNT_OF(st->errors))
        st->errors[st->errors_n++] = (struct html_field_error){str_c(field), message};
    return ERR_INVALID;
}

enum err op_fail(struct op *op, enum err e, str message) {
    op->state->message = message;
    return e;
}

enum err op_keep(struct op *op, enum err e, str message) {
    op->state->keep = true;
    return op_fail(op, e, message);
}

str op_message(const struct op *op) {
    return op->state->message;
}

void op_reason(struct op *op, str reason) {
    op->state->reason = reason;
}

/* ---------------------------------------------------------------- what happened */

void op_subject(struct op *op, const char *kind, i64 id, str label) {
    op_subject_text(op, kind, arena_printf(op->arena, "%lld", (long long)id), label);
}

void op_subject_text(struct op *op, const char *kind, str id, str label) {
    op->state->subject_kind = kind;
    op->state->subject_id = id;
    op->state->subject_label = label;
}

static void put_member(struct buf *b, const char *field, str value) {
    if (b->n) buf_put_char(b, ',');
    buf_put_json(b, str_c(field));
    buf_put_char(b, ':');
    buf_put_json(b, value);
}

void op_change(struct op *op, const char *field, str before, str after) {
    bool both_absent = !before.p && !after.p;
    if (both_absent || (before.p && after.p && str_eq(before, after))) return;
    put_member(&op->state->before, field, before);
    put_member(&op->state->after, field, after);
}

void op_change_i64(struct op *op, const char *field, i64 before, i64 after) {
    op_change(op, field, arena_printf(op->arena, "%lld", (long long)before),
              arena_printf(op->arena, "%lld", (long long)after));
}

void op_details(struct op *op, str details) {
    op->state->details = details;
}

void op_customer(struct op *op, i64 id, str name_and_email, i64 website_id) {
    op->state->customer_id = OPT(id);
    op->state->customer = name_and_email;
    op->state->website_id = website_id ? OPT(website_id) : NONE;
}

void op_assist(struct op *op, i64 session_id, str origin) {
    op->state->session_id = session_id ? OPT(session_id) : NONE;
    op->state->origin = origin;
}

void op_acting_staff(struct op *op, i64 staff_id, str username, str name) {
    op->state->staff_id = staff_id;
    op->state->username = username;
    op->state->staff_name = name;
}

void op_view(struct op *op, str name) {
    op->state->view = name;
}

bool op_has_changes(const struct op *op) {
    return op->state->before.n > 0;
}

void op_unchanged(struct op *op) {
    op->state->unchanged = true;
}

enum err op_also(struct op *op, const struct audit_event *event) {
    struct op_state *st = op->state;
    if (st->also_n == COUNT_OF(st->also)) return ERR_INTERNAL;
    struct audit_event *copy = ARENA_NEW(op->arena, struct audit_event);
    *copy = *event;
    st->also[st->also_n++] = copy;
    return OK;
}

/* ---------------------------------------------------------------- the answer */

void op_redirect(struct op *op, str path) {
    op->state->redirect = path;
}

void op_redirect_root(struct op *op, str path) {
    op->state->redirect_root = path;
}

static void notice(struct op *op, bool warning, str message) {
    struct op_state *st = op->state;
    if (st->notices_n < COUNT_OF(st->notices))
        st->notices[st->notices_n++] = (struct notice){warning, message};
}

void op_notice(struct op *op, str message) {
    notice(op, false, message);
}

void op_warning(struct op *op, str message) {
    notice(op, true, message);
}

void op_result(struct op *op, void *result) {
    op->state->result = result;
}

void op_settings_changed(struct op *op) {
    op->state->settings_changed = true;
}

/* ---------------------------------------------------------------- sessions */

static struct op_task *task_of(struct op *op) {
    return (struct op_task *)(void *)((char *)op->state - offsetof(struct op_task, state));
}

static struct gate *gate_of(struct op *op) {
    return task_of(op)->g;
}

void op_website(struct op *op, i64 website_id) {
    op->state->website_id = OPT(website_id);
}

void op_actor_name(struct op *op, str username) {
    task_of(op)->who.actor.username = username;
}

static void cookie(struct op *op, str name, str value, str path, i64 max_age_s) {
    struct op_state *st = op->state;
    if (st->cookies_n < COUNT_OF(st->cookies))
        st->cookies[st->cookies_n++] = (struct cookie){name, value, path, max_age_s};
}

static enum err open_shop_session(struct op *op, opt_i64 customer_id, i64 *ret_id) {
    if (!op->view) return ERR_INTERNAL;
    str token = crypto_token(op->arena);
    hash256 hash = crypto_hash(token);
    struct gate_session_insert made;
    TRY(gate_session_insert(op->w, hash_str(&hash), op->view->website_id, customer_id, op->now_us,
                            op->actor->ip, &made));
    i64 max_age_s =
        customer_id.set ? 0 : 30 * 24 * 3600; /* a guest's cart outlives the browser; a sign-in does not */
    cookie(op, cookie_shop_name(op->arena, gate_of(op), op->view->website_id), token, S("/"), max_age_s);
    *ret_id = made.id;
    return OK;
}

enum err op_shop_session(struct op *op, i64 *ret_id) {
    if (op->actor->shop_session_id) {
        *ret_id = op->actor->shop_session_id;
        return OK;
    }
    return open_shop_session(op, NONE, ret_id);
}

enum err op_sign_in_customer(struct op *op, i64 customer_id) {
    i64 id;
    if (op->actor->shop_session_id) TRY(gate_session_delete(op->w, op->actor->shop_session_id, NULL));
    return open_shop_session(op, OPT(customer_id), &id);
}

enum err op_sign_out_customer(struct op *op) {
    if (op->actor->shop_session_id) TRY(gate_session_delete(op->w, op->actor->shop_session_id, NULL));
    if (op->view)
        cookie(op, cookie_shop_name(op->arena, gate_of(op), op->view->website_id), S(""), S("/"), -1);
    return OK;
}

enum err op_end_customer_sessions(struct op *op, i64 customer_id, bool keep_own) {
    bool own = keep_own && op->actor->kind == ACTOR_CUSTOMER && op->actor->customer_id == customer_id;
    return gate_session_delete_of_customer(op->w, customer_id, own ? op->actor->shop_session_id : 0, NULL);
}

enum err op_sign_in_staff(struct op *op, i64 staff_id) {
    str token;
    if (op->actor->staff_session_id) TRY(access_session_end(op->w, op->actor->staff_session_id, op->now_us));
    TRY(access_session_open(op->w, staff_id, op->actor->ip, op->now_us, &token));
    cookie(op, S(COOKIE_ADMIN), token, S("/admin"), 0);
    /* From here on it is theirs, so the record of the sign-in is too. */
    struct actor *actor = &task_of(op)->who.actor;
    actor->kind = ACTOR_STAFF;
    actor->staff_id = staff_id;
    return OK;
}

enum err op_sign_out_staff(struct op *op) {
    if (op->actor->staff_session_id) TRY(access_session_end(op->w, op->actor->staff_session_id, op->now_us));
    cookie(op, S(COOKIE_ADMIN), S(""), S("/admin"), -1);
    return OK;
}

void op_assist_cookie(struct op *op, str public_id, str token, i64 max_age_s) {
    str path = ARENA_CAT(op->arena, S("/as/"), public_id);
    cookie(op, S(COOKIE_ASSIST), token.p ? token : S(""), path, token.p ? max_age_s : -1);
}
