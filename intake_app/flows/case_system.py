"""Which case system a receiving organisation has: checked, kept in the vault, forgotten."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from intake_app.flows.acting import actor_of
from intake_app.flows.relays import may_change
from intake_app.sentences import Sentence, Told
from intake_app.sync.zgw import CaseSystem

if TYPE_CHECKING:
    from intake_app.vault import Vault

SETTING: Final = "zaaksysteem"
_RSIN_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)


class FilingRefused(Told):
    """Filing is not possible now; `str()` is a Dutch sentence, `field` what of the settings."""

    def __init__(self, text: str, field: str = "", **fields: object) -> None:
        """Refuse with a sentence for the person, and its fields."""
        super().__init__(text, **fields)
        self.field = field


FIELDS: Final = {
    "documents": "Adres van de Documenten-API",
    "cases": "Adres van de Zaken-API",
    "client_id": "Client-id",
    "secret": "Sleutel",
    "organisation": "RSIN van de gemeente",
    "document_type": "Informatieobjecttype",
    "case_type": "Zaaktype",
}
"""What the settings are called on screen, in their order."""


def settings(vault: Vault) -> CaseSystem | None:
    """Return the case system that was set up, None where there is none."""
    with vault.read() as records:
        kept = records.settings.get(SETTING)
    return CaseSystem(**json.loads(kept)) if kept else None


def save(vault: Vault, system: CaseSystem | None) -> None:
    """Keep where the case system is, or forget it.

    Raises `FilingRefused` naming the field, or for a colleague without the role beheer.
    """
    if not may_change(vault):
        raise FilingRefused("Alleen een collega met de rol beheer kan het zaaksysteem instellen.")
    if system is not None:
        check(system)
    with vault.transaction(actor_of(vault), "zaaksysteem instellen") as tx:
        tx.settings.set(SETTING, "" if system is None else json.dumps(asdict(system)))


def check(system: CaseSystem) -> None:
    """Raise `FilingRefused`, naming the first field that cannot be right and how to mend it."""
    from intake_app.sync.errors import Paused
    from intake_app.sync.webdav import checked_address

    for name in ("documents", "cases", "document_type", "case_type"):
        try:
            checked_address(getattr(system, name))
        except Paused:
            raise FilingRefused(
                "{what}: vul het hele adres in, dat begint met https://. "
                "Je functioneel beheerder weet het adres.",
                name,
                what=_called(name),
            ) from None
    for name in ("client_id", "secret"):
        if not getattr(system, name).strip():
            raise FilingRefused(
                "{what}: vul dit in. Je functioneel beheerder geeft het je.",
                name,
                what=_called(name),
            )
    if not _is_rsin(system.organisation):
        raise FilingRefused(
            "{what}: dit zijn negen cijfers. "
            "Kijk of je een cijfer bent vergeten of hebt verwisseld.",
            "organisation",
            what=_called("organisation"),
        )


def _called(name: str) -> Sentence:
    return Sentence(FIELDS[name])


def _is_rsin(text: str) -> bool:
    """Whether it can be an RSIN: nine digits that pass the eleven test, like a BSN."""
    if len(text) != 9 or not (text.isascii() and text.isdigit()) or text == "0" * 9:
        return False
    return sum(w * int(d) for w, d in zip(_RSIN_WEIGHTS, text, strict=True)) % 11 == 0
