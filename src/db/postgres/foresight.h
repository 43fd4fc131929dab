/* What a connection has learned of the ways that pages and operations go: between trail.c, which follows and
 * learns them, and ahead.c, which asks by them. */
#ifndef DB_POSTGRES_FORESIGHT_H
#define DB_POSTGRES_FORESIGHT_H

#include "db/postgres/postgres_inside.h"

struct pg_cell {
    struct db_value v;
    bool known; /* false: too long to follow */
};

/* A statement that was asked; its parameters and the columns of its first row are cells. */
struct pg_step {
    size_t in, in_n, out, out_n;
};

/* Where a parameter came from: a cell of an earlier step, or it was the same as the last time. */
enum { PG_FROM_OUT, PG_FROM_IN, PG_SAME };
struct pg_source {
    uint8_t step, column, what;
};

/* All the sources that were right every time so far. */
struct pg_guess {
    size_t n;
    struct pg_source from[PG_AHEAD_SOURCES];
    struct db_value same;
    char text[PG_TRAIL_TEXT];
};

/* A place on a way. */
struct pg_node {
    u64 key;                    /* of the way up to here */
    const struct db_stmt *next; /* NULL: nothing was ever asked here */
    int way, aim;               /* above 0: the statement, its parameters were right lately */
    int end;                    /* so often in a row the way ended here */
    struct pg_guess guess[PG_AHEAD_PARAMS];
};

struct pg_ahead {
    const struct db_stmt *st; /* NULL: free */
    struct db_value in[PG_AHEAD_PARAMS];
    PGresult *rows; /* NULL: under way */
};

struct pg_foresight {
    u64 key;
    struct pg_step steps[PG_TRAIL_MAX];
    size_t steps_n, cells_n, bytes_n;
    struct pg_cell cells[PG_TRAIL_CELLS];
    char bytes[PG_TRAIL_BYTES];
    struct pg_ahead asked[PG_AHEAD_MAX];
    struct pg_node nodes[PG_AHEAD_NODES];
};

/* The key of the way that goes on with this statement; all run-time texts are one. */
u64 pg_trail_key(u64 key, const struct db_stmt *st);
/* What is remembered of that place; NULL: nothing. */
const struct pg_node *pg_trail_node(const struct pg_foresight *f, u64 key);
/* The value with bytes of the trail's own; not known when it is too long, or the trail is full. */
struct pg_cell pg_trail_keep(struct pg_foresight *f, struct db_value v);
/* Room for a step; false when the trail is full: then nothing more is followed. */
bool pg_trail_add(struct pg_foresight *f, size_t in_n, size_t out_n);
/* Takes steps away again, down to so many. */
void pg_trail_drop(struct pg_foresight *f, size_t steps_n);
/* The cell that a source names; NULL: it is not known yet. */
const struct db_value *pg_trail_look(const struct pg_foresight *f, const struct pg_guess *g,
                                     struct pg_source from);
/* Learns that this is what is asked here. */
void pg_trail_learn(struct pg_foresight *f, const struct db_stmt *st, const struct db_value *in);

#endif
