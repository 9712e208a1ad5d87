"""A date in three boxes, of which some may stay empty, in the calendar the client knows it by.

What is stored is Gregorian, always. Appearances: `partial-date` (a text question) may leave out
day, month or all; `month-year` and `year` ask for no more than that and count what is left out as
the first; `no-calendar` has no month to pick from; `ethiopian` and `persian` begin in those
calendars. The other calendars of ODK (`coptic`, `islamic`, …) are asked for in the Gregorian one.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from intake_app.domain.partial_date import DateProblem, PartialDate
from intake_app.i18n.bidi import isolate
from intake_app.i18n.calendars import (
    Calendar,
    CalendarDate,
    CalendarProblem,
    find_month,
    format_in,
    gregorian_parts,
    in_full,
    month_name,
    period,
    typed_year,
    usual_calendars,
)
from intake_app.i18n.formats import format_date
from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE
from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.ui.interview.questions.calendar_popup import CalendarPopup
from intake_app.ui.interview.questions.date_parts import DateBoxes, WhichOne
from intake_app.ui.kit.buttons import QuietButton, TextLink
from intake_app.ui.kit.inputs import Combo, mark_problem
from intake_app.ui.kit.text import Caption, LangLabel
from intake_app.xforms import QuestionKind, QuestionView

PARTIAL = "partial-date"
"""Appearance of a text question that takes a date with unknown parts."""

_ASKED = {"ethiopian": Calendar.ETHIOPIAN, "persian": Calendar.SOLAR_HIJRI}


class DateAnswer(AnswerWidget):
    """A date with boxes, a month to pick from, and the same day in the client's calendar."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        theme, tr = self.theme, self.tr_
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.gap(6))
        row = QHBoxLayout()
        self._column.addLayout(row)
        row.setSpacing(theme.gap(8))
        self.input = DateBoxes(tools)
        self.input.edited.connect(self._edited)
        self.input.left.connect(self._part_done)
        for box in self.input.boxes:
            self.watch(box)
        row.addWidget(self.input)
        self._open = QuietButton(theme, "", icon="calendar", name="answer-date-open")
        self._open.setToolTip(tr.gettext("Kies een dag"))
        self._open.clicked.connect(self.open_calendar)
        self.watch(self._open)
        row.addWidget(self._open, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        self._kinds: Combo | None = None
        # most dates need none of these: each is made when there is something to show
        self._other_link: TextLink | None = None
        self._kinds_place = QHBoxLayout()
        self._column.addLayout(self._kinds_place)
        self._which: WhichOne | None = None
        self._which_place = QVBoxLayout()
        self._column.addLayout(self._which_place)
        self._said = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._column.addLayout(self._said)
        # in line with the two languages of the question
        self._said.setSpacing(theme.gap(40))
        self._said_labels: dict[str, LangLabel] = {}
        self._help: Caption | None = None
        self.calendar = Calendar.GREGORIAN
        """The calendar that is typed in now."""
        self._usual: tuple[Calendar, ...] = ()
        self._key: object = None
        self._value = ""
        self._dirty = False
        self._stacked = False
        self._partial = False
        self._fills = False
        self._picks = True
        self._readonly = False
        self._language = self._client = SOURCE_LANGUAGE
        self._likely: tuple[tuple[int, int], ...] = ()
        self._meant: tuple[int, int] | None = None
        self._for_client = False

    # ---- the contract ----------------------------------------------------------------------------

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        appearance = view.definition.appearance
        self._partial = view.definition.kind is QuestionKind.TEXT
        only_year, month_year = "year" in appearance, "month-year" in appearance
        self._fills = not self._partial and (only_year or month_year)
        self._readonly, self._value = view.readonly, view.value
        self._language = view.label.language
        self._client = self.client_language(other) or SOURCE_LANGUAGE
        self._for_client = view.definition.attributes.get("audience") != "staff"
        self._usual = usual_calendars(self._client, self.tools.country) if other is not None else ()
        if view.key != self._key:
            self._key, self._dirty, self._meant = view.key, False, None
            asked = next((c for word, c in _ASKED.items() if word in appearance), None)
            self.calendar = asked or Calendar.GREGORIAN
        self.input.show_from(2 if only_year else 1 if month_year else 0)
        self.input.name(view.label.text)
        for box in self.input.boxes:
            box.setReadOnly(view.readonly)
        picks = not (only_year or month_year or "no-calendar" in appearance)
        if self._picks is not (picks and not view.readonly):
            self._picks = picks and not view.readonly
            self._open.setVisible(self._picks)
        self._open.setAccessibleName(f"{view.label.text}: {self.tr_.gettext('Kies een dag')}")
        self._show_calendars()
        self._show_help()
        if not self._dirty:
            self._write(view.value)
        self._show_said()

    def focus_first(self) -> None:
        box = self.input.focusProxy()
        if box is not None:
            box.setFocus()

    @property
    def entered(self) -> bool:
        return self._dirty

    def flush(self) -> None:
        if not self._dirty:
            return
        try:
            value = self._lexical()
        except (DateProblem, CalendarProblem) as problem:
            self.refused.emit(self.tr_.said(problem))
            return
        self._dirty = False
        self.answer_changed.emit(value)

    def keep(self) -> None:
        self._dirty = True

    def discard(self) -> None:
        self._dirty, self._meant = False, None
        self._write(self._value)
        self._show_said()

    def set_problem(self, wrong: bool) -> None:
        mark_problem(self.input, wrong)

    def set_stacked(self, stacked: bool) -> None:
        self._stacked = stacked
        down, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._said.setDirection(down if stacked else beside)
        self._said.setSpacing(0 if stacked else self.theme.gap(40))

    # ---- calendars -------------------------------------------------------------------------------

    def calendar_name(self, calendar: Calendar) -> str:
        """Return what a calendar is called for the colleague."""
        tr = self.tr_
        if calendar is Calendar.ETHIOPIAN:
            return tr.gettext("Ethiopische kalender")
        if calendar is Calendar.SOLAR_HIJRI:
            return tr.gettext("Iraanse en Afghaanse kalender")
        return tr.gettext("Nederlandse kalender")

    def use_calendar(self, calendar: Calendar) -> None:
        """Type in another calendar; a day that stands there is converted."""
        if calendar is self.calendar:
            return
        day = self._day()
        self.calendar, self._meant = calendar, None
        if day is not None:
            here = CalendarDate.of(day, calendar)
            self.input.write(here.day, here.month, here.year)
        else:
            # half a date is no day, and cannot be converted
            self.input.write(0, 0, 0)
            if not self._dirty:
                self._write(self._value)
        self._show_calendars()
        self._show_help()
        self._show_said()
        self.announce(self.calendar_name(calendar))

    def open_calendar(self) -> CalendarPopup:
        """Show a month to pick a day from."""
        beside = next((c for c in self._usual if c is not self.calendar), None)
        if self.calendar is not Calendar.GREGORIAN:
            beside = Calendar.GREGORIAN
        popup = CalendarPopup(
            self.tools,
            self.calendar,
            beside,
            language=self._language,
            spoken=self._client,
            parent=self,
        )
        popup.picked.connect(self._picked)
        popup.open_at(self._day(), self.tools.today(), self.input)
        return popup

    def _show_calendars(self) -> None:
        shown = bool(self._usual) or self.calendar is not Calendar.GREGORIAN
        offered = shown or self._kinds is not None
        if offered and self._kinds is None:
            kinds = self._kinds = Combo(self.theme)
            kinds.setObjectName("answer-date-calendar")
            for calendar in Calendar:
                kinds.addItem(self.calendar_name(calendar), calendar.value)
            # whoever changes it: numbers of one calendar never pass for those of another
            kinds.currentIndexChanged.connect(lambda i: self.use_calendar(list(Calendar)[i]))
            self.watch(kinds)
            self._kinds_place.insertWidget(0, kinds)
            self._kinds_place.addStretch(1)
            QWidget.setTabOrder(self._open, kinds)
        if self._kinds is not None:
            words = self.tr_.gettext("Kalender waarin je typt")
            self._kinds.setAccessibleName(f"{self.input.accessibleName()}: {words}")
            self._kinds.setCurrentIndex(list(Calendar).index(self.calendar))
            self._kinds.setVisible(not self._readonly)
        link = not offered and not self._readonly and self._for_client
        if link and self._other_link is None:
            self._other_link = TextLink(
                self.theme, self.tr_.gettext("Andere kalender"), name="answer-date-other-calendar"
            )
            self._other_link.clicked.connect(self._offer_calendars)
            self.watch(self._other_link)
            self._kinds_place.addWidget(self._other_link)
            self._kinds_place.addStretch(1)
        if self._other_link is not None:
            words = self._other_link.text()
            self._other_link.setAccessibleName(f"{self.input.accessibleName()}: {words}")
            self._other_link.setVisible(link)

    def _offer_calendars(self) -> None:
        self._usual = self._usual or (Calendar.ETHIOPIAN, Calendar.SOLAR_HIJRI)
        self._show_calendars()
        self._usual = ()
        if self._kinds is not None:
            self._kinds.setFocus()

    def _picked(self, day: date) -> None:
        here = CalendarDate.of(day, self.calendar)
        self.input.write(here.day, here.month, here.year)
        self._dirty = True
        self._show_said()
        self.flush()
        self.focus_first()

    # ---- what is shown ---------------------------------------------------------------------------

    def _write(self, value: str) -> None:
        try:
            known = PartialDate.parse(value[:10])
        except DateProblem:
            known = PartialDate()
        day, month, year = known.day, known.month, known.year
        if known.is_complete and self.calendar is not Calendar.GREGORIAN:
            try:
                here = CalendarDate.of(date(year, month, day), self.calendar)
                day, month, year = here.day, here.month, here.year
            except CalendarProblem:
                self.calendar = Calendar.GREGORIAN
        elif year and self.calendar is not Calendar.GREGORIAN:
            # half a date has been stored by the year it falls in: show what was stored
            self._write_half(known)
            return
        self.input.write(day, month, year)

    def _write_half(self, known: PartialDate) -> None:
        """Leave what was typed where it still means what is stored; else show it as stored."""
        if self._meant is None or self._meant != (known.year, known.month):
            self.calendar = Calendar.GREGORIAN
            self._show_calendars()
            self.input.write(0, known.month, known.year)

    def _show_help(self) -> None:
        words = ""
        if self._partial:
            words = self.tr_.gettext("Weet de persoon de dag of de maand niet? Laat die dan leeg.")
        elif self._fills:
            words = self.tr_.gettext("Alleen het jaar weten is genoeg.")
        elif self.calendar is not Calendar.GREGORIAN:
            words = self.tr_.gettext(
                "De maand mag een getal zijn of een naam. We slaan de Nederlandse datum op."
            )
        shown = bool(words) and not self._readonly
        if self._help is None and shown:
            self._help = Caption(self.theme, words)
            self._column.addWidget(self._help)
        if self._help is not None:
            self._help.set_text(words)
            self._help.setVisible(shown)

    def _show_said(self) -> None:
        """Say the day in words, in both languages and in the client's calendar."""
        own, client = "", ""
        self._likely = ()
        day = self._day()
        if day is not None:
            lines = [in_full(day, self._language)]
            others = [*self._usual, self.calendar]
            for calendar in dict.fromkeys(c for c in others if c is not Calendar.GREGORIAN):
                here = CalendarDate.of(day, calendar)
                text = isolate(format_in(here, self._language, self._client))
                lines.append(f"{text} ({self.calendar_name(calendar)})")
            own = "\n".join(lines)
            client = self._said_to_client(day)
        elif not self._boxes_empty():
            own = self._said_half()
        self._say_in("answer-date-said", own, self._language)
        self._say_in("answer-date-said-client", client, self._client)
        self._show_which()

    def _say_in(self, name: str, words: str, language: str) -> None:
        label = self._said_labels.get(name)
        if label is None and words:
            label = self._said_labels[name] = LangLabel(self.theme, "", language, color="muted")
            label.setObjectName(name)
            self._said.addWidget(label, 1, Qt.AlignmentFlag.AlignTop)
        if label is not None:
            label.set_text(words, language)
            label.setVisible(bool(words))

    def _said_to_client(self, day: date) -> str:
        if self._client == self._language or self._client not in LANGUAGES or not self._for_client:
            return ""
        if self._usual:
            return "\n".join(format_in(CalendarDate.of(day, c), self._client) for c in self._usual)
        return format_date(day, self._client)

    def _said_half(self) -> str:
        """Say which days a year or a month of another calendar is about."""
        try:
            _, month, year = self._numbers()
            if self.calendar is Calendar.GREGORIAN or not year:
                return ""
            first, last = period(self.calendar, year, month)
            self._likely = gregorian_parts(self.calendar, year, month)
        except (DateProblem, CalendarProblem):
            return ""
        name = f"{month_name(self.calendar, month, self._language, self._client)} " if month else ""
        return self.tr_.gettext("{period} loopt van {first} tot en met {last}.").format(
            period=isolate(f"{name}{year}"),
            first=format_date(first, self._language),
            last=format_date(last, self._language),
        )

    def _show_which(self) -> None:
        """Offer the Gregorian months or years half a date can fall in."""
        unsure = len(self._likely) > 1 and (self._partial or self._fills) and not self._readonly
        if self._which is None and unsure:
            self._which = WhichOne(self.tools)
            self._which.chosen.connect(self._choose_part)
            self._which_place.addWidget(self._which)
        if self._which is not None:
            self._which.setVisible(unsure)
        if unsure and self._which is not None:
            meant = self._meant if self._meant in self._likely else self._likely[0]
            self._which.offer(self._likely, meant, self._language)

    def _choose_part(self, part: object) -> None:
        self._meant = next((each for each in self._likely if each == part), None)
        self._dirty = True
        self.flush()

    # ---- what is meant ---------------------------------------------------------------------------

    def _edited(self) -> None:
        self._dirty, self._meant = True, None
        self._show_said()
        self.half_typed.emit()

    def _part_done(self) -> None:
        """Say the date when it is whole: three boxes are filled, or those that are asked for."""
        day, month, year = self.input.texts()
        if self._dirty and day and month and len(year) >= 4:
            self.flush()

    def _boxes_empty(self) -> bool:
        return not any(self.input.texts())

    def _numbers(self) -> tuple[int, int, int]:
        """Return day, month and year as typed, 0 for an empty one. Raises DateProblem."""
        day, month, year = self.input.texts()
        named = find_month(self.calendar, month) if month else 0
        if named is None:
            raise DateProblem(
                self.tr_.gettext("Deze maand is niet bekend. Schrijf het getal van de maand.")
            )
        for part in (day, year):
            if part and not (part.isascii() and part.isdigit()):
                raise DateProblem(
                    self.tr_.gettext("Schrijf de dag en het jaar met cijfers, zoals 14 en 1988.")
                )
        if not year and (day or named):
            raise DateProblem(self.tr_.gettext("Het jaar ontbreekt. Vul het jaar in."))
        if year and len(year) < 4:
            raise DateProblem(self.tr_.gettext("Schrijf het jaar met vier cijfers, zoals 1988."))
        if day and not named:
            raise DateProblem(
                self.tr_.gettext(
                    "Een dag zonder maand kan niet. Vul de maand in of laat de dag leeg."
                )
            )
        return int(day or 0), named, typed_year(self.calendar, int(year or 0))

    def _day(self) -> date | None:
        """Return the Gregorian day that stands in the boxes, None while it is none."""
        try:
            day, month, year = self._numbers()
            if not day:
                return None
            return CalendarDate(self.calendar, year, month, day).gregorian()
        except (DateProblem, CalendarProblem):
            return None

    def _lexical(self) -> str:
        """Return the date as stored. Raises DateProblem or CalendarProblem for what is none."""
        day, month, year = self._numbers()
        if not year:
            return ""
        if self.calendar is Calendar.GREGORIAN:
            known = PartialDate(year, month, day)
        elif day:
            known = PartialDate.parse(
                CalendarDate(self.calendar, year, month, day).gregorian().isoformat()
            )
        else:
            parts = gregorian_parts(self.calendar, year, month)
            meant = self._meant if self._meant in parts else None
            self._meant = meant or parts[0]
            known = PartialDate(*self._meant)
        if self._partial or known.is_complete:
            return known.iso()
        if self._fills:
            return date(known.year, known.month or 1, 1).isoformat()
        raise DateProblem(
            self.tr_.gettext(
                "Deze vraag wil een hele datum. Weet de persoon die niet? Kies dan ‘Weet niet’."
            )
        )
