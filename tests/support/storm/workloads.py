"""What a colleague does while the power fails: the real service layer, step by step.

Each workload prepares a folder (`prepare`, before the recording), works in it and says what is
durable (`run`, in the recorded process) and judges what a cut left (`check`).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from support.interviews import add_person, key, start_small
from support.storm.oracle import (
    Tell,
    Told,
    check_pages,
    check_told,
    now_in,
    opened_again,
    state_of,
    tell_every_commit,
    told,
)
from support.vaults import CHEAP, PASSPHRASE, environment, make_vault, prepared_vault

from intake_app.crypto.slots import KeyFile
from intake_app.domain.interview import AnswerState
from intake_app.flows.interview import InterviewFlow
from intake_app.vault import Vault, VaultError, keys
from intake_app.vault import folder as places

GOLDEN = Path(__file__).parents[2] / "vault" / "data"
GOLDEN_PASSPHRASE = "golden kluis: vijf oude woorden"
VAULT = "kluis"


@dataclass(frozen=True, slots=True)
class Cut:
    """What the world knew when the power went: what was said, and what was to be said next."""

    before: list[bytes]
    coming: bytes | None
    step_unknown: bool = False
    """Whether nobody can tell what the step under way makes of the vault (new random numbers)."""

    def tellings(self) -> tuple[list[Told], Told | None]:
        coming = None if self.coming is None else told(self.coming)
        return [told(each) for each in self.before], coming


class Workload:
    """Base of all; `name` shows in the figures."""

    name = ""

    def prepare(self, root: Path) -> None:
        """Make what there is before the recording begins."""

    def run(self, root: Path, tell: Tell) -> None:
        """Work in `root`, and tell what is durable."""
        raise NotImplementedError

    def check(self, root: Path, cut: Cut) -> None:
        """Raise anything unless `root` is what a cut may leave."""
        raise NotImplementedError


class OpenVault(Workload):
    """A workload on a vault that exists: judged by its whole content."""

    folder = VAULT

    def prepare(self, root: Path) -> None:
        vault = prepared_vault(root / self.folder)
        self.fill(vault)
        vault.close()

    def fill(self, vault: Vault) -> None:
        """Put in the vault what there is before the recording begins."""

    def run(self, root: Path, tell: Tell) -> None:
        vault = opened_again(root / self.folder)
        tell_every_commit(vault, tell)
        self.work(vault, root)
        vault.close()

    def work(self, vault: Vault, root: Path) -> None:
        """Do the work; each commit is told of by itself."""
        raise NotImplementedError

    def check(self, root: Path, cut: Cut) -> None:
        before, coming = cut.tellings()
        vault = opened_again(root / self.folder)
        try:
            if before:
                check_told(vault, before, coming, step_unknown=cut.step_unknown)
            check_pages(vault)
        finally:
            vault.close()


@dataclass
class Autosave(OpenVault):
    """An interview: answers, text being typed, repeats, notes, and going on to the next page."""

    name = "autosave"
    rounds: int = 12

    def fill(self, vault: Vault) -> None:
        add_person(vault)

    def work(self, vault: Vault, root: Path) -> None:
        flow = interview_with_the_only_person(vault)
        for number in range(self.rounds):
            one_round(flow, number)


def interview_with_the_only_person(vault: Vault) -> InterviewFlow:
    """Begin an interview."""
    with vault.read() as records:
        (person,) = records.persons.all()
    flow = start_small(vault, person_id=person.person_id)
    flow.answer(key("gewerkt"), "ja")
    return flow


def one_round(flow: InterviewFlow, number: int) -> None:
    """Do a little of everything that is possible in the small form."""
    (first, *more) = flow.session.repeats(key("baan").path)
    flow.save_typing(key("functie", first), f"bakker {number} " * (number + 1))
    flow.answer(key("leeftijd"), str(number + 18))
    instance, _ = flow.add_repeat(key("baan").path)
    flow.answer(key("functie", instance), f"baan {number}")
    if more:
        flow.remove_repeat(key("baan").path, more[0])
    flow.answer(key("talen"), "tir" if number % 2 else "nld")
    flow.note(key("gewerkt"), f"notitie {number}", in_handover=bool(number % 2))
    flow.later(key("talen"), flag=bool(number % 2))
    flow.set_state(key("opmerking"), AnswerState.REFUSED)
    pages = flow.session.pages()
    flow.move_to(pages[number % len(pages)].key)


class Making(Workload):
    """A vault being made: it is there, or it can be made."""

    name = "kluis maken"

    def run(self, root: Path, tell: Tell) -> None:
        vault = make_vault(root / VAULT)
        tell(now_in(vault).packed())
        vault.close()

    def check(self, root: Path, cut: Cut) -> None:
        before, coming = cut.tellings()
        folder = root / VAULT
        made = Vault.exists(folder)
        assert made or not before, "the vault that was made is gone"
        vault = opened_again(folder) if made else make_vault(folder)
        try:
            expected = before[-1] if before else coming
            assert expected is not None
            assert state_of(vault) == expected.state
            with vault.read() as records:
                records.audit.verify(before[-1].audit if before else None)
            check_pages(vault)
        finally:
            vault.close()
        check_key_files(folder)


@dataclass
class Migrating(Workload):
    """A vault of an earlier version is opened: the old or the new, and a whole copy of the old."""

    version: int

    def __post_init__(self) -> None:
        self.name = f"versie {self.version} bijwerken"

    def prepare(self, root: Path) -> None:
        shutil.copytree(GOLDEN / f"versie-{self.version}", root / VAULT)

    def run(self, root: Path, tell: Tell) -> None:
        vault = opened_again(root / VAULT, GOLDEN_PASSPHRASE)
        tell(now_in(vault).packed())
        vault.close()

    def check(self, root: Path, cut: Cut) -> None:
        before, coming = cut.tellings()
        expected = before[-1] if before else coming
        self._check_state(root / VAULT, expected, before)
        # The copy is of use only if it is the old vault, and opens by itself.
        copy = root / VAULT / f"kopie-van-versie-{self.version}"
        old = GOLDEN / f"versie-{self.version}" / places.DATABASE
        assert (copy / places.DATABASE).read_bytes() == old.read_bytes()
        shutil.copytree(copy, root / "kopie")
        self._check_state(root / "kopie", expected, [])

    def _check_state(self, folder: Path, expected: Told | None, before: list[Told]) -> None:
        vault = opened_again(folder, GOLDEN_PASSPHRASE)
        try:
            assert expected is not None
            assert state_of(vault) == expected.state
            with vault.read() as records:
                records.audit.verify(before[-1].audit if before else None)
            check_pages(vault)
        finally:
            vault.close()


@dataclass
class KeyFiles(Workload):
    """The key file is written anew, with another passphrase each time: one always opens."""

    name = "sleutelbestand"
    rounds: int = 6
    content: tuple[bytes, ...] = field(default=(), repr=False)

    def prepare(self, root: Path) -> None:
        self.content = made_key_files(self.rounds)
        (root / VAULT).mkdir()
        keys.write(root / VAULT, KeyFile.from_bytes(self.content[0]))

    def run(self, root: Path, tell: Tell) -> None:
        for number, content in enumerate(self.content):
            keys.write(root / VAULT, KeyFile.from_bytes(content))
            tell(str(number).encode())

    def check(self, root: Path, cut: Cut) -> None:
        said = int(cut.before[-1]) if cut.before else 0
        try:
            open_key_files(root / VAULT, passphrase_of(said))
        except VaultError:
            assert cut.coming is not None
            open_key_files(root / VAULT, passphrase_of(said + 1))
        check_key_files(root / VAULT)


def open_key_files(folder: Path, passphrase: str) -> None:
    """Open the key file and mend its copies, as opening a vault does. Raises VaultError."""
    key_file, _slot = keys.open_with(folder, passphrase)
    keys.write(folder, key_file)


def check_key_files(folder: Path) -> None:
    """Raise AssertionError unless both copies of the key file are there and the same."""
    assert (folder / keys.FIRST).read_bytes() == (folder / keys.SECOND).read_bytes()


def passphrase_of(number: int) -> str:
    """Return the passphrase of a generation of the key file."""
    return f"{PASSPHRASE} {number}"


def made_key_files(count: int) -> tuple[bytes, ...]:
    """Return that many generations of a key file, each with a passphrase of its own."""
    env = environment(3)
    key_file, master = KeyFile.create(env.uuid(), random=env.random)
    key_file = key_file.add_passphrase_slot(
        master,
        user_id=env.uuid(),
        passphrase=passphrase_of(0),
        roles=("intake",),
        keyring={"ed25519": bytes(32)},
        kdf=CHEAP,
        random=env.random,
    )
    found = [key_file.to_bytes()]
    for number in range(1, count):
        key_file = key_file.change_passphrase(
            passphrase_of(number - 1), passphrase_of(number), kdf=CHEAP, random=env.random
        )
        found.append(key_file.to_bytes())
    return tuple(found)
