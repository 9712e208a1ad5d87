"""The statements of the stores, as SQLite gets to see them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from sqlalchemy import Executable
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.sql import ClauseElement

import intake_app.vault

PAGES = {"audit._LATEST", "stores.arrivals._FORGET_OLD", "stores.removals._ACCEPTED"}
"""Asked seldom, and their number is not one that is known beforehand."""


def statements() -> Iterator[tuple[str, ClauseElement]]:
    package = intake_app.vault
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if ".migrations" in found.name:
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if isinstance(value, Executable) and isinstance(value, ClauseElement):
                yield f"{found.name.removeprefix(package.__name__ + '.')}.{name}", value


ALL = dict(statements())


def written(name: str) -> str:
    return " ".join(str(ALL[name].compile(dialect=SQLiteDialect())).split())


def test_there_are_statements() -> None:
    assert {"audit._LAST", "stores.plans._PLAN", "stores.search._MATCHED"} <= ALL.keys()


def test_no_limit_is_bound() -> None:
    """SQLite plans a statement with a bound LIMIT anew each time it runs."""
    assert {name for name in ALL if "LIMIT ?" in written(name)} == PAGES
