#!/usr/bin/env python3
"""Turns the named statements of the .sql files into typed C functions, and the migrations into a table.

Each statement is prepared on a database made by the migrations, so that what SQLite thinks of it (does it write, which
tables, how many columns, is it SQL at all) is known at build time. What is wrong is told as file:line: message.
docs/tables.md, "Statements", describes the language; sqldialect.py holds what the common dialect refuses."""
import argparse
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import sqldialect  # noqa: E402
import sqlemit  # noqa: E402
import sqlschema  # noqa: E402
from gen_util import read_text  # noqa: E402

TYPES = {"int", "bool", "text", "blob"}
HEAD = re.compile(r"(read|write) +(\w+) +(\w+) *\(([^()]*)\) *(?:-> *(.*))?$")
WATCH = re.compile(r"watch +(\w+)(?: +by +(\w+) *= *([:@]\w+))?$")
NAME = re.compile(r"[a-z][a-z0-9_]*$")
C_WORDS = set("auto bool break case char const continue default do double else enum extern float for goto if inline int "
              "long register restrict return short signed sizeof static struct switch typedef union unsigned void "
              "volatile while true false str i64 u64 opt_i64".split())
TAKEN = {"r", "w", "ret", "ret_n", "ret_changes", "each", "arg"}  # names of the generated functions themselves
SHAPES = {"read": ("one", "rows", "each"), "write": ("one", "rows", "exec", "load")}
ROW = re.compile(r"INSERT INTO (\w+)\s*\(([\w\s,]+)\)\s*VALUES\s*\((.*)\)$", re.S)
ROW_VALUE = re.compile(r":\w+$|-?\d+$|'[^',\\]*'$")


class Problems:
    """Collects what is wrong, so that one run tells all of it."""

    def __init__(self):
        self.lines = []

    def add(self, path, line, message):
        self.lines.append(f"{path}:{line}: {message}")


class Field:
    def __init__(self, name, kind, null):
        self.name, self.kind, self.null = name, kind, null


class Statement:
    def __init__(self, path, line):
        self.path, self.line = path, line
        self.mode = self.shape = self.name = ""
        self.params, self.columns = [], []
        self.watches = []    # (table, column, ":param" or "@self", line)
        self.doc = []
        self.body = []       # (line number, text)
        self.sql = ""
        self.only = ""       # the engine this text is for; "": every engine
        self.like = ""       # the statement whose columns and struct are these; "": its own
        self.into = ""       # of load: the table and its columns
        self.postgres = ""   # another text for PostgreSQL
        self.args = []       # what is bound to $1, $2, …: a parameter's name or "@self"
        self.tables = set()  # read, or changed
        self.deps = []       # (table, index into args or -1)
        self.id = -1

    @property
    def writes(self):
        return self.mode == "write"


def split_fields(st, text, what, problems):
    fields = []
    for part in filter(None, (p.strip() for p in text.split(","))):
        m = re.match(r"(\w+) +(\w+)(\?)?$", part)
        if not m or m[2] not in TYPES:
            problems.add(st.path, st.line, f"{what} '{part}': want NAME TYPE, the type one of int, bool, text, blob (with ? when NULL)")
            continue
        if not NAME.match(m[1]) or m[1] in C_WORDS or (what == "parameter" and m[1] in TAKEN):
            problems.add(st.path, st.line, f"{what} '{m[1]}': this name cannot be used in C")
            continue
        if any(f.name == m[1] for f in fields):
            problems.add(st.path, st.line, f"{what} '{m[1]}' stands twice")
            continue
        fields.append(Field(m[1], m[2], bool(m[3])))
    return fields


def read_head(st, text, problems):
    m = HEAD.match(" ".join(text.split()))
    if not m:
        problems.add(st.path, st.line, "want: -- read|write one|rows|each|exec|load NAME (PARAMETER TYPE, …) -> COLUMN TYPE, …")
        return
    st.mode, st.shape, st.name = m[1], m[2], m[3]
    if not NAME.match(st.name) or st.name in C_WORDS:
        problems.add(st.path, st.line, f"'{st.name}' is no name for a C function")
    if not any(st.shape in shapes for shapes in SHAPES.values()):
        problems.add(st.path, st.line, f"'{st.shape}': want one, rows, each, exec or load")
    elif st.shape in ("exec", "load") and (not st.writes or m[5]):
        problems.add(st.path, st.line, f"{st.shape} is for writing statements without columns")
    elif st.shape == "each" and (st.writes or m[4].strip()):
        problems.add(st.path, st.line, "each is for reading statements without parameters")
    elif st.shape not in ("exec", "load") and not (m[5] or "").strip():
        problems.add(st.path, st.line, f"{st.shape} needs columns after ->")
    st.params = split_fields(st, m[4], "parameter", problems)
    like = re.match(r"like +(\w+)$", m[5] or "")
    if like:
        st.like = like[1]
    else:
        st.columns = split_fields(st, m[5] or "", "column", problems)


def take_columns(statements, problems):
    """Columns that are those of another statement of the same file."""
    for st in statements:
        if not st.like:
            continue
        other = next((s for s in statements if s.name == st.like and s.path == st.path and s.line < st.line), None)
        if not other or other.like or not other.columns:
            problems.add(st.path, st.line, f"{st.name}: no statement '{st.like}' with columns of its own stands before it")
        else:
            st.columns = other.columns


def take_row(st, problems):
    """The body of a load: one row of values, bound in the order of the columns."""
    m = ROW.match(" ".join(line.strip() for _, line in st.body).rstrip("; "))
    columns = [c.strip() for c in m[2].split(",")] if m else []
    values = [v.strip() for v in m[3].split(",")] if m else []
    declared = {p.name for p in st.params}
    if not m or len(columns) != len(values) or not all(ROW_VALUE.match(v) for v in values):
        problems.add(st.path, st.line, f"{st.name}: load wants INSERT INTO TABLE (COLUMN, …) VALUES (:parameter or number or 'text', …);")
        return
    for v in values:
        if v.startswith(":") and v[1:] not in declared:
            problems.add(st.path, st.line, f"{st.name}: '{v}' is no declared parameter")
    st.args = [v.removeprefix(":") for v in values]
    st.into = f"{m[1]} ({', '.join(columns)})"
    st.sql = f"INSERT INTO {st.into}\nVALUES ({', '.join(f'${i + 1}' for i in range(len(values)))})"
    for p in st.params:
        if p.name not in st.args:
            problems.add(st.path, st.line, f"{st.name}: parameter '{p.name}' is not used")


def parse(path, text, problems):
    """The statements of one file."""
    statements, st, head, doc = [], None, None, []

    def finish_head():
        nonlocal head
        if head is not None:
            read_head(st, head, problems)
            head = None

    for number, line in enumerate(text.split("\n"), 1):
        comment = re.match(r"\s*--(.*)$", line)
        words = comment[1].strip() if comment else ""
        if comment and re.match(r"(read|write)\b.*\(", words):
            finish_head()
            st = Statement(path, number)
            st.doc, doc = doc, []
            statements.append(st)
            head = words
        elif comment and head is not None and re.match(r"\s{2,}", comment[1]):
            head += " " + words  # a heading may go on, indented
        elif comment and st and not st.body and words == "only postgres":
            finish_head()
            st.only = "postgres"
        elif comment and st and not st.body and words.startswith("watch "):
            finish_head()
            m = WATCH.match(words)
            if m:
                st.watches.append((m[1], m[2], m[3], number))
            else:
                problems.add(path, number, "want: -- watch TABLE by COLUMN=:parameter")
        elif comment:
            finish_head()
            doc.append(words)
        elif line.strip():
            finish_head()
            if not st:
                problems.add(path, number, "a statement without a heading: -- read|write …")
                st = Statement(path, number)
            st.body.append((number, line))
            doc = []
        else:
            finish_head()
            doc = []
    finish_head()
    return statements


def take_body(st, problems):
    """Joins the lines, checks the dialect, and turns :name, @self and @scope into $1, $2, …"""
    text = "\n".join(line for _, line in st.body)
    masked = sqldialect.mask(text)
    first = st.body[0][0] if st.body else st.line

    def line_of(at):
        return first + text.count("\n", 0, at)

    if not masked.rstrip().endswith(";"):
        problems.add(st.path, st.line, f"{st.name}: the statement must end with ;")
        return
    if masked.count(";") != 1:
        problems.add(st.path, line_of(masked.index(";")), f"{st.name}: one statement under one heading")
        return
    for at, message in [] if st.only else sqldialect.refusals(text, masked):
        problems.add(st.path, line_of(at), f"{st.name}: {message}")

    if st.shape == "load":
        take_row(st, problems)
        return
    declared = {p.name for p in st.params}
    out, last = [], 0
    for m in re.finditer(r"(?<![:\w]):([A-Za-z_]\w*)|@(\w+)", masked):
        name = m[1] or "@" + m[2]
        if m[2] and m[2] not in ("self", "scope"):
            problems.add(st.path, line_of(m.start()), f"{st.name}: '@{m[2]}': only @self and @scope come from the handle")
        elif m[1] and name not in declared:
            problems.add(st.path, line_of(m.start()), f"{st.name}: ':{name}' is no declared parameter")
        if name not in st.args:
            st.args.append(name)
        out.append(text[last:m.start()] + f"${st.args.index(name) + 1}")
        last = m.end()
    out.append(text[last:])
    for p in st.params:
        if p.name not in st.args:
            problems.add(st.path, st.line, f"{st.name}: parameter '{p.name}' is not used")
    lines = [re.sub(r"\s*--.*$", "", l) if "--" in sqldialect.mask(l, comments=False) else l for l in "".join(out).split("\n")]
    st.sql = "\n".join(l.rstrip() for l in lines if l.strip()).rstrip().rstrip(";").rstrip()


# ---- asking SQLite ----

CHANGES = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE}


def ask_sqlite(db, schema, st, problems):
    """What the statement does, from SQLite's own preparation of it: also through views and ON DELETE CASCADE."""
    seen = []

    def note(action, a, _b, _schema, _inner):
        seen.append((action, a))
        return sqlite3.SQLITE_OK

    db.set_authorizer(note)
    try:
        program = db.execute("EXPLAIN " + st.sql, {str(i + 1): None for i in range(len(st.args))}).fetchall()
    except (sqlite3.Error, sqlite3.Warning) as e:
        problems.add(st.path, st.line, f"{st.name}: {e}")
        return
    finally:
        db.set_authorizer(None)
    changed = {t for action, t in seen if action in CHANGES}
    read = {t for action, t in seen if action == sqlite3.SQLITE_READ}
    if st.writes and not changed:
        problems.add(st.path, st.line, f"{st.name}: declared to write, and only reads")
    if not st.writes and changed:
        problems.add(st.path, st.line, f"{st.name}: declared to read, and changes {', '.join(sorted(changed))}")
    for action, t in seen:
        if action in (sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE) and t in schema.append_only:
            problems.add(st.path, st.line, f"{st.name}: rows of {t} are never changed or deleted (append-only)")
            break
    st.tables = (changed if st.writes else read) & set(schema.tables)
    widths = {row[3] for row in program if row[1] == "ResultRow"}
    if widths - {len(st.columns)}:
        problems.add(st.path, st.line, f"{st.name}: {len(st.columns)} columns declared, {max(widths)} selected")
    elif st.columns and not widths:
        problems.add(st.path, st.line, f"{st.name}: columns declared, and none come (RETURNING?)")


def find_deps(st, schema, keyed_reads, problems):
    watched = {}
    for table, column, arg, line in st.watches:
        if table not in st.tables:
            problems.add(st.path, line, f"{st.name}: it does not touch a table '{table}'")
        elif column and column not in schema.tables[table]:
            problems.add(st.path, line, f"{st.name}: {table} has no column '{column}'")
        elif column and arg.lstrip(":") not in st.args:
            problems.add(st.path, line, f"{st.name}: '{arg}' is no parameter of the statement")
        elif column:
            watched.setdefault(table, {})[column] = st.args.index(arg.lstrip(":"))
    for table in sorted(st.tables):
        keys = watched.get(table, {})
        # A write that names the row by a column other than one the readers name theirs by could be anybody's row.
        if st.writes and keyed_reads.get(table, set()) - set(keys):
            keys = {}
        st.deps += [(table, i) for _, i in sorted(keys.items())] or [(table, -1)]


def take_overrides(statements, problems):
    """Takes the texts for PostgreSQL out of the list and hands each to the statement that it stands for."""
    common = {st.name: st for st in statements if not st.only}
    overrides = [st for st in statements if st.only]
    for st in overrides:
        base = common.get(st.name)
        if not base or base.postgres:
            problems.add(st.path, st.line, f"{st.name}: 'only postgres' stands once, beside the same heading without it")
            continue

        def heading(s):
            return s.mode, s.shape, [(f.name, f.kind, f.null) for f in s.params + s.columns]
        if heading(base) != heading(st):
            problems.add(st.path, st.line, f"{st.name}: its heading is not that of {base.path}:{base.line}")
            continue
        st.args = list(base.args)
        take_body(st, problems)
        if st.args != base.args:
            problems.add(st.path, st.line, f"{st.name}: it uses {st.args[-1]}, which the common text does not")
        base.postgres = st.sql
    statements[:] = [st for st in statements if not st.only]
    return len(overrides)


def check(statements, schema, problems):
    names = {}
    for st in [s for s in statements if not s.only]:
        if st.name in names:
            problems.add(st.path, st.line, f"{st.name}: the name is taken in {names[st.name].path}:{names[st.name].line}")
        names.setdefault(st.name, st)
        take_body(st, problems)
    take_columns(statements, problems)
    if not problems.lines:
        schema.overrides = take_overrides(statements, problems)
    if problems.lines:
        return
    with schema.open() as db:
        for st in statements:
            ask_sqlite(db, schema, st, problems)
    keyed_reads = {}
    for st in statements:
        for table, column, _, _ in st.watches:
            if column and not st.writes:
                keyed_reads.setdefault(table, set()).add(column)
    for i, st in enumerate(sorted(statements, key=lambda s: s.name)):
        st.id = i
        find_deps(st, schema, keyed_reads, problems)


def sources(root, schema_dir):
    for folder, folders, files in os.walk(root):
        folders.sort()
        if os.path.abspath(folder) == os.path.abspath(schema_dir):
            folders.clear()
            continue
        for name in sorted(files):
            if name.endswith(".sql"):
                yield os.path.join(folder, name)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--out", default="out/gen")
    p.add_argument("--src", default="src", help="folder with the .sql files")
    p.add_argument("--schema", default="src/db/schema", help="folder with the migrations")
    p.add_argument("--prefix", default="db", help="of the generated tables: PREFIX_registry, PREFIX_all_stmts")
    a = p.parse_args()

    problems = Problems()
    schema = sqlschema.load(a.schema, problems)
    rooms, statements = {}, []
    for path in sources(a.src, a.schema):
        room = os.path.basename(path)[:-4]
        if room in rooms:
            problems.add(path, 1, f"a second {room}.sql: the generated files would have one name")
            continue
        rooms[room] = parse(path, read_text(path), problems)
        statements += rooms[room]
    if not problems.lines:
        check(statements, schema, problems)
    if problems.lines:
        print("\n".join(problems.lines), file=sys.stderr)
        return 1
    rooms = {room: [st for st in own if not st.only] for room, own in rooms.items()}
    sqlemit.write_all(a.out, a.prefix, rooms, statements, schema)
    print(f"sqlgen: {len(statements)} statements, {schema.overrides} with another text for PostgreSQL")
    return 0


if __name__ == "__main__":
    sys.exit(main())
