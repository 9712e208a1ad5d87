"""A municipality's own case system, by the ZGW APIs: Documenten 1.x and Zaken 1.x.

The receiver files an accepted dossier there as documents of a case. One call per method; who calls
keeps what came back, so that a filing that broke off goes on where it was. Every request carries a
token of its own (JWT, HS256), is never redirected, and goes only to the two addresses that were
filled in: of the addresses in an answer only the identifier is used to build the next call.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Self
from uuid import UUID

from intake_app.sync.errors import Paused, Reason
from intake_app.sync.proxies import ProxyFinder
from intake_app.sync.web_errors import of_failure, of_status
from intake_app.sync.webdav import Patience, checked_address
from intake_app.sync.zgw_errors import Gone, Misfit, objection

if TYPE_CHECKING:
    import httpx2

CONFIDENTIALITY: Final = "vertrouwelijk"
LANGUAGE: Final = "dut"
"""ISO 639-2/B, as the Documenten API asks."""
LONGEST_IDENTIFICATION: Final = 40
_ANSWER_LIMIT: Final = 1 << 20
_COORDINATES: Final = {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}


@dataclass(frozen=True, slots=True)
class CaseSystem:
    """Where a case system is, as whom, and what kinds of things are made there.

    `organisation` is the RSIN of the municipality (9 digits); `document_type` and `case_type` are
    URLs from its own catalogue.
    """

    documents: str
    cases: str
    client_id: str
    secret: str = field(repr=False)
    organisation: str
    document_type: str
    case_type: str
    certificate: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Document:
    """What is said of a file when it is filed; `sha256` in hexadecimal, `size` in bytes."""

    identification: str
    title: str
    author: str
    made_on: date
    file_name: str
    media_type: str
    size: int
    sha256: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the file that the system asks for, in this order and of this size."""

    part_id: UUID
    number: int
    size: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A document that waits for its parts; `lock` has to be given back with each."""

    url: str
    document_id: UUID
    lock: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as the system has it."""

    url: str
    document_id: UUID
    locked: bool
    size: int | None
    sha256: str


def token(system: CaseSystem, now: datetime, *, user_id: str, user_name: str) -> str:
    """Return the JWT of one request (ZGW: HS256 over iss, iat, client_id and who it is for)."""
    claims = {
        "iss": system.client_id,
        "iat": int(now.timestamp()),
        "client_id": system.client_id,
        "user_id": user_id,
        "user_representation": user_name,
    }
    body = b".".join(
        _coded(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)
    )
    signature = hmac.new(system.secret.encode(), body, hashlib.sha256).digest()
    return b".".join((body, _coded(signature))).decode("ascii")


def _coded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


class Client:
    """Talks to one case system for one user. Not safe for several threads."""

    def __init__(
        self,
        system: CaseSystem,
        *,
        now: Callable[[], datetime],
        user_id: str,
        user_name: str,
        proxy: ProxyFinder | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Prepare; nothing is sent yet. Raises `Paused` (ADDRESS) for what is no address."""
        self._system = system
        self._documents = checked_address(system.documents)
        self._cases = checked_address(system.cases)
        self._now = now
        self._user = (user_id, user_name)
        self._proxy = proxy
        self._patience = patience or Patience()
        self._clients: dict[str, httpx2.Client] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    # -- documents -----------------------------------------------------------------------------

    def open_document(self, document: Document) -> Opened:
        """Announce a file; its bytes follow in the parts the system asks for.

        Raises `Objection`, with `taken` when the identification is in use, and the errors of
        `sync.errors` for the way there.
        """
        answer = self._json(
            "POST",
            self._documents,
            "enkelvoudiginformatieobjecten",
            {
                "identificatie": document.identification,
                "bronorganisatie": self._system.organisation,
                "creatiedatum": document.made_on.isoformat(),
                "titel": document.title[:200],
                "vertrouwelijkheidaanduiding": CONFIDENTIALITY,
                "auteur": document.author[:200],
                "formaat": document.media_type,
                "taal": LANGUAGE,
                "bestandsnaam": document.file_name,
                "bestandsomvang": document.size,
                "inhoud": None,
                "beschrijving": document.description[:1000],
                "ontvangstdatum": None,
                "verzenddatum": None,
                "indicatieGebruiksrecht": False,
                "integriteit": {
                    "algoritme": "sha_256",
                    "waarde": document.sha256,
                    "datum": document.made_on.isoformat(),
                },
                "informatieobjecttype": self._system.document_type,
            },
            expected=201,
        )
        url = _text(answer, "url")
        parts = sorted(
            (_part(each) for each in _list(answer, "bestandsdelen")), key=lambda p: p.number
        )
        if sum(part.size for part in parts) != document.size:
            raise Misfit
        return Opened(url, _identifier(url), _text(answer, "lock"), tuple(parts))

    def send_part(self, part: Part, lock: str, data: bytes) -> None:
        """Send the bytes of one part; sending the same part again is harmless."""
        self._ask(
            "PUT",
            self._documents,
            f"bestandsdelen/{part.part_id}",
            expected=200,
            files={"inhoud": ("deel", data, "application/octet-stream")},
            data={"lock": lock},
        )

    def unlock(self, document_id: UUID, lock: str) -> None:
        """Say that all parts are there; the system puts them together."""
        self._json(
            "POST",
            self._documents,
            f"enkelvoudiginformatieobjecten/{document_id}/unlock",
            {"lock": lock},
            expected=204,
        )

    def look(self, document_id: UUID) -> Stored:
        """Return a document as it lies there now."""
        path = f"enkelvoudiginformatieobjecten/{document_id}"
        return _stored(self._json("GET", self._documents, path, None, expected=200))

    def find(self, identification: str) -> Stored | None:
        """Return the document of our organisation with that identification."""
        found = self._json(
            "GET",
            self._documents,
            "enkelvoudiginformatieobjecten",
            None,
            expected=200,
            query={"bronorganisatie": self._system.organisation, "identificatie": identification},
        )
        results = _list(found, "results")
        return _stored(results[0]) if results else None

    # -- cases ---------------------------------------------------------------------------------

    def open_case(self, identification: str, description: str, started: date, v_number: str) -> str:
        """Make a case and return its URL. Raises as `open_document`."""
        marks = [{"kenmerk": v_number, "bron": "V-nummer"}] if v_number else []
        answer = self._json(
            "POST",
            self._cases,
            "zaken",
            {
                "identificatie": identification,
                "bronorganisatie": self._system.organisation,
                "verantwoordelijkeOrganisatie": self._system.organisation,
                "zaaktype": self._system.case_type,
                "startdatum": started.isoformat(),
                "vertrouwelijkheidaanduiding": CONFIDENTIALITY,
                "omschrijving": description[:80],
                "kenmerken": marks,
            },
            expected=201,
            headers=_COORDINATES,
        )
        return _text(answer, "url")

    def find_case(self, identification: str) -> str | None:
        """Return the URL of the case of our organisation with that identification."""
        found = self._json(
            "GET",
            self._cases,
            "zaken",
            None,
            expected=200,
            query={"bronorganisatie": self._system.organisation, "identificatie": identification},
            headers=_COORDINATES,
        )
        results = _list(found, "results")
        return _text(results[0], "url") if results else None

    def attach(self, case: str, document: str, title: str) -> None:
        """Make a document part of a case; once it is, doing so again changes nothing."""
        if self._attached(case, document):
            return
        self._json(
            "POST",
            self._cases,
            "zaakinformatieobjecten",
            {"informatieobject": document, "zaak": case, "titel": title[:200]},
            expected=201,
        )

    def _attached(self, case: str, document: str) -> bool:
        found = self._ask(
            "GET",
            self._cases,
            "zaakinformatieobjecten",
            expected=200,
            params={"zaak": case, "informatieobject": document},
        )
        answer = _parsed(found)
        if not isinstance(answer, list):
            raise Misfit
        return bool(answer)

    # -- the way there -------------------------------------------------------------------------

    def _json(
        self,
        method: str,
        base: str,
        path: str,
        body: Mapping[str, Any] | None,
        *,
        expected: int,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        sent: dict[str, Any] = {"headers": dict(headers or {})}
        if body is not None:
            sent["json"] = body
        if query is not None:
            sent["params"] = query
        answer = self._ask(method, base, path, expected=expected, **sent)
        if expected == 204:
            return {}
        parsed = _parsed(answer)
        if not isinstance(parsed, dict):
            raise Misfit
        return parsed

    def _ask(self, method: str, base: str, path: str, *, expected: int, **sent: Any) -> bytes:
        import httpx2

        user_id, user_name = self._user
        headers = {
            **sent.pop("headers", {}),
            "Authorization": "Bearer "
            + token(self._system, self._now(), user_id=user_id, user_name=user_name),
        }
        try:
            with self._client(base).stream(method, base + path, headers=headers, **sent) as answer:
                body = bytearray()
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > _ANSWER_LIMIT:
                        raise Misfit
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise of_failure(error) from None
        if answer.status_code == expected:
            return bytes(body)
        if answer.status_code == 400:
            raise objection(bytes(body))
        if answer.status_code in {404, 410}:
            raise Gone
        if 200 <= answer.status_code < 300:
            raise Paused(Reason.PORTAL) if _is_page(answer.headers) else Misfit()
        raise of_status(answer.status_code, answer.headers)

    def _client(self, base: str) -> httpx2.Client:
        import httpx2

        from intake_app.sync import trust

        client = self._clients.get(base)
        if client is None:
            patience = self._patience
            client = self._clients[base] = httpx2.Client(
                headers={"Accept": "application/json", "User-Agent": "doorgaande-lijn"},
                verify=trust.context(self._system.certificate),
                trust_env=False,
                proxy=self._proxy.proxy_for(base) if self._proxy is not None else None,
                timeout=httpx2.Timeout(patience.piece, connect=patience.connect),
                follow_redirects=False,
            )
        return client


def _is_page(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip() == "text/html"


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise Misfit from None


def _text(answer: Mapping[str, Any], name: str) -> str:
    found = answer.get(name)
    if not isinstance(found, str) or not found:
        raise Misfit
    return found


def _list(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = answer.get(name)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Misfit
    return found


def _part(answer: Mapping[str, Any]) -> Part:
    number, size = answer.get("volgnummer"), answer.get("omvang")
    if not isinstance(number, int) or not isinstance(size, int) or size < 0:
        raise Misfit
    return Part(_identifier(_text(answer, "url")), number, size)


def _stored(answer: Mapping[str, Any]) -> Stored:
    url = _text(answer, "url")
    size = answer.get("bestandsomvang")
    proof = answer.get("integriteit")
    value = proof.get("waarde") if isinstance(proof, dict) else ""
    kind = proof.get("algoritme") if isinstance(proof, dict) else ""
    return Stored(
        url=url,
        document_id=_identifier(url),
        locked=answer.get("locked") is True,
        size=size if isinstance(size, int) else None,
        sha256=str(value).lower() if kind == "sha_256" else "",
    )


def _identifier(url: str) -> UUID:
    """Return the identifier at the end of a URL; where the rest of it leads is never followed."""
    try:
        return UUID(url.rstrip("/").rpartition("/")[2])
    except ValueError:
        raise Misfit from None
