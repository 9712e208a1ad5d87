"""An answer that is a file travels with its answer, or stays with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.chain import PERSON, Chain, add_person, make_chain
from support.file_forms import (
    HAS,
    INNER,
    JOB_PHOTO,
    JOBS,
    MEDICAL,
    PAPER,
    PHOTO,
    SIGNED,
    SOUND,
    picture,
    start_with_files,
    wav,
)
from support.medical import give_medical_role

from intake_app.domain.actor import ReceiverRole
from intake_app.domain.interview import AnswerState
from intake_app.domain.sharing import Consent, SharingRule, SharingTable, Verdict
from intake_app.flows import attachments, case_file, client_papers, hand_over, receive, selection
from intake_app.flows.answer_files import Instead, PreparedFile, statement
from intake_app.flows.attachments import AnswerUse, AttachmentRefused
from intake_app.flows.hand_over import sharing_table
from intake_app.flows.interview import InterviewFlow
from intake_app.flows.preview import IRRELEVANT_REASON
from intake_app.flows.selection import ItemKey, ItemKind
from intake_app.handover.dossier import DossierAnswer, from_json
from intake_app.handover.errors import Refusal
from intake_app.vault import Vault
from intake_app.vault.stores.interviews import Forms
from intake_app.xforms import NodeKey

TALK = date(2026, 3, 20)


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made = make_chain(tmp_path)
    add_person(made.azc)
    yield made
    made.close()


@pytest.fixture
def flow(chain: Chain) -> InterviewFlow:
    return start_with_files(chain.azc, person_id=PERSON.person_id)


def sealed(chain: Chain) -> Path:
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    return chain.stick / handover.file_name


def received(chain: Chain, path: Path) -> UUID:
    return receive.take_in(chain.town, path).handover_id


def told(vault: Vault, handover_id: UUID) -> dict[str, DossierAnswer]:
    answers = receive.look(vault, handover_id).dossier.interviews[0].answers
    return {answer.path: answer for answer in answers}


def test_from_the_talk_to_the_person_at_the_receiver(chain: Chain, flow: InterviewFlow):
    flow.answer_file(PHOTO, picture(5))
    flow.answer_file(PAPER, PreparedFile(b"%PDF-1.7\ncv", attachments.PDF))
    flow.answer_file(SIGNED, statement(Instead.OP_PAPIER, "Noor", date(2026, 3, 2)))
    instance, _ = flow.add_repeat(JOBS)
    flow.answer_file(NodeKey(JOB_PHOTO, instance), picture(6))
    flow.finish()
    handover_id = received(chain, sealed(chain))
    seen = receive.look(chain.town, handover_id)
    answers = told(chain.town, handover_id)
    came = {each.answer.came_as: each for each in seen.attachments if each.answer is not None}
    for path, data in (
        (PHOTO.path, picture(5).data),
        (PAPER.path, b"%PDF-1.7\ncv"),
        (JOB_PHOTO, picture(6).data),
    ):
        (file,) = answers[path].files
        assert attachments.content(chain.town, came[file].attachment_id).data == data
        assert file.rpartition("/")[2] in answers[path].answer
    assert answers[SIGNED.path].answer.startswith("Verklaring in plaats van een handtekening")
    receive.accept(chain.town, handover_id, first_talk=TALK, receipt_folder=chain.stick)
    with chain.town.read() as r:
        (interview,) = r.interviews.of_person(PERSON.person_id)
        case = case_file.case_file(r, PERSON.person_id, chain.town.env)
        assert len(r.attachments.answering(PERSON.person_id)) == 4
    questions = {question.answer.path: question for question in case.interviews[0].questions}
    photo = case.file_of(questions[PHOTO.path])
    assert photo is not None
    assert photo.answer is not None
    assert (photo.answer.interview_id, photo.answer.path) == (interview.interview_id, PHOTO.path)
    assert questions[PHOTO.path].answer_text == "Foto"
    # and it is not asked for again when the receiver goes on with the person
    assert {each.use for each in attachments.listed(chain.town, PERSON.person_id, sharing_table())}


def test_a_recording_arrives_as_what_it_is_and_is_not_opened(chain: Chain, flow: InterviewFlow):
    flow.answer_file(SOUND, PreparedFile(wav(), "audio/wav"))
    handover_id = received(chain, sealed(chain))
    (came,) = receive.look(chain.town, handover_id).attachments
    assert came.media_type == "audio/wav"
    with pytest.raises(AttachmentRefused, match="afgespeeld"):
        attachments.content(chain.town, came.attachment_id)
    assert attachments.suggested_name(came).endswith(".wav")


def test_the_same_talk_again_brings_no_second_copy(chain: Chain, flow: InterviewFlow):
    flow.answer_file(PHOTO, picture(5))
    flow.finish()
    for _ in range(2):
        handover_id = received(chain, sealed(chain))
        known = receive.look(chain.town, handover_id)
        choices = {each.field: "theirs" for each in known.compared}
        receive.accept(
            chain.town,
            handover_id,
            first_talk=TALK,
            receipt_folder=chain.stick,
            choices=choices,  # type: ignore[arg-type]
        )
    with chain.town.read() as r:
        assert len(r.attachments.of_person(PERSON.person_id)) == 1
        assert len(r.attachments.answering(PERSON.person_id)) == 1


def test_what_does_not_leave_takes_its_file_along(chain: Chain, flow: InterviewFlow):
    give_medical_role(chain.azc)
    flow.answer_file(INNER, picture(1))
    flow.answer_file(MEDICAL, picture(2))
    flow.answer_file(PHOTO, picture(3))
    flow.answer(HAS, "nee")
    view = hand_over.preview(chain.azc, PERSON.person_id)
    assert view.selection is not None
    assert not [k for k in view.selection.leaving_keys() if k.kind is ItemKind.ATTACHMENT]
    hidden = next(c for c in view.attachments if c.attachment.title == "Foto van het diploma")
    assert hidden.reason == IRRELEVANT_REASON
    assert not hidden.may_choose
    handover_id = received(chain, sealed(chain))
    assert receive.look(chain.town, handover_id).attachments == ()
    text = json.dumps([a.path for a in told(chain.town, handover_id).values()])
    assert "foto" not in text
    # an irrelevant answer keeps its file: it counts again when the answer does
    flow.answer(HAS, "ja")
    again = hand_over.preview(chain.azc, PERSON.person_id)
    assert again.selection is not None
    assert [k for k in again.selection.leaving_keys() if k.kind is ItemKind.ATTACHMENT]


def test_what_was_replaced_or_taken_away_is_in_no_dossier(chain: Chain, flow: InterviewFlow):
    flow.answer_file(PHOTO, picture(1))
    flow.answer_file(PHOTO, picture(2))
    flow.answer_file(SIGNED, picture(3))
    flow.set_state(SIGNED, AnswerState.REFUSED)
    instance, _ = flow.add_repeat(JOBS)
    flow.answer_file(NodeKey(JOB_PHOTO, instance), picture(4))
    flow.remove_repeat(JOBS, instance)
    case = case_file.read_case_file(chain.azc, PERSON.person_id)
    assert len(case.attachments) == 1
    handover_id = received(chain, sealed(chain))
    seen = receive.look(chain.town, handover_id)
    (one,) = seen.attachments
    assert attachments.content(chain.town, one.attachment_id).data == picture(2).data
    assert "bijlage" not in " ".join(left.what for left in seen.dossier.left_out)
    uses = {r.use for r in attachments.listed(chain.azc, PERSON.person_id, sharing_table())}
    assert uses == {AnswerUse.STANDS, AnswerUse.EARLIER}


def test_a_file_that_is_kept_here_is_said_to_be(chain: Chain, flow: InterviewFlow):
    flow.answer_file(PHOTO, picture(1))
    (kept,) = case_file.read_case_file(chain.azc, PERSON.person_id).attachments
    handover = hand_over.seal(
        chain.azc, PERSON.person_id, chain.stick, held=frozenset({kept.attachment_id})
    )
    handover_id = received(chain, chain.stick / handover.file_name)
    answer = told(chain.town, handover_id)[PHOTO.path]
    assert answer.files == ()
    assert answer.answer == "Foto (het bestand zelf gaat niet mee)"


def test_an_answer_is_taken_away_in_the_talk_and_not_beside_it(chain: Chain, flow: InterviewFlow):
    flow.answer_file(PHOTO, picture(1))
    (first,) = case_file.read_case_file(chain.azc, PERSON.person_id).attachments
    with pytest.raises(AttachmentRefused, match="antwoord op een vraag"):
        attachments.remove(chain.azc, first.attachment_id)
    flow.answer_file(PHOTO, picture(2))
    attachments.remove(chain.azc, first.attachment_id)
    assert attachments.known(chain.azc, first.attachment_id) is None


def test_the_clients_own_copy_says_that_there_is_a_file(chain: Chain, flow: InterviewFlow):
    from intake_app import paths
    from intake_app.i18n.catalogues import Catalogues

    flow.answer_file(PHOTO, picture(1))
    flow.answer_file(PHOTO, picture(2))
    flow.answer_file(INNER, picture(3))
    page = client_papers.client_copy(
        chain.azc, Catalogues(paths.translations_dir()), PERSON.person_id, "nl"
    )
    text = repr(page.blocks)
    assert "Dit zit als bestand in uw dossier." in text
    assert text.count("Foto van het diploma") == 2  # the question, and the list of papers
    assert "Alleen voor ons" not in text
    assert ".png" not in text


def test_a_form_the_receiver_does_not_have_leaves_the_file_a_paper(
    chain: Chain, flow: InterviewFlow, monkeypatch: pytest.MonkeyPatch
):
    flow.answer_file(PHOTO, picture(1))
    handover_id = received(chain, sealed(chain))
    monkeypatch.setattr(Forms, "get", lambda _self, _sha256: None)
    receive.accept(chain.town, handover_id, first_talk=TALK, receipt_folder=chain.stick)
    (row,) = attachments.listed(chain.town, PERSON.person_id, sharing_table())
    assert row.use is None
    assert row.attachment.title == "Foto van het diploma"


def test_it_goes_on_to_the_next_receiver_with_its_answer(chain: Chain, flow: InterviewFlow):
    flow.answer_file(PHOTO, picture(5))
    handover_id = received(chain, sealed(chain))
    receive.accept(chain.town, handover_id, first_talk=TALK, receipt_folder=chain.stick)
    case = case_file.read_case_file(chain.town, PERSON.person_id)
    split = selection.select(
        selection.items(case), sharing_table(), ReceiverRole.GEMEENTE, ()
    ).leaving_keys()
    (kept,) = case.attachments
    assert ItemKey(ItemKind.ATTACHMENT, kept.attachment_id) in split


# ---- what others may send ----------------------------------------------------------------------


def test_files_that_do_not_fit_the_answers_are_refused(chain: Chain, flow: InterviewFlow):
    from intake_app.flows import received_attachments

    flow.answer_file(PHOTO, picture(1))
    flow.answer_file(PAPER, picture(2))
    opened = receive.verified(chain.town, sealed(chain))
    dossier = opened.dossier
    interview = dossier.interviews[0]
    photo, paper = (
        next(a for a in interview.answers if a.path == path) for path in (PHOTO.path, PAPER.path)
    )
    rest = tuple(a for a in interview.answers if a not in (photo, paper))
    wrong = (
        (photo, replace(paper, files=photo.files)),
        (replace(photo, files=("data/bijlagen/999.png",)), paper),
        (replace(photo, files=(*photo.files, *paper.files)), replace(paper, files=())),
        (replace(photo, value=""), paper),
    )
    for answers in wrong:
        bad = replace(dossier, interviews=(replace(interview, answers=(*rest, *answers)),))
        with pytest.raises(Refusal):
            received_attachments.came_along(replace(opened, dossier=bad))


def test_a_dossier_without_such_answers_is_as_it_was(chain: Chain, flow: InterviewFlow):
    flow.answer(HAS, "nee")
    handover_id = received(chain, sealed(chain))
    with chain.town.read() as r:
        item = r.inbox.get(handover_id)
    assert item is not None
    assert b'"files"' not in item.dossier_json
    assert from_json(item.dossier_json).interviews[0].answers[0].files == ()


# ---- the rule itself ---------------------------------------------------------------------------

CATEGORIES = ("opleiding", "werk", "plan", "taal", "intern", "medisch", "")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[case_file.CaseFile]:
    made = make_chain(tmp_path_factory.mktemp("case"))
    add_person(made.azc)
    give_medical_role(made.azc)
    flow = start_with_files(made.azc, person_id=PERSON.person_id)
    for number, key in enumerate((PHOTO, PAPER, SIGNED, MEDICAL, INNER)):
        flow.answer_file(key, picture(number))
    instance, _ = flow.add_repeat(JOBS)
    flow.answer_file(NodeKey(JOB_PHOTO, instance), picture(9))
    yield case_file.read_case_file(made.azc, PERSON.person_id)
    made.close()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    verdicts=st.fixed_dictionaries({c: st.sampled_from(Verdict) for c in CATEGORIES}),
    agreed=st.sets(st.sampled_from(CATEGORIES)),
    moved=st.dictionaries(st.integers(0, 6), st.sampled_from(CATEGORIES)),
    irrelevant=st.sets(st.integers(0, 6)),
    held=st.sets(st.integers(0, 5)),
)
def test_no_file_ever_goes_without_its_answer(
    case: case_file.CaseFile,
    verdicts: dict[str, Verdict],
    agreed: set[str],
    moved: dict[int, str],
    irrelevant: set[int],
    held: set[int],
):
    role = ReceiverRole.GEMEENTE
    table = SharingTable(
        {(c, role): SharingRule(c, role, v, "Daarom.", "art. 1") for c, v in verdicts.items()}
    )
    file = case.interviews[0]
    questions = tuple(
        replace(
            question,
            category=moved.get(number, question.category),
            relevant=number not in irrelevant,
        )
        for number, question in enumerate(file.questions)
    )
    changed = replace(case, interviews=(replace(file, questions=questions),))
    start = file.interview.started_at
    consents = [
        Consent(UUID(int=n + 1), PERSON.person_id, c, role, start - timedelta(days=1), "nl", False)
        for n, c in enumerate(sorted(agreed))
    ]
    kept = frozenset(each.attachment_id for n, each in enumerate(case.attachments) if n in held)
    split = selection.select(selection.items(changed, kept), table, role, consents)
    leaving = split.leaving_keys()
    for question in questions:
        mine = changed.file_of(question)
        if mine is None or ItemKey(ItemKind.ATTACHMENT, mine.attachment_id) not in leaving:
            continue
        answer = question.answer
        place = (answer.interview_id, answer.path, answer.repeat)
        assert ItemKey(ItemKind.ANSWER, *place) in leaving
        assert mine.attachment_id not in kept
        for category in (question.category, mine.category):
            assert table.may_leave(category, role, consents)
    both = [item.key for item in selection.items(changed, kept)]
    assert len(both) == len(set(both))
