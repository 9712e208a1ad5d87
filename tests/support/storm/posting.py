"""Both ends of sync in processes that are killed at a step, and go on as if they never were.

A step is a call to the relay (before it, and after it with the answer lost), a sync or rename of a
file, and the beginning and the end of a transaction.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest
from support.chain import PERSON
from support.post import make_pair
from support.quick_engine import make_quick
from support.storm.derivations import remember_derivations
from support.storm.oracle import check_pages, opened_again
from support.vaults import START, actor_of, environment

from intake_app.domain.attachment import AttachmentKind
from intake_app.domain.environment import Environment
from intake_app.domain.handover import HandoverState, InboxState
from intake_app.domain.transport import ArrivalState, OutboxKind, OutboxState
from intake_app.flows import hand_over, queueing, receive, sync_now
from intake_app.flows.relays import RelayPlace, SyncSettings
from intake_app.sync import parts
from intake_app.sync.driver import Put
from intake_app.sync.folder import Folder
from intake_app.vault import Vault

AZC, TOWN, POST = "azc", "gemeente", "postbus"
KILLED, WRONG = 9, 1
_BEGUN = time.monotonic()
Step = Callable[[], None]


class Stepping:
    """A folder relay of which every call is two steps."""

    def __init__(self, root: Path, step: Step) -> None:
        self._relay, self._step = Folder(str(root)), step

    def _call(self, what: Callable[[], Any]) -> Any:
        self._step()
        answer = what()
        self._step()
        return answer

    def put(self, name: str, data: bytes, *, once: bool = True) -> Put:
        return self._call(lambda: self._relay.put(name, data, once=once))

    def size(self, name: str) -> int | None:
        return self._call(lambda: self._relay.size(name))

    def get(self, name: str, *, limit: int) -> bytes | None:
        return self._call(lambda: self._relay.get(name, limit=limit))

    def names(self, prefix: str) -> tuple[str, ...]:
        return self._call(lambda: self._relay.names(prefix))

    def drop(self, name: str) -> None:
        self._call(lambda: self._relay.drop(name))

    def close(self) -> None:
        self._relay.close()


@contextmanager
def counted(step: Step) -> Iterator[None]:
    """Make every fsync, every naming of a file by sync and every transaction a step."""
    sync, settle, transaction = os.fsync, parts.settle, Vault.transaction

    def stepping_sync(descriptor: int) -> None:
        step()
        sync(descriptor)

    def stepping_settle(temporary: Path, target: Path) -> None:
        step()
        settle(temporary, target)
        step()

    @contextmanager
    def stepping_transaction(vault: Vault, *given: Any) -> Iterator[Any]:
        step()
        with transaction(vault, *given) as tx:
            yield tx
            step()
        step()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", stepping_sync)
        patch.setattr(parts, "settle", stepping_settle)
        patch.setattr("intake_app.sync.receiver.settle", stepping_settle)
        patch.setattr(Vault, "transaction", stepping_transaction)
        yield


def nothing() -> None:
    """Take no notice of a step."""


class Side:
    """What one side does, from any point on; `done` may be called again and again."""

    name = ""

    def prepare(self, root: Path) -> None:
        """Bring both vaults and the relay to where the work begins."""
        pair = make_pair(root)
        add_papers(pair.azc, pair.person())
        pair.close()

    def work(self, root: Path, step: Step) -> None:
        """Do the work, or what is left of it."""
        raise NotImplementedError

    def after(self, root: Path) -> None:
        """Let the other side do its part, and check everything."""
        raise NotImplementedError


def add_papers(vault: Vault, person: Any) -> None:
    """Give somebody an attachment that makes three parts of a dossier."""
    paper = b"%PDF-1.7\n" + hashlib.shake_256(b"papier").digest(1_200_000)
    told: dict[str, Any] = {
        "title": "Diploma", "media_type": "application/pdf", "category": "opleiding",
        "kind": AttachmentKind.DIPLOMA,
    }  # fmt: skip
    with vault.transaction(actor_of(vault), "bijlage toevoegen") as tx:
        tx.attachments.add(person.person_id, [paper], env=vault.env, **told)


@contextmanager
def opened(folder: Path) -> Iterator[Vault]:
    """Open a vault, and close it unless the process ends.

    No two processes make the same UUIDs, and their clocks go on from one to the next.
    """
    vault = opened_again(folder)
    own = environment(os.getpid())
    vault.env = Environment(now=_now, uuid=own.uuid, random=own.random)
    yield vault
    vault.close()


def _now() -> datetime:
    return START + timedelta(hours=1, seconds=time.monotonic() - _BEGUN)


def send(root: Path, step: Step = nothing) -> None:
    """Open the sender and do a pass."""
    with opened(root / AZC) as vault:
        send_from(vault, root, step)


def send_from(vault: Vault, root: Path, step: Step) -> None:
    settings = SyncSettings(send=RelayPlace("folder", str(root / POST)))
    report = sync_now.run_once(
        vault, lambda _place: Stepping(root / POST, step), settings=settings, force=True
    )
    assert (report.failed, report.paused) == (0, None)


def take(root: Path, step: Step = nothing) -> None:
    """Open the receiver and do a pass."""
    with opened(root / TOWN) as vault:
        report = sync_now.receive_once(vault, Stepping(root / POST, step), force=True)
        assert (report.failed, report.refused, report.paused) == (0, 0, None)


class Sealer(Side):
    """Seals for sync: it is queued whole, or not at all and can be sealed again."""

    name = "klaarzetten"

    def work(self, root: Path, step: Step) -> None:
        with opened(root / AZC) as vault:
            with vault.read() as records:
                there = records.outbox.all()
            if not there:
                hand_over.seal(vault, _person(vault), by_sync=True)

    def after(self, root: Path) -> None:
        send(root)
        take(root)
        send(root)
        check(root, HandoverState.ONTVANGEN)


class Sender(Sealer):
    """Sends what is queued."""

    name = "afzender"

    def prepare(self, root: Path) -> None:
        super().prepare(root)
        Sealer().work(root, nothing)

    def work(self, root: Path, step: Step) -> None:
        send(root, step)


class Receiver(Side):
    """Empties its box, three parts and a receipt."""

    name = "ontvanger"

    def prepare(self, root: Path) -> None:
        super().prepare(root)
        Sealer().work(root, nothing)
        send(root)

    def work(self, root: Path, step: Step) -> None:
        take(root, step)

    def after(self, root: Path) -> None:
        send(root)
        check(root, HandoverState.ONTVANGEN)


class Deciding(Receiver):
    """Opens, accepts, and answers."""

    name = "overnemen"

    def prepare(self, root: Path) -> None:
        super().prepare(root)
        take(root)

    def work(self, root: Path, step: Step) -> None:
        with opened(root / TOWN) as vault:
            with vault.read() as records:
                (arrival,) = records.arrivals.all()
                items = records.inbox.all()
            if arrival.state is ArrivalState.ONTVANGEN:
                items = (receive.take_in_arrival(vault, arrival.zid),)
            if items[0].state is InboxState.GEOPEND:
                receive.accept(vault, items[0].handover_id, first_talk=None)
            sync_now.receive_once(vault, Stepping(root / POST, step), force=True)

    def after(self, root: Path) -> None:
        send(root)
        check(root, HandoverState.GEACCEPTEERD)


class Polling(Deciding):
    """Takes in three receipts."""

    name = "bewijzen"

    def prepare(self, root: Path) -> None:
        super().prepare(root)
        Deciding().work(root, nothing)

    def work(self, root: Path, step: Step) -> None:
        send(root, step)

    def after(self, root: Path) -> None:
        check(root, HandoverState.GEACCEPTEERD)


def _person(vault: Vault) -> Any:
    with vault.read() as records:
        (person,) = records.persons.all()
    assert person.person_id == PERSON.person_id
    return person.person_id


def check(root: Path, expected: HandoverState) -> None:
    """Raise unless the dossier was received exactly once, whole, with everything cleared up."""
    left = [path for path in (root / POST / "v1" / "in").rglob("*") if path.is_file()]
    assert left == [], f"{len(left)} files left in the box"
    with opened(root / AZC) as vault:
        with vault.read() as records:
            handovers = [h for h in records.handovers.all() if h.state is expected]
            (item,) = [i for i in records.outbox.all() if i.kind is OutboxKind.ZENDING]
            kinds = [r.kind for r in records.receipts.of_handover(item.subject_id)]
            records.audit.verify()
        assert [h.handover_id for h in handovers] == [item.subject_id]
        assert sorted(set(kinds)) == sorted(kinds), "a receipt counted twice"
        out = {p.name for p in (vault.folder / queueing.OUT).iterdir()}
        frozen = (vault.folder / queueing.OUT / item.file_name).read_bytes()
        assert {name for name in out if name != item.file_name and _is_young(name)} == set()
        check_pages(vault)
    assert hashlib.sha256(frozen).hexdigest() == item.file_sha256
    with opened(root / TOWN) as vault:
        with vault.read() as records:
            (arrival,) = records.arrivals.all()
            waiting = [i for i in records.outbox.all() if i.state is not OutboxState.KLAAR]
            records.audit.verify()
        assert arrival.zid == item.zid
        assert waiting == []
        came = vault.folder / queueing.IN / arrival.zid
        if arrival.state is ArrivalState.ONTVANGEN:
            assert came.read_bytes() == frozen
        else:
            assert not came.exists()
        check_pages(vault)


def _is_young(name: str) -> bool:
    """What a kill left may stay for an hour: sealed files, and ciphertexts without a row."""
    return not (name.endswith((".zip", ".deel")) or len(name) == 26)


# ---- every step ---------------------------------------------------------------------------------


@dataclass
class Killed:
    """What killing at every step of a side came to."""

    name: str
    steps: int = 0
    kills: int = 0
    wrong: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.steps} steps, killed at {self.kills} of them, "
            f"{self.wrong.total()} wrong"
        )


def kill_at_every_step(
    processes: ForkServerContext, side: Side, folder: Path, every: int, *, quick: bool = False
) -> Killed:
    """Kill `side` at every step (or each n-th), let it go on, and check what came of it.

    Quickly, the database does not wait for the disk, which outlives a killed process anyway.
    """
    ours, theirs = processes.Pipe(duplex=False)
    process = processes.Process(target=_all, args=(side, folder, every, quick, theirs))
    process.start()
    theirs.close()
    try:
        found = ours.recv()
    except EOFError:
        found = None
    process.join()
    assert isinstance(found, Killed), f"{side.name} ended the process"
    return found


def _all(side: Side, folder: Path, every: int, quick: bool, answer: Connection) -> None:
    result = Killed(side.name)
    with pytest.MonkeyPatch.context() as patch:
        remember_derivations(patch, {})
        if quick:
            make_quick(patch)
        begin = folder / "begin"
        begin.mkdir()
        side.prepare(begin)
        root = folder / "nu"
        shutil.copytree(begin, root)
        _import_what_it_needs(side, root, folder)
        shutil.rmtree(root)
        # The log of steps is written by the child, so that counting needs no kill.
        shutil.copytree(begin, root)
        result.steps = _count(side, root, folder / "stappen")
        wrong = _in_child(lambda: side.after(root), folder)
        if wrong:
            result.wrong[f"without a kill: {wrong}"] += 1
        shutil.rmtree(root)
        for at in range(1, result.steps + 1, every):
            shutil.copytree(begin, root)
            code = _killed(side, root, at)
            result.kills += code == KILLED
            wrong = _in_child(lambda: side.work(root, nothing), folder)
            wrong = wrong or _in_child(lambda: side.after(root), folder)
            if wrong:
                result.wrong[f"step {at}: {wrong}"] += 1
            shutil.rmtree(root)
    answer.send(result)


def _import_what_it_needs(side: Side, root: Path, folder: Path) -> None:
    """Import here, once, what every child would import anew.

    The work itself is done by a child: what it leaves running or locked would be forked too, and a
    child that waits for a thread it does not have waits for ever.
    """
    names = folder / "modules"

    def child() -> None:
        side.work(root, nothing)
        side.after(root)
        names.write_text("\n".join(sys.modules))

    wrong = _in_child(child, folder)
    assert not wrong, wrong
    for name in names.read_text().split("\n"):
        with suppress(ImportError):
            importlib.import_module(name)


def _count(side: Side, root: Path, log: Path) -> int:
    def child() -> None:
        seen = 0

        def step() -> None:
            nonlocal seen
            seen += 1

        with counted(step):
            side.work(root, step)
        log.write_text(str(seen))

    wrong = _in_child(child, root.parent)
    assert not wrong, wrong
    return int(log.read_text())


def _killed(side: Side, root: Path, at: int) -> int:
    def child() -> None:
        left = at

        def step() -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os._exit(KILLED)

        with counted(step):
            side.work(root, step)

    pid = os.fork()
    if pid == 0:
        try:
            child()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _in_child(what: Callable[[], None], folder: Path) -> str:
    """Do something in a process of its own; return what went wrong, '' when nothing did."""
    report = folder / "fout"
    report.unlink(missing_ok=True)
    pid = os.fork()
    if pid == 0:
        code = 0
        try:
            what()
        except BaseException as error:  # noqa: BLE001  (the parent has to hear of it)
            place = traceback.extract_tb(error.__traceback__)[-1]
            text = f"{type(error).__name__}: {error} at {Path(place.filename).name}:{place.lineno}"
            report.write_text(text)
            code = WRONG
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return report.read_text() if code and report.exists() else ("ended" if code else "")
