"""Two organisations with boxes in the address book, and a relay between them in a folder.

pair = make_pair(tmp_path)
pair.offer(person); pair.send(); pair.receive()
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from support.chain import (
    Chain,
    add_person,
    check_number,
    entry_of,
    make_chain,
    route,
    save_book,
)

from intake_app.domain.environment import Environment
from intake_app.domain.handover import Handover
from intake_app.domain.person import Person
from intake_app.flows import hand_over, sync_now
from intake_app.flows.relays import RelayPlace, SyncSettings
from intake_app.flows.sync_report import ReceiveReport, SyncReport
from intake_app.sync.driver import Box
from intake_app.sync.folder import Folder
from intake_app.vault import Vault

AZC_BOX, TOWN_BOX = "azc7k2m4p6q8", "gm3x5z7b9d1f"


class Hands:
    """A clock that stands still until it is moved, over the environment of a vault."""

    def __init__(self, env: Environment) -> None:
        self._env, self.offset = env, timedelta()
        self.at = env.now()

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at + self.offset

    def environment(self) -> Environment:
        return Environment(now=self.now, uuid=self._env.uuid, random=self._env.random)


@dataclass
class Pair:
    """Sender, receiver and what is between them; `relay` makes what the passes talk to."""

    chain: Chain
    root: Path
    azc_clock: Hands
    town_clock: Hands
    relay: Callable[[], Box] = field(init=False)

    def __post_init__(self) -> None:
        self.relay = lambda: Folder(str(self.root))

    @property
    def azc(self) -> Vault:
        return self.chain.azc

    @property
    def town(self) -> Vault:
        return self.chain.town

    @property
    def settings(self) -> SyncSettings:
        return SyncSettings(send=RelayPlace("folder", str(self.root)))

    def person(self, number: int = 11) -> Person:
        from support.chain import PERSON

        changed = replace(PERSON, person_id=UUID(int=number), v_number=f"{number:010d}")
        return add_person(self.azc, changed)

    def offer(self, person: Person) -> Handover:
        """Seal for sync; nothing is sent yet."""
        return hand_over.seal(self.azc, person.person_id, by_sync=True)

    def send(self, **how: object) -> SyncReport:
        return sync_now.run_once(
            self.azc,
            lambda _place: self.relay(),
            settings=self.settings,
            **how,  # type: ignore[arg-type]
        )

    def receive(self, **how: object) -> ReceiveReport:
        return sync_now.receive_once(self.town, self.relay(), **how)  # type: ignore[arg-type]

    def later(self, **much: float) -> None:
        """Let time go by for both."""
        for clock in (self.azc_clock, self.town_clock):
            clock.at += timedelta(**much)

    def handover(self, handover_id: UUID) -> Handover:
        with self.azc.read() as records:
            found = records.handovers.get(handover_id)
        assert found is not None
        return found

    def files(self) -> set[str]:
        """Return the names of everything on the relay."""
        return {
            path.relative_to(self.root).as_posix()
            for path in self.root.rglob("*")
            if path.is_file()
        }

    def close(self) -> None:
        self.chain.close()


def make_pair(tmp_path: Path) -> Pair:
    """Return a team and a municipality that can reach each other over a folder."""
    chain = make_chain(tmp_path)
    clocks = [Hands(vault.env) for vault in (chain.azc, chain.town)]
    for vault, clock in zip((chain.azc, chain.town), clocks, strict=True):
        vault.env = clock.environment()
    entries = (
        replace(entry_of(chain.azc, "azc"), box=AZC_BOX),
        replace(entry_of(chain.town, "uitvoerder"), box=TOWN_BOX),
    )
    for vault in (chain.azc, chain.town):
        save_book(vault, *entries, serial=2)
    route(chain.azc, chain.town)
    check_number(chain.azc, entries[1])
    root = tmp_path / "postbus"
    root.mkdir()
    return Pair(chain, root, *clocks)
