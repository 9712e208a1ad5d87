"""What an entry of the audit log says, in the names of NEN 7513: the fact, never the content.

Codes are those that NEN 7513 takes over: EventID and EventTypeCode from DICOM PS3.15 (table
"Audit Event ID" and "Audit Event Type Code"), the participant codes from RFC 3881 §5.5. Users and
persons are named by their identifier alone; `count` is ours and says how many rows or persons.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from intake_app.vault.rows import moment, stamp, uuid_or_none
from intake_app.vault.scope import Change, Scope, Writing

_ACTIVITY, _LOG_USED, _EXPORT, _IMPORT = "110100", "110101", "110106", "110107"
_RECORD, _QUERY, _SECURITY, _LOGIN = "110110", "110112", "110113", "110114"
_LOGGED_IN, _CONFIGURED, _USER_CHANGED = "110122", "110129", "110137"

_EVENT_OF_KIND: Final[Mapping[str, tuple[str, str]]] = {
    "handover": (_EXPORT, ""),
    "outbox": (_EXPORT, ""),
    "export": (_EXPORT, ""),
    "inbox": (_IMPORT, ""),
    "arrival": (_IMPORT, ""),
    "receipt": (_IMPORT, ""),
    "audit": (_LOG_USED, ""),
    "address_book": (_ACTIVITY, _CONFIGURED),
    "routing": (_ACTIVITY, _CONFIGURED),
    "setting": (_ACTIVITY, _CONFIGURED),
    "user": (_SECURITY, _USER_CHANGED),
    "keys": (_SECURITY, _USER_CHANGED),
    "role_key": (_SECURITY, _USER_CHANGED),
    "recovery": (_SECURITY, _USER_CHANGED),
    "signing_key": (_SECURITY, _USER_CHANGED),
    "organisation": (_SECURITY, _USER_CHANGED),
}
_PERSON, _SYSTEM_OBJECT = 1, 2
_PATIENT, _RESOURCE, _USER, _SECURITY_USER, _QUERY_ROLE = 1, 4, 6, 11, 24
_PATIENT_NUMBER, _SEARCH_CRITERIA, _USER_ID, _URI = 2, 10, 11, 12
_AMENDED, _USED, _DISCLOSED, _RECEIVED, _ERASED = 3, 6, 11, 12, 15
_SENSITIVE: Final = frozenset({"medical", "medical_entry"})
_ERASING: Final = frozenset({"wipe", "audit_prefix"})
SEARCH: Final = "search"
"""The kind of the object that stands for looking in a list, or for somebody."""
_CODES_OF_KIND: Final[Mapping[str, tuple[int, int]]] = {
    SEARCH: (_SEARCH_CRITERIA, _QUERY_ROLE),
    "signing_key": (_USER_ID, _SECURITY_USER),
    **dict.fromkeys(("user", "role_key", "recovery", "unlock"), (_USER_ID, _USER)),
}

SUCCESS: Final = 0
SERIOUS_FAILURE: Final = 8


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to the vault itself, without a row that changed.

    `what` is a purpose as transactions have; `kind` and `subject` name the system object.
    """

    what: str
    kind: str
    subject: UUID | None = None
    detail: str = ""
    outcome: int = SUCCESS
    count: int = 1


@dataclass(frozen=True, slots=True)
class Fact:
    """What an entry says, read back. `persons` and `objects` are in the order they were written."""

    user_id: UUID | None
    action: str
    """C, R, U, D or E (EventActionCode)."""
    event: str
    outcome: int
    purpose: str
    persons: tuple[UUID, ...]
    objects: tuple[tuple[str, UUID | None, str], ...]
    """Kind, identifier and detail of each system object."""
    count: int


def write_body(
    vault_id: UUID, writing: Writing, purpose: str, changes: Mapping[Change, int]
) -> str:
    """Return the body of an entry for a transaction: which persons, which rows, how many."""
    kinds = [change.kind for change in changes]
    cycle = _life_cycle(kinds)
    persons = dict.fromkeys(c.person_id for c in changes if c.person_id is not None)
    rows = dict.fromkeys((c.kind, c.id) for c in changes)
    told = [_person(person_id, cycle) for person_id in persons]
    told += [_object(kind, subject) for kind, subject in rows]
    action = "D" if cycle == _ERASED else "U"
    event = _event(kinds, _RECORD if persons else _ACTIVITY)
    return _body(vault_id, writing, action, event, purpose, told, sum(changes.values()))


def read_body(vault_id: UUID, writing: Writing, purpose: str, scope: Scope) -> str:
    """Return the body of an entry for looking at what `scope` saw."""
    persons, listed = sorted(scope.persons_seen), scope.persons_listed
    seen = set(scope.objects_seen)
    if listed and not persons:
        seen.add((SEARCH, None))
    objects = sorted(seen, key=lambda each: (each[0], str(each[1])))
    told = [_person(person_id, _USED) for person_id in persons]
    told += [_object(kind, subject) for kind, subject in objects]
    event = (_RECORD, "") if persons else _event([kind for kind, _ in objects], _QUERY)
    count = len(persons) + listed + sum(kind != SEARCH for kind, _ in objects)
    return _body(vault_id, writing, "R", event, purpose, told, count)


def event_body(vault_id: UUID, writing: Writing, happened: Happened) -> str:
    """Return the body of an entry for something that happened to the vault itself."""
    event = _event([happened.kind], _ACTIVITY)
    if happened.kind == "unlock":
        event = (_LOGIN, _LOGGED_IN)
    told = [_object(happened.kind, happened.subject, happened.detail)]
    return _body(
        vault_id, writing, "E", event, happened.what, told, happened.count, happened.outcome
    )


def fact_of(body: str) -> Fact:
    """Return what a body says. Raises ValueError for text that `*_body` did not write."""
    try:
        said = json.loads(body)
        user = said["users"][0]
        participants = said["participants"]
        return Fact(
            user_id=uuid_or_none(user["userID"]),
            action=str(said["EventActionCode"]),
            event=str(said.get("EventID", "")),
            outcome=int(said["EventOutcomeIndicator"]),
            purpose=str(user["purposeOfUse"]),
            persons=tuple(
                UUID(each["ParticipantObjectID"])
                for each in participants
                if each["ParticipantObjectTypeCode"] == _PERSON
            ),
            objects=tuple(
                (
                    str(each["ParticipantObjectDetail"]),
                    uuid_or_none(each.get("ParticipantObjectID")),
                    str(each.get("ParticipantObjectName", "")),
                )
                for each in participants
                if each["ParticipantObjectTypeCode"] == _SYSTEM_OBJECT
                and "ParticipantObjectDetail" in each
            ),
            count=int(said["count"]),
        )
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError("not the body of an audit entry") from error


def when(body: str) -> datetime:
    """Return the time in a body. Raises ValueError as `fact_of` does."""
    try:
        return moment(json.loads(body)["EventDateTime"])
    except (KeyError, TypeError) as error:
        raise ValueError("not the body of an audit entry") from error


def _event(kinds: Iterable[str], otherwise: str) -> tuple[str, str]:
    """Return EventID and EventTypeCode; what leaves or comes in says more than that it changed."""
    known = [_EVENT_OF_KIND[kind] for kind in kinds if kind in _EVENT_OF_KIND]
    for event, code in known:
        if event in {_EXPORT, _IMPORT, _SECURITY} or otherwise in {_ACTIVITY, _QUERY}:
            return event, code
    return otherwise, ""


def _life_cycle(kinds: Iterable[str]) -> int:
    changed = set(kinds)
    if changed & _ERASING:
        return _ERASED
    if changed & {"handover", "outbox"}:
        return _DISCLOSED
    return _RECEIVED if changed & {"inbox", "arrival"} else _AMENDED


def _person(person_id: UUID, life_cycle: int) -> dict[str, Any]:
    return {
        "ParticipantObjectDataLifeCycle": life_cycle,
        "ParticipantObjectID": str(person_id),
        "ParticipantObjectIDTypeCode": _PATIENT_NUMBER,
        "ParticipantObjectTypeCode": _PERSON,
        "ParticipantObjectTypeCodeRole": _PATIENT,
    }


def _object(kind: str, subject: UUID | None, name: str = "") -> dict[str, Any]:
    id_type, role = _CODES_OF_KIND.get(kind, (_URI, _RESOURCE))
    told: dict[str, Any] = {
        "ParticipantObjectDetail": kind,
        "ParticipantObjectIDTypeCode": id_type,
        "ParticipantObjectTypeCode": _SYSTEM_OBJECT,
        "ParticipantObjectTypeCodeRole": role,
    }
    if subject is not None:
        told["ParticipantObjectID"] = str(subject)
    if name:
        told["ParticipantObjectName"] = name
    if kind in _SENSITIVE:
        told["ParticipantObjectSensitivity"] = "medisch"
    return told


def _body(
    vault_id: UUID,
    writing: Writing,
    action: str,
    event: tuple[str, str],
    purpose: str,
    participants: list[dict[str, Any]],
    count: int,
    outcome: int = SUCCESS,
) -> str:
    event_id, type_code = event
    body: dict[str, Any] = {
        "AuditSourceID": str(vault_id),
        "EventActionCode": action,
        "EventDateTime": stamp(writing.at),
        "EventID": event_id,
        "EventOutcomeIndicator": outcome,
        "count": count,
        "participants": participants,
        "users": [
            {
                "purposeOfUse": purpose,
                "roleIDCode": list(writing.roles),
                "userID": str(writing.actor_id),
                "userIsRequestor": True,
            }
        ],
    }
    if type_code:
        body["EventTypeCode"] = type_code
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
