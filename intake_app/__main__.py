"""The command `intake`, and the program itself when it is given no command."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code. Imports only what the command needs."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["--render-child"]:
        from intake_app.documents.render_child import main as render

        return render()
    from intake_app.cli.commands import run

    return run(given)


if __name__ == "__main__":
    sys.exit(main())
