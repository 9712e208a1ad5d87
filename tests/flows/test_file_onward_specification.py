"""Filing, held against the published OpenAPI files of the Documenten and Zaken APIs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from support import prism
from support.case_system import (
    CASE_TYPE,
    CLIENT,
    DOCUMENT_TYPE,
    ORGANISATION,
    SECRET,
    CaseSystemDouble,
    serving,
)
from support.chain import PERSON, add_person, make_chain

from intake_app.flows import case_system, file_onward, hand_over, receive
from intake_app.sync.errors import SyncError
from intake_app.sync.zgw import CaseSystem, Client, Document, Part

pytestmark = pytest.mark.slow

Guarded = tuple[CaseSystem, CaseSystemDouble, Path]
SPECS = (
    Path(
        os.environ.get("CONFORMANCE_DIR", Path(__file__).parents[3] / "shared" / "conformance")
    ).parent
    / "specs"
)


@pytest.fixture(scope="module")
def guarded(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Guarded]:
    if not (SPECS / "zgw-drc.yaml").is_file():
        pytest.skip("the OpenAPI files of the ZGW APIs are not here")
    folder = tmp_path_factory.mktemp("prism")
    # Prism does not pass the bytes of a part on as they are: only their shape is held here.
    double = CaseSystemDouble(checks_bytes=False)
    for name in ("zgw-drc", "zgw-zrc"):
        prism.localised(SPECS / f"{name}.yaml", folder / f"{name}.yaml")
    try:
        with (
            serving(double) as base,
            prism.guarding(folder / "zgw-drc.yaml", base, folder / "drc.log") as documents,
            prism.guarding(folder / "zgw-zrc.yaml", base, folder / "zrc.log") as cases,
        ):
            yield (
                CaseSystem(
                    documents, cases, CLIENT, SECRET, ORGANISATION, DOCUMENT_TYPE, CASE_TYPE
                ),
                double,
                folder,
            )
    except prism.Absent as why:
        pytest.skip(f"Prism: {why}")


def test_the_whole_flow_is_as_the_specifications_say(
    guarded: Guarded, tmp_path: Path, figure: Any
) -> None:
    system, double, folder = guarded
    chain = make_chain(tmp_path)
    add_person(chain.azc)
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    item = receive.take_in(chain.town, chain.stick / handover.file_name)
    receive.accept(
        chain.town, item.handover_id, first_talk=date(2026, 3, 20), receipt_folder=chain.stick
    )
    case_system.save(chain.town, system)
    before = len(double.requests)
    assert file_onward.file(chain.town, item.handover_id).done
    for log in ("drc.log", "zrc.log"):
        said = (folder / log).read_text(encoding="utf-8", errors="replace")
        assert "violation" not in said.lower().replace("0 violations", ""), said[-2000:]
    figure(f"ZGW through Prism: {len(double.requests) - before} requests, none against the rules")
    chain.close()


DOCUMENT = Document(
    "DL-proef-1", "Titel", "Auteur", date(2026, 3, 5), "a.pdf", "application/pdf", 3, "0" * 64
)


class Lacking(Client):
    """Leaves one piece out of every request, or changes it."""

    def __init__(self, system: CaseSystem, name: str, value: object = None) -> None:
        super().__init__(
            system, now=lambda: datetime.now(UTC), user_id="1", user_name="Een collega"
        )
        self._name, self._value = name, value

    def _ask(self, method: str, base: str, path: str, *, expected: int, **sent: Any) -> bytes:
        for kind in ("json", "data", "headers"):
            held = dict(sent.get(kind) or {})
            if self._name in held:
                held.pop(self._name)
                if self._value is not None:
                    held[self._name] = self._value
                sent[kind] = held
        return super()._ask(method, base, path, expected=expected, **sent)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("auteur", None),
        ("bronorganisatie", None),
        ("creatiedatum", None),
        ("creatiedatum", "5 maart"),
        ("informatieobjecttype", None),
        ("taal", None),
        ("taal", "nl"),
        ("titel", None),
        ("titel", "x" * 201),
        ("identificatie", "x" * 41),
        ("vertrouwelijkheidaanduiding", "geheimzinnig"),
        ("integriteit", {"algoritme": "sha_256"}),
        ("bestandsomvang", "drie"),
    ],
)
def test_a_document_with_a_piece_missing_is_refused(
    guarded: Guarded, name: str, value: object
) -> None:
    system, double, _ = guarded
    before = dict(double.documents)
    with Lacking(system, name, value) as client, pytest.raises(SyncError):
        client.open_document(DOCUMENT)
    assert double.documents == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bronorganisatie", None),
        ("verantwoordelijkeOrganisatie", None),
        ("zaaktype", None),
        ("startdatum", None),
        ("Accept-Crs", None),
        ("Content-Crs", None),
    ],
)
def test_a_case_with_a_piece_missing_is_refused(guarded: Guarded, name: str, value: object) -> None:
    system, double, _ = guarded
    before = dict(double.cases)
    with Lacking(system, name, value) as client, pytest.raises(SyncError):
        client.open_case("DL-proef", "Overdracht", date(2026, 3, 5), "1234567890")
    assert double.cases == before


def test_a_part_without_its_lock_is_refused(
    guarded: Guarded,
) -> None:
    system, double, _ = guarded
    with Lacking(system, "") as client:
        opened = client.open_document(DOCUMENT)
    with Lacking(system, "lock") as client, pytest.raises(SyncError):
        client.send_part(opened.parts[0], opened.lock, b"abc")
    with Lacking(system, "") as client, pytest.raises(SyncError):
        client.send_part(opened.parts[0], "een ander slot", b"abc")
    assert double.parts[str(opened.parts[0].part_id)][1] is None
    with Lacking(system, "") as client, pytest.raises(SyncError):
        client.send_part(Part(opened.document_id, 1, 3), opened.lock, b"abc")


@pytest.mark.parametrize("name", ["informatieobject", "zaak"])
def test_a_link_with_an_end_missing_is_refused(guarded: Guarded, name: str) -> None:
    system, double, _ = guarded
    before = list(double.links)
    url = "https://zaken.test/zaken/6f3c1f8a-0c43-4a30-9f55-000000000009"
    with Lacking(system, name) as client, pytest.raises(SyncError):
        client.attach(url, url, "Titel")
    assert double.links == before


def test_without_a_token_nothing_goes(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    from intake_app.sync import zgw

    system, double, _ = guarded
    before = dict(double.documents)
    monkeypatch.setattr(zgw, "token", lambda *_, **__: "")
    with Lacking(system, "") as client, pytest.raises(SyncError):
        client.open_document(DOCUMENT)
    assert double.documents == before
