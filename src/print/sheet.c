/* Text, rules and pages. */
#include "print/sheet.h"

#include <pango/pangocairo.h>

static PangoLayout *layout_of(struct sheet *s, double width, str text, struct sheet_style style) {
    PangoLayout *l = pango_layout_new(s->context);
    PangoFontDescription *font =
        pango_font_description_from_string("Noto Sans, DejaVu Sans, Droid Sans Fallback, Unifont, Sans");
    pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
    if (style.bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(l, font);
    pango_font_description_free(font);
    pango_layout_set_text(l, text.p, (int)text.n);
    pango_layout_set_width(l, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    /* A name in Hebrew or Arabic stands at the edge where the other lines of the address stand. */
    pango_layout_set_auto_dir(l, FALSE);
    pango_layout_set_alignment(l, style.right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    pango_layout_set_line_spacing(l, 1.15F);
    return l;
}

static double layout_height(PangoLayout *l) {
    int height;
    pango_layout_get_size(l, NULL, &height);
    return (double)height / PANGO_SCALE;
}

double sheet_height(struct sheet *s, double width, str text, struct sheet_style style) {
    if (!text.n) return 0;
    PangoLayout *l = layout_of(s, width, text, style);
    double height = layout_height(l);
    g_object_unref(l);
    return height;
}

double sheet_text(struct sheet *s, double x, double width, str text, struct sheet_style style) {
    if (!text.n) return 0;
    PangoLayout *l = layout_of(s, width, text, style);
    double height = layout_height(l);
    if (s->draws) {
        double grey = style.grey ? 0.38 : 0.08;
        s->unknown += pango_layout_get_unknown_glyphs_count(l);
        cairo_set_source_rgb(s->cr, grey, grey, grey);
        cairo_move_to(s->cr, x, s->y);
        pango_cairo_show_layout(s->cr, l);
    }
    g_object_unref(l);
    return height;
}

void sheet_rule(struct sheet *s, double x, double width) {
    if (!s->draws) return;
    cairo_set_source_rgb(s->cr, 0.75, 0.75, 0.75);
    cairo_set_line_width(s->cr, 0.6);
    cairo_move_to(s->cr, x, s->y);
    cairo_line_to(s->cr, x + width, s->y);
    cairo_stroke(s->cr);
}

static str foot_text(struct sheet *s) {
    str text = S(""), rest = s->foot, head;
    while (rest.n) {
        size_t at = str_find_char(rest, '{');
        head = str_slice(rest, 0, at);
        text = ARENA_CAT(s->a, text, head);
        rest = str_slice(rest, at, rest.n);
        if (str_starts(rest, S("{n}")) || str_starts(rest, S("{m}"))) {
            text = ARENA_CAT(s->a, text, arena_printf(s->a, "%d", rest.p[1] == 'n' ? s->page : s->pages));
            rest = str_slice(rest, 3, rest.n);
        } else if (rest.n) {
            text = ARENA_CAT(s->a, text, S("{"));
            rest = str_slice(rest, 1, rest.n);
        }
    }
    return text;
}

void sheet_end(struct sheet *s) {
    if (s->draws) {
        s->y = SHEET_HEIGHT - 45;
        sheet_text(s, SHEET_MARGIN, SHEET_INNER, foot_text(s), (struct sheet_style){8, false, true, true});
        cairo_show_page(s->cr);
    }
    s->y = SHEET_MARGIN;
}

void sheet_break(struct sheet *s) {
    sheet_end(s);
    s->page++;
}
