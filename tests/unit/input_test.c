/* Declared inputs: what is good reaches the struct, what is wrong gets its message at its field and nothing
 * else happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gate/inside.h"

static const str colours[] = {S_INIT("red"), S_INIT("blue")};

struct in {
    i64 id;
    opt_i64 qty;
    str name, note, email, slug, token, secret, back;
    bool agree;
    int colour;
    i64 price;
    i64 *ids;
    size_t ids_n;
    struct gate_map_entry *map;
    size_t map_n;
};

#define AT(x) offsetof(struct in, x)
static const struct gate_field id_field[] = {{"id", {NULL, 0}, IN_ID, false, 0, 0, AT(id), 0, NULL, 0}};
static const struct gate_field qty_field[] = {{"qty", {NULL, 0}, IN_INT, true, 1, 10, AT(qty), 0, NULL, 0}};
static const struct gate_field name_field[] = {
    {"name", {NULL, 0}, IN_TEXT, false, 1, 5, AT(name), 0, NULL, 0}};
static const struct gate_field note_field[] = {
    {"note", {NULL, 0}, IN_LINES, false, 0, 20, AT(note), 0, NULL, 0}};
static const struct gate_field email_field[] = {
    {"email", {NULL, 0}, IN_EMAIL, false, 0, 0, AT(email), 0, NULL, 0}};
static const struct gate_field slug_field[] = {
    {"slug", {NULL, 0}, IN_SLUG, false, 0, 0, AT(slug), 0, NULL, 0}};
static const struct gate_field secret_field[] = {
    {"secret", {NULL, 0}, IN_SECRET, false, 0, 0, AT(secret), 0, NULL, 0}};
static const struct gate_field back_field[] = {
    {"back", {NULL, 0}, IN_PATH, false, 0, 0, AT(back), 0, NULL, 0}};
static const struct gate_field agree_field[] = {
    {"agree", {NULL, 0}, IN_BOOL, false, 0, 0, AT(agree), 0, NULL, 0}};
static const struct gate_field colour_field[] = {
    {"colour", {NULL, 0}, IN_ENUM, true, 0, 0, AT(colour), 0, colours, 2}};
static const struct gate_field price_field[] = {
    {"price", {NULL, 0}, IN_MONEY, false, 0, 0, AT(price), 0, NULL, 0}};
static const struct gate_field ids_field[] = {
    {"ids", {NULL, 0}, IN_LIST_ID, false, 0, 3, AT(ids), AT(ids_n), NULL, 0}};
static const struct gate_field map_field[] = {
    {"v", {NULL, 0}, IN_MAP_TEXT, false, 0, 3, AT(map), AT(map_n), NULL, 0}};

static struct arena *a;

static int setup(void **state) {
    (void)state;
    a = arena_make();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(a);
    return 0;
}

/* Parses a form body with one declared field; NULL when refused. */
static const struct in *parse(const struct gate_field *field, const char *body) {
    struct http_pair *pairs;
    size_t n;
    struct input_errors errors;
    void *ret = NULL;
    if (http_parse_form(a, str_c(body), 100, &pairs, &n)) return NULL;
    enum err e = input_parse(a, LANG_EN, NULL, field, 1, sizeof(struct in), pairs, n, &ret, &errors);
    if (!e) return ret;
    assert_int_equal(e, ERR_INVALID);
    assert_int_equal(errors.n, 1);
    assert_true(errors.errors[0].message.n > 0);
    return NULL;
}

static void numbers(void **state) {
    (void)state;
    assert_int_equal(parse(id_field, "id=7")->id, 7);
    assert_int_equal(parse(id_field, "id=9223372036854775807")->id, INT64_MAX);
    static const char *const bad[] = {
        "", "id=", "id=0", "id=-1", "id=1.5", "id=x", "id=9223372036854775808", "id=1&id=2", "id=%2B1"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_null(parse(id_field, bad[i]));
    assert_false(parse(qty_field, "")->qty.set);
    assert_int_equal(parse(qty_field, "qty=10")->qty.v, 10);
    assert_null(parse(qty_field, "qty=11"));
    assert_null(parse(qty_field, "qty=-1"));
}

static void texts(void **state) {
    (void)state;
    assert_true(str_eq(parse(name_field, "name=+Zo%C3%AB+")->name, S("Zo\xc3\xab")));
    assert_non_null(parse(name_field, "name=%C3%AB%C3%AB%C3%AB%C3%AB%C3%AB"));
    static const char *const bad[] = {"name=",    "name=++",     "name=abcdef",    "name=a%0Ab", "name=a%00b",
                                      "name=%ff", "name=%C2%85", "name=%E2%80%AE", "name=a%7F",  "name=%"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_null(parse(name_field, bad[i]));
    assert_true(str_eq(parse(note_field, "note=a%0D%0Ab%0Dc")->note, S("a\nb\nc")));
    assert_null(parse(note_field, "note=a%1Bb"));
    assert_true(str_eq(parse(note_field, "")->note, S("")));
}

static void shapes(void **state) {
    (void)state;
    assert_non_null(parse(email_field, "email=a.b%2Bc@ex.example"));
    static const char *const bad_mail[] = {
        "email=a",           "email=a@b",           "email=@b.c", "email=a@b..c", "email=a b@c.d",
        "email=a@b.c,d@e.f", "email=a@b.c%0Abcc:x", "email=a@.c", "email=<a@b.c>"};
    for (size_t i = 0; i < COUNT_OF(bad_mail); i++)
        assert_null(parse(email_field, bad_mail[i]));
    assert_non_null(parse(slug_field, "slug=blue-mug-2"));
    assert_null(parse(slug_field, "slug=Blue"));
    assert_null(parse(slug_field, "slug=../x"));
    assert_non_null(parse(secret_field, "secret=0123456789012345678901234567890123456789-_A"));
    assert_null(parse(secret_field, "secret=short"));
    assert_null(parse(secret_field, "secret=0123456789012345678901234567890123456789-_%2F"));
}

static void addresses_stay_on_the_site(void **state) {
    (void)state;
    assert_true(str_eq(parse(back_field, "back=/cart?x=1")->back, S("/cart?x=1")));
    static const char *const bad[] = {"back=//evil.example",       "back=/%5Cevil",
                                      "back=https://evil.example", "back=cart",
                                      "back=javascript:alert(1)",  "back=/a%0D%0ASet-Cookie:x",
                                      "back=%5C%5Cevil",           "back=/%09/evil"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_null(parse(back_field, bad[i]));
}

static void choices(void **state) {
    (void)state;
    assert_true(parse(agree_field, "agree=1")->agree);
    assert_false(parse(agree_field, "")->agree);
    assert_false(parse(agree_field, "agree=0")->agree);
    assert_null(parse(agree_field, "agree=maybe"));
    assert_int_equal(parse(colour_field, "colour=blue")->colour, 1);
    assert_int_equal(parse(colour_field, "")->colour, -1);
    assert_null(parse(colour_field, "colour=green"));
}

static void amounts(void **state) {
    (void)state;
    assert_int_equal(parse(price_field, "price=12.50")->price, 1250);
    assert_int_equal(parse(price_field, "price=12,5")->price, 1250);
    assert_int_equal(parse(price_field, "price=7")->price, 700);
    static const char *const bad[] = {"price=-1",  "price=1.234",         "price=1.",
                                      "price=1e3", "price=9999999999999", "price=.5.1"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_null(parse(price_field, bad[i]));
}

static void lists_and_maps(void **state) {
    (void)state;
    const struct in *in = parse(ids_field, "ids=3&ids=1");
    assert_int_equal(in->ids_n, 2);
    assert_int_equal(in->ids[1], 1);
    assert_null(parse(ids_field, "ids=1&ids=2&ids=3&ids=4"));
    assert_null(parse(ids_field, "ids=1&ids=x"));
    in = parse(map_field, "v[a/b]=1&v[c]=+two+");
    assert_int_equal(in->map_n, 2);
    assert_true(str_eq(in->map[0].key, S("a/b")));
    assert_true(str_eq(in->map[1].value, S("two")));
    assert_null(parse(map_field, "v[a]=1&v[a]=2"));
    assert_null(parse(map_field, "v[]=1"));
    assert_null(parse(map_field, "v[%3Cb%3E]=1"));
    assert_null(parse(map_field, "v[a]=1&v[b]=1&v[c]=1&v[d]=1"));
}

static void what_is_not_declared_does_not_exist(void **state) {
    (void)state;
    const struct in *in = parse(id_field, "id=1&qty=5&price=9&agree=1");
    assert_false(in->qty.set);
    assert_int_equal(in->price, 0);
    assert_false(in->agree);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(numbers, setup, teardown),
        cmocka_unit_test_setup_teardown(texts, setup, teardown),
        cmocka_unit_test_setup_teardown(shapes, setup, teardown),
        cmocka_unit_test_setup_teardown(addresses_stay_on_the_site, setup, teardown),
        cmocka_unit_test_setup_teardown(choices, setup, teardown),
        cmocka_unit_test_setup_teardown(amounts, setup, teardown),
        cmocka_unit_test_setup_teardown(lists_and_maps, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_declared_does_not_exist, setup, teardown),
    };
    return cmocka_run_group_tests_name("inputs", tests, NULL, NULL);
}
