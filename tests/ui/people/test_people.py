from __future__ import annotations

import pytest
from pages.people import PeoplePageObject, RegisterPageObject
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView
from support.people import add_people
from support.qt import make_context, make_theme, settle
from support.vaults import actor_of, prepared_vault

from intake_app.domain.partial_date import PartialDate
from intake_app.domain.person import Person
from intake_app.flows import case, register
from intake_app.flows.register import PersonDraft
from intake_app.ui.kit import ChoiceInput
from intake_app.ui.people import PeoplePage, RegisterPage


@pytest.fixture
def vault(tmp_path):
    opened = prepared_vault(tmp_path / "kluis")
    yield opened
    opened.close()


@pytest.fixture
def context(vault, qapp):
    return make_context(vault, make_theme(qapp))


@pytest.fixture
def people(qtbot, qapp, vault, context):
    add_people(vault)
    page = PeoplePage(context)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    settle(qapp)
    return PeoplePageObject(qtbot, page)


def test_everybody_is_listed_and_a_click_opens_one(people, context):
    names = people.names()
    assert len(names) == 12
    people.open(names[3])
    assert context.navigate.calls[0][0] == "open_person"


def test_search_by_name_and_enter_opens_the_only_one(people, context, vault):
    wanted = people.names()[5]
    people.search(wanted.split(" ")[-1])
    assert people.names() == [wanted]
    assert context.navigate.calls[0][0] == "open_person"


def test_search_by_v_number(people, vault):
    with vault.read() as records:
        person = records.persons.all()[2]
    people.search(person.v_number)
    assert people.names() == [person.display_name]


def test_nobody_found_says_what_to_try(people):
    people.search("bestaat niet")
    assert people.names() == []
    assert "spelling" in " ".join(people.words())


def test_a_row_opens_by_keyboard(people, context, qtbot):
    view = people.find("people-list", QListView)
    view.setFocus()
    view.setCurrentIndex(view.model().index(1, 0))
    with qtbot.waitSignal(view.activated):
        people.press(Qt.Key.Key_Return, "people-list")
    assert context.navigate.calls[0][0] == "open_person"


def test_a_screen_reader_hears_one_sentence_per_person(people):
    model = people.find("people-list", QListView).model()
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert people.names()[0] in spoken
    assert spoken.count(",") >= 2


def test_the_number_on_the_list_is_masked(people, vault):
    with vault.read() as records:
        numbers = [p.v_number for p in records.persons.all()]
    model = people.find("people-list", QListView).model()
    spoken = " ".join(
        str(model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole))
        for row in range(model.rowCount())
    )
    assert not any(number in spoken for number in numbers)


def test_many_people_are_one_list_as_high_as_its_rows(qtbot, qapp, vault, context):
    with vault.transaction(actor_of(vault), "vullen") as tx:
        for number in range(400):
            tx.persons.save(Person(vault.env.uuid(), "", f"Persoon {number:03}"))
    page = PeoplePage(context)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    settle(qapp)
    shown = PeoplePageObject(qtbot, page)
    assert len(shown.names()) == 400
    assert page.list.height() == 400 * page._delegate.row_height()
    assert "400 mensen" in shown.text("people-count")


class Form:
    def __init__(self, qtbot, context, person_id=None) -> None:
        self.done: list[object] = []
        self.page = RegisterPage(
            context,
            person_id,
            done=self.done.append,
            cancel=lambda: self.done.append("cancel"),
        )
        qtbot.addWidget(self.page)
        self.page.resize(900, 700)
        self.page.show()
        self.form = RegisterPageObject(qtbot, self.page)


@pytest.fixture
def new(qtbot, context):
    return Form(qtbot, context)


def test_a_surname_is_enough(new, vault):
    new.form.fill(family_name="Tesfay")
    new.form.save()
    person = case.overview(vault, new.done[0]).person
    assert person.family_name == "Tesfay"
    assert not person.birth_date.year


def test_everything_that_is_asked_is_stored(new, vault):
    new.form.fill(
        v_number="1234.5678",
        family_name="Alkhatib",
        given_names="Rima Noor",
        name_prefix="al",
        call_name="Rima",
        phone="06 12345678",
        email="rima@example.org",
        bsn="123456782",
    )
    new.form.choose("register-birth-country", "7009")
    new.form.choose("register-nationality", "0336")
    new.form.click("register-nationality-more")
    new.form.choose("register-nationality-2", "other")
    new.form.type("register-nationality-2-code", "0345")
    new.form.choose("register-residence-title", "26")
    new.form.choose("register-contact-language", "ar")
    new.form.type("register-name-in-own-script", "ريما الخطيب")
    new.form.date("register-birth-date", "", "3", "1988")
    new.form.choose("register-birth-date-status", "geschat")
    new.form.choose("register-gender", "V")
    new.form.choose("register-interpreter-needed", "ja")
    new.form.choose("register-literacy", "AA")
    new.form.date("register-permit-from", "1", "2", "2026")
    new.form.click("register-nareiziger")
    new.form.koppeling("0355", "2", "2", "2026")
    new.form.save()
    overview = case.overview(vault, new.done[0])
    person = overview.person
    assert person.v_number == "0012345678"
    assert person.name_in_own_script == "ريما الخطيب"
    assert person.birth_date == PartialDate(1988, 3)
    assert person.birth_country == "7009"
    assert person.nationalities == ("0336", "0345")
    assert person.residence_title == "26"
    assert person.interpreter_needed is True
    assert person.is_nareiziger
    assert overview.municipality == "Zeist"


def test_what_is_wrong_stands_at_its_field_and_nothing_is_stored(new, vault):
    new.form.fill(v_number="12x", email="geen")
    new.form.date("register-birth-date", "31", "2", "1990")
    new.form.save()
    assert new.done == []
    assert "bestaat niet" in new.form.problem("register-birth-date")
    assert "1 vraag" in new.form.text("register-problem")
    new.form.date("register-birth-date", "", "", "1990")
    new.form.save()
    assert new.form.problem("register-birth-date") == ""
    for name in ("v-number", "family-name", "email"):
        assert new.form.problem(f"register-{name}"), name
    assert "3 vragen" in new.form.text("register-problem")
    assert new.form.root.focusWidget() is new.form.find("register-v-number")
    with vault.read() as records:
        assert records.persons.all() == ()


def test_a_code_that_cannot_be_stands_at_its_field(new, vault):
    new.form.fill(family_name="Tesfay")
    for name, text in (("birth-country", "Syrie"), ("nationality", "12"), ("residence-title", "7")):
        new.form.choose(f"register-{name}", "other")
        new.form.type(f"register-{name}-code", text)
    new.form.save()
    assert "vier cijfers" in new.form.problem("register-birth-country")
    assert "vier cijfers" in new.form.problem("register-nationality")
    assert "twee cijfers" in new.form.problem("register-residence-title")
    with vault.read() as records:
        assert records.persons.all() == ()
    for name in ("birth-country", "nationality", "residence-title"):
        new.form.find(f"register-{name}", ChoiceInput).set_value("")
    new.form.save()
    assert case.overview(vault, new.done[0]).person.nationalities == ()


def test_a_koppeling_needs_a_day_and_never_one_to_come(new, vault):
    new.form.fill(family_name="Tesfay")
    new.form.choose("register-koppeling", "0355")
    new.form.save()
    assert "welke dag" in new.form.problem("register-koppeling-on")
    new.form.date("register-koppeling-on", "2", "2", "2099")
    new.form.save()
    assert "toekomst" in new.form.problem("register-koppeling-on")
    with vault.read() as records:
        assert records.persons.all() == ()


def test_somebody_who_is_known_already_is_not_registered_twice(new, vault):
    register.register_person(vault, PersonDraft(family_name="A", v_number="12345678"))
    new.form.fill(family_name="B", v_number="0012345678")
    new.form.save()
    assert new.done == []
    assert "Er is al iemand" in new.form.text("register-problem")


def test_the_name_in_own_script_is_typed_in_its_own_direction(new):
    field = new.form.find("register-name-in-own-script")
    assert field.layoutDirection() is Qt.LayoutDirection.LeftToRight
    new.form.choose("register-contact-language", "ar")
    assert field.layoutDirection() is Qt.LayoutDirection.RightToLeft


def test_changing_keeps_what_is_not_touched(qtbot, context, vault):
    person = register.register_person(
        vault,
        PersonDraft(
            family_name="Tesfay",
            call_name="Aman",
            birth_date="1994-03",
            contact_language="ti",
            interpreter_needed="nee",
            birth_country="6099",
            nationalities=("0345", "0084"),
            no_azc_intake_reason="te laat gekoppeld",
        ),
    )
    form = Form(qtbot, context, person.person_id)
    form.form.fill(phone="0612345678")
    form.form.save()
    changed = case.overview(vault, person.person_id).person
    assert changed.phone == "0612345678"
    assert changed.with_changes(phone="") == person


def test_not_storing_stores_nothing(new, vault):
    new.form.fill(family_name="Tesfay")
    new.form.click("register-cancel")
    assert new.done == ["cancel"]
    with vault.read() as records:
        assert records.persons.all() == ()


def test_the_first_of_january_is_asked_about_once(new):
    new.form.fill(family_name="Haddad")
    new.form.date("register-birth-date", "1", "1", "1990")
    new.form.save()
    assert new.done == []
    assert "geschat" in new.page.fields["birth_date_status"].problem()
    new.form.save()
    assert len(new.done) == 1


def test_an_estimate_is_not_asked_about(new, vault):
    new.form.fill(family_name="Haddad")
    new.form.date("register-birth-date", "1", "1", "1990")
    new.form.choose("register-birth-date-status", "geschat")
    new.form.save()
    assert len(new.done) == 1
    assert case.overview(vault, new.done[0]).person.has_fictive_birthday


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"phone": "0612345678 zus"}, "phone", "alleen cijfers"),
        ({"bsn": "111222334"}, "bsn", "cijfer verkeerd"),
        ({"v_number": "V 123"}, "v_number", "zonder de letter V"),
        ({"given_names": "onbekend"}, "given_names", "leeg"),
    ],
)
def test_what_is_wrong_stands_at_its_field_with_what_to_do(new, typed, field, said):
    new.form.fill(family_name="Haddad", **typed)
    new.form.save()
    assert new.done == []
    assert said in new.page.fields[field].problem()
