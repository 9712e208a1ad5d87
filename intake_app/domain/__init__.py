"""What the chain of intake and handover is made of: plain dataclasses and functions.

Nothing here reads a clock, a file or a database; nothing here imports another package of ours.
"""

from __future__ import annotations
