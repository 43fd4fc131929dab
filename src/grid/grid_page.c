/* The grid as a page: reads one page of rows and fills the view of gate/tpl/grid.html. */
#include "grid/grid_inside.h"

#include "gen/gate_tpl.h"
#include "gen/grid_tpl.h"

typedef struct tpl_gate_grid view;

/* Everything about one rendering. */
struct drawing {
    struct page *p;
    const struct grid_def *g;
    struct grid_state s;
    struct grid_lists lists;
    u64 wanted;
    struct grid_row *rows;
    size_t rows_n;
    i64 looked; /* blocks that they were looked for in */
    bool more_behind, more_before;
    i64 count;       /* up to GRID_COUNT_MAX + 1 */
    bool count_open; /* there may be more than that */
};

/* ---- reading ---- */

static enum err read_rows(struct drawing *d, struct grid_env *env) {
    struct page *p = d->p;
    size_t limit = (size_t)d->s.size + 1;
    TRY(grid_plan(p->db, p->arena, d->g, &d->s, env, limit));
    d->rows = ARENA_ARRAY(p->arena, struct grid_row, limit);
    return grid_read_rows(p->db, p->arena, d->g, &d->s, env, d->wanted, true, limit, d->rows, &d->rows_n,
                          &d->looked);
}

static void turn_round(struct grid_row *rows, size_t n) {
    for (size_t i = 0; i < n / 2; i++) {
        struct grid_row row = rows[i];
        rows[i] = rows[n - 1 - i];
        rows[n - 1 - i] = row;
    }
}

/* One page of rows. A place that has become empty, or too near to the start to fill a page, is answered with
 * the first page. */
static enum err read_page(struct drawing *d, struct grid_env *env) {
    size_t size = (size_t)d->s.size;
    TRY(read_rows(d, env));
    if ((d->s.way == GRID_BEFORE && d->rows_n <= size) || (d->s.way == GRID_AFTER && d->rows_n == 0)) {
        d->s.way = GRID_FIRST;
        TRY(read_rows(d, env));
    }
    bool more = d->rows_n > size;
    if (more) d->rows_n = size;
    if (d->s.way == GRID_BEFORE) turn_round(d->rows, d->rows_n);
    d->more_behind = more || d->s.way == GRID_BEFORE;
    d->more_before = d->s.way == GRID_AFTER || (d->s.way == GRID_BEFORE && more);
    return OK;
}

/* What it took many blocks to find is not counted any further: as many again would tell no more. */
static enum err read_count(struct drawing *d, const struct grid_env *env) {
    d->count_open = d->looked >= GRID_BLOCKS_COUNTED;
    if (d->count_open) return OK;
    return grid_read_count(d->p->db, d->p->arena, d->g, &d->s, env, &d->count, &d->count_open);
}

/* The rows and how many there are: not counted where the first page is all there is. */
static enum err read_all(struct drawing *d, struct grid_env *env) {
    TRY(read_page(d, env));
    if (d->s.way != GRID_FIRST || d->more_behind) {
        TRY(read_count(d, env));
        if (d->count_open) d->count = MAX_OF(d->count, (i64)d->rows_n + d->more_behind);
        return OK;
    }
    d->count = (i64)d->rows_n;
    return OK;
}

/* ---- addresses ---- */

static str address(const struct drawing *d, const struct grid_state *s) {
    return grid_state_address(d->p->arena, d->g, d->g->path, s);
}

/* The state on its first page, ready to be changed. */
static struct grid_state at_start(const struct drawing *d) {
    struct grid_state s = d->s;
    s.way = GRID_FIRST;
    s.all = false;
    return s;
}

static str address_at(const struct drawing *d, enum grid_way way, const struct grid_cursor *at) {
    struct grid_state s = d->s;
    s.way = way;
    s.all = false;
    if (at) s.cursor = *at;
    return address(d, &s);
}

static str text(const struct drawing *d, str msgid) {
    return i18n_get(d->p->lang, msgid);
}

static str title_of(const struct drawing *d, size_t col) {
    return text(d, d->g->cols[col].label);
}

/* ---- tools above the table ---- */

static str field_name(const struct drawing *d, size_t col, const char *suffix) {
    return ARENA_CAT(d->p->arena, S("f."), str_c(d->g->cols[col].key), str_c(suffix));
}

static void keep(struct tpl_gate_grid_keep *list, size_t *n, str name, str value) {
    list[(*n)++] = (struct tpl_gate_grid_keep){.name = name, .value = value};
}

/* What the form carries along: the values are those of the address, so that nothing is written twice. */
static void fill_keep(struct drawing *d, view *v) {
    struct arena *a = d->p->arena;
    struct grid_state s = {.sort = d->s.sort,
                           .descending = d->s.descending,
                           .size = d->s.size,
                           .shown = d->s.shown,
                           .standard = d->s.standard};
    str query = STR_NULL, head;
    query = str_cut(grid_state_address(a, d->g, d->g->path, &s), '?', &head);
    struct http_pair *pairs = NULL;
    size_t n = 0;
    if (!query.n || http_parse_form(a, query, 8, &pairs, &n)) return;
    struct tpl_gate_grid_keep *list = ARENA_ARRAY(a, struct tpl_gate_grid_keep, n);
    for (size_t i = 0; i < n; i++)
        keep(list, &v->keep_n, pairs[i].name, pairs[i].value);
    v->keep = list;
}

static const struct html_option *with_any(struct drawing *d, size_t col, size_t *ret_n) {
    size_t n = d->lists.n[col];
    struct html_option *list = ARENA_ARRAY(d->p->arena, struct html_option, n + 1);
    list[0] = (struct html_option){.value = S(""), .label = text(d, T("Any"))};
    if (n) memcpy(list + 1, d->lists.options[col], n * sizeof *list);
    *ret_n = n + 1;
    return list;
}

static str words_help(struct drawing *d) {
    return text(d, T("Finds beginnings of words: “jan” finds Jansen, not Marjan."));
}

static void fill_filter(struct drawing *d, size_t col, struct tpl_gate_grid_filters *f) {
    const struct grid_col *c = &d->g->cols[col];
    const struct grid_cond *k = &d->s.conds[col];
    *f = (struct tpl_gate_grid_filters){.kind = S("text"), .title = title_of(d, col)};
    if (c->filter == GRID_RANGE) {
        f->kind = c->kind == GRID_TIME || c->kind == GRID_DATE ? S("date") : S("number");
        f->from_name = field_name(d, col, ".from");
        f->to_name = field_name(d, col, ".to");
        f->from = k->from;
        f->to = k->to;
        return;
    }
    f->name = field_name(d, col, "");
    f->value = k->value.p ? k->value : S("");
    if (c->filter == GRID_WORDS) f->help = words_help(d);
    if (c->filter == GRID_PREFIX) f->help = text(d, T("Finds what begins like this."));
    if (c->filter != GRID_PICK) return;
    f->kind = S("select");
    f->options = with_any(d, col, &f->options_n);
}

static void fill_filters(struct drawing *d, view *v) {
    struct tpl_gate_grid_filters *list = ARENA_ARRAY(d->p->arena, struct tpl_gate_grid_filters, d->g->cols_n);
    v->filters_open = d->g->filters_open;
    for (size_t i = 0; i < d->g->cols_n; i++) {
        if (d->g->cols[i].filter == GRID_NO_FILTER || (d->lists.withheld >> i & 1)) continue;
        fill_filter(d, i, &list[v->filters_n++]);
        v->filters_open = v->filters_open || d->s.conds[i].wrong;
    }
    v->filters = list;
}

static str chip_value(struct drawing *d, size_t col) {
    const struct grid_cond *k = &d->s.conds[col];
    struct arena *a = d->p->arena;
    if (d->g->cols[col].filter == GRID_PICK) return grid_label(&d->lists, col, k->value);
    if (d->g->cols[col].filter != GRID_RANGE) return k->value;
    if (k->from.n && k->to.n) return ARENA_CAT(a, k->from, S(" – "), k->to);
    return k->from.n ? ARENA_CAT(a, S("≥ "), k->from) : ARENA_CAT(a, S("≤ "), k->to);
}

static void fill_chips(struct drawing *d, view *v) {
    struct tpl_gate_grid_chips *list = ARENA_ARRAY(d->p->arena, struct tpl_gate_grid_chips, d->g->cols_n + 1);
    if (d->s.q.n && !d->s.q_wrong) {
        struct grid_state s = at_start(d);
        s.q = STR_NULL;
        list[v->chips_n++] = (struct tpl_gate_grid_chips){
            .title = text(d, T("Search")), .value = d->s.q, .remove_url = address(d, &s)};
    }
    for (size_t i = 0; i < d->g->cols_n; i++) {
        if (!d->s.conds[i].on) continue;
        struct grid_state s = at_start(d);
        s.conds[i] = (struct grid_cond){0};
        list[v->chips_n++] = (struct tpl_gate_grid_chips){
            .title = title_of(d, i), .value = chip_value(d, i), .remove_url = address(d, &s)};
    }
    v->chips = list;
}

static void fill_choices(struct drawing *d, view *v) {
    struct tpl_gate_grid_choices *list = ARENA_ARRAY(d->p->arena, struct tpl_gate_grid_choices, d->g->cols_n);
    for (size_t i = 0; i < d->g->cols_n; i++) {
        if (d->g->cols[i].show == GRID_EXPORT_ONLY || (d->lists.withheld >> i & 1)) continue;
        struct grid_state s = d->s;
        s.shown ^= (u64)1 << i;
        if (!s.shown) s.shown = (u64)1 << i; /* the last one stays */
        list[v->choices_n++] = (struct tpl_gate_grid_choices){
            .title = title_of(d, i), .shown = (d->s.shown >> i & 1) != 0, .toggle_url = address(d, &s)};
    }
    v->choices = list;
}

static void fill_exports(struct drawing *d, view *v) {
    if (!d->g->export_path.p) return;
    struct tpl_gate_grid_exports *list = ARENA_ARRAY(d->p->arena, struct tpl_gate_grid_exports, 2);
    for (int i = 0; i < 2; i++) {
        struct grid_state s = at_start(d);
        s.jsonl = i == 1;
        list[i] = (struct tpl_gate_grid_exports){
            .title = i ? S("JSON Lines") : S("CSV"),
            .url = grid_state_address(d->p->arena, d->g, d->g->export_path, &s)};
    }
    v->exports = list;
    v->exports_n = 2;
}

/* ---- the table ---- */

static bool is_number(const struct grid_col *c) {
    return c->kind == GRID_INT || c->kind == GRID_MONEY;
}

static void fill_columns(struct drawing *d, view *v) {
    struct tpl_gate_grid_columns *list = ARENA_ARRAY(d->p->arena, struct tpl_gate_grid_columns, d->g->cols_n);
    for (size_t i = 0; i < d->g->cols_n; i++) {
        if (!(d->s.shown >> i & 1)) continue;
        struct tpl_gate_grid_columns *c = &list[v->columns_n++];
        *c = (struct tpl_gate_grid_columns){.title = title_of(d, i), .numeric = is_number(&d->g->cols[i])};
        if (!d->g->cols[i].sort.text) continue;
        struct grid_state s = at_start(d);
        s.sort = i;
        s.descending = i == d->s.sort && !d->s.descending;
        c->sort_url = address(d, &s);
        if (i == d->s.sort) c->sort = d->s.descending ? S("desc") : S("asc");
    }
    v->columns = list;
}

static str cell_text(struct drawing *d, size_t col, const struct grid_value *value) {
    struct arena *a = d->p->arena;
    if (value->null) return S("");
    switch (d->g->cols[col].kind) {
    case GRID_TEXT: return d->g->cols[col].reads ? d->g->cols[col].reads(a, d->p->lang, value->s) : value->s;
    case GRID_INT: return arena_printf(a, "%lld", (long long)value->i);
    case GRID_MONEY:
        return value->s.n ? i18n_money_in(a, d->p->actor->staff_locale, value->s, value->i)
                          : i18n_money(a, d->p->format, value->i);
    case GRID_TIME: return i18n_time(a, d->p->format, value->i);
    case GRID_DATE: return i18n_date(a, d->p->format, value->i);
    case GRID_CHOICE: return grid_label(&d->lists, col, value->s);
    case GRID_BOOL:
    case GRID_CHOICE_INT: return grid_label(&d->lists, col, arena_printf(a, "%lld", (long long)value->i));
    }
    return S("");
}

static bool may_follow(const struct drawing *d, const struct grid_link *l) {
    return (l->right < 0 || actor_may(d->p->actor, l->right)) && (!l->offered || l->offered(d->p));
}

static str link_address(const struct drawing *d, const struct grid_link *l, opt_i64 id, opt_i64 second) {
    if (!id.set) return S("");
    str url =
        arena_printf(d->p->arena, "%.*s%lld%.*s", STR_ARG(l->before), (long long)id.v, STR_ARG(l->after));
    return second.set ? arena_printf(d->p->arena, "%.*s%lld", STR_ARG(url), (long long)second.v) : url;
}

enum { LONG_WORD = 18, LONG_TEXT = 48 };

static bool has_long_word(str s) {
    size_t run = 0;
    for (size_t i = 0; i < s.n; i++) {
        run = s.p[i] == ' ' ? 0 : run + 1;
        if (run > LONG_WORD) return true;
    }
    return false;
}

/* How a cell gives way when the table is wider than its place: text wraps between words, an address or a code
 * at its @ or _ and at last anywhere; a number, a date or a tag stays whole. */
static str cell_look(const struct grid_col *def, const struct tpl_gate_grid_rows_cells *c) {
    if (c->tone.n || (def->kind != GRID_TEXT && def->kind != GRID_CHOICE && def->kind != GRID_CHOICE_INT))
        return S("is-short");
    bool long_word = has_long_word(c->text), words = c->text.n > 0 && memchr(c->text.p, ' ', c->text.n);
    if (words && (long_word || c->text.n > LONG_TEXT)) return S("is-text");
    return long_word ? S("is-long") : S("");
}

/* Where the text is best broken: a time before the hour, an address at its @, a code at its last _. */
static void break_cell(const struct grid_col *def, struct tpl_gate_grid_rows_cells *c) {
    bool time = def->kind == GRID_TIME, word = def->kind == GRID_TEXT && !memchr(c->text.p, ' ', c->text.n);
    for (size_t i = c->text.n; (time || word) && i-- > 0;) {
        bool here = time ? c->text.p[i] == ' ' : c->text.p[i] == '@' || c->text.p[i] == '_';
        if (!here) continue;
        size_t at = c->text.p[i] == '@' ? i : i + 1;
        c->rest = str_slice(c->text, at, c->text.n);
        c->text = str_slice(c->text, 0, at);
        return;
    }
}

/* The shorter name of a choice, which may be broken between its words too. */
static bool shorten_cell(struct drawing *d, const struct grid_col *def, const struct grid_value *value,
                         struct tpl_gate_grid_rows_cells *c) {
    str whole = c->text;
    if (!def->brief || !def->brief(d->p, value->i, &c->text, &c->rest)) return false;
    c->whole = whole;
    c->look = has_long_word(c->text) || has_long_word(c->rest) ? S("is-text") : S("");
    return true;
}

static void fill_cell(struct drawing *d, const struct grid_row *row, size_t col,
                      struct tpl_gate_grid_rows_cells *c) {
    const struct grid_col *def = &d->g->cols[col];
    const struct grid_value *value = &row->cells[col];
    *c = (struct tpl_gate_grid_rows_cells){
        .label = title_of(d, col), .text = cell_text(d, col, value), .numeric = is_number(def)};
    c->rest = c->whole = S("");
    if (def->link && may_follow(d, def->link)) c->url = link_address(d, def->link, row->links[col], NONE);
    if (def->choices && !value->null)
        c->tone = str_c(grid_tone(def, grid_kind_is_text(def->kind)
                                           ? value->s
                                           : arena_printf(d->p->arena, "%lld", (long long)value->i)));
    c->look = cell_look(def, c);
    if (c->text.n && !shorten_cell(d, def, value, c)) break_cell(def, c);
}

static void fill_links(struct drawing *d, const struct grid_row *row, const bool *may,
                       struct tpl_gate_grid_rows *r) {
    struct tpl_gate_grid_rows_links *list =
        ARENA_ARRAY(d->p->arena, struct tpl_gate_grid_rows_links, GRID_ACTIONS);
    for (size_t i = 0; i < d->g->actions_n; i++) {
        const struct grid_link *l = &d->g->actions[i];
        if (!may[i] || !row->offered[i]) continue;
        str url = link_address(d, l, row->actions[i], row->seconds[i]), label = text(d, l->label);
        if (i == 0) {
            r->edit_url = url;
            r->edit_label = label;
        } else if (url.n) {
            list[r->links_n++] =
                (struct tpl_gate_grid_rows_links){.title = label, .url = url, .dialog = l->dialog};
        }
    }
    r->links = list;
}

static void fill_row(struct drawing *d, const struct grid_row *row, const bool *may, size_t cells_n,
                     struct tpl_gate_grid_rows *r) {
    struct tpl_gate_grid_rows_cells *cells =
        ARENA_ARRAY(d->p->arena, struct tpl_gate_grid_rows_cells, cells_n);
    *r = (struct tpl_gate_grid_rows){.id = row->id, .cells = cells, .edit_url = S("")};
    for (size_t i = 0; i < d->g->cols_n; i++)
        if (d->s.shown >> i & 1) fill_cell(d, row, i, &cells[r->cells_n++]);
    size_t name = d->g->row_name ? grid_col_find(d->g, str_c(d->g->row_name)) : d->g->cols_n;
    if (name < d->g->cols_n) r->name = cell_text(d, name, &row->cells[name]);
    fill_links(d, row, may, r);
}

static void fill_rows(struct drawing *d, view *v) {
    bool may[GRID_ACTIONS] = {false};
    for (size_t i = 0; i < d->g->actions_n; i++) {
        may[i] = may_follow(d, &d->g->actions[i]);
        v->links_column = v->links_column || may[i];
    }
    if (v->links_column) v->links_title = text(d, d->g->actions_n > 1 ? T("Action") : d->g->actions[0].label);
    struct tpl_gate_grid_rows *list = ARENA_ARRAY(d->p->arena, struct tpl_gate_grid_rows, d->rows_n);
    for (size_t i = 0; i < d->rows_n; i++)
        fill_row(d, &d->rows[i], may, v->columns_n, &list[i]);
    v->rows = list;
    v->rows_n = d->rows_n;
    grid_mass_fill(d->p, d->g, &d->s, v);
    bool narrowed = v->chips_n > 0;
    v->empty_title = narrowed ? text(d, T("Nothing matches.")) : text(d, d->g->empty);
    v->empty_text = narrowed ? text(d, T("Change the search or the filters, or reset them.")) : S("");
}

/* ---- below the table ---- */

static str count_text(struct drawing *d) {
    if (d->count > GRID_COUNT_MAX) return text(d, T("More than 1,000 records"));
    if (d->count == 1 && !d->count_open) return text(d, T("1 record"));
    struct i18n_arg n = {S("n"), arena_printf(d->p->arena, "%lld", (long long)d->count)};
    if (d->count_open) return i18n_format_message(d->p->arena, d->p->lang, T("At least {n} records"), &n, 1);
    return i18n_format_message(d->p->arena, d->p->lang, T("{n} records"), &n, 1);
}

static void fill_sizes(struct drawing *d, view *v) {
    static const int sizes[] = {20, 50, 100, GRID_PAGE_MAX};
    if (d->count <= sizes[0] && d->s.size == sizes[0]) return;
    struct tpl_gate_grid_sizes *list = ARENA_ARRAY(d->p->arena, struct tpl_gate_grid_sizes, COUNT_OF(sizes));
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct grid_state s = at_start(d);
        s.size = sizes[i];
        list[i] = (struct tpl_gate_grid_sizes){.title = arena_printf(d->p->arena, "%d", sizes[i]),
                                               .url = address(d, &s),
                                               .current = sizes[i] == d->s.size};
    }
    v->sizes = list;
    v->sizes_n = COUNT_OF(sizes);
}

static void fill_pager(struct drawing *d, view *v) {
    v->first_url = v->prev_url = v->next_url = S("");
    if (d->more_before) {
        v->first_url = address_at(d, GRID_FIRST, NULL);
        if (d->rows_n) v->prev_url = address_at(d, GRID_BEFORE, &d->rows[0].at);
    }
    if (d->more_behind && d->rows_n) v->next_url = address_at(d, GRID_AFTER, &d->rows[d->rows_n - 1].at);
}

/* ---- what is wrong ---- */

static str wrong_filter(struct drawing *d, size_t col) {
    const struct grid_col *c = &d->g->cols[col];
    str why = c->filter == GRID_PICK ? T("{field}: choose one of the values of the list.")
              : !(c->filter == GRID_RANGE || c->filter == GRID_EXACT) ? T("{field}: this text is too long.")
              : c->kind == GRID_TIME || c->kind == GRID_DATE ? T("{field}: enter a date as YYYY-MM-DD.")
              : c->kind == GRID_MONEY ? T("{field}: enter an amount, for example 12.50.")
              : c->kind == GRID_INT   ? T("{field}: enter a whole number.")
                                      : T("{field}: this text is too long.");
    struct i18n_arg field = {S("field"), title_of(d, col)};
    return i18n_format_message(d->p->arena, d->p->lang, why, &field, 1);
}

static void put_problems(struct drawing *d) {
    if (!grid_state_wrong(d->g, &d->s)) return;
    struct tpl_grid_problems v = {0};
    struct tpl_grid_problems_problems *list =
        ARENA_ARRAY(d->p->arena, struct tpl_grid_problems_problems, d->g->cols_n + 3);
    if (d->s.broken) list[v.problems_n++].text = text(d, T("The filters in this address cannot be read."));
    if (d->s.q_wrong) list[v.problems_n++].text = text(d, T("Search: this text is too long."));
    for (size_t i = 0; i < d->g->cols_n; i++)
        if (d->s.conds[i].wrong) list[v.problems_n++].text = wrong_filter(d, i);
    if (d->s.cursor_wrong)
        list[v.problems_n++].text = text(d, T("This place in the list cannot be found; this is its start."));
    v.problems = list;
    reply_status(d->p->reply, 422);
    tpl_grid_problems(d->p->out, &v);
}

/* ---- the page ---- */

static view make_view(struct drawing *d) {
    view v = {.id = str_c(d->g->name),
              .title = text(d, d->g->title),
              .action = d->g->path,
              .search = d->g->search.text != NULL,
              .search_name = S("q"),
              .search_value = d->s.q.p ? d->s.q : S("")};
    v.search_label = text(d, d->g->search_label.p ? d->g->search_label : T("Search by keyword"));
    if (d->g->words.text) v.search_help = words_help(d);
    fill_keep(d, &v);
    fill_filters(d, &v);
    fill_chips(d, &v);
    fill_choices(d, &v);
    fill_exports(d, &v);
    fill_columns(d, &v);
    fill_rows(d, &v);
    v.count = count_text(d);
    fill_sizes(d, &v);
    fill_pager(d, &v);
    return v;
}

enum err grid_page(struct page *p, const struct grid_def *g) {
    struct drawing d = {.p = p, .g = g};
    struct grid_env env = {
        .scope = db_scope(p->db), .now_us = p->now_us, .param = g->param ? g->param(p) : 0};
    TRY(grid_lists_load(p, p->arena, g, &d.lists));
    grid_state_read(p->arena, g, &d.lists, p->format, p->query, &d.s);
    d.wanted = grid_wanted(g, &d.lists, &d.s, false);
    TRY(read_all(&d, &env));
    reply_title(p->reply, text(&d, g->title));
    reply_menu(p->reply, g->page);
    put_problems(&d);
    view v = make_view(&d);
    tpl_gate_grid(p->out, &v);
    return OK;
}
