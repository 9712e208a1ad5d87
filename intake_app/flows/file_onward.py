"""File an accepted dossier in the municipality's own case system, or as files where there is none.

What is filed is what the receiver holds: the document, the dossier as data, and the attachments
that are not medical. Where a filing stands is kept in the vault after every step, so that whatever
breaks off goes on later and nothing is filed twice: a document has a fixed identification, made of
the handover's number, that a case system takes once.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final
from uuid import UUID

from intake_app.domain.handover import InboxState
from intake_app.flows.acting import actor_of
from intake_app.flows.case_system import SETTING, FilingRefused, settings
from intake_app.sentences import Told
from intake_app.sync import zgw, zgw_errors
from intake_app.vault.audit_body import Happened

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from intake_app.domain.handover import InboxItem
    from intake_app.sync.proxies import ProxyFinder
    from intake_app.vault import Vault

_JSON: Final = "application/json"
_PDF: Final = "application/pdf"
_MOST_ATTEMPTS: Final = 9


class FilingStopped(Told):
    """The person stopped it; what was filed stays, and filing again goes on from there."""


@dataclass(frozen=True, slots=True)
class ToFile:
    """One file of an accepted dossier; `key` names it within its handover."""

    key: str
    title: str
    file_name: str
    media_type: str
    size: int
    sha256: str
    open: Callable[[], BinaryIO] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the filing of one handover is. `filed` of `total` documents are in the case."""

    case: str
    filed: int
    total: int

    @property
    def done(self) -> bool:
        """Whether everything is there."""
        return bool(self.case) and self.filed == self.total


@dataclass(slots=True)
class _Progress:
    """What is kept of one document: every field is filled in as soon as the system answered."""

    attempt: int = 1
    url: str = ""
    document_id: str = ""
    lock: str = ""
    parts: list[tuple[str, int, int]] = field(default_factory=list)
    sent: int = 0
    stored: bool = False
    attached: bool = False


@dataclass(slots=True)
class _State:
    case: str = ""
    documents: dict[str, _Progress] = field(default_factory=dict)


# -- what there is to file -------------------------------------------------------------------------


def to_file(vault: Vault, handover_id: UUID) -> tuple[ToFile, ...]:
    """Return the files of an accepted dossier; nothing medical is among them.

    Raises `KeyError` for something that was never received, `FilingRefused` as long as it was not
    accepted.
    """
    item = _accepted(vault, handover_id)
    with vault.read("dossier naar het zaaksysteem") as records:
        mine = records.attachments.of_person(item.person_id) if item.person_id else ()
    files = [
        _made("dossier", "Overdrachtsdossier", "dossier.pdf", _PDF, item.dossier_pdf),
        _made("gegevens", "Overdrachtsdossier, gegevens", "dossier.json", _JSON, item.dossier_json),
    ]
    came = [a for a in mine if a.inbox_id == handover_id and not a.role and not a.is_sealed]
    for number, each in enumerate(sorted(came, key=lambda a: (a.added_at, a.sha256)), 1):
        files.append(
            ToFile(
                key=f"bijlage-{each.attachment_id}",
                title=f"Bijlage: {each.title}",
                file_name=f"bijlage-{number}{_ENDINGS.get(each.media_type, '.bin')}",
                media_type=each.media_type,
                size=each.size,
                sha256=each.sha256,
                open=_opener(vault, each.attachment_id),
            )
        )
    return tuple(files)


_ENDINGS: Final = {
    _PDF: ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "text/plain": ".txt",
    "audio/wav": ".wav",
    "audio/mpeg": ".mp3",
}


def _opener(vault: Vault, attachment_id: UUID) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        with vault.read("bijlage naar het zaaksysteem") as records:
            return io.BytesIO(b"".join(records.attachments.read(attachment_id)))

    return opened


def _made(key: str, title: str, file_name: str, media_type: str, data: bytes) -> ToFile:
    digest = hashlib.sha256(data).hexdigest()
    return ToFile(key, title, file_name, media_type, len(data), digest, lambda: io.BytesIO(data))


def _accepted(vault: Vault, handover_id: UUID) -> InboxItem:
    with vault.read("dossier naar het zaaksysteem") as records:
        item = records.inbox.get(handover_id)
    if item is None:
        raise KeyError(handover_id)
    if item.state is not InboxState.GEACCEPTEERD or item.decided_at is None:
        raise FilingRefused("Neem het dossier eerst over. Daarna kan het naar het zaaksysteem.")
    return item


def standing(vault: Vault, handover_id: UUID) -> Standing | None:
    """Return how far the filing is, None when it was never begun."""
    with vault.read() as records:
        kept = records.settings.get(_place(handover_id))
    if not kept:
        return None
    state = _read(kept)
    filed = sum(progress.attached for progress in state.documents.values())
    return Standing(state.case, filed, len(to_file(vault, handover_id)))


# -- into the case system --------------------------------------------------------------------------


def file(
    vault: Vault,
    handover_id: UUID,
    *,
    case: str = "",
    proxy: ProxyFinder | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    client: zgw.Client | None = None,
) -> Standing:
    """File the dossier as documents of a case, and go on where an earlier filing broke off.

    `case` is the URL of a case that is there already; without one a new case is made. A document
    counts as filed only when the case system has it whole: its size and SHA-256 are read back.
    Raises `FilingRefused`, `FilingStopped`, and the errors of `sync.zgw_errors` and
    `sync.errors`; what was filed until then is kept and not done again.
    """
    system = settings(vault)
    if system is None:
        raise FilingRefused("Er is nog geen zaaksysteem ingesteld. Dat kan bij Instellingen.")
    files = to_file(vault, handover_id)
    item = _accepted(vault, handover_id)
    assert item.decided_at is not None  # noqa: S101  (accepted)
    made_on = item.decided_at.astimezone().date()
    with vault.transaction(actor_of(vault), "dossier naar het zaaksysteem") as tx:
        tx.audit.note(Happened("naar zaaksysteem", "export", handover_id, count=len(files)))
    talks = client or zgw.Client(
        system,
        now=vault.env.now,
        user_id=str(vault.user.user_id),
        user_name=vault.user.name,
        proxy=proxy,
    )
    try:
        filing = _Filing(vault, handover_id, talks, item.sender_name, made_on)
        filing.want_case(case, _v_number(vault, item))
        _put_all(filing, files, cancelled, progress)
    finally:
        if client is None:
            talks.close()
    result = standing(vault, handover_id)
    assert result is not None  # noqa: S101  (just kept)
    return result


def _put_all(
    filing: _Filing,
    files: tuple[ToFile, ...],
    cancelled: Callable[[], bool],
    progress: Callable[[int, int], None] | None,
) -> None:
    total = sum(each.size for each in files)
    done = 0

    def sent(now: int) -> None:
        if progress is not None:
            progress(done + now, total)

    for each in files:
        filing.put(each, cancelled, sent)
        done += each.size
        sent(0)


def _v_number(vault: Vault, item: InboxItem) -> str:
    if item.person_id is None:
        return ""
    with vault.read("dossier naar het zaaksysteem") as records:
        person = records.persons.get(item.person_id)
    return person.v_number if person is not None else ""


class _Filing:
    """One run over the documents of one handover."""

    def __init__(
        self, vault: Vault, handover_id: UUID, client: zgw.Client, sender: str, made_on: date
    ) -> None:
        self._vault = vault
        self._handover_id = handover_id
        self._client = client
        self._sender = sender
        self._made_on = made_on
        with vault.read() as records:
            kept = records.settings.get(_place(handover_id))
        self._state = _read(kept) if kept else _State()

    def want_case(self, given: str, v_number: str) -> None:
        if self._state.case:
            if given and given != self._state.case:
                raise FilingRefused(
                    "Dit dossier staat al in een andere zaak. Er is niets veranderd. "
                    "Verplaats de documenten in het zaaksysteem zelf."
                )
            return
        self._state.case = given or self._new_case(v_number)
        self._keep()

    def _new_case(self, v_number: str) -> str:
        name = f"DL-{self._handover_id.hex[:24]}"
        try:
            return self._client.open_case(name, "Overdracht inburgering", self._made_on, v_number)
        except zgw_errors.Objection as objection:
            # The answer to an earlier attempt did not reach us.
            found = self._client.find_case(name) if objection.taken else None
            if found is None:
                raise
            return found

    def put(self, file: ToFile, cancelled: Callable[[], bool], sent: Callable[[int], None]) -> None:
        progress = self._state.documents.setdefault(file.key, _Progress())
        while not progress.stored:
            if cancelled():
                raise FilingStopped
            if not progress.document_id:
                self._announce(file, progress)
            else:
                self._bring(file, progress, cancelled, sent)
        if not progress.attached:
            if cancelled():
                raise FilingStopped
            self._client.attach(self._state.case, progress.url, file.title)
            progress.attached = True
            self._keep()

    def _announce(self, file: ToFile, progress: _Progress) -> None:
        document = zgw.Document(
            identification=self._identification(file, progress.attempt),
            title=file.title,
            author=self._sender,
            made_on=self._made_on,
            file_name=file.file_name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
        )
        try:
            opened = self._client.open_document(document)
        except zgw_errors.Objection as objection:
            if not objection.taken:
                raise
            self._known(document, progress)
            return
        progress.url, progress.document_id = opened.url, str(opened.document_id)
        progress.lock = opened.lock
        progress.parts = [(str(p.part_id), p.number, p.size) for p in opened.parts]
        progress.sent = 0
        self._keep()

    def _known(self, document: zgw.Document, progress: _Progress) -> None:
        """The identification is in use: ours from before, whole or begun and lost."""
        stored = self._client.find(document.identification)
        if stored is not None and _whole(stored, document.size, document.sha256):
            progress.url, progress.document_id = stored.url, str(stored.document_id)
            progress.stored = True
        else:
            self._give_up(progress)
        self._keep()

    def _give_up(self, progress: _Progress) -> None:
        """Leave what cannot be finished, its lock being lost or its bytes wrong; begin anew."""
        if progress.attempt >= _MOST_ATTEMPTS:
            raise FilingRefused(
                "Het zaaksysteem houdt dit document half vast. Er is niets kwijt. "
                "Vraag je functioneel beheerder om de documenten met ‘DL-’ op te ruimen."
            )
        fresh = _Progress(attempt=progress.attempt + 1)
        for name, value in asdict(fresh).items():
            setattr(progress, name, value)
        self._keep()

    def _bring(
        self,
        file: ToFile,
        progress: _Progress,
        cancelled: Callable[[], bool],
        sent: Callable[[int], None],
    ) -> None:
        try:
            self._bring_parts(file, progress, cancelled, sent)
        except zgw_errors.Gone:
            self._give_up(progress)

    def _bring_parts(
        self,
        file: ToFile,
        progress: _Progress,
        cancelled: Callable[[], bool],
        sent: Callable[[int], None],
    ) -> None:
        document_id = UUID(progress.document_id)
        at = sum(size for _, _, size in progress.parts[: progress.sent])
        with file.open() as source:
            source.seek(at)
            for part_id, number, size in progress.parts[progress.sent :]:
                if cancelled():
                    raise FilingStopped
                part = zgw.Part(UUID(part_id), number, size)
                self._client.send_part(part, progress.lock, source.read(size))
                progress.sent += 1
                self._keep()
                at += size
                sent(at)
        if self._client.look(document_id).locked:
            self._client.unlock(document_id, progress.lock)
        if not _whole(self._client.look(document_id), file.size, file.sha256):
            self._give_up(progress)
            return
        progress.stored = True
        progress.lock = ""
        self._keep()

    def _identification(self, file: ToFile, attempt: int) -> str:
        mark = hashlib.sha256(f"{self._handover_id} {file.key}".encode()).hexdigest()[:24]
        return f"DL-{mark}-{attempt}"

    def _keep(self) -> None:
        plain = {
            "case": self._state.case,
            "documents": {key: asdict(each) for key, each in self._state.documents.items()},
        }
        with self._vault.transaction(actor_of(self._vault), "naar het zaaksysteem") as tx:
            tx.settings.set(_place(self._handover_id), json.dumps(plain))


def _whole(stored: zgw.Stored, size: int, sha256: str) -> bool:
    return not stored.locked and stored.size == size and stored.sha256 == sha256


def _place(handover_id: UUID) -> str:
    return f"{SETTING}/{handover_id}"


def _read(kept: str) -> _State:
    plain = json.loads(kept)
    documents = {key: _Progress(**each) for key, each in plain["documents"].items()}
    for each in documents.values():
        each.parts = [(part, number, size) for part, number, size in each.parts]
    return _State(plain["case"], documents)


# -- as files --------------------------------------------------------------------------------------


def save_files(vault: Vault, handover_id: UUID, folder: Path) -> Path:
    """Write the files of an accepted dossier into a new folder, with a list that names them.

    The folder is called `dossier-<8 hex>` and holds no name. Every file is whole or absent; the
    list comes last. Raises `FilingRefused` for a folder that will not do, and the errors of
    `handover.errors` for the disk.
    """
    from intake_app.handover.safe_file import new_file

    files = to_file(vault, handover_id)
    if not folder.is_dir() or folder.resolve().is_relative_to(vault.folder.resolve()):
        raise FilingRefused("Kies een map die er is en die niet bij de kluis zelf hoort.")
    target = folder / f"dossier-{handover_id.hex[:8]}"
    try:
        target.mkdir(mode=0o700)
    except FileExistsError:
        raise FilingRefused(
            "In deze map staat dit dossier al. Er is niets veranderd. Kies een andere map."
        ) from None
    except OSError:
        raise FilingRefused(
            "In deze map kan het programma niet schrijven. Kies een andere."
        ) from None
    with vault.transaction(actor_of(vault), "dossier als bestanden bewaren") as tx:
        tx.audit.note(Happened("als bestanden bewaren", "export", handover_id, count=len(files)))
    listed = []
    for each in files:
        with new_file(target / each.file_name, vault.env.random) as out, each.open() as source:
            while piece := source.read(1 << 20):
                out.write(piece)
        listed.append(
            {
                "bestand": each.file_name,
                "titel": each.title,
                "formaat": each.media_type,
                "omvang": each.size,
                "sha256": each.sha256,
            }
        )
    content = {"vertrouwelijkheidaanduiding": zgw.CONFIDENTIALITY, "bestanden": listed}
    with new_file(target / "inhoud.json", vault.env.random) as out:
        out.write(json.dumps(content, ensure_ascii=False, indent=1).encode())
    return target
