"""After the last question: what is put off, refused, open or wrong, each with a way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from intake_app.domain.interview import AnswerState
from intake_app.flows.interview import OpenEnd, SectionOutline
from intake_app.flows.interview_look import FallenAnswer
from intake_app.ui.interview.about import state_name
from intake_app.ui.interview.fallen_notice import fallen_row
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import LinkButton, TextLink
from intake_app.ui.kit.surfaces import Card, Kind, Notice, Row, RowList, Tag
from intake_app.ui.kit.text import Muted, PageTitle


class ReviewPanel(QScrollArea):
    """Lists open ends by section. `wanted` carries the key of the question to go to.

    `restore_wanted` carries the part that was taken away and should stand again. `aside_wanted`
    when somebody wants to see the answers that were put aside.
    """

    wanted = Signal(object)
    restore_wanted = Signal(object)
    aside_wanted = Signal()

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools = tools
        self.setObjectName("interview-review")
        self.setAccessibleName(tools.tr.gettext("Terugkijken"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        body = QWidget()
        body.setProperty("pageBody", "true")
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, tools.theme.gap(12), 0)
        inner = self._inner = QWidget()
        inner.setMaximumWidth(tools.theme.px(820))
        row.addWidget(inner, 1)
        row.addStretch(0)
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tools.theme.gap(16))
        self.setWidget(body)
        self._parts: dict[str, tuple[object, QWidget]] = {}

    def show_ends(
        self,
        ends: tuple[OpenEnd, ...],
        sections: tuple[SectionOutline, ...],
        fallen: tuple[FallenAnswer, ...],
        aside: int = 0,
    ) -> None:
        """Show what is left; the `fallen` answers are kept and do not count.

        `aside` answers belong to no question of this version of the form.
        """
        for _ in self.showing(ends, sections, fallen, aside):
            pass

    def showing(
        self,
        ends: tuple[OpenEnd, ...],
        sections: tuple[SectionOutline, ...],
        fallen: tuple[FallenAnswer, ...],
        aside: int = 0,
    ) -> Iterator[None]:
        """Do the same a card at a time, so that it can be made ready before it is wanted.

        A card that says what it said before stays.
        """
        theme, tr = self._tools.theme, self._tools.tr
        problems = sum(end.problem is not None for end in ends)
        later = sum(end.later for end in ends)
        summary = self._summary(problems, later, len(ends))
        weak = tuple(section for section in sections if section.weak and section.first_page)
        parts: list[tuple[str, object, Callable[[], QWidget]]] = [
            ("title", None, lambda: PageTitle(theme, tr.gettext("Terugkijken"))),
            ("summary", summary, lambda: Muted(theme, summary, factor=1.1)),
        ]
        if aside:
            parts.append(("aside", aside, lambda: self._aside(aside)))
        if weak:
            parts.append(("weak", weak, lambda: self._weak(list(weak))))
        for section in sections:
            own = [end for end in ends if end.section == section.path]
            if own:
                what = (section.title, tuple(own))
                make = partial(self._card, section, own)
                parts.append((f"section {section.path}", what, make))
        if fallen:
            parts.append(("fallen", fallen, lambda: self._fallen(fallen)))
        yield from self._arrange(parts)

    def _arrange(self, parts: list[tuple[str, object, Callable[[], QWidget]]]) -> Iterator[None]:
        """Put what is still true and what is made now in order; the rest goes."""
        for name, what, make in parts:
            before = self._parts.get(name)
            if before is None or before[0] != what:
                widget = make()
                # in its place at once: what has no parent would outlive a page that is left
                widget.setParent(self._inner)
                self._parts[name] = (what, widget)
                if before is not None:
                    _drop(before[1])
                yield
        wanted = {name for name, _, _ in parts}
        for name in [name for name in self._parts if name not in wanted]:
            _drop(self._parts.pop(name)[1])
        while self._column.takeAt(0) is not None:
            pass
        for name, _, _ in parts:
            widget = self._parts[name][1]
            self._column.addWidget(widget)
            # screen readers go by the order of the children
            widget.raise_()
        self._column.addStretch(1)

    def _weak(self, sections: list[SectionOutline]) -> Card:
        """Name the sections that were not well understood, while they can still be explained."""
        theme, tr = self._tools.theme, self._tools.tr
        card = Card(theme, tr.gettext("Niet goed begrepen"), name="review-weak")
        card.body.addWidget(
            Muted(
                theme,
                tr.gettext(
                    "Leg het nog een keer uit, liefst met een tolk. Het dossier en het papier van "
                    "de cliënt zeggen dat dit niet duidelijk was."
                ),
            )
        )
        rows = RowList(theme)
        for section in sections:
            link = LinkButton(theme, tr.gettext("Bekijken"), name=f"review-weak-{section.name}")
            link.setAccessibleName(f"{tr.gettext('Bekijken')}: {section.title.text}")
            link.clicked.connect(lambda _=False, k=section.first_page: self.wanted.emit(k))
            tag = Tag(theme, tr.gettext("niet goed begrepen"), "warn")
            rows.add(Row(theme, section.title.text, trailing=(tag, link)))
        card.body.addWidget(rows)
        return card

    def _fallen(self, fallen: tuple[FallenAnswer, ...]) -> Card:
        theme, tr = self._tools.theme, self._tools.tr
        card = Card(theme, tr.gettext("Vervallen antwoorden"), name="review-hidden")
        text = tr.ngettext(
            "{n} antwoord telt nu niet mee. Het blijft bewaard en gaat niet mee in de overdracht.",
            "{n} antwoorden tellen nu niet mee. Ze blijven bewaard en gaan niet mee in de "
            "overdracht.",
            len(fallen),
        )
        card.body.addWidget(Muted(theme, text.format(n=len(fallen))))
        rows = RowList(theme)
        offered: set[object] = set()
        for answer in fallen:
            link = self._way_back(answer, offered)
            rows.add(fallen_row(self._tools, answer, *((link,) if link is not None else ())))
        card.body.addWidget(rows)
        return card

    def _way_back(self, answer: FallenAnswer, offered: set[object]) -> LinkButton | None:
        """Return what brings an answer back: its part, once, or the question that decides."""
        theme, tr = self._tools.theme, self._tools.tr
        name = answer.key.path.rpartition("/")[2]
        if answer.instance is not None:
            if answer.instance in offered:
                return None
            offered.add(answer.instance)
            link = LinkButton(theme, tr.gettext("Terugzetten"), name=f"review-restore-{name}")
            link.setAccessibleName(f"{tr.gettext('Terugzetten')}: {answer.part}")
            link.clicked.connect(lambda _=False, i=answer.instance: self.restore_wanted.emit(i))
            return link
        if answer.back is None:
            return None
        link = LinkButton(theme, tr.gettext("Naar de vraag"), name=f"review-back-{name}")
        link.setAccessibleName(
            tr.gettext("Naar de vraag waardoor dit vervalt: {question}").format(
                question=answer.question.text
            )
        )
        link.clicked.connect(lambda _=False, k=answer.back: self.wanted.emit(k))
        return link

    def _aside(self, count: int) -> Notice:
        theme, tr = self._tools.theme, self._tools.tr
        text = tr.ngettext(
            "{n} antwoord uit een eerdere versie van het formulier is apart bewaard.",
            "{n} antwoorden uit een eerdere versie van het formulier zijn apart bewaard.",
            count,
        )
        link = TextLink(theme, tr.gettext("Bekijken"), name="review-aside-look")
        link.setAccessibleName(tr.gettext("Apart bewaarde antwoorden bekijken"))
        link.clicked.connect(self.aside_wanted)
        return Notice(theme, "info", text.format(n=count), action=link, name="review-aside")

    def _summary(self, problems: int, later: int, ends: int) -> str:
        tr = self._tools.tr
        if problems:
            text = tr.ngettext(
                "{n} vraag heeft nog een antwoord nodig voor je kunt vaststellen.",
                "{n} vragen hebben nog een antwoord nodig voor je kunt vaststellen.",
                problems,
            )
            return text.format(n=problems)
        if later:
            text = tr.ngettext(
                "{n} vraag staat nog op later. Vaststellen kan.",
                "{n} vragen staan nog op later. Vaststellen kan.",
                later,
            )
            return text.format(n=later)
        if ends:
            return tr.gettext("Niet alles is ingevuld. Dat mag. Vaststellen kan.")
        return tr.gettext("Alles is ingevuld. Je kunt het gesprek vaststellen.")

    def _card(self, section: SectionOutline, ends: list[OpenEnd]) -> Card:
        theme, tr = self._tools.theme, self._tools.tr
        card = Card(theme, section.title.text, name=f"review-{section.name}")
        rows = RowList(theme)
        plain = [e for e in ends if e.problem is None and not e.later and not e.state]
        for end in ends:
            if end in plain:
                continue
            words, kind = self._why(end)
            caption = tr.gettext(end.problem.text.text) if end.problem is not None else ""
            rows.add(self._row(end, end.label.text, caption, Tag(theme, words, kind)))
        if plain:
            count = tr.ngettext(
                "{n} vraag zonder antwoord", "{n} vragen zonder antwoord", len(plain)
            ).format(n=len(plain))
            first = plain[0].label.text
            caption = first if len(plain) == 1 else tr.gettext("Eerste: {q}").format(q=first)
            rows.add(self._row(plain[0], count, caption, None))
        card.body.addWidget(rows)
        return card

    def _row(self, end: OpenEnd, title: str, caption: str, tag: Tag | None) -> Row:
        name = end.key.path.rsplit("/", 1)[-1]
        link = LinkButton(
            self._tools.theme, self._tools.tr.gettext("Bekijken"), name=f"review-go-{name}"
        )
        link.setAccessibleName(f"{self._tools.tr.gettext('Bekijken')}: {end.label.text}")
        link.clicked.connect(lambda _=False, k=end.key: self.wanted.emit(k))
        trailing = (link,) if tag is None else (tag, link)
        return Row(self._tools.theme, title, caption, trailing=trailing)

    def _why(self, end: OpenEnd) -> tuple[str, Kind]:
        tr = self._tools.tr
        if end.problem is not None:
            return tr.gettext("Aanvullen"), "err"
        if end.later:
            return tr.gettext("Later"), "warn"
        if end.state is AnswerState.NONE:
            return tr.gettext("Open"), "muted"
        return state_name(self._tools, end.state), "muted"


def _drop(widget: QWidget) -> None:
    widget.hide()
    widget.deleteLater()
