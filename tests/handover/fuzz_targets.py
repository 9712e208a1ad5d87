"""What a fuzzer calls: each target takes any bytes and lets only undeclared exceptions through.

With atheris, in an environment of its own (it is not among the dependencies):

    python tests/handover/fuzz_targets.py TARGET CORPUS_FOLDER [-max_total_time=60]

What it found that was worth keeping lies in tests/vectors/fuzz and is run again by
test_fuzz_corpus.py.
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "vectors"
Target = Callable[[bytes], None]

if __name__ == "__main__":
    import atheris  # type: ignore[import-not-found,unused-ignore]

    sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).parent)]
    watched = atheris.instrument_imports(include=["intake_app"])
else:
    watched = contextlib.nullcontext()

with watched:
    from handover_samples import (
        AZC,
        BOOK,
        LIST,
        USER,
        ZEIST,
        files_of,
        inner_of,
        open_as,
        resealed,
        signed_bag,
    )

    from intake_app.crypto import age, sshsig
    from intake_app.crypto.armor import dearmor
    from intake_app.crypto.slots import KeyFile, KeyFileError
    from intake_app.handover import bag, limits, manifest, model
    from intake_app.handover.address_book import BookRefused, read_book
    from intake_app.handover.archive import Archive, ArchiveError
    from intake_app.handover.bag import BagError
    from intake_app.handover.dossier import DossierRefused, from_json
    from intake_app.handover.errors import Refusal
    from intake_app.handover.holders import ListRefused, read_file, read_parts
    from intake_app.handover.key_card import read_key_card

_SEALED = (FOLDER / "golden" / "overdracht-v1.zip").read_bytes()
_INNER = files_of(inner_of(_SEALED, ZEIST))
_HELD = files_of(inner_of((FOLDER / "golden" / "overdracht-houder-v1.zip").read_bytes(), ZEIST))


def _declared(parse: Callable[[bytes], object], *errors: type[Exception]) -> Target:
    def target(data: bytes) -> None:
        with contextlib.suppress(*errors):
            parse(data)

    return target


def _archive(data: bytes) -> None:
    archive = Archive(io.BytesIO(data), limits.INNER)
    for member in archive.members.values():
        for _piece in archive.pieces(member):
            pass


def _age(data: bytes) -> None:
    age.open_decrypted([AZC.identity], io.BytesIO(data)).read()


def _signature(data: bytes) -> None:
    sshsig.verify(AZC.key.public, model.NAMESPACE, b"", data.decode("latin-1"))


def _whole(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.write_bytes(data)
        try:
            opened = open_as(path, book=BOOK)
        except Refusal:
            return
        # No byte of this content was signed anew: it is what it was.
        assert opened.dossier_json == _INNER[model.DOSSIER]
        assert opened.pdf == _INNER[model.PDF]


def _list(data: bytes) -> None:
    signed = read_parts(data, b"")
    # What is read is what would be signed: there is one text for one list.
    assert signed.text == data


def _held(data: bytes) -> None:
    """A user's bag, signed anew around another list: only the organisation's own is believed."""
    files = signed_bag({**_HELD, bag.HOLDERS: data}, key=USER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.write_bytes(resealed(files, key=USER))
        try:
            opened = open_as(path, book=BOOK)
        except Refusal:
            return
        assert opened.holder == LIST.holders[0]
        assert data == _HELD[bag.HOLDERS]


TARGETS: Mapping[str, Target] = {
    "age": _declared(_age, age.AgeError),
    "archive": _declared(_archive, ArchiveError),
    "armor": _declared(dearmor, age.ArmorError),
    "book": _declared(read_book, BookRefused),
    "card": _declared(read_key_card, Refusal),
    "digests": _declared(bag.read_digests, BagError),
    "dossier": _declared(from_json, DossierRefused),
    "held": _held,
    "header": _declared(manifest.read_header, manifest.Unreadable),
    "inner": lambda data: _whole(resealed(data)),
    "holders": _declared(read_file, ListRefused),
    "keyfile": _declared(KeyFile.from_bytes, KeyFileError),
    "list": _declared(_list, ListRefused),
    "manifest": _declared(manifest.read_manifest, manifest.Unreadable),
    "outer": _whole,
    "signature": _declared(_signature, sshsig.SignatureError),
}

if __name__ == "__main__":
    chosen = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, chosen)
    atheris.Fuzz()
