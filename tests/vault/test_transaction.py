from __future__ import annotations

import json
import threading
from dataclasses import replace
from uuid import UUID

import pytest

from intake_app.domain.actor import Actor
from intake_app.domain.interview import Answer, AnswerState, Interview
from intake_app.domain.person import Koppeling, Person
from intake_app.vault import (
    NestedTransaction,
    ReadOnlyError,
    RecordRefused,
    Vault,
    VaultEvent,
    VaultLocked,
)

A = "/data/werk/functie"


def answer(interview: Interview, value: str, path: str = A) -> Answer:
    return Answer(
        interview.interview_id, path, None, value, AnswerState.ANSWERED, UUID(int=3),
        interview.started_at,
    )  # fmt: skip


def test_all_of_a_transaction_is_there_afterwards(vault: Vault, actor: Actor, person: Person):
    other = replace(person, person_id=UUID(int=20), v_number="0000000020")
    with vault.transaction(actor, "twee personen") as t:
        t.persons.save(other)
        t.persons.save(replace(person, call_name="Sam"))
    with vault.read() as r:
        assert {p.call_name for p in r.persons.all()} == {"", "Sam"}
        assert r.persons.get(other.person_id) == other


def test_an_exception_in_the_middle_leaves_nothing(
    vault: Vault, actor: Actor, person: Person, interview: Interview
):
    heard: list[VaultEvent] = []
    vault.subscribe(heard.append)
    with vault.read() as r:
        before = r.audit.head()

    def fail_halfway() -> None:
        with vault.transaction(actor, "half") as t:
            t.persons.save(replace(person, call_name="Sam"))
            t.answers.put(answer(interview, "lasser"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    with vault.read() as r:
        assert r.persons.get(person.person_id) == person
        assert r.persons.history(person.person_id) == ()
        assert r.answers.of_interview(interview.interview_id) == ()
        assert r.audit.head() == before
    assert heard == []


def test_a_refused_commit_leaves_nothing_and_tells_nothing(vault: Vault, actor: Actor):
    orphan = Koppeling(UUID(int=1), UUID(int=404), "0344", vault.env.now().date())
    heard: list[VaultEvent] = []
    vault.subscribe(heard.append)
    with pytest.raises(RecordRefused), vault.transaction(actor, "wees") as t:
        t.koppelingen.save(orphan)
    with vault.read() as r:
        assert r.koppelingen.of_person(UUID(int=404)) == ()
    assert heard == []


def test_the_order_inside_does_not_matter(vault: Vault, actor: Actor):
    somebody = Person(UUID(int=5), "", "Later")
    with vault.transaction(actor, "eerst de koppeling") as t:
        t.koppelingen.save(Koppeling(UUID(int=6), UUID(int=5), "0344", vault.env.now().date()))
        t.persons.save(somebody)
    with vault.read() as r:
        assert r.koppelingen.current(UUID(int=5)) is not None


def test_text_that_cannot_be_stored_is_refused_whole(vault: Vault, actor: Actor, person: Person):
    with pytest.raises(RecordRefused), vault.transaction(actor, "onmogelijk") as t:
        t.persons.save(replace(person, call_name="a\ud800"))
    with vault.read() as r:
        assert r.persons.get(person.person_id) == person


def test_inside_another_transaction_is_an_error(vault: Vault, actor: Actor, person: Person):
    with vault.transaction(actor, "buiten") as t:
        t.persons.save(replace(person, call_name="Buiten"))
        with pytest.raises(NestedTransaction), vault.transaction(actor, "binnen"):
            pass
        with pytest.raises(NestedTransaction), vault.read("inzien"):
            pass
        with pytest.raises(NestedTransaction):
            vault.close()
    with vault.read() as r:
        found = r.persons.get(person.person_id)
    assert found is not None
    assert found.call_name == "Buiten"


def test_reading_cannot_write(vault: Vault, person: Person):
    with vault.read() as r:
        with pytest.raises(ReadOnlyError):
            r.persons.save(person)
        with pytest.raises(ReadOnlyError):
            r.settings.set("a", "b")
        with pytest.raises(ReadOnlyError):
            r.address_book.pin(["a"])


def test_a_reader_sees_one_moment(vault: Vault, actor: Actor, person: Person):
    with vault.read() as r:
        with vault.transaction(actor, "intussen") as t:
            t.persons.save(replace(person, call_name="Nieuw"))
        assert r.persons.get(person.person_id) == person
    with vault.read() as r:
        found = r.persons.get(person.person_id)
    assert found is not None
    assert found.call_name == "Nieuw"


def test_stores_are_dead_after_their_block(vault: Vault, actor: Actor, person: Person):
    with vault.transaction(actor, "leeg") as t:
        pass
    with vault.read() as r:
        pass
    with pytest.raises(Exception, match="closed"):
        t.persons.save(person)
    with pytest.raises(Exception, match="closed"):
        r.persons.get(person.person_id)


def test_listeners_hear_after_the_commit_and_may_write(
    vault: Vault, actor: Actor, person: Person, interview: Interview
):
    heard: list[VaultEvent] = []

    def listener(event: VaultEvent) -> None:
        heard.append(event)
        if event.kind == "answer":
            with vault.transaction(actor, "luisteraar") as t:
                t.settings.set("laatste", "antwoord")

    end = vault.subscribe(listener)
    with vault.transaction(actor, "antwoorden") as t:
        t.answers.put(answer(interview, "lasser"))
        t.answers.put(answer(interview, "kok", "/data/werk/anders"))
        assert heard == []
    assert heard == [
        VaultEvent("answer", interview.interview_id, person.person_id),
        VaultEvent("setting"),
    ]
    end()
    end()
    with vault.transaction(actor, "stil") as t:
        t.settings.set("laatste", "niets")
    assert len(heard) == 2


def test_a_failing_listener_does_not_undo_nor_silence(
    vault: Vault, actor: Actor, monkeypatch: pytest.MonkeyPatch
):
    reported: list[type[BaseException]] = []
    monkeypatch.setattr("sys.excepthook", lambda kind, *_: reported.append(kind))
    heard: list[VaultEvent] = []

    def failing(_event: VaultEvent) -> None:
        raise KeyError

    vault.subscribe(failing)
    vault.subscribe(heard.append)
    with vault.transaction(actor, "instelling") as t:
        t.settings.set("a", "1")
    assert reported == [KeyError]
    assert heard == [VaultEvent("setting")]
    with vault.read() as r:
        assert r.settings.get("a") == "1"


def test_writers_of_several_threads_take_turns(vault: Vault, actor: Actor):
    def count(name: str) -> None:
        for _ in range(25):
            with vault.transaction(actor, "tellen") as t:
                t.settings.set("teller", str(int(t.settings.get("teller", "0") or 0) + 1))
                t.settings.set(name, "bezig")

    threads = [threading.Thread(target=count, args=(f"t{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with vault.read() as r:
        assert r.settings.get("teller") == "100"
        r.audit.verify()


def test_after_closing_nothing_can_be_done(vault: Vault, actor: Actor):
    vault.close()
    vault.close()
    with pytest.raises(VaultLocked), vault.read():
        pass
    with pytest.raises(VaultLocked), vault.transaction(actor, "te laat"):
        pass
    with pytest.raises(VaultLocked):
        vault.organisation_keys()


@pytest.mark.parametrize("purpose", ["", "x" * 81])
def test_a_purpose_is_asked_for(vault: Vault, actor: Actor, purpose: str):
    with pytest.raises(ValueError, match="purpose"), vault.transaction(actor, purpose):
        pass


def test_the_audit_entry_names_persons_rows_and_purpose_but_no_content(
    vault: Vault, actor: Actor, person: Person, interview: Interview
):
    with vault.transaction(actor, "antwoord opslaan") as t:
        t.answers.put(answer(interview, "KANARIE"))
    with vault.read() as r:
        entry = r.audit.entries(1)[0]
    body = json.loads(entry.body)
    assert "KANARIE" not in entry.body
    assert body["EventActionCode"] == "U"
    assert body["count"] == 1
    assert body["users"] == [
        {
            "purposeOfUse": "antwoord opslaan",
            "roleIDCode": ["intake", "beheer"],
            "userID": str(actor.user_id),
            "userIsRequestor": True,
        }
    ]
    assert body["participants"] == [
        {
            "ParticipantObjectDataLifeCycle": 3,
            "ParticipantObjectID": str(person.person_id),
            "ParticipantObjectIDTypeCode": 2,
            "ParticipantObjectTypeCode": 1,
            "ParticipantObjectTypeCodeRole": 1,
        },
        {
            "ParticipantObjectDetail": "answer",
            "ParticipantObjectID": str(interview.interview_id),
            "ParticipantObjectIDTypeCode": 12,
            "ParticipantObjectTypeCode": 2,
            "ParticipantObjectTypeCodeRole": 4,
        },
    ]


def test_reading_with_a_purpose_is_logged(vault: Vault, person: Person):
    with vault.read() as r:
        r.persons.get(person.person_id)
        before = r.audit.head()
    with vault.read("dossier bekijken") as r:
        r.persons.get(person.person_id)
        r.persons.all()
    with vault.read() as r:
        assert r.audit.head()[0] == before[0] + 1
        body = json.loads(r.audit.entries(1)[0].body)
    assert body["EventActionCode"] == "R"
    assert body["users"][0]["purposeOfUse"] == "dossier bekijken"
    assert body["count"] == 2
    assert [p["ParticipantObjectID"] for p in body["participants"]] == [str(person.person_id)]
