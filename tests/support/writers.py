"""What the processes do that the reliability tests start and kill."""

from __future__ import annotations

import hashlib
import os
import pathlib
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import UUID

from support.vaults import actor_of, environment, make_vault, open_without_passphrase

from intake_app.crypto.slots import OpenedSlot
from intake_app.domain.interview import (
    Answer,
    AnswerState,
    FormVersion,
    Interview,
    InterviewState,
)
from intake_app.domain.person import Person
from intake_app.vault import Vault, VaultError

PERSON, INTERVIEW = UUID(int=21), UUID(int=22)
_XML = b"<h:html/>"
_FORM = FormVersion(hashlib.sha256(_XML).hexdigest(), "intake", "1", "s", _XML)
LEFT, RIGHT = "/data/links", "/data/rechts"
FILLER = "zo lang als een antwoord in woorden wel eens is, " * 20


def begin(vault: Vault) -> None:
    """Put a person and an open interview in the vault."""
    now = vault.env.now()
    with vault.transaction(actor_of(vault), "gesprek beginnen") as t:
        t.persons.save(Person(PERSON, "", "Voorbeeld"))
        t.forms.put_version(_FORM)
        t.interviews.save(
            Interview(INTERVIEW, PERSON, "intake", _FORM.sha256, "ar", InterviewState.OPEN, now)
        )


def put_pair(vault: Vault, number: int, filler: str = "") -> None:
    """Answer two questions with the same number in one transaction."""
    now = vault.env.now()
    with vault.transaction(actor_of(vault), "antwoord opslaan") as t:
        for path in (LEFT, RIGHT):
            value = f"{number} {filler}"
            t.answers.put(
                Answer(INTERVIEW, path, None, value, AnswerState.ANSWERED, UUID(int=3), now)
            )


def numbers(vault: Vault, path: str) -> list[int]:
    """Return every number ever answered there, oldest first."""
    with vault.read() as r:
        standing = [a for a in r.answers.of_interview(INTERVIEW) if a.path == path]
        kept = (*r.answers.history(INTERVIEW, _Key(path)), *standing)
    return [int(answer.value.split(" ", 1)[0]) for answer in kept]


def write_for_ever(
    folder: Path, slot: OpenedSlot, vault_id: UUID, start: int, acknowledge: Connection
) -> None:
    """Write pairs one after the other, and say each number once it is stored."""
    vault = open_without_passphrase(folder, slot, vault_id, environment(start))
    number = start
    while True:
        put_pair(vault, number, FILLER)
        acknowledge.send_bytes(number.to_bytes(8, "big"))
        number += 1


def write_until_full(
    folder: Path, slot: OpenedSlot, vault_id: UUID, limit: int, acknowledge: Connection
) -> None:
    """Write pairs until no file may grow beyond `limit` bytes; then say how it failed."""
    import resource
    import signal

    vault = open_without_passphrase(folder, slot, vault_id, environment(1))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        for number in range(10_000):
            put_pair(vault, number, FILLER)
            acknowledge.send_bytes(number.to_bytes(8, "big"))
    except VaultError as error:
        acknowledge.send_bytes(type(error).__name__.encode())


def make_and_die(folder: Path, at_call: int) -> None:
    """Make a vault, and end without a word at the n-th sync or rename (0: never)."""
    left = [at_call]

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*args: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os._exit(9)
            return call(*args)

        return instead

    os.fsync = counted(os.fsync)
    pathlib.Path.replace = counted(pathlib.Path.replace)  # type: ignore[method-assign]
    make_vault(folder)
    os._exit(0)


class _Key:
    """The key of an answer outside repeats."""

    repeat = None

    def __init__(self, path: str) -> None:
        self.path = path
