"""A dossier as the document people read: `Dossier` to `documents.model.DossierDocument`."""

from __future__ import annotations

from itertools import groupby

from intake_app.documents import model as page
from intake_app.domain.interview import AnswerSource, AnswerState, InterpreterMode
from intake_app.domain.person import Person
from intake_app.domain.plan import Action
from intake_app.flows import dossier_words as words
from intake_app.flows import record_text, take_over
from intake_app.flows.attachments import KIND_TITLES
from intake_app.handover import dossier as form
from intake_app.i18n.formats import format_time
from intake_app.i18n.languages import LANGUAGES


def document(
    dossier: form.Dossier,
    *,
    handover_number: str,
    sender: str,
    recipient: str,
    audit_head: tuple[int, str] | None,
    practice: bool,
) -> page.DossierDocument:
    """Return the document. `handover_number` is the short number people name on the telephone."""
    person = take_over.person(dossier)
    return page.DossierDocument(
        title="Overdrachtsdossier",
        subject=person.display_name,
        created=dossier.created.astimezone(),
        dossier_id=handover_number,
        version=dossier.dossier_version,
        sender=sender,
        recipient=recipient,
        facts=(*fact_groups(dossier), *_attachment_group(dossier)),
        sections=tuple(_sections(dossier)),
        plan=_plan(dossier),
        left_out=tuple(
            page.LeftOut(left.what, left.reason, left.basis) for left in dossier.left_out
        ),
        audit_head=page.AuditHead(*audit_head) if audit_head else None,
        practice=practice,
    )


def fact_groups(dossier: form.Dossier) -> tuple[page.FactGroup, ...]:
    """Return what is known beside the answers and the plan, in groups that have something."""
    person = take_over.person(dossier)
    groups = [
        page.FactGroup("Persoon", _person_facts(person)),
        page.FactGroup("Huishouden", _household_facts(dossier)),
        page.FactGroup("Koppeling en verblijf", _chain_facts(dossier)),
        page.FactGroup("Al gedaan", _activity_facts(dossier)),
        page.FactGroup("Toestemming", _consent_facts(dossier)),
    ]
    return tuple(group for group in groups if group.facts)


def _attachment_group(dossier: form.Dossier) -> tuple[page.FactGroup, ...]:
    """Return the files that lie beside the document; on the screen they have their own list."""
    known = {kind.value: title for kind, title in KIND_TITLES.items()}
    facts = tuple(
        page.Fact(known.get(each.kind, "Bijlage"), f"{each.title} ({each.file.rpartition('/')[2]})")
        for each in dossier.attachments
    )
    return (page.FactGroup("Bijlagen", facts),) if facts else ()


def _person_facts(person: Person) -> tuple[page.Fact, ...]:
    blank = Person(person.person_id, "", "")
    return tuple(
        page.Fact(title, record_text.person_value(person, field))
        for field, title in words.PERSON_TITLES.items()
        if getattr(person, field) != getattr(blank, field)
    )


def _household_facts(dossier: form.Dossier) -> tuple[page.Fact, ...]:
    household = take_over.household(dossier)
    if household is None:
        return ()
    lines = record_text.household_lines(household)
    return tuple(
        page.Fact("Lid" if n < len(household.members) else "Verder", line)
        for n, line in enumerate(lines)
    )


def _chain_facts(dossier: form.Dossier) -> tuple[page.Fact, ...]:
    linked = [
        page.Fact("Koppeling", record_text.koppeling_line(koppeling))
        for koppeling in take_over.koppelingen(dossier)
    ]
    stays = [
        page.Fact("Verblijf", ", ".join(part for part in _stay_parts(stay) if part))
        for stay in dossier.stays
    ]
    events = [
        page.Fact(record_text.day(event.on), f"{title} ({event.source})" if event.source else title)
        for event in dossier.events
        if (title := take_over.event_title(event))
    ]
    return (*linked, *stays, *events)


def _stay_parts(stay: form.DossierStay) -> tuple[str, ...]:
    return (
        stay.location,
        f"kamer {stay.room}" if stay.room else "",
        f"vanaf {record_text.day(stay.arrived)}" if stay.arrived else "",
        f"tot {record_text.day(stay.left)}" if stay.left else "",
        f"contact {stay.coa_contact}" if stay.coa_contact else "",
    )


def _activity_facts(dossier: form.Dossier) -> tuple[page.Fact, ...]:
    facts = []
    for activity in take_over.activities(dossier):
        period = " tot ".join(
            record_text.day(each) for each in (activity.started, activity.ended) if each
        )
        parts = (activity.provider, activity.amount, period, activity.evidence)
        text = ", ".join(part for part in parts if part)
        facts.append(page.Fact(words.ACTIVITY_TITLES[activity.kind], text))
    return tuple(facts)


def _consent_facts(dossier: form.Dossier) -> tuple[page.Fact, ...]:
    return tuple(
        page.Fact(
            words.CATEGORY_TITLES.get(consent.category, consent.category),
            f"gegeven op {record_text.day(consent.given_at.date())}"
            + (f", in het {_language(consent.language)}" if consent.language else "")
            + (", met tolk" if consent.with_interpreter else ""),
        )
        for consent in dossier.consents
    )


def _language(code: str) -> str:
    return LANGUAGES[code].dutch_name if code in LANGUAGES else code


def _sections(dossier: form.Dossier) -> list[page.AnswerSection]:
    made: list[page.AnswerSection] = []
    for interview in dossier.interviews:
        before = introduction(interview)
        for number, (_, held) in enumerate(groupby(interview.answers, key=lambda a: a.section)):
            answers = list(held)
            title = answers[0].section_title or interview.form_title
            made.append(
                page.AnswerSection(
                    title=f"{interview.form_title}: {title}",
                    rows=tuple(_row(answer) for answer in answers),
                    introduction=before if number == 0 else "",
                )
            )
    return made


def introduction(interview: form.DossierInterview) -> str:
    """Return when a talk was, in which languages, who interpreted, and whether it is settled."""
    mode = InterpreterMode(interview.interpretation.mode)
    state = "vastgesteld" if interview.state == "vastgesteld" else "nog niet vastgesteld"
    day = record_text.day(interview.started_at.astimezone().date())
    language = f" in het {_language(interview.language)}" if interview.language else ""
    # "zonder tolk" also stands where how it was interpreted does not travel
    helped = mode is not InterpreterMode.GEEN or interview.interpretation.language
    told = f" {words.INTERPRETER_MODES[mode]}" if helped else ""
    changed = "".join(
        f" Vanaf {format_time(use.since.astimezone(), 'nl')} in het {_language(use.language)}."
        for use in interview.interpretation.languages[1:]
    )
    if changed:
        first = interview.interpretation.languages[0].language
        language = f", eerst in het {_language(first)}"
    return f"Gesprek van {day}{language}{told}.{changed} Dit gesprek is {state}."


def _row(answer: form.DossierAnswer) -> page.AnswerRow:
    language = answer.shown_language
    question = page.Text(answer.shown_question, language) if answer.shown_question else None
    shown = page.Text(answer.shown_answer, language) if answer.shown_answer else None
    return page.AnswerRow(
        question=answer.question,
        answer=answer.answer,
        state=AnswerState(answer.state),
        shown_question=question,
        shown_answer=shown,
        unreviewed=answer.unreviewed,
        weak=answer.weak,
        note=answer.note,
        source=words.ANSWER_SOURCES[AnswerSource(answer.source)],
    )


def _plan(dossier: form.Dossier) -> page.PlanPart | None:
    plan = take_over.plan(dossier)
    if plan is None:
        return None
    return page.PlanPart(
        facts=tuple(page.Fact(label, value) for label, value in record_text.plan_lines(plan)),
        goals=tuple(
            page.PlanGoal(
                text=goal.text,
                area=words.AREA_TITLES.get(goal.leefgebied, goal.leefgebied),
                horizon=goal.horizon,
                actions=tuple(_action(action) for action in goal.actions),
            )
            for goal in plan.goals
        ),
        client_view=plan.client_view,
    )


def _action(action: Action) -> page.PlanAction:
    return page.PlanAction(
        what=action.what,
        who=words.DOER_TITLES[action.doer],
        period=record_text.action_period(action),
        state=words.ACTION_STATES[action.state],
        result=action.result,
    )
