"""Keep other programs of the same user out of this process, and its memory off the disk.

What is here costs nothing when it cannot be had: every measure is tried, none is required. It stops
programs of the same user and what writes crash reports; it does not stop an administrator.

Linux: no core file (also none by way of a handler, which looks at the dumpable flag), and nobody of
the same user may attach, read `/proc/<pid>/mem` or `environ` (prctl(2), proc(5)). exec sets the
flag back, so each start has to do this anew.

Windows: written after the documentation of Microsoft and not tried on a machine yet. No window of
Windows Error Reporting, no heap in its reports, no report at all for the packaged program; and an
access list on the process that allows its own user and the system to end it and to wait for it.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

_PR_SET_DUMPABLE: Final = 4


@dataclass(frozen=True, slots=True)
class Hardened:
    """Which measures took."""

    no_core: bool = False
    not_readable: bool = False
    no_reports: bool = False


def harden() -> Hardened:
    """Take every measure this platform has; return which took. Never raises."""
    if sys.platform == "win32":
        return Hardened(
            no_core=_took(_no_error_windows),
            not_readable=_took(_close_process_to_others),
            no_reports=_took(_no_error_reports),
        )
    else:  # noqa: RET505  (a type checker for Windows must not look at the other half)
        not_readable = sys.platform == "linux" and _took(_not_dumpable)
        return Hardened(no_core=_took(_no_core_file), not_readable=not_readable)


def _took(measure: Callable[[], None]) -> bool:
    with suppress(OSError, ValueError, ImportError, AttributeError):
        measure()
        return True
    return False


if sys.platform != "win32":

    def _no_core_file() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def _not_dumpable() -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if sys.platform == "win32":
    from ctypes import wintypes

    _SEM_FAILCRITICALERRORS: Final = 0x0001
    _SEM_NOGPFAULTERRORBOX: Final = 0x0002
    _WER_FAULT_REPORTING_FLAG_NOHEAP: Final = 1
    _DACL_SECURITY_INFORMATION: Final = 0x0004
    _SDDL_REVISION_1: Final = 1
    # SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_TERMINATE, for the owner (OW, which
    # takes away that an owner may always change the list) and for the system (SY)
    _ACCESS_LIST: Final = "D:P(A;;0x00101001;;;OW)(A;;0x00101001;;;SY)"

    def _no_error_windows() -> None:
        ctypes.windll.kernel32.SetErrorMode(_SEM_FAILCRITICALERRORS | _SEM_NOGPFAULTERRORBOX)

    def _no_error_reports() -> None:
        if ctypes.windll.kernel32.WerSetFlags(_WER_FAULT_REPORTING_FLAG_NOHEAP) != 0:
            raise OSError
        if getattr(sys, "frozen", False):
            # by name and kept for the user, so never for an interpreter that others use too
            name = os.path.basename(sys.executable)  # noqa: PTH119
            if ctypes.windll.wer.WerAddExcludedApplication(name, False) != 0:  # noqa: FBT003
                raise OSError

    def _close_process_to_others() -> None:
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        advapi32 = ctypes.WinDLL("advapi32", use_last_error=True)
        kernel32.GetCurrentProcess.restype = wintypes.HANDLE
        kernel32.LocalFree.argtypes = [wintypes.HLOCAL]
        convert = advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW
        convert.argtypes = [
            wintypes.LPCWSTR,
            wintypes.DWORD,
            ctypes.POINTER(ctypes.c_void_p),
            ctypes.c_void_p,
        ]
        protect = advapi32.SetKernelObjectSecurity
        protect.argtypes = [wintypes.HANDLE, wintypes.DWORD, ctypes.c_void_p]
        descriptor = ctypes.c_void_p()
        if not convert(_ACCESS_LIST, _SDDL_REVISION_1, ctypes.byref(descriptor), None):
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            own = kernel32.GetCurrentProcess()
            if not protect(own, _DACL_SECURITY_INFORMATION, descriptor):
                raise ctypes.WinError(ctypes.get_last_error())
        finally:
            kernel32.LocalFree(descriptor)
