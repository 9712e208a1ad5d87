from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pages.handover import HandoverPageObject, HandoversPageObject
from PySide6.QtCore import Qt
from support import filled
from support.chain import PERSON, add_person, entry_of, make_chain, save_book
from support.qt import ScriptedPicker, make_context, make_theme, settle

from intake_app import paths
from intake_app.domain.actor import ReceiverRole
from intake_app.domain.handover import HandoverState
from intake_app.domain.sharing import SharingRule, SharingTable, Verdict
from intake_app.flows import hand_over, plan, receive
from intake_app.flows.desk import today
from intake_app.i18n.catalogues import Catalogues
from intake_app.ui import a11y
from intake_app.ui.handover import contents_step
from intake_app.ui.handover.list import HandoversPage
from intake_app.ui.handover.page import HandoverPage


@pytest.fixture
def chain(tmp_path: Path):
    made = make_chain(tmp_path)
    add_person(made.azc)
    yield made
    made.close()


def with_plan(vault) -> None:
    concept = plan.draft(vault, PERSON.person_id)
    goal = plan.from_template(plan.templates()[0], vault.env)
    ready = replace(
        concept,
        main_path=plan.Vervolgpad.ONDERWIJS,
        goals=(goal,),
        discussed_on=today(vault.env),
    )
    plan.establish(vault, plan.save(vault, ready).plan_id)


@pytest.fixture
def show(qtbot, qapp, chain):
    def shown(*answers, kind=HandoverPage, scale=1.0, size=(1200, 700)):
        context = make_context(
            chain.azc, make_theme(qapp, scale=scale), pick=ScriptedPicker(*answers)
        )
        page = kind(context, PERSON.person_id) if kind is HandoverPage else kind(context)
        qtbot.addWidget(page)
        page.resize(*size)
        page.show()
        settle(qapp)
        made = HandoverPageObject if kind is HandoverPage else HandoversPageObject
        return made(qtbot, page), context

    return shown


def newest(chain):
    return hand_over.latest(chain.azc, PERSON.person_id)


def to_sealing(page: HandoverPageObject) -> None:
    page.go_on()
    page.go_on()
    page.choose_folder()


def test_four_steps_lead_to_a_sealed_file(show, chain, qapp) -> None:
    page, _ = show(chain.stick)
    assert "controlegetal gecontroleerd door" in page.text("step-recipient")
    assert page.next_step() == "Verder naar controle"
    page.go_on()
    assert page.next_step() == "Verder naar verzegelen"
    page.go_on()
    assert page.next_step() == "Map of stick kiezen"
    page.choose_folder()
    assert page.next_step() == "Verzegelen en aanbieden"
    assert page.text("seal-folder") == str(chain.stick)
    page.go_on()
    (file,) = chain.stick.iterdir()
    assert newest(chain).file_name == file.name
    name = chain.town.info.organisation.name
    assert page.state_sentence() == (
        f"Het dossier is aangeboden. {name} heeft het nog niet geopend. Je krijgt bericht."
    )
    assert page.line() == {
        "aangeboden": "done",
        "ontvangen": "current",
        "geopend": "open",
        "geaccepteerd": "open",
    }


def test_the_control_number_is_typed_in_before_anything_can_be_sealed(show, chain, tmp_path):
    fresh = make_chain(tmp_path / "nieuw")
    keys = replace(
        entry_of(chain.town, "uitvoerder"),
        age_recipient=entry_of(fresh.azc, "azc").age_recipient,
    )
    fresh.close()
    save_book(chain.azc, keys, serial=2)
    page, _ = show()
    assert "nog niet gecontroleerd" in page.problem_sentence()
    assert keys.fingerprint not in " ".join(page.words())
    page.check_number("12345 67890")
    assert "niet het controlegetal" in page.problem("recipient-number")
    assert page.has("recipient-number")
    page.type("recipient-number", keys.fingerprint.replace(" ", ""))
    page.press(Qt.Key.Key_Return, "recipient-number")
    page.settle()
    assert not page.has("recipient-number")
    assert page.next_step() == "Verder naar controle"


def test_a_recipient_problem_says_how_to_mend_it_and_leads_there(show, chain) -> None:
    save_book(chain.azc, entry_of(chain.azc, "azc"), serial=2)
    page, context = show()
    assert "staat niet in het adresboek" in page.problem_sentence()
    assert not page.find("handover-next").isEnabled()
    page.click("recipient-fix")
    assert context.navigate.calls == [("open_settings",)]


def test_the_page_follows_a_new_address_book(show, chain, qapp) -> None:
    save_book(chain.azc, entry_of(chain.azc, "azc"), serial=2)
    page, _ = show()
    save_book(chain.azc, entry_of(chain.azc, "azc"), entry_of(chain.town, "gemeente"), serial=3)
    settle(qapp)
    assert page.find("handover-next").isEnabled()


def test_each_row_says_what_goes_or_stays_and_why(show, chain, qapp) -> None:
    filled.interview(chain.azc, PERSON.person_id)
    page, _ = show()
    money = page.row("geld", "leaves")
    assert "gaat mee" in money
    assert "niet goed begrepen, gemarkeerd" in money
    assert "blijft hier" in page.row("intern", "stays")
    assert "Grondslag" not in page.row("bsn", "leaves")
    page.open_why("bsn", "leaves")
    settle(qapp)
    assert "Grondslag: " in page.row("bsn", "leaves")


def test_consent_is_asked_in_the_list_itself(show, chain, monkeypatch, qapp) -> None:
    shipped = hand_over.sharing_table()
    role = ReceiverRole.UITVOERDER
    asks = SharingRule("contact", role, Verdict.NA_TOESTEMMING, "Alleen als het mag.", "AVG 6(1)a")
    table = SharingTable({**shipped.rules, ("contact", role): asks})
    monkeypatch.setattr(hand_over, "sharing_table", lambda: table)
    monkeypatch.setattr(contents_step, "sharing_table", lambda: table)
    page, _ = show()
    assert "na toestemming" in page.row("contact", "ask")
    page.click("consent-contact-ask")
    assert page.text("consent-contact-question").startswith("Mag ik dit delen")
    asked = page.text("consent-contact-question-other")
    tigrinya = Catalogues(paths.compiled_dir()).ui("ti")
    assert asked == tigrinya.gettext(contents_step.CONSENT_QUESTION)
    assert asked != contents_step.CONSENT_QUESTION
    page.click("consent-contact-no")
    page.give_consent("contact")
    settle(qapp)
    row = page.row("contact", "leaves")
    assert "toestemming gegeven op 2 maart 2026, in het Tigrinya, met tolk" in row
    page.click("consent-contact-withdraw")
    settle(qapp)
    assert "na toestemming" in page.row("contact", "ask")


def test_what_is_missing_is_listed_and_stops_nothing(show, chain, qapp) -> None:
    page, _ = show(chain.stick)
    page.go_on()
    assert page.has("gap-no_plan")
    assert page.has("gap-no_assessment")
    page.go_on()
    page.choose_folder()
    page.go_on()
    assert newest(chain).state is HandoverState.AANGEBODEN


def test_a_full_or_forbidden_place_is_said_and_nothing_is_offered(show, chain) -> None:
    page, _ = show(chain.azc.folder, chain.stick)
    to_sealing(page)
    page.go_on()
    assert "kluis zelf" in page.notice()
    assert newest(chain) is None
    page.choose_folder()
    page.go_on()
    assert newest(chain).state is HandoverState.AANGEBODEN


def test_only_a_verified_receipt_makes_it_green(show, chain, tmp_path) -> None:
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    receive.take_in(chain.town, chain.stick / handover.file_name)
    receipt = receive.accept(
        chain.town,
        handover.handover_id,
        first_talk=date(2026, 3, 20),
        receipt_folder=chain.stick,
    )
    wrong = tmp_path / "wrong.age"
    wrong.write_text("geen bewijs")
    page, _ = show(wrong, None, receipt)
    page.import_receipt()
    assert "geen ontvangstbewijs" in page.notice()
    assert page.line()["geaccepteerd"] == "open"
    page.import_receipt()
    page.import_receipt()
    assert "geaccepteerd en gaat ermee verder" in page.state_sentence()
    assert set(page.line().values()) == {"done"}
    assert "20 maart 2026" in " ".join(page.words())


def test_a_refusal_shows_its_reason_and_offers_a_new_version(show, chain, qapp) -> None:
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    receive.take_in(chain.town, chain.stick / handover.file_name)
    receipt = receive.refuse(chain.town, handover.handover_id, "Gekoppeld aan Houten.", chain.stick)
    hand_over.import_receipt(chain.azc, receipt)
    page, _ = show()
    assert "geweigerd" in page.state_sentence()
    assert "Gekoppeld aan Houten." in page.text("history-reason")
    assert page.line()["geaccepteerd"] == "failed"
    page.click("handover-again")
    settle(qapp)
    assert "versie 2" in " ".join(page.words())


def test_withdrawing_asks_why_first(show, chain, qapp) -> None:
    hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    page, _ = show()
    page.click("handover-withdraw")
    page.click("withdraw-confirm")
    assert "waarom" in page.problem("withdraw-reason")
    page.type("withdraw-reason", "Verkeerde gemeente.")
    page.click("withdraw-confirm")
    settle(qapp)
    assert newest(chain).state is HandoverState.INGETROKKEN
    assert page.has("step-recipient")


def test_what_a_crash_left_is_said_and_can_be_ended(show, chain, monkeypatch, qapp) -> None:
    class Stopped(BaseException):
        pass

    def stop(*_args: object) -> None:
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr("intake_app.flows.hand_over._offer", stop)
        with pytest.raises(Stopped):
            hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    page, _ = show()
    assert "niet afgemaakt" in page.text("handover-unfinished")
    page.click("handover-unfinished-withdraw")
    settle(qapp)
    assert newest(chain).state is HandoverState.INGETROKKEN
    assert not page.has("handover-unfinished")
    assert page.has("step-recipient")


def test_the_place_lists_who_is_ready_and_what_waits(show, chain, qapp) -> None:
    page, _ = show(kind=HandoversPage)
    assert page.has("handovers-empty")
    filled.interview(chain.azc, PERSON.person_id)
    with_plan(chain.azc)
    settle(qapp)
    page, context = show(kind=HandoversPage)
    assert "Aman T." in page.text("handovers-ready")
    page.click("handover-start-1")
    assert context.navigate.calls == [("open_handover", PERSON.person_id)]
    hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    settle(qapp)
    assert "Nog niet ontvangen." in page.text("handovers-waiting")
    assert not page.has("handovers-ready")


def test_a_receipt_can_be_read_in_at_the_place_itself(show, chain, qapp) -> None:
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    receive.take_in(chain.town, chain.stick / handover.file_name)
    receipt = receive.accept(
        chain.town, handover.handover_id, first_talk=None, receipt_folder=chain.stick
    )
    page, _ = show(receipt, kind=HandoversPage)
    page.import_receipt()
    settle(qapp)
    assert "klopt" in page.notice()
    assert "geaccepteerd" in page.text("handovers-ended")


@pytest.mark.parametrize(("scale", "size"), [(1.0, (1190, 640)), (2.0, (1100, 690))])
def test_every_step_can_be_used_by_everybody(show, chain, qapp, scale, size) -> None:
    filled.interview(chain.azc, PERSON.person_id)
    page, _ = show(chain.stick, scale=scale, size=size)
    page.open_why("bsn", "leaves")

    def check() -> None:
        for _ in range(6):
            settle(qapp)
        assert a11y.check(page.root) == ()

    check()
    page.go_on()
    check()
    page.go_on()
    page.choose_folder()
    check()
    page.go_on()
    check()
    page.click("handover-withdraw")
    check()
