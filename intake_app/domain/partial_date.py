"""Dates with unknown parts, as the Dutch population register (BRP) knows them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from intake_app.domain.typed import plain_digits
from intake_app.sentences import Told

_OTHER_CALENDAR = range(1300, 1500)
"""Years of the Persian and the Islamic calendar in which people alive now were born."""


class DateProblem(Told, ValueError):
    """A date that cannot be; str() is a Dutch sentence for the field."""


class UnreadableDate(DateProblem):
    """Text that is no date at all; str() shows how to write one."""


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date of which the month, the day or everything may be unknown (0 = unknown).

    Covers the four BRP kinds Datum, JaarMaandDatum, JaarDatum and DatumOnbekend.
    """

    year: int = 0
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        if self.day and not self.month:
            raise DateProblem("Een dag zonder maand kan niet. Vul de maand in of laat de dag leeg.")
        if (self.month or self.day) and not self.year:
            raise DateProblem(
                "Een maand zonder jaar kan niet. Vul het jaar in, of laat alles leeg."
            )
        if self.year in _OTHER_CALENDAR:
            raise DateProblem(
                "Dit lijkt een jaar uit een andere kalender. Reken de datum samen om naar de "
                "Nederlandse kalender."
            )
        if self.year and not 1850 <= self.year <= 2200:
            raise DateProblem("Dit jaar kan niet. Vul een jaar in met vier cijfers.")
        if not 0 <= self.month <= 12:
            raise DateProblem("Deze maand kan niet. Kies een maand van 1 tot en met 12.")
        if self.day and not 1 <= self.day <= calendar.monthrange(self.year, self.month)[1]:
            raise DateProblem(
                "Deze dag bestaat niet in die maand. Controleer de dag, of laat de dag leeg."
            )

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read '', '1988', '1988-03', '1988-03-14' or the eight digits of the GBA ('19880300').

        Raises `DateProblem` for anything else.
        """
        text = text.strip()
        if not text:
            return cls()
        digits = text if len(text) == 8 and text.isascii() and text.isdigit() else ""
        parts = [digits[:4], digits[4:6], digits[6:]] if digits else text.split("-")
        well_formed = len(parts) <= 3 and all(p.isascii() and p.isdigit() for p in parts)
        if not well_formed or len(parts[0]) != 4 or any(len(p) > 2 for p in parts[1:]):
            raise UnreadableDate("Schrijf de datum als jaar-maand-dag, zoals 1988-03-14.")
        return cls(*(int(p) for p in parts))

    @classmethod
    def read(cls, text: str) -> PartialDate:
        """Read a date as a person writes it, in the digits of any script.

        Takes what `parse` takes and 14-3-1988, 14/3/1988 or 14.3.1988, with 0 or 00 for a part that
        is not known: 00-03-1988, 0-0-1988, 00000000. Raises `DateProblem` for anything else.
        """
        plain = plain_digits(text)
        parts = plain.replace("/", "-").replace(".", "-").split("-")
        day_first = len(parts) == 3 and len(parts[2]) == 4 and 0 < len(parts[0]) <= 2
        if day_first and all(part.isascii() and part.isdigit() for part in parts):
            day, month, year = map(int, parts)
            return cls(year, month, day)
        if len(parts) == 3 and len(parts[0]) <= 2 and all(p.isdigit() for p in parts):
            raise DateProblem("Schrijf het jaar met vier cijfers, zoals 14-03-1988.")
        try:
            return cls.parse("-".join(parts))
        except UnreadableDate:
            raise UnreadableDate(
                "Deze datum is niet te lezen. Schrijf dag-maand-jaar, zoals 14-03-1988, met 00 "
                "voor wat niet bekend is."
            ) from None

    @property
    def is_first_of_january(self) -> bool:
        """True for 1 January, which registers write for a birthday that nobody knows."""
        return (self.month, self.day) == (1, 1)

    def is_after(self, day: date) -> bool:
        """True when the earliest day it can be lies after `day`; never for an unknown date."""
        return bool(self.year) and date(self.year, self.month or 1, self.day or 1) > day

    @property
    def is_complete(self) -> bool:
        """True when year, month and day are all known."""
        return bool(self.day)

    def iso(self) -> str:
        """Return '', '1988', '1988-03' or '1988-03-14'."""
        known = [f"{self.year:04d}"] if self.year else []
        known += [f"{part:02d}" for part in (self.month, self.day) if part]
        return "-".join(known)

    def gba(self) -> str:
        """Return the eight digits of the GBA, zeros for what is unknown."""
        return f"{self.year:04d}{self.month:02d}{self.day:02d}"

    def age_on(self, day: date) -> tuple[int, int] | None:
        """Return the youngest and the oldest age in whole years on `day`; None without a year."""
        if not self.year:
            return None
        earliest = date(self.year, self.month or 1, self.day or 1)
        if self.day:
            latest = earliest
        elif self.month:
            latest = earliest.replace(day=calendar.monthrange(self.year, self.month)[1])
        else:
            latest = date(self.year, 12, 31)
        return _years(latest, day), _years(earliest, day)


def _years(born: date, on: date) -> int:
    return max(0, on.year - born.year - ((on.month, on.day) < (born.month, born.day)))
