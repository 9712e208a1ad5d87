"""Attachments from one vault to the next: chosen, sealed, looked at, taken over."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from support import shipped
from support.chain import PERSON, Chain, add_person, entry_of, make_chain, save_book
from support.medical import fill_request, give_medical_role, hold_role
from support.vaults import actor_of, prepared_vault

from intake_app.documents.pages import page_images
from intake_app.domain.actor import Profile, ReceiverRole
from intake_app.domain.attachment import LARGEST, MEDICAL, MEGABYTE, Attachment, AttachmentKind
from intake_app.domain.sharing import Consent, SharingTable, Verdict
from intake_app.flows import attachments, hand_over, receive
from intake_app.flows.attachments import AttachmentRefused
from intake_app.flows.hand_over import sharing_table
from intake_app.flows.preview import CHOICE_REASON, OTHER_REASON, ROLE_REASON, RowState
from intake_app.flows.sealing import AttachmentLost
from intake_app.formio.library import Library
from intake_app.handover import open as opening
from intake_app.handover.dossier import from_json
from intake_app.handover.errors import Refusal, RefusalReason
from intake_app.vault import Vault
from intake_app.vault.schema import attachment_chunk
from intake_app.vault.stores.medical import CompartmentClosed, NoRoleKey

PDF = b"%PDF-1.7\n" + b"diploma " * 100_000
PNG = b"\x89PNG\r\n\x1a\n" + bytes(1000)
TALK = date(2026, 3, 20)


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made = make_chain(tmp_path)
    add_person(made.azc)
    yield made
    made.close()


def add(vault: Vault, data: bytes = PDF, **more: Any) -> Attachment:
    told = {
        "title": "Diploma lasser", "media_type": attachments.PDF, "category": "opleiding",
        "kind": AttachmentKind.DIPLOMA,
    } | more  # fmt: skip
    with vault.transaction(actor_of(vault), "bijlage toevoegen") as t:
        return t.attachments.add(PERSON.person_id, [data], env=vault.env, **told)


def of_person(vault: Vault) -> tuple[Attachment, ...]:
    with vault.read() as r:
        return r.attachments.of_person(PERSON.person_id)


def sealed(chain: Chain, **more: Any) -> Path:
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick, **more)
    return chain.stick / handover.file_name


def test_what_the_table_allows_goes_and_is_taken_over(chain: Chain):
    mine = add(chain.azc)
    photo = add(chain.azc, PNG, media_type=attachments.PNG, category="werk", title="Werkstuk",
                kind=AttachmentKind.OVERIG)  # fmt: skip
    path = sealed(chain)
    assert receive.inspect(chain.town, path).attachments == 2
    assert of_person(chain.town) == ()
    item = receive.take_in(chain.town, path)
    # before the decision: to be looked at, with nobody
    waiting = receive.look(chain.town, item.handover_id).attachments
    assert [(each.title, each.kind, each.media_type, each.category) for each in waiting] == [
        ("Diploma lasser", AttachmentKind.DIPLOMA, attachments.PDF, "opleiding"),
        ("Werkstuk", AttachmentKind.OVERIG, attachments.PNG, "werk"),
    ]
    assert [each.person_id for each in waiting] == [None, None]
    assert {each.source for each in waiting} == {chain.azc.info.organisation.name}
    assert attachments.content(chain.town, waiting[0].attachment_id).data == PDF
    with chain.town.read() as r:
        looked = r.audit.entries(1)[0].body
    assert "bijlage bekijken" in looked
    assert str(waiting[0].attachment_id) in looked
    assert str(item.handover_id) in looked
    assert of_person(chain.town) == ()
    receive.accept(
        chain.town, item.handover_id, first_talk=TALK, receipt_folder=chain.stick, choices={}
    )
    taken = of_person(chain.town)
    assert [each.sha256 for each in taken] == [mine.sha256, photo.sha256]
    assert attachments.content(chain.town, taken[1].attachment_id).data == PNG
    assert of_person(chain.azc) == (mine, photo)


def test_dossier_json_names_them_and_the_bag_holds_them(chain: Chain):
    mine = add(chain.azc)
    item = receive.take_in(chain.town, sealed(chain))
    (told,) = from_json(item.dossier_json).attachments
    assert (told.attachment_id, told.sha256, told.size, told.file) == (
        mine.attachment_id, mine.sha256, len(PDF), "data/bijlagen/001.pdf",
    )  # fmt: skip


def test_the_document_names_them_with_their_files(chain: Chain):
    add(chain.azc)
    item = receive.take_in(chain.town, sealed(chain))
    (page,) = [text for text in page_texts(item.dossier_pdf) if "Bijlagen" in text][:1]
    assert "Diploma lasser (001.pdf)" in page


def page_texts(pdf: bytes) -> list[str]:
    return [page.text for page in page_images(pdf, 40)]


def test_a_dossier_without_attachments_is_as_before(chain: Chain):
    item = receive.take_in(chain.town, sealed(chain))
    assert b'"attachments"' not in item.dossier_json
    assert receive.look(chain.town, item.handover_id).attachments == ()


def choice_of(chain: Chain, made: Attachment, **more: Any) -> Any:
    view = hand_over.preview(chain.azc, PERSON.person_id, **more)
    return next(each for each in view.attachments if each.attachment == made)


def test_the_preview_says_of_each_whether_it_goes_and_why(chain: Chain):
    diploma = add(chain.azc)
    note = add(chain.azc, b"brief", category="intern", title="Werkbriefje")
    bare = add(chain.azc, b"geen", category="", title="Zonder afspraak")
    goes, stays, silent = (choice_of(chain, each) for each in (diploma, note, bare))
    assert (goes.state, goes.may_choose) == (RowState.LEAVES, True)
    assert (stays.state, stays.may_choose) == (RowState.STAYS, False)
    assert stays.reason == sharing_table().rule("intern", ReceiverRole.UITVOERDER).reason
    assert (silent.state, silent.may_choose) == (RowState.STAYS, False)
    before = hand_over.preview(chain.azc, PERSON.person_id)
    held = frozenset({diploma.attachment_id})
    view = hand_over.preview(chain.azc, PERSON.person_id, held=held)
    kept = choice_of(chain, diploma, held=held)
    assert (kept.state, kept.may_choose, kept.reason) == (RowState.STAYS, True, CHOICE_REASON)
    assert (view.sent, view.kept) == (before.sent - 1, before.kept + 1)


def test_what_is_kept_here_does_not_go(chain: Chain):
    diploma, other = add(chain.azc), add(chain.azc, b"%PDF-1.4 cv", category="werk", title="Cv")
    path = sealed(chain, held=frozenset({diploma.attachment_id}))
    item = receive.take_in(chain.town, path)
    received = receive.look(chain.town, item.handover_id)
    assert [each.title for each in received.attachments] == [other.title]
    (left,) = [each for each in received.dossier.left_out if "bijlage" in each.what]
    assert left.reason == "De afzender geeft dit niet mee."
    assert "Diploma" not in left.what


def table_with(category: str, verdict: Verdict) -> SharingTable:
    rules = dict(sharing_table().rules)
    for role in ReceiverRole:
        rules[category, role] = replace(sharing_table().rule(category, role), verdict=verdict)
    return SharingTable(rules)


def test_after_consent_it_goes(chain: Chain):
    made = add(chain.azc)
    table = table_with("opleiding", Verdict.NA_TOESTEMMING)
    asked = choice_of(chain, made, table=table)
    assert (asked.state, asked.may_choose) == (RowState.ASK, False)
    role = hand_over.preview(chain.azc, PERSON.person_id).choice.role
    assert role is not None
    with chain.azc.transaction(actor_of(chain.azc), "toestemming") as t:
        t.consents.save(
            Consent(UUID(int=77), PERSON.person_id, "opleiding", role, chain.azc.env.now(), "ti",
                    with_interpreter=True)
        )  # fmt: skip
    assert choice_of(chain, made, table=table).state is RowState.LEAVES
    item = receive.take_in(chain.town, sealed(chain, table=table))
    dossier = from_json(item.dossier_json)
    assert len(dossier.attachments) == 1
    assert [each.category for each in dossier.consents] == ["opleiding"]


def test_a_report_of_the_assessment_waits_for_its_release(chain: Chain):
    made = add(chain.azc, category="noa", kind=AttachmentKind.TOETSUITSLAG)
    held = choice_of(chain, made)
    assert held.state is RowState.STAYS
    assert "vrijgegeven" in held.reason


def test_no_medical_attachment_goes_to_a_municipality(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
):
    seed = give_medical_role(chain.azc)
    add(chain.azc, category=MEDICAL, role="medisch", title="Bloedonderzoek")
    for _ in range(2):
        (choice,) = hand_over.preview(chain.azc, PERSON.person_id).attachments
        assert (choice.state, choice.may_choose) == (RowState.STAYS, False)
        item = receive.take_in(chain.town, sealed(chain))
        assert receive.look(chain.town, item.handover_id).attachments == ()
        assert b"Bloedonderzoek" not in item.dossier_json
        assert b"medisch" not in item.dossier_json
        # not even by somebody who may read it
        hold_role(monkeypatch, chain.azc, seed)


@pytest.fixture
def care(chain: Chain, tmp_path: Path) -> Iterator[Vault]:
    """A care provider in the address book to whom the route goes."""
    vault = prepared_vault(tmp_path / "zorg", profile=Profile.ZORG)
    entries = (entry_of(chain.azc, "azc"), entry_of(vault, "zorg"))
    for each in (chain.azc, vault):
        save_book(each, *entries, serial=9)
    yield vault
    vault.close()


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(shipped.compiled())


@pytest.fixture
def allowed(chain: Chain, care: Vault, library: Library) -> None:
    """The person allowed a request to that very care provider."""
    fill_request(chain.azc, library, "merhawi", care.info.organisation.name)


def sealed_for_care(chain: Chain, care: Vault, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Seal for the care provider; routing only knows municipalities and their executors."""
    choice = hand_over.preview(chain.azc, PERSON.person_id).choice
    to_care = replace(
        choice, entry=entry_of(care, "zorg"), role=ReceiverRole.ZORGVERLENER, problem=None
    )
    monkeypatch.setattr(hand_over, "find", lambda *_args: to_care)
    table = table_with(MEDICAL, Verdict.JA)
    table = SharingTable({**table.rules, **{
        ("identiteit", role): replace(rule, verdict=Verdict.JA)
        for (category, role), rule in sharing_table().rules.items() if category == "identiteit"
    }})  # fmt: skip
    return sealed(chain, table=table)


@pytest.mark.parametrize("asked", ["", "Een andere praktijk"])
def test_no_medical_attachment_goes_to_a_care_provider_the_person_did_not_allow(
    chain: Chain, care: Vault, library: Library, monkeypatch: pytest.MonkeyPatch, asked: str
):
    ours, theirs = give_medical_role(chain.azc), give_medical_role(care)
    add(chain.azc, category=MEDICAL, role="medisch", title="Bloedonderzoek")
    if asked:
        fill_request(chain.azc, library, "merhawi", asked)
    hold_role(monkeypatch, chain.azc, ours)
    path = sealed_for_care(chain, care, monkeypatch)
    view = hand_over.preview(chain.azc, PERSON.person_id, table=table_with(MEDICAL, Verdict.JA))
    (choice,) = view.attachments
    assert (choice.state, choice.may_choose, choice.reason) == (RowState.STAYS, False, OTHER_REASON)
    hold_role(monkeypatch, care, theirs)
    item = receive.take_in(care, path)
    assert receive.look(care, item.handover_id).attachments == ()
    assert b"Bloedonderzoek" not in item.dossier_json


@pytest.mark.usefixtures("allowed")
def test_the_medical_envelope_carries_it_to_the_compartment_of_the_care_provider(
    chain: Chain, care: Vault, monkeypatch: pytest.MonkeyPatch
):
    ours, theirs = give_medical_role(chain.azc), give_medical_role(care)
    add(chain.azc, category=MEDICAL, role="medisch", title="Bloedonderzoek")
    hold_role(monkeypatch, chain.azc, ours)
    path = sealed_for_care(chain, care, monkeypatch)
    item = receive.take_in(care, path)
    # the role of the sender does not open it here
    (waiting,) = receive.look(care, item.handover_id).attachments
    assert (waiting.is_sealed, waiting.title) == (True, "")
    with pytest.raises(CompartmentClosed):
        attachments.content(care, waiting.attachment_id)
    hold_role(monkeypatch, care, theirs)
    (waiting,) = receive.look(care, item.handover_id).attachments
    assert (waiting.title, waiting.role) == ("Bloedonderzoek", "medisch")
    assert attachments.content(care, waiting.attachment_id).data == PDF


@pytest.mark.usefixtures("allowed")
def test_who_lacks_the_role_cannot_give_it_to_a_care_provider(
    chain: Chain, care: Vault, monkeypatch: pytest.MonkeyPatch
):
    give_medical_role(chain.azc)
    add(chain.azc, category=MEDICAL, role="medisch", title="Bloedonderzoek")
    path = sealed_for_care(chain, care, monkeypatch)
    view = hand_over.preview(chain.azc, PERSON.person_id, table=table_with(MEDICAL, Verdict.JA))
    (choice,) = view.attachments
    assert (choice.state, choice.reason) == (RowState.STAYS, ROLE_REASON)
    item = receive.take_in(care, path)
    assert receive.look(care, item.handover_id).attachments == ()


@pytest.mark.usefixtures("allowed")
def test_a_care_provider_without_the_role_takes_nothing_medical_in(
    chain: Chain, care: Vault, monkeypatch: pytest.MonkeyPatch
):
    hold_role(monkeypatch, chain.azc, give_medical_role(chain.azc))
    add(chain.azc, category=MEDICAL, role="medisch")
    path = sealed_for_care(chain, care, monkeypatch)
    with pytest.raises(NoRoleKey):
        receive.take_in(care, path)
    assert receive.inbox(care) == ()


def test_an_attachment_that_is_damaged_is_not_sealed(chain: Chain):
    add(chain.azc)
    with chain.azc.transaction(actor_of(chain.azc), "knoeien") as t:
        t.attachments._scope.connection.execute(
            attachment_chunk.update().where(attachment_chunk.c.position == 1).values(content=b"x")
        )
    with pytest.raises(AttachmentLost):
        sealed(chain)
    assert list(chain.stick.iterdir()) == []


def test_what_is_not_plain_is_kept_and_never_shown(chain: Chain):
    add(chain.azc, b"%PDF-1.7 eigenlijk een programma", media_type=attachments.TEXT, title="Brief")
    item = receive.take_in(chain.town, sealed(chain))
    (waiting,) = receive.look(chain.town, item.handover_id).attachments
    assert waiting.media_type == attachments.OTHER
    with pytest.raises(AttachmentRefused, match="niet veilig"):
        attachments.content(chain.town, waiting.attachment_id)


def test_a_dossier_that_names_another_file_than_came_is_refused(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
):
    add(chain.azc)
    path = sealed(chain)
    whole = opening.open_sealed

    lies = iter(
        (
            lambda told: (replace(told, sha256="0" * 64),),
            lambda told: (replace(told, size=1),),
            lambda told: (told, told),
            lambda told: (replace(told, file="data/bijlagen/009.pdf"),),
        )
    )

    def lying(*args: Any, **more: Any) -> Any:
        opened = whole(*args, **more)
        (told,) = opened.dossier.attachments
        return replace(opened, dossier=replace(opened.dossier, attachments=next(lies)(told)))

    monkeypatch.setattr(opening, "open_sealed", lying)
    for _ in range(4):
        with pytest.raises(Refusal) as refused:
            receive.take_in(chain.town, path)
        assert refused.value.reason is RefusalReason.MANIFEST_MISMATCH
        assert receive.inbox(chain.town) == ()


def test_the_same_file_in_the_next_version_is_not_doubled(chain: Chain):
    add(chain.azc)
    for _ in range(2):
        item = receive.take_in(chain.town, sealed(chain))
        choices = {
            each.field: "ours" for each in receive.look(chain.town, item.handover_id).compared
        }
        receive.accept(
            chain.town, item.handover_id, first_talk=TALK, receipt_folder=chain.stick,
            choices=choices,
        )  # fmt: skip
    assert len(of_person(chain.town)) == 1


def test_what_was_refused_stays_with_the_dossier_until_it_is_cleared(chain: Chain):
    add(chain.azc)
    item = receive.take_in(chain.town, sealed(chain))
    receive.refuse(chain.town, item.handover_id, "Verkeerde gemeente", chain.stick)
    assert len(receive.look(chain.town, item.handover_id).attachments) == 1
    with chain.town.transaction(actor_of(chain.town), "opruimen") as t:
        assert t.attachments.remove_of_inbox(item.handover_id) == 1
    assert receive.look(chain.town, item.handover_id).attachments == ()


@pytest.mark.slow
def test_fifty_megabytes_go_all_the_way(chain: Chain, tmp_path: Path):
    """From a file on disk through the seal into the other vault, with bounded memory."""
    path = tmp_path / "scan"
    with path.open("wb") as out:
        out.write(b"%PDF-1.7\n")
        out.write(os.urandom(LARGEST - 9))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    chosen = attachments.look_at(path)
    mine = attachments.add(
        chain.azc, PERSON.person_id, chosen, title="Scan", kind=AttachmentKind.CV,
        category="werk", clean=lambda data, _kind: data,
    )  # fmt: skip
    item = receive.take_in(chain.town, sealed(chain))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    # twice the 32 MB that a writer keeps of its database; the file itself is never in memory
    assert grown * 1024 < 80 * MEGABYTE, grown
    receive.accept(
        chain.town, item.handover_id, first_talk=TALK, receipt_folder=chain.stick, choices={}
    )
    (taken,) = of_person(chain.town)
    assert (taken.size, taken.sha256) == (LARGEST, mine.sha256)
    assert attachments.content(chain.town, taken.attachment_id).data == path.read_bytes()
