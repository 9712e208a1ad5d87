"""The intake, the NOA and the plan, through the windows."""

from __future__ import annotations

from datetime import date

from intake_app.tour.hands import NotThere
from intake_app.tour.side import Side
from intake_app.ui.interview.page import InterviewPage
from intake_app.xforms import NodeKey, QuestionKind

_MOST_PAGES = 250
_SAID = {
    "droom": "Ik wil weer met bloemen werken.",
    "doel_een_jaar": "Nederlands spreken met klanten in een winkel.",
    "doel_drie_jaar": "Een eigen kraam op de markt.",
}
_CHOSEN = {
    "tolk_nodig": "ja",
    "moedertaal": "ara",
    "uitleg_begrepen": "ja",
    "school_gevolgd": "ja",
    "nederlands_spreken": "A1_min",
    "digid": "nee",
}
_PICTURED = {
    "tolk_nodig": "intake-tolk",
    "droom": "intake-droom",
    "belemmering": "intake-meer-antwoorden",
    "school_kort": "intake-feiten",
    "nederlands_spreken": "intake-taal",
    "gezondheid_ervaren": "intake-gezondheid",
}


def intake(side: Side) -> None:
    """Hold the intake in Dutch and Arabic, with the client screen, and make it vastgesteld."""
    hands = side.hands
    hands.click("person-next")
    hands.find("interview-start")
    hands.type("interpreter-who", "tolkentelefoon")
    hands.click("information-read")
    side.picture("gesprek-beginnen")
    hands.click("start-begin")
    hands.find("interview-page")
    hands.click("client-screen-toggle")
    hands.find("client-window").resize(1024, 700)
    _answer_all(side, {}, client_pictures=True)
    side.picture("intake-terugkijken")
    hands.click("interview-finish", then="confirm-yes")
    hands.find("person-page")
    side.picture("persoon-na-intake")


def assessment(side: Side, day: date) -> None:
    """Record that the NOA took place."""
    hands = side.hands
    hands.click("person-noa")
    hands.find("interview-start")
    hands.click("information-read")
    hands.click("start-begin")
    hands.find("interview-page")
    side.picture("noa")
    _answer_all(side, {"in_aanmerking": "ja", "afname_datum": day.isoformat()})
    hands.click("interview-finish", then="confirm-yes")
    hands.find("person-page")


def plan(side: Side) -> None:
    """Make the plan: path, a goal with an action, what the client thinks, and establish it."""
    hands = side.hands
    hands.click("person-next")
    hands.find("plan-page")
    hands.click("plan-path-leer_werk")
    hands.click("plan-add-goal")
    hands.click("goal-template-1")
    hands.find("goal-1")
    hands.type("plan-client-view", "Dit past bij wat ik wil. Ik begin graag met de taal.")
    hands.click("plan-discussed-today")
    side.picture("plan")
    hands.click("plan-establish")
    hands.find("plan-to-handover")
    side.picture("plan-vastgesteld")


def _answer_all(side: Side, answers: dict[str, str], *, client_pictures: bool = False) -> None:
    """Answer page after page until the program looks back over all of them."""
    hands = side.hands
    for _ in range(_MOST_PAGES):
        if hands.seen("interview-finish") is not None:
            return
        page = hands.find_as(InterviewPage, "interview-page")
        shown = page.bridge.page
        keys = shown.keys if shown is not None else ()
        for key in keys:
            if page.bridge.flow.session.view(key).relevant:
                _answer(side, page, key, {**_SAID, **_CHOSEN, **answers})
        first = page.bridge.flow.view(keys[0]).definition.name if keys else ""
        if client_pictures and (title := _PICTURED.get(first)):
            side.picture(title)
            side.picture(f"{title}-scherm-client", hands.find("client-window"))
        hands.click("interview-next")
    raise NotThere("the interview has no end")


def _answer(side: Side, page: InterviewPage, key: NodeKey, answers: dict[str, str]) -> None:
    view = page.bridge.flow.view(key)
    name, kind = view.definition.name, view.definition.kind
    block = f"question-{name}"
    hands = side.hands
    if not kind.askable or view.readonly:
        return
    given = answers.get(name)
    if kind in {QuestionKind.SELECT_ONE, QuestionKind.SELECT_MULTIPLE} and view.choices:
        values = [choice.value for choice in view.choices]
        value = given if given in values else values[sum(name.encode()) % len(values)]
        if hands.seen(f"choice-{value}", inside=block) is None:
            label = next(c.label.text for c in view.choices if c.value == value)
            hands.search("choice-search", label, inside=block)
        hands.click(f"choice-{value}", inside=block)
    elif kind is QuestionKind.TEXT and given:
        hands.type("answer-text", given, inside=block)
    elif kind is QuestionKind.DATE and given:
        hands.date("answer-date", given)
    elif view.required or len(page.bridge.page.keys if page.bridge.page else ()) == 1:
        _not_asked(side, block)
    if page.bridge.flow.session.view(key).problem is not None:
        _not_asked(side, block)


def _not_asked(side: Side, block: str) -> None:
    hands = side.hands
    inside = block if hands.seen("state-niet_gevraagd", inside=block) is not None else ""
    hands.click("state-niet_gevraagd", inside=inside)
