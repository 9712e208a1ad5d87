"""The second screen: one question in the person's own script, and nothing that is not theirs."""

from __future__ import annotations
