#!/usr/bin/env python3
"""Compiles every tpl/*.html to C: a view struct and a render function per template (docs/tables.md, "Templates").

Escaping follows from the type of the field and from where in the HTML it stands; there is no raw output. What the
language refuses is printed as `file:line: message`, and nothing is written.
"""
import argparse
import glob
import json
import os
import re
import sys

from gen_util import Wrong, fail, read_text, write_if_changed
from tpl_form import Forms
from tpl_html import Markup
from tpl_lang import Code, Parts, Scope, View, arguments, as_posted, as_text, c_str, tokens

PART = ".part.html"
SINGLE = {"hole": "_hole", "t": "_message", "tf": "_message_field", "url": "_url", "asset": "_asset"}


class Template:
    """One template on its way to C."""

    def __init__(self, view, source, everything):
        self.view, self.views, self.parts = view, everything.views, everything.parts
        self.tables, self.assets = everything.tables, everything.assets
        self.tokens, self.at = tokens(view.path, source), 0
        self.code, self.markup, self.scope = Code(), Markup(), Scope(view)
        self.forms = Forms(self)
        self.markup.on_control = self._literal_control
        self.markup.in_post_form = lambda: self.forms.form is not None
        self.includes, self.loops, self.ifs, self.blocks = set(), 0, 0, 0
        self.inside = ()  # the parts that are being included

    # -- walking the tokens --

    def compile(self):
        end = self.body(())
        last = f"{self.view.path}:{self.tokens[-1].where.rsplit(':', 1)[1] if self.tokens else 1}"
        if end:
            fail(end.where, f"{{{end.text}}} closes nothing")
        self.markup.finish(last)
        self.code.flush()
        symbol = self.view.symbol
        head = f"void {symbol}(struct html *o, const struct {symbol} *v) {{\n    (void)v;\n"
        return head + "\n".join(self.code.lines) + "\n}\n"

    def body(self, stops):
        """Compiles up to one of the closing tags in `stops`, which is returned; None at the end."""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.kind == "lit":
                self.code.lit(self.markup.text(token.text, token.where))
                continue
            word = re.match(r"[#/>]?\w*", token.text).group(0)
            if word.startswith("/") or word in ("#else", "#elif"):
                if word not in stops:
                    fail(token.where, f"{{{token.text}}} does not fit here")
                return token
            self.tag(word, token)
        if stops:
            fail(self.tokens[-1].where, f"the template ends before {{{stops[-1]}}}")
        return None

    def tag(self, word, token):
        text, where = token.text, token.where
        rest = text[len(word):].strip()
        if word == "view":
            if self.inside:
                fail(where, "a part has no {view}: it sees the fields of the template around it")
            return
        if word == "#if":
            self._if(rest, where)
        elif word == "#each":
            self._each(rest, where)
        elif word == "#may":
            self._may(rest, where)
        elif word == "form":
            state = self.forms.open(rest, where)
            end = self.body(("/form",))
            self.forms.close(state, end.where)
        elif word in ("field", "submit"):
            getattr(self.forms, word)(rest, where)
        elif word == "errors":
            self.forms.errors(where)
        elif word == "include":
            self._part(rest, where)
        elif word.startswith(">"):
            self._include(text[1:], where)
        elif word in SINGLE:
            self.markup.hole(text, where)
            getattr(self, SINGLE[word])(rest, where)
        elif re.fullmatch(r"[\w.]+", text):
            self.markup.hole(text, where)
            self._value(self.scope.path(text, where), where)
        else:
            fail(where, f"cannot read {{{text}}}")

    # -- control --

    def _branch(self, stops, state, number, branch, where):
        """One branch of an {#if}: starts where the others started and must end where they end."""
        before = self.markup.branch
        self.markup.restore(state)
        self.markup.branch = before + ((number, branch),)
        end = self.body(stops)
        self.markup.branch = before
        return end

    def _if(self, text, where):
        self.ifs += 1
        number, branch, state = self.ifs, 0, self.markup.state()
        after, end, has_else = None, None, False
        self.code.open(f"if ({self.scope.condition(text, where)}) {{")
        while True:
            stops = ("/if",) if has_else else ("#elif", "#else", "/if")
            end = self._branch(stops, state, number, branch, where)
            if after is None:
                after = self.markup.state()
            self.markup.require_same(after, end.where, "a branch of {#if}")
            word = end.text.split()[0]
            if word == "/if":
                break
            branch += 1
            has_else = word == "#else"
            self.code.close(f"}} else if ({self.scope.condition(end.text[5:], end.where)}) {{" if not has_else else "} else {")
            self.code.depth += 1
        if not has_else:
            self.markup.require_same(state, end.where, "{#if} without {#else}")
        self.code.close()

    def _each(self, text, where):
        m = re.fullmatch(r"([\w.]+)\s+as\s+([a-z_]\w*)", text)
        if not m:
            fail(where, "{#each list as r}")
        value = self.scope.path(m.group(1), where)
        if not value.count:
            fail(where, f"{m.group(1)} is {value.type}, not a list")
        if m.group(2) in self.view.fields or any(loop[0] == m.group(2) for loop in self.scope.loops):
            fail(where, f"{m.group(2)} is the name of something else already")
        self.loops += 1
        n, alias = self.loops, m.group(2)
        state = self.markup.state()
        self.code.open(f"for (size_t i{n} = 0; i{n} < {value.count}; i{n}++) {{")
        self.code.line(f"const struct {value.field.struct} *{alias}_{n} = &{value.c}[i{n}];")
        self.code.line(f"(void){alias}_{n};")
        self.scope.loops.append((alias, f"{alias}_{n}", value.field.fields, n))
        self.markup.loop += 1
        end = self.body(("#else", "/each"))
        self.markup.require_same(state, end.where, "{#each}")
        self.scope.loops.pop()
        self.markup.loop -= 1
        self.code.close()
        if end.text.startswith("#else"):
            self.code.open(f"if ({value.count} == 0) {{")
            end = self.body(("/each",))
            self.markup.require_same(state, end.where, "{#each}")
            self.code.close()

    def _may(self, text, where):
        if text not in self.tables["ops"]:
            fail(where, f"unknown operation {text}")
        state = self.markup.state()
        self.code.open(f"if (html_may(o, OP_{text.upper()})) {{")
        end = self.body(("/may",))
        self.markup.require_same(state, end.where, "{#may}")
        self.code.close()

    def code_blocks_open(self):
        self.code.open("{")
        self.blocks += 1

    def code_blocks_close(self):
        while self.blocks:
            self.code.close()
            self.blocks -= 1

    def need_text(self, where, what):
        if self.markup.mode != "text" or self.markup.hole_context(where, what) != "text":
            fail(where, f"{what} stands between tags only")

    # -- values --

    def _value(self, value, where):
        context = self.markup.hole_context(where, f"a {value.type}")
        code, kind = self.code, value.type
        if value.count or kind == "bool":
            fail(where, f"a {'list' if value.count else kind} cannot be written: use {{#{'each' if value.count else 'if'}}}")
        if context == "url":
            return self._address_value(value, where)
        if context == "fragment":
            code.line(f"html_query_part(o, {as_posted(value, where)});")
        elif kind == "html":
            if context != "text":
                fail(where, "html stands between tags only")
            code.line(f"html_html(o, {value.c});")
        elif kind == "int":
            code.line(f"html_int(o, {value.c});")
        elif kind in ("time", "date") and context == "text" and "option" not in self.markup.stack:
            code.line(f"html_{kind}(o, {value.c});")
        elif value.field and value.field.type == "email" and context == "text" and "option" not in self.markup.stack:
            code.line(f"html_email(o, {value.c});")
        else:
            code.line(f"html_text(o, {as_text(value, where)});")
        return None

    def _address_value(self, value, where):
        if value.type not in ("url", "local"):
            fail(where, f"a {value.type} is refused in {self.markup.attr}=: {{url page}}, {{asset}} or a field of type url")
        self.markup.address(where)
        if value.type == "local":
            self.code.line("html_shop_root(o);")
        self.code.line(f"html_url(o, {value.c});")

    def _hole(self, text, where):
        context = self.markup.hole_context(where, "{hole}")
        if text == "root" and context == "url":
            self.markup.address(where, whole=False)
        elif not (text == "top" and context == "text") and not (text == "csrf" and context == "attr"):
            fail(where, f"{{hole {text}}} has no place here: top between tags, root before an address, csrf in a value")
        self.code.line(f"html_hole(o, HOLE_{text.upper()});")

    def _message(self, text, where):
        if self.markup.hole_context(where, "{t}") in ("url", "fragment"):
            fail(where, f"text is refused in {self.markup.attr}=")
        args = arguments(text, where)
        if not args or args[0][0] is not None or not args[0][1].startswith('"'):
            fail(where, "{t \"message\" place=field}")
        msgid = args[0][1][1:-1]
        if len(args) == 1:
            self.code.line(f"html_message(o, {c_str(msgid)}, NULL, 0);")
            return
        places = set(re.findall(r"\{(\w+)\}", msgid))
        given = [name for name, _ in args[1:]]
        if None in given or places != set(given) or len(given) != len(places):
            fail(where, f"the message has the places {{{'}, {'.join(sorted(places))}}}, not {', '.join(map(str, given))}")
        rows = ", ".join(f"{{{c_str(n)}, {as_text(self.scope.value(w, where), where)}}}" for n, w in args[1:])
        self.code.line(f"html_message(o, {c_str(msgid)}, (const struct html_arg[]){{{rows}}}, {len(given)});")

    def _message_field(self, text, where):
        if self.markup.hole_context(where, "{tf}") in ("url", "fragment"):
            fail(where, f"text is refused in {self.markup.attr}=")
        value = self.scope.path(text, where)
        if value.type != "text":
            fail(where, f"{{tf {text}}} wants a text, not {value.type}")
        self.code.line(f"html_message(o, {value.c}, NULL, 0);")

    # -- addresses --

    def begin_address(self, area):
        if area == "shop":
            self.code.line("html_shop_root(o);")

    def path_pieces(self, path):
        return [(p[1:-1], True) if p.startswith("{") else (p, False) for p in re.split(r"(\{\w+\})", path) if p]

    def path_part(self, value, where):
        if value.type == "int":
            self.code.line(f"html_int(o, {value.c});")
        else:
            self.code.line(f"html_path_part(o, {as_posted(value, where)});")

    def _url(self, text, where):
        context = self.markup.hole_context(where, "{url}")
        if context == "url":
            self.markup.address(where)
        elif context == "fragment":
            fail(where, "an address cannot stand behind #")
        args = arguments(text, where)
        name = args[0][1] if args and args[0][0] is None else fail(where, "{url} of which page?")
        page = self.tables["pages"].get(name) or fail(where, f"unknown page {name}")
        inputs = {i["name"]: i for i in page["inputs"]}
        given = {}
        for key, word in args[1:]:
            if key not in inputs:
                fail(where, f"page {name} has no parameter {key or word}")
            given[key] = self.scope.value(word, where)
            self.forms._check_value(inputs[key], given[key], where)
        in_path = set(re.findall(r"\{(\w+)\}", page["path"]))
        for key, inp in inputs.items():
            if key not in given and (key in in_path or not inp["optional"] and inp["type"] not in ("bool", "list", "map")):
                fail(where, f"page {name} needs {key}=")
        self.begin_address(page["area"])
        for piece, is_name in self.path_pieces(page["path"]):
            if is_name:
                self.path_part(given.pop(piece), where)
            else:
                self.code.lit(piece)
        self._query(given, inputs, where)

    def _query(self, given, inputs, where):
        """Fixed parameters first; optional ones are left out when they are empty or 0."""
        maybe = {k: v for k, v in given.items() if v.literal is None and (inputs[k]["optional"] or v.type == "bool")}
        fixed = [k for k in given if k not in maybe and given[k].literal is not False]
        for i, key in enumerate(fixed):
            self.code.lit(("&amp;" if i else "?") + f"{key}=")
            self._query_value(given[key], where)
        if not maybe:
            return
        counted = not fixed and len(maybe) > 1
        if counted:
            self.code.open("{")
            self.code.line("bool more = false;")
        for key, value in maybe.items():
            self.code.open(f"if ({self.scope.truth(value, '', where)}) {{")
            if counted:
                self.code.line('html_lit(o, more ? "&amp;" : "?", more ? 5 : 1);')
                self.code.line("more = true;")
            else:
                self.code.lit("&amp;" if fixed else "?")
            self.code.lit(f"{key}=")
            self._query_value(value, where)
            self.code.close()
        if counted:
            self.code.line("(void)more;")
            self.code.close()

    def _query_value(self, value, where):
        if value.type == "int":
            self.code.line(f"html_int(o, {value.c});")
        else:
            self.code.line(f"html_query_part(o, {as_posted(value, where)});")

    def _asset(self, text, where):
        context = self.markup.hole_context(where, "{asset}")
        name = text.strip('"')
        path = self.assets.get(name) or fail(where, f"assets/ has no {name}")
        if context == "url":
            self.markup.address(where, asset=True)
        elif context == "fragment":
            fail(where, "an address cannot stand behind #")
        self.code.lit(path)

    # -- includes and literal controls --

    def _part(self, text, where):
        """Goes on in the part's tokens; what it opens by a control tag it closes itself."""
        args = arguments(text, where)
        if not args or args[0][0] is not None or None in (name for name, _ in args[1:]):
            fail(where, "{include part name=text …}")
        part = self.parts.find(args[0][1], self.view.slice, where, self.inside)
        outer = self.tokens, self.at, self.inside
        self.tokens, self.at, self.inside = part.tokens(dict(args[1:]), where), 0, self.inside + (part,)
        end = self.body(())
        if end:
            fail(end.where, f"{{{end.text}}} closes nothing in this part")
        self.tokens, self.at, self.inside = outer

    def _include(self, text, where):
        self.need_text(where, "{>…}")
        args = arguments(text, where)
        name = args[0][1] if args and args[0][0] is None else fail(where, "{>name field=…}")
        key = name if "/" in name else f"{self.view.slice}/{name}"
        view = self.views.get(key) or fail(where, f"there is no template {key}")
        given = {}
        for field, word in args[1:]:
            if field not in view.fields:
                fail(where, f"{key} has no field {field or word}")
            given[field] = self.scope.value(word, where)
        missing = [f for f in view.fields if f not in given]
        if missing:
            fail(where, f"{key} also wants {', '.join(missing)}")
        members = [m for f, v in given.items() for m in self._member(view.fields[f], v, where)]
        self.includes.add(view.slice)
        self.code.line(f"{view.symbol}(o, &(struct {view.symbol}){{{', '.join(members)}}});")

    def _member(self, field, value, where):
        if field.fields is not None:
            if not value.count or value.field.struct != field.struct:
                fail(where, f"{field.name}: another list; declare it `list like {self.view.slice}/name.{field.name}`, or options")
            return [f".{field.name} = {value.c}", f".{field.name}_n = {value.count}"]
        numbers = {"money", "time", "date", "int"}
        fits = value.type == field.type or (value.type == "int" and field.type in numbers) or \
            (field.type == "text" and value.type in ("url", "local")) or (field.type == "email" and value.type == "text")
        if field.type == "text" and not fits and not value.count and value.type not in ("bool", "html"):
            return [f".{field.name} = {as_text(value, where)}"]
        if not fits:
            fail(where, f"{field.name} wants {field.type}, not {value.type}")
        return [f".{field.name} = {value.c}"]

    def _literal_control(self, name, where):
        if self.forms.form:
            self.forms.literal_control(name, where)
        elif self.markup.get_forms and self.markup.get_forms[-1]:
            page = self.tables["pages"].get(self.markup.get_forms[-1])
            base = re.split(r"[\[{]", name)[0]
            if page and base and base not in {i["name"] for i in page["inputs"]}:
                fail(where, f"page {self.markup.get_forms[-1]} has no parameter {name}")


class Everything:
    """All templates, and the tables that they speak of."""

    def __init__(self, files, tables, assets):
        self.tables, self.assets, self.views, self.sources, self.parts = tables, assets, {}, {}, Parts()
        for path in sorted(files, key=lambda p: not p.endswith(PART)):
            slice_ = os.path.basename(os.path.dirname(os.path.dirname(path)))
            name = os.path.basename(path).removesuffix(PART).removesuffix(".html")
            if not re.fullmatch(r"[a-z]\w*", name):
                fail(f"{path}:1", f"{name} cannot be a template's name: a-z, 0-9 and _")
            source = read_text(path)
            if path.endswith(PART):
                self.parts.add(f"{slice_}/{name}", path, source)
                continue
            view = View(path, slice_, name)
            for token in (t for t in tokens(path, source) if t.kind == "tag" and t.text.startswith("view")):
                if view.fields:
                    fail(token.where, "a second {view}")
                view.read(token.text[4:], token.where, self.parts)
            self.views[f"{slice_}/{name}"] = view
            self.sources[f"{slice_}/{name}"] = source
        for view in self.views.values():
            view.resolve_likes(self.views)

    def generate(self):
        """The text of each file to be written; all mistakes are collected first, one a template."""
        wrong, files, bodies, used = [], {}, {}, {}
        for key, view in self.views.items():
            template = Template(view, self.sources[key], self)
            try:
                bodies.setdefault(view.slice, []).append(template.compile())
                used.setdefault(view.slice, set()).update(template.includes)
            except Wrong as e:
                wrong.append(str(e))
        wrong = wrong or self.parts.unused()
        if wrong:
            raise Wrong("\n".join(wrong))
        for slice_, functions in bodies.items():
            views = [v for v in self.views.values() if v.slice == slice_]
            files[f"{slice_}_tpl.h"] = header(slice_, views)
            includes = "".join(f'#include "gen/{s}_tpl.h"\n' for s in sorted(used[slice_] | {slice_}))
            files[f"{slice_}_tpl.c"] = (f"/* Made by tools/tplgen.py from the templates of {slice_}. */\n{includes}"
                                        f'#include "gen/ids.h"\n\n' + "\n".join(functions))
        return files


def header(slice_, views):
    guard = f"GEN_{slice_.upper()}_TPL_H"
    others = sorted({s for v in views for s in v.used_slices()})
    includes = "".join(f'#include "gen/{s}_tpl.h"\n' for s in others)
    likes = [v for v in views if any(f.like for f in v.fields.values())]
    structs, done = [], set()
    for view in [v for v in views if v not in likes] + likes:
        for text in view.c_structs():
            if text not in done:
                done.add(text)
                structs.append(text)
    prototypes = [f"void {v.symbol}(struct html *o, const struct {v.symbol} *v);\n" for v in views]
    return (f"/* Made by tools/tplgen.py from the templates of {slice_}. */\n#ifndef {guard}\n#define {guard}\n\n"
            f'#include "html/html.h"\n{includes}\n' + "\n".join(structs) + "\n" + "".join(prototypes) + "\n#endif\n")


def read_json(path):
    try:
        return json.loads(read_text(path))
    except FileNotFoundError:
        raise Wrong(f"{path}: missing; its generator runs first") from None


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--out", default="out/gen")
    p.add_argument("--tables", default="out/gen/tables.json")
    p.add_argument("--assets", default="out/gen/assets.json")
    p.add_argument("files", nargs="*")
    a = p.parse_args()
    files = a.files or sorted(glob.glob("src/*/tpl/*.html") + glob.glob("src/*/*/tpl/*.html"))
    try:
        made = Everything(files, read_json(a.tables), read_json(a.assets)).generate()
    except Wrong as e:
        print(e, file=sys.stderr)
        return 1
    os.makedirs(a.out, exist_ok=True)
    for name, text in made.items():
        write_if_changed(os.path.join(a.out, name), text)
    if not a.files:
        for path in glob.glob(os.path.join(a.out, "*_tpl.[ch]")):
            if os.path.basename(path) not in made:
                os.remove(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
