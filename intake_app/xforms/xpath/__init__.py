"""XPath 1.0 with the ODK functions: parsed once, compiled once to Python closures."""

from __future__ import annotations
