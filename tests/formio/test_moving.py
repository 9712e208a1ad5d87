"""Moving an open interview to another version: everything is kept, moved, or kept aside."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fillings import NOW, session_of

from intake_app.formio.migrations import Migration, Route, version_key
from intake_app.formio.moving import Move, MoveRefused, OrphanReason, move
from intake_app.xforms import (
    AnswerRefused,
    AnswerState,
    FormDefinition,
    FormSession,
    NodeKey,
    Snapshot,
    parse_form,
)

HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Proef</h:title><model><instance>'
)


@dataclass(frozen=True)
class Q:
    """One question; `path` below /data, with `*` at the end of the name of a repeat."""

    path: str
    type: str = "string"
    bind: str = ""
    choices: str = ""


def form(version: str, *questions: Q, form_id: str = "proef") -> FormDefinition:
    """An XForm with these questions; groups and repeats follow from the paths."""
    tree: dict[str, object] = {}
    for q in questions:
        here = tree
        *groups, last = q.path.split("/")
        for name in groups:
            here = here.setdefault(name, {})  # type: ignore[assignment]
        here[last] = q

    def instance(node: dict[str, object]) -> str:
        return "".join(
            f"<{n.rstrip('*')}>{instance(v) if isinstance(v, dict) else ''}</{n.rstrip('*')}>"
            for n, v in node.items()
        )

    def body(node: dict[str, object], path: str) -> str:
        parts = []
        for name, value in node.items():
            here = f"{path}/{name.rstrip('*')}"
            if isinstance(value, dict) and name.endswith("*"):
                inner = body(value, here)
                parts.append(
                    f'<group ref="{here}"><repeat nodeset="{here}">{inner}</repeat></group>'
                )
            elif isinstance(value, dict):
                parts.append(f'<group ref="{here}">{body(value, here)}</group>')
            elif isinstance(value, Q) and "calculate=" not in value.bind:
                tag = "select" if value.type == "odk:multi" else "select1"
                items = "".join(
                    f"<item><label>{c}</label><value>{c}</value></item>"
                    for c in value.choices.split()
                )
                label = f"<label>{name}</label>"
                parts.append(
                    f'<{tag} ref="{here}">{label}{items}</{tag}>'
                    if value.choices
                    else f'<input ref="{here}">{label}</input>'
                )
        return "".join(parts)

    binds = "".join(
        f'<bind nodeset="/data/{q.path.replace("*", "")}" '
        f'type="{q.type if ":" not in q.type else "string"}" {q.bind}/>'
        for q in questions
    )
    xml = (
        f'{HEAD}<data id="{form_id}" version="{version}">{instance(tree)}</data></instance>{binds}'
        f"</model></h:head><h:body>{body(tree, '/data')}</h:body></h:html>"
    )
    return parse_form(xml.encode())


def row(number: int, source: str, target: str, **values: str) -> Migration:
    return Migration(
        number, "1", "2", f"/data/{source}", f"/data/{target}" if target else "", values
    )


def moved(
    session: FormSession, new: FormDefinition, *rows: Migration, snapshot: Snapshot | None = None
) -> Move:
    counter = itertools.count(10_000)
    return move(
        snapshot or session.snapshot(),
        session.form,
        new,
        rows,
        now=lambda: NOW,
        uuid=lambda: UUID(int=next(counter), version=4),
        random=lambda: 0.5,
    )


def key(path: str, repeat: UUID | None = None) -> NodeKey:
    return NodeKey(f"/data/{path}", repeat)


def filled(form: FormDefinition, **answers: str) -> FormSession:
    session = session_of(form)
    for path, value in answers.items():
        place = key(path.replace("__", "/"))
        if value.startswith("#"):
            session.set_state(place, AnswerState(value[1:]))
        else:
            session.answer(place, value)
    return session


def reasons(found: Move) -> dict[str, OrphanReason]:
    return {o.answer.key.path.removeprefix("/data/"): o.reason for o in found.orphaned}


def test_each_answer_is_kept_moved_or_kept_aside() -> None:
    old = form(
        "1",
        Q("blijft"),
        Q("weg"),
        Q("oud"),
        Q("getal", "string"),
        Q("keus", choices="a b c"),
        Q("state"),
        Q("g/in_groep"),
        Q("som", bind='calculate="1 + 1"'),
        Q("wordt_berekend"),
    )
    new = form(
        "2",
        Q("blijft"),
        Q("nieuw"),
        Q("getal", "int"),
        Q("keus", choices="x c"),
        Q("state"),
        Q("h/in_groep"),
        Q("wordt_berekend", bind='calculate="7"'),
    )
    session = filled(
        old,
        blijft="1",
        weg="2",
        oud="3",
        getal="vier",
        keus="a",
        state="#weet_niet",
        g__in_groep="5",
        wordt_berekend="6",
    )
    found = moved(
        session, new, row(2, "oud", "nieuw"), row(3, "g", "h"), row(4, "keus", "keus", a="x")
    )
    assert [k.path for k in found.kept] == ["/data/blijft", "/data/state"]
    assert [(m.source.path, m.target.path, m.before, m.after) for m in found.moved] == [
        ("/data/oud", "/data/nieuw", "3", "3"),
        ("/data/keus", "/data/keus", "a", "x"),
        ("/data/g/in_groep", "/data/h/in_groep", "5", "5"),
    ]
    assert reasons(found) == {
        "weg": OrphanReason.GONE,
        "getal": OrphanReason.WRONG_TYPE,
        "som": OrphanReason.CALCULATED,
        "wordt_berekend": OrphanReason.NOT_A_QUESTION,
    }
    assert {o.answer.value for o in found.orphaned} == {"2", "vier", "6"}
    again = session_of(new, snapshot=found.snapshot)
    assert again.value(key("nieuw")) == "3"
    assert again.value(key("keus")) == "x"
    assert again.state(key("state")) is AnswerState.UNKNOWN
    assert again.value(key("wordt_berekend")) == "7"
    lines = found.lines()
    assert lines[0] == (
        "Van versie 1 naar 2: 2 antwoorden blijven waar ze zijn, 3 krijgen een andere plaats of "
        "waarde, 4 worden apart bewaard."
    )
    assert "verplaatst: /data/oud → /data/nieuw" in lines
    assert "apart bewaard: /data/getal (het antwoord past niet bij de nieuwe vraag)" in lines
    assert not any("vier" in line for line in lines)


def test_values_are_taken_as_the_new_form_writes_them() -> None:
    session = filled(form("1", Q("getal")), getal="٣")
    found = moved(session, form("2", Q("getal", "int")))
    assert [(m.before, m.after) for m in found.moved] == [("٣", "3")]


def test_what_is_newly_required_violated_and_hidden() -> None:
    old = form("1", Q("a"), Q("b", "int"), Q("c"), Q("d", bind='required="true()"'), Q("e"))
    new = form(
        "2",
        Q("a", bind='required="true()"'),
        Q("b", "int", bind='constraint=". &lt; 5"'),
        Q("c", bind="relevant=\"/data/a = 'ja'\""),
        Q("d", bind='required="true()"'),
        Q("e", bind='required="true()"'),
    )
    found = moved(filled(old, b="9", c="x", e="#weet_niet"), new)
    assert found.newly_required == (key("a"),)
    assert found.now_violating == (key("b"),)
    assert found.hidden == (key("c"),)
    assert len(found.kept) == 3


def test_repeats_move_with_their_instances_and_lost_ones_are_named() -> None:
    old = form("1", Q("r*/a"), Q("r*/s*/b"), Q("t*/c"), Q("los"))
    new = form("2", Q("q*/a"), Q("q*/s*/b"), Q("q*/los"))
    session = session_of(old)
    first = session.repeats("/data/r")[0]
    second, _ = session.add_repeat("/data/r")
    inner, _ = session.add_repeat("/data/r/s", second)
    (gone,) = session.repeats("/data/t")
    session.answer(key("r/a", first), "1")
    session.answer(key("r/s/b", inner), "2")
    session.answer(key("t/c", gone), "3")
    session.answer(key("los"), "4")
    found = moved(session, new, row(2, "r", "q"), row(3, "t", ""), row(4, "los", "q/los"))
    assert {(m.source, m.target) for m in found.moved} == {
        (key("r/a", first), key("q/a", first)),
        (key("r/s/b", inner), key("q/s/b", inner)),
    }
    assert reasons(found) == {"t/c": OrphanReason.GONE, "los": OrphanReason.OTHER_REPEAT}
    assert [lost.id for lost in found.lost_instances] == [gone]
    again = session_of(new, snapshot=found.snapshot)
    assert again.repeats("/data/q") == (first, second)
    assert again.value(key("q/s/b", inner)) == "2"


def test_two_answers_on_one_place() -> None:
    session = filled(form("1", Q("a"), Q("b")), a="1", b="2")
    found = moved(session, form("2", Q("a")), row(2, "b", "a"))
    assert [k.path for k in found.kept] == ["/data/a"]
    assert reasons(found) == {"b": OrphanReason.TAKEN}


def test_an_answer_that_goes_hides_what_hung_on_it() -> None:
    old = form("1", Q("a", choices="p q"), Q("b", choices="p q"))
    new = form("2", Q("a", choices="q"), Q("b", choices="q", bind="relevant=\"/data/a = 'p'\""))
    found = moved(filled(old, a="p", b="q"), new)
    assert reasons(found) == {"a": OrphanReason.NOT_A_CHOICE}
    assert found.hidden == (key("b"),)


def test_a_long_way_over_versions_in_between() -> None:
    rows = (
        Migration(2, "1", "2", "/data/a", "/data/b", {"x": "y"}),
        Migration(3, "3", "10", "/data/b", "/data/c", {"y": "z"}),
        Migration(4, "10", "11", "/data/c", "/data/te_ver", {}),
    )
    assert Route(rows, "1", "10").follow("/data/a", "x") == ("/data/c", "z")
    assert Route(rows, "2", "10").follow("/data/a", "x") == ("/data/a", "x")
    assert Route(rows, "2", "10").follow("/data/b", "y") == ("/data/c", "z")
    assert version_key("2") < version_key("10") < version_key("2024091201")
    assert version_key("1.9") < version_key("1.10")


@pytest.mark.parametrize(
    "make",
    [
        lambda: form("2", Q("a"), form_id="anders"),
        lambda: form("0", Q("a")),
    ],
)
def test_it_refuses_another_form_and_an_earlier_version(make: Callable[[], FormDefinition]) -> None:
    with pytest.raises(MoveRefused):
        moved(filled(form("1", Q("a")), a="1"), make())


def test_a_filling_of_something_else_is_refused() -> None:
    session = filled(form("1", Q("a")), a="1")
    other = filled(form("1", Q("a"), Q("b")), b="1").snapshot()
    with pytest.raises(MoveRefused):
        moved(session, form("2", Q("a")), snapshot=other)


# -- any form to any form ------------------------------------------------------------------------

NAMES = ("a", "b", "c", "d")
KINDS = st.sampled_from(
    [
        Q("", "string"),
        Q("", "int"),
        Q("", "date"),
        Q("", "string", choices="1 2 ja"),
        Q("", "odk:multi", choices="1 ja nee"),
        Q("", "string", bind='calculate="1 + 1"'),
        Q("", "string", bind='required="true()"'),
        Q("", "int", bind='constraint=". &gt; 2"'),
        Q("", "string", bind='readonly="true()"'),
        Q("", "string", bind="relevant=\"/data/start = '1'\""),
    ]
)
PLACES = st.sampled_from(["{}", "g/{}", "r*/{}", "r*/s*/{}", "t*/{}"])
VALUES = st.sampled_from(["1", "2", "ja", "1 ja", "2020-01-01", "#weet_niet", "lang antwoord", "٣"])


@st.composite
def forms(draw: st.DrawFn, version: str) -> FormDefinition:
    questions = [Q("start")]
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1)):
        kind = draw(KINDS)
        questions.append(Q(draw(PLACES).format(name), kind.type, kind.bind, kind.choices))
    return form(version, *questions)


@st.composite
def fillings(draw: st.DrawFn) -> FormSession:
    session = session_of(draw(forms("1")))
    for _ in range(draw(st.integers(0, 3))):
        for repeat in ("/data/r", "/data/t"):
            try:
                new, _ = session.add_repeat(repeat)
                session.add_repeat("/data/r/s", new)
            except AnswerRefused:
                continue
    for answer in [n.key for n in session._tree.top.inside() if not n.definition.children]:
        value = draw(st.one_of(st.just(""), VALUES))
        try:
            if value.startswith("#"):
                session.set_state(answer, AnswerState(value[1:]))
            else:
                session.answer(answer, value)
        except AnswerRefused:
            continue
    return session


ROWS = st.lists(
    st.builds(
        row,
        st.just(2),
        st.sampled_from([*NAMES, "g", "r", "t", "r/s", "r/a", "g/a", "r/s/b"]),
        st.sampled_from([*NAMES, "", "g", "r", "t", "r/s", "r/b", "g/c"]),
    ),
    max_size=3,
    unique_by=lambda r: r.from_path,
)


@given(session=fillings(), new=forms("2"), rows=ROWS)
@settings(max_examples=150, deadline=None)
def test_nothing_is_ever_lost(
    session: FormSession, new: FormDefinition, rows: list[Migration]
) -> None:
    start = session.snapshot()
    found = moved(session, new, *rows)
    calculated = {p for p, q in session.form.questions.items() if not q.kind.askable}
    told = [
        *found.kept,
        *(m.source for m in found.moved),
        *(o.answer.key for o in found.orphaned if o.answer.key.path not in calculated),
    ]
    given_answers = {
        a.key: a
        for a in start.answers
        if (a.value or a.state is not AnswerState.NONE) and a.key.path not in calculated
    }
    assert sorted(told) == sorted(given_answers)
    assert len(set(told)) == len(told)
    for orphan in found.orphaned:
        assert orphan.answer in start.answers
    again = session_of(new, snapshot=found.snapshot, first=50_000)
    for kept in found.kept:
        assert again.value(kept) == given_answers[kept].value
        assert again.state(kept) is given_answers[kept].state
    for one in found.moved:
        assert again.value(one.target) == one.after
        assert given_answers[one.source].value == one.before
    kept_instances = {r.id for r in found.snapshot.repeats} & {r.id for r in start.repeats}
    lost = {r.id for r in found.lost_instances}
    assert kept_instances | lost == {r.id for r in start.repeats}
    assert not kept_instances & lost
    new_problems = {p.key for p in again.problems()}
    assert set(found.newly_required) | set(found.now_violating) <= new_problems
    assert session.snapshot() == start
    assert moved(session, new, *rows) == found


@given(session=fillings())
@settings(max_examples=60, deadline=None)
def test_moving_to_the_same_form_changes_nothing(session: FormSession) -> None:
    found = moved(session, session.form)
    assert found.snapshot == session.snapshot()
    assert found.moved == found.orphaned == found.lost_instances == ()
    assert found.hidden == found.newly_required == found.now_violating == ()


@given(session=fillings())
@settings(max_examples=40, deadline=None)
def test_there_and_back_again_over_renames(session: FormSession) -> None:
    xml = session.form.xml.decode()
    for old, new in (("/a", "/aa"), ("<a>", "<aa>"), ("</a>", "</aa>"), ("<a/>", "<aa/>")):
        xml = xml.replace(f'{old}"', f'{new}"') if old == "/a" else xml.replace(old, new)
    there = parse_form(xml.replace('version="1"', 'version="2"').encode())
    back = parse_form(session.form.xml.replace(b'version="1"', b'version="3"'))
    paths = [p for p in session.form.questions if p.endswith("/a")]
    rows = [Migration(2, "1", "2", p, f"{p}a", {}) for p in paths]
    rows += [Migration(3, "2", "3", f"{p}a", p, {}) for p in paths]
    first = moved(session, there, *rows)
    assert first.orphaned == ()
    middle = session_of(there, snapshot=first.snapshot, first=20_000)
    second = moved(middle, back, *rows)
    assert second.orphaned == ()
    assert second.snapshot.answers == session.snapshot().answers
    assert second.snapshot.repeats == session.snapshot().repeats
