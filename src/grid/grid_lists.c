/* The choices of columns: for filters, for labels in cells, for exports. */
#include "grid/grid_inside.h"

static enum err load(struct page *p, struct arena *a, const struct grid_col *c, struct html_option **ret,
                     size_t *ret_n) {
    static const struct grid_choice yes_no[] = {{S_INIT("1"), T("Yes"), NULL}, {S_INIT("0"), T("No"), NULL}};
    if (c->options) return c->options(p, a, ret, ret_n);
    const struct grid_choice *choices = c->choices;
    size_t n = c->choices_n;
    if (!choices && c->kind == GRID_BOOL) {
        choices = yes_no;
        n = COUNT_OF(yes_no);
    }
    *ret = ARENA_ARRAY(a, struct html_option, n);
    *ret_n = n;
    for (size_t i = 0; i < n; i++)
        (*ret)[i] =
            (struct html_option){.value = choices[i].value, .label = i18n_get(p->lang, choices[i].label)};
    return OK;
}

enum err grid_lists_load(struct page *p, struct arena *a, const struct grid_def *g, struct grid_lists *ret) {
    *ret = (struct grid_lists){0};
    for (size_t i = 0; i < g->cols_n; i++) {
        enum grid_kind k = g->cols[i].kind;
        if (g->cols[i].offered && !g->cols[i].offered(p)) {
            ret->withheld |= (u64)1 << i;
            continue;
        }
        if (k != GRID_CHOICE && k != GRID_CHOICE_INT && k != GRID_BOOL) continue;
        TRY(load(p, a, &g->cols[i], &ret->options[i], &ret->n[i]));
    }
    return OK;
}

str grid_label(const struct grid_lists *l, size_t col, str value) {
    for (size_t i = 0; i < l->n[col]; i++)
        if (str_eq(l->options[col][i].value, value)) return l->options[col][i].label;
    return value;
}

const char *grid_tone(const struct grid_col *c, str value) {
    for (size_t i = 0; i < c->choices_n; i++)
        if (str_eq(c->choices[i].value, value)) return c->choices[i].tone;
    return NULL;
}
