"""A desk with the thread of sync, a relay that does what a test wants, and the pages on it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from support.by_post import know_boxes, set_relay
from support.chain import PERSON, Chain, add_person, make_chain
from support.qt import RecordingNavigator, ScriptedPicker, make_context, make_theme, settle

from intake_app.domain.handover import Handover
from intake_app.flows import hand_over
from intake_app.sync.connecting import RelayPlace
from intake_app.sync.driver import Put
from intake_app.sync.errors import SyncError
from intake_app.sync.folder import Folder
from intake_app.ui.context import AppContext
from intake_app.ui.sync.bridge import SyncBridge
from intake_app.vault import Vault

PATIENCE = 20


class FakeReach(QObject):
    """What the platform says, as the test wants it."""

    back = Signal()

    def __init__(self, parent: QObject, post: Post) -> None:
        super().__init__(parent)
        self._post = post

    def is_metered(self) -> bool:
        return self._post.metered


class Post:
    """A relay in a folder: `error` refuses everything, `hold` lets a put wait for `go`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.error: SyncError | None = None
        self.metered = False
        self.hold = False
        self.holding = threading.Event()
        self.go = threading.Event()
        self.connected = 0
        self.reach: FakeReach | None = None

    @property
    def place(self) -> RelayPlace:
        return RelayPlace("folder", str(self.folder))

    def connect(self, place: RelayPlace) -> Folder:
        self.connected += 1
        if self.error is not None:
            raise self.error
        return _Held(place.address, self)

    def files(self) -> set[str]:
        return {path.name for path in self.folder.rglob("*") if path.is_file()}

    def make_reach(self, parent: QObject) -> FakeReach:
        self.reach = FakeReach(parent, self)
        return self.reach


class _Held(Folder):
    def __init__(self, address: str, post: Post) -> None:
        super().__init__(address)
        self._post = post

    def put(self, name: str, data: bytes, *, once: bool = True) -> Put:
        done = super().put(name, data, once=once)
        if self._post.hold:
            self._post.holding.set()
            assert self._post.go.wait(PATIENCE)
        return done


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made = make_chain(tmp_path)
    know_boxes(made.azc, made.town)
    add_person(made.azc)
    yield made
    made.close()


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    made = Post(tmp_path / "post")
    yield made
    made.go.set()


MakeContext = Callable[..., AppContext]


@pytest.fixture
def desk(qapp, post: Post) -> Iterator[MakeContext]:
    """Return what makes a context with a thread of sync; all threads end afterwards."""
    made: list[SyncBridge] = []

    def context(
        vault: Vault,
        *,
        pick: ScriptedPicker | None = None,
        scale: float = 1.0,
        scheme: str = "light",
        begin: bool = True,
    ) -> AppContext:
        theme = make_theme(qapp, scheme, scale)  # type: ignore[arg-type]
        plain = make_context(vault, theme, pick=pick, navigate=RecordingNavigator())
        bridge = SyncBridge(vault, plain.events, connect=post.connect, reachability=post.make_reach)
        made.append(bridge)
        if begin:
            bridge.begin()
        return replace(plain, sync=bridge)

    yield context
    post.go.set()
    for bridge in made:
        bridge.stop()
        if bridge._worker is not None:
            assert bridge._worker.stop(PATIENCE)
    settle(qapp)


@pytest.fixture
def sealed(chain: Chain, post: Post) -> Handover:
    """A dossier sealed for the relay, which is set up; nothing was sent yet."""
    set_relay(chain.azc, send=post.place)
    return hand_over.seal(chain.azc, PERSON.person_id, by_sync=True)
