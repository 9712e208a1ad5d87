"""Forms that mean harm are refused or bounded, in time and in memory."""

from __future__ import annotations

import contextlib
import itertools
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from intake_app.xforms import FormDefinition, FormError, FormSession, NodeKey, parse_form
from intake_app.xforms.xpath import scope

Build = Callable[..., FormDefinition]
Open = Callable[..., FormSession]

SECONDS = 10.0
MEGABYTES = 200
_ASK = '<input ref="/data/a"><label>a</label></input>'


@pytest.fixture(autouse=True)
def _bounded() -> Iterator[None]:
    """Every test here stays within the limits; a hostile form would take minutes or gigabytes."""
    tracemalloc.start()
    before = time.process_time()
    try:
        yield
        spent = time.process_time() - before
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert spent < SECONDS
    assert peak < MEGABYTES * 1_000_000


def _with_dtd(declarations: str, inside: str) -> bytes:
    return f"""<?xml version="1.0"?><!DOCTYPE h [{declarations}]>
    <h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
    <h:head><model><instance><data id="x"><a/></data></instance></model></h:head>
    <h:body><input ref="/data/a"><label>{inside}</label></input></h:body></h:html>""".encode()


@pytest.mark.parametrize(
    "form",
    [
        _with_dtd(
            '<!ENTITY a "ha">'
            + "".join(
                f'<!ENTITY {b} "{f"&{a};" * 10}">'
                for a, b in zip("abcdefgh", "bcdefghi", strict=True)
            ),
            "&i;",
        ),
        _with_dtd(f'<!ENTITY a "{"x" * 50_000}">', "&a;" * 10_000),
        _with_dtd('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"),
        _with_dtd('<!ENTITY % a SYSTEM "http://example.invalid/x.dtd"> %a;', "x"),
        _with_dtd("", "x"),
    ],
    ids=["laughs", "quadratic", "file", "network", "empty"],
)
def test_a_document_type_is_refused(form: bytes) -> None:
    with pytest.raises(FormError, match="DTD"):
        parse_form(form)


@pytest.mark.parametrize("name", ["a", "itext"])
def test_deep_elements_are_refused(name: str) -> None:
    deep = f"<{name}>" * 100_000 + f"</{name}>" * 100_000
    form = f"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
    <h:head><model><instance><data id="x">{deep}</data></instance></model></h:head></h:html>"""
    with pytest.raises(FormError, match="nested deeper"):
        parse_form(form.encode())


@pytest.mark.parametrize(
    "expression",
    ["(" * 5_000 + "1" + ")" * 5_000, "not(" * 3_000 + "1" + ")" * 3_000, "-" * 40_000 + "1"],
    ids=["brackets", "calls", "minus"],
)
def test_deep_expressions_are_refused_or_flat(expression: str, build: Build) -> None:
    with contextlib.suppress(FormError):
        build("<a/><b/>", model=f'<bind nodeset="/data/b" calculate="{expression}"/>', body=_ASK)


def test_a_long_chain_does_not_nest(open_form: Open) -> None:
    chain = " + ".join(["1"] * 10_000)
    session = open_form("<a/><b/>", model=f'<bind nodeset="/data/b" calculate="{chain}"/>')
    assert session.value(NodeKey("/data/b")) == "10000"


def test_an_expression_of_a_megabyte_is_refused(build: Build) -> None:
    with pytest.raises(FormError, match="bind /data/b"):
        build("<a/><b/>", model=f'<bind nodeset="/data/b" calculate="{"1+" * 500_000}1"/>')


def test_a_label_of_ten_megabytes_is_only_text(open_form: Open) -> None:
    text = "lang " * 2_000_000
    session = open_form("<a/>", body=f'<input ref="/data/a"><label>{text}</label></input>')
    assert len(session.view(NodeKey("/data/a")).label.text) == len(text) - 1


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(FormError, match="larger than"):
        parse_form(b" " * (64 * 1024 * 1024 + 1))


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (
            """<bind nodeset="/data/a" calculate="/data/b + 1"/>
            <bind nodeset="/data/b" calculate="/data/a"/>""",
            "ab",
        ),
        ('<bind nodeset="/data/a" calculate=". + 1"/>', "a"),
        ('<bind nodeset="/data/a" relevant=". != \'x\'"/>', "a"),
        (
            """<bind nodeset="/data/a" calculate="/data/b"/>
            <bind nodeset="/data/b" relevant="/data/a = 1"/>""",
            "ab",
        ),
        (
            "".join(
                f'<bind nodeset="/data/{x}" calculate="/data/{y} + 1"/>'
                for x, y in zip("abcdef", "bcdefa", strict=True)
            ),
            "abcdef",
        ),
        ('<bind nodeset="/data/g" relevant="/data/g/h = 1"/>', "g"),
    ],
    ids=["two", "itself", "own relevance", "value and relevance", "six", "its group"],
)
def test_a_circle_is_refused_and_names_its_nodes(model: str, names: str, build: Build) -> None:
    with pytest.raises(FormError) as refused:
        build("<a/><b/><c/><d/><e/><f/><g><h/></g>", model=model)
    for name in names:
        assert f"/data/{name}" in str(refused.value)


def test_relevance_on_each_other_is_taken_and_settles(open_form: Open) -> None:
    # JavaRosa takes these; what it comes to depends on nothing but the answers.
    session = open_form(
        "<a/><b/>",
        model="""<bind nodeset="/data/a" relevant="/data/b = ''"/>
        <bind nodeset="/data/b" relevant="/data/a = ''"/>""",
        body=_ASK + '<input ref="/data/b"><label>b</label></input>',
    )
    session.answer(NodeKey("/data/a"), "x")
    assert not session.view(NodeKey("/data/b")).relevant
    session.answer(NodeKey("/data/a"), "")
    assert session.view(NodeKey("/data/b")).relevant


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "(a|a)*b", "(.*a){25}", "^(([a-z])+.)+[A-Z]([a-z])+$"]
)
def test_a_pattern_that_could_run_for_ever_takes_linear_time(pattern: str, open_form: Open) -> None:
    session = open_form(
        "<a/>",
        model=f"""<bind nodeset="/data/a" constraint="regex(., '{pattern}')"/>""",
        body=_ASK,
    )
    before = time.process_time()
    for size in (30, 300, 3_000, 9_000):
        session.answer(NodeKey("/data/a"), "a" * size + "!")
        assert [p.kind for p in session.problems()] == ["constraint"]
    assert time.process_time() - before < 5


@pytest.mark.parametrize("pattern", [r"(a+)+\1", "(?=(a+)+b)a*", "((a{1,60}){1,60}){1,60}"])
def test_a_pattern_that_may_run_for_ever_is_refused(pattern: str, build: Build) -> None:
    with pytest.raises(FormError, match="bind /data/a, constraint: a regular expression"):
        build("<a/>", model=f"""<bind nodeset="/data/a" constraint="regex(., '{pattern}')"/>""")


def test_a_pattern_from_an_answer_does_not_run_for_ever(open_form: Open) -> None:
    session = open_form(
        "<a/><b/>",
        model="""<bind nodeset="/data/b" constraint="regex(., /data/a)"/>""",
        body=_ASK + '<input ref="/data/b"><label>b</label></input>',
    )
    session.answer(NodeKey("/data/a"), "(a+)+b")
    session.answer(NodeKey("/data/b"), "a" * 5_000)


@pytest.mark.parametrize(
    "uri",
    [
        "jr://file/../../etc/passwd",
        "jr://file/%2e%2e/%2e%2e/etc/passwd",
        "jr://file/..\\..\\geheim.xml",
        "file:///etc/passwd",
        "http://example.invalid/x.xml",
        "/etc/passwd",
        "../x.xml",
        "jr://file//etc/passwd",
    ],
)
def test_a_file_outside_the_form_is_not_even_asked_for(uri: str, build: Build) -> None:
    asked: list[str] = []

    def resolver(name: str) -> bytes:
        asked.append(name)
        return b"<root/>"

    with pytest.raises(FormError, match="instance 'x'"):
        build("<a/>", model=f'<instance id="x" src="{uri}"/>', resolver=resolver)
    assert asked == []


def test_texts_that_double_stay_bounded(open_form: Open) -> None:
    names = [f"n{i}" for i in range(64)]
    binds = "".join(
        f'<bind nodeset="/data/{b}" calculate="concat(/data/{a}, /data/{a})"/>'
        for a, b in itertools.pairwise(names)
    )
    session = open_form(
        "".join(f"<{n}/>" for n in names), model=binds, body=_ASK.replace("/a", "/n0")
    )
    session.answer(NodeKey("/data/n0"), "x" * 10_000)
    assert session.value(NodeKey("/data/n1")) == "x" * 20_000
    assert session.value(NodeKey("/data/n63")) == ""


def test_an_expression_that_visits_everything_for_everything_is_stopped(
    build: Build, fill: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scope, "MAX_WORK", scope.MAX_WORK // 10)  # as it is: 3 seconds
    names = "".join(f"<n{i}/>" for i in range(1_500))
    form = build(
        f"<a/>{names}",
        model="""<bind nodeset="/data/a"
            calculate="count(//*[count(//*[count(//*) &gt; 1]) &gt; 1])"/>""",
    )
    with pytest.raises(FormError, match="/data/a"):
        fill(form)


@pytest.mark.parametrize("count", ["1000000000", "1 div 0", "-5", "'veel'"])
def test_a_count_of_a_repeat_is_bounded(count: str, open_form: Open) -> None:
    session = open_form(
        "<rep><x/></rep>",
        body=f"""<repeat nodeset="/data/rep" jr:count="{count}">
        <input ref="/data/rep/x"><label>x</label></input></repeat>""",
        model='<bind nodeset="/data/rep/x" calculate="position(..)"/>',
    )
    assert len(session.repeats("/data/rep")) <= 2_000


def test_a_setvalue_that_sets_itself_off_ends(open_form: Open) -> None:
    session = open_form(
        "<a/><b/>",
        body="""<input ref="/data/a"><label>a</label>
        <setvalue event="xforms-value-changed" ref="/data/b" value=". + 1"/></input>
        <input ref="/data/b"><label>b</label>
        <setvalue event="xforms-value-changed" ref="/data/a" value=". + 1"/></input>""",
        model='<bind nodeset="/data/a" type="int"/><bind nodeset="/data/b" type="int"/>',
    )
    session.answer(NodeKey("/data/a"), "1")
