"""Parts of the record as Dutch text for a person to read, the same on the screen and on paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from intake_app.domain import brp
from intake_app.domain.person import Household, HouseholdMember, Koppeling, Person, PersonLanguage
from intake_app.domain.plan import Action, Plan
from intake_app.domain.routing import municipality_name
from intake_app.flows import dossier_words as words
from intake_app.i18n.formats import format_date
from intake_app.i18n.languages import LANGUAGES


def day(value: date | datetime | None) -> str:
    """Return a date in Dutch words, '' for None."""
    return "" if value is None else format_date(value, "nl")


def person_value(person: Person, field: str) -> str:
    """Return one field of a person as text, '' where it is not filled in."""
    value = getattr(person, field)
    match field:
        case "birth_date" | "permit_from":
            return format_date(value, "nl")
        case "birth_date_status":
            return words.BIRTH_DATE_STATES[value]
        case "gender":
            return words.GENDERS[value]
        case "literacy":
            return words.LITERACIES[value]
        case "languages":
            return ", ".join(_language(language) for language in value)
        case "contact_language":
            return LANGUAGES[value].dutch_name if value in LANGUAGES else str(value)
        case "interpreter_needed":
            return "" if value is None else _yes_no(value)
        case "is_nareiziger":
            return _yes_no(value)
        case "aliases":
            return ", ".join(value)
        case "nationalities":
            return ", ".join(brp.nationality_name(code) for code in value)
        case "birth_country":
            return brp.country_name(value)
        case "residence_title":
            return brp.residence_title_name(value)
        case _:
            return "" if value is None else str(value)


def _yes_no(value: bool) -> str:
    return "ja" if value else "nee"


def _language(language: PersonLanguage) -> str:
    extra = ["moedertaal"] if language.is_mother_tongue else []
    extra += [language.speaks] if language.speaks else []
    name = language_name(language.code)
    return f"{name} ({', '.join(extra)})" if extra else name


def language_name(code: str) -> str:
    """Return the Dutch name of a language by its ISO 639 code, or the code itself."""
    from babel import Locale
    from babel.core import get_global

    # Not by the locale itself: of most languages there is a name, and no data in a small bundle.
    short = get_global("language_aliases").get(code, code)
    return str(Locale("nl").languages.get(short, code))


def household_lines(household: Household) -> tuple[str, ...]:
    """Return one line for each member, and one on reunification where there is any."""
    lines = [_member(member) for member in household.members]
    if household.reunification.value != "geen":
        expected = household.expected_persons
        more = f", {expected} verwacht" if expected else ""
        lines.append(f"Gezinshereniging: {words.REUNIFICATIONS[household.reunification]}{more}")
    return tuple(lines)


def _member(member: HouseholdMember) -> str:
    parts = [words.RELATIONS[member.relation]]
    born = format_date(member.birth_date, "nl")
    parts += [f"geboren {born}"] if born else []
    parts += [] if member.in_netherlands else ["nog niet in Nederland"]
    return f"{member.name} ({', '.join(parts)})"


def koppeling_line(koppeling: Koppeling) -> str:
    """Return the municipality with its dates."""
    text = f"{municipality_name(koppeling.municipality_code)}, vanaf {day(koppeling.linked_on)}"
    return f"{text} tot {day(koppeling.ended_on)}" if koppeling.ended_on else text


def action_period(action: Action) -> str:
    """Return where and when, as far as it is known."""
    parts = [words.PLACE_TITLES.get(action.where, action.where)]
    parts += [f"vanaf {day(action.start)}"] if action.start else []
    parts += [f"tot {day(action.end)}"] if action.end else []
    return ", ".join(parts)


def plan_lines(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return label and value of what the plan says beside its goals."""
    paths = [words.PATH_TITLES[path] for path in plan.other_paths]
    talk = day(plan.discussed_on)
    if talk and plan.discussed_with_interpreter:
        talk += ", met tolk"
    return (
        ("Vervolgpad", words.PATH_TITLES[plan.main_path] if plan.main_path else ""),
        ("Ook mogelijk", ", ".join(paths)),
        ("Advies leerroute", words.LEERROUTE_TITLES[plan.leerroute]),
        ("Besproken op", talk),
        ("Versie", f"{plan.version} ({plan.state.value})"),
    )


def listed(names: Iterable[str]) -> str:
    """Return names as a Dutch enumeration: a, b en c."""
    held = list(names)
    return " en ".join([", ".join(held[:-1]), held[-1]]) if len(held) > 1 else "".join(held)
