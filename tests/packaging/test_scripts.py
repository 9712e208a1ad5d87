from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Bash = Callable[..., subprocess.CompletedProcess[str]]
Commands = Callable[[str, str], Path]

SCRIPTS = sorted(
    path.relative_to(Path(__file__).parents[2])
    for path in (
        *Path(__file__).parents[2].joinpath("packaging").glob("*.sh"),
        Path(__file__).parents[2] / ".ci" / "run",
    )
)
NOTHING_INSTALLED = 'for name; do [[ $name == -* ]] || echo "not-installed $name"; done; exit 1'


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
def test_script_is_well_formed(root: Path, script: Path, bash: Bash) -> None:
    told = bash("bash", "-n", str(root / script))
    assert told.returncode == 0, told.stderr
    text = (root / script).read_text("utf-8")
    if script.name != "set-up.sh":  # that one is only sourced
        assert text.startswith("#!/usr/bin/env bash\n")
        assert os.access(root / script, os.X_OK)
        assert "set -euo pipefail" in text or "set -uo pipefail" in text
    for of_one_machine in ("/work", "/home/", "/root/"):
        assert of_one_machine not in text


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is absent")
def test_script_has_no_known_mistakes(root: Path, script: Path, bash: Bash) -> None:
    told = bash("shellcheck", "--external-sources", str(root / script), cwd=root / "packaging")
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("arguments", [(), ("--practice",), ("run",), ("practice",)])
def test_no_display_is_said_in_both_languages_before_anything_is_installed(
    checkout: Path, bash: Bash, arguments: tuple[str, ...]
) -> None:
    told = bash(str(checkout / "packaging" / "run.sh"), *arguments)
    assert told.returncode == 3
    assert told.stdout == ""
    assert "geen beeldscherm" in told.stderr
    assert "no display" in told.stderr
    assert "./packaging/run.sh --headless-tour DIR" in told.stderr
    assert not (checkout / ".venv").exists()
    assert not (checkout / ".tools").exists()


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (("--headless-tour", "x"), {}),
        (("--practice", "--headless-tour=x"), {}),
        (("--help",), {}),
        (("form", "lint", "x"), {}),
        ((), {"DISPLAY": ":0"}),
        ((), {"WAYLAND_DISPLAY": "wayland-0"}),
        ((), {"QT_QPA_PLATFORM": "offscreen"}),
    ],
)
def test_what_needs_no_window_or_has_a_display_goes_on(
    checkout: Path,
    bash: Bash,
    commands: Commands,
    arguments: tuple[str, ...],
    environment: dict[str, str],
) -> None:
    commands("dpkg-query", NOTHING_INSTALLED)
    asked = commands("apt-get", "exit 100")
    commands("sudo", "exit 1")
    told = bash(str(checkout / "packaging" / "run.sh"), *arguments, **environment)
    assert told.returncode == 4
    assert "Ask your administrator" in told.stderr
    assert "apt-get install --no-install-recommends libglib2.0-0" in told.stderr
    assert "libxcb-cursor0" in told.stderr
    assert os.geteuid() != 0 or "install -y --no-install-recommends" in asked.read_text()


def run_function(checkout: Path, bash: Bash, line: str) -> subprocess.CompletedProcess[str]:
    source = f'set -euo pipefail; source "{checkout}/packaging/set-up.sh"; {line}'
    return bash("bash", "-c", source)


def test_only_missing_packages_are_named(checkout: Path, bash: Bash, commands: Commands) -> None:
    commands(
        "dpkg-query",
        "printf 'installed one\\ndeinstall two\\ninstalled threet64\\n'; exit 1",
    )
    told = run_function(checkout, bash, "missing_packages one two three four")
    assert told.stdout.split() == ["two", "four"]


def test_apt_is_not_called_when_everything_is_there(
    checkout: Path, bash: Bash, commands: Commands
) -> None:
    commands("dpkg-query", "printf 'installed one\\n'")
    asked = commands("apt-get", "exit 100")
    told = run_function(checkout, bash, "need_packages one; want_packages one")
    assert told.returncode == 0
    assert told.stderr == ""
    assert asked.read_text() == ""


def test_packages_only_tests_want_do_not_stop_anything(
    checkout: Path, bash: Bash, commands: Commands
) -> None:
    commands("dpkg-query", "exit 1")
    commands("apt-get", '[[ "$*" == *update* || "$*" == *" good" ]]')
    commands("sudo", '[[ "$1" == -n ]] && shift; shift; exec "$@"')
    told = run_function(checkout, bash, "want_packages good bad")
    assert told.returncode == 0
    assert "Not installed: bad." in told.stderr
    assert "Not installed: good." not in told.stderr


def test_a_current_environment_is_left_alone(checkout: Path, bash: Bash) -> None:
    (checkout / ".venv").mkdir()
    line = 'stamp_of "$root/packaging/requirements.lock" >"$venv/all.stamp"'
    told = run_function(checkout, bash, f"{line}; need_environment run; need_environment all")
    assert told.returncode == 0
    assert told.stderr == ""
    assert not (checkout / ".tools").exists()


def test_a_lock_that_changed_is_noticed(checkout: Path, bash: Bash, commands: Commands) -> None:
    (checkout / ".venv").mkdir()
    for python in ("python3", "python3.13", "python3.12", "python3.11"):
        commands(python, "exit 1")  # so that it stops before installing anything
    commands("dpkg-query", "printf 'installed python3\\ninstalled python3-venv\\n'")
    stamped = 'stamp_of "$root/packaging/requirements.lock" >"$venv/all.stamp"'
    changed = "echo '# changed' >>\"$root/packaging/requirements.lock\""
    told = run_function(checkout, bash, f"{stamped}; {changed}; need_environment all")
    assert told.returncode == 4
    assert "Python 3.11 of nieuwer is nodig" in told.stderr


def test_forms_are_compiled_only_after_a_change(checkout: Path, bash: Bash) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/bash\nmkdir -p "{checkout}/resources/compiled"\necho built >&2\n')
    python.chmod(0o755)
    (checkout / ".tools").mkdir()
    form = checkout / "forms" / "survey.csv"
    form.write_text("x")

    def built() -> bool:
        told = run_function(checkout, bash, "need_compiled")
        assert told.returncode == 0, told.stderr
        return "built" in told.stderr

    def long_ago() -> None:
        for path in checkout.rglob("*"):
            os.utime(path, (1_600_000_000, 1_600_000_000))

    assert built()
    long_ago()
    assert not built()
    os.utime(form, (1_600_000_009, 1_600_000_009))
    assert built()
    long_ago()
    form.unlink()
    assert built()
    shutil.rmtree(checkout / "resources" / "compiled")
    assert built()


@pytest.mark.parametrize(
    ("fast", "slow", "passed"), [(0, 0, True), (1, 0, False), (0, 1, False), (4, 4, False)]
)
def test_ci_runs_both_tiers_and_ends_with_their_closing_lines(
    checkout: Path, bash: Bash, fast: int, slow: int, passed: bool
) -> None:
    (checkout / "packaging" / "test.sh").write_text(
        "#!/bin/bash\n"
        "[[ $CI == true ]] || exit 9\n"
        f'if [[ "$*" == "-m slow"* ]]; then echo "7 passed in 9.10s"; exit {slow}; fi\n'
        f'echo "812 passed, 3 skipped in 61.20s (0:01:01)"; echo other; exit {fast}\n'
    )
    told = bash(str(checkout / ".ci" / "run"))
    assert (told.returncode == 0) is passed
    assert told.stdout.splitlines()[-4:] == [
        "fast tier and checks:",
        "812 passed, 3 skipped in 61.20s (0:01:01)",
        "slow tier:",
        "7 passed in 9.10s",
    ]
