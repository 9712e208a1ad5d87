"""Two languages on one page: any two of the fourteen, each in its own direction and script."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import MarkedTexts, OneForm, add_person, key, small_form
from support.vaults import actor_of

from intake_app.domain.interview import Interpretation
from intake_app.flows.interview import InterviewFlow
from intake_app.i18n.languages import LANGUAGES
from intake_app.ui.interview.block import QuestionBlock
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.text import Caption, LangLabel
from intake_app.ui.theme import families
from intake_app.vault import Vault
from intake_app.xforms import TextRef

PAIRS = tuple(permutations(LANGUAGES, 2))


def start(vault: Vault, language: str, texts: MarkedTexts) -> InterviewFlow:
    return InterviewFlow.start(
        vault,
        OneForm(small_form()),
        texts,
        add_person(vault, language=language).person_id,
        "klein",
        language,
        Interpretation(),
        actor_of(vault),
    )


@pytest.fixture
def holder(qtbot: QtBot) -> QWidget:
    window = QWidget()
    QVBoxLayout(window)
    qtbot.addWidget(window)
    return window


def block_of(tools: Tools, bridge: InterviewBridge, holder: QWidget) -> QuestionBlock:
    own, other = bridge.views(key("gewerkt"))
    block = QuestionBlock(tools, own, large=True)
    layout = holder.layout()
    assert layout is not None
    layout.addWidget(block)
    block.show_view(own, other, None)
    return block


def label(block: QuestionBlock, side: str, part: str = "label") -> LangLabel:
    found = block.findChild(LangLabel, f"question-{part}-{side}")
    assert found is not None, side
    return found


def marks(block: QuestionBlock) -> list[str]:
    return [mark.text() for mark in block.findChildren(Caption, "translation-mark")]


class Flows:
    """One interview whose languages can be changed; starting 182 of them would take long."""

    def __init__(self, vault: Vault, texts: MarkedTexts) -> None:
        self.flow = start(vault, "ar", texts)

    def bridge(self, own: str, client: str) -> InterviewBridge:
        self.flow._interview = replace(self.flow.interview, language=client)
        return InterviewBridge(self.flow, own_language=own)


@pytest.fixture
def unreviewed(vault: Vault) -> Flows:
    return Flows(vault, MarkedTexts())


@pytest.fixture
def missing(vault: Vault) -> Flows:
    def question(ref: TextRef) -> bool:
        return ref.kind == "label"

    return Flows(vault, MarkedTexts(missing=question))


def test_every_pair_has_its_directions_scripts_and_marks(
    unreviewed: Flows, missing: Flows, tools: Tools, holder: QWidget
) -> None:
    """One test, not 182: what takes long is the window, not the pair."""
    assert len(PAIRS) == 14 * 13
    for own, client in PAIRS:
        block = block_of(tools, unreviewed.bridge(own, client), holder)
        for side, language in (("nl", own), ("other", client)):
            shown = label(block, side)
            rtl = LANGUAGES[language].direction == "rtl"
            wanted = Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
            assert shown.language == language, (own, client)
            assert shown.layoutDirection() is wanted, (own, client)
            assert shown.font().families() == families(language), (own, client)
            assert shown.text().startswith(f"[{language}]" if language != "nl" else "Heeft")
            assert label(block, side, "hint").layoutDirection() is wanted
        unchecked = [language for language in (own, client) if language != "nl"]
        assert marks(block) == ["Machinevertaling, niet nagekeken"] * len(unchecked)
        block.deleteLater()
        lacking = block_of(tools, missing.bridge(own, client), holder)
        for side in ("nl", "other"):
            # the Dutch text shows as Dutch, whatever the language it stands in for
            assert label(lacking, side).language == "nl"
            assert label(lacking, side).layoutDirection() is Qt.LayoutDirection.LeftToRight
        assert marks(lacking) == ["Nog niet vertaald. Dit is de Nederlandse tekst."] * len(
            unchecked
        )
        lacking.deleteLater()


def test_the_same_language_on_both_sides_is_shown_once(
    unreviewed: Flows, tools: Tools, holder: QWidget
) -> None:
    block = block_of(tools, unreviewed.bridge("ar", "ar"), holder)
    assert block.findChild(LangLabel, "question-label-other") is None
    assert label(block, "nl").language == "ar"


def test_a_dutch_client_and_a_colleague_who_reads_english(
    unreviewed: Flows, tools: Tools, holder: QWidget
) -> None:
    block = block_of(tools, unreviewed.bridge("en", "nl"), holder)
    assert label(block, "nl").text() == "[en] Heeft u gewerkt?"
    assert label(block, "other").text() == "Heeft u gewerkt?"


def test_the_whole_page_follows_the_colleague(vault: Vault, show: object) -> None:
    flow = start(vault, "ti", MarkedTexts())
    shown = show(InterviewBridge(flow, own_language="fr"))  # type: ignore[operator]
    shown.go_to_section("werk")
    assert shown.label("gewerkt") == "[fr] Heeft u gewerkt?"
    assert shown.page.heading().startswith("[fr] Werk")
    assert shown.find("section-kort").accessibleName().startswith("[fr] Kort")
