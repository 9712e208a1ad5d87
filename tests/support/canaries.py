"""Marker strings that the end-to-end runs type and that may be found in no byte afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FAMILY_NAME = "Kanariegeel"
GIVEN_NAMES = "Zonnebloem Testa"
OWN_SCRIPT = "عصفورتجريبي"
V_NUMBER = "0070007007"
PHONE = "0699990007"
ANSWER = "Bloemschikkerij Canarivogel"
NOTE = "Notitiekanarie alleen hier"
GOAL = "Doelkanarie: zelf boodschappen doen"
CLIENT_VIEW = "Zienswijzekanarie goed zo"
PASSPHRASE_AZC = "vijf gele kanaries zingen zacht"
PASSPHRASE_MUNICIPALITY = "zes blauwe mezen eten samen brood"

TYPED: tuple[str, ...] = (
    FAMILY_NAME,
    GIVEN_NAMES,
    OWN_SCRIPT,
    V_NUMBER,
    PHONE,
    ANSWER,
    NOTE,
    GOAL,
    CLIENT_VIEW,
    PASSPHRASE_AZC,
    PASSPHRASE_MUNICIPALITY,
)


@dataclass(frozen=True)
class Hit:
    """A canary found: in which file, which one, in which encoding."""

    path: Path
    canary: str
    encoding: str


def search(folders: Iterable[Path], canaries: Iterable[str] = TYPED) -> list[Hit]:
    """Search every byte of every file below `folders` for the canaries, in UTF-8 and UTF-16."""
    needles = [
        (canary, encoding, canary.encode(encoding))
        for canary in canaries
        for encoding in ("utf-8", "utf-16-le", "utf-16-be")
    ]
    hits = []
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
            try:
                content = path.read_bytes()
            except OSError:
                continue
            if content == bytes(len(content)):
                continue  # the reserve: 64 MB of nothing, in which UTF-16 is slow to look for
            hits += [Hit(path, c, e) for c, e, needle in needles if needle in content]
    return hits
