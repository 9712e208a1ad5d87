"""Ask and withdraw consent, for the few things of the sharing table that need it.

The main handover rests on the public task (AVG art. 6(1)(e), Wet inburgering 2021 art. 14 and 15),
never on consent; this is for what the table marks 'na toestemming'.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.actor import ReceiverRole
from intake_app.domain.sharing import Consent, SharingTable, Verdict
from intake_app.flows.acting import actor_of
from intake_app.sentences import Told

if TYPE_CHECKING:
    from intake_app.vault import Vault


class ConsentRefused(Told, ValueError):
    """Consent is not the question here; str() is a Dutch sentence."""


def give(
    vault: Vault,
    table: SharingTable,
    person_id: UUID,
    category: str,
    role: ReceiverRole,
    *,
    language: str,
    with_interpreter: bool,
) -> Consent:
    """Record that the person consents to sharing `category` with `role`; return the record.

    Raises `ConsentRefused` where the table says yes or no without consent: consent cannot mend a
    missing basis. Giving the same consent again returns the one that stands.
    """
    if table.rule(category, role).verdict is not Verdict.NA_TOESTEMMING:
        raise ConsentRefused(
            "Hiervoor is toestemming niet de vraag: de tabel zegt al of dit mag. Kijk bij de reden."
        )
    with vault.transaction(actor_of(vault), "toestemming vastleggen") as tx:
        for standing in tx.consents.of_person(person_id):
            if standing.covers(category, role):
                return standing
        consent = Consent(
            consent_id=vault.env.uuid(),
            person_id=person_id,
            category=category,
            role=role,
            given_at=vault.env.now(),
            language=language,
            with_interpreter=with_interpreter,
        )
        tx.consents.save(consent)
    return consent


def withdraw(vault: Vault, person_id: UUID, consent_id: UUID) -> Consent:
    """Withdraw a consent from now on; what already left is not undone. Raises `ConsentRefused`."""
    with vault.transaction(actor_of(vault), "toestemming intrekken") as tx:
        for consent in tx.consents.of_person(person_id):
            if consent.consent_id == consent_id and consent.withdrawn_at is None:
                ended = replace(consent, withdrawn_at=vault.env.now())
                tx.consents.save(ended)
                return ended
    raise ConsentRefused("Deze toestemming is al ingetrokken of bestaat niet.")
