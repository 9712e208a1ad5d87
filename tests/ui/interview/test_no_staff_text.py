"""No text for the staff is ever in the client's window: not drawn, not heard, not in a title.

What the window holds is read in three ways that know nothing of how it was made: the text of every
widget in it, the accessible tree, and the strings that painting it draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication, QLabel
from support.interviews import STAFF_MARK, MarkedTexts, OneForm, add_person
from support.made_forms import KINDS, Ask, made_form
from support.seen import paints, said
from support.vaults import actor_of, prepared_vault

from intake_app import paths
from intake_app.documents.client_page import Speaker
from intake_app.domain.interview import AnswerSource, AnswerState, Interpretation
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.library import Library
from intake_app.formio.texts import CatalogueTexts
from intake_app.i18n.catalogues import Catalogues, UiTexts
from intake_app.ui.clientscreen.window import ClientWindow
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.theme import Theme
from intake_app.vault import Vault
from intake_app.xforms import NodeKey, Page, QuestionView

WORD = "GEHEIM"
"""What of the mark survives a line break."""
assert WORD in STAFF_MARK


def leaks(window: ClientWindow) -> list[str]:
    """Return what the window holds of the staff, however it holds it."""
    found = [text for text in (*said(window), *window.texts_shown()) if WORD in text]
    return [*found, "drawn"] if paints(window, WORD) else found


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path_factory.mktemp("geen-staf") / "kluis")
    yield opened
    opened.close()


def started(vault: Vault, asked: list[Ask], *, together: bool) -> InterviewFlow:
    return InterviewFlow.start(
        vault,
        OneForm(made_form(asked, together=together)),
        MarkedTexts(),
        add_person(vault).person_id,
        "gemaakt",
        "ar",
        Interpretation(interpreter=f"{STAFF_MARK} tolk 7"),
        actor_of(vault),
    )


# ---- what a colleague and a client can do -------------------------------------------------------

asks = st.builds(
    Ask,
    name=st.just("v"),
    kind=st.sampled_from(KINDS),
    staff=st.booleans(),
    choices=st.integers(1, 30),
    required=st.booleans(),
)
STEPS = (
    "go",
    "touch",
    "answer",
    "wrong",
    "state",
    "note",
    "later",
    "source",
    "pause",
    "point",
    "review",
    "skip",
    "undo",
    "finish",
    "tap",
    "turn",
    "hold",
    "resize",
    "language",
)
steps = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 999)), min_size=4, max_size=14)

_VALUES = {
    "one": "k1",
    "many": "k1",
    "likert": "k1",
    "rank": "k1",
    "scale": "4",
    "slider": "40",
    "yes": "OK",
    "int": "31",
    "decimal": "1.5",
    "date": "2020-01-02",
    "time": "10:00:00.000",
    "text": f"{STAFF_MARK} door de collega getypt",
}


def do(bridge: InterviewBridge, window: ClientWindow, asked: list[Ask], step: str, n: int) -> None:
    """Do one thing in the talk."""
    flow = bridge.flow
    keys = [
        NodeKey(path) for path, each in flow.form.questions.items() if each.name != "instanceID"
    ]
    key = keys[n % len(keys)]
    kind = next((ask.kind for ask in asked if key.path.endswith(f"/{ask.name}")), "note")
    askable = flow.form.questions[key.path].kind.askable and kind != "file"
    match step:
        case "go":
            bridge.go_to(key)
        case "touch" if bridge.page is not None and bridge.page.keys:
            bridge.touch(bridge.page.keys[n % len(bridge.page.keys)])
        case "answer" if askable:
            bridge.answer(key, _VALUES.get(kind, ""))
        case "wrong" if askable:
            # over the limit, or of the wrong type: the sentence about it is for the staff
            bridge.answer(key, "95")
        case "state" if askable:
            bridge.set_state(key, [AnswerState.UNKNOWN, AnswerState.REFUSED][n % 2])
        case "note":
            bridge.note(key, f"{STAFF_MARK} notitie", in_handover=bool(n % 2))
        case "later":
            bridge.later(key, flag=bool(n % 2))
        case "source" if askable:
            bridge.source(key, AnswerSource.COA)
        case "pause":
            bridge.pause(on=not bridge.is_paused)
        case "point":
            bridge.show_pointing(None if n % 3 == 0 else n % 3)
            bridge.point(n % 12)
        case "review":
            bridge.review()
        case "skip":
            bridge.skip()
        case "undo":
            bridge.undo()
        case "finish" if n % 5 == 0:
            bridge.finish()
        case "tap" if window.tiles:
            window.tiles[n % len(window.tiles)].click()
        case "turn":
            turn = getattr(window.input, "turn", None)
            if callable(turn):
                turn(1 if n % 2 else -1)
        case "hold":
            window.hold(on=bool(n % 2))
        case "resize":
            window.resize(*((1366, 768), (683, 384), (640, 900), (1920, 1080))[n % 4])
        case "language":
            bridge.change_language(("ar", "ti", "nl")[n % 3])
            bridge.moved.emit()
        case _:
            pass


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(asked=st.lists(asks, min_size=1, max_size=6), together=st.booleans(), done=steps)
def test_whatever_is_asked_and_done_nothing_of_the_staff_is_in_the_window(
    shared: Vault, theme: Theme, asked: list[Ask], together: bool, done: list[tuple[str, int]]
) -> None:
    named = [replace(ask, name=f"v{n}") for n, ask in enumerate(asked)]
    bridge = InterviewBridge(started(shared, named, together=together))
    window = ClientWindow(theme, bridge, UiTexts("ar", None))
    try:
        window.resize(1366, 768)
        window.show()
        assert leaks(window) == []
        for step, n in done:
            do(bridge, window, named, step, n)
            QApplication.processEvents()
            assert leaks(window) == [], (step, n)
    finally:
        window.close()
        window.deleteLater()
        bridge.deleteLater()


# ---- it can fail --------------------------------------------------------------------------------


class GuidanceInHint(InterviewBridge):
    def client_view(self, key: NodeKey) -> QuestionView:
        view = self.flow.view(key, self.language)
        return replace(view, hint=view.guidance)


class EveryQuestion(InterviewBridge):
    def client_key(self) -> NodeKey | None:
        return self.focus


def _in_a_tip(window: ClientWindow) -> None:
    window.pause_button.setToolTip(f"{STAFF_MARK} tip")


def _in_a_name(window: ClientWindow) -> None:
    window.setAccessibleDescription(f"{STAFF_MARK} waarom")


def _in_the_title(window: ClientWindow) -> None:
    window.setWindowTitle(f"{STAFF_MARK} naam")


def _in_a_hidden_label(window: ClientWindow) -> None:
    QLabel(f"{STAFF_MARK} weg", window).hide()


def _drawn_only(window: ClientWindow) -> None:
    from intake_app.ui.interview.painting import Laid

    tile = window.tiles[0]
    theme = window._theme
    tile._label = Laid(theme, f"{STAFF_MARK} getekend", "nl")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "leak",
    [
        GuidanceInHint,
        EveryQuestion,
        _in_a_tip,
        _in_a_name,
        _in_the_title,
        _in_a_hidden_label,
        _drawn_only,
    ],
    ids=lambda leak: leak.__name__,
)
def test_a_leak_made_on_purpose_is_seen(
    shared: Vault, theme: Theme, leak: type[InterviewBridge] | Callable[[ClientWindow], None]
) -> None:
    asked = [Ask("open", "one"), Ask("dicht", "one", staff=True)]
    flow = started(shared, asked, together=False)
    sound = not isinstance(leak, type)
    bridge = InterviewBridge(flow) if not isinstance(leak, type) else leak(flow)
    window = ClientWindow(theme, bridge, UiTexts("ar", None))
    window.resize(1366, 768)
    window.show()
    try:
        if sound:
            bridge.go_to(NodeKey("/data/gesprek/open"))
            assert leaks(window) == []
            leak(window)  # type: ignore[arg-type,call-arg]
            assert leaks(window)
            return
        seen: list[str] = []
        for path in ("/data/gesprek/open", "/data/kantoor/dicht"):
            bridge.go_to(NodeKey(path))
            seen += leaks(window)
        assert seen
    finally:
        window.close()
        window.deleteLater()


# ---- the forms of the program -------------------------------------------------------------------


def own_words(catalogues: Catalogues, language: str) -> set[str]:
    """Return the program's own words for a client, and numbers."""
    from intake_app.ui.clientscreen import choices, face, words, yes

    dutch = {
        *(words.PAUSE, words.WAIT, words.RESTING, words.AS_YOU_WISH, words.BACK, words.ON),
        words.HEAR,
        *(choices.MORE, choices.BACK, face.MACHINE_MADE, yes.YES, "Nog een keer, alstublieft"),
    }
    ui, papers = catalogues.ui(language), catalogues.document_texts(language)
    both = {ui.gettext(text) for text in dutch} | {papers.text(text).text for text in dutch}
    return dutch | both | {"Doorgaande Lijn", "✓", ","}


def titles_over(flow: InterviewFlow, key: NodeKey, language: str) -> set[str]:
    """Return the titles of the groups round a question that ask the client something."""
    found: set[str] = set()
    path = key.path.rpartition("/")[0]
    while path.count("/") > 1:
        inside = [each for p, each in flow.form.questions.items() if p.startswith(f"{path}/")]
        if any(each.attributes.get("audience") == "client" for each in inside):
            found.add(flow.session.title(path, language, key.repeat).text)
        path = path.rpartition("/")[0]
    return found


def stripped(text: str) -> str:
    """Return a text without the number before it, isolates and signs round a count."""
    plain = text.translate(dict.fromkeys(range(0x2066, 0x206A)))
    words, sign, count = plain.rpartition(" +")
    if sign and is_a_number(count):
        return words
    head, dot, rest = plain.partition(". ")
    return rest if dot and (head.isdigit() or head == "–") else plain


def is_a_number(text: str) -> bool:
    return not any(letter.isalpha() for letter in text)


@pytest.mark.parametrize("form_id", Library(paths.compiled_dir()).form_ids())
@pytest.mark.parametrize(
    "language", ["nl", "ar", *(pytest.param(code, marks=pytest.mark.slow) for code in ("ti", "fa"))]
)
def test_of_every_form_only_what_the_client_may_read(
    shared: Vault, theme: Theme, form_id: str, language: str
) -> None:
    catalogues = Catalogues(paths.compiled_dir())
    texts = CatalogueTexts(catalogues)
    flow = InterviewFlow.start(
        shared,
        Library(paths.compiled_dir()),
        texts,
        add_person(shared, language=language).person_id,
        form_id,
        language,
        Interpretation(),
        actor_of(shared),
    )
    bridge = InterviewBridge(flow)
    say = Speaker(language, catalogues.document_texts(language).text)
    window = ClientWindow(theme, bridge, catalogues.ui(language), say=say)
    window.resize(1366, 768)
    window.show()
    own = own_words(catalogues, language)
    for path, question in flow.form.questions.items():
        repeat = None
        if question.repeat is not None:
            instances = flow.session.repeats(question.repeat)
            if not instances:
                continue
            repeat = instances[0]
        key = NodeKey(path, repeat)
        # whether or not it is relevant now: the screen must be safe for each
        bridge.page = Page(key, "", (key,), "question")
        bridge.moved.emit()
        allowed = set(own)
        if not flow.staff_only(key):
            view = flow.view(key, language)
            allowed |= {view.label.text, *(choice.label.text for choice in view.choices)}
            allowed |= set() if view.hint is None else {view.hint.text}
            allowed |= titles_over(flow, key, language)
        extra = {stripped(text) for text in (*said(window), *window.texts_shown())} - allowed
        assert {text for text in extra if not is_a_number(text)} == set(), question.name
    window.close()
    window.deleteLater()
