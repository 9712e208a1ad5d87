"""Checking the whole audit log: every entry, every seal, and the heads that were kept elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from intake_app.sentences import Sentence
from intake_app.vault import audit, seals
from intake_app.vault.scope import Scope

Anchors = Mapping[int, frozenset[str]]
"""The hashes (hex) that were seen for an entry, by its number; 0 stands for an empty log."""


class FaultKind(StrEnum):
    """What is wrong with the log."""

    EDITED = "veranderd"
    GAP = "gat"
    CUT_OFF = "afgeknipt"
    WRONG_SEAL = "zegel"
    REWRITTEN = "herschreven"


_SENTENCES: Final = {
    FaultKind.EDITED: Sentence(
        "Regel {seq} van het logboek, of de regel ervoor, is veranderd nadat hij geschreven was."
    ),
    FaultKind.GAP: Sentence(
        "In het logboek ontbreekt regel {seq}. Iemand heeft daar iets weggehaald."
    ),
    FaultKind.CUT_OFF: Sentence(
        "Het einde van het logboek is weg. Regel {seq} heeft er wel gestaan: daar ligt nog een "
        "zegel of een back-up van."
    ),
    FaultKind.WRONG_SEAL: Sentence(
        "Het zegel op regel {seq} van het logboek klopt niet. Het is veranderd, of niet gezet "
        "door wie het zegt."
    ),
    FaultKind.REWRITTEN: Sentence(
        "Het logboek is herschreven. Regel {seq} is niet meer de regel die eerder is vastgelegd."
    ),
}
_WHAT_TO_DO: Final = Sentence(
    "Ga niet verder met deze kluis en waarschuw de functionaris gegevensbescherming."
)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong, and at which entry."""

    kind: FaultKind
    seq: int

    @property
    def sentence(self) -> Sentence:
        """What is wrong and what to do, in Dutch, without personal data."""
        return Sentence.joined((_SENTENCES[self.kind].format(seq=self.seq), _WHAT_TO_DO))


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a check found; `first` is above 1 when older entries were pruned under a seal."""

    first: int
    last: int
    seals: int
    sealed_until: int
    """The highest entry with a seal, 0 when there is none; what came after rests on anchors."""
    fault: Fault | None


def check(scope: Scope, vault_id: UUID, anchors: Anchors) -> AuditReport:
    """Return what is found; the fault with the lowest number where there are more."""
    walk = _Walk(vault_id, seals.all_of(scope), anchors)
    fault = walk.entries(scope) or walk.what_stands_beyond()
    return AuditReport(
        first=walk.first,
        last=walk.last,
        seals=len(walk.seals),
        sealed_until=max(walk.seals, default=0),
        fault=fault,
    )


class _Walk:
    def __init__(self, vault_id: UUID, sealed: dict[int, seals.Seal], anchors: Anchors) -> None:
        self.seals = sealed
        self._vault_id, self._anchors = vault_id, anchors
        self._introduced: dict[tuple[UUID, str], int] = {}
        self.first, self.last = 1, 0
        self._before = audit.START

    def entries(self, scope: Scope) -> Fault | None:
        """Go along the entries; return the first fault that is at one of them."""
        fault: Fault | None = None
        for row in audit.rows(scope):
            if self.last == 0 and row.seq > 1:
                fault = self._pruned(row)
            fault = fault or self._chained(row) or self._held(row.seq, row.hash)
            if fault is not None:
                break
            for key in audit.keys_in(row.body):
                self._introduced.setdefault(key, row.seq)
            self.last, self._before = row.seq, row.hash
        wrong = self._first_wrong_seal(until=self.last)
        if wrong is None or (fault is not None and fault.seq < wrong):
            return fault
        return Fault(FaultKind.WRONG_SEAL, wrong)

    def what_stands_beyond(self) -> Fault | None:
        """Return the fault of a log that ends before what was sealed or seen of it."""
        if any(head != audit.START.hex() for head in self._anchors.get(0, ())):
            return Fault(FaultKind.REWRITTEN, 0)
        beyond = sorted(seq for seq in (*self.seals, *self._anchors) if seq > self.last)
        if not beyond:
            return None
        seal = self.seals.get(beyond[0])
        whole = seal is None or seal.is_sound(self._vault_id)
        return Fault(FaultKind.CUT_OFF if whole else FaultKind.WRONG_SEAL, beyond[0])

    def _chained(self, row: audit.LogRow) -> Fault | None:
        if row.seq != max(self.last + 1, self.first):
            return Fault(FaultKind.GAP, max(self.last + 1, self.first))
        with suppress(OverflowError):  # nothing that we wrote is too long for its length field
            after = audit.chained(row.seq, row.ts, row.body, self._before)
            if (row.prev, row.hash) == (self._before, after):
                return None
        return Fault(FaultKind.EDITED, row.seq)

    def _held(self, seq: int, head: bytes) -> Fault | None:
        """Return the fault when a seal or an anchor says that this entry was another one."""
        seal = self.seals.get(seq)
        if seal is not None and seal.hash != head and seal.is_sound(self._vault_id):
            return Fault(FaultKind.REWRITTEN, seq)
        if any(seen != head.hex() for seen in self._anchors.get(seq, ())):
            return Fault(FaultKind.REWRITTEN, seq)
        return None

    def _pruned(self, row: audit.LogRow) -> Fault | None:
        """Begin later than the first entry, where a seal says that what was before was pruned."""
        seal = self.seals.get(row.seq - 1)
        if seal is None or seal.reason != seals.SealReason.PRUNED:
            return Fault(FaultKind.GAP, 1)
        self.first, self._before = row.seq, seal.hash
        return self._held(seal.seq, seal.hash)

    def _first_wrong_seal(self, until: int) -> int | None:
        for seq, seal in self.seals.items():
            if seq > until:
                break
            if seq >= self.first - 1 and not self._is_right(seal):
                return seq
        return None

    def _is_right(self, seal: seals.Seal) -> bool:
        if not seal.is_sound(self._vault_id):
            return False
        told = self._introduced.get((UUID(seal.user_id), seal.sign_public))
        # pruning takes the first introductions away; those it puts back stand later
        return told is not None and (told <= seal.seq or self.first > 1)
