"""Pages and sections: one question a page, groups and repeats as the body has them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from intake_app.xforms import AnswerState, FormSession, NodeKey, TextRef

Open = Callable[..., FormSession]
Key = Callable[..., NodeKey]


@pytest.fixture
def session(open_form: Open) -> FormSession:
    return open_form(
        "<een><a/><noot/><calc/></een><twee><samen><b/><c/></samen></twee>"
        "<drie><rij jr:template=''><x/><y/></rij></drie>",
        model='<bind nodeset="/data/een/noot" readonly="true()"/>'
        '<bind nodeset="/data/een/calc" calculate="1"/>'
        '<bind nodeset="/data/twee" relevant="/data/een/a != \'nee\'"/>'
        '<bind nodeset="/data/twee/samen/c" relevant="../b != \'\'"/>',
        body="""<group ref="/data/een"><label>Een</label>
          <input ref="/data/een/a"><label>A</label></input>
          <input ref="/data/een/noot"><label>Let op</label></input></group>
        <group ref="/data/twee"><label>Twee</label>
          <group ref="/data/twee/samen" appearance="field-list"><label>Samen</label>
            <input ref="/data/twee/samen/b"/><input ref="/data/twee/samen/c"/></group></group>
        <group ref="/data/drie"><label>Drie</label><group ref="/data/drie/rij"><label>Rij</label>
          <repeat nodeset="/data/drie/rij"><input ref="/data/drie/rij/x"/>
          <input ref="/data/drie/rij/y"/></repeat></group></group>""",
    )


def names(session: FormSession) -> list[str]:
    return [p.key.path.removeprefix("/data/") for p in session.pages()]


def test_the_order_of_pages(session: FormSession, key: Key) -> None:
    assert names(session) == ["een/a", "een/noot", "twee/samen", "drie/rij"]
    group = session.pages()[2]
    assert group.kind == "group"
    assert group.keys == (key("twee/samen/b"),)
    assert group.title_ref == TextRef("label", "samen")
    assert group.section == "/data/twee"
    session.answer(key("twee/samen/b"), "x")
    assert session.pages()[2].keys == (key("twee/samen/b"), key("twee/samen/c"))


def test_a_repeat_has_a_page_and_then_its_rows(session: FormSession, key: Key) -> None:
    row, _ = session.add_repeat("/data/drie/rij")
    assert names(session)[3:] == ["drie/rij", "drie/rij/x", "drie/rij/y"]
    page = session.pages()[3]
    assert (page.kind, page.key, page.keys) == ("repeat", key("drie/rij"), ())
    assert session.pages()[4].keys == (key("drie/rij/x", row),)


def test_there_is_a_way_on_from_a_page_that_is_gone(session: FormSession, key: Key) -> None:
    group = session.pages()[2].key
    session.answer(key("een/a"), "nee")
    assert names(session) == ["een/a", "een/noot", "drie/rij"]
    after, before = session.next_page(group), session.previous_page(group)
    assert after is not None
    assert before is not None
    assert (after.key, before.key) == (key("drie/rij"), key("een/noot"))
    assert session.next_page(key("drie/rij")) is None
    assert session.previous_page(key("een/a")) is None


def test_the_page_of_a_question_inside_a_group_is_found(session: FormSession, key: Key) -> None:
    after = session.next_page(key("twee/samen/b"))
    assert after is not None
    assert after.key == key("drie/rij")


def test_sections_count_what_can_be_asked(session: FormSession, key: Key) -> None:
    def progress() -> list[tuple[str, bool, int, int]]:
        return [(s.name, s.relevant, s.answered, s.total) for s in session.sections()]

    assert progress() == [("een", True, 0, 1), ("twee", True, 0, 1), ("drie", True, 0, 0)]
    session.set_state(key("twee/samen/b"), AnswerState.UNKNOWN)
    session.add_repeat("/data/drie/rij")
    assert progress() == [("een", True, 0, 1), ("twee", True, 1, 1), ("drie", True, 0, 2)]
    session.answer(key("een/a"), "nee")
    assert progress()[:2] == [("een", True, 1, 1), ("twee", False, 0, 0)]
    assert session.sections()[2].pages == tuple(
        p.key for p in session.pages() if p.section == "/data/drie"
    )
    assert session.title("/data/drie").text == "Drie"
    assert session.title("/data/drie/rij").text == "Rij"


@pytest.fixture
def branching(open_form: Open) -> FormSession:
    """Open a form in which answers bring other pages."""
    return open_form(
        "<a/><b/><c/><d/><g><e/><f/><h/></g><som/><z/><rij jr:template=''><x/></rij>",
        model='<bind nodeset="/data/b" relevant="/data/a = \'ja\'"/>'
        '<bind nodeset="/data/som" calculate="concat(/data/a, \'x\')"/>'
        '<bind nodeset="/data/c" relevant="/data/som = \'neex\'"/>'
        '<bind nodeset="/data/d" relevant="/data/z = \'ja\'"/>'
        '<bind nodeset="/data/g" relevant="/data/b = \'ja\'"/>'
        '<bind nodeset="/data/g/f" relevant="/data/z = \'ja\'"/>',
        body="""<input ref="/data/a"/><input ref="/data/b"/><input ref="/data/c"/>
          <input ref="/data/d"/><group ref="/data/g" appearance="field-list">
          <input ref="/data/g/e"/><input ref="/data/g/f"/><input ref="/data/g/h"/></group>
          <input ref="/data/z"/><group ref="/data/rij">
          <repeat nodeset="/data/rij"><input ref="/data/rij/x"/></repeat></group>""",
    )


def coming(session: FormSession, key: NodeKey) -> list[str]:
    return [p.key.path.removeprefix("/data/") for p in session.coming_pages(key)]


def test_what_may_come_next_is_what_an_answer_here_can_bring(
    branching: FormSession, key: Key
) -> None:
    # d waits for another question; g follows from b, which an answer to a opens
    assert coming(branching, key("a")) == ["b", "c", "g", "z"]
    assert coming(branching, key("z")) == ["rij"]


def test_the_page_that_comes_next_was_among_those_that_might(
    branching: FormSession, key: Key
) -> None:
    for value in ("ja", "nee", ""):
        might = coming(branching, key("a"))
        branching.answer(key("a"), value)
        after = branching.next_page(key("a"))
        assert after is not None
        assert after.key.path.removeprefix("/data/") in might


def test_a_group_that_may_come_has_the_questions_it_will_have(
    branching: FormSession, key: Key
) -> None:
    branching.answer(key("a"), "ja")
    page = next(p for p in branching.coming_pages(key("b")) if p.key == key("g"))
    assert page.keys == (key("g/e"), key("g/h"))
    branching.answer(key("b"), "ja")
    assert branching.page(key("g")) == page


def test_nothing_comes_after_a_page_that_is_not_there(branching: FormSession, key: Key) -> None:
    assert coming(branching, key("b")) == []
