"""Giving the medical role in a test, without the slots of the key file.

seed = give_medical_role(vault)     # the role exists from now on; `seed` opens what is sealed to it
hold_role(monkeypatch, vault, seed) # the user of this vault has it
fill_request(vault, library, "merhawi") # the person of the chain allowed a request
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from support.chain import PERSON
from support.vaults import actor_of

from intake_app import paths
from intake_app.crypto.age import HybridIdentity
from intake_app.domain.actor import UserRole
from intake_app.domain.interview import AnswerState, Interpretation, InterpreterMode
from intake_app.flows.forms_offered import MEDICAL_REQUEST
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.library import Library
from intake_app.formio.scripts import Step, read_scripts
from intake_app.vault import Vault
from intake_app.xforms import NodeKey

_REQUEST = "/data/verzoek"


def give_medical_role(vault: Vault) -> bytes:
    """Keep the public key of the medical role in the vault and return its secret."""
    identity = HybridIdentity(vault.env.random(32))
    with vault.transaction(actor_of(vault), "rol geven") as t:
        t.role_keys.save(UserRole.MEDISCH, identity.recipient.encode())
    return identity.secret


def hold_role(monkeypatch: pytest.MonkeyPatch, vault: Vault, seed: bytes) -> None:
    """Have the keyring of the vault's user hold the seed."""

    def role_seed(_vault: Vault, role: UserRole) -> bytes | None:
        held = _vault.info.vault_id == vault.info.vault_id and role is UserRole.MEDISCH
        return seed if held else None

    monkeypatch.setattr(Vault, "role_seed", role_seed)


def fill_request(vault: Vault, library: Library, script: str, provider: str = "") -> InterviewFlow:
    """Hold the talk of the medical request as one of the ten made-up persons of the form does.

    `provider` is the care provider that is asked instead of the one of the script.
    """
    flow = InterviewFlow.start(
        vault,
        library,
        None,
        PERSON.person_id,
        MEDICAL_REQUEST,
        "nl",
        Interpretation(InterpreterMode.TELEFOON, "Tolkdienst 114", "ti"),
        actor_of(vault),
    )
    by_name = {question.name: path for path, question in flow.form.questions.items()}
    steps: Mapping[str, tuple[Step, ...]] = read_scripts(
        paths.forms_dir() / MEDICAL_REQUEST / "tests.csv"
    )
    for step in steps[script]:
        if step.expect:
            continue
        repeat = None
        if step.instance:
            while len(flow.session.repeats(_REQUEST)) < step.instance[0]:
                flow.add_repeat(_REQUEST)
            repeat = flow.session.repeats(_REQUEST)[step.instance[0] - 1]
        key = NodeKey(by_name[step.name], repeat)
        if step.value.startswith("#"):
            flow.set_state(key, AnswerState(step.value[1:]))
        else:
            named = bool(provider) and step.name == "ontvanger_naam"
            flow.answer(key, provider if named else step.value)
    first = flow.session.repeats(_REQUEST)[0]
    for name in ("leeftijdsgroep", "ontvanger_naam"):
        question = flow.form.questions[by_name[name]]
        key = NodeKey(question.path, first if question.repeat else None)
        flow.note(key, "Belt op maandag met de praktijk.", in_handover=True)
    flow.finish()
    return flow
