#!/usr/bin/env python3
"""Embeds assets/* and Bootstrap's files into the program: out/gen/assets.c with .incbin, out/gen/assets.json with the names.

A name carries a hash of the content, so a file may be cached for good. `url(file)` in a style sheet becomes the hashed name.
"""
import argparse
import gzip
import hashlib
import json
import os
import re
import sys

from gen_util import read_bytes, write_if_changed

BOOTSTRAP = "/usr/share/bootstrap-html"
OUTSIDE = {"bootstrap.min.css": f"{BOOTSTRAP}/css/bootstrap.min.css",
           "bootstrap.bundle.min.js": f"{BOOTSTRAP}/js/bootstrap.bundle.min.js"}
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml", "ico": "image/x-icon",
         "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "woff2": "font/woff2", "txt": "text/plain; charset=utf-8",
         "json": "application/json", "webmanifest": "application/manifest+json"}


def hashed(name, body):
    stem, ext = name.rsplit(".", 1)
    return f"/assets/{stem}-{hashlib.sha256(body).hexdigest()[:8]}.{ext}"


def collect(folder):
    """name -> bytes, style sheets last because they name the others."""
    paths = dict(OUTSIDE)
    for name in sorted(os.listdir(folder)):
        if not name.startswith(".") and os.path.isfile(os.path.join(folder, name)):
            paths[name] = os.path.join(folder, name)
    for name, path in paths.items():
        if name.rsplit(".", 1)[-1] not in TYPES:
            raise SystemExit(f"{path}:1: no content type is known for this name")
        if not os.path.exists(path):
            raise SystemExit(f"{path}:1: missing; it comes with Debian's package libjs-bootstrap5")
    return dict(sorted(paths.items(), key=lambda p: (p[0].endswith(".css"), p[0])))


def prepare(name, path, names):
    """What is served: without references to source maps, with hashed addresses in style sheets."""
    body = read_bytes(path)
    if name.endswith((".css", ".js")):
        body = re.sub(rb"\s*(/\*#|//#) sourceMappingURL=[^\n*]*(\*/)?\s*\Z", b"\n", body)
    if not name.endswith(".css") or path.startswith(BOOTSTRAP):
        return body

    def swap(m):
        target = m.group(2).decode()
        if target.startswith(("data:", "#")):
            return m.group(0)
        base, mark, fragment = target.partition("#")
        if base not in names:
            raise SystemExit(f"{path}:1: url({target}): assets/ has no such file")
        return f"url({names[base]}{mark}{fragment})".encode()
    return re.sub(rb"url\(([\"']?)([^\"')]+)\1\)", swap, body)


def c_bytes(symbol, path):
    return (f'    ".global {symbol}\\n{symbol}: .incbin \\"{path}\\"\\n.byte 0\\n"\n')


def generate(folder, out):
    names, rows, blobs, declared = {}, [], [], []
    keep = os.path.join(out, "assets")
    os.makedirs(keep, exist_ok=True)
    for name, path in collect(folder).items():
        body = prepare(name, path, names)
        names[name] = hashed(name, body)
        served = os.path.join(keep, os.path.basename(names[name]))
        write_if_changed(served, body)
        packed = served + ".gz"
        if not os.path.exists(packed):
            write_if_changed(packed, gzip.compress(body, 9, mtime=0))
        smaller = os.path.getsize(packed) < len(body) * 9 // 10
        symbol = f"asset_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        blobs.append(c_bytes(symbol, os.path.abspath(served)))
        declared.append(symbol)
        zipped = "{NULL, 0}"
        if smaller:
            blobs.append(c_bytes(symbol + "_gz", os.path.abspath(packed)))
            declared.append(symbol + "_gz")
            zipped = f"{{{symbol}_gz, {os.path.getsize(packed)}}}"
        rows.append((name, f'    {{S_INIT("{name}"), {{S_INIT("{names[name]}"), S_INIT("{TYPES[name.rsplit(".", 1)[-1]]}"), '
                           f'{{{symbol}, {len(body)}}}, {zipped}}}}},\n'))
    current = {os.path.basename(n) for n in names.values()}
    for old in os.listdir(keep):
        if old.removesuffix(".gz") not in current:
            os.remove(os.path.join(keep, old))
    externs = "".join(f"extern const char {s}[];\n" for s in declared)
    text = ('/* Made by tools/assetgen.py. */\n#include "html/asset_table.h"\n\n__asm__(\n    ".pushsection .rodata\\n"\n' + "".join(blobs) +
            '    ".popsection\\n");\n\n' + externs + "\nconst struct asset_row asset_rows[] = {\n" + "".join(r for _, r in sorted(rows)) +
            "};\nconst size_t asset_rows_n = COUNT_OF(asset_rows);\n")
    write_if_changed(os.path.join(out, "assets.c"), text)
    write_if_changed(os.path.join(out, "assets.json"), json.dumps(names, indent=1, sort_keys=True) + "\n")


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--out", default="out/gen")
    p.add_argument("--assets", default="assets")
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    generate(a.assets, a.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
