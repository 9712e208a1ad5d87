"""kill −9 in an interview: the next start is at the same question, with everything there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from support.vaults import PASSPHRASE, prepared_vault

from intake_app import app
from intake_app.domain.environment import real_environment
from intake_app.flows import register
from intake_app.flows.register import PersonDraft
from intake_app.flows.unlock import unlock
from intake_app.tour.hands import Hands
from intake_app.tour.side import Places
from intake_app.ui.interview.page import InterviewPage
from intake_app.xforms import NodeKey

CHILD = Path(__file__).with_name("killed_child.py")
ROOT = CHILD.parent.parent.parent
pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")


@dataclass
class Acknowledged:
    """What the child said was stored before it died."""

    answers: dict[NodeKey, str] = field(default_factory=dict)
    position: NodeKey | None = None

    def hear(self, line: str) -> None:
        kind, path, repeat, value = line.rstrip("\n").split("\t")
        key = NodeKey(path, UUID(repeat) if repeat else None)
        if kind == "answer":
            self.answers[key] = value
        else:
            self.position = key


def run_and_kill(folder: Path, person_id: UUID, after: int) -> Acknowledged:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    heard = Acknowledged()
    with subprocess.Popen(
        [sys.executable, str(CHILD), str(folder), PASSPHRASE, str(person_id)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as child:
        assert child.stdout is not None
        for number, line in enumerate(child.stdout, start=1):
            heard.hear(line)
            if number >= after:
                os.kill(child.pid, signal.SIGKILL)
                break
        for line in child.stdout:
            heard.hear(line)
    assert child.returncode == -signal.SIGKILL
    return heard


@pytest.mark.parametrize(
    "after", [9, *(pytest.param(after, marks=pytest.mark.slow) for after in (2, 23))]
)
def test_the_next_start_is_where_the_last_one_died(
    tmp_path: Path, qapp: object, after: int
) -> None:
    vault = prepared_vault(tmp_path / "kluis")
    person = register.register_person(vault, PersonDraft(family_name="Riet", contact_language="ar"))
    vault.close()

    heard = run_and_kill(tmp_path / "kluis", person.person_id, after)

    assert heard.answers
    env = real_environment()
    program = app.Program(
        tmp_path / "kluis",
        theme=app.theme(app.application()),
        catalogues=app.catalogues(),
        library=app.library(),
        env=env,
        pick=Places(),
        end=lambda _code: None,
    )
    program.open_with(unlock(tmp_path / "kluis", PASSPHRASE, env))
    try:
        page = Hands(patience=20).find_as(InterviewPage, "interview-page")
        session = page.bridge.flow.session
        assert {key: session.value(key) for key in heard.answers} == heard.answers
        last = heard.position or next(iter(heard.answers))
        shown = page.bridge.page
        assert shown is not None
        reached = [p.key for p in session.pages()]
        # the move after the last line heard may have been stored without being told
        at_least = reached.index(page.bridge.flow.page_of(last).key)  # type: ignore[union-attr]
        assert reached.index(shown.key) - at_least in {0, 1}
    finally:
        program.close()
