"""Vaults and relays for the tests of sync."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.canned import Canned, canned
from support.post import Pair, make_pair

from intake_app.sync.webdav import WebDav


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """A team and a municipality with a folder between them."""
    made = make_pair(tmp_path)
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[Canned]:
    """A web server that says what a test tells it to."""
    with canned() as made:
        yield made


@pytest.fixture
def relay(server: Canned) -> Iterator[WebDav]:
    """The driver that talks to it."""
    made = WebDav(f"http://127.0.0.1:{server.port}/basis", user="u", password="p")
    yield made
    made.close()
