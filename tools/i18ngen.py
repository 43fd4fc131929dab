#!/usr/bin/env python3
"""Collects the messages of the program and writes the table of their Dutch texts: out/gen/i18n_table.c.

Messages are T("…") in C, .h and .def files; quoted text on title, audit and `in` lines of .gate files; {t "…"}, t"…",
{submit "…"} and label=, help=, placeholder=, scope_label=, empty=, choice_x= in templates. The English text is the key.
Dutch stands in locale/nl/<slice>.po, one file a slice.
"""
import argparse
import glob
import os
import re
import sys

from gen_util import Wrong, c_string, read_text, write_if_changed

LANGS = {"nl": "LANG_NL"}
ALWAYS = ["Yes", "No"]  # written by {field …} of a bool as a select
STRING = r'"((?:[^"\\\n]|\\.)*)"'
STRINGS = rf"{STRING}(?:\s*{STRING})*"
IN_C = re.compile(rf"\bT\(\s*((?:{STRING}\s*)+)\)")
IN_GATE = re.compile(r"\s*(?:title|audit|in)\b")
IN_TEMPLATE = re.compile(r'\{(?:t|submit)\s+"([^"]*)"|(?<![\w.-])(?:label|help|placeholder|scope_label|empty|choice_[\w.-]+)="(?!\{)([^"]*)"|\bt"([^"]*)"')
FIELD_TAG = re.compile(r"\{field\b(?:[^{}\"]|\"[^\"]*\")*\}")
PLACE = re.compile(r"\{(\w+)\}")


def unescape(text):
    table = {"n": "\n", "t": "\t", "r": "\r"}
    return re.sub(r"\\(.)", lambda m: table.get(m.group(1), m.group(1)), text)


def files(src, *endings):
    found = []
    for folder, dirs, names in os.walk(src):
        dirs.sort()
        found += [os.path.join(folder, n) for n in sorted(names) if n.endswith(endings)]
    return found


def line_of(text, at):
    return text.count("\n", 0, at) + 1


# ---- collecting ----

def without_comments(text):
    """C without comments; the line ends stay."""
    def gap(m):
        return m.group(0) if m.group(0)[0] == '"' else "\n" * m.group(0).count("\n")
    return re.sub(rf'{STRING}|/\*.*?\*/|//[^\n]*', gap, text, flags=re.S)


def collect(src):
    """msgid -> where it was first seen."""
    found = {m: "tools/i18ngen.py" for m in ALWAYS}

    def add(msgid, path, line):
        if msgid.strip():
            found.setdefault(msgid, f"{path}:{line}")
    for path in files(src, ".c", ".h", ".def"):
        text = without_comments(read_text(path))
        for m in IN_C.finditer(text):
            add(unescape("".join(re.findall(STRING, m.group(1)))), path, line_of(text, m.start()))
    for path in files(src, ".gate"):
        for number, line in enumerate(read_text(path).splitlines(), 1):
            if IN_GATE.match(line):
                for text in re.findall(STRING, line.split("#")[0]):
                    add(unescape(text), path, number)
    for path in files(src, ".html"):
        text = re.sub(r"<!--.*?-->", lambda m: "\n" * m.group(0).count("\n"), read_text(path), flags=re.S)
        for m in IN_TEMPLATE.finditer(text):
            if text[m.start()] == "{" or m.group(3) is not None or in_field(text, m.start()):
                add(next(g for g in m.groups() if g is not None), path, line_of(text, m.start()))
    return found


def in_field(text, at):
    """Is this option inside a {field …} tag, and not an attribute of HTML?"""
    begin = text.rfind("{field", 0, at)
    return begin >= 0 and FIELD_TAG.match(text, begin) is not None and FIELD_TAG.match(text, begin).end() > at


# ---- .po ----

def read_po(path):
    """msgid -> (msgstr, line)."""
    found, now, line_no = {}, {}, 0

    def done():
        if now.get("msgid"):
            if now["msgid"] in found:
                raise Wrong(f"{path}:{now['line']}: \"{now['msgid']}\" is there twice")
            if now.get("msgstr"):
                found[now["msgid"]] = (now["msgstr"], now["line"])
        now.clear()
    key = None
    for line_no, line in enumerate(read_text(path).splitlines(), 1):
        line = line.strip()
        m = re.fullmatch(rf"(?:(msgid|msgstr)\s+)?{STRING}", line)
        if m:
            if m.group(1) == "msgid":
                done()
                now["line"] = line_no
            key = m.group(1) or key
            if key is None:
                raise Wrong(f"{path}:{line_no}: text without msgid")
            now[key] = now.get(key, "") + unescape(m.group(2))
        elif line and not line.startswith("#"):
            raise Wrong(f"{path}:{line_no}: cannot read: {line}")
    done()
    return found


def read_language(locale, lang):
    """All .po files of a language as msgid -> msgstr."""
    merged, seen = {}, {}
    for path in sorted(glob.glob(os.path.join(locale, lang, "*.po"))):
        for msgid, (msgstr, line) in read_po(path).items():
            where = f"{path}:{line}"
            if merged.get(msgid, msgstr) != msgstr:
                raise Wrong(f"{where}: \"{msgid}\" is translated otherwise at {seen[msgid]}")
            if set(PLACE.findall(msgid)) != set(PLACE.findall(msgstr)):
                raise Wrong(f"{where}: the places of \"{msgid}\" and \"{msgstr}\" differ")
            merged[msgid] = msgstr
            seen.setdefault(msgid, where)
    return merged


# ---- the table ----

def str_hash(text):
    """The same as str_hash in src/base/str.c."""
    h, mask = 0xcbf29ce484222325, (1 << 64) - 1
    for byte in text.encode():
        h = ((h ^ byte) * 0x100000001b3) & mask
    h ^= h >> 32
    return (h * 0x9E3779B97F4A7C15) & mask


def table(translated):
    entries = sorted(translated)
    size = 1
    while size < 2 * len(entries) + 1:
        size *= 2
    index = [0] * size
    for number, msgid in enumerate(entries, 1):
        at = str_hash(msgid) & (size - 1)
        while index[at]:
            at = (at + 1) & (size - 1)
        index[at] = number
    rows = "".join(f"    {{S_INIT({c_string(m)}), {{[LANG_NL] = S_INIT({c_string(translated[m])})}}}},\n" for m in entries)
    cells = "".join(f"{n}," + ("\n    " if i % 24 == 23 else " ") for i, n in enumerate(index)).strip()
    return ('/* Made by tools/i18ngen.py. */\n#include "i18n/table.h"\n\nconst struct i18n_entry i18n_entries[] = {\n' +
            (rows or "    {{NULL, 0}, {{NULL, 0}}},\n") + "};\nconst uint16_t i18n_index[] = {\n    " + cells +
            f"\n}};\nconst u64 i18n_mask = {size - 1};\n")


def list_missing(missing):
    """A skeleton to be filled in, in the order of the files."""
    for msgid, where in missing:
        print(f"#: {where}\nmsgid {c_string(msgid)}\nmsgstr \"\"\n")


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--out", default="out/gen")
    p.add_argument("--src", default="src")
    p.add_argument("--locale", default="locale")
    p.add_argument("--strict", action="store_true", help="a message without Dutch, or Dutch without a message, is an error")
    p.add_argument("--list-missing", action="store_true", help="print a .po skeleton of what has no Dutch, and stop")
    a = p.parse_args()
    try:
        messages = collect(a.src)
        dutch = read_language(a.locale, "nl")
    except Wrong as e:
        print(e, file=sys.stderr)
        return 1
    missing = sorted(((m, w) for m, w in messages.items() if m not in dutch),
                     key=lambda x: (x[1].rsplit(":", 1)[0], int(x[1].rsplit(":", 1)[1]) if ":" in x[1] else 0))
    if a.list_missing:
        list_missing(missing)
        return 0
    os.makedirs(a.out, exist_ok=True)
    write_if_changed(os.path.join(a.out, "i18n_table.c"), table({m: t for m, t in dutch.items() if m in messages}))
    unused = sorted(set(dutch) - set(messages))
    if a.strict:
        for msgid, where in missing:
            print(f'{where}: "{msgid}" has no Dutch', file=sys.stderr)
        for msgid in unused:
            print(f'locale/nl: "{msgid}" is no message of the program any more', file=sys.stderr)
        return 1 if missing or unused else 0
    if missing:
        print(f"i18n: {len(missing)} of {len(messages)} messages have no Dutch yet (tools/i18ngen.py --list-missing)", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
