"""The medical envelope: a sealed file of its own, from a care role to one care provider.

Medical answers never lie in a dossier, and a medical envelope is for a care provider only. Sender
and receiver both hold to it: the writer does not seal and the reader does not show what breaks it.
From outside the two kinds of file cannot be told apart.
"""

from __future__ import annotations

from typing import Final

from intake_app.handover.dossier import Dossier
from intake_app.handover.model import Kind

CATEGORY: Final = "medisch"
ROLE: Final = "zorgverlener"


def holds_medical(dossier: Dossier) -> bool:
    """Tell whether there is a medical answer or attachment in the dossier."""
    answers = (answer for interview in dossier.interviews for answer in interview.answers)
    return any(answer.category == CATEGORY for answer in answers) or any(
        attachment.category == CATEGORY for attachment in dossier.attachments
    )


def belongs_in(dossier: Dossier, kind: Kind) -> bool:
    """Tell whether the dossier may travel in a file of this kind."""
    if kind is Kind.MEDICAL:
        return dossier.receiver_role == ROLE
    return not holds_medical(dossier)
