"""Documents for people: PDFs made here, and pages of PDFs shown on screen."""

from __future__ import annotations
