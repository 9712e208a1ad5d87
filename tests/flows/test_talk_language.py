"""Another language in the middle of a talk: what stays, what is kept, what the receiver reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.interviews import answers_in, key, resume, start_small
from support.vaults import prepared_vault

from intake_app.domain.interview import InterviewState
from intake_app.flows import audit
from intake_app.flows.dossier_document import introduction
from intake_app.flows.interview import InterviewFlow, InterviewRefused
from intake_app.handover.codec import from_plain, to_plain
from intake_app.handover.dossier import DossierInterpretation, DossierInterview, DossierLanguageUse
from intake_app.vault import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path / "kluis")
    yield opened
    opened.close()


@pytest.fixture
def flow(vault: Vault) -> InterviewFlow:
    return start_small(vault, language="ti")


def test_the_answers_stay_and_the_questions_are_in_the_new_language(
    vault: Vault, flow: InterviewFlow
) -> None:
    flow.answer(key("gewerkt"), "ja")
    flow.answer(key("leeftijd"), "31")
    before = answers_in(vault, flow.interview.interview_id)
    flow.change_language("ar")
    again = resume(vault, flow)
    assert again.interview.language == "ar"
    assert answers_in(vault, flow.interview.interview_id) == before
    assert again.view(key("gewerkt"), again.interview.language).label.text.startswith("[ar]")


def test_it_is_kept_from_when_on_each_language_was_used(vault: Vault, flow: InterviewFlow) -> None:
    assert flow.interview.interpretation.languages == ()
    flow.change_language("ar")
    flow.change_language("ar")
    flow.change_language("ti")
    used = resume(vault, flow).interview.interpretation.languages
    assert [use.language for use in used] == ["ti", "ar", "ti"]
    assert used[0].since == flow.interview.started_at
    assert used[0].since < used[1].since < used[2].since


def test_the_log_says_that_the_language_changed(vault: Vault, flow: InterviewFlow) -> None:
    flow.change_language("ar")
    lines = audit.page(vault, person_id=flow.interview.person_id).lines
    assert any("verder in taal ar" in line.what for line in lines)


def test_a_language_the_program_does_not_have_is_refused(flow: InterviewFlow) -> None:
    with pytest.raises(ValueError, match="language"):
        flow.change_language("xx")
    assert flow.interview.language == "ti"


def test_once_vastgesteld_the_language_stands(flow: InterviewFlow) -> None:
    flow._interview = replace(flow.interview, state=InterviewState.VASTGESTELD)
    with pytest.raises(InterviewRefused):
        flow.change_language("ar")


def test_the_receiver_reads_from_when_on_it_was_another_language(flow: InterviewFlow) -> None:
    flow.change_language("ar")
    told = flow.interview.interpretation
    sent = DossierInterpretation(
        "telefoon",
        "",
        "ti",
        (),
        (),
        tuple(DossierLanguageUse(use.language, use.since) for use in told.languages),
    )
    assert from_plain(DossierInterpretation, to_plain(sent)) == sent
    interview = DossierInterview(
        flow.interview.interview_id,
        "klein",
        "Klein gesprek",
        "1",
        flow.interview.form_sha256,
        "ar",
        "open",
        flow.interview.started_at,
        None,
        sent,
        (),
        (),
    )
    words = introduction(interview)
    assert "eerst in het Tigrinya" in words
    assert "in het Arabisch" in words
    # nobody wrote down in which language the child interpreted; that it did is said all the same
    child = replace(interview, interpretation=replace(sent, mode="kind", language=""))
    assert "met een kind dat vertaalde" in introduction(child)
    nobody = replace(interview, interpretation=DossierInterpretation("geen", "", "", (), ()))
    assert "tolk" not in introduction(nobody)


def test_a_dossier_of_before_has_no_languages_and_can_be_read() -> None:
    plain = to_plain(DossierInterpretation("geen", "", "", (), ()))
    assert isinstance(plain, dict)
    plain.pop("languages", None)
    assert from_plain(DossierInterpretation, plain).languages == ()
