"""A second vault of an organisation, from its request to a receipt that the sender believes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.chain import PERSON, Chain, add_person, entry_of, make_chain, save_book
from support.post import Hands
from support.vaults import PASSPHRASE, actor_of, environment, prepared_vault

from intake_app.domain.actor import Profile, UserRole
from intake_app.domain.handover import HandoverState
from intake_app.flows import hand_over, holders, join, lost_laptop, receipts, receive
from intake_app.flows.address_book import own_card
from intake_app.handover import joining
from intake_app.handover.address_book import REVOKED
from intake_app.handover.errors import TargetExists
from intake_app.handover.joining import JoinRefusal, JoinRefused, JoinRequest
from intake_app.vault import Vault
from intake_app.vault.errors import NotAllowed

R = JoinRefusal


@dataclass
class Site:
    """The sender, the town's vault, and a new one of the town with a label of its own."""

    chain: Chain
    new: Vault
    root: Path

    @property
    def town(self) -> Vault:
        return self.chain.town

    def ask(self) -> JoinRequest:
        return join.ask(self.new, " Laptop Samira ", self.root / "verzoek.json")

    def answer(self, number: str = "", name: str = "antwoord.age") -> Path:
        seen = join.look(self.town, self.root / "verzoek.json")
        target = self.root / name
        join.answer(self.town, seen, number or seen.number, target)
        return target

    def know(self, **change: object) -> None:
        """Give the new vault the address book, with the town's entry changed."""
        town = replace(entry_of(self.town, "uitvoerder"), **change)  # type: ignore[arg-type]
        save_book(self.new, entry_of(self.chain.azc, "azc"), town)

    def join(self) -> None:
        self.ask()
        self.know()
        join.take(self.new, self.answer())


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    chain = make_chain(tmp_path)
    new = prepared_vault(tmp_path / "samira", profile=Profile.ONTVANGST, number=2)
    yield Site(chain, new, tmp_path)
    new.close()
    chain.close()


def refused(what: Callable[[], object]) -> JoinRefusal:
    with pytest.raises(JoinRefused) as caught:
        what()
    return caught.value.reason


def secrets(vault: Vault) -> tuple[str, ...]:
    keys = vault.organisation_keys()
    return (*keys.age_identities, keys.signing_seed.hex())


def log(vault: Vault) -> str:
    with vault.read() as records:
        return "\n".join(entry.body for entry in records.audit.entries())


def keys_in(vault: Vault) -> list[str]:
    with vault.read() as records:
        rows = records.organisation._all(_KINDS())
    return sorted(row["kind"] for row in rows)


def _KINDS() -> object:  # noqa: N802
    from sqlalchemy import select

    from intake_app.vault.schema import organisation_key

    return select(organisation_key.c.kind)


def test_the_new_vault_is_one_of_the_organisation(site):
    before = own_card(site.new)
    site.join()
    assert site.new.info.organisation == site.town.info.organisation
    assert site.new.organisation_keys() == site.town.organisation_keys()
    assert own_card(site.new).fingerprint == own_card(site.town).fingerprint
    assert own_card(site.new).box == own_card(site.town).box
    assert before.fingerprint not in own_card(site.new).fingerprint
    assert keys_in(site.new) == ["age", "sign"]
    found = join.joined(site.new)
    assert found is not None
    assert (found.vault_id, found.checked_by) == (site.town.info.vault_id, "adresboek")
    (noted,) = join.given(site.town)
    assert (noted.vault_id, noted.label) == (site.new.info.vault_id, "Laptop Samira")
    assert (noted.by_name, noted.by_id) == (site.town.user.name, site.town.user.user_id)


def test_it_is_so_after_opening_again(site):
    site.join()
    site.new.close()
    again = Vault.open(site.root / "samira", passphrase=PASSPHRASE, env=environment(55))
    assert again.info.organisation == site.town.info.organisation
    assert again.organisation_keys() == site.town.organisation_keys()
    again.close()


def test_both_open_the_same_dossier_and_the_sender_believes_the_second(site):
    site.join()
    add_person(site.chain.azc)
    sealed = hand_over.seal(site.chain.azc, PERSON.person_id, site.chain.stick)
    path = next(site.chain.stick.glob("overdracht-*.zip"))
    assert receive.verified(site.town, path).dossier == receive.verified(site.new, path).dossier
    item = receive.take_in(site.new, path)
    out = site.root / "terug"
    out.mkdir()
    receive.accept(site.new, item.handover_id, receipt_folder=out, first_talk=None)
    for receipt in sorted(out.iterdir()):
        receipts.import_receipt(site.chain.azc, receipt)
    with site.chain.azc.read() as records:
        found = records.handovers.get(sealed.handover_id)
    assert found is not None
    assert found.state is HandoverState.GEACCEPTEERD


def test_what_the_second_seals_is_believed_whatever_list_the_first_has(site):
    """A list of its own would be older than the first vault's, and undo it or be undone."""
    holders.own_list(site.town)
    site.join()
    key, vouching = holders.signing(site.new)
    assert (key.public, vouching) == (site.town.organisation_keys().sign_public, None)
    for what in (holders.own_list, lambda v: holders.strike_off(v, v.user.user_id)):
        with pytest.raises(holders.NoOwnList):
            what(site.new)
    assert holders.signing(site.town)[1] is not None


def test_both_logs_tell(site):
    site.join()
    assert "sleutels geven aan een andere kluis" in log(site.town)
    assert str(site.new.info.vault_id) in log(site.town)
    assert "deelname vragen" in log(site.new)
    assert "sleutels van de organisatie overnemen" in log(site.new)
    assert str(site.town.info.organisation.organisation_id) in log(site.new)
    for secret in secrets(site.town):
        assert secret not in log(site.town) + log(site.new)


def test_no_secret_lies_in_a_file_or_in_a_setting(site):
    site.ask()
    with site.new.read() as records:
        one_time = records.organisation.one_time()
        kept = [row["value"] for row in records.settings._all(_SETTINGS())]
    assert one_time is not None
    assert not any(one_time in value for value in kept)
    assert one_time not in (site.root / "verzoek.json").read_text()
    answer = site.answer().read_bytes()
    assert not any(secret.encode() in answer for secret in secrets(site.town))


def _SETTINGS() -> object:  # noqa: N802
    from sqlalchemy import select

    from intake_app.vault.schema import setting

    return select(setting.c.value)


# ---- refusals ------------------------------------------------------------------------------------


def test_a_wrong_number_gives_nothing(site):
    request = site.ask()
    for number in ("", "12345", own_card(site.town).fingerprint, request.number[:-1]):
        assert refused(lambda n=number: join.answer(
            site.town, request, n, site.root / "weg.age")) is R.WRONG_NUMBER  # fmt: skip
    assert join.given(site.town) == ()
    assert not (site.root / "weg.age").exists()


def test_a_request_that_was_changed_on_the_way_has_another_number(site):
    heard = site.ask().number
    path = site.root / "verzoek.json"
    plain = json.loads(path.read_text())
    other = prepared_vault(site.root / "dief", profile=Profile.ONTVANGST, number=3)
    plain["age"] = join.ask(other, "Laptop Samira", site.root / "dief.json").age_recipient
    other.close()
    path.write_text(json.dumps(plain))
    assert refused(lambda: site.answer(heard)) is R.WRONG_NUMBER


def test_an_answer_works_once(site):
    site.join()
    again = site.root / "antwoord.age"
    assert refused(lambda: join.take(site.new, again)) is R.NO_REQUEST
    assert refused(lambda: join.ask(site.new, "x", site.root / "v2.json")) is R.HAS_JOINED


def test_an_answer_to_the_request_before_is_refused(site):
    site.ask()
    old = site.answer()
    join.ask(site.new, "Laptop Samira", site.root / "verzoek2.json")
    assert refused(lambda: join.take(site.new, old)) is R.NOT_FOR_US


def test_an_answer_for_another_vault_is_refused(site):
    site.ask()
    path = site.answer()
    other = prepared_vault(site.root / "wim", profile=Profile.ONTVANGST, number=3)
    assert refused(lambda: join.take(other, path)) is R.NO_REQUEST
    join.ask(other, "Laptop Wim", site.root / "wim.json")
    assert refused(lambda: join.take(other, path)) is R.NOT_FOR_US
    other.close()


def test_the_request_can_be_given_up_and_saved_again(site):
    first = site.ask()
    assert join.save_request(site.new, site.root / "nog-eens.json") == first
    path = site.answer()
    join.give_up(site.new)
    assert join.waiting(site.new) is None
    assert keys_in(site.new) == ["age", "sign"]
    assert refused(lambda: join.take(site.new, path)) is R.NO_REQUEST
    assert refused(lambda: join.save_request(site.new, site.root / "x.json")) is R.NO_REQUEST


def test_without_the_book_the_number_of_the_organisation_is_typed(site):
    site.ask()
    path = site.answer()
    assert refused(lambda: join.take(site.new, path)) is R.NUMBER_NEEDED
    own = own_card(site.new).fingerprint
    assert refused(lambda: join.take(site.new, path, own)) is R.WRONG_NUMBER
    found = join.take(site.new, path, own_card(site.town).fingerprint)
    assert found.checked_by == "controlegetal"


@pytest.mark.parametrize("change", ["status", "age_recipient", "sign_public"])
def test_the_book_decides_when_it_has_the_organisation(site, change):
    other = entry_of(site.new, "uitvoerder")
    value = REVOKED if change == "status" else getattr(other, change)
    site.ask()
    site.know(**{change: value})
    path, number = site.answer(), own_card(site.town).fingerprint
    assert refused(lambda: join.take(site.new, path, number)) is R.NOT_IN_BOOK
    assert site.new.info.organisation != site.town.info.organisation


def test_only_an_empty_vault_joins(site):
    with site.new.transaction(actor_of(site.new), "registreren") as tx:
        tx.persons.save(PERSON)
    assert join.obstacle(site.new) is R.NOT_EMPTY
    assert refused(site.ask) is R.NOT_EMPTY


def test_what_came_between_asking_and_taking_stops_it(site):
    site.ask()
    site.know()
    path = site.answer()
    add_person(site.new)
    assert refused(lambda: join.take(site.new, path)) is R.NOT_EMPTY
    assert site.new.organisation_keys() != site.town.organisation_keys()
    assert keys_in(site.new) == ["age", "deelname", "sign"]


def test_an_answer_of_another_profile_is_refused(site):
    """No program of ours writes it; the keys inside may be those of a team all the same."""
    request, azc = site.ask(), site.chain.azc
    keys = azc.organisation_keys()
    made = joining.JoinAnswer(
        azc.info.organisation,
        keys.age_identities,
        keys.signing_seed,
        azc.info.vault_id,
        azc.env.now(),
    )
    path = site.root / "azc.age"
    path.write_bytes(joining.write_answer(made, request, random=azc.env.random))
    number = own_card(azc).fingerprint
    assert refused(lambda: join.take(site.new, path, number)) is R.OTHER_PROFILE


def test_a_vault_that_others_know_or_that_gave_its_keys_stays_what_it_is(site):
    assert join.obstacle(site.town) is R.ALREADY_KNOWN
    site.ask()
    lone = prepared_vault(site.root / "los", profile=Profile.ONTVANGST, number=3)
    seen = join.look(lone, site.root / "verzoek.json")
    join.answer(lone, seen, seen.number, site.root / "los.age")
    assert join.obstacle(lone) is R.HAS_LET_IN
    lone.close()


def test_profile_practice_and_the_vault_itself(site):
    site.ask()
    path = site.root / "verzoek.json"
    assert refused(lambda: join.look(site.new, path)) is R.ITSELF
    assert refused(lambda: join.look(site.chain.azc, path)) is R.OTHER_PROFILE
    play = prepared_vault(site.root / "oefenen", profile=Profile.ONTVANGST, practice=True)
    assert refused(lambda: join.look(play, path)) is R.PRACTICE
    play.close()
    assert refused(lambda: join.look(site.town, site.root / "nergens")) is R.UNREADABLE


@pytest.mark.parametrize(("days", "late"), [(6, False), (8, True)])
def test_seven_days_by_the_clock_of_each_vault(site, days, late):
    site.ask()
    site.know()
    path = site.answer()
    for vault in (site.town, site.new):
        clock = Hands(vault.env)
        clock.at += timedelta(days=days)
        vault.env = clock.environment()
    if late:
        assert refused(lambda: join.look(site.town, site.root / "verzoek.json")) is R.EXPIRED
        assert refused(lambda: join.take(site.new, path)) is R.EXPIRED
    else:
        join.take(site.new, path)


def test_only_a_manager_gives_or_takes(site):
    request = site.ask()
    for vault in (site.town, site.new):
        vault.user = replace(vault.user, roles=(UserRole.INTAKE,))
    for what in (
        lambda: join.ask(site.new, "x", site.root / "x.json"),
        lambda: join.take(site.new, site.root / "verzoek.json"),
        lambda: join.give_up(site.new),
        lambda: join.look(site.town, site.root / "verzoek.json"),
        lambda: join.answer(site.town, request, request.number, site.root / "x.age"),
    ):
        with pytest.raises(NotAllowed):
            what()
    assert join.given(site.town) == ()


def test_a_file_that_is_there_is_not_overwritten(site):
    request = site.ask()
    target = site.root / "antwoord.age"
    target.write_text("iets anders")
    with pytest.raises(TargetExists):
        join.answer(site.town, request, request.number, target)
    assert target.read_text() == "iets anders"
    # noted all the same: no keys leave that no list knows of
    assert len(join.given(site.town)) == 1
    join.answer(site.town, request, request.number, site.root / "tweede.age")
    assert len(join.given(site.town)) == 1


# ---- all or nothing ------------------------------------------------------------------------------


def test_a_stop_in_the_middle_leaves_the_vault_as_it_was(site, monkeypatch):
    site.ask()
    site.know()
    path = site.answer()
    before = site.new.organisation_keys()

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("intake_app.vault.stores.organisation.OrganisationStore._add", stop)
        with pytest.raises(KeyboardInterrupt):
            join.take(site.new, path)
    assert site.new.organisation_keys() == before
    assert join.joined(site.new) is None
    assert keys_in(site.new) == ["age", "deelname", "sign"]
    join.take(site.new, path)
    assert site.new.organisation_keys() == site.town.organisation_keys()


def test_older_identities_come_along_in_their_order(site):
    from intake_app.crypto.age import generate_identity

    old = site.town.organisation_keys()
    newer = generate_identity(random=site.town.env.random).encode()
    with site.town.transaction(actor_of(site.town), "nieuwe sleutel") as tx:
        whose = site.town.info.organisation
        tx.organisation.take_over(whose, (newer, *old.age_identities), old.signing_seed)
    site.ask()
    path = site.answer()
    join.take(site.new, path, own_card(site.town).fingerprint)
    assert site.new.organisation_keys().age_identities == (newer, *old.age_identities)
    assert site.new.organisation_keys() == site.town.organisation_keys()


# ---- the sheet for a lost laptop -----------------------------------------------------------------


def test_the_sheet_of_a_lost_laptop_says_where_the_keys_are_too(site):
    from intake_app.flows import back_up

    site.join()
    folder = site.root / "back-up"
    folder.mkdir()
    for vault, words in ((site.town, "Laptop Samira"), (site.new, "van een andere kluis")):
        made = back_up.back_up(vault, folder)
        text = lost_laptop.as_text(lost_laptop.sheet_of_open(vault, made.path))
        assert "OOK IN ANDERE KLUIZEN" in text
        assert words in text


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from sqlalchemy import event
from support.vaults import PASSPHRASE, environment
from intake_app.flows import join
from intake_app.vault import Vault

vault = Vault.open(Path(sys.argv[2]), passphrase=PASSPHRASE, env=environment(90))
left, commits = int(sys.argv[4]), []

@event.listens_for(vault.unlocked().writer, "before_cursor_execute")
def _count(conn, cursor, statement, *_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), 9)

@event.listens_for(vault.unlocked().writer, "commit")
def _commit(conn):
    if left > 0 and sys.argv[5] == "commit":
        os.kill(os.getpid(), 9)

join.take(vault, Path(sys.argv[3]))
vault.close()
print("done")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("statement", "at"), [(3, ""), (8, ""), (12, ""), (15, ""), (99, "commit"), (99, "")]
)
def test_killed_while_taking_over(site, statement, at):
    """Before the commit nothing is changed, and the same answer still works; after it, all is."""
    site.ask()
    site.know()
    path = site.answer()
    before, folder = site.new.organisation_keys(), site.new.folder
    site.new.close()
    tests = str(Path(__file__).parents[1])
    words = [sys.executable, "-c", KILLED, tests, str(folder), str(path), str(statement), at]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    finished = "done" in ended.stdout
    assert finished is (statement == 99 and not at), ended.stderr
    assert finished or ended.returncode == -9
    again = Vault.open(folder, passphrase=PASSPHRASE, env=environment(91))
    if not finished:
        assert (again.organisation_keys(), join.joined(again)) == (before, None)
        assert keys_in(again) == ["age", "deelname", "sign"]
        join.take(again, path)
    assert again.organisation_keys() == site.town.organisation_keys()
    assert again.info.organisation == site.town.info.organisation
    again.close()
