"""Vaults with everything a screen can show: nobody, one person, very many, and every state.

All people are the made-up ones of practice. A world is made once, copied, and opened per use.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.app import catalogues
from intake_app.crypto.slots import KdfCost
from intake_app.domain.actor import Organisation, Profile
from intake_app.domain.attachment import AttachmentKind
from intake_app.domain.environment import Environment, repeatable_environment
from intake_app.domain.handover import HandoverState
from intake_app.domain.interview import AnswerState, Interpretation, InterpreterMode
from intake_app.domain.partial_date import PartialDate
from intake_app.domain.person import (
    AzcStay,
    Household,
    HouseholdMember,
    Person,
    Relation,
)
from intake_app.domain.plan import Doer
from intake_app.flows import hand_over, practice, receive, region, register, relays
from intake_app.flows import plan as plans
from intake_app.flows.acting import actor_of
from intake_app.flows.interview import InterviewFlow
from intake_app.flows.practice import PASSPHRASE
from intake_app.flows.relays import SyncSettings
from intake_app.formio.texts import CatalogueTexts
from intake_app.sync.connecting import RelayPlace
from intake_app.tour import kinds
from intake_app.vault import Vault
from intake_app.xforms import NodeKey

if TYPE_CHECKING:
    from intake_app.vault.transaction import Transaction

_START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_LATER = timedelta(hours=12)
"""Making a world reads the clock some thousand times, a second each."""

_LIGHT = KdfCost(65_536, 3, 4)
_SMALL_RESERVE = 256 * 1024
_MANY_PEOPLE, _MANY_THINGS = 120, 18
_LONG_NAME = "Maximiliaan Alexander"
_UNWANTED = shutil.ignore_patterns("reserve.bin", "*.lock")
_DONE = "alles-klaar"

_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]"
    b"/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 420]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n"
)


@dataclass(frozen=True, slots=True)
class Place:
    """One vault of a world: its folder, profile, and the seed of its randomness."""

    name: str
    profile: Profile
    seed: int


AZC = Place("azc", Profile.AZC, 1)
TOWN = Place("ontvangst", Profile.ONTVANGST, 2)
TALK = Place("gesprek", Profile.AZC, 3)
MANY = Place("veel", Profile.AZC, 4)
EMPTY = Place("leeg", Profile.AZC, 5)
EMPTY_TOWN = Place("leeg-ontvangst", Profile.ONTVANGST, 6)
REGION = Place("regio", Profile.REGIO, 7)
EMPTY_REGION = Place("leeg-regio", Profile.REGIO, 8)
POST = Place("azc-postbus", Profile.AZC, 9)
PLACES = (AZC, TOWN, POST, TALK, MANY, EMPTY, EMPTY_TOWN, REGION, EMPTY_REGION)


class World:
    """The vaults in a folder, each opened when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[str, Vault] = {}

    def vault(self, place: Place) -> Vault:
        """Return the open vault of a place."""
        if place.name not in self._open:
            self._open[place.name] = Vault.open(
                self.folder / place.name,
                passphrase=PASSPHRASE,
                env=_environment(place, _START + _LATER),
                reserve_bytes=_SMALL_RESERVE,
            )
        return self._open[place.name]

    @property
    def post(self) -> Path:
        """Return the folder with the sealed files of practice."""
        return self.folder / "post"

    def person(self, place: Place, given: str) -> Person:
        """Return somebody by the given names; raises KeyError."""
        with self.vault(place).read() as records:
            found = {person.given_names: person for person in records.persons.all()}
        return found[given]

    def interview(self, place: Place, given: str, form_id: str = "intake") -> UUID:
        """Return the newest interview of somebody with a form; raises KeyError."""
        with self.vault(place).read() as records:
            held = records.interviews.of_person(self.person(place, given).person_id)
        of_form = [each for each in held if each.form_id == form_id]
        if not of_form:
            raise KeyError(form_id)
        return max(of_form, key=lambda each: each.started_at).interview_id

    def close(self) -> None:
        """Close the vaults that were opened."""
        for vault in self._open.values():
            vault.close()
        self._open.clear()


def copy_world(made: Path, folder: Path) -> World:
    """Return a world of its own in `folder`, as it was made."""
    shutil.copytree(made, folder, ignore=_UNWANTED)
    return World(folder)


def make_world(
    folder: Path, say: Callable[[str], None] = lambda _line: None, *, practised: bool = True
) -> Path:
    """Make the vaults below `folder` when they are not there yet, and return it.

    Takes about half a minute. Without `practised` the two vaults of practice are left out.
    """
    if (folder / _DONE).is_file():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    env = repeatable_environment(90, _START)
    shelf = kinds.ShelfWithKinds(catalogues().compiled)
    texts = CatalogueTexts(catalogues())
    if practised:
        practice.make(folder, env, shelf, texts, say)
        _arriving(folder)
        _travelling(folder)
    for place in (TALK, MANY, EMPTY, EMPTY_TOWN, REGION, EMPTY_REGION):
        say(place.name)
        vault = _create(folder, place)
        try:
            _FILL.get(place.name, _leave)(vault, folder)
        finally:
            vault.close()
    (folder / _DONE).write_bytes(b"")
    return folder


def _environment(place: Place, start: datetime) -> Environment:
    return repeatable_environment(place.seed * 1000 + start.hour, start)


def _create(folder: Path, place: Place) -> Vault:
    env = _environment(place, _START)
    names = {Profile.AZC: "Team De Berkenhof (oefening)", Profile.REGIO: "Regio Heuvelland"}
    codes = practice.SERVED if place.profile is Profile.ONTVANGST else ()
    return Vault.create(
        folder / place.name,
        passphrase=PASSPHRASE,
        user_name="Sam de Oefenaar",
        organisation=Organisation(
            env.uuid(), names.get(place.profile, "Dienst Heuvelland"), place.profile, codes
        ),
        env=env,
        kdf=_LIGHT,
        practice=place.profile is not Profile.REGIO,
        reserve_bytes=_SMALL_RESERVE,
    )


def _leave(_vault: Vault, _folder: Path) -> None:
    """Leave a vault as it was made."""


def _arriving(folder: Path) -> None:
    """Offer one dossier again, changed, and let it lie at the receiver undecided about."""
    later = _START + _LATER / 2
    azc = Vault.open(folder / AZC.name, passphrase=PASSPHRASE, env=_environment(AZC, later))
    town = Vault.open(folder / TOWN.name, passphrase=PASSPHRASE, env=_environment(TOWN, later))
    try:
        with azc.read() as records:
            offered = {
                person.person_id: records.handovers.of_person(person.person_id)
                for person in records.persons.all()
            }
            person = next(
                person
                for person in records.persons.all()
                if any(
                    each.state is HandoverState.GEACCEPTEERD for each in offered[person.person_id]
                )
            )
        register.save_person(
            azc, person.person_id, replace(register.draft_of(person), phone="0612345678")
        )
        sealed = hand_over.seal(
            azc, person.person_id, folder / "post", texts=CatalogueTexts(catalogues())
        )
        receive.take_in(town, folder / "post" / sealed.file_name)
    finally:
        azc.close()
        town.close()


def _travelling(folder: Path) -> None:
    """Make the team once more, with a relay, and let one dossier wait for it."""
    shutil.copytree(folder / AZC.name, folder / POST.name, ignore=_UNWANTED)
    vault = Vault.open(
        folder / POST.name,
        passphrase=PASSPHRASE,
        env=_environment(POST, _START + _LATER / 2),
        reserve_bytes=_SMALL_RESERVE,
    )
    try:
        relay = folder / "postbus"
        relay.mkdir()
        relays.save(vault, SyncSettings(RelayPlace("folder", str(relay)), None))
        with vault.read() as records:
            person = next(each for each in records.persons.all() if each.given_names == "Dilnaz")
        hand_over.seal(vault, person.person_id, by_sync=True, texts=CatalogueTexts(catalogues()))
    finally:
        vault.close()


def _talk(vault: Vault, _folder: Path) -> None:
    """Interviews with every kind of question, in each client's language, in every state."""
    shelf = kinds.ShelfWithKinds(catalogues().compiled)
    texts = CatalogueTexts(catalogues())
    for number, (given, language) in enumerate((("Layla", "ar"), ("Selam", "ti"))):
        person = register.register_person(
            vault,
            register.PersonDraft(
                v_number=f"000900920{number}",
                given_names=given,
                family_name="Voorbeeld",
                contact_language=language,
                interpreter_needed="ja",
            ),
        )
        for form_id in (kinds.FORM_ID, "intake"):
            flow = InterviewFlow.start(
                vault,
                shelf,
                texts,
                person.person_id,
                form_id,
                language,
                Interpretation(InterpreterMode.TELEFOON, "tolkentelefoon", language),
                actor_of(vault),
                information_read=True,
            )
            if form_id == kinds.FORM_ID:
                _states(flow)
    register.register_person(
        vault,
        register.PersonDraft(
            v_number="0009009209",
            given_names="Rahel",
            family_name="Voorbeeld",
            contact_language="ti",
            interpreter_needed="ja",
        ),
    )


def _states(flow: InterviewFlow) -> None:
    def at(name: str) -> NodeKey:
        return NodeKey(kinds.path_of(name))

    flow.answer(at("tekst"), "Layla van den Berg-Voorbeeld")
    flow.answer(at("getal"), "12")
    flow.answer(at("datum"), "2025-09-01")
    flow.answer(at("meer"), "bouw zorg")
    flow.answer(at("likert"), "goed")
    flow.answer(at("schaal"), "7")
    flow.set_state(at("decimaal"), AnswerState.UNKNOWN)
    flow.set_state(at("deels"), AnswerState.REFUSED)
    flow.set_state(at("tijd"), AnswerState.NOT_ASKED)
    flow.later(at("verhaal"), flag=True)
    flow.note(at("meer"), "Wil er later meer over vertellen.", in_handover=True)
    for path, questions in (("/data/werk/baan", kinds.JOB),):
        for count in range(3):
            instance, _ = flow.add_repeat(path, None)
            flow.answer(NodeKey(f"{path}/{questions[0].name}", instance), f"Baan {count + 1}")


def _letters(number: int) -> str:
    """Return a name for a number; real names have no digits."""
    return chr(ord("A") + number // 26) + chr(ord("a") + number % 26)


def _many(vault: Vault, _folder: Path) -> None:
    """Very many people, and one of them with very much."""
    env = vault.env
    first: Person | None = None
    for number in range(_MANY_PEOPLE):
        person = register.register_person(
            vault,
            register.PersonDraft(
                v_number=f"00091{number:05d}",
                given_names=_LONG_NAME if number == 0 else "Naam",
                family_name=f"Van der Achternaam-Voorbeeld {_letters(number)}",
                contact_language=("ar", "ti", "fa", "so")[number % 4],
                interpreter_needed="ja",
            ),
        )
        first = first or person
    if first is None:
        return
    relatives = tuple(
        HouseholdMember(f"Familielid {_letters(n)}", Relation.KIND, PartialDate(2010 + n % 12))
        for n in range(_MANY_THINGS)
    )
    own = HouseholdMember(first.display_name, Relation.ZELF, person_id=first.person_id)
    register.save_household(vault, Household(env.uuid(), (own, *relatives)))
    register.couple(vault, first.person_id, "0355", (_START - timedelta(days=30)).date())
    register.save_stay(vault, AzcStay(env.uuid(), first.person_id, "De Berkenhof"))
    with vault.transaction(actor_of(vault), "oefenen") as tx:
        _things(tx, vault, first.person_id)


def _things(tx: Transaction, vault: Vault, person_id: UUID) -> None:
    env = vault.env
    for number in range(_MANY_THINGS):
        tx.attachments.add(
            person_id,
            [_PDF if number % 2 else b"Brief van de school.\n"],
            f"Brief nummer {number + 1} van de school over de voortgang",
            "application/pdf" if number % 2 else "text/plain",
            "opleiding",
            kind=AttachmentKind.BRIEF,
            env=env,
        )


def _address_book(vault: Vault, folder: Path) -> None:
    """A draft with two signers and the organisations of practice."""
    from intake_app.flows import address_book
    from intake_app.flows.root_keys import make_root

    for name in ("fatima", "joost"):
        make_root(folder / f"{name}.age", PASSPHRASE, random=vault.env.random)
        region.add_signer(vault, folder / f"{name}.age.pub")
    region.begin(vault)
    for place in (TALK, MANY):
        other = Vault.open(
            folder / place.name, passphrase=PASSPHRASE, env=_environment(place, _START + _LATER)
        )
        try:
            card = address_book.own_card(other)
        finally:
            other.close()
        region.add_card(vault, card, card.fingerprint)


_FILL: dict[str, Callable[[Vault, Path], None]] = {
    TALK.name: _talk,
    MANY.name: _many,
    REGION.name: _address_book,
}


def busy_plan(vault: Vault, person_id: UUID) -> None:
    """Give somebody's plan very many goals; for a person whose plan is a concept."""
    draft = plans.draft(vault, person_id)
    goals = tuple(
        replace(
            plans.new_goal(vault.env, "werk", f"Doel nummer {number + 1}: ik leer iets nieuws."),
            actions=(plans.new_action(vault.env, "Elke week oefenen", Doer.CLIENT),),
        )
        for number in range(_MANY_THINGS)
    )
    plans.save(vault, replace(draft, goals=goals))
