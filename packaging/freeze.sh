#!/usr/bin/env bash
# Builds dist/intake, a folder that runs without Python on the machine, and has it do the whole
# main job once without a screen. Build on the oldest system it must run on (Debian 12).
#
#   ./packaging/freeze.sh            build, then run the tour; what came of it is in build/tour
#   ./packaging/freeze.sh --no-tour  build only
set -euo pipefail
# shellcheck source=set-up.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/set-up.sh"

need_packages "${window_packages[@]}"
need_packages binutils # PyInstaller looks into libraries with objdump
need_environment all
# Debian keeps Python's shared library, which the bundle needs, in a package of its own.
if [[ $("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_config_var("LIBDIR"))') == /usr/lib* ]]; then
    need_packages "libpython$("$venv/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
fi
need_compiled

# The same sources give the same files (sha256 of every one), wherever and whenever it is built.
export PYTHONHASHSEED=0 SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 1735689600)

cd "$root"
say "Freezing (one to two minutes)"
"$venv/bin/python" -m PyInstaller --noconfirm --clean --log-level WARN \
    --distpath dist --workpath build packaging/intake.spec >&2
say "dist/intake: $(du -sm dist/intake | cut -f1) MB"

if [[ ${1:-} != --no-tour ]]; then
    say "Running the tour of the frozen program"
    rm -rf build/tour
    env -u PYTHONPATH QT_QPA_PLATFORM=offscreen dist/intake/intake --headless-tour build/tour
fi
