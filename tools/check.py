#!/usr/bin/env python3
"""Checks of the source tree that the compiler cannot make: imports between rooms, banned functions, lengths, comments,
format, machine paths, generated files. Prints one `file:line: message` per finding; exit status 1 when there is one.
What is allowed where stands in tools/rooms.txt. With --tap it prints one TAP line per rule, for the test runner."""
import argparse
import fnmatch
import os
import re
import shutil
import subprocess
import sys

MAX_FILE = 700
MAX_FUNCTION = 80
BANNED = ("strcpy strcat sprintf vsprintf strtok gets atoi atol atoll strtol strtoul gmtime localtime ctime asctime rand srand "
          "system popen alloca").split()
MEMORY = "malloc calloc realloc reallocarray free strdup strndup asprintf vasprintf".split()
PRINTING = "printf puts putchar".split()


class Table:
    """tools/rooms.txt, read."""

    def __init__(self, path):
        self.level, self.beside, self.slices, self.statements, self.headers, self.memory = {}, {}, {}, {}, [], {}
        self.write = set()
        with open(path, encoding="utf-8") as f:
            for number, line in enumerate(f, 1):
                line = line.split("#")[0].strip()
                if line:
                    self._line(line, f"{path}:{number}")
        self.used_slices, self.used_beside, self.used_memory = set(), set(), set()

    def _line(self, line, where):
        word, _, rest = line.partition(" ")
        name, _, value = rest.partition(":")
        if word == "level":
            number = len(set(self.level.values()))
            for room in rest.split():
                self.level[room] = number
        elif word == "beside":
            self.beside[name.strip()] = set(value.split())
        elif word == "write":
            self.write.add(name.strip())
        elif word == "slice":
            self.slices[name.strip()] = set(value.split())
        elif word == "statements":
            self.statements[name.strip()] = set(value.split())
        elif word == "header":
            self.headers.append((name.strip(), set(value.split())))
        elif word == "memory":
            self.memory[name.strip()] = value.strip()
        else:
            raise SystemExit(f"{where}: unknown word '{word}'")


def blank_out(text, strings=True):
    """C text with comments (and string literals) replaced by spaces; line breaks stay."""
    def gap(m):
        s = m.group(0)
        if not strings and s[0] in "\"'":
            return s
        if s[0] in "\"'":
            return s[0] + " " * (len(s) - 2) + s[0]
        return re.sub(r"[^\n]", " ", s)
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', gap, text, flags=re.S)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


class Tree:
    """The files of a source tree, read once."""

    def __init__(self, root):
        self.root = root
        self.table = Table(os.path.join(root, "tools", "rooms.txt"))
        self.text = {}
        for folder in ("src", "tests", "tools", "assets", "docs", ".ci"):
            for base, dirs, files in os.walk(os.path.join(root, folder)):
                dirs[:] = sorted(d for d in dirs if d not in ("node_modules", "__pycache__"))
                for name in sorted(files):
                    self._add(os.path.join(base, name))
        for name in sorted(os.listdir(root)):
            if name != ".git" and os.path.isfile(os.path.join(root, name)):  # a file in a linked working tree
                self._add(os.path.join(root, name))
        self.code = {p: blank_out(t) for p, t in self.text.items() if p.endswith((".c", ".h"))}

    def _add(self, path):
        try:
            with open(path, encoding="utf-8") as f:
                self.text[os.path.relpath(path, self.root)] = f.read()
        except UnicodeDecodeError:
            pass  # a picture

    def c_sources(self, folder="src/"):
        return [p for p in self.code if p.startswith(folder)]


def room_of(path):
    """('db', None) for src/db/x.c, ('shop', 'cart') for src/shop/cart/x.c."""
    parts = path.split("/")
    if parts[1] == "shop":
        return "shop", parts[2] if len(parts) > 3 else None
    return parts[1], None


def rule_imports(tree):
    """Imports between rooms point one way"""
    t = tree.table
    for path in tree.c_sources():
        room, piece = room_of(path)
        text = blank_out(tree.text[path], strings=False)
        if room not in t.level:
            yield path, 1, f"the room '{room}' does not stand in tools/rooms.txt"
            continue
        for m in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', text, re.M):
            line, name = line_of(text, m.start()), m.group(2)
            for pattern, rooms in t.headers:
                if fnmatch.fnmatch(name, pattern) and room not in rooms:
                    yield path, line, f"{name} stays inside {', '.join(sorted(rooms))}/"
            if m.group(1) == "<":
                continue
            if name.startswith("gen/"):
                yield from check_generated_import(path, line, name, room, piece, t)
            else:
                yield from check_room_import(path, line, name, room, piece, t)
    yield from stale_lines(tree)


def check_generated_import(path, line, name, room, piece, t):
    m = re.fullmatch(r"gen/(\w+)_(sql|tpl)\.h", name)
    owner = piece or room
    if not m or m.group(1) == owner or m.group(1).startswith(owner + "_"):
        return  # its own; a slice may have several .sql files, each named <slice>_<part>
    if m.group(2) == "sql" and m.group(1) in t.statements.get(owner, ()):
        return
    if m.group(2) == "sql" or (m.group(1) in t.level and m.group(1) != "gate" and room != "gate"):
        yield path, line, f"{name} belongs to {m.group(1)}; ask its header for what you need"


def check_room_import(path, line, name, room, piece, t):
    if "/" not in name:
        yield path, line, f'write the whole path: "{room}/{name}"'
        return
    other, other_piece = room_of("src/" + name)
    if other == "shop" and room == "shop":
        if other_piece == piece:
            return
        if name != f"shop/{other_piece}/{other_piece}.h":
            yield path, line, f"only shop/{other_piece}/{other_piece}.h may be seen by other slices"
        elif other_piece not in t.slices.get(piece, ()):
            yield path, line, f"slice {piece} may not import slice {other_piece} (tools/rooms.txt)"
        else:
            t.used_slices.add((piece, other_piece))
    elif other == room:
        return
    elif other not in t.level:
        yield path, line, f"no such room: {other}"
    elif other in t.beside.get(room, ()):
        t.used_beside.add((room, other))
    elif t.level[other] >= t.level[room]:
        yield path, line, f"{room}/ may not import {other}/: imports point one way (tools/rooms.txt)"


def stale_lines(tree):
    """What the table allows and nobody needs any more; and circles inside a level."""
    t = tree.table
    for kind, allowed, used in (("slice", t.slices, t.used_slices), ("beside", t.beside, t.used_beside)):
        for name, others in allowed.items():
            for other in sorted(others):
                if (name, other) not in used:
                    yield "tools/rooms.txt", 1, f"{kind} {name}: {other} is not needed"
                elif reaches(allowed, other, name):
                    yield "tools/rooms.txt", 1, f"{kind} {name}: {other} closes a circle"


def reaches(graph, start, goal, seen=None):
    seen = seen if seen is not None else set()
    if start == goal:
        return True
    if start in seen:
        return False
    seen.add(start)
    return any(reaches(graph, n, goal, seen) for n in graph.get(start, ()))


def calls(code, names):
    pattern = r"(?<![\w.>])(" + "|".join(names) + r")[ \t]*\("
    for m in re.finditer(pattern, code):
        # A declaration of a function of that name is not a call, and there is none in this tree.
        yield line_of(code, m.start()), m.group(1)


def rule_banned(tree):
    """Banned functions are not called"""
    t = tree.table
    for path in tree.c_sources() + tree.c_sources("tests/"):
        for line, name in calls(tree.code[path], BANNED):
            yield path, line, f"{name}() is banned"
    for path in tree.c_sources():
        room, _ = room_of(path)
        if room != "app":
            for line, name in calls(tree.code[path], PRINTING):
                yield path, line, f"{name}() outside app/: only commands talk to the terminal"
        if room != "base":
            for line, name in calls(tree.code[path], MEMORY):
                if path not in t.memory:
                    yield path, line, f"{name}() outside base/: take memory from an arena, or name the file in tools/rooms.txt"
                t.used_memory.add(path)
    for path in sorted(set(t.memory) - t.used_memory):
        yield "tools/rooms.txt", 1, f"memory {path} is not needed"


def rule_writers(tree):
    """Nothing but the runner reaches the database's writer"""
    for path in tree.c_sources():
        room, _ = room_of(path)
        if room not in tree.table.write:
            for line, name in calls(tree.code[path], ("db_submit", "db_submit_wait")):
                yield path, line, f"{name}() outside the runner: a change is an operation (see docs/tables.md)"


def rule_comments(tree):
    """Every exported function has a comment before it or its group"""
    for path in tree.c_sources():
        if path.endswith(".h"):
            yield from uncommented(path, tree.text[path], tree.code[path])


def uncommented(path, text, code):
    lines, bare = text.split("\n"), code.split("\n")
    documented = False  # in this group of lines without a blank one between them
    section = False     # a heading like /* ---- reading ---- */ stands for the groups under it
    depth = 0
    for i, (line, stripped) in enumerate(zip(lines, bare)):
        has_comment = line.strip() != "" and line != stripped and ("/*" in line or "*/" in line or line.lstrip().startswith("*"))
        if line.strip() == "":
            documented = False
        elif line.startswith("#") and depth == 0 and not has_comment:
            documented = documented and not line.startswith(("#if", "#include"))
        if has_comment:
            documented = True
            if stripped.strip() == "":
                section = "----" in line or (section and lines[i - 1].strip() != "")
        if depth == 0 and re.match(r"(?!typedef|static|return|else|struct \w+ \{|enum \w* ?\{)[A-Za-z_][\w \t*]*[ *](\w+)\([^;{]*", stripped) \
                and not line.startswith("#") and not (documented or section):
            name = re.match(r"[A-Za-z_][\w \t*]*[ *](\w+)\(", stripped).group(1)
            yield path, i + 1, f"{name} has no comment: say what it does, units, ownership, errors"
        depth += stripped.count("{") - stripped.count("}")


def rule_lengths(tree):
    """Files and functions are short enough to read"""
    for path, text in tree.text.items():
        if path.endswith((".c", ".h", ".py", ".js", ".sh", ".html", ".gate")) and path.startswith(("src/", "tests/", "tools/", "assets/")):
            n = text.count("\n")
            if n > MAX_FILE:
                yield path, n, f"{n} lines; split a file over {MAX_FILE}"
    for path in tree.c_sources() + tree.c_sources("tests/"):
        start = None
        for i, line in enumerate(tree.code[path].split("\n"), 1):
            if line[:1].isalpha() and "(" in line and not line.rstrip().endswith(";"):
                start = i
            elif line.startswith("}"):
                if start and i - start + 1 > MAX_FUNCTION:
                    yield path, start, f"a function of {i - start + 1} lines; {MAX_FUNCTION} fit a screen or two"
                start = None


def rule_format(tree):
    """The C files are as clang-format leaves them"""
    tool = shutil.which("clang-format")
    files = tree.c_sources() + tree.c_sources("tests/")
    if tool is None or not files:
        return
    r = subprocess.run([tool, "--dry-run", "--ferror-limit=1", *files], cwd=tree.root, capture_output=True, text=True, check=False)
    for m in re.finditer(r"^(\S+?):(\d+):\d+: (?:warning|error): code should be clang-formatted", r.stderr, re.M):
        yield m.group(1), int(m.group(2)), "not as clang-format leaves it: run `make format`"


def rule_paths(tree):
    """No path of one machine stands in a file"""
    for path, text in tree.text.items():
        for m in re.finditer(r"(?<![\w.\-}*])/(?:work|root|home)/[\w.]", text):
            yield path, line_of(text, m.start()), "a path that exists on one machine only"


def rule_generated(tree):
    """Nothing generated is committed"""
    r = subprocess.run(["git", "ls-files", "-z"], cwd=tree.root, capture_output=True, text=True, check=False)
    for path in filter(None, r.stdout.split("\0")):
        parts = path.split("/")
        if parts[0] in ("out", "demo") or "node_modules" in parts or "__pycache__" in parts:
            yield path, 1, "made by a build or a run; must not be committed"
        elif re.search(r"\.(o|a|so|pyc|db|db-wal|eml|log)$", path) or re.match(r"\S+ Made by tools/", tree.text.get(path, "")):
            yield path, 1, "looks generated; must not be committed"


RULES = [rule_imports, rule_banned, rule_writers, rule_comments, rule_lengths, rule_format, rule_paths, rule_generated]


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--root", default=os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    p.add_argument("--tap", action="store_true")
    a = p.parse_args()
    tree = Tree(a.root)
    bad = 0
    for number, rule in enumerate(RULES, 1):
        found = list(rule(tree))
        bad += len(found)
        if a.tap:
            print(f"{'not ok' if found else 'ok'} {number} - {rule.__doc__}")
        for path, line, message in found:
            print(f"{'# ' if a.tap else ''}{path}:{line}: {message}")
    if a.tap:
        print(f"1..{len(RULES)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
