"""Writers of keeping a vault, with what must be true when one of their calls failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from support.interviews import add_person
from support.storm.fault_writers import Opened
from support.storm.faults import Writer
from support.storm.keeping import (
    ANOTHER,
    COLLEAGUE,
    Attaching,
    Doors,
    between,
    check_doors,
    first_that_opens,
    put_back,
    some_text,
)
from support.storm.oracle import check_pages, opened_again
from support.storm.workloads import VAULT, check_key_files
from support.vaults import PASSPHRASE, actor_of, prepared_vault

from intake_app.domain.actor import UserRole
from intake_app.domain.attachment import AttachmentKind
from intake_app.flows import attachments, back_up, retention
from intake_app.flows.attachments import AttachmentRefused
from intake_app.flows.retention import RetentionRefused
from intake_app.vault import Vault, VaultError, VaultLocked, recovery, users
from intake_app.vault.stores.removals import Ground

ONE = Doors(frozenset({PASSPHRASE}))
TWO = Doors(frozenset({PASSPHRASE, COLLEAGUE}))


@dataclass
class ChangingKeys(Opened):
    """One change of who may open the vault: it is so, or it is as it was."""

    name: str = ""
    do: Callable[[Vault], object] = lambda _vault: None
    before: Doors = field(default_factory=Doors)
    after: Doors = field(default_factory=Doors)
    declared = (VaultError,)

    def prepare(self, root: Path) -> None:
        vault = prepared_vault(root / VAULT)
        add_person(vault)
        if COLLEAGUE in self.before.open:
            add_colleague(vault)
        vault.close()

    def work(self, root: Path) -> None:
        assert self.vault is not None
        self.do(self.vault)

    def check(self, root: Path, done: bool) -> None:
        assert self.vault is not None
        try:
            with self.vault.transaction(actor_of(self.vault), "na de fout") as tx:
                tx.settings.set("na de fout", "ja")
            goes_on = True
        except VaultLocked:
            # The disk did not tell which key the database has: unlocking will.
            goes_on = False
        assert goes_on or not done
        self.vault.close()
        told = self.after if done else between(self.before, self.after)
        self.vault = first_that_opens(root / VAULT, sorted(told.open | told.maybe))
        check_pages(self.vault)
        with self.vault.read() as records:
            records.audit.verify()
            assert records.settings.get("na de fout") == ("ja" if goes_on else None)
            assert len(records.persons.all()) == 1
        self.vault.close()
        check_key_files(root / VAULT)
        check_doors(root / VAULT, told)


def add_colleague(vault: Vault) -> None:
    users.add_user(
        vault,
        passphrase=PASSPHRASE,
        name="Collega Voorbeeld",
        roles=(UserRole.INTAKE,),
        new_passphrase=COLLEAGUE,
    )


def another_passphrase(vault: Vault) -> None:
    users.change_passphrase(vault, old=PASSPHRASE, new=ANOTHER)


def another_master_key(vault: Vault) -> None:
    users.renew_master_key(vault, passphrase=PASSPHRASE)


def without_colleague(vault: Vault) -> None:
    (colleague,) = (u for u in users.access(vault) if u.user_id != vault.user.user_id)
    users.remove_user(vault, passphrase=PASSPHRASE, user_id=colleague.user_id)


def recovery_cards(vault: Vault) -> None:
    first, second, _ = recovery.make_cards(vault, passphrase=PASSPHRASE)
    recovery.try_cards(vault, " ".join(first.words), " ".join(second.words))


KEY_CHANGES = (
    ChangingKeys(
        "wachtwoordzin veranderen",
        another_passphrase,
        ONE,
        Doors(frozenset({ANOTHER}), shut=frozenset({PASSPHRASE})),
    ),
    ChangingKeys("collega erbij", add_colleague, ONE, TWO),
    ChangingKeys("hoofdsleutel vernieuwen", another_master_key, TWO, TWO),
    ChangingKeys(
        "collega weg",
        without_colleague,
        TWO,
        Doors(frozenset({PASSPHRASE}), shut=frozenset({COLLEAGUE})),
    ),
    ChangingKeys("herstelkaarten", recovery_cards, ONE, ONE),
)


class TakingIn(Opened):
    """A file of several pieces is taken into the vault."""

    name = "bijlage"
    declared = (VaultError, AttachmentRefused)
    size = 700_000

    def prepare(self, root: Path) -> None:
        Attaching(sizes=(self.size,)).prepare(root)

    def work(self, root: Path) -> None:
        assert self.vault is not None
        with self.vault.read() as records:
            (person,) = records.persons.all()
        attachments.add(
            self.vault,
            person.person_id,
            attachments.look_at(root / "brief-0.txt"),
            title="Brief",
            kind=AttachmentKind.BRIEF,
            category="werk",
            clean=lambda data, _type: data,
        )

    def check_content(self, vault: Vault, root: Path, done: bool) -> None:
        with vault.read() as records:
            (person,) = records.persons.all()
            held = records.attachments.of_person(person.person_id)
            for each in held:
                data = b"".join(records.attachments.read(each.attachment_id))
                assert data == some_text(0, self.size)
        assert held or not done


class SavingOutside(Opened):
    """An attachment is written outside the vault."""

    name = "bijlage opslaan"
    declared = (VaultError, AttachmentRefused)
    size = 700_000

    def prepare(self, root: Path) -> None:
        taking = TakingIn()
        taking.prepare(root)
        taking.ready(root)
        taking.work(root)
        taking.release()

    def work(self, root: Path) -> None:
        assert self.vault is not None
        with self.vault.read() as records:
            (person,) = records.persons.all()
            (held,) = records.attachments.of_person(person.person_id)
        attachments.save_outside(self.vault, held.attachment_id, root / "kopie.txt")

    def check_content(self, vault: Vault, root: Path, done: bool) -> None:
        target = root / "kopie.txt"
        assert target.exists() or not done
        assert not target.exists() or target.read_bytes() == some_text(0, self.size)


class BackingUp(Opened):
    """A backup: there and whole, or not there."""

    name = "back-up"
    declared = (VaultError,)

    def prepare(self, root: Path) -> None:
        vault = prepared_vault(root / VAULT)
        add_person(vault)
        vault.close()
        (root / "schijf").mkdir()

    def work(self, root: Path) -> None:
        assert self.vault is not None
        back_up.back_up(self.vault, root / "schijf")

    def check_content(self, vault: Vault, root: Path, done: bool) -> None:
        there = list(root.glob("schijf/*/*.dlb"))
        assert there or not done
        for path in there:
            back_up.check(vault, path)
        back_up.back_up(vault, root / "schijf")
        assert len(list(root.glob("schijf/*/*"))) == len(there) + 2, "something half was left"


class PuttingBack(Writer):
    """A backup becomes a vault: it is there whole, or it can be done again."""

    name = "terugzetten"
    declared = (VaultError,)
    vault: Vault | None = None

    def prepare(self, root: Path) -> None:
        BackingUp().prepare(root)
        vault = opened_again(root / VAULT)
        back_up.back_up(vault, root / "schijf")
        vault.close()

    def work(self, root: Path) -> None:
        (path,) = root.glob("schijf/*/*.dlb")
        put_back(path, root / "terug")

    def check(self, root: Path, done: bool) -> None:
        if not Vault.exists(root / "terug"):
            assert not done
            self.work(root)
        self.vault = opened_again(root / "terug")
        with self.vault.read() as records:
            records.audit.verify()
            assert len(records.persons.all()) == 1
        check_pages(self.vault)
        check_key_files(root / "terug")

    def release(self) -> None:
        if self.vault is not None:
            self.vault.close()


class TakingAway(Opened):
    """A dossier is removed for good."""

    name = "verwijderen"
    declared = (VaultError, RetentionRefused)

    def prepare(self, root: Path) -> None:
        vault = prepared_vault(root / VAULT)
        add_colleague(vault)
        person = add_person(vault)
        retention.believe_clock(vault)
        proposed = retention.propose(
            vault, person.person_id, Ground.VERTROKKEN, "Vertrokken volgens de opvang."
        )
        retention.confirm_with_passphrase(vault, proposed.removal_id, COLLEAGUE)
        vault.close()

    def ready(self, root: Path) -> None:
        super().ready(root)
        assert self.vault is not None
        retention.believe_clock(self.vault)

    def work(self, root: Path) -> None:
        assert self.vault is not None
        retention.remove_due(self.vault)

    def check_content(self, vault: Vault, root: Path, done: bool) -> None:
        with vault.read() as records:
            there = records.persons.all()
        assert not (there and done)
        retention.remove_due(vault)
        retention.scrub(vault)
        with vault.read() as records:
            assert records.persons.all() == ()
        assert not retention.look(vault).needs_scrub
