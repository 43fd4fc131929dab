"""HTML as a test wants it: forms with labels, links, text. A small tree over html.parser."""
from html.parser import HTMLParser
import re

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
INLINE = frozenset("a abbr b bdi code em i mark s small span strong sub sup time u wbr".split())
HIDDEN = frozenset("script style template head".split())


class Node:
    """An element; children are nodes and strings."""

    def __init__(self, tag, attrs=(), parent=None):
        self.tag, self.attrs, self.parent, self.children = tag, dict(attrs), parent, []

    def get(self, name, default=None):
        return self.attrs.get(name, default)

    def walk(self):
        yield self
        for c in self.children:
            if isinstance(c, Node):
                yield from c.walk()

    def all(self, tag=None, **attrs):
        """Elements below (and this one) of that tag with these attributes; `cls` for one class, `data_x` for data-x."""
        wanted = {k.replace("_", "-"): v for k, v in attrs.items() if k != "cls"}
        return [n for n in self.walk()
                if (tag is None or n.tag == tag)
                and all(k in n.attrs and (v is True or n.attrs[k] == v) for k, v in wanted.items())
                and ("cls" not in attrs or attrs["cls"] in (n.get("class") or "").split())]

    def first(self, tag=None, **attrs):
        found = self.all(tag, **attrs)
        return found[0] if found else None

    @property
    def text(self):
        """What is read aloud: white space collapsed, hidden parts left out."""
        out = []

        def visit(n):
            for c in n.children:
                if isinstance(c, str):
                    out.append(c)
                elif c.tag not in HIDDEN and "hidden" not in c.attrs:
                    gap = "" if c.tag in INLINE else " "
                    out.append(gap)
                    visit(c)
                    out.append(gap)
        visit(self)
        return re.sub(r"\s+", " ", "".join(out)).strip()

    @property
    def raw_text(self):
        return "".join(c if isinstance(c, str) else c.raw_text for c in self.children)

    def up(self, tag):
        n = self.parent
        while n is not None and n.tag != tag:
            n = n.parent
        return n


class _Builder(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = self.at = Node("#document")

    def handle_starttag(self, tag, attrs):
        # html.parser gives the first of repeated attributes last; a page has none.
        n = Node(tag, [(k, "" if v is None else v) for k, v in attrs], self.at)
        self.at.children.append(n)
        if tag not in VOID:
            self.at = n

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.at = self.at.parent or self.root

    def handle_endtag(self, tag):
        n = self.at
        while n is not None and n.tag != tag:
            n = n.parent
        if n is not None and n.parent is not None:
            self.at = n.parent

    def handle_data(self, data):
        self.at.children.append(data)


def parse(text):
    b = _Builder()
    b.feed(text)
    b.close()
    return b.root


class Control:
    """One control of a form as the reader meets it."""

    def __init__(self, node, root):
        self.node, self.name = node, node.get("name", "")
        self.kind = node.get("type", "text") if node.tag == "input" else node.tag
        self.disabled = "disabled" in node.attrs or self._fieldset_disabled()
        self.checked = "checked" in node.attrs
        self.label = self._label(root)
        self.error = self._error(root)

    def _fieldset_disabled(self):
        n = self.node.up("fieldset")
        return n is not None and "disabled" in n.attrs

    def _label(self, root):
        if self.node.get("aria-label"):
            return self.node.get("aria-label")
        if self.node.get("aria-labelledby"):
            return " ".join(n.text for i in self.node.get("aria-labelledby").split() for n in root.all(id=i))
        if self.node.get("id"):
            for n in root.all("label", **{"for": self.node.get("id")}):
                return n.text
        wrapping = self.node.up("label")
        return wrapping.text if wrapping is not None else ""

    def _error(self, root):
        if self.node.get("aria-invalid") != "true":
            return None
        ids = (self.node.get("aria-describedby") or "").split()
        described = [n for i in ids for n in root.all(id=i)]
        wrong = [n.text for n in described if "invalid" in (n.get("class") or "") or "error" in (n.get("id") or "")]
        return " ".join(wrong or [n.text for n in described])

    @property
    def options(self):
        """Of a select: [(value, label, disabled, group)]."""
        out = []
        for n in self.node.all("option"):
            group = n.up("optgroup")
            off = "disabled" in n.attrs or (group is not None and "disabled" in group.attrs)
            out.append((n.get("value", n.text), n.text, off, group.get("label") if group is not None else None))
        return out

    @property
    def value(self):
        if self.kind == "textarea":
            return self.node.raw_text.removeprefix("\n")
        if self.kind == "select":
            for n in self.node.all("option"):
                if "selected" in n.attrs:
                    return n.get("value", n.text)
            usable = [v for v, _, off, _ in self.options if not off]
            return usable[0] if usable else ""
        return self.node.get("value", "on" if self.kind in ("checkbox", "radio") else "")


class Form:
    """A form with what a browser would send of it."""

    def __init__(self, node, root):
        self.node = node
        self.method, self.action = node.get("method", "get").lower(), node.get("action", "")
        own = [n for n in root.walk() if n.tag in ("input", "select", "textarea", "button")
               and (n.get("form") == node.get("id") if n.get("form") else n in set(node.walk()))]
        self.controls = [Control(n, root) for n in own if n.tag != "button" and n.get("type") not in ("submit", "button")]
        self.buttons = [n for n in own if n.tag == "button" or n.get("type") == "submit"]

    @property
    def button_names(self):
        return [n.get("aria-label") or n.text or n.get("value", "") for n in self.buttons]

    def action_of(self, button=None):
        """Where it goes when it is sent by this button."""
        pressed = next((b for b in self.buttons if button and button in (b.text, b.get("aria-label"))), None)
        return (pressed and pressed.get("formaction")) or self.action

    @property
    def errors(self):
        return {c.name: c.error for c in self.controls if c.error is not None}

    def control(self, key):
        """By name, or by label."""
        for c in self.controls:
            if key in (c.name, c.label):
                return c
        for c in self.controls:
            if c.label and c.label.split(" *")[0].strip().lower() == key.lower():
                return c
        raise KeyError(f"no control '{key}' in the form {self.action}: {[(c.name, c.label) for c in self.controls]}")

    def data(self, values=None, button=None):
        """The pairs that are sent when `values` were filled in (True and False tick and untick; None leaves a field out)."""
        given = {}
        for key, v in (values or {}).items():
            try:
                # Several controls share a name in groups of boxes: those are named by their label or "name=value".
                given[self._which(key)] = v
            except KeyError:
                given[key] = v
        pairs = []
        for c in self.controls:
            if not c.name or c.disabled:
                continue
            v = given.pop(c, ...)
            if c.kind in ("checkbox", "radio"):
                ticked = c.checked if v is ... else (v if isinstance(v, bool) else v == c.value)
                if ticked:
                    pairs.append((c.name, c.value))
            elif v is not None:
                pairs.append((c.name, c.value if v is ... else str(v)))
        for b in self.buttons:
            if button and b.get("name") and button in (b.text, b.get("aria-label")):
                pairs.append((b.get("name"), b.get("value", "")))
        for key, v in given.items():
            name = key if isinstance(key, str) else key.name
            pairs += [(name, str(x)) for x in (v if isinstance(v, list) else [v]) if x is not None]
        return pairs

    def _which(self, key):
        name, eq, value = key.partition("=")
        if eq:
            for c in self.controls:
                if c.name == name and c.value == value:
                    return c
        return self.control(key)


class HtmlPage:
    """A whole page."""

    def __init__(self, text):
        self.source, self.root = text, parse(text)

    @property
    def text(self):
        return self.root.text

    @property
    def title(self):
        n = self.root.first("title")
        return re.sub(r"\s+", " ", n.raw_text).strip() if n else ""

    @property
    def heading(self):
        n = self.root.first("h1")
        return n.text if n else ""

    @property
    def main(self):
        return self.root.first("main") or self.root

    @property
    def forms(self):
        return [Form(n, self.root) for n in self.root.all("form")]

    def form(self, button=None, action=None, field=None):
        """The form with that button, with that end of its action, with that field."""
        for f in self.forms:
            if ((button is None or button in f.button_names)
                    and (action is None or f.action.split("?")[0].endswith(action))
                    and (field is None or any(field in (c.name, c.label) for c in f.controls))):
                return f
        raise LookupError(f"no form with button={button} action={action} field={field} on '{self.title}'; there are "
                          f"{[(f.action, f.button_names) for f in self.forms]}")

    def has_form(self, **kw):
        try:
            self.form(**kw)
            return True
        except LookupError:
            return False

    @property
    def links(self):
        return [(n.get("aria-label") or n.text, n.get("href")) for n in self.root.all("a") if "href" in n.attrs]

    def link(self, text):
        for t, href in self.links:
            if t == text:
                return href
        for t, href in self.links:
            if text in t:
                return href
        raise LookupError(f"no link '{text}' on '{self.title}': {[t for t, _ in self.links]}")

    def has_link(self, text):
        return any(t == text for t, _ in self.links)

    @property
    def alerts(self):
        return [n.text for n in self.root.walk() if n.get("role") in ("alert", "status") and n.text]

    @property
    def rows(self):
        """Of the page's tables: a list of {column heading: text}; "_node" is the row."""
        out = []
        for table in self.root.all("table"):
            heads = [n.text for n in (table.first("thead") or table).all("th")]
            for tr in (table.first("tbody") or table).all("tr"):
                cells = [n for n in tr.children if isinstance(n, Node) and n.tag in ("td", "th")]
                if any(c.tag == "td" for c in cells):
                    out.append({**dict(zip(heads, (c.text for c in cells))), "_node": tr})
        return out
