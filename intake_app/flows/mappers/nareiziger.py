"""What the first talk with a family member who came later says about that person."""

from __future__ import annotations

from dataclasses import replace

from intake_app.domain.environment import Environment
from intake_app.domain.person import Person
from intake_app.domain.plan import Activity
from intake_app.flows.mappers.languages import with_mother_tongue
from intake_app.flows.mapping import FilledForm, Mapped

_NEEDED = {"ja": True, "nee": False}


def map_nareiziger(
    filled: FilledForm,
    person: Person,
    activities: tuple[Activity, ...],  # noqa: ARG001 - this talk tells of nothing that was done
    env: Environment,  # noqa: ARG001
) -> Mapped:
    """Return the person as a nareiziger, with mother tongue and interpreter where they were told.

    The family member already here is named by V-number, where the talk says the dossier is here.
    """
    changed = replace(
        person,
        is_nareiziger=True,
        languages=with_mother_tongue(person.languages, filled.value("moedertaal")),
        interpreter_needed=_NEEDED.get(filled.value("tolk_nodig"), person.interpreter_needed),
    )
    here = filled.value("referent_dossier") == "hier"
    return Mapped(
        None if changed == person else changed,
        referent=filled.value("referent_v_nummer") if here else "",
    )
