"""Which forms can be begun for a person, in which order, by what a vault is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from intake_app.domain.actor import Profile

INTAKE: Final = "intake"
NOA: Final = "noa_assessment"
MEDICAL_REQUEST: Final = "medische_overdracht"
NO_AZC_INTAKE: Final = "geen_azc_intake"
NAREIZIGER: Final = "nareiziger"
HANDOVER_TALK: Final = "overdrachtsgesprek"
CLIENT_PROFILE: Final = "klantprofiel"


@dataclass(frozen=True, slots=True)
class FormOffer:
    """A form and how many minutes it takes, as its README says."""

    form_id: str
    minutes: int


_MINUTES: Final[dict[str, int]] = {
    CLIENT_PROFILE: 10,
    INTAKE: 45,
    NOA: 15,
    MEDICAL_REQUEST: 10,
    HANDOVER_TALK: 30,
    NO_AZC_INTAKE: 5,
    NAREIZIGER: 20,
}
_ORDER: Final[dict[Profile, tuple[str, ...]]] = {
    Profile.AZC: (CLIENT_PROFILE, INTAKE, NOA, MEDICAL_REQUEST, HANDOVER_TALK),
    Profile.ONTVANGST: (NO_AZC_INTAKE, CLIENT_PROFILE, NAREIZIGER, HANDOVER_TALK, INTAKE, NOA),
    Profile.ZORG: (MEDICAL_REQUEST,),
    Profile.REGIO: (),
}
"""In the order in which they come up. A municipality never has the medical request."""


def offered(profile: Profile) -> tuple[FormOffer, ...]:
    """Return the forms a vault of this profile can begin; none at the region, which has nobody."""
    return tuple(FormOffer(form_id, _MINUTES[form_id]) for form_id in _ORDER[profile])
