"""Each vault offers its own forms, in the order in which they come up, with the time they take."""

from __future__ import annotations

import re

import pytest

from intake_app import paths
from intake_app.domain.actor import Profile
from intake_app.flows.forms_offered import offered
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui import words

TR = UiTexts("nl", None)


def ids(profile: Profile) -> list[str]:
    return [offer.form_id for offer in offered(profile)]


def test_the_team_in_the_azc_begins_with_what_coa_knows() -> None:
    assert ids(Profile.AZC) == [
        "klantprofiel",
        "intake",
        "noa_assessment",
        "medische_overdracht",
        "overdrachtsgesprek",
    ]


def test_a_municipality_begins_with_whom_nobody_spoke_to() -> None:
    assert ids(Profile.ONTVANGST) == [
        "geen_azc_intake",
        "klantprofiel",  # who got it from COA is told to take it over before the intake
        "nareiziger",
        "overdrachtsgesprek",
        "intake",
        "noa_assessment",
    ]


def test_every_shipped_form_can_be_begun_somewhere() -> None:
    shipped = {survey.parent.name for survey in paths.forms_dir().glob("*/survey.csv")}
    assert {form for profile in Profile for form in ids(profile)} == shipped


@pytest.mark.parametrize("form_id", sorted({f for p in Profile for f in ids(p)}))
def test_a_form_has_a_name_a_purpose_and_its_time(form_id: str) -> None:
    assert words.form_title(TR, form_id) != form_id
    assert words.form_purpose(TR, form_id).endswith(".")
    readme = (paths.forms_dir() / form_id / "README.md").read_text(encoding="utf-8")
    assert re.search(r"## Tijd\n", readme)
    minutes = {o.minutes for profile in Profile for o in offered(profile) if o.form_id == form_id}
    assert len(minutes) == 1


def test_a_form_of_somebody_else_has_no_words_of_ours() -> None:
    assert words.form_title(TR, "elders") == "elders"
    assert words.form_purpose(TR, "elders") == ""
