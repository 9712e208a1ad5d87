"""Charts drawn by hand, each with the same in words for who cannot see it."""

from __future__ import annotations

from intake_app.ui.kit.charts.bars import ProfileChart
from intake_app.ui.kit.charts.base import Chart
from intake_app.ui.kit.charts.course import CourseChart
from intake_app.ui.kit.charts.figure import FigureWithTarget, ShareBar
from intake_app.ui.kit.charts.stations import StationMark, StationsLine
from intake_app.ui.kit.charts.table import TableView, WithTable, with_table

__all__ = [
    "Chart",
    "CourseChart",
    "FigureWithTarget",
    "ProfileChart",
    "ShareBar",
    "StationMark",
    "StationsLine",
    "TableView",
    "WithTable",
    "with_table",
]
