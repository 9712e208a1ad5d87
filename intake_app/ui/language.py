"""The language of the windows: Qt's own words and the side on which reading begins."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from intake_app.flows.preferences import preferences
from intake_app.i18n.catalogues import Catalogues, UiTexts
from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE
from intake_app.ui.theme import layout_direction
from intake_app.vault import Vault

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


def wanted_words(vault: Vault, catalogues: Catalogues, now: UiTexts) -> UiTexts:
    """Return the program's words in the language this colleague chose, Qt's own with them."""
    language = preferences(vault).interface
    if not catalogues.has_windows(language):
        language = SOURCE_LANGUAGE
    app = QApplication.instance()
    if language == now.language or not isinstance(app, QApplication):
        return now
    speak(app, language)
    return catalogues.ui(language)
