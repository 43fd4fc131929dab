#!/bin/bash
# `make test`: installs what is missing, builds, runs every test, ends with `N passed, N failed`. Logs: out/test-logs/.
# Names of suites or modules as arguments run only those: `tools/test.sh flow/test_consent`; with --coverage it also says
# which SQL statements they never ran.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/install.sh test
make -s --no-print-directory -j2 all
make -s --no-print-directory -j2 CONFIG=asan all
make -s --no-print-directory -j2 CONFIG=asan tests
exec python3 tools/testrun.py "$@"
