#!/bin/bash
# `make run`: installs what is missing, builds, makes the demo shop when there is none, and serves it in the foreground.
# Honours DEMO_DIR (demo/), PORT (8080), ADMIN_PASSWORD and CUSTOMER_PASSWORD; passwords that are not given are made at
# random and kept beside the database, so that the next run prints the same ones.
set -euo pipefail
cd "$(dirname "$0")/.."

dir=${DEMO_DIR:-demo}
dir=${dir%/}
port=${PORT:-8080}
server=out/release/countersign

case $port in
*[!0-9]* | '' | ??????*)
    echo "PORT is a number from 0 to 65535, not '$port'" >&2
    exit 2
    ;;
esac

tools/install.sh build
make -s --no-print-directory -j2 all

random_password() {
    head -c 12 /dev/urandom | base64 | tr '+/' 'xy'
}

# The passwords a demo was made with; one name=value a line, nothing is executed.
kept() {
    sed -n "s/^$1=//p" "$dir/passwords" 2>/dev/null || true
}

remember_passwords() {
    (umask 077 && printf 'ADMIN_PASSWORD=%s\nCUSTOMER_PASSWORD=%s\n' "$ADMIN_PASSWORD" "$CUSTOMER_PASSWORD" >"$1/passwords")
}

if [ -e "$dir/shop.db" ]; then
    given_admin=${ADMIN_PASSWORD:-}
    given_customer=${CUSTOMER_PASSWORD:-}
    ADMIN_PASSWORD=$(kept ADMIN_PASSWORD)
    CUSTOMER_PASSWORD=$(kept CUSTOMER_PASSWORD)
    if { [ -n "$given_admin" ] && [ "$given_admin" != "$ADMIN_PASSWORD" ]; } ||
        { [ -n "$given_customer" ] && [ "$given_customer" != "$CUSTOMER_PASSWORD" ]; }; then
        echo "Note: $dir/shop.db was made with other passwords than the ones given now; those stay in force." >&2
        echo "      Remove $dir/ to begin anew." >&2
    fi
else
    export ADMIN_PASSWORD=${ADMIN_PASSWORD:-$(random_password)}
    export CUSTOMER_PASSWORD=${CUSTOMER_PASSWORD:-$(random_password)}
    # Made under another name and renamed when whole: an interruption leaves no half demo.
    mkdir -p "$dir"
    making=$(mktemp -d "$dir/.making.XXXXXX")
    trap 'rm -rf "$making"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    echo "Making the demo shop in $dir/ …"
    "$server" demo --db "sqlite:$making/shop.db" >/dev/null
    remember_passwords "$making"
    for file in "$making"/*; do
        case $file in */shop.db) ;; *) mv "$file" "$dir/" ;; esac
    done
    mv "$making/shop.db" "$dir/shop.db"
    rmdir "$making"
    trap - EXIT INT TERM
fi

# The same line is printed whether the port is given or chosen by the machine; the server logs the real one.
cat <<END

  Shop    http://127.0.0.1:$port/
  Admin   http://127.0.0.1:$port/admin

  Staff      admin, support, viewer                                           password  ${ADMIN_PASSWORD:-(as it was given when $dir was made)}
  Customers  consents@example.com, refuses@example.com, outlet@example.com    password  ${CUSTOMER_PASSWORD:-(as it was given when $dir was made)}

  Stop with Ctrl-C.

END

# The server runs beside this script, which hands on the signals. An interrupt that reaches only `make` is not handed on by
# make: it waits for its recipe, with SIGINT blocked, and that can be seen. So `make run` stops whoever is told to.
"$server" serve --db "sqlite:$dir/shop.db" --listen "127.0.0.1:$port" &
pid=$!
trap 'kill -TERM "$pid" 2>/dev/null' INT TERM HUP

make_was_interrupted() {
    local comm blocked
    read -r comm <"/proc/$PPID/comm" && [ "$comm" = make ] || return 1
    blocked=$(sed -n 's/^SigBlk:[[:space:]]*//p' "/proc/$PPID/status")
    ((0x$blocked & 2))
}
(
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.5
        if [ ! -e "/proc/$PPID" ] || make_was_interrupted; then kill -TERM "$pid" 2>/dev/null; fi
    done
) 2>/dev/null &

status=0
while kill -0 "$pid" 2>/dev/null; do
    wait "$pid" && status=0 || status=$?
done
exit "$status"
