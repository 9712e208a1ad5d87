"""The main job from two empty folders to a signed decision, through the windows themselves."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from pages.clientscreen import ClientScreenObject
from PySide6.QtWidgets import QLabel
from support import canaries
from support.desks import Team, sign_book
from support.vaults import START

from intake_app import paths
from intake_app.domain.actor import ReceiverRole
from intake_app.domain.event import EventKind
from intake_app.domain.interview import AnswerState, InterviewState
from intake_app.domain.plan import Leerroute, PlanState
from intake_app.domain.sharing import Verdict, read_table
from intake_app.flows import case
from intake_app.flows.desk import today
from intake_app.flows.preview import RowState
from intake_app.flows.selection import Why
from intake_app.handover.key_card import KeyCard, read_key_card
from intake_app.ui.handover.contents_step import ContentsRow

TABLE = read_table(paths.resource("sharing", "table.csv").read_text(encoding="utf-8"))
ROLE = ReceiverRole.UITVOERDER

REASON = "Redenkanarie: gaat naar elders"
CLOSED = "Blijfthierkanarie over een vraag"
TYPED = (*canaries.TYPED, REASON, CLOSED)
FIRST_SCHOOL, SECOND_SCHOOL = "Bloemenschool", "Vakschool groen"
ARABIC = {
    "droom": canaries.ANSWER,
    "doel_een_jaar": "أتعلم الهولندية",
    "belemmering_anders": "Geen oppas",
    "eerst_nodig": "Een fiets",
}


# ---- one file system for one run ---------------------------------------------------------------


class Places:
    """Every folder the run may write to, and the search through all of them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.usb, self.home = root / "usb", root / "home"
        self.temporary, self.logs = root / "tijdelijk", root / "logboek"
        for folder in (self.usb, self.home, self.temporary, self.logs):
            folder.mkdir()
        self.log = self.logs / "alles.log"

    def files(self) -> set[str]:
        """Return the names of every file that the search reads."""
        return {path.name for path in self.root.rglob("*") if path.is_file()}


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    """Give the run a home, a temporary folder and a log of its own; every record is kept."""
    made = Places(tmp_path)
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(made.temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(made.home))
    handler = logging.FileHandler(made.log, encoding="utf-8")
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield made
    root.removeHandler(handler)
    root.setLevel(before)
    handler.close()


# ---- the steps ---------------------------------------------------------------------------------


def exchange_keys(azc: Team, town: Team, usb: Path) -> KeyCard:
    """Save both key cards, have them certified, and take in the book; return the town's card."""
    town_card = town.save_card(usb / "sleutelkaart-gemeente.json")
    town.aside()
    azc.forward()
    own_card = azc.save_card(usb / "sleutelkaart-azc.json")
    number = sign_book([own_card, town_card], usb / "adresboek.json", azc.env)
    azc.import_book(usb / "adresboek.json", number)
    azc.aside()
    town.forward()
    town.import_book(usb / "adresboek.json", number)
    town.aside()
    azc.forward()
    return read_key_card(town_card.read_bytes())


def register(azc: Team) -> None:
    """Register a person with everything that must stay secret, and who belongs with them."""
    azc.go("people")
    azc.people().register()
    form = azc.register()
    form.fill(
        v_number=canaries.V_NUMBER,
        given_names=canaries.GIVEN_NAMES,
        family_name=canaries.FAMILY_NAME,
        name_in_own_script=canaries.OWN_SCRIPT,
        phone=canaries.PHONE,
    )
    form.date("register-birth-date", "", "3", "1990")
    form.choose("register-contact-language", "ar")
    form.choose("register-interpreter-needed", "ja")
    form.save()
    person = azc.person()
    person.click("person-household-edit")
    household = azc.shows("household-page")
    household.click("household-add")
    azc.shows("household-2-name")
    household.type("household-2-name", "Nour")
    household.choose("household-2-relation", "kind")
    household.date("household-2-born", "2", "9", "2017")
    household.click("household-save")
    assert "Nour" in azc.person().text("person-household")


def couple(azc: Team) -> None:
    """Take the next step that the person's page offers: the koppeling."""
    azc.person().take_next_step()
    page = azc.shows("couple-page")
    on = today(azc.env) - timedelta(days=10)
    page.choose("couple-municipality", "0355")
    page.date("couple-on", str(on.day), str(on.month), str(on.year))
    page.click("couple-save")
    assert azc.person().stations()["gekoppeld"] == "done"


def hold_intake(azc: Team) -> None:
    """Hold the intake in Dutch and Arabic, with the client screen, up to the look back."""
    azc.person().take_next_step()
    panel = azc.start_panel()
    panel.choose_mode("telefoon")
    panel.begin()
    interview = azc.interview()
    flow = interview.page.bridge.flow
    interview.click("client-screen-toggle")
    window = interview.page.client_screen.window
    assert window is not None
    client = ClientScreenObject(azc.qtbot, window)

    interview.next()
    assert interview.questions() == ("uitleg_pauze",)
    interview.next()
    assert interview.questions() == ("tolk_nodig",)
    assert interview.label("tolk_nodig") == "Wilt u een tolk bij dit gesprek?"
    assert is_arabic(interview.label("tolk_nodig", "other"))
    assert any(is_arabic(text) for text in client.texts())
    assert interview.label("tolk_nodig") not in client.texts()
    client.tap("ja")
    azc.until(lambda: flow.session.value(interview.block().key) == "ja")
    interview.next()
    interview.choose("ara", question="tolk_taal")
    interview.next()
    interview.choose("ara")
    interview.go_to_section("ambitie")

    # text, with the answer in the client's own language beside Dutch questions
    assert interview.questions() == ("droom",)
    interview.write(canaries.ANSWER)
    interview.note(canaries.NOTE)
    interview.next()
    interview.write(ARABIC["doel_een_jaar"])
    interview.next()
    interview.say_state(AnswerState.REFUSED)
    interview.next()
    # several choices
    assert interview.questions() == ("belemmering",)
    values = [choice.value for choice in flow.view(interview.block().key).choices]
    interview.choose(*values[:2])
    interview.next()
    # the colleague says that they go on about this; the first question of it is put off
    interview.choose("ja", question="verdiepen_ambitie")
    interview.next()
    assert interview.questions() == ("wens_ambitie",)
    interview.later()

    # a table of questions, and a repeat with a second instance
    interview.go_to_section("onderwijs")
    interview.choose("ja")
    interview.next()
    interview.write("9", "school_jaren")
    interview.choose("beroep", question="opleiding_hoogste")
    while "verdiepen_onderwijs" not in interview.questions():
        interview.next()
    interview.choose("ja", question="verdiepen_onderwijs")
    interview.next()
    interview.next()
    interview.click("repeat-add")
    interview.write(SECOND_SCHOOL, "opleiding_naam")
    interview.write("2012", "opleiding_tot")
    interview.back()

    interview.go_to_section("leren")
    interview.fill_out(
        {
            "lbt_gedaan": "ja",
            "lbt_datum": "2026-02-14",
            "lbt_score": "31",
            "uren_per_week": "24",
            "digid": "nee",
            "oordeel_wonen": "zorg",
            "stap_wonen": "Samen naar de gemeente kijken",
            "laatste_vraag": CLOSED,
        }
    )
    assert interview.is_reviewing()


def check_intake(azc: Team) -> None:
    """Make it vastgesteld from the look back, and hold what is kept against what was done."""
    interview = azc.interview()
    # what must be answered and was not is named, and nothing is vastgesteld
    interview.finish()
    assert "Vaststellen kan nog niet" in " ".join(interview.words())
    assert interview.questions() == ("uitleg_begrepen",)
    interview.choose("ja")
    interview.go_to_section("review")
    assert "1 vraag staat nog op later. Vaststellen kan." in azc.interview().words()
    azc.finish_interview()
    azc.person()
    with azc.vault.read() as records:
        (person,) = records.persons.all()
        (kept,) = records.interviews.of_person(person.person_id)
        answers = records.answers.of_interview(kept.interview_id)
        repeats = records.repeats.of_interview(kept.interview_id)
    assert kept.state is InterviewState.VASTGESTELD
    by_name = {a.path.rsplit("/", 1)[-1]: a for a in answers if a.value or a.state or a.later}
    assert by_name["droom"].value == canaries.ANSWER
    assert by_name["droom"].note == canaries.NOTE
    assert not by_name["droom"].note_in_handover
    assert by_name["doel_een_jaar"].value == ARABIC["doel_een_jaar"]
    assert by_name["doel_drie_jaar"].state is AnswerState.REFUSED
    assert len(by_name["belemmering"].value.split()) == 2
    assert by_name["lbt_datum"].value == "2026-02-14"
    assert by_name["stap_wonen"].value == "Samen naar de gemeente kijken"
    assert any(a.later for a in answers)
    assert len([r for r in repeats if r.path.endswith("/opleiding")]) == 2


def record_noa(azc: Team, *, eligible: bool) -> None:
    """Record the assessment, or why there is none."""
    azc.person().click("person-noa")
    azc.start_panel().begin()
    interview = azc.interview()
    day = today(azc.env).isoformat()
    given = (
        {"in_aanmerking": "ja", "afname_datum": day}
        if eligible
        else {"in_aanmerking": "nee", "reden_niet": "testtaal"}
    )
    interview.fill_out(given)
    azc.finish_interview()
    stations = azc.person().stations()
    assert stations["noa"] == ("done" if eligible else "not_applicable")
    with azc.vault.read() as records:
        (person,) = records.persons.all()
        kinds = {event.kind: event for event in records.events.of_person(person.person_id)}
    if eligible:
        assert EventKind.ASSESSMENT_AFGENOMEN in kinds
    else:
        assert kinds[EventKind.NIET_IN_AANMERKING].detail == "testtaal"


def make_plan(azc: Team) -> None:
    """Choose a path, write a goal of our own with an action, and establish it."""
    azc.person().take_next_step()
    page = azc.plan()
    page.choose_path("leer_werk")
    page.click("plan-add-goal")
    page.click("goal-chooser-own")
    page.type("goal-text", canaries.GOAL)
    page.click("goal-add-action")
    page.type("action-1-what", "Kennismaken met een bloemist")
    page.click("goal-done")
    page.tell_view(canaries.CLIENT_VIEW)
    page.discussed_today(with_interpreter=True)
    page.choose("plan-leerroute", Leerroute.B1.value)
    page.establish()
    azc.until(page.is_established)
    with azc.vault.read() as records:
        (person,) = records.persons.all()
        kept = records.plans.of_person(person.person_id)[-1]
    assert kept.state is PlanState.VASTGESTELD
    assert [goal.text for goal in kept.goals] == [canaries.GOAL]
    assert [action.what for action in kept.goals[0].actions] == ["Kennismaken met een bloemist"]
    assert kept.client_view == canaries.CLIENT_VIEW


def hand_over(azc: Team, card: KeyCard, usb: Path) -> Path:
    """Go through the four steps; return the sealed file."""
    azc.plan().click("plan-to-handover")
    page = azc.handover()
    wrong = "".join(reversed(card.fingerprint))
    page.check_number(wrong)
    assert page.problem("recipient-number")
    page.check_number(card.fingerprint)
    azc.until(lambda: not page.has("recipient-number"))
    check_contents(page.root.findChildren(ContentsRow))
    page.go_on()
    azc.until(lambda: page.has("gap-later"))
    page.go_on()
    azc.pick.answers.append(usb)
    page.choose_folder()
    assert str(usb) in page.text("seal-folder")
    page.go_on()
    azc.until(lambda: page.has("history-state"))
    assert page.line()["aangeboden"] == "done"
    assert page.line()["geaccepteerd"] == "open"
    (made,) = usb.glob("overdracht-*.zip")
    return made


def check_contents(rows: list[ContentsRow]) -> None:
    """Hold what leaves and what stays against the sharing table, as it is shown."""
    shown = {(row.row.category, row.row.state) for row in rows}
    assert len(shown) == len(rows)
    for category, state in shown:
        verdict = TABLE.rule(category, ROLE).verdict if category else Verdict.NEE
        allowed = {
            Verdict.JA: {RowState.LEAVES, RowState.STAYS},
            Verdict.NA_TOESTEMMING: {RowState.ASK},
            Verdict.NEE: {RowState.STAYS},
        }
        assert state in allowed[verdict], category
    leaving = {category for category, state in shown if state is RowState.LEAVES}
    going = {"identiteit", "contact", "gezin", "koppeling", "ambitie", "opleiding", "noa", "plan"}
    assert going <= leaving
    staying = {row.row.category: row for row in rows if row.row.state is RowState.STAYS}
    # the note was not ticked, so that it stays although the table would let its category go
    assert staying["ambitie"].row.why is Why.NOTE
    assert staying["ambitie"].row.notes == 1
    assert "notitie" not in leaving
    words = {True: "gaat mee", False: "blijft hier"}
    for row in rows:
        texts = [label.text() for label in row.findChildren(QLabel)]
        assert words[row.row.state is RowState.LEAVES] in texts
        if row.row.category in staying and row.row.state is RowState.STAYS:
            assert row.row.reason


def read_dossier(town: Team, file: Path) -> None:
    """Open the envelope at the receiver, read the dossier, and look at the PDF."""
    town.pick.answers.append(file)
    town.go("handover")
    inbox = town.inbox()
    inbox.open_file()
    envelope = inbox.envelope()
    assert "zegel heel" in envelope
    assert "Team De Berkenhof" in envelope
    inbox.take_in()
    page = town.dossier()
    words = " ".join(page.words())
    for expected in (
        canaries.FAMILY_NAME,
        canaries.OWN_SCRIPT,
        canaries.GOAL,
        canaries.CLIENT_VIEW,
    ):
        assert expected in words
    for number in range(1, 40):
        if not page.has(f"dossier-section-1-{number}"):
            break
        page.open_section(1, number)
    opened = " ".join(page.words())
    assert canaries.ANSWER in opened
    assert SECOND_SCHOOL in opened
    assert canaries.NOTE not in opened
    page.click("dossier-as-pdf")
    picture = town.shows("pdf-page").find("pdf-page", QLabel)
    town.until(lambda: not picture.pixmap().isNull())
    page.click("pdf-as-text")
    town.until(lambda: canaries.FAMILY_NAME in page.text("pdf-text"))
    page.click("dossier-as-pdf")


def accept(town: Team, usb: Path, talk: date) -> Path:
    """Take the dossier over; return the receipt."""
    page = town.dossier()
    page.to_decision()
    page.plan_talk(str(talk.day), str(talk.month), str(talk.year))
    town.pick.answers.append(usb)
    page.accept()
    return the_receipt(town, usb)


def refuse(town: Team, usb: Path) -> Path:
    """Refuse the dossier with a reason, of which the first try forgets it; return the receipt."""
    page = town.dossier()
    page.refuse("")
    assert page.problem("refuse-reason")
    page.type("refuse-reason", REASON)
    town.pick.answers.append(usb)
    page.click("inbox-refuse-confirm")
    return the_receipt(town, usb)


def the_receipt(town: Team, usb: Path) -> Path:
    page = town.dossier()
    town.until(lambda: "opgeslagen" in page.notice())
    (receipt,) = usb.glob("ontvangst-*.age")
    assert receipt.name in page.notice()
    return receipt


def take_receipt(azc: Team, receipt: Path, state: str) -> None:
    """Read the receipt at the sender, and look at the person's line."""
    azc.pick.answers.append(receipt)
    azc.go("handover")
    page = azc.handovers()
    page.import_receipt()
    azc.until(lambda: page.has("handovers-notice"))
    assert "klopt" in page.notice()
    assert state in " ".join(page.words())
    azc.go("people")
    people = azc.people()
    (name,) = people.names()
    assert canaries.FAMILY_NAME in name
    people.open(name)
    person = azc.person()
    assert state in person.text("person-handovers")
    line = person.stations()
    assert line["aangeboden"] == "done"
    assert (line["geaccepteerd"] == "done") is (state == "geaccepteerd")


def is_arabic(text: str) -> bool:
    return any("\u0600" <= char <= "\u06ff" for char in text)


# ---- the test ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "eligible",
    [
        pytest.param(True, id="assessed-accepted"),
        pytest.param(False, id="not-eligible-refused", marks=pytest.mark.slow),
    ],
)
def test_from_two_empty_folders_to_a_signed_decision(
    make_team: Callable[..., Team],
    places: Places,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    qtlog: object,
    *,
    eligible: bool,
) -> None:
    town = make_team("gemeente", seed=2, start=START + timedelta(hours=1))
    town.make_vault(
        "ontvangst", "Dienst Heuvelland", "Bo Weide", canaries.PASSPHRASE_MUNICIPALITY, ("0355",)
    )
    town.aside()
    azc = make_team("azc", seed=1)
    azc.make_vault("azc", "Team De Berkenhof", "Jip Oever", canaries.PASSPHRASE_AZC)
    azc.aside()
    town.forward()
    card = exchange_keys(azc, town, places.usb)

    register(azc)
    couple(azc)
    hold_intake(azc)
    check_intake(azc)
    record_noa(azc, eligible=eligible)
    make_plan(azc)
    sealed = hand_over(azc, card, places.usb)
    azc.aside()
    town.forward()
    read_dossier(town, sealed)
    if eligible:
        talk = today(town.env) + timedelta(days=8)
        receipt = accept(town, places.usb, talk)
        (row,) = case.people(town.vault)
        assert row.person.v_number == canaries.V_NUMBER
    else:
        receipt = refuse(town, places.usb)
        assert case.people(town.vault) == ()
    town.aside()
    azc.forward()
    take_receipt(azc, receipt, "geaccepteerd" if eligible else "geweigerd")

    assert canaries.search([places.root], TYPED) == [], "while the vaults are open"
    azc.close()
    town.close()
    told = capfd.readouterr()
    (places.logs / "stdout.txt").write_text(told.out, encoding="utf-8")
    (places.logs / "stderr.txt").write_text(told.err, encoding="utf-8")
    (places.logs / "qt.txt").write_text(
        "\n".join(record.message for record in qtlog.records),  # type: ignore[attr-defined]
        encoding="utf-8",
    )
    (places.logs / "records.txt").write_text(caplog.text, encoding="utf-8")
    assert canaries.search([places.root], TYPED) == [], "after both programs ended"
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]

    titles = azc.titles | town.titles
    assert "Doorgaande Lijn" in titles
    assert not [t for t in titles for c in TYPED if c in t or c.split()[0] in t]

    # the search is only worth something where it reads what was written
    assert {"kluis.db", "sleutels.json", sealed.name, receipt.name, "alles.log"} <= places.files()
    for folder in (places.usb, places.home, places.temporary, places.logs, azc.folder, town.folder):
        (folder / "proef.bin").write_bytes(b"\0" + canaries.OWN_SCRIPT.encode("utf-16-le"))
    assert len(canaries.search([places.root], TYPED)) == 6
