"""The command `intake`, and the program itself when it is given no command."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from intake_app import hardening


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code. Imports only what the command needs."""
    hardening.harden()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["--render-child"]:
        from intake_app.documents.render_child import main as render

        return render()
    if given[:1] == ["--voice-child"]:
        from intake_app.ui.speech.voice_child import main as speak

        return speak()
    from intake_app.app import Desktop
    from intake_app.cli.commands import run
    from intake_app.launcher import main as launch
    from intake_app.launcher import program

    windows = Desktop()
    # what is started again after a lock is what was open, not what was asked for at first
    return launch(given, lambda asked: run(asked, windows), lambda _: program(windows.again))


if __name__ == "__main__":
    sys.exit(main())
