"""What changes in an address book, in sentences."""

from __future__ import annotations

from collections.abc import Callable

from intake_app.domain.routing import municipality_name
from intake_app.flows.region import RegionView
from intake_app.handover.address_book import Entry
from intake_app.handover.book_changes import Change, ChangeKind
from intake_app.i18n.bidi import isolate
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui import words


def entry_caption(tr: UiTexts, entry: Entry) -> str:
    """Return what an organisation is and for which municipalities it works."""
    return organisation_caption(tr, entry.kind, entry.municipality_codes)


def organisation_caption(tr: UiTexts, kind: str, codes: tuple[str, ...]) -> str:
    """Return what an organisation is and for which municipalities it works."""
    kinds = {
        "azc": tr.gettext("team in een AZC"),
        "gemeente": tr.gettext("gemeente"),
        "uitvoerder": tr.gettext("uitvoerder"),
        "zorg": tr.gettext("zorgverlener"),
        "regio": tr.gettext("regio"),
    }
    places = ", ".join(municipality_name(code) for code in codes)
    return " · ".join(part for part in (kinds.get(kind, kind), places) if part)


def change_words(tr: UiTexts, view: RegionView, change: Change) -> tuple[str, str]:
    """Return a change as a sentence, and a line about it or ''."""
    if change.entry is not None:
        return _of_entry(tr, change.kind, change.entry)
    if change.kind is ChangeKind.THRESHOLD:
        text = tr.gettext("Er zijn {n} handtekeningen nodig").format(n=change.number)
        return text, ""
    signer = next((each for each in view.signers if each.public == change.root), None)
    name = isolate(signer.name) if signer and signer.name else tr.gettext("Een sleutel")
    if change.kind is ChangeKind.ROOT_ADDED:
        return tr.gettext("{name} mag ondertekenen").format(name=name), ""
    return tr.gettext("{name} mag niet meer ondertekenen").format(name=name), ""


def _of_entry(tr: UiTexts, kind: ChangeKind, entry: Entry) -> tuple[str, str]:
    name = isolate(entry.name)
    until = entry.until_date
    day = words.long_date(tr, until) if until is not None else ""
    sentences: dict[ChangeKind, Callable[[], tuple[str, str]]] = {
        ChangeKind.NEW_ORGANISATION: lambda: (
            tr.gettext("{name} komt erbij").format(name=name),
            entry_caption(tr, entry),
        ),
        ChangeKind.NEW_KEYS: lambda: (
            tr.gettext("{name} krijgt nieuwe sleutels").format(name=name),
            tr.gettext("Wat vanaf nu naar {name} gaat, gaat met deze sleutels op slot.").format(
                name=name
            ),
        ),
        ChangeKind.RETIRED: lambda: (
            tr.gettext("De sleutels die {name} had, stoppen").format(name=name),
            tr.gettext("Wat ermee is verzegeld, telt nog tot {day}.").format(day=day),
        ),
        ChangeKind.REVOKED: lambda: (
            tr.gettext("De sleutels van {name} worden ingetrokken").format(name=name),
            tr.gettext("Niemand opent nog iets dat ermee is verzegeld. Dit kan niet terug."),
        ),
        ChangeKind.REVIVED: lambda: (
            tr.gettext("De sleutels van {name} gelden weer").format(name=name),
            "",
        ),
        ChangeKind.EDITED: lambda: (
            tr.gettext("De gegevens van {name} zijn gewijzigd").format(name=name),
            entry_caption(tr, entry),
        ),
        ChangeKind.GONE: lambda: (tr.gettext("{name} verdwijnt").format(name=name), ""),
    }
    return sentences[kind]()
