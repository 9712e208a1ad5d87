# shellcheck shell=bash
# Set-up shared by run.sh, test.sh and freeze.sh; to be sourced. Does only what is still missing,
# prints one line to standard error for each thing it does, and leaves the checkout clean.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv
tools=$root/.tools

# What Qt loads at run time on X11, Wayland and without a screen. Qt's own message about
# libxcb-cursor0 also appears when one of the other xcb libraries is the missing one.
# shellcheck disable=SC2034 # used by the scripts that source this one
window_packages=(
    libglib2.0-0 libgl1 libegl1 libdbus-1-3 libfontconfig1 libxkbcommon0 libxcb-cursor0
    libxcb-icccm4 libxcb-keysyms1 libxkbcommon-x11-0 libxcb-shape0 libx11-xcb1
    libwayland-cursor0 libwayland-egl1
)

say() {
    printf '%s\n' "$*" >&2
}

# Prints the packages among its arguments that are not installed. A name that Debian 13 gave the
# suffix t64 counts as installed under that name too.
missing_packages() {
    command -v dpkg-query >/dev/null || return 0
    local installed package
    installed=$'\n'$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" "${@/%/t64}" \
        2>/dev/null || true)$'\n'
    for package in "$@"; do
        [[ $installed == *$'\n'"installed $package"$'\n'* ]] ||
            [[ $installed == *$'\n'"installed ${package}t64"$'\n'* ]] || printf '%s\n' "$package"
    done
}

# apt-get as root, or through sudo. Fails when neither is possible.
as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        # Without a terminal nobody can type a password, so sudo may not ask for one.
        if [[ -t 0 ]]; then sudo -- "$@"; else sudo -n -- "$@"; fi
    else
        return 1
    fi
}

apt_get() {
    # Its hundreds of lines come down to how much it fetches and what goes wrong.
    as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -q -o Acquire::Retries=2 \
        -o Acquire::http::Timeout=30 -o Dpkg::Use-Pty=0 "$@" 2>&1 |
        awk '/^(Need to get|Fetched|E:|Err:|dpkg: error)/ { print "  " $0; fflush() }' >&2
}

lists_are_new=

apt_install() {
    if [[ -z $lists_are_new ]]; then
        apt_get update || true # what is cached may still do
        lists_are_new=yes
    fi
    apt_get install -y --no-install-recommends "$@"
}

# Installs the packages that are missing; ends the script with 4 when that cannot be done.
need_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    say "Installing system packages: ${missing[*]}"
    if ! apt_install "${missing[@]}"; then
        say ""
        say "Deze systeempakketten ontbreken en konden niet worden geïnstalleerd (geen root, geen"
        say "sudo of geen netwerk). Vraag je beheerder om dit uit te voeren:"
        say "These system packages are missing and could not be installed (no root, no sudo or no"
        say "network). Ask your administrator to run:"
        say ""
        say "    apt-get install --no-install-recommends ${missing[*]}"
        exit 4
    fi
}

# Installs what it can of packages that only some tests need; those tests skip without them.
want_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    say "Installing packages some tests need: ${missing[*]}"
    apt_install "${missing[@]}" && return 0
    local package
    for package in "${missing[@]}"; do
        apt_install "$package" || say "Not installed: $package. Tests that need it are skipped."
    done
}

# Sets `python` to an interpreter of at least 3.11 that can make an environment.
find_python() {
    local check='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
    for python in python3 python3.13 python3.12 python3.11; do
        command -v "$python" >/dev/null && "$python" -c "$check" 2>/dev/null && return 0
    done
    return 1
}

# Lets pip and uv trust and use what this machine does: many organisations look into encrypted
# traffic with a certificate of their own, or name a mirror in pip's settings (uv reads neither).
follow_machine() {
    local certificates=/etc/ssl/certs/ca-certificates.crt mirror
    if [[ -f $certificates ]]; then
        export PIP_CERT=${PIP_CERT:-$certificates} SSL_CERT_FILE=${SSL_CERT_FILE:-$certificates}
    fi
    if [[ -z ${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-} ]]; then
        mirror=$("$venv/bin/python" -m pip config get global.index-url 2>/dev/null) &&
            export UV_DEFAULT_INDEX=$mirror
    fi
    return 0
}

stamp_of() { # LOCK
    { printf '%s\n' "$root" && cat "$root/packaging/uv.lock.txt" "$1"; } | sha256sum
}

install_uv() { # called where set -e has no effect, so each step that may fail says so itself
    local wanted
    wanted=$(sha256sum <"$root/packaging/uv.lock.txt")
    [[ -x $tools/uv/bin/uv && $(<"$tools/uv/stamp") == "$wanted" ]] && return 0
    say "Installing uv (about 17 MB)"
    rm -rf "$tools/uv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
        --require-hashes --target "$tools/uv" -r "$root/packaging/uv.lock.txt" >&2 || return 1
    printf '%s\n' "$wanted" >"$tools/uv/stamp"
}

# Makes .venv hold exactly what a lock says: `run` for the program, `all` with the test tools.
# An environment made for `all` serves `run` as well, and one with test tools keeps them.
need_environment() { # run|all
    local kind=$1 lock stamp
    [[ -x $venv/bin/pytest ]] && kind=all
    lock=$root/packaging/requirements.lock
    stamp=$venv/all.stamp
    [[ -f $stamp && $(<"$stamp") == "$(stamp_of "$lock")" ]] && return 0
    if [[ $kind == run ]]; then
        lock=$root/packaging/requirements-run.lock
        stamp=$venv/run.stamp
        [[ -f $stamp && $(<"$stamp") == "$(stamp_of "$lock")" ]] && return 0
    fi

    mkdir -p "$tools"
    exec 9>"$tools/lock"
    flock 9 # two starts at once must not install into the same folder
    if ! find_python; then
        need_packages python3 python3-venv
        if ! find_python; then
            say "Python 3.11 of nieuwer is nodig. / Python 3.11 or newer is needed."
            exit 4
        fi
    fi
    if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        say "Making the Python environment in .venv"
        "$python" -m venv --clear "$venv"
    fi
    # In a shell of its own: the certificates are for the installers, not for the program.
    (
        follow_machine
        install_uv && say "Installing the locked Python packages (${lock##*/})" &&
            rm -f "$venv"/{run,all}.stamp &&
            "$tools/uv/bin/uv" pip sync --quiet --require-hashes --python "$venv/bin/python" \
                "$lock" >&2
    ) || {
        say ""
        say "De Python-pakketten konden niet worden opgehaald. Controleer het netwerk en de"
        say "proxy-instellingen, en probeer het opnieuw; wat er al is, blijft staan."
        say "The Python packages could not be fetched. Check the network and the proxy settings,"
        say "then try again; what is already there is kept."
        exit 4
    }
    # The program is found from any working folder, and by the processes it starts itself.
    printf '%s\n' "$root" >"$("$venv/bin/python" -c \
        'import sysconfig; print(sysconfig.get_path("purelib"))')/doorgaande-lijn.pth"
    stamp_of "$lock" >"$stamp"
    exec 9>&-
}

# Compiles forms and catalogues when a source is newer than the last time; a folder changes too
# when a file in it goes.
need_compiled() {
    local done_at=$tools/compiled.stamp newer
    if [[ -f $done_at && -d $root/resources/compiled ]]; then
        newer=$(find "$root/forms" "$root/translations" "$root/intake_app/formio" \
            "$root/intake_app/xforms" -newer "$done_at" -not -name '*.pyc' -not -name __pycache__ -print -quit)
        [[ -n $newer ]] || return 0
    fi
    say "Compiling forms and translations"
    "$venv/bin/python" -P -m intake_app.formio.build >&2
    touch "$done_at"
}
