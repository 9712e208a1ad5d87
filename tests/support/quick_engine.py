"""The database of a vault at a lower price, for tests that are not about what it withstands.

Not locked in memory, not synced to the disk, and with one memory of compiled statements for all
vaults: each vault has an engine of its own, which otherwise compiles everything it says anew.
"""

from __future__ import annotations

from typing import Any

import pytest

_COMPILED = 2000


def make_quick(patch: pytest.MonkeyPatch) -> None:
    """Let vaults of this process open this way, until `patch` is undone."""
    from sqlalchemy import Engine, create_engine
    from sqlalchemy.util import LRUCache
    from sqlcipher3 import dbapi2

    from intake_app.vault import engine

    first = create_engine("sqlite://", module=dbapi2)
    first.connect().close()  # a dialect asks the first connection what it can do
    first.dispose()
    compiled: LRUCache[Any, Any] = LRUCache(_COMPILED)

    def with_what_is_compiled(*arguments: Any, **more: Any) -> Engine:
        made = create_engine(*arguments, **more)
        made.dialect = made.pool._dialect = first.dialect
        made._compiled_cache = compiled
        return made

    quick = tuple(each.replace("synchronous=FULL", "synchronous=OFF") for each in engine._PRAGMAS)
    patch.setattr(engine, "MEMORY_SECURITY", "OFF")
    patch.setattr(engine, "_PRAGMAS", quick)
    patch.setattr(engine, "create_engine", with_what_is_compiled)
