"""An organisation's inbox hands what came in to its case managers, each zending exactly once.

What is handed on is what the sender sealed and signed: the same parts and the same commit, put in
a folder that the case manager's own vault receives from (below that vault, or a shared folder).
That vault verifies everything itself and knows a zending by its number, so a hand-out that was
interrupted and done again changes nothing. Its answers come back by the same folder.

The rules are kept in the inbox's vault; the first one that fits counts. Where none fits, the
dossier stays in the inbox for a person to open.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain.transport import Arrival, ArrivalState
from intake_app.flows import queueing
from intake_app.flows.acting import actor_of
from intake_app.sync import names, parts, sender
from intake_app.sync.driver import Box, Put
from intake_app.sync.errors import Reason, SyncError
from intake_app.sync.folder import Folder
from intake_app.sync.names import Kind
from intake_app.sync.notices import RECEIPT_LIMIT, WITHDRAWAL_LIMIT
from intake_app.vault import Vault
from intake_app.vault.files import make_folder

if TYPE_CHECKING:
    from intake_app.vault.transaction import Records

DROP: Final = "bezorgd"
"""Below a vault: where the inbox of the organisation puts what is for it."""
_KEPT: Final = "door"
"""Below the inbox's vault: the commits of what may still have to be handed on."""
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


class RuleRefused(Exception):
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
        raise RuleRefused(f"Geef de regel een naam van hoogstens {_LONGEST_NAME} tekens.")
    if not folder.is_absolute() or not folder.is_dir():
        raise RuleRefused("Deze map is er niet. Kies de kluis van je collega, of een gedeelde map.")
    if folder.resolve().is_relative_to(vault.folder.resolve()):
        raise RuleRefused("Dit is de kluis zelf. Kies de kluis van een collega.")
    before = rules(vault)
    if any(each.name == rule.name for each in before):
        raise RuleRefused("Er is al een regel met deze naam. Haal die eerst weg.")
    _save(vault, (*before, rule))


def remove_rule(vault: Vault, name: str) -> None:
    """Remove a rule; what was handed out stays where it is. Raises `RuleRefused`."""
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
        raise RuleRefused(f"In het adresboek staat geen organisatie die “{name}” heet.")
    return found.pop()


# ---- keeping the commits ------------------------------------------------------------------------


class KeepingBox:
    """A box that keeps each commit it gives, so that it can be handed on as it was signed."""

    def __init__(self, box: Box, vault: Vault) -> None:
        self._box, self._folder = box, vault.folder / _KEPT
        self.trouble: Reason | None = None
        """Why the box could not be looked into, None when it could."""

    def get(self, name: str, *, limit: int) -> bytes | None:
        """See `driver.Relay`; a commit is durable here before anybody sees it."""
        data = self._box.get(name, limit=limit)
        known = names.parse(name)
        if data is not None and known is not None and known.kind is Kind.COMMIT:
            with parts.disk():
                make_folder(self._folder)
                target = self._folder / known.zid
                temporary = target.with_name(f".{known.zid}.deel")
                with temporary.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                parts.settle(temporary, target)
        return data

    def put(self, name: str, data: bytes, *, once: bool = True) -> Put:
        """See `driver.Relay`."""
        return self._box.put(name, data, once=once)

    def size(self, name: str) -> int | None:
        """See `driver.Relay`."""
        return self._box.size(name)

    def names(self, prefix: str) -> tuple[str, ...]:
        """See `driver.Box`."""
        try:
            return self._box.names(prefix)
        except SyncError as error:
            self.trouble = error.reason
            raise

    def drop(self, name: str) -> None:
        """See `driver.Box`."""
        self._box.drop(name)

    def close(self) -> None:
        """See `driver.Relay`."""
        self._box.close()


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
        before = records.arrivals.in_state(ArrivalState.DOORGEGEVEN)
    handed, problems = 0, []
    for arrival in waiting if wanted else ():
        if cancelled():
            break
        try:
            rule = _fitting(vault, wanted, arrival)
            if rule is not None:
                _hand(vault, arrival, rule)
                handed += 1
        except (SyncError, OSError):
            problems.append(
                "Een dossier kan nu niet worden uitgedeeld. Het blijft in dit postvak en het "
                "programma probeert het opnieuw."
            )
    answered = 0
    for rule in wanted:
        own = [arrival for arrival in before if arrival.handed_to == rule.name]
        if not own or cancelled():
            continue
        try:
            _pass_withdrawals(relay, own, drop_of(Path(rule.folder)))
            answered += _pass_answers(relay, own, drop_of(Path(rule.folder)))
        except (SyncError, OSError):
            problems.append(
                f"De antwoorden van {rule.name} kunnen nu niet worden doorgegeven. Het programma "
                "probeert het opnieuw."
            )
    kept = len(waiting) - handed
    return HandedOut(handed, kept, answered, tuple(dict.fromkeys(problems)))


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


def _hand(vault: Vault, arrival: Arrival, rule: Rule) -> None:
    """Put the zending in the folder of a case manager, durably, and only then remember it."""
    folder = drop_of(Path(rule.folder))
    if folder.name == DROP:
        make_folder(folder)
    target = Folder(str(folder))
    commit = (vault.folder / _KEPT / arrival.zid).read_bytes()
    source = queueing.in_folder(vault) / arrival.zid
    with source.open("rb") as file:
        for number in range(-(-arrival.file_size // parts.PART)):
            part = names.part(arrival.box, arrival.zid, number)
            sender.put_whole(target, part, file.read(parts.PART), look_first=True)
    sender.put_notice(target, names.commit(arrival.box, arrival.zid), commit)
    with vault.transaction(actor_of(vault), "dossier uitdelen") as tx:
        now = tx.arrivals.get(arrival.zid)
        if now is not None and now.state is ArrivalState.ONTVANGEN:
            handed = replace(now, state=ArrivalState.DOORGEGEVEN, handed_to=rule.name)
            tx.arrivals.save(handed)
    with suppress(OSError):
        source.unlink()
        (vault.folder / _KEPT / arrival.zid).unlink()


def _pass_answers(relay: Box, handed: list[Arrival], folder: Path) -> int:
    """Pass the receipts of a case manager on; those of the inbox itself stay as they are."""
    passed = 0
    drop = Folder(str(folder))
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
                sender.put_notice(relay, name, answer)
                passed += 1
            drop.drop(name)
    return passed


def _pass_withdrawals(relay: Box, handed: list[Arrival], folder: Path) -> None:
    """Pass requests to destroy a zending on to who has it now; who has it answers."""
    drop = Folder(str(folder))
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
