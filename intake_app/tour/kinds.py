"""A form with one question of every kind, of which only the shape matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from intake_app.formio.library import Library
from intake_app.i18n.catalogues import Catalogues, FormText

if TYPE_CHECKING:
    from intake_app.formio.migrations import Migration
    from intake_app.xforms import FormDefinition

FORM_ID = "alle_soorten"

_LONG = (
    "Wat heeft u gedaan in het land waar u vandaan komt, en wat wilt u in Nederland graag doen? "
    "U mag alles noemen wat u belangrijk vindt."
)
_FEW = (("bouw", "Bouw"), ("zorg", "Zorg"), ("winkel", "Winkel"), ("anders", "Iets anders"))
_MANY = tuple((f"beroep{n}", f"Beroep nummer {n} uit een lange lijst") for n in range(1, 46))
_SCALE = (
    ("heel_slecht", "Heel slecht"),
    ("slecht", "Slecht"),
    ("gewoon", "Niet goed en niet slecht"),
    ("goed", "Goed"),
    ("heel_goed", "Heel goed"),
)
_YES_NO = (("ja", "Ja"), ("nee", "Nee"))


@dataclass(frozen=True)
class _Asked:
    """One question: name, element of the body, text, and what its bind and element carry."""

    name: str
    element: str
    label: str
    kind: str = "string"
    choices: tuple[tuple[str, str], ...] = ()
    appearance: str = ""
    bind: str = ""
    hint: str = ""
    staff: bool = False
    more: str = ""


QUESTIONS = (
    _Asked("uitleg", "input", "Welkom bij dit gesprek. We praten over wat u kunt en wilt.",
           bind='readonly="true()"'),
    _Asked("tekst", "input", "Hoe wilt u dat we u noemen?", hint="Bijvoorbeeld uw roepnaam."),
    _Asked("verhaal", "input", _LONG, appearance="multiline"),
    _Asked("getal", "input", "Hoeveel jaar heeft u gewerkt?", "int",
           bind='constraint=". &gt;= 0 and . &lt;= 60" jr:constraintMsg="Vul 0 tot en met 60 in."'),
    _Asked("decimaal", "input", "Hoeveel uur per week?", "decimal"),
    _Asked("datum", "input", "Wanneer begon de taalles?", "date"),
    _Asked("deels", "input", "Wanneer bent u geboren?", appearance="partial-date"),
    _Asked("tijd", "input", "Hoe laat kan het gesprek zijn?", "time"),
    _Asked("moment", "input", "Wanneer is de volgende afspraak?", "dateTime"),
    _Asked("een", "select1", "Heeft u betaald werk gehad?", choices=_YES_NO,
           hint="Ook onbetaald werk telt mee.", bind='required="true()"'),
    _Asked("meer", "select", "Wat voor werk heeft u gedaan?", choices=_FEW),
    _Asked("zoeken", "select1", "Welk beroep past bij u?", choices=_MANY),
    _Asked("likert", "select1", "Hoe gaat het met uw gezondheid?", choices=_SCALE,
           appearance="likert"),
    _Asked("volgorde", "odk:rank", "Wat is voor u het belangrijkst?", "odk:rank", choices=_FEW),
    _Asked("schaal", "range", "Hoe zeker bent u van uw plan?", "int",
           more='start="1" end="10" step="1"'),
    _Asked("akkoord", "trigger", "Ik heb de uitleg begrepen."),
    _Asked("bestand", "upload", "Heeft u een diploma bij u?", "binary",
           more='mediatype="image/*"'),
    _Asked("handtekening", "upload", "Wilt u hier tekenen?", "binary", appearance="signature",
           more='mediatype="image/*"'),
    _Asked("oordeel", "select1", "Hoe verliep het gesprek?", choices=_FEW, staff=True,
           hint="Alleen voor jou."),
)  # fmt: skip

FACTS = (
    _Asked("straat", "input", "Straat en huisnummer"),
    _Asked("plaats", "input", "Plaats"),
    _Asked("kinderen", "input", "Aantal kinderen", "int"),
    _Asked("rijbewijs", "select1", "Heeft u een rijbewijs?", choices=_YES_NO),
)
MATRIX = (
    _Asked("kop", "select1", "Hoe goed kunt u dit in het Nederlands?", choices=_SCALE,
           appearance="label"),
    _Asked("lezen", "select1", "Lezen", choices=_SCALE, appearance="list-nolabel"),
    _Asked("schrijven", "select1", "Schrijven", choices=_SCALE, appearance="list-nolabel"),
    _Asked("spreken", "select1", "Spreken", choices=_SCALE, appearance="list-nolabel"),
)  # fmt: skip
JOB = (
    _Asked("functie", "input", "Wat voor werk was het?"),
    _Asked("jaren", "input", "Hoeveel jaar deed u dat?", "int"),
)


def path_of(name: str) -> str:
    """Return the path of a question by its name."""
    for group, questions in (("vragen", QUESTIONS), ("feiten", FACTS), ("tabel", MATRIX)):
        if any(asked.name == name for asked in questions):
            return f"/data/{group}/{name}"
    return f"/data/werk/baan/{name}"


def xml() -> bytes:
    """Return the XForm."""
    groups = (
        ("vragen", "Alle soorten vragen", QUESTIONS, ""),
        ("feiten", "Feiten bij elkaar", FACTS, "field-list"),
        ("tabel", "Tabel", MATRIX, "field-list"),
    )
    leaves = "".join(
        f"<{group}>{''.join(f'<{asked.name}/>' for asked in questions)}</{group}>"
        for group, _, questions, _ in groups
    )
    job = "".join(f"<{asked.name}/>" for asked in JOB)
    binds = "".join(
        _bind(f"/data/{group}/{asked.name}", asked)
        for group, _, questions, _ in groups
        for asked in questions
    ) + "".join(_bind(f"/data/werk/baan/{asked.name}", asked) for asked in JOB)
    body = "".join(
        _group(f"/data/{group}", title, questions, appearance)
        for group, title, questions, appearance in groups
    )
    jobs = "".join(_control("/data/werk/baan", asked) for asked in JOB)
    return (
        '<?xml version="1.0"?><h:html xmlns="http://www.w3.org/2002/xforms" '
        'xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" '
        'xmlns:orx="http://openrosa.org/xforms" xmlns:odk="http://www.opendatakit.org/xforms" '
        'xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
        'xmlns:dl="https://doorgaande-lijn.nl/xforms">'
        '<h:head><h:title>Alle soorten vragen</h:title><model odk:xforms-version="1.0.0">'
        f'<instance><data id="{FORM_ID}" version="1">{leaves}'
        f'<werk><baan jr:template="">{job}</baan><baan>{job}</baan></werk>'
        f"<meta><instanceID/></meta></data></instance>{binds}"
        '<bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>'
        f"</model></h:head><h:body>{body}"
        '<group ref="/data/werk"><label>Werk</label><group ref="/data/werk/baan">'
        f'<label>Baan</label><repeat nodeset="/data/werk/baan">{jobs}</repeat></group></group>'
        "</h:body></h:html>"
    ).encode()


def _bind(path: str, asked: _Asked) -> str:
    audience = "staff" if asked.staff else "client"
    return (
        f'<bind nodeset="{path}" type="{asked.kind}" {asked.bind} '
        f'dl:audience="{audience}" dl:sharing="werk" dl:source="{audience}"/>'
    )


def _group(path: str, title: str, questions: tuple[_Asked, ...], appearance: str) -> str:
    shown = f" appearance={quoteattr(appearance)}" if appearance else ""
    inside = "".join(_control(path, asked) for asked in questions)
    return f'<group ref="{path}"{shown}><label>{escape(title)}</label>{inside}</group>'


def _control(path: str, asked: _Asked) -> str:
    shown = f" appearance={quoteattr(asked.appearance)}" if asked.appearance else ""
    hint = f"<hint>{escape(asked.hint)}</hint>" if asked.hint else ""
    items = "".join(
        f"<item><label>{escape(label)}</label><value>{value}</value></item>"
        for value, label in asked.choices
    )
    return (
        f'<{asked.element} ref="{path}/{asked.name}"{shown} {asked.more}>'
        f"<label>{escape(asked.label)}</label>{hint}{items}</{asked.element}>"
    )


class ShelfWithKinds(Library):
    """The forms of the program, and the one with every kind of question."""

    _kinds: FormDefinition | None = None

    def load(self, form_id: str) -> FormDefinition:
        """Return a form ready for a session; see `Library.load`."""
        if form_id != FORM_ID:
            return super().load(form_id)
        if self._kinds is None:
            from intake_app.xforms import parse_form

            self._kinds = parse_form(xml(), name=FORM_ID)
        return self._kinds

    def migrations(self, form_id: str) -> tuple[Migration, ...]:
        """Return where answers of earlier versions go; none for the form with every kind."""
        return () if form_id == FORM_ID else super().migrations(form_id)


_SAMPLES = {
    "ar": "هل يمكنك أن تخبرني المزيد عن عملك وعائلتك وما الذي تريد أن تفعله في هولندا من فضلك",
    "ti": "ብዛዕባ ስራሕካን ስድራቤትካን ኣብ ሆላንድ ክትገብሮ እትደሊ ነገርን ብሕቲ ክትነግረኒ ትኽእል ዶ በጃኻ",
}


class TextsForKinds(Catalogues):
    """The shipped texts; the form with every kind speaks in sample words of the right length."""

    def form_text(self, form_id: str, kind: str, name: str, language: str, source: str) -> FormText:
        """Return one text of a form; see `Catalogues.form_text`."""
        sample = _SAMPLES.get(language, "").split()
        if form_id != FORM_ID or not sample or not source.strip():
            return super().form_text(form_id, kind, name, language, source)
        wanted, words = len(source), ""
        start = sum(source.encode()) % len(sample)
        for word in (sample[start:] + sample[:start]) * 9:
            words = f"{words} {word}".strip()
            if len(words) >= wanted * 0.8:
                break
        return FormText(words, language, "unreviewed")
