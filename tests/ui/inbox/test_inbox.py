from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from pages.inbox import DossierPageObject, InboxPageObject
from support import file_forms, filled
from support.chain import PERSON, add_person, entry_of, make_chain, save_book
from support.qt import ScriptedPicker, make_context, make_theme, settle
from support.vaults import actor_of

from intake_app.domain.handover import HandoverState, InboxState
from intake_app.flows import hand_over, receive
from intake_app.ui import a11y
from intake_app.ui.inbox.dossier import DossierPage
from intake_app.ui.inbox.page import InboxPage
from intake_app.ui.pdfview.view import PdfView


@pytest.fixture
def chain(tmp_path: Path):
    made = make_chain(tmp_path)
    add_person(made.azc)
    yield made
    made.close()


@pytest.fixture
def file(chain) -> Path:
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick, texts=filled.texts())
    return chain.stick / handover.file_name


@pytest.fixture
def show(qtbot, qapp, chain):
    def shown(page_class, *answers, about=None, scale=1.0, size=(1200, 700)):
        context = make_context(
            chain.town, make_theme(qapp, scale=scale), pick=ScriptedPicker(*answers)
        )
        page = page_class(context) if about is None else page_class(context, about)
        qtbot.addWidget(page)
        page.resize(*size)
        page.show()
        settle(qapp)
        made = InboxPageObject if about is None else DossierPageObject
        return made(qtbot, page), context

    return shown


def inbox(chain):
    with chain.town.read() as records:
        return records.inbox.all()


def people(chain):
    with chain.town.read() as records:
        return records.persons.all()


def test_the_envelope_opens_when_all_is_whole(show, chain, file, qapp) -> None:
    page, context = show(InboxPage, file)
    assert page.has("inbox-empty")
    page.open_file()
    told = page.envelope()
    for words in ("zegel heel", "Dossier van Aman T.", "Team op locatie", "Gemeente Voorbeeldstad"):
        assert words in told
    assert inbox(chain) == ()
    page.take_in()
    (item,) = inbox(chain)
    assert context.navigate.calls == [("open_inbox", item.handover_id)]
    settle(qapp)
    assert "Aman T." in page.text("inbox-waiting")


def test_the_envelope_says_exactly_what_is_wrong(show, chain, file, tmp_path, qapp) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    flipped = tmp_path / "flipped.zip"
    flipped.write_bytes(bytes(data))
    cut = tmp_path / "cut.zip"
    cut.write_bytes(file.read_bytes()[:-40])
    page, _ = show(InboxPage, flipped, cut, None)
    page.open_file()
    assert "beschadigd of veranderd" in page.envelope()
    assert "zegel niet goed" in page.envelope()
    page.open_file()
    assert "niet compleet" in page.envelope()
    assert not page.has("inbox-take-in")
    page.open_file()
    assert "niet compleet" in page.envelope()
    assert inbox(chain) == ()


def test_a_file_from_nobody_we_know_stays_closed(show, chain, file) -> None:
    save_book(chain.town, entry_of(chain.town, "uitvoerder"), serial=2)
    page, _ = show(InboxPage, file)
    page.open_file()
    assert "niet in je adresboek" in page.envelope()
    assert "niet geopend" in page.envelope()


def test_the_same_file_again_is_said_and_changes_nothing(show, chain, file) -> None:
    receive.take_in(chain.town, file)
    page, _ = show(InboxPage, file)
    page.open_file()
    assert "al ontvangen" in page.envelope()
    assert len(inbox(chain)) == 1


def taken_in(chain, file) -> UUID:
    return receive.take_in(chain.town, file).handover_id


def test_accepting_takes_over_and_saves_the_receipt(show, chain, file, qapp, tmp_path) -> None:
    about = taken_in(chain, file)
    page, context = show(DossierPage, tmp_path, about=about)
    assert people(chain) == ()
    page.to_decision()
    page.plan_talk("20", "3", "2026")
    page.accept()
    settle(qapp)
    (item,) = inbox(chain)
    assert (item.state, item.first_talk) == (InboxState.GEACCEPTEERD, date(2026, 3, 20))
    assert "opgeslagen: ontvangst-" in page.notice()
    (receipt,) = tmp_path.glob("ontvangst-*.age")
    assert hand_over.import_receipt(chain.azc, receipt).state is HandoverState.GEACCEPTEERD
    page.click("dossier-to-person")
    assert context.navigate.calls == [("open_person", PERSON.person_id)]


def test_choosing_no_folder_decides_nothing(show, chain, file) -> None:
    about = taken_in(chain, file)
    page, _ = show(DossierPage, None, about=about)
    page.accept()
    assert inbox(chain)[0].state is InboxState.GEOPEND


def test_a_lost_stick_decides_nothing(show, chain, file, tmp_path) -> None:
    about = taken_in(chain, file)
    page, _ = show(DossierPage, tmp_path / "weg", about=about)
    page.accept()
    assert "Kies een andere map" in page.notice()
    assert inbox(chain)[0].state is InboxState.GEOPEND


def test_a_receipt_that_cannot_be_written_is_said_and_can_be_saved_again(
    show, chain, file, tmp_path, qapp
) -> None:
    about = taken_in(chain, file)
    (tmp_path / f"ontvangst-{about.hex[:8]}.age").touch()
    other = tmp_path / "andere"
    other.mkdir()
    page, _ = show(DossierPage, tmp_path, other, about=about)
    page.accept()
    settle(qapp)
    assert page.notice().startswith("Je besluit is opgeslagen, maar het ontvangstbewijs nog niet.")
    page.click("inbox-save-receipt")
    (receipt,) = other.iterdir()
    assert hand_over.import_receipt(chain.azc, receipt).state is HandoverState.GEACCEPTEERD


def test_refusing_needs_a_reason(show, chain, file, tmp_path, qapp) -> None:
    about = taken_in(chain, file)
    page, _ = show(DossierPage, tmp_path, about=about)
    page.refuse("")
    assert "waarom" in page.problem("refuse-reason")
    page.type("refuse-reason", "Gekoppeld aan Houten.")
    page.click("inbox-refuse-confirm")
    settle(qapp)
    assert (inbox(chain)[0].state, people(chain)) == (InboxState.GEWEIGERD, ())
    assert "Gekoppeld aan Houten." in page.text("envelope")


def test_differences_are_chosen_one_by_one(show, chain, file, tmp_path, qapp) -> None:
    known = replace(
        PERSON, person_id=UUID(int=99), phone="0699999999", bsn="", email="a@example.org"
    )
    with chain.town.transaction(actor_of(chain.town), "registreren") as tx:
        tx.persons.save(known)
    about = taken_in(chain, file)
    page, _ = show(DossierPage, tmp_path, about=about)
    shown = page.text("differences")
    assert "Bij 1 gegeven staat iets anders" in shown
    assert "•••• 6782" in shown
    assert PERSON.bsn not in " ".join(page.words())
    page.accept()
    assert page.problem("choice-phone") == "Kies wat klopt."
    page.choose_side("phone", "theirs")
    page.accept()
    settle(qapp)
    (person,) = people(chain)
    assert (person.person_id, person.phone) == (known.person_id, PERSON.phone)
    assert (person.bsn, person.email) == (PERSON.bsn, "a@example.org")


def test_an_older_version_leads_to_the_newer_one(show, chain, file) -> None:
    about = taken_in(chain, file)
    second = hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    newer = taken_in(chain, chain.stick / second.file_name)
    page, context = show(DossierPage, about=about)
    assert "versie 2" in page.text("dossier-newer")
    page.click("dossier-to-newer")
    assert context.navigate.calls == [("open_inbox", newer)]


def test_answers_stand_in_two_languages_and_weak_ones_are_marked(show, chain, qapp) -> None:
    filled.interview(chain.azc, PERSON.person_id)
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick, texts=filled.texts())
    about = taken_in(chain, chain.stick / handover.file_name)
    page, _ = show(DossierPage, about=about)
    assert "niet goed begrepen" in page.text("dossier-interview-1")
    assert "in het Tigrinya met een tolk per telefoon" in page.text("dossier-interview-1")
    before = page.text("dossier-interview-1")
    page.open_section(1, 1)
    settle(qapp)
    opened = page.text("dossier-interview-1")
    assert len(opened) > len(before)
    assert any("\u1200" <= char <= "\u137f" for char in opened)


def test_an_answer_that_is_a_file_is_looked_at_from_the_answer(show, chain, qapp) -> None:
    flow = file_forms.start_with_files(chain.azc, person_id=PERSON.person_id)
    flow.answer_file(file_forms.PHOTO, file_forms.picture(9, width=40, height=30))
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    about = taken_in(chain, chain.stick / handover.file_name)
    page, _ = show(DossierPage, about=about)
    page.open_section(1, 1)
    settle(qapp)
    assert "Foto (zie bijlage 001.png)" in page.text("dossier-interview-1")
    (came,) = receive.look(chain.town, about).attachments
    page.click(f"dossier-answer-{came.attachment_id}")
    settle(qapp)
    assert "Foto van het diploma" in page.text("dossier-attachment-view")
    page.click("dossier-attachment-back")
    settle(qapp)
    assert "Foto (zie bijlage 001.png)" in page.text("dossier-interview-1")


def test_the_pdf_is_drawn_and_its_text_can_be_read(show, chain, file, qtbot, qapp) -> None:
    about = taken_in(chain, file)
    page, _ = show(DossierPage, about=about)
    page.click("dossier-as-pdf")
    view = page.find("pdf-view", PdfView)
    with qtbot.waitSignal(view.drawn, timeout=20_000):
        pass
    assert not view.picture.pixmap().isNull()
    assert "Overdrachtsdossier" in view.picture.accessibleDescription()
    assert view.pages >= 1
    settle(qapp)
    assert view.picture.pixmap().width() > 1000, "the page leaves room unused"
    assert view.area.horizontalScrollBar().maximum() == 0, "the page is wider than the room"
    page.click("pdf-as-text")
    settle(qapp)
    assert "Tesfay" in page.text("pdf-text")
    width = view.picture.pixmap().width()
    page.click("pdf-as-text")
    with qtbot.waitSignal(view.drawn, timeout=20_000):
        view.zoom(1)
    assert view.picture.pixmap().width() > width
    page.click("dossier-as-pdf")
    settle(qapp)
    assert not page.has("pdf-view")


def test_a_page_of_the_pdf_follows_the_width_of_the_window(show, chain, file, qtbot, qapp) -> None:
    about = taken_in(chain, file)
    page, _ = show(DossierPage, about=about)
    page.click("dossier-as-pdf")
    view = page.find("pdf-view", PdfView)
    with qtbot.waitSignal(view.drawn, timeout=20_000):
        pass
    settle(qapp)
    before = view.picture.pixmap().width()
    window = view.window()
    with qtbot.waitSignal(view.drawn, timeout=20_000):
        window.resize(window.width() - 160, window.height())
        settle(qapp)
        assert view.picture.pixmap().width() < before - 100, "it waits for the sharp picture"
        assert view.area.horizontalScrollBar().maximum() == 0
    settle(qapp)
    assert view.area.horizontalScrollBar().maximum() == 0
    assert view.area.viewport().width() - view.picture.pixmap().width() < 40


def test_a_broken_pdf_is_said(qtbot, qapp, chain, show) -> None:
    context = make_context(chain.town, make_theme(qapp))
    view = PdfView(context.theme, context.tr, b"geen pdf")
    qtbot.addWidget(view)
    with qtbot.waitSignal(view.failed, timeout=20_000):
        view.show()
    assert "beschadigd" in view.notice.text()


@pytest.mark.parametrize(("scale", "size"), [(1.0, (1190, 640)), (2.0, (1100, 690))])
def test_the_screens_can_be_used_by_everybody(
    show, chain, file, tmp_path, qtbot, qapp, scale, size
) -> None:
    with chain.town.transaction(actor_of(chain.town), "registreren") as tx:
        tx.persons.save(replace(PERSON, person_id=UUID(int=99), phone="0699999999"))
    page, _ = show(InboxPage, file, scale=scale, size=size)
    page.open_file()

    def check(root) -> None:
        for _ in range(8):
            settle(qapp)
        assert a11y.check(root) == ()

    check(page.root)
    about = taken_in(chain, file)
    dossier, _ = show(DossierPage, tmp_path, about=about, scale=scale, size=size)
    check(dossier.root)
    dossier.click("dossier-as-pdf")
    view = dossier.find("pdf-view", PdfView)
    with qtbot.waitSignal(view.drawn, timeout=20_000):
        pass
    check(dossier.root)
    dossier.click("dossier-as-pdf")
    dossier.to_decision()
    dossier.click("inbox-refuse")
    check(dossier.root)
