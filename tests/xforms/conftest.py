"""Building small forms and sessions for the engine's tests."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from intake_app.xforms import FormDefinition, FormSession, NodeKey, parse_form

NOW = datetime(2026, 3, 5, 14, 30, tzinfo=timezone(timedelta(hours=1)))

Build = Callable[..., FormDefinition]
Open = Callable[..., FormSession]


def form_xml(instance: str, *, model: str = "", body: str = "", form_id: str = "test") -> bytes:
    """An XForm around the children of its root element ``data``."""
    return f"""<h:html xmlns="http://www.w3.org/2002/xforms"
        xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"
        xmlns:orx="http://openrosa.org/xforms" xmlns:odk="http://www.opendatakit.org/xforms"
        xmlns:dl="https://doorgaande-lijn.nl/xforms">
      <h:head><h:title>Test form</h:title><model>
        <instance><data id="{form_id}" version="1">{instance}</data></instance>
        {model}
      </model></h:head><h:body>{body}</h:body></h:html>""".encode()


@pytest.fixture
def build() -> Build:
    """Parse a small form: ``build(instance, model=…, body=…)``."""

    def make(instance: str, **parts: Any) -> FormDefinition:
        options = {k: parts.pop(k) for k in ("strict", "resolver") if k in parts}
        return parse_form(form_xml(instance, **parts), **options)

    return make


@pytest.fixture
def fill() -> Open:
    """Open a session with a fixed clock and counted UUIDs."""
    counter = itertools.count(1)

    def make(form: FormDefinition, **options: Any) -> FormSession:
        return FormSession(
            form,
            now=lambda: NOW,
            uuid=lambda: UUID(int=next(counter)),
            random=lambda: 0.5,
            **options,
        )

    return make


@pytest.fixture
def open_form(build: Build, fill: Open) -> Open:
    """Parse and open at once: ``open_form(instance, model=…, body=…)``."""

    def make(instance: str, **parts: Any) -> FormSession:
        options = {k: parts.pop(k) for k in ("texts", "snapshot") if k in parts}
        return fill(build(instance, **parts), **options)

    return make


def key(path: str, repeat: UUID | None = None) -> NodeKey:
    """A key below ``/data``."""
    return NodeKey(f"/data/{path}", repeat)


@pytest.fixture(name="key")
def _key() -> Callable[..., NodeKey]:
    return key
