from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from subprocess import run
from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from intake_app.i18n.catalogues import D_, Catalogues, FormText, placeholders
from intake_app.i18n.review import Review, ReviewLedger, text_hash

if TYPE_CHECKING:
    from pathlib import Path


DAY = date(2026, 3, 1)


@dataclass(frozen=True)
class Ref:
    kind: str
    name: str


@pytest.fixture
def compiled(tmp_path: Path) -> Path:
    form = Catalog(locale="ar")
    form.add("Werk", "العمل", context="intake/label/werk", flags={"fuzzy"})
    form.add("DigiD", "DigiD", context="intake/label/digid")
    form.add("Hallo ${naam}", "مرحبا ${naam}", context="intake/label/groet")
    form.add("Dag ${naam}", "مع السلامة", context="intake/label/dag")
    form.add("Leeg", "", context="intake/label/leeg")
    ui = Catalog(locale="en")
    ui.add("Volgende", "Next")
    ui.add(("%(n)d persoon", "%(n)d personen"), ("%(n)d person", "%(n)d people"))
    ui.add("Open", "Open it", context="knop")
    paper = Catalog(locale="ar")
    paper.add("Voor {naam}", "إلى {naam}")
    paper.add("Van {naam}", "من")
    paper.add("De gemeente regelt dit.", "البلدية تنظم هذا.", context="deelbaarheid")
    for language, domain, catalogue in (
        ("ar", "forms_intake", form),
        ("ar", "documents", paper),
        ("en", "ui", ui),
    ):
        path = tmp_path / "catalogues" / language / f"{domain}.mo"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_mo(file, catalogue, use_fuzzy=True)
    return tmp_path


def shown(texts: Catalogues, kind: str, name: str, source: str, language: str = "ar") -> object:
    found = texts.form_texts().text("intake", Ref(kind, name), language, source)
    return (found.text, found.language, found.status)


def test_form_texts_carry_their_status(compiled: Path) -> None:
    texts = Catalogues(compiled)
    assert shown(texts, "label", "werk", "Werk") == ("العمل", "ar", "unreviewed")
    assert shown(texts, "label", "werk", "Werk", "nl") == ("Werk", "nl", "source")
    assert shown(texts, "label", "werk", "Uw werk") == ("Uw werk", "nl", "missing")
    assert shown(texts, "label", "werk", "Werk", "ti") == ("Werk", "nl", "missing")
    assert shown(texts, "label", "leeg", "Leeg") == ("Leeg", "nl", "missing")
    assert shown(texts, "hint", "werk", "Werk") == ("Werk", "nl", "missing")


def test_a_translation_equal_to_its_source_is_a_translation(compiled: Path) -> None:
    assert shown(Catalogues(compiled), "label", "digid", "DigiD") == ("DigiD", "ar", "unreviewed")


def test_a_translation_that_lost_a_placeholder_is_not_shown(compiled: Path) -> None:
    texts = Catalogues(compiled)
    assert shown(texts, "label", "groet", "Hallo ${naam}")[1] == "ar"  # type: ignore[index]
    assert shown(texts, "label", "dag", "Dag ${naam}") == ("Dag ${naam}", "nl", "missing")


def test_spaces_the_compiler_adds_do_not_matter(compiled: Path) -> None:
    texts = Catalogues(compiled)
    assert shown(texts, "label", "groet", "\n Hallo  ${naam} ")[1] == "ar"  # type: ignore[index]


def test_the_ledger_turns_a_text_reviewed(compiled: Path) -> None:
    review = Review(
        "ar",
        "forms_intake",
        "intake/label/werk",
        text_hash("Werk", "العمل"),
        "S. Voorbeeld",
        date(2026, 3, 1),
    )
    texts = Catalogues(compiled, ReviewLedger([review]))
    assert shown(texts, "label", "werk", "Werk") == ("العمل", "ar", "reviewed")


def test_texts_on_paper_carry_their_status(compiled: Path) -> None:
    reviewed = Review("ar", "documents", "", text_hash("Voor {naam}", "إلى {naam}"), "N", DAY)
    texts = Catalogues(compiled, ReviewLedger([reviewed])).document_texts("ar")
    assert (texts.language, texts.direction) == ("ar", "rtl")
    assert texts.text("Voor {naam}") == FormText("إلى {naam}", "ar", "reviewed")
    assert texts.text("Van {naam}") == FormText("Van {naam}", "nl", "missing")
    assert texts.text("De gemeente regelt dit.").status == "missing"
    reason = texts.reason("De gemeente regelt dit.")
    assert (reason.language, reason.status) == ("ar", "unreviewed")
    assert Catalogues(compiled).document_texts("ti").text("Van {naam}").status == "missing"
    assert Catalogues(compiled).document_texts("nl").text("Van {naam}").status == "source"
    assert D_("Van {naam}") == "Van {naam}"


def test_ui_texts(compiled: Path) -> None:
    texts = Catalogues(compiled)
    english = texts.ui("en")
    assert english.gettext("Volgende") == "Next"
    assert english.gettext("Vorige") == "Vorige"
    assert english.gettext("") == ""
    assert english.ngettext("%(n)d persoon", "%(n)d personen", 1) == "%(n)d person"
    assert english.ngettext("%(n)d persoon", "%(n)d personen", 2) == "%(n)d people"
    assert english.ngettext("dag", "dagen", 2) == "dagen"
    assert english.pgettext("knop", "Open") == "Open it"
    assert english.pgettext("stand", "Open") == "Open"
    dutch = texts.ui("nl")
    assert (dutch.gettext("Volgende"), dutch.direction) == ("Volgende", "ltr")
    assert dutch.ngettext("dag", "dagen", 1) == "dag"
    assert texts.ui("ar").direction == "rtl"


def test_which_languages_a_form_has(compiled: Path) -> None:
    assert Catalogues(compiled).languages("intake") == ("nl", "ar")
    assert Catalogues(compiled).languages("ander") == ("nl",)


def test_placeholders() -> None:
    assert placeholders("${b} en ${ a } en ${b} en ${open") == ("a", "b", "b")
    assert placeholders("geen") == ()


def test_nothing_heavy_is_imported_for_texts() -> None:
    script = (
        "import sys, intake_app.i18n.catalogues, intake_app.i18n.formats, intake_app.i18n.bidi;"
        "print([m for m in sys.modules if m.split('.')[0] in ('babel', 'pyxform', 'PySide6')])"
    )
    done = run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
