"""Practice: two vaults with fictional people, an address book and a routing table.

Everything is made through the same flows as real work, on real encrypted vaults; only the people
are made up, and the passphrase is on the screen.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.crypto.slots import KdfCost
from intake_app.crypto.sshsig import generate_signing_key
from intake_app.domain.actor import Organisation, Profile
from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.domain.partial_date import PartialDate
from intake_app.domain.person import AzcStay, Household, HouseholdMember, Relation
from intake_app.domain.plan import Doer, Leerroute, Vervolgpad
from intake_app.flows import address_book, hand_over, plan, receive, register
from intake_app.flows.acting import actor_of
from intake_app.flows.desk import today
from intake_app.flows.filling import fill
from intake_app.flows.interview import InterviewFlow
from intake_app.flows.practice_people import PEOPLE, PracticePerson, Stage
from intake_app.handover.address_book import read_book, root_fingerprint
from intake_app.handover.safe_file import new_file
from intake_app.vault import Vault

if TYPE_CHECKING:
    from intake_app.domain.environment import Environment
    from intake_app.formio.library import Library
    from intake_app.xforms import Texts

PASSPHRASE = "oefenen met de doorgaande lijn"  # noqa: S105  (shown on the screen on purpose)
AZC_NAME = "Team De Berkenhof (oefening)"
MUNICIPALITY_NAME = "Dienst Heuvelland (oefening)"
AZC_USER = "Sam de Oefenaar"
MUNICIPALITY_USER = "Robin de Oefenaar"
SERVED = ("0312", "0310", "1581", "0352", "0355", "0321")
"""The municipalities the practice executor works for; the others show what a gap looks like."""

_LIGHT = KdfCost(65_536, 3, 4)
_MOST_INTAKE_PAGES = 24


@dataclass(frozen=True, slots=True)
class PracticePlaces:
    """Where practice keeps its things, all below one folder."""

    folder: Path

    @property
    def azc(self) -> Path:
        """The vault of the team in the AZC."""
        return self.folder / "azc"

    @property
    def municipality(self) -> Path:
        """The vault of the receiving executor."""
        return self.folder / "ontvangst"

    @property
    def post(self) -> Path:
        """Where the files travel that would go by USB stick."""
        return self.folder / "post"

    def vault_of(self, profile: Profile) -> Path:
        """Return the vault folder for a profile; there is one for azc and one for ontvangst."""
        return self.municipality if profile is Profile.ONTVANGST else self.azc

    @property
    def complete(self) -> bool:
        """True when making it was finished."""
        return (self.folder / "klaar").is_file()


def make(
    folder: Path,
    env: Environment,
    library: Library,
    texts: Texts | None,
    progress: Callable[[str], None] = lambda _name: None,
) -> PracticePlaces:
    """Make the practice vaults below `folder`, anew when half of them is there; return the places.

    What is complete is kept as it is. `progress` is called with a Dutch line per step.
    """
    places = PracticePlaces(folder)
    if places.complete:
        return places
    for part in (places.azc, places.municipality, places.post):
        if part.exists():
            shutil.rmtree(part)
    places.post.mkdir(parents=True)
    progress("Oefenkluizen maken")
    azc = _vault(places.azc, AZC_NAME, AZC_USER, Profile.AZC, (), env)
    municipality = _vault(
        places.municipality, MUNICIPALITY_NAME, MUNICIPALITY_USER, Profile.ONTVANGST, SERVED, env
    )
    try:
        _exchange_keys(azc, municipality, places, env)
        for person in PEOPLE:
            progress(f"Oefenpersoon {PEOPLE.index(person) + 1} van {len(PEOPLE)}")
            _Story(azc, municipality, places, library, texts, person).tell()
    finally:
        azc.close()
        municipality.close()
    (places.folder / "klaar").write_bytes(b"")
    return places


def start_again(folder: Path) -> None:
    """Remove the practice vaults; real vaults are never below this folder."""
    places = PracticePlaces(folder)
    for part in (places.azc, places.municipality, places.post):
        if part.exists():
            shutil.rmtree(part)
    (folder / "klaar").unlink(missing_ok=True)


def _vault(
    folder: Path,
    name: str,
    user: str,
    profile: Profile,
    codes: tuple[str, ...],
    env: Environment,
) -> Vault:
    return Vault.create(
        folder,
        passphrase=PASSPHRASE,
        user_name=user,
        organisation=Organisation(env.uuid(), name, profile, codes),
        env=env,
        kdf=_LIGHT,
        practice=True,
    )


def _exchange_keys(
    azc: Vault, municipality: Vault, places: PracticePlaces, env: Environment
) -> None:
    roots = [generate_signing_key(env.random) for _ in range(2)]
    issued = env.now()
    cards = [address_book.own_card(vault) for vault in (azc, municipality)]
    raw = address_book.make_book(cards, roots, issued=issued, expires=issued + timedelta(days=3650))
    path = places.post / "adresboek.json"
    with new_file(path, env.random) as out:
        out.write(raw)
    number = root_fingerprint(read_book(raw).book)
    for vault in (azc, municipality):
        address_book.import_book(vault, path, number)
        for known in address_book.organisations(vault):
            if not known.is_ourselves:
                organisation_id = known.entry.organisation_id
                address_book.check_number(vault, organisation_id, known.entry.fingerprint)


class _Story:
    """Brings one fictional person to their point of the line."""

    def __init__(
        self,
        azc: Vault,
        municipality: Vault,
        places: PracticePlaces,
        library: Library,
        texts: Texts | None,
        person: PracticePerson,
    ) -> None:
        self._azc, self._municipality, self._places = azc, municipality, places
        self._library, self._texts, self._told = library, texts, person

    def tell(self) -> None:
        stage = self._told.stage
        person_id = self._register()
        if stage >= Stage.INTAKE_OPEN:
            self._intake(person_id, finish=stage > Stage.INTAKE_OPEN)
        if stage >= Stage.ASSESSED:
            self._assessment(person_id)
        if stage >= Stage.PLAN_DRAFT:
            self._plan(person_id, establish=stage > Stage.PLAN_DRAFT)
        if stage >= Stage.OFFERED:
            self._hand_over(person_id)

    def _register(self) -> UUID:
        told, vault = self._told, self._azc
        person = register.register_person(vault, told.draft)
        day = today(vault.env)
        own = HouseholdMember(
            person.display_name, Relation.ZELF, person.birth_date, person_id=person.person_id
        )
        others = tuple(
            HouseholdMember(name, relation, PartialDate.parse(born), in_netherlands=here)
            for name, relation, born, here in told.household
        )
        register.save_household(vault, Household(vault.env.uuid(), (own, *others)))
        arrived = day - timedelta(days=told.coupled_days_ago + 60)
        stay = AzcStay(vault.env.uuid(), person.person_id, "De Berkenhof", arrived=arrived)
        register.save_stay(vault, stay)
        if told.municipality:
            on = day - timedelta(days=told.coupled_days_ago)
            register.couple(vault, person.person_id, told.municipality, on)
        if told.notice_days_ago is not None:
            on = day - timedelta(days=told.notice_days_ago)
            register.record_notice(vault, person.person_id, on)
        return person.person_id

    def _interview(self, person_id: UUID, form_id: str, language: str) -> InterviewFlow:
        interpreted = Interpretation(InterpreterMode.TELEFOON, "tolkentelefoon", language)
        return InterviewFlow.start(
            self._azc,
            self._library,
            self._texts,
            person_id,
            form_id,
            language,
            interpreted if form_id == "intake" else Interpretation(),
            actor_of(self._azc),
            information_read=True,
        )

    def _intake(self, person_id: UUID, *, finish: bool) -> None:
        flow = self._interview(person_id, "intake", self._told.draft.contact_language)
        fill(flow, self._told.answers, most_pages=None if finish else _MOST_INTAKE_PAGES)
        if finish:
            flow.finish()

    def _assessment(self, person_id: UUID) -> None:
        flow = self._interview(person_id, "noa_assessment", "nl")
        reason = self._told.not_eligible
        day = today(self._azc.env).isoformat()
        answers = {"in_aanmerking": "nee" if reason else "ja", "afname_datum": day}
        if reason:
            answers["reden_niet"] = reason
        fill(flow, answers)
        flow.finish()

    def _plan(self, person_id: UUID, *, establish: bool) -> None:
        vault, told = self._azc, self._told
        goal = plan.new_goal(vault.env, "werk", told.goal or "Ik leer Nederlands voor mijn werk.")
        lesson = plan.new_action(vault.env, "Vier keer per week naar de taalles", Doer.CLIENT)
        talk = plan.new_action(vault.env, "Gesprek met de klantmanager over werk", Doer.GEMEENTE)
        draft = replace(
            plan.draft(vault, person_id),
            main_path=Vervolgpad(told.vervolgpad),
            leerroute=Leerroute.B1,
            goals=(replace(goal, actions=(lesson, replace(talk, where="gemeente"))),),
        )
        if establish:
            draft = replace(
                draft,
                discussed_on=today(vault.env),
                discussed_with_interpreter=True,
                client_view="Zo wil ik het graag doen.",
            )
        kept = plan.save(vault, draft)
        if establish:
            plan.establish(vault, kept.plan_id)

    def _hand_over(self, person_id: UUID) -> None:
        azc, receiver, post = self._azc, self._municipality, self._places.post
        sealed = hand_over.seal(azc, person_id, post, texts=self._texts)
        if self._told.stage is Stage.OFFERED:
            return
        item = receive.take_in(receiver, post / sealed.file_name)
        if self._told.stage is Stage.ACCEPTED:
            talk = today(receiver.env) + timedelta(days=9)
            path = receive.accept(receiver, item.handover_id, first_talk=talk, receipt_folder=post)
        else:
            reason = "De koppeling is gewijzigd. Deze persoon gaat naar een andere gemeente."
            path = receive.refuse(receiver, item.handover_id, reason, post)
        hand_over.import_receipt(azc, path)
