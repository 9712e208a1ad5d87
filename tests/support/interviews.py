"""A small form with everything an interview can meet, and a person to hold it with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.domain.person import Person
from intake_app.flows.interview import InterviewFlow
from intake_app.vault import Vault
from intake_app.xforms import FormDefinition, NodeKey, ShownText, TextRef, parse_form
from tests.support.vaults import actor_of

SMALL_FORM = b"""<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"
 xmlns:odk="http://www.opendatakit.org/xforms" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:dl="https://doorgaande-lijn.nl/xforms">
<h:head><h:title>Klein gesprek</h:title>
<model odk:xforms-version="1.0.0">
<itext><translation lang="default" default="true()">
<text id="/data/werk/gewerkt:hint"><value>Ook onbetaald telt mee.</value><value form="guidance">GEHEIM-STAF vraag rustig door</value></text>
<text id="/data/werk/gewerkt:jr:constraintMsg"><value>Kies ja of nee.</value></text>
</translation></itext>
<instance><data id="klein" version="1">
<start_groep><welkom/><naam_tolk/></start_groep>
<werk><gewerkt/><baan jr:template=""><functie/><jaren/></baan><baan><functie/><jaren/></baan><talen/><oordeel/></werk>
<kort><leeftijd/><dubbel/><opmerking/></kort>
<meta><instanceID/></meta></data></instance>
<instance id="talen"><root>
<item><name>tir</name><label>Tigrinya</label></item>
<item><name>ara</name><label>Arabisch</label></item>
<item><name>nld</name><label>Nederlands</label></item>
</root></instance>
<bind nodeset="/data/start_groep/welkom" type="string" readonly="true()" dl:audience="client" dl:sharing="intern"/>
<bind nodeset="/data/start_groep/naam_tolk" type="string" dl:audience="client" dl:sharing="begrip" dl:source="client"/>
<bind nodeset="/data/werk/gewerkt" type="string" required="true()" jr:requiredMsg="Kies ja of nee." dl:audience="client" dl:sharing="werk" dl:source="client"/>
<bind nodeset="/data/werk/baan" relevant=" /data/werk/gewerkt = 'ja'"/>
<bind nodeset="/data/werk/baan/functie" type="string" dl:audience="client" dl:sharing="werk"/>
<bind nodeset="/data/werk/baan/jaren" type="int" constraint=". &gt;= 0 and . &lt;= 60" jr:constraintMsg="Vul 0 tot en met 60 in." dl:audience="client" dl:sharing="werk"/>
<bind nodeset="/data/werk/talen" type="string" dl:audience="client" dl:sharing="taal"/>
<bind nodeset="/data/werk/oordeel" type="string" dl:audience="staff" dl:sharing="werk" dl:source="staff"/>
<bind nodeset="/data/kort/leeftijd" type="int" dl:audience="client" dl:sharing="gezin"/>
<bind nodeset="/data/kort/dubbel" type="int" calculate=" /data/kort/leeftijd * 2" dl:audience="staff" dl:sharing="intern"/>
<bind nodeset="/data/kort/opmerking" type="string" dl:audience="staff" dl:sharing="notitie"/>
<bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>
</model></h:head>
<h:body>
<group ref="/data/start_groep"><label>Begin</label>
<input ref="/data/start_groep/welkom"><label>Welkom bij dit gesprek.</label></input>
<input ref="/data/start_groep/naam_tolk"><label>Welke taal spreekt u thuis?</label></input>
</group>
<group ref="/data/werk"><label>Werk</label>
<select1 ref="/data/werk/gewerkt"><label>Heeft u gewerkt?</label><hint ref="jr:itext('/data/werk/gewerkt:hint')"/>
<item><label>Ja</label><value>ja</value></item><item><label>Nee</label><value>nee</value></item></select1>
<group ref="/data/werk/baan"><label>Baan</label><repeat nodeset="/data/werk/baan">
<input ref="/data/werk/baan/functie"><label>Wat voor werk was het?</label></input>
<input ref="/data/werk/baan/jaren"><label>Hoeveel jaar?</label></input>
</repeat></group>
<select ref="/data/werk/talen"><label>Welke talen spreekt u?</label><itemset nodeset="instance('talen')/root/item"><value ref="name"/><label ref="label"/></itemset></select>
<select1 ref="/data/werk/oordeel"><label>GEHEIM-STAF Hoe gaat het?</label>
<item><label>GEHEIM-STAF Goed</label><value>goed</value></item><item><label>GEHEIM-STAF Zorg</label><value>zorg</value></item></select1>
</group>
<group ref="/data/kort" appearance="field-list"><label>Kort</label>
<input ref="/data/kort/leeftijd"><label>Hoe oud bent u?</label></input>
<input ref="/data/kort/opmerking" appearance="multiline"><label>GEHEIM-STAF Opmerking</label></input>
</group>
</h:body></h:html>
"""

STAFF_MARK = "GEHEIM-STAF"
"""Every text of the small form that the client may not see holds this."""


def small_form() -> FormDefinition:
    """Return the small form, parsed."""
    return parse_form(SMALL_FORM, name="klein")


@dataclass(frozen=True)
class OneForm:
    """A library of one form, under whatever id is asked for."""

    form: FormDefinition

    def load(self, form_id: str) -> FormDefinition:
        del form_id
        return self.form


class MarkedTexts:
    """Translations that can be told from Dutch: the language before the text."""

    def __init__(self, missing: Callable[[TextRef], bool] = lambda _ref: False) -> None:
        self._missing = missing

    def text(self, form_id: str, ref: TextRef, language: str, source: str) -> ShownText:
        """Return `[ar] text`, or the source where it is said to be missing."""
        del form_id
        if language == "nl" or not source:
            return ShownText(source, "nl")
        if self._missing(ref):
            return ShownText(source, "nl", "missing")
        return ShownText(f"[{language}] {source}", language, "unreviewed")


def add_person(vault: Vault, *, language: str = "ar") -> Person:
    """Store somebody who does not exist and return the record."""
    person = Person(
        person_id=vault.env.uuid(),
        v_number="0001234567",
        family_name="Voorbeeld",
        given_names="Sara",
        contact_language=language,
    )
    with vault.transaction(actor_of(vault), "toets") as tx:
        tx.persons.save(person)
    return person


def start_small(
    vault: Vault, *, language: str = "ar", form_id: str = "klein", person_id: UUID | None = None
) -> InterviewFlow:
    """Start an interview with the small form."""
    return InterviewFlow.start(
        vault,
        OneForm(small_form()),
        MarkedTexts(),
        person_id or add_person(vault, language=language).person_id,
        form_id,
        language,
        Interpretation(InterpreterMode.TELEFOON, "dienst 12", language),
        actor_of(vault),
    )


def resume(vault: Vault, flow: InterviewFlow) -> InterviewFlow:
    """Open the same interview again from the vault alone."""
    return InterviewFlow.resume(vault, MarkedTexts(), flow.interview.interview_id, actor_of(vault))


def key(name: str, repeat: UUID | None = None) -> NodeKey:
    """Return the key of a question of the small form by its name."""
    return NodeKey(PATHS[name], repeat)


PATHS = {
    "welkom": "/data/start_groep/welkom",
    "naam_tolk": "/data/start_groep/naam_tolk",
    "gewerkt": "/data/werk/gewerkt",
    "baan": "/data/werk/baan",
    "functie": "/data/werk/baan/functie",
    "jaren": "/data/werk/baan/jaren",
    "talen": "/data/werk/talen",
    "oordeel": "/data/werk/oordeel",
    "kort": "/data/kort",
    "leeftijd": "/data/kort/leeftijd",
    "dubbel": "/data/kort/dubbel",
    "opmerking": "/data/kort/opmerking",
}


def answers_in(vault: Vault, interview_id: UUID) -> dict[tuple[str, UUID | None], str]:
    """Return the stored values of an interview."""
    with vault.read() as records:
        rows = records.answers.of_interview(interview_id)
    return {(row.path, row.repeat): row.value for row in rows}
