"""Whether the optional parts for camera and microphone are installed, and what to say if not."""

from __future__ import annotations

from importlib.util import find_spec

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import QuietButton
from intake_app.ui.kit.dialogs import run
from intake_app.ui.kit.text import Body, Heading


def has_multimedia() -> bool:
    """True when QtMultimedia can be imported; importing it is left to who uses it."""
    return find_spec("PySide6.QtMultimedia") is not None


def missing_words(tr: UiTexts, *, sound: bool) -> str:
    """Return what is missing, who can add it, and what can be done now."""
    if sound:
        return tr.gettext(
            "Opnemen kan hier nog niet. Het onderdeel voor camera en microfoon is niet "
            "geïnstalleerd. De beheerder van deze laptop kan het toevoegen: het heet ‘camera’ in "
            "de handleiding. Neem nu op met een ander toestel en kies dan het bestand."
        )
    return tr.gettext(
        "Een foto maken kan hier nog niet. Het onderdeel voor camera en microfoon is niet "
        "geïnstalleerd. De beheerder van deze laptop kan het toevoegen: het heet ‘camera’ in de "
        "handleiding. Maak nu een foto met een ander toestel en kies dan het bestand."
    )


def no_device_words(tr: UiTexts, *, sound: bool) -> str:
    """Return what to do where there is no camera or microphone, or it may not be used."""
    if sound:
        return tr.gettext(
            "Er is geen microfoon gevonden, of dit programma mag er niet bij. Sluit een microfoon "
            "aan, kijk bij de instellingen van de laptop, of kies een bestand."
        )
    return tr.gettext(
        "Er is geen camera gevonden, of dit programma mag er niet bij. Sluit een camera aan, kijk "
        "bij de instellingen van de laptop, of kies een bestand."
    )


def is_there(tools: Tools, title: str, parent: QWidget, *, sound: bool) -> bool:
    """Return whether a picture can be taken, or a recording made; says so in a window if not."""
    if not has_multimedia():
        words = missing_words(tools.tr, sound=sound)
    else:
        from PySide6.QtMultimedia import QMediaDevices

        found = QMediaDevices.audioInputs() if sound else QMediaDevices.videoInputs()
        words = "" if found else no_device_words(tools.tr, sound=sound)
    if words:
        run(WordsDialog(tools, title, words, parent))
    return not words


class WordsDialog(QDialog):
    """Says something and closes."""

    def __init__(self, tools: Tools, title: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        theme = tools.theme
        self.setObjectName("extra-missing")
        self.setWindowTitle(tools.tr.gettext("Camera en microfoon"))
        self.setAccessibleDescription(text)
        self.setMinimumWidth(theme.px(440))
        column = QVBoxLayout(self)
        side = theme.gap(24)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.gap(12))
        column.addWidget(Heading(theme, title, factor=1.3))
        self.words = Body(theme, text)
        column.addWidget(self.words)
        self.close_button = QuietButton(theme, tools.tr.gettext("Sluiten"), name="extra-close")
        self.close_button.clicked.connect(self.accept)
        column.addWidget(self.close_button)
        # words that wrap say no height of their own accord
        width = theme.px(520)
        self.resize(width, column.heightForWidth(width))
        self.close_button.setFocus()
