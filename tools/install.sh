#!/bin/bash
# Installs the Debian packages that are missing: `tools/install.sh build` for building and running, `tools/install.sh test`
# for testing as well, `tools/install.sh bench` for `make bench`. Says first which ones. Does nothing, quickly, when all are
# there. On another distribution it prints the list and stops with exit status 2.
set -euo pipefail
cd "$(dirname "$0")/.."

build=(gcc make pkg-config python3 ca-certificates libmicrohttpd-dev libsqlite3-dev libpq-dev libsodium-dev libjansson-dev
       libcurl4-openssl-dev libicu-dev libpango1.0-dev fonts-dejavu-core fonts-droid-fallback fonts-unifont libjs-bootstrap5)
test=(libcmocka-dev clang-format chromium postgresql poppler-utils)
bench=(nginx-light postgresql)

case "${1:-}" in
build) wanted=("${build[@]}") ;;
test) wanted=("${build[@]}" "${test[@]}") ;;
bench) wanted=("${build[@]}" "${bench[@]}") ;;
*)
    echo "usage: tools/install.sh build|test|bench" >&2
    exit 2
    ;;
esac

# Browser tests want Node 18 or newer, from wherever it came: one that is there already is left alone.
node_is_there() {
    local version
    command -v npm >/dev/null && version=$(node --version 2>/dev/null) || return 1
    version=${version#v}
    [ "${version%%.*}" -ge 18 ]
}
if [ "$1" = test ] && ! node_is_there; then wanted+=(nodejs npm); fi

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "Only Debian and its kin are known here. Please install what these packages hold, then try again:" >&2
    echo "  ${wanted[*]}" >&2
    # Somebody who did so already must get through: what counts is that the tools answer.
    if command -v gcc make pkg-config python3 >/dev/null &&
        pkg-config --exists libmicrohttpd sqlite3 libpq libsodium jansson libcurl icu-i18n icu-uc pangocairo; then
        exit 0
    fi
    exit 2
fi

# The proxy's configuration is tested with nginx itself. Installing the package would start a web server on this machine, so
# it is only unpacked, into out/.
unpack_nginx() {
    command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || [ -x out/tools/nginx/usr/sbin/nginx ] && return 0
    echo "Unpacking nginx into out/tools/nginx, for the test of the proxy"
    mkdir -p out/tools/nginx
    (cd out/tools && apt-get download -qq nginx && dpkg-deb -x nginx_*.deb nginx && rm -f nginx_*.deb)
}

declare -A present=()
while read -r status name; do
    if [ "$status" = ii ] || [ "$status" = hi ]; then present[$name]=1; fi
done < <(dpkg-query --show --showformat '${db:Status-Abbrev} ${binary:Package}\n' "${wanted[@]}" 2>/dev/null | sed 's/:[a-z0-9]*$//')

missing=()
for name in "${wanted[@]}"; do
    [ -n "${present[$name]:-}" ] || missing+=("$name")
done
if [ ${#missing[@]} -eq 0 ]; then
    if [ "$1" = test ]; then unpack_nginx; fi
    exit 0
fi

echo "Installing the packages that are missing: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "That takes root, and there is no sudo here. As root: apt-get install ${missing[*]}" >&2
        exit 2
    fi
    as_root=(sudo)
fi
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
if [ "$1" = test ]; then unpack_nginx; fi
