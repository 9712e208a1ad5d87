"""Work in a child process that is stopped in the middle, or whose disk gives up.

code = in_child(work)                       exit code of the child
stop_at(n, os, "fsync", "replace", …)       in the child: die at the n-th of these calls
at_most(n)                                  in the child: no file may grow beyond n bytes
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any

KILLED = 9
DONE = 0
REFUSED = 3


def in_child(work: Callable[[], None]) -> int:
    """Run `work` in a fork and return its exit code: DONE, KILLED, or REFUSED for an error."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = DONE
        try:
            work()
        except BaseException as error:  # noqa: BLE001
            from intake_app.vault import VaultError

            code = REFUSED if isinstance(error, VaultError) else 70
            if code == 70:
                import traceback

                traceback.print_exc()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def stop_at(number: int, *calls: tuple[Any, str]) -> None:
    """Have this process die, as by a power cut, before the call of this number (from 0)."""
    seen = [0]

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            if seen[0] == number:
                os._exit(KILLED)
            seen[0] += 1
            return real(*args, **named)

        return call

    for owner, name in calls:
        setattr(owner, name, counted(getattr(owner, name)))


def at_most(size: int) -> None:
    """Have every write beyond `size` bytes of a file fail, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
