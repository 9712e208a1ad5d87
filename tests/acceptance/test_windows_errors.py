"""What goes wrong has a sentence of its own on screen, and leaves the vault as it was."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from support import canaries
from support.chain import (
    ZEIST,
    Chain,
    add_person,
    check_number,
    entry_of,
    make_chain,
    route,
    save_book,
)
from support.desks import Team
from support.vaults import PASSPHRASE, environment, make_vault, prepared_vault

from intake_app.domain.actor import Profile
from intake_app.flows import hand_over
from intake_app.handover.errors import SENTENCES, RefusalReason
from intake_app.vault import Vault

MakeTeam = Callable[..., Team]


def state_of(vault: Vault) -> tuple[object, ...]:
    """Return everything a refused file might have changed, the head of the audit chain first."""
    with vault.read() as records:
        people = records.persons.all()
        return (
            records.audit.head(),
            people,
            records.inbox.all(),
            records.handovers.all(),
            records.outbox.all(),
            records.events.all(),
            [records.interviews.of_person(p.person_id) for p in people],
            [records.plans.of_person(p.person_id) for p in people],
        )


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    made = make_chain(tmp_path)
    add_person(made.azc)
    return made


def sealed(chain: Chain) -> Path:
    person_id = UUID(int=11)
    return chain.stick / hand_over.seal(chain.azc, person_id, chain.stick).file_name


def truncated(chain: Chain) -> Path:
    path = sealed(chain)
    path.write_bytes(path.read_bytes()[:-200])
    return path


def for_another(chain: Chain) -> Path:
    other = prepared_vault(
        chain.stick.parent / "ander", profile=Profile.ONTVANGST, number=2, env=environment(13)
    )
    entries = (
        entry_of(chain.azc, "azc"),
        entry_of(chain.town, "uitvoerder"),
        entry_of(other, "uitvoerder"),
    )
    for vault in (chain.azc, chain.town):
        save_book(vault, *entries, serial=2)
    route(chain.azc, other, code=ZEIST)
    check_number(chain.azc, entries[2])
    other.close()
    return sealed(chain)


def of_a_stranger(chain: Chain) -> Path:
    save_book(chain.town, entry_of(chain.town, "uitvoerder"), serial=2)
    return sealed(chain)


def one_byte_flipped(chain: Chain) -> Path:
    path = sealed(chain)
    with zipfile.ZipFile(path) as held:
        inner = held.getinfo("dossier.age")
        place = inner.header_offset + inner.compress_size // 2
    data = bytearray(path.read_bytes())
    data[place] ^= 0x01
    path.write_bytes(data)
    return path


SPOILED = {
    truncated: RefusalReason.TRUNCATED,
    for_another: RefusalReason.FOR_OTHER_RECIPIENT,
    of_a_stranger: RefusalReason.UNKNOWN_SENDER,
    one_byte_flipped: RefusalReason.PAYLOAD_DAMAGED,
}


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda made: made.__name__)
def test_a_file_that_will_not_do_says_why_and_changes_nothing(
    make_team: MakeTeam, chain: Chain, spoil: Callable[[Chain], Path]
) -> None:
    path = spoil(chain)
    chain.azc.close()
    team = make_team("gemeente")
    team.open(chain.town)
    team.go("handover")
    inbox = team.inbox()
    before = state_of(chain.town)
    team.pick.answers.append(path)

    inbox.open_file()

    team.until(lambda: inbox.has("envelope"))
    shown = inbox.envelope()
    sentence = SENTENCES[SPOILED[spoil]]
    expected = sentence.format(name="Gemeente Voorbeeldstad 2")
    assert expected in shown
    assert not inbox.has("inbox-take-in")
    assert state_of(chain.town) == before
    # the way on is open: another file can be chosen
    assert inbox.has("inbox-open-file")


def test_every_fault_has_a_sentence_of_its_own() -> None:
    assert len({SENTENCES[reason] for reason in SPOILED.values()}) == len(SPOILED)


def test_a_wrong_passphrase_is_said_and_changes_nothing(
    make_team: MakeTeam, tmp_path: Path
) -> None:
    make_vault(tmp_path / "kluis").close()
    vault_files = [tmp_path / "kluis" / name for name in ("kluis.db", "sleutels.json")]
    before = [path.read_bytes() for path in vault_files]
    team = make_team("kluis")
    team.start()

    team.unlock().unlock("een heel andere zin dan deze")

    team.until(lambda: "klopt niet" in team.unlock().says())
    assert team.program.desk is None
    assert team.unlock().text("unlock-passphrase-text") == ""
    assert [path.read_bytes() for path in vault_files] == before
    team.unlock().unlock(PASSPHRASE)
    team.until(lambda: team.program.desk is not None)
    team.today()
    assert not [title for title in team.titles if canaries.PASSPHRASE_AZC in title]
