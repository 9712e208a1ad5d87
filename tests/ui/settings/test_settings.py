from __future__ import annotations

from datetime import timedelta

import pytest
from pages.settings import SettingsPageObject
from support.chain import ROOTS, make_chain
from support.qt import ScriptedPicker, make_context, make_theme, settle
from support.vaults import START, prepared_vault

from intake_app.documents.pages import page_images
from intake_app.domain.actor import Profile
from intake_app.flows import address_book
from intake_app.handover.address_book import read_book, root_fingerprint
from intake_app.handover.key_card import read_key_card
from intake_app.ui.settings import SettingsPage


@pytest.fixture
def vaults(tmp_path):
    azc = prepared_vault(tmp_path / "azc")
    town = prepared_vault(tmp_path / "gemeente", profile=Profile.ONTVANGST)
    yield azc, town
    azc.close()
    town.close()


def shown(qtbot, qapp, vault, *answers) -> SettingsPageObject:
    context = make_context(vault, make_theme(qapp), pick=ScriptedPicker(*answers))
    page = SettingsPage(context)
    qtbot.addWidget(page)
    page.resize(1000, 800)
    page.show()
    settle(qapp)
    return SettingsPageObject(qtbot, page)


def write_book(path, *vaults, number=1, previous=None):
    issued = START - timedelta(days=1) + timedelta(minutes=number)
    cards = [address_book.own_card(vault) for vault in vaults]
    raw = address_book.make_book(
        cards, ROOTS, issued=issued, expires=issued + timedelta(days=300), previous=previous
    )
    path.write_bytes(raw)
    return read_book(raw).book


def test_without_a_book_the_page_says_what_to_do(qtbot, qapp, vaults):
    page = shown(qtbot, qapp, vaults[0])
    assert "projectleider" in page.text("settings-no-book")
    assert not page.has("settings-organisations")


def test_the_key_card_is_written_and_holds_nothing_secret(qtbot, qapp, vaults, tmp_path):
    target = tmp_path / "kaart.json"
    page = shown(qtbot, qapp, vaults[0], target)
    page.save_card()
    settle(qapp)
    card = read_key_card(target.read_bytes())
    assert card.name == vaults[0].info.organisation.name
    assert "kaart.json" in page.text("settings-organisation-said")
    keys = vaults[0].organisation_keys()
    raw = target.read_bytes()
    assert not any(secret.encode() in raw for secret in keys.age_identities)
    assert keys.signing_seed not in raw


def test_the_page_to_print_holds_the_number_and_the_card(qtbot, qapp, vaults, tmp_path):
    target = tmp_path / "kaart.pdf"
    page = shown(qtbot, qapp, vaults[0], target)
    page.click("settings-save-card-page")
    settle(qapp)
    assert "kaart.pdf" in page.text("settings-organisation-said")
    (first,) = page_images(target.read_bytes(), dpi=60)
    card = address_book.own_card(vaults[0])
    assert card.fingerprint[:17] in " ".join(first.text.split())
    assert vaults[0].organisation_keys().signing_seed not in target.read_bytes()


def test_changing_your_mind_writes_nothing(qtbot, qapp, vaults):
    page = shown(qtbot, qapp, vaults[0], None)
    page.save_card()
    assert not page.has("settings-organisation-said")


def test_a_card_is_never_written_over_another_file(qtbot, qapp, vaults, tmp_path):
    target = tmp_path / "brief.json"
    target.write_text("belangrijk")
    page = shown(qtbot, qapp, vaults[0], target)
    page.save_card()
    settle(qapp)
    assert target.read_text() == "belangrijk"
    assert page.text("settings-organisation-said")


def test_the_first_book_needs_the_number_of_its_roots(qtbot, qapp, vaults, tmp_path):
    path = tmp_path / "boek.json"
    book = write_book(path, *vaults)
    page = shown(qtbot, qapp, vaults[0], path)
    number = root_fingerprint(book)
    page.click("settings-import-book")
    settle(qapp)
    assert number not in " ".join(page.words())
    page.type("settings-root-number", "11111 22222 33333 44444 55555 66666")
    page.click("settings-root-ok")
    settle(qapp)
    assert "hoort niet bij" in page.text("settings-book-said")
    assert address_book.status(vaults[0]).book is None
    page.type("settings-root-number", number.replace(" ", "-"))
    page.click("settings-root-ok")
    settle(qapp)
    assert address_book.status(vaults[0]).book == book
    assert page.has("settings-organisations")
    assert "Zeist" in page.text("settings-routing")


def test_a_later_book_needs_no_typing(qtbot, qapp, vaults, tmp_path):
    first, second = tmp_path / "een.json", tmp_path / "twee.json"
    book = write_book(first, vaults[0])
    write_book(second, *vaults, number=2, previous=book)
    page = shown(qtbot, qapp, vaults[0], first, second)
    page.click("settings-import-book")
    settle(qapp)
    page.type("settings-root-number", root_fingerprint(book))
    page.click("settings-root-ok")
    settle(qapp)
    page.import_next_book()
    settle(qapp)
    known = address_book.status(vaults[0]).book
    assert known is not None
    assert known.serial == 2


def test_a_file_that_is_no_book_is_refused_in_words(qtbot, qapp, vaults, tmp_path):
    path = tmp_path / "iets.json"
    path.write_text("{}")
    page = shown(qtbot, qapp, vaults[0], path)
    page.click("settings-import-book")
    settle(qapp)
    assert page.text("settings-book-said")
    assert not page.has("settings-root-number")


def test_a_control_number_is_typed_before_it_is_ever_shown(qtbot, qapp, tmp_path):
    chain = make_chain(tmp_path)
    town_id = chain.town.info.organisation.organisation_id
    azc_id = chain.azc.info.organisation.organisation_id
    page = shown(qtbot, qapp, chain.town)
    (known,) = [k for k in address_book.organisations(chain.town) if not k.is_ourselves]
    assert known.entry.organisation_id == azc_id
    assert known.entry.fingerprint not in " ".join(page.words())
    page.check_number(azc_id, "11111 22222 33333 44444 55555 66666")
    assert "niet het controlegetal" in page.problem(f"settings-number-{azc_id}")
    assert known.entry.fingerprint not in " ".join(page.words())
    page.type(f"settings-number-{azc_id}", known.entry.fingerprint)
    page.click(f"settings-compare-{azc_id}")
    settle(qapp)
    (checked,) = [k for k in address_book.organisations(chain.town) if not k.is_ourselves]
    assert checked.check is not None
    assert not page.has(f"settings-check-{azc_id}")
    assert not page.has(f"settings-check-{town_id}")
    chain.close()


def test_our_own_number_can_be_read_out(qtbot, qapp, vaults):
    page = shown(qtbot, qapp, vaults[0])
    number = address_book.own_card(vaults[0]).fingerprint
    assert number in " ".join(page.words())
