"""A form that is stored only at its button loses nothing: what is filled in is kept meanwhile.

A lock, a crash or an empty battery comes before the button. So what stands in the fields is on disk
when a field is left, at once after a choice, and at latest two seconds after a key; it comes back
when the same form opens again, also in another process, until somebody stores it or puts it aside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from shiboken6 import isValid

from intake_app.flows.unsaved import Entered, keep_unsaved, unsaved
from intake_app.ui.renew import PASSES, parts
from intake_app.vault.errors import VaultError, VaultLocked

if TYPE_CHECKING:
    from intake_app.i18n.catalogues import UiTexts
    from intake_app.vault import Vault

_HEARD: Final = "keptTyping"

REST_MS: Final = 800
"""How long after the last key it is kept."""

LONGEST_MS: Final = 2000
"""Who types on without a rest is kept all the same, after so long."""


def brought_back(tr: UiTexts) -> str:
    """Return what is said above a form that shows what was filled in and not stored."""
    return tr.gettext("Hier staat wat je had ingevuld. Het is nog niet bewaard.")


def entered(form: QWidget) -> dict[str, str | bool]:
    """Return what stands in the fields of a form that show."""
    found: dict[str, str | bool] = {}
    for (kind, name, number), widget in parts(form):
        value = _value(widget)
        if name and value is not None:
            found[f"{kind}/{name}/{number}"] = value
    return found


def enter(form: QWidget, wanted: Entered) -> None:
    """Fill a form in; what is no field of it any more is left out.

    A widget of it with lines that somebody adds has `grow_for(names)`: it makes those that have one
    of these names.
    """
    names = frozenset(field.split("/")[1] for field in wanted)
    for widget in (form, *form.findChildren(QWidget)):
        grow = getattr(widget, "grow_for", None)
        if callable(grow):
            grow(names)
    for _ in range(PASSES):
        changed = False
        for (kind, name, number), widget in list(parts(form)):
            value = wanted.get(f"{kind}/{name}/{number}")
            if value is not None and _value(widget) != value:
                _put(widget, value)
                changed = True
        if not changed:
            return


class KeptTyping(QObject):
    """Keeps what is filled in on `form` under a place of `flows.unsaved`, see the module.

    To be made when the form stands as it begins; then `bring_back`. Whoever stores the form, or
    puts it aside, calls `forget`. It keeps what is pending when the form is hidden too, which is
    what a lock does first.
    """

    told = Signal(object)
    """Why what is filled in could not be kept, as a Sentence; '' once it can."""

    def __init__(self, vault: Vault, place: str, form: QWidget) -> None:
        super().__init__(form)
        self._vault, self._place, self._form = vault, place, form
        self._usual = entered(form)
        self._kept = self._usual
        self._wrong = ""
        self._done = False
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.flush)
        for widget in form.findChildren(QWidget):
            self._hear(widget)
        form.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def bring_back(self) -> bool:
        """Fill in what was kept and not stored; True when there was something."""
        kept = unsaved(self._vault, self._place)
        if not kept:
            return False
        enter(self._form, kept)
        self._timer.stop()
        self._kept = entered(self._form)
        return self._kept != self._usual

    def flush(self) -> None:
        """Keep what is filled in now, where that differs from what is kept."""
        self._timer.stop()
        if self._done or not isValid(self._form):
            return
        now = entered(self._form)
        if now != self._kept:
            self._keep(now)

    def forget(self) -> None:
        """Keep nothing any more: the form was stored, or put aside on purpose."""
        self._timer.stop()
        self._done = True
        if self._kept != self._usual:
            self._keep(self._usual)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if watched is self._form and event.type() is QEvent.Type.Hide:
            self.flush()
        return False

    def _keep(self, now: dict[str, str | bool]) -> None:
        # only what is other than it began: the rest may be known better when it comes back
        own = {name: value for name, value in now.items() if self._usual.get(name) != value}
        try:
            keep_unsaved(self._vault, self._place, own)
        except VaultLocked:
            return
        except VaultError as problem:
            self._tell(str(problem))
            return
        self._kept = now
        self._tell("")

    def _tell(self, words: str) -> None:
        if words != self._wrong:
            self._wrong = words
            self.told.emit(words)

    def _typed(self) -> None:
        if not self._timer.isActive():
            self._since.start()
        if not self._timer.isActive() or self._since.elapsed() < LONGEST_MS - REST_MS:
            self._timer.start(REST_MS)

    def _chosen(self) -> None:
        # one turn later: a radio button lets go of the other one too
        self._timer.start(0)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if not isValid(self._form):
            # what is deleted gives the focus away last
            return
        if new is not None and self._form.isAncestorOf(new):
            # it may have come after this was made
            self._hear(new)
        if old is not None and self._form.isAncestorOf(old):
            self.flush()

    def _hear(self, widget: QWidget) -> None:
        if widget.property(_HEARD):
            return
        widget.setProperty(_HEARD, "yes")
        if isinstance(widget, QLineEdit | QPlainTextEdit):
            widget.textChanged.connect(self._typed)
        elif isinstance(widget, QComboBox):
            widget.currentIndexChanged.connect(self._chosen)
        elif isinstance(widget, QAbstractButton) and widget.isCheckable():
            widget.toggled.connect(self._chosen)


def _value(widget: QWidget) -> str | bool | None:
    if isinstance(widget, QLineEdit):
        # what is not shown is a secret, and a secret is never kept
        return widget.text() if widget.echoMode() is QLineEdit.EchoMode.Normal else None
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    if isinstance(widget, QComboBox):
        # the words, not the place in the list: another version may list others
        return widget.currentText()
    if isinstance(widget, QAbstractButton) and widget.isCheckable():
        return widget.isChecked()
    return None


def _put(widget: QWidget, value: str | bool) -> None:
    if isinstance(widget, QLineEdit):
        widget.setText(str(value))
    elif isinstance(widget, QPlainTextEdit):
        widget.setPlainText(str(value))
    elif isinstance(widget, QComboBox):
        at = widget.findText(str(value))
        if at >= 0:
            widget.setCurrentIndex(at)
    elif isinstance(widget, QAbstractButton):
        widget.setChecked(bool(value))
