from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from support.vaults import prepared_vault

from intake_app.domain.event import EventKind
from intake_app.domain.person import AzcStay, DecouplingReason, Household, HouseholdMember, Relation
from intake_app.flows import case, register
from intake_app.flows.register import DraftRefused, PersonDraft, RegistrationRefused
from intake_app.vault import Vault

TODAY = date(2026, 3, 2)
DRAFT = PersonDraft(
    v_number="70.007.007", family_name="Bloem", given_names="Noor", birth_date="1990-03"
)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return prepared_vault(tmp_path / "kluis")


def fields(draft: PersonDraft) -> list[str]:
    return [problem.field for problem in register.check_draft(draft, today=TODAY)]


def test_a_person_with_one_name_needs_no_first_name() -> None:
    assert fields(PersonDraft(family_name="Mahmood")) == []
    assert fields(PersonDraft(family_name=".", given_names="Aster")) == []


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (PersonDraft(), "family_name"),
        (PersonDraft(family_name="A", v_number="12345678901"), "v_number"),
        (PersonDraft(family_name="A", bsn="123456789"), "bsn"),
        (PersonDraft(family_name="A", birth_date="2026-04"), "birth_date"),
        (PersonDraft(family_name="A", birth_date="1990-31-12"), "birth_date"),
        (PersonDraft(family_name="A", permit_from="gisteren"), "permit_from"),
        (PersonDraft(family_name="A", phone="12"), "phone"),
        (PersonDraft(family_name="A", email="zonder apenstaart"), "email"),
        (PersonDraft(family_name="A", birth_country="Syrië"), "birth_country"),
        (PersonDraft(family_name="A", nationalities=("0336", "Koerdisch")), "nationalities"),
        (PersonDraft(family_name="A", nationalities=("33６6",)), "nationalities"),
        (PersonDraft(family_name="A", residence_title="0026"), "residence_title"),
        (PersonDraft(family_name="."), "family_name"),
        (PersonDraft(family_name="onbekend", given_names="Aster"), "family_name"),
        (PersonDraft(family_name="0070007007"), "family_name"),
        (PersonDraft(family_name="A", given_names="-"), "given_names"),
        (PersonDraft(family_name="A", name_prefix="n.v.t."), "name_prefix"),
        (PersonDraft(family_name="A", call_name="?"), "call_name"),
        (PersonDraft(family_name="A", name_in_own_script="12"), "name_in_own_script"),
        (PersonDraft(family_name="A", bsn="12345672"), "bsn"),
        (PersonDraft(family_name="A", birth_date="2026-03-03"), "birth_date"),
        (PersonDraft(family_name="A", birth_date="2027"), "birth_date"),
        (PersonDraft(family_name="A", birth_date="1900"), "birth_date"),
        (PersonDraft(family_name="A", birth_date="1369-05-12"), "birth_date"),
        (PersonDraft(family_name="A", birth_date="14-00-1988"), "birth_date"),
        (PersonDraft(family_name="A", permit_from="03-03-2026"), "permit_from"),
        (
            PersonDraft(family_name="A", birth_date="2020", permit_from="2019-05-01"),
            "permit_from",
        ),
        (PersonDraft(family_name="A", phone="06 123"), "phone"),
        (PersonDraft(family_name="A", phone="0612345678 (zus)"), "phone"),
        (PersonDraft(family_name="A", email="a@b"), "email"),
    ],
)
def test_says_which_field_is_wrong(draft: PersonDraft, field: str) -> None:
    assert fields(draft) == [field]


@pytest.mark.parametrize(
    "draft",
    [
        PersonDraft(family_name="Mahmood"),
        PersonDraft(family_name=".", call_name="Aster"),
        PersonDraft(family_name="A", v_number="٧٠٠٧٠٠٧"),
        PersonDraft(family_name="A", bsn="111.222.333"),
        PersonDraft(family_name="A", birth_date="2026-03-02"),
        PersonDraft(family_name="A", birth_date="2026"),
        PersonDraft(family_name="A", birth_date="19880000"),
        PersonDraft(family_name="A", birth_date="00000000"),
        PersonDraft(family_name="A", birth_date="00-03-1988"),
        PersonDraft(family_name="A", birth_date="1-1-1990", birth_date_status="geschat"),
        PersonDraft(family_name="A", birth_date="1990-01-01", birth_date_status="opgave"),
        PersonDraft(family_name="A", permit_from="2026-03-02"),
        PersonDraft(family_name="A", phone="+963 11 222 3333"),
        PersonDraft(family_name="A", phone="٠٦١٢٣٤٥٦٧٨"),
    ],
)
def test_takes_what_is_only_unusual(draft: PersonDraft) -> None:
    assert fields(draft) == []


@pytest.mark.parametrize("status", ["opgave", "geschat", "vastgesteld"])
@pytest.mark.parametrize("born", ["1990-01-01", "01-01-1990", "19900101", "1990-01", "1990-01-02"])
def test_asks_about_the_first_of_january(born: str, status: str) -> None:
    draft = PersonDraft(family_name="A", birth_date=born, birth_date_status=status)
    asked = [doubt.field for doubt in register.doubts(draft)]
    doubtful = status == "opgave" and born not in {"1990-01", "1990-01-02"}
    assert asked == (["birth_date_status"] if doubtful else [])


def test_an_estimated_birthday_gives_an_age_of_two_years(vault: Vault) -> None:
    day = date(2026, 6, 1)
    draft = PersonDraft(family_name="A", birth_date="1-1-1990", birth_date_status="geschat")
    assert register.register_person(vault, draft).age_on(day) == (35, 36)
    known = replace(draft, birth_date_status="vastgesteld")
    assert register.register_person(vault, known).age_on(day) == (36, 36)


def test_what_was_typed_is_kept_tidy(vault: Vault) -> None:
    person = register.register_person(
        vault,
        PersonDraft(
            v_number="٧٠.٠٧٠.٠٧١",
            family_name="  Al \u202bHaddad\u202c ",
            birth_date="00-03-1988",
            bsn="۱۱۱۲۲۲۳۳۳",
            phone=" ٠٦ ١٢٣٤٥٦٧٨ ",
        ),
    )
    assert (person.v_number, person.bsn, person.phone) == (
        "0070070071",
        "111222333",
        "06 12345678",
    )
    assert person.family_name == "Al Haddad"
    assert person.birth_date.gba() == "19880300"


def test_registering_keeps_the_record_and_the_event(vault: Vault) -> None:
    person = register.register_person(vault, DRAFT)
    assert person.v_number == "0070007007"
    found = case.overview(vault, person.person_id)
    assert found.person == person
    assert [e.kind for e in found.events] == [EventKind.GEREGISTREERD]
    assert found.next_step.kind is case.NextStepKind.KOPPELEN
    assert register.draft_of(person).birth_date == "1990-03"


def test_a_refused_draft_stores_nothing(vault: Vault) -> None:
    with pytest.raises(DraftRefused):
        register.register_person(vault, PersonDraft(v_number="x", family_name="Bloem"))
    assert case.people(vault) == ()


def test_a_v_number_is_there_once(vault: Vault) -> None:
    register.register_person(vault, DRAFT)
    with pytest.raises(RegistrationRefused, match="V-nummer"):
        register.register_person(vault, DRAFT)
    other = register.register_person(vault, PersonDraft(family_name="Tak"))
    with pytest.raises(RegistrationRefused, match="V-nummer"):
        register.save_person(vault, other.person_id, DRAFT)
    assert len(case.people(vault)) == 2


def test_changing_keeps_what_no_screen_shows(vault: Vault) -> None:
    person = register.register_person(vault, DRAFT)
    changed = register.save_person(vault, person.person_id, PersonDraft(family_name="Bloemen"))
    assert changed.person_id == person.person_id
    assert changed.family_name == "Bloemen"
    with pytest.raises(RegistrationRefused):
        register.save_person(vault, uuid4(), DRAFT)


def test_a_koppeling_ends_before_the_next_begins(vault: Vault) -> None:
    person_id = register.register_person(vault, DRAFT).person_id
    register.couple(vault, person_id, "0355", date(2026, 2, 1))
    with pytest.raises(RegistrationRefused, match="al gekoppeld"):
        register.couple(vault, person_id, "0344", date(2026, 2, 2))
    with pytest.raises(RegistrationRefused, match="eindigen"):
        register.decouple(vault, person_id, date(2026, 1, 1), DecouplingReason.UITRUIL)
    register.decouple(vault, person_id, date(2026, 2, 10), DecouplingReason.UITRUIL)
    register.couple(vault, person_id, "0344", date(2026, 2, 11))
    found = case.overview(vault, person_id)
    assert [k.municipality_code for k in found.koppelingen] == ["0355", "0344"]
    assert found.municipality == "Utrecht"
    assert found.next_step.kind is case.NextStepKind.INTAKE_BEGINNEN


def test_nothing_is_linked_or_noticed_in_the_future(vault: Vault) -> None:
    person_id = register.register_person(vault, DRAFT).person_id
    for attempt in (
        lambda: register.couple(vault, person_id, "0355", date(2030, 1, 1)),
        lambda: register.couple(vault, person_id, "Zeist", date(2026, 1, 1)),
        lambda: register.record_notice(vault, person_id, date(2030, 1, 1)),
        lambda: register.decouple(vault, person_id, TODAY, DecouplingReason.ANDERS),
    ):
        with pytest.raises(RegistrationRefused):
            attempt()


def test_household_stay_and_notice_show_in_the_case(vault: Vault) -> None:
    person = register.register_person(vault, DRAFT)
    register.save_household(
        vault,
        Household(
            uuid4(),
            (
                HouseholdMember("Noor", Relation.ZELF, person_id=person.person_id),
                HouseholdMember("Sam", Relation.KIND),
            ),
        ),
    )
    register.save_stay(vault, AzcStay(uuid4(), person.person_id, "De Berkenhof", "B12"))
    with pytest.raises(RegistrationRefused):
        register.save_stay(
            vault,
            AzcStay(uuid4(), person.person_id, "X", arrived=TODAY, left=date(2026, 1, 1)),
        )
    register.record_notice(vault, person.person_id, date(2026, 2, 2))
    found = case.overview(vault, person.person_id)
    assert found.household is not None
    assert len(found.household.members) == 2
    assert [stay.location for stay in found.stays] == ["De Berkenhof"]
    assert found.deadlines[0].due == date(2026, 4, 13)
    assert case.today(vault).due[0].days_left == 42


def test_codes_that_are_accepted_can_be_sealed() -> None:
    """What registration lets through, the format of the dossier takes too."""
    from intake_app.domain import brp
    from intake_app.handover.dossier import DossierPerson, schema

    rules = schema()["$defs"][DossierPerson.__name__]["properties"]
    listed = {
        "birth_country": brp.COUNTRIES,
        "residence_title": brp.RESIDENCE_TITLES,
        "nationalities": brp.NATIONALITIES,
    }
    for field, codes in listed.items():
        rule = rules[field].get("items", rules[field])
        assert codes
        assert all(re.fullmatch(rule["pattern"], code) for code in codes), field


def test_codes_are_stored_without_spaces_and_once(vault: Vault) -> None:
    draft = PersonDraft(
        family_name="A", birth_country=" 7009 ", nationalities=("0336 ", "", "0336", "0499")
    )
    person = register.register_person(vault, draft)
    assert person.birth_country == "7009"
    assert person.nationalities == ("0336", "0499")
