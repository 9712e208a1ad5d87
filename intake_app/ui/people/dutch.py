"""The levels of Dutch of a person as a profile, in words and numbers alike."""

from __future__ import annotations

from collections.abc import Sequence

from intake_app.domain.charts import Bar, Profile
from intake_app.flows.language_levels import LEVELS, DutchLevel, Skill
from intake_app.i18n.catalogues import UiTexts


def dutch_profile(tr: UiTexts, levels: Sequence[DutchLevel]) -> Profile:
    """Return the four skills on one scale, each against the measurement before it."""
    skills = {
        Skill.SPREKEN: tr.gettext("Spreken"),
        Skill.LUISTEREN: tr.gettext("Luisteren"),
        Skill.LEZEN: tr.gettext("Lezen"),
        Skill.SCHRIJVEN: tr.gettext("Schrijven"),
    }
    bars = [
        Bar(
            skills[each.skill],
            _place(each.level),
            level_words(tr, each.level),
            _place(each.earlier),
            level_words(tr, each.earlier) if each.earlier else "",
        )
        for each in levels
    ]
    steps = [(float(place), level_words(tr, level)) for place, level in enumerate(LEVELS)]
    return Profile(
        tr.gettext("Niveau van het Nederlands"),
        tuple(bars),
        label_title=tr.gettext("Vaardigheid"),
        value_title=tr.gettext("Niveau"),
        reference_title=tr.gettext("Eerdere meting"),
        # the lowest level is more than nothing: it has a bar too
        low=-1.0,
        high=float(len(LEVELS) - 1),
        steps=tuple(steps),
    )


def level_words(tr: UiTexts, level: str) -> str:
    """Return a level as people write it; '' is not measured."""
    if not level:
        return tr.gettext("niet gemeten")
    return {"pre_A1": tr.gettext("Onder A1"), "A1_min": tr.gettext("A1-min")}.get(level, level)


def _place(level: str) -> float | None:
    return float(LEVELS.index(level)) if level else None
