"""Which answers fell away: since the page was opened, and in the whole of this talk."""

from __future__ import annotations

from intake_app.flows.interview import InterviewFlow
from intake_app.flows.interview_undo import Step


class FallenSteps:
    """The steps by which answers fell away and that can be taken back, newest last.

    A step is forgotten as soon as nothing it took is still gone. Leaving the page empties
    `on_page`; `in_talk` stays for the look back.
    """

    def __init__(self, flow: InterviewFlow) -> None:
        self._flow = flow
        self._page: list[Step] = []
        self._talk: list[Step] = []
        self._run: Step | None = None

    @property
    def on_page(self) -> tuple[Step, ...]:
        """Return the steps taken on the page that is open."""
        return tuple(self._page)

    @property
    def in_talk(self) -> tuple[Step, ...]:
        """Return the steps of this talk, those of the open page included."""
        return tuple(self._talk)

    def took(self, step: Step, *, typed: bool = False) -> None:
        """Remember a step; the parts of a text that is being typed (`typed`) count as one."""
        run = self._run
        whole = step if run is None or not typed or run.cause != step.cause else run.then(step)
        self._run = whole if typed else None
        for steps in (self._page, self._talk):
            if run is not None and whole is not step:
                steps[:] = [one for one in steps if one is not run]
            if whole.fell:
                steps.append(whole)
            steps[:] = [one for one in steps if self._flow.still_fallen(one)]

    def took_back(self, step: Step) -> None:
        """Forget a step that was taken back."""
        self._run = None
        for steps in (self._page, self._talk):
            steps[:] = [one for one in steps if one is not step and self._flow.still_fallen(one)]

    def count(self) -> int:
        """Return how many answers that fell away on this page are still gone."""
        return len({fell.key for step in self._page for fell in self._flow.still_fallen(step)})

    def leave_page(self) -> None:
        """Another page is shown: the notice goes, the look back still knows."""
        self._page.clear()
        self._run = None
