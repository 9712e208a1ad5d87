"""What every test gets: the tiers, a deaf platform, and no unexpected warning."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.quick_engine import make_quick
from support.storm.derivations import remember_derivations

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_ACCESSIBILITY", "1")

# What was compiled is kept outside the tree, also where the environment says to keep nothing:
# else every worker compiles all tests, and every program a test starts compiles itself.
os.environ.setdefault("PYTHONPYCACHEPREFIX", str(Path(__file__).parents[1] / ".tools/bytecode"))
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"]
sys.dont_write_bytecode = False


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the slow tier too")
    parser.addoption("--soak", action="store_true", help="run everything, the soak tier included")


def pytest_configure(config: pytest.Config) -> None:
    """Leave what a database withstands to the slow tests, and to those that are about it."""
    if not _chosen(config, "slow"):
        patch = pytest.MonkeyPatch()
        make_quick(patch)
        config.add_cleanup(patch.undo)


def _chosen(config: pytest.Config, tier: str) -> bool:
    """Tell whether a dearer tier runs: by its option, or by name in an expression of marks."""
    marks = config.getoption("-m") or ""
    if config.getoption("--soak") or "soak" in marks:
        return True
    return tier == "slow" and bool(config.getoption("--slow") or "slow" in marks)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the dearer tiers by name, so that `-m slow` on its own still finds them."""
    soak, slow = _chosen(config, "soak"), _chosen(config, "slow")
    kept, dropped = [], []
    for item in items:
        tier_off = (item.get_closest_marker("soak") and not soak) or (
            item.get_closest_marker("slow") and not slow
        )
        (dropped if tier_off else kept).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


_FIGURE = "figure"


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[object], None]:
    """Say a line that is printed at the end of the run, whatever is captured."""
    return lambda line: record_property(_FIGURE, str(line))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests measured, also in other processes."""
    lines = [
        value
        for found in terminalreporter.stats.values()
        for report in found
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == _FIGURE
    ]
    if lines:
        terminalreporter.section("figures")
        for line in lines:
            terminalreporter.write_line(str(line))


@pytest.fixture(scope="session", autouse=True)
def derived_once(pytestconfig: pytest.Config) -> Iterator[None]:
    """Derive each key from a passphrase once in the fast tier; the slow one does it every time."""
    with pytest.MonkeyPatch.context() as patch:
        if not _chosen(pytestconfig, "slow"):
            import intake_app.crypto.key_slots  # noqa: F401  (what is patched must be there)

            remember_derivations(patch, {})
        yield


class _Unexpected(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_unexpected_warning(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs at WARNING or above, unless it asked for `caplog`."""
    handler = _Unexpected()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    if handler.seen and "caplog" not in request.fixturenames:
        pytest.fail("unexpected log records: " + "; ".join(handler.seen))
