"""The template language without HTML: tokens, expressions, views, and the C that is collected while a template is read."""
import re

from gen_util import c_string, fail

TYPES = {"text": "str", "int": "i64", "bool": "bool", "money": "i64", "time": "i64", "date": "i64", "url": "str",
         "local": "str", "html": "html_t", "email": "str"}
OPTION_FIELDS = {"value": "text", "label": "text", "group": "text", "disabled": "bool", "selected": "bool"}
C_WORDS = set("auto break case char const continue default do double else enum extern float for goto if inline int long "
              "register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while "
              "bool true false str i64 u64".split())
CONTROL = re.compile(r"#|/|view\b")
PLACE = re.compile(r"\$([a-z]\w*)")
NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")


def c_str(text):
    return f"S({c_string(text)})"


class Code:
    """Lines of C; literals that follow each other become one call."""

    def __init__(self):
        self.lines, self.pending, self.depth = [], [], 1

    def lit(self, text):
        if text:
            self.pending.append(text)

    def flush(self):
        text = "".join(self.pending)
        self.pending = []
        if text:
            self._line(f"html_lit(o, {c_string(text)}, {len(text.encode())});")

    def line(self, text):
        self.flush()
        self._line(text)

    def _line(self, text):
        self.lines.append("    " * self.depth + text)

    def open(self, text):
        self.line(text)
        self.depth += 1

    def close(self, text="}"):
        self.flush()
        self.depth -= 1
        self._line(text)

    def gap(self):
        """A place that is filled in later: fill(text)."""
        self.flush()
        at, indent = len(self.lines), "    " * self.depth
        self.lines.append("")

        def fill(text):
            self.lines[at] = indent + text
        return fill


# ---- tokens ----

class Token:
    """Literal text, or the inside of {…}."""

    def __init__(self, kind, text, where):
        self.kind, self.text, self.where = kind, text, where

    def strip_left(self):
        text, (path, _, line) = self.text.lstrip(), self.where.rpartition(":")
        line = int(line) + self.text.count("\n", 0, len(self.text) - len(text))
        self.text, self.where = text, f"{path}:{line}"


def blank_comments(source):
    """HTML comments go; their line ends stay, so that line numbers remain true."""
    return re.sub(r"<!--.*?-->", lambda m: "\n" * m.group(0).count("\n"), source, flags=re.S)


def end_of_tag(source, at, where):
    """Offset of the } that closes the { at `at`."""
    depth, quoted, i = 0, False, at
    nests = source.startswith("{view", at)
    while i < len(source):
        ch = source[i]
        if ch == '"':
            quoted = not quoted
        elif not quoted and ch == "{":
            depth += 1
            if depth > 1 and not nests:
                break
        elif not quoted and ch == "}":
            depth -= 1
            if depth == 0:
                return i
        elif ch == "\n" and not nests and not quoted and source[i + 1:i + 2] == "<":
            break
        i += 1
    return fail(where, "this { has no }; a literal brace is {{")


def tokens(path, source):
    """The tokens of a template. A control tag alone on its line takes the line with it."""
    source = blank_comments(source)
    found, i, line, literal, literal_line = [], 0, 1, [], 1

    def flush():
        if literal:
            found.append(Token("lit", "".join(literal), f"{path}:{literal_line}"))
            literal.clear()

    while i < len(source):
        nxt = re.compile(r"[{}]").search(source, i)
        stop = nxt.start() if nxt else len(source)
        if stop > i:
            if not literal:
                literal_line = line
            literal.append(source[i:stop])
            line += source.count("\n", i, stop)
            i = stop
            continue
        where = f"{path}:{line}"
        if source[i:i + 2] in ("{{", "}}"):
            literal.append(source[i])
            i += 2
            continue
        if source[i] == "}":
            fail(where, "a } without {; a literal brace is }}")
        end = end_of_tag(source, i, where)
        text = source[i + 1:end].strip()
        begin = source.rfind("\n", 0, i) + 1
        stop = source.find("\n", end)
        stop = len(source) if stop < 0 else stop
        alone = CONTROL.match(text) and not source[begin:i].strip() and not source[end + 1:stop].strip()
        if alone and literal:
            literal[-1] = literal[-1].rstrip(" \t")
        flush()
        found.append(Token("tag", text, where))
        after = min(stop + 1, len(source)) if alone else end + 1
        line += source.count("\n", i, after)
        i = after
        while alone and source[i:i + 1] in (" ", "\t"):
            i += 1
    flush()
    return found


ARG = re.compile(r'\s*(?:([\w.-]+)\s*=\s*)?(t?"[^"]*"|!?[\w.\-/]+)', re.A)


def arguments(text, where):
    """`"a" b c=d e="f"` as a list of (name or None, value as written)."""
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        m = ARG.match(text, at)
        if not m:
            fail(where, f"cannot read: {text[at:]}")
        found.append((m.group(1), m.group(2)))
        at = m.end()
        while at < len(text) and text[at].isspace():
            at += 1
    return found


# ---- parts ----

class Part:
    """A piece of templates, tpl/<name>.part.html: its text is put in where {include name} stands."""

    def __init__(self, key, path, source):
        self.key, self.path, self.source = key, path, source

    def tokens(self, given, where):
        """Its tokens without white space around, each `$name` in a tag replaced by the argument as it is written."""
        found = tokens(self.path, self.source.rstrip())
        if found and found[0].kind == "lit":
            found[0].strip_left()
        tags = [t for t in found if t.kind == "tag"]
        wanted = {name for t in tags for name in PLACE.findall(t.text)}
        if wanted != set(given):
            fail(where, f"{self.key} wants {', '.join(sorted(wanted)) or 'no arguments'}, not {', '.join(sorted(given)) or 'none'}")
        for t in tags:
            t.text = PLACE.sub(lambda m: given[m.group(1)], t.text)
        return found


class Parts:
    """All parts by slice/name, and which of them were included."""

    def __init__(self):
        self.by_key, self.used = {}, set()

    def add(self, key, path, source):
        self.by_key[key] = Part(key, path, source)

    def find(self, name, slice_, where, around):
        """The part that {include name} means in a template of this slice, inside the parts `around`."""
        key = name if "/" in name else f"{slice_}/{name}"
        part = self.by_key.get(key) or fail(where, f"there is no part {key}")
        if part in around:
            fail(where, f"{key} includes itself")
        self.used.add(part)
        return part

    def unused(self):
        return [f"{p.path}:1: nobody includes this part" for p in self.by_key.values() if p not in self.used]


# ---- views ----

class Word(str):
    """A word of a view's header that knows where it stands."""

    def __new__(cls, text, where):
        word = super().__new__(cls, text)
        word.where = where
        return word


class Field:
    """One field of a view: a type word, or a list with fields of its own."""

    def __init__(self, name, type_, fields=None, struct=None):
        self.name, self.type, self.fields, self.struct = name, type_, fields, struct
        self.like = None


class View:
    """The header of a template: what it wants to be given."""

    def __init__(self, path, slice_, name):
        self.path, self.slice, self.name = path, slice_, name
        self.symbol = f"tpl_{slice_}_{name}"
        self.fields = {}

    def read(self, text, where, parts):
        words = self._words(text, where, parts, ())
        self.fields, rest = self._fields(words, self.symbol, where)
        if rest:
            fail(rest[0].where, f"view: unexpected {rest[0]}")

    def _words(self, text, where, parts, around):
        """The words of a header, with those of the parts that it includes in their place."""
        path, _, line = where.rpartition(":")
        text = re.sub(r"#[^\n]*", "", text)
        found = []
        for m in re.finditer(r"\{include\s+([^{}]*)\}|[{}]|[^\s{}]+", text):
            here = f"{path}:{int(line) + text.count(chr(10), 0, m.start())}"
            if m.group(1) is None:
                found.append(Word(m.group(0), here))
            else:
                part = parts.find(m.group(1).strip(), self.slice, here, around)
                found += self._words(blank_comments(part.source), f"{part.path}:1", parts, around + (part,))
        return found

    def _fields(self, words, struct, where):
        fields = {}
        while words and words[0] != "}":
            where = words[0].where
            if len(words) < 2:
                fail(where, f"view: field {words[0]} has no type")
            name, type_, words = words[0], words[1], words[2:]
            if not NAME.match(name) or name in C_WORDS:
                fail(where, f"view: {name} cannot be a field's name")
            if name in fields:
                fail(where, f"view: {name} is there twice")
            field = Field(name, type_)
            if type_ == "list" and words[:1] == ["like"]:
                if len(words) < 2:
                    fail(where, f"view: {name} list like what?")
                field.like, words = words[1], words[2:]
            elif type_ == "list":
                if words[:1] != ["{"]:
                    fail(where, f"view: {name} list needs {{ fields }}")
                field.struct = f"{struct}_{name}"
                field.fields, words = self._fields(words[1:], field.struct, where)
                if words[:1] != ["}"]:
                    fail(where, f"view: the {{ of {name} has no }}")
                words = words[1:]
            elif type_ == "options":
                field.struct = "html_option"
                field.fields = {n: Field(n, t) for n, t in OPTION_FIELDS.items()}
            elif type_ not in TYPES:
                fail(where, f"view: unknown type {type_}")
            fields[name] = field
        return fields, words

    def resolve_likes(self, views):
        """`rows list like slice/name.rows` shares the struct of another view's list."""
        for field in self._likes(self.fields):
            other, _, name = field.like.partition(".")
            key = other if "/" in other else f"{self.slice}/{other}"
            source = views[key].fields.get(name) if key in views else None
            if not source or not source.fields or source.like:
                fail(self.path, f"view: {field.name} is like {field.like}, which is no list")
            field.fields, field.struct = source.fields, source.struct

    def _likes(self, fields):
        """All fields that share another list, also those inside lists."""
        found = []
        for f in fields.values():
            found += [f] if f.like else self._likes(f.fields) if f.fields else []
        return found

    def used_slices(self):
        return {f.like.split("/")[0] for f in self._likes(self.fields) if "/" in f.like} - {self.slice}

    def c_structs(self):
        out = []
        self._c_struct(self.symbol, self.fields, out)
        return out

    def _c_struct(self, struct, fields, out):
        body = []
        for f in fields.values():
            if f.fields is not None:
                if f.type == "list" and not f.like:
                    self._c_struct(f.struct, f.fields, out)
                body.append(f"    const struct {f.struct} *{f.name};\n    size_t {f.name}_n;\n")
            else:
                body.append(f"    {TYPES[f.type]} {f.name};\n")
        out.append(f"struct {struct} {{\n{''.join(body) or '    char nothing;' + chr(10)}}};\n")


# ---- expressions ----

class Value:
    """A typed C expression; `literal` is the text or number when it was written in the template."""

    def __init__(self, type_, c, literal=None, field=None, count=None):
        self.type, self.c, self.literal, self.field, self.count = type_, c, literal, field, count


class Scope:
    """Names that a template may use: its view's fields and the aliases of the loops around."""

    def __init__(self, view):
        self.view, self.loops = view, []

    def value(self, word, where):
        if word.startswith('t"'):
            return Value("text", f"i18n_get(o->env->lang, {c_str(word[2:-1])})")
        if word.startswith('"'):
            return Value("text", c_str(word[1:-1]), literal=word[1:-1])
        if re.fullmatch(r"-?\d+", word):
            return Value("int", f"INT64_C({word})", literal=int(word))
        if word in ("true", "false"):
            return Value("bool", word, literal=word == "true")
        return self.path(word, where)

    def path(self, word, where):
        first, _, rest = word.partition(".")
        for alias, c_name, fields, _ in reversed(self.loops):
            if alias == first:
                if not rest:
                    fail(where, f"{word} is a row: say which field, {word}.x")
                return self._field(fields, rest, f"{c_name}->", word, where)
        if rest:
            fail(where, f"{word}: nothing is called {first} here")
        return self._field(self.view.fields, first, "v->", word, where)

    def _field(self, fields, name, c, word, where):
        field = fields.get(name)
        if not field:
            known = ", ".join(fields) or "no fields at all"
            fail(where, f"unknown field {word} (there is: {known})")
        count = f"{c}{name}_n" if field.fields is not None else None
        return Value("text" if field.type == "email" else field.type, c + name, field=field, count=count)

    def condition(self, text, where):
        """x · !x · x == y · x != y · x < 3 …, joined by one kind of && or ||."""
        for joint in ("&&", "||"):
            if joint in text:
                other = "||" if joint == "&&" else "&&"
                if other in text:
                    fail(where, "&& and || do not mix in one condition")
                return f" {joint} ".join(f"({self._term(part.strip(), where)})" for part in text.split(joint))
        return self._term(text.strip(), where)

    def _term(self, text, where):
        m = re.fullmatch(r'(!?)\s*([\w.]+)', text, re.A)
        if m:
            return self.truth(self.path(m.group(2), where), m.group(1), where)
        m = re.fullmatch(r'([\w.]+)\s*(==|!=|<=|>=|<|>)\s*("[^"]*"|-?[\w.]+)', text, re.A)
        if not m:
            fail(where, f"cannot read the condition: {text}")
        left, sign, right = self.path(m.group(1), where), m.group(2), self.value(m.group(3), where)
        texts = {"text", "url", "local"}
        if left.type in texts and right.type in texts and sign in ("==", "!="):
            return f"{'!' if sign == '!=' else ''}str_eq({left.c}, {right.c})"
        numbers = {"int", "money", "time", "date"}
        if (left.type in numbers and right.type in numbers) or (left.type == right.type == "bool" and sign in ("==", "!=")):
            return f"{left.c} {sign} {right.c}"
        return fail(where, f"cannot compare {left.type} with {right.type} by {sign}")

    def truth(self, value, negated, where):
        if value.count:
            c = f"{value.count} {'==' if negated else '>'} 0"
        elif value.type == "bool":
            c = f"{negated}{value.c}"
        elif value.type in ("text", "url", "local"):
            c = f"{value.c}.n {'==' if negated else '>'} 0"
        elif value.type == "html":
            c = f"{value.c}.bytes.n {'==' if negated else '>'} 0"
        else:
            c = f"{value.c} {'==' if negated else '!='} 0"
        return c


def as_text(value, where):
    """A C expression of type str with the value as the reader sees it."""
    makers = {"int": "html_int_str", "money": "html_money_str", "time": "html_time_str", "date": "html_date_str"}
    if value.type in makers:
        return f"{makers[value.type]}(o, {value.c})"
    if value.type in ("text", "url", "local"):
        return value.c
    return fail(where, f"a {value.type} cannot stand in text")


def as_posted(value, where):
    """A C expression of type str with the value as a form or a query carries it."""
    makers = {"int": "html_int_str", "money": "html_amount_input", "date": "html_date_input", "time": "html_date_input"}
    if value.type in makers:
        if isinstance(value.literal, int) and value.type == "int":
            return c_str(str(value.literal))
        return f"{makers[value.type]}(o, {value.c})"
    if value.type == "bool":
        return f'({value.c} ? S("1") : S(""))'
    if value.type in ("text", "url", "local"):
        return value.c
    return fail(where, f"a {value.type} cannot be posted")
