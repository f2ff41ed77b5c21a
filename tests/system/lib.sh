# SPDX-License-Identifier: Apache-2.0
# Words for the system tests: `run` a command, then say what must be true of its status, output and complaints.
set -u
davy=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
points=0

# run COMMAND...: keeps $status, $work/out and $work/err.
run() {
    status=0
    "$@" >"$work/out" 2>"$work/err" || status=$?
}

# point NAME COMMAND...: one TAP point, good when the command is.
point() {
    points=$((points + 1))
    name=$1
    shift
    if "$@"; then
        echo "ok $points - $name"
    else
        echo "not ok $points - $name"
        echo "# status: $status"
        sed 's/^/# out: /' "$work/out" | head -n 20
        sed 's/^/# err: /' "$work/err" | head -n 20
    fi
}

is_status() { [ "$status" -eq "$1" ]; }
out_has() { grep -qF -- "$1" "$work/out"; }
err_has() { grep -qF -- "$1" "$work/err"; }
out_lacks() { ! grep -qF -- "$1" "$work/out"; }
any_has() { grep -qF -- "$1" "$work/out" "$work/err"; }
same() { cmp -s "$1" "$work/out"; }
# Every line is one JSON object with a kind (python3 comes with meson).
json_lines() {
    python3 -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
sys.exit(0 if lines and all("kind" in line for line in lines) else 1)' "$work/out"
}
err_lines() { [ "$(wc -l <"$work/err")" -eq "$1" ]; }
out_lines() { [ "$(wc -l <"$work/out")" -eq "$1" ]; }
all() { # all CONDITION-WITH-ONE-ARGUMENT ARGUMENT ...
    while [ $# -gt 0 ]; do
        "$1" "$2" || return 1
        shift 2
    done
}
finish() { echo "1..$points"; }
