"""Build step: forms to XForms and translations to catalogues, in the folder read at run time.

    python -m intake_app.formio.build [--out DIR]

Makes `forms/<id>.xml` and beside it `<id>.prepared` (see `xforms.compiled`), `<id>.migrations.csv`
and `<id>.recordings/`, `catalogues/<language>/<domain>.mo` and `catalogues/REVIEW.toml`. Each thing
is made again only when the content it comes from has changed; what no longer has a source goes.
Exit codes: 0 everything is up to date, 1 a source has an error, 2 usage.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from intake_app import paths
from intake_app.formio.findings import Finding, FormSourceError
from intake_app.formio.library import MIGRATIONS, PREPARED, RECORDINGS
from intake_app.formio.migrations import FILE_NAME, read_migrations
from intake_app.formio.sheets import ALL_SHEETS
from intake_app.i18n.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

RECORD = "build.json"
RECIPE = 3
"""Raise when the same sources must give another result, so that everything is made again."""

_FORM_SOURCES = frozenset(
    {*(f"{name}.csv" for name in ALL_SHEETS), "migrations.csv", "version.lock"}
)


@dataclass(frozen=True, slots=True)
class Target:
    """One file to make: its path below the output folder, its sources, and how.

    `beside` is made from the file itself: a path and what gives the bytes of one from the other.
    """

    path: str
    sources: tuple[Path, ...]
    tool: str
    make: Callable[[], bytes]
    beside: tuple[str, Callable[[bytes], bytes | None]] | None = None

    def fingerprint(self) -> str:
        """Return the SHA-256 over recipe, tool and the content of all sources."""
        digest = hashlib.sha256(f"{RECIPE} {self.tool}".encode())
        for source in self.sources:
            body = source.read_bytes()
            digest.update(f"\n{source.name} {len(body)}\n".encode())
            digest.update(body)
        return digest.hexdigest()


def targets(forms: Path, translations: Path) -> Iterator[Target]:
    """Yield everything there is to make, in a stable order."""
    tool = f"pyxform {version('pyxform')}"
    for survey in sorted(forms.glob("*/survey.csv")):
        folder = survey.parent
        sources = tuple(path for path in sorted(folder.iterdir()) if path.name in _FORM_SOURCES)
        path = f"forms/{folder.name}"
        beside = (f"{path}{PREPARED}", _prepared)
        yield Target(f"{path}.xml", sources, tool, _form_maker(folder), beside)
        yield from _recordings(folder)
        rows = folder / FILE_NAME
        if rows.is_file():
            yield Target(f"{path}{MIGRATIONS}", (rows,), "", _migrations_maker(rows))
    tool = f"babel {version('babel')}"
    for catalogue in sorted(translations.glob("*/LC_MESSAGES/*.po")):
        language = catalogue.parent.parent.name
        path = f"catalogues/{language}/{catalogue.stem}.mo"
        yield Target(path, (catalogue,), tool, _catalogue_maker(catalogue, language))
    ledger = translations / "REVIEW.toml"
    if ledger.is_file():
        yield Target("catalogues/REVIEW.toml", (ledger,), "", ledger.read_bytes)


def build(
    out: Path,
    *,
    forms: Path | None = None,
    translations: Path | None = None,
    say: Callable[[str], None] = lambda line: None,  # noqa: ARG005
) -> int:
    """Bring `out` up to date and return how many files were made.

    Every file is replaced whole, so a reader never sees half of one. Raises FormSourceError with
    the findings of all sources that have an error, after everything else has been made.
    """
    record_file = out / RECORD
    known = _read_record(record_file)
    record: dict[str, str] = {}
    findings: list[Finding] = []
    made = 0
    for target in targets(forms or paths.forms_dir(), translations or paths.translations_dir()):
        fingerprint = target.fingerprint()
        place = out / target.path
        if known.get(target.path) == fingerprint and place.is_file():
            record[target.path] = fingerprint
            made += _beside(out, target, record, known, say)
            continue
        try:
            _replace(place, target.make())
        except FormSourceError as error:
            findings.extend(error.findings)
            say(f"niet gemaakt: {target.path}")
            continue
        record[target.path] = fingerprint
        made += 1
        say(f"gemaakt: {target.path}")
        made += _beside(out, target, record, known, say)
    for path in known.keys() - record.keys():
        (out / path).unlink(missing_ok=True)
        say(f"weggehaald: {path}")
    if record != known:
        _replace(record_file, json.dumps(record, indent=1, sort_keys=True).encode())
    if findings:
        raise FormSourceError(*findings)
    return made


def _beside(
    out: Path,
    target: Target,
    record: dict[str, str],
    known: dict[str, str],
    say: Callable[[str], None],
) -> int:
    """Bring what stands beside a file up to date; return how many files were made."""
    if target.beside is None:
        return 0
    from intake_app.xforms.compiled import engine_digest

    path, make = target.beside
    source = (out / target.path).read_bytes()
    python = f"{sys.implementation.name} {sys.version}".encode()
    fingerprint = hashlib.sha256(python + engine_digest() + source).hexdigest()
    if known.get(path) == fingerprint and (out / path).is_file():
        record[path] = fingerprint
        return 0
    body = make(source)
    if body is None:
        return 0
    record[path] = fingerprint
    _replace(out / path, body)
    say(f"gemaakt: {path}")
    return 1


def _prepared(xml: bytes) -> bytes | None:
    """The form prepared; None when the engine does not take it (whoever opens it is told why)."""
    from intake_app.xforms import FormError, compiled, parse_form

    try:
        return compiled.dump(parse_form(xml))
    except FormError:
        return None


def _form_maker(folder: Path) -> Callable[[], bytes]:
    def make() -> bytes:
        from intake_app.formio.compile import compile_form
        from intake_app.formio.lint import explain

        try:
            xml = compile_form(folder)
        except FormSourceError as error:
            raise FormSourceError(*explain(folder, error)) from None
        _check_version(xml, folder)
        return xml

    return make


def _migrations_maker(rows: Path) -> Callable[[], bytes]:
    def make() -> bytes:
        read_migrations(rows)
        return rows.read_bytes()

    return make


def _recordings(folder: Path) -> Iterator[Target]:
    from intake_app.formio.recordings import read_recording, recordings_of

    for name, file in recordings_of(folder).items():
        path = f"forms/{folder.name}{RECORDINGS}/{name}"
        yield Target(path, (file,), "", partial(read_recording, folder, name))


def _check_version(xml: bytes, folder: Path) -> None:
    """Refuse a form whose structure is no longer that of the version it says it is."""
    from intake_app.formio.versions import LOCK_NAME, check_folder
    from intake_app.xforms import FormError, parse_form

    if not (folder / LOCK_NAME).is_file():
        return
    try:
        form = parse_form(xml, name=folder.name)
    except FormError as error:
        from intake_app.formio.places import engine_finding
        from intake_app.formio.sheets import read_workbook

        raise FormSourceError(engine_finding(read_workbook(folder), error)) from None
    findings = check_folder(form, folder)
    if findings:
        raise FormSourceError(*findings)


def _catalogue_maker(catalogue: Path, language: str) -> Callable[[], bytes]:
    def make() -> bytes:
        import io

        from babel.messages.mofile import write_mo
        from babel.messages.pofile import PoFileError, read_po

        known = LANGUAGES.get(language)
        try:
            with catalogue.open("rb") as file:
                read = read_po(file, locale=known.cldr if known else None, abort_invalid=True)
        except (PoFileError, ValueError) as error:
            raise FormSourceError(
                Finding(
                    "",
                    0,
                    "",
                    "error",
                    f"De vertaling {language}/{catalogue.name} is niet te lezen: {error}.",
                    "Herstel de regel die hier genoemd is.",
                )
            ) from None
        target = io.BytesIO()
        # Machine-made texts carry the fuzzy flag; they are shown too, with the review mark.
        write_mo(target, read, use_fuzzy=True)
        return target.getvalue()

    return make


def _read_record(file: Path) -> dict[str, str]:
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in read.items()} if isinstance(read, dict) else {}


def _replace(place: Path, body: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        Path(name).chmod(0o644)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the build step; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m intake_app.formio.build",
        description="Compile forms and translations into the folder that is read at run time.",
        epilog="exit codes: 0 up to date, 1 a source has an error, 2 usage",
    )
    parser.add_argument("--out", type=Path, help="output folder (default: resources/compiled)")
    out = parser.parse_args(arguments).out or paths.compiled_dir()
    try:
        made = build(out, say=lambda line: print(line, flush=True))  # noqa: T201
    except FormSourceError as error:
        for finding in error.findings:
            print(finding, file=sys.stderr)  # noqa: T201
        return 1
    if not made:
        print("niets veranderd")  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
