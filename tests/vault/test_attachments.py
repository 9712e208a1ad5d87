from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from support.vaults import actor_of, prepared_vault

from intake_app.domain.actor import Actor
from intake_app.domain.attachment import MEGABYTE, Attachment, AttachmentKind
from intake_app.domain.handover import InboxItem
from intake_app.domain.person import Person
from intake_app.vault import ReadOnlyError, RecordRefused, Vault, VaultEvent
from intake_app.vault.schema import attachment, attachment_chunk
from intake_app.vault.stores.attachment_chunks import CHUNK, AttachmentDamaged
from intake_app.vault.stores.attachments import (
    LIMIT,
    AttachmentGone,
    AttachmentTooLarge,
)

PERSON = UUID(int=11)
HANDOVER = UUID(int=21)
NOT_THERE = UUID(int=99)


def pieces(data: bytes, size: int = 100_000) -> Iterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


def add(vault: Vault, data: bytes, person_id: UUID = PERSON, **more: Any) -> Attachment:
    with vault.transaction(actor_of(vault), "bijlage toevoegen") as t:
        return t.attachments.add(
            person_id, pieces(data), "Diploma lasser", "application/pdf", "opleiding",
            kind=AttachmentKind.DIPLOMA, env=vault.env, **more,
        )  # fmt: skip


def content(vault: Vault, attachment_id: UUID) -> bytes:
    with vault.read("bijlage bekijken") as r:
        return b"".join(r.attachments.read(attachment_id))


def chunks_of(vault: Vault) -> list[Any]:
    with vault.read() as r:
        return list(r.attachments._scope.connection.execute(select(attachment_chunk)))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    vault = prepared_vault(tmp_path_factory.mktemp("bijlagen") / "kluis")
    with vault.transaction(actor_of(vault), "begin") as t:
        t.persons.save(Person(PERSON, "", "Voorbeeld"))
    yield vault
    vault.close()


def test_what_is_added_is_there_with_all_that_was_said_of_it(
    vault: Vault, actor: Actor, person: Person
):
    data = b"%PDF-1.7 " + bytes(range(256)) * 5000
    made = add(vault, data, person.person_id)
    with vault.read() as r:
        assert r.attachments.of_person(person.person_id) == (made,)
        assert r.attachments.get(made.attachment_id) == made
    assert (made.title, made.kind, made.media_type, made.category, made.source, made.role) == (
        "Diploma lasser", AttachmentKind.DIPLOMA, "application/pdf", "opleiding", "", "",
    )  # fmt: skip
    assert (made.size, made.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert (made.added_by, made.person_id, made.inbox_id) == (actor.user_id, person.person_id, None)
    assert content(vault, made.attachment_id) == data


@settings(max_examples=20, deadline=None)
@given(
    size=st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7]),
    step=st.sampled_from([1000, CHUNK - 1, CHUNK, 3 * CHUNK]),
)
def test_every_size_in_pieces_of_any_size(shared: Vault, size: int, step: int):
    data = (bytes(range(251)) * (size // 251 + 1))[:size]
    with shared.transaction(actor_of(shared), "bijlage toevoegen") as t:
        made = t.attachments.add(
            PERSON, pieces(data, step), "x", "text/plain", "werk", env=shared.env
        )
    assert content(shared, made.attachment_id) == data
    with shared.read() as r:
        rows = r.attachments._scope.connection.execute(
            select(attachment_chunk.c.content).where(
                attachment_chunk.c.attachment_id == str(made.attachment_id)
            )
        ).scalars()
        assert all(len(row) <= CHUNK for row in rows)


def test_the_reader_goes_anywhere_in_the_file(shared: Vault):
    data = bytes(range(253)) * 6000
    made = add(shared, data)
    with shared.read() as r, r.attachments.open(made.attachment_id) as source:
        assert source.seek(0, 2) == len(data)
        for at in (0, CHUNK - 3, CHUNK, 2 * CHUNK - 1, len(data) - 2):
            source.seek(at)
            assert source.read(9) == data[at : at + 9]


def test_memory_does_not_grow_with_the_file(shared: Vault):
    def many() -> Iterator[bytes]:
        yield from (bytes(MEGABYTE) for _ in range(20))

    with shared.transaction(actor_of(shared), "bijlage toevoegen") as t:
        tracemalloc.start()
        made = t.attachments.add(PERSON, many(), "x", "application/pdf", "werk", env=shared.env)
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert highest < 6 * MEGABYTE
    with shared.read() as r:
        tracemalloc.start()
        assert sum(len(piece) for piece in r.attachments.read(made.attachment_id)) == 20 * MEGABYTE
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert highest < 6 * MEGABYTE


def test_too_large_a_file_leaves_nothing(vault: Vault, person: Person):
    def endless() -> Iterator[bytes]:
        yield from (bytes(MEGABYTE) for _ in range(LIMIT // MEGABYTE + 1))

    with pytest.raises(AttachmentTooLarge):  # noqa: SIM117
        with vault.transaction(actor_of(vault), "bijlage toevoegen") as t:
            t.attachments.add(person.person_id, endless(), "x", "text/plain", "werk", env=vault.env)
    assert chunks_of(vault) == []


def test_a_source_that_fails_halfway_leaves_nothing(vault: Vault, person: Person):
    def failing() -> Iterator[bytes]:
        yield bytes(2 * CHUNK)
        raise OSError("the stick is gone")

    with pytest.raises(OSError, match="stick"):  # noqa: SIM117
        with vault.transaction(actor_of(vault), "bijlage toevoegen") as t:
            t.attachments.add(person.person_id, failing(), "x", "text/plain", "werk", env=vault.env)
    assert chunks_of(vault) == []
    with vault.read() as r:
        assert r.attachments.of_person(person.person_id) == ()


def test_an_attachment_needs_a_person_who_is_there(vault: Vault):
    with pytest.raises(RecordRefused):
        add(vault, b"x", NOT_THERE)
    assert chunks_of(vault) == []


def test_a_reader_cannot_write(vault: Vault, person: Person):
    made = add(vault, b"x", person.person_id)
    with vault.read() as r:
        for write in (
            lambda: r.attachments.add(
                person.person_id, [b"x"], "x", "text/plain", "werk", env=vault.env
            ),
            lambda: r.attachments.remove(made.attachment_id),
            lambda: r.attachments.remove_all(person.person_id),
            lambda: r.attachments.remove_of_inbox(HANDOVER),
            lambda: r.attachments.note_saved_outside(made.attachment_id),
            lambda: r.attachments.adopt(HANDOVER, person.person_id),
        ):
            with pytest.raises(ReadOnlyError):
                write()


def test_removing_deletes_bytes_title_and_digest(vault: Vault, actor: Actor, person: Person):
    kept = add(vault, b"blijft", person.person_id)
    gone = add(vault, bytes(2 * CHUNK), person.person_id)
    with vault.transaction(actor, "bijlage verwijderen") as t:
        t.attachments.remove(gone.attachment_id)
        t.attachments.remove(gone.attachment_id)
    with vault.read() as r:
        assert r.attachments.of_person(person.person_id) == (kept,)
        assert r.attachments.get(gone.attachment_id) is None
        row = r.attachments._scope.connection.execute(
            select(attachment).where(attachment.c.attachment_id == str(gone.attachment_id))
        ).one()
        assert (row.title, row.sha256, row.removed_by) == ("", "", str(actor.user_id))
        assert row.removed_at is not None
        with pytest.raises(AttachmentGone):
            list(r.attachments.read(gone.attachment_id))
    assert {row.attachment_id for row in chunks_of(vault)} == {str(kept.attachment_id)}


def test_who_is_removed_goes_without_a_trace(vault: Vault, actor: Actor, person: Person):
    add(vault, b"een", person.person_id)
    with vault.transaction(actor, "dossier ontvangen") as t:
        t.inbox.save(received(vault, person.person_id))
        t.attachments.add_received(
            HANDOVER, [b"twee"], "Brief", "text/plain", "koppeling", "Team", env=vault.env
        )
    with vault.transaction(actor, "persoon wissen") as t:
        assert t.attachments.remove_all(person.person_id) == 2
        assert t.attachments.remove_all(person.person_id) == 0
    with vault.read() as r:
        assert list(r.attachments._scope.connection.execute(select(attachment))) == []
    assert chunks_of(vault) == []


def received(vault: Vault, person_id: UUID | None = None) -> InboxItem:
    return InboxItem(
        HANDOVER, UUID(int=31), "Team", "age1", vault.env.now(), "00", 1, b"{}", b"%PDF-",
        person_id=person_id,
    )  # fmt: skip


def test_what_came_is_given_to_the_person_without_copying(
    vault: Vault, actor: Actor, person: Person
):
    mine = add(vault, b"dezelfde", person.person_id)
    with vault.transaction(actor, "dossier ontvangen") as t:
        t.inbox.save(received(vault))
        for data in (b"een", b"dezelfde"):
            t.attachments.add_received(
                HANDOVER, [data], "Brief", "text/plain", "koppeling", "Team", env=vault.env
            )
    with vault.read() as r:
        waiting = r.attachments.of_inbox(HANDOVER)
        assert [each.person_id for each in waiting] == [None, None]
        assert r.attachments.of_person(person.person_id) == (mine,)
    before = chunks_of(vault)
    with vault.transaction(actor, "dossier overnemen") as t:
        (taken,) = t.attachments.adopt(HANDOVER, person.person_id)
        assert t.attachments.adopt(HANDOVER, person.person_id) == ()
    assert chunks_of(vault) == before
    with vault.read() as r:
        assert r.attachments.of_person(person.person_id) == (mine, taken)
        assert r.attachments.of_inbox(HANDOVER)[0] == taken
    assert content(vault, taken.attachment_id) == b"een"
    with vault.transaction(actor, "inbox opruimen") as t:
        assert t.attachments.remove_of_inbox(HANDOVER) == 2
    with vault.read() as r:
        assert r.attachments.of_person(person.person_id) == (mine,)


def changed(vault: Vault, statement: Any) -> None:
    with vault.transaction(actor_of(vault), "knoeien") as t:
        t.attachments._scope.connection.execute(statement)


@pytest.mark.parametrize("how", ["a byte", "a chunk less", "the last chunk less", "shorter"])
def test_changed_bytes_are_never_taken_for_whole(vault: Vault, person: Person, how: str):
    made = add(vault, bytes(range(256)) * 6000, person.person_id)
    rows = chunks_of(vault)
    last = len(rows) - 1
    assert last >= 2
    of = attachment_chunk.c.position
    changed(
        vault,
        {
            "a byte": update(attachment_chunk)
            .where(of == 1)
            .values(content=b"\xff" + rows[1].content[1:]),
            "a chunk less": delete(attachment_chunk).where(of == 1),
            "the last chunk less": delete(attachment_chunk).where(of == last),
            "shorter": update(attachment_chunk)
            .where(of == last)
            .values(content=rows[last].content[:-1]),
        }[how],
    )
    with pytest.raises(AttachmentDamaged):
        content(vault, made.attachment_id)


def test_the_log_names_the_attachment_and_the_person_never_the_title(
    vault: Vault, actor: Actor, person: Person
):
    heard: list[VaultEvent] = []
    vault.subscribe(heard.append)
    made = add(vault, b"x", person.person_id)
    with vault.transaction(actor, "bijlage buiten de kluis opslaan") as t:
        t.attachments.note_saved_outside(made.attachment_id)
    with vault.transaction(actor, "bijlage verwijderen") as t:
        t.attachments.remove(made.attachment_id)
    event = VaultEvent("attachment", made.attachment_id, person.person_id)
    assert heard == [event] * 3
    content_before = vault.read("bijlage bekijken")
    with content_before as r:
        r.attachments.of_person(person.person_id)
    with vault.read() as r:
        entries = r.audit.entries(4)
    assert [json_purpose(entry.body) for entry in entries] == [
        "bijlage bekijken", "bijlage verwijderen", "bijlage buiten de kluis opslaan",
        "bijlage toevoegen",
    ]  # fmt: skip
    for entry in entries:
        assert str(person.person_id) in entry.body
        assert "lasser" not in entry.body
    assert all(str(made.attachment_id) in entry.body for entry in entries[1:])


def json_purpose(body: str) -> str:
    import json

    return str(json.loads(body)["users"][0]["purposeOfUse"])
