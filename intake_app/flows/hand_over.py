"""Hand a dossier over: preview, seal, withdraw, and take in the receiver's receipt.

"Aangeboden" is not "ontvangen": after sealing only a verified, signed receipt moves a handover on
(DESIGN §4.2), and only `geaccepteerd` is green. The file is safely on disk before the record says
it was offered; a crash in between leaves the state `klaar`, which sealing again replaces and
`withdraw` ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.handover import FINAL, Handover, HandoverState, ReceiptRecord, step
from intake_app.flows.acting import actor_of
from intake_app.flows.case_file import case_file
from intake_app.flows.desk import today
from intake_app.flows.medical_record import seed_of
from intake_app.flows.mending import where_to_mend
from intake_app.flows.preview import (
    AttachmentChoice,
    Gap,
    PreviewRow,
    RowState,
    attachment_choices,
    gaps,
    rows,
)
from intake_app.flows.recipient import RecipientChoice, current_book, find
from intake_app.flows.selection import ItemKey, ItemKind, Selection, items, select

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from intake_app.crypto.age import Identity
    from intake_app.domain.person import Person
    from intake_app.domain.sharing import SharingTable
    from intake_app.flows.case_file import CaseFile
    from intake_app.handover.receipts import Receipt
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records, Transaction
    from intake_app.xforms import Texts

    Progress = Callable[[int, int], None]


class HandOverRefused(Exception):
    """Sealing, withdrawing or a receipt is not possible now; str() is a Dutch sentence."""


@dataclass(frozen=True, slots=True)
class HandoverPreview:
    """Everything the four steps show. Only a `choice.problem` keeps the dossier here."""

    case: CaseFile
    choice: RecipientChoice
    selection: Selection | None
    """None as long as it is not known in which role the recipient receives."""
    rows: tuple[PreviewRow, ...]
    gaps: tuple[Gap, ...]
    version: int
    """The version the dossier would get."""
    attachments: tuple[AttachmentChoice, ...] = ()
    """Each attachment on its own; they are counted in `rows` as well."""

    @property
    def sent(self) -> int:
        """How many things go."""
        return sum(row.count for row in self.rows if row.state is RowState.LEAVES)

    @property
    def kept(self) -> int:
        """How many things stay, those that wait for consent included."""
        return sum(row.count for row in self.rows if row.state is not RowState.LEAVES)


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """One line of the list of handovers."""

    person: Person
    handover: Handover


@dataclass(frozen=True, slots=True)
class HandoverHistory:
    """A handover with what is known of it, for the page after sealing."""

    person: Person
    handover: Handover
    receipts: tuple[ReceiptRecord, ...]


def sharing_table() -> SharingTable:
    """Return the sharing table that came with the program."""
    from intake_app import paths
    from intake_app.domain.sharing import read_table

    return read_table(paths.resource("sharing", "table.csv").read_text(encoding="utf-8"))


def preview(
    vault: Vault,
    person_id: UUID,
    on: date | None = None,
    *,
    table: SharingTable | None = None,
    texts: Texts | None = None,
    held: frozenset[UUID] = frozenset(),
) -> HandoverPreview:
    """Return who receives and what would leave on that day (today by default).

    `held` are attachments that may go but stay. Raises `KeyError` when there is no such person in
    this vault.
    """
    with vault.read("overdracht voorbereiden") as records:
        return _preview(vault, records, person_id, on, table, texts, held)


def _preview(
    vault: Vault,
    records: Records,
    person_id: UUID,
    on: date | None,
    table: SharingTable | None,
    texts: Texts | None,
    held: frozenset[UUID],
) -> HandoverPreview:
    own_id = vault.info.organisation.organisation_id
    choice = find(records, person_id, on or today(vault.env), own_id)
    case = case_file(records, person_id, vault.env, texts, seed_of(vault))
    selection = None
    made: tuple[PreviewRow, ...] = ()
    attachments: tuple[AttachmentChoice, ...] = ()
    if choice.role is not None:
        selection = select(items(case, held), table or sharing_table(), choice.role, case.consents)
        made = rows(selection, choice.role, case.consents)
        attachments = attachment_choices(selection, case)
    earlier = [h.dossier_version for h in records.handovers.of_person(person_id)]
    return HandoverPreview(
        case=case,
        choice=choice,
        selection=selection,
        rows=made,
        gaps=gaps(case),
        version=max(earlier, default=0) + 1,
        attachments=attachments,
    )


def overview(vault: Vault, limit: int = 300) -> tuple[HandoverRow, ...]:
    """Return the newest handovers of this vault and all that have not ended, the newest first."""
    with vault.read("overdrachten bekijken") as records:
        everything = reversed(records.handovers.all())
        shown = [h for n, h in enumerate(everything) if n < limit or h.state not in FINAL]
        persons = records.persons.of_ids({handover.person_id for handover in shown})
    return tuple(HandoverRow(persons[h.person_id], h) for h in shown if h.person_id in persons)


def history(vault: Vault, handover_id: UUID) -> HandoverHistory:
    """Return what is known of one handover. Raises `KeyError` when it is not in this vault."""
    with vault.read("overdracht bekijken") as records:
        handover = _known(records, handover_id)
        person = records.persons.get(handover.person_id)
        if person is None:
            raise KeyError(handover.person_id)
        found = records.receipts.of_handover(handover_id)
    order = {state: place for place, state in enumerate(HandoverState)}
    in_order = tuple(sorted(found, key=lambda receipt: (receipt.at, order[receipt.kind])))
    return HandoverHistory(person, handover, in_order)


def latest(vault: Vault, person_id: UUID) -> Handover | None:
    """Return the newest handover of a person, or None."""
    with vault.read("overdracht bekijken") as records:
        found = records.handovers.of_person(person_id)
    return max(found, key=lambda h: (h.dossier_version, h.created_at), default=None)


def seal(
    vault: Vault,
    person_id: UUID,
    folder: Path,
    *,
    on: date | None = None,
    table: SharingTable | None = None,
    texts: Texts | None = None,
    held: frozenset[UUID] = frozenset(),
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Handover:
    """Seal the dossier into `folder` as `overdracht-<8 hex>.zip` and record it as aangeboden.

    What is in `held` stays although it may go.

    An earlier handover that is still open becomes `vervangen`. Raises `HandOverRefused` for a
    recipient that is not complete or a folder that will not do, and the sealing errors of
    `handover.errors`, `SealCancelled` as soon as `cancelled` says so; then nothing was offered and
    no whole file was left behind.
    """
    from intake_app.documents.typesetting import DocumentError
    from intake_app.flows import sealing
    from intake_app.handover.dossier import DossierRefused
    from intake_app.handover.errors import SealError

    _check_folder(vault, folder)
    with vault.read("overdracht verzegelen") as records:
        view = _preview(vault, records, person_id, on, table, texts, held)
        audit_head = records.audit.head()
        before = _superseded(records, person_id, view.choice)
    if view.selection is None or view.choice.problem is not None:
        raise HandOverRefused(view.choice.sentence)
    if ItemKey(ItemKind.PERSON, field="family_name") not in view.selection.leaving_keys():
        raise HandOverRefused(
            "Volgens de tabel mag niet mee wie het is. Zonder naam is een dossier niets waard. "
            "Vraag de FG of de tabel klopt."
        )
    ready = _new_handover(vault, view)
    try:
        request = sealing.build(vault, view, ready, audit_head, before)
    except DossierRefused as refused:
        raise HandOverRefused(where_to_mend(refused.place)) from None
    except DocumentError as refused:
        raise HandOverRefused(str(refused)) from None
    _record_ready(vault, ready)
    try:
        sealed = sealing.write(vault, request, folder, progress, cancelled)
    except SealError:
        with vault.transaction(actor_of(vault), "overdracht niet verzegeld") as tx:
            tx.handovers.save(step(ready, HandoverState.INGETROKKEN, vault.env.now(), _NOT_SEALED))
        raise
    offered = replace(
        step(ready, HandoverState.AANGEBODEN, vault.env.now()),
        file_name=sealed.path.name,
        file_sha256=sealed.sha256,
        file_size=sealed.size,
    )
    return _offer(vault, offered)


_NOT_SEALED = "Verzegelen is niet gelukt."


def _check_folder(vault: Vault, folder: Path) -> None:
    if not folder.is_dir():
        raise HandOverRefused(
            "Deze map is er niet. Misschien is de stick eruit gehaald. Kies een andere map."
        )
    if folder.resolve().is_relative_to(vault.folder.resolve()):
        raise HandOverRefused(
            "Deze map hoort bij de kluis zelf. Daar mag geen ander bestand komen. "
            "Kies een andere map of een stick."
        )


def _superseded(records: Records, person_id: UUID, choice: RecipientChoice) -> UUID | None:
    """Return the open handover to the same recipient that a new one takes the place of."""
    open_ones = [
        handover
        for handover in records.handovers.of_person(person_id)
        if handover.state not in FINAL
        and handover.state is not HandoverState.KLAAR
        and choice.entry is not None
        and handover.recipient_id == choice.entry.organisation_id
    ]
    newest = max(open_ones, key=lambda handover: handover.dossier_version, default=None)
    return newest.handover_id if newest else None


def _new_handover(vault: Vault, view: HandoverPreview) -> Handover:
    env, choice = vault.env, view.choice
    assert choice.entry is not None  # noqa: S101  (no problem means there is an entry)
    assert choice.koppeling is not None  # noqa: S101
    return Handover(
        handover_id=env.uuid(),
        person_id=view.case.person.person_id,
        dossier_version=view.version,
        recipient_id=choice.entry.organisation_id,
        recipient_name=choice.entry.name,
        municipality_code=choice.koppeling.municipality_code,
        state=HandoverState.KLAAR,
        created_at=env.now(),
        created_by=vault.user.user_id,
        sent_count=view.sent,
        kept_count=view.kept,
    )


def _record_ready(vault: Vault, ready: Handover) -> None:
    """Record that a handover is about to be sealed; what an earlier crash left is replaced."""
    with vault.transaction(actor_of(vault), "overdracht klaarzetten") as tx:
        for left in tx.handovers.of_person(ready.person_id):
            if left.state is HandoverState.KLAAR:
                tx.handovers.save(step(left, HandoverState.VERVANGEN, vault.env.now()))
        tx.handovers.save(ready)


def _offer(vault: Vault, offered: Handover) -> Handover:
    """Record in one go that the sealed file was offered and what it takes the place of."""
    env = vault.env
    with vault.transaction(actor_of(vault), "overdracht aanbieden") as tx:
        for other in tx.handovers.of_person(offered.person_id):
            if other.handover_id != offered.handover_id and other.state not in FINAL:
                tx.handovers.save(step(other, HandoverState.VERVANGEN, env.now()))
        tx.handovers.save(offered)
        _event(vault, tx, offered, EventKind.OVERDRACHT_AANGEBODEN, today(env))
    return offered


def _event(
    vault: Vault,
    tx: Transaction,
    handover: Handover,
    kind: EventKind,
    on: date,
    source: str = "",
) -> None:
    tx.events.add(
        CaseEvent(
            event_id=vault.env.uuid(),
            person_id=handover.person_id,
            kind=kind,
            on=on,
            recorded_at=vault.env.now(),
            source=source or vault.info.organisation.name,
            detail=f"v{handover.dossier_version}",
        )
    )


def withdraw(vault: Vault, handover_id: UUID, reason: str) -> Handover:
    """Withdraw a handover that is not decided yet; the reason is kept with it.

    The file itself cannot be taken back: the receiver has to be told. Raises `HandOverRefused`
    without a reason, or when the handover has ended already, and `KeyError` for an unknown one.
    """
    if not reason.strip():
        raise HandOverRefused("Schrijf eerst waarom je de overdracht intrekt.")
    with vault.transaction(actor_of(vault), "overdracht intrekken") as tx:
        handover = _known(tx, handover_id)
        if handover.state in FINAL:
            raise HandOverRefused(
                f"Deze overdracht is al {handover.state.value}. Intrekken kan niet meer."
            )
        ended = step(handover, HandoverState.INGETROKKEN, vault.env.now(), reason.strip())
        tx.handovers.save(ended)
        if handover.state is not HandoverState.KLAAR:
            _event(vault, tx, ended, EventKind.OVERDRACHT_INGETROKKEN, today(vault.env))
    return ended


def _known(records: Records, handover_id: UUID) -> Handover:
    handover = records.handovers.get(handover_id)
    if handover is None:
        raise KeyError(handover_id)
    return handover


_RECEIPT_EVENTS = {
    HandoverState.ONTVANGEN: EventKind.OVERDRACHT_ONTVANGEN,
    HandoverState.GEOPEND: EventKind.OVERDRACHT_GEOPEND,
    HandoverState.GEACCEPTEERD: EventKind.OVERDRACHT_GEACCEPTEERD,
    HandoverState.GEWEIGERD: EventKind.OVERDRACHT_GEWEIGERD,
}


def import_receipt(vault: Vault, path: Path) -> Handover:
    """Verify a receipt file and move its handover on; return the handover as it stands then.

    Raises `handover.errors.Refusal` for a file that is no receipt, damaged, forged, for another
    handover or file, or known already, and `HandOverRefused` where the handover has ended
    otherwise. On any of them nothing changes.
    """
    from intake_app.crypto import age
    from intake_app.handover import receipts
    from intake_app.handover.errors import Refusal, RefusalReason

    identities = [age.parse_identity(text) for text in vault.organisation_keys().age_identities]
    claimed = receipts.receipt_for(path, identities=identities)
    with vault.read() as records:
        handover = records.handovers.get(claimed)
        known = {record.receipt_id for record in records.receipts.of_handover(claimed)}
        book = current_book(records)
    if handover is None or book is None:
        raise Refusal(RefusalReason.RECEIPT_OTHER_HANDOVER)
    signers = [e.sign_public for e in book.entries if e.organisation_id == handover.recipient_id]
    chain = _verified(path, identities, signers, handover, known.__contains__)
    return _advance(vault, claimed, chain)


def _verified(
    path: Path,
    identities: Sequence[Identity],
    signers: list[str],
    handover: Handover,
    seen: Callable[[UUID], bool],
) -> tuple[Receipt, ...]:
    """Read the receipts as signed by any key the recipient has or had in the address book."""
    from intake_app.handover.errors import Refusal, RefusalReason
    from intake_app.handover.receipts import read_receipt

    refused = Refusal(RefusalReason.RECEIPT_SIGNATURE_BROKEN)
    for signer in dict.fromkeys(signers):
        try:
            return read_receipt(
                path,
                identities=identities,
                expected_signer=signer,
                handover_id=handover.handover_id,
                dossier_digest=handover.file_sha256,
                seen=seen,
            )
        except Refusal as error:
            if error.reason is not RefusalReason.RECEIPT_SIGNATURE_BROKEN:
                raise
            refused = error
    raise refused


def _advance(vault: Vault, handover_id: UUID, chain: tuple[Receipt, ...]) -> Handover:
    with vault.transaction(actor_of(vault), "ontvangstbewijs verwerken") as tx:
        handover = _known(tx, handover_id)
        if handover.state in FINAL:
            raise HandOverRefused(_ended(handover, chain))
        for receipt in chain:
            state = HandoverState(receipt.kind.value)
            handover = replace(
                step(handover, state, vault.env.now(), receipt.reason),
                first_talk=receipt.first_talk or handover.first_talk,
            )
            tx.receipts.add(_record(receipt, state))
            _event(
                vault,
                tx,
                handover,
                _RECEIPT_EVENTS[state],
                receipt.at.astimezone().date(),
                receipt.by_organisation,
            )
        tx.handovers.save(handover)
    return handover


def _ended(handover: Handover, chain: tuple[Receipt, ...]) -> str:
    decided = chain[-1].kind.value
    if handover.state is HandoverState.VERVANGEN:
        return (
            f"De ontvanger heeft versie {handover.dossier_version} {decided}, maar er is een "
            "nieuwere versie. Er is niets veranderd. Vraag de ontvanger die te openen."
        )
    if handover.state is HandoverState.INGETROKKEN:
        return (
            f"De ontvanger heeft dit dossier {decided}, maar je hebt de overdracht ingetrokken. "
            "Er is niets veranderd. Bel de ontvanger."
        )
    return (
        f"Deze overdracht is al {handover.state.value}. Er is niets veranderd. "
        "Bel de ontvanger als dit bewijs iets anders zegt."
    )


def _record(receipt: Receipt, state: HandoverState) -> ReceiptRecord:
    return ReceiptRecord(
        receipt_id=receipt.receipt_id,
        handover_id=receipt.handover_id,
        kind=state,
        at=receipt.at,
        by_organisation=receipt.by_organisation,
        by_user=receipt.by_user_name,
        reason=receipt.reason,
        raw=receipt.signed,
    )
