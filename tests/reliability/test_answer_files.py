"""Answers that are files, through kills and a disk that runs full: both or neither."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select
from support.file_forms import PAPER, PHOTO, SIGNED, picture, start_with_files
from support.small_disk import small_disk
from support.vaults import PASSPHRASE, actor_of, environment, make_vault, prepared_vault

from intake_app.flows.answer_files import PreparedFile
from intake_app.flows.interview import InterviewFlow
from intake_app.vault import DiskFull, Vault, schema

ROOT = Path(__file__).resolve().parents[2]
BYTES = 6 * 1024 * 1024

INTERVIEWER = """
from __future__ import annotations
import sys
from pathlib import Path
from support.file_forms import PAPER, PHOTO, SIGNED, start_with_files
from support.vaults import PASSPHRASE, environment
from intake_app.flows.answer_files import PreparedFile
from intake_app.vault import Vault

vault = Vault.open(Path(sys.argv[1]), passphrase=PASSPHRASE, env=environment(5))
flow = start_with_files(vault)
print("interview", flow.interview.interview_id, flush=True)
number = 0
while True:
    number += 1
    data = b"%PDF-1.7 " + str(number).encode() * 300_000
    file = PreparedFile(data, "application/pdf")
    for name, key in (("PAPER", PAPER), ("PHOTO", PHOTO)):
        print("try", name, flush=True)
        flow.answer_file(key, file, instead=number % 3 == 0)
        print("ack", name, flow.session.value(key), flush=True)
    print("try", "SIGNED", flush=True)
    if number % 2:
        flow.answer_file(SIGNED, PreparedFile(data, "application/pdf"))
        print("ack", "SIGNED", flow.session.value(SIGNED), flush=True)
    else:
        flow.remove_file(SIGNED)
        print("ack", "SIGNED", "-", flush=True)
"""
KEYS = {"PAPER": PAPER, "PHOTO": PHOTO, "SIGNED": SIGNED}


def whole(vault: Vault, interview_id: UUID) -> None:
    """Every answer has its file, every file is whole, and no piece belongs to nothing."""
    with vault.read() as r:
        answers = {a.value for a in r.answers.of_interview(interview_id) if "." in a.value}
        found = r.attachments.of_interview(interview_id)
        assert answers <= {each.answer.name for each in found if each.answer is not None}
        for each in found:
            assert sum(map(len, r.attachments.read(each.attachment_id))) == each.size
        kept = select(schema.attachment.c.attachment_id)
        for table in (schema.attachment_chunk, schema.answer_file):
            lost = select(func.count().label("n")).where(table.c.attachment_id.not_in(kept))
            (row,) = r.persons._all(lost)
            assert row["n"] == 0


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this platform has no SIGKILL")
@pytest.mark.parametrize(
    "steps",
    [1, 3, pytest.param(8, marks=pytest.mark.slow), pytest.param(20, marks=pytest.mark.slow)],
)
def test_after_a_kill_file_and_answer_are_both_there_or_neither(tmp_path: Path, steps: int) -> None:
    folder = tmp_path / "kluis"
    make_vault(folder).close()
    acknowledged: dict[str, str] = {}
    tried, interview_id = 0, ""
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    with subprocess.Popen(
        [sys.executable, "-c", INTERVIEWER, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            word, name, *rest = line.split()
            if word == "interview":
                interview_id = name
            elif word == "ack":
                acknowledged[name] = rest[0]
            else:
                tried += 1
                last = name
                if tried == steps:
                    process.kill()
    assert process.returncode == -signal.SIGKILL
    vault = Vault.open(folder, passphrase=PASSPHRASE, env=environment(6))
    whole(vault, UUID(interview_id))
    flow = InterviewFlow.resume(vault, None, UUID(interview_id), actor_of(vault))
    for name, value in acknowledged.items():
        if name != last:
            assert flow.session.value(KEYS[name]) == ("" if value == "-" else value)
    flow.answer_file(PHOTO, picture())
    vault.close()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "schijf", BYTES) as point:
        yield point


def test_a_disk_that_is_full_keeps_the_answer_that_was_there(disk: Path) -> None:
    vault = prepared_vault(disk / "kluis")
    flow = start_with_files(vault)
    flow.answer_file(PHOTO, picture(1))
    before = flow.session.value(PHOTO)
    large = PreparedFile(b"%PDF-1.7\n" + os.urandom(BYTES), "application/pdf")
    for instead in (False, True):
        with pytest.raises(DiskFull):
            flow.answer_file(PHOTO, large, instead=instead)
        assert flow.session.value(PHOTO) == before
        whole(vault, flow.interview.interview_id)
    flow.answer_file(PHOTO, picture(2))
    whole(vault, flow.interview.interview_id)
    vault.close()
