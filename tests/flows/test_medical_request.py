"""The medical request reaches care providers only, and only where the person allowed it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from support import shipped
from support.chain import PERSON, Chain, add_person, make_chain
from support.medical import fill_request as fill

from intake_app import paths
from intake_app.domain.actor import Profile, ReceiverRole
from intake_app.domain.sharing import Consent, SharingTable, Verdict, read_table
from intake_app.flows import hand_over, receive
from intake_app.flows.case_file import CaseFile, read_case_file
from intake_app.flows.dossier import _is_named
from intake_app.flows.forms_offered import MEDICAL_REQUEST, offered
from intake_app.flows.preview import rows
from intake_app.flows.selection import ItemKind, Selection, Why, items, select
from intake_app.formio.library import Library

TRACES = ("medische_overdracht", "Medische overdracht", "Praktijk De Linde", "01000001", "GZA")
"""What nobody but a care provider may ever find."""

REQUEST = "/data/verzoek"
LINDE = "Praktijk De Linde"
CARE = ReceiverRole.ZORGVERLENER


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(shipped.compiled())


@pytest.fixture(scope="module")
def table() -> SharingTable:
    return read_table(paths.resource("sharing", "table.csv").read_text(encoding="utf-8"))


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made = make_chain(tmp_path)
    add_person(made.azc)
    yield made
    made.close()


def consents(table: SharingTable) -> tuple[Consent, ...]:
    """Return a consent for everything that can be asked for, medical included."""
    from support.vaults import START

    return tuple(
        Consent(UUID(int=n), PERSON.person_id, category, role, START, "ti", True)
        for n, ((category, role), rule) in enumerate(table.rules.items(), start=1)
        if rule.verdict is Verdict.NA_TOESTEMMING
    )


def of_the_form(case: CaseFile, selection: Selection) -> list[tuple[ItemKind, str, UUID | None]]:
    (file,) = case.interviews
    return [
        (key.kind, key.field.rpartition("/")[2], key.repeat)
        for key in selection.leaving_keys()
        if key.id == file.interview.interview_id
    ]


@pytest.mark.parametrize("role", list(ReceiverRole))
def test_only_a_care_provider_gets_anything_of_it(
    chain: Chain, library: Library, table: SharingTable, role: ReceiverRole
) -> None:
    fill(chain.azc, library, "merhawi")
    case = read_case_file(chain.azc, PERSON.person_id)
    chosen = select(items(case, recipient=LINDE), table, role, consents(table))
    found = of_the_form(case, chosen)
    if role is not ReceiverRole.ZORGVERLENER:
        assert found == []
        return
    names = {name for _, name, _ in found}
    assert {"categorie", "toestemming", "ontvanger_naam", "leeftijdsgroep"} <= names
    assert not {"mo_nakijken", "mo_weet_waar"} & names


def test_without_consent_on_record_not_even_a_care_provider_gets_it(
    chain: Chain, library: Library, table: SharingTable
) -> None:
    fill(chain.azc, library, "merhawi")
    case = read_case_file(chain.azc, PERSON.person_id)
    everything = items(case, recipient=LINDE)
    assert of_the_form(case, select(everything, table, ReceiverRole.ZORGVERLENER, ())) == []


@pytest.mark.parametrize(
    ("script", "allowed"),
    [
        ("merhawi", (True,)),
        ("lula", (False,)),  # said no
        ("farid", (False,)),  # wants to think
        ("nadia", (False,)),  # the parent and the child do not both say yes
        ("jamal", (True,)),  # they do
        ("hana", (False,)),  # took it back
        ("yusuf", (True, False, True)),
    ],
)
def test_a_request_goes_only_where_the_person_allowed_that_request(
    chain: Chain, library: Library, table: SharingTable, script: str, allowed: tuple[bool, ...]
) -> None:
    flow = fill(chain.azc, library, script)
    requests = flow.session.repeats(REQUEST)
    case = read_case_file(chain.azc, PERSON.person_id)
    going: set[UUID | None] = set()
    for name in named(case):
        chosen = select(items(case, recipient=name), table, CARE, consents(table))
        going |= {repeat for _, _, repeat in of_the_form(case, chosen)}
    assert tuple(request in going for request in requests) == allowed
    # nothing around the requests goes either when none of them does
    assert (None in going) == any(allowed)


def named(case: CaseFile) -> tuple[str, ...]:
    """Return the names of the care providers in the form, in its order."""
    (file,) = case.interviews
    return tuple(
        question.answer.value
        for question in file.questions
        if question.answer.path.endswith("/ontvanger_naam")
    )


@pytest.mark.parametrize("taken", [0, 2])
def test_a_care_provider_gets_only_the_request_that_names_it(
    chain: Chain, library: Library, table: SharingTable, taken: int
) -> None:
    flow = fill(chain.azc, library, "yusuf")
    requests = flow.session.repeats(REQUEST)
    case = read_case_file(chain.azc, PERSON.person_id)
    name = named(case)[taken]
    assert len(set(named(case))) == len(requests) == 3
    chosen = select(items(case, recipient=f" {name.upper()}. "), table, CARE, consents(table))
    assert {repeat for *_, repeat in of_the_form(case, chosen)} == {None, requests[taken]}
    others = [staying for staying in chosen.staying if staying.item.key.repeat in requests]
    assert {staying.why for staying in others if staying.item.category == "medisch"} == {Why.OTHER}


@pytest.mark.parametrize("name", ["", ".", "Praktijk De Lind", "Praktijk De Linde Zuid", "Zeist"])
def test_a_care_provider_that_no_request_names_gets_nothing(
    chain: Chain, library: Library, table: SharingTable, name: str
) -> None:
    fill(chain.azc, library, "merhawi")
    case = read_case_file(chain.azc, PERSON.person_id)
    chosen = select(items(case, recipient=name), table, CARE, consents(table))
    assert of_the_form(case, chosen) == []
    # and nothing in the dossier names what stays for it
    assert "medisch" not in {row.category for row in rows(chosen, CARE, ()) if _is_named(row)}


def test_a_municipality_does_not_even_learn_that_the_form_exists(
    chain: Chain, library: Library, table: SharingTable
) -> None:
    fill(chain.azc, library, "merhawi")
    hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    (sealed,) = chain.stick.iterdir()
    dossier = receive.take_in(chain.town, sealed).dossier_json.decode()
    assert [trace for trace in TRACES if trace in dossier] == []
    assert "Belt op maandag" not in dossier
    assert "Tolkdienst 114" not in dossier


@pytest.mark.parametrize("role", [ReceiverRole.GEMEENTE, ReceiverRole.UITVOERDER, ReceiverRole.COA])
def test_the_sender_sees_it_stay_under_the_medical_rule(
    chain: Chain, library: Library, table: SharingTable, role: ReceiverRole
) -> None:
    fill(chain.azc, library, "merhawi")
    case = read_case_file(chain.azc, PERSON.person_id)
    chosen = select(items(case, recipient=LINDE), table, role, consents(table))
    (medical,) = (row for row in rows(chosen, role, ()) if row.category == "medisch")
    assert medical.answers > 15
    assert "alleen naar een zorgverlener" in medical.reason


def test_a_vault_of_a_municipality_does_not_offer_it() -> None:
    by_profile = {profile: [offer.form_id for offer in offered(profile)] for profile in Profile}
    assert MEDICAL_REQUEST in by_profile[Profile.AZC]
    assert MEDICAL_REQUEST in by_profile[Profile.ZORG]
    assert MEDICAL_REQUEST not in by_profile[Profile.ONTVANGST]
    assert by_profile[Profile.REGIO] == []
