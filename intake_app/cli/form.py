"""`intake form lint` and `intake form compile`: check and compile a form without windows."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from intake_app.cli import codes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake_app.formio.findings import Finding

_WHAT = "a folder with survey.csv, choices.csv and settings.csv; or .xlsx, .xls, .csv or .md"
_CODES = """exit codes:
  0  the form is good (there may be warnings)
  1  the form has errors; each is printed with sheet, row, column and remedy
  2  the command line itself is wrong
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `form` and its two actions to the command line."""
    form = commands.add_parser(
        "form",
        help="check or compile a form (XLSForm)",
        description="Check or compile an XLSForm. FORM is " + _WHAT + ".",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = form.add_subparsers(dest="action", metavar="ACTION", required=True)
    lint = actions.add_parser(
        "lint",
        help="say what is wrong with a form, and where",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    lint.add_argument("form", type=Path, metavar="FORM", nargs="+", help=_WHAT)
    compile_ = actions.add_parser(
        "compile",
        help="make an ODK XForm of a form",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    compile_.add_argument("form", type=Path, metavar="FORM", help=_WHAT)
    compile_.add_argument(
        "--out", type=Path, metavar="FILE", help="write the XForm here (default: standard output)"
    )


def run(given: argparse.Namespace) -> int:
    """Run one of the actions and return its exit code."""
    if given.action == "lint":
        return _lint(given.form)
    return _compile(given.form, given.out)


def _lint(forms: list[Path]) -> int:
    from intake_app.formio.lint import lint

    errors = warnings = 0
    for form in forms:
        findings = lint(form)
        _print(f"{form}: " if len(forms) > 1 else "", findings)
        errors += sum(finding.level == "error" for finding in findings)
        warnings += sum(finding.level == "warning" for finding in findings)
    print(f"{errors} fout(en), {warnings} waarschuwing(en)")
    return codes.REFUSED if errors else codes.OK


def _compile(form: Path, out: Path | None) -> int:
    from intake_app.formio.compile import compile_form
    from intake_app.formio.findings import FormSourceError
    from intake_app.formio.lint import explain

    try:
        xml = compile_form(form)
    except FormSourceError as error:
        _print("", explain(form, error), file_is_error=True)
        return codes.REFUSED
    if out is None:
        sys.stdout.write(xml.decode())
        return codes.OK
    try:
        out.write_bytes(xml)
    except OSError as error:
        reason = error.strerror or "onbekende oorzaak"
        print(
            f"Het XForm is niet bewaard in {out} ({reason}). Kies een andere plaats.",
            file=sys.stderr,
        )
        return codes.REFUSED
    print(f"{out}: {len(xml)} bytes")
    return codes.OK


def _print(prefix: str, findings: Iterable[Finding], *, file_is_error: bool = False) -> None:
    for finding in findings:
        print(f"{prefix}{finding}", file=sys.stderr if file_is_error else sys.stdout)
