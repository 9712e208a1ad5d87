"""A program that is going to be killed: answers in real windows and tells what was acknowledged.

Run as a script with the folder of a vault, its passphrase and a person; see `test_killed`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from intake_app import app
from intake_app.domain.environment import real_environment
from intake_app.flows.unlock import unlock
from intake_app.tour.hands import Hands
from intake_app.tour.side import Places
from intake_app.ui.interview.page import InterviewPage
from intake_app.xforms import QuestionKind


def main(folder: str, passphrase: str, person_id: str) -> None:
    theme = app.theme(app.application())
    env = real_environment()
    program = app.Program(
        Path(folder),
        theme=theme,
        catalogues=app.catalogues(),
        library=app.library(),
        env=env,
        pick=Places(),
        end=sys.exit,
    )
    program.open_with(unlock(Path(folder), passphrase, env))
    assert program.desk is not None
    hands = Hands(patience=20)
    program.desk.start_interview(UUID(person_id), "intake")
    hands.click("information-read")
    hands.click("start-begin")
    number = 0
    while True:
        page = hands.find_as(InterviewPage, "interview-page")
        shown = page.bridge.page
        for key in shown.keys if shown else ():
            view = page.bridge.flow.view(key)
            if view.definition.kind is QuestionKind.TEXT:
                number += 1
                hands.type("answer-text", f"antwoord {number}", inside=block(view.definition.name))
            elif view.choices and view.definition.kind is QuestionKind.SELECT_ONE:
                value = view.choices[0].value
                hands.click(f"choice-{value}", inside=block(view.definition.name))
            else:
                continue
            value = page.bridge.flow.session.value(key)
            tell("answer", key.path, str(key.repeat or ""), value)
        QTest.keyClick(page, Qt.Key.Key_Return)
        hands.click("interview-next")
        position = page.bridge.flow.position
        assert position is not None
        tell("position", position.path, str(position.repeat or ""), "")


def block(name: str) -> str:
    return f"question-{name}"


def tell(*words: str) -> None:
    print("\t".join(words), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
