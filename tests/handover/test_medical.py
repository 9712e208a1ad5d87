"""The medical envelope: its own file, to care only, and not to be told apart from outside."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from handover_samples import (
    AZC,
    ZEIST,
    Case,
    Organisation,
    book_of,
    files_of,
    inner_of,
    open_as,
    resealed,
    sample_dossier,
    signed_bag,
)

from intake_app.crypto import sshsig
from intake_app.handover import bag, model
from intake_app.handover.dossier import Dossier, to_json
from intake_app.handover.errors import Refusal, RefusalReason
from intake_app.handover.model import Kind
from intake_app.handover.open import inspect

R = RefusalReason
CARE = Organisation("Huisartsen Voorbeeldstad", "zorg")
BOOK = book_of(AZC.entry(), ZEIST.entry(), CARE.entry())


def medical_dossier() -> Dossier:
    made = sample_dossier()
    answer = dataclasses.replace(
        made.interviews[0].answers[0], category="medisch", value="insuline", answer="Insuline"
    )
    interview = dataclasses.replace(made.interviews[0], answers=(answer,))
    return dataclasses.replace(made, receiver_role="zorgverlener", interviews=(interview,))


@pytest.fixture
def envelope(tmp_path: Path) -> Case:
    return Case(
        tmp_path,
        recipient=CARE,
        dossier_json=to_json(medical_dossier()),
        changes={"kind": Kind.MEDICAL},
    )


def reason(path: Path, organisation: Organisation, kinds: tuple[Kind, ...]) -> RefusalReason:
    with pytest.raises(Refusal) as caught:
        open_as(path, organisation, book=BOOK, kinds=kinds)
    return caught.value.reason


def test_care_opens_it(envelope: Case) -> None:
    opened = open_as(envelope.seal().path, CARE, book=BOOK, kinds=tuple(Kind))
    assert opened.manifest.kind is Kind.MEDICAL
    assert opened.dossier == medical_dossier()


def test_a_program_without_the_care_role_does_not_show_it(envelope: Case) -> None:
    path = envelope.seal().path
    assert reason(path, CARE, (Kind.DOSSIER,)) is R.MEDICAL_NOT_HERE
    assert reason(path, ZEIST, (Kind.DOSSIER,)) is R.FOR_OTHER_RECIPIENT


def test_nothing_outside_tells_the_two_apart(envelope: Case, tmp_path: Path) -> None:
    medical = envelope.seal().path
    (tmp_path / "gewoon").mkdir()
    plain = Case(tmp_path / "gewoon", recipient=CARE).seal().path
    assert b"medisch" not in medical.read_bytes()
    one, other = files_of(medical.read_bytes()), files_of(plain.read_bytes())
    assert list(one) == list(other)
    assert one[model.README] == other[model.README]
    assert json.loads(one[model.HEADER]).keys() == json.loads(other[model.HEADER]).keys()
    assert inspect(medical).format == inspect(plain).format


def test_medical_answers_are_not_sealed_into_a_dossier(envelope: Case) -> None:
    envelope.changes = {}
    with pytest.raises(ValueError, match="medical"):
        envelope.seal()
    envelope.changes = {"kind": Kind.MEDICAL}
    envelope.dossier_json = to_json(sample_dossier())
    with pytest.raises(ValueError, match="medical"):
        envelope.seal()
    assert not list(envelope.folder.iterdir())


def signed_as(files: dict[str, bytes], kind: Kind) -> dict[str, bytes]:
    signature = sshsig.sign(AZC.key, kind.namespace, files[bag.TAG_MANIFEST]).encode()
    return {**files, bag.TAG_SIGNATURE: signature}


def changed(files: dict[str, bytes], name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in files[name]
    return signed_bag({**files, name: files[name].replace(old, new)})


def test_what_breaks_the_rule_is_not_shown(envelope: Case, tmp_path: Path) -> None:
    """Even signed by the sender itself."""
    files = files_of(inner_of(envelope.seal().path.read_bytes(), CARE))
    both = tuple(Kind)
    path = tmp_path / "a.zip"

    as_dossier = changed(files, model.MANIFEST, b"lijn-medisch", b"lijn-overdracht")
    path.write_bytes(resealed(as_dossier, recipient=CARE))
    assert reason(path, CARE, both) is R.MEDICAL_IN_DOSSIER

    for_others = changed(files, model.DOSSIER, b'"zorgverlener"', b'"gemeente"')
    path.write_bytes(resealed(signed_as(for_others, Kind.MEDICAL), recipient=CARE))
    assert reason(path, CARE, both) is R.MANIFEST_MISMATCH

    # Signed as one kind and named as the other, either way round.
    path.write_bytes(resealed(signed_as(as_dossier, Kind.MEDICAL), recipient=CARE))
    assert reason(path, CARE, both) is R.MANIFEST_MISMATCH
    path.write_bytes(resealed(signed_bag(files), recipient=CARE))
    assert reason(path, CARE, both) is R.MANIFEST_MISMATCH
    assert reason(path, CARE, (Kind.DOSSIER,)) is R.MANIFEST_MISMATCH
