/* countersign-print: reads documents as JSON from standard input, writes one PDF of them to standard output.
 * Started by the server for one job (paper/paper_run.c); it has no database, no network and no secrets, and
 * little time and memory. Exit status 0: all is printed; what could not be shown is said on standard error.
 */
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "print/sheet.h"

enum { JOB_MAX = 16 * 1024 * 1024, SECONDS_MAX = 20 };

/* For builds with the leak sanitizer: cairo keeps an array of its PDF's objects until the program ends. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libcairo\nleak:libfontconfig\nleak:libpango\n";
}

static void limit(int what, rlim_t n) {
    const struct rlimit l = {n, n};
    setrlimit((__rlimit_resource_t)what, &l);
}

static void confine(void) {
    limit(RLIMIT_CPU, SECONDS_MAX);
    limit(RLIMIT_CORE, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close_range(3, ~0U, 0);
}

static cairo_status_t put(void *closure, const unsigned char *bytes, unsigned int n) {
    (void)closure;
    return fwrite(bytes, 1, n, stdout) == n ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static bool read_job(struct buf *job) {
    char piece[65536];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, stdin)) > 0)
        buf_put(job, (str){piece, n});
    return buf_ok(job) && !ferror(stdin);
}

/* Every document twice: once to count its pages, once to draw them. */
static void print_papers(struct sheet *s, const struct paper *papers, size_t n) {
    for (size_t i = 0; i < n; i++) {
        s->draws = false;
        sheet_paper(s, &papers[i]);
        s->pages = s->page;
        s->draws = true;
        sheet_paper(s, &papers[i]);
    }
}

static bool print_pdf(struct arena *a, const struct paper *papers, size_t n) {
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(put, NULL, SHEET_WIDTH, SHEET_HEIGHT);
    struct sheet s = {.cr = cairo_create(surface), .a = a};
    s.context = pango_cairo_create_context(s.cr);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, arena_cstr(a, papers[0].title));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, arena_cstr(a, papers[0].shop));
    print_papers(&s, papers, n);
    g_object_unref(s.context);
    cairo_destroy(s.cr);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status) fprintf(stderr, "cairo: %s\n", cairo_status_to_string(status));
    if (s.unknown)
        fprintf(stderr, "%d characters have no glyph in the fonts that are installed\n", s.unknown);
    return status == CAIRO_STATUS_SUCCESS && fflush(stdout) == 0;
}

int main(void) {
    struct arena *a = arena_make();
    struct buf job;
    struct paper *papers;
    size_t n;
    confine();
    buf_init(&job, JOB_MAX);
    bool done = read_job(&job);
    if (done && (paper_read(a, buf_str(&job), &papers, &n) || n == 0)) {
        fputs("this is no print job\n", stderr);
        done = false;
    }
    done = done && print_pdf(a, papers, n);
    buf_done(&job);
    arena_free(a);
    /* The libraries keep things for the next document. To have them take all of it down is not worth it:
     * cairo aborts when a font is still in use by then, which happens now and then. */
    return done ? 0 : 1;
}
