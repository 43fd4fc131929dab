/* audit verify, export, head. All of them read only, beside a running server too. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "app/app.h"
#include "app/app_key.h"
#include "audit/audit.h"
#include "gen/app_sql.h"

/* ---------------------------------------------------------------- head */

int app_audit_head(struct app *app) {
    struct audit_head head;
    struct db *db;
    struct db_r *r;
    int status = app_open(app, APP_OPEN_READ, &db, NULL, NULL);
    if (status) return status;
    status = app_read(app, db, app->arena, &r);
    if (!status) {
        enum err e = audit_head_get(r, &head);
        db_read_end(r);
        if (e)
            status = app_fail(app, "%.*s", STR_ARG(db_last_error(db, app->arena)));
        else
            app_say("%lld:%.*s", (long long)head.entries,
                    STR_ARG(crypto_hex(app->arena, hash_str(&head.hash))));
    }
    db_close(db);
    return status;
}

static bool parse_head(struct arena *a, str text, struct audit_head *ret) {
    str number, hex = str_cut(text, ':', &number), bytes;
    if (!str_to_i64(number, &ret->entries) || ret->entries < 0) return false;
    if (!hex.p || !crypto_unhex(a, hex, &bytes) || bytes.n != CRYPTO_HASH) return false;
    memcpy(ret->hash.b, bytes.p, CRYPTO_HASH);
    return true;
}

/* ---------------------------------------------------------------- verify */

static void show_progress(void *arg, i64 done, i64 total) {
    (void)arg;
    fprintf(stderr, "\r%lld of %lld entries", (long long)done, (long long)total);
    fflush(stderr);
}

/* The key that the operator trusts: the one given or beside the database. Without it, the first seal's own.
 */
static int trusted_key(struct app *app, struct app_key *key, bool *ret_found) {
    str why, path = app_key_path(app);
    enum err e = app_key_read(app->arena, path, key, &why);
    *ret_found = !e;
    /* A file that is only not ours to read is no reason to say nothing at all. */
    if (e && (app_given(app, "--key").p || access(arena_cstr(app->arena, path), R_OK) == 0))
        return app_fail(app, "%.*s", STR_ARG(why));
    return APP_DONE;
}

static int say_verdict(struct app *app, const struct audit_verdict *v, bool trusted) {
    if (!v->whole) {
        app_say("NOT WHOLE: %.*s (%lld entries before it are good)", STR_ARG(v->why), (long long)v->entries);
        return APP_NOT_WHOLE;
    }
    app_say("The record is whole: %lld entries, %lld seal%s%s, head %lld:%.*s", (long long)v->entries,
            (long long)v->seals, v->seals == 1 ? "" : "s",
            trusted || !v->seals ? "" : " (by the key that the first of them names)", (long long)v->entries,
            STR_ARG(crypto_hex(app->arena, hash_str(&v->head))));
    return APP_DONE;
}

int app_audit_verify(struct app *app) {
    struct audit_head noted;
    struct audit_verdict verdict;
    struct app_key key;
    struct db *db;
    bool trusted = false;
    str head = app_given(app, "--head");
    if (head.p && !parse_head(app->arena, head, &noted))
        return app_fail(app, "--head: ENTRIES:HASH as `audit head` prints it, not \"%.*s\"", STR_ARG(head));
    int status = app_open(app, APP_OPEN_READ, &db, NULL, NULL);
    if (status) return status;
    status = trusted_key(app, &key, &trusted);
    if (!status) {
        bool terminal = isatty(STDERR_FILENO);
        struct db_r *r;
        status = app_read(app, db, app->arena, &r);
        enum err e = OK;
        if (!status) {
            e = audit_verify(r, app->arena, trusted ? key.public_key : NULL, head.p ? &noted : NULL,
                             terminal ? show_progress : NULL, NULL, &verdict);
            db_read_end(r);
        }
        if (terminal) fputs("\r\033[K", stderr);
        if (!status)
            status = e ? app_fail(app, "%.*s", STR_ARG(db_last_error(db, app->arena)))
                       : say_verdict(app, &verdict, trusted);
    }
    db_close(db);
    return status;
}

/* ---------------------------------------------------------------- export */

enum kind { NUMBER, TIME, TEXT, HEX };

/* One column: a value of whatever kind, so that both formats walk the same list. */
struct cell {
    const char *name;
    enum kind kind;
    bool null;
    i64 number;
    str text;
};

enum { CELLS = 24, STEP = 500, EXPORT_MAX = 64 * 1024 * 1024 };

static struct cell number_cell(const char *name, opt_i64 v) {
    return (struct cell){.name = name, .kind = NUMBER, .null = !v.set, .number = v.v};
}

static struct cell text_cell(const char *name, str s) {
    return (struct cell){.name = name, .kind = TEXT, .text = s};
}

static void cells_of(const struct app_entries *e, struct cell ret[CELLS]) {
    const struct cell all[CELLS] = {
        number_cell("id", OPT(e->id)),
        {.name = "time", .kind = TIME, .number = e->at_us},
        text_cell("action_group", e->action_group),
        text_cell("action", e->action),
        text_cell("full_action", e->full_action),
        text_cell("result", e->result),
        text_cell("reason", e->reason),
        text_cell("actor", e->actor),
        number_cell("staff_id", e->staff_id),
        text_cell("username", e->username),
        number_cell("customer_id", e->customer_id),
        text_cell("customer", e->customer),
        number_cell("session_id", e->session_id),
        number_cell("website_id", e->website_id),
        text_cell("view", e->view),
        text_cell("origin", e->origin),
        text_cell("subject_kind", e->subject_kind),
        text_cell("subject_id", e->subject_id),
        text_cell("details", e->details),
        text_cell("before", e->before_json),
        text_cell("after", e->after_json),
        text_cell("ip", e->ip),
        {.name = "prev_hash", .kind = HEX, .text = e->prev_hash},
        {.name = "hash", .kind = HEX, .text = e->hash},
    };
    memcpy(ret, all, sizeof all);
}

static str cell_text(struct arena *a, const struct cell *c) {
    switch (c->kind) {
    case NUMBER: return c->null ? S("") : arena_printf(a, "%lld", (long long)c->number);
    case TIME: return time_rfc3339(a, c->number);
    case HEX: return crypto_hex(a, c->text);
    case TEXT: break;
    }
    return c->text;
}

/* RFC 4180; what a spreadsheet would run as a formula gets an apostrophe in front. */
static void put_csv(struct buf *out, const struct cell *c, str s) {
    bool formula = c->kind == TEXT && s.n && memchr("=+-@\t\r", s.p[0], 6);
    bool quote = formula || str_find_char(s, ',') < s.n || str_find_char(s, '"') < s.n ||
                 str_find_char(s, '\n') < s.n || str_find_char(s, '\r') < s.n;
    if (quote) buf_put_char(out, '"');
    if (formula) buf_put_char(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"') buf_put_char(out, '"');
        buf_put_char(out, s.p[i]);
    }
    if (quote) buf_put_char(out, '"');
}

static void put_json(struct buf *out, const struct cell *c, str s) {
    bool object = (strcmp(c->name, "before") == 0 || strcmp(c->name, "after") == 0) && s.n; /* kept as JSON */
    if (c->null || (c->kind == TEXT && !s.n))
        buf_put(out, c->null ? S("null") : S("\"\""));
    else if (c->kind == NUMBER || object)
        buf_put(out, s);
    else
        buf_put_json(out, s);
}

static void put_entry(struct buf *out, struct arena *a, const struct app_entries *e, bool json) {
    struct cell cells[CELLS];
    cells_of(e, cells);
    for (size_t i = 0; i < CELLS; i++) {
        str s = cell_text(a, &cells[i]);
        if (json) {
            buf_printf(out, "%s\"%s\":", i ? "," : "{", cells[i].name);
            put_json(out, &cells[i], s);
        } else {
            if (i) buf_put_char(out, ',');
            put_csv(out, &cells[i], s);
        }
    }
    buf_put(out, json ? S("}\n") : S("\r\n"));
}

static void put_heading(struct buf *out) {
    struct cell cells[CELLS];
    cells_of(&(struct app_entries){0}, cells);
    for (size_t i = 0; i < CELLS; i++)
        buf_printf(out, "%s%s", i ? "," : "", cells[i].name);
    buf_put(out, S("\r\n"));
}

static bool write_all(int fd, str s) {
    while (s.n) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        s = str_slice(s, (size_t)n, s.n);
    }
    return true;
}

/* Step by step, each with a snapshot and memory of its own: the record only grows, so a long export neither
 * holds up the server nor fills the memory. */
static int export_to(struct app *app, struct db *db, int fd, bool json, i64 *ret_n) {
    struct arena *a = arena_make();
    struct buf out;
    int status = APP_DONE;
    buf_init(&out, EXPORT_MAX);
    if (!json) put_heading(&out);
    *ret_n = 0;
    for (i64 after = INT64_MIN; !status;) {
        struct app_entries *rows = NULL;
        struct db_r *r;
        size_t n = 0;
        status = app_read(app, db, a, &r);
        if (status) break;
        enum err e = app_entries(r, after, STEP, &rows, &n);
        for (size_t i = 0; i < n && !e; i++)
            put_entry(&out, a, &rows[i], json);
        db_read_end(r);
        if (e)
            status = app_fail(app, "%.*s", STR_ARG(db_last_error(db, app->arena)));
        else if (!buf_ok(&out) || !write_all(fd, buf_str(&out)))
            status = app_fail(app, "cannot write: %s",
                              buf_ok(&out) ? strerror(errno) : "entries that are too large");
        *ret_n += (i64)n;
        if (n < STEP) break;
        after = rows[n - 1].id;
        buf_clear(&out);
        arena_reset(a);
    }
    buf_done(&out);
    arena_free(a);
    return status;
}

int app_audit_export(struct app *app) {
    struct db *db;
    i64 n;
    str format = app_given(app, "--format"), out = app_given(app, "--out");
    bool json = str_eq(format, S("jsonl"));
    if (format.p && !json && !str_eq(format, S("csv")))
        return app_fail(app, "--format: csv or jsonl, not \"%.*s\"", STR_ARG(format));
    int status = app_open(app, APP_OPEN_READ, &db, NULL, NULL);
    if (status) return status;
    int fd = out.p ? open(arena_cstr(app->arena, out), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)
                   : STDOUT_FILENO;
    if (fd < 0) {
        status = app_fail(app, "cannot make %.*s: %s", STR_ARG(out), strerror(errno));
    } else {
        status = export_to(app, db, fd, json, &n);
        if (out.p && (fsync(fd) != 0 || close(fd) != 0) && !status)
            status = app_fail(app, "cannot write %.*s: %s", STR_ARG(out), strerror(errno));
        if (out.p && status) unlink(arena_cstr(app->arena, out));
        if (out.p && !status) app_say("%lld entries written to %.*s.", (long long)n, STR_ARG(out));
    }
    db_close(db);
    return status;
}
