#!/usr/bin/env python3
"""Reads every .gate file and writes the tables that the gate walks: pages, operations, their inputs.

Out come gen/ids.h (numbers of pages, operations, rights), gen/<slice>_gate.h (input structs and prototypes),
gen/gate_tables.c (the tables) and gen/tables.json (the same for tplgen, the reference pages and the tests).
A page or operation without a right, a cache class, an audit action or an assistance policy does not get past here.
"""
import argparse
import glob
import json
import os
import re
import sys

from gen_util import Wrong, c_string, fail, read_text, write_if_changed

SPECIAL_RIGHTS = {"anyone": "RIGHT_ANYONE", "customer": "RIGHT_CUSTOMER", "staff": "RIGHT_STAFF",
                  "system": "RIGHT_SYSTEM", "secret": "RIGHT_SECRET", "guest_staff": "RIGHT_GUEST_STAFF"}
BOUNDED = {"int", "text", "lines", "token", "password", "list", "map"}
PLAIN = {"id", "email", "bool", "slug", "secret", "path", "date", "money"}
LIMITS = {"none", "form", "login", "mail", "search"}
C_TYPES = {"id": "i64", "int": "i64", "date": "i64", "money": "i64", "bool": "bool"}


def read_def(path, macro):
    """Rows of an X-macro file as lists of raw arguments."""
    text = re.sub(r"/\*.*?\*/", "", read_text(path), flags=re.S)
    rows = []
    for body in re.findall(rf"^{macro}\((.*)\)\s*$", text, flags=re.M):
        rows.append([a.strip() for a in re.split(r",\s*(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", body)])
    return rows


def unquote(s):
    m = re.fullmatch(r'(?:T\()?"(.*)"\)?', s)
    return m.group(1) if m else s


class Field:
    def __init__(self, where, text):
        m = re.fullmatch(r'(\w+)\s+(.*?)(?:\s+"([^"]*)")?\s*', text)
        if not m:
            fail(where, f"cannot read input: {text}")
        self.where, self.name, rest, self.label = where, m.group(1), m.group(2).split(), m.group(3)
        self.optional = "optional" in rest
        rest = [w for w in rest if w != "optional"]
        if not rest:
            fail(where, f"input {self.name} has no type")
        self.type, rest = rest[0], rest[1:]
        self.item, self.choices, self.lo, self.hi = None, [], 0, 0
        if self.type == "list":
            if not rest or rest[0] not in ("id", "token"):
                fail(where, "list is of id or token")
            self.item, rest = rest[0], rest[1:]
        if self.type == "map":
            if not rest or rest[0] != "text":
                fail(where, "map is of text")
            self.item, rest = "text", rest[1:]
        if self.type == "enum":
            if not rest:
                fail(where, "enum needs a|b|c")
            self.choices, rest = rest[0].split("|"), rest[1:]
        elif self.type in BOUNDED:
            b = re.fullmatch(r"(-?\d+)\.\.(\d+)", rest[0]) if rest else None
            if not b:
                fail(where, f"input {self.name}: {self.type} needs bounds lo..hi")
            self.lo, self.hi, rest = int(b.group(1)), int(b.group(2)), rest[1:]
            if self.lo > self.hi:
                fail(where, f"input {self.name}: empty bounds")
        elif self.type not in PLAIN:
            fail(where, f"input {self.name}: unknown type {self.type}")
        if rest:
            fail(where, f"input {self.name}: what is {' '.join(rest)}?")

    def c_enum(self, owner):
        return f"{owner}_{self.name}"

    def c_decl(self, owner):
        if self.type == "list":
            t = "i64" if self.item == "id" else "str"
            return f"    {t} *{self.name};\n    size_t {self.name}_n;\n"
        if self.type == "map":
            return f"    struct gate_map_entry *{self.name};\n    size_t {self.name}_n;\n"
        if self.type == "enum":
            return f"    enum {self.c_enum(owner)} {self.name};\n"
        t = C_TYPES.get(self.type, "str")
        if self.optional and t == "i64":
            t = "opt_i64"
        return f"    {t} {self.name};\n"

    def c_row(self, owner):
        kind = f"IN_LIST_{self.item.upper()}" if self.type == "list" else \
            "IN_MAP_TEXT" if self.type == "map" else f"IN_{self.type.upper()}"
        count = f"offsetof(struct {owner}_in, {self.name}_n)" if self.type in ("list", "map") else "0"
        label = f"S_INIT({c_string(self.label)})" if self.label else "{NULL, 0}"
        choices = f"{owner}_{self.name}_choices, {len(self.choices)}" if self.choices else "NULL, 0"
        return (f"    {{{c_string(self.name)}, {label}, {kind}, {str(self.optional).lower()}, {self.lo}, {self.hi}, "
                f"offsetof(struct {owner}_in, {self.name}), {count}, {choices}}},\n")

    def as_json(self):
        return {"name": self.name, "type": self.type, "item": self.item, "lo": self.lo, "hi": self.hi,
                "optional": self.optional, "label": self.label, "choices": self.choices}


class Decl:
    def __init__(self, where, kind, name, slice_):
        self.where, self.kind, self.name, self.slice = where, kind, name, slice_
        self.words, self.fields = {}, []

    def word(self, key, required=True):
        if required and key not in self.words:
            fail(self.where, f"{self.kind} {self.name} has no `{key}` line")
        return self.words.get(key)


def parse(path):
    slice_ = os.path.splitext(os.path.basename(path))[0]
    decls, now = [], None
    for number, line in enumerate(read_text(path).splitlines(), 1):
        where = f"{path}:{number}"
        line = re.sub(r"(^|\s)#.*$", "", line.rstrip())
        if not line.strip():
            continue
        m = re.fullmatch(r"(page|op)\s+([a-z][a-z0-9_]*)", line)
        if m:
            now = Decl(where, m.group(1), m.group(2), slice_)
            decls.append(now)
            continue
        m = re.fullmatch(r"\s+(\w+)(?:\s+(.*))?", line)
        if not m or not now:
            fail(where, f"cannot read: {line.strip()}")
        key, value = m.group(1), (m.group(2) or "").strip()
        if key == "in":
            field = Field(where, value)
            if any(f.name == field.name for f in now.fields):
                fail(where, f"input {field.name} is declared twice")
            now.fields.append(field)
            continue
        known = {"page": {"get", "right", "cache", "assisted", "limit"},
                 "op": {"title", "post", "page", "right", "assisted", "audit", "limit", "prepare", "answer"}}[now.kind]
        if key not in known:
            fail(where, f"a {now.kind} has no `{key}`")
        if key in now.words:
            fail(where, f"`{key}` twice")
        now.words[key] = value
    return decls


def area_of(path):
    return "none" if path is None else "admin" if path == "/admin" or path.startswith("/admin/") else "shop"


def check_path(d, path):
    if not path.startswith("/"):
        fail(d.where, f"path {path} does not start with /")
    for part in re.findall(r"\{(\w+)\}", path):
        if not any(f.name == part for f in d.fields):
            fail(d.where, f"path part {{{part}}} is no declared input")


def check_page(d, resources):
    d.path = d.word("get")
    check_path(d, d.path)
    d.area = area_of(d.path)
    d.right = d.word("right")
    d.cache = d.word("cache")
    if d.cache not in ("private", "public"):
        fail(d.where, "cache is private or public")
    d.assisted = d.word("assisted", False) or "allowed"
    if d.assisted not in ("allowed", "refused"):
        fail(d.where, "a page is assisted allowed or refused")
    d.limit = d.word("limit", False) or "none"
    if d.limit not in LIMITS:
        fail(d.where, f"unknown limit {d.limit}")
    allowed = {"anyone", "customer"} if d.area == "shop" else {"staff", "guest_staff"} | resources
    if d.right not in allowed:
        fail(d.where, f"page {d.name}: right {d.right} is not one of this area's")
    if d.cache == "public" and (d.area != "shop" or d.right != "anyone"):
        fail(d.where, f"page {d.name}: only a shop page for anyone can be public")


def check_op(d, resources, groups, pages):
    for must in ("title", "post", "right", "audit"):
        d.word(must)
    d.title = unquote(d.words["title"])
    d.path = None if d.words["post"] == "none" else d.words["post"]
    if d.path:
        check_path(d, d.path)
    d.area = area_of(d.path)
    d.right = d.words["right"]
    allowed = {"shop": {"anyone", "customer", "secret"}, "admin": {"staff", "guest_staff"} | resources,
               "none": {"system"}}[d.area]
    if d.right not in allowed:
        fail(d.where, f"op {d.name}: right {d.right} is not one of its area's")
    if d.right == "secret" and not any(f.type == "secret" for f in d.fields):
        fail(d.where, f"op {d.name}: right secret needs an input of type secret")
    d.assisted = d.word("assisted", d.area == "shop") or "refused"
    if d.assisted not in ("allowed", "protected", "refused"):
        fail(d.where, "assisted is allowed, protected or refused")
    m = re.fullmatch(r'(\w+)\s+"([^"]+)"\s+record\s+(staff|always)', d.words["audit"])
    if not m or m.group(1) not in groups:
        fail(d.where, f'op {d.name}: audit must be: GROUP "what happened" record staff|always, with a group of groups.def')
    d.group, d.happened, d.record = m.groups()
    d.limit = d.word("limit", False) or "form"
    if d.limit not in LIMITS:
        fail(d.where, f"unknown limit {d.limit}")
    d.page = d.word("page", False)
    if d.page is not None and d.page not in pages:
        fail(d.where, f"op {d.name}: page {d.page} does not exist")
    if d.page is not None:
        names = {f.name for f in d.fields}
        for f in pages[d.page].fields:
            if not f.optional and f.name not in names:
                fail(d.where, f"op {d.name}: page {d.page} needs {f.name}, which the operation does not have")
    d.prepare, d.answer = "prepare" in d.words, "answer" in d.words


def right_c(right, resources):
    return SPECIAL_RIGHTS.get(right) or f"RESOURCE_{resources[right]}"


def header(slice_, decls):
    out = [f"/* Made by tools/gategen.py from {slice_}.gate. */\n#ifndef GEN_{slice_.upper()}_GATE_H\n"
           f"#define GEN_{slice_.upper()}_GATE_H\n\n#include \"gate/gate.h\"\n#include \"gen/ids.h\"\n"]
    for d in decls:
        for f in d.fields:
            if f.type == "enum":
                first = [f"{d.name}_{f.name}_none".upper()] if f.optional else []
                names = first + [re.sub(r"\W", "_", f"{d.name}_{f.name}_{c}").upper() for c in f.choices]
                if first:
                    out.append(f"\nenum {f.c_enum(d.name)} {{ {names[0]} = -1, {', '.join(names[1:])} }};\n")
                else:
                    out.append(f"\nenum {f.c_enum(d.name)} {{ {', '.join(names)} }};\n")
        body = "".join(f.c_decl(d.name) for f in d.fields) or "    char none;\n"
        out.append(f"\nstruct {d.name}_in {{\n{body}}};\n")
        if d.kind == "page":
            kind = "pub" if d.cache == "public" else "page"
            out.append(f"enum err page_{d.name}(struct {kind} *p, const struct {d.name}_in *in);\n")
        else:
            out.append(f"enum err op_{d.name}(struct op *op, const struct {d.name}_in *in);\n")
            if d.prepare:
                out.append(f"enum err prepare_{d.name}(struct prep *p, const struct {d.name}_in *in);\n")
            if d.answer:
                out.append(f"enum err answer_{d.name}(struct page *p, void *result);\n")
    out.append("\n#endif\n")
    return "".join(out)


def tables(slices, pages, ops, resources, groups):
    out = ["/* Made by tools/gategen.py. */\n#include \"gate/gate.h\"\n#include \"access/access.h\"\n"
           "#include \"audit/audit.h\"\n"]
    out += [f'#include "gen/{s}_gate.h"\n' for s in slices]
    for d in pages + ops:
        for f in d.fields:
            if f.choices:
                out.append(f"static const str {d.name}_{f.name}_choices[] = "
                           f"{{{', '.join(f'S_INIT({c_string(c)})' for c in f.choices)}}};\n")
        if d.fields:
            out.append(f"static const struct gate_field {d.name}_fields[] = {{\n"
                       + "".join(f.c_row(d.name) for f in d.fields) + "};\n")
        # Adapters give the typed handler its typed input: no cast of function pointers.
        if d.kind == "page":
            kind = "pub" if d.cache == "public" else "page"
            out.append(f"static enum err call_page_{d.name}(struct {kind} *p, const void *in) {{\n"
                       f"    return page_{d.name}(p, in);\n}}\n")
        else:
            out.append(f"static enum err call_op_{d.name}(struct op *op, const void *in) {{\n"
                       f"    return op_{d.name}(op, in);\n}}\n")
            if d.prepare:
                out.append(f"static enum err call_prepare_{d.name}(struct prep *p, const void *in) {{\n"
                           f"    return prepare_{d.name}(p, in);\n}}\n")
    out.append("\nconst struct gate_page gate_pages[] = {\n")
    for d in pages:
        fields = f"{d.name}_fields, {len(d.fields)}" if d.fields else "NULL, 0"
        handlers = f"NULL, call_page_{d.name}" if d.cache == "public" else f"call_page_{d.name}, NULL"
        out.append(f'    {{"{d.name}", S_INIT("{d.path}"), AREA_{d.area.upper()}, {right_c(d.right, resources)}, '
                   f"{str(d.cache == 'public').lower()}, ASSISTED_{d.assisted.upper()}, LIMIT_{d.limit.upper()}, "
                   f"{fields}, sizeof(struct {d.name}_in), {handlers}}},\n")
    out.append("};\nconst size_t gate_pages_n = COUNT_OF(gate_pages);\n\nconst struct gate_op gate_ops[] = {\n")
    for d in ops:
        fields = f"{d.name}_fields, {len(d.fields)}" if d.fields else "NULL, 0"
        path = f'S_INIT("{d.path}")' if d.path else "{NULL, 0}"
        page = f"PAGE_{d.page.upper()}" if d.page else "-1"
        prepare = f"call_prepare_{d.name}" if d.prepare else "NULL"
        answer = f"answer_{d.name}" if d.answer else "NULL"
        out.append(f'    {{"{d.name}", S_INIT({c_string(d.title)}), {path}, AREA_{d.area.upper()}, '
                   f"{right_c(d.right, resources)}, {page}, ASSISTED_{d.assisted.upper()}, RECORD_{d.record.upper()}, "
                   f"LIMIT_{d.limit.upper()}, AUDIT_{groups[d.group]}, S_INIT({c_string(d.happened)}), {fields}, "
                   f"sizeof(struct {d.name}_in), {prepare}, call_op_{d.name}, {answer}}},\n")
    out.append("};\nconst size_t gate_ops_n = COUNT_OF(gate_ops);\n")
    return "".join(out)


def run(out_dir, src):
    resources = {unquote(r[1]): r[0] for r in read_def(f"{src}/access/resources.def", "RESOURCE")}
    groups = {unquote(r[1]): r[0] for r in read_def(f"{src}/audit/groups.def", "GROUP")}
    by_slice = {}
    for path in sorted(glob.glob(f"{src}/*/*.gate") + glob.glob(f"{src}/shop/*/*.gate")):
        decls = parse(path)
        if decls:
            by_slice[decls[0].slice] = decls
    everything = [d for ds in by_slice.values() for d in ds]
    seen = {}
    for d in everything:
        if d.name in seen:
            fail(d.where, f"{d.name} is declared twice (also {seen[d.name].where})")
        seen[d.name] = d
    pages = [d for d in everything if d.kind == "page"]
    ops = [d for d in everything if d.kind == "op"]
    for d in pages:
        check_page(d, set(resources))
    for d in ops:
        check_op(d, set(resources), groups, {p.name: p for p in pages})
    addresses = {}
    for d in everything:
        shape = (d.kind, re.sub(r"\{\w+\}", "{}", d.path or d.name))
        if shape in addresses:
            fail(d.where, f"{d.name} has the same address as {addresses[shape]}")
        addresses[shape] = d.name
    ids = "/* Made by tools/gategen.py. */\n#ifndef GEN_IDS_H\n#define GEN_IDS_H\n\nenum {\n" + \
        "".join(f"    PAGE_{d.name.upper()},\n" for d in pages) + "};\n\nenum {\n" + \
        "".join(f"    OP_{d.name.upper()},\n" for d in ops) + "};\n\n#endif\n"
    write_if_changed(f"{out_dir}/ids.h", ids)
    for s, decls in by_slice.items():
        write_if_changed(f"{out_dir}/{s}_gate.h", header(s, decls))
    write_if_changed(f"{out_dir}/gate_tables.c", tables(sorted(by_slice), pages, ops, resources, groups))
    data = {"pages": {}, "ops": {}, "resources": [
        {"key": unquote(r[1]), "parent": unquote(r[2]), "title": unquote(r[3])}
        for r in read_def(f"{src}/access/resources.def", "RESOURCE")]}
    for d in pages:
        data["pages"][d.name] = {"method": "get", "path": d.path, "area": d.area, "public": d.cache == "public",
                                 "right": d.right, "assisted": d.assisted, "inputs": [f.as_json() for f in d.fields]}
    for i, d in enumerate(ops):
        data["ops"][d.name] = {"index": i, "path": d.path, "area": d.area, "right": d.right, "assisted": d.assisted,
                               "title": d.title, "group": d.group, "happened": d.happened, "record": d.record,
                               "limit": d.limit, "page": d.page, "inputs": [f.as_json() for f in d.fields]}
    write_if_changed(f"{out_dir}/tables.json", json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--out", default="out/gen")
    p.add_argument("--src", default="src")
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    try:
        run(a.out, a.src)
    except Wrong as e:
        print(e, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
