"""A form whose questions are answered with files, and files to answer them with."""

from __future__ import annotations

import struct
import zlib
from uuid import UUID

from support.interviews import MarkedTexts, OneForm, add_person
from support.vaults import actor_of

from intake_app.domain.interview import Interpretation
from intake_app.flows.answer_files import PreparedFile
from intake_app.flows.interview import InterviewFlow
from intake_app.vault import Vault
from intake_app.xforms import FormDefinition, NodeKey, parse_form

PHOTO = NodeKey("/data/papier/foto")
PAPER = NodeKey("/data/papier/scan")
SOUND = NodeKey("/data/papier/opname")
VIDEO = NodeKey("/data/papier/film")
SIGNED = NodeKey("/data/papier/handtekening")
MEDICAL = NodeKey("/data/papier/verwijsbrief")
INNER = NodeKey("/data/papier/werk_mag_niet")
HAS = NodeKey("/data/papier/heeft")
JOBS = "/data/banen"
JOB_PHOTO = "/data/banen/bewijs"

_QUESTIONS = (
    ("foto", "upload", "image/*", "", "opleiding", "Foto van het diploma", "${heeft} = 'ja'"),
    ("scan", "upload", "application/*", "", "werk", "Scan van het cv", ""),
    ("opname", "upload", "audio/*", "", "taal", "Opname van het lezen", ""),
    ("film", "upload", "video/*", "", "taal", "Een film", ""),
    ("handtekening", "upload", "image/*", "signature", "plan", "Uw handtekening", ""),
    ("verwijsbrief", "upload", "image/*", "", "medisch", "Verwijsbrief", ""),
    ("werk_mag_niet", "upload", "image/*", "", "intern", "Alleen voor ons", ""),
)


def files_xml(form_id: str = "bestanden") -> bytes:
    """Return the form: one group of questions, and a repeat with one."""
    fields = "".join(f"<{name}/>" for name, *_ in _QUESTIONS)
    binds = "".join(
        f'<bind nodeset="/data/papier/{name}" type="binary" dl:sharing="{sharing}"'
        f' dl:audience="client"'
        + (" relevant=\"/data/papier/heeft = 'ja'\"" if relevant else "")
        + "/>"
        for name, _, _, _, sharing, _, relevant in _QUESTIONS
    )
    body = "".join(
        f'<upload ref="/data/papier/{name}" mediatype="{media}"'
        + (f' appearance="{look}"' if look else "")
        + f"><label>{label}</label></upload>"
        for name, _, media, look, _, label, _ in _QUESTIONS
    )
    return f"""<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
  xmlns:jr="http://openrosa.org/javarosa" xmlns:dl="https://doorgaandelijn.nl/ns/odk">
<h:head><h:title>Bestanden</h:title><model>
<instance><data id="{form_id}" version="1"><papier><heeft/>{fields}</papier>
<banen jr:template=""><naam/><bewijs/></banen><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/papier/heeft" type="string" dl:sharing="opleiding" dl:audience="client"/>
{binds}
<bind nodeset="/data/banen/naam" type="string" dl:sharing="werk" dl:audience="client"/>
<bind nodeset="/data/banen/bewijs" type="binary" dl:sharing="werk" dl:audience="client"/>
</model></h:head>
<h:body><group ref="/data/papier"><label>Papieren</label>
<select1 ref="/data/papier/heeft"><label>Heeft u een diploma?</label>
<item><label>Ja</label><value>ja</value></item><item><label>Nee</label><value>nee</value></item>
</select1>{body}</group>
<group ref="/data/banen"><label>Baan</label><repeat nodeset="/data/banen">
<input ref="/data/banen/naam"><label>Welke baan?</label></input>
<upload ref="/data/banen/bewijs" mediatype="image/*"><label>Bewijs van de baan</label></upload>
</repeat></group></h:body></h:html>""".encode()


def files_form(form_id: str = "bestanden") -> FormDefinition:
    """Return the form, parsed."""
    return parse_form(files_xml(form_id), name=form_id)


def on_one_page() -> FormDefinition:
    """Return the form with its questions on one page; the scan is asked once there is a photo."""
    xml = files_xml().replace(
        b'<group ref="/data/papier">', b'<group ref="/data/papier" appearance="field-list">'
    )
    scan = b'<bind nodeset="/data/papier/scan"'
    xml = xml.replace(scan, scan + b""" relevant="/data/papier/foto != ''" """)
    return parse_form(xml, name="bestanden")


def start_with_files(
    vault: Vault,
    *,
    language: str = "ar",
    person_id: UUID | None = None,
    form: FormDefinition | None = None,
) -> InterviewFlow:
    """Start an interview with the form; the diploma is relevant."""
    flow = InterviewFlow.start(
        vault,
        OneForm(form or files_form()),
        MarkedTexts(),
        person_id or add_person(vault, language=language).person_id,
        "bestanden",
        language,
        Interpretation(),
        actor_of(vault),
    )
    flow.answer(HAS, "ja")
    return flow


def png(width: int = 3, height: int = 2, shade: int = 0, note: bytes = b"") -> bytes:
    """Return a real grey PNG, with `note` as a text inside."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))
    parts = [chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))]
    parts += [chunk(b"tEXt", b"Comment\0" + note)] if note else []
    parts += [chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def wav(note: bytes = b"", samples: int = 800) -> bytes:
    """Return a real WAV of silence, with `note` beside the sound."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)

    body = chunk(b"LIST", b"INFOIART" + struct.pack("<I", len(note)) + note) if note else b""
    body += chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16))
    body += chunk(b"data", bytes(2 * samples))
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def mp3(note: bytes = b"", frames: int = 5) -> bytes:
    """Return frames of MP3 (128 kbit/s at 44.1 kHz), with `note` before and after the sound."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    label = b"ID3\x03\0\0" + bytes([0, 0, len(note) >> 7 & 127, len(note) & 127]) + note
    tail = (b"TAG" + note)[:128].ljust(128, b"\0")
    return (label if note else b"") + frame * frames + (tail if note else b"")


def picture(shade: int = 0, **more: int) -> PreparedFile:
    """Return a prepared picture that differs with the shade."""
    return PreparedFile(png(shade=shade, **more), "image/png")
