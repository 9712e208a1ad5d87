"""The dossier format: a round trip for every value, and a schema that says the same."""

from __future__ import annotations

import dataclasses
import json
import re
import typing
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from handover_samples import sample_dossier
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake_app import paths
from intake_app.domain import actor, interview, partial_date, person, plan
from intake_app.handover import codec, dossier
from intake_app.handover.dossier import (
    Dossier,
    DossierAttachment,
    DossierRefused,
    from_json,
    schema,
    to_json,
)
from intake_app.handover.medical import belongs_in
from intake_app.handover.model import Kind
from intake_app.handover.seal import schema_json

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
TIMES = st.datetimes(timezones=st.just(UTC)).filter(lambda at: at.year > 1000)
SHAPES = {
    dossier.PARTIAL_DATE: st.sampled_from(["", "1988", "1988-03", "1988-03-14"]),
    dossier.LANGUAGE: st.sampled_from(["", "ti", "prs"]),
    r"^(\d{10})?$": st.sampled_from(["", "0012345678", "9999999999"]),
    r"^(\d{9})?$": st.sampled_from(["", "111222333", "012345672"]),
}


def values(hint: Any, rule: codec.Rule) -> st.SearchStrategy[Any]:
    """Return a strategy for a declared field."""
    inner = codec._optional(hint)
    if inner is not None:
        return st.none() | values(inner, rule)
    if typing.get_origin(hint) is tuple:
        part = values(typing.get_args(hint)[0], rule)
        return st.lists(part, max_size=2).map(tuple)
    if dataclasses.is_dataclass(hint):
        return objects(hint)
    if hint is str:
        if rule.one_of:
            return st.sampled_from(rule.one_of)
        if rule.pattern:
            known = SHAPES.get(rule.pattern)
            if known is not None:
                return known
            return st.from_regex(re.compile(rule.pattern, re.ASCII), fullmatch=True).filter(
                lambda text: codec._CONTROL.search(text) is None and text == text.strip("\n")
            )
        return TEXTS
    simple: dict[Any, st.SearchStrategy[Any]] = {
        bool: st.booleans(),
        int: st.integers(rule.least or 0, 10**9),
        datetime: TIMES,
        date: st.dates(),
    }
    return simple[hint] if hint in simple else st.uuids(version=4)


def objects(cls: Any) -> st.SearchStrategy[Any]:
    declared = codec._declared(cls)
    return st.builds(cls, **{name: values(hint, rule) for name, (hint, rule) in declared.items()})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(objects(Dossier))
def test_every_dossier_comes_back(made: Dossier) -> None:
    data = to_json(made)
    assert from_json(data) == made
    assert to_json(from_json(data)) == data


def test_the_sample_comes_back_from_any_layout() -> None:
    made = sample_dossier()
    loose = json.dumps(json.loads(to_json(made)), indent=3, ensure_ascii=True).encode()
    assert from_json(loose) == made


def test_times_are_written_in_utc() -> None:
    at = datetime(2026, 7, 1, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    assert codec.time_text(at) == "2026-07-01T12:00:00Z"
    assert codec.parse_time("2026-07-01T12:00:00Z") == at
    with pytest.raises(ValueError, match="zone"):
        codec.time_text(datetime(2026, 7, 1))  # noqa: DTZ001
    for text in ("2026-07-01T12:00:00", "2026-07-01T12:00:00.000000Z", "2026-07-01", "", None, 5):
        with pytest.raises(ValueError, match="time"):
            codec.parse_time(text)


DIPLOMA = DossierAttachment(
    UUID(int=5), "data/bijlagen/002.pdf", "Diploma lasser", "diploma", "opleiding",
    "application/pdf", 5, "0" * 64, datetime(2026, 3, 2, 9, 0, tzinfo=UTC), "",
)  # fmt: skip


def test_what_breaks_its_own_description_is_not_written() -> None:
    made = sample_dossier()
    for change in ({"gender": "X"}, {"v_number": "1"}, {"family_name": "\x00"}):
        wrong = dataclasses.replace(made, person=dataclasses.replace(made.person, **change))
        with pytest.raises(DossierRefused) as caught:
            to_json(wrong)
        assert caught.value.place == f"person.{next(iter(change))}"


def test_the_place_of_a_fault_holds_no_content() -> None:
    plain = json.loads(to_json(sample_dossier()))
    plain["interviews"][0]["answers"][1]["state"] = "Tesfaye"
    with pytest.raises(DossierRefused) as caught:
        from_json(json.dumps(plain).encode())
    assert str(caught.value) == "interviews[0].answers[1].state"


def test_a_list_that_came_later_is_there_only_with_something_in_it() -> None:
    plain = json.loads(to_json(sample_dossier()))
    assert "attachments" not in plain
    assert from_json(json.dumps(plain).encode()).attachments == ()
    with pytest.raises(DossierRefused, match="Dossier"):
        from_json(json.dumps({**plain, "attachments": []}).encode())
    with pytest.raises(DossierRefused, match="attachments"):
        from_json(json.dumps({**plain, "attachments": [{}]}).encode())
    with_one = dataclasses.replace(sample_dossier(), attachments=(DIPLOMA,))
    assert from_json(to_json(with_one)) == with_one
    assert json.loads(to_json(with_one))["attachments"][0]["file"] == DIPLOMA.file


def test_a_medical_attachment_belongs_in_the_envelope_only() -> None:
    scan = dataclasses.replace(DIPLOMA, category="medisch")
    made = dataclasses.replace(sample_dossier(), attachments=(DIPLOMA, scan))
    assert not belongs_in(made, Kind.DOSSIER)
    assert belongs_in(dataclasses.replace(made, attachments=(DIPLOMA,)), Kind.DOSSIER)
    assert belongs_in(dataclasses.replace(made, receiver_role="zorgverlener"), Kind.MEDICAL)


def test_the_published_schema_is_the_one_in_use() -> None:
    published = paths.resource("schema", "dossier-v1.schema.json").read_bytes()
    assert published == schema_json()


def test_every_field_is_described_and_codes_are_named() -> None:
    whole = schema()
    lists = set()
    for definition in (whole, *whole["$defs"].values()):
        assert definition["additionalProperties"] is False
        later = {name for name, each in definition["properties"].items() if "minItems" in each}
        assert set(definition["required"]) == set(definition["properties"]) - later
        for field in definition["properties"].values():
            assert field["description"]
            lists.add(field.get("x-codelijst"))
    assert {"BRP tabel 32", "BRP tabel 34", "BRP tabel 56", "ISO 639-3", "ERK"} <= lists


def _valid(schema_part: dict[str, Any], value: Any, whole: dict[str, Any]) -> bool:
    """Check `value` with the few keywords our schema uses; written apart from the reader."""
    if "$ref" in schema_part:
        return _valid(whole["$defs"][schema_part["$ref"].rsplit("/", 1)[1]], value, whole)
    if "anyOf" in schema_part:
        return any(_valid(part, value, whole) for part in schema_part["anyOf"])
    if "const" in schema_part:
        return bool(value == schema_part["const"])
    match schema_part["type"]:
        case "object":
            fields = schema_part["properties"]
            return (
                isinstance(value, dict)
                and set(schema_part["required"]) <= set(value) <= set(fields)
                and all(_valid(fields[name], value[name], whole) for name in value)
            )
        case "array":
            enough = isinstance(value, list) and len(value) >= schema_part.get("minItems", 0)
            return enough and all(_valid(schema_part["items"], each, whole) for each in value)
        case "string":
            return (
                isinstance(value, str)
                and ("enum" not in schema_part or value in schema_part["enum"])
                and (
                    "pattern" not in schema_part
                    or re.search(schema_part["pattern"], value, re.ASCII) is not None
                )
            )
        case "integer":
            return type(value) is int and value >= schema_part.get("minimum", value)
        case "boolean":
            return isinstance(value, bool)
        case "null":
            return value is None
    return False


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(objects(Dossier))
def test_what_we_write_fits_the_schema(made: Dossier) -> None:
    whole = schema()
    assert _valid(whole, json.loads(to_json(made)), whole)


def _one_of(cls: Any, name: str) -> set[str]:
    return set(codec._declared(cls)[name][1].one_of)


def test_the_format_knows_every_code_of_the_program() -> None:
    for cls, name, codes in [
        (dossier.DossierPerson, "gender", person.Gender),
        (dossier.DossierPerson, "birth_date_status", person.BirthDateStatus),
        (dossier.DossierPerson, "literacy", person.Literacy),
        (dossier.DossierMember, "relation", person.Relation),
        (dossier.DossierHousehold, "reunification", person.Reunification),
        (dossier.DossierKoppeling, "end_reason", person.DecouplingReason),
        (dossier.DossierAnswer, "state", interview.AnswerState),
        (dossier.DossierAnswer, "source", interview.AnswerSource),
        (dossier.DossierInterview, "state", interview.InterviewState),
        (dossier.DossierInterpretation, "mode", interview.InterpreterMode),
        (dossier.DossierPlan, "main_path", plan.Vervolgpad),
        (dossier.DossierPlan, "other_paths", plan.Vervolgpad),
        (dossier.DossierPlan, "leerroute", plan.Leerroute),
        (dossier.DossierPlan, "state", plan.PlanState),
        (dossier.DossierAction, "doer", plan.Doer),
        (dossier.DossierAction, "state", plan.ActionState),
        (dossier.Dossier, "receiver_role", actor.ReceiverRole),
    ]:
        assert {code.value for code in codes} <= _one_of(cls, name), (cls.__name__, name)
    kinds = codec._declared(dossier.DossierActivity)["kind"][1].pattern
    assert all(re.match(kinds, kind.value) for kind in plan.ActivityKind)
    areas = codec._declared(dossier.DossierGoal)["leefgebied"][1].pattern
    assert all(re.match(areas, area) for area in plan.LEEFGEBIEDEN)


@pytest.mark.parametrize("text", ["", "1988", "1988-03", "1988-03-14"])
def test_partial_dates_of_the_program_fit(text: str) -> None:
    known = partial_date.PartialDate.parse(text).iso()
    assert re.match(dossier.PARTIAL_DATE, known)
