"""The lock of a form: what each version given out looked like, so that no version means two things.

`forms/<id>/version.lock` (TOML) has one table per version: the digests of structure and texts, and
every question with its kind. A form whose structure is no longer that of its version does not
build: raise the version in settings.csv, give each question that is gone, renamed or of another
kind a row in migrations.csv, and renew the lock (`intake form lock FORM`). Texts may change freely.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from intake_app.formio.findings import Finding, FormSourceError
from intake_app.formio.migrations import (
    FILE_NAME,
    SHEET,
    Migration,
    read_migrations,
    version_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from intake_app.xforms import FormDefinition

LOCK_NAME = "version.lock"
_HEAD = """\
# What each version of this form looked like; see intake_app/formio/versions.py.
# Written by `intake form lock`. Take a table out only when that version was never used.
"""


@dataclass(frozen=True, slots=True)
class Locked:
    """One version: its digests (sha256 hex) and the kind of every question, by path."""

    version: str
    structure: str
    text: str
    questions: Mapping[str, str]


def locked(form: FormDefinition) -> Locked:
    """What the lock says of a form as it is now. Calculations and notes hold no answers."""
    questions = {path: str(q.kind) for path, q in form.questions.items() if q.kind.askable}
    return Locked(form.version, form.structure_hash, form.text_hash, questions)


def read_lock(folder: Path) -> tuple[Locked, ...]:
    """The versions of the form in `folder`, oldest first; none when it has no lock yet.

    Raises FormSourceError when the file is not a lock.
    """
    path = folder / LOCK_NAME
    if not path.is_file():
        return ()
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))["version"]
        return tuple(
            Locked(
                _text(table["version"]),
                _text(table["structure"]),
                _text(table["text"]),
                {_text(p): _text(k) for p, k in table["questions"].items()},
            )
            for table in tables
        )
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError):
        raise FormSourceError(
            Finding(
                LOCK_NAME,
                0,
                "",
                "error",
                "Dit bestand is beschadigd.",
                "Haal het terug uit het versiebeheer.",
            )
        ) from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def write_lock(folder: Path, versions: Sequence[Locked]) -> None:
    """Write the lock; the same versions give the same bytes."""
    lines = [_HEAD]
    for one in versions:
        lines.append("\n[[version]]\n")
        lines += [
            f"{n} = {json.dumps(getattr(one, n))}\n" for n in ("version", "structure", "text")
        ]
        lines.append("[version.questions]\n")
        lines += [f"{json.dumps(p)} = {json.dumps(k)}\n" for p, k in one.questions.items()]
    (folder / LOCK_NAME).write_text("".join(lines), encoding="utf-8")


def check_folder(form: FormDefinition, folder: Path) -> tuple[Finding, ...]:
    """Everything that keeps the form in `folder` from being given out as the version it names."""
    try:
        return tuple(check(form, read_lock(folder), read_migrations(folder / FILE_NAME)))
    except FormSourceError as error:
        return error.findings


def check(
    form: FormDefinition, versions: Sequence[Locked], rows: Sequence[Migration]
) -> Iterator[Finding]:
    """Yield what is wrong with a form's version, its lock and its migrations; all are errors."""
    for before, after in pairwise(versions):
        yield from _step(before, after, rows)
    now = locked(form)
    known = {one.version: one for one in versions}
    if not versions:
        return
    if now.version in known:
        if known[now.version].structure != now.structure:
            yield Finding(
                "settings",
                2,
                "version",
                "error",
                f"De opbouw van het formulier is veranderd, maar de versie is nog {now.version}"
                f"{_difference(known[now.version], now)}.",
                "Verhoog version, zet wat weg is of anders heet in migrations.csv, en draai "
                "daarna intake form lock.",
            )
        return
    last = versions[-1]
    if version_key(now.version) <= version_key(last.version):
        yield Finding(
            "settings",
            2,
            "version",
            "error",
            f"De versie {now.version or '(leeg)'} komt niet na {last.version}.",
            "Geef een versie die later is.",
        )
        return
    yield from _step(last, now, rows)


def changed_texts(form: FormDefinition, folder: Path) -> Finding | None:
    """A warning when the texts of a locked version are no longer those in the lock.

    Nothing has to move for it; renewing the lock says that the change was meant.
    """
    now = locked(form)
    for one in read_lock(folder):
        if (one.version, one.structure) == (now.version, now.structure) and one.text != now.text:
            return Finding(
                LOCK_NAME,
                0,
                "",
                "warning",
                f"De teksten van versie {now.version} zijn veranderd, de opbouw niet. "
                "Lopende gesprekken krijgen de nieuwe teksten vanzelf.",
                "Is dat de bedoeling? Draai dan intake form lock.",
            )
    return None


def renewed(
    form: FormDefinition, versions: Sequence[Locked], rows: Sequence[Migration]
) -> tuple[Locked, ...]:
    """The versions with the present one added, or with its texts brought up to date.

    Raises FormSourceError with all findings when the form may not be locked as it is.
    """
    findings = tuple(check(form, versions, rows))
    if findings:
        raise FormSourceError(*findings)
    now = locked(form)
    if any(one.version == now.version for one in versions):
        return tuple(
            replace(one, text=now.text) if one.version == now.version else one for one in versions
        )
    return (*versions, now)


def _step(before: Locked, after: Locked, rows: Sequence[Migration]) -> Iterator[Finding]:
    """What is missing in the migrations between two versions that follow each other."""
    own = [r for r in rows if (r.from_version, r.to_version) == (before.version, after.version)]
    for path, kind in before.questions.items():
        if after.questions.get(path) == kind or any(row.covers(path) for row in own):
            continue
        near = difflib.get_close_matches(path, after.questions.keys() - before.questions.keys(), 1)
        where = path if path in after.questions else (near[0] if near else "")
        what = f"is nu {after.questions[path]}" if path in after.questions else "is er niet meer"
        yield Finding(
            SHEET,
            0,
            "from_path",
            "error",
            f"{path} ({kind}) {what} in versie {after.version}, en er staat geen rij voor.",
            f"Voeg deze rij toe, met in to_path waar antwoorden heen gaan (leeg: apart bewaard): "
            f"{before.version},{after.version},{path},{where},",
        )
    for row in own:
        if not any(row.covers(path) for path in before.questions):
            yield _row(row, "from_path", f"{row.from_path} was er niet in {before.version}.")
        for path in before.questions:
            exact = max((r for r in own if r.covers(path)), key=_length, default=None)
            if exact is not row or not row.to_path:
                continue
            if row.target(path) not in after.questions:
                missing = row.target(path)
                yield _row(row, "to_path", f"{missing} is geen vraag van versie {after.version}.")
                break


def _length(row: Migration) -> int:
    return len(row.from_path)


def _row(row: Migration, column: str, message: str) -> Finding:
    return Finding(SHEET, row.row, column, "error", message, "Verbeter het pad van deze rij.")


def _difference(before: Locked, after: Locked) -> str:
    """A few of the paths that came, went or changed kind, for the author's memory."""
    gone = [p for p in before.questions if p not in after.questions]
    new = [p for p in after.questions if p not in before.questions]
    other = [p for p, k in before.questions.items() if after.questions.get(p, k) != k]
    parts = [
        f"{word}: {', '.join(paths[:3])}{' …' if len(paths) > 3 else ''}"
        for word, paths in (("weg", gone), ("nieuw", new), ("ander soort", other))
        if paths
    ]
    return f" ({'; '.join(parts)})" if parts else ""
