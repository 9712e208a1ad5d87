"""Starting the program, and starting it again, locked, after a lock.

Nothing but the end of a process takes every key and text out of memory. So a lock ends the program
with exit code 75, and the launcher puts a fresh one in its place: by exec on POSIX, where the
kernel gives the same process an empty memory, and as a new process on Windows, which has no exec.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

LOCKED: Final = 75
"""The exit code that means: locked, start again."""

Run = Callable[[Sequence[str]], int]
CommandLine = Callable[[Sequence[str]], list[str]]


def main(argv: Sequence[str], run: Run, command_line: CommandLine | None = None) -> int:
    """Run the program in this process and return its exit code.

    When the program says it is locked, start it again with the same arguments; see
    `relaunch_locked`. `command_line` makes the whole command out of the arguments.
    """
    _leave_no_core()
    code = run(argv)
    if code != LOCKED:
        return code
    return relaunch_locked(argv, command_line)


def relaunch_locked(argv: Sequence[str], command_line: CommandLine | None = None) -> int:
    """Put a fresh process of the program in place of this one.

    On POSIX this never returns. On Windows it returns 0 when the new process has started; the
    caller ends at once. Raises OSError when the program cannot be started any more.
    """
    command = (command_line or program)(argv)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    environment = dict(os.environ)
    if getattr(sys, "frozen", False):
        # Else the frozen program takes the new process for a helper of the old one.
        environment["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    if os.name == "posix":
        _keep_no_files()
        os.execve(command[0], command, environment)  # noqa: S606  (our own program, no shell)
    import subprocess

    subprocess.Popen(command, env=environment, close_fds=True)  # noqa: S603
    return 0


def program(argv: Sequence[str]) -> list[str]:
    """Return the command that starts this program with these arguments, frozen or from source."""
    if not sys.executable:
        raise FileNotFoundError("the interpreter does not know where it is")
    if getattr(sys, "frozen", False):
        return [sys.executable, *argv]
    return [sys.executable, "-m", "intake_app", *argv]


def _leave_no_core() -> None:
    """Have no memory written to disk when the program crashes; Windows has no such limit."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def _keep_no_files() -> None:
    """Have every file but the standard streams closed by exec, whoever opened it."""
    try:
        open_now = [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]
    except OSError:
        open_now = list(range(3, 1024))
    for descriptor in open_now:
        if descriptor > 2:
            with suppress(OSError):
                os.set_inheritable(descriptor, False)  # noqa: FBT003
