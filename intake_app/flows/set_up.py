"""Making a vault for the first time: who works here, and with which passphrase."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intake_app.crypto import words
from intake_app.domain.actor import Organisation
from intake_app.domain.environment import Environment
from intake_app.sentences import Sentence, Told
from intake_app.vault import Vault

if TYPE_CHECKING:
    from intake_app.crypto.slots import KdfCost

MIN_LENGTH: Final = 14
MAX_LENGTH: Final = 1024
_MIN_DIFFERENT: Final = 6
_MIN_OWN_LETTERS: Final = 8

_OBVIOUS_WORDS: Final = """
    aanmelden abc abcd abcdef abcdefg abcdefgh abcdefghij abcdefghijklmnop
    abcdefghijklmnopqrstuvwxyz admin administrator ajax amsterdam april asdf asdfgh asdfghjkl
    asielzoekerscentrum augustus azc azerty azertyuiop beheerder coa computer december dinsdag
    dit donderdag doorgaande een februari feyenoord geheim geheime gemeente goedemorgen hallo
    herfst het hetismij iloveyou inburgering inloggen intake januari jij juli juni kantoor kluis
    koffie laptop lente letmein lijn liverpool maandag maart mei mijn mijnwachtwoord monkey
    nederland november oktober ons onthouden onze opvang oranje overdracht pass passphrase
    password paswoord poiuytrewq qwer qwerty qwertyuiop qwertyuiopasdfghjkl rotterdam school
    secret september sesam sesamopenu statushouder sterk super test testen tester toegang
    utrecht van veilig voorjaar vrijdag wachtwoord wachtwoorden wachtwoordzin weekend welcome
    welkom werk wij winter woensdag zaterdag zin zomer zondag zxcvbn zxcvbnm
"""
"""Words, keyboard runs and months out of which no passphrase may be made; a list of our own."""


@dataclass(frozen=True, slots=True)
class SetUpProblem:
    """What is wrong with one field: passphrase, repeat, user_name or organisation."""

    field: str
    text: str


def is_label(text: str) -> bool:
    """Tell whether a vault that is to join an organisation can be called so (`flows.join`)."""
    from intake_app.handover import joining

    return joining.is_label(text)


class SetUpRefused(Told):
    """Nothing was made; `problems` tells per field what to change, `str()` all of it."""

    def __init__(self, problems: tuple[SetUpProblem, ...]) -> None:
        super().__init__(Sentence.joined(problem.text for problem in problems))
        self.problems = problems


def check_passphrase(passphrase: str, *, about: Iterable[str] = ()) -> Sentence | None:
    """Return a Dutch sentence about why this passphrase will not do, or None when it will.

    Length counts after NFKC, at least 14 characters; it is not made of obvious words, of one
    repeated part, of few different characters, or of the names in `about` (of the user and the
    organisation). Six generated words always pass.
    """
    text = unicodedata.normalize("NFKC", passphrase)
    if len(text) < MIN_LENGTH:
        return Sentence(
            "Deze wachtwoordzin is te kort. Gebruik minstens {least} tekens. "
            "Zes losse woorden achter elkaar onthoud je het best.",
            least=MIN_LENGTH,
        )
    if len(text) > MAX_LENGTH:
        return Sentence(
            "Deze wachtwoordzin is te lang. Gebruik hoogstens {most} tekens.", most=MAX_LENGTH
        )
    plain = re.sub(r"[\W_]+", "", text.casefold())
    if len(set(plain)) < _MIN_DIFFERENT:
        return Sentence(
            "In deze wachtwoordzin staan te weinig verschillende tekens. "
            "Kies andere woorden die niet bij elkaar horen."
        )
    if _is_repeated(plain):
        return Sentence(
            "Deze wachtwoordzin herhaalt zichzelf. Dan telt hij maar één keer. "
            "Kies zes verschillende woorden."
        )
    if _letters_of_its_own(plain, about) < _MIN_OWN_LETTERS:
        return Sentence(
            "Deze wachtwoordzin is te makkelijk te raden. "
            "Kies zes woorden die niets met elkaar, met jou of met je werk te maken hebben."
        )
    return None


def generate_passphrase(random: Callable[[int], bytes]) -> str:
    """Return a passphrase to offer: six Dutch words with spaces, 66 bits (`crypto.words`).

    The few that `check_passphrase` refuses are drawn again; they cost less than a thousandth of a
    bit.
    """
    while True:
        phrase = words.passphrase(random)
        if check_passphrase(phrase) is None:
            return phrase


def create_vault(
    folder: Path,
    passphrase: str,
    repeat: str,
    user_name: str,
    organisation: Organisation,
    env: Environment,
    kdf: KdfCost | None = None,
    *,
    practice: bool = False,
) -> Vault:
    """Make a vault in `folder` and return it open.

    Raises SetUpRefused when a field will not do, and what `Vault.create` raises; nothing is made
    then.
    """
    problems = check_set_up(passphrase, repeat, user_name, organisation)
    if problems:
        raise SetUpRefused(problems)
    return Vault.create(
        folder,
        passphrase=passphrase,
        user_name=user_name.strip(),
        organisation=organisation,
        env=env,
        kdf=kdf,
        practice=practice,
    )


def check_set_up(
    passphrase: str, repeat: str, user_name: str, organisation: Organisation
) -> tuple[SetUpProblem, ...]:
    """Return what is wrong with each field, in the order of the screen; () when all is well."""
    problems: list[SetUpProblem] = []
    if not user_name.strip():
        problems.append(
            SetUpProblem("user_name", Sentence("Vul je naam in. Die staat bij wat je doet."))
        )
    if not organisation.name.strip():
        problems.append(
            SetUpProblem(
                "organisation", Sentence("Vul de naam van je organisatie in, zoals in brieven.")
            )
        )
    weak = check_passphrase(passphrase, about=(user_name, organisation.name))
    if weak is not None:
        problems.append(SetUpProblem("passphrase", weak))
    elif _same(passphrase) != _same(repeat):
        problems.append(
            SetUpProblem(
                "repeat", Sentence("De twee wachtwoordzinnen zijn niet gelijk. Typ hem opnieuw.")
            )
        )
    return tuple(problems)


def _same(passphrase: str) -> str:
    return unicodedata.normalize("NFKC", passphrase)


def _is_repeated(plain: str) -> bool:
    return bool(plain) and plain in (plain + plain)[1:-1]


def _letters_of_its_own(plain: str, about: Iterable[str]) -> int:
    """Return how many letters are left without obvious words and names; two digits count as one."""
    names = (name for text in about for name in re.split(r"[\W_]+", text.casefold()))
    words = set(_OBVIOUS_WORDS.split()) | {name for name in names if len(name) > 2}
    pattern = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    left = re.sub(pattern, "", plain)
    letters = sum(char.isalpha() for char in left)
    return letters + (len(left) - letters) // 2
