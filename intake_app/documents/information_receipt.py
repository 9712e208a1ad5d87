"""The information receipt: what was explained, by whom, in which language, and if it was clear.

A signature is not consent; the paper says so itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from intake_app.documents import client_words
from intake_app.documents.client_page import (
    MACHINE_MADE,
    MADE,
    Block,
    ClientPage,
    Fact,
    Heading,
    Item,
    Paragraph,
    Said,
    Signature,
    Speaker,
)
from intake_app.documents.model import Text
from intake_app.domain.interview import InterpreterMode
from intake_app.i18n.catalogues import D_


class Subject(StrEnum):
    """What can be explained, in the order of the talk."""

    DOEL = "doel"
    OPSCHRIJVEN = "opschrijven"
    DELEN = "delen"
    TOESTEMMING = "toestemming"
    OVERSLAAN = "overslaan"
    ASSESSMENT = "assessment"
    RECHTEN = "rechten"
    KLACHT = "klacht"
    VERDER = "verder"
    PAPIER = "papier"


SUBJECTS: Final[dict[Subject, str]] = {
    Subject.DOEL: D_("Waarom wij met u praten."),
    Subject.OPSCHRIJVEN: D_("Wat wij opschrijven."),
    Subject.DELEN: D_("Wie uw gegevens krijgt en wie niet."),
    Subject.TOESTEMMING: D_("Wanneer wij uw toestemming vragen."),
    Subject.OVERSLAAN: D_("U mag een vraag overslaan."),
    Subject.ASSESSMENT: D_("U kiest zelf of u meedoet aan het assessment."),
    Subject.RECHTEN: D_("U mag alles lezen en laten verbeteren."),
    Subject.KLACHT: D_("Waar u een klacht kunt doen."),
    Subject.VERDER: D_("Wat er na dit gesprek gebeurt."),
    Subject.PAPIER: D_("U kreeg het papier over uw gegevens."),
}


class Understood(StrEnum):
    """What the person said when asked if the explanation was clear."""

    JA = "ja"
    VRAGEN = "vragen"
    NEE = "nee"


UNDERSTOOD: Final[dict[Understood, str]] = {
    Understood.JA: D_("U zei: ja, dit is duidelijk."),
    Understood.VRAGEN: D_("U heeft nog vragen. Wij praten daar nog over."),
    Understood.NEE: D_("Het is nog niet duidelijk. Wij leggen het opnieuw uit."),
}

_TITLE: Final = D_("Wat hebben wij u uitgelegd?")
_TALK: Final = D_("Het gesprek")
_NAME: Final = D_("Uw naam")
_DAY: Final = D_("Dag")
_BY: Final = D_("Wie gaf de uitleg?")
_LANGUAGE: Final = D_("In welke taal?")
_INTERPRETER: Final = D_("Hoe is er vertaald?")
_EXPLAINED: Final = D_("Dit is uitgelegd")
_CLEAR: Final = D_("Is het duidelijk?")
_SIGN: Final = D_("Handtekening")
_NOT_CONSENT: Final = D_("Uw handtekening is geen toestemming. Zij zegt alleen dat u uitleg kreeg.")
_OWN_SIGNATURE: Final = D_("Uw handtekening")
_THEIR_SIGNATURE: Final = D_("Handtekening van {name}")
_NOT_SIGNED: Final = D_("U hoeft niet te tekenen. U gaf zelf antwoord op deze vraag.")
_KEEP: Final = D_("Dit papier is voor u. Bewaar het goed.")


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What took place. `language` is the name of the language of the talk."""

    name: str
    day: Said
    by: str
    organisation: str
    language: Said
    interpreter: InterpreterMode
    explained: tuple[Subject, ...]
    understood: Understood
    to_be_signed: bool
    """False where the person said it, and does not sign."""
    created: datetime
    practice: bool = False


def information_receipt(facts: ReceiptFacts, say: Speaker) -> ClientPage:
    """Return the receipt in Dutch and in the language of `say`."""
    return ClientPage(
        title=say(_TITLE),
        language=say.language,
        sender=facts.organisation,
        made=say(MADE, day=facts.day, organisation=facts.organisation),
        created=facts.created,
        blocks=tuple(_blocks(facts, say)),
        unreviewed=tuple(say(line) for line in MACHINE_MADE),
        practice=facts.practice,
    )


def _blocks(facts: ReceiptFacts, say: Speaker) -> Iterator[Block]:
    yield Heading(say(_TALK))
    yield Fact(say(_NAME), Text(facts.name))
    yield Fact(say(_DAY), facts.day)
    yield Fact(say(_BY), Text(f"{facts.by}, {facts.organisation}"))
    yield Fact(say(_LANGUAGE), facts.language)
    yield Fact(say(_INTERPRETER), say(client_words.INTERPRETERS[facts.interpreter]))
    yield Heading(say(_EXPLAINED))
    for subject in Subject:
        if subject in facts.explained:
            yield Item(say(SUBJECTS[subject]), mark="✓")
    yield Heading(say(_CLEAR))
    yield Paragraph(say(UNDERSTOOD[facts.understood]), strong=True)
    if facts.to_be_signed:
        yield Heading(say(_SIGN))
        yield Paragraph(say(_NOT_CONSENT), keep=True)
        yield Signature(say(_OWN_SIGNATURE))
        yield Signature(say(_THEIR_SIGNATURE, name=facts.by))
    else:
        yield Paragraph(say(_NOT_SIGNED))
    yield Paragraph(say(_KEEP))
