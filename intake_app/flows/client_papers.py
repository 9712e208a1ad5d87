"""The papers for the client: read what goes on them, make them, and tell the log.

What a colleague alone may read never comes on a paper: no question for staff, no note, nothing of
the categories `intern` and `medisch`. An answer about safety is of those: a paper can be found by
whom it is about. The papers say that not everything is on them and that all may be asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app import paths
from intake_app.documents import client_copy as copy
from intake_app.documents import information_receipt as receipt
from intake_app.documents.client_page import (
    Answer,
    ClientPage,
    Said,
    Speaker,
    render,
    written,
)
from intake_app.documents.client_words import NO_ANSWER
from intake_app.documents.model import Text
from intake_app.documents.privacy_notice import PrivacyFacts, privacy_notice
from intake_app.domain.attachment import MEDICAL
from intake_app.domain.interview import AnswerState, InterpreterMode, InterviewState
from intake_app.domain.partial_date import PartialDate
from intake_app.domain.person import BirthDateStatus
from intake_app.domain.plan import PlanState
from intake_app.domain.routing import municipality_name
from intake_app.flows import case_file, desk, outside, retention
from intake_app.flows.acting import actor_of
from intake_app.i18n.catalogues import D_
from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE
from intake_app.sentences import Told
from intake_app.vault.audit_body import fact_of

if TYPE_CHECKING:
    from intake_app.domain.attachment import Attachment
    from intake_app.domain.interview import Interview
    from intake_app.domain.person import Person
    from intake_app.domain.plan import Plan
    from intake_app.domain.sharing import SharingTable
    from intake_app.flows.case_file import AnsweredQuestion
    from intake_app.i18n.catalogues import Catalogues
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records
    from intake_app.xforms import FormDefinition, QuestionDefinition, ShownText

KEPT_OFF_PAPER: Final = frozenset({"intern", MEDICAL, ""})
"""Sharing categories of which nothing is printed for the client."""
_TOLD: Final = frozenset({AnswerState.ANSWERED, AnswerState.UNKNOWN, AnswerState.REFUSED})
"""What the person said; a question that was not put to them says nothing on paper."""
_LOOKED_BACK: Final = 1000
_TALK: Final = D_("Uw antwoorden")
_FILE: Final = D_("Dit zit als bestand in uw dossier.")
_CLIENT: Final = "client"
"""Value of the question attribute `audience` for what the client is asked."""


class Paper(StrEnum):
    """What can be handed to the client; the value is the name of the file."""

    PRIVACY = "privacyverklaring"
    RECEIPT = "informatiebewijs"
    COPY = "kopie-voor-de-client"


GIVEN: Final[dict[Paper, str]] = {
    Paper.PRIVACY: "privacyverklaring gegeven",
    Paper.RECEIPT: "informatiebewijs gegeven",
    Paper.COPY: "kopie aan de cliënt gegeven",
}
"""What the log says when the paper was printed or saved."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What a colleague says was explained, how, and what the person said to it."""

    language: str
    """The language of the talk, a code of `i18n.languages`."""
    interpreter: InterpreterMode
    subjects: tuple[receipt.Subject, ...]
    understood: receipt.Understood
    to_be_signed: bool


class NothingExplained(Told, ValueError):
    """The receipt would be empty; str() is a Dutch sentence."""

    sentence = "Kies eerst wat je hebt uitgelegd. Daarna kun je het bewijs maken."


def languages(catalogues: Catalogues) -> tuple[str, ...]:
    """Return the codes of the languages the papers can be made in, Dutch first."""
    title = D_("Wat doen wij met uw gegevens?")
    return tuple(
        code
        for code in LANGUAGES
        if code == SOURCE_LANGUAGE or catalogues.document_texts(code).text(title).language == code
    )


def speaker(catalogues: Catalogues, language: str) -> Speaker:
    """Return who says the texts of a paper in Dutch and in `language`."""
    return Speaker(language, catalogues.document_texts(language).text)


def pdf(page: ClientPage) -> bytes:
    """Return the paper as PDF/A-3a and PDF/UA-1. Raises `DocumentError`."""
    return render(page, paths.resource("fonts"))


def privacy(
    vault: Vault, catalogues: Catalogues, table: SharingTable, person_id: UUID, language: str
) -> ClientPage:
    """Return the privacy notice for this person. Raises `KeyError` for nobody."""
    say = speaker(catalogues, language)
    with vault.read("privacyverklaring maken") as records:
        _person(records, person_id)
        koppeling = records.koppelingen.current(person_id)
        days = retention.term(records)
    facts = PrivacyFacts(
        organisation=vault.info.organisation.name,
        profile=vault.info.organisation.profile,
        municipality=municipality_name(koppeling.municipality_code) if koppeling else "",
        days_kept=days,
        day=day_in_words(desk.today(vault.env), language),
        created=vault.env.now(),
        practice=vault.info.practice,
    )
    return privacy_notice(facts, table, say)


def information_receipt(
    vault: Vault, catalogues: Catalogues, person_id: UUID, language: str, explained: Explained
) -> ClientPage:
    """Return the receipt of what was explained today. Raises `NothingExplained`, `KeyError`."""
    if not explained.subjects:
        raise NothingExplained
    with vault.read("informatiebewijs maken") as records:
        person = _person(records, person_id)
    spoken = LANGUAGES[explained.language]
    facts = receipt.ReceiptFacts(
        name=person.display_name,
        day=day_in_words(desk.today(vault.env), language),
        by=vault.user.name,
        organisation=vault.info.organisation.name,
        language=Said(spoken.dutch_name, Text(spoken.own_name, spoken.code)),
        interpreter=explained.interpreter,
        explained=explained.subjects,
        understood=explained.understood,
        to_be_signed=explained.to_be_signed,
        created=vault.env.now(),
        practice=vault.info.practice,
    )
    return receipt.information_receipt(facts, speaker(catalogues, language))


def client_copy(vault: Vault, catalogues: Catalogues, person_id: UUID, language: str) -> ClientPage:
    """Return the person's own answers, plan and agreements. Raises `KeyError` for nobody."""
    say = speaker(catalogues, language)
    with vault.read("kopie voor de cliënt maken") as records:
        person = _person(records, person_id)
        koppeling = records.koppelingen.current(person_id)
        plan = _plan_of(records.plans.of_person(person_id))
        talks = tuple(
            talk
            for interview in records.interviews.of_person(person_id)
            for talk in _talks(vault, records, catalogues, interview, language, say)
        )
        answering = records.attachments.answering(person_id)
        facts = copy.CopyFacts(
            organisation=vault.info.organisation.name,
            day=day_in_words(desk.today(vault.env), language),
            created=vault.env.now(),
            person=tuple(
                _facts(person, koppeling.municipality_code if koppeling else "", language)
            ),
            talks=talks,
            plan=None if plan is None else _plan(plan, language),
            activities=tuple(
                copy.CopiedActivity(
                    each.kind,
                    each.provider,
                    each.amount,
                    day_in_words(each.ended, language) if each.ended else None,
                )
                for each in records.activities.of_person(person_id)
            ),
            consents=tuple(
                copy.CopiedConsent(
                    each.category,
                    each.role,
                    day_in_words(each.given_at.astimezone().date(), language),
                )
                for each in records.consents.of_person(person_id)
                if each.withdrawn_at is None
            ),
            attachments=tuple(
                (each.kind, written(each.title, language))
                for each in records.attachments.of_person(person_id, None)
                if not each.role
                and each.category not in KEPT_OFF_PAPER
                # what was replaced in a talk is no paper of theirs any more
                and (_beside_answers(each) or each.attachment_id in answering)
            ),
            practice=vault.info.practice,
        )
    return copy.client_copy(facts, say)


def _beside_answers(attachment: Attachment) -> bool:
    """True for what was added beside the answers, or came without a talk it belongs to."""
    return attachment.answer is None or attachment.answer.interview_id is None


def note_given(vault: Vault, person_id: UUID, paper: Paper) -> None:
    """Have the log say that the paper was printed, and so given."""
    with vault.transaction(actor_of(vault), GIVEN[paper]) as tx:
        tx.persons.note_export(person_id)


def last_given(vault: Vault, person_id: UUID, paper: Paper) -> datetime | None:
    """Return when the paper was last given to this person, as the log tells; None for never.

    Looks no further back than the latest thousand entries about the person.
    """
    with vault.read("eerder gegeven papieren bekijken") as records:
        for entry in records.audit.entries(_LOOKED_BACK, mentions=(person_id,)):
            with suppress(ValueError):  # the check of the log tells of an unreadable entry
                fact = fact_of(entry.body)
                if fact.purpose == GIVEN[paper] and person_id in fact.persons:
                    return entry.at
    return None


def save(vault: Vault, person_id: UUID, paper: Paper, content: bytes, target: Path) -> None:
    """Write the PDF outside the vault; the log says so first. Raises `outside.NotWritten`."""
    outside.may_write(vault, target)
    note_given(vault, person_id, paper)
    outside.write(target, content)


def day_in_words(day: date | PartialDate, language: str) -> Said:
    """Return a day in Dutch and in the language, as far as it is known."""
    from intake_app.i18n.formats import format_date

    dutch = format_date(day, SOURCE_LANGUAGE)
    if language == SOURCE_LANGUAGE:
        return Said(dutch)
    return Said(dutch, Text(format_date(day, language), language))


def _person(records: Records, person_id: UUID) -> Person:
    found = records.persons.get(person_id)
    if found is None:
        raise KeyError(person_id)
    return found


def _facts(person: Person, municipality: str, language: str) -> Iterator[tuple[str, Text | Said]]:
    yield copy.NAME, Text(person.display_name)
    if person.name_in_own_script:
        spoken = person.contact_language or language
        yield copy.OWN_SCRIPT, written(person.name_in_own_script, spoken)
    if person.birth_date.year:
        estimated = person.birth_date_status is BirthDateStatus.GESCHAT
        label = copy.BORN_ESTIMATED if estimated else copy.BORN
        yield label, day_in_words(person.birth_date, language)
    for label, text in (
        (copy.V_NUMBER, person.v_number),
        (copy.PHONE, person.phone),
        (copy.EMAIL, person.email),
        (copy.MUNICIPALITY, municipality_name(municipality) if municipality else ""),
    ):
        if text:
            yield label, Text(text)


def _talks(
    vault: Vault,
    records: Records,
    catalogues: Catalogues,
    interview: Interview,
    language: str,
    say: Speaker,
) -> Iterator[copy.CopiedTalk]:
    """Yield the talk, unless its form asks the client nothing."""
    from intake_app.formio.texts import CatalogueTexts
    from intake_app.xforms import parse_form

    version = records.forms.get(interview.form_sha256)
    if version is None:
        raise KeyError(interview.form_sha256)
    form = parse_form(version.xml, name=version.form_id)
    if not any(map(_is_for_client, form.questions.values())):
        return
    texts = CatalogueTexts(catalogues)
    answers = tuple(records.answers.of_interview(interview.interview_id))
    repeats = tuple(records.repeats.of_interview(interview.interview_id))
    shown = replace(interview, language=language)
    file = case_file.interview_file(shown, version, form, answers, repeats, vault.env, texts)
    session = case_file.restore(form, answers, repeats, vault.env, texts)
    told = [
        question
        for question in file.questions
        if question.relevant
        and question.answer.state in _TOLD
        and _is_for_client(form.questions[question.answer.path])
    ]
    sections = tuple(
        copy.CopiedSection(
            _shown(session.title(section, SOURCE_LANGUAGE).text, session.title(section, language))
            if section
            else say(_TALK),
            tuple(_answer(question, form, language, say) for question in rows),
            unclear=section in interview.interpretation.weak,
        )
        for section, rows in groupby(told, key=lambda question: question.section)
    )
    yield copy.CopiedTalk(
        title=say(_TALK),
        day=day_in_words(interview.started_at.astimezone().date(), language),
        interpreter=interview.interpretation.mode,
        finished=interview.state is not InterviewState.OPEN,
        sections=sections,
    )


def _is_for_client(question: QuestionDefinition) -> bool:
    """True for a question that is put to the client and may stand on paper."""
    attributes = question.attributes
    return (
        question.kind.askable
        and attributes.get("audience") == _CLIENT
        and attributes.get("sharing", "") not in KEPT_OFF_PAPER
    )


def _answer(
    question: AnsweredQuestion, form: FormDefinition, language: str, say: Speaker
) -> Answer:
    """Return a question with the answer to it, without what a colleague noted."""
    from intake_app.xforms import QuestionKind

    asked = _shown(question.question, question.shown_question)
    answer = question.answer
    if answer.state is not AnswerState.ANSWERED:
        return Answer(asked, say(NO_ANSWER[answer.state]))
    if question.is_file:
        return Answer(asked, say(_FILE))
    if form.questions[answer.path].kind is QuestionKind.DATE:
        return Answer(asked, day_in_words(PartialDate.parse(answer.value), language))
    if form.questions[answer.path].kind in {
        QuestionKind.SELECT_ONE,
        QuestionKind.SELECT_MULTIPLE,
        QuestionKind.RANK,
    }:
        return Answer(asked, _shown(question.answer_text, question.shown_answer))
    return Answer(asked, written(question.answer_text, language))


def _shown(dutch: str, shown: ShownText | None) -> Said:
    """Return a text of a form in both languages, or in Dutch where there is no translation."""
    if shown is None or shown.language == SOURCE_LANGUAGE:
        return Said(dutch)
    return Said(dutch, Text(shown.text, shown.language), shown.status == "unreviewed")


def _plan(plan: Plan, language: str) -> copy.CopiedPlan:
    days = [goal.horizon for goal in plan.goals]
    days += [day for goal in plan.goals for each in goal.actions for day in (each.start, each.end)]
    return copy.CopiedPlan(
        plan,
        None if plan.discussed_on is None else day_in_words(plan.discussed_on, language),
        {day.isoformat(): day_in_words(day, language) for day in days if day is not None},
    )


def _plan_of(plans: Iterable[Plan]) -> Plan | None:
    """Return the newest vastgesteld version; the newest concept where none is vastgesteld."""
    in_order = sorted(plans, key=lambda plan: (plan.state is PlanState.VASTGESTELD, plan.version))
    return in_order[-1] if in_order else None
