"""A talk about a form whose questions are answered with files, in a window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from support.file_forms import (
    SIGNED,
    start_with_files,
)

from intake_app.flows.interview import InterviewFlow
from intake_app.ui.interview.answer_files import AnswerFiles
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.questions.signature import SignatureAnswer
from intake_app.ui.interview.questions.upload import FileAnswer
from intake_app.ui.interview.signature_pad import SignaturePad
from intake_app.ui.people.pictures import drawn
from intake_app.vault import Vault
from intake_app.xforms import FormDefinition, NodeKey


class Pick:
    """Chooses what the test says."""

    def __init__(self) -> None:
        self.path: Path | None = None

    def choose_file(self, title: str, pattern: str = "", *, parent: QWidget) -> Path | None:
        return self.path

    choose_folder = choose_save = choose_file  # type: ignore[assignment]


class Talk:
    """A page on the form with files, in a window."""

    def __init__(
        self,
        qtbot: QtBot,
        tools: Tools,
        vault: Vault,
        table: Any,
        texts: Any,
        form: FormDefinition | None = None,
    ) -> None:
        self.vault, self.qtbot, self.pick = vault, qtbot, Pick()
        self.flow: InterviewFlow = start_with_files(vault, form=form)
        self.bridge = InterviewBridge(self.flow)
        tools = replace(tools, files=AnswerFiles(vault, self.bridge, self.pick))  # type: ignore[arg-type]
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        self.page = InterviewPage(tools, self.bridge, table, client_texts=texts)
        column.addWidget(self.page)
        self.window.resize(1280, 800)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    def at(self, key: NodeKey) -> FileAnswer:
        self.bridge.go_to(key)
        widget = self.page.card.blocks[key].widget
        assert isinstance(widget, FileAnswer)
        return widget

    def sign(self) -> SignatureAnswer:
        widget = self.at(SIGNED)
        assert isinstance(widget, SignatureAnswer)
        return widget

    def wait_for(self, key: NodeKey, before: str = "") -> str:
        self.qtbot.waitUntil(lambda: self.flow.session.value(key) != before, timeout=5000)
        return self.flow.session.value(key)

    def files(self) -> dict[str, bytes]:
        with self.vault.read() as r:
            return {
                each.answer.name: b"".join(r.attachments.read(each.attachment_id))
                for each in r.attachments.of_interview(self.flow.interview.interview_id)
                if each.answer is not None and not each.role
            }


def photo(width: int = 40, height: int = 20, color: str = "#804020") -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    return image


def photo_file(tmp_path: Path, media_type: str = "image/jpeg", **more: Any) -> Path:
    path = tmp_path / "Amanuel Tesfay.jpg"
    path.write_bytes(drawn(photo(**more), media_type))
    return path


def draw(pad: SignaturePad, *points: tuple[int, int]) -> None:
    first, *rest = [QPoint(*point) for point in points]
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=first)
    for point in rest:
        QTest.mouseMove(pad, point)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=rest[-1] if rest else first)
