/* What the gate does without a browser: operations of the system. */
#include "gate/gate_app.h"
#include "gate/inside.h"
#include "gen/gate_gate.h"
#include "gen/gate_sql.h"

struct op_task *gate_system_task(struct gate *g, struct arena *a, struct world *w, int op, const void *in) {
    struct op_task *t = ARENA_NEW(a, struct op_task);
    *t = (struct op_task){.g = g,
                          .arena = a,
                          .world = w,
                          .op = &gate_ops[op],
                          .in = in,
                          .creds = {.system = true, .ip = S("")},
                          .lang = LANG_EN,
                          .now_us = time_now_us()};
    t->who.actor.kind = ACTOR_SYSTEM;
    return t;
}

enum err gate_run_system(struct gate *g, struct arena *a, int op, const void *in, str *ret_message) {
    struct world *w = world_get(g);
    struct op_task *t = gate_system_task(g, a, w, op, in);
    enum err e = run_wait(t);
    world_put(w);
    *ret_message = t->state.message.p  ? t->state.message
                   : t->state.errors_n ? t->state.errors[0].message
                   : err_is_db(e)      ? db_last_error(g->o.db, a)
                                       : S("");
    return e;
}

enum err gate_parse_system(struct gate *g, struct arena *a, int op, const struct http_pair *pairs, size_t n,
                           void **ret_in, str *ret_message) {
    struct input_errors errors;
    struct world *w = world_get(g);
    const struct gate_op *o = &gate_ops[op];
    enum err e = input_parse(a, LANG_EN, w->admin_formats[LANG_EN], o->fields, o->fields_n, o->in_size, pairs,
                             n, ret_in, &errors);
    world_put(w);
    *ret_message = e ? ARENA_CAT(a, errors.errors[0].field, S(": "), errors.errors[0].message) : S("");
    return e;
}

/* ---------------------------------------------------------------- the operations of gate.gate */

enum err op_assist_expire(struct op *op, const struct assist_expire_in *in) {
    struct assist_session s;
    bool ended;
    TRY(assist_session_get(op->r, in->id, &s));
    TRY(assist_session_end(op->w, in->id, in->cause, op->now_us, &ended));
    if (!ended) {
        op_unchanged(op);
        return OK;
    }
    struct gate_staff_name staff;
    TRY(gate_staff_name(op->r, s.staff_id, &staff));
    op_acting_staff(op, s.staff_id, staff.username, s.staff_name);
    const struct store_view *view = stores_view(op->stores, s.view_id);
    if (view) op_view(op, view->name);
    op_customer(op, s.customer_id, ARENA_CAT(op->arena, s.customer_name, S(" <"), s.customer_email, S(">")),
                s.website_id);
    op_assist(op, s.id, s.origin.label);
    op_subject(op, "assisted session", s.id, s.staff_name);
    op_details(op, assist_end_details(op->arena, s.staff_name, in->cause, s.changes));
    op_change(op, "ended", STR_NULL, in->cause);
    return OK;
}

static enum err refused(struct op *op, i64 staff_id, str page, str path, opt_i64 customer_id) {
    struct gate_staff_name staff;
    TRY(gate_staff_name(op->r, staff_id, &staff));
    op_acting_staff(op, staff_id, staff.username,
                    ARENA_CAT(op->arena, staff.firstname, S(" "), staff.lastname));
    op_subject_text(op, "page", page, path);
    op_details(op, path);
    if (customer_id.set) op_customer(op, customer_id.v, S(""), 0);
    return op_keep(op, ERR_FORBIDDEN, STR_NULL);
}

enum err op_access_refused(struct op *op, const struct access_refused_in *in) {
    return refused(op, in->staff_id, in->page, in->path, in->customer_id);
}

enum err op_assist_refused(struct op *op, const struct assist_refused_in *in) {
    op_reason(op, S("no_right"));
    return refused(op, in->staff_id, in->page, in->path, in->customer_id);
}
