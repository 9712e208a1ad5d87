"""Where the program's own data files are: from source, from a wheel and frozen alike."""

from __future__ import annotations

import sys
from pathlib import Path


def _root() -> Path:
    """Return the folder that holds `forms`, `translations` and `resources`."""
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        return Path(bundle)
    package = Path(__file__).resolve().parent
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent


def resource(*parts: str) -> Path:
    """Return the path of a file or folder below `resources/`; it need not exist."""
    return _root().joinpath("resources", *parts)


def forms_dir() -> Path:
    """Return the folder of the form sources, one folder per form."""
    return _root() / "forms"


def translations_dir() -> Path:
    """Return the folder of the translation sources (.po) and the review ledger."""
    return _root() / "translations"


def compiled_dir() -> Path:
    """Return the folder of compiled forms and catalogues, the only ones read at run time."""
    return resource("compiled")


def default_vault_folder() -> Path:
    """Return the platform's folder for the vault of the current user; it need not exist."""
    from platformdirs import user_data_path

    return user_data_path("doorgaande-lijn", appauthor=False) / "kluis"


def practice_folder() -> Path:
    """Return the folder of the practice vaults, apart from every real one."""
    from platformdirs import user_data_path

    return user_data_path("doorgaande-lijn", appauthor=False) / "oefenen"
