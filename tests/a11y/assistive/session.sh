#!/usr/bin/env bash
# A desktop for one program and one assistive client, on a bus of their own:
#   dbus-run-session -- session.sh PYTHON FOLDER INTERVIEW CLIENT...
# The bus of accessibility has to be there before the program, or that never registers.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
python=$1 folder=$2 interview=$3
shift 3
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
Xvfb -displayfd 3 -screen 0 1366x768x24 -nolisten tcp 3>"$work/display" 2>/dev/null &
for _ in $(seq 100); do [[ -s $work/display ]] && break; sleep 0.1; done
DISPLAY=:$(cat "$work/display")
export DISPLAY QT_QPA_PLATFORM=xcb QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 QT_ACCESSIBILITY=1
openbox >/dev/null 2>&1 &
/usr/libexec/at-spi-bus-launcher --launch-immediately >/dev/null 2>&1 &
sleep 1
mkfifo "$work/end"
"$python" "$here/program.py" "$folder" "$interview" <"$work/end" >"$work/said" 2>"$work/wrong" &
program=$!
exec 9>"$work/end"
for _ in $(seq 300); do grep -q shown "$work/said" && break; sleep 0.1; done
code=0
"$@" || code=$?
echo >&9
wait $program || code=$((code + 100))
cat "$work/wrong" >&2
exit $code
