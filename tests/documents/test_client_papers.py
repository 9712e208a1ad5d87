"""What the client gets on paper: true to the table, easy to read, in two languages."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake_app import paths
from intake_app.documents import client_copy, client_words, information_receipt, privacy_notice
from intake_app.documents.client_page import (
    MACHINE_MADE,
    Answer,
    ClientPage,
    Literal,
    Said,
    Speaker,
    render,
    texts_of,
    written,
)
from intake_app.documents.model import Text
from intake_app.documents.pages import page_images
from intake_app.domain.actor import Profile, ReceiverRole
from intake_app.domain.attachment import AttachmentKind
from intake_app.domain.interview import InterpreterMode
from intake_app.domain.plan import ActionState, ActivityKind, Doer, Vervolgpad
from intake_app.domain.sharing import SharingTable, Verdict, read_table
from intake_app.i18n.catalogues import FormText

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DAY = Said("22 november 2026")
LEARNED = re.compile(
    r"\b(indien|teneinde|middels|betreffende|omtrent|alsmede|derhalve|echter|reeds|tevens"
    r"|dient te|conform|ten behoeve|desbetreffende|inzake|faciliteren|participeren)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def fonts() -> Path:
    return paths.resource("fonts")


@pytest.fixture(scope="module")
def table() -> SharingTable:
    return read_table(paths.resource("sharing", "table.csv").read_text(encoding="utf-8"))


def marked(language: str) -> Speaker:
    """Translate everything to something that can be told from Dutch."""
    return Speaker(language, lambda dutch: FormText(f"<{dutch}>", language, "unreviewed"))


def notice(
    table: SharingTable, say: Speaker | None = None, *, profile: Profile = Profile.AZC
) -> ClientPage:
    facts = privacy_notice.PrivacyFacts(
        organisation="AZC Voorbeeldstad",
        profile=profile,
        municipality="Zeist",
        days_kept=60,
        day=DAY,
        created=AT,
    )
    return privacy_notice.privacy_notice(facts, table, say or Speaker("nl"))


def receipt(say: Speaker | None = None, *, signed: bool = True) -> ClientPage:
    facts = information_receipt.ReceiptFacts(
        name="Fiktief Voorbeeld",
        day=DAY,
        by="Noor de Vries",
        organisation="AZC Voorbeeldstad",
        language=Said("Arabisch", Text("العربية", "ar")),
        interpreter=InterpreterMode.TELEFOON,
        explained=(information_receipt.Subject.DELEN, information_receipt.Subject.DOEL),
        understood=information_receipt.Understood.VRAGEN,
        to_be_signed=signed,
        created=AT,
    )
    return information_receipt.information_receipt(facts, say or Speaker("nl"))


def dutch(page: ClientPage) -> str:
    literal = [block.text.text for block in page.blocks if isinstance(block, Literal)]
    return "\n".join([*(said.dutch for said in texts_of(page)), *literal])


def unpacked(pdf: bytes) -> bytes:
    """Return the PDF with what its streams say, its structure among it."""
    found = [pdf]
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            found.append(zlib.decompress(raw))
    return b"".join(found)


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.text for page in page_images(pdf, 20)))


# ---- the notice says what the table does ---------------------------------------------------------


def part_of(page: ClientPage, role: ReceiverRole) -> list[str]:
    """Return what stands below the heading of a receiver."""
    lines = dutch_lines(page)
    start = lines.index(client_words.ROLES[role]) + 1
    names = set(client_words.ROLES.values())
    told: list[str] = []
    for line in lines[start:]:
        if line == privacy_notice._NO_MORE or (told and line in names):
            break
        # receivers that get the same stand under one another
        told += [] if line in names else [line]
    return told


def dutch_lines(page: ClientPage) -> list[str]:
    return [said.dutch for said in texts_of(page)]


@pytest.mark.parametrize("role", list(ReceiverRole))
def test_each_receiver_gets_what_the_table_says(table: SharingTable, role: ReceiverRole) -> None:
    told = " ".join(part_of(notice(table), role))
    by_verdict: dict[Verdict, set[str]] = {verdict: set() for verdict in Verdict}
    for category, receiver in table.rules:
        if receiver is role and category != "intern":
            word = client_words.CATEGORIES.get(category, client_words.OTHER_CATEGORY)
            by_verdict[table.rule(category, role).verdict].add(word)
    assert by_verdict[Verdict.JA] or by_verdict[Verdict.NA_TOESTEMMING]
    always = re.search(r"Krijgt van ons: ([^.]*)\.", told)
    after_yes = re.search(r"Krijgt alleen als u ja zegt: ([^.]*)\.", told)
    assert set(always[1].split("\u00a0· ") if always else ()) == by_verdict[Verdict.JA]
    assert (
        set(after_yes[1].split("\u00a0· ") if after_yes else ())
        == by_verdict[Verdict.NA_TOESTEMMING]
    )


def changed(table: SharingTable, category: str, role: ReceiverRole, to: Verdict) -> SharingTable:
    rules = dict(table.rules)
    rules[category, role] = replace(rules[category, role], verdict=to)
    return SharingTable(rules)


def test_what_two_receivers_get_alike_is_told_once(table: SharingTable) -> None:
    together = dutch_lines(notice(table))
    town, executor = (
        client_words.ROLES[r] for r in (ReceiverRole.GEMEENTE, ReceiverRole.UITVOERDER)
    )
    assert together.index(executor) == together.index(town) + 1
    apart = dutch_lines(notice(changed(table, "geld", ReceiverRole.UITVOERDER, Verdict.NEE)))
    assert apart.index(executor) > apart.index(town) + 1


def test_another_table_makes_another_notice(table: SharingTable) -> None:
    other = changed(table, "geld", ReceiverRole.WERKGEVER, Verdict.JA)
    assert "uw geld en schulden" not in " ".join(part_of(notice(table), ReceiverRole.WERKGEVER))
    assert "uw geld en schulden" in " ".join(part_of(notice(other), ReceiverRole.WERKGEVER))


def test_no_promise_about_medical_data_that_the_table_does_not_keep(table: SharingTable) -> None:
    kept = dutch(notice(table))
    assert "nooit naar de gemeente" in kept
    assert "alleen naar een zorgverlener" in kept
    broken = dutch(notice(changed(table, "medisch", ReceiverRole.GEMEENTE, Verdict.JA)))
    assert "nooit naar de gemeente" not in broken
    assert "alleen naar een zorgverlener" not in broken


def test_nothing_of_the_team_alone_is_named(table: SharingTable) -> None:
    assert "alleen voor dit team" not in dutch(notice(table)).lower()
    assert "intern" not in client_words.CATEGORIES


def test_a_receiver_that_gets_nothing_is_told_so(table: SharingTable) -> None:
    rules = {
        key: replace(rule, verdict=Verdict.NEE) if key[1] is ReceiverRole.WERKGEVER else rule
        for key, rule in table.rules.items()
    }
    told = part_of(notice(SharingTable(rules)), ReceiverRole.WERKGEVER)
    assert told == ["Krijgt niets van ons."]


def test_every_category_that_may_leave_has_words(table: SharingTable) -> None:
    leaving = {
        category for category, role in table.rules if table.rule(category, role).verdict != "nee"
    }
    assert leaving <= set(client_words.CATEGORIES)
    assert set(client_words.ROLES) == set(ReceiverRole)


def test_every_code_has_words() -> None:
    assert set(client_words.PATHS) == set(Vervolgpad)
    assert set(client_words.DOERS) == set(Doer)
    assert set(client_words.ACTION_STATES) == set(ActionState)
    assert set(client_words.ACTIVITIES) == set(ActivityKind)
    assert set(client_words.ATTACHMENTS) == set(AttachmentKind)
    assert set(client_words.INTERPRETERS) == set(InterpreterMode)


def test_the_term_is_the_one_of_the_vault(table: SharingTable) -> None:
    assert "60 dagen" in dutch(notice(table))
    assert "dagen" not in dutch(notice(table, profile=Profile.ONTVANGST))


@pytest.mark.parametrize(
    "said",
    [
        "AZC Voorbeeldstad",
        "functionaris gegevensbescherming",
        "Wet inburgering 2021",
        "AVG, art. 6(1)(e)",
        "UAVG 46",
        "intrekken",
        "bezwaar",
        "verbeteren",
        "een kopie",
        "nooit een computer",
        "Autoriteit Persoonsgegevens",
        "088 1805 250",
        "land van herkomst",
    ],
)
def test_the_notice_says_what_the_law_wants_said(table: SharingTable, said: str) -> None:
    assert said in dutch(notice(table))


# ---- the receipt -------------------------------------------------------------------------------


def test_the_receipt_says_what_took_place_and_no_more() -> None:
    told = dutch(receipt())
    assert "Wie uw gegevens krijgt en wie niet." in told
    assert "U mag een vraag overslaan." not in told
    assert "U heeft nog vragen." in told
    assert "met een tolk aan de telefoon" in told
    assert told.index("Waarom wij met u praten.") < told.index("Wie uw gegevens krijgt")


def test_a_signature_is_no_consent() -> None:
    assert "geen toestemming" in dutch(receipt())
    unsigned = dutch(receipt(signed=False))
    assert "U hoeft niet te tekenen" in unsigned
    assert "Uw handtekening" not in unsigned


# ---- words -------------------------------------------------------------------------------------


def sentences() -> list[str]:
    """Every Dutch text of the papers, sentence by sentence."""
    found: list[str] = []
    modules = ("client_words", "client_page", "privacy_notice", "information_receipt")
    for name in (*modules, "client_copy"):
        source = (Path(client_copy.__file__).parent / f"{name}.py").read_text(encoding="utf-8")
        found += [
            "".join(re.findall(r'"([^"]*)"', call))
            for call in re.findall(r'D_\(((?:\s*"[^"]*")+),?\s*\)', source)
        ]
    return [part for text in found for part in re.split(r"(?<=[.?!])\s+", text)]


def length(sentence: str) -> int:
    return len(re.findall(r"[^\W_][\w’'-]*", sentence))


def test_sentences_are_short_and_plain() -> None:
    whole = [sentence for sentence in sentences() if sentence[-1] in ".?!"]
    assert len(whole) > 120
    assert sum(map(length, whole)) / len(whole) <= 8
    assert [sentence for sentence in whole if length(sentence) > 14] == []
    assert [sentence for sentence in sentences() if LEARNED.search(sentence)] == []


def test_nobody_is_addressed_as_a_colleague() -> None:
    assert [s for s in sentences() if re.search(r"\b(je|jij|jouw|cliënt)\b", s)] == []


# ---- two languages -----------------------------------------------------------------------------


def test_dutch_stands_beside_every_translation(table: SharingTable) -> None:
    for said in texts_of(notice(table, marked("ar"))):
        assert said.own is not None
        assert said.own.language == "ar"
        assert said.dutch


def test_what_was_not_checked_is_said_to_be(table: SharingTable, fonts: Path) -> None:
    assert MACHINE_MADE[0] in text_of(render(notice(table, marked("en")), fonts))
    checked = Speaker("en", lambda dutch: FormText(f"<{dutch}>", "en", "reviewed"))
    assert MACHINE_MADE[0] not in text_of(render(notice(table, checked), fonts))
    assert MACHINE_MADE[0] not in text_of(render(notice(table), fonts))


def test_without_a_translation_the_dutch_stands_alone() -> None:
    missing = Speaker("ar", lambda dutch: FormText(dutch, "nl", "missing"))
    assert missing("Uw naam") == Said("Uw naam")
    joined = marked("ar").joined([Said("een", Text("<een>", "ar")), Said("twee")])
    assert joined == Said("een\u00a0· twee")


def test_fields_are_said_in_each_language() -> None:
    day = Said("2 maart", Text("٢ مارس", "ar"))
    said = marked("ar")("Klaar op {day}.", day=day)
    assert said.dutch == "Klaar op 2 maart."
    assert said.own == Text("<Klaar op ٢ مارس.>", "ar")
    name = marked("ar")("{name} praat met u.", name="\u202eJan").own
    assert name is not None
    assert name.text.count("\u2068") == name.text.count("\u2069")


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Ik wil leren", "ar", "nl"),
        ("123", "ar", "nl"),
        ("أريد أن أتعلم", "", "ar"),
        ("می‌خواهم کار کنم", "fa", "fa"),
        ("ክመሃር ይደሊ", "ti", "ti"),
        ("ክመሃር ይደሊ", "ar", "ti"),
        ("- أريد", "ar", "ar"),
    ],
)
def test_somebodys_own_words_have_their_own_direction(
    text: str, language: str, expected: str
) -> None:
    assert written(text, language) == Text(text, expected)


# ---- the page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en", "ar", "ti", "fa"])
def test_a_paper_is_for_keeping_and_for_reading_aloud(
    table: SharingTable, fonts: Path, language: str
) -> None:
    for page in (notice(table, marked(language)), receipt(marked(language))):
        pdf = render(page, fonts)
        assert pdf == render(page, fonts)
        assert b"pdfaid:part>3<" in pdf
        assert b"pdfuaid:part>1<" in pdf
        assert f"/Lang({language}".encode() in unpacked(pdf).replace(b" ", b"")


@pytest.mark.skipif(shutil.which("verapdf") is None, reason="veraPDF is not here")
@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_an_independent_checker_agrees(
    table: SharingTable, fonts: Path, tmp_path: Path, flavour: str
) -> None:
    path = tmp_path / "papier.pdf"
    path.write_bytes(render(notice(table, marked("ar")), fonts))
    ran = subprocess.run(
        ["verapdf", "--format", "text", "--flavour", flavour, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.startswith("PASS")


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
def test_any_words_can_be_printed(question: str, answer: str) -> None:
    page = replace(
        receipt(),
        blocks=(
            Answer(Said(question, Text(question, "ar")), written(answer, "fa")),
            Literal(written(answer)),
        ),
    )
    assert page_images(render(page, paths.resource("fonts")), 10)


def test_long_answers_go_on_to_the_next_page(fonts: Path) -> None:
    story = "Ik heb acht jaar in een ziekenhuis gewerkt. " * 300
    page = replace(receipt(), blocks=(Answer(Said("Wat deed u?"), written(story)),))
    pages = page_images(render(page, fonts), 20)
    assert len(pages) > 1
    told = re.sub(r"\s+", " ", " ".join(p.text for p in pages))
    assert told.count("acht jaar in een ziekenhuis") >= 295


def test_a_time_without_a_zone_is_refused(fonts: Path) -> None:
    with pytest.raises(ValueError, match="aware"):
        render(replace(receipt(), created=datetime(2026, 1, 1)), fonts)  # noqa: DTZ001
