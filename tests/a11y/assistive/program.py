"""The program on a vault, in an interview: what an assistive client meets.

    program.py FOLDER INTERVIEW

Ends when its standard input is closed. To be run by the Python of the project.
"""

from __future__ import annotations

import sys
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QSocketNotifier, QTimer

from intake_app import app as program
from intake_app.domain.environment import real_environment
from intake_app.flows.practice import PASSPHRASE
from intake_app.tour.studio import Nowhere
from intake_app.vault import Vault


def main(folder: Path, interview: UUID) -> int:
    """Show the interview until nobody wants it any more."""
    qt = program.application()
    env = real_environment()
    vault = Vault.open(folder, passphrase=PASSPHRASE, env=env)
    shown = program.Program(
        folder,
        theme=program.theme(qt),
        catalogues=program.catalogues(),
        library=program.library(),
        env=env,
        pick=Nowhere(),
        end=qt.exit,
    )
    shown.open_with(vault)
    assert shown.desk is not None
    shown.desk.open_interview(interview)
    shown.desk.shell.resize(1280, 700)
    shown.desk.shell.activateWindow()
    end = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    end.activated.connect(lambda: qt.exit(0))
    QTimer.singleShot(0, lambda: print("shown", flush=True))
    code = int(qt.exec())
    shown.close()
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), UUID(sys.argv[2])))
