"""The binding must not give back references it does not own: Python 3.11 dies of it."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextLayout
from PySide6.QtWidgets import QApplication

app = QApplication([])
keep = [True, False, None] * 50_000

class Sender(QObject):
    sent = Signal(object)

sender, layout = Sender(), QTextLayout("abc")
sender.sent.connect(lambda _value: None)

def once():
    sender.sent.emit(1)
    layout.setText("abc")
    layout.beginLayout()
    layout.endLayout()

once()
before = [sys.getrefcount(each) for each in (True, False, None)]
for _ in range(1000):
    once()
after = [sys.getrefcount(each) for each in (True, False, None)]
sys.exit(0 if all(abs(b - a) < 100 for a, b in zip(before, after)) else 1)
"""


def test_calls_leave_the_counts_of_true_false_and_none_alone() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], check=False, timeout=60)
    assert done.returncode == 0
