"""What is on the desk when the program ends: a restart lands in it.

That is an interview, whose top line is followed here too, the panel before one, or a form about a
person.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from intake_app.flows.acting import actor_of
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.interview.host import InterviewHost
from intake_app.ui.shell import Crumb, Shell
from intake_app.vault import Vault

_OPEN_INTERVIEW = "ui.open_interview"
"""Setting that holds the interview on screen, or the form that somebody was filling in."""

_BEGINNING, _FORM = "begin", "form"


class InterviewOnScreen:
    """Keeps crumbs and memory in step with the interview that is shown, if any.

    `words` gives the language that holds; `to_person` goes to a person, if the page lets go.
    """

    def __init__(
        self,
        vault: Vault,
        shell: Shell,
        words: Callable[[], UiTexts],
        to_person: Callable[[UUID], None],
    ) -> None:
        self._vault, self._shell = vault, shell
        self._words, self._to_person = words, to_person
        self._remembered = ""

    def left_open(self) -> UUID | None:
        """Return the interview that was on screen when the program ended, None for none."""
        kept = self._left()
        return UUID(kept) if kept and ":" not in kept else None

    def left_beginning(self) -> tuple[UUID, str] | None:
        """Return with whom, and with which form, somebody was about to begin; None for none."""
        found = self._left_with(_BEGINNING)
        return None if found is None or found[0] is None else (found[0], found[1])

    def left_form(self) -> tuple[UUID | None, str] | None:
        """Return about whom (None for nobody yet) which form was open; None for no form."""
        return self._left_with(_FORM)

    def remember_form(self, person_id: UUID | None, form: str) -> None:
        """Keep which form is on screen, and about whom it is."""
        self._keep(f"{_FORM}:{person_id or ''}:{form}")

    def show(self, host: InterviewHost, name: str) -> None:
        """Begin to follow the interview with `name`; its page is in the window already."""
        host.attach(self._shell)
        host.heading_changed.connect(lambda _text: self._moved(host, name))
        host.paused.connect(lambda on: self._paused(host, name, on=on))
        self._moved(host, name)

    def remember(self, interview_id: UUID | None) -> None:
        """Keep which interview is on screen, None when there is none."""
        self._keep(str(interview_id or ""))

    def _left(self) -> str:
        with self._vault.read() as records:
            return records.settings.get(_OPEN_INTERVIEW) or ""

    def _left_with(self, word: str) -> tuple[UUID | None, str] | None:
        kept, _, rest = self._left().partition(":")
        person, _, form = rest.partition(":")
        if kept != word:
            return None
        if not person:
            return None, form
        with self._vault.read() as records:
            known = records.persons.get(UUID(person)) is not None
        return (UUID(person), form) if known else None

    def _keep(self, kept: str) -> None:
        if kept == self._remembered:
            return
        with self._vault.transaction(actor_of(self._vault), "scherm onthouden") as tx:
            tx.settings.set(_OPEN_INTERVIEW, kept)
        self._remembered = kept

    def _paused(self, host: InterviewHost, name: str, *, on: bool) -> None:
        """Name nobody in the top line while the screens are blank."""
        if on:
            self._shell.set_crumbs((Crumb(self._words().gettext("Pauze")),))
        else:
            self._moved(host, name)

    def _moved(self, host: InterviewHost, name: str) -> None:
        if host.page is not None and host.page.bridge.is_paused:
            # both screens are blank; what was stored meanwhile names nobody
            return
        person = Crumb(name, partial(self._to_person, host.person_id))
        self._shell.set_crumbs((person, Crumb(host.heading)))
        if host.page is not None:
            self.remember(host.page.bridge.flow.interview.interview_id)
        elif host.beginning:
            self._keep(f"{_BEGINNING}:{host.person_id}:{host.beginning}")
