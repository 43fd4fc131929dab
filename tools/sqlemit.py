"""Writes the C of sqlgen: one .h and .c per .sql file, the table of statements, the table of migrations."""
import os
import re

import sqlwords
from gen_util import c_string, write_if_changed

MARK = "/* Made by tools/sqlgen.py; do not edit. */\n"
COLUMN_C = {("int", 0): "i64", ("int", 1): "opt_i64", ("bool", 0): "bool", ("bool", 1): "opt_i64"}
COLUMN_GET = {("int", 0): "db_get_int(c_, {})", ("int", 1): "db_get_opt(c_, {})", ("bool", 0): "db_get_int(c_, {}) != 0",
              ("bool", 1): "db_get_opt(c_, {})"}


KIND = {"int": "i", "bool": "i", "text": "t", "blob": "b"}


def kind_of(st, arg):
    if arg.startswith("'"):
        return "t"
    return "i" if re.match(r"[@\d-]", arg) else KIND[next(p.kind for p in st.params if p.name == arg)]


def c_type(field):
    return COLUMN_C.get((field.kind, int(field.null)), "str")


def c_lines(text, indent):
    """A C string, one line of it for each line of the text."""
    return "\n".join(indent + c_string(line) for line in text.splitlines(keepends=True))


def value(st, arg):
    """The db_value that binds `arg`."""
    if arg == "@self":
        return "{.kind = DB_INT, .i = db_self(r_)}"
    if arg == "@scope":
        return "{.kind = DB_INT, .i = db_scope(r_)}"
    if re.match(r"[\d-]", arg):
        return f"{{.kind = DB_INT, .i = {arg}}}"
    if arg.startswith("'"):
        return f"{{.kind = DB_TEXT, .s = S_INIT({c_string(arg[1:-1])})}}"
    p = next(p for p in st.params if p.name == arg)
    if p.kind in ("text", "blob"):
        return f"{{.kind = DB_{p.kind.upper()}, .s = {arg}, .null = !{arg}.p}}"
    if p.null:
        return f"{{.kind = DB_INT, .i = {arg}.v, .null = !{arg}.set}}"
    return f"{{.kind = DB_INT, .i = {arg}}}"


def row(st):
    """The struct of its columns."""
    return st.like or st.name


def prototype(st):
    handle = "struct db_w *w" if st.writes else "struct db_r *r"
    args = [handle] + [f"{c_type(p)}{'' if c_type(p).endswith('*') else ' '}{p.name}" for p in st.params]
    args += {"one": [f"struct {row(st)} *ret"], "rows": [f"struct {row(st)} **ret", "size_t *ret_n"], "exec": ["i64 *ret_changes"], "load": [],
             "each": [f"bool (*each)(void *arg, const struct {row(st)} *row)", "void *arg"]}[st.shape]
    return f"enum err {st.name}({', '.join(args)})"


def header(room, statements):
    out = [MARK, f"#ifndef GEN_{room.upper()}_SQL_H\n#define GEN_{room.upper()}_SQL_H\n\n#include \"db/db.h\"\n"]
    for st in statements:
        out.append("\n")
        if st.doc:
            out.append("/* " + " ".join(st.doc).replace("*/", "* /") + " */\n")
        if st.columns and not st.like:
            out.append(f"struct {st.name} {{\n" + "".join(f"    {c_type(c)} {c.name};\n" for c in st.columns) + "};\n")
        out.append(prototype(st) + " MUST_CHECK;\n")
    out.append("\n#endif\n")
    return "".join(out)


def assignments(st, target):
    out = []
    for i, c in enumerate(st.columns):
        text = "db_see_str(c_, {})" if st.shape == "each" else "db_get_str(c_, {})"
        get = COLUMN_GET.get((c.kind, int(c.null)), text).format(i)
        out.append(f"{target}{c.name} = {get};")
    return out


def function(st):
    out = [prototype(st) + " {"]
    bound = f"&db_stmt_{st.name}, {'in_' if st.args else 'NULL'}"
    needs_r = st.shape not in ("exec", "load") or any(a.startswith("@") for a in st.args)
    if needs_r:
        out.append(f"    struct db_r *r_ = {'db_w_reader(w)' if st.writes else 'r'};")
    if st.args:
        out.append("    const struct db_value in_[] = {")
        out += [f"        {value(st, a)}," for a in st.args]
        out.append("    };")
    if st.shape == "exec":
        out.append(f"    return db_exec(w, {bound}, ret_changes);")
    elif st.shape == "load":
        out.append(f"    return db_load_row(w, &db_stmt_{st.name}, in_);")
    elif st.shape == "each":
        out += ["    struct db_cursor *c_;", f"    TRY(db_stream(r_, &db_stmt_{st.name}, &c_));", "    if (!c_) return OK;", f"    struct {row(st)} row_;", "    do {"]
        out += ["        " + a for a in assignments(st, "row_.")]
        out += ["    } while (each(arg, &row_) && db_next(c_));", "    return db_cursor_end(c_);"]
    elif st.shape == "one":
        out.append("    struct db_cursor *c_;")
        out.append(f"    TRY(db_query(r_, {bound}, &c_));")
        out.append("    if (!c_) return ERR_NOT_FOUND;")
        out += ["    " + a for a in assignments(st, "ret->")]
        out.append("    return db_cursor_end(c_);")
    else:
        out += ["    struct db_cursor *c_;", "    size_t cap_ = 0;", "    *ret = NULL;", "    *ret_n = 0;",
                f"    TRY(db_query(r_, {bound}, &c_));", "    if (!c_) return OK;", "    do {",
                "        *ret = db_grow(c_, *ret, *ret_n, sizeof **ret, &cap_);",
                f"        struct {row(st)} *row_ = &(*ret)[(*ret_n)++];"]
        out += ["        " + a for a in assignments(st, "row_->")]
        out += ["    } while (db_next(c_));", "    return db_cursor_end(c_);"]
    return "\n".join(out + ["}"]) + "\n"


def source(room, prefix, statements, tables):
    out = [MARK, f'#include "gen/{room}_sql.h"\n\n#include "gen/{prefix}_stmts.h"\n']
    for st in statements:
        out.append("\n")
        if st.deps:
            deps = ", ".join(f"{{.table = {tables.index(t)} /* {t} */, .key = {key}}}" for t, key in st.deps)
            out.append(f"static const struct db_dep deps_{st.name}[] = {{{deps}}};\n")
        out.append(f"const struct db_stmt db_stmt_{st.name} = {{\n    .name = \"{room}.{st.name}\",\n    .sql =\n{c_lines(st.sql, '        ')},\n"
                   + (f"    .postgres =\n{c_lines(st.postgres, '        ')},\n" if st.postgres else "")
                   + (f"    .into = {c_string(st.into)},\n" if st.into else "")
                   + f"    .in = \"{''.join(kind_of(st, a) for a in st.args)}\",\n    .out = \"{''.join(KIND[c.kind] for c in st.columns)}\",\n"
                   f"    .id = {st.id},\n    .writes = {'true' if st.writes else 'false'},\n    .params = {len(st.args)},\n    .columns = {len(st.columns)},\n")
        if st.deps:
            out.append(f"    .deps = deps_{st.name},\n    .deps_n = {len(st.deps)},\n")
        out.append("};\n\n" + function(st))
    return "".join(out)


def stmts_header(prefix, statements):
    guard = f"GEN_{prefix.upper()}_STMTS_H"
    out = [MARK, f"#ifndef {guard}\n#define {guard}\n\n#include \"db/registry.h\"\n\n"]
    out += [f"extern const struct db_stmt db_stmt_{st.name};\n" for st in statements]
    out.append(f"\nextern const struct db_stmt *const {prefix}_all_stmts[];\nextern const size_t {prefix}_all_stmts_n;\n"
               f"extern const char *const {prefix}_table_names[];\nextern const size_t {prefix}_table_names_n;\n"
               f"extern const struct db_migration {prefix}_migrations[];\nextern const size_t {prefix}_migrations_n;\n"
               f"extern const char *const {prefix}_append_only[];\nextern const size_t {prefix}_append_only_n;\n"
               f"extern const struct db_copy {prefix}_copies[];\nextern const size_t {prefix}_copies_n;\n"
               f"extern const struct db_registry {prefix}_registry;\n\n#endif\n")
    return "".join(out)


def table(kind, name, items):
    """An array and its size; an empty one still has an element, because C wants one."""
    body = "".join(f"    {item},\n" for item in items) or "    {0},\n".replace("{0}", "NULL")
    return f"\n{kind} {name}[] = {{\n{body}}};\nconst size_t {name}_n = {len(items)};\n"


def stmts_source(prefix, statements, schema):
    sizes = {"stmts": len(statements), "tables": len(schema.tables), "migrations": len(schema.migrations),
             "append_only": len(schema.append_only), "copies": len(schema.copies)}
    arrays = {"stmts": f"{prefix}_all_stmts", "tables": f"{prefix}_table_names", "migrations": f"{prefix}_migrations",
              "append_only": f"{prefix}_append_only", "copies": f"{prefix}_copies"}
    out = [MARK, f'#include "gen/{prefix}_stmts.h"\n']
    out.append(table("const struct db_stmt *const", f"{prefix}_all_stmts", [f"&db_stmt_{st.name}" for st in statements]))
    out.append(table("const char *const", f"{prefix}_table_names", [f'"{t}"' for t in schema.tables]))
    out.append(f"\nconst struct db_registry {prefix}_registry = {{\n")
    out += [f"    .{field} = {arrays[field]},\n    .{field}_n = {n},\n" for field, n in sizes.items()]
    if schema.pauses:
        for i, field in enumerate(("before_load", "after_load")):
            texts = sqlwords.sqlite_pause()[i], "\n".join(pause[i] for pause in schema.pauses)
            out.append(f'    .{field} = {{.name = "the words of the search",\n        .sqlite = "{texts[0]}",\n        .postgres =\n{c_lines(texts[1], "            ")}}},\n')
        out.append(f'    .left_paused = "{sqlwords.LEFT_PAUSED}",\n'
                   f'    .resume = {{.name = "the words of the search", .sqlite = "{sqlwords.RESUME}", .postgres = "{sqlwords.RESUME}"}},\n')
    out.append("};\n")
    return "".join(out)


def copy_of(schema, name, kinds, key, numbered, given):
    """A table's part in `countersign copy`: read by its primary key."""
    columns = ", ".join(schema.tables[name])
    by = ", ".join(schema.tables[name][k] for k in key)
    values = ", ".join(f"${i + 1}" for i in range(len(kinds)))
    return (f'{{.table = "{name}",\n     .kinds = "{kinds}",\n     .all = "SELECT {columns} FROM {name} ORDER BY {by}",\n'
            f'     .into = "{name} ({columns})",\n     .add = "INSERT INTO {name} ({columns}) VALUES ({values})",\n     .count = "SELECT count(*) FROM {name}",\n'
            f'     .empty = "DELETE FROM {name}",\n     .given = {given},\n'
            f'     .numbered = {"true" if numbered else "false"}}}')


def schema_source(prefix, schema):
    out = [MARK, f'#include "gen/{prefix}_stmts.h"\n\nconst struct db_migration {prefix}_migrations[] = {{\n']
    for m in schema.migrations:
        out.append(f'    {{.no = {m.no},\n     .name = "{m.name}",\n     .hash = "{m.hash}",\n     .sqlite =\n{c_lines(m.sqlite, "         ")},\n     .postgres =\n{c_lines(m.postgres, "         ")}}},\n')
    if not schema.migrations:
        out.append("    {0},\n")
    out.append(f"}};\nconst size_t {prefix}_migrations_n = {len(schema.migrations)};\n")
    out.append(table("const char *const", f"{prefix}_append_only", [f'"{t}"' for t in schema.append_only]))
    out.append(table("const struct db_copy", f"{prefix}_copies", [copy_of(schema, *c) for c in schema.copies]))
    return "".join(out)


def drop_stale(out, keep):
    for name in os.listdir(out):
        if re.search(r"_sql\.[ch]$", name) and name not in keep:
            with open(os.path.join(out, name), encoding="utf-8") as f:
                ours = f.read(len(MARK)) == MARK
            if ours:
                os.remove(os.path.join(out, name))


def write_all(out, prefix, rooms, statements, schema):
    os.makedirs(out, exist_ok=True)
    tables, ordered = list(schema.tables), sorted(statements, key=lambda s: s.id)
    files = {}
    for room, own in rooms.items():
        files[f"{room}_sql.h"] = header(room, own)
        files[f"{room}_sql.c"] = source(room, prefix, own, tables)
    files[f"{prefix}_stmts.h"] = stmts_header(prefix, ordered)
    files[f"{prefix}_stmts.c"] = stmts_source(prefix, ordered, schema)
    files[f"{prefix}_schema.c"] = schema_source(prefix, schema)
    files[f"{prefix}_stmts.txt"] = "".join(f"{room}.{st.name}\n" for room, own in rooms.items() for st in own)
    for name, text in files.items():
        write_if_changed(os.path.join(out, name), text)
    drop_stale(out, set(files))
