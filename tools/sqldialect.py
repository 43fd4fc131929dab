"""The common dialect of SQLite and PostgreSQL: what a statement or a migration may not say, and why."""
import re

# (pattern over the masked text, message). Masked: strings and comments are blanked, so words in them do not count.
RULES = [(re.compile(p, re.I), m) for p, m in [
    (r"\bILIKE\b", "no ILIKE: LIKE on a _fold column"),
    (r"::", "no ::type: CAST(x AS type)"),
    (r"\biif\s*\(", "no iif: CASE WHEN"),
    (r"->", "no JSON operators"),
    (r"\bjson\w*\s*\(", "no JSON functions"),
    (r"\b(datetime|date|time|julianday|strftime|unixepoch|now|date_part|age)\s*\(", "no date functions: times are integers, computed in C"),
    (r"\bCURRENT_(TIME|DATE|TIMESTAMP)\b|\bEXTRACT\s*\(", "no clock in SQL: pass the time as a parameter"),
    (r"\bREPLACE\s+INTO\b|\bINSERT\s+OR\b|\bUPDATE\s+OR\b", "no REPLACE or OR …: ON CONFLICT"),
    (r"\bAUTOINCREMENT\b", "no AUTOINCREMENT: @id"),
    (r"\b(GLOB|REGEXP|MATCH)\b|~", "no GLOB, REGEXP, MATCH: LIKE on a _fold column"),
    (r"[\"`\[]", "no quoted names: choose another name"),
    (r"\?", "no ?: name the parameter, :name"),
    (r"\$\w*", "no $1: name the parameter, :name"),
    (r"[{}]|%[-0-9.]*(s|d|i|u|x|lld|llu|zu|Q|q|w)\b(?<=\w)", "SQL text is constant: nothing is put into it"),
    (r"==", "no ==: ="),
    (r"=\s*(TRUE|FALSE)\b|\bIS\s+(NOT\s+)?(TRUE|FALSE)\b", "flags are 0 or 1: compare with these"),
    (r":\w+\s+IS\s+(NOT\s+)?NULL\b", "its type would be unknown: CAST(:x AS TEXT) IS NULL"),
    (r"\bIS\s+(NOT\s+)?(?!NOT\b|NULL\b|TRUE\b|FALSE\b|DISTINCT\b)[\w:@']", "no IS with a value: IS NOT DISTINCT FROM"),
    (r"\b(ifnull|nvl)\s*\(", "no ifnull: COALESCE"),
    (r"\b(group_concat|string_agg|total|printf|format|instr|hex|unhex|zeroblob|randomblob|random|typeof|char|unicode|quote|"
     r"likely|unlikely|likelihood|last_insert_rowid|changes|total_changes|greatest|least|strpos|array_agg)\s*\(",
     "this function is not the same on both engines"),
    (r"\b(rowid|oid|_rowid_|ctid|sqlite_\w+|pg_\w+)\b", "no columns or tables of the engine's own"),
    (r"\bFOR\s+(UPDATE|SHARE)\b|\bINDEXED\s+BY\b|\bANY\s*\(|\bARRAY\b|\bDISTINCT\s+ON\b", "only one engine knows this"),
    (r"\bLIMIT\s+[\w:]+\s*,", "no LIMIT a, b: LIMIT n OFFSET m"),
    # PostgreSQL shifts a bigint by an integer only: (CAST(@scope AS BIGINT) >> CAST(website_id AS INTEGER)) & 1
    (r"(?<!>> )\bCAST\s*\([^()]*\bAS\s+(?!BIGINT\b|TEXT\b)", "CAST AS BIGINT or AS TEXT only (INTEGER after >>)"),
]]
START = re.compile(r"\s*(SELECT|WITH|INSERT\s+INTO|UPDATE|DELETE\s+FROM)\b", re.I)
LIKE = re.compile(r"(?:([\w.]+)\s+(?:NOT\s+)?)?\bLIKE\b", re.I)
SUM = re.compile(r"(\bCAST\s*\(\s*(?:COALESCE\s*\(\s*)?)?\bsum\s*\(", re.I)
SCALAR_MINMAX = re.compile(r"\b(min|max)\s*\(", re.I)


def mask(text, comments=True):
    """The text with the insides of strings (and comments) blanked, every offset kept."""
    out, i = list(text), 0
    while i < len(text):
        if text[i] == "'":
            j = i + 1
            while j < len(text) and (text[j] != "'" or text[j:j + 2] == "''"):
                j += 2 if text[j] == "'" else 1
            for k in range(i + 1, min(j, len(text))):
                if text[k] != "\n":
                    out[k] = " "
            i = j + 1
        elif comments and text.startswith("--", i):
            while i < len(text) and text[i] != "\n":
                out[i] = " "
                i += 1
        elif comments and text.startswith("/*", i):
            end = text.find("*/", i)
            end = len(text) if end < 0 else end + 2
            for k in range(i, end):
                if text[k] != "\n":
                    out[k] = " "
            i = end
        else:
            i += 1
    return "".join(out)


def has_comma(masked, at):
    """Whether the arguments that begin at `at` have a comma of their own."""
    depth = 0
    for c in masked[at:]:
        if c == "(":
            depth += 1
        elif c == ")":
            if depth == 0:
                return False
            depth -= 1
        elif c == "," and depth == 0:
            return True
    return False


def refusals(text, masked):
    """(offset, message) of everything in one statement that is not of the common dialect."""
    found = []
    if not START.match(masked):
        found.append((0, "want SELECT, WITH, INSERT INTO, UPDATE or DELETE FROM"))
    for pattern, message in RULES:
        found += [(m.start(), message) for m in pattern.finditer(masked)]
    for m in LIKE.finditer(masked):
        if not (m[1] or "").lower().endswith("_fold"):
            found.append((m.start(), "LIKE only on a column that ends in _fold: the engines differ in case"))
    for m in SUM.finditer(masked):
        if not m[1]:
            found.append((m.start(), "CAST(sum(x) AS BIGINT): it is numeric on PostgreSQL"))
    for m in SCALAR_MINMAX.finditer(masked):
        if has_comma(masked, m.end()):
            found.append((m.start(), f"no {m[1]} of several values: CASE WHEN"))
    return sorted(found)
