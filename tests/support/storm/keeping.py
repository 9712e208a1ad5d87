"""Workloads of keeping a vault: who may open it, attachments, backups, and what has to go."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from support.interviews import add_person
from support.storm.oracle import Tell, Told, check_pages, now_in, opened_again, state_of
from support.storm.workloads import VAULT, Cut, OpenVault, Workload, check_key_files
from support.vaults import PASSPHRASE, actor_of, environment, prepared_vault

from intake_app.domain.actor import UserRole
from intake_app.domain.attachment import AttachmentKind
from intake_app.flows import attachments, back_up, retention
from intake_app.vault import Vault, WrongPassphrase, recovery, restore, users
from intake_app.vault.stores.removals import Ground

ANOTHER = "wolk ladder brief appel molen"
COLLEAGUE = "tegel zomer fiets kruik anker"


@dataclass
class Doors:
    """Which passphrases must open the vault now, which may, and which must not."""

    open: frozenset[str] = frozenset({PASSPHRASE})
    maybe: frozenset[str] = frozenset()
    shut: frozenset[str] = frozenset()
    cards: tuple[str, ...] = ()

    def packed(self) -> str:
        return json.dumps([sorted(self.open), sorted(self.maybe), sorted(self.shut), self.cards])


def doors(packed: str) -> Doors:
    """Return the doors that were told of."""
    opened, maybe, shut, cards = json.loads(packed)
    return Doors(frozenset(opened), frozenset(maybe), frozenset(shut), tuple(cards))


def between(one: Doors, other: Doors) -> Doors:
    """Return what is sure while one state becomes the other."""
    known = one.open | one.maybe | one.shut | other.open | other.maybe | other.shut
    sure, never = one.open & other.open, one.shut & other.shut
    cards = one.cards if one.cards == other.cards else ()
    return Doors(sure, known - sure - never, never, cards)


def check_doors(folder: Path, told: Doors) -> None:
    """Raise anything unless what must open the vault in a folder does, and what must not does not.

    Of those that may, at least one does when nothing else is sure.
    """
    if not told.open:
        first_that_opens(folder, sorted(told.maybe)).close()
    for passphrase in told.open:
        opened_again(folder, passphrase).close()
    for passphrase in told.shut:
        try:
            opened_again(folder, passphrase).close()
        except WrongPassphrase:
            continue
        raise AssertionError("who was removed gets in")
    if told.cards:
        assert recovery.open_with_cards(folder, *told.cards, env=environment(9))


@dataclass
class KeyChanges(OpenVault):
    """Another passphrase, a colleague who comes and goes, another master key, recovery cards."""

    name = "sleutels"
    now: Doors = field(default_factory=Doors)

    def fill(self, vault: Vault) -> None:
        add_person(vault)

    def run(self, root: Path, tell: Tell) -> None:
        vault = opened_again(root / VAULT)

        def say() -> None:
            tell(now_in(vault, self.now.packed()).packed())

        def step(after: Doors, change: Callable[[], object]) -> object:
            """Do something between two states of the doors; in between either may be so."""
            self.now = between(self.now, after)
            say()
            result = change()
            self.now = after
            say()
            return result

        say()
        vault.subscribe(lambda _event: say())
        self.steps(vault, step)
        vault.close()

    def steps(self, vault: Vault, step: Callable[[Doors, Callable[[], object]], object]) -> None:
        """Go through everything that changes who may open the vault."""
        mine, gone = frozenset({ANOTHER}), frozenset({PASSPHRASE})
        step(Doors(mine, shut=gone), lambda: _change_passphrase(vault))
        colleague = step(
            Doors(mine | {COLLEAGUE}, shut=gone),
            lambda: users.add_user(
                vault,
                passphrase=ANOTHER,
                name="Collega Voorbeeld",
                roles=(UserRole.INTAKE,),
                new_passphrase=COLLEAGUE,
            ),
        )
        assert isinstance(colleague, users.UserAccess)
        made = step(
            Doors(mine | {COLLEAGUE}, shut=gone),
            lambda: recovery.make_cards(vault, passphrase=ANOTHER),
        )
        assert isinstance(made, tuple)
        cards = tuple(" ".join(card.words) for card in made[:2])
        step(
            Doors(mine | {COLLEAGUE}, shut=gone, cards=cards),
            lambda: recovery.try_cards(vault, *cards),
        )
        step(
            Doors(mine | {COLLEAGUE}, shut=gone, cards=cards),
            lambda: users.renew_master_key(vault, passphrase=ANOTHER),
        )
        step(
            Doors(mine, shut=gone | {COLLEAGUE}, cards=cards),
            lambda: users.remove_user(vault, passphrase=ANOTHER, user_id=colleague.user_id),
        )

    def check(self, root: Path, cut: Cut) -> None:
        before, _ = cut.tellings()
        told = doors(before[-1].what) if before else Doors()
        tried = [*sorted(told.open), *sorted(told.maybe)]
        vault = first_that_opens(root / VAULT, tried)
        try:
            if before:
                with vault.read() as records:
                    records.audit.verify(before[-1].audit)
                    assert len(records.persons.all()) == 1
            check_pages(vault)
        finally:
            vault.close()
        check_key_files(root / VAULT)
        check_doors(root / VAULT, told)


def _change_passphrase(vault: Vault) -> None:
    users.change_passphrase(vault, old=PASSPHRASE, new=ANOTHER)


def first_that_opens(folder: Path, passphrases: Iterable[str]) -> Vault:
    """Return the vault opened with the first passphrase that does. Raises WrongPassphrase."""
    for passphrase in passphrases:
        try:
            return opened_again(folder, passphrase)
        except WrongPassphrase:
            continue
    raise WrongPassphrase


@dataclass
class Attaching(OpenVault):
    """Files are taken into the vault, in several pieces each, and one is taken out again."""

    name = "bijlagen"
    sizes: tuple[int, ...] = (3_000, 700_000, 40_000)

    def prepare(self, root: Path) -> None:
        super().prepare(root)
        for number, size in enumerate(self.sizes):
            (root / f"brief-{number}.txt").write_bytes(some_text(number, size))

    def fill(self, vault: Vault) -> None:
        add_person(vault)

    def work(self, vault: Vault, root: Path) -> None:
        with vault.read() as records:
            (person,) = records.persons.all()
        for number in range(len(self.sizes)):
            added = attachments.add(
                vault,
                person.person_id,
                attachments.look_at(root / f"brief-{number}.txt"),
                title=f"Brief {number}",
                kind=AttachmentKind.BRIEF,
                category="werk",
                clean=lambda data, _type: data,
            )
            if number == 1:
                attachments.remove(vault, added.attachment_id)

    def check(self, root: Path, cut: Cut) -> None:
        super().check(root, cut)
        vault = opened_again(root / VAULT)
        try:
            with vault.read() as records:
                (person,) = records.persons.all()
                held = records.attachments.of_person(person.person_id)
                for each in held:
                    number = int(each.title.removeprefix("Brief "))
                    data = b"".join(records.attachments.read(each.attachment_id))
                    assert data == some_text(number, self.sizes[number])
        finally:
            vault.close()


def some_text(number: int, size: int) -> bytes:
    """Return text of that size that is another for each number, and nowhere the same."""
    lines = (hashlib.sha256(b"%d %d" % (number, at)).hexdigest() for at in range(size // 64 + 1))
    return "\n".join(lines).encode()[:size]


@dataclass
class BackingUp(OpenVault):
    """Two backups with work in between: what was said to be backed up can be put back."""

    name = "back-up"

    def prepare(self, root: Path) -> None:
        super().prepare(root)
        (root / "schijf").mkdir()

    def fill(self, vault: Vault) -> None:
        add_person(vault)

    def run(self, root: Path, tell: Tell) -> None:
        vault = opened_again(root / VAULT)
        made: list[str] = []

        def say(_event: object = None) -> None:
            tell(now_in(vault, json.dumps(made)).packed())

        say()
        vault.subscribe(say)
        for number in range(2):
            kept = back_up.back_up(vault, root / "schijf")
            made.append(kept.path.relative_to(root).as_posix())
            say()
            with vault.transaction(actor_of(vault), "werk") as tx:
                tx.settings.set("werk", str(number))
        vault.close()

    def check(self, root: Path, cut: Cut) -> None:
        super().check(root, cut)
        before, _ = cut.tellings()
        promised = json.loads(before[-1].what) if before else []
        there = [path.relative_to(root).as_posix() for path in root.glob("schijf/*/*.dlb")]
        assert set(promised) <= set(there), "a backup that was made is gone"
        vault = opened_again(root / VAULT)
        try:
            for name in there:
                back_up.check(vault, root / name)
        finally:
            vault.close()
        for name in promised[-1:]:
            put_back(root / name, root / "terug")
            vault = opened_again(root / "terug")
            with vault.read() as records:
                assert len(records.persons.all()) == 1
            check_pages(vault)
            vault.close()


def put_back(backup: Path, folder: Path) -> None:
    """Make a vault in `folder` out of a backup, with the passphrase."""
    opener = restore.with_passphrase(PASSPHRASE)
    back_up.put_back(backup, folder, opener, environment(8))


class PuttingBack(Workload):
    """A backup becomes a vault on another laptop: it is there, or it can be done again."""

    name = "terugzetten"

    def prepare(self, root: Path) -> None:
        vault = prepared_vault(root / "oud")
        add_person(vault)
        (root / "schijf").mkdir()
        back_up.back_up(vault, root / "schijf")
        vault.close()
        shutil.rmtree(root / "oud")

    def run(self, root: Path, tell: Tell) -> None:
        (backup,) = root.glob("schijf/*/*.dlb")
        put_back(backup, root / VAULT)
        tell(Told("", (0, "")).packed())
        vault = opened_again(root / VAULT)
        tell(now_in(vault).packed())
        vault.close()

    def check(self, root: Path, cut: Cut) -> None:
        (backup,) = root.glob("schijf/*/*.dlb")
        if not Vault.exists(root / VAULT):
            assert not cut.before, "the vault that was put back is gone"
            put_back(backup, root / VAULT)
        vault = opened_again(root / VAULT)
        try:
            check_pages(vault)
            with vault.read() as records:
                records.audit.verify()
                assert len(records.persons.all()) == 1
                assert restore.restored_from(records) is not None
        finally:
            vault.close()
        check_key_files(root / VAULT)


@dataclass
class Removing(OpenVault):
    """Two users decide that a dossier goes, and it goes for good; others stay."""

    name = "verwijderen"

    def fill(self, vault: Vault) -> None:
        users.add_user(
            vault,
            passphrase=PASSPHRASE,
            name="Collega Voorbeeld",
            roles=(UserRole.INTAKE,),
            new_passphrase=COLLEAGUE,
        )
        for number in range(4):
            person = add_person(vault)
            with vault.transaction(actor_of(vault), "naam") as tx:
                tx.persons.save(replace(person, v_number=f"00012345{number:02}"))

    def work(self, vault: Vault, root: Path) -> None:
        retention.believe_clock(vault)
        with vault.read() as records:
            persons = records.persons.all()
        for person in persons[:2]:
            proposed = retention.propose(
                vault, person.person_id, Ground.VERTROKKEN, "Vertrokken volgens de opvang."
            )
            retention.confirm_with_passphrase(vault, proposed.removal_id, COLLEAGUE)
            retention.remove_due(vault)

    def check(self, root: Path, cut: Cut) -> None:
        super().check(root, cut)
        # What was being removed can be finished by whoever opens the vault.
        vault = opened_again(root / VAULT)
        try:
            retention.believe_clock(vault)
            retention.remove_due(vault)
            retention.scrub(vault)
            held = state_of(vault)
            check_pages(vault)
        finally:
            vault.close()
        assert not list((root / VAULT).glob("*.schoon*"))
        vault = opened_again(root / VAULT)
        assert state_of(vault) == held
        vault.close()
