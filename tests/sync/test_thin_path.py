"""One dossier from one vault to another over a folder, by the parts that everything else uses."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from support.chain import Chain, add_person, make_chain

from intake_app.crypto.age import parse_identity
from intake_app.crypto.sshsig import SigningKey
from intake_app.flows import hand_over, receive
from intake_app.sync import names, receiver, sender
from intake_app.sync.commit import Commit, Signer, read_commit, write_commit
from intake_app.sync.folder import Folder
from intake_app.sync.notices import ReceiptKind, TransportReceipt, read_receipt, write_receipt
from intake_app.sync.parts import freeze, thaw
from intake_app.vault import Vault

BOX, REPLY = "gm0355abcd", "azc7abcd"


def signer(vault: Vault) -> Signer:
    keys, own = vault.organisation_keys(), vault.info.organisation
    return Signer(own.organisation_id, own.name, keys.sign_public, keys.age_recipient)


def signers(*vaults: Vault):
    known = [signer(vault) for vault in vaults]
    return lambda organisation: [each for each in known if each.organisation_id == organisation]


class Journal:
    """Remembers in memory."""

    def __init__(self) -> None:
        self.done = 0

    def part_there(self, number: int) -> None:
        self.done = number + 1

    def may_commit(self) -> bool:
        return True


def commit_of(chain: Chain, sealed: Path, frozen_at: Path) -> tuple[Commit, bytes]:
    env, to = chain.azc.env, signer(chain.town)
    with chain.azc.read() as records:
        (offered,) = records.handovers.all()
    frozen = freeze(sealed, frozen_at, to.age_recipient, random=env.random)
    commit = Commit(
        zid=frozen_at.name,
        box=BOX,
        sender=chain.azc.info.organisation.organisation_id,
        recipient=to.organisation_id,
        size=frozen.size,
        sha256=frozen.sha256,
        parts=frozen.parts,
        content_size=frozen.content_size,
        content_sha256=frozen.content_sha256,
        handover_id=offered.handover_id,
        dossier_id=offered.person_id,
        dossier_version=offered.dossier_version,
        supersedes=None,
        created=env.now(),
        valid_until=env.now() + timedelta(days=30),
        reply_box=REPLY,
    )
    key = SigningKey(chain.azc.organisation_keys().signing_seed)
    return commit, write_commit(commit, key, to.age_recipient, random=env.random)


def test_a_dossier_goes_over_a_folder_and_the_receipt_comes_back(tmp_path: Path):
    chain = make_chain(tmp_path)
    person = add_person(chain.azc)
    offered = hand_over.seal(chain.azc, person.person_id, chain.stick)
    relay_root = tmp_path / "postbus"
    relay_root.mkdir()
    relay = Folder(str(relay_root))

    zid = names.new_zid(chain.azc.env.random)
    source = tmp_path / zid
    commit, commit_bytes = commit_of(chain, chain.stick / offered.file_name, source)
    journal = Journal()
    assert sender.offer(
        relay,
        box=BOX,
        zid=zid,
        source=source,
        parts=commit.parts,
        commit=commit_bytes,
        done=0,
        journal=journal,
        cancelled=lambda: False,
    )
    assert journal.done == len(commit.parts)

    (found,) = receiver.look(relay, BOX)
    raw = receiver.commit_file(relay, found)
    assert raw is not None
    identities = [parse_identity(text) for text in chain.town.organisation_keys().age_identities]
    own = chain.town.info.organisation.organisation_id
    heard, by = read_commit(
        raw, identities, zid=zid, box=BOX, own=own, signers=signers(chain.azc, chain.town)
    )
    assert (heard, by) == (commit, signer(chain.azc)) or heard.plain() == commit.plain()
    arrived = tmp_path / "binnengekomen"
    arrived.mkdir()
    path = receiver.fetch(relay, heard, arrived, cancelled=lambda: False)
    assert path is not None
    assert path.read_bytes() == source.read_bytes()

    receipt = TransportReceipt(
        receipt_id=chain.town.env.uuid(),
        zid=zid,
        sha256=heard.sha256,
        kind=ReceiptKind.ONTVANGEN,
        seq=1,
        at=chain.town.env.now(),
        by=own,
    )
    key = SigningKey(chain.town.organisation_keys().signing_seed)
    data = write_receipt(receipt, key, by.age_recipient, random=chain.town.env.random)
    sender.put_notice(relay, names.receipt(REPLY, zid, 1), data)
    receiver.clear(relay, found)
    assert receiver.look(relay, BOX) == ()

    back = sender.receipt(relay, REPLY, zid, 1)
    assert back is not None
    ours = [parse_identity(text) for text in chain.azc.organisation_keys().age_identities]
    proof = read_receipt(
        back, ours, zid=zid, sha256=commit.sha256, seq=1, by=own, signers=signers(chain.town)
    )
    assert proof.kind is ReceiptKind.ONTVANGEN

    opened = tmp_path / "ontvangen.zip"
    thaw(
        path,
        opened,
        identities,
        content_size=heard.content_size,
        content_sha256=heard.content_sha256,
    )
    assert receive.take_in(chain.town, opened).handover_id == offered.handover_id
    chain.close()
