"""The texts of our own sources, read once in a process: that takes seconds for the program."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from intake_app import paths
from intake_app.i18n.pofiles import SourceTree

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog


@cache
def template(domain: str) -> Catalog:
    """Return the texts of a domain as they are in the sources now; only to be read."""
    return SourceTree(paths.translations_dir().parent).template(domain)
