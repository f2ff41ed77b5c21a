#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does davy answer help, version and mistakes as scripts and people expect: right stream, right status, one sentence?
. "$(dirname "$0")/lib.sh"

run "$davy" --version
point "--version" all is_status 0 out_has "davy "
run "$davy" --help
point "--help goes to standard output" all is_status 0 out_has "Usage: davy COMMAND"
point "--help complains of nothing" err_lines 0
run "$davy" help rules match
point "help COMMAND is COMMAND --help" all is_status 0 out_has "Usage: davy rules match"
run "$davy"
point "no command: status 2 and a sentence" all is_status 2 err_lines 1 err_has "a command is missing"
run "$davy" detct x
point "a mistyped command: what was meant" all is_status 2 err_lines 1 err_has "did you mean 'detect'?"
run "$davy" detect --formt json x
point "a mistyped option: what was meant" all is_status 2 err_lines 1 err_has "did you mean '--format'?"
run "$davy" detect
point "a missing operand" all is_status 2 err_lines 1 err_has "PATH is missing"
run "$davy" help nothing
point "help about nothing" all is_status 2 err_lines 1 err_has "unknown command 'nothing'"
[ -e /dev/full ] && run sh -c '"$1" --help >/dev/full' sh "$davy"
point "a full disk is told" all is_status 3 err_has "cannot write to standard output"

"$davy" completion >"$work/completion"
complete() { # complete WORD...: what bash would offer for the last word
    bash -c 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _davy; echo "${COMPREPLY[@]}"' bash "$work/completion" "$@"
}
run complete davy de
point "completion: commands" out_has "detect"
run complete davy rules ma
point "completion: commands of a group" out_has "match"
run complete davy detect --format ""
point "completion: words of an option" out_has "text json html"
run complete davy detect --fail
point "completion: options" out_has "--fail-on"
run complete davy detect --format json /et
point "completion: files after an option's value" out_has "/etc"
finish
