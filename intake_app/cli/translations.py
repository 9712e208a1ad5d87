"""`intake translations`: what translators get, how far they are, and what a person has checked."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from intake_app.cli import codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from babel.messages.catalog import Catalog

    from intake_app.i18n.pofiles import SourceTree
    from intake_app.i18n.progress import Count

_CODES = """exit codes:
  0  done
  1  refused, or something is wrong: a check failed, with status --check a text for the client is
     missing or a review is void, an import has a fault (nothing is changed then)
  2  the command line itself is wrong
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `translations` and its actions to the command line."""
    translations = commands.add_parser(
        "translations",
        help="bring translations up to date, check and count them, write down a review",
        description="Work on the translation sources. Needs the source tree of the program.",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    translations.add_argument(
        "--root", type=Path, metavar="DIR", help="the source tree (default: where this runs from)"
    )
    actions = translations.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("extract", help="write the Dutch texts to translations/*.pot")
    update = actions.add_parser(
        "update", help="bring catalogues up to date with the Dutch texts; new ones are empty"
    )
    update.add_argument(
        "language", nargs="*", metavar="LANG", help="which languages (default: all there are)"
    )
    update.add_argument(
        "--reuse",
        action="store_true",
        help="fill a new text for the client with what the same Dutch is called elsewhere",
    )
    update.add_argument(
        "--domain",
        action="append",
        metavar="DOMAIN",
        help="only ui or forms_<id>; makes the catalogue of a form that no client sees, too",
    )
    export = actions.add_parser(
        "export",
        help="write one language as .xlsx for a translator who has nothing but a spreadsheet",
    )
    export.add_argument("language", metavar="LANG")
    export.add_argument("file", type=Path, metavar="FILE.xlsx")
    export.add_argument(
        "--staff", action="store_true", help="also what only a colleague reads (default: client)"
    )
    back = actions.add_parser(
        "import",
        help="take such a file back, whole or not at all",
        description="Changes nothing when there is a fault; every fault is told with its place.",
    )
    back.add_argument("language", metavar="LANG")
    back.add_argument("file", type=Path, metavar="FILE.xlsx")
    back.add_argument(
        "--reviewer", default="", metavar="PERSON", help="who checked the texts marked with ja"
    )
    check = actions.add_parser(
        "check", help="say what is wrong: missing, fields, plurals, script, marks, terms"
    )
    check.add_argument(
        "language",
        nargs="*",
        metavar="LANG",
        help="which languages (default: nl and all there are)",
    )
    status = actions.add_parser("status", help="say per language what is done and what is not")
    status.add_argument("--check", action="store_true", help="exit 1 when something must be done")
    review = actions.add_parser(
        "review",
        help="write in the ledger that a person has checked these translations",
        description="NAME is the msgctxt of a text, or its Dutch text where it has none.",
    )
    review.add_argument("language", metavar="LANG")
    review.add_argument("domain", metavar="DOMAIN", help="ui, or forms_<id>")
    review.add_argument(
        "--text", nargs="+", default=(), metavar="NAME", help="the texts that were checked"
    )
    review.add_argument("--reviewer", required=True, metavar="PERSON", help="who checked them")
    review.add_argument(
        "--all", action="store_true", help="every translated text of the domain was checked"
    )


def run(given: argparse.Namespace) -> int:
    """Run one of the actions and return its exit code."""
    from intake_app.i18n.checks import RulesUnreadable
    from intake_app.i18n.pofiles import CatalogueUnreadable, SourceTree, SourceTreeMissing
    from intake_app.i18n.progress import ReviewRefused
    from intake_app.i18n.review import LedgerError
    from intake_app.i18n.words import UnknownName

    try:
        tree = SourceTree(given.root or Path(__file__).resolve().parents[2])
        if given.action == "extract":
            return _extract(tree)
        if given.action == "update":
            return _update(tree, given.language, given.domain, reuse=given.reuse)
        if given.action == "export":
            return _export(tree, given.language, given.file, staff=given.staff)
        if given.action == "import":
            return _import(tree, given.language, given.file, given.reviewer)
        if given.action == "check":
            return _check(tree, given.language)
        if given.action == "status":
            return _status(tree, check=given.check)
        return _review(tree, given)
    except (
        CatalogueUnreadable,
        LedgerError,
        ReviewRefused,
        RulesUnreadable,
        SourceTreeMissing,
        UnknownName,
    ) as refused:
        print(refused, file=sys.stderr)
        return codes.REFUSED


def _extract(tree: SourceTree) -> int:
    from intake_app.i18n.pofiles import messages

    for domain in tree.domains():
        template = tree.template(domain)
        changed = tree.save_template(domain, template)
        word = "geschreven" if changed else "niet veranderd"
        print(f"{domain}.pot: {len(messages(template))} teksten, {word}")
    return codes.OK


def _update(tree: SourceTree, wanted: list[str], domains: list[str] | None, *, reuse: bool) -> int:
    from intake_app.i18n.pofiles import (
        brought_up_to_date,
        is_for_client,
        is_language,
        is_translated,
        messages,
        said_elsewhere,
    )

    unknown = [code for code in wanted if not is_language(code)]
    if unknown:
        print(f"Deze talen kent het programma niet: {', '.join(unknown)}.", file=sys.stderr)
        return codes.USAGE
    if not set(domains or ()) <= set(tree.domains()):
        print(f"Kies uit: {', '.join(tree.domains())}.", file=sys.stderr)
        return codes.USAGE
    ledger = tree.ledger()
    elsewhere: dict[str, Mapping[str, str]] = {}
    for language in wanted or tree.languages() if reuse else ():
        read = [tree.catalogue(language, domain) for domain in tree.domains()]
        elsewhere[language] = said_elsewhere(found for found in read if found is not None)
    for domain in domains or tree.domains():
        template = tree.template(domain)
        tree.save_template(domain, template)
        seen = any(is_for_client(domain, message) for message in messages(template))
        for language in wanted or tree.languages():
            old = tree.catalogue(language, domain)
            if old is None and not (wanted and (seen or domains)):
                continue
            said = elsewhere.get(language, {})
            new = brought_up_to_date(template, old, language, domain, ledger, said)
            changed = tree.save_catalogue(language, domain, new)
            empty = sum(not is_translated(message) for message in messages(new))
            word = "bijgewerkt" if changed else "niet veranderd"
            print(f"{language}/{domain}.po: {word}, {empty} zonder vertaling")
    return codes.OK


def _export(tree: SourceTree, language: str, file: Path, *, staff: bool) -> int:
    from intake_app.formio.translator_book import to_workbook
    from intake_app.i18n.pofiles import is_language, replace_file

    if not is_language(language):
        print(f"Deze taal kent het programma niet: {language}.", file=sys.stderr)
        return codes.USAGE
    if file.suffix.lower() != ".xlsx":
        print("Geef een naam die eindigt op .xlsx.", file=sys.stderr)
        return codes.USAGE
    replace_file(file, to_workbook(tree, language, staff=staff))
    print(f"{file.name}: gemaakt")
    return codes.OK


def _import(tree: SourceTree, language: str, file: Path, reviewer: str) -> int:
    from datetime import date

    from intake_app.formio.findings import FormSourceError
    from intake_app.formio.translator_back import read_changes, write_changes
    from intake_app.i18n.pofiles import is_language

    if not is_language(language):
        print(f"Deze taal kent het programma niet: {language}.", file=sys.stderr)
        return codes.USAGE
    if not file.is_file():
        print(f"Het bestand {file.name} is er niet.", file=sys.stderr)
        return codes.REFUSED
    try:
        changes = read_changes(tree, language, file, reviewer, date.today())  # noqa: DTZ011
    except FormSourceError as refused:
        for finding in refused.findings:
            print(finding, file=sys.stderr)
        print("Er is niets veranderd.", file=sys.stderr)
        return codes.REFUSED
    write_changes(tree, changes)
    print(f"{changes.translated} vertalingen veranderd, {len(changes.reviews)} nagekeken")
    return codes.OK


def _check(tree: SourceTree, wanted: list[str]) -> int:
    from intake_app.i18n.checking import catalogue_faults, source_text_faults
    from intake_app.i18n.languages import SOURCE_LANGUAGE
    from intake_app.i18n.pofiles import is_for_client, messages

    known = (SOURCE_LANGUAGE, *tree.languages())
    unknown = [code for code in wanted if code not in known]
    if unknown:
        print(f"In deze talen is niets vertaald: {', '.join(unknown)}.", file=sys.stderr)
        return codes.USAGE
    templates = {domain: tree.template(domain) for domain in tree.domains()}
    found = 0
    for language in wanted or known:
        of_language = 0
        for domain, template in templates.items():
            seen = any(is_for_client(domain, message) for message in messages(template))
            if language == SOURCE_LANGUAGE:
                faults = source_text_faults(domain, template)
            elif seen or tree.catalogue(language, domain) is not None:
                faults = catalogue_faults(tree, language, domain, template)
            else:
                continue
            for fault in faults:
                print(fault)
                of_language += 1
        print(f"{language}: {of_language or 'geen'} {'fout' if of_language == 1 else 'fouten'}")
        found += of_language
    return codes.REFUSED if found else codes.OK


def _status(tree: SourceTree, *, check: bool) -> int:
    from intake_app.i18n.progress import Count, progress

    templates: dict[str, Catalog] = {domain: tree.template(domain) for domain in tree.domains()}
    to_do = 0
    for language in tree.languages():
        lines: list[str] = []
        whole = {"cliënt": Count(0, 0, 0), "collega": Count(0, 0, 0)}
        void = 0
        for domain, template in templates.items():
            found = progress(tree, language, domain, template)
            nothing = tree.catalogue(language, domain) is None
            if nothing:
                lines.append(f"{language}/{domain}: geen vertaling; alles blijft Nederlands")
            for who, count in (("cliënt", found.client), ("collega", found.staff)):
                whole[who] = whole[who].plus(count)
                if count.total and not nothing:
                    lines.append(f"{language}/{domain}, {who}: {_told(count)}")
            if not nothing:
                lines += [f"  ontbreekt: {name}" for name in found.missing_for_client]
            lines += [
                f"  vervallen: {review.context or review.hash[:12]}, nagekeken door "
                f"{review.reviewer} op {review.date}; de tekst is daarna veranderd"
                for review in found.void
            ]
            void += len(found.void)
            to_do += len(found.missing_for_client) + len(found.void)
        for who, count in whole.items():
            print(f"{language}, {who}: {_told(count)}")
        print(f"{language}: {void} vervallen")
        print("\n".join(lines))
    return codes.REFUSED if check and to_do else codes.OK


def _told(count: Count) -> str:
    return (
        f"{count.translated} van {count.total} vertaald, {count.reviewed} nagekeken, "
        f"{count.missing} ontbreken"
    )


def _review(tree: SourceTree, given: argparse.Namespace) -> int:
    from datetime import date

    from intake_app.i18n.pofiles import LEDGER, brought_up_to_date, replace_file
    from intake_app.i18n.progress import reviews

    language, domain = given.language, given.domain
    if given.all == bool(given.text):
        print(
            "Noem met --text de teksten die zijn nagekeken. Zijn het ze allemaal, zeg dan --all.",
            file=sys.stderr,
        )
        return codes.USAGE
    old = tree.catalogue(language, domain) if domain in tree.domains() else None
    if old is None:
        print(f"Er is geen vertaling {language}/{domain}.", file=sys.stderr)
        return codes.REFUSED
    ledger = tree.ledger()
    template = tree.template(domain)
    new = brought_up_to_date(template, old, language, domain, ledger)
    names = None if given.all else given.text
    found = reviews(new, language, domain, names, given.reviewer, date.today())  # noqa: DTZ011
    added = [r for r in found if not ledger.knows(r.language, r.domain, r.context, r.hash)]
    ledger = ledger.with_reviews(added)
    replace_file(tree.root / LEDGER, ledger.to_toml().encode())
    tree.save_catalogue(
        language, domain, brought_up_to_date(template, new, language, domain, ledger)
    )
    for review in added:
        print(f"nagekeken: {review.context or review.hash[:12]}")
    held = len(found) - len(added)
    print(f"{len(added)} opgeschreven op naam van {given.reviewer.strip()}, {held} stonden er al")
    return codes.OK
