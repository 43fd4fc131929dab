#!/usr/bin/env python3
"""Runs all generators in the order in which they need each other. Prints nothing unless something is wrong."""
import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--out", default="out/gen")
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    steps = [
        ["gategen.py", "--out", a.out],
        ["sqlgen.py", "--out", a.out],
        ["assetgen.py", "--out", a.out],
        ["tplgen.py", "--out", a.out, "--tables", f"{a.out}/tables.json", "--assets", f"{a.out}/assets.json"],
        ["i18ngen.py", "--out", a.out],
    ]
    for name, *args in steps:
        r = subprocess.run([sys.executable, os.path.join(HERE, name), *args], check=False)
        if r.returncode != 0:
            return r.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
