/* Printed documents: what stands on an invoice, packing slip or credit memo, and the way to a PDF of it.
 *
 * The PDF is laid out by another program, countersign-print, which stands beside this one, is started for one
 * job, and gets nothing but the job's text on its standard input: fonts and shaping are large libraries, and
 * what goes wrong in them must not happen where customers' sessions are. */
#ifndef PAPER_PAPER_H
#define PAPER_PAPER_H

#include "base/base.h"

/* "Order Date" and "1 Nov 2026"; or "Billing Address" and its lines. All texts are translated and formatted.
 */
struct paper_pair {
    str label, value;
};

struct paper_column {
    str title;
    i64 width;  /* share of the page; all columns of a table make up the whole */
    bool right; /* numbers */
};

/* A line of the table: one cell a column; `note` stands under the first cell, smaller. */
struct paper_row {
    const str *cells;
    str note;
};

struct paper_total {
    str label, value;
    bool grand;
};

/* One document; each begins on a page of its own. Empty parts are left out. */
struct paper {
    str lang;  /* "nl": for shaping and hyphens (BCP 47) */
    str shop;  /* the shop's name … */
    str about; /* … and how it is reached, lines */
    str title; /* "Invoice 200000012" */
    const struct paper_pair *facts;
    size_t facts_n;
    const struct paper_pair *blocks; /* addresses, payment, shipping: two beside each other */
    size_t blocks_n;
    const struct paper_column *columns;
    size_t columns_n;
    const struct paper_row *rows;
    size_t rows_n;
    const struct paper_total *totals;
    size_t totals_n;
    str notes; /* paragraphs under the totals */
    str page;  /* "Page {n} of {m}", both places are filled in when it is printed */
};

/* A PDF of all of them, appended to `out`. Waits up to 20 seconds for the other program: only on a slow
 * worker. ERR_INTERNAL when it failed (the log says why), ERR_BUSY when it took too long. */
enum err paper_pdf(const struct paper *papers, size_t n, struct buf *out) MUST_CHECK;

/* The job as it is sent (JSON), and read back by the program that prints; ERR_BAD_REQUEST when it is none. */
void paper_write(const struct paper *papers, size_t n, struct buf *out);
enum err paper_read(struct arena *a, str json, struct paper **ret, size_t *ret_n) MUST_CHECK;

#endif
