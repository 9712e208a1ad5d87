from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from support.interviews import MarkedTexts, key
from support.vaults import PASSPHRASE, actor_of, environment, make_vault

from intake_app.flows.interview import InterviewFlow
from intake_app.vault import Vault
from intake_app.xforms import NodeKey

ROOT = Path(__file__).resolve().parents[2]

INTERVIEWER = """
from __future__ import annotations
import sys
from pathlib import Path
from support.interviews import key, start_small
from support.vaults import PASSPHRASE, environment
from intake_app.vault import Vault

vault = Vault.open(Path(sys.argv[1]), passphrase=PASSPHRASE, env=environment(5))
flow = start_small(vault)
print("interview", flow.interview.interview_id, flush=True)

def give(name, repeat, value, step):
    print("try", name, repeat or "-", value, flush=True)
    step(key(name, repeat), value)
    print("ack", name, repeat or "-", value, flush=True)

give("gewerkt", None, "ja", flow.answer)
(first,) = flow.session.repeats(key("baan").path)
number = 0
while True:
    number += 1
    give("leeftijd", None, str(number), flow.answer)
    give("functie", first, f"bakker-{number}", flow.save_typing)
    instance, _ = flow.add_repeat(key("baan").path)
    give("functie", instance, f"baan-{number}", flow.answer)
    give("talen", None, "tir" if number % 2 else "nld", flow.answer)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this platform has no SIGKILL")
@pytest.mark.parametrize(
    "steps", [1, 7, *(pytest.param(steps, marks=pytest.mark.slow) for steps in (2, 18, 40))]
)
def test_after_a_kill_every_acknowledged_answer_is_there(tmp_path: Path, steps: int) -> None:
    """The process dies in mid-interview; the next one is at the same question with all answers."""
    folder = tmp_path / "kluis"
    make_vault(folder).close()
    acknowledged: dict[NodeKey, str] = {}
    tried: list[tuple[NodeKey, str]] = []
    interview_id = ""
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    with subprocess.Popen(
        [sys.executable, "-c", INTERVIEWER, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            word, *rest = line.split()
            if word == "interview":
                interview_id = rest[0]
                continue
            name, repeat, value = rest
            where = key(name, None if repeat == "-" else UUID(repeat))
            if word == "try":
                tried.append((where, value))
            else:
                acknowledged[where] = value
                if len(tried) == steps:
                    process.kill()
    assert process.returncode == -signal.SIGKILL
    assert len(tried) >= steps
    vault = Vault.open(folder, passphrase=PASSPHRASE, env=environment(9))
    try:
        flow = InterviewFlow.resume(vault, MarkedTexts(), UUID(interview_id), actor_of(vault))
        # what was on its way may have reached the disk without the word having come back
        under_way = dict(tried[-1:])
        for where, value in acknowledged.items():
            stored = flow.session.value(where)
            assert stored in {value, under_way.get(where, value)}, where.path
        last = tried[-1][0] if acknowledged.get(tried[-1][0]) == tried[-1][1] else None
        places = {tried[-1][0], last or tried[-2][0]}
        assert flow.position in places
        page = flow.current_page()
        assert page is not None
        assert flow.position in page.keys
    finally:
        vault.close()
