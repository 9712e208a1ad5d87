"""Workloads of handing over: a sealed file out, and one taken in with a receipt back."""

from __future__ import annotations

from pathlib import Path

from support.chain import PERSON, add_person, make_chain
from support.storm.fault_writers import AZC, STICK, TOWN, check_stick
from support.storm.oracle import Tell, opened_again, tell_every_commit
from support.storm.workloads import Cut, OpenVault

from intake_app.domain.handover import InboxState
from intake_app.flows import hand_over, receive
from intake_app.vault import Vault


class Sending(OpenVault):
    """A dossier is sealed twice: what was offered is whole on the stick."""

    name = "verzegelen"
    folder = AZC

    def prepare(self, root: Path) -> None:
        chain = make_chain(root)
        add_person(chain.azc)
        chain.close()

    def work(self, vault: Vault, root: Path) -> None:
        for _ in range(2):
            hand_over.seal(vault, PERSON.person_id, root / STICK)

    def check(self, root: Path, cut: Cut) -> None:
        super().check(root, cut)
        vault = opened_again(root / self.folder)
        try:
            check_stick(vault, root / STICK)
        finally:
            vault.close()


class Receiving(OpenVault):
    """A dossier comes in and is accepted: the receipt is there, or can be written again."""

    name = "ontvangen"
    folder = TOWN

    def prepare(self, root: Path) -> None:
        chain = make_chain(root)
        add_person(chain.azc)
        hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
        chain.close()

    def run(self, root: Path, tell: Tell) -> None:
        vault = opened_again(root / self.folder)
        tell_every_commit(vault, tell)
        (path,) = (root / STICK).glob("overdracht-*.zip")
        item = receive.take_in(vault, path)
        receive.accept(vault, item.handover_id, first_talk=None, receipt_folder=root / STICK)
        vault.close()

    def check(self, root: Path, cut: Cut) -> None:
        super().check(root, cut)
        vault = opened_again(root / self.folder)
        try:
            with vault.read() as records:
                items, persons = records.inbox.all(), records.persons.all()
            accepted = [item for item in items if item.state is InboxState.GEACCEPTEERD]
            assert len(persons) == len(accepted)
            receipts = list((root / STICK).glob("ontvangst-*"))
            if accepted and not receipts:
                receive.write_receipt(vault, accepted[0].handover_id, root / STICK)
        finally:
            vault.close()
