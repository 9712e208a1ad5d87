from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.made_up import made_up, texts
from support.vaults import START as NOW
from support.vaults import actor_of, prepared_vault

from intake_app.domain.actor import Actor
from intake_app.domain.event import CaseEvent
from intake_app.domain.handover import (
    FingerprintCheck,
    Handover,
    HandoverState,
    InboxItem,
    ReceiptRecord,
)
from intake_app.domain.interview import (
    Answer,
    AnswerState,
    FormVersion,
    Interview,
    InterviewState,
    RepeatInstance,
)
from intake_app.domain.person import (
    AzcStay,
    Household,
    HouseholdMember,
    Koppeling,
    Person,
    Relation,
)
from intake_app.domain.plan import Activity, Plan, PlanState
from intake_app.domain.routing import RoutingRule
from intake_app.domain.sharing import Consent
from intake_app.domain.transport import OPEN, Arrival, OutboxItem, OutboxKind
from intake_app.vault import ReadOnlyError, RecordRefused, Vault
from intake_app.vault.stores.arrivals import MOST_REFUSED
from intake_app.xforms import NodeKey

PERSON, INTERVIEW, HANDOVER = UUID(int=11), UUID(int=12), UUID(int=13)
XML = b"<h:html/>"
FORM = FormVersion(hashlib.sha256(XML).hexdigest(), "intake", "1", "structuur", XML)
few = settings(max_examples=30, deadline=None)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """One vault for all examples; each brings identifiers of its own."""
    vault = prepared_vault(tmp_path_factory.mktemp("stores") / "kluis")
    now = vault.env.now()
    with vault.transaction(actor_of(vault), "begin") as t:
        t.persons.save(Person(PERSON, "", "Voorbeeld"))
        t.forms.put_version(FORM)
        t.interviews.save(
            Interview(INTERVIEW, PERSON, "intake", FORM.sha256, "ar", InterviewState.OPEN, now)
        )
    yield vault
    vault.close()


def write(vault: Vault) -> Any:
    return vault.transaction(actor_of(vault), "test")


@few
@given(saved=made_up(Person))
def test_person(shared: Vault, saved: Person):
    with write(shared) as t:
        t.persons.save(saved)
    with shared.read() as r:
        assert r.persons.get(saved.person_id) == saved


@few
@given(saved=made_up(Household))
def test_household(shared: Vault, saved: Household):
    with write(shared) as t:
        t.households.save(saved)
    with shared.read() as r:
        assert r.households.get(saved.household_id) == saved
        for member in saved.members:
            if member.person_id is not None:
                assert r.households.of_person(member.person_id) == saved


@few
@given(koppeling=made_up(Koppeling, person_id=PERSON), stay=made_up(AzcStay, person_id=PERSON))
def test_koppeling_and_stay(shared: Vault, koppeling: Koppeling, stay: AzcStay):
    with write(shared) as t:
        t.koppelingen.save(koppeling)
        t.stays.save(stay)
    with shared.read() as r:
        assert koppeling in r.koppelingen.of_person(PERSON)
        assert stay in r.stays.of_person(PERSON)


@few
@given(event=made_up(CaseEvent, person_id=PERSON), consent=made_up(Consent, person_id=PERSON))
def test_event_and_consent(shared: Vault, event: CaseEvent, consent: Consent):
    event = replace(event, event_id=uuid4())
    with write(shared) as t:
        t.events.add(event)
        t.consents.save(consent)
    with shared.read() as r:
        assert event in r.events.of_person(PERSON)
        assert event in r.events.all()
        assert consent in r.consents.of_person(PERSON)


@few
@given(
    saved=made_up(Interview, person_id=PERSON, form_sha256=FORM.sha256),
    answer=made_up(Answer, repeat=st.none()),
    repeat=made_up(RepeatInstance),
)
def test_interview(shared: Vault, saved: Interview, answer: Answer, repeat: RepeatInstance):
    saved = replace(saved, interview_id=uuid4())
    answer = replace(answer, interview_id=saved.interview_id)
    repeat = replace(repeat, interview_id=saved.interview_id)
    inside = replace(answer, repeat=repeat.instance)
    with write(shared) as t:
        t.interviews.save(saved)
        t.answers.put(answer)
        t.answers.put(inside)
        t.repeats.put(repeat)
    with shared.read() as r:
        assert r.interviews.get(saved.interview_id) == saved
        assert saved in r.interviews.of_person(PERSON)
        assert set(r.answers.of_interview(saved.interview_id)) == {answer, inside}
        assert r.repeats.of_interview(saved.interview_id) == (repeat,)


@few
@given(plan=made_up(Plan, person_id=PERSON), activity=made_up(Activity, person_id=PERSON))
def test_plan_and_activity(shared: Vault, plan: Plan, activity: Activity):
    with write(shared) as t:
        t.plans.save(plan)
        t.activities.save(activity)
    with shared.read() as r:
        assert r.plans.get(plan.plan_id) == plan
        assert plan in r.plans.of_person(PERSON)
        assert activity in r.activities.of_person(PERSON)


@few
@given(handover=made_up(Handover, person_id=PERSON), receipt=made_up(ReceiptRecord))
def test_handover_and_receipt(shared: Vault, handover: Handover, receipt: ReceiptRecord):
    handover = replace(handover, handover_id=uuid4())
    receipt = replace(receipt, receipt_id=uuid4(), handover_id=handover.handover_id)
    with write(shared) as t:
        t.handovers.save(handover)
        t.receipts.add(receipt)
        t.receipts.add(receipt)
    with shared.read() as r:
        assert r.handovers.get(handover.handover_id) == handover
        assert handover in r.handovers.of_person(PERSON)
        assert handover in r.handovers.all()
        assert r.receipts.of_handover(handover.handover_id) == (receipt,)


@few
@given(item=made_up(InboxItem), waiting=made_up(OutboxItem))
def test_inbox_and_outbox(shared: Vault, item: InboxItem, waiting: OutboxItem):
    waiting = replace(waiting, item_id=uuid4(), name=str(uuid4()))
    with write(shared) as t:
        t.inbox.save(item)
        t.outbox.add(waiting)
    with shared.read() as r:
        assert r.inbox.get(item.handover_id) == item
        assert item in r.inbox.all()
        assert waiting in r.outbox.all()
        assert r.outbox.get(waiting.item_id) == waiting == r.outbox.named(waiting.name)
        assert (waiting in r.outbox.open()) == (waiting.state in OPEN)


@few
@given(waiting=made_up(OutboxItem), later=made_up(OutboxItem))
def test_a_note_changes_how_far_it_came_and_nothing_else(
    shared: Vault, waiting: OutboxItem, later: OutboxItem
):
    waiting = replace(waiting, item_id=uuid4(), name=str(uuid4()))
    technical = ("done", "committing", "tries", "tried_at", "next_try", "reason", "history", "seen")
    noted = replace(waiting, **{name: getattr(later, name) for name in technical})
    with write(shared) as t:
        t.outbox.add(waiting)
        before = t.audit.head()
    with write(shared) as t:
        t.outbox.note(replace(later, item_id=waiting.item_id))
    with shared.read() as r:
        assert r.outbox.get(waiting.item_id) == noted
        assert r.audit.head()[0] <= before[0] + 1, "the log hears of the item, not of each try"


def test_two_items_under_one_name_are_refused(shared: Vault):
    one = OutboxItem(uuid4(), OutboxKind.BEWIJS, uuid4(), uuid4(), NOW, "a" * 26, "naam", b"x")
    with write(shared) as t:
        t.outbox.add(one)
    with pytest.raises(RecordRefused), write(shared) as t:
        t.outbox.add(replace(one, item_id=uuid4()))


@few
@given(came=made_up(Arrival))
def test_an_arrival_is_there_once(shared: Vault, came: Arrival):
    came = replace(came, zid=str(uuid4()))
    with write(shared) as t:
        t.arrivals.refuse(came.zid, NOW, "refused", NOW)
        t.arrivals.add(came)
    with shared.read() as r:
        assert r.arrivals.get(came.zid) == came
        assert came in r.arrivals.of_inbox(came.inbox_id)
        assert came in r.arrivals.of_dossier(came.sender_id, came.dossier_id)
        assert came in r.arrivals.in_state(came.state)
        assert r.arrivals.refusal(came.zid) is None
    with pytest.raises(RecordRefused), write(shared) as t:
        t.arrivals.add(came)


def test_who_fills_our_box_does_not_fill_our_disk(shared: Vault):
    with write(shared) as t:
        for number in range(MOST_REFUSED + 3):
            t.arrivals.refuse(f"{number:026d}", NOW + timedelta(seconds=number), "refused", NOW)
        assert len(t.arrivals.refused()) == MOST_REFUSED
        assert t.arrivals.refusal(f"{0:026d}") is None
        again = t.arrivals.refuse(f"{9:026d}", NOW + timedelta(days=1), "refused", NOW)
    assert (again.times, again.first_at) == (2, NOW + timedelta(seconds=9))


@few
@given(
    rules=st.lists(made_up(RoutingRule), max_size=4).map(tuple),
    roots=st.lists(texts, max_size=3).map(tuple),
    check=made_up(FingerprintCheck),
    name=texts,
    value=texts,
)
def test_routing_roots_checks_and_settings(
    shared: Vault,
    rules: tuple[RoutingRule, ...],
    roots: tuple[str, ...],
    check: FingerprintCheck,
    name: str,
    value: str,
):
    with write(shared) as t:
        t.routing.save_all(rules)
        t.address_book.pin(roots)
        t.address_book.save_check(check)
        t.settings.set(name, value)
    with shared.read() as r:
        assert r.routing.all() == rules
        assert r.address_book.pinned_roots() == roots
        assert check in r.address_book.fingerprint_checks()
        assert r.settings.get(name) == value


@few
@given(xml=st.binary(max_size=200), names=st.tuples(texts, texts, texts))
def test_form(shared: Vault, xml: bytes, names: tuple[str, str, str]):
    saved = FormVersion(hashlib.sha256(xml).hexdigest(), *names, xml)
    with write(shared) as t:
        t.forms.put_version(saved)
        t.forms.put_version(replace(saved, form_id="anders"))
    with shared.read() as r:
        found = r.forms.get(saved.sha256)
        assert found is not None
        assert found.xml == xml


# --- what each store promises beside keeping -------------------------------------------------


def test_nothing_there_is_none_or_empty(vault: Vault):
    nobody = uuid4()
    with vault.read() as r:
        assert r.persons.get(nobody) is None
        assert r.persons.find_by_v_number("") is None
        assert r.households.of_person(nobody) is None
        assert r.koppelingen.current(nobody) is None
        assert r.interviews.get(nobody) is None
        assert r.forms.get("0" * 64) is None
        assert r.plans.get(nobody) is None
        assert r.handovers.get(nobody) is None
        assert r.inbox.get(nobody) is None
        assert r.address_book.current() is None
        assert r.settings.get("niets") is None
        assert r.settings.get("niets", "standaard") == "standaard"


def test_persons_are_found_by_every_word(vault: Vault, actor: Actor):
    people = (
        Person(UUID(int=1), "0000012345", "Öztürk", given_names="Şermin"),
        Person(UUID(int=2), "0000099999", "al-Haddād", aliases=("Abu Karim",)),
        Person(UUID(int=3), "", "Tesfay", name_in_own_script="ተስፋይ"),
        Person(UUID(int=4), "", "50%_korting"),
    )
    with vault.transaction(actor, "test") as t:
        for each in people:
            t.persons.save(each)

    def found(text: str) -> list[int]:
        with vault.read() as r:
            return [p.person_id.int for p in r.persons.list(text)]

    assert found("ozturk") == [1]
    assert found("SERMIN oz") == [1]
    assert found("karim haddad") == [2]
    assert found("12345") == [1]
    assert found("ተስፋ") == [3]
    assert found("50 korting") == [4]
    assert found("%_") == []
    assert found("bestaat niet") == []
    assert found("") == [4, 2, 1, 3]
    with vault.read() as r:
        assert [p.person_id.int for p in r.persons.list("", limit=2)] == [4, 2]
        assert r.persons.find_by_v_number("0000012345") == people[0]


def test_what_is_overwritten_is_kept(vault: Vault, actor: Actor, person: Person):
    other = Actor(UUID(int=77), "Collega")
    second, third = replace(person, call_name="Sam"), replace(person, call_name="Sammie")
    with vault.transaction(actor, "eerst") as t:
        t.persons.save(second)
        t.persons.save(second)
    with vault.transaction(other, "dan") as t:
        t.persons.save(third)
    with vault.read() as r:
        history = r.persons.history(person.person_id)
    assert [old.value for old in history] == [person, second]
    assert [old.replaced_by for old in history] == [actor.user_id, other.user_id]
    assert history[0].replaced_at < history[1].replaced_at


def test_history_of_household_and_koppeling_and_plan(vault: Vault, actor: Actor, person: Person):
    now = vault.env.now()
    household = Household(UUID(int=1), (HouseholdMember("Sam", Relation.KIND),))
    koppeling = Koppeling(UUID(int=2), person.person_id, "0344", date(2026, 1, 5))
    ended = replace(koppeling, ended_on=date(2026, 2, 1))
    with vault.transaction(actor, "eerst") as t:
        t.households.save(household)
        t.koppelingen.save(koppeling)
        t.plans.save(_plan(person, now))
    with vault.transaction(actor, "dan") as t:
        t.households.save(replace(household, expected_persons=2))
        t.koppelingen.save(ended)
        t.plans.save(replace(_plan(person, now), client_view="Ik wil koken"))
        t.plans.save(replace(_plan(person, now), version=2))
    with vault.read() as r:
        assert [old.value for old in r.households.history(household.household_id)] == [household]
        assert [old.value for old in r.koppelingen.history(koppeling.koppeling_id)] == [koppeling]
        assert r.koppelingen.current(person.person_id) is None
        assert r.koppelingen.of_person(person.person_id) == (ended,)
        versions = r.plans.of_person(person.person_id)
        assert [(p.version, p.client_view) for p in versions] == [(1, "Ik wil koken"), (2, "")]
        assert r.plans.get(UUID(int=5)) == versions[1]
        assert [old.value.client_view for old in r.plans.history(UUID(int=5))] == [""]


def test_the_current_koppeling_is_the_latest_that_stands(
    vault: Vault, actor: Actor, person: Person
):
    first = Koppeling(UUID(int=1), person.person_id, "0344", date(2026, 1, 5), date(2026, 2, 1))
    second = Koppeling(UUID(int=2), person.person_id, "0355", date(2026, 2, 1))
    with vault.transaction(actor, "test") as t:
        t.koppelingen.save(second)
        t.koppelingen.save(first)
    with vault.read() as r:
        assert r.koppelingen.of_person(person.person_id) == (first, second)
        assert r.koppelingen.current(person.person_id) == second


def test_a_household_forgets_who_left(vault: Vault, actor: Actor, person: Person):
    mine = HouseholdMember("Ik", Relation.ZELF, person_id=person.person_id)
    household = Household(UUID(int=1), (mine, HouseholdMember("Kind", Relation.KIND)))
    with vault.transaction(actor, "test") as t:
        t.households.save(household)
    with vault.transaction(actor, "test") as t:
        t.households.save(replace(household, members=household.members[1:]))
    with vault.read() as r:
        assert r.households.of_person(person.person_id) is None


def test_answers_keep_what_they_were(vault: Vault, actor: Actor, interview: Interview):
    key = NodeKey("/data/werk/functie")
    first = _answer(interview, "kok")
    second = replace(first, value="lasser", at=first.at + timedelta(minutes=1))
    third = replace(second, value="", state=AnswerState.REFUSED, author_id=UUID(int=9))
    for answer in (first, second, third, third):
        with vault.transaction(actor, "antwoord") as t:
            t.answers.put(answer)
    with vault.read() as r:
        assert r.answers.of_interview(interview.interview_id) == (third,)
        assert r.answers.history(interview.interview_id, key) == (first, second)


def test_where_a_talk_is_can_be_stored_alone(vault: Vault, actor: Actor, interview: Interview):
    repeat = UUID(int=77)
    at = replace(
        interview, position_path="/data/baan", position_repeat=repeat, language="fa", form_id="x"
    )
    with vault.transaction(actor, "verder gaan") as t:
        t.interviews.stand(at)
    with vault.read() as r:
        assert r.interviews.get(interview.interview_id) == replace(
            interview, position_path="/data/baan", position_repeat=repeat
        )
    with vault.read() as r, pytest.raises(ReadOnlyError):
        r.interviews.stand(at)


def test_a_value_beside_another_state_is_refused(vault: Vault, actor: Actor, interview: Interview):
    wrong = replace(_answer(interview, "kok"), state=AnswerState.UNKNOWN)
    with vault.transaction(actor, "antwoord") as t, pytest.raises(ValueError, match="ANSWERED"):
        t.answers.put(wrong)


def test_a_removed_repeat_takes_its_inside_along_and_comes_back(
    vault: Vault, actor: Actor, interview: Interview
):
    outer = RepeatInstance(interview.interview_id, "/data/werk/baan", UUID(int=1), None, 0)
    inner = RepeatInstance(
        interview.interview_id, "/data/werk/baan/taak", UUID(int=2), UUID(int=1), 0
    )
    other = replace(outer, instance=UUID(int=3), position=1)
    answers = tuple(
        replace(_answer(interview, "kok"), repeat=each.instance) for each in (outer, inner, other)
    )
    with vault.transaction(actor, "test") as t:
        for repeat, answer in zip((outer, inner, other), answers, strict=True):
            t.repeats.put(repeat)
            t.answers.put(answer)
    with vault.transaction(actor, "weg") as t:
        t.repeats.remove(interview.interview_id, outer.instance)
    with vault.read() as r:
        assert r.repeats.of_interview(interview.interview_id) == (other,)
        assert r.answers.of_interview(interview.interview_id) == (answers[2],)
    with vault.transaction(actor, "terug") as t:
        t.repeats.put(outer)
    with vault.read() as r:
        assert r.repeats.of_interview(interview.interview_id) == (outer, other)
        assert set(r.answers.of_interview(interview.interview_id)) == {answers[0], answers[2]}


def test_a_form_whose_hash_is_not_its_own_is_refused(vault: Vault, actor: Actor):
    with vault.transaction(actor, "test") as t, pytest.raises(ValueError, match="hash"):
        t.forms.put_version(replace(FORM, xml=b"anders"))


def test_an_older_address_book_is_never_taken(vault: Vault, actor: Actor):
    def save(serial: int, raw: bytes) -> None:
        with vault.transaction(actor, "adresboek") as t:
            t.address_book.save(serial, raw, hashlib.sha512(raw).hexdigest())

    save(7, b"zeven")
    save(7, b"zeven")
    save(9, b"negen")
    for serial, raw in ((9, b"anders"), (8, b"acht"), (7, b"zeven")):
        with pytest.raises(ValueError, match="higher serial"):
            save(serial, raw)
    with vault.transaction(actor, "test") as t, pytest.raises(ValueError, match="hash"):
        t.address_book.save(10, b"tien", "00")
    with vault.read() as r:
        assert r.address_book.current() == b"negen"
        assert r.address_book.current_serial() == 9


def test_another_receipt_with_the_same_identifier_is_refused(
    vault: Vault, actor: Actor, person: Person
):
    now = vault.env.now()
    receipt = ReceiptRecord(
        UUID(int=1), HANDOVER, HandoverState.ONTVANGEN, now, "Gemeente", "Jan", "", b"echt"
    )
    sent = Handover(
        HANDOVER, person.person_id, 1, UUID(int=9), "Gemeente", "0344",
        HandoverState.AANGEBODEN, now, actor.user_id,
    )  # fmt: skip
    with vault.transaction(actor, "test") as t:
        t.handovers.save(sent)
        t.receipts.add(receipt)
    with vault.transaction(actor, "test") as t, pytest.raises(ValueError, match="identifier"):
        t.receipts.add(replace(receipt, raw=b"vals"))
    with vault.read() as r:
        assert r.receipts.of_handover(HANDOVER) == (receipt,)


def _answer(interview: Interview, value: str) -> Answer:
    return Answer(
        interview.interview_id, "/data/werk/functie", None, value, AnswerState.ANSWERED,
        UUID(int=3), interview.started_at,
    )  # fmt: skip


def _plan(person: Person, now: Any) -> Plan:
    return Plan(UUID(int=5), person.person_id, 1, PlanState.CONCEPT, now, UUID(int=3))
