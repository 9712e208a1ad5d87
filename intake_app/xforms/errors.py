"""The two errors of the engine: a form that cannot load, an answer that cannot be kept."""

from __future__ import annotations

from enum import StrEnum

from intake_app.sentences import Told


class FormError(Exception):
    """A form (or a stored filling of it) cannot be loaded.

    `str()` names the place first, then what is wrong, for the author of the form:
    ``bind /data/x, relevant: unknown function foo()``. Never contains answers.
    """

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}" if place else problem)
        self.place = place
        self.problem = problem


class RefusalCode(StrEnum):
    """Why an answer was refused."""

    NOT_A_WHOLE_NUMBER = "not_a_whole_number"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DATE = "not_a_date"
    NOT_A_TIME = "not_a_time"
    NOT_A_DATETIME = "not_a_datetime"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_PLACE = "not_a_place"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    READONLY = "readonly"
    NOT_RELEVANT = "not_relevant"
    NOT_A_QUESTION = "not_a_question"
    UNKNOWN_KEY = "unknown_key"
    FIXED_COUNT = "fixed_count"
    TOO_MANY = "too_many"
    OUT_OF_RANGE = "out_of_range"


_SENTENCES = {
    RefusalCode.NOT_A_WHOLE_NUMBER: (
        "Dit is geen heel getal. Het antwoord is niet bewaard. "
        "Vul alleen cijfers in, bijvoorbeeld 12."
    ),
    RefusalCode.NOT_A_NUMBER: (
        "Dit is geen getal. Het antwoord is niet bewaard. "
        "Vul een getal in, bijvoorbeeld 12 of 12.5."
    ),
    RefusalCode.NOT_A_DATE: (
        "Deze datum bestaat niet. Het antwoord is niet bewaard. Vul dag, maand en jaar in."
    ),
    RefusalCode.NOT_A_TIME: (
        "Deze tijd bestaat niet. Het antwoord is niet bewaard. Vul uren en minuten in."
    ),
    RefusalCode.NOT_A_DATETIME: (
        "Deze datum en tijd bestaan niet. Het antwoord is niet bewaard. Vul beide helemaal in."
    ),
    RefusalCode.NOT_A_PLACE: (
        "Dit zijn geen coördinaten. Het antwoord is niet bewaard. "
        "Vul breedte en lengte in, bijvoorbeeld 52.09 5.12."
    ),
    RefusalCode.NOT_A_CHOICE: (
        "Dit antwoord staat niet in de lijst. Het is niet bewaard. Kies een antwoord uit de lijst."
    ),
    RefusalCode.TOO_LONG: ("Dit antwoord is te lang. Het is niet bewaard. Maak de tekst korter."),
    RefusalCode.CONTROL_CHARACTER: (
        "In dit antwoord staat een teken dat we niet kunnen bewaren. "
        "Het antwoord is niet bewaard. Typ de tekst opnieuw."
    ),
    RefusalCode.READONLY: ("Dit veld kun je niet veranderen. Het formulier vult het zelf in."),
    RefusalCode.NOT_RELEVANT: (
        "Deze vraag is nu niet aan de orde. Het antwoord is niet bewaard. "
        "Kijk naar de eerdere antwoorden waar deze vraag van afhangt."
    ),
    RefusalCode.NOT_A_QUESTION: (
        "Dit onderdeel van het formulier is geen vraag. Er is niets bewaard."
    ),
    RefusalCode.UNKNOWN_KEY: (
        "Dit onderdeel staat niet (meer) in het formulier. Er is niets bewaard. "
        "Ga terug naar het overzicht en open de vraag opnieuw."
    ),
    RefusalCode.FIXED_COUNT: (
        "Het aantal volgt uit een ander antwoord. Verander dat antwoord als het aantal niet klopt."
    ),
    RefusalCode.TOO_MANY: ("Er kunnen er niet meer bij. Het maximum van dit onderdeel is bereikt."),
    RefusalCode.OUT_OF_RANGE: (
        "Dit getal valt buiten de schaal. Het antwoord is niet bewaard. "
        "Kies een getal op de schaal."
    ),
}


class AnswerRefused(Told):
    """An answer was not accepted; nothing in the session changed.

    `reason` is the code, `str()` a Dutch sentence for the person at the keyboard. Holds the path
    of the question but never the refused value.
    """

    def __init__(self, reason: RefusalCode, path: str = "") -> None:
        super().__init__(_SENTENCES[reason])
        self.reason = reason
        self.path = path
