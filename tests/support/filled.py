"""Fills the real intake for somebody, so that a dossier has answers of every kind."""

from __future__ import annotations

from uuid import UUID

from support.vaults import actor_of

from intake_app import paths
from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.flows.filling import fill
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.library import Library
from intake_app.formio.texts import CatalogueTexts
from intake_app.i18n.catalogues import Catalogues
from intake_app.vault import Vault


def texts() -> CatalogueTexts:
    """Return the texts of the shipped catalogues."""
    return CatalogueTexts(Catalogues(paths.compiled_dir(), None))


def interview(
    vault: Vault,
    person_id: UUID,
    *,
    language: str = "ti",
    form_id: str = "intake",
    finish: bool = True,
    weak: tuple[str, ...] = ("/data/geld",),
) -> InterviewFlow:
    """Return an interview that was filled from beginning to end, with an interpreter."""
    flow = InterviewFlow.start(
        vault,
        Library(paths.compiled_dir()),
        texts(),
        person_id,
        form_id,
        language,
        Interpretation(InterpreterMode.TELEFOON, "Tolkdienst 114", language, weak=weak),
        actor_of(vault),
    )
    fill(flow, {})
    if finish:
        flow.finish()
    return flow
