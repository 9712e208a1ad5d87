"""The role matrix: what an open database gives away with which keyring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from support.quick_kdf import quick_kdf
from support.vaults import PASSPHRASE, SMALL_RESERVE, actor_of, environment, make_vault

from intake_app.crypto.age import HybridIdentity, generate_identity, parse_identity
from intake_app.domain.actor import UserRole
from intake_app.domain.attachment import MEDICAL, AttachmentKind
from intake_app.domain.person import Person
from intake_app.vault import ReadOnlyError, Vault, users
from intake_app.vault.stores.attachment_chunks import CHUNK, AttachmentDamaged
from intake_app.vault.stores.medical import CompartmentClosed, CompartmentDamaged, NoRoleKey

PERSON, OTHER = UUID(int=11), UUID(int=12)
BRAM = "bakfiets duinpan lawine oester"
CARLA = "citroen haring komeet sandaal"
MARKER = "kanarie-7f3a-astma"
DATA = (b"%PDF-1.7 " + MARKER.encode() + b" ") * (2 * CHUNK // 28)


def plain_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def every_cell(vault: Vault) -> Iterator[bytes]:
    """Give every value of every row of every table, as the open database has them."""
    with vault.read() as r:
        connection = r.persons._scope.connection
        tables = connection.exec_driver_sql(
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
        ).scalars()
        for table in list(tables):
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"'):  # noqa: S608
                yield from (plain_bytes(value) for value in row)


@pytest.fixture
def seed(vault: Vault) -> bytes:
    """The medical role is given for the first time; this is what its slots hold."""
    identity = generate_identity("hybrid", random=vault.env.random)
    assert isinstance(identity, HybridIdentity)
    with vault.transaction(actor_of(vault), "rol geven") as t:
        t.role_keys.save(UserRole.MEDISCH, identity.recipient.encode())
        t.persons.save(Person(PERSON, "", "Voorbeeld"))
        t.persons.save(Person(OTHER, "", "Ander"))
    return identity.secret


@pytest.fixture
def filled(vault: Vault, seed: bytes) -> tuple[UUID, UUID]:
    """A medical attachment and a medical note, written by somebody without the role."""
    assert seed
    with vault.transaction(actor_of(vault), "medisch vastleggen") as t:
        made = t.attachments.add(
            PERSON, [DATA], f"Uitslag {MARKER}", "application/pdf", MEDICAL, "", "medisch",
            kind=AttachmentKind.TOETSUITSLAG, env=vault.env,
        )  # fmt: skip
        entry = t.medical.add(PERSON, f"soort {MARKER}", f"tekst {MARKER}".encode(), env=vault.env)
    return made.attachment_id, entry


def test_with_the_intake_keyring_nothing_medical_is_in_reach(
    vault: Vault, filled: tuple[UUID, UUID]
):
    attachment_id, _ = filled
    assert UserRole.MEDISCH not in vault.user.roles
    cells = list(every_cell(vault))
    assert sum(map(len, cells)) > len(DATA)
    assert not [cell for cell in cells if MARKER.encode() in cell]
    # nor does any secret that the open database holds decrypt any of it
    secrets = vault.organisation_keys()
    own = [parse_identity(text) for text in secrets.age_identities]
    seeds = [each.secret for each in own if isinstance(each, HybridIdentity)]
    with vault.read() as r:
        (shown,) = r.attachments.of_person(PERSON)
        assert (shown.title, shown.media_type, shown.sha256) == ("", "", "")
        assert shown.is_sealed
        for wrong in (None, vault.user_signing_seed(), secrets.signing_seed, bytes(32), *seeds):
            with pytest.raises(CompartmentClosed):
                list(r.attachments.read(attachment_id, wrong))
            with pytest.raises(CompartmentClosed):
                r.medical.of_person(PERSON, wrong)


def test_with_the_medical_keyring_it_opens(vault: Vault, seed: bytes, filled: tuple[UUID, UUID]):
    attachment_id, entry_id = filled
    with vault.read("medisch bekijken") as r:
        (shown,) = r.attachments.of_person(PERSON, seed)
        assert (shown.title, shown.kind) == (f"Uitslag {MARKER}", AttachmentKind.TOETSUITSLAG)
        assert (shown.media_type, shown.size) == ("application/pdf", len(DATA))
        assert not shown.is_sealed
        assert b"".join(r.attachments.read(attachment_id, seed)) == DATA
        with r.attachments.open(attachment_id, seed) as source:
            source.seek(CHUNK + 5)
            assert source.read(40) == DATA[CHUNK + 5 : CHUNK + 45]
        (entry,) = r.medical.of_person(PERSON, seed)
        assert (entry.entry_id, entry.kind, entry.text) == (
            entry_id, f"soort {MARKER}", f"tekst {MARKER}",
        )  # fmt: skip
        assert r.medical.count_of(PERSON) == 1
        assert r.medical.of_person(OTHER, None) == ()


def test_the_slots_decide_who_reads(tmp_path: Path):
    """The whole way: roles given with passphrases, the key file, unlocking, reading."""
    folder = tmp_path / "kluis"
    with quick_kdf():
        vault = make_vault(folder)
        for name, phrase, roles in (
            ("Bram", BRAM, (UserRole.INTAKE,)),
            ("Carla", CARLA, (UserRole.INTAKE, UserRole.MEDISCH)),
        ):
            users.add_user(
                vault, passphrase=PASSPHRASE, name=name, roles=roles, new_passphrase=phrase
            )
        with vault.transaction(actor_of(vault), "begin") as t:
            t.persons.save(Person(PERSON, "", "Voorbeeld"))
        vault.close()
        bram = open_vault(folder, BRAM)
        with bram.transaction(actor_of(bram), "medisch vastleggen") as t:
            made = t.attachments.add(
                PERSON, [DATA], MARKER, "application/pdf", MEDICAL, "", "medisch", env=bram.env
            )
            t.medical.add(PERSON, "ggz", MARKER.encode(), env=bram.env)
        seed = bram.role_seed(UserRole.MEDISCH)
        assert seed is None
        assert not [cell for cell in every_cell(bram) if MARKER.encode() in cell]
        with bram.read() as r, pytest.raises(CompartmentClosed):
            list(r.attachments.read(made.attachment_id, seed))
        bram.close()
        carla = open_vault(folder, CARLA)
        seed = carla.role_seed(UserRole.MEDISCH)
        with carla.read() as r:
            assert b"".join(r.attachments.read(made.attachment_id, seed)) == DATA
            assert r.medical.of_person(PERSON, seed)[0].text == MARKER
        carla.close()


def open_vault(folder: Path, passphrase: str) -> Vault:
    return Vault.open(folder, passphrase=passphrase, env=environment(), reserve_bytes=SMALL_RESERVE)


def test_an_empty_medical_file_is_sealed_as_well(vault: Vault, seed: bytes):
    with vault.transaction(actor_of(vault), "medisch vastleggen") as t:
        made = t.attachments.add(
            PERSON, [], "leeg", "text/plain", MEDICAL, "", "medisch", env=vault.env
        )
    with vault.read() as r:
        assert b"".join(r.attachments.read(made.attachment_id, seed)) == b""


def test_without_the_role_ever_given_nothing_is_written(vault: Vault):
    with vault.transaction(actor_of(vault), "begin") as t:
        t.persons.save(Person(PERSON, "", "Voorbeeld"))
    for write in (
        lambda t: t.attachments.add(
            PERSON, [b"x"], "x", "text/plain", MEDICAL, "", "medisch", env=vault.env
        ),
        lambda t: t.medical.add(PERSON, "huisarts", b"x", env=vault.env),
    ):
        with pytest.raises(NoRoleKey), vault.transaction(actor_of(vault), "medisch") as t:
            write(t)


def run(vault: Vault, statement: str) -> None:
    with vault.transaction(actor_of(vault), "knoeien") as t:
        t.medical._scope.connection.exec_driver_sql(statement)


def test_a_note_put_under_somebody_else_is_not_believed(
    vault: Vault, seed: bytes, filled: tuple[UUID, UUID]
):
    run(vault, f"UPDATE medical_entry SET person_id = '{OTHER}'")  # noqa: S608
    with vault.read() as r, pytest.raises(CompartmentDamaged):
        r.medical.of_person(OTHER, seed)


def test_a_note_for_an_earlier_key_does_not_hide_the_others(
    vault: Vault, seed: bytes, filled: tuple[UUID, UUID]
):
    now = bytes(range(32))
    with vault.transaction(actor_of(vault), "nieuwe medische sleutel") as t:
        t.role_keys.retire(UserRole.MEDISCH)
        assert t.role_keys.recipient(UserRole.MEDISCH) is None
        t.role_keys.save(UserRole.MEDISCH, HybridIdentity(now).recipient.encode())
        t.medical.add(PERSON, "ggz", b"daarna", env=vault.env)
    with vault.read() as r:
        first, second = r.medical.of_person(PERSON, now)
        assert (first.entry_id, second.text) == (filled[1], "daarna")
        assert "andere medische sleutel" in first.text
        with pytest.raises(CompartmentClosed):
            r.medical.of_person(PERSON, seed)


def test_a_changed_note_is_not_believed(vault: Vault, seed: bytes, filled: tuple[UUID, UUID]):
    run(
        vault,
        "UPDATE medical_entry"
        " SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) || x'00' AS BLOB)",
    )
    with vault.read() as r, pytest.raises(CompartmentDamaged):
        r.medical.of_person(PERSON, seed)


def test_a_changed_medical_file_is_not_believed(
    vault: Vault, seed: bytes, filled: tuple[UUID, UUID]
):
    run(
        vault,
        "UPDATE attachment_chunk SET content = zeroblob(length(content)) WHERE position = 1",
    )
    with vault.read() as r, pytest.raises(CompartmentDamaged):
        list(r.attachments.read(filled[0], seed))


def test_two_medical_files_cannot_change_places(vault: Vault, seed: bytes):
    def add(data: bytes) -> UUID:
        with vault.transaction(actor_of(vault), "medisch vastleggen") as t:
            return t.attachments.add(
                PERSON, [data], "x", "text/plain", MEDICAL, "", "medisch", env=vault.env
            ).attachment_id

    first, second = add(b"een"), add(b"twee")
    run(vault, f"DELETE FROM attachment_chunk WHERE attachment_id = '{first}'")  # noqa: S608
    run(vault, f"UPDATE attachment_chunk SET attachment_id = '{first}'")  # noqa: S608
    with vault.read() as r, pytest.raises(AttachmentDamaged):
        list(r.attachments.read(first, seed))
    run(
        vault,
        f"UPDATE attachment SET title = (SELECT title FROM attachment WHERE attachment_id = "  # noqa: S608
        f"'{second}') WHERE attachment_id = '{first}'",
    )
    with vault.read() as r, pytest.raises(AttachmentDamaged):
        r.attachments.get(first, seed)


def test_who_is_removed_leaves_no_notes(vault: Vault, filled: tuple[UUID, UUID]):
    with vault.transaction(actor_of(vault), "persoon wissen") as t:
        assert t.medical.remove_all(PERSON) == 1
        assert t.attachments.remove_all(PERSON) == 1
        assert t.medical.remove_all(PERSON) == 0
    with vault.read() as r:
        assert r.medical.count_of(PERSON) == 0


def test_a_reader_cannot_write(vault: Vault, seed: bytes):
    recipient = HybridIdentity(seed).recipient.encode()
    with vault.read() as r:
        for write in (
            lambda: r.medical.add(PERSON, "huisarts", b"x", env=vault.env),
            lambda: r.medical.remove_all(PERSON),
            lambda: r.role_keys.save(UserRole.MEDISCH, recipient),
        ):
            with pytest.raises(ReadOnlyError):
                write()
        assert r.role_keys.recipient(UserRole.MEDISCH) == recipient
        assert r.role_keys.recipient(UserRole.PRIVACY) is None


def test_the_log_says_that_something_medical_was_written_not_what(
    vault: Vault, filled: tuple[UUID, UUID]
):
    with vault.read() as r:
        body = r.audit.entries(1)[0].body
    assert str(filled[0]) in body
    assert str(filled[1]) in body
    assert "astma" not in body
