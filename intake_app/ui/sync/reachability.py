"""What the platform says about the connection: a hint to try, never a reason not to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QNetworkInformation


class Reachability(QObject):
    """Tells when there may be a connection again, and whether it costs money.

    Qt looks at the default route and at what the desktop says: "online" is not "the relay can be
    reached", and "offline" is not the opposite (a stick, a cable between two machines). Without a
    backend of Qt for this platform nothing is ever told, and nothing is metered.
    """

    back = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._info = _backend()
        if self._info is not None:
            self._info.reachabilityChanged.connect(self._changed)
            self._info.isMeteredChanged.connect(self._metered_changed)

    def is_metered(self) -> bool:
        """True when the platform says that traffic on this connection is paid for or limited."""
        return self._info is not None and bool(self._info.isMetered())

    def _changed(self, reachability: QNetworkInformation.Reachability) -> None:
        # a network of the office alone may be all the relay needs
        if reachability.value >= 2:
            self.back.emit()

    def _metered_changed(self, metered: bool) -> None:
        if not metered:
            self.back.emit()


def _backend() -> QNetworkInformation | None:
    try:
        from PySide6.QtNetwork import QNetworkInformation
    except ImportError:
        return None
    if not QNetworkInformation.loadDefaultBackend():
        return None
    return QNetworkInformation.instance()
