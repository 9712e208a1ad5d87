"""The copy that is kept before a vault is migrated."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from intake_app.vault import migrations

LARGE = 24 << 20


class NoDatabase:
    """Stands in for the connection, which only writes its log back."""

    def execute(self, _statement: str) -> None:
        """Do nothing."""


def test_a_large_database_is_copied_in_pieces(tmp_path: Path):
    database = tmp_path / "kluis.db"
    database.write_bytes(b"begin")
    with database.open("r+b") as file:
        file.seek(LARGE)
        file.write(b"einde")
    tracemalloc.start()
    migrations.keep_copy(NoDatabase(), (database,), tmp_path / "kopie")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    copy = tmp_path / "kopie" / "kluis.db"
    assert copy.stat().st_size == LARGE + 5
    assert copy.read_bytes() == database.read_bytes()
    assert peak < LARGE // 3
