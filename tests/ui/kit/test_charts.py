"""What is drawn is what is said, to the pixel, in every width, scheme and direction."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter, QPicture
from PySide6.QtWidgets import QVBoxLayout, QWidget
from support.qt import make_theme, settle

from intake_app import paths
from intake_app.domain.charts import Bar, Course, Point, Profile, Share, Tabular
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui import a11y
from intake_app.ui.kit.charts import (
    Chart,
    CourseChart,
    FigureWithTarget,
    ProfileChart,
    StationMark,
    StationsLine,
    base,
    with_table,
)
from intake_app.ui.kit.charts.bars import ProfileDrawing
from intake_app.ui.kit.charts.course import CourseDrawing
from intake_app.ui.theme import Theme

TR = UiTexts("nl", None)
LONG = "Luisteren in een gesprek met heel veel mensen tegelijk die allemaal door elkaar praten"
STEPS = ((0.0, "Onder A1"), (1.0, "A1"), (2.0, "A2"), (3.0, "B1"), (4.0, "B2"))
WIDTHS = (220, 333, 480, 760, 1199)


def profile(*values: float | None, reference: float | None = 1.0) -> Profile:
    bars = tuple(
        Bar(
            LONG if number == 1 else f"Vaardigheid {number}",
            value,
            "niet gemeten" if value is None else f"niveau {value:g}",
            reference if number % 2 == 0 else None,
            f"eerder {reference:g}" if number % 2 == 0 and reference is not None else "",
        )
        for number, value in enumerate(values)
    )
    return Profile("Niveau", bars, "Vaardigheid", "Niveau", "Eerdere meting", 0, 4, steps=STEPS)


def hours(*values: float | None, target: float | None = 24) -> Course:
    points = tuple(
        Point(f"week {n}", v, "niet gemeten" if v is None else f"{v:g} uur")
        for n, v in enumerate(values, 1)
    )
    words = "" if target is None else f"doel: {target:g} uur"
    return Course("Uren", points, "Week", "Uren", 0, 32, target, words)


def chart_of(theme: Theme, data: Tabular) -> Chart:
    if isinstance(data, Profile):
        return ProfileChart(theme, data)
    assert isinstance(data, Course)
    return CourseChart(theme, data)


@pytest.fixture
def theme(qapp) -> Theme:
    return make_theme(qapp)


def picture(chart: Chart, theme: Theme, width: int, *, mirrored: bool = False) -> QImage:
    drawing = chart.lay_out(float(width), mirrored=mirrored)
    image = QImage(width, max(1, round(drawing.height + 1)), QImage.Format.Format_RGB32)
    image.fill(theme.color("surface"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing.draw(painter)
    painter.end()
    return image


def run_of(image: QImage, y: int, color: QColor) -> tuple[int, int] | None:
    """Return the first and the last x of a colour on a line of the picture."""
    found = [x for x in range(image.width()) if image.pixelColor(x, y) == color]
    return (found[0], found[-1] + 1) if found else None


# ---- to the pixel ------------------------------------------------------------------------------


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_bar_is_as_long_as_its_value(qtbot, theme, width, mirrored):
    values = (0.0, 0.4, 1.0, 2.5, 3.999, 4.0)
    chart = ProfileChart(theme, profile(*values, reference=None))
    qtbot.addWidget(chart)
    image = picture(chart, theme, width, mirrored=mirrored)
    drawing = chart.lay_out(float(width), mirrored=mirrored)
    assert isinstance(drawing, ProfileDrawing)
    for value, shape in zip(values, drawing.shapes, strict=True):
        track = shape.track
        found = run_of(image, round(track.center().y()), theme.color("accent"))
        share = value / 4
        if not value:
            assert found is None
            continue
        assert found is not None
        assert found[1] - found[0] == pytest.approx(share * track.width(), abs=1)
        begin, end = (track.right(), found[1]) if mirrored else (track.left(), found[0])
        assert begin == pytest.approx(end, abs=1), "it begins where reading begins"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_mark_stands_at_the_reference(qtbot, theme, width):
    chart = ProfileChart(theme, profile(4.0, None, 0.0, reference=3.0))
    qtbot.addWidget(chart)
    image = picture(chart, theme, width)
    drawing = chart.lay_out(float(width))
    assert isinstance(drawing, ProfileDrawing)
    for shape in drawing.shapes:
        if shape.mark is None:
            continue
        line = round(shape.track.center().y())
        inside = image.copy(0, line, round(shape.track.right()) + 4, 1)
        left = round(shape.track.left()) - 4
        found = run_of(inside.copy(left, 0, inside.width() - left, 1), 0, theme.color("ink"))
        assert found is not None
        found = (found[0] + left, found[1] + left)
        assert sum(found) / 2 == pytest.approx(shape.edge(0.75), abs=1)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_point_stands_as_high_as_its_value(qtbot, theme, width, mirrored):
    chart = CourseChart(theme, hours(0, 8, 16, 32, target=None))
    qtbot.addWidget(chart)
    image = picture(chart, theme, width, mirrored=mirrored)
    drawing = chart.lay_out(float(width), mirrored=mirrored)
    assert isinstance(drawing, CourseDrawing)
    for number, share in enumerate((0, 0.25, 0.5, 1)):
        at = drawing.at(number)
        assert at.y() == pytest.approx(drawing.y(share))
        assert image.pixelColor(round(at.x()), round(at.y())) == theme.color("accent")
    xs = [drawing.at(n).x() for n in range(4)]
    assert xs == sorted(xs, reverse=mirrored)
    assert drawing.y(0) - drawing.y(1) == pytest.approx(drawing.field.height())


def test_not_measured_looks_like_no_value_at_all(qtbot, theme):
    measured = ProfileChart(theme, profile(0.0, reference=None))
    unknown = ProfileChart(theme, profile(None, reference=None))
    for chart in (measured, unknown):
        qtbot.addWidget(chart)
    first, second = (c.lay_out(500.0).shapes[0] for c in (measured, unknown))  # type: ignore[attr-defined]
    assert (first.filled, second.filled) == (0.0, None)
    y = round(first.track.center().y())
    inside = range(round(first.track.left()) + 4, round(first.track.right()) - 4)
    plain = {picture(measured, theme, 500).pixelColor(x, y).name() for x in inside}
    hatched = {picture(unknown, theme, 500).pixelColor(x, y).name() for x in inside}
    assert plain == {theme.tokens["sunken"].lower()}
    assert len(hatched) > 1
    gap = CourseChart(theme, hours(8, None, 8))
    qtbot.addWidget(gap)
    assert list(gap.data.strokes()) == []


# ---- what is said is what is drawn -------------------------------------------------------------


@pytest.fixture
def said_to_painter(monkeypatch) -> Iterator[list[str]]:
    """Every text a chart draws."""
    texts: list[str] = []
    real = base.draw_text

    def draw(painter, rect, text, *args, **kwargs):
        texts.append(text)
        real(painter, rect, text, *args, **kwargs)

    monkeypatch.setattr("intake_app.ui.kit.charts.bars.draw_text", draw)
    monkeypatch.setattr("intake_app.ui.kit.charts.course.draw_text", draw)
    return texts


def test_every_word_that_is_drawn_is_in_the_table(qtbot, theme, said_to_painter):
    for data in (profile(0.0, 2.0, None, 4.0), hours(0, 12, None, 24)):
        said_to_painter.clear()
        chart = chart_of(theme, data)
        qtbot.addWidget(chart)
        picture(chart, theme, 1199)
        table = chart.said()
        words = {cell for row in table.rows for cell in row} | set(table.headers)
        steps = {text for _, text in getattr(data, "steps", ())}
        target = {getattr(data, "target_shown", "")}
        assert set(said_to_painter) - steps - target <= words
        # and the other way round: all values are drawn, where there is room for them
        assert {row[1] for row in table.rows} <= set(said_to_painter)
        assert all(any(text in head for head in table.headers) for text in target if text)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    values=st.lists(st.none() | st.floats(0, 4), max_size=9),
    reference=st.none() | st.floats(0, 4),
    width=st.integers(60, 1600),
    mirrored=st.booleans(),
    scale=st.sampled_from([1.0, 1.5, 2.0]),
)
def test_no_profile_draws_outside_itself_or_over_itself(
    theme, values, reference, width, mirrored, scale
):
    data = profile(*values, reference=reference)
    drawing = ProfileDrawing(theme.at(scale, 15), data, float(width), mirrored=mirrored)
    area = QRectF(-1, -1, width + 2, drawing.height + 2)
    bottom = -1.0
    for line in drawing.lines:
        for rect in (line.label, line.value, line.shape.track):
            assert area.contains(rect), (rect, area)
        top = min(line.label.top(), line.value.top(), line.shape.track.top())
        assert top >= bottom - 1, "a bar lies over the one before"
        bottom = max(line.label.bottom(), line.shape.track.bottom())
        if line.shape.filled is not None:
            track, fill = line.shape.track, line.shape.fill()
            assert track.left() - 1 <= fill.left() <= fill.right() <= track.right() + 1
    assert len(drawing.lines) == len(values)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    values=st.lists(st.none() | st.floats(0, 32), max_size=60),
    target=st.none() | st.floats(0, 32),
    width=st.integers(60, 1600),
    mirrored=st.booleans(),
)
def test_words_in_a_course_never_touch_and_the_last_is_there(
    theme, values, target, width, mirrored
):
    drawing = CourseDrawing(theme, hours(*values, target=target), float(width), mirrored=mirrored)
    for placed in (drawing.labels, drawing.values):
        rects = list(placed.values())
        for number, rect in enumerate(rects):
            assert rect.left() >= -1
            assert rect.right() <= width + 1
            assert not any(rect.intersects(other) for other in rects[number + 1 :])
    if values:
        assert len(values) - 1 in drawing.labels
        assert len(values) - 1 in drawing.values
        lowest = max(rect.bottom() for rect in drawing.labels.values())
        assert lowest <= drawing.height + 1


# ---- for everybody -----------------------------------------------------------------------------


@pytest.mark.parametrize("data", [profile(1.0, None), hours(1, None)], ids=["profile", "course"])
def test_a_screen_reader_hears_title_and_contents(qtbot, theme, data):
    chart = chart_of(theme, data)
    qtbot.addWidget(chart)
    assert chart.accessibleName() == data.title
    assert chart.accessibleDescription() == data.table().spoken()
    assert "niet gemeten" in chart.accessibleDescription()
    chart.set_data(data)  # type: ignore[attr-defined]
    assert chart.accessibleDescription() == data.table().spoken()


def test_the_table_opens_by_keyboard_and_is_a_real_table(qtbot, qapp, theme):
    chart = ProfileChart(theme, profile(1.0, None, 3.0))
    box = with_table(theme, TR, chart, name="proef")
    qtbot.addWidget(box)
    box.resize(600, 600)
    box.show()
    assert box.table.isHidden()
    assert box.link.accessibleName() == "Toon als tabel: Niveau"
    box.link.setFocus()
    qtbot.keyClick(box.link, Qt.Key.Key_Return)
    settle(qapp)
    assert box.table.isVisible()
    assert box.table.words() == chart.said().rows
    interface = QAccessible.queryAccessibleInterface(box.table)
    assert interface.role() is QAccessible.Role.Table
    told = [interface.child(n) for n in range(interface.childCount())]
    said = {cell.text(QAccessible.Text.Name) for cell in told if cell is not None}
    assert {cell for row in chart.said().rows for cell in row} <= said
    assert set(chart.said().headers) <= said
    qtbot.keyClick(box.link, Qt.Key.Key_Return)
    assert box.table.isHidden()


LOOKS = [
    ("light", 1.0, False), ("light", 2.0, True), ("dark", 1.0, True), ("contrast", 2.0, False),
]  # fmt: skip


@pytest.mark.parametrize(("scheme", "scale", "mirrored"), LOOKS)
@pytest.mark.parametrize("width", [360, 900])
def test_every_chart_is_sound_in_every_look(qtbot, qapp, scheme, scale, mirrored, width):
    file = paths.resource("themes", "default.json")
    make_theme(qapp)
    strong = scheme == "contrast"
    theme = Theme.load(file, "dark" if scheme == "dark" else "light", scale=scale, strong=strong)
    window = QWidget()
    column = QVBoxLayout(window)
    share = Share("3 van 12 met NOA", 3, 12, "3/12", "Zo.", 0.8, "doel: 80 procent")
    for part in (
        with_table(theme, TR, ProfileChart(theme, profile(0.0, 2.0, None)), name="a"),
        with_table(theme, TR, CourseChart(theme, hours(*range(30))), name="b"),
        with_table(theme, TR, ProfileChart(theme, profile()), name="leeg"),
        with_table(theme, TR, CourseChart(theme, hours()), name="niets"),
        with_table(theme, TR, CourseChart(theme, hours(4)), name="een"),
        FigureWithTarget(theme, TR, share, name="c"),
        FigureWithTarget(theme, TR, Share("Niemand", None, 3, "niet gemeten"), name="d"),
        StationsLine(theme, (StationMark("a", "Intake", "done", "nu"),)),
    ):
        column.addWidget(part)
    qtbot.addWidget(window)
    if mirrored:
        window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    window.show()
    window.resize(int(width * scale), 1400)
    settle(qapp)
    assert [str(f) for f in a11y.check(window) if f.rule != "contrast"] == []


def test_meaning_never_hangs_on_colour_alone(qtbot, theme):
    """In shades of grey, value, reference and what was not measured still differ by shape."""
    chart = ProfileChart(theme, profile(2.0, None, 2.0, reference=3.0))
    qtbot.addWidget(chart)
    image = picture(chart, theme, 700).convertToFormat(QImage.Format.Format_Grayscale8)
    drawing = chart.lay_out(700.0)
    assert isinstance(drawing, ProfileDrawing)
    first = drawing.shapes[0]
    above = round(first.track.top()) - 2
    mark = round(first.edge(0.75))
    ground = image.pixelColor(mark + 40, above).lightness()
    assert image.pixelColor(mark, above).lightness() < ground / 2, "the mark sticks out"
    assert "niveau 2" in chart.accessibleDescription()


def test_a_chart_can_be_drawn_on_paper_too(qtbot, theme):
    chart = CourseChart(theme, hours(1, 2, 3))
    qtbot.addWidget(chart)
    paper = QPicture()
    painter = QPainter(paper)
    painter.scale(4, 4)
    chart.lay_out(480.0).draw(painter)
    painter.end()
    assert paper.size() > 500


def test_a_figure_says_sentence_numbers_target_and_how(qtbot, theme):
    share = Share("3 van 12 met NOA", 3, 12, "3/12, 25 procent", "Zo.", 0.8, "doel: 80 procent")
    figure = FigureWithTarget(theme, TR, share, name="noa")
    qtbot.addWidget(figure)
    assert figure.sentence.text() == "3 van 12 met NOA"
    assert figure.numbers.text() == "3/12, 25 procent · doel: 80 procent"
    assert figure.bar.accessibleName() == "3 van 12 met NOA"
    assert figure.bar.accessibleDescription() == "3/12, 25 procent, doel: 80 procent"
    shape = figure.bar.lay_out(401.0).shape  # type: ignore[attr-defined]
    assert shape.filled == 0.25
    assert shape.edge(shape.mark) == pytest.approx(0.5 + 0.8 * 400)
