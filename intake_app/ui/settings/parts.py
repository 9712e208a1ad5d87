"""The parts of Instellingen that have a page of their own."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from intake_app.domain.actor import Profile

if TYPE_CHECKING:
    from intake_app.i18n.catalogues import UiTexts
    from intake_app.ui.context import AppContext
    from intake_app.ui.kit import Page


class Part(StrEnum):
    """A page below Instellingen."""

    TALK = "talk"
    LOOKS = "looks"
    PASSPHRASE = "passphrase"  # noqa: S105  (the name of a page)
    USERS = "users"
    JOINING = "joining"
    RECOVERY = "recovery"
    BACKUP = "backup"
    SYNC = "sync"
    CASE_SYSTEM = "case-system"
    RETENTION = "retention"
    LOG = "log"
    EMERGENCY = "emergency"


def parts_for(profile: Profile) -> tuple[Part, ...]:
    """Return the parts that a vault of this profile has; only a receiver files onward."""
    onward = profile is Profile.ONTVANGST
    return tuple(part for part in Part if onward or part is not Part.CASE_SYSTEM)


def title_of(tr: UiTexts, part: Part) -> str:
    """Return the title of a part, as it stands in the list and above its page."""
    return {
        Part.TALK: tr.gettext("Gesprek"),
        Part.LOOKS: tr.gettext("Uiterlijk"),
        Part.PASSPHRASE: tr.gettext("Wachtwoordzin"),
        Part.USERS: tr.gettext("Wie in de kluis mag"),
        Part.JOINING: tr.gettext("Meer laptops"),
        Part.RECOVERY: tr.gettext("Herstelkaarten"),
        Part.BACKUP: tr.gettext("Back-up"),
        Part.SYNC: tr.gettext("Postbus"),
        Part.CASE_SYSTEM: tr.gettext("Zaaksysteem"),
        Part.RETENTION: tr.gettext("Bewaren en wissen"),
        Part.LOG: tr.gettext("Logboek"),
        Part.EMERGENCY: tr.gettext("In nood"),
    }[part]


def purpose_of(tr: UiTexts, part: Part) -> str:
    """Return in one line what a part is for."""
    return {
        Part.TALK: tr.gettext("Toetsen, talen en voorlezen: hoe jij een gesprek voert."),
        Part.LOOKS: tr.gettext("Licht, donker of hoog contrast, en hoe groot de tekst is."),
        Part.PASSPHRASE: tr.gettext("Kies een nieuwe zin voor jezelf."),
        Part.USERS: tr.gettext("Laat een collega toe, of neem de toegang weer weg."),
        Part.JOINING: tr.gettext("Een tweede kluis bij je organisatie laten horen."),
        Part.RECOVERY: tr.gettext("Openen de kluis als een wachtwoordzin vergeten is."),
        Part.BACKUP: tr.gettext("Een versleutelde kopie op een andere plek."),
        Part.SYNC: tr.gettext("Dossiers laten reizen zodra er verbinding is, zonder stick."),
        Part.CASE_SYSTEM: tr.gettext("Overgenomen dossiers in jullie eigen systeem zetten."),
        Part.RETENTION: tr.gettext("Wat na een overdracht van deze laptop weg mag."),
        Part.LOG: tr.gettext("Wie wat bekeek en veranderde, en of dat nog klopt."),
        Part.EMERGENCY: tr.gettext("Meteen vergrendelen, of alles op deze laptop wissen."),
    }[part]


def page_of(part: Part, context: AppContext) -> Page:
    """Return the page of a part."""
    if part is Part.TALK:
        from intake_app.ui.settings.talk import TalkPage

        return TalkPage(context)
    if part is Part.LOOKS:
        from intake_app.ui.settings.looks import LooksPage

        return LooksPage(context)
    if part is Part.PASSPHRASE:
        from intake_app.ui.settings.passphrase import PassphrasePage

        return PassphrasePage(context)
    if part is Part.USERS:
        from intake_app.ui.settings.users import UsersPage

        return UsersPage(context)
    if part is Part.JOINING:
        from intake_app.ui.settings.joining import JoiningPage

        return JoiningPage(context)
    if part is Part.RECOVERY:
        from intake_app.ui.settings.recovery import RecoveryPage

        return RecoveryPage(context)
    if part is Part.BACKUP:
        from intake_app.ui.settings.backup import BackupPage

        return BackupPage(context)
    if part is Part.SYNC:
        from intake_app.ui.settings.sync import SyncPage

        return SyncPage(context)
    if part is Part.CASE_SYSTEM:
        from intake_app.ui.settings.case_system import CaseSystemPage

        return CaseSystemPage(context)
    if part is Part.RETENTION:
        from intake_app.ui.settings.retention import RetentionPage

        return RetentionPage(context)
    if part is Part.LOG:
        from intake_app.ui.settings.audit import AuditPage

        return AuditPage(context)
    from intake_app.ui.settings.emergency import EmergencyPage

    return EmergencyPage(context)
