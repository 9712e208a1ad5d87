"""What the program itself says to the client, in the languages there are catalogues for."""

from __future__ import annotations

import ast
import re

import pytest
from support import shipped
from support.source_texts import template

from intake_app import paths
from intake_app.i18n.catalogues import UI_DOMAIN, Catalogues
from intake_app.i18n.languages import LANGUAGES
from intake_app.i18n.pofiles import SourceTree, ids, is_for_client, messages, strings

TRANSLATED = ("en", "ar", "ti", "fa")
FIELD = re.compile(r"\{[^}]*\}")


@pytest.fixture(scope="module")
def source() -> SourceTree:
    return SourceTree(paths.translations_dir().parent)


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    return Catalogues(shipped.compiled())


def said_to_the_client() -> tuple[str, ...]:
    from intake_app.ui.clientscreen.words import AS_YOU_WISH, PAUSE, RESTING, WAIT
    from intake_app.ui.interview.start_panel import EXPLANATIONS, INFORMATION

    return (
        PAUSE,
        WAIT,
        RESTING,
        AS_YOU_WISH,
        INFORMATION,
        *EXPLANATIONS.values(),
        *(row.dutch_name for row in LANGUAGES.values()),
    )


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_language_with_a_form_has_the_program_words_too(
    catalogues: Catalogues, language: str
) -> None:
    assert language in catalogues.languages("intake")
    texts = catalogues.ui(language)
    same = {"Tigrinya", "Dari", "Farsi"} if language == "en" else set()
    assert {text for text in said_to_the_client() if texts.gettext(text) == text} == same


def test_no_other_language_is_offered(catalogues: Catalogues) -> None:
    assert set(catalogues.languages("intake")) == {"nl", *TRANSLATED}


@pytest.mark.parametrize("language", TRANSLATED)
def test_fields_stay_in_every_plural_form(source: SourceTree, language: str) -> None:
    catalogue = source.catalogue(language, UI_DOMAIN)
    assert catalogue is not None
    for message in messages(catalogue):
        wanted = sorted(set(FIELD.findall("".join(ids(message)))))
        for text in filter(None, strings(message)):
            assert sorted(set(FIELD.findall(text))) == wanted, message.id


@pytest.mark.slow
def test_what_is_marked_for_the_client_is_what_the_client_meets() -> None:
    marked = {
        ids(m)[0]: {place for place, _line in m.locations}
        for m in messages(template(UI_DOMAIN))
        if is_for_client(UI_DOMAIN, m)
    }
    assert set(said_to_the_client()) < marked.keys()
    others = {text: places for text, places in marked.items() if text not in said_to_the_client()}
    elsewhere = {
        text
        for text, places in others.items()
        if not any("/ui/clientscreen/" in place for place in places)
    }
    assert len(elsewhere) == 1
    assert "Mag ik dit delen" in elsewhere.pop()


def test_no_text_of_the_program_is_built_from_pieces(source: SourceTree) -> None:
    """A call with an f-string or a sum finds no translation: the catalogue has no such text."""
    calls = {"gettext", "ngettext", "pgettext", "N_"}
    for path in sorted((source.root / "intake_app").rglob("*.py")):
        source_text = path.read_text(encoding="utf-8")
        if not any(name in source_text for name in calls):
            continue
        for node in ast.walk(ast.parse(source_text)):
            if isinstance(node, ast.Call) and name_of_call(node) in calls:
                where = f"{path.relative_to(source.root)}:{node.lineno}"
                built = [a for a in node.args if isinstance(a, ast.JoinedStr | ast.BinOp)]
                assert not built, where


def name_of_call(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
