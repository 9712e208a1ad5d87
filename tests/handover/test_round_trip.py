"""Whatever goes along comes out the same, at every size that could matter."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from handover_samples import CLASSIC, Case, open_as
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake_app.handover.model import Attachment
from intake_app.handover.padding import padded_size

EDGE = st.sampled_from([0, 1, 65_535, 65_536, 65_537, 262_143, 262_144, 262_145])
BODIES = st.builds(lambda size, seed: (seed * (size + 1))[:size], EDGE, st.binary(min_size=1))
TITLES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200)
EXTENSIONS = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(TITLES, EXTENSIONS, BODIES), max_size=4), st.binary(max_size=3000))
def test_any_attachments_and_pdf(parts: list[tuple[str, str, bytes]], pdf: bytes) -> None:
    attachments = tuple(
        Attachment(title, extension, "application/pdf", lambda body=body: io.BytesIO(body))
        for title, extension, body in parts
    )
    with tempfile.TemporaryDirectory() as folder:
        case = Case(Path(folder), recipient=CLASSIC, attachments=attachments, pdf=pdf)
        opened = open_as(case.seal().path, CLASSIC)
        assert opened.pdf == pdf
        found = [(each.title, each.file[-3:], each.read()) for each in opened.attachments]
    assert [(title, body) for title, _, body in found] == [(t, b) for t, _, b in parts]


@given(st.integers(0, 1 << 40))
def test_padme_never_shrinks_and_settles(size: int) -> None:
    padded = padded_size(size)
    assert size <= padded <= size + size * 12 // 100 + 1
    assert padded_size(padded) == padded
