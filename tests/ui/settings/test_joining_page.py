"""Instellingen, Meer laptops: two colleagues, two vaults, and what goes wrong between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pages.base import PageObject
from pages.settings import JoiningPageObject
from support.chain import Chain, entry_of, make_chain, save_book
from support.qt import ScriptedPicker, make_context, make_theme, settle
from support.vaults import PASSPHRASE, prepared_vault

from intake_app.domain.actor import Profile, UserRole
from intake_app.flows import access, holders, join
from intake_app.flows.address_book import own_card
from intake_app.handover.joining import SENTENCES, JoinRefusal
from intake_app.ui.a11y import check
from intake_app.ui.settings.joining import JoiningPage
from intake_app.ui.settings.users import UsersPage
from intake_app.vault import Vault, users

THEIRS = "kelder tapijt rivier zonnebloem gitaar"


class Desks:
    """The town's vault, a new one, and the files between them."""

    def __init__(self, qtbot, qapp, root: Path) -> None:
        self.chain: Chain = make_chain(root)
        self.new = prepared_vault(root / "nieuw", profile=Profile.ONTVANGST, number=2)
        self.request, self.answer = root / "verzoek.json", root / "antwoord.age"
        self._qtbot, self._app = qtbot, qapp

    @property
    def town(self) -> Vault:
        return self.chain.town

    def page(self, vault: Vault, *picked: Path | None, scale: float = 1.0) -> JoiningPageObject:
        context = make_context(
            vault, make_theme(self._app, scale=scale), pick=ScriptedPicker(*picked)
        )
        page = JoiningPage(context)
        self._qtbot.addWidget(page)
        page.resize(1100, 800)
        page.show()
        settle(self._app)
        return JoiningPageObject(self._qtbot, page)

    def know(self) -> None:
        """Give the new vault the address book."""
        save_book(self.new, entry_of(self.town, "uitvoerder"))


@pytest.fixture
def desks(qtbot, qapp, tmp_path) -> Iterator[Desks]:
    made = Desks(qtbot, qapp, tmp_path)
    yield made
    made.new.close()
    made.chain.close()


def test_two_colleagues_from_the_request_to_the_same_keys(desks):
    asking = desks.page(desks.new, desks.request, desks.answer)
    asking.ask("Laptop Samira")
    assert asking.said("own") == "Het verzoek is opgeslagen als \u2068verzoek.json\u2069."

    giving = desks.page(desks.town, desks.request, desks.answer)
    giving.look()
    assert asking.number() not in " ".join(giving.words())
    giving.answer(asking.number())
    assert "antwoord.age" in giving.said("other")
    assert giving.has(f"joining-given-{desks.new.info.vault_id}")

    asking.take()
    number = own_card(desks.town).fingerprint
    assert number not in " ".join(asking.words())
    asking.take_over(number)
    assert "hoort nu bij je organisatie" in asking.said("own")
    assert asking.has("joining-joined")
    assert not asking.has("joining-take")
    assert desks.new.organisation_keys() == desks.town.organisation_keys()


def test_with_the_address_book_nothing_more_is_typed(desks):
    desks.know()
    request = join.ask(desks.new, "Laptop Samira", desks.request)
    join.answer(desks.town, request, request.number, desks.answer)
    page = desks.page(desks.new, desks.answer)
    page.take()
    assert not page.has("joining-own-number")
    assert "nagegaan met het adresboek" in " ".join(page.words())


def test_a_wrong_number_is_said_at_the_field_and_no_file_is_asked_for(desks):
    join.ask(desks.new, "Laptop Samira", desks.request)
    page = desks.page(desks.town, desks.request)
    page.look()
    page.answer("12345 12345 12345 12345 12345 12345")
    assert page.problem("joining-heard") == SENTENCES[JoinRefusal.WRONG_NUMBER]
    assert join.given(desks.town) == ()
    page.click("joining-answer-cancel")
    assert page.has("joining-look")


def test_a_wrong_number_of_the_organisation_takes_nothing_over(desks):
    request = join.ask(desks.new, "Laptop Samira", desks.request)
    join.answer(desks.town, request, request.number, desks.answer)
    page = desks.page(desks.new, desks.answer)
    page.take()
    page.take_over(own_card(desks.new).fingerprint)
    assert page.problem("joining-own-number") == SENTENCES[JoinRefusal.WRONG_NUMBER]
    assert join.joined(desks.new) is None
    page.click("joining-take-cancel")
    assert page.has("joining-take")


def test_a_label_has_to_be_there(desks):
    page = desks.page(desks.new)
    page.ask("")
    assert page.problem("joining-label") == SENTENCES[JoinRefusal.LABEL]


def test_deciding_not_to_choose_a_file_changes_nothing(desks):
    page = desks.page(desks.new, None)
    page.ask("Laptop Samira")
    assert join.waiting(desks.new) is None
    page = desks.page(desks.town, None)
    page.look()
    assert page.has("joining-look")


def test_another_file_is_refused_in_words(desks, tmp_path):
    wrong = tmp_path / "iets.json"
    wrong.write_text("{}")
    page = desks.page(desks.town, wrong)
    page.look()
    assert page.said("other") == SENTENCES[JoinRefusal.NOT_A_REQUEST]
    join.ask(desks.new, "Laptop Samira", desks.request)
    page = desks.page(desks.new, wrong)
    page.take()
    assert page.said("own") == SENTENCES[JoinRefusal.NOT_AN_ANSWER]


def test_a_request_is_saved_again_and_given_up(desks, tmp_path):
    join.ask(desks.new, "Laptop Samira", desks.request)
    again = tmp_path / "nog-eens.json"
    page = desks.page(desks.new, again, again)
    page.click("joining-save")
    assert again.read_bytes() == desks.request.read_bytes()
    page.click("joining-save")
    assert "niet overschreven" in page.said("own")
    page.click("joining-give-up")
    assert join.waiting(desks.new) is None
    assert page.has("joining-ask")


def test_a_vault_with_something_in_it_says_why_not(desks):
    words = " ".join(desks.page(desks.town).words())
    assert SENTENCES[JoinRefusal.ALREADY_KNOWN] in words
    assert not desks.page(desks.town).has("joining-ask")


def test_without_the_role_nothing_can_be_pressed(desks):
    desks.town.user = replace(desks.town.user, roles=(UserRole.INTAKE,))
    page = desks.page(desks.town)
    assert "rol beheer" in page.text("joining-not-allowed")
    assert not page.find("joining-look").isEnabled()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_state_can_be_used_by_everybody(desks, qapp, scale):
    def sound(page: JoiningPageObject) -> None:
        settle(qapp)
        assert [str(finding) for finding in check(page.root)] == []

    join.want(desks.new, "Laptop Samira")
    page = desks.page(desks.new, desks.answer, scale=scale)
    sound(page)
    request = join.ask(desks.new, "Laptop Samira", desks.request)
    sound(desks.page(desks.new, scale=scale))
    giving = desks.page(desks.town, desks.request, desks.answer, scale=scale)
    giving.look()
    giving.answer("1")
    sound(giving)
    giving.answer(request.number)
    sound(giving)
    page = desks.page(desks.new, desks.answer, scale=scale)
    page.take()
    page.take_over("1")
    sound(page)
    page.take_over(own_card(desks.town).fingerprint)
    sound(page)


def test_a_vault_that_joined_offers_no_striking_off(desks, qtbot, qapp):
    desks.know()
    request = join.ask(desks.new, "Laptop Samira", desks.request)
    join.answer(desks.town, request, request.number, desks.answer)
    for vault, joins in ((desks.new, False), (desks.new, True)):
        if joins:
            join.take(vault, desks.answer)
        else:
            access.add_user(vault, PASSPHRASE, "Wim", (UserRole.INTAKE,), THEIRS)
        wim = next(user for user in users.access(vault) if user.name == "Wim")
        widget = UsersPage(make_context(vault, make_theme(qapp)))
        qtbot.addWidget(widget)
        widget.show()
        page = PageObject(qtbot, widget)
        page.click(f"users-remove-{wim.user_id}")
        settle(qapp)
        assert page.has("users-lost") is not joins
        assert (holders.NoOwnList.sentence in page.words()) is joins
        settle(qapp)
        assert [str(finding) for finding in check(widget)] == []
