from __future__ import annotations

import io

import pytest

from intake_app.i18n.words import (
    CLIENT_COMMENT,
    DOCUMENT_KEYWORDS,
    KEYWORDS,
    UnknownName,
    extract_words,
    template_texts,
)

SOURCE = """
TITLES: dict[str, str] = {"een": "open", "twee": "bezig met iets"}
TAGS = {"x": ("gaat mee", "ok"), "y": ("Nee", "warn")}
TOLD = N_("Dit hoort de cliënt.")


def words(tr, n, other):
    question = tr.gettext("Mag dit?")
    tr.gettext(other)
    return tr.ngettext("{n} dag", "{n} dagen", n), tr.pgettext("knop", "Open"), question
"""


def found(source: str = SOURCE, **options: str) -> dict[object, list[str]]:
    file = io.BytesIO(source.encode())
    rows = extract_words(file, KEYWORDS, [], options)
    return {texts: comments for _line, _function, texts, comments in rows if texts}


def test_calls_are_found_and_variables_are_not() -> None:
    assert list(found()) == [
        "Dit hoort de cliënt.",
        "Mag dit?",
        ("{n} dag", "{n} dagen", None),
        ("knop", "Open"),
    ]


def test_a_named_table_gives_its_texts_and_not_its_codes() -> None:
    assert list(found(tables="TITLES TAGS"))[4:] == ["open", "bezig met iets", "gaat mee", "Nee"]


def test_what_the_client_hears_is_marked() -> None:
    marked = {texts for texts, comments in found(client="TOLD question").items() if comments}
    assert marked == {"Dit hoort de cliënt.", "Mag dit?"}
    assert all(comments == [CLIENT_COMMENT] for comments in found(client="*").values())


@pytest.mark.parametrize("options", [{"tables": "TITLES GONE"}, {"client": "GONE"}])
def test_a_renamed_constant_is_an_error(options: dict[str, str]) -> None:
    with pytest.raises(UnknownName, match="GONE"):
        found(**options)


def test_two_names_can_stand_for_the_same_text() -> None:
    assert found('A = N_("Ja")\nB = N_("Ja")\n', client="B") == {"Ja": [CLIENT_COMMENT]}


def test_paper_and_program_do_not_share_texts() -> None:
    source = 'A = D_("Op papier")\nB = N_("Op het scherm")\nC = {"x": "In een tabel"}\n'

    def texts(keywords: dict[str, object]) -> list[object]:
        rows = extract_words(io.BytesIO(source.encode()), keywords, [], {"tables": "C"})
        return [text for _line, _function, text, _comments in rows]

    assert texts({**DOCUMENT_KEYWORDS}) == ["Op papier"]
    assert texts({**KEYWORDS}) == ["Op het scherm", "In een tabel"]


def test_texts_of_a_template() -> None:
    body = (
        '#t("Dag") #let at("no") = 1 #text("nor this") #t("Regel\\nen \\"zo\\"") #t("Dag") #t("")'
    )
    assert template_texts(body) == ("Dag", 'Regel\nen "zo"')
