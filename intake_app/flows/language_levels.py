"""How well somebody speaks Dutch, as reports and assessments say; never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from intake_app.domain.interview import AnswerState, Interview

if TYPE_CHECKING:
    from intake_app.vault.transaction import Records

LEVELS: Final = ("pre_A1", "A1_min", "A1", "A2", "B1", "B2", "C1", "C2")
"""The choices of the forms in their order: ERK, with the step before A1 split in two."""

_PREFIXES: Final = {
    "intake": "nederlands_",
    "geen_azc_intake": "taalrapport_",
    "noa_assessment": "taalmeting_",
}


class Skill(StrEnum):
    """What is measured apart from the rest."""

    SPREKEN = "spreken"
    LUISTEREN = "luisteren"
    LEZEN = "lezen"
    SCHRIJVEN = "schrijven"


@dataclass(frozen=True, slots=True)
class DutchLevel:
    """One skill: the newest level and the one before it, '' where nobody measured it."""

    skill: Skill
    level: str
    earlier: str = ""


def dutch_levels(records: Records, interviews: Sequence[Interview]) -> tuple[DutchLevel, ...]:
    """Return the four skills in a fixed order; nothing when none was ever measured.

    Newest is by the day a talk began. What was said not to be known counts as not measured.
    """
    told: dict[Skill, list[str]] = {skill: [] for skill in Skill}
    for interview in sorted(interviews, key=lambda each: each.started_at):
        prefix = _PREFIXES.get(interview.form_id)
        if prefix is None:
            continue
        names = {f"{prefix}{skill}": skill for skill in Skill}
        for answer in records.answers.of_interview(interview.interview_id):
            skill = names.get(answer.path.rsplit("/", 1)[-1])
            said = answer.state is AnswerState.ANSWERED and answer.value in LEVELS
            if skill is not None and said:
                told[skill].append(answer.value)
    if not any(told.values()):
        return ()
    return tuple(
        DutchLevel(skill, values[-1] if values else "", values[-2] if len(values) > 1 else "")
        for skill, values in told.items()
    )
