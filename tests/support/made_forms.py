"""Forms made by a test: any questions, each for the client or for the staff.

form = made_form([Ask("leeftijd", "int"), Ask("oordeel", "one", staff=True)])

Every text that the client may not see holds `STAFF_MARK`: all of a question for the staff, and of
the others the guidance and what is said when an answer is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from support.interviews import STAFF_MARK

from intake_app.xforms import FormDefinition, parse_form

KINDS = (
    "one",
    "many",
    "likert",
    "rank",
    "scale",
    "slider",
    "yes",
    "int",
    "decimal",
    "date",
    "time",
    "text",
    "file",
    "note",
)

_TYPES = {
    "rank": "odk:rank",
    "scale": "int",
    "slider": "int",
    "int": "int",
    "decimal": "decimal",
    "date": "date",
    "time": "time",
    "file": "binary",
}


@dataclass(frozen=True)
class Ask:
    """One question: its name, one of `KINDS`, and how many choices it has where it has any."""

    name: str
    kind: str
    staff: bool = False
    label: str = ""
    choices: int = 3
    required: bool = False
    words: tuple[str, ...] = field(default=())
    """Labels of the first choices."""


def made_form(asked: Sequence[Ask], *, together: bool = False) -> FormDefinition:
    """Return a form with two sections, for the questions with the client and for the others.

    `together` puts the questions of a section on one page.
    """
    sections = {
        "gesprek": [ask for ask in asked if not ask.staff],
        "kantoor": [ask for ask in asked if ask.staff],
    }
    shown = {name: rows for name, rows in sections.items() if rows}
    title = {"gesprek": "Gesprek", "kantoor": f"{STAFF_MARK} Kantoor"}
    page = ' appearance="field-list"' if together else ""
    xml = [
        '<?xml version="1.0"?><h:html xmlns="http://www.w3.org/2002/xforms"',
        ' xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"',
        ' xmlns:odk="http://www.opendatakit.org/xforms"',
        ' xmlns:dl="https://doorgaande-lijn.nl/xforms">',
        "<h:head><h:title>Gemaakt</h:title><model><itext>",
        '<translation lang="default" default="true()">',
        *(_hint_text(ask, path) for path, ask in _paths(shown)),
        "</translation></itext>",
        '<instance><data id="gemaakt" version="1">',
        *(
            f"<{name}>{''.join(f'<{ask.name}/>' for ask in rows)}</{name}>"
            for name, rows in shown.items()
        ),
        "</data></instance>",
        *(_bind(ask, path) for path, ask in _paths(shown)),
        "</model></h:head><h:body>",
    ]
    for name, rows in shown.items():
        xml.append(f'<group ref="/data/{name}"{page}><label>{title[name]}</label>')
        xml += [_control(ask, f"/data/{name}/{ask.name}") for ask in rows]
        xml.append("</group>")
    xml.append("</h:body></h:html>")
    return parse_form("".join(xml).encode(), name="gemaakt")


def every_kind() -> FormDefinition:
    """Return a form that asks the client one question of each kind."""
    return made_form([Ask(f"v_{kind}", kind) for kind in KINDS])


def _paths(shown: dict[str, list[Ask]]) -> list[tuple[str, Ask]]:
    return [(f"/data/{name}/{ask.name}", ask) for name, rows in shown.items() for ask in rows]


def _mark(ask: Ask) -> str:
    return f"{STAFF_MARK} " if ask.staff else ""


def _hint_text(ask: Ask, path: str) -> str:
    return (
        f'<text id="{path}:hint"><value>{_mark(ask)}Uitleg bij {ask.name}.</value>'
        f'<value form="guidance">{STAFF_MARK} let op bij {ask.name}</value></text>'
        f'<text id="{path}:jr:constraintMsg"><value>{STAFF_MARK} te veel</value></text>'
    )


def _bind(ask: Ask, path: str) -> str:
    more = f' type="{_TYPES.get(ask.kind, "string")}"'
    if ask.kind == "int":
        more += f' constraint=". &lt; 90" jr:constraintMsg={quoteattr(f"{STAFF_MARK} te veel")}'
    if ask.kind == "note":
        more += ' readonly="true()"'
    if ask.required and ask.kind != "note":
        more += f' required="true()" jr:requiredMsg={quoteattr(f"{STAFF_MARK} nodig")}'
    audience = "staff" if ask.staff else "client"
    return f'<bind nodeset="{path}"{more} dl:audience="{audience}" dl:sharing="werk"/>'


def _control(ask: Ask, path: str) -> str:
    label = f"<label>{escape(_mark(ask) + (ask.label or f'Vraag {ask.name}?'))}</label>"
    inside = label + f"<hint ref=\"jr:itext('{path}:hint')\"/>"
    choices = "".join(
        f"<item><label>{escape(_mark(ask) + _choice(ask, n))}</label><value>k{n}</value></item>"
        for n in range(1, ask.choices + 1)
    )
    match ask.kind:
        case "one":
            return f'<select1 ref="{path}">{inside}{choices}</select1>'
        case "likert":
            return f'<select1 ref="{path}" appearance="likert">{inside}{choices}</select1>'
        case "many":
            return f'<select ref="{path}">{inside}{choices}</select>'
        case "rank":
            return f'<odk:rank ref="{path}">{inside}{choices}</odk:rank>'
        case "scale":
            return f'<range ref="{path}" start="0" end="10" step="1">{inside}</range>'
        case "slider":
            return f'<range ref="{path}" start="0" end="100" step="1">{inside}</range>'
        case "yes":
            return f'<trigger ref="{path}">{inside}</trigger>'
        case "file":
            return f'<upload ref="{path}" mediatype="image/*">{inside}</upload>'
        case _:
            return f'<input ref="{path}">{inside}</input>'


def _choice(ask: Ask, number: int) -> str:
    return ask.words[number - 1] if number <= len(ask.words) else f"Keuze {number} {ask.name}"
