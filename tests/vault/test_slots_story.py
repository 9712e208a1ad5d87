"""Any order of joining, leaving, other roles, new keys and recovery leaves the right ways in.

Argon2id is replaced by something quick here: what a passphrase costs has tests of its own.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from support.quick_kdf import quick_kdf
from support.vaults import environment

from intake_app.crypto import shares
from intake_app.crypto.slots import KeyFile, KeyFileError, subkey
from intake_app.domain.actor import UserRole
from intake_app.vault import (
    Vault,
    VaultDamaged,
    VaultError,
    WrongPassphrase,
    recovery,
    rekey,
    users,
)
from intake_app.vault import folder as places
from intake_app.vault.errors import (
    LastWayIn,
    NoMedicalKey,
    NotAllowed,
    NotUnlockedYet,
    RolesWouldBeLost,
)

GOLDEN = Path(__file__).parent / "data" / "versie-2"
FIRST = "golden kluis: vijf oude woorden"
RESERVE = 4096
GOLDEN_SALTS = {
    slot.salt for slot in KeyFile.from_bytes((GOLDEN / places.KEY_FILE).read_bytes()).slots
}
ROLES = st.lists(st.sampled_from(UserRole), min_size=1, max_size=3, unique=True).map(tuple)
REFUSALS = (NotAllowed, LastWayIn, NoMedicalKey, NotUnlockedYet)


@dataclass
class Member:
    """What the model knows of a user."""

    passphrase: str
    roles: tuple[UserRole, ...]


class Story(RuleBasedStateMachine):
    """One vault, the people who come and go, and what they wrote down."""

    def __init__(self) -> None:
        super().__init__()
        self.quick = quick_kdf(*GOLDEN_SALTS)
        self.quick.__enter__()
        self.root = Path(tempfile.mkdtemp(prefix="sleutels-"))
        self.folder = self.root / "kluis"
        self.env = environment(77)
        self.count = 0
        self.members: dict[UUID, Member] = {}
        self.old_phrases: list[str] = []
        self.leavers: list[tuple[str, bytes]] = []
        """What somebody who left kept: a passphrase and a copy of the key file."""
        self.cards: tuple[str, ...] = ()
        self.proposed: tuple[str, ...] = ()
        self.earlier_cards: list[tuple[str, ...]] = []
        self.vault: Vault | None = None

    def teardown(self) -> None:
        if self.vault is not None:
            self.vault.close()
        self.quick.__exit__(None, None, None)
        shutil.rmtree(self.root)

    # --- what the model does --------------------------------------------------------------------

    def phrase(self) -> str:
        self.count += 1
        return f"zin nummer {self.count} van dit verhaal"

    @property
    def me(self) -> UUID:
        assert self.vault is not None
        return self.vault.user.user_id

    @property
    def mine(self) -> str:
        return self.members[self.me].passphrase

    def key_bytes(self) -> bytes:
        return (self.folder / places.KEY_FILE).read_bytes()

    @contextmanager
    def maybe_refused(self) -> Iterator[list[bool]]:
        """What is refused changes nothing."""
        before, refused = self.key_bytes(), [False]
        try:
            yield refused
        except REFUSALS:
            refused[0] = True
            assert self.key_bytes() == before

    @initialize()
    def golden(self) -> None:
        shutil.copytree(GOLDEN, self.folder)
        assert KeyFile.from_bytes(self.key_bytes()).version == 1
        self.vault = Vault.open(self.folder, passphrase=FIRST, env=self.env, reserve_bytes=RESERVE)
        assert KeyFile.from_bytes(self.key_bytes()).version == 2
        self.members[self.me] = Member(FIRST, self.vault.user.roles)

    @rule(data=st.data())
    def unlock(self, data: st.DataObject) -> None:
        assert self.vault is not None
        who = data.draw(st.sampled_from(sorted(self.members)))
        self.vault.close()
        member = self.members[who]
        self.vault = Vault.open(
            self.folder, passphrase=member.passphrase, env=self.env, reserve_bytes=RESERVE
        )
        assert self.me == who
        assert set(self.vault.user.roles) == set(member.roles)
        holds = self.vault.role_seed(UserRole.MEDISCH) is not None
        assert holds == (UserRole.MEDISCH in member.roles)

    @precondition(lambda self: len(self.members) < 5)
    @rule(roles=ROLES)
    def join(self, roles: tuple[UserRole, ...]) -> None:
        assert self.vault is not None
        phrase = self.phrase()
        with self.maybe_refused():
            added = users.add_user(
                self.vault,
                passphrase=self.mine,
                name=f"Collega {self.count}",
                roles=roles,
                new_passphrase=phrase,
            )
            self.members[added.user_id] = Member(phrase, roles)

    @precondition(lambda self: len(self.members) > 1)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        assert self.vault is not None
        who = data.draw(st.sampled_from(sorted(self.members)))
        kept = (self.members[who].passphrase, self.key_bytes())
        with self.maybe_refused():
            users.remove_user(self.vault, passphrase=self.mine, user_id=who)
            assert who != self.me
            del self.members[who]
            self.leavers.append(kept)

    @rule()
    def change_passphrase(self) -> None:
        assert self.vault is not None
        phrase = self.phrase()
        users.change_passphrase(self.vault, old=self.mine, new=phrase)
        self.old_phrases.append(self.mine)
        self.members[self.me].passphrase = phrase

    @rule(data=st.data(), roles=ROLES)
    def set_roles(self, data: st.DataObject, roles: tuple[UserRole, ...]) -> None:
        assert self.vault is not None
        who = data.draw(st.sampled_from(sorted(self.members)))
        with self.maybe_refused():
            changed = users.set_roles(self.vault, passphrase=self.mine, user_id=who, roles=roles)
            self.members[who].roles = roles
            assert set(changed.roles) == set(roles)

    @rule()
    def renew(self) -> None:
        assert self.vault is not None
        with self.maybe_refused():
            users.renew_master_key(self.vault, passphrase=self.mine)

    @rule(tried=st.booleans())
    def make_cards(self, tried: bool) -> None:
        assert self.vault is not None
        with self.maybe_refused():
            made = recovery.make_cards(self.vault, passphrase=self.mine)
            self.proposed = tuple(" ".join(card.words) for card in made)
            if tried:
                recovery.try_cards(self.vault, self.proposed[0], self.proposed[2])
                self.in_force()

    def in_force(self) -> None:
        if self.cards:
            self.earlier_cards.append(self.cards)
        self.cards, self.proposed = self.proposed, ()

    @precondition(lambda self: self.cards or self.proposed)
    @rule(data=st.data())
    def recover(self, data: st.DataObject) -> None:
        assert self.vault is not None
        sets = [cards for cards in (self.cards, self.proposed) if cards]
        cards = data.draw(st.sampled_from(sets))
        pair = data.draw(st.permutations(cards))[:2]
        who = data.draw(st.sampled_from(sorted(self.members)))
        phrase = self.phrase()
        self.vault.close()
        found = recovery.open_with_cards(self.folder, *pair, env=self.env, reserve_bytes=RESERVE)
        assert {user.user_id for user in found} == set(self.members)
        key_file = KeyFile.from_bytes(self.key_bytes())
        on_cards = key_file.open_escrow(shares.combine(*pair))[1]
        roles = self.members[who].roles
        if "medisch" not in on_cards:
            roles = tuple(role for role in roles if role is not UserRole.MEDISCH)
        if not roles:
            self.nothing_left(pair, who, phrase)
            return
        held = any(
            UserRole.MEDISCH in member.roles for key, member in self.members.items() if key != who
        )
        lost = UserRole.MEDISCH in self.members[who].roles and not held
        lost = lost and "medisch" not in on_cards
        if lost:
            self.not_lost_by_itself(pair, who, phrase)
        self.members[who].roles = roles
        self.vault = recovery.recover(
            self.folder,
            *pair,
            user_id=who,
            new_passphrase=phrase,
            env=self.env,
            reserve_bytes=RESERVE,
            lose_roles=lost,
        )
        assert self.me == who
        assert recovery.unseen_uses(self.vault)[-1].user_id == who
        self.old_phrases.append(self.members[who].passphrase)
        self.members[who].passphrase = phrase
        if cards == self.proposed:
            self.in_force()

    def not_lost_by_itself(self, pair: list[str], who: UUID, phrase: str) -> None:
        """Nobody else has the medical key, and it is not on the cards yet."""
        before = self.key_bytes()
        with pytest.raises(RolesWouldBeLost):
            recovery.recover(
                self.folder,
                *pair,
                user_id=who,
                new_passphrase=phrase,
                env=self.env,
                reserve_bytes=RESERVE,
            )
        assert self.key_bytes() == before

    def nothing_left(self, pair: list[str], who: UUID, phrase: str) -> None:
        """The medical key is not on the cards yet, and it is this user's only role."""
        before = self.key_bytes()
        with pytest.raises(NoMedicalKey, match="Op deze kaarten"):
            recovery.recover(
                self.folder,
                *pair,
                user_id=who,
                new_passphrase=phrase,
                env=self.env,
                reserve_bytes=RESERVE,
            )
        assert self.key_bytes() == before
        self.vault = Vault.open(
            self.folder,
            passphrase=self.members[who].passphrase,
            env=self.env,
            reserve_bytes=RESERVE,
        )

    # --- what is always so ----------------------------------------------------------------------

    @invariant()
    def the_right_people_get_in(self) -> None:
        if self.vault is None:
            return
        key_file = KeyFile.from_bytes(self.key_bytes())
        assert self.key_bytes() == (self.folder / places.SPARE_KEY_FILE).read_bytes()
        assert key_file.former is None
        assert {slot.user_id for slot in key_file.slots} == set(self.members)
        masters, medical = set(), set()
        for who, member in self.members.items():
            opened = key_file.open(member.passphrase)
            assert opened.user_id == who
            assert set(opened.roles) == set(member.roles)
            masters.add(opened.master)
            assert ("medisch" in opened.keyring) == (UserRole.MEDISCH in member.roles)
            medical |= {opened.keyring["medisch"]} if "medisch" in opened.keyring else set()
        assert len(masters) == 1
        assert len(medical) <= 1
        assert any(UserRole.BEHEER in member.roles for member in self.members.values())
        (master,) = masters
        database = self.folder / places.DATABASE
        assert rekey.opens(database, subkey(master, key_file.db, "sqlcipher"))
        for cards in (self.cards, self.proposed):
            if cards:
                seed = shares.combine(cards[1], cards[2])
                found = key_file.open_escrow(seed)[1]
                assert found["mk"] == master
                assert not medical or found.get("medisch", *medical) in medical

    @invariant()
    def nobody_else_does(self) -> None:
        if self.vault is None:
            return
        key_file = KeyFile.from_bytes(self.key_bytes())
        for phrase in [*self.old_phrases, *(phrase for phrase, _ in self.leavers)]:
            with pytest.raises(KeyFileError):
                key_file.open(phrase)
        for cards in self.earlier_cards:
            with pytest.raises(KeyFileError):
                key_file.open_escrow(shares.combine(*cards[:2]))
        database = self.folder / places.DATABASE
        for phrase, kept in self.leavers:
            old = KeyFile.from_bytes(kept)
            master = old.open(phrase).master
            assert not rekey.opens(database, subkey(master, old.db, "sqlcipher"))

    @precondition(lambda self: self.leavers)
    @rule(data=st.data())
    def put_an_old_key_file_back(self, data: st.DataObject) -> None:
        """Who left puts their own copy in the folder: it opens nothing and changes nothing."""
        assert self.vault is not None
        phrase, kept = data.draw(st.sampled_from(self.leavers))
        who, member = self.me, self.members[self.me]
        self.vault.close()
        present = self.key_bytes()
        for name in (places.KEY_FILE, places.SPARE_KEY_FILE):
            (self.folder / name).write_bytes(kept)
        for each in (phrase, member.passphrase):
            with pytest.raises((VaultDamaged, WrongPassphrase)):
                Vault.open(self.folder, passphrase=each, env=self.env, reserve_bytes=RESERVE)
        assert self.key_bytes() == kept
        for name in (places.KEY_FILE, places.SPARE_KEY_FILE):
            (self.folder / name).write_bytes(present)
        self.vault = Vault.open(
            self.folder, passphrase=member.passphrase, env=self.env, reserve_bytes=RESERVE
        )
        assert self.me == who


def test_any_order_leaves_the_right_ways_in() -> None:
    run_state_machine_as_test(
        Story, settings=settings(max_examples=4, stateful_step_count=8, deadline=None)
    )


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_any_order_for_longer() -> None:
    run_state_machine_as_test(
        Story, settings=settings(max_examples=25, stateful_step_count=20, deadline=None)
    )


def test_every_refusal_is_for_a_person() -> None:
    assert all(issubclass(kind, VaultError) for kind in REFUSALS)
