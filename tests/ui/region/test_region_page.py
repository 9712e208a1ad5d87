"""The region's address book in its window, by two people with two sticks."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages.region import RegionPageObject
from support.qt import ScriptedPicker, make_context, make_theme, settle
from support.vaults import prepared_vault

from intake_app.crypto import age
from intake_app.domain.actor import Profile
from intake_app.flows import address_book, region
from intake_app.handover.address_book import read_book, root_fingerprint
from intake_app.ui import a11y
from intake_app.ui.kit import ConfirmDialog
from intake_app.ui.region.page import RegionPage

FATIMA = "krant molen sjaal wortel emmer"
JOOST = "kussen rivier dakpan hamer bloem"


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch):
    """Keys at the least cost; what they cost is measured elsewhere."""
    full = age.PassphraseRecipient
    monkeypatch.setattr(age, "PassphraseRecipient", lambda words: full(words, log_n=10))


@pytest.fixture
def vaults(tmp_path):
    made = (
        prepared_vault(tmp_path / "regio", profile=Profile.REGIO),
        prepared_vault(tmp_path / "azc"),
        prepared_vault(tmp_path / "gemeente", profile=Profile.ONTVANGST),
    )
    yield made
    for vault in made:
        vault.close()


@pytest.fixture
def show(qtbot, qapp, vaults):
    def shown(*answers: Path | None, scale: float = 1.0):
        picker = ScriptedPicker(*answers)
        page = RegionPage(make_context(vaults[0], make_theme(qapp, scale=scale), pick=picker))
        qtbot.addWidget(page)
        page.resize(1190, 740)
        page.show()
        settle(qapp)
        return RegionPageObject(qtbot, page)

    return shown


def card_of(vault, folder: Path) -> tuple[Path, str]:
    path = folder / f"{vault.info.organisation.organisation_id}.json"
    return path, address_book.save_card(vault, path).fingerprint


def sure(monkeypatch, *, yes: bool) -> None:
    monkeypatch.setattr(ConfirmDialog, "ask", lambda *_args, **_more: yes)


def test_from_two_sticks_to_a_book_that_is_read_in(show, vaults, tmp_path) -> None:
    regio, azc, town = vaults
    first, second = tmp_path / "fatima.age", tmp_path / "joost.age"
    mine, number = card_of(azc, tmp_path)
    theirs, other = card_of(town, tmp_path)
    book = tmp_path / "adresboek.json"
    page = show(first, second, mine, theirs, first, second, book)
    assert "Twee mensen ondertekenen" in page.text("region-book")
    page.begin()
    assert "minstens twee" in page.said()
    page.make_key(FATIMA)
    assert "Neem de stick mee" in page.said()
    page.make_key(JOOST)
    assert "fatima" in page.text("region-signers")
    page.begin()
    page.add_card(number)
    page.add_card(other.replace(" ", ""))
    for name in (azc, town):
        assert name.info.organisation.name in page.text("region-draft")
    assert "nog 2 handtekeningen" in page.text("region-needed")
    page.sign(FATIMA)
    assert "nog 1 handtekening" in page.text("region-needed")
    page.sign(JOOST)
    assert "genoeg mensen" in page.text("region-needed")
    page.publish()
    assert "opgeslagen" in page.said()
    made = region.view(regio).book
    assert made == read_book(book.read_bytes()).book
    assert address_book.import_book(azc, book, root_fingerprint(made)) == made
    assert "Nummer 1" in page.text("region-book")
    assert not page.has("region-draft")
    assert not page.has("region-revoke-x")


def drafted(vaults, tmp_path) -> None:
    """Put a draft with two signers and one organisation into the vault, as the flow makes it."""
    regio, azc, _ = vaults
    from intake_app.flows.root_keys import make_root

    for name, words in (("fatima", FATIMA), ("joost", JOOST)):
        make_root(tmp_path / f"{name}.age", words, random=regio.env.random)
        region.add_signer(regio, tmp_path / f"{name}.age.pub")
    region.begin(regio)
    card = address_book.own_card(azc)
    region.add_card(regio, card, card.fingerprint)


def test_a_wrong_passphrase_can_be_typed_again(show, vaults, tmp_path) -> None:
    drafted(vaults, tmp_path)
    page = show(tmp_path / "fatima.age")
    page.sign("iets heel anders")
    assert "opent de sleutel niet" in page.text("region-problem")
    page.type("region-passphrase-text", FATIMA)
    page.click("region-confirm")
    page.wait_for_work()
    assert "nog 1 handtekening" in page.text("region-needed")


def test_who_signs_reads_what_changes_first(show, vaults, tmp_path) -> None:
    drafted(vaults, tmp_path)
    page = show(tmp_path / "fatima.age")
    page.click("region-sign")
    assert "komt erbij" in page.text("region-form")
    page.click("region-confirm")
    assert page.problem("region-passphrase")
    page.click("region-cancel")
    assert page.has("region-draft")


def test_the_number_of_a_card_is_never_shown_before_it_is_typed(show, vaults, tmp_path) -> None:
    drafted(vaults, tmp_path)
    path, number = card_of(vaults[2], tmp_path)
    page = show(path)
    page.click("region-add-card")
    assert vaults[2].info.organisation.name in page.text("region-card-whose")
    assert number not in " ".join(page.words())
    page.type("region-card-number", "11111 22222 33333 44444 55555 66666")
    page.click("region-confirm")
    assert "hoort niet bij deze sleutelkaart" in page.problem("region-card-number")
    assert len(region.view(vaults[0]).draft.entries) == 1


def test_a_file_that_is_no_card(show, vaults, tmp_path) -> None:
    drafted(vaults, tmp_path)
    (tmp_path / "brief.json").write_text("{}")
    page = show(tmp_path / "brief.json", None)
    page.click("region-add-card")
    assert "geen sleutelkaart" in page.said()
    page.click("region-add-card")
    assert page.has("region-draft")


def test_revoking_asks_first(show, vaults, tmp_path, monkeypatch) -> None:
    drafted(vaults, tmp_path)
    entry = region.view(vaults[0]).draft.entries[0]
    name = f"region-revoke-{entry.sign_public[-8:]}"
    page = show()
    sure(monkeypatch, yes=False)
    page.click(name)
    assert not region.view(vaults[0]).draft.entries[0].is_revoked
    sure(monkeypatch, yes=True)
    page.click(name)
    assert region.view(vaults[0]).draft.entries[0].is_revoked
    assert "ingetrokken" in page.text("region-organisations")
    assert not page.has(name)


def test_retire_term_discard(show, vaults, tmp_path, monkeypatch) -> None:
    drafted(vaults, tmp_path)
    page = show()
    entry = region.view(vaults[0]).draft.entries[0]
    page.click(f"region-retire-{entry.sign_public[-8:]}")
    assert "oude sleutels" in page.text("region-organisations")
    page.click("region-term-90")
    page.settle()
    draft = region.view(vaults[0]).draft
    assert (draft.expires - draft.issued).days == 90
    sure(monkeypatch, yes=True)
    page.click("region-discard")
    assert region.view(vaults[0]).draft is None
    assert not page.has("region-draft")


def test_the_draft_goes_to_a_signer_elsewhere_and_comes_back(show, vaults, tmp_path) -> None:
    drafted(vaults, tmp_path)
    sent = tmp_path / "concept.json"
    page = show(sent, tmp_path / "fatima.age", sent)
    page.click("region-save-draft")
    assert read_book(sent.read_bytes()).signatures == ()
    page.sign(FATIMA)
    page.click("region-read-draft")
    # ours has a signature, so what has another day is another draft
    assert "ander concept" in page.said()
    assert "nog 1 handtekening" in page.text("region-needed")


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_names_targets_and_words_of_every_state(show, vaults, tmp_path, scale) -> None:
    page = show(scale=scale)
    assert not a11y.check(page.root)
    drafted(vaults, tmp_path)
    page.settle()
    assert page.has("region-draft"), "the page follows what changes elsewhere"
    assert not a11y.check(page.root)
    page.click("region-new-key")
    assert not a11y.check(page.root)
