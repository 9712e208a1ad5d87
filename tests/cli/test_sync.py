"""`intake sync`: status, run, receive, rules and errand, each with its exit code."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.by_post import know_boxes, set_relay
from support.chain import PERSON, add_person, make_chain
from support.no_windows import NoWindows
from support.vaults import PASSPHRASE, actor_of, environment, prepared_vault

from intake_app.cli import codes, commands
from intake_app.cli import sync as command
from intake_app.domain.actor import Profile
from intake_app.domain.handover import HandoverState
from intake_app.domain.transport import ArrivalState
from intake_app.flows import deliveries, hand_over, join, receive, relays, sync_locked, sync_now
from intake_app.sync.connecting import RelayPlace
from intake_app.sync.errors import SENTENCES, Later, Reason
from intake_app.sync.folder import Folder
from intake_app.vault import Vault


def intake(*arguments: object) -> int:
    return commands.run(["sync", *(str(each) for each in arguments)], NoWindows())


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two closed vaults that know each other's boxes; the sender has a dossier sealed to go."""
    root = tmp_path_factory.mktemp("post")
    chain = make_chain(root)
    know_boxes(chain.azc, chain.town)
    add_person(chain.azc)
    set_relay(chain.azc, send=RelayPlace("folder", "/nergens/post"))
    hand_over.seal(chain.azc, PERSON.person_id, by_sync=True)
    chain.close()
    (root / "zin.txt").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    return root


class Site:
    """The two vaults as files, and the relay in a folder between them."""

    def __init__(self, root: Path) -> None:
        self.root, self.post = root, root / "post"
        self._seeds = iter(range(100, 200))

    def open(self, name: str) -> Vault:
        # no two with the same seed: they would make the same identifiers
        env = environment(next(self._seeds))
        return Vault.open(self.root / name, passphrase=PASSPHRASE, env=env)

    def args(self, name: str) -> list[object]:
        return ["--vault", self.root / name, "--passphrase-file", self.root / "zin.txt"]

    def set_up(self) -> None:
        place = RelayPlace("folder", str(self.post))
        azc, town = self.open("azc"), self.open("gemeente")
        set_relay(azc, send=place)
        set_relay(town, send=place, receive=place)
        azc.close()
        town.close()


@pytest.fixture
def site(master: Path, tmp_path: Path) -> Site:
    made = Site(shutil.copytree(master, tmp_path / "alles"))
    made.post.mkdir()
    made.set_up()
    return made


def lines(capsys) -> tuple[list[str], str]:
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return said.out.splitlines(), said.err


def test_status_says_what_waits_and_touches_no_network(site, capsys):
    shutil.rmtree(site.post)
    assert intake("status", *site.args("azc")) == codes.WAITING
    out, _ = lines(capsys)
    assert out[0] == f"versturen   folder  {site.post}"
    assert out[1] == "ontvangen   niet ingesteld"
    assert "wacht" in out[2]
    assert "Gemeente Voorbeeldstad" in out[2]
    assert "Tesfay" not in " ".join(out)
    assert out[-1].startswith("wacht: 1 wacht, 0 aangeboden")


def test_run_sends_and_then_nothing_waits(site, capsys):
    assert intake("run", *site.args("azc")) == codes.OK
    assert any(path.suffix == ".ok" for path in site.post.rglob("*"))
    out, err = lines(capsys)
    assert (out, err) == (["aangeboden: 0 wacht, 1 aangeboden, 0 ontvangen, 0 let op"], "")
    assert intake("status", *site.args("azc")) == codes.OK


def test_run_and_receive_to_a_signed_receipt(site, capsys):
    assert intake("run", "--once", *site.args("azc")) == codes.OK
    assert intake("receive", *site.args("gemeente")) == codes.OK
    assert "1 ontvangen, 0 uitgedeeld, 1 hier" in lines(capsys)[0][-1]
    assert intake("run", "--now", *site.args("azc")) == codes.OK
    azc = site.open("azc")
    found = hand_over.latest(azc, PERSON.person_id)
    azc.close()
    assert found is not None
    assert found.state is HandoverState.ONTVANGEN


def test_a_relay_that_is_gone_is_said_and_waits(site, capsys):
    shutil.rmtree(site.post)
    assert intake("run", *site.args("azc")) == codes.WAITING
    out, err = lines(capsys)
    assert err.splitlines() == [SENTENCES[Reason.FOLDER_GONE]]
    assert out[-1].startswith("wacht: 1 wacht")
    assert intake("receive", *site.args("gemeente")) == codes.WAITING
    assert SENTENCES[Reason.FOLDER_GONE] in lines(capsys)[1]


def test_receive_says_when_nothing_could_be_fetched(site, capsys, monkeypatch):

    assert intake("run", *site.args("azc")) == codes.OK

    def broken(*_: object, **__: object) -> bytes:
        raise Later(Reason.SERVER)

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "get", broken)
        capsys.readouterr()
        assert intake("receive", *site.args("gemeente")) == codes.WAITING
        out, err = lines(capsys)
        assert out[-1].startswith("0 ontvangen")
        assert "niets kwijt" in err
    assert intake("receive", *site.args("gemeente")) == codes.OK


def test_receive_says_when_somebody_has_to_look(site, capsys, monkeypatch):
    assert intake("run", *site.args("azc")) == codes.OK
    for path in site.post.rglob("*.ok"):
        path.write_bytes(b"x" * path.stat().st_size)
    capsys.readouterr()
    assert intake("receive", *site.args("gemeente")) == codes.WAITING
    monkeypatch.setattr(sync_now, "MANY_REFUSALS", 1)
    monkeypatch.setattr(sync_now, "LONG_REFUSED", timedelta())
    assert intake("receive", *site.args("gemeente")) == codes.REFUSED
    assert SENTENCES[Reason.REFUSED] in lines(capsys)[1]


@pytest.mark.parametrize("verb", ["run", "receive"])
def test_without_a_relay_it_is_refused_in_words(site, capsys, verb):
    vault = site.open("azc")
    relays.save(vault, relays.SyncSettings())
    vault.close()
    assert intake(verb, *site.args("azc")) == codes.REFUSED
    assert "nog geen postbus" in lines(capsys)[1]


def test_a_wrong_passphrase_and_no_vault_are_refused(site, capsys, tmp_path):
    wrong = tmp_path / "fout.txt"
    wrong.write_text("iets heel anders dan dat\n", encoding="utf-8")
    for arguments in (
        ["--vault", site.root / "azc", "--passphrase-file", wrong],
        ["--vault", site.root / "azc", "--passphrase-file", tmp_path / "nergens.txt"],
        ["--vault", tmp_path / "leeg", "--passphrase-file", site.root / "zin.txt"],
    ):
        assert intake("status", *arguments) == codes.REFUSED
        assert lines(capsys)[1]


@pytest.mark.parametrize(
    "arguments",
    [[], ["post"], ["run", "--every", "1"], ["run", "--every", "veel"], ["status", "--once"]],
)
def test_a_wrong_command_line(arguments, capsys):
    assert intake(*arguments) == codes.USAGE


def test_every_so_often_until_it_is_asked_to_end(site, capsys, monkeypatch):
    waited: list[float] = []

    class Ending:
        def __init__(self) -> None:
            self._set = False

        def set(self) -> None:
            self._set = True

        def is_set(self) -> bool:
            return self._set

        def wait(self, seconds: float) -> bool:
            waited.append(seconds)
            if len(waited) == 2:
                signal.raise_signal(signal.SIGTERM)
            return self._set

    monkeypatch.setattr(command, "Ending", Ending)
    before = signal.getsignal(signal.SIGTERM)
    assert intake("run", "--every", "60", *site.args("azc")) == codes.OK
    assert waited == [60, 60]
    assert len(lines(capsys)[0]) == 2
    assert signal.getsignal(signal.SIGTERM) is before


# ---- handing out to case managers ----------------------------------------------------------------


@pytest.fixture
def handed(site, capsys) -> Site:
    """The town's own vault is an inbox; the vault of a case manager was made apart and joined."""
    town = site.open("gemeente")
    samira = prepared_vault(site.root / "samira", profile=Profile.ONTVANGST, number=2)
    with town.read() as records:
        book = records.address_book.current()
    assert book is not None
    with samira.transaction(actor_of(samira), "adresboek inlezen") as tx:
        tx.address_book.save(2, book, hashlib.sha512(book).hexdigest())
    request = join.ask(samira, "Laptop Samira", site.root / "verzoek.json")
    join.answer(town, request, request.number, site.root / "antwoord.age")
    join.take(samira, site.root / "antwoord.age")
    assert samira.info.vault_id != town.info.vault_id
    samira.close()
    town.close()
    assert intake("run", *site.args("azc")) == codes.OK
    return site


def add_rule(site: Site, *more: object) -> int:
    samira = site.root / "samira"
    return intake("rules", *site.args("gemeente"), "--add", "Samira", "--to", samira, *more)


def take(site: Site) -> list[str]:
    """Let the case manager's vault look at what was handed to it."""
    vault = site.open("samira")
    try:
        drop = Folder(str(deliveries.drop_of(vault.folder)))
        return list(sync_now.receive_once(vault, drop).arrived)
    finally:
        vault.close()


def test_rules_are_added_listed_and_removed(site, capsys, tmp_path):
    (site.root / "samira").mkdir()
    assert add_rule(site, "--municipality", "0355", "--sender", "Team op locatie") == codes.OK
    assert lines(capsys)[0][-1].startswith(f"Samira  {site.root / 'samira'}  0355, ")
    assert add_rule(site) == codes.REFUSED
    assert "al een regel" in lines(capsys)[1]
    arguments = site.args("gemeente")
    assert intake("rules", *arguments, "--remove", "Samira") == codes.OK
    assert lines(capsys)[0] == []
    assert intake("rules", *arguments, "--remove", "Samira") == codes.REFUSED
    assert intake("rules", *arguments, "--add", "Wim") == codes.REFUSED
    assert "--to" in lines(capsys)[1]
    nowhere = ["--add", "Wim", "--to", tmp_path / "nergens"]
    assert intake("rules", *arguments, *nowhere) == codes.REFUSED
    inside = ["--add", "Wim", "--to", site.root / "gemeente"]
    assert intake("rules", *arguments, *inside) == codes.REFUSED
    unknown = ["--add", "Wim", "--to", tmp_path, "--sender", "Wie?"]
    assert intake("rules", *arguments, *unknown) == codes.REFUSED
    assert "adresboek" in lines(capsys)[1]


@pytest.mark.parametrize(
    "only",
    [
        ["--sender", "Team op locatie", "--municipality", "0355"],
        pytest.param([], marks=pytest.mark.slow),
    ],
    ids=["narrow", "everything"],
)
def test_what_comes_is_handed_out_once_and_its_answers_go_back(handed, capsys, only):
    site = handed
    assert add_rule(site, *only) == codes.OK
    assert intake("receive", *site.args("gemeente")) == codes.OK
    assert "1 ontvangen, 1 uitgedeeld, 0 hier" in lines(capsys)[0][-1]
    assert intake("receive", *site.args("gemeente")) == codes.OK
    assert "0 ontvangen, 0 uitgedeeld, 0 hier" in lines(capsys)[0][-1]

    (zid,) = take(site)
    assert take(site) == []
    vault = site.open("samira")
    item = receive.take_in_arrival(vault, zid)
    receive.accept(vault, item.handover_id, first_talk=None)
    vault.close()
    assert take(site) == []

    assert intake("receive", *site.args("gemeente")) == codes.OK
    assert "2 antwoorden doorgegeven" in lines(capsys)[0][-1]
    assert intake("run", "--now", *site.args("azc")) == codes.OK
    azc = site.open("azc")
    found = hand_over.latest(azc, PERSON.person_id)
    azc.close()
    assert found is not None
    assert found.state is HandoverState.GEACCEPTEERD
    # the inbox kept nothing of it but the fact
    town = site.open("gemeente")
    with town.read() as records:
        (arrival,) = records.arrivals.all()
    assert (arrival.state, arrival.handed_to) == (ArrivalState.DOORGEGEVEN, "Samira")
    assert receive.inbox(town) == ()
    town.close()
    assert not list((site.root / "gemeente" / "binnengekomen").glob(f"*{zid}*"))


@pytest.mark.parametrize(
    "only", [["--municipality", "0518"], ["--sender", "Gemeente Voorbeeldstad"]]
)
def test_what_no_rule_is_for_stays_for_a_person(handed, capsys, only):
    site = handed
    assert add_rule(site, *only) == codes.OK
    assert intake("receive", *site.args("gemeente")) == codes.OK
    assert "1 ontvangen, 0 uitgedeeld, 1 hier" in lines(capsys)[0][-1]
    assert not (site.root / "samira" / deliveries.DROP).exists()


def test_a_request_to_withdraw_reaches_who_has_it_now(handed, capsys):
    site = handed
    assert add_rule(site) == codes.OK
    assert intake("receive", *site.args("gemeente")) == codes.OK
    assert len(take(site)) == 1
    azc = site.open("azc")
    found = hand_over.latest(azc, PERSON.person_id)
    assert found is not None
    hand_over.withdraw(azc, found.handover_id, "Verkeerde gemeente")
    azc.close()
    for name, verb in (("azc", "run"), ("gemeente", "receive")):
        assert intake(verb, *site.args(name)) == codes.OK
    assert take(site) == []
    assert intake("receive", *site.args("gemeente")) == codes.OK
    assert intake("run", "--now", *site.args("azc")) == codes.OK
    azc, samira = site.open("azc"), site.open("samira")
    found = hand_over.latest(azc, PERSON.person_id)
    (row,) = sync_now.arrivals(samira)
    azc.close()
    samira.close()
    assert found is not None
    assert found.state is HandoverState.INGETROKKEN
    assert row.arrival.state is ArrivalState.INGETROKKEN
    assert not any(path.suffix == ".x" for path in site.root.rglob("*"))


def test_a_case_manager_that_is_away_keeps_it_here(handed, capsys):
    site = handed
    assert add_rule(site) == codes.OK
    away = site.root / "samira"
    away.rename(site.root / "weg")
    assert intake("receive", *site.args("gemeente")) == codes.REFUSED
    out, err = lines(capsys)
    assert "0 uitgedeeld, 1 hier" in out[-1]
    assert "kan nu niet worden uitgedeeld" in err
    (site.root / "weg").rename(away)
    assert intake("receive", *site.args("gemeente")) == codes.OK
    assert len(take(site)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("step", range(7))
def test_killed_anywhere_it_is_handed_out_exactly_once(handed, monkeypatch, step):
    """Stop handing out at each thing it does to a disk or the vault, then do it again."""
    site = handed
    assert add_rule(site) == codes.OK
    seen = []

    class Killed(BaseException):
        pass

    def killing(function):
        def run(*given, **more):
            seen.append(function)
            if len(seen) == step + 1:
                raise Killed
            return function(*given, **more)

        return run

    town = site.open("gemeente")
    box = Folder(str(site.post))
    sync_now.receive_once(town, box)
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "put", killing(Folder.put))
        patch.setattr(Folder, "size", killing(Folder.size))
        patch.setattr(Vault, "transaction", killing(Vault.transaction))
        with suppress(Killed):
            deliveries.hand_out(town, box)
    deliveries.hand_out(town, box)
    deliveries.hand_out(town, box)
    with town.read() as records:
        (arrival,) = records.arrivals.all()
    assert arrival.state is ArrivalState.DOORGEGEVEN
    town.close()
    assert len(take(site)) == 1
    assert take(site) == []


# ---- while locked --------------------------------------------------------------------------------


def test_an_errand_comes_by_the_pipe_and_ends(site, monkeypatch):
    azc = site.open("azc")
    wanted = relays.settings(azc)
    relays.save(azc, replace(wanted, while_locked=True))
    errand = sync_locked.prepare(azc)
    azc.close()
    assert errand is not None
    raw = io.BytesIO(sync_locked.to_bytes(errand))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(raw))
    assert intake("errand") == codes.OK
    assert any(path.suffix == ".ok" for path in site.post.rglob("*"))


@pytest.mark.parametrize("raw", [b"", b"iets", b"{}"])
def test_anything_else_by_the_pipe_is_refused(monkeypatch, raw, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert intake("errand") == codes.USAGE


def test_a_name_that_leads_elsewhere_is_refused(monkeypatch):
    item = {
        "box": "../../x", "zid": "a" * 26, "file": "/x", "size": 1, "parts": ["0" * 64],
        "done": 0, "commit": "",
    }  # fmt: skip
    place = {"kind": "folder", "address": "/x", "user": "", "password": "", "certificate": ""}
    plain = {"place": place, "mark": "/x", "token": "x", "items": [item]}
    raw = io.BytesIO(json.dumps(plain).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(raw))
    assert intake("errand") == codes.USAGE
