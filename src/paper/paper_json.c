/* A print job as JSON, written and read. */
#include <jansson.h>

#include "paper/paper.h"

/* ---- writing ---- */

static void field(struct buf *b, const char *name, str value) {
    buf_printf(b, ",\"%s\":", name);
    buf_put_json(b, value.p ? value : S(""));
}

static void pairs(struct buf *b, const char *name, const struct paper_pair *p, size_t n) {
    buf_printf(b, ",\"%s\":[", name);
    for (size_t i = 0; i < n; i++) {
        buf_put(b, i ? S(",[") : S("["));
        buf_put_json(b, p[i].label);
        buf_put_char(b, ',');
        buf_put_json(b, p[i].value);
        buf_put_char(b, ']');
    }
    buf_put_char(b, ']');
}

static void table(struct buf *b, const struct paper *p) {
    buf_put(b, S(",\"columns\":["));
    for (size_t i = 0; i < p->columns_n; i++) {
        buf_put(b, i ? S(",[") : S("["));
        buf_put_json(b, p->columns[i].title);
        buf_printf(b, ",%lld,%s]", (long long)p->columns[i].width, p->columns[i].right ? "true" : "false");
    }
    buf_put(b, S("],\"rows\":["));
    for (size_t i = 0; i < p->rows_n; i++) {
        buf_put(b, i ? S(",[") : S("["));
        buf_put_json(b, p->rows[i].note.p ? p->rows[i].note : S(""));
        for (size_t k = 0; k < p->columns_n; k++) {
            buf_put_char(b, ',');
            buf_put_json(b, p->rows[i].cells[k]);
        }
        buf_put_char(b, ']');
    }
    buf_put(b, S("],\"totals\":["));
    for (size_t i = 0; i < p->totals_n; i++) {
        buf_put(b, i ? S(",[") : S("["));
        buf_put_json(b, p->totals[i].label);
        buf_put_char(b, ',');
        buf_put_json(b, p->totals[i].value);
        buf_printf(b, ",%s]", p->totals[i].grand ? "true" : "false");
    }
    buf_put_char(b, ']');
}

void paper_write(const struct paper *papers, size_t n, struct buf *out) {
    buf_put_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        const struct paper *p = &papers[i];
        buf_put(out, i ? S(",{\"lang\":") : S("{\"lang\":"));
        buf_put_json(out, p->lang);
        field(out, "shop", p->shop);
        field(out, "about", p->about);
        field(out, "title", p->title);
        pairs(out, "facts", p->facts, p->facts_n);
        pairs(out, "blocks", p->blocks, p->blocks_n);
        table(out, p);
        field(out, "notes", p->notes);
        field(out, "page", p->page);
        buf_put_char(out, '}');
    }
    buf_put_char(out, ']');
}

/* ---- reading ---- */

struct reader {
    struct arena *a;
    bool wrong;
};

static str text(struct reader *r, const json_t *j) {
    if (!json_is_string(j)) {
        r->wrong = true;
        return S("");
    }
    return arena_str(r->a, (str){json_string_value(j), json_string_length(j)});
}

static const json_t *list(struct reader *r, const json_t *j, const char *name, size_t *ret_n) {
    const json_t *l = json_object_get(j, name);
    *ret_n = json_array_size(l);
    if (!json_is_array(l)) r->wrong = true;
    return l;
}

static const struct paper_pair *read_pairs(struct reader *r, const json_t *j, const char *name,
                                           size_t *ret_n) {
    const json_t *l = list(r, j, name, ret_n);
    struct paper_pair *ret = ARENA_ARRAY(r->a, struct paper_pair, *ret_n);
    for (size_t i = 0; i < *ret_n; i++) {
        const json_t *one = json_array_get(l, i);
        ret[i] = (struct paper_pair){text(r, json_array_get(one, 0)), text(r, json_array_get(one, 1))};
    }
    return ret;
}

static void read_columns(struct reader *r, const json_t *j, struct paper *p) {
    const json_t *l = list(r, j, "columns", &p->columns_n);
    struct paper_column *ret = ARENA_ARRAY(r->a, struct paper_column, p->columns_n);
    for (size_t i = 0; i < p->columns_n; i++) {
        const json_t *one = json_array_get(l, i);
        ret[i] = (struct paper_column){.title = text(r, json_array_get(one, 0)),
                                       .width = json_integer_value(json_array_get(one, 1)),
                                       .right = json_is_true(json_array_get(one, 2))};
        if (ret[i].width < 1 || ret[i].width > 1000) r->wrong = true;
    }
    p->columns = ret;
}

static void read_rows(struct reader *r, const json_t *j, struct paper *p) {
    const json_t *l = list(r, j, "rows", &p->rows_n);
    struct paper_row *ret = ARENA_ARRAY(r->a, struct paper_row, p->rows_n);
    for (size_t i = 0; i < p->rows_n; i++) {
        const json_t *one = json_array_get(l, i);
        str *cells = ARENA_ARRAY(r->a, str, p->columns_n);
        for (size_t k = 0; k < p->columns_n; k++)
            cells[k] = text(r, json_array_get(one, k + 1));
        ret[i] = (struct paper_row){.cells = cells, .note = text(r, json_array_get(one, 0))};
    }
    p->rows = ret;
}

static void read_totals(struct reader *r, const json_t *j, struct paper *p) {
    const json_t *l = list(r, j, "totals", &p->totals_n);
    struct paper_total *ret = ARENA_ARRAY(r->a, struct paper_total, p->totals_n);
    for (size_t i = 0; i < p->totals_n; i++) {
        const json_t *one = json_array_get(l, i);
        ret[i] = (struct paper_total){.label = text(r, json_array_get(one, 0)),
                                      .value = text(r, json_array_get(one, 1)),
                                      .grand = json_is_true(json_array_get(one, 2))};
    }
    p->totals = ret;
}

enum err paper_read(struct arena *a, str json, struct paper **ret, size_t *ret_n) {
    struct reader r = {.a = a};
    json_t *all = json_loadb(json.p, json.n, 0, NULL);
    *ret_n = json_array_size(all);
    if (!json_is_array(all)) r.wrong = true;
    *ret = ARENA_ARRAY(a, struct paper, *ret_n);
    for (size_t i = 0; i < *ret_n; i++) {
        const json_t *j = json_array_get(all, i);
        struct paper *p = &(*ret)[i];
        *p = (struct paper){.lang = text(&r, json_object_get(j, "lang")),
                            .shop = text(&r, json_object_get(j, "shop")),
                            .about = text(&r, json_object_get(j, "about")),
                            .title = text(&r, json_object_get(j, "title")),
                            .notes = text(&r, json_object_get(j, "notes")),
                            .page = text(&r, json_object_get(j, "page"))};
        p->facts = read_pairs(&r, j, "facts", &p->facts_n);
        p->blocks = read_pairs(&r, j, "blocks", &p->blocks_n);
        read_columns(&r, j, p);
        read_rows(&r, j, p);
        read_totals(&r, j, p);
    }
    json_decref(all);
    return r.wrong ? ERR_BAD_REQUEST : OK;
}
