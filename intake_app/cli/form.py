"""`intake form …`: check, compile, export, fill in and move a form without windows."""

from __future__ import annotations

import argparse
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from intake_app.cli import codes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake_app.formio.findings import Finding
    from intake_app.i18n.catalogues import Catalogues
    from intake_app.xforms import FormDefinition, FormSession, Texts

_WHAT = "a folder with survey.csv, choices.csv and settings.csv; or .xlsx, .xls, .csv or .md"
_CODES = """exit codes:
  0  done: the form is good (there may be warnings)
  1  refused: the form has errors, each printed with sheet, row, column and remedy;
     or a file cannot be read or written
  2  the command line itself is wrong
"""
_FILL_CODES = """answers.csv has the columns name and value, and may have instance (2, or 2.1 in a
repeat within a repeat), person and expect, as in forms/<id>/tests.csv. A value #weet_niet,
#wil_niet_zeggen, #niet_gevraagd or #nvt says that there is no answer. Without --answers the form
is asked on the terminal.

exit codes:
  0  filled in, and the form objects to nothing
  1  refused: the form or the answers cannot be read (nothing is written); or an answer was
     refused or a question is left with a problem, each printed with its row or question (the
     outputs are written all the same); or an output cannot be written
  2  the command line itself is wrong
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `form` and its actions to the command line."""
    form = commands.add_parser(
        "form",
        help="check, compile, export, fill in or move a form (XLSForm)",
        description="Work on an XLSForm without windows. FORM is " + _WHAT + ".",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = form.add_subparsers(dest="action", metavar="ACTION", required=True)
    lint = _action(actions, "lint", "say what is wrong with a form, and where")
    lint.add_argument("form", type=Path, metavar="FORM", nargs="+", help=_WHAT)

    compile_ = _action(actions, "compile", "make an ODK XForm of a form")
    compile_.add_argument("form", type=Path, metavar="FORM", help=_WHAT)
    compile_.add_argument(
        "--out", type=Path, metavar="FILE", help="write the XForm here (default: standard output)"
    )
    _add_languages(compile_, "put these languages in the XForm (default: only its own texts)")

    export = _action(actions, "export", "make a multilingual XLSForm (.xlsx) of a form")
    export.add_argument("form", type=Path, metavar="FORM", help=_WHAT)
    export.add_argument(
        "--out", type=Path, metavar="FILE", help="the workbook (default: <form id>.xlsx, if new)"
    )
    _add_languages(export, "these languages beside Dutch (default: all there are)")

    fill = _action(actions, "fill", "fill in a form from a file of answers, or on the terminal")
    fill.add_argument("form", type=Path, metavar="FORM", help=_WHAT + "; or an XForm (.xml)")
    fill.add_argument("--answers", type=Path, metavar="CSV", help="take the answers from this file")
    fill.add_argument("--person", metavar="P", help="whose answers, in a file of several persons")
    fill.add_argument("--language", metavar="L", default="nl", help="ask in this language")
    fill.add_argument("--xml", type=Path, metavar="FILE", help="write the instance XML here")
    fill.add_argument("--json", type=Path, metavar="FILE", help="write the answers as JSON here")

    lock = _action(actions, "lock", "set down what this version of a form looks like")
    lock.add_argument("form", type=Path, metavar="FORM", nargs="+", help="a folder of CSV sheets")

    from intake_app.cli import form_move

    move = _action(actions, "move", "move open interviews to the newest version of their form")
    form_move.add_arguments(move)


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str
) -> argparse.ArgumentParser:
    return actions.add_parser(
        name,
        help=text,
        description=text[0].upper() + text[1:] + ".",
        epilog=_epilog(name),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _epilog(name: str) -> str:
    from intake_app.cli import form_move

    return {"fill": _FILL_CODES, "move": form_move.EPILOG}.get(name, _CODES)


def _add_languages(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--language", action="append", metavar="L", help=text + "; may be repeated")


def run(given: argparse.Namespace) -> int:
    """Run one of the actions and return its exit code."""
    if given.action == "lint":
        return _lint(given.form)
    if given.action == "export":
        return _export(given.form, given.out, given.language)
    if given.action == "lock":
        return _lock(given.form)
    if given.action == "fill":
        return _fill(given)
    if given.action == "move":
        from intake_app.cli import form_move

        return form_move.run(given, _say)
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


def _fill(given: argparse.Namespace) -> int:
    from intake_app.formio.filling import Terminal, load_form, to_json
    from intake_app.formio.findings import FormSourceError
    from intake_app.formio.scripts import perform, read_scripts
    from intake_app.formio.texts import CatalogueTexts

    catalogues = _catalogues()
    try:
        form = load_form(given.form)
        scripts = read_scripts(given.answers, sheet="antwoorden") if given.answers else None
    except FormSourceError as error:
        _print("", error.findings, file_is_error=True)
        return codes.REFUSED
    languages = dict.fromkeys(("nl", *form.languages, *catalogues.languages(form.form_id)))
    if given.language not in languages:
        return _refused(
            f"Dit formulier is er niet in ‘{given.language}’. Kies uit: {', '.join(languages)}."
        )
    session = _new_session(form, CatalogueTexts(catalogues))
    failed = False
    if scripts is None:
        Terminal(session, given.language, _ask, _say).run()
    else:
        persons = list(scripts)
        if given.person is None and len(persons) > 1:
            return _refused(f"Geef met --person wie je bedoelt. Kies uit: {', '.join(persons)}.")
        person = given.person if given.person is not None else next(iter(persons), "")
        if person not in scripts and (persons or given.person):
            return _refused(f"‘{person}’ staat niet in {given.answers}.")
        steps = scripts.get(person, ())
        findings = tuple(perform(session, steps, sheet="antwoorden"))
        _print("", findings, file_is_error=True)
        failed = bool(findings)
    problems = session.problems(given.language)
    for problem in problems:
        name = problem.key.path.rpartition("/")[2]
        _say(f"{name} ({problem.key}): {problem.text.text}", sys.stderr)
    for target, body, what in (
        (given.xml, session.instance_xml, "Het antwoord als XML"),
        (given.json, lambda: to_json(session), "Het antwoord als JSON"),
    ):
        if target is not None and not _write(target, body(), what):
            failed = True
    answered = sum(section.answered for section in session.sections())
    asked = sum(section.total for section in session.sections())
    _say(f"{answered} van {asked} vragen beantwoord, {len(problems)} met een probleem")
    return codes.REFUSED if failed or problems else codes.OK


def _lock(folders: list[Path]) -> int:
    from intake_app.formio.filling import load_form
    from intake_app.formio.findings import FormSourceError
    from intake_app.formio.migrations import FILE_NAME, read_migrations
    from intake_app.formio.versions import LOCK_NAME, read_lock, renewed, write_lock

    for folder in folders:
        if not folder.is_dir():
            return _refused(f"{folder} is geen map met survey.csv. Geef de map van het formulier.")
        try:
            form = load_form(folder)
            before = read_lock(folder)
            after = renewed(form, before, read_migrations(folder / FILE_NAME))
        except FormSourceError as error:
            _print("", error.findings, file_is_error=True)
            return codes.REFUSED
        if after != before:
            try:
                write_lock(folder, after)
            except OSError as error:
                return _refused(f"{folder / LOCK_NAME} is niet bewaard ({error.strerror}).")
        word = "ongewijzigd" if after == before else "vastgelegd"
        _say(f"{form.form_id}: versie {form.version} {word}")
    return codes.OK


def _new_session(form: FormDefinition, texts: Texts) -> FormSession:
    from datetime import UTC, datetime
    from random import SystemRandom
    from uuid import uuid4

    from intake_app.xforms import FormSession

    return FormSession(
        form,
        now=lambda: datetime.now(UTC).astimezone(),
        uuid=uuid4,
        random=SystemRandom().random,
        texts=texts,
    )


def _ask(prompt: str) -> str:
    """A line from the terminal; bytes that are no text become question marks."""
    print(_printable(prompt, sys.stdout), end="", flush=True)
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError:
        return "\ufffd"
    if not line:
        raise EOFError
    return line.encode("utf-8", "replace").decode()


def _say(text: str, file: TextIO | None = None) -> None:
    target = file or sys.stdout
    print(_printable(text, target), file=target)


def _printable(text: str, file: TextIO) -> str:
    """Without what would steer the terminal, in the characters it can show."""
    plain = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    encoding = file.encoding or "utf-8"
    return plain.encode(encoding, "replace").decode(encoding, "replace")


def _refused(message: str) -> int:
    _say(message, sys.stderr)
    return codes.REFUSED


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
        _say(f"{prefix}{finding}", sys.stderr if file_is_error else sys.stdout)
