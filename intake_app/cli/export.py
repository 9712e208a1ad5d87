"""`intake export`: make a file for DUO from what a vault knows and what is added here.

Without a file to write, it prints what is known and what is still missing. The passphrase is asked
for, or read from a file; never given on the command line.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from intake_app.cli import codes, with_vault

if TYPE_CHECKING:
    from uuid import UUID

    from intake_app.flows.duo_export import Kind
    from intake_app.flows.duo_known import Filled
    from intake_app.vault import Vault

_EXIT = "exit codes: 0 done; 1 refused, with what is wrong field by field; 2 wrong command line"
_KINDS = {"pip": "the integration plan (PIP)", "lbt": "the learnability test (LBT)"}


class NotGiven(Exception):
    """Something on the command line will not do; str() is a Dutch sentence."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `export` to the command line."""
    export = commands.add_parser("export", help="make a file for DUO", epilog=_EXIT)
    kinds = export.add_subparsers(dest="kind", required=True, metavar="KIND")
    for name, what in _KINDS.items():
        kind = kinds.add_parser(name, help=what, epilog=_EXIT)
        kind.add_argument("--v-number", required=True, metavar="NUMBER", help="whose it is")
        kind.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="FIELD=VALUE",
            help="a field that the vault does not know, or knows wrongly (repeat); "
            "the fields are in resources/schema/duo-v1.md",
        )
        kind.add_argument("--out", type=Path, metavar="FILE", help="the new file to write")
        with_vault.add_options(kind)


def run(given: argparse.Namespace) -> int:
    """Make the file; print Dutch sentences and return 1 when it is refused."""
    from intake_app.domain.duo import DuoProblem
    from intake_app.domain.identifiers import IdentifierProblem
    from intake_app.flows.duo_export import DuoRefused
    from intake_app.flows.outside import NotWritten
    from intake_app.flows.unlock import TooSoon
    from intake_app.vault import VaultError

    try:
        return _export(given)
    except DuoRefused as refused:
        print("Er is niets gemaakt. DUO zou dit weigeren:", file=sys.stderr)
        for violation in refused.violations:
            print(f"- {violation.sentence}", file=sys.stderr)
    except (
        DuoProblem,
        IdentifierProblem,
        NotGiven,
        NotWritten,
        TooSoon,
        VaultError,
    ) as error:
        print(str(error), file=sys.stderr)
    except (OSError, UnicodeDecodeError):
        print("Het bestand met de wachtwoordzin is niet te lezen.", file=sys.stderr)
    except EOFError:
        print("Er is geen wachtwoordzin gegeven. De kluis blijft dicht.", file=sys.stderr)
    return codes.REFUSED


def _export(given: argparse.Namespace) -> int:
    from intake_app.domain.identifiers import v_number
    from intake_app.flows import duo_export, duo_known, duo_typed
    from intake_app.flows.duo_export import Kind

    kind, number, typed = Kind(given.kind), v_number(given.v_number), _typed(given.set)
    if given.out is not None and given.out.exists():
        raise NotGiven("Dat bestand is er al. Kies een andere naam. Er is niets gemaakt.")
    with with_vault.opened(given) as vault:
        person_id = _person(vault, number)
        if kind is Kind.PIP:
            known = duo_known.known_pip(vault, person_id)
            pip = duo_typed.with_typed(duo_typed.PipText(**_fields(known)), typed)
            if given.out is None:
                return _told(kind, duo_known.Filled(pip, known.sources))
            content = duo_export.make_pip(vault, person_id, pip)
        else:
            known = duo_known.known_lbt(vault, person_id)
            lbt = duo_typed.with_typed(duo_typed.LbtText(**_fields(known)), typed)
            if given.out is None:
                return _told(kind, duo_known.Filled(lbt, known.sources))
            content = duo_export.make_lbt(vault, person_id, lbt)
        duo_export.save(vault, person_id, kind, content, given.out)
    print(f"Gemaakt: {given.out.name}. Dit bestand is niet beveiligd; wis het na gebruik.")
    return codes.OK


def _fields(known: Filled) -> dict[str, str]:
    from dataclasses import asdict

    return asdict(known.text)


def _told(kind: Kind, filled: Filled) -> int:
    from intake_app.flows import duo_export, duo_typed

    for name, value in _fields(filled).items():
        source = filled.sources.get(name, "")
        shown = f"{duo_typed.FIELD_OF[name]} = {value}" if value else duo_typed.FIELD_OF[name]
        print(f"{shown}  ({source})" if source else shown)
    lacking = duo_export.missing(kind, filled.text)
    if lacking:
        print(f"Ontbreekt nog: {', '.join(lacking)}.", file=sys.stderr)
        return codes.REFUSED
    return codes.OK


def _typed(given: Sequence[str]) -> dict[str, str]:
    found = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise NotGiven(f"Schrijf een veld als NAAM=WAARDE; {each} is dat niet.")
        found[name] = value
    return found


def _person(vault: Vault, number: str) -> UUID:
    with vault.read("bestand voor DUO: persoon zoeken") as records:
        found = records.persons.find_by_v_number(number)
    if found is None:
        raise NotGiven("In deze kluis is niemand met dit V-nummer. Er is niets gemaakt.")
    return found.person_id
