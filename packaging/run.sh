#!/usr/bin/env bash
# Installs what is missing and starts the program; every argument is passed on to it.
#
#   ./packaging/run.sh                      open the program
#   ./packaging/run.sh --practice           open the practice vault (oefenmodus)
#   ./packaging/run.sh --headless-tour DIR  without a screen: the main job, with its files in DIR
#   ./packaging/run.sh form lint FILE       any subcommand; --help lists them
#
# Exit codes of its own: 3 no screen to show a window on, 4 something missing that could not be
# installed. Every other code is the program's.
set -euo pipefail
# shellcheck source=set-up.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/set-up.sh"

needs_window() {
    [[ -z ${QT_QPA_PLATFORM:-} ]] || return 1
    local argument
    for argument in "$@"; do
        case $argument in -h | --help | --version | --headless-tour | --headless-tour=*) return 1 ;; esac
    done
    case ${1:-} in '' | run | practice | --practice) return 0 ;; *) return 1 ;; esac
}

if needs_window "$@" && [[ -z ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
    say "Er is hier geen beeldscherm, dus er kan geen venster open. Zo zie je het programma toch"
    say "werken: de rondleiding doet het hele werk en zet schermbeelden, het overdrachtsbestand,"
    say "de PDF en het ontvangstbewijs in een map."
    say "There is no display here, so no window can open. The tour does the whole job without one"
    say "and leaves screenshots, the handover file, the PDF and the receipt in a folder:"
    say ""
    say "    ./packaging/run.sh --headless-tour DIR"
    exit 3
fi

need_packages "${window_packages[@]}"
need_environment run
need_compiled
exec "$venv/bin/python" -P -m intake_app "$@"
