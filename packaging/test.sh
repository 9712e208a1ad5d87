#!/usr/bin/env bash
# Installs what is missing, then checks and tests.
#
#   ./packaging/test.sh                          style, types and the fast tests
#   ./packaging/test.sh tests/crypto -k vectors  only pytest, with these arguments
#   ./packaging/test.sh -m slow                  the slow tests
#
# Exit code 0 when everything passed, 4 when something needed could not be installed, else 1.
set -euo pipefail
# shellcheck source=set-up.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/set-up.sh"

need_packages "${window_packages[@]}"
want_packages xvfb xauth openbox dbus at-spi2-core poppler-utils age openssh-client unzip git \
    gcc libc6-dev openssl curl apache2-bin nginx-extras libnginx-mod-http-dav-ext rclone
need_environment all
need_compiled

cd "$root"
failed=()
check() { # NAME COMMAND...
    say "== $1"
    "${@:2}" || failed+=("$1")
}

if (($# == 0)); then
    check "ruff check" "$venv/bin/python" -m ruff check
    check "ruff format" "$venv/bin/python" -m ruff format --check
    check "mypy" "$venv/bin/python" -m mypy
fi
export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}
# Without a choice of tests they are all run, on every core; a core keeps to neighbours, which share
# what is dear to make, until it takes over from one that is behind.
spread=()
(($# == 0)) && spread=(-n auto --dist worksteal)
check "pytest" "$venv/bin/python" -m pytest "${spread[@]}" "$@"

if ((${#failed[@]})); then
    say "Failed: $(printf '%s, ' "${failed[@]}" | sed 's/, $//')"
    exit 1
fi
