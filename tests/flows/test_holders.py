"""Users seal with keys of their own; the list that vouches for them keeps itself up to date."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.chain import PERSON, add_person, make_chain
from support.vaults import actor_of

from intake_app.crypto.age import parse_identity
from intake_app.crypto.sshsig import SigningKey, generate_signing_key
from intake_app.flows import hand_over, holders, receive
from intake_app.handover.address_book import REVOKED
from intake_app.handover.errors import Refusal, RefusalReason
from intake_app.handover.holders import ListRefusal, ListRefused, signed_list
from intake_app.handover.open import inspect, open_alone


@pytest.fixture
def chain(tmp_path):
    made = make_chain(tmp_path)
    add_person(made.azc)
    yield made
    made.close()


def sealed(chain):
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    return chain.stick / handover.file_name


def join(vault, name="Bo"):
    """Let a colleague join, as the vault records it; return the user and its key."""
    key, user_id = generate_signing_key(vault.env.random), vault.env.uuid()
    with vault.transaction(actor_of(vault), "toegang geven") as tx:
        tx.users.add(user_id, name, key.public)
    return user_id, key


def test_sealed_by_the_user_not_by_the_organisation(chain) -> None:
    path = sealed(chain)
    own = SigningKey(chain.azc.user_signing_seed()).public
    assert inspect(path).signer == own != chain.azc.organisation_keys().sign_public
    identities = [parse_identity(i) for i in chain.town.organisation_keys().age_identities]
    opened = open_alone(path, identities=identities, directory=None)
    assert opened.holder is not None
    assert (opened.holder.holder_id, opened.holder.sign_public) == (chain.azc.user.user_id, own)
    # the person is named inside the encryption by the dossier; the list names nobody
    assert chain.azc.user.name.encode() not in opened.holders.text
    assert (
        receive.take_in(chain.town, path).sender_id == chain.azc.info.organisation.organisation_id
    )


def test_the_same_list_goes_along_until_something_changes(chain) -> None:
    first = holders.own_list(chain.azc)
    assert (first.holders.serial, len(first.holders.holders)) == (1, 1)
    assert holders.own_list(chain.azc) == first
    user_id, key = join(chain.azc)
    second = holders.own_list(chain.azc)
    assert second.holders.serial == 2
    assert {h.sign_public for h in second.holders.holders} > {key.public}
    with chain.azc.transaction(actor_of(chain.azc), "toegang nemen") as tx:
        tx.users.leave(user_id)
    third = holders.own_list(chain.azc).holders
    gone = third.by_key(key.public)
    today = chain.azc.env.now().date()
    assert gone is not None
    assert gone.until_date == today + timedelta(days=1)
    # what was sealed today is still on its way
    assert gone.counts_on(today)
    assert not gone.counts_on(today + timedelta(days=1))
    assert holders.own_list(chain.azc).holders == third


def test_a_list_is_renewed_before_it_is_over(chain) -> None:
    first = holders.own_list(chain.azc)
    end = first.holders.expires
    chain.azc.env = replace(chain.azc.env, now=lambda: end - timedelta(days=29))
    second = holders.own_list(chain.azc)
    assert second.holders.serial == 2
    assert second.holders.expires > end


def test_the_receiver_remembers_the_newest_list(chain) -> None:
    """A stolen laptop with the list of before is refused by who has seen the next."""
    path = sealed(chain)
    user_id, _ = join(chain.azc)
    holders.strike_off(chain.azc, user_id)
    newer = sealed(chain)
    receive.take_in(chain.town, newer)
    ident = chain.azc.info.organisation.organisation_id
    kept = holders.known(chain.town)(ident)
    assert kept == holders.own_list(chain.azc).holders
    # the older list is not taken back
    receive.take_in(chain.town, path)
    assert holders.known(chain.town)(ident) == kept


def test_who_is_struck_off_is_refused_with_its_own_reason(chain, tmp_path) -> None:
    path = sealed(chain)
    file = tmp_path / "collega.json"
    holders.strike_off(chain.azc, chain.azc.user.user_id)
    saved = holders.save_list(chain.azc, file)
    assert {h.status for h in saved.holders} == {REVOKED}
    assert holders.import_list(chain.town, file) == saved
    with pytest.raises(Refusal) as caught:
        receive.take_in(chain.town, path)
    assert caught.value.reason is RefusalReason.HOLDER_REVOKED
    assert "laptop kan gestolen zijn" in str(caught.value)
    assert not receive.inbox(chain.town)
    # and it cannot seal any more from the vault that knows
    with pytest.raises(ValueError, match="vouches"):
        sealed(chain)
    with pytest.raises(KeyError):
        holders.strike_off(chain.azc, chain.azc.env.uuid())


def test_lists_that_are_not_taken(chain, tmp_path) -> None:
    good = tmp_path / "goed.json"
    holders.save_list(chain.azc, good)
    holders.import_list(chain.town, good)
    before = holders.known(chain.town)(chain.azc.info.organisation.organisation_id)
    signed = holders.own_list(chain.azc)
    key = SigningKey(chain.azc.organisation_keys().signing_seed)
    older = replace(signed.holders, holders=())
    forged = replace(signed.holders, serial=9)
    stranger = replace(forged, organisation_id=chain.azc.env.uuid())
    cases = {
        ListRefusal.ROLLBACK: signed_list(older, key).file,
        ListRefusal.SIGNATURE_BROKEN: signed_list(forged, SigningKey(bytes(32))).file,
        ListRefusal.OTHER_ORGANISATION: signed_list(stranger, key).file,
        ListRefusal.UNREADABLE: b"{}",
    }
    for reason, data in cases.items():
        path = tmp_path / f"{reason}.json"
        path.write_bytes(data)
        with pytest.raises(ListRefused) as caught:
            holders.import_list(chain.town, path)
        assert caught.value.reason is reason
    with pytest.raises(ListRefused):
        holders.import_list(chain.town, tmp_path / "weg.json")
    assert holders.known(chain.town)(chain.azc.info.organisation.organisation_id) == before


def test_a_receivers_key_works_when_its_holder_is_absent(chain) -> None:
    """The file is for the organisation: whoever is in its vault opens it, also who joined later."""
    path = sealed(chain)
    with chain.town.transaction(actor_of(chain.town), "toegang nemen") as tx:
        tx.users.leave(chain.town.user.user_id)
    join(chain.town, "Collega")
    assert receive.take_in(chain.town, path).handover_id == inspect(path).handover_id
