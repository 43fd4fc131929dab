/* What stands where on a document: head, facts, addresses, table, totals, notes. */
#include "print/sheet.h"

static const struct sheet_style plain = {9.5, false, false, false}, numbers = {9.5, false, true, false},
                                strong = {9.5, true, false, false}, small = {8, false, false, true},
                                label = {8, false, false, true}, title = {18, true, false, false},
                                shop = {13, true, false, false}, about = {8, false, true, true};
static const double gap = 14, gutter = 18, cell_gap = 8;

static void head(struct sheet *s, const struct paper *p) {
    double half = (SHEET_INNER - gutter) / 2;
    double left = sheet_text(s, SHEET_MARGIN, half, p->shop, shop);
    double right = sheet_text(s, SHEET_MARGIN + half + gutter, half, p->about, about);
    s->y += MAX_OF(left, right) + 2 * gap;
    s->y += sheet_text(s, SHEET_MARGIN, SHEET_INNER, p->title, title) + gap;
}

/* Pairs in `columns` beside each other: the label above its value. */
static void grid(struct sheet *s, const struct paper_pair *pairs, size_t n, int columns) {
    double width = (SHEET_INNER - gutter * (columns - 1)) / columns;
    for (size_t i = 0; i < n; i += (size_t)columns) {
        size_t end = MIN_OF(i + (size_t)columns, n);
        double tallest = 0, top;
        for (size_t k = i; k < end; k++)
            tallest = MAX_OF(tallest, sheet_height(s, width, pairs[k].label, label) + 1 +
                                          sheet_height(s, width, pairs[k].value, plain));
        if (s->y + tallest > SHEET_BOTTOM) sheet_break(s);
        top = s->y;
        for (size_t k = i; k < end; k++) {
            double x = SHEET_MARGIN + (width + gutter) * (double)(k - i);
            s->y += sheet_text(s, x, width, pairs[k].label, label) + 1;
            sheet_text(s, x, width, pairs[k].value, plain);
            s->y = top;
        }
        s->y = top + tallest + gap * 0.7;
    }
    if (n) s->y += gap * 0.6;
}

/* Where column k begins and how wide its text may be. */
static double column(const struct paper *p, size_t k, double *ret_width) {
    double all = 0, before = 0, space = SHEET_INNER - cell_gap * (double)(p->columns_n - 1);
    for (size_t i = 0; i < p->columns_n; i++) {
        if (i < k) before += (double)p->columns[i].width;
        all += (double)p->columns[i].width;
    }
    *ret_width = space * (double)p->columns[k].width / all;
    return SHEET_MARGIN + space * before / all + cell_gap * (double)k;
}

static void table_head(struct sheet *s, const struct paper *p) {
    double tallest = 0;
    for (size_t k = 0; k < p->columns_n; k++) {
        double width, x = column(p, k, &width);
        struct sheet_style style = label;
        style.right = p->columns[k].right;
        style.bold = true;
        tallest = MAX_OF(tallest, sheet_text(s, x, width, p->columns[k].title, style));
    }
    s->y += tallest + 4;
    sheet_rule(s, SHEET_MARGIN, SHEET_INNER);
    s->y += 5;
}

static double row_height(struct sheet *s, const struct paper *p, const struct paper_row *row) {
    double tallest = 0, width;
    for (size_t k = 0; k < p->columns_n; k++) {
        column(p, k, &width);
        double height = sheet_height(s, width, row->cells[k], plain);
        if (k == 0) height += sheet_height(s, width, row->note, small);
        tallest = MAX_OF(tallest, height);
    }
    return tallest;
}

static void table(struct sheet *s, const struct paper *p) {
    if (!p->columns_n) return;
    if (s->y > SHEET_BOTTOM - 60) sheet_break(s);
    table_head(s, p);
    for (size_t i = 0; i < p->rows_n; i++) {
        const struct paper_row *row = &p->rows[i];
        double height = row_height(s, p, row), top;
        if (s->y + height > SHEET_BOTTOM) {
            sheet_break(s);
            table_head(s, p);
        }
        top = s->y;
        for (size_t k = 0; k < p->columns_n; k++) {
            double width, x = column(p, k, &width);
            double used = sheet_text(s, x, width, row->cells[k], p->columns[k].right ? numbers : plain);
            s->y = top + used;
            if (k == 0) sheet_text(s, x, width, row->note, small);
            s->y = top;
        }
        s->y = top + height + 5;
        sheet_rule(s, SHEET_MARGIN, SHEET_INNER);
        s->y += 5;
    }
    s->y += gap / 2;
}

static void totals(struct sheet *s, const struct paper *p) {
    double width = SHEET_INNER * 0.5, x = SHEET_MARGIN + SHEET_INNER - width, value = width * 0.42;
    if (s->y + 16 * (double)p->totals_n > SHEET_BOTTOM) sheet_break(s);
    for (size_t i = 0; i < p->totals_n; i++) {
        const struct paper_total *t = &p->totals[i];
        struct sheet_style name = t->grand ? strong : plain, amount = numbers;
        amount.bold = t->grand;
        if (t->grand) {
            s->y += 2;
            sheet_rule(s, x, width);
            s->y += 4;
        }
        double left = sheet_text(s, x, width - value - cell_gap, t->label, name);
        double right = sheet_text(s, x + width - value, value, t->value, amount);
        s->y += MAX_OF(left, right) + 4;
    }
    if (p->totals_n) s->y += gap;
}

/* A paragraph at a time, so that long notes run over pages. */
static void notes(struct sheet *s, str text) {
    while (text.p && text.n) {
        str line, rest = str_cut(text, '\n', &line);
        double height = sheet_height(s, SHEET_INNER, line, plain);
        if (s->y + height > SHEET_BOTTOM) sheet_break(s);
        s->y += line.n ? sheet_text(s, SHEET_MARGIN, SHEET_INNER, line, plain) : gap * 0.6;
        text = rest;
    }
}

void sheet_paper(struct sheet *s, const struct paper *p) {
    s->page = 1;
    s->y = SHEET_MARGIN;
    s->foot = p->page;
    pango_context_set_language(s->context, pango_language_from_string(arena_cstr(s->a, p->lang)));
    head(s, p);
    grid(s, p->facts, p->facts_n, 3);
    grid(s, p->blocks, p->blocks_n, 2);
    table(s, p);
    totals(s, p);
    notes(s, p->notes);
    sheet_end(s);
}
