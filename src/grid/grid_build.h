/* From a grid's table and the state of its address to SQL: what the files that write it share. Text comes
 * from the table and from there, never from a request; what a request brings is bound. */
#ifndef GRID_BUILD_H
#define GRID_BUILD_H

#include "grid/grid_inside.h"

/* A statement in the making. Begun and ended by the same function. */
struct grid_build {
    struct arena *a;
    struct buf b;
    struct db_value *in;
    size_t n;
    const struct grid_env *env;
    size_t scope, now, param; /* the numbers they were bound as; 0: not yet */
    bool placed;              /* the statement is about the rows from a place on */
};

/* Begins a statement; `env` stays until its end. Its text and values are in the arena. */
struct grid_build grid_build_begin(struct arena *a, const struct grid_env *env);
/* Ends it and gives it; always to be called, since the buffer is let go here. */
struct grid_query grid_build_end(struct grid_build *q);

/* Adds constant text; a value, which is bound (its bytes stay until the statement has run); a piece of the
 * table, its @names replaced by bound values. */
void grid_put(struct grid_build *q, const char *text);
void grid_put_int(struct grid_build *q, i64 v);
void grid_put_text(struct grid_build *q, str s);
void grid_put_sql(struct grid_build *q, grid_sql piece);

/* ---- grid_where.c ---- */

/* Behind " WHERE ": what always holds; the filter of a column, and all that is asked for but for the filter
 * of the column `but` (cols_n: all), each behind " AND". */
void grid_put_base(struct grid_build *q, const struct grid_def *g);
void grid_put_cond(struct grid_build *q, const struct grid_def *g, const struct grid_state *s, size_t col);
void grid_put_filters(struct grid_build *q, const struct grid_def *g, const struct grid_state *s, size_t but);
/* All of it, with the ids that hold the words of the environment, and its window. */
void grid_put_where(struct grid_build *q, const struct grid_def *g, const struct grid_state *s);
/* The row is one of as many (env->sampled) that hold the rarest word. */
void grid_put_sampled(struct grid_build *q, const struct grid_def *g);
/* " FROM" and " WHERE" of the table of words: those that begin like this. */
void grid_put_word_range(struct grid_build *q, const struct grid_def *g, const struct grid_asked *word);

/* ---- grid_place.c ---- */

/* Behind the state's place, as far as env->part goes; nothing on the first page. */
void grid_put_place(struct grid_build *q, const struct grid_def *g, const struct grid_state *s);
void grid_put_order(struct grid_build *q, const struct grid_def *g, const struct grid_state *s);

#endif
