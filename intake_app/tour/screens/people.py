"""Vandaag, Mensen, one person, Overzicht, and the forms that change what is known of somebody."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from intake_app.domain.sharing import SharingTable
from intake_app.flows import attachments
from intake_app.tour import world as places
from intake_app.tour.screens.listing import Screen, drawn, press, write
from intake_app.tour.studio import Studio
from intake_app.tour.world import Place as Where
from intake_app.ui.context import AppContext
from intake_app.ui.overview.page import OverviewPage
from intake_app.ui.people import (
    CouplePage,
    HouseholdPage,
    NoticePage,
    PeoplePage,
    PersonPage,
    RegisterPage,
    StayPage,
)
from intake_app.ui.people.attachment_page import AttachmentPage
from intake_app.ui.people.attachments import AddAttachmentPage
from intake_app.ui.people.medical import MedicalNotePage
from intake_app.ui.rail import Place
from intake_app.ui.today.page import TodayPage

_BUSY = "Maximiliaan Alexander"


def nothing(*_all: object) -> None:
    """Do nothing."""


def alone(
    kind: Callable[[AppContext], QWidget], where: Where, place: Place, crumb: str
) -> Callable[[Studio], QWidget]:
    """Return what makes the window with a page that is about nobody."""
    return lambda studio: studio.shell(kind(studio.context(where)), (crumb,), place, practice=True)


def about(
    kind: Callable[[AppContext, UUID], QWidget],
    given: str,
    where: Where = places.AZC,
    *crumbs: str,
) -> Callable[[Studio], QWidget]:
    """Return what makes the window with a page about somebody."""
    return lambda studio: studio.shell(
        kind(studio.context(where), studio.person(given, where)),
        ("Mensen", "Amanuel T.", *crumbs),
        Place.PEOPLE,
        practice=True,
    )


def _register(*, problems: bool) -> Callable[[Studio], QWidget]:
    def make(studio: Studio) -> QWidget:
        page = RegisterPage(studio.context(), None, done=nothing, cancel=nothing)
        if problems:
            page.save()
            for each in page.fields.values():
                each.set_problem(
                    studio.tr.gettext(
                        "Dit klopt niet. Kijk het na op het document en vul het opnieuw in."
                    )
                )
        return studio.shell(page, ("Mensen", "Iemand registreren"), Place.PEOPLE)

    return make


def _done(kind: Callable[..., QWidget]) -> Callable[[AppContext, UUID], QWidget]:
    return lambda context, person_id: kind(context, person_id, done=nothing)


def _attachment(number: int) -> Callable[[Studio], QWidget]:
    def make(studio: Studio) -> QWidget:
        vault = studio.vault(places.MANY)
        rows = attachments.listed(vault, studio.person(_BUSY, places.MANY), SharingTable({}))
        kinds = sorted({row.attachment.media_type for row in rows})
        shown = next(row for row in rows if row.attachment.media_type == kinds[number])
        page = AttachmentPage(
            studio.context(places.MANY), shown.attachment.attachment_id, done=nothing
        )
        return studio.shell(page, ("Mensen", "Amanuel T.", "Bijlage"), Place.PEOPLE)

    return make


_TODAY = (Place.TODAY, "Vandaag")
_PEOPLE = (Place.PEOPLE, "Mensen")
_OVERVIEW = (Place.OVERVIEW, "Overzicht")

SCREENS: tuple[Screen, ...] = (
    *(
        Screen(f"{name}-{amount}", alone(kind, where, *shown))
        for name, kind, shown in (
            ("today", TodayPage, _TODAY),
            ("people", PeoplePage, _PEOPLE),
            ("overview", OverviewPage, _OVERVIEW),
        )
        for amount, where in (
            ("none", places.EMPTY),
            ("some", places.AZC),
            ("many", places.MANY),
            ("receiver", places.TOWN),
            ("receiver-none", places.EMPTY_TOWN),
        )
    ),
    Screen(
        "people-not-found",
        alone(PeoplePage, places.AZC, *_PEOPLE),
        write(people_search="zzzzqq"),
    ),
    *(
        Screen(f"person-{name}", about(PersonPage, given, where))
        for name, given, where in (
            ("registered", "Yonas", places.AZC),
            ("coupled", "Samir", places.AZC),
            ("intake-open", "Amanuel", places.AZC),
            ("intake-done", "Selam", places.AZC),
            ("plan-draft", "Rima", places.AZC),
            ("plan-done", "Farid", places.AZC),
            ("offered", "Hodan", places.AZC),
            ("offered-again", "Emre", places.AZC),
            ("refused", "Nasrin", places.AZC),
            ("very-much", _BUSY, places.MANY),
            ("received", "Emre", places.TOWN),
        )
    ),
    Screen("register", _register(problems=False)),
    Screen("register-problems", _register(problems=True)),
    Screen(
        "person-change",
        about(lambda c, p: RegisterPage(c, p, done=nothing, cancel=nothing), "Rima"),
    ),
    *(
        Screen(name, about(_done(kind), given, where, "Wijzigen"))
        for name, kind, given, where in (
            ("couple", CouplePage, "Yonas", places.AZC),
            ("decouple", CouplePage, "Samir", places.AZC),
            ("household", HouseholdPage, "Rima", places.AZC),
            ("household-one", HouseholdPage, "Yonas", places.AZC),
            ("household-many", HouseholdPage, _BUSY, places.MANY),
            ("stay", StayPage, "Rima", places.AZC),
            ("notice", NoticePage, "Samir", places.AZC),
            ("medical-note", MedicalNotePage, "Rima", places.AZC),
            ("attachment-add", AddAttachmentPage, "Rima", places.AZC),
        )
    ),
    Screen(
        "attachment-add-problems",
        about(lambda c, p: AddAttachmentPage(c, p, done=nothing), "Rima", places.AZC, "Bijlage"),
        press("attachment-save"),
    ),
    Screen("attachment-pdf", _attachment(0), drawn("pdf-page")),
    Screen("attachment-text", _attachment(1)),
)
