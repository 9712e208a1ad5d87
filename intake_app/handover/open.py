"""Opening a sealed file: each check in a fixed order, nothing returned before the last one.

No plaintext touches the disk: the inner archive is read through the decrypting reader. The order
is: outer limits and structure, header, version, signature by a known sender, addressed to us,
digest of the payload, decryption, inner limits and structure, signature over the content by the
same sender, tag digests, file list, sender and recipient inside, replay, payload digests, dossier.

Where a user or laptop signed instead of the organisation, the header says whose it is and the
organisation's signed list inside has to say the same; one that we know to be struck off is refused
before anything is decrypted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol
from uuid import UUID

from intake_app.crypto import sshsig
from intake_app.crypto.age import (
    Identity,
    PayloadError,
)
from intake_app.crypto.fingerprint import fingerprint
from intake_app.crypto.sshsig import SignatureError
from intake_app.handover import bag, limits, model
from intake_app.handover.address_book import ACTIVE, Entry
from intake_app.handover.archive import Archive, ArchiveError
from intake_app.handover.aside import Aside
from intake_app.handover.attachments import HEAD, is_plain
from intake_app.handover.bag import BagError
from intake_app.handover.dossier import Dossier, DossierRefused, from_json
from intake_app.handover.envelope import (
    decrypted,
    opened_source,
    outer_archive,
    read_member,
    signed_header,
)
from intake_app.handover.errors import Refusal, RefusalReason
from intake_app.handover.holders import Holder, SignedList
from intake_app.handover.manifest import Unreadable, read_manifest
from intake_app.handover.medical import belongs_in
from intake_app.handover.model import AttachmentEntry, Header, Kind, Manifest
from intake_app.handover.vouching import (
    KnownHolders,
    Vouched,
    check_not_struck_off,
    held_then,
    none_known,
    tag_files,
    vouched_by,
)


class SenderDirectory(Protocol):
    """Who is known: in the program, the accepted address book."""

    def by_signer(self, sign_public: str) -> Entry | None:
        """Return the entry with this signing key, whatever its status."""
        ...

    def by_fingerprint(self, number: str) -> Entry | None:
        """Return the entry with this control number, whatever its status."""
        ...


@dataclass(frozen=True, slots=True)
class ReceivedAttachment:
    """An attachment of an opened handover; `pieces` decrypts and verifies it anew each time.

    The bytes are right only when `pieces` came to its end; it raises Refusal when they are not.
    Nothing may offer to open one whose kind is not plain (see `attachments.is_plain`).
    """

    title: str
    media_type: str
    file: str
    size: int
    pieces: Callable[[], Iterator[bytes]]
    is_plain: bool

    def read(self) -> bytes:
        """Return all of it at once. Raises Refusal."""
        return b"".join(self.pieces())


@dataclass(frozen=True, slots=True)
class OpenedHandover:
    """A handover of which everything has been verified. `digest` is the file's SHA-256 (hex).

    `holder` is the user or laptop that signed and `holders` the list that vouches for it; both are
    None where the organisation signed with its own key.
    """

    header: Header
    manifest: Manifest
    dossier: Dossier
    dossier_json: bytes
    pdf: bytes
    attachments: tuple[ReceivedAttachment, ...]
    digest: str
    sender: Entry
    holder: Holder | None = None
    holders: SignedList | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a sealed file shows to anyone, without a key.

    The signature is known to be by `signer`; whether that is somebody we know is not.
    """

    format: str
    version: int
    handover_id: UUID
    size: int
    signer: str
    sender: str
    recipient: str


def open_sealed(
    path: Path,
    *,
    identities: Iterable[Identity],
    own_public: str,
    directory: SenderDirectory,
    seen: Callable[[UUID, UUID], bool],
    kinds: Collection[Kind] = (Kind.DOSSIER,),
    known_holders: KnownHolders = none_known,
) -> OpenedHandover:
    """Return the verified content of the sealed file at `path`.

    `identities` are our age keys (the newest first), `own_public` our signing key, `seen` tells
    of a sending organisation and a handover id whether they were taken in before, `kinds` is what
    this receiver may open, `known_holders` the newest list of an organisation that we have: whom it
    strikes off is refused, whatever the list in the file says. Writes nothing. Raises Refusal, and
    nothing else for any content of the file.
    """
    keys = tuple(identities)
    with opened_source(path) as source:
        archive = outer_archive(source)
        header, signer = signed_header(archive)
        sender = _known_sender(signer, header, directory)
        known = known_holders(sender.organisation_id)
        check_not_struck_off(signer, sender, known)
        _check_addressed_to_us(header, keys, own_public, directory)
        digest = _check_outer_digests(archive, header)
        inner = decrypted(archive, keys)
        vouched = vouched_by(inner, signer, sender, known)
        digests, kind = _check_bag(inner, signer, vouched)
        if kind not in kinds:
            raise Refusal(RefusalReason.MEDICAL_NOT_HERE)
        manifest = _check_manifest(inner, digests, header, vouched, keys, own_public)
        if seen(sender.organisation_id, header.handover_id):
            raise Refusal(RefusalReason.ALREADY_RECEIVED)
        return _content(path, keys, inner, digests, (header, manifest, kind, digest, vouched))


def open_alone(
    path: Path,
    *,
    identities: Iterable[Identity],
    directory: SenderDirectory | None,
    kinds: Collection[Kind] = tuple(Kind),
) -> OpenedHandover:
    """Return the verified content of one sealed file, without a vault.

    As `open_sealed`, except that our own signing key and what came before are not known here: the
    manifest inside, signed by the sender, must name one of `identities` as the recipient, and a
    replay is not noticed. Without a `directory` the sender is whoever signed: the caller must
    have its control number (`sender.fingerprint`) checked by a person. Raises Refusal.
    """
    keys = tuple(identities)
    with opened_source(path) as source:
        archive = outer_archive(source)
        header, signer = signed_header(archive)
        known = None if directory is None else _known_sender(signer, header, directory)
        digest = _check_outer_digests(archive, header)
        inner = decrypted(archive, keys)
        said = _said_manifest(inner)
        sender = known if known is not None else _as_it_says(said)
        if header.sender != sender.fingerprint:
            raise Refusal(RefusalReason.OTHER_SENDER_INSIDE)
        vouched = vouched_by(inner, signer, sender, None)
        digests, kind = _check_bag(inner, signer, vouched)
        if kind not in kinds:
            raise Refusal(RefusalReason.MEDICAL_NOT_HERE)
        ours = said.recipient.sign_public
        manifest = _check_manifest(inner, digests, header, vouched, keys, ours)
        return _content(path, keys, inner, digests, (header, manifest, kind, digest, vouched))


def _as_it_says(manifest: Manifest) -> Entry:
    """Return the sender as the signed manifest itself names it; nobody vouches for it."""
    party = manifest.sender
    return Entry(
        organisation_id=party.organisation_id,
        name=party.name,
        kind="",
        municipality_codes=(),
        age_recipient=party.age_recipient,
        sign_public=party.sign_public,
        box="",
        status=ACTIVE,
        from_date=_day(manifest),
    )


def _content(
    path: Path,
    keys: Sequence[Identity],
    inner: Archive,
    digests: dict[str, str],
    verified: tuple[Header, Manifest, Kind, str, Vouched],
) -> OpenedHandover:
    """Check what is left to check, the bytes of every file, and return what may be shown."""
    header, manifest, kind, digest, by = verified
    if manifest.kind is not kind:
        raise Refusal(RefusalReason.MANIFEST_MISMATCH)
    _check_digests(inner, digests)
    dossier_json = read_member(inner, model.DOSSIER, limits.DOSSIER_JSON)
    dossier = _dossier(dossier_json, manifest)
    pdf = read_member(inner, model.PDF, limits.INNER.member)
    attachments = tuple(
        _attachment(path, keys, inner, digests, entry) for entry in manifest.attachments
    )
    return OpenedHandover(
        header=header,
        manifest=manifest,
        dossier=dossier,
        dossier_json=dossier_json,
        pdf=pdf,
        attachments=attachments,
        digest=digest,
        sender=by.sender,
        holder=by.holder,
        holders=by.holders,
    )


def inspect(path: Path) -> Inspection:
    """Return what the outside of a sealed file says; raises Refusal.

    Checked are the structure, the signature against its own key, and the digests; not who the
    signer is.
    """
    with opened_source(path) as source:
        archive = outer_archive(source)
        header, signer = signed_header(archive)
        _check_outer_digests(archive, header)
        size = source.seek(0, 2)
    return Inspection(
        format=model.FORMAT,
        version=model.VERSION,
        handover_id=header.handover_id,
        size=size,
        signer=signer,
        sender=header.sender,
        recipient=header.recipient,
    )


def _known_sender(signer: str, header: Header, directory: SenderDirectory) -> Entry:
    """Return whose file this is; unless it signed itself, it has to vouch for the signer inside."""
    sender = directory.by_signer(signer) or directory.by_fingerprint(header.sender)
    if sender is None:
        raise Refusal(RefusalReason.UNKNOWN_SENDER)
    if sender.is_revoked:
        raise Refusal(RefusalReason.SENDER_REVOKED, name=sender.name)
    # The control number also covers the age key, to which the receipt will go.
    if header.sender != sender.fingerprint:
        raise Refusal(RefusalReason.UNKNOWN_SENDER)
    return sender


def _check_addressed_to_us(
    header: Header, keys: Sequence[Identity], own_public: str, directory: SenderDirectory
) -> None:
    ours = {fingerprint(key.recipient.encode(), own_public) for key in keys}
    if header.recipient not in ours:
        other = directory.by_fingerprint(header.recipient)
        name = other.name if other is not None else ""
        raise Refusal(RefusalReason.FOR_OTHER_RECIPIENT, name=name)


def _check_outer_digests(archive: Archive, header: Header) -> str:
    """Compare payload and readme with the signed header; return the SHA-256 of the whole file."""
    hashes = {said.file: (said, hashlib.sha512()) for said in (header.payload, header.readme)}
    try:
        whole = archive.sha256({name: running for name, (_, running) in hashes.items()})
    except ArchiveError:
        raise Refusal(RefusalReason.PAYLOAD_DAMAGED) from None
    for name, (said, running) in hashes.items():
        if running.hexdigest() != said.sha512 or archive.members[name].size != said.size:
            raise Refusal(RefusalReason.PAYLOAD_DAMAGED)
    return whole


def _check_bag(inner: Archive, signer: str, vouched: Vouched) -> tuple[dict[str, str], Kind]:
    """Return the signed digests of the files below data/ and the kind they are signed as."""
    tag_manifest = read_member(inner, bag.TAG_MANIFEST, limits.TAG_FILE)
    armored = read_member(inner, bag.TAG_SIGNATURE, limits.SIGNATURE)
    kind = _signed_as(signer, tag_manifest, armored)
    try:
        tags = bag.read_digests(tag_manifest)
        if set(tags) != tag_files(vouched):
            raise Refusal(RefusalReason.MANIFEST_MISMATCH)
        _check_digests(inner, tags)
        if read_member(inner, bag.DECLARATION, limits.TAG_FILE) != bag.DECLARATION_TEXT:
            raise Refusal(RefusalReason.MANIFEST_MISMATCH)
        return bag.read_digests(read_member(inner, bag.MANIFEST, limits.TAG_FILE)), kind
    except BagError:
        raise Refusal(RefusalReason.MANIFEST_MISMATCH) from None


def _signed_as(signer: str, tag_manifest: bytes, armored: bytes) -> Kind:
    """Return the kind in whose namespace the sender signed; raises Refusal when in none."""
    for kind in Kind:
        try:
            text = armored.decode("ascii")
            sshsig.verify(signer, kind.namespace, tag_manifest, text)
        except (SignatureError, UnicodeDecodeError):
            continue
        return kind
    raise Refusal(RefusalReason.CONTENT_SIGNATURE_BROKEN)


def _check_digests(inner: Archive, digests: dict[str, str]) -> None:
    """Read every file named and compare; hashing goes on while the next piece is decrypted."""
    if not set(digests) <= set(inner.members):
        raise Refusal(RefusalReason.MANIFEST_MISMATCH)
    running = {name: hashlib.sha512() for name in digests}
    try:
        with Aside() as aside:
            for name, digest in running.items():
                for piece in inner.pieces(inner.members[name]):
                    aside.feed(digest.update, piece)
    except PayloadError:
        raise Refusal(RefusalReason.PAYLOAD_DAMAGED) from None
    except ArchiveError:
        raise Refusal(RefusalReason.CONTENT_HOSTILE) from None
    if any(running[name].hexdigest() != sha512 for name, sha512 in digests.items()):
        raise Refusal(RefusalReason.MANIFEST_MISMATCH)


def _check_manifest(
    inner: Archive,
    digests: dict[str, str],
    header: Header,
    vouched: Vouched,
    keys: Sequence[Identity],
    own_public: str,
) -> Manifest:
    """Check the exact list of files, and that sender, recipient and id inside are those outside."""
    sender = vouched.sender
    signed = {*tag_files(vouched), bag.TAG_MANIFEST, bag.TAG_SIGNATURE, *digests}
    if signed != set(inner.members):
        raise Refusal(RefusalReason.MANIFEST_MISMATCH)
    manifest = _manifest(inner, digests)
    fixed = {model.MANIFEST, model.DOSSIER, model.PDF, model.SCHEMA}
    if set(digests) != fixed | {entry.file for entry in manifest.attachments}:
        raise Refusal(RefusalReason.MANIFEST_MISMATCH)
    named = (manifest.sender.sign_public, manifest.sender.organisation_id)
    if named != (sender.sign_public, sender.organisation_id):
        raise Refusal(RefusalReason.OTHER_SENDER_INSIDE)
    if manifest.sender.age_recipient != sender.age_recipient:
        raise Refusal(RefusalReason.OTHER_SENDER_INSIDE)
    ours = {key.recipient.encode() for key in keys}
    to = manifest.recipient
    if to.age_recipient not in ours or to.sign_public != own_public:
        raise Refusal(RefusalReason.RECIPIENT_NOT_LISTED)
    if manifest.handover_id != header.handover_id or to.fingerprint != header.recipient:
        raise Refusal(RefusalReason.MANIFEST_MISMATCH)
    if not sender.was_valid_on(_day(manifest)):
        raise Refusal(RefusalReason.SENDER_KEY_NOT_VALID_THEN)
    if not held_then(vouched, manifest):
        raise Refusal(RefusalReason.HOLDER_NOT_VALID_THEN, name=sender.name)
    return manifest


def _manifest(inner: Archive, digests: dict[str, str]) -> Manifest:
    """Return the manifest as the sender signed it."""
    text = read_member(inner, model.MANIFEST, limits.MANIFEST_JSON)
    if hashlib.sha512(text).hexdigest() != digests.get(model.MANIFEST):
        raise Refusal(RefusalReason.MANIFEST_MISMATCH)
    return _parsed(text)


def _said_manifest(inner: Archive) -> Manifest:
    """Return what the manifest says before anybody is known to have signed it."""
    return _parsed(read_member(inner, model.MANIFEST, limits.MANIFEST_JSON))


def _parsed(text: bytes) -> Manifest:
    try:
        return read_manifest(text)
    except Unreadable as error:
        newer = RefusalReason.UNKNOWN_VERSION
        raise Refusal(newer if error.newer else RefusalReason.MANIFEST_MISMATCH) from None


def _day(manifest: Manifest) -> date:
    return manifest.created.date()


def _dossier(data: bytes, manifest: Manifest) -> Dossier:
    try:
        dossier = from_json(data)
    except DossierRefused as error:
        newer = RefusalReason.DOSSIER_VERSION
        raise Refusal(newer if error.newer else RefusalReason.DOSSIER_UNREADABLE) from None
    if (dossier.dossier_id, dossier.dossier_version) != (manifest.dossier_id, manifest.version):
        raise Refusal(RefusalReason.MANIFEST_MISMATCH)
    if not belongs_in(dossier, manifest.kind):
        medical = manifest.kind is Kind.MEDICAL
        wrong = RefusalReason.MANIFEST_MISMATCH if medical else RefusalReason.MEDICAL_IN_DOSSIER
        raise Refusal(wrong)
    return dossier


def _attachment(
    path: Path,
    keys: Sequence[Identity],
    inner: Archive,
    digests: dict[str, str],
    entry: AttachmentEntry,
) -> ReceivedAttachment:
    sha512 = digests[entry.file]

    def pieces() -> Iterator[bytes]:
        digest = hashlib.sha512()
        with opened_source(path) as source:
            again = decrypted(outer_archive(source), keys)
            try:
                for piece in again.pieces(again.members[entry.file]):
                    digest.update(piece)
                    yield piece
            except PayloadError:
                raise Refusal(RefusalReason.PAYLOAD_DAMAGED) from None
            except (ArchiveError, KeyError):
                raise Refusal(RefusalReason.CONTENT_HOSTILE) from None
        if digest.hexdigest() != sha512:
            raise Refusal(RefusalReason.MANIFEST_MISMATCH)

    member = inner.members[entry.file]
    plain = is_plain(entry.file.rsplit(".", 1)[-1], inner.head(member, HEAD))
    return ReceivedAttachment(
        entry.title, entry.media_type, entry.file, member.size, pieces, is_plain=plain
    )
