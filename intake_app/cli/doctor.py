"""`intake doctor`: is everything here that the program needs?"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterator

from intake_app import paths
from intake_app.cli import codes
from intake_app.domain.actor import Profile
from intake_app.flows.forms_offered import offered

_MODULES = (
    "PySide6.QtWidgets",
    "PySide6.QtSvg",
    "sqlalchemy",
    "sqlcipher3",
    "cryptography",
    "babel",
    "pyxform",
    "typst",
    "pypdfium2",
    "platformdirs",
)


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `doctor` to the command line."""
    commands.add_parser(
        "doctor",
        help="check this installation: libraries, encryption, forms, fonts",
        epilog="exit codes: 0 all is well, 1 something is missing (each line says what)",
    )


def run(_given: argparse.Namespace) -> int:
    """Print one line per check; return 0 when all is well and 1 otherwise."""
    healthy = True
    for name, problem in checks():
        print(
            f"{'ok     ' if not problem else 'MISSING'} {name}{': ' + problem if problem else ''}"
        )
        healthy = healthy and not problem
    return codes.OK if healthy else codes.REFUSED


def checks() -> Iterator[tuple[str, str]]:
    """Yield each check with what is wrong, '' where nothing is."""
    version = sys.version_info
    yield "Python 3.11 or newer", "" if version >= (3, 11) else "too old"
    for module in _MODULES:
        yield f"library {module}", _import_problem(module)
    yield "encrypted database", _cipher_problem()
    yield "key derivation", _kdf_problem()
    yield from _data_checks()


def _import_problem(module: str) -> str:
    try:
        importlib.import_module(module)
    except ImportError as error:
        return str(error)
    return ""


def _cipher_problem() -> str:
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        return str(error)
    connection = dbapi2.connect(":memory:")
    found = connection.execute("PRAGMA cipher_version").fetchone()
    connection.close()
    return "" if found else "this sqlite3 does not encrypt"


def _kdf_problem() -> str:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    try:
        Argon2id(salt=bytes(16), length=32, iterations=3, lanes=4, memory_cost=65536)
    except UnsupportedAlgorithm as error:
        return str(error)
    return ""


def _data_checks() -> Iterator[tuple[str, str]]:
    compiled = paths.compiled_dir()
    for form in sorted({offer.form_id for profile in Profile for offer in offered(profile)}):
        found = (compiled / "forms" / f"{form}.xml").is_file()
        yield f"form {form}", "" if found else "not compiled; run python -m intake_app.formio.build"
    for language in ("ar", "en", "fa", "ti"):
        found = any((compiled / "catalogues" / language).glob("*.mo"))
        yield f"language {language}", "" if found else "no compiled catalogue"
    fonts = list(paths.resource("fonts").glob("*.ttf"))
    yield "fonts", "" if len(fonts) >= 6 else "resources/fonts is not complete"
    yield "sharing table", "" if paths.resource("sharing", "table.csv").is_file() else "absent"
    yield "theme", "" if paths.resource("themes", "default.json").is_file() else "absent"
