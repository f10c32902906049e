#!/bin/sh
# A bot for PeerChat in shell: runs a command, tells somebody how it ended, and runs it anew when they write "again".
#
#   notify.sh [--user NAME] [--once] PEER COMMAND [ARGUMENT...]
#   notify.sh --user builds bob make -C ~/project check
#
# It needs a POSIX shell and peerchat; the variable PEERCHAT may hold another command, in words with blanks between.
# docs/SCRIPTING.md describes what it relies on: exit codes, and one JSON object a line.
set -u

peerchat=${PEERCHAT:-peerchat}
lines=20 # of the command's output, at its end
again='again'
user=
once=

usage() {
  echo "usage: notify.sh [--user NAME] [--once] PEER COMMAND [ARGUMENT...]" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --user) [ $# -ge 2 ] || usage; user=$2; shift 2 ;;
    --once) once=1; shift ;;
    --) shift; break ;;
    -*) usage ;;
    *) break ;;
  esac
done
[ $# -ge 2 ] || usage
peer=$1
shift

work=$(mktemp -d) || exit 5
output=$work/output
listener=
trap '[ -z "$listener" ] || kill "$listener" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# The text goes in by standard input: whatever stands in it, no shell and no option parser reads it. $peerchat and ${user:+…} fall
# apart into words on purpose; a name of PeerChat has no blanks at its ends, so "$user" stays one.
run_and_tell() {
  "$@" >"$output" 2>&1 </dev/null
  code=$?
  if [ "$code" -eq 0 ]; then
    title="ok: $*"
  else
    title="failed with code $code: $*"
  fi
  { printf '%s\n' "$title"; tail -n "$lines" "$output"; } |
    head -c 60000 | # the node takes 65,536 bytes
    $peerchat send ${user:+--user "$user"} --to "$peer" --wait sent
  case $? in
    0) ;;
    3 | 6) echo "notify: $peer is not there; the message stays queued" >&2 ;;
    *) exit 4 ;; # a sentence of peerchat's own stands above
  esac
}

run_and_tell "$@"
[ -z "$once" ] || exit 0

# 'listen' stays attached, so nothing is missed while the command runs; it also goes on when the node changes its process.
# Quotes inside a text are escaped in JSON, so no message can pretend to have another text than it has.
mkfifo "$work/lines" || exit 5
$peerchat listen ${user:+--user "$user"} --from "$peer" --json >"$work/lines" &
listener=$!
while IFS= read -r line; do
  case $line in
    *'"type":"message"'*"\"text\":\"$again\""*) run_and_tell "$@" ;;
  esac
done <"$work/lines"
wait "$listener"
