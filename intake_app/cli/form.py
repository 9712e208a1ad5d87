"""`intake form …`: check, compile, export and fill in a form without windows."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from intake_app.cli import codes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake_app.formio.findings import Finding
    from intake_app.i18n.catalogues import Catalogues

_WHAT = "a folder with survey.csv, choices.csv and settings.csv; or .xlsx, .xls, .csv or .md"
_CODES = """exit codes:
  0  done: the form is good (there may be warnings)
  1  refused: the form has errors, each printed with sheet, row, column and remedy;
     or a file cannot be read or written
  2  the command line itself is wrong
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `form` and its actions to the command line."""
    form = commands.add_parser(
        "form",
        help="check, compile, export or fill in a form (XLSForm)",
        description="Work on an XLSForm without windows. FORM is " + _WHAT + ".",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = form.add_subparsers(dest="action", metavar="ACTION", required=True)
    lint = _action(actions, "lint", "say what is wrong with a form, and where", _CODES)
    lint.add_argument("form", type=Path, metavar="FORM", nargs="+", help=_WHAT)

    compile_ = _action(actions, "compile", "make an ODK XForm of a form", _CODES)
    compile_.add_argument("form", type=Path, metavar="FORM", help=_WHAT)
    compile_.add_argument(
        "--out", type=Path, metavar="FILE", help="write the XForm here (default: standard output)"
    )
    _add_languages(compile_, "put these languages in the XForm (default: only its own texts)")

    export = _action(actions, "export", "make a multilingual XLSForm (.xlsx) of a form", _CODES)
    export.add_argument("form", type=Path, metavar="FORM", help=_WHAT)
    export.add_argument(
        "--out", type=Path, metavar="FILE", help="the workbook (default: <form id>.xlsx, if new)"
    )
    _add_languages(export, "these languages beside Dutch (default: all there are)")


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, codes: str
) -> argparse.ArgumentParser:
    return actions.add_parser(
        name,
        help=text,
        description=text[0].upper() + text[1:] + ".",
        epilog=codes,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_languages(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--language", action="append", metavar="L", help=text + "; may be repeated")


def run(given: argparse.Namespace) -> int:
    """Run one of the actions and return its exit code."""
    if given.action == "lint":
        return _lint(given.form)
    if given.action == "export":
        return _export(given.form, given.out, given.language)
    return _compile(given.form, given.out, given.language)


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


def _compile(form: Path, out: Path | None, languages: list[str] | None) -> int:
    from intake_app.formio.compile import compile_workbook
    from intake_app.formio.findings import FormSourceError
    from intake_app.formio.lint import explain
    from intake_app.formio.sheets import read_workbook

    try:
        book = read_workbook(form)
        if languages:
            from intake_app.formio.export import merge

            book = merge(book, _catalogues(), languages).book
        xml = compile_workbook(book).xml
    except FormSourceError as error:
        _print("", explain(form, error), file_is_error=True)
        return codes.REFUSED
    if out is None:
        sys.stdout.write(xml.decode())
        return codes.OK
    if not _write(out, xml, "Het XForm"):
        return codes.REFUSED
    print(f"{out}: {len(xml)} bytes")
    return codes.OK


def _export(form: Path, out: Path | None, languages: list[str] | None) -> int:
    from intake_app.formio.compile import compile_workbook
    from intake_app.formio.export import form_id_of, merge, to_xlsx
    from intake_app.formio.findings import FormSourceError
    from intake_app.formio.lint import explain
    from intake_app.formio.sheets import read_workbook

    try:
        book = read_workbook(form)
        merged = merge(book, _catalogues(), languages)
        compile_workbook(merged.book)  # what does not compile here compiles nowhere
        body = to_xlsx(merged)
    except FormSourceError as error:
        _print("", explain(form, error), file_is_error=True)
        return codes.REFUSED
    target = out or Path(f"{form_id_of(book)}.xlsx")
    if (out is None and target.exists()) or _same_file(target, form):
        print(
            f"{target} bestaat al en is niet overschreven. Geef met --out een andere naam.",
            file=sys.stderr,
        )
        return codes.REFUSED
    if not _write(target, body, "Het rekenblad"):
        return codes.REFUSED
    print(f"{target}: {len(body)} bytes, talen: {' '.join(merged.languages) or 'als in de bron'}")
    counts = merged.counts()
    for language in merged.languages[1:]:
        print(
            f"  {language}: {counts.get((language, 'unreviewed'), 0)} niet nagekeken, "
            f"{counts.get((language, 'missing'), 0)} zonder vertaling (in het Nederlands)"
        )
    return codes.OK


def _catalogues() -> Catalogues:
    from intake_app import paths
    from intake_app.i18n.catalogues import Catalogues

    return Catalogues(paths.compiled_dir())


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _write(target: Path, body: bytes, what: str) -> bool:
    try:
        target.write_bytes(body)
    except OSError as error:
        reason = error.strerror or "onbekende oorzaak"
        print(
            f"{what} is niet bewaard in {target} ({reason}). Kies een andere plaats.",
            file=sys.stderr,
        )
        return False
    return True


def _print(prefix: str, findings: Iterable[Finding], *, file_is_error: bool = False) -> None:
    for finding in findings:
        print(f"{prefix}{finding}", file=sys.stderr if file_is_error else sys.stdout)
