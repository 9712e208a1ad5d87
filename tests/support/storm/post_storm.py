"""A storm on a real relay: sender, receiver and server killed, the line cut, and all of it again.

Both ends are processes of their own that do pass after pass until they are killed and started anew.
Between them and the server stands the fault proxy. When enough went wrong it becomes calm, and then
everything has to have arrived: each dossier once, byte for byte, answered, and cleared up.
"""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from support.chain import PERSON
from support.chaos import Chaos, Faults, Portal
from support.post import AZC_BOX, TOWN_BOX, make_pair
from support.relays import Served, apache
from support.storm.oracle import check_pages, opened_again
from support.vaults import START, actor_of, environment

from intake_app.domain.attachment import AttachmentKind
from intake_app.domain.handover import HandoverState
from intake_app.domain.transport import ArrivalState, OutboxKind, OutboxState
from intake_app.flows import queueing, receive, sync_now
from intake_app.flows.relays import RelayPlace, SyncSettings
from intake_app.sync.proxies import Direct
from intake_app.sync.webdav import Patience, WebDav
from intake_app.vault import Vault

AZC, TOWN = "azc", "gemeente"
PATIENCE = Patience(connect=2.0, piece=2.0, whole=60.0)
PLANTED = (
    PERSON.family_name,
    PERSON.call_name,
    PERSON.v_number,
    "Gemeente Voorbeeldstad",
    "AZC Voorbeeld",
)


@dataclass(frozen=True)
class Scale:
    """How much has to happen before it becomes calm, and how long that may then take."""

    dossiers: int
    sender_kills: int
    receiver_kills: int
    server_kills: int
    cuts: int
    calm: float


CI = Scale(dossiers=14, sender_kills=14, receiver_kills=14, server_kills=4, cuts=40, calm=120)
FULL = Scale(dossiers=80, sender_kills=92, receiver_kills=92, server_kills=21, cuts=260, calm=600)


@dataclass
class Came:
    """What a storm came to."""

    seed: int
    scale: Scale
    happened: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    seconds: float = 0.0
    calm_seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)
    orphans: int = 0

    def __str__(self) -> str:
        count = self.happened
        return (
            f"storm on Apache, seed {self.seed}: {self.scale.dossiers} dossiers of "
            f"{self.bytes / 1e6:.0f} MB, {count['sender killed']} sender, "
            f"{count['receiver killed']} receiver and {count['server killed']} server kills, "
            f"{count['connections cut']} connections cut, {count['portal']} portals, "
            f"{count['black hole']} black holes, {count['answer eaten']} times answers eaten; "
            f"{self.seconds:.0f} s and {self.calm_seconds:.0f} s of calm; {len(self.wrong)} wrong"
        )


# ---- the two ends, each in a process of its own --------------------------------------------------


@contextmanager
def _opened(folder: Path, start: int) -> Iterator[Vault]:
    vault = opened_again(folder)
    vault.env = environment(start, START + timedelta(hours=1, minutes=start))
    yield vault
    vault.close()


def _box(place: RelayPlace) -> WebDav:
    return WebDav(
        place.address,
        user=place.user,
        password=place.password,
        certificate=place.certificate,
        proxy=Direct(),
        patience=PATIENCE,
    )


def send_for_ever(folder: Path, place: RelayPlace, start: int, tell: Connection) -> None:
    """Send and ask for receipts, pass after pass; say how far all is after each."""
    pause = threading.Event()
    with _opened(folder, start) as vault:
        relay = _box(place)
        settings = SyncSettings(send=place)
        while True:
            sync_now.run_once(vault, lambda _place: relay, settings=settings, force=True)
            found = sync_now.summary(vault)
            tell.send((found.waiting, found.offered, found.received, found.attention))
            pause.wait(0.02)


def receive_for_ever(folder: Path, place: RelayPlace, start: int, tell: Connection) -> None:
    """Empty the box, pass after pass; say what came in after each."""
    pause = threading.Event()
    with _opened(folder, start) as vault:
        box = _box(place)
        while True:
            sync_now.receive_once(vault, box, force=True)
            found = sync_now.summary(vault)
            tell.send((found.waiting, found.unopened, found.refused, found.attention))
            pause.wait(0.02)


class _End:
    """One end: started, killed, started anew."""

    def __init__(self, processes: ForkServerContext, work: Any, folder: Path, place: RelayPlace):
        self._processes, self._work = processes, work
        self._folder, self._place = folder, place
        self._starts = 0
        self.said: tuple[int, ...] = ()
        self.start()

    def start(self) -> None:
        self._starts += 1
        self._ours, theirs = self._processes.Pipe(duplex=False)
        given = (self._folder, self._place, self._starts, theirs)
        self.process: BaseProcess = self._processes.Process(target=self._work, args=given)
        self.process.start()
        theirs.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self._ours.close()

    def listen(self) -> None:
        """Take in what it said; raises when it ended by itself."""
        while self._ours.poll():
            try:
                self.said = self._ours.recv()
            except EOFError:
                self.process.join()
                raise RuntimeError(f"{self._work.__name__} ended by itself") from None

    @property
    def sentinel(self) -> int:
        return self.process.sentinel


# ---- the storm -----------------------------------------------------------------------------------


def storm(processes: ForkServerContext, root: Path, scale: Scale, seed: int) -> Came:
    """Let it rage until enough happened, wait for the calm to finish, and check everything."""
    came = Came(seed, scale)
    rng = random.Random(seed)  # noqa: S311
    sizes = _prepare(root, scale, rng)
    came.bytes = sum(sizes.values())
    with apache(boxes=(AZC_BOX, TOWN_BOX)) as served, Chaos(served.port, seed=seed) as line:
        began = time.monotonic()
        sender = _End(
            processes, send_for_ever, root / AZC, served.through(served.laptop(AZC_BOX), line.port)
        )
        receiver = _End(
            processes,
            receive_for_ever,
            root / TOWN,
            served.through(served.owner(TOWN_BOX), line.port),
        )
        try:
            _rage(came, rng, served, line, sender, receiver)
            came.seconds = time.monotonic() - began
            line.faults = Faults()
            _calm(came, sender, receiver)
            came.calm_seconds = time.monotonic() - began - came.seconds
        finally:
            sender.kill()
            receiver.kill()
        came.happened["connections cut"] += line.counts.cuts
        _check_relay(came, served.post)
    _check_vaults(came, root, sizes)
    return came


def _prepare(root: Path, scale: Scale, rng: random.Random) -> dict[str, int]:
    """Queue the dossiers; the sizes of their ciphertexts by name on the relay."""
    pair = make_pair(root)
    for number in range(scale.dossiers):
        person = pair.person(1_000_000 + 10_000 * number)
        if number % 3 == 0:
            paper = b"%PDF-1.7\n" + rng.randbytes(rng.randrange(100_000, 4_000_000))
            with pair.azc.transaction(actor_of(pair.azc), "bijlage toevoegen") as tx:
                tx.attachments.add(
                    person.person_id, [paper], title="Diploma", media_type="application/pdf",
                    category="opleiding", kind=AttachmentKind.DIPLOMA, env=pair.azc.env,
                )  # fmt: skip
        pair.offer(person)
    with pair.azc.read() as records:
        sizes = {i.zid: i.file_size for i in records.outbox.all() if i.kind is OutboxKind.ZENDING}
    pair.close()
    return sizes


def _rage(
    came: Came, rng: random.Random, served: Served, line: Chaos, sender: _End, receiver: _End
) -> None:
    scale, happened = came.scale, came.happened
    wanted = {
        "sender killed": scale.sender_kills,
        "receiver killed": scale.receiver_kills,
        "server killed": scale.server_kills,
    }
    while any(happened[what] < many for what, many in wanted.items()) or (
        line.counts.cuts + happened["connections cut"] < scale.cuts
    ):
        _listen(sender, receiver, rng.expovariate(1 / 0.3))
        what = rng.choices(
            ("sender killed", "receiver killed", "server killed", "cut", "line"),
            weights=(5, 5, 1.2, 4, 5),
        )[0]
        match what:
            case "sender killed":
                sender.kill()
                sender.start()
            case "receiver killed":
                receiver.kill()
                receiver.start()
            case "server killed":
                served.kill()
                _listen(sender, receiver, rng.uniform(0, 0.6))
                served.start()
            case "cut":
                line.cut_all()
                continue
            case _:
                name, line.faults = _bad_line(rng)
                what = name
        happened[what] += 1


def _bad_line(rng: random.Random) -> tuple[str, Faults]:
    """Choose what is wrong with the line next; now and then nothing is, so that something moves."""
    slow = rng.choice((None, 400_000.0, 2_000_000.0))
    return rng.choice(
        (
            ("fine", Faults(rate=slow)),
            ("fine", Faults(rate=slow)),
            ("cut on the way up", Faults(cut_up=rng.randrange(2_000, 900_000), rate=slow)),
            ("answer eaten", Faults(cut_down=0)),
            ("cut on the way down", Faults(cut_down=rng.randrange(100, 400_000), rate=slow)),
            ("short lives", Faults(life=rng.uniform(0.1, 1.0), rate=slow)),
            ("portal", Faults(portal=rng.choice(tuple(Portal)))),
            ("black hole", Faults(black_hole=True)),
            ("refused", Faults(refuse=True)),
        )
    )


def _listen(sender: _End, receiver: _End, seconds: float) -> None:
    """Let them work; fails when one of them ended by itself."""
    ended = wait([sender.sentinel, receiver.sentinel], timeout=seconds)
    assert not ended, "an end of the line ended by itself"
    sender.listen()
    receiver.listen()


def _calm(came: Came, sender: _End, receiver: _End) -> None:
    """Wait until nothing waits, all is received and every receipt is in."""
    many = came.scale.dossiers
    until = time.monotonic() + came.scale.calm
    while time.monotonic() < until:
        _listen(sender, receiver, 0.2)
        if sender.said[:3] == (0, 0, many) and receiver.said[:2] == (0, many):
            return
    came.wrong.append(f"not calm: sender {sender.said}, receiver {receiver.said}")


# ---- what has to be true -------------------------------------------------------------------------


def _check_relay(came: Came, post: Path) -> None:
    """Nothing is left in the box, and nobody's name was ever on the relay."""
    for path in post.rglob("*"):
        if not path.is_file():
            continue
        if path.name.startswith(".davfs"):
            came.orphans += 1
        elif path.parent.parent.name == "in":
            came.wrong.append(f"left in the box: {path.suffix}")
        data = path.read_bytes()
        for name in PLANTED:
            if name.encode() in data or name in path.name:
                came.wrong.append("a planted name is on the relay")


def _check_vaults(came: Came, root: Path, sizes: dict[str, int]) -> None:
    """Raise unless each dossier was received exactly once, whole, and every receipt is in."""
    frozen: dict[str, str] = {}
    with _opened(root / AZC, 1000) as vault:
        with vault.read() as records:
            items = [i for i in records.outbox.all() if i.kind is OutboxKind.ZENDING]
            states = Counter(h.state for h in records.handovers.all())
            receipts = Counter(
                r.kind for i in items for r in records.receipts.of_handover(i.subject_id)
            )
            records.audit.verify()
        check_pages(vault)
        for item in items:
            data = (vault.folder / queueing.OUT / item.file_name).read_bytes()
            frozen[item.zid] = hashlib.sha256(data).hexdigest()
            if frozen[item.zid] != item.file_sha256:
                came.wrong.append("a frozen ciphertext changed")
    many = came.scale.dossiers
    if states != {HandoverState.ONTVANGEN: many}:
        came.wrong.append(f"handovers: {dict(states)}")
    if receipts != {HandoverState.ONTVANGEN: many}:
        came.wrong.append(f"receipts: {dict(receipts)}")
    with _opened(root / TOWN, 1000) as vault:
        with vault.read() as records:
            arrivals = records.arrivals.all()
            waiting = [i for i in records.outbox.all() if i.state is not OutboxState.KLAAR]
            records.audit.verify()
        check_pages(vault)
        came.wrong += ["a receipt still waits"] * len(waiting)
        if sorted(a.zid for a in arrivals) != sorted(sizes):
            came.wrong.append(f"{len(arrivals)} arrivals")
        for arrival in arrivals:
            data = (vault.folder / queueing.IN / arrival.zid).read_bytes()
            if hashlib.sha256(data).hexdigest() != frozen[arrival.zid]:
                came.wrong.append("bytes differ")
            if arrival.state is not ArrivalState.ONTVANGEN:
                came.wrong.append(f"an arrival is {arrival.state}")
            receive.open_arrival(vault, arrival.zid)
