"""An organisation's inbox hands what came in to its case managers, each zending exactly once.

What is handed on is what the sender sealed and signed: the same parts and the same commit, put in
a folder that the case manager's own vault receives from (below that vault, or a shared folder).
That vault verifies everything itself and knows a zending by its number, so a hand-out that was
interrupted and done again changes nothing. Its answers come back by the same folder.

The rules are kept in the inbox's vault; the first one that fits counts. To whom a zending goes is
written down before anything of it is copied and never changes again, whatever the rules become:
two vaults must not have it. Where no rule fits, the dossier stays here for a person to open.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain.transport import (
    Arrival,
    ArrivalState,
    OutboxItem,
    OutboxKind,
    OutboxState,
)
from intake_app.flows import queueing
from intake_app.flows.acting import actor_of
from intake_app.sentences import Sentence, Told
from intake_app.sync import names, parts, sender
from intake_app.sync.driver import Box
from intake_app.sync.errors import SyncError
from intake_app.sync.folder import Folder
from intake_app.sync.names import Kind
from intake_app.sync.notices import RECEIPT_LIMIT, WITHDRAWAL_LIMIT
from intake_app.vault import Vault
from intake_app.vault.files import make_folder

if TYPE_CHECKING:
    from intake_app.vault.transaction import Records

DROP: Final = "bezorgd"
"""Below a vault: where the inbox of the organisation puts what is for it."""
_RULES: Final = "sync.uitdelen"
_LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class Rule:
    """Who gets which dossiers: all of them, or only those that both lists allow."""

    name: str
    folder: str
    """The case manager's vault, or a folder that it receives from; an absolute path."""
    municipalities: tuple[str, ...] = ()
    """CBS codes of where the person is coupled to; empty for any."""
    senders: tuple[UUID, ...] = ()
    """Organisations of the address book; empty for any."""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What came of handing out."""

    handed: int = 0
    kept: int = 0
    """No rule fits, or it could not be handed on now."""
    answered: int = 0
    """Receipts of case managers that were passed on to the relay."""
    problems: tuple[str, ...] = field(default=())
    """Dutch sentences without anybody's name but that of a rule."""


class RuleRefused(Told):
    """A rule that cannot be; str() is a Dutch sentence."""


# ---- the rules ----------------------------------------------------------------------------------


def rules(vault: Vault) -> tuple[Rule, ...]:
    """Return the rules in the order in which they are tried."""
    with vault.read() as records:
        return _rules(records)


def _rules(records: Records) -> tuple[Rule, ...]:
    kept = records.settings.get(_RULES)
    return tuple(
        Rule(
            each["name"],
            each["folder"],
            tuple(each["municipalities"]),
            tuple(map(UUID, each["senders"])),
        )
        for each in json.loads(kept or "[]")
    )


def add_rule(vault: Vault, rule: Rule) -> None:
    """Add a rule at the end; raises `RuleRefused` for one that cannot be."""
    folder = Path(rule.folder)
    if not 0 < len(rule.name) <= _LONGEST_NAME:
        raise RuleRefused("Geef de regel een naam van hoogstens {most} tekens.", most=_LONGEST_NAME)
    if not folder.is_absolute() or not folder.is_dir():
        raise RuleRefused("Deze map is er niet. Kies de kluis van je collega, of een gedeelde map.")
    if folder.resolve().is_relative_to(vault.folder.resolve()):
        raise RuleRefused("Dit is de kluis zelf. Kies de kluis van een collega.")
    before = rules(vault)
    if any(each.name == rule.name for each in before):
        raise RuleRefused("Er is al een regel met deze naam. Haal die eerst weg.")
    _save(vault, (*before, rule))


def remove_rule(vault: Vault, name: str) -> None:
    """Remove a rule; what was handed out stays where it is, and its answers are still passed on.

    Raises `RuleRefused`.
    """
    before = rules(vault)
    left = tuple(each for each in before if each.name != name)
    if left == before:
        raise RuleRefused("Er is geen regel met deze naam.")
    _save(vault, left)


def _save(vault: Vault, wanted: tuple[Rule, ...]) -> None:
    plain = [
        {
            "name": each.name,
            "folder": each.folder,
            "municipalities": list(each.municipalities),
            "senders": [str(sender_id) for sender_id in each.senders],
        }
        for each in wanted
    ]
    with vault.transaction(actor_of(vault), "uitdelen instellen") as tx:
        tx.settings.set(_RULES, json.dumps(plain, ensure_ascii=False))


def sender_named(vault: Vault, name: str) -> UUID:
    """Return the organisation of the address book with this name; raises `RuleRefused`."""
    from intake_app.flows.recipient import current_book

    with vault.read() as records:
        book = current_book(records)
    entries = book.entries if book is not None else ()
    found = {each.organisation_id for each in entries if each.name == name}
    if len(found) != 1:
        raise RuleRefused("In het adresboek staat geen organisatie die “{name}” heet.", name=name)
    return found.pop()


# ---- handing out --------------------------------------------------------------------------------


def drop_of(folder: Path) -> Path:
    """Return the folder relay of a case manager: below a vault, or the folder itself."""
    return folder / DROP if Vault.exists(folder) else folder


def hand_out(
    vault: Vault, relay: Box, *, cancelled: Callable[[], bool] = lambda: False
) -> HandedOut:
    """Hand on what came in and was not opened, and pass the answers of before on to `relay`.

    Never raises for one that does not go; VaultError may pass when the vault is closed.
    """
    with vault.read() as records:
        wanted = _rules(records)
        waiting = records.arrivals.in_state(ArrivalState.ONTVANGEN)
        handing = [each for each in records.arrivals.in_state(ArrivalState.DOORGEGEVEN) if each.raw]
    handed, problems = 0, []
    for arrival in (*handing, *(waiting if wanted else ())):
        if cancelled():
            break
        try:
            meant = arrival if arrival.handed_folder else _meant(vault, wanted, arrival)
            if meant is not None:
                _hand(vault, meant)
                handed += 1
        except (SyncError, OSError):
            problems.append(
                "Een dossier kan nu niet worden uitgedeeld. Het blijft in dit postvak en het "
                "programma probeert het opnieuw."
            )
    answered = 0
    for folder, own in _by_folder(vault).items():
        if cancelled():
            break
        try:
            drop = Folder(str(drop_of(Path(folder))))
            _pass_withdrawals(relay, own, drop)
            answered += _take_answers(vault, own, drop)
        except (SyncError, OSError):
            problems.append(
                Sentence(
                    "De antwoorden van {name} kunnen nu niet worden doorgegeven. Het "
                    "programma probeert het opnieuw.",
                    name=own[0].handed_to,
                )
            )
    try:
        _put_answers(vault, relay)
    except SyncError:
        problems.append(
            "Antwoorden van collega's kunnen nu niet op de postbus worden gezet. Het programma "
            "probeert het opnieuw."
        )
    kept = len(waiting) + len(handing) - handed
    return HandedOut(handed, kept, answered, tuple(dict.fromkeys(problems)))


def _by_folder(vault: Vault) -> dict[str, list[Arrival]]:
    """Return what was handed on, by where it went."""
    with vault.read() as records:
        handed = records.arrivals.in_state(ArrivalState.DOORGEGEVEN)
    found: dict[str, list[Arrival]] = {}
    for arrival in handed:
        found.setdefault(arrival.handed_folder, []).append(arrival)
    return found


def _meant(vault: Vault, wanted: tuple[Rule, ...], arrival: Arrival) -> Arrival | None:
    """Write down to whom an arrival goes, before anything is copied; None when no rule fits.

    Raises OSError when the folder is not there: then another rule may still be made.
    """
    rule = _fitting(vault, wanted, arrival)
    if rule is None:
        return None
    if not Path(rule.folder).is_dir():
        raise FileNotFoundError
    with vault.transaction(actor_of(vault), "dossier uitdelen") as tx:
        now = tx.arrivals.get(arrival.zid)
        if now is None or now.state is not ArrivalState.ONTVANGEN:
            return None
        meant = replace(
            now,
            state=ArrivalState.DOORGEGEVEN,
            handed_to=rule.name,
            handed_folder=rule.folder,
        )
        tx.arrivals.save(meant)
    return meant


def _fitting(vault: Vault, wanted: tuple[Rule, ...], arrival: Arrival) -> Rule | None:
    """Return the first rule that fits; the seal is opened only where a rule asks for a place."""
    code: str | None = None
    for rule in wanted:
        if rule.senders and arrival.sender_id not in rule.senders:
            continue
        if rule.municipalities:
            if code is None:
                code = municipality_of(vault, arrival)
            if code not in rule.municipalities:
                continue
        return rule
    return None


def municipality_of(vault: Vault, arrival: Arrival) -> str:
    """Return the CBS code of where the person is coupled to, '' where that is not known."""
    from intake_app.flows import take_over
    from intake_app.flows.receive import verified
    from intake_app.handover.errors import Refusal

    with _thawed(vault, arrival) as path:
        try:
            opened = verified(vault, path)
        except Refusal:
            return ""
        coupled = take_over.current_koppeling(opened.dossier)
    return coupled.municipality_code if coupled is not None else ""


@contextmanager
def _thawed(vault: Vault, arrival: Arrival) -> Iterator[Path]:
    target = queueing.in_folder(vault) / f".{arrival.zid}.kijk"
    try:
        parts.thaw(
            queueing.in_folder(vault) / arrival.zid,
            target,
            queueing.keys_of(vault).identities,
            content_size=arrival.content_size,
            content_sha256=arrival.content_sha256,
        )
        yield target
    finally:
        with suppress(OSError):
            target.unlink(missing_ok=True)


def _hand(vault: Vault, arrival: Arrival) -> None:
    """Put the zending in the folder of the case manager it is meant for, durably, once or again."""
    folder = drop_of(Path(arrival.handed_folder))
    if folder.name == DROP:
        make_folder(folder)
    target = Folder(str(folder))
    source = queueing.in_folder(vault) / arrival.zid
    with source.open("rb") as file:
        for number in range(-(-arrival.file_size // parts.PART)):
            part = names.part(arrival.box, arrival.zid, number)
            sender.put_whole(target, part, file.read(parts.PART), look_first=True)
    sender.put_notice(target, names.commit(arrival.box, arrival.zid), arrival.raw)
    with vault.transaction(actor_of(vault), "dossier uitdelen") as tx:
        now = tx.arrivals.get(arrival.zid)
        if now is not None and now.state is ArrivalState.DOORGEGEVEN:
            tx.arrivals.save(replace(now, raw=b""))
    queueing.discard(source)


def _take_answers(vault: Vault, handed: list[Arrival], drop: Folder) -> int:
    """Keep the receipts of a case manager as our own answers; those are put, and put again.

    The inbox cannot read them: who may write in the folder may put anything there, and the last
    one counts. What the inbox itself answered stays as it is.
    """
    taken = 0
    known = {arrival.zid: arrival for arrival in handed}
    for reply_box in {arrival.reply_box for arrival in handed}:
        for name in sorted(drop.names(names.outbox(reply_box))):
            found = names.parse(name)
            arrival = known.get(found.zid) if found is not None else None
            if found is None or arrival is None or found.kind is not Kind.RECEIPT:
                continue
            if found.number > arrival.receipts:
                answer = drop.get(name, limit=RECEIPT_LIMIT)
                if answer is None:
                    continue
                taken += _keep_answer(vault, arrival, name, answer)
            drop.drop(name)
    return taken


def _keep_answer(vault: Vault, arrival: Arrival, name: str, answer: bytes) -> bool:
    """Queue a receipt of a colleague; False when it is queued or was put already."""
    with vault.transaction(actor_of(vault), "antwoord doorgeven") as tx:
        held = tx.outbox.named(name)
        if held is not None and held.notice == answer:
            return False
        tx.outbox.save(
            OutboxItem(
                item_id=vault.env.uuid() if held is None else held.item_id,
                kind=OutboxKind.BEWIJS,
                subject_id=arrival.inbox_id,
                recipient_id=arrival.sender_id,
                added_at=vault.env.now(),
                zid=arrival.zid,
                name=name,
                notice=answer,
                box=arrival.box,
                reply_box=arrival.reply_box,
            )
        )
    return True


def _put_answers(vault: Vault, relay: Box) -> None:
    """Put what colleagues answered on the relay at once; what does not go waits for its turn."""
    from intake_app.vault.stores.outbox import with_attempt

    with vault.read() as records:
        passed = [
            item
            for item in records.outbox.open()
            if item.kind is OutboxKind.BEWIJS and not item.receipt
        ]
    for item in passed:
        sender.put_notice(relay, item.name, item.notice)
        with vault.transaction(actor_of(vault), "antwoord doorgeven") as tx:
            held = tx.outbox.get(item.item_id)
            if held is None or held.notice != item.notice:
                continue
            now = vault.env.now()
            history = with_attempt(held.history, now, OutboxState.KLAAR.value)
            put = replace(held, state=OutboxState.KLAAR, reason="", next_try=None)
            tx.outbox.save(replace(put, history=history, offered_at=now, offers=held.offers + 1))


def _pass_withdrawals(relay: Box, handed: list[Arrival], drop: Folder) -> None:
    """Pass requests to destroy a zending on to who has it now; who has it answers."""
    known = {arrival.zid for arrival in handed}
    for box in {arrival.box for arrival in handed}:
        for name in relay.names(names.inbox(box)):
            found = names.parse(name)
            if found is None or found.kind is not Kind.WITHDRAWAL or found.zid not in known:
                continue
            notice = relay.get(name, limit=WITHDRAWAL_LIMIT)
            if notice is not None:
                sender.put_notice(drop, name, notice)
                relay.drop(name)
