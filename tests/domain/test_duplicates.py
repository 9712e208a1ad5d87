from __future__ import annotations

from uuid import UUID

import pytest

from intake_app.domain.duplicates import Reason, reasons
from intake_app.domain.partial_date import PartialDate
from intake_app.domain.person import Person

SOMEBODY = Person(
    UUID(int=1), "0000012345", "Alkhatib", given_names="Mohammed", bsn="111222333",
    birth_date=PartialDate(1990, 3, 4), phone="06 1234 5678",
)  # fmt: skip


def other(**changes: object) -> Person:
    plain = Person(UUID(int=2), "", "Anders", given_names="Iemand")
    return plain.with_changes(**changes)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"v_number": "0000012345"}, (Reason.V_NUMBER,)),
        ({"bsn": "111222333"}, (Reason.BSN,)),
        (
            {"family_name": "al-Chatib", "given_names": "Muhamad",
             "birth_date": PartialDate(1990, 3, 4)},
            (Reason.NAME_AND_BIRTH_DATE,),
        ),
        (
            {"family_name": "Mohamed", "given_names": "Khatib",
             "birth_date": PartialDate(1990, 4, 3)},
            (Reason.NAME_AND_SWAPPED_DATE,),
        ),
        (
            {"family_name": "الخطيب", "given_names": "محمد", "birth_date": PartialDate(1990)},
            (Reason.NAME_AND_BIRTH_YEAR,),
        ),
        ({"family_name": "Alkhatib", "given_names": "Mohammed"}, (Reason.NAME_WITHOUT_DATE,)),
        (
            {"family_name": "Alkhatib", "given_names": "Mohammed", "phone": "+31612345678",
             "birth_date": PartialDate(1971)},
            (Reason.PHONE_AND_NAME,),
        ),
        ({"phone": "0612345678"}, (Reason.PHONE,)),
        ({}, ()),
        (
            {"family_name": "Alkhatib", "given_names": "Mohammed",
             "birth_date": PartialDate(1971, 3, 4)},
            (),
        ),
        ({"family_name": "Alkhatib", "given_names": "Sara", "birth_date": PartialDate(1990)}, ()),
        ({"family_name": "Alkhatib", "given_names": ""}, ()),
    ],
)  # fmt: skip
def test_why_two_records_may_be_one_person(changes: dict[str, object], why: tuple[Reason, ...]):
    assert reasons(SOMEBODY, other(**changes)) == why
    assert reasons(other(**changes), SOMEBODY) == why


def test_the_strongest_reason_comes_first():
    twin = SOMEBODY.with_changes(person_id=UUID(int=2))
    assert reasons(SOMEBODY, twin) == (
        Reason.V_NUMBER, Reason.BSN, Reason.NAME_AND_BIRTH_DATE, Reason.PHONE_AND_NAME
    )  # fmt: skip


def test_a_name_in_its_own_script_counts_where_there_is_no_other():
    one = Person(UUID(int=1), "", ".", name_in_own_script="ሰላም ኪዳነ")
    two = Person(UUID(int=2), "", "Kidane", given_names="Selam")
    assert reasons(one, two) == (Reason.NAME_WITHOUT_DATE,)
