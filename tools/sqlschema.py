"""The migrations: checked, their type words expanded, and run once on a database in memory."""
import hashlib
import os
import re
import sqlite3

import sqldialect
from gen_util import read_bytes

# AUTOINCREMENT: an id is never given twice. The record, sessions and mail name people by it after they were deleted.
SQLITE_TYPES = {"@id": "INTEGER PRIMARY KEY AUTOINCREMENT", "@int": "INTEGER", "@text": "TEXT", "@blob": "BLOB", "@time": "INTEGER",
                "@money": "INTEGER"}
TYPE_WORD = re.compile(r"(\w+)(\s+)(@\w+)")
ALLOWED = re.compile(r"\s*(CREATE\s+(TABLE|INDEX|UNIQUE\s+INDEX|VIEW)|ALTER\s+TABLE|DROP\s+(TABLE|INDEX|VIEW)|INSERT\s+INTO|"
                     r"UPDATE|DELETE\s+FROM)\b", re.I)
RULES = [(re.compile(p, re.I), m) for p, m in [
    (r"(?<!\bAS)\s(INTEGER|INT|BIGINT|SMALLINT|TEXT|VARCHAR|CHAR|BLOB|BYTEA|REAL|DOUBLE|NUMERIC|DECIMAL|BOOLEAN|BOOL|JSONB?|"
     r"TIMESTAMP|DATE)\b", "a type is one of @id, @int, @text, @blob, @bool, @time, @money"),
    (r"\bWITHOUT\s+ROWID\b|\bSTRICT\b|\bVIRTUAL\b|\bTEMP(ORARY)?\b", "the runner decides how a table is kept"),
    (r"\bDEFERR(ABLE|ED)\b", "a deferred check would fail the commit of everybody's work"),
    (r"\bIF\s+(NOT\s+)?EXISTS\b", "a migration knows what is there"),
    (r"\bCREATE\s+TABLE\s+\w+\s+AS\b", "a table is declared, not copied"),
    (r"\bCOLLATE\b", "no COLLATE: fold into a column of its own"),
    (r"\b(AUTOINCREMENT|datetime|strftime|CURRENT_TIMESTAMP|CURRENT_TIME|CURRENT_DATE|iif|ILIKE)\b|::|[\"`\[{}?$]",
     "not of the common dialect"),
]]


class Migration:
    def __init__(self, no, name, digest, sqlite):
        self.no, self.name, self.hash, self.sqlite = no, name, digest, sqlite


class Schema:
    def __init__(self):
        self.migrations = []
        self.append_only = []  # tables
        self.tables = {}       # name -> columns

    def open(self):
        """A database in memory with this schema."""
        db = sqlite3.connect(":memory:", isolation_level=None, cached_statements=0)
        db.execute("PRAGMA foreign_keys=ON")
        for m in self.migrations:
            db.executescript(m.sqlite)
        return Closing(db)


class Closing:
    def __init__(self, db):
        self.db = db

    def __enter__(self):
        return self.db

    def __exit__(self, *_):
        self.db.close()


def expand(statement, masked):
    """A statement of a migration for SQLite."""
    out, last = [], 0
    for m in TYPE_WORD.finditer(masked):
        word = m[3]
        column = m[1]
        out.append(statement[last:m.start(3)])
        out.append(f"INTEGER CHECK ({column} IN (0, 1))" if word == "@bool" else SQLITE_TYPES.get(word, word))
        last = m.end()
    out.append(statement[last:])
    strict = " STRICT" if re.match(r"\s*CREATE\s+TABLE\b", masked, re.I) else ""
    return "".join(out).strip() + strict + ";"


def drop_comments(text):
    masked = sqldialect.mask(text)
    keep = sqldialect.mask(text, comments=False)
    # Where only the comment mask is blank, it was a comment.
    lines = []
    for raw, m, k in zip(text.split("\n"), masked.split("\n"), keep.split("\n")):
        n = len(m.rstrip()) if k.rstrip() != m.rstrip() else len(raw)
        line = raw[:n].rstrip()
        if line:
            lines.append(line)
    return "\n".join(lines)


def guards(table):
    """Triggers under the authorizer: they also stand in the file, for other programs. The third is for INSERT OR REPLACE, which
    removes a row past the trigger on DELETE."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;"
    return (f"\nCREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}"
            f"\nCREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}"
            f"\nCREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid) {refuse}")


def load_one(path, no, name, schema, problems):
    raw = read_bytes(path)
    text = raw.decode("utf-8")
    masked = sqldialect.mask(text)

    def line_of(at):
        return text.count("\n", 0, at) + 1

    for m in TYPE_WORD.finditer(masked):
        if m[3] != "@bool" and m[3] not in SQLITE_TYPES:
            problems.add(path, line_of(m.start(3)), f"{m[3]}: a type is one of @id, @int, @text, @blob, @bool, @time, @money")
    for pattern, message in RULES:
        for m in pattern.finditer(masked):
            problems.add(path, line_of(m.end() - 1), f"'{m[0].strip()}': {message}")
    if masked.rstrip() and not masked.rstrip().endswith(";"):
        problems.add(path, line_of(len(masked.rstrip())), "the last statement must end with ;")
    new = [(m[1], line_of(m.start())) for m in re.finditer(r"^-- append-only: *(\w+) *$", text, re.M)]
    parts, start = [], 0
    for end in (i for i, c in enumerate(masked) if c == ";"):
        part, m = text[start:end], masked[start:end]
        if not ALLOWED.match(m):
            problems.add(path, line_of(start + len(m) - len(m.lstrip())), "want CREATE, ALTER, DROP, INSERT INTO, UPDATE or DELETE FROM")
        parts.append(drop_comments(expand(part, m)))
        start = end + 1
    for table, line in new:
        if not re.search(rf"\bCREATE\s+TABLE\s+{table}\b", masked, re.I):
            problems.add(path, line, f"append-only: this migration makes no table '{table}'")
        elif re.search(rf"\bCREATE\s+TABLE\s+{table}\b[^;]*\bON\s+(DELETE|UPDATE)\s+(CASCADE|SET)\b", masked, re.I):
            problems.add(path, line, f"append-only: {table} would be changed through its foreign key")
        schema.append_only.append(table)
    sql = "\n".join(parts) + "".join(guards(t) for t, _ in new)
    schema.migrations.append(Migration(no, name, hashlib.sha256(raw).hexdigest(), sql))


def try_out(schema, paths, problems):
    """Runs the migrations, so that a mistake in one is found here; takes the tables and their columns from the result."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("PRAGMA foreign_keys=ON")
    for m, path in zip(schema.migrations, paths):
        try:
            db.executescript(m.sqlite)
        except sqlite3.Error as e:
            problems.add(path, 1, str(e))
            return
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name").fetchall():
        schema.tables[name] = [row[1] for row in db.execute(f"PRAGMA table_info({name})")]
    db.close()


def load(folder, problems):
    schema, paths = Schema(), []
    for file in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        path = os.path.join(folder, file)
        m = re.match(r"(\d{4})-([a-z0-9-]+)\.sql$", file)
        if not m:
            problems.add(path, 1, "a migration is named NNNN-name.sql")
        elif int(m[1]) != len(paths) + 1:
            problems.add(path, 1, f"migrations count from 0001 without a gap: this would be {len(paths) + 1:04}")
        else:
            paths.append(path)
            load_one(path, int(m[1]), m[2], schema, problems)
    if not problems.lines:
        try_out(schema, paths, problems)
    return schema
