"""Hand a dossier over: preview, seal, withdraw, and take in the receiver's receipt.

"Aangeboden" is not "ontvangen": after sealing only a verified, signed receipt moves a handover on
(DESIGN §4.2), and only `geaccepteerd` is green. The file is safely on disk before the record says
it was offered; a crash in between leaves the state `klaar`, which sealing again replaces and
`withdraw` ends.

By sync the frozen ciphertext is on disk before its row in the outbox, which is committed together
with the handover as `klaar`. It becomes `aangeboden` when the relay confirmed the commit
(`offered`), and withdrawing what may be out is a request that the receiver answers.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.event import EventKind
from intake_app.domain.handover import FINAL, Handover, HandoverState, ReceiptRecord, step
from intake_app.flows import queueing
from intake_app.flows.acting import actor_of
from intake_app.flows.case_file import case_file
from intake_app.flows.desk import today
from intake_app.flows.handing import HandOverRefused, known, record_event, record_offered
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
from intake_app.flows.receipts import import_receipt
from intake_app.flows.recipient import RecipientChoice, find
from intake_app.flows.selection import ItemKey, ItemKind, Selection, items, select
from intake_app.flows.versions import next_version
from intake_app.sentences import Sentence
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from intake_app.domain.person import Person
    from intake_app.domain.sharing import SharingTable
    from intake_app.flows.case_file import CaseFile
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records
    from intake_app.xforms import Texts

    Progress = Callable[[int, int], None]

__all__ = [
    "HandOverRefused",
    "HandoverHistory",
    "HandoverPreview",
    "HandoverRow",
    "history",
    "import_receipt",
    "latest",
    "overview",
    "preview",
    "seal",
    "sharing_table",
    "sync_problem",
    "withdraw",
]


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
        everything = items(case, held, choice.name)
        selection = select(everything, table or sharing_table(), choice.role, case.consents)
        made = rows(selection, choice.role, case.consents)
        attachments = attachment_choices(selection, case)
    return HandoverPreview(
        case=case,
        choice=choice,
        selection=selection,
        rows=made,
        gaps=gaps(case),
        version=next_version(records, person_id),
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
        handover = known(records, handover_id)
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
    folder: Path | None = None,
    *,
    by_sync: bool = False,
    on: date | None = None,
    table: SharingTable | None = None,
    texts: Texts | None = None,
    held: frozenset[UUID] = frozenset(),
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Handover:
    """Seal the dossier into `folder` as `overdracht-<8 hex>.zip` and record it as aangeboden.

    With `by_sync` there is no `folder`: the dossier is frozen in the outbox and stays `klaar`
    until the relay confirms it. What is in `held` stays although it may go.

    An earlier handover that is still open becomes `vervangen`. Raises `HandOverRefused` for a
    recipient that is not complete or a folder that will not do, and the sealing errors of
    `handover.errors`, `SealCancelled` as soon as `cancelled` says so; then nothing was offered and
    no whole file was left behind.
    """
    from intake_app.documents.typesetting import DocumentError
    from intake_app.flows import freezing, sealing
    from intake_app.handover.dossier import DossierRefused
    from intake_app.handover.errors import SealError

    if by_sync == (folder is not None):
        raise ValueError("into a folder or by sync")
    if folder is not None:
        _check_folder(vault, folder)
    with vault.read("overdracht verzegelen") as records:
        view = _preview(vault, records, person_id, on, table, texts, held)
        audit_head = records.audit.head()
        before = _superseded(records, person_id, view.choice)
        way = _way(vault, records, view.choice) if by_sync else None
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
        if way is not None:
            return freezing.seal_for_sync(vault, request, ready, way, progress, cancelled)
        assert folder is not None  # noqa: S101  (one of the two, checked above)
        sealed = sealing.write(vault, request, folder, progress, cancelled)
    except (SealError, VaultError):
        # On a full disk this may fail too: what stays klaar is replaced by the next sealing.
        with (
            suppress(VaultError),
            vault.transaction(actor_of(vault), "overdracht niet verzegeld") as tx,
        ):
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


def _way(vault: Vault, records: Records, choice: RecipientChoice) -> queueing.Route | None:
    """Return by which boxes it goes; raises HandOverRefused, None where there is no recipient."""
    if choice.entry is None or choice.problem is not None:
        return None
    found = queueing.route(records, vault.info.organisation.organisation_id, choice.entry)
    if isinstance(found, str):
        raise HandOverRefused(found)
    return found


def sync_problem(vault: Vault, person_id: UUID, on: date | None = None) -> str:
    """Return why this person's dossier cannot go by sync, in Dutch; '' when it can.

    Whether a relay was set up is not looked at here.
    """
    own_id = vault.info.organisation.organisation_id
    with vault.read("overdracht voorbereiden") as records:
        choice = find(records, person_id, on or today(vault.env), own_id)
        if choice.problem is not None:
            return choice.sentence
        try:
            _way(vault, records, choice)
        except HandOverRefused as refused:
            return str(refused)
    return ""


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
            waits = queueing.standing_zending(tx, left.handover_id) is not None
            if left.state is HandoverState.KLAAR and not waits:
                tx.handovers.save(step(left, HandoverState.VERVANGEN, vault.env.now()))
        tx.handovers.save(ready)


def _offer(vault: Vault, offered: Handover) -> Handover:
    """Record in one go that the sealed file was offered and what it takes the place of."""
    with vault.transaction(actor_of(vault), "overdracht aanbieden") as tx:
        record_offered(vault, tx, offered)
    return offered


def withdraw(vault: Vault, handover_id: UUID, reason: str) -> Handover:
    """Withdraw a handover that is not decided yet; the reason is kept with it.

    A file cannot be taken back: the receiver has to be told. What may be on a relay is asked back:
    then the handover stays as it is until the receiver signs that it was destroyed unopened, or
    that it was too late. Raises `HandOverRefused` without a reason, when the handover has ended
    already or was asked back before, and `KeyError` for an unknown one.
    """
    if not reason.strip():
        raise HandOverRefused("Schrijf eerst waarom je de overdracht intrekt.")
    with vault.transaction(actor_of(vault), "overdracht intrekken") as tx:
        handover = known(tx, handover_id)
        if handover.state in FINAL:
            raise HandOverRefused(
                "Deze overdracht is al {state}. Intrekken kan niet meer.",
                state=Sentence(handover.state.value),
            )
        if queueing.asked_back(tx, handover_id) is not None:
            raise HandOverRefused(
                "Je hebt al gevraagd om deze overdracht in te trekken. De ontvanger heeft nog "
                "niet geantwoord. Bel de ontvanger als het haast heeft."
            )
        if queueing.ask_back(vault, tx, handover):
            if queueing.asked_back(tx, handover_id) is None:
                raise HandOverRefused(
                    "De sleutel van de ontvanger mag niet meer worden gebruikt. Een verzoek tot "
                    "intrekken kan niet worden verstuurd. Bel de ontvanger."
                )
            asked = replace(handover, reason=reason.strip())
            tx.handovers.save(asked)
            return asked
        ended = step(handover, HandoverState.INGETROKKEN, vault.env.now(), reason.strip())
        tx.handovers.save(ended)
        if handover.state is not HandoverState.KLAAR:
            record_event(vault, tx, ended, EventKind.OVERDRACHT_INGETROKKEN, today(vault.env))
    return ended
