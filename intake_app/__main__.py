"""The command `intake`, and the program itself when it is given no command."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code. Imports only what the command needs."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["--render-child"]:
        from intake_app.documents.render_child import main as render

        return render()
    from intake_app.launcher import main as launch

    return launch(given, _once)


def _once(arguments: Sequence[str]) -> int:
    from intake_app.app import Desktop
    from intake_app.cli.commands import run

    return run(arguments, Desktop())


if __name__ == "__main__":
    sys.exit(main())
