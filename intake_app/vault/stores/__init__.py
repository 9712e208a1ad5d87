"""Typed stores: each turns rows of one or two tables into dataclasses of the domain and back."""

from __future__ import annotations
