from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from pages.base import PageObject
from shamir_mnemonic.wordlist import WORDLIST
from support.qt import make_theme, settle

from intake_app.flows.recovery_cards import WORDS, code_of
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.a11y import check
from intake_app.ui.start.recover import RecoverFlow
from intake_app.vault.errors import RolesWouldBeLost, VaultDamaged

TR = UiTexts("nl", None)
FIRST = tuple(WORDLIST[at * 29] for at in range(WORDS))
SECOND = tuple(WORDLIST[at * 30 + 1] for at in range(WORDS))
NEW = "vijver stapel koffie lantaarn mosterd"


@dataclass(frozen=True)
class Somebody:
    user_id: UUID
    name: str


PEOPLE = (Somebody(UUID(int=1), "Samira"), Somebody(UUID(int=2), "Wim"))


class Recovering:
    def __init__(self, qtbot, qapp, scale: float = 1.0) -> None:
        self.asked: list[tuple[str, str]] = []
        self.given: list[tuple[UUID, str]] = []
        self.opened: list[object] = []
        self.refusal: Exception | None = None
        self.last_medical = False
        self.flow = RecoverFlow(
            make_theme(qapp, scale=scale), TR, who=self.who, recover=self.recover,
            generate=lambda: "een twee drie vier vijf",
        )  # fmt: skip
        self.flow.recovered.connect(self.opened.append)
        qtbot.addWidget(self.flow)
        self.flow.resize(960, 680)
        self.flow.show()
        settle(qapp)
        self.page = PageObject(qtbot, self.flow)
        self.qtbot = qtbot

    def who(self, first: str, second: str):
        if self.refusal is not None:
            raise self.refusal
        self.asked.append((first, second))
        return PEOPLE

    def recover(
        self, _first: str, _second: str, user_id: UUID, passphrase: str, lose_roles: bool
    ) -> str:
        if self.last_medical and not lose_roles:
            raise RolesWouldBeLost
        self.given.append((user_id, passphrase))
        return "vault"

    def type_cards(self, first: str, second: str) -> None:
        for name, text in (("recover-first", first), ("recover-second", second)):
            self.page.find(name).setPlainText(text)
        self.page.click("recover-next")


@pytest.fixture
def recovering(qtbot, qapp):
    return Recovering(qtbot, qapp)


def test_two_cards_and_a_new_passphrase_open_the_vault(recovering, qtbot):
    recovering.type_cards(" ".join(FIRST), code_of(SECOND))
    qtbot.waitUntil(lambda: recovering.page.has("recover-passphrase"))
    assert recovering.asked == [(" ".join(FIRST), " ".join(SECOND))]
    recovering.page.choose("recover-user", str(PEOPLE[1].user_id))
    recovering.page.type("recover-passphrase-text", NEW)
    recovering.page.type("recover-repeat-text", NEW)
    recovering.page.click("recover-open")
    qtbot.waitUntil(lambda: recovering.opened == ["vault"])
    assert recovering.given == [(PEOPLE[1].user_id, NEW)]


def test_a_wrong_word_is_named_before_anything_is_tried(recovering):
    recovering.type_cards(" ".join((*FIRST[:4], "fiets", *FIRST[5:])), " ".join(SECOND))
    assert recovering.asked == []
    assert any("Woord 5 " in words for words in recovering.page.words())


def test_missing_words_are_counted(recovering):
    recovering.type_cards(" ".join(FIRST[:30]), " ".join(SECOND))
    assert recovering.asked == []
    assert any("30" in words and "33" in words for words in recovering.page.words())


def test_cards_that_will_not_do_can_be_typed_again(recovering, qtbot):
    recovering.refusal = VaultDamaged()
    recovering.type_cards(" ".join(FIRST), " ".join(SECOND))
    qtbot.waitUntil(lambda: recovering.page.text("recover-problem") == str(VaultDamaged()))
    recovering.refusal = None
    recovering.page.click("recover-next")
    qtbot.waitUntil(lambda: recovering.page.has("recover-passphrase"))


def test_two_different_sentences_open_nothing(recovering, qtbot):
    recovering.type_cards(" ".join(FIRST), " ".join(SECOND))
    qtbot.waitUntil(lambda: recovering.page.has("recover-passphrase"))
    recovering.page.type("recover-passphrase-text", NEW)
    recovering.page.type("recover-repeat-text", NEW + "!")
    recovering.page.click("recover-open")
    assert recovering.given == []


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_losing_the_medical_part_is_chosen_twice(qtbot, qapp, scale):
    recovering = Recovering(qtbot, qapp, scale)
    recovering.last_medical = True
    recovering.type_cards(" ".join(FIRST), " ".join(SECOND))
    qtbot.waitUntil(lambda: recovering.page.has("recover-passphrase"))
    recovering.page.type("recover-passphrase-text", NEW)
    recovering.page.type("recover-repeat-text", NEW)
    anyway = recovering.page.find("recover-anyway")
    assert not anyway.isVisible()
    recovering.page.click("recover-open")
    qtbot.waitUntil(lambda: recovering.page.text("recover-problem") == str(RolesWouldBeLost()))
    assert recovering.given == []
    assert anyway.isVisible()
    settle(qapp)
    assert not anyway.visibleRegion().isEmpty(), "it was not scrolled to"
    assert [str(finding) for finding in check(recovering.flow)] == []
    recovering.page.choose("recover-user", str(PEOPLE[1].user_id))
    assert not anyway.isVisible()
    recovering.page.click("recover-open")
    qtbot.waitUntil(anyway.isVisible)
    recovering.page.click("recover-anyway")
    qtbot.waitUntil(lambda: recovering.opened == ["vault"])
    assert recovering.given == [(PEOPLE[1].user_id, NEW)]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_both_pages_are_sound(qtbot, qapp, scale):
    recovering = Recovering(qtbot, qapp, scale)
    assert [str(finding) for finding in check(recovering.flow)] == []
    recovering.type_cards(" ".join(FIRST), " ".join(SECOND))
    qtbot.waitUntil(lambda: recovering.page.has("recover-passphrase"))
    settle(qapp)
    assert [str(finding) for finding in check(recovering.flow)] == []
