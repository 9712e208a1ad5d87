"""The interview: one page of questions in two languages, over one bridge."""

from __future__ import annotations
