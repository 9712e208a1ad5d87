"""The windows: Qt Widgets on top of the flows. The only package that knows Qt."""

from __future__ import annotations
