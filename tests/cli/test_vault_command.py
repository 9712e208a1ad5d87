"""`intake vault`: backup, check, restore, rescue, lost-laptop, remove-due and wipe."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from uuid import UUID

import pytest
from support.no_windows import NoWindows
from support.vaults import PASSPHRASE, START, actor_of, environment, make_vault

from intake_app.cli import codes, commands
from intake_app.crypto.age import PassphraseIdentity, open_decrypted
from intake_app.domain.handover import Handover, HandoverState
from intake_app.domain.person import Koppeling, Person
from intake_app.flows import wipe
from intake_app.vault import Vault, recovery
from intake_app.vault.rescue import Rescue
from intake_app.vault.restore import with_passphrase

OTHER = "een tweede zin voor de export"


def intake(*arguments: object) -> int:
    return commands.run(["vault", *(str(each) for each in arguments)], NoWindows())


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed vault with a person, cards that work, and its cards as a file."""
    root = tmp_path_factory.mktemp("opdracht")
    vault = make_vault(root / "kluis")
    cards = recovery.make_cards(vault, passphrase=PASSPHRASE)
    words = [" ".join(card.words) for card in cards]
    recovery.try_cards(vault, words[0], words[1])
    (root / "kaarten.txt").write_text(f"{words[1]}\n{words[2]}\n", encoding="utf-8")
    (root / "zin.txt").write_text(f"{PASSPHRASE}\n{OTHER}\n", encoding="utf-8")
    with vault.transaction(actor_of(vault), "vullen") as tx:
        tx.persons.save(Person(UUID(int=1), "2876543210", "Tesfaye", given_names="Amanuel"))
        tx.koppelingen.save(Koppeling(UUID(int=2), UUID(int=1), "0355", START.date()))
        tx.handovers.save(
            Handover(
                UUID(int=3), UUID(int=1), 1, UUID(int=4), "Heuvelland", "0355",
                HandoverState.AANGEBODEN, START, actor_of(vault).user_id,
            )
        )  # fmt: skip
    vault.close()
    return root


@pytest.fixture
def root(master: Path, tmp_path: Path) -> Path:
    return shutil.copytree(master, tmp_path / "alles")


@pytest.fixture
def options(root: Path) -> list[object]:
    return ["--vault", root / "kluis", "--passphrase-file", root / "zin.txt"]


@pytest.fixture
def made(root: Path, options: list[object], capsys) -> Path:
    (root / "stick").mkdir()
    assert intake("backup", "--to", root / "stick", *options) == codes.OK
    return Path(capsys.readouterr().out.splitlines()[0])


def test_backup_check_and_restore(root, options, made, capsys):
    assert intake("check", *options) == codes.OK
    assert "heel" in capsys.readouterr().out
    assert intake("check", "--backup", made, *options) == codes.OK
    secret = ["--passphrase-file", root / "zin.txt"]
    assert intake("restore", made, "--vault", root / "nieuw", *secret) == codes.OK
    assert "Dit is een kopie van" in capsys.readouterr().out
    assert intake("restore", made, "--vault", root / "nieuw", *secret) == codes.REFUSED
    assert "staat al een kluis" in capsys.readouterr().err
    cards = ["--cards-file", root / "kaarten.txt"]
    assert intake("restore", made, "--vault", root / "kaarten", *cards) == codes.OK
    for folder in ("nieuw", "kaarten"):
        vault = Vault.open(
            root / folder, passphrase=PASSPHRASE, env=environment(), reserve_bytes=4096
        )
        with vault.read() as records:
            assert records.worklist.person_count() == 1
        vault.close()


def test_refusals_are_sentences(root, options, made, capsys):
    assert intake("backup", "--to", root / "weg", *options) == codes.REFUSED
    assert "Kies een andere map" in capsys.readouterr().err
    (root / "fout.txt").write_text("iets anders\n", encoding="utf-8")
    wrong = ["--vault", root / "kluis", "--passphrase-file", root / "fout.txt"]
    assert intake("check", *wrong) == codes.REFUSED
    assert "wachtwoordzin" in capsys.readouterr().err
    made.write_bytes(made.read_bytes()[:-5])
    assert intake("check", "--backup", made, *options) == codes.REFUSED
    assert intake("check", "--vault", root, "--passphrase-file", root / "geen.txt") == codes.REFUSED
    assert "Traceback" not in capsys.readouterr().err
    assert intake("iets") == codes.USAGE
    assert intake("backup") == codes.USAGE


@pytest.mark.slow
def test_rescue_of_a_damaged_vault(root, options, capsys):
    assert intake("rescue", *options) == codes.OK
    whole = root / "heel.age"
    assert intake("rescue", "--export", whole, *options) == codes.REFUSED
    assert "niets te redden" in capsys.readouterr().err
    assert not whole.exists()
    database = root / "kluis" / "kluis.db"
    content = bytearray(database.read_bytes())
    with Rescue(root / "kluis", with_passphrase(PASSPHRASE)) as rescue:
        question = "SELECT rootpage FROM sqlite_schema WHERE name = 'activity'"
        page = rescue._source.connection.execute(question).fetchone()[0]
    content[(page - 1) * 4096 + 100] ^= 1
    database.write_bytes(content)
    capsys.readouterr()
    out = root / "redding.age"
    assert intake("rescue", "--export", out, *options) == codes.REFUSED
    said = capsys.readouterr()
    assert "beschadigd" in said.err
    assert database.read_bytes() == content
    plain = open_decrypted([PassphraseIdentity(OTHER)], io.BytesIO(out.read_bytes())).read()
    lines = [json.loads(line) for line in plain.splitlines()]
    assert lines[0]["format"] == "doorgaande-lijn-redding"
    assert any(line.get("table") == "person" for line in lines)
    assert intake("rescue", "--export", out, *options) == codes.REFUSED
    assert "bestaat al" in capsys.readouterr().err
    inside = root / "kluis" / "redding.age"
    assert intake("rescue", "--export", inside, *options) == codes.REFUSED
    assert not inside.exists()
    own = root / "eigen.age"
    assert intake("rescue", "--own-key", "--export", own, *options) == codes.REFUSED
    assert own.read_bytes().startswith(b"age-encryption.org/v1\n-> mlkem768x25519")


@pytest.mark.parametrize("secret", ["passphrase", "cards"])
def test_lost_laptop(root, made, capsys, secret):
    pdf = root / "blad.pdf"
    how = {
        "passphrase": ["--passphrase-file", root / "zin.txt"],
        "cards": ["--cards-file", root / "kaarten.txt"],
    }[secret]
    shutil.rmtree(root / "kluis")  # the laptop is gone
    assert intake("lost-laptop", made, "--pdf", pdf, *how) == codes.OK
    said = capsys.readouterr().out
    assert "Amanuel Tesfaye | 2876543210 | Zeist | aangeboden (Heuvelland)" in said
    assert "72 uur" in said
    assert "Noor de Vries" in said
    assert "Team op locatie (organisatie)" in said
    assert pdf.read_bytes().startswith(b"%PDF")


def test_remove_due_lists_by_default(root, options, capsys):
    assert intake("remove-due", *options) == codes.OK
    assert capsys.readouterr().out == ""
    assert intake("remove-due", "--yes", "--date-is-right", *options) == codes.OK
    assert capsys.readouterr().out == "Verwijderd: 0\n"


def test_wipe(root, options, made, capsys):
    assert intake("wipe", "--word", "nee", *options) == codes.REFUSED
    assert wipe.WORD in capsys.readouterr().err
    assert (root / "kluis" / "sleutels.json").exists()
    assert intake("wipe", "--word", wipe.WORD, *options) == codes.OK
    assert "gaat niet meer open" in capsys.readouterr().out
    assert list((root / "kluis").iterdir()) == []
    # a backup elsewhere is still there, as was said
    secret = ["--passphrase-file", root / "zin.txt"]
    assert intake("restore", made, "--vault", root / "kluis", *secret) == codes.OK
    assert intake("wipe", "--word", wipe.WORD, *options) == codes.OK
    assert intake("wipe", "--word", wipe.WORD, *options) == codes.REFUSED
