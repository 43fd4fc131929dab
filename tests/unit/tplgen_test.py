"""Templates: what is refused at build time, and the bytes that come out, with hostile values in every context."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HOSTILE = """<script>alert(1)</script>"'&{}javascript:x"""
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;{}javascript:x"


def field(name, type_, lo=0, hi=0, optional=False, label=None, choices=(), item=None):
    return {"name": name, "type": type_, "lo": lo, "hi": hi, "optional": optional, "label": label,
            "choices": list(choices), "item": item}


TABLES = {
    "pages": {
        "product": {"path": "/product/{key}", "area": "shop", "right": "anyone", "public": True,
                    "inputs": [field("key", "slug"), field("page", "int", 1, 999, True), field("q", "text", 0, 64, True)]},
        "find": {"path": "/find", "area": "shop", "right": "anyone", "public": True, "inputs": [field("q", "text", 0, 64)]},
        "admin_home": {"path": "/admin", "area": "admin", "right": "staff", "public": False, "inputs": []},
    },
    "ops": {
        "add": {"path": "/cart/add", "area": "shop", "right": "anyone",
                "inputs": [field("key", "slug"), field("qty", "int", 1, 9999, label="Quantity")]},
        "edit": {"path": "/admin/person/{id}", "area": "admin", "right": "people", "inputs": [
            field("id", "id"), field("name", "text", 1, 40, label="Name"), field("note", "lines", 0, 200, True, "Note"),
            field("kind", "enum", optional=True, choices=("a", "b"), label="Kind"), field("on", "bool", label="On"),
            field("born", "date", optional=True, label="Born"), field("price", "money", optional=True, label="Price"),
            field("tags", "list", 0, 9, item="token", label="Tags"), field("conf", "map", 0, 20, item="text"),
            field("pass", "password", 8, 99, True, "Password")]},
        "hidden_op": {"path": None, "area": "none", "right": "system", "inputs": []},
        "redeem": {"path": "/enter", "area": "shop", "right": "secret", "inputs": [field("secret", "secret")]},
    },
}
ASSETS = {"app.css": "/assets/app-1a2b.css", "app.js": "/assets/app-3c4d.js", "icons.svg": "/assets/icons-5e.svg"}
VIEW = "{view name text n int u url h html on bool day date rows list { id int t text } opts options }\n"


class Workshop:
    """A folder with tables, in which templates are compiled."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.out = os.path.join(self.folder.name, "gen")
        os.makedirs(self.out)
        self.write("gen/tables.json", json.dumps(TABLES))
        self.write("gen/assets.json", json.dumps(ASSETS))
        ops = "".join(f"    OP_{name.upper()},\n" for name in TABLES["ops"])
        self.write("gen/ids.h", f"enum {{\n{ops}}};\n")

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def generate(self, *templates):
        args = [sys.executable, os.path.join(ROOT, "tools/tplgen.py"), "--out", self.out,
                "--tables", f"{self.out}/tables.json", "--assets", f"{self.out}/assets.json", *templates]
        return subprocess.run(args, capture_output=True, text=True, check=False)


class Refused(unittest.TestCase):
    """Each of these fails the build, with the file, the line and a message that names the matter."""

    @classmethod
    def setUpClass(cls):
        cls.shop = Workshop()

    @classmethod
    def tearDownClass(cls):
        cls.shop.folder.cleanup()

    def refused(self, body, part, line=2, view=VIEW):
        path = self.shop.write("src/shop/t/tpl/x.html", view + body)
        r = self.shop.generate(path)
        self.assertEqual(r.returncode, 1, f"was let through: {body}")
        self.assertIn(f"x.html:{line}: ", r.stderr)
        self.assertIn(part, r.stderr)

    def accepted(self, body):
        r = self.shop.generate(self.shop.write("src/shop/t/tpl/x.html", VIEW + body))
        self.assertEqual((r.returncode, r.stderr), (0, ""), body)

    def each(self, cases):
        for body, part in cases:
            with self.subTest(body):
                self.refused(body, part)

    def test_no_raw_output(self):
        self.each([("{raw name}", "cannot read"), ("{&name}", "cannot read"),
                   ("{!name}", "cannot read"), ("{name|safe}", "cannot read"), ("<p>{name</p>", "no }"), ("}", "without {")])

    def test_contexts(self):
        self.each([
            ("<p class={name}>x</p>", "double quotes"), ("<p class='{name}'>x</p>", "double quotes"),
            ("<p class=big>x</p>", "double quotes"), ("<p {name}>x</p>", "cannot stand here"),
            ('<p onclick="{name}">x</p>', "refused"), ('<p onclick="x()">x</p>', "refused"),
            ('<p style="color: {name}">x</p>', "refused"), ("<style>p {{}}</style>", "refused"),
            ("<script>x = {name}</script>", "refused"), ("<script>x()</script>", "refused"),
            ('<script src="{u}"></script>', "asset"), ('<script src="{asset "app.js"}">{name}</script>', "refused"),
            ('<iframe srcdoc="{name}"></iframe>', "refused"), ('<p srcdoc="x">x</p>', "refused"),
            ('<meta http-equiv="refresh">', "refused"), ('<base href="{u}">', "refused"),
            ('<img alt="" srcset="{name}">', "refused"), ('<input aria-label="x" type="{name}">', "refused")])

    def test_addresses(self):
        self.each([
            ('<a href="{name}">x</a>', "refused in href"), ('<a href="{n}">x</a>', "refused in href"),
            ('<a href="javascript:x()">x</a>', "an address"), ('<a href="/cart">x</a>', "an address"),
            ('<a href="{u}{name}">x</a>', "refused in href"), ('<a href="x{u}">x</a>', "an address"),
            ('<a href="{u}/more">x</a>', "an address"), ('<a href="">x</a>', "empty"),
            ('<img alt="" src="data:image/png;base64,x">', "an address"), ('<button formaction="{name}">x</button>', "refused"),
            ('<a href="{t "Hello"}">x</a>', "text is refused"), ('<a href="{#if on}{u}{/if}">x</a>', "whole address"),
            ('<a href="{url nowhere}">x</a>', "unknown page"), ('<a href="{url product}">x</a>', "needs key="),
            ('<a href="{url product key=name more=n}">x</a>', "no parameter more"),
            ('<a href="{url product key=name page=name}">x</a>', "wants int"), ('<a href="{asset "no.css"}">x</a>', "has no no.css")])

    def test_fields(self):
        self.each([
            ("{nothing}", "unknown field"), ("{r.id}", "nothing is called r"), ("{rows}", "use {#each}"), ("{on}", "use {#if}"),
            ("{#each name as r}x{/each}", "not a list"), ("{#each rows as r}{r.x}{/each}", "unknown field r.x"),
            ("{#each rows as n}x{/each}", "something else"), ('{#if name == 3}x{/if}', "cannot compare"),
            ("{#if n}x", "ends before"), ("x{/if}", "does not fit"), ('{t "Hi {a}" b=name}', "places"),
            ('{t "Hi {a}" a=h}', "cannot stand in text"), ("{tf n}", "wants a text"), ('<p title="{h}">x</p>', "between tags"),
            ("{>nothing}", "no template"), ("{>x name=n}", "also wants"), ("{view a int}", "second")])

    def test_html(self):
        self.each([
            ("<div><p>x</div>", "closes <p>"), ("<div>", "open"), ("</div>", "closes <nothing>"), ("a < b", "&lt;"),
            ("<div/>", "only void"), ("</br>", "no end tag"), ("{#if on}<div>{/if}</div>", "opens <div>"),
            ("{#each rows as r}<b>{/each}", "opens <b>"), ('<img src="{u}">', "needs alt"), ('<i id="a"></i><i id="a"></i>', "twice"),
            ('{#each rows as r}<i id="a"></i>{/each}', "repeat"), ('<input name="q">', "label"), ("<select></select>", "label"),
            ('<input id="q"><label for="p">x</label>', "label"), ('<input aria-label="x" type="password">', "password")])
        self.accepted('{#if on}<i id="a"></i>{#else}<i id="a"></i>{/if}<label for="q">Q</label><input id="q"><label><input> Q</label>'
                      '<a href="#main">x</a><a href="mailto:a@example.com">x</a><svg><use href="{asset "icons.svg"}#x"/></svg>')

    def test_forms(self):
        form = '{form add key=name}%s{/form}'
        edit = '{form edit id=n}{field name}%s{/form}'
        self.each([
            ('<form method="post" action="{u}"></form>', "{form operation"), ('<form method="POST"></form>', "{form operation"),
            ("{form nothing}{/form}", "unknown operation"), ("{form hidden_op}{/form}", "post none"),
            (form % "", "never gives qty"), (form % "{field qty}{field more}", "has no input more"),
            ("{form add}{field qty}{/form}", "never gives key"), ('{form add key=name other=n}{field qty}{/form}', "no input other"),
            ("{form edit}{field name}{/form}", "the path of the operation needs id="), ("{field qty}", "inside {form"),
            ('{submit "x"}', "inside {form"), ("{errors}", "inside {form"), (form % form, "inside a form"),
            (form % '{field qty}<input type="hidden" name="evil">', "no input evil"),
            (form % '{field qty}<form action="{u}"></form>', "a form"), (form % '{field qty}{submit "x" name="evil" value="1"}', "evil"),
            (form % "{field qty}<div>", "open"), (form % "{field qty nonsense=1}", "knows no"),
            (form % '{field qty type="textarea"}', "does not fit"), (edit % "{field conf}", "key="), (edit % "{field tags}", "item="),
            (edit % '{field kind}', "choice_a"), (edit % '{field kind choice_c="x"}', "no choice c"),
            (edit % '{field conf key="a"}', "label"), (edit % '{field pass value=name}', "never shown"),
            (edit % '<input type="password" name="pass" aria-label="x">', "never shows"), ("{form edit id=name}{field name}{/form}", "wants id"),
            ('<a {form add}>x</a>', "between tags"), ('<form action="{url product key=name}"><input type="hidden" name="evil"></form>', "no parameter")])

    def test_line_and_several_templates(self):
        self.refused("<p>\n\n{#if on}\n<b>{oops}</b>\n{/if}</p>", "oops", line=5)
        self.refused("<!-- a\n\nb -->\n{oops}", "oops", line=5)
        bad = [self.shop.write(f"src/shop/t/tpl/{n}.html", "{oops}") for n in ("a", "b")]
        r = self.shop.generate(*bad)
        self.assertIn("a.html:1", r.stderr)
        self.assertIn("b.html:1", r.stderr)

    def with_parts(self, body, parts, view=VIEW):
        """Compiles the template x with these parts beside it."""
        paths = [self.shop.write(f"src/shop/t/tpl/{n}.part.html", text) for n, text in parts.items()]
        return self.shop.generate(self.shop.write("src/shop/t/tpl/x.html", view + body), *paths)

    def test_parts(self):
        form = "{form add key=name}\n{include p}\n{/form}"
        fine = [("{include p}", {"p": "<b>{name}</b>"}), (form, {"p": "{field qty}"}), ("{include t/p}", {"p": "x"}),
                ("{include p}", {"p": "{include q}", "q": "{name}"}), ("<i>{include p}", {"p": "{name}</i>"}),
                ("{#each rows as r}{include p of=r}{/each}", {"p": "{$of.id}"})]
        for body, parts in fine:
            with self.subTest(body):
                r = self.with_parts(body, parts)
                self.assertEqual((r.returncode, r.stderr), (0, ""))
        wrong = [("{include p}", {"p": "<!-- a\nb -->\n\n{oops}\n"}, "p.part.html:4: unknown field oops"),
                 ("{include p}", {"p": '<p>\n<b onclick="x">\n</p>'}, "p.part.html:2: onclick= is refused"),
                 (form, {"p": "\n{field more}"}, "p.part.html:2: add has no input more"),
                 (form, {"p": ""}, "x.html:4: the form never gives qty"),
                 ("{include p}", {"p": "a\n{#if on}"}, "p.part.html:2: the template ends before {/if}"),
                 ("{#if on}{include p}", {"p": "\n{/if}"}, "p.part.html:2: {/if} does not fit here"),
                 ("{include p}", {"p": "{view n int}"}, "p.part.html:1: a part has no {view}"),
                 ("{include p}", {"p": "{include q}", "q": "\n{include p}"}, "q.part.html:2: t/p includes itself"),
                 ("\n{include q}", {"p": "x"}, "x.html:3: there is no part t/q"),
                 ("x", {"p": "x"}, "p.part.html:1: nobody includes this part"),
                 ("{include p}", {"p": "{$of}"}, "x.html:2: t/p wants of, not none"),
                 ("{include p of=n}", {"p": "{n}"}, "x.html:2: t/p wants no arguments, not of"),
                 ("{include p n}", {"p": "{n}"}, "x.html:2: {include part name=text"), ("{>p}", {"p": "x"}, "x.html:2: there is no template t/p")]
        for body, parts, message in wrong:
            with self.subTest(message):
                r = self.with_parts(body, parts)
                self.assertEqual(r.returncode, 1, "was let through")
                self.assertIn(message, r.stderr)

    def test_parts_of_views(self):
        view = "{view\n  n int  # one\n  rows list {\n    {include p}\n  }\n}\n"
        r = self.with_parts("{#each rows as r}{r.id}{r.t}{/each}", {"p": "<!-- a row -->\nid int\nt text  # its name\n"}, view)
        self.assertEqual((r.returncode, r.stderr), (0, ""))
        for part, message in (("id int\nt words", "p.part.html:2: view: unknown type words"), ("id int\n\nid int", "p.part.html:3: view: id is there"),
                              ("{include p}", "p.part.html:1: t/p includes itself"), ("int int", "p.part.html:1: view: int cannot")):
            with self.subTest(part):
                self.assertIn(message, self.with_parts("x", {"p": part}, view).stderr)
        self.assertIn("x.html:4: there is no part t/p", self.with_parts("x", {"q": "n int"}, view).stderr)

    def test_unchanged_files_are_left_alone(self):
        self.accepted("<p>{name}</p>")
        path = os.path.join(self.shop.out, "t_tpl.c")
        os.utime(path, (1, 1))
        self.accepted("<p>{name}</p>")
        self.assertEqual(os.path.getmtime(path), 1)


# Parts that the templates below include.
PARTS = {"qty": "<!-- The number. -->\n{field qty value=$value}\n{submit \"Add\"}\n", "row": "{#each rows as r}\n<li>{$show}</li>\n{/each}\n"}

# name -> (template, C initialiser of its view, expected bytes). {ROOT} and {CSRF} show where the holes are.
RENDERED = {
    "text": ("<p>{name}</p><textarea aria-label=\"x\">{name}</textarea><title>{name}</title>", ".name = H",
             f"<p>{ESCAPED}</p><textarea aria-label=\"x\">{ESCAPED}</textarea><title>{ESCAPED}</title>"),
    "attr": ('<p title="a {name}" data-n="{n}" class="{#if on}on{/if}{#if n == -5} five{/if}">x</p>', ".name = H, .n = -5",
             f'<p title="a {ESCAPED}" data-n="-5" class=" five">x</p>'),
    "in_tag": ('<p {#if on}hidden{/if}>x</p><option {#if !on}selected{/if}>y</option>', ".on = true",
               "<p hidden>x</p><option >y</option>"),
    "url_bad": ('<a href="{u}">{u}</a>', '.u = S("javascript:alert(1)")', '<a href="#">javascript:alert(1)</a>'),
    "url_hosts": ('<a href="{u}">x</a>', '.u = S("//evil.example/")', '<a href="#">x</a>'),
    "url_back": ('<a href="{u}">x</a>', '.u = S("/\\\\evil.example/")', '<a href="#">x</a>'),
    "url_tab": ('<a href="{u}">x</a>', '.u = S("java\\tscript:x")', '<a href="#">x</a>'),
    "url_good": ('<a href="{u}">x</a>', '.u = S("https://a.example/?a=1&b=\\"")', '<a href="https://a.example/?a=1&amp;b=&quot;">x</a>'),
    "page": ('<a href="{url product key=name page=n q=name}#{name}">x</a>', '.name = S("a/b?\\"&"), .n = 2',
             '<a href="{ROOT}/nl/product/a%2Fb%3F%22%26?page=2&amp;q=a%2Fb%3F%22%26#a%2Fb%3F%22%26">x</a>'),
    "page_less": ('<a href="{url product key="x" page=n q=name}">x</a><a href="{url admin_home}">y</a>', '.name = S("")',
                  '<a href="{ROOT}/nl/product/x">x</a><a href="/admin">y</a>'),
    "page_q": ('<a href="{url find q=name}">x</a>', '.name = S("é")', '<a href="{ROOT}/nl/find?q=%C3%A9">x</a>'),
    "root": ('<a href="{hole root}{u}">x</a>{hole top}', '.u = S("/nl")', '<a href="{ROOT}/nl">x</a>{TOP}'),
    "asset": ('<link rel="stylesheet" href="{asset "app.css"}"><script src="{asset "app.js"}" defer></script>', ".n = 0",
              '<link rel="stylesheet" href="/assets/app-1a2b.css"><script src="/assets/app-3c4d.js" defer></script>'),
    "message": ('{t "Hello, {name}: {n}" name=name n=n}<i title="{t "Hello, {name}: {n}" name=name n=n}"></i>{tf name}', ".name = H, .n = 7",
                f'Hello, {ESCAPED}: 7<i title="Hello, {ESCAPED}: 7"></i>{ESCAPED}'),
    "braces": ("<p>{{name}} {{{name}}}</p>", ".name = H", f"<p>{{name}} {{{ESCAPED}}}</p>"),
    "comment": ("a<!-- {secret} <script> -->b", ".n = 0", "ab"),
    "lists": ("<ul>\n  {#each rows as r}\n  <li>{r.id}:{r.t}</li>\n  {/each}\n</ul>", ".rows = ROWS, .rows_n = 2",
              f"<ul>\n<li>1:a</li>\n<li>2:{ESCAPED}</li>\n</ul>"),
    "empty": ("{#each rows as r}{r.t}{#else}none{/each}{#if rows}some{#elif n > 3}big{#else}small{/if}", ".n = 4", "nonebig"),
    "conditions": ('{#if name == "a" && n}1{/if}{#if name != "b" || on}2{/if}{#if !rows}3{/if}{#if h}4{/if}', '.name = S("a"), .n = 1', "123"),
    "dates": ('{day}<i title="{day}"></i>', ".day = INT64_C(1795000000000000)",
              '<time datetime="2026-11-18">18 nov 2026</time><i title="18 nov 2026"></i>'),
    "no_date": ("{day}", ".n = 0", "—"),
    "inner": ("{>text name=name n=n u=u h=h on=on day=day rows=rows opts=opts}", ".name = H", None),
    "nested": ("<div>{h}</div>", ".h = take(o2)", '<div><b>{ROOT}in</b></div>'),
    "may_not": ('a{form edit id=n}{field name}{/form}{#may edit}b{/may}{#may add}c{/may}d', ".n = 1", "acd"),
    "form": ('{form add key=name class="x" new_tab}{field qty value=n}{submit "Add" name="qty" value="2"}{/form}', '.name = S("cup"), .n = 3',
             '<form method="post" action="{ROOT}/nl/cart/add" class="x" target="_blank" rel="noopener">\n'
             '<input type="hidden" name="csrf" value="{CSRF}"><input type="hidden" name="key" value="cup">\n'
             '<div class="mb-3"><label for="add-qty-cup" class="form-label required">Quantity</label>'
             '<input type="number" id="add-qty-cup" name="qty" class="form-control" value="3" min="1" max="9999" required></div>\n'
             '<button type="submit" class="btn btn-primary" name="qty" value="2">Add</button></form>'),
    "part": ("<ul>\n  {include row show=r.t}\n</ul>\n<i>{n}</i>\n", ".rows = ROWS, .rows_n = 2, .n = 1",
             f"<ul>\n<li>a</li>\n<li>{ESCAPED}</li>\n\n</ul>\n<i>1</i>"),
    "part_form": ('{form add key="cup"}{include qty value=n}{/form}', ".n = 3",
                  '<form method="post" action="{ROOT}/nl/cart/add">\n<input type="hidden" name="csrf" value="{CSRF}">'
                  '<input type="hidden" name="key" value="cup">\n<div class="mb-3"><label for="add-qty" class="form-label required">'
                  'Quantity</label><input type="number" id="add-qty" name="qty" class="form-control" value="3" min="1" max="9999" '
                  'required></div>\n\n<button type="submit" class="btn btn-primary">Add</button></form>'),
    "form_off": ('{form add key="cup" autocomplete="off"}{field qty autocomplete="tel"}{/form}', ".n = 0",
                 '<form method="post" action="{ROOT}/nl/cart/add">\n<input type="hidden" name="csrf" value="{CSRF}">'
                 '<input type="hidden" name="key" value="cup">\n<div class="mb-3"><label for="add-qty" class="form-label required">'
                 'Quantity</label><input type="number" id="add-qty" name="qty" class="form-control" min="1" max="9999" '
                 'required autocomplete="off"></div>\n</form>'),
    "secret": ('{form redeem secret=name}{/form}', '.name = S("s")',
               '<form method="post" action="{ROOT}/nl/enter">\n<input type="hidden" name="secret" value="s">\n</form>'),
}

HARNESS = r"""
#include <stdio.h>
#include "gen/ids.h"
#include "gen/t_tpl.h"
#include "i18n/table.h"
#define H S(%s)
const struct i18n_entry i18n_entries[] = {{{NULL, 0}, {{NULL, 0}}}};
const uint16_t i18n_index[] = {0};
const u64 i18n_mask = 0;
static const struct tpl_t_%s_rows ROWS[] = {{1, S_INIT("a")}, {2, S_INIT(%s)}};
static bool may(const struct html_env *env, int op) { (void)env; return op != OP_EDIT; }
static void show(struct html *o) {
    static const char *const names[] = {"{ROOT}", "{CSRF}", "{TOP}"};
    html_t h = html_take(o);
    size_t at = 0;
    for (size_t i = 0; i < h.marks_n; i++) {
        fwrite(h.bytes.p + at, 1, h.marks[i].at - at, stdout);
        fputs(names[h.marks[i].hole], stdout);
        at = h.marks[i].at;
    }
    fwrite(h.bytes.p + at, 1, h.bytes.n - at, stdout);
    fputc(1, stdout);
}
static html_t take(struct html *o) {
    html_lit(o, "<b>", 3);
    html_hole(o, HOLE_ROOT);
    html_lit(o, "in</b>", 6);
    return html_take(o);
}
int main(void) {
    struct arena *a = arena_make();
    struct i18n_format *f = i18n_format_make(S("nl_NL"), S("EUR"), S("Europe/Amsterdam"));
    struct html_env env = {.lang = LANG_EN, .format = f, .view_path = S("/nl"), .may = may};
    struct html page, other, *o = &page, *o2 = &other;
    html_init(o, a, &env, 1 << 20);
    html_init(o2, a, &env, 1 << 20);
%s
    html_done(o);
    html_done(o2);
    i18n_format_free(f);
    arena_free(a);
    return ROWS[0].id == 1 ? 0 : (int)take(o2).bytes.n;
}
"""


class Rendered(unittest.TestCase):
    """One program with all templates is built and run once; each test compares one template's bytes."""

    @classmethod
    def setUpClass(cls):
        cls.shop = shop = Workshop()
        view = VIEW.replace("rows list { id int t text }", "rows list like t/attr.rows")
        cls.names = list(RENDERED)
        paths = [shop.write(f"src/shop/t/tpl/{n}.html", (VIEW if n == "attr" else view) + RENDERED[n][0]) for n in cls.names]
        paths += [shop.write(f"src/shop/t/tpl/{n}.part.html", text) for n, text in PARTS.items()]
        r = shop.generate(*paths)
        if r.returncode:
            raise AssertionError(r.stderr)
        c_hostile = json.dumps(HOSTILE)
        calls = "".join(f"    tpl_t_{n}(o, &(struct tpl_t_{n}){{{RENDERED[n][1]}}});\n    show(o);\n" for n in cls.names)
        harness = HARNESS % (c_hostile, "attr", c_hostile, calls)
        main = shop.write("main.c", harness)
        binary = os.path.join(shop.folder.name, "main")
        sources = [os.path.join(ROOT, "src", room, n) for room in ("base", "html", "i18n")
                   for n in sorted(os.listdir(os.path.join(ROOT, "src", room))) if n.endswith(".c") and n != "asset.c"]
        icu = subprocess.run(["pkg-config", "--cflags", "--libs", "icu-i18n", "icu-uc"], capture_output=True, text=True, check=True)
        warn = "-Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef -Werror".split()
        subprocess.run(["gcc", "-std=gnu17", "-D_GNU_SOURCE", "-g", "-fsanitize=address,undefined", *warn, f"-I{ROOT}/src",
                        f"-I{shop.folder.name}", main, f"{shop.out}/t_tpl.c", *sources, "-o", binary, *icu.stdout.split(), "-lpthread"],
                       check=True)
        run = subprocess.run([binary], capture_output=True, check=True)
        cls.bytes = dict(zip(cls.names, run.stdout.decode().split("\1")))

    @classmethod
    def tearDownClass(cls):
        cls.shop.folder.cleanup()


def add_test(name, want):
    def test(self):
        self.assertEqual(self.bytes[name].strip("\n"), self.bytes["text"].strip("\n") if want is None else want)
    setattr(Rendered, f"test_{name}", test)


for key, (_, _, wanted) in RENDERED.items():
    add_test(key, wanted)

if __name__ == "__main__":
    unittest.main()
