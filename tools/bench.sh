#!/bin/bash
# `make bench`: installs what is missing, builds, measures, prints the table and writes it to docs/performance.md. The large
# shop is made once, in out/bench/. Settings: see tests/load/bench.py.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/install.sh bench
make -s --no-print-directory -j2 all
make -s --no-print-directory -f tools/build.mk load
exec python3 tests/load/bench.py
