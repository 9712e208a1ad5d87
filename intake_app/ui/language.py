"""The language of the windows: Qt's own words and the side on which reading begins."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from intake_app.i18n.languages import LANGUAGES
from intake_app.ui.theme import layout_direction

_NAME = "interface-language"


def speak(app: QApplication, language: str) -> None:
    """Let Qt's own words (menus of text fields, dialogs) and the direction follow a language.

    What Qt has no words for stays English. Harmless twice.
    """
    for old in app.findChildren(QTranslator, _NAME):
        app.removeTranslator(old)
        old.deleteLater()
    locale = QLocale(LANGUAGES[language].cldr)
    words = QTranslator(app)
    words.setObjectName(_NAME)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if words.load(locale, "qtbase", "_", folder):
        app.installTranslator(words)
    QLocale.setDefault(locale)
    app.setLayoutDirection(layout_direction(language))
