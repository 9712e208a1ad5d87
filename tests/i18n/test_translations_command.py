from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

import pytest

from intake_app.cli import codes, translations
from intake_app.i18n.catalogues import fields
from intake_app.i18n.pofiles import (
    LEDGER,
    SourceTree,
    ids,
    is_for_client,
    is_translated,
    messages,
    name_of,
    strings,
)
from intake_app.i18n.progress import progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., int]

CLIENT_TEXTS = ("klein/label/wil_u", "klein/choice/ja_nee/ja", "klein/choice/ja_nee/nee")


@pytest.fixture
def intake(tree: SourceTree) -> Run:
    def run(*arguments: str) -> int:
        parser = argparse.ArgumentParser()
        translations.add_parser(parser.add_subparsers())
        root = ("--root", str(tree.root))
        return translations.run(parser.parse_args(["translations", *root, *arguments]))

    return run


def translate(tree: SourceTree, language: str, domain: str, **texts: str) -> None:
    """Fill in translations as an editor would: in the text of the file."""
    path = tree.catalogue_file(language, domain)
    body = path.read_text(encoding="utf-8")
    for source, text in texts.items():
        pattern = rf'(msgid "{re.escape(source.replace("_", " "))}\??"\nmsgstr )".*"'
        body, count = re.subn(pattern, rf'\1"{text}"', body)
        assert count, source
    path.write_text(body, encoding="utf-8")


def fill(tree: SourceTree, language: str, domain: str) -> None:
    """Give every text of a catalogue a translation of its own."""
    catalogue = tree.catalogue(language, domain)
    assert catalogue is not None
    for number, message in enumerate(messages(catalogue)):
        message.string = f"{number} {' '.join(fields(ids(message)[0]))}"
    tree.save_catalogue(language, domain, catalogue)


def texts_of(tree: SourceTree, language: str, domain: str) -> dict[str, tuple[str, ...]]:
    catalogue = tree.catalogue(language, domain)
    assert catalogue is not None
    return {name_of(message): strings(message) for message in messages(catalogue)}


def test_extract_writes_a_template_per_domain(intake: Run, tree: SourceTree) -> None:
    assert intake("extract") == codes.OK
    found = sorted(path.name for path in tree.template_file("ui").parent.glob("*.pot"))
    assert found == ["documents.pot", "forms_klein.pot", "ui.pot"]
    body = tree.template_file("ui").read_text(encoding="utf-8")
    assert "Date" not in body
    assert "#. De cliënt leest of hoort dit.\n#: intake_app/client.py\n" in body


def test_what_is_on_paper_has_a_catalogue_of_its_own(tree: SourceTree) -> None:
    template = tree.template("documents")
    assert [(m.context, ids(m)[0]) for m in messages(template)] == [
        (None, "Uw {aantal} papieren"),
        (None, "Dit is uw blad."),
        ("deelbaarheid", "De gemeente regelt de les."),
        ("deelbaarheid", "De werkgever heeft dit niet nodig."),
    ]
    assert [is_for_client("documents", m) for m in messages(template)] == [True, True, False, False]
    program = {ids(m)[0] for m in messages(tree.template("ui"))}
    assert program == {"Een ogenblik", "{n} dag", "Open", "Ja"}


def test_extract_again_changes_no_file(intake: Run, tree: SourceTree) -> None:
    intake("extract")
    before = tree.template_file("ui").stat()
    intake("extract")
    assert tree.template_file("ui").stat().st_mtime_ns == before.st_mtime_ns


def test_update_makes_a_catalogue_with_everything_empty(intake: Run, tree: SourceTree) -> None:
    assert intake("update", "ar") == codes.OK
    assert texts_of(tree, "ar", "ui") == {
        "Een ogenblik": ("",),
        "{n} dag": ("",) * 6,
        "Open": ("",),
        "Ja": ("",),
    }
    assert len(texts_of(tree, "ar", "forms_klein")) == 5
    assert tree.languages() == ("ar",)


def test_update_writes_the_standard_plural_rule(intake: Run, tree: SourceTree) -> None:
    intake("update", "ar", "uk", "tr")
    rules = {
        code: re.findall(r"nplurals=(\d); plural=\((.*)\);", path.read_text(encoding="utf-8"))[0]
        for code in ("ar", "uk", "tr")
        for path in [tree.catalogue_file(code, "ui")]
    }
    assert rules["ar"][1].endswith("n%100>=11 ? 4 : 5")
    assert rules["uk"][0] == "3"
    assert rules["tr"] == ("2", "n != 1")


def test_update_keeps_translations_and_marks_them_machine_made(
    intake: Run, tree: SourceTree
) -> None:
    intake("update", "ti")
    translate(tree, "ti", "forms_klein", Ja="እወ")
    intake("update")
    catalogue = tree.catalogue("ti", "forms_klein")
    assert catalogue is not None
    kept = [message for message in messages(catalogue) if is_translated(message)]
    assert [(ids(m), strings(m), m.fuzzy) for m in kept] == [(("Ja",), ("እወ",), True)]


def test_update_never_shows_the_translation_of_another_text(intake: Run, tree: SourceTree) -> None:
    intake("update", "ti")
    translate(tree, "ti", "forms_klein", Wilt_u_dit="ትደልዩ ዶ?")
    survey = tree.root / "forms" / "klein" / "survey.csv"
    body = survey.read_text(encoding="utf-8").replace("Wilt u dit?", "Wilt u dit niet?")
    survey.write_text(body, encoding="utf-8")
    intake("update")
    assert texts_of(tree, "ti", "forms_klein")["klein/label/wil_u"] == ("",)
    text = tree.catalogue_file("ti", "forms_klein").read_text(encoding="utf-8")
    assert '#~ msgstr "ትደልዩ ዶ?"' in text
    intake("update")
    assert tree.catalogue_file("ti", "forms_klein").read_text(encoding="utf-8") == text


def test_update_takes_a_translation_back_when_its_text_is_back(
    intake: Run, tree: SourceTree
) -> None:
    intake("update", "ar")
    translate(tree, "ar", "forms_klein", Ja="نعم")
    choices = tree.root / "forms" / "klein" / "choices.csv"
    before = choices.read_text(encoding="utf-8")
    choices.write_text(before.replace("ja,Ja", "ja,Jazeker"), encoding="utf-8")
    intake("update", "ar")
    assert texts_of(tree, "ar", "forms_klein")["klein/choice/ja_nee/ja"] == ("",)
    choices.write_text(before, encoding="utf-8")
    intake("update", "ar")
    assert texts_of(tree, "ar", "forms_klein")["klein/choice/ja_nee/ja"] == ("نعم",)


def test_update_reuses_only_what_everybody_says_alike(intake: Run, tree: SourceTree) -> None:
    intake("update", "ar")
    translate(tree, "ar", "forms_klein", Ja="نعم", Nee="لا")
    form = tree.root / "forms" / "ander"
    form.mkdir()
    (form / "survey.csv").write_text(
        "type,name,label\nselect_one m,v,Ja\nnote,w,Nee\n", encoding="utf-8"
    )
    (form / "choices.csv").write_text("list_name,name,label\nm,ja,Ja\n", encoding="utf-8")
    intake("update", "ar")
    assert set(texts_of(tree, "ar", "forms_ander").values()) == {("",)}
    path = tree.catalogue_file("ar", "forms_ander")
    label = 'msgctxt "ander/label/w"\nmsgid "Nee"\nmsgstr "'
    body = path.read_text(encoding="utf-8")
    path.write_text(body.replace(label, f"{label}كلا"), encoding="utf-8")
    (form / "survey.csv").write_text(
        "type,name,label\nselect_one m,v,Ja\nnote,w,Nee\nnote,x,Nee\n", encoding="utf-8"
    )
    intake("update", "ar", "--reuse")
    texts = texts_of(tree, "ar", "forms_ander")
    assert texts["ander/label/v"] == texts["ander/choice/m/ja"] == ("نعم",)
    assert texts["ander/label/x"] == ("",)  # لا or كلا: a translator decides
    assert texts_of(tree, "ar", "ui")["Ja"] == ("",)  # a colleague reads that one
    catalogue = tree.catalogue("ar", "forms_ander")
    assert catalogue is not None
    assert all(m.fuzzy for m in messages(catalogue) if is_translated(m))


def test_update_leaves_the_head_of_a_catalogue_alone(intake: Run, tree: SourceTree) -> None:
    intake("update", "so")
    path = tree.catalogue_file("so", "ui")
    path.write_text("# Van ons.\n" + path.read_text(encoding="utf-8").split("\n", 3)[3], "utf-8")
    intake("update")
    assert path.read_text(encoding="utf-8").startswith('# Van ons.\nmsgid ""\n')


def test_a_form_without_a_client_gets_a_catalogue_only_when_named(
    intake: Run, tree: SourceTree
) -> None:
    survey = tree.root / "forms" / "klein" / "survey.csv"
    body = survey.read_text(encoding="utf-8").replace(",client", ",staff")
    survey.write_text(body, encoding="utf-8")
    intake("update", "en")
    assert not tree.catalogue_file("en", "forms_klein").exists()
    intake("update", "en", "--domain", "forms_klein")
    assert tree.catalogue_file("en", "forms_klein").exists()


@pytest.mark.parametrize("arguments", [("nl",), ("xx",), ("en", "--domain", "forms_x")])
def test_update_refuses_what_it_does_not_know(intake: Run, arguments: tuple[str, ...]) -> None:
    assert intake("update", *arguments) == codes.USAGE


def test_review_writes_down_the_named_texts_only(
    intake: Run, tree: SourceTree, capsys: pytest.CaptureFixture[str]
) -> None:
    intake("update", "ar")
    translate(tree, "ar", "forms_klein", Ja="نعم", Nee="لا")
    capsys.readouterr()
    assert (
        intake("review", "ar", "forms_klein", "--reviewer", "R. Tolk", "--text", CLIENT_TEXTS[1])
        == 0
    )
    assert "nagekeken: klein/choice/ja_nee/ja\n1 opgeschreven" in capsys.readouterr().out
    found = progress(tree, "ar", "forms_klein", tree.template("forms_klein"))
    assert (found.client.total, found.client.translated, found.client.reviewed) == (3, 2, 1)
    assert (found.client.missing, found.missing_for_client) == (1, CLIENT_TEXTS[:1])
    assert (found.staff.total, found.staff.missing) == (2, 2)
    fuzzy = re.findall(
        r'#, fuzzy\nmsgctxt "(.*)"',
        tree.catalogue_file("ar", "forms_klein").read_text(encoding="utf-8"),
    )
    assert fuzzy == [CLIENT_TEXTS[2]]
    (review,) = tree.ledger().reviews
    assert (review.language, review.context, review.reviewer) == ("ar", CLIENT_TEXTS[1], "R. Tolk")


def test_review_of_a_text_without_context_is_named_by_its_dutch(
    intake: Run, tree: SourceTree
) -> None:
    intake("update", "ar")
    translate(tree, "ar", "ui", Een_ogenblik="لحظة")
    assert intake("review", "ar", "ui", "--text", "Een ogenblik", "--reviewer", "R") == codes.OK
    assert progress(tree, "ar", "ui", tree.template("ui")).client.reviewed == 1


def test_reviews_of_texts_on_paper_do_not_replace_each_other(intake: Run, tree: SourceTree) -> None:
    intake("update", "ar")
    fill(tree, "ar", "documents")
    intake("update", "ar")
    for text in ("De gemeente regelt de les.", "De werkgever heeft dit niet nodig."):
        assert intake("review", "ar", "documents", "--reviewer", "Eén", "--text", text) == codes.OK
    assert [r.context for r in tree.ledger().reviews] == ["deelbaarheid"] * 2
    catalogue = tree.catalogue("ar", "documents")
    assert catalogue is not None
    assert [m.fuzzy for m in messages(catalogue)] == [True, True, False, False]


def test_review_of_everything_must_be_said(intake: Run, tree: SourceTree) -> None:
    intake("update", "ar")
    translate(tree, "ar", "forms_klein", Ja="نعم", Nee="لا")
    refused = [("--reviewer", "R"), ("--reviewer", "R", "--all", "--text", CLIENT_TEXTS[1])]
    assert [intake("review", "ar", "forms_klein", *a) for a in refused] == [codes.USAGE] * 2
    assert not (tree.root / LEDGER).exists()
    assert intake("review", "ar", "forms_klein", "--reviewer", "R", "--all") == codes.OK
    assert {review.context for review in tree.ledger().reviews} == set(CLIENT_TEXTS[1:])


@pytest.mark.parametrize(
    "arguments",
    [
        ("forms_klein", "--text", CLIENT_TEXTS[1], "klein/label/onbekend"),
        ("forms_klein", "--text", CLIENT_TEXTS[0]),
        ("forms_x", "--text", CLIENT_TEXTS[1]),
        ("../ui", "--text", "Ja"),
    ],
)
def test_review_refuses_whole_what_is_not_translated(
    intake: Run, tree: SourceTree, arguments: tuple[str, ...]
) -> None:
    intake("update", "ar")
    translate(tree, "ar", "forms_klein", Ja="نعم")
    assert intake("review", "ar", *arguments, "--reviewer", "R") == codes.REFUSED
    assert not (tree.root / LEDGER).exists()


def test_review_needs_a_name(intake: Run, tree: SourceTree) -> None:
    intake("update", "ar")
    translate(tree, "ar", "forms_klein", Ja="نعم")
    assert intake("review", "ar", "forms_klein", "--all", "--reviewer", " ") == codes.REFUSED


def test_a_changed_translation_voids_its_review_until_it_is_reviewed_again(
    intake: Run, tree: SourceTree, capsys: pytest.CaptureFixture[str]
) -> None:
    intake("update", "ar")
    translate(tree, "ar", "forms_klein", Ja="نعم")
    intake("review", "ar", "forms_klein", "--all", "--reviewer", "Eén")
    translate(tree, "ar", "forms_klein", Ja="أجل")
    capsys.readouterr()
    assert intake("status", "--check") == codes.REFUSED
    out = capsys.readouterr().out
    assert "ar/forms_klein, cliënt: 1 van 3 vertaald, 0 nagekeken, 2 ontbreken\n" in out
    assert "ar, cliënt: 1 van 6 vertaald, 0 nagekeken, 5 ontbreken\n" in out
    assert "ar, collega: 0 van 7 vertaald, 0 nagekeken, 7 ontbreken\nar: 1 vervallen\n" in out
    assert "vervallen: klein/choice/ja_nee/ja, nagekeken door Eén op 2" in out
    intake("update")
    catalogue = tree.catalogue("ar", "forms_klein")
    assert catalogue is not None
    assert [m.fuzzy for m in messages(catalogue) if is_translated(m)] == [True]
    intake("review", "ar", "forms_klein", "--all", "--reviewer", "Twee")
    assert [review.reviewer for review in tree.ledger().reviews] == ["Twee"]
    assert progress(tree, "ar", "forms_klein", tree.template("forms_klein")).void == ()


def test_status_is_content_when_the_client_has_everything(intake: Run, tree: SourceTree) -> None:
    intake("update", "ar")
    translate(tree, "ar", "forms_klein", Ja="نعم", Nee="لا", Wilt_u_dit="هل تريد هذا؟")
    assert intake("status", "--check") == codes.REFUSED
    translate(tree, "ar", "ui", Een_ogenblik="لحظة")
    assert intake("status", "--check") == codes.REFUSED
    fill(tree, "ar", "documents")
    assert intake("status", "--check") == codes.OK
    assert intake("status") == codes.OK


def test_a_damaged_catalogue_and_ledger_are_named(
    intake: Run, tree: SourceTree, capsys: pytest.CaptureFixture[str]
) -> None:
    intake("update", "ar")
    (tree.root / LEDGER).write_text("reviewed = 3\n", encoding="utf-8")
    assert intake("status") == codes.REFUSED
    (tree.root / LEDGER).unlink()
    tree.catalogue_file("ar", "ui").write_text("wat is dit\n", encoding="utf-8")
    assert intake("status") == codes.REFUSED
    told = capsys.readouterr().err
    assert "REVIEW.toml: 'reviewed' must be" in told
    assert "ar/ui.po is niet te lezen" in told


def test_check_says_what_is_wrong_and_where(
    intake: Run, tree: SourceTree, capsys: pytest.CaptureFixture[str]
) -> None:
    intake("update", "ar")
    translate(tree, "ar", "forms_klein", Ja="yes", Nee="لا")
    capsys.readouterr()
    assert intake("check", "ar") == codes.REFUSED
    told = capsys.readouterr().out
    assert "ar/forms_klein: klein/choice/ja_nee/ja: Schrijf yes in het schrift" in told
    assert "ar/ui: Een ogenblik: Vertaal deze tekst." in told
    assert "ja_nee/nee" not in told
    assert intake("check", "nl") == codes.OK
    assert capsys.readouterr().out == "nl: geen fouten\n"
    assert intake("check", "fa") == codes.USAGE
    head = tree.catalogue_file("ar", "ui")
    body = head.read_text(encoding="utf-8")
    head.write_text(body.replace("n%100>=11", "n%100>=12"), encoding="utf-8")
    assert intake("check") == codes.REFUSED
    assert "ar/ui: Plural-Forms: De regel" in capsys.readouterr().out


def test_it_needs_the_source_tree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    translations.add_parser(parser.add_subparsers())
    given = parser.parse_args(["translations", "--root", str(tmp_path / "leeg"), "status"])
    assert translations.run(given) == codes.REFUSED
    assert "--root" in capsys.readouterr().err
