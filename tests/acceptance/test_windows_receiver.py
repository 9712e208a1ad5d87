"""A municipality registers, interviews and plans just as a team in an AZC does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from support.desks import Team
from support.vaults import prepared_vault

from intake_app.domain.actor import Profile
from intake_app.domain.interview import InterviewState
from intake_app.domain.plan import PlanState
from intake_app.flows import case


def test_a_nareiziger_starts_at_the_municipality(
    make_team: Callable[..., Team], tmp_path: Path
) -> None:
    vault = prepared_vault(tmp_path / "gemeente", profile=Profile.ONTVANGST)
    team = make_team("gemeente")
    team.open(vault)
    team.go("people")
    team.people().register()
    form = team.register()
    form.fill(given_names="Selam", family_name="Riet")
    form.choose("register-contact-language", "ti")
    form.click("register-nareiziger")
    form.save()
    person = team.person()
    assert not person.has("person-stay")

    person.take_next_step()
    team.start_panel().begin()
    interview = team.interview()
    assert interview.page.bridge.language == "ti"
    required = {"tolk_nodig": "nee", "moedertaal": "tir", "uitleg_begrepen": "ja"}
    interview.go_to_section("opening")
    while interview.questions() != ("droom",):
        for name in interview.questions():
            if name in required:
                interview.answer(name, required[name])
        interview.next()
    interview.write("Koken voor veel mensen")
    interview.go_to_section("samenvatting")
    interview.fill_out({"samenvatting_klopt": "ja"})
    team.finish_interview()

    team.person().take_next_step()
    page = team.plan()
    page.choose_path("onderwijs")
    page.add_goal_from_template()
    page.discussed_today()
    page.establish()
    team.until(page.is_established)

    (row,) = case.people(vault)
    assert row.person.is_nareiziger
    assert row.next_step.kind is case.NextStepKind.UITVOEREN
    with vault.read() as records:
        (kept,) = records.interviews.of_person(row.person.person_id)
        plan = records.plans.of_person(row.person.person_id)[-1]
        answers = {a.value for a in records.answers.of_interview(kept.interview_id)}
    assert kept.state is InterviewState.VASTGESTELD
    assert plan.state is PlanState.VASTGESTELD
    assert plan.goals
    assert "Koken voor veel mensen" in answers
