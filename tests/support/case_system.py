"""A case system that remembers: the part of the ZGW APIs that filing uses, on this machine.

It is what stands behind Prism in the tests that hold every request and every answer against the
published OpenAPI files, and stands alone in the others. It can cut the connection after it did what
was asked, so that the answer is lost.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

ORGANISATION = "123456782"
CLIENT = "doorgaande-lijn"
SECRET = "een sleutel van de test"
TYPES = "https://catalogus.test/api/v1"
DOCUMENT_TYPE = f"{TYPES}/informatieobjecttypen/6f3c1f8a-0c43-4a30-9f55-000000000001"
CASE_TYPE = f"{TYPES}/zaaktypen/6f3c1f8a-0c43-4a30-9f55-000000000002"
_LISTS_OF_A_CASE = (
    "deelzaken",
    "eigenschappen",
    "rollen",
    "zaakinformatieobjecten",
    "zaakobjecten",
)
_NOW = "2026-03-05T12:00:00Z"


class CaseSystemDouble:
    """What was filed; `part_size` bytes a part. `eat` are the numbers of requests not answered."""

    def __init__(self, part_size: int = 300_000, *, checks_bytes: bool = True) -> None:
        self.part_size = part_size
        self.checks_bytes = checks_bytes
        self.documents: dict[str, dict[str, Any]] = {}
        self.parts: dict[str, tuple[str, bytes | None, int]] = {}
        self.content: dict[str, bytes] = {}
        self.locks: dict[str, str] = {}
        self.cases: dict[str, dict[str, Any]] = {}
        self.links: list[dict[str, Any]] = []
        self.requests: list[tuple[str, str]] = []
        self.tokens: list[dict[str, Any]] = []
        self.eat: set[int] = set()
        self.refuse: dict[str, tuple[int, dict[str, Any]]] = {}
        self.base = ""

    # -- what it does --------------------------------------------------------------------------

    def answer(
        self, method: str, path: str, query: dict[str, str], body: bytes, kind: str
    ) -> tuple[int, Any]:
        for part, refusal in self.refuse.items():
            if part in f"{method} {path}":
                return refusal
        if path == "/enkelvoudiginformatieobjecten":
            return (
                self._make_document(json.loads(body))
                if method == "POST"
                else self._find(self.documents, query)
            )
        if found := re.fullmatch(r"/enkelvoudiginformatieobjecten/([^/]+)(/unlock)?", path):
            return self._document(method, found[1], found[2] or "", body)
        if found := re.fullmatch(r"/bestandsdelen/([^/]+)", path):
            return self._part(found[1], body, kind)
        if path == "/zaken":
            return (
                self._make_case(json.loads(body))
                if method == "POST"
                else self._find(self.cases, query)
            )
        if path == "/zaakinformatieobjecten":
            return self._link(method, json.loads(body) if body else {}, query)
        return 404, _fault(404, "not_found")

    def _find(self, among: dict[str, dict[str, Any]], query: dict[str, str]) -> tuple[int, Any]:
        found = [
            each
            for each in among.values()
            if all(each[name] == value for name, value in query.items() if name != "page")
        ]
        shown = [{k: v for k, v in each.items() if k != "lock"} for each in found]
        return 200, {"count": len(found), "next": None, "previous": None, "results": shown}

    def _taken(self, among: dict[str, dict[str, Any]], said: dict[str, Any]) -> bool:
        return any(each["identificatie"] == said["identificatie"] for each in among.values())

    def _make_document(self, said: dict[str, Any]) -> tuple[int, Any]:
        if self._taken(self.documents, said):
            return 400, _invalid("identificatie", "identificatie-niet-uniek")
        which = str(uuid4())
        size, number, parts = said["bestandsomvang"], 0, []
        while size > 0:
            number += 1
            name = str(uuid4())
            here = min(size, self.part_size)
            size -= here
            self.parts[name] = (which, None, here)
            parts.append(
                {
                    "url": f"{self.base}/bestandsdelen/{name}",
                    "volgnummer": number,
                    "omvang": here,
                    "voltooid": False,
                    "lock": "",
                }
            )
        self.locks[which] = uuid4().hex
        self.documents[which] = {
            "url": f"{self.base}/enkelvoudiginformatieobjecten/{which}",
            "identificatie": said["identificatie"],
            "bronorganisatie": said["bronorganisatie"],
            "creatiedatum": said["creatiedatum"],
            "titel": said["titel"],
            "vertrouwelijkheidaanduiding": said["vertrouwelijkheidaanduiding"],
            "auteur": said["auteur"],
            "status": "",
            "formaat": said["formaat"],
            "taal": said["taal"],
            "versie": 1,
            "beginRegistratie": _NOW,
            "bestandsnaam": said["bestandsnaam"],
            "inhoud": f"{self.base}/enkelvoudiginformatieobjecten/{which}/download",
            "bestandsomvang": said["bestandsomvang"],
            "beschrijving": said["beschrijving"],
            "indicatieGebruiksrecht": said["indicatieGebruiksrecht"],
            "integriteit": said["integriteit"],
            "informatieobjecttype": said["informatieobjecttype"],
            "locked": True,
            "bestandsdelen": list(reversed(parts)),
        }
        return 201, {**self.documents[which], "lock": self.locks[which]}

    def _part(self, name: str, body: bytes, kind: str) -> tuple[int, Any]:
        message = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
        fields = {
            part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
            for part in message.get_payload()  # type: ignore[union-attr]
        }
        if name not in self.parts:
            return 404, _fault(404, "not_found")
        which, _, size = self.parts[name]
        data = fields["inhoud"]
        if fields.get("lock") != self.locks.get(which, "-").encode():
            return 400, _invalid("nonFieldErrors", "incorrect-lock-id")
        if self.checks_bytes and len(data) != size:
            return 400, _invalid("nonFieldErrors", "file-size")
        self.parts[name] = (which, data, size)
        return 200, {
            "url": f"{self.base}/bestandsdelen/{name}",
            "lock": self.locks[which],
            "volgnummer": 1,
            "omvang": size,
            "voltooid": True,
        }

    def _document(self, method: str, which: str, action: str, body: bytes) -> tuple[int, Any]:
        if which not in self.documents:
            return 404, _fault(404, "not_found")
        document = self.documents[which]
        if not action:
            return 200, document
        if json.loads(body)["lock"] != self.locks[which]:
            return 400, _invalid("nonFieldErrors", "incorrect-lock-id")
        mine = [
            self.parts[url["url"].rpartition("/")[2]]
            for url in sorted(document["bestandsdelen"], key=lambda p: p["volgnummer"])
        ]
        if any(data is None for _, data, _ in mine):
            return 400, _invalid("nonFieldErrors", "incomplete-upload")
        self.content[which] = b"".join(data or b"" for _, data, _ in mine)
        document.update(locked=False, bestandsdelen=[])
        return 204, None

    def _make_case(self, said: dict[str, Any]) -> tuple[int, Any]:
        if self._taken(self.cases, said):
            return 400, _invalid("identificatie", "identificatie-niet-uniek")
        which = str(uuid4())
        self.cases[which] = {
            "url": f"{self.base}/zaken/{which}",
            "uuid": which,
            "omschrijving": said["omschrijving"],
            "identificatie": said["identificatie"],
            "bronorganisatie": said["bronorganisatie"],
            "verantwoordelijkeOrganisatie": said["verantwoordelijkeOrganisatie"],
            "zaaktype": said["zaaktype"],
            "startdatum": said["startdatum"],
            "einddatum": None,
            "vertrouwelijkheidaanduiding": said["vertrouwelijkheidaanduiding"],
            "betalingsindicatie": "",
            "betalingsindicatieWeergave": "",
            "kenmerken": said["kenmerken"],
            **{
                name: []
                for name in (
                    "deelzaken",
                    "eigenschappen",
                    "rollen",
                    "zaakinformatieobjecten",
                    "zaakobjecten",
                )
            },
            "status": None,
            "resultaat": None,
        }
        return 201, self.cases[which]

    def _link(self, method: str, said: dict[str, Any], query: dict[str, str]) -> tuple[int, Any]:
        if method == "GET":
            return 200, [e for e in self.links if all(e[k] == v for k, v in query.items())]
        which = str(uuid4())
        made = {
            "url": f"{self.base}/zaakinformatieobjecten/{which}",
            "uuid": which,
            "informatieobject": said["informatieobject"],
            "zaak": said["zaak"],
            "aardRelatieWeergave": "Hoort bij, omgekeerd: kent",
            "titel": said["titel"],
            "registratiedatum": _NOW,
        }
        self.links.append(made)
        return 201, made

    def signed(self, header: str) -> dict[str, Any] | None:
        """The claims of a token that this system's secret signed."""
        try:
            head, claims, signature = header.removeprefix("Bearer ").split(".")
            right = hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
            padded = base64.urlsafe_b64decode(signature + "==")
            said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(claims + "=="))
        except ValueError:
            return None
        return said if hmac.compare_digest(right, padded) and said["client_id"] == CLIENT else None


def _fault(status: int, code: str) -> dict[str, Any]:
    return {
        "type": "",
        "code": code,
        "title": code,
        "status": status,
        "detail": code,
        "instance": "urn:x",
    }


def _invalid(name: str, code: str) -> dict[str, Any]:
    return {
        **_fault(400, "invalid"),
        "invalidParams": [{"name": name, "code": code, "reason": code}],
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    double: CaseSystemDouble

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.double.requests.append((self.command, parts.path))
        number = len(self.double.requests)
        claims = self.double.signed(self.headers.get("Authorization", ""))
        if claims is None:
            status, said = 403, _fault(403, "permission_denied")
        else:
            self.double.tokens.append(claims)
            kind = self.headers.get("Content-Type", "")
            status, said = self.double.answer(self.command, parts.path, query, body, kind)
        if number in self.double.eat:
            self.close_connection = True
            self.connection.close()
            return
        sent = b"" if said is None else json.dumps(said).encode()
        self.send_response(status)
        kind = "application/json" if status < 400 else "application/problem+json"
        self.send_header("API-version", "1.6.0")
        if sent:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_POST = do_PUT = _do  # noqa: N815  (the names the base class calls)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(double: CaseSystemDouble) -> Iterator[str]:
    """Serve it on loopback; the base address of both APIs."""
    handler = type("Handler", (_Handler,), {"double": double})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    double.base = f"http://127.0.0.1:{server.server_port}"
    try:
        yield double.base
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
