"""The writers of sync, each with what must be true when one of its calls failed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from support.chain import PERSON
from support.post import make_pair
from support.storm.fault_writers import AZC, TOWN, Opened
from support.storm.posting import POST

from intake_app.domain.handover import HandoverState
from intake_app.domain.transport import ArrivalState, OutboxKind, OutboxState
from intake_app.flows import hand_over, queueing, receive, sync_now
from intake_app.flows.hand_over import HandOverRefused
from intake_app.flows.receive import ReceiveRefused
from intake_app.flows.relays import RelayPlace, SyncSettings
from intake_app.handover.errors import Refusal, SealError
from intake_app.sync.errors import SENTENCES, Reason, SyncError
from intake_app.sync.folder import Folder
from intake_app.vault import Vault, VaultError


class Stopped(Exception):
    """A pass said in its report why it could not go on; str() is the sentence of that reason."""


def _say(paused: Reason | None, failed: int) -> None:
    if paused is not None or failed:
        raise Stopped(SENTENCES[paused or Reason.UNKNOWN])


def send(vault: Vault, root: Path) -> None:
    """Do a pass of the sender."""
    settings = SyncSettings(send=RelayPlace("folder", str(root / POST)))
    report = sync_now.run_once(
        vault, lambda _place: Folder(str(root / POST)), settings=settings, force=True
    )
    _say(report.paused, report.failed)


def take(vault: Vault, root: Path) -> None:
    """Do a pass of the receiver."""
    report = sync_now.receive_once(vault, Folder(str(root / POST)), force=True)
    _say(report.paused, report.failed + report.refused)


class SealingForSync(Opened):
    """A dossier is queued with its ciphertext, or nothing is."""

    name = "klaarzetten voor sync"
    folder = AZC
    declared = (VaultError, SealError, HandOverRefused)

    def prepare(self, root: Path) -> None:
        pair = make_pair(root)
        pair.person()
        pair.close()

    def work(self, root: Path) -> None:
        assert self.vault is not None
        hand_over.seal(self.vault, PERSON.person_id, by_sync=True)

    def check_content(self, vault: Vault, root: Path, done: bool) -> None:
        with vault.read() as records:
            items = records.outbox.all()
            handovers = {h.handover_id: h.state for h in records.handovers.all()}
        assert len(items) <= 1
        assert items or not done
        folder = vault.folder / queueing.OUT
        for item in items:
            data = (folder / item.file_name).read_bytes()
            assert hashlib.sha256(data).hexdigest() == item.file_sha256
            assert handovers[item.subject_id] is HandoverState.KLAAR
        there = {p.name for p in folder.iterdir()} if folder.exists() else set()
        assert not {n for n in there if n.endswith(".deel") and n.startswith(".")} or not done


class Sending(SealingForSync):
    """What is queued is sent; what failed waits, and nothing is lost."""

    name = "versturen"
    declared = (VaultError, SyncError, Stopped)

    def prepare(self, root: Path) -> None:
        pair = make_pair(root)
        pair.offer(pair.person())
        pair.close()

    def work(self, root: Path) -> None:
        assert self.vault is not None
        send(self.vault, root)

    def check_content(self, vault: Vault, root: Path, done: bool) -> None:
        with vault.read() as records:
            (item,) = records.outbox.all()
            handover = records.handovers.get(item.subject_id)
        assert handover is not None
        offered = item.state is OutboxState.AANGEBODEN
        assert (handover.state is HandoverState.AANGEBODEN) == offered
        assert offered or not done
        data = (vault.folder / queueing.OUT / item.file_name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == item.file_sha256
        send(vault, root)
        with vault.read() as records:
            assert records.outbox.all()[0].state is OutboxState.AANGEBODEN


class TakingFromTheBox(Opened):
    """A zending comes in with its file and receipt, or is still in the box."""

    name = "uit de postbus halen"
    folder = TOWN
    declared = (VaultError, SyncError, Stopped)

    def prepare(self, root: Path) -> None:
        pair = make_pair(root)
        pair.offer(pair.person())
        pair.send()
        pair.close()

    def work(self, root: Path) -> None:
        assert self.vault is not None
        take(self.vault, root)

    def check_content(self, vault: Vault, root: Path, done: bool) -> None:
        with vault.read() as records:
            rows = records.arrivals.all()
            receipts = [i for i in records.outbox.all() if i.kind is OutboxKind.BEWIJS]
        assert rows or not done
        assert len(rows) == len(receipts) <= 1
        post = [p for p in (root / POST / "v1").rglob("*") if p.is_file()]
        boxed = {p.suffix for p in post if p.parent.parent.name == "in"} - {".deel"}
        assert rows or ".ok" in boxed, "neither here nor there"
        take(vault, root)
        with vault.read() as records:
            (row,) = records.arrivals.all()
        data = (vault.folder / queueing.IN / row.zid).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row.file_sha256


class OpeningAnArrival(TakingFromTheBox):
    """What came in is opened and accepted, or is as it was."""

    name = "binnengekomen zending openen"
    declared = (VaultError, SyncError, SealError, ReceiveRefused, Refusal)

    def prepare(self, root: Path) -> None:
        pair = make_pair(root)
        pair.offer(pair.person())
        pair.send()
        pair.receive()
        pair.close()

    def work(self, root: Path) -> None:
        assert self.vault is not None
        (row,) = sync_now.arrivals(self.vault)
        item = receive.take_in_arrival(self.vault, row.arrival.zid)
        receive.accept(self.vault, item.handover_id, first_talk=None)

    def check_content(self, vault: Vault, root: Path, done: bool) -> None:
        with vault.read() as records:
            (row,) = records.arrivals.all()
            items, persons = records.inbox.all(), records.persons.all()
            receipts = [i for i in records.outbox.all() if i.kind is OutboxKind.BEWIJS]
        assert bool(items) == (row.state is not ArrivalState.ONTVANGEN)
        assert bool(persons) == (row.state is ArrivalState.GEACCEPTEERD)
        assert persons or not done
        wanted = {
            ArrivalState.ONTVANGEN: 1,
            ArrivalState.GEOPEND: 2,
            ArrivalState.GEACCEPTEERD: 3,
        }
        assert len(receipts) == row.receipts == wanted[row.state]
        if row.state is ArrivalState.ONTVANGEN:
            assert receive.take_in_arrival(vault, row.zid).handover_id == row.inbox_id
