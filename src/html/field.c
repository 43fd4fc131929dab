/* A form control with its label, help and error, in Bootstrap's classes and wired for screen readers. */
#include "html/html.h"

#define LIT(o, text) html_lit((o), "" text "", sizeof(text) - 1)

/* What the parts of one control share while it is written. */
struct drawn {
    struct html *o;
    const struct html_form *form;
    const struct html_field *c;
    str error; /* STR_NULL: none */
};

static void put_attr(struct html *o, const char *name, str value) {
    LIT(o, " ");
    html_text(o, str_c(name));
    LIT(o, "=\"");
    html_text(o, value);
    LIT(o, "\"");
}

static void put_id_attr(struct html *o, const char *attr, str id, str suffix) {
    LIT(o, " ");
    html_text(o, str_c(attr));
    LIT(o, "=\"");
    html_text(o, id);
    html_text(o, suffix);
    LIT(o, "\"");
}

static bool has_help(const struct html_field *c) {
    return !str_is_empty(c->help) || !str_is_empty(c->help_text);
}

static void put_label_text(const struct drawn *d) {
    if (!str_is_empty(d->c->label_text))
        html_text(d->o, d->c->label_text);
    else
        html_message(d->o, d->c->label, NULL, 0);
}

static void put_scope_label(const struct drawn *d) {
    if (str_is_empty(d->c->scope_label)) return;
    LIT(d->o, " <span class=\"scope-label text-muted small\">");
    html_message(d->o, d->c->scope_label, NULL, 0);
    LIT(d->o, "</span>");
}

static void put_open(const struct drawn *d, const char *element, const char *more_class) {
    LIT(d->o, "<");
    html_text(d->o, str_c(element));
    LIT(d->o, " class=\"");
    html_text(d->o, str_c(more_class));
    html_text(d->o, d->c->wrap_class ? str_c(d->c->wrap_class) : S("mb-3"));
    LIT(d->o, "\">");
}

/* "form-control", with what the state of the control adds. */
static void put_class(const struct drawn *d, const char *class) {
    LIT(d->o, " class=\"");
    html_text(d->o, str_c(class));
    if (d->c->class) {
        LIT(d->o, " ");
        html_text(d->o, str_c(d->c->class));
    }
    if (d->error.p) LIT(d->o, " is-invalid");
    LIT(d->o, "\"");
}

/* What every control says of itself: state, error and help. */
static void put_state(const struct drawn *d) {
    struct html *o = d->o;
    const struct html_field *c = d->c;
    bool help = has_help(c);
    if (c->disabled) LIT(o, " disabled");
    if (c->autofocus) LIT(o, " autofocus");
    if (d->error.p) LIT(o, " aria-invalid=\"true\"");
    if (c->heading) {
        LIT(o, " aria-labelledby=\"");
        html_text(o, str_c(c->heading));
        LIT(o, " ");
        html_text(o, c->id);
        LIT(o, "-label\"");
    }
    if (!help && !d->error.p) return;
    LIT(o, " aria-describedby=\"");
    if (d->error.p) {
        html_text(o, c->id);
        LIT(o, "-error");
    }
    if (help) {
        if (d->error.p) LIT(o, " ");
        html_text(o, c->id);
        LIT(o, "-help");
    }
    LIT(o, "\"");
}

static void put_error_and_help(const struct drawn *d) {
    struct html *o = d->o;
    const struct html_field *c = d->c;
    if (d->error.p) {
        LIT(o, "<div class=\"invalid-feedback d-block\"");
        put_id_attr(o, "id", c->id, S("-error"));
        LIT(o, ">");
        html_text(o, d->error);
        LIT(o, "</div>");
    }
    if (has_help(c)) {
        LIT(o, "<div class=\"form-text\"");
        put_id_attr(o, "id", c->id, S("-help"));
        LIT(o, ">");
        if (!str_is_empty(c->help_text))
            html_text(o, c->help_text);
        else
            html_message(o, c->help, NULL, 0);
        LIT(o, "</div>");
    }
}

static void put_label(const struct drawn *d) {
    struct html *o = d->o;
    LIT(o, "<label");
    put_id_attr(o, "for", d->c->id, S(""));
    LIT(o, " class=\"form-label");
    if (d->c->required) LIT(o, " required");
    if (d->c->label_hidden) LIT(o, " visually-hidden");
    LIT(o, "\"");
    if (d->c->heading) put_id_attr(o, "id", d->c->id, S("-label"));
    LIT(o, ">");
    put_label_text(d);
    LIT(o, "</label>");
    put_scope_label(d);
}

static str current_value(const struct drawn *d) {
    if (d->c->never_echo) return S("");
    return html_form_value(d->form, d->c->name, d->c->value);
}

static void put_int_attr(struct html *o, const char *name, i64 v) {
    put_attr(o, name, html_int_str(o, v));
}

/* Bounds as the browser knows them; the operation checks them again. */
static void put_bounds(const struct drawn *d) {
    const struct html_field *c = d->c;
    bool number = c->control == HTML_INPUT && strcmp(c->type, "number") == 0;
    if (number) {
        put_int_attr(d->o, "min", c->lo);
        if (c->hi) put_int_attr(d->o, "max", c->hi);
    } else {
        if (c->lo > 1) put_int_attr(d->o, "minlength", c->lo);
        if (c->hi > 0) put_int_attr(d->o, "maxlength", c->hi);
    }
}

static void put_text_attrs(const struct drawn *d) {
    struct html *o = d->o;
    const struct html_field *c = d->c;
    put_bounds(d);
    if (c->required) LIT(o, " required");
    if (c->readonly) LIT(o, " readonly");
    if (!str_is_empty(c->placeholder)) {
        LIT(o, " placeholder=\"");
        html_message(o, c->placeholder, NULL, 0);
        LIT(o, "\"");
    }
    if (c->autocomplete) put_attr(o, "autocomplete", str_c(c->autocomplete));
    if (c->inputmode) put_attr(o, "inputmode", str_c(c->inputmode));
    put_state(d);
}

static void draw_input(const struct drawn *d) {
    struct html *o = d->o;
    const struct html_field *c = d->c;
    put_open(d, "div", "");
    put_label(d);
    LIT(o, "<input");
    put_attr(o, "type", str_c(c->type));
    put_id_attr(o, "id", c->id, S(""));
    put_attr(o, "name", c->name);
    put_class(d, "form-control");
    str value = current_value(d);
    if (!str_is_empty(value)) put_attr(o, "value", value);
    put_text_attrs(d);
    LIT(o, ">");
    put_error_and_help(d);
    LIT(o, "</div>\n");
}

static void draw_textarea(const struct drawn *d) {
    struct html *o = d->o;
    const struct html_field *c = d->c;
    put_open(d, "div", "");
    put_label(d);
    LIT(o, "<textarea");
    put_id_attr(o, "id", c->id, S(""));
    put_attr(o, "name", c->name);
    put_int_attr(o, "rows", c->rows ? c->rows : 4);
    put_class(d, "form-control");
    put_text_attrs(d);
    LIT(o, ">\n"); /* the first line end is dropped by browsers: ours, not the value's */
    html_text(o, current_value(d));
    LIT(o, "</textarea>");
    put_error_and_help(d);
    LIT(o, "</div>\n");
}

static bool option_is_on(const struct drawn *d, const struct html_option *x, bool list) {
    if (list) return html_form_has(d->form, d->c->name, x->value, x->selected);
    return str_eq(html_form_value(d->form, d->c->name, d->c->value), x->value);
}

static void draw_select(const struct drawn *d) {
    struct html *o = d->o;
    const struct html_field *c = d->c;
    put_open(d, "div", "");
    put_label(d);
    LIT(o, "<select");
    put_id_attr(o, "id", c->id, S(""));
    put_attr(o, "name", c->name);
    put_class(d, "form-select");
    if (c->multiple) LIT(o, " multiple");
    if (c->required) LIT(o, " required");
    if (c->autocomplete) put_attr(o, "autocomplete", str_c(c->autocomplete));
    put_state(d);
    LIT(o, ">\n");
    str group = S("");
    for (size_t i = 0; i < c->options_n; i++) {
        const struct html_option *x = &c->options[i];
        if (!str_eq(group, x->group)) {
            if (!str_is_empty(group)) LIT(o, "</optgroup>\n");
            group = x->group;
            if (!str_is_empty(group)) {
                LIT(o, "<optgroup label=\"");
                html_text(o, group);
                LIT(o, "\">\n");
            }
        }
        LIT(o, "<option value=\"");
        html_text(o, x->value);
        LIT(o, "\"");
        if (option_is_on(d, x, c->multiple)) LIT(o, " selected");
        if (x->disabled) LIT(o, " disabled");
        LIT(o, ">");
        html_text(o, x->label);
        LIT(o, "</option>\n");
    }
    if (!str_is_empty(group)) LIT(o, "</optgroup>\n");
    LIT(o, "</select>");
    put_error_and_help(d);
    LIT(o, "</div>\n");
}

static void draw_checkbox(const struct drawn *d) {
    struct html *o = d->o;
    const struct html_field *c = d->c;
    bool on = html_form_has(d->form, c->name, c->item, c->checked);
    put_open(d, "div", c->control == HTML_SWITCH ? "form-check form-switch " : "form-check ");
    LIT(o, "<input type=\"checkbox\"");
    put_id_attr(o, "id", c->id, S(""));
    put_attr(o, "name", c->name);
    put_attr(o, "value", c->item.p ? c->item : S("1"));
    put_class(d, "form-check-input");
    if (on) LIT(o, " checked");
    if (c->required) LIT(o, " required");
    put_state(d);
    LIT(o, "><label");
    put_id_attr(o, "for", c->id, S(""));
    LIT(o, " class=\"form-check-label");
    if (c->label_hidden) LIT(o, " visually-hidden");
    LIT(o, "\">");
    put_label_text(d);
    LIT(o, "</label>");
    put_scope_label(d);
    put_error_and_help(d);
    LIT(o, "</div>\n");
}

/* Radio buttons, or check boxes for a list: a group with one heading and a label each. */
static void draw_group(const struct drawn *d) {
    struct html *o = d->o;
    const struct html_field *c = d->c;
    bool list = c->control == HTML_CHECKS;
    put_open(d, "fieldset", "");
    LIT(o, "<legend class=\"form-label fs-6");
    if (c->label_hidden) LIT(o, " visually-hidden");
    LIT(o, "\">");
    put_label_text(d);
    LIT(o, "</legend>");
    put_scope_label(d);
    LIT(o, "\n");
    for (size_t i = 0; i < c->options_n; i++) {
        const struct html_option *x = &c->options[i];
        str suffix = arena_printf(o->arena, "-%zu", i);
        LIT(o, "<div class=\"form-check\"><input");
        put_attr(o, "type", list ? S("checkbox") : S("radio"));
        put_id_attr(o, "id", c->id, suffix);
        put_attr(o, "name", c->name);
        put_attr(o, "value", x->value);
        put_class(d, "form-check-input");
        if (option_is_on(d, x, list)) LIT(o, " checked");
        if (c->required && !list) LIT(o, " required");
        if (x->disabled && !c->disabled) LIT(o, " disabled");
        put_state(d);
        LIT(o, "><label class=\"form-check-label\"");
        put_id_attr(o, "for", c->id, suffix);
        LIT(o, ">");
        html_text(o, x->label);
        LIT(o, "</label></div>\n");
    }
    put_error_and_help(d);
    LIT(o, "</fieldset>\n");
}

void html_field(struct html *o, const struct html_form *f, const struct html_field *c) {
    /* A browser does not post what is disabled, so that is shown as it was. An item of a list has no error of
     * its own. */
    struct drawn d = {.o = o,
                      .form = c->disabled ? NULL : f,
                      .c = c,
                      .error = c->item.p ? STR_NULL : html_form_error(f, c->name)};
    switch (c->control) {
    case HTML_INPUT: draw_input(&d); break;
    case HTML_TEXTAREA: draw_textarea(&d); break;
    case HTML_SELECT: draw_select(&d); break;
    case HTML_CHECKBOX:
    case HTML_SWITCH: draw_checkbox(&d); break;
    case HTML_RADIO:
    case HTML_CHECKS: draw_group(&d); break;
    case HTML_HIDDEN: html_hidden(o, c->name, c->value); break;
    }
}
