"""Pages of a PDF as pictures, with the text beside them."""

from __future__ import annotations
