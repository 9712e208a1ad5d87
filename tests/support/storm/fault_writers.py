"""The writers of the program, each with what must be true when one of its calls failed."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from support.chain import PERSON, add_person, make_chain
from support.interviews import MarkedTexts, key, resume
from support.interviews import add_person as add_somebody
from support.storm.faults import Writer
from support.storm.oracle import check_pages, opened_again, state_of
from support.storm.workloads import (
    GOLDEN,
    GOLDEN_PASSPHRASE,
    VAULT,
    check_key_files,
    interview_with_the_only_person,
    made_key_files,
    open_key_files,
    passphrase_of,
)
from support.vaults import actor_of, make_vault, prepared_vault

from intake_app.crypto.slots import KeyFile
from intake_app.domain.handover import HandoverState, InboxState
from intake_app.flows import hand_over, receive
from intake_app.flows.hand_over import HandOverRefused
from intake_app.flows.interview import InterviewFlow
from intake_app.flows.receive import ReceiveRefused
from intake_app.handover.errors import Refusal, SealError
from intake_app.handover.open import inspect
from intake_app.vault import Vault, VaultError, keys

STICK, TOWN, AZC = "stick", "gemeente", "azc"


class Opened(Writer):
    """A writer in a vault that is open already. After the fault the vault works as before."""

    declared: tuple[type[Exception], ...] = (VaultError,)
    folder = VAULT
    vault: Vault | None = None

    def ready(self, root: Path) -> None:
        self.vault = opened_again(root / self.folder)

    def release(self) -> None:
        if self.vault is not None:
            self.vault.close()

    def check(self, root: Path, done: bool) -> None:
        assert self.vault is not None
        self.check_content(self.vault, root, done)
        # The same program goes on as if nothing had happened ...
        with self.vault.transaction(actor_of(self.vault), "na de fout") as tx:
            tx.settings.set("na de fout", "ja")
        held = state_of(self.vault)
        self.vault.close()
        # ... and what it then stored is what the next start finds.
        self.vault = opened_again(root / self.folder)
        assert state_of(self.vault) == held
        check_pages(self.vault)
        with self.vault.read() as records:
            records.audit.verify()

    def check_content(self, vault: Vault, root: Path, done: bool) -> None:
        """Raise anything unless the open vault holds the new, or if not `done` also the old."""
        raise NotImplementedError


@dataclass
class Answering(Opened):
    """Answers of an interview: one that changes others, a text being typed, another repeat."""

    name = "antwoord"
    flow: InterviewFlow | None = None

    def prepare(self, root: Path) -> None:
        vault = prepared_vault(root / VAULT)
        add_somebody(vault)
        interview_with_the_only_person(vault)
        vault.close()

    def ready(self, root: Path) -> None:
        super().ready(root)
        assert self.vault is not None
        with self.vault.read() as records:
            (person,) = records.persons.all()
            (interview,) = records.interviews.of_person(person.person_id)
        self.flow = InterviewFlow.resume(
            self.vault, MarkedTexts(), interview.interview_id, actor_of(self.vault)
        )

    def work(self, root: Path) -> None:
        assert self.flow is not None
        (first, *_) = self.flow.session.repeats(key("baan").path)
        self.flow.save_typing(key("functie", first), "bak")
        self.flow.answer(key("leeftijd"), "33")
        self.flow.add_repeat(key("baan").path)

    def check_content(self, vault: Vault, root: Path, done: bool) -> None:
        flow = self.flow
        assert flow is not None
        stored = resume(vault, flow)
        shown = {k: flow.session.value(k) for page in flow.session.pages() for k in page.keys}
        assert shown == {k: stored.session.value(k) for k in shown}, "the screen shows other things"
        jobs = len(stored.session.repeats(key("baan").path))
        given = (stored.session.value(key("leeftijd")) == "33", jobs == 2)
        assert not done or given == (True, True)
        flow.answer(key("leeftijd"), "44")
        assert resume(vault, flow).session.value(key("leeftijd")) == "44"


class Making(Writer):
    """A vault being made: it is there whole, or it can be made."""

    name = "kluis maken"
    declared = (VaultError,)
    vault: Vault | None = None

    def work(self, root: Path) -> None:
        self.vault = make_vault(root / VAULT)

    def check(self, root: Path, done: bool) -> None:
        if self.vault is not None:
            self.vault.close()
        if Vault.exists(root / VAULT):
            self.vault = opened_again(root / VAULT)
        else:
            assert not done
            self.vault = make_vault(root / VAULT)
        check_pages(self.vault)
        check_key_files(root / VAULT)

    def release(self) -> None:
        if self.vault is not None:
            self.vault.close()
            self.vault = None


class Opening(Writer):
    """A vault is opened while things fail: the next time it opens."""

    name = "kluis openen"
    declared = (VaultError,)
    vault: Vault | None = None

    def prepare(self, root: Path) -> None:
        prepared_vault(root / VAULT).close()

    def work(self, root: Path) -> None:
        self.vault = opened_again(root / VAULT)

    def check(self, root: Path, done: bool) -> None:
        self.release()
        self.vault = opened_again(root / VAULT)
        check_pages(self.vault)
        check_key_files(root / VAULT)

    def release(self) -> None:
        if self.vault is not None:
            self.vault.close()
            self.vault = None


@dataclass
class Migrating(Writer):
    """A vault of an earlier version is opened: the old one, or the new one with a copy."""

    version: int = 1
    declared = (VaultError,)
    vault: Vault | None = None
    expected: str = ""

    def __post_init__(self) -> None:
        self.name = f"versie {self.version} bijwerken"

    def prepare(self, root: Path) -> None:
        shutil.copytree(GOLDEN / f"versie-{self.version}", root / VAULT)
        trial = root.parent / "proef"
        shutil.copytree(GOLDEN / f"versie-{self.version}", trial)
        vault = opened_again(trial, GOLDEN_PASSPHRASE)
        self.expected = state_of(vault)
        vault.close()
        shutil.rmtree(trial)

    def work(self, root: Path) -> None:
        self.vault = opened_again(root / VAULT, GOLDEN_PASSPHRASE)

    def check(self, root: Path, done: bool) -> None:
        self.release()
        self.vault = opened_again(root / VAULT, GOLDEN_PASSPHRASE)
        assert state_of(self.vault) == self.expected
        check_pages(self.vault)
        copy = root / VAULT / f"kopie-van-versie-{self.version}" / "kluis.db"
        original = GOLDEN / f"versie-{self.version}" / "kluis.db"
        assert copy.read_bytes() == original.read_bytes()

    def release(self) -> None:
        if self.vault is not None:
            self.vault.close()
            self.vault = None


@dataclass
class WritingKeyFiles(Writer):
    """Another key file over the one there is."""

    name = "sleutelbestand"
    declared = (VaultError,)
    content: tuple[bytes, ...] = field(default=(), repr=False)

    def prepare(self, root: Path) -> None:
        self.content = made_key_files(2)
        (root / VAULT).mkdir()
        keys.write(root / VAULT, KeyFile.from_bytes(self.content[0]))

    def work(self, root: Path) -> None:
        keys.write(root / VAULT, KeyFile.from_bytes(self.content[1]))

    def check(self, root: Path, done: bool) -> None:
        there = [(root / VAULT / name).read_bytes() for name in (keys.FIRST, keys.SECOND)]
        assert set(there) <= set(self.content)
        assert not done or set(there) == {self.content[1]}
        newest = passphrase_of(max(self.content.index(each) for each in there))
        open_key_files(root / VAULT, newest)
        check_key_files(root / VAULT)


class Sealing(Opened):
    """A handover: offered and on the stick, or neither."""

    name = "verzegelen"
    folder = AZC
    declared = (VaultError, SealError, HandOverRefused)

    def prepare(self, root: Path) -> None:
        chain = make_chain(root)
        add_person(chain.azc)
        chain.close()

    def work(self, root: Path) -> None:
        assert self.vault is not None
        hand_over.seal(self.vault, PERSON.person_id, root / STICK)

    def check_content(self, vault: Vault, root: Path, done: bool) -> None:
        check_stick(vault, root / STICK)
        with vault.read() as records:
            offered = [h for h in records.handovers.all() if h.state is HandoverState.AANGEBODEN]
        assert bool(offered) or not done


def check_stick(vault: Vault, stick: Path) -> None:
    """Raise anything unless each offered handover is there whole, and no file is half of one."""
    with vault.read() as records:
        handovers = records.handovers.all()
    for handover in handovers:
        if handover.state is HandoverState.AANGEBODEN:
            content = (stick / handover.file_name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == handover.file_sha256
    for path in stick.glob("overdracht-*"):
        assert inspect(path).size == path.stat().st_size


class Accepting(Opened):
    """A handover comes in and is accepted: with the person and a receipt, or not at all."""

    name = "ontvangen"
    folder = TOWN
    declared = (VaultError, SealError, ReceiveRefused, Refusal)

    def prepare(self, root: Path) -> None:
        chain = make_chain(root)
        add_person(chain.azc)
        hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
        chain.close()

    def work(self, root: Path) -> None:
        assert self.vault is not None
        (path,) = (root / STICK).glob("overdracht-*.zip")
        item = receive.take_in(self.vault, path)
        receive.accept(self.vault, item.handover_id, first_talk=None, receipt_folder=root / STICK)

    def check_content(self, vault: Vault, root: Path, done: bool) -> None:
        with vault.read() as records:
            items, persons = records.inbox.all(), records.persons.all()
        states = [item.state for item in items]
        accepted = states == [InboxState.GEACCEPTEERD]
        assert accepted or not done
        assert bool(persons) == accepted
        receipts = list((root / STICK).glob("ontvangst-*"))
        assert receipts or not done
        if accepted and not receipts:
            receive.write_receipt(vault, items[0].handover_id, root / STICK)
