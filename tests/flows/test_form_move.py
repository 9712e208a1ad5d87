"""An open interview to a newer version of its form: listed first, then moved, nothing lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from support.interviews import (
    SECOND_ROWS,
    MarkedTexts,
    Program,
    key,
    resume,
    second_small_form,
    small_form,
    start_small,
)
from support.vaults import actor_of, prepared_vault

from intake_app.domain.interview import AnswerSource, AnswerState
from intake_app.flows import form_move
from intake_app.flows.interview import InterviewFlow, InterviewRefused
from intake_app.formio.moving import MoveRefused
from intake_app.vault import DiskFull, Vault
from intake_app.xforms import FormDefinition, NodeKey, parse_form

AGE = NodeKey("/data/kort/leeftijd_jaren")
ROWS = SECOND_ROWS


def other_words() -> FormDefinition:
    xml = small_form().xml.replace(b"Heeft u gewerkt?", b"Had u werk?")
    return parse_form(xml, name="klein")


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path / "kluis")
    yield opened
    opened.close()


@dataclass(frozen=True)
class Held:
    flow: InterviewFlow
    jobs: tuple[UUID, UUID]


@pytest.fixture
def held(vault: Vault) -> Held:
    flow = start_small(vault)
    flow.answer(key("gewerkt"), "ja")
    flow.answer(key("naam_tolk"), "Tigrinya")
    flow.note(key("naam_tolk"), "spreekt zacht", in_handover=True)
    flow.source(key("naam_tolk"), AnswerSource.DOCUMENT)
    flow.answer(key("leeftijd"), "30")
    flow.answer(key("leeftijd"), "31")
    flow.answer(key("oordeel"), "zorg")
    flow.answer(key("talen"), "tir ara")
    first = flow.session.repeats("/data/werk/baan")[0]
    second, _ = flow.add_repeat("/data/werk/baan")
    flow.answer(key("jaren", first), "3")
    flow.answer(key("jaren", second), "55")
    flow.answer(key("functie", second), "bakker")
    flow.move_to(flow.page_of(key("leeftijd")).key, key("leeftijd"))  # type: ignore[union-attr]
    return Held(flow, (first, second))


def shown(vault: Vault, held: Held, form: FormDefinition | None = None) -> form_move.MovePreview:
    interview_id = held.flow.interview.interview_id
    return form_move.preview(vault, interview_id, form or second_small_form(), ROWS)


def record(vault: Vault, held: Held) -> object:
    interview_id = held.flow.interview.interview_id
    with vault.read() as records:
        return (
            records.interviews.get(interview_id),
            records.answers.of_interview(interview_id),
            records.repeats.of_interview(interview_id),
            records.aside.of_interview(interview_id),
        )


def test_a_newer_version_is_offered_and_nothing_else(held: Held) -> None:
    form = held.flow.form
    new = second_small_form()
    assert form_move.newer(form, Program(new)) is new
    assert not form_move.only_texts(form, new)
    assert form_move.newer(new, Program(form)) is None
    assert form_move.newer(form, Program(small_form())) is None
    assert (
        form_move.newer(parse_form(form.xml.replace(b'id="klein"', b'id="x"')), Program(new))
        is None
    )


def test_other_words_need_no_move(held: Held) -> None:
    words = form_move.newer(held.flow.form, Program(other_words()))
    assert words is not None
    assert form_move.only_texts(held.flow.form, words)


def test_the_dry_run_lists_everything_and_changes_nothing(vault: Vault, held: Held) -> None:
    before = record(vault, held)
    found = shown(vault, held)
    assert record(vault, held) == before
    assert (found.from_version, found.to_version) == ("1", "2")
    assert [(line.question, line.detail) for line in found.of("moved")] == [
        ("Hoe oud bent u?", "Hoe oud bent u?")
    ]
    assert [line.key for line in found.of("value")] == [key("oordeel"), key("talen")]
    assert [(line.question, line.detail) for line in found.of("aside")] == [
        ("Welke taal spreekt u thuis?", "de vraag is er niet meer"),
        ("Welke talen spreekt u?", "deze keuze is er niet meer"),
    ]
    assert [line.key.path for line in found.of("required")] == [key("opmerking").path]
    assert [(line.key.repeat, line.question) for line in found.of("violating")] == [
        (held.jobs[1], "Baan 2: Hoeveel jaar?")
    ]
    assert found.kept == 4
    answers = ("Tigrinya", "31", "bakker", "55")
    assert not any(a in f"{line.question} {line.detail}" for a in answers for line in found.lines)


def test_the_move_keeps_moves_and_puts_aside(vault: Vault, held: Held) -> None:
    before = {(r.path, r.repeat): r for r in held.flow._stored.rows.values()}
    moved = form_move.carry_out(vault, MarkedTexts(), shown(vault, held), ROWS, actor_of(vault))
    first, second = held.jobs
    assert moved.form.version == "2"
    assert moved.interview.form_sha256 == hashlib.sha256(second_small_form().xml).hexdigest()
    assert moved.position == AGE
    assert moved.session.value(AGE) == "31"
    assert moved.session.value(key("dubbel")) == "62"
    assert moved.session.value(key("oordeel")) == "zorgelijk"
    assert moved.session.value(key("talen")) == "tir"
    assert moved.session.value(key("jaren", second)) == "55"
    assert moved.session.value(key("functie", second)) == "bakker"
    assert moved.session.repeats("/data/werk/baan") == (first, second)
    # who gave an answer, when and from where goes along
    row = moved.row(AGE)
    old = before[key("leeftijd").path, None]
    assert row is not None
    assert (row.author_id, row.at, row.source) == (old.author_id, old.at, old.source)
    aside = form_move.aside(vault, moved.interview.interview_id)
    assert [(a.question, a.shown, a.reason) for a in aside] == [
        ("Welke taal spreekt u thuis?", "Tigrinya", "vraag_weg"),
        ("Welke talen spreekt u?", "Tigrinya, Arabisch", "geen_keuze_meer"),
    ]
    assert aside[0].answer == before[key("naam_tolk").path, None]
    assert aside[0].form_sha256 == held.flow.interview.form_sha256
    # every path the record holds now is one of the new form
    with vault.read() as records:
        rows = records.answers.of_interview(moved.interview.interview_id)
    assert {r.path for r in rows} <= moved.form.questions.keys()
    assert resume(vault, moved).session.snapshot() == moved.session.snapshot()
    moved.answer(AGE, "32")
    assert resume(vault, moved).session.value(AGE) == "32"


def test_history_and_audit_tell_of_the_move(vault: Vault, held: Held) -> None:
    moved = form_move.carry_out(vault, None, shown(vault, held), ROWS, actor_of(vault))
    with vault.read() as records:
        history = records.answers.history(moved.interview.interview_id, key("leeftijd"))
        assert [r.value for r in history] == ["30", "31"]
        assert records.forms.get(held.flow.interview.form_sha256) is not None
        records.audit.verify()
        told = [entry.body for entry in records.audit.entries()]
    assert any("gesprek: naar versie 2 van het formulier" in body for body in told)


def test_a_note_without_an_answer_is_kept_aside_too(vault: Vault) -> None:
    flow = start_small(vault)
    flow.note(key("naam_tolk"), "vraag de tolk", in_handover=False)
    found = form_move.preview(vault, flow.interview.interview_id, second_small_form(), ROWS)
    assert [line.detail for line in found.of("aside")] == ["alleen een notitie"]
    form_move.carry_out(vault, None, found, ROWS, actor_of(vault))
    (kept,) = form_move.aside(vault, flow.interview.interview_id)
    assert (kept.answer.note, kept.answer.state) == ("vraag de tolk", AnswerState.NONE)


def test_what_changed_since_the_listing_is_not_moved_unseen(vault: Vault, held: Held) -> None:
    found = shown(vault, held)
    held.flow.answer(key("jaren", held.jobs[0]), "59")
    before = record(vault, held)
    with pytest.raises(MoveRefused, match="intussen veranderd"):
        form_move.carry_out(vault, None, found, ROWS, actor_of(vault))
    assert record(vault, held) == before


def test_a_full_disk_leaves_the_interview_where_it_was(
    vault: Vault, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, before, real = shown(vault, held), record(vault, held), vault.transaction

    @contextmanager
    def failing(actor: object, purpose: str) -> Iterator[object]:
        with real(actor, purpose) as tx:  # type: ignore[arg-type]
            yield tx
            raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr(vault, "transaction", failing)
        with pytest.raises(DiskFull):
            form_move.carry_out(vault, None, found, ROWS, actor_of(vault))
    assert record(vault, held) == before
    assert resume(vault, held.flow).form.version == "1"


def test_an_interview_that_is_established_stays(vault: Vault) -> None:
    flow = start_small(vault)
    flow.answer(key("gewerkt"), "nee")
    flow.finish()
    with pytest.raises(InterviewRefused, match="vastgesteld"):
        form_move.preview(vault, flow.interview.interview_id, second_small_form(), ROWS)


def test_an_older_version_or_another_form_is_refused(vault: Vault, held: Held) -> None:
    moved = form_move.carry_out(vault, None, shown(vault, held), ROWS, actor_of(vault))
    with pytest.raises(MoveRefused, match="ouder"):
        form_move.preview(vault, moved.interview.interview_id, small_form(), ROWS)


def test_a_repeat_that_is_gone_takes_its_answers_aside(vault: Vault, held: Held) -> None:
    xml = second_small_form().xml.decode()
    start = xml.index('<group ref="/data/werk/baan">')
    end = xml.index("</repeat></group>") + len("</repeat></group>\n")
    xml = xml[:start] + xml[end:]
    for gone in (
        '<baan jr:template=""><functie/><jaren/></baan><baan><functie/><jaren/></baan>',
        '<bind nodeset="/data/werk/baan" relevant=" /data/werk/gewerkt = \'ja\'"/>\n',
    ):
        assert gone in xml
        xml = xml.replace(gone, "")
    for name in ("functie", "jaren"):
        start = xml.index(f'<bind nodeset="/data/werk/baan/{name}"')
        xml = xml[:start] + xml[xml.index("\n", start) + 1 :]
    form = parse_form(xml.encode(), name="klein")
    found = shown(vault, held, form)
    moved = form_move.carry_out(vault, None, found, ROWS, actor_of(vault))
    aside = form_move.aside(vault, moved.interview.interview_id)
    assert ("Baan 2: Wat voor werk was het?", "bakker") in [(a.question, a.shown) for a in aside]
    with vault.read() as records:
        assert records.repeats.of_interview(moved.interview.interview_id) == ()
    assert resume(vault, moved).session.value(AGE) == "31"


def test_other_words_can_be_taken_over_without_any_line(vault: Vault, held: Held) -> None:
    found = form_move.preview(vault, held.flow.interview.interview_id, other_words(), ())
    assert found.lines == ()
    before = dict(held.flow._stored.rows)
    moved = form_move.carry_out(vault, None, found, (), actor_of(vault))
    assert moved.view(key("gewerkt")).label.text == "Had u werk?"
    assert dict(moved._stored.rows) == before
