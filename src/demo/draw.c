#include "demo/draw.h"

/* Colours of one palette, in the order of their letters: two of the backdrop (0, 1), then a b c d e. */
struct palette {
    const char *backdrop, *disc, *body, *shade, *light, *accent, *accent_shade;
};

static const struct palette palettes[DRAW_PALETTE_MAX] = {
    [DRAW_CLAY] = {"#f6ebe1", "#ecd8c6", "#c8714f", "#a4553a", "#e29a7b", "#f3e3cf", "#dcc4a8"},
    [DRAW_SAGE] = {"#eef2ea", "#dbe5d3", "#8fa884", "#6f8a66", "#b3c6a9", "#f5efe0", "#d9cfb6"},
    [DRAW_SEA] = {"#e9f1f4", "#d2e3ea", "#4f87a0", "#37687f", "#86b2c6", "#f4ead8", "#d9c8a8"},
    [DRAW_SUN] = {"#fbf3df", "#f5e4b8", "#e3a93b", "#c0862a", "#f2cc7c", "#fdf7ea", "#e6d6b3"},
    [DRAW_PLUM] = {"#f3ebf1", "#e4d3e0", "#7d4b6e", "#5f3553", "#a97a9c", "#efd9c4", "#d4b598"},
    [DRAW_NIGHT] = {"#e8ebf1", "#d2d8e4", "#2f3f5f", "#202c46", "#5c6d90", "#e6b566", "#c39141"},
    [DRAW_CREAM] = {"#f1ece3", "#e2d8c8", "#f3e9d8", "#d6c6ac", "#fffaf0", "#b97f56", "#955f3a"},
    [DRAW_ROSE] = {"#f9ecea", "#f0d5d1", "#d58f8a", "#b56c68", "#ecb8b3", "#fbf2e8", "#e3cdb9"},
    [DRAW_MOSS] = {"#eeefe2", "#dcdfc5", "#66733c", "#4b562a", "#95a266", "#ecd9a6", "#cbb377"},
    [DRAW_SLATE] = {"#ecefef", "#d8dede", "#59666b", "#414c51", "#8a979c", "#e58f5b", "#bf6d3c"},
    [DRAW_TEAL] = {"#e6f2f0", "#cbe4df", "#2f7f79", "#20605b", "#6bb0aa", "#f6dfc0", "#dcbb8e"},
    [DRAW_RUST] = {"#f7ece4", "#efd5c3", "#9c3f28", "#79301e", "#c9705a", "#f0cf9a", "#cfa768"},
};

/* The letters that mean the same in every palette. */
static const char *fixed_colour(char letter) {
    switch (letter) {
    case 'm': return "#dcdad5";
    case 'n': return "#a3a09a";
    case 'w': return "#cf9f6b";
    case 'x': return "#a5733f";
    case 'g': return "#6e9a63";
    case 'h': return "#4c7747";
    case 'k': return "#3b3634";
    case 'o': return "#5d3b2a";
    default: return "#fbf6ec"; /* p */
    }
}

static const char *colour(const struct palette *p, char letter) {
    switch (letter) {
    case '0': return p->backdrop;
    case '1': return p->disc;
    case 'a': return p->body;
    case 'b': return p->shade;
    case 'c': return p->light;
    case 'd': return p->accent;
    case 'e': return p->accent_shade;
    default: return fixed_colour(letter);
    }
}

static void put(struct buf *o, const struct palette *p, const char *markup) {
    for (const char *c = markup; *c; c++) {
        if (c[0] == '$' && c[1])
            buf_put(o, str_c(colour(p, *++c)));
        else
            buf_put_char(o, *c);
    }
}

#define GROUND "<rect width='400' height='400' fill='$0'/>"

static const char *const backdrops[] = {
    GROUND "<circle cx='200' cy='196' r='152' fill='$1'/>",
    GROUND "<path d='M62 400V190a138 138 0 0 1 276 0V400z' fill='$1'/>",
    GROUND "<path d='M0 300H400V400H0z' fill='$1'/><circle cx='296' cy='112' r='52' fill='$1'/>",
    GROUND "<path d='M0 318Q100 268 210 292T400 262V400H0z' fill='$1'/>",
};

static const char *const patterns[DRAW_PATTERN_MAX] = {
    [DRAW_PLAIN] = "",
    [DRAW_BAND] = "<path d='M0 214H400V250H0zM0 258H400V263H0z' fill='$d'/>",
    [DRAW_STRIPES] = "<path d='M0 96H400M0 134H400M0 172H400M0 210H400M0 248H400M0 286H400' stroke='$d' "
                     "stroke-width='11'/>",
    [DRAW_BARS] =
        "<path d='M92 0V400M128 0V400M164 0V400M200 0V400M236 0V400M272 0V400M308 0V400' stroke='$d' "
        "stroke-width='10'/>",
    [DRAW_DOTS] = "<path d='M80 120H400M62 156H400M80 192H400M62 228H400M80 264H400M62 300H400' stroke='$d' "
                  "stroke-width='13' "
                  "stroke-linecap='round' stroke-dasharray='0 36'/>",
    [DRAW_DIP] = "<path d='M0 250Q60 240 130 251T260 246T400 252V400H0z' fill='$d'/>",
    [DRAW_CHECK] = "<path d='M92 0V400M140 0V400M188 0V400M236 0V400M284 0V400M332 0V400M0 120H400M0 "
                   "168H400M0 216H400M0 264H400"
                   "M0 312H400' stroke='$d' stroke-width='16' opacity='.55'/>",
    [DRAW_WAVES] =
        "<path d='M40 170q20-22 40 0t40 0t40 0t40 0t40 0t40 0t40 0M40 212q20-22 40 0t40 0t40 0t40 0t40 0t40 "
        "0t40 "
        "0M40 254q20-22 40 0t40 0t40 0t40 0t40 0t40 0t40 0' fill='none' stroke='$d' stroke-width='9'/>",
    [DRAW_SPECKLE] = "<path d='M96 150h190M120 171h190M88 195h200M131 219h170M98 240h190M119 262h170M104 "
                     "284h170M125 300h150' stroke='$e' "
                     "stroke-width='5' stroke-linecap='round' stroke-dasharray='0 23 1 37 0 14'/>",
};

static const struct drawing *drawing_of(enum draw_kind kind) {
    static const struct drawing *const tables[DRAW_KIND_MAX] = {
#define DRAWING(name, table) [DRAW_##name] = table,
#include "demo/drawings.def"
#undef DRAWING
    };
    size_t row = 0;
    while (row < (size_t)kind && tables[(size_t)kind - row - 1] == tables[kind])
        row++;
    return &tables[kind][row];
}

/* Pattern, shaded right side and a gleam on the left, none of them beyond the silhouette. */
static void put_surface(struct buf *o, const struct palette *p, const struct drawing *d,
                        enum draw_pattern pattern) {
    buf_printf(o, "<clipPath id='c'><path d='%s'/></clipPath><g clip-path='url(#c)'>", d->body);
    put(o, p, patterns[pattern]);
    if (d->shade_x) {
        buf_printf(o, "<path d='M%d 0C%d 130 %d 270 %d 400H400V0z' fill='#2a1c14' opacity='.15'/>",
                   d->shade_x, d->shade_x - 26, d->shade_x - 26, d->shade_x);
        int gleam = 400 - d->shade_x - 24;
        buf_printf(o, "<path d='M%d 0h13C%d 130 %d 270 %d 400h-13z' fill='#fff' opacity='.2'/>", gleam,
                   gleam - 3, gleam - 3, gleam + 13);
    }
    buf_put(o, S("</g>"));
}

str draw_picture(struct arena *a, enum draw_kind kind, enum draw_palette palette, enum draw_pattern pattern,
                 unsigned backdrop) {
    const struct drawing *d = drawing_of(kind);
    const struct palette *p = &palettes[palette];
    struct buf o;
    buf_init(&o, 4096);
    buf_put(&o, S("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 400' width='400' height='400'>"));
    put(&o, p, backdrops[backdrop % COUNT_OF(backdrops)]);
    if (!d->hangs)
        buf_put(&o, S("<ellipse cx='200' cy='320' rx='128' ry='13' fill='#2a1c14' opacity='.16'/>"));
    put(&o, p, d->back);
    buf_printf(&o, "<path d='%s' fill='%s'/>", d->body, colour(p, d->fill ? d->fill : 'a'));
    put_surface(&o, p, d, pattern);
    put(&o, p, d->front);
    buf_put(&o, S("</svg>"));
    str svg = arena_str(a, buf_str(&o));
    buf_done(&o);
    return svg;
}
