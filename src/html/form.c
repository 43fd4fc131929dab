/* What the reader posted and the operation refused: shown again at the same form, with the messages. */
#include "html/html.h"

bool html_may(const struct html *o, int op) {
    return o->env->may && o->env->may(o->env, op);
}

static const struct html_pair *posted_find(const struct html_form *f, str name) {
    for (size_t i = 0; i < f->posted_n; i++)
        if (str_eq(f->posted[i].name, name)) return &f->posted[i];
    return NULL;
}

const struct html_form *html_form_here(const struct html *o, int op, const struct html_pair *keys, size_t n) {
    const struct html_form *f = o->env->form;
    if (!f || f->op != op) return NULL;
    for (size_t i = 0; i < n; i++) {
        const struct html_pair *posted = posted_find(f, keys[i].name);
        if (posted && !str_eq(posted->value, keys[i].value)) return NULL;
    }
    return f;
}

str html_form_value(const struct html_form *f, str name, str fallback) {
    if (!f) return fallback;
    const struct html_pair *posted = posted_find(f, name);
    return posted ? posted->value : S("");
}

bool html_form_has(const struct html_form *f, str name, str value, bool fallback) {
    if (!f) return fallback;
    for (size_t i = 0; i < f->posted_n; i++)
        if (str_eq(f->posted[i].name, name) && (!value.p || str_eq(f->posted[i].value, value))) return true;
    return false;
}

str html_form_error(const struct html_form *f, str name) {
    if (!f) return STR_NULL;
    for (size_t i = 0; i < f->errors_n; i++)
        if (str_eq(f->errors[i].field, name)) return f->errors[i].message;
    return STR_NULL;
}

void html_hidden(struct html *o, str name, str value) {
    static const char open[] = "<input type=\"hidden\" name=\"", middle[] = "\" value=\"", end[] = "\">";
    html_lit(o, open, sizeof open - 1);
    html_text(o, name);
    html_lit(o, middle, sizeof middle - 1);
    html_text(o, value);
    html_lit(o, end, sizeof end - 1);
}

void html_csrf(struct html *o) {
    static const char open[] = "<input type=\"hidden\" name=\"" HTML_CSRF_NAME "\" value=\"", end[] = "\">";
    html_lit(o, open, sizeof open - 1);
    html_hole(o, HOLE_CSRF);
    html_lit(o, end, sizeof end - 1);
}

/* Has the form a control of this name, next to which the message will stand? */
static bool is_shown(str field, const str *shown, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (str_ends(shown[i], S("[")) ? str_starts(field, shown[i]) : str_eq(field, shown[i])) return true;
    return false;
}

void html_form_errors(struct html *o, const struct html_form *f, const str *shown, size_t shown_n) {
    static const char open[] = "<div class=\"alert alert-danger\" role=\"alert\">", end[] = "</div>\n";
    if (!f) return;
    bool any = false, at_fields = false;
    if (!str_is_empty(f->message)) {
        html_lit(o, open, sizeof open - 1);
        html_text(o, f->message);
        any = true;
    }
    for (size_t i = 0; i < f->errors_n; i++) {
        if (is_shown(f->errors[i].field, shown, shown_n)) {
            at_fields = true;
            continue;
        }
        if (!any) html_lit(o, open, sizeof open - 1);
        if (any) html_lit(o, "<br>", 4);
        html_text(o, f->errors[i].message);
        any = true;
    }
    /* A field far down the page must not be the only sign that nothing was saved. */
    if (!any && at_fields) {
        html_lit(o, open, sizeof open - 1);
        html_message(o, T("Please correct the marked fields; nothing was changed."), NULL, 0);
        any = true;
    }
    if (any) html_lit(o, end, sizeof end - 1);
}
