#!/bin/bash
# `make test`: installs what is missing, builds, runs every test, ends with `N passed, N failed`. Logs: out/test-logs/.
# Names of suites or modules as arguments run only those: `tools/test.sh flow/test_consent`.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/install.sh test
make -s --no-print-directory -j2 all
make -s --no-print-directory -j2 CONFIG=asan all
make -s --no-print-directory -j2 CONFIG=asan tests
if compgen -G 'tests/browser/*.test.js' >/dev/null; then
    stamp=tests/browser/node_modules/.package-lock.json
    if [ ! -e "$stamp" ] || [ tests/browser/package-lock.json -nt "$stamp" ]; then
        npm --prefix tests/browser ci --loglevel=error
        touch "$stamp"
    fi
fi
exec python3 tools/testrun.py "$@"
