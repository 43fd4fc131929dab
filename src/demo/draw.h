/* Product pictures, drawn as SVG by the program: flat, warm drawings without scripts, styles or outside
 * references, at most 4 KiB each. A drawing is its silhouette, what lies behind it and what lies in front of
 * it; colours come from a palette and the silhouette may carry a pattern, so a few dozen drawings give
 * hundreds of pictures.
 *
 * In the markup, `$` and a letter name a colour: a body, b its shade, c its light, d accent, e accent's
 * shade, m n metal, w x wood, g h green, k ink, o coffee, p paper. */
#ifndef DEMO_DRAW_H
#define DEMO_DRAW_H

#include "base/base.h"

enum draw_kind {
#define DRAWING(name, table) DRAW_##name,
#include "demo/drawings.def"
#undef DRAWING
    DRAW_KIND_MAX
};

enum draw_palette {
    DRAW_CLAY,
    DRAW_SAGE,
    DRAW_SEA,
    DRAW_SUN,
    DRAW_PLUM,
    DRAW_NIGHT,
    DRAW_CREAM,
    DRAW_ROSE,
    DRAW_MOSS,
    DRAW_SLATE,
    DRAW_TEAL,
    DRAW_RUST,
    DRAW_PALETTE_MAX
};

enum draw_pattern {
    DRAW_PLAIN,
    DRAW_BAND,    /* one broad band */
    DRAW_STRIPES, /* across */
    DRAW_BARS,    /* upright */
    DRAW_DOTS,
    DRAW_DIP, /* the lower part in the accent colour */
    DRAW_CHECK,
    DRAW_WAVES,
    DRAW_SPECKLE,
    DRAW_PATTERN_MAX
};

/* One drawing on a canvas of 400 by 400. */
struct drawing {
    const char *back;  /* markup behind the body */
    const char *body;  /* the silhouette as path data; patterns and shade are clipped to it */
    const char *front; /* markup in front */
    int shade_x;       /* where the shaded side begins; 0: no shade */
    char fill;         /* colour letter of the body; 0: a */
    bool hangs;        /* no shadow on the ground */
};

extern const struct drawing draw_kitchen[], draw_home[], draw_outdoor[];

/* The picture as a whole SVG document in the arena. `backdrop` (any number) picks one of a few backgrounds.
 */
str draw_picture(struct arena *a, enum draw_kind kind, enum draw_palette palette, enum draw_pattern pattern,
                 unsigned backdrop);

#endif
