"""What the generators share: how a mistake is told, how C text is written, how files are read and written."""


class Wrong(Exception):
    """A mistake in what is read: shown as `file:line: message`."""


def fail(where, message):
    raise Wrong(f"{where}: {message}")


def c_string(text):
    """A C string literal of this text."""
    out = []
    for ch in text:
        if ch in '"\\':
            out.append("\\" + ch)
        elif ch == "\n":
            out.append("\\n")
        elif ch == "\t":
            out.append("\\t")
        elif ord(ch) < 32:
            out.append(f"\\{ord(ch):03o}")
        else:
            out.append(ch)
    return '"' + "".join(out) + '"'


def read_text(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def read_bytes(path):
    with open(path, "rb") as f:
        return f.read()


def write_if_changed(path, content):
    """Text or bytes; a file that holds them already is left alone, so that nothing is compiled for nothing."""
    data = content.encode() if isinstance(content, str) else content
    try:
        if read_bytes(path) == data:
            return
    except FileNotFoundError:
        pass
    with open(path, "wb") as f:
        f.write(data)
