/* The HTML run time: escaping, addresses, holes, and forms that are shown again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "html/asset.h"
#include "html/html.h"

struct bench {
    struct arena *arena;
    struct i18n_format *format;
    struct html_env env;
    struct html out;
};

static int set_up(void **state) {
    static struct bench b;
    b = (struct bench){.arena = arena_make(),
                       .format = i18n_format_make(S("nl_NL"), S("EUR"), S("Europe/Amsterdam"))};
    b.env = (struct html_env){.lang = LANG_EN, .format = b.format, .view_path = S("/nl")};
    html_init(&b.out, b.arena, &b.env, 1 << 20);
    *state = &b;
    return 0;
}

static int tear_down(void **state) {
    struct bench *b = *state;
    html_done(&b->out);
    i18n_format_free(b->format);
    arena_free(b->arena);
    return 0;
}

static void assert_str(str got, const char *want) {
    char copy[4096];
    assert_in_range(got.n, 0, sizeof copy - 1);
    memcpy(copy, got.p, got.n);
    copy[got.n] = 0;
    assert_string_equal(copy, want);
}

/* What was written is exactly `want`; empties the page. */
static void written(struct bench *b, const char *want) {
    assert_str(html_take(&b->out).bytes, want);
}

static void has(struct bench *b, const char *part, bool want) {
    str all = buf_str(&b->out.b);
    bool found = str_find(all, str_c(part)) < all.n;
    if (found != want) print_error("%.*s\n", STR_ARG(all));
    assert_int_equal(found, want);
}

static void test_escape(void **state) {
    struct bench *b = *state;
    html_text(&b->out, S("<a href='x'>\"&\"</a>"));
    written(b, "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;");
    html_text(&b->out, S("plain \xc3\xa9 text"));
    written(b, "plain \xc3\xa9 text");
    html_text(&b->out, STR_NULL);
    html_text(&b->out, S(""));
    written(b, "");
    html_email(&b->out, S("anna.de-vries@shop.example"));
    html_email(&b->out, S(".<@"));
    html_email(&b->out, STR_NULL);
    written(b, "anna<wbr>.de-vries<wbr>@shop<wbr>.example.&lt;<wbr>@");
    html_int(&b->out, INT64_MIN);
    html_int(&b->out, 0);
    written(b, "-92233720368547758080");
}

static void test_every_byte(void **state) {
    struct bench *b = *state;
    for (int c = 0; c < 256; c++) {
        char byte = (char)c;
        html_text(&b->out, (str){&byte, 1});
        str got = html_take(&b->out).bytes;
        bool special = c == '<' || c == '>' || c == '&' || c == '"' || c == '\'';
        assert_int_equal(got.n > 1, special);
        if (!special) assert_int_equal(got.p[0], byte);
    }
}

static void test_url(void **state) {
    struct bench *b = *state;
    static const char *const refused[] = {"javascript:alert(1)",
                                          "JaVaScRiPt:x",
                                          "data:text/html,x",
                                          "//evil.example",
                                          "/\\evil.example",
                                          "\\\\evil",
                                          "vbscript:x",
                                          " /x",
                                          "java\nscript:x",
                                          "https:evil",
                                          "x",
                                          "",
                                          "mailto:a b",
                                          "/\t/evil"};
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        html_url(&b->out, str_c(refused[i]));
        written(b, "#");
    }
    static const char *const fine[] = {"/", "/a?b=c", "https://a.example/x", "http://a.example",
                                       "mailto:a@example.com"};
    for (size_t i = 0; i < COUNT_OF(fine); i++) {
        html_url(&b->out, str_c(fine[i]));
        written(b, fine[i]);
    }
    html_path_part(&b->out, S("a/b ?#%\xc3\xa9~"));
    written(b, "a%2Fb%20%3F%23%25%C3%A9~");
    html_path_part(&b->out, S(".."));
    written(b, "%252E%252E");
    html_query_part(&b->out, S("a&b=c+d\""));
    written(b, "a%26b%3Dc%2Bd%22");
}

static void test_limit(void **state) {
    struct bench *b = *state;
    struct html small;
    html_init(&small, b->arena, &b->env, 8);
    html_text(&small, S("12345678"));
    assert_true(html_ok(&small));
    html_text(&small, S("9"));
    assert_false(html_ok(&small));
    html_done(&small);
}

static void test_holes(void **state) {
    struct bench *b = *state;
    html_lit(&b->out, "ab", 2);
    html_hole(&b->out, HOLE_TOP);
    html_t inner = html_take(&b->out);
    for (int i = 0; i < 100; i++) {
        html_lit(&b->out, "-", 1);
        html_html(&b->out, inner);
    }
    html_t all = html_take(&b->out);
    assert_int_equal(all.marks_n, 100);
    for (size_t i = 0; i < 100; i++) {
        assert_int_equal(all.marks[i].at, i * 3 + 3);
        assert_int_equal(all.marks[i].hole, HOLE_TOP);
    }
    html_csrf(&b->out);
    html_shop_root(&b->out);
    all = html_take(&b->out);
    assert_int_equal(all.marks_n, 2);
    assert_int_equal(all.marks[0].hole, HOLE_CSRF);
    assert_str(str_slice(all.bytes, 0, all.marks[0].at), "<input type=\"hidden\" name=\"csrf\" value=\"");
    assert_str(str_slice(all.bytes, all.marks[1].at, all.bytes.n), "/nl");
}

static void test_message(void **state) {
    struct bench *b = *state;
    html_message(&b->out, S("{a} and {b} <{c"),
                 (const struct html_arg[]){{S("a"), S("<1>")}, {S("b"), S("{a}")}}, 2);
    written(b, "&lt;1&gt; and {a} &lt;{c");
}

/* A refused form: name was too short, a tag was unknown, the entry web/x of the map was wrong. */
static const struct html_pair posted[] = {
    {S_INIT("id"), S_INIT("7")},
    {S_INIT("name"), S_INIT("<b>")},
    {S_INIT("kind"), S_INIT("two")},
    {S_INIT("tags"), S_INIT("red")},
    {S_INIT("tags"), S_INIT("blue")},
    {S_INIT("conf[web/x]"), S_INIT("new")},
    {S_INIT("password"), S_INIT("geheim")},
};
static const struct html_field_error errors[] = {
    {S_INIT("name"), S_INIT("Too <short>.")},
    {S_INIT("conf[web/x]"), S_INIT("Wrong.")},
    {S_INIT("other"), S_INIT("Unknown field.")},
};
static const struct html_form refused_form = {.op = 3,
                                              .posted = posted,
                                              .posted_n = COUNT_OF(posted),
                                              .errors = errors,
                                              .errors_n = COUNT_OF(errors),
                                              .message = S_INIT("Please look.")};

static void test_form_here(void **state) {
    struct bench *b = *state;
    const struct html_pair mine[] = {{S("id"), S("7")}}, others[] = {{S("id"), S("8")}},
                           unposted[] = {{S("key"), S("x")}};
    assert_null(html_form_here(&b->out, 3, mine, 1));
    b->env.form = &refused_form;
    assert_non_null(html_form_here(&b->out, 3, mine, 1));
    assert_non_null(html_form_here(&b->out, 3, NULL, 0));
    assert_non_null(html_form_here(&b->out, 3, unposted, 1));
    assert_null(html_form_here(&b->out, 3, others, 1));
    assert_null(html_form_here(&b->out, 4, mine, 1));
}

static void test_form_errors(void **state) {
    struct bench *b = *state;
    html_form_errors(&b->out, &refused_form, (const str[]){S("name"), S("conf[")}, 2);
    written(b, "<div class=\"alert alert-danger\" role=\"alert\">Please look.<br>Unknown field.</div>\n");
    struct html_form at_field = refused_form;
    at_field.message = STR_NULL;
    at_field.errors_n = 1;
    html_form_errors(&b->out, &at_field, (const str[]){at_field.errors[0].field}, 1);
    written(b,
            "<div class=\"alert alert-danger\" role=\"alert\">Please correct the marked fields; nothing was "
            "changed.</div>\n");
    html_form_errors(&b->out, NULL, NULL, 0);
    written(b, "");
}

static void test_field_error(void **state) {
    struct bench *b = *state;
    struct html_field c = {.control = HTML_INPUT,
                           .type = "text",
                           .name = S("name"),
                           .id = S("f-name"),
                           .label = S("Name"),
                           .help = S("Short."),
                           .value = S("old"),
                           .lo = 1,
                           .hi = 40,
                           .required = true};
    html_field(&b->out, &refused_form, &c);
    written(b, "<div class=\"mb-3\"><label for=\"f-name\" class=\"form-label required\">Name</label>"
               "<input type=\"text\" id=\"f-name\" name=\"name\" class=\"form-control is-invalid\" "
               "value=\"&lt;b&gt;\" maxlength=\"40\" required"
               " aria-invalid=\"true\" aria-describedby=\"f-name-error f-name-help\">"
               "<div class=\"invalid-feedback d-block\" id=\"f-name-error\">Too &lt;short&gt;.</div>"
               "<div class=\"form-text\" id=\"f-name-help\">Short.</div></div>\n");
    html_field(&b->out, NULL, &c);
    has(b, "value=\"old\"", true);
    has(b, "is-invalid", false);
    c.disabled = true; /* was not posted, so the old value stands */
    html_take(&b->out);
    html_field(&b->out, &refused_form, &c);
    has(b, "value=\"old\"", true);
    has(b, " disabled", true);
}

static void test_password(void **state) {
    struct bench *b = *state;
    struct html_field c = {.control = HTML_INPUT,
                           .type = "password",
                           .name = S("password"),
                           .id = S("p"),
                           .label = S("Password"),
                           .value = S("stored"),
                           .never_echo = true};
    html_field(&b->out, &refused_form, &c);
    html_field(&b->out, NULL, &c);
    has(b, "geheim", false);
    has(b, "stored", false);
    has(b, "value=", false);
}

static void test_choices(void **state) {
    struct bench *b = *state;
    const struct html_option options[] = {
        {.value = S("one"), .label = S("<1>"), .group = S("A&B")},
        {.value = S("two"), .label = S("2"), .group = S("A&B"), .disabled = true},
        {.value = S("red"), .label = S("R"), .selected = true}};
    struct html_field c = {.control = HTML_SELECT,
                           .name = S("kind"),
                           .id = S("k"),
                           .label = S("Kind"),
                           .value = S("one"),
                           .options = options,
                           .options_n = 3};
    html_field(&b->out, NULL, &c);
    has(b,
        "<optgroup label=\"A&amp;B\">\n<option value=\"one\" selected>&lt;1&gt;</option>\n"
        "<option value=\"two\" disabled>2</option>\n</optgroup>\n<option value=\"red\">R</option>\n</select>",
        true);
    html_take(&b->out);
    html_field(&b->out, &refused_form, &c);
    has(b, "<option value=\"two\" selected disabled>", true);
    html_take(&b->out);
    c.control = HTML_RADIO;
    html_field(&b->out, &refused_form, &c);
    has(b, "<legend class=\"form-label fs-6\">Kind</legend>", true);
    has(b, "id=\"k-1\" name=\"kind\" value=\"two\" class=\"form-check-input\" checked disabled>", true);
    html_take(&b->out);
    c.control = HTML_CHECKS;
    c.name = S("tags");
    html_field(&b->out, NULL, &c);
    has(b, "value=\"red\" class=\"form-check-input\" checked>", true);
}

static void test_check_boxes(void **state) {
    struct bench *b = *state;
    struct html_field c = {.control = HTML_CHECKBOX,
                           .name = S("tags"),
                           .id = S("t"),
                           .label_text = S("<Red>"),
                           .item = S("red")};
    html_field(&b->out, &refused_form, &c);
    written(b, "<div class=\"form-check mb-3\"><input type=\"checkbox\" id=\"t\" name=\"tags\" value=\"red\" "
               "class=\"form-check-input\" checked>"
               "<label for=\"t\" class=\"form-check-label\">&lt;Red&gt;</label></div>\n");
    c.item = S("green");
    c.checked = true;
    html_field(&b->out, &refused_form, &c);
    has(b, "checked", false);
    struct html_field on = {
        .control = HTML_SWITCH, .name = S("on"), .id = S("o"), .label = S("On"), .checked = true};
    html_take(&b->out);
    html_field(&b->out, &refused_form, &on);
    has(b, " checked", false);
    html_take(&b->out);
    html_field(&b->out, NULL, &on);
    has(b, "form-switch", true);
    has(b, "value=\"1\"", true);
    has(b, " checked", true);
}

static void test_map_and_textarea(void **state) {
    struct bench *b = *state;
    struct html_field c = {.control = HTML_TEXTAREA,
                           .name = S("conf[web/x]"),
                           .id = S("c"),
                           .label = S("X"),
                           .value = S("old"),
                           .scope_label = S("[store view]"),
                           .rows = 2};
    html_field(&b->out, &refused_form, &c);
    has(b, "rows=\"2\"", true);
    has(b, ">\nnew</textarea>", true);
    has(b, "Wrong.", true);
    has(b, "</label> <span class=\"scope-label text-muted small\">[store view]</span>", true);
}

static void test_assets(void **state) {
    (void)state;
    const struct asset *css = asset_named(S("bootstrap.min.css"));
    assert_non_null(css);
    assert_ptr_equal(asset_find(css->path), css);
    assert_true(css->gzip.n > 0 && css->gzip.n < css->body.n);
    assert_int_equal(str_find(css->body, S("sourceMappingURL")), css->body.n);
    assert_null(asset_find(S("/assets/bootstrap.min.css")));
    assert_null(asset_find(S("/assets/../html.h")));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_escape),
        TEST(test_every_byte),
        TEST(test_url),
        TEST(test_limit),
        TEST(test_holes),
        TEST(test_message),
        TEST(test_form_here),
        TEST(test_form_errors),
        TEST(test_field_error),
        TEST(test_password),
        TEST(test_choices),
        TEST(test_check_boxes),
        TEST(test_map_and_textarea),
        TEST(test_assets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
