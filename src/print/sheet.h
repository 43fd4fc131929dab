/* A4 pages under the hand of the layout: a pen that moves down, breaks pages, and sets text of any script.
 * Everything is in points (1/72 inch). A sheet either measures (nothing is drawn, pages are counted) or
 * draws. */
#ifndef PRINT_SHEET_H
#define PRINT_SHEET_H

#include <cairo.h>
#include <pango/pango.h>

#include "paper/paper.h"

#define SHEET_WIDTH  595.28
#define SHEET_HEIGHT 841.89
#define SHEET_MARGIN 50.0
#define SHEET_INNER  (SHEET_WIDTH - 2 * SHEET_MARGIN)
#define SHEET_BOTTOM (SHEET_HEIGHT - 70.0) /* below it stands the foot */

struct sheet {
    cairo_t *cr;
    PangoContext *context;
    bool draws;
    double y;        /* the pen: top of what comes next */
    int page, pages; /* pages: known when it draws */
    int unknown;     /* characters that no font has */
    str foot;        /* "Page {n} of {m}" */
    struct arena *a;
};

struct sheet_style {
    double size;
    bool bold, right, grey;
};

/* Sets text at x in a column of this width, the pen's y at its top; returns its height. Does not move the
 * pen. */
double sheet_text(struct sheet *s, double x, double width, str text, struct sheet_style style);
/* The height that it would take. */
double sheet_height(struct sheet *s, double width, str text, struct sheet_style style);
/* A fine line over the inner width, or from x. */
void sheet_rule(struct sheet *s, double x, double width);
/* Ends the page (with its foot) and begins the next one. */
void sheet_break(struct sheet *s);
/* Ends the page of a document: its foot. */
void sheet_end(struct sheet *s);

/* Lays out one document from the top of a page. */
void sheet_paper(struct sheet *s, const struct paper *p);

#endif
