"""The HTML of a template: a tokenizer that knows in which context each hole stands, and what is refused."""
import re

from gen_util import fail

VOID = set("area base br col embed hr img input link meta param source track wbr".split())
REFUSED = {"style": "<style> is refused: write it into assets/app.css", "base": "<base> changes every address: refused",
           "iframe": "<iframe> is refused", "frame": "<frame> is refused", "object": "<object> is refused",
           "embed": "<embed> is refused", "applet": "<applet> is refused"}
URL_ATTRS = set("href src action formaction poster cite data background ping manifest xlink:href longdesc".split())
NO_HOLES = {"srcset", "http-equiv", "sizes", "type", "method", "rel", "formmethod", "enctype"}
PLAIN_URL = re.compile(r"#[\w-]*\Z|https?://[^\s\"'<>\\]+\Z|mailto:[^\s\"'<>\\]+\Z|tel:[+\d]+\Z")
TAG_PART = re.compile(r"\s+|(/?>)|([^\s=\"'<>/]+)(\s*=\s*(\")?)?")
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
PLAIN_TEXT = {"title", "textarea"}


class Element:
    """A start tag while it is read: its attributes as written, holes as {…}."""

    def __init__(self, name, where, in_label):
        self.name, self.where, self.attrs, self.in_label = name, where, {}, in_label


class Markup:
    """Where in the HTML we are. Literal text goes through text(), which gives back what is to be written."""

    def __init__(self):
        self.mode, self.stack, self.element, self.attr, self.url = "text", [], None, None, None
        self.branch = ()  # which branch of which {#if} we are in
        self.loop = 0
        self.ids, self.controls, self.label_for = {}, [], set()
        self.get_forms = []  # GET forms that are open: [page or None]
        self.on_control = None  # called for literal controls and buttons

    # -- state, for branches --

    def state(self):
        return (self.mode, tuple(self.stack), self.attr, self.url)

    def restore(self, state):
        self.mode, stack, self.attr, self.url = state
        self.stack = list(stack)

    def require_same(self, state, where, what):
        if self.state() == state:
            return
        if self.mode != state[0] or self.attr != state[2]:
            fail(where, f"{what} ends in another place of a tag than it began")
        if tuple(self.stack) != state[1]:
            fail(where, f"{what} opens <{'><'.join(self.stack)}> but began inside <{'><'.join(state[1])}>")
        fail(where, f"{what}: each branch must give a whole address, or none of them")

    # -- literal text --

    def text(self, source, where):
        out, at = [], 0
        path, _, line = where.rpartition(":")
        line = int(line)
        while at < len(source):
            here = f"{path}:{line}"
            step = {"text": self._text, "tag": self._tag, "value": self._value}[self.mode]
            written, used = step(source, at, here)
            out.append(written)
            line += source.count("\n", at, used)
            at = used
        return "".join(out)

    def _top(self):
        return self.stack[-1] if self.stack else ""

    def _text(self, source, at, where):
        stop = source.find("<", at)
        stop = len(source) if stop < 0 else stop
        if stop > at:
            piece = source[at:stop]
            if self._top() == "script" and piece.strip():
                fail(where, "a script inside the page is refused: put it into assets/ and say src=\"{asset …}\"")
            if "pre" not in self.stack and "textarea" not in self.stack:
                piece = re.sub(r"[ \t\r]*\n\s*", "\n", piece)
            return piece, stop
        m = re.compile(r"<!doctype html>", re.I).match(source, at)
        if m:
            return "<!DOCTYPE html>", m.end()
        m = re.compile(r"</([a-zA-Z][\w:-]*)\s*>").match(source, at)
        if m:
            self._close(m.group(1), where)
            return f"</{m.group(1)}>", m.end()
        m = re.compile(r"<([a-zA-Z][\w:-]*)").match(source, at)
        if not m:
            fail(where, "a < that starts no tag: write &lt;")
        name = m.group(1)
        if name.lower() in REFUSED:
            fail(where, REFUSED[name.lower()])
        self.element, self.mode = Element(name, where, "label" in self.stack), "tag"
        return m.group(0), m.end()

    def _tag(self, source, at, where):
        m = TAG_PART.match(source, at)
        if not m:
            fail(where, f"<{self.element.name}>: attributes are written name=\"value\"")
        end, name, equals, quote = m.groups()
        if end:
            return self._end_of_tag(end, where), m.end()
        if not name:
            return " ", m.end()
        if equals and not quote:
            fail(where, f"{name}=: the value must stand in double quotes")
        lower = name.lower()
        if lower.startswith("on"):
            fail(where, f"{name}= is refused: listen in a file of assets/")
        if lower in ("style", "srcdoc"):
            fail(where, f"{name}= is refused")
        self.element.attrs[lower] = self.element.attrs.get(lower, "") if equals else ""
        if not equals:
            return name, m.end()
        self.mode, self.attr = "value", lower
        self.url = "start" if lower in URL_ATTRS else None
        self.element.attrs[lower] = ""
        return f'{name}="', m.end()

    def _value(self, source, at, where):
        stop = source.find('"', at)
        if stop == at:
            if self.url == "start":
                fail(where, f"{self.attr}=\"\" is empty")
            self.mode, self.attr, self.url = "tag", None, None
            return '"', at + 1
        stop = len(source) if stop < 0 else stop
        piece = source[at:stop]
        if "<" in piece:
            fail(where, f"a < in {self.attr}=: is a quote missing?")
        self.element.attrs[self.attr] += piece
        if self.url:
            self._url_literal(piece, where)
        return re.sub(r"\s*\n\s*", " ", piece), stop

    def _url_literal(self, piece, where):
        if self.url == "start" and PLAIN_URL.match(piece):
            self.url = "literal"
        elif self.url in ("done", "fragment") and (self.url == "fragment" or piece.startswith("#")):
            self.url = "fragment"
        else:
            fail(where, f"{self.attr}=\"{piece}…\": an address is written {{url page}}, {{asset \"file\"}} or a field of type url")

    # -- holes --

    def hole_context(self, where, what):
        """"text", "plain" (text without markup), "attr", "url" or "fragment"; refuses the rest."""
        if self.mode == "tag":
            fail(where, f"{what} cannot stand here: only inside a double-quoted value")
        if self.mode == "value":
            if self.url:
                return "fragment" if self.url == "fragment" else "url"
            if self.attr in NO_HOLES:
                fail(where, f"{what} is refused in {self.attr}=")
            return "attr"
        if self._top() == "script":
            fail(where, f"{what} is refused inside <script>")
        return "plain" if self._top() in PLAIN_TEXT else "text"

    def hole(self, source, where):
        """Notes a hole in the value that is being read."""
        if self.mode == "value":
            self.element.attrs[self.attr] += "{" + source + "}"

    def address(self, where, whole=True, asset=False):
        """An address was written into a URL attribute; `whole` is false for the root that stands before one."""
        if self.url not in ("start", "root"):
            fail(where, f"{self.attr}= holds one address only")
        if self.element.name.lower() == "script" and not asset:
            fail(where, "a script comes from {asset …} only")
        self.url = "done" if whole else "root"

    # -- elements --

    def _close(self, name, where):
        if name.lower() in VOID:
            fail(where, f"</{name}>: <{name}> has no end tag")
        if self._top() != name.lower():
            fail(where, f"</{name}> closes <{self._top() or 'nothing'}>")
        self.stack.pop()
        if name.lower() == "form" and self.get_forms:
            self.get_forms.pop()

    def _end_of_tag(self, end, where):
        e = self.element
        name = e.name.lower()
        self._check(e, name)
        self.mode, self.element = "text", None
        foreign = "svg" in self.stack or "math" in self.stack or name in ("svg", "math")
        if end == "/>" and not foreign and name not in VOID:
            fail(where, f"<{e.name}/>: only void elements and SVG may end like this")
        if name not in VOID and end != "/>":
            self.stack.append(name)
        return "/>" if end == "/>" and foreign else ">"

    def _check(self, e, name):
        attrs, where = e.attrs, e.where
        if name == "img" and "alt" not in attrs:
            fail(where, "<img> needs alt=\"…\" (empty when it says nothing)")
        if name == "script" and "src" not in attrs:
            fail(where, "a script inside the page is refused: put it into assets/ and say src=\"{asset …}\"")
        if name == "meta" and "http-equiv" in attrs:
            fail(where, "http-equiv is refused: the gate sends the headers")
        if "formmethod" in attrs:
            fail(where, "formmethod= is refused")
        if name == "form":
            self._check_form(attrs, where)
        if "id" in attrs:
            self._check_id(attrs["id"], where)
        if name == "label" and "for" in attrs:
            self.label_for.add(attrs["for"])
        if name in ("input", "select", "textarea", "button"):
            self._check_control(e, name)

    def _check_form(self, attrs, where):
        if attrs.get("method", "get").lower() != "get":
            fail(where, "a form that posts is written {form operation …} … {/form}: it brings its token and its right")
        if self.get_forms or self.in_post_form():
            fail(where, "a form inside a form")
        m = re.fullmatch(r"\{url (\w+)[^}]*\}", attrs.get("action", ""))
        self.get_forms.append(m.group(1) if m else None)

    def in_post_form(self):
        return False

    def _check_id(self, text, where):
        if "{" in text:
            return
        if not text or re.search(r"\s", text):
            fail(where, f"id=\"{text}\" is no id")
        if self.loop:
            fail(where, f"id=\"{text}\" would repeat in this {{#each}}")
        for other, line in self.ids.get(text, []):
            if not exclusive(other, self.branch):
                fail(where, f"id=\"{text}\" is there twice (also {line})")
        self.ids.setdefault(text, []).append((self.branch, where))

    def _check_control(self, e, name):
        kind = e.attrs.get("type", "text" if name == "input" else "").lower()
        if kind == "password" and not self.in_post_form():
            fail(e.where, "a password is asked for with {form …} {field …}: in a GET form it would stand in the address")
        named = {"aria-label", "aria-labelledby", "title"} & set(e.attrs)
        if name != "button" and kind not in UNLABELLED and not e.in_label and not named:
            self.controls.append((e.attrs.get("id"), e.where))
        if kind == "image" and not e.attrs.get("alt"):
            fail(e.where, "<input type=\"image\"> needs alt=\"…\"")
        if self.on_control and e.attrs.get("name"):
            self.on_control(e.attrs["name"], e.where)

    def finish(self, where):
        if self.mode != "text":
            fail(where, "the template ends inside a tag")
        if self.stack:
            fail(where, f"the template ends with <{self.stack[-1]}> open")
        for ident, control in self.controls:
            if ident is None or ident not in self.label_for:
                fail(control, "a control needs a label: <label for=\"its id\">, a <label> around it, or aria-label=\"…\"")


def exclusive(a, b):
    """Can two places never both be on the page, because they are in different branches of one {#if}?"""
    mine = dict(a)
    return any(number in mine and mine[number] != branch for number, branch in b)
