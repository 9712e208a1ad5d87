"""The files for DUO: filled from what is known, refused where DUO would, as the schema says."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.filled import texts
from support.interviews import add_person
from support.vaults import actor_of, prepared_vault

from intake_app import paths
from intake_app.domain import duo
from intake_app.domain.actor import Profile
from intake_app.domain.interview import Interpretation
from intake_app.domain.person import Literacy, Person
from intake_app.domain.plan import Activity, ActivityKind, Leerroute
from intake_app.flows import audit, duo_export, duo_known, duo_typed, outside, register
from intake_app.flows import plan as plan_flow
from intake_app.flows.duo_export import DuoRefused, Kind
from intake_app.flows.duo_typed import LbtText, PipText
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.compile import compile_form
from intake_app.vault import Vault
from intake_app.xforms import FormDefinition, NodeKey, parse_form

GOLDEN = Path(__file__).parents[1] / "vectors" / "duo"
PIP = PipText(
    dated="2026-02-20",
    route="B",
    level="B1",
    intensity="600",
    may_finish_education="nee",
    literacy="AA",
    duty_from="2026-02-01",
    language_and_knm_hours="84",
    pvt_on="2026-02-10",
)
LBT = LbtText("B1-route haalbaar", "30", "28", "2026-02-03")


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made = prepared_vault(tmp_path / "kluis")
    yield made
    made.close()


@pytest.fixture
def person(vault: Vault) -> Person:
    return keep(vault, replace(add_person(vault), residence_title="26", literacy=Literacy.ANDERS))


def keep(vault: Vault, person: Person) -> Person:
    with vault.transaction(actor_of(vault), "toets") as tx:
        tx.persons.save(person)
    return person


def refused(vault: Vault, person: Person, text: PipText | LbtText) -> dict[str, str]:
    """Return what is wrong, by field; empty when the file is made."""
    try:
        if isinstance(text, PipText):
            duo_export.make_pip(vault, person.person_id, text)
        else:
            duo_export.make_lbt(vault, person.person_id, text)
    except DuoRefused as error:
        return {violation.field: violation.sentence for violation in error.violations}
    return {}


# ---- what the schema says ----------------------------------------------------------------------


def schema(kind: Kind) -> dict[str, Any]:
    name = f"duo-{kind.value}-v1.schema.json"
    found: dict[str, Any] = json.loads(paths.resource("schema", name).read_text(encoding="utf-8"))
    return found


def fits(part: dict[str, Any], value: Any) -> bool:
    """Check `value` with the few keywords these schemas use."""
    kinds = {
        "object": lambda v: isinstance(v, dict),
        "string": lambda v: isinstance(v, str),
        "integer": lambda v: type(v) is int,
        "boolean": lambda v: isinstance(v, bool),
    }
    checks = [
        "type" not in part or kinds[part["type"]](value),
        "const" not in part or value == part["const"],
        "enum" not in part or value in part["enum"],
        "not" not in part or not fits(part["not"], value),
        all(fits(each, value) for each in part.get("allOf", ())),
        "if" not in part or not fits(part["if"], value) or fits(part["then"], value),
    ]
    if isinstance(value, str) and "pattern" in part:
        checks.append(re.search(part["pattern"], value, re.ASCII) is not None)
    if type(value) is int:
        checks.append(part.get("minimum", value) <= value <= part.get("maximum", value))
    if isinstance(value, dict):
        fields = part.get("properties", {})
        checks += [
            set(part.get("required", ())) <= set(value),
            part.get("additionalProperties", True) or set(value) <= set(fields),
            part.get("minProperties", 0) <= len(value) <= part.get("maxProperties", len(value)),
            *(fits(fields[name], value[name]) for name in value if name in fields),
        ]
    return all(checks)


def test_what_is_made_fits_the_schema(vault: Vault, person: Person) -> None:
    pip = json.loads(duo_export.make_pip(vault, person.person_id, PIP))
    assert fits(schema(Kind.PIP), pip)
    lbt = json.loads(duo_export.make_lbt(vault, person.person_id, LBT))
    assert fits(schema(Kind.LBT), lbt)
    assert not fits(schema(Kind.PIP), lbt)


def test_schema_and_rules_agree_on_every_combination(vault: Vault, person: Person) -> None:
    whole = json.loads(duo_export.make_pip(vault, person.person_id, PIP))
    for route, level, first, intensity in itertools.product(
        "BOZ", ("A2", "B1"), (True, False), (None, 0, 1, 9999, 10_000)
    ):
        pip = {**whole["pip"], "leerroute": route, "niveau": level}
        pip.pop("geschatteIntensiteitB1Route")
        if intensity is not None:
            pip["geschatteIntensiteitB1Route"] = intensity
        by_schema = fits(schema(Kind.PIP), {**whole, "eerstePip": first, "pip": pip})
        known = duo.Circumstances(date(2026, 3, 2), first=first, asylum=True)
        by_rule = duo.check_pip(
            duo.Pip(
                date(2026, 2, 20),
                Leerroute(route),
                duo.Level(level),
                intensity,
                False,
                duo.LiteracyLessons.A,
            ),
            known,
        )
        assert by_schema is (by_rule == ()), (route, level, first, intensity)


def leaves(part: dict[str, Any], above: str = "") -> Iterator[str]:
    for name, inner in part.get("properties", {}).items():
        below = list(leaves(inner, f"{above}{name}."))
        yield from below or [f"{above}{name}"]


@pytest.mark.parametrize("kind", list(Kind))
def test_the_table_names_every_field(kind: Kind) -> None:
    table = paths.resource("schema", "duo-v1.md").read_text(encoding="utf-8")
    assert [name for name in leaves(schema(kind)) if f"| `{name}` |" not in table] == []
    assert f"`{duo_export.FORMATS[kind]}`" in table


def test_every_field_has_a_name_for_people() -> None:
    assert set(duo_typed.FIELD_OF.values()) == set(duo.FIELDS) - {"vNummer", "bsn"}


@pytest.mark.parametrize("kind", list(Kind))
def test_the_first_files_stay_as_they_are(vault: Vault, person: Person, kind: Kind) -> None:
    made = (
        duo_export.make_pip(vault, person.person_id, PIP)
        if kind is Kind.PIP
        else duo_export.make_lbt(vault, person.person_id, LBT)
    )
    made = re.sub(rb'"created": "[^"]*"', b'"created": "2026-03-02T09:00:00Z"', made)
    assert made == (GOLDEN / f"{kind.value}-v1.json").read_bytes()


# ---- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"level": "A2"}, "niveau", "eerste PIP"),
        ({"route": "O", "intensity": ""}, "", ""),
        ({"route": "O", "intensity": "", "level": "A2"}, "niveau", "onderwijsroute"),
        ({"route": "Z", "intensity": ""}, "niveau", "Z-route"),
        ({"route": "X", "intensity": ""}, "leerroute", "Kies uit: B, O, Z."),
        ({"route": "nog_niet", "intensity": ""}, "leerroute", "ontbreekt"),
        ({"intensity": "10000"}, "geschatteIntensiteitB1Route", "9999"),
        ({"intensity": "veel"}, "geschatteIntensiteitB1Route", "alleen cijfers"),
        ({"intensity": "٦٠٠"}, "", ""),
        ({"dated": "2026-02-30"}, "dagtekeningPip", "bestaat niet"),
        ({"dated": "2026-02"}, "dagtekeningPip", "niet volledig"),
        ({"dated": "2026-01-31"}, "dagtekeningPip", "inburgeringsplicht"),
        ({"settled_on": "2026-02-21"}, "dagtekeningPip", "vestiging"),
        ({"may_finish_education": "misschien"}, "indicatorMagOpleidingAfmaken", "ja of nee"),
        ({"literacy": ""}, "indicatorAlfabetiseringsonderwijs", "A, AA of NVT"),
        ({"pvt_on": "2027-01-01"}, "datumPvt", "toekomst"),
        ({"z_route_on": "2026-02-01"}, "datumZRoute", "Z-route"),
        ({"duty_from": "ooit"}, "plichtVanaf", "dag-maand-jaar"),
        ({"dated": "20-02-2026"}, "", ""),
        ({"level": "A2", "first": "nee"}, "", ""),
    ],
)
def test_pip_that_duo_would_refuse(
    vault: Vault, person: Person, changes: dict[str, str], field: str, said: str
) -> None:
    found = refused(vault, person, replace(PIP, **changes))
    assert list(found) == ([field] if field else [])
    assert said in "".join(found.values())


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"achieved": "27,5"}, "resultaat", "tegen"),
        ({"achieved": "veel"}, "behaaldeScore", "zoals 28"),
        ({"taken_on": ""}, "datumAfname", "ontbreekt"),
        ({"result": "gehaald"}, "resultaat", "B1-route haalbaar"),
        ({"result": "Onbekend", "achieved": "", "needed": ""}, "", ""),
    ],
)
def test_lbt_that_duo_would_refuse(
    vault: Vault, person: Person, changes: dict[str, str], field: str, said: str
) -> None:
    found = refused(vault, person, replace(LBT, **changes))
    assert list(found) == ([field] if field else [])
    assert said in "".join(found.values())


def test_intensity_needs_a_known_asylum_title(vault: Vault, person: Person) -> None:
    for title, said in (("", "niet bekend"), ("21", "alleen bij een asielstatushouder")):
        keep(vault, replace(person, residence_title=title))
        found = refused(vault, person, PIP)
        assert list(found) == ["geschatteIntensiteitB1Route"]
        assert said in "".join(found.values())


# ---- whose it is --------------------------------------------------------------------------------


def test_a_team_never_puts_a_bsn_in(vault: Vault, person: Person) -> None:
    keep(vault, replace(person, bsn="111222333"))
    made = duo_export.make_pip(vault, person.person_id, PIP)
    assert json.loads(made)["inburgeraar"] == {"vNummer": person.v_number}
    keep(vault, replace(person, bsn="111222333", v_number=""))
    assert list(refused(vault, person, PIP)) == ["vNummer"]


def test_the_municipality_uses_the_bsn_where_there_is_no_v_number(tmp_path: Path) -> None:
    town = prepared_vault(tmp_path / "stad", profile=Profile.ONTVANGST)
    who = keep(town, replace(add_person(town), bsn="111222333", residence_title="26"))
    made = json.loads(duo_export.make_pip(town, who.person_id, PIP))
    assert made["inburgeraar"] == {"vNummer": who.v_number}
    keep(town, replace(who, v_number=""))
    made = json.loads(duo_export.make_pip(town, who.person_id, PIP))
    assert made["inburgeraar"] == {"bsn": "111222333"}
    town.close()


# ---- what is known ------------------------------------------------------------------------------


class _Fresh:
    def load(self, form_id: str) -> FormDefinition:
        return parse_form(compile_form(paths.forms_dir() / form_id))


def interview(vault: Vault, person: Person, answers: dict[str, str]) -> None:
    flow = InterviewFlow.start(
        vault,
        _Fresh(),
        texts(),
        person.person_id,
        "intake",
        "nl",
        Interpretation(),
        actor_of(vault),
    )
    paths_of = {q.name: path for path, q in flow.form.questions.items()}
    for name, value in answers.items():
        flow.answer(NodeKey(paths_of[name]), value)


def test_nothing_is_made_up(vault: Vault) -> None:
    who = add_person(vault)
    assert duo_known.known_pip(vault, who.person_id) == duo_known.Filled(PipText(), {})
    assert duo_known.known_lbt(vault, who.person_id) == duo_known.Filled(LbtText(), {})
    assert len(duo_export.missing(Kind.PIP, PipText())) == 5
    assert duo_export.missing(Kind.LBT, LBT) == ()


def test_the_pip_begins_with_what_the_vault_knows(vault: Vault, person: Person) -> None:
    interview(vault, person, {"taalles_nu": "coa", "coa_lesuren": "84"})
    drafted = plan_flow.draft(vault, person.person_id)
    plan_flow.save(vault, replace(drafted, leerroute=Leerroute.ONDERWIJS))
    register.record_notice(vault, person.person_id, date(2026, 2, 1))
    with vault.transaction(actor_of(vault), "toets") as tx:
        tx.activities.save(
            Activity(
                vault.env.uuid(),
                person.person_id,
                ActivityKind.PARTICIPATIEVERKLARING,
                "COA",
                ended=date(2026, 2, 10),
            )
        )
    known = duo_known.known_pip(vault, person.person_id)
    assert known.text == PipText(
        route="O",
        level="B1",
        literacy="AA",
        duty_from="2026-02-01",
        language_and_knm_hours="84",
        pvt_on="2026-02-10",
    )
    assert set(known.sources) == {
        "route",
        "level",
        "literacy",
        "duty_from",
        "language_and_knm_hours",
        "pvt_on",
    }
    assert duo_export.missing(Kind.PIP, known.text) == (
        "Datum van het PIP",
        "Mag de opleiding afmaken",
    )


def test_the_lbt_comes_from_the_intake(vault: Vault, person: Person) -> None:
    said = {"lbt_gedaan": "ja", "lbt_datum": "2026-02-03", "lbt_score": "30"}
    interview(vault, person, {**said, "lbt_uitslag": "haalbaar"})
    known = duo_known.known_lbt(vault, person.person_id)
    assert known.text == LBT
    assert known.sources["needed"] != "intake"
    assert refused(vault, person, known.text) == {}


def test_an_answer_that_no_longer_applies_is_not_told(vault: Vault, person: Person) -> None:
    said = {"lbt_gedaan": "ja", "lbt_datum": "2026-02-03", "lbt_score": "30"}
    interview(vault, person, said)
    with vault.read() as records:
        held = records.interviews.of_person(person.person_id)[0]
    flow = InterviewFlow.resume(vault, texts(), held.interview_id, actor_of(vault))
    names = {q.name: path for path, q in flow.form.questions.items()}
    flow.answer(NodeKey(names["lbt_gedaan"]), "nee")
    assert duo_known.known_lbt(vault, person.person_id).text == LbtText()


def test_fields_go_by_their_names_in_the_file() -> None:
    text = duo_typed.with_typed(PipText(), {"leerroute": "Z", "plichtVanaf": "2026-01-01"})
    assert text == PipText(route="Z", duty_from="2026-01-01")
    with pytest.raises(duo.DuoProblem, match="geen veld"):
        duo_typed.with_typed(LbtText(), {"leerroute": "Z"})


# ---- the log and the file ------------------------------------------------------------------------


def test_making_a_file_is_told_to_the_log(vault: Vault, person: Person, tmp_path: Path) -> None:
    content = duo_export.make_pip(vault, person.person_id, PIP)
    target = tmp_path / duo_export.suggested_name(Kind.PIP)
    duo_export.save(vault, person.person_id, Kind.PIP, content, target)
    assert target.read_bytes() == content
    lines = audit.page(vault, person_id=person.person_id).lines
    assert "Bestand voor DUO maken: PIP" in [line.what for line in lines]


def test_no_file_goes_into_the_vault(vault: Vault, person: Person) -> None:
    with pytest.raises(outside.NotWritten):
        duo_export.save(vault, person.person_id, Kind.LBT, b"{}", vault.folder / "duo.json")
    lines = audit.page(vault, person_id=person.person_id).lines
    assert not [line for line in lines if "DUO" in line.what]
