"""The Ethiopian and the Solar Hijri calendar beside the Gregorian one; pure arithmetic.

Answers are stored in the Gregorian calendar, always. These calendars are for saying and typing a
date as the client knows it.

Sources. Ethiopian (in Eritrea: Ge'ez) calendar: E. M. Reingold and N. Dershowitz, Calendrical
Calculations, chapter on the Coptic and Ethiopic calendars: twelve months of thirty days and one of
five, six when the year leaves three when divided by four; 1 Meskerem 1 is 29 August 8 (Julian).
Solar Hijri calendar: the Iranian law of 11 Farvardin 1304 (31 March 1925): six months of 31 days,
five of 30, Esfand of 29 or 30; the year begins on the day of the spring equinox in Tehran. Which
years are leap is taken from the 33-year rule, which agrees with the equinox for the years 1178 to
1501 (R. van Gent, The Persian calendar; the same rule and range as in ICU4X). Afghanistan counts
the same days under other names for the months (fixed lengths since 1336). Earlier dates are
counted back by the same rule. Names of months: CLDR 45, calendars "persian" and "ethiopic".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from intake_app.i18n.folding import folded
from intake_app.i18n.formats import localise_digits, to_ascii_digits
from intake_app.i18n.languages import LANGUAGES
from intake_app.sentences import Told


class Calendar(StrEnum):
    """A way to count years, months and days."""

    GREGORIAN = "gregorian"
    ETHIOPIAN = "ethiopian"
    SOLAR_HIJRI = "solar-hijri"


class CalendarProblem(Told, ValueError):
    """A date that the calendar does not have; str() is a Dutch sentence for the field."""


FIRST, LAST = date(1850, 1, 1), date(2122, 12, 31)
"""The days this module converts: those a form can ask for and the rules are sure of."""

# the day before 1 Meskerem 1 and before 1 Farvardin 1, as date.toordinal counts
_ETHIOPIAN_EPOCH = 2795
_SOLAR_HIJRI_EPOCH = 226_894

_IMPERIAL = range(2535, 2538)
"""Years the Iranian papers of March 1976 to August 1978 carry: 1180 more than Solar Hijri."""

_YEARS: Mapping[Calendar, range] = MappingProxyType(
    {
        Calendar.GREGORIAN: range(1850, 2123),
        Calendar.ETHIOPIAN: range(1842, 2116),
        Calendar.SOLAR_HIJRI: range(1228, 1502),
    }
)


def months_in_year(calendar: Calendar) -> int:
    """Return 12, or 13 for the Ethiopian calendar."""
    return 13 if calendar is Calendar.ETHIOPIAN else 12


def is_leap(calendar: Calendar, year: int) -> bool:
    """Return whether a year has a day more."""
    if calendar is Calendar.ETHIOPIAN:
        return year % 4 == 3
    if calendar is Calendar.SOLAR_HIJRI:
        return (25 * year + 11) % 33 < 8
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(calendar: Calendar, year: int, month: int) -> int:
    """Return how many days a month has; raises CalendarProblem for a month that is none."""
    if not 1 <= month <= months_in_year(calendar):
        last = months_in_year(calendar)
        raise CalendarProblem(
            "Deze maand kan niet. Kies een maand van 1 tot en met {last}.", last=last
        )
    if calendar is Calendar.ETHIOPIAN:
        return 30 if month < 13 else 5 + is_leap(calendar, year)
    if calendar is Calendar.SOLAR_HIJRI:
        return 31 if month <= 6 else 30 if month < 12 else 29 + is_leap(calendar, year)
    return (31, 28 + is_leap(calendar, year), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """One day as a calendar counts it. Raises CalendarProblem for a day that does not exist."""

    calendar: Calendar
    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        _check_year(self.calendar, self.year)
        last = days_in_month(self.calendar, self.year, self.month)
        if not 1 <= self.day <= last:
            raise CalendarProblem(
                "Deze dag bestaat niet: die maand heeft {last} dagen. Controleer de dag.", last=last
            )

    @classmethod
    def of(cls, day: date, calendar: Calendar) -> CalendarDate:
        """Return a Gregorian day as another calendar counts it; see FIRST and LAST."""
        if not FIRST <= day <= LAST:
            raise CalendarProblem("Deze datum ligt te ver weg om om te rekenen.")
        if calendar is Calendar.GREGORIAN:
            return cls(calendar, day.year, day.month, day.day)
        number = day.toordinal()
        if calendar is Calendar.ETHIOPIAN:
            passed = number - _ETHIOPIAN_EPOCH - 1
            year = (4 * passed + 1463) // 1461
            month, rest = divmod(number - _first_day(calendar, year), 30)
            return cls(calendar, year, month + 1, rest + 1)
        year = day.year - 621
        if number < _first_day(calendar, year):
            year -= 1
        passed = number - _first_day(calendar, year)
        month, rest = divmod(passed, 31) if passed < 186 else divmod(passed - 186, 30)
        return cls(calendar, year, month + (1 if passed < 186 else 7), rest + 1)

    def gregorian(self) -> date:
        """Return the same day in the Gregorian calendar."""
        if self.calendar is Calendar.GREGORIAN:
            return date(self.year, self.month, self.day)
        before = 30 * (self.month - 1)
        if self.calendar is Calendar.SOLAR_HIJRI:
            before += min(self.month - 1, 6)
        return date.fromordinal(_first_day(self.calendar, self.year) + before + self.day - 1)


def _first_day(calendar: Calendar, year: int) -> int:
    """Return the first day of a year as date.toordinal counts."""
    if calendar is Calendar.ETHIOPIAN:
        return _ETHIOPIAN_EPOCH + 365 * (year - 1) + year // 4 + 1
    return _SOLAR_HIJRI_EPOCH + 365 * (year - 1) + (8 * year + 21) // 33 + 1


def _check_year(calendar: Calendar, year: int) -> None:
    known = _YEARS[calendar]
    if year not in known:
        raise CalendarProblem(
            "Dit jaar kan niet in deze kalender. Het loopt van {first} tot en met {last}.",
            first=known[0],
            last=known[-1],
        )


def typed_year(calendar: Calendar, year: int) -> int:
    """Return the year that was meant: the imperial years of Iran count as Solar Hijri ones."""
    imperial = calendar is Calendar.SOLAR_HIJRI and year in _IMPERIAL
    return year - 1180 if imperial else year


def period(calendar: Calendar, year: int, month: int = 0) -> tuple[date, date]:
    """Return the first and the last Gregorian day of a month, or of a year (month 0).

    Raises CalendarProblem.
    """
    _check_year(calendar, year)
    ends = (month, month) if month else (1, months_in_year(calendar))
    last = days_in_month(calendar, year, ends[1])
    return (
        CalendarDate(calendar, year, ends[0], 1).gregorian(),
        CalendarDate(calendar, year, ends[1], last).gregorian(),
    )


def gregorian_parts(calendar: Calendar, year: int, month: int = 0) -> tuple[tuple[int, int], ...]:
    """Return what a year or month without a day can be in the Gregorian calendar, likeliest first.

    A month gives the one or two months (year, month) it lies in, a year the years (year, 0). The
    likeliest is the one with most of its days. Raises CalendarProblem.
    """
    first, last = period(calendar, year, month)
    counted: dict[tuple[int, int], int] = {}
    day = first
    while day <= last:
        part = (day.year, day.month if month else 0)
        counted[part] = counted.get(part, 0) + 1
        day += timedelta(days=1)
    return tuple(sorted(counted, key=lambda part: -counted[part]))


# ---- names of months -------------------------------------------------------------------------

_OWN: Mapping[tuple[Calendar, str], str] = MappingProxyType(
    {
        (Calendar.ETHIOPIAN, "ti"): ("መስከረም ጥቅምቲ ሕዳር ታሕሳስ ጥሪ ለካቲት መጋቢት ሚያዝያ ግንቦት ሰነ ሓምለ ነሓሰ ጳጉሜን"),
        (Calendar.ETHIOPIAN, "am"): ("መስከረም ጥቅምት ኅዳር ታኅሣሥ ጥር የካቲት መጋቢት ሚያዝያ ግንቦት ሰኔ ሐምሌ ነሐሴ ጳጉሜን"),
        (Calendar.ETHIOPIAN, "ar"): (
            "مسكريم تكمت هدار تهساس تر يكتت مجابيت ميازيا جنبت سين هامل نهاس باجمن"
        ),
        (Calendar.ETHIOPIAN, "fr"): (
            "mäskäräm teqemt hedar tahesas ter yäkatit mägabit miyazya guenbot säné hamlé nähasé "
            "pagumén"
        ),
        (Calendar.ETHIOPIAN, "tr"): (
            "Meskerem Tikimt Hidar Tahsas Tir Yakatit Magabit Miyazya Ginbot Sene Hamle Nehasa "
            "Pagumiene"
        ),
        (Calendar.ETHIOPIAN, "ru"): (
            "мескерем текемт хедар тахсас тер якатит магабит миазия генбот сэнэ хамлэ нахасэ "
            "эпагомен"
        ),
        (Calendar.ETHIOPIAN, "uk"): (
            "мескерема текемт хедара тахсаса тера єкатіта мегабіта міязія генбота сене хамле "
            "нехасе пагумена"
        ),
        (Calendar.SOLAR_HIJRI, "fa"): (
            "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
        ),
        (Calendar.SOLAR_HIJRI, "prs"): "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
        (Calendar.SOLAR_HIJRI, "ps"): (
            "وری غویی غبرگولی چنگاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب"
        ),
        (Calendar.SOLAR_HIJRI, "ckb"): (
            "خاکەلێوە بانەمەڕ جۆزەردان پووشپەڕ گەلاوێژ خەرمانان ڕەزبەر خەزەڵوەر سەرماوەز "
            "بەفرانبار ڕێبەندان رەشەمێ"
        ),
        (Calendar.SOLAR_HIJRI, "ar"): (
            "فرفردن أذربيهشت خرداد تار مرداد شهرفار مهر آيان آذر دي بهمن اسفندار"
        ),
        (Calendar.SOLAR_HIJRI, "fr"): (
            "farvardin ordibehešt khordâd tir mordâd šahrivar mehr âbân âzar dey bahman esfand"
        ),
        (Calendar.SOLAR_HIJRI, "tr"): (
            "Ferverdin Ordibeheşt Hordad Tir Mordad Şehriver Mehr Aban Azer Dey Behmen Esfend"
        ),
        (Calendar.SOLAR_HIJRI, "ru"): (
            "фарвардин ордибехешт хордад тир мордад шахривер мехр абан азер дей бахман эсфанд"
        ),
        (Calendar.SOLAR_HIJRI, "uk"): (
            "фарвардін ордібехешт хордад тір мордад шахрівер мехр абан азер дей бахман есфанд"
        ),
    }
)
"""Names of months as CLDR has them in the script of a language, in order."""

_LATIN: Mapping[tuple[Calendar, str], str] = MappingProxyType(
    {
        (Calendar.ETHIOPIAN, ""): (
            "Meskerem Tikimt Hidar Tahsas Tir Yekatit Megabit Miyazya Ginbot Sene Hamle Nehase "
            "Pagumen"
        ),
        (Calendar.ETHIOPIAN, "ti"): (
            "Meskerem Tikimti Hidar Tahsas Tiri Lekatit Megabit Miyazya Ginbot Sene Hamle Nehase "
            "Pagumen"
        ),
        (Calendar.SOLAR_HIJRI, ""): (
            "Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand"
        ),
        (Calendar.SOLAR_HIJRI, "prs"): (
            "Hamal Sawr Jawza Saratan Asad Sonbola Mizan Aqrab Qaws Jadi Dalwa Hut"
        ),
        (Calendar.SOLAR_HIJRI, "ps"): (
            "Wray Ghwayay Ghbargolay Chungash Zmaray Wazhay Tala Larem Lindey Marghumay Salwagha "
            "Kab"
        ),
        (Calendar.SOLAR_HIJRI, "ckb"): (
            "Khakelewe Banemer Jozerdan Pushper Gelawezh Khermanan Rezber Khezelwer Sermawez "
            "Befranbar Rebendan Resheme"
        ),
    }
)
"""The same names as they sound, in Latin letters, by the language they are said in."""


@lru_cache(maxsize=256)
def month_name(calendar: Calendar, month: int, language: str, spoken: str = "") -> str:
    """Return the name of a month for a reader of `language`.

    `spoken` is the language the client says it in: a reader of Latin letters gets "Hamal" for
    somebody who speaks Dari, "Farvardin" for another. Where CLDR has no name for the reader, the
    sounds stand in Latin letters; these are names and are not translated.
    """
    if calendar is Calendar.GREGORIAN:
        from babel import Locale

        found = LANGUAGES.get(language)
        locale = Locale.parse("nl" if found is None else found.cldr)
        return str(locale.months["stand-alone"]["wide"][month])
    names = _OWN.get((calendar, language))
    if names is None:
        names = _LATIN.get((calendar, spoken)) or _LATIN[calendar, ""]
    return names.split()[month - 1]


def find_month(calendar: Calendar, text: str) -> int | None:
    """Return the month that is meant: a number in any digits, or the first letters of its name.

    Names in every language of the program count. None when no month, or more than one, begins so.
    """
    typed = to_ascii_digits(text).strip()
    if typed.isascii() and typed.isdigit():
        return int(typed) if 1 <= int(typed) <= months_in_year(calendar) else None
    sought = folded(text)
    if not sought:
        return None
    names = _all_names(calendar)
    exact = {month for month, name in names if name == sought}
    if len(exact) == 1:
        return exact.pop()
    begun = {month for month, name in names if name.startswith(sought)}
    return begun.pop() if len(begun) == 1 else None


@lru_cache(maxsize=4)
def _all_names(calendar: Calendar) -> tuple[tuple[int, str], ...]:
    found: list[tuple[int, str]] = []
    if calendar is Calendar.GREGORIAN:
        for language in LANGUAGES:
            found += [(m, folded(month_name(calendar, m, language))) for m in range(1, 13)]
        return tuple(found)
    for table in (_OWN, _LATIN):
        for (which, _), names in table.items():
            if which is calendar:
                found += [(m, folded(name)) for m, name in enumerate(names.split(), start=1)]
    return tuple(found)


def format_in(value: CalendarDate, language: str, spoken: str = "", *, digits: bool = True) -> str:
    """Return day, name of the month and year for a reader of `language`, in its digits."""
    name = month_name(value.calendar, value.month, language, spoken)
    text = f"{value.day} {name} {value.year}"
    return localise_digits(text, language) if digits else text


# ---- whose calendar ---------------------------------------------------------------------------

_BY_LANGUAGE: Mapping[str, Calendar] = MappingProxyType(
    {
        "ti": Calendar.ETHIOPIAN,
        "am": Calendar.ETHIOPIAN,
        "fa": Calendar.SOLAR_HIJRI,
        "prs": Calendar.SOLAR_HIJRI,
        "ps": Calendar.SOLAR_HIJRI,
    }
)
_BY_COUNTRY: Mapping[str, Calendar] = MappingProxyType(
    {
        "9003": Calendar.ETHIOPIAN,
        "6023": Calendar.SOLAR_HIJRI,
        "5012": Calendar.SOLAR_HIJRI,
    }
)
"""By the BRP's code of a country (Landelijke Tabel 34): Eritrea; Afghanistan and Iran."""


def usual_calendars(language: str, country: str = "") -> tuple[Calendar, ...]:
    """Return the calendars, apart from the Gregorian, that somebody probably knows dates by."""
    found = (_BY_LANGUAGE.get(language), _BY_COUNTRY.get(country))
    return tuple(dict.fromkeys(calendar for calendar in found if calendar is not None))


def in_full(day: date, language: str) -> str:
    """Return a Gregorian day with the day of the week, in the words and digits of a language."""
    from babel.dates import format_date

    found = LANGUAGES.get(language)
    locale = "nl" if found is None else found.cldr
    return localise_digits(format_date(day, format="full", locale=locale), language)


def weekdays(language: str) -> tuple[tuple[str, str], ...]:
    """Return the short and the full name of the days of the week, Monday first."""
    from babel import Locale

    found = LANGUAGES.get(language)
    days = Locale.parse("nl" if found is None else found.cldr).days["stand-alone"]
    return tuple((str(days["short"][n]), str(days["wide"][n])) for n in range(7))
