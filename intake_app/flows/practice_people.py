"""The twelve fictional persons of the practice vault, each at another point of the line."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from intake_app.domain.person import Relation
from intake_app.flows.register import PersonDraft


class Stage(IntEnum):
    """How far the practice person is; each stage includes the ones before it."""

    REGISTERED = 0
    COUPLED = 1
    INTAKE_OPEN = 2
    INTAKE_DONE = 3
    ASSESSED = 4
    PLAN_DRAFT = 5
    PLAN_DONE = 6
    OFFERED = 7
    ACCEPTED = 8
    REFUSED = 9


@dataclass(frozen=True, slots=True)
class PracticePerson:
    """A fictional person; `municipality` is a CBS code, '' when not coupled."""

    draft: PersonDraft
    stage: Stage
    municipality: str = ""
    coupled_days_ago: int = 30
    not_eligible: str = ""
    """Reason code when the NOA does not apply; '' where it took place or is still open."""
    notice_days_ago: int | None = None
    """Days since DUO's notice, where it came."""
    household: tuple[tuple[str, Relation, str, bool], ...] = ()
    """Other members: name, relation, birth date, in the Netherlands."""
    answers: dict[str, str] = field(default_factory=dict)
    """Answers of the intake by question name; the others are chosen or not asked."""
    vervolgpad: str = "leer_werk"
    goal: str = ""


def _draft(v_number: str, given: str, family: str, language: str, **more: str) -> PersonDraft:
    return PersonDraft(
        v_number=v_number,
        given_names=given,
        family_name=family,
        contact_language=language,
        interpreter_needed=more.pop("interpreter_needed", "ja"),
        **more,  # type: ignore[arg-type]
    )


PEOPLE: tuple[PracticePerson, ...] = (
    PracticePerson(
        _draft(
            "0009004821",
            "Amanuel",
            "Tesfai",
            "ti",
            name_in_own_script="ኣማኑኤል ተስፋይ",
            birth_date="1992-05-11",
            gender="M",
            birth_country="9003",
            literacy="AA",
        ),
        Stage.INTAKE_OPEN,
        "0355",
        household=(("Selam", Relation.PARTNER, "1994", True),),
        answers={"nederlands_spreken": "A1_min", "digid": "nee"},
        notice_days_ago=20,
    ),
    PracticePerson(
        _draft(
            "0009004822",
            "Rima",
            "Alkhatib",
            "ar",
            name_in_own_script="ريما الخطيب",
            birth_date="1988-03-14",
            gender="V",
            birth_country="7009",
            literacy="AA",
        ),
        Stage.PLAN_DRAFT,
        "0355",
        household=(
            ("Yara", Relation.KIND, "2016-09-02", True),
            ("Omar", Relation.KIND, "2019", True),
        ),
        notice_days_ago=41,
        vervolgpad="onderwijs",
        goal="Ik haal het diploma dat ik nodig heb om weer als apotheker te werken.",
    ),
    PracticePerson(
        _draft(
            "0009004823",
            "Farid",
            "Sultani",
            "fa",
            name_in_own_script="فرید سلطانی",
            birth_date="1979",
            gender="M",
            birth_country="6023",
            literacy="AA",
        ),
        Stage.PLAN_DONE,
        "0321",
        notice_days_ago=60,
        vervolgpad="direct_werk",
        goal="Ik werk binnen een jaar als automonteur.",
    ),
    PracticePerson(
        _draft(
            "0009004824",
            "Hodan",
            "Warsame",
            "so",
            birth_date="1999-01-01",
            birth_date_status="geschat",
            gender="V",
            birth_country="6013",
            literacy="A",
        ),
        Stage.OFFERED,
        "0355",
        not_eligible="analfabeet",
        goal="Ik leer lezen en schrijven in het Nederlands.",
    ),
    PracticePerson(
        _draft(
            "0009004825",
            "Yonas",
            "Ghebre",
            "ti",
            name_in_own_script="ዮናስ ገብረ",
            birth_date="2001-08",
            gender="M",
            birth_country="9003",
        ),
        Stage.REGISTERED,
    ),
    PracticePerson(
        _draft(
            "0009004826",
            "Samir",
            "Haddad",
            "ar",
            name_in_own_script="سمير حداد",
            birth_date="1985-11-30",
            gender="M",
            birth_country="7009",
        ),
        Stage.COUPLED,
        "0312",
        coupled_days_ago=4,
    ),
    PracticePerson(
        _draft(
            "0009004827",
            "Dilnaz",
            "Rojhat",
            "kmr",
            birth_date="1996-02-20",
            gender="V",
            birth_country="6043",
            interpreter_needed="nee",
        ),
        Stage.PLAN_DONE,
        "0310",
        not_eligible="opleiding_werk",
        vervolgpad="onderwijs",
        goal="Ik begin in september aan de mbo-opleiding verpleegkunde.",
    ),
    PracticePerson(
        _draft(
            "0009004828",
            "Emre",
            "Yildirim",
            "tr",
            birth_date="1990-07-07",
            gender="M",
            birth_country="6043",
            literacy="latijn",
        ),
        Stage.ACCEPTED,
        "1581",
        notice_days_ago=55,
        vervolgpad="direct_werk",
        goal="Ik werk als leraar wiskunde, eerst als onderwijsassistent.",
    ),
    PracticePerson(
        _draft(
            "0009004829",
            "Nasrin",
            "Hotak",
            "prs",
            name_in_own_script="نسرین هوتک",
            birth_date="1983",
            gender="V",
            birth_country="6023",
            literacy="AA",
        ),
        Stage.REFUSED,
        "0352",
        goal="Ik vind vrijwilligerswerk waar ik Nederlands spreek.",
    ),
    PracticePerson(
        _draft(
            "0009004830",
            "Bilal",
            "Zaher",
            "ar",
            name_in_own_script="بلال زاهر",
            birth_date="2003-12-01",
            gender="M",
            birth_country="7009",
        ),
        Stage.COUPLED,
        "0344",
        coupled_days_ago=12,
    ),
    PracticePerson(
        _draft(
            "0009004831",
            "Selam",
            "Habte",
            "ti",
            name_in_own_script="ሰላም ሃብተ",
            birth_date="1994",
            gender="V",
            birth_country="9003",
            literacy="AA",
        ),
        Stage.INTAKE_DONE,
        "0355",
        answers={"nederlands_spreken": "pre_A1"},
    ),
    PracticePerson(
        PersonDraft(
            v_number="0009004832",
            family_name="Mahmood",
            contact_language="ps",
            name_in_own_script="محمود",
            gender="M",
            birth_country="6023",
            birth_date_status="opgave",
            interpreter_needed="ja",
        ),
        Stage.ASSESSED,
        "0632",
        coupled_days_ago=45,
    ),
)
"""Every name, number and life here is made up."""
