"""An accepted dossier goes into the municipality's own case system, whole and once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from support.case_system import (
    CASE_TYPE,
    CLIENT,
    DOCUMENT_TYPE,
    ORGANISATION,
    SECRET,
    CaseSystemDouble,
    serving,
)
from support.chain import PERSON, Chain, add_person, make_chain
from support.medical import give_medical_role
from support.vaults import actor_of

from intake_app.domain.attachment import MEDICAL, AttachmentKind
from intake_app.flows import case_system, file_onward, hand_over, receive
from intake_app.flows.case_system import FilingRefused
from intake_app.flows.file_onward import FilingStopped, Standing
from intake_app.sync.errors import Later, Paused, Reason
from intake_app.sync.zgw import CaseSystem
from intake_app.sync.zgw_errors import Misfit, Objection

PDF = b"%PDF-1.7\n" + b"diploma " * 100_000
TALK = date(2026, 3, 20)


@pytest.fixture
def double() -> CaseSystemDouble:
    return CaseSystemDouble()


@pytest.fixture
def system(double: CaseSystemDouble) -> Iterator[CaseSystem]:
    with serving(double) as base:
        yield CaseSystem(base, base, CLIENT, SECRET, ORGANISATION, DOCUMENT_TYPE, CASE_TYPE)


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made = make_chain(tmp_path)
    add_person(made.azc)
    with made.azc.transaction(actor_of(made.azc), "bijlage toevoegen") as tx:
        tx.attachments.add(
            PERSON.person_id, [PDF], title="Diploma lasser", media_type="application/pdf",
            category="opleiding", kind=AttachmentKind.DIPLOMA, env=made.azc.env,
        )  # fmt: skip
    yield made
    made.close()


@pytest.fixture
def received(chain: Chain) -> UUID:
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    return receive.take_in(chain.town, chain.stick / handover.file_name).handover_id


@pytest.fixture
def accepted(chain: Chain, received: UUID) -> UUID:
    receive.accept(chain.town, received, first_talk=TALK, receipt_folder=chain.stick)
    return received


def everything_is_there(double: CaseSystemDouble, chain: Chain, accepted: UUID) -> None:
    """One case; each file in it once, unlocked, byte for byte."""
    files = file_onward.to_file(chain.town, accepted)
    (case,) = double.cases.values()
    linked = [link["informatieobject"] for link in double.links]
    assert len(set(linked)) == len(linked) == len(files)
    assert {link["zaak"] for link in double.links} == {case["url"]}
    whole = {document["url"]: which for which, document in double.documents.items()}
    found = {
        (double.documents[whole[url]]["bestandsnaam"], double.content[whole[url]]) for url in linked
    }
    expected = set()
    for each in files:
        with each.open() as source:
            expected.add((each.file_name, source.read()))
    assert found == expected
    assert all(not double.documents[whole[url]]["locked"] for url in linked)


def test_a_dossier_is_filed_whole(
    chain: Chain, accepted: UUID, system: CaseSystem, double: CaseSystemDouble
) -> None:
    case_system.save(chain.town, system)
    assert file_onward.standing(chain.town, accepted) is None
    seen: list[tuple[int, int]] = []
    done = file_onward.file(chain.town, accepted, progress=lambda *at: seen.append(at))
    (case,) = double.cases.values()
    assert done == Standing(case["url"], 3, 3)
    assert done.done
    everything_is_there(double, chain, accepted)
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]
    assert case["kenmerken"] == [{"kenmerk": PERSON.v_number, "bron": "V-nummer"}]
    assert case["vertrouwelijkheidaanduiding"] == "vertrouwelijk"
    for which, document in double.documents.items():
        assert document["vertrouwelijkheidaanduiding"] == "vertrouwelijk"
        assert document["taal"] == "dut"
        assert document["bronorganisatie"] == ORGANISATION
        assert document["integriteit"]["algoritme"] == "sha_256"
        assert (
            document["integriteit"]["waarde"] == hashlib.sha256(double.content[which]).hexdigest()
        )
        assert len(document["identificatie"]) <= 40
        assert PERSON.family_name not in document["bestandsnaam"]
    assert {c["user_representation"] for c in double.tokens} == {chain.town.user.name}
    assert {c["user_id"] for c in double.tokens} == {str(chain.town.user.user_id)}
    with chain.town.read() as records:
        told = [json.loads(e.body) for e in records.audit.entries(40)]
    assert any("naar het zaaksysteem" in json.dumps(each, ensure_ascii=False) for each in told)


def test_a_second_time_files_nothing_again(
    chain: Chain, accepted: UUID, system: CaseSystem, double: CaseSystemDouble
) -> None:
    case_system.save(chain.town, system)
    first = file_onward.file(chain.town, accepted)
    before = len(double.requests)
    assert file_onward.file(chain.town, accepted) == first
    assert len(double.requests) == before


def test_whatever_answer_is_lost_it_goes_on_and_files_once(
    chain: Chain, accepted: UUID, system: CaseSystem, double: CaseSystemDouble, figure
) -> None:
    case_system.save(chain.town, system)
    tries = 0
    lost = 0
    # The first, second, … fifth request of a try does its work and is not answered.
    while True:
        tries += 1
        double.eat = {len(double.requests) + 1 + lost}
        try:
            file_onward.file(chain.town, accepted)
        except Later as broken:
            assert broken.reason is Reason.NO_CONNECTION  # noqa: PT017
            lost = (lost + 1) % 5
            assert tries < 80
            continue
        break
    everything_is_there(double, chain, accepted)
    figure(
        f"filing with an answer lost in every try: {tries} tries, {len(double.requests)} requests"
    )
    assert tries > 5


def test_it_goes_on_in_a_case_that_is_there(
    chain: Chain, accepted: UUID, system: CaseSystem, double: CaseSystemDouble
) -> None:
    case_system.save(chain.town, system)
    case = f"{system.cases}/zaken/2f0a4b0c-1111-4222-8333-444444444444"
    assert file_onward.file(chain.town, accepted, case=case).case == case
    assert double.cases == {}
    with pytest.raises(FilingRefused, match="andere zaak"):
        file_onward.file(chain.town, accepted, case=case.replace("1111", "2222"))


def test_stopping_keeps_what_was_filed(
    chain: Chain, accepted: UUID, system: CaseSystem, double: CaseSystemDouble
) -> None:
    case_system.save(chain.town, system)
    with pytest.raises(FilingStopped):
        file_onward.file(chain.town, accepted, cancelled=lambda: len(double.requests) > 9)
    half = file_onward.standing(chain.town, accepted)
    assert half is not None
    assert not half.done
    file_onward.file(chain.town, accepted)
    everything_is_there(double, chain, accepted)


def test_bytes_that_arrived_wrong_do_not_count(
    chain: Chain, accepted: UUID, system: CaseSystem, double: CaseSystemDouble
) -> None:
    case_system.save(chain.town, system)
    real = double.answer
    spoiled: list[str] = []

    def spoil(method: str, path: str, query: dict[str, str], body: bytes, kind: str):
        status, said = real(method, path, query, body, kind)
        if (
            method == "GET"
            and not spoiled
            and isinstance(said, dict)
            and said.get("locked") is False
        ):
            spoiled.append(path)
        if path in spoiled and isinstance(said, dict):
            said = {**said, "integriteit": {**said["integriteit"], "waarde": "0" * 64}}
        return status, said

    double.answer = spoil
    file_onward.file(chain.town, accepted)
    double.answer = real
    assert spoiled
    linked = {link["informatieobject"].rpartition("/")[2] for link in double.links}
    assert not any(path.endswith(tuple(linked)) for path in spoiled)
    everything_is_there(double, chain, accepted)


def test_nothing_medical_is_filed(chain: Chain, system: CaseSystem) -> None:
    give_medical_role(chain.azc)
    give_medical_role(chain.town)
    with chain.azc.transaction(actor_of(chain.azc), "bijlage toevoegen") as tx:
        tx.attachments.add(
            PERSON.person_id, [b"%PDF medisch"], title="Brief", media_type="application/pdf",
            category=MEDICAL, role="medisch", kind=AttachmentKind.BRIEF, env=chain.azc.env,
        )  # fmt: skip
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    item = receive.take_in(chain.town, chain.stick / handover.file_name)
    receive.accept(chain.town, item.handover_id, first_talk=TALK, receipt_folder=chain.stick)
    with chain.town.transaction(actor_of(chain.town), "bijlage toevoegen") as tx:
        tx.attachments.add(
            PERSON.person_id, [b"%PDF later"], title="Brief", media_type="application/pdf",
            category=MEDICAL, role="medisch", kind=AttachmentKind.BRIEF, env=chain.town.env,
        )  # fmt: skip
    titles = [each.title for each in file_onward.to_file(chain.town, item.handover_id)]
    assert titles == [
        "Overdrachtsdossier",
        "Overdrachtsdossier, gegevens",
        "Bijlage: Diploma lasser",
    ]


def test_only_what_was_accepted(chain: Chain, received: UUID, system: CaseSystem) -> None:
    case_system.save(chain.town, system)
    with pytest.raises(FilingRefused, match="eerst over"):
        file_onward.file(chain.town, received)
    with pytest.raises(KeyError):
        file_onward.file(chain.town, UUID(int=1))


def test_without_a_case_system_it_says_so(chain: Chain, accepted: UUID) -> None:
    with pytest.raises(FilingRefused, match="Instellingen"):
        file_onward.file(chain.town, accepted)


def test_a_wrong_secret_pauses_and_says_so(
    chain: Chain, accepted: UUID, system: CaseSystem, double: CaseSystemDouble
) -> None:
    case_system.save(chain.town, replace(system, secret="een andere"))
    with pytest.raises(Paused) as caught:
        file_onward.file(chain.town, accepted)
    assert caught.value.reason is Reason.NOT_ALLOWED
    assert double.cases == {}
    case_system.save(chain.town, system)
    assert file_onward.file(chain.town, accepted).done


def test_an_objection_names_the_field_and_nothing_else(
    chain: Chain, accepted: UUID, system: CaseSystem, double: CaseSystemDouble
) -> None:
    case_system.save(chain.town, system)
    said = {
        "invalidParams": [
            {"name": "informatieobjecttype", "code": "invalid", "reason": PERSON.family_name},
            {"name": f"<b>{PERSON.family_name}", "code": "invalid", "reason": ""},
        ]
    }
    double.refuse = {"POST /enkelvoudig": (400, said)}
    with pytest.raises(Objection) as caught:
        file_onward.file(chain.town, accepted)
    assert "‘informatieobjecttype’" in str(caught.value)
    assert PERSON.family_name not in str(caught.value)
    double.refuse = {}
    assert file_onward.file(chain.town, accepted).done


@pytest.mark.parametrize(
    "answer",
    [(201, {"url": "x"}), (201, []), (201, {"url": "https://elders.test/zonder-nummer"})],
)
def test_an_answer_that_does_not_fit_is_no_success(
    chain: Chain, accepted: UUID, system: CaseSystem, double: CaseSystemDouble, answer
) -> None:
    case_system.save(chain.town, system)
    double.refuse = {"POST /enkelvoudig": answer}
    with pytest.raises(Misfit):
        file_onward.file(chain.town, accepted)


def test_addresses_in_answers_are_not_followed(
    chain: Chain, accepted: UUID, system: CaseSystem, double: CaseSystemDouble
) -> None:
    case_system.save(chain.town, system)
    # It says it lives elsewhere; the calls still go where the user said.
    double.base = "https://kwaad.test/api"
    assert file_onward.file(chain.town, accepted).done
    everything_is_there(double, chain, accepted)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"documents": "http://zaaksysteem.test"}, "Documenten-API"),
        ({"cases": "zaaksysteem"}, "Zaken-API"),
        ({"document_type": ""}, "Informatieobjecttype"),
        ({"case_type": "https://a b"}, "Zaaktype"),
        ({"client_id": " "}, "Client-id"),
        ({"secret": ""}, "Sleutel"),
        ({"organisation": "123456789"}, "RSIN"),
        ({"organisation": "000000000"}, "RSIN"),
        ({"organisation": "١٢٣٤٥٦٧٨٢"}, "RSIN"),
    ],
)
def test_settings_that_cannot_be_right_are_refused_by_name(
    chain: Chain, system: CaseSystem, change: dict[str, str], named: str
) -> None:
    case_system.save(chain.town, system)
    with pytest.raises(FilingRefused, match=named):
        case_system.save(chain.town, replace(system, **change))
    assert case_system.settings(chain.town) == system
    case_system.save(chain.town, None)
    assert case_system.settings(chain.town) is None


def test_only_who_manages_the_vault_may_set_it_up(
    chain: Chain, system: CaseSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_system, "may_change", lambda _vault: False)
    with pytest.raises(FilingRefused, match="rol beheer"):
        case_system.save(chain.town, system)
    assert case_system.settings(chain.town) is None


def test_the_secret_is_not_shown(system: CaseSystem) -> None:
    assert SECRET not in repr(system)


def test_as_files_where_there_is_no_case_system(chain: Chain, accepted: UUID) -> None:
    folder = file_onward.save_files(chain.town, accepted, chain.stick)
    listed = json.loads((folder / "inhoud.json").read_text(encoding="utf-8"))["bestanden"]
    assert {p.name for p in folder.iterdir()} == {"inhoud.json", *(e["bestand"] for e in listed)}
    for each in listed:
        data = (folder / each["bestand"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (each["omvang"], each["sha256"])
    assert (folder / "bijlage-1.pdf").read_bytes() == PDF
    assert PERSON.family_name not in folder.name
    with pytest.raises(FilingRefused, match="staat dit dossier al"):
        file_onward.save_files(chain.town, accepted, chain.stick)
    with pytest.raises(FilingRefused, match="kluis"):
        file_onward.save_files(chain.town, accepted, chain.town.folder)
