"""Saying one text after the other, until the end or until somebody wants silence."""

from __future__ import annotations

from collections.abc import Callable

from intake_app.speech.plan import Part, Plan, Player, Step, Voice, Way

BETWEEN_MS = 450
"""The silence between two texts: one hears where a choice ends."""

After = Callable[[int, Callable[[], None]], None]
"""Call something once after so many milliseconds."""


class Reading:
    """Carries out a `Plan`: one text at a time, stopped at once.

    `told(part)` says which text is being said, None at the end; `failed(part)` that one could not
    be. What was put off or is still playing when `stop` or another `start` comes, says nothing.
    """

    def __init__(
        self,
        player: Player | None,
        voice: Voice | None,
        *,
        after: After,
        told: Callable[[Part | None], None],
        failed: Callable[[Part], None],
    ) -> None:
        self._player, self._voice = player, voice
        self._after, self._told, self._failed = after, told, failed
        self._steps: tuple[Step, ...] = ()
        self._turn = 0

    @property
    def reading(self) -> bool:
        """True from `start` until the end or `stop`."""
        return bool(self._steps)

    def start(self, plan: Plan) -> None:
        """Say a plan from its beginning; what was being said stops."""
        self.stop()
        if plan.steps:
            self._steps = plan.steps
            self._say(self._turn, 0)

    def stop(self) -> bool:
        """Be silent now; True when something was being said."""
        was = self.reading
        self._turn += 1
        self._steps = ()
        if was:
            for source in (self._player, self._voice):
                if source is not None:
                    source.stop()
            self._told(None)
        return was

    def _say(self, turn: int, at: int) -> None:
        if turn != self._turn:
            return
        if at >= len(self._steps):
            self._steps = ()
            self._told(None)
            return
        step = self._steps[at]
        self._told(step.part)
        if step.way is Way.RECORDING and self._play(turn, at, step.part):
            return
        self._speak(turn, at, step.part)

    def _play(self, turn: int, at: int, part: Part) -> bool:
        recording = None if part.recording is None else part.recording()
        if recording is None or self._player is None:
            return False

        def done(whole: bool) -> None:
            if turn != self._turn:
                return
            if whole:
                self._on(turn, at)
            else:
                self._speak(turn, at, part)

        self._player.play(recording, done)
        return True

    def _speak(self, turn: int, at: int, part: Part) -> None:
        voice = self._voice
        if voice is None or not voice.speaks(part.language):
            self._fail(turn, at, part)
            return

        def done(whole: bool) -> None:
            if turn != self._turn:
                return
            if whole:
                self._on(turn, at)
            else:
                self._fail(turn, at, part)

        text = f"{part.number}. {part.text}" if part.number else part.text
        voice.say(text, part.language, done)

    def _fail(self, turn: int, at: int, part: Part) -> None:
        if turn == self._turn:
            self._failed(part)
            self._on(turn, at)

    def _on(self, turn: int, at: int) -> None:
        if turn == self._turn:
            self._after(BETWEEN_MS, lambda: self._say(turn, at + 1))
