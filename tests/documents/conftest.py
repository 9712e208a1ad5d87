from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake_app import paths
from intake_app.documents.model import (
    AnswerRow,
    AnswerSection,
    AuditHead,
    DossierDocument,
    Fact,
    FactGroup,
    LeftOut,
    PlanAction,
    PlanGoal,
    PlanPart,
    Text,
)
from intake_app.domain.interview import AnswerState

ARABIC = "ماذا كان عملك في بلدك؟"
TIGRINYA = "ኣብ ሃገርካ እንታይ ስራሕ ሰሪሕካ፧"


@pytest.fixture(scope="session")
def fonts() -> Path:
    return paths.resource("fonts")


@pytest.fixture
def dossier() -> DossierDocument:
    """A dossier with every part, in Dutch beside Arabic and Tigrinya."""
    return DossierDocument(
        title="Overdrachtsdossier",
        subject="Fiktief Voorbeeld",
        created=datetime(2026, 11, 22, 13, 32, 7, tzinfo=UTC),
        dossier_id="4f2a91c0",
        version=2,
        sender="AZC Voorbeeldstad",
        recipient="Gemeente Voorbeeldhoven",
        facts=(FactGroup("Persoon", (Fact("Geboren", "maart 1990"), Fact("Telefoon", ""))),),
        sections=(
            AnswerSection(
                "Werk",
                (
                    AnswerRow(
                        "Wat voor werk heeft u gedaan?",
                        "Bouw",
                        shown_question=Text(ARABIC, "ar"),
                        shown_answer=Text("البناء", "ar"),
                        weak=True,
                        note="Getuigschrift opvragen.",
                    ),
                    AnswerRow(
                        "Waar was dat?",
                        "",
                        AnswerState.REFUSED,
                        shown_question=Text(TIGRINYA, "ti"),
                        unreviewed=True,
                    ),
                ),
                "Gesprek op 20 november 2026.",
            ),
            AnswerSection("Geld", (AnswerRow("Heeft u schulden?", "Nee"),)),
        ),
        plan=PlanPart(
            (Fact("Vervolgpad", "Leren en werken"),),
            (
                PlanGoal(
                    "Ik wil in de zorg werken",
                    "Werk",
                    actions=(PlanAction("Diploma laten waarderen", "COA", "nov 2026", "bezig"),),
                ),
            ),
            "Ik ben blij met dit plan.",
        ),
        left_out=(LeftOut("Gezondheid", "Alleen voor een zorgverlener.", "AVG art. 9"),),
        audit_head=AuditHead(1234, "3f2a" * 16),
    )
