"""What the vault itself asks for, on Vandaag: one line each, with the way to the page."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from intake_app.flows import vault_care
from intake_app.flows.vault_care import Care, CareItem
from intake_app.i18n.bidi import isolate
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui import words
from intake_app.ui.context import AppContext
from intake_app.ui.kit import Card, LinkButton, Notice, QuietButton, Row, RowList
from intake_app.ui.settings.parts import Part

_ALARMS = frozenset(
    {
        Care.CARDS_USED,
        Care.OLDER_KEYS,
        Care.RESCUED,
        Care.RESCUED_WITH_CARDS,
        Care.ROLE_KEY_LOST,
        Care.ROLE_KEY_REPLACED,
    }
)
_PARTS = {
    Care.RESTORED: Part.USERS,
    Care.NO_CARDS: Part.RECOVERY,
    Care.CARDS_UNTRIED: Part.RECOVERY,
    Care.CARDS_INCOMPLETE: Part.RECOVERY,
    Care.NO_BACKUP: Part.BACKUP,
    Care.BACKUP_WITH_KEYS: Part.BACKUP,
    Care.OLD_BACKUP: Part.BACKUP,
    Care.CLOCK_WAITS: Part.RETENTION,
    Care.REMOVAL_WAITS: Part.RETENTION,
    Care.REMOVAL_DUE: Part.RETENTION,
    Care.REMOVAL_SOON: Part.RETENTION,
}


def alarms(context: AppContext, items: tuple[CareItem, ...]) -> list[QWidget]:
    """Return what everybody must have read once, with the button that says so."""
    shown: list[QWidget] = [
        Notice(context.theme, "warn", _alarm(context, item), name="today-alarm")
        for item in items
        if item.kind in _ALARMS
    ]
    if shown:
        tr = context.tr
        read = QuietButton(context.theme, tr.gettext("Gelezen"), name="today-alarm-read")
        read.clicked.connect(lambda: vault_care.seen(context.vault))
        shown.append(read)
    return shown


def care_card(context: AppContext, items: tuple[CareItem, ...]) -> Card | None:
    """Return the card with the rest, None when there is nothing."""
    theme, tr = context.theme, context.tr
    rows = [item for item in items if item.kind in _PARTS]
    if not rows:
        return None
    card = Card(theme, tr.gettext("De kluis"), name="today-care")
    lines = RowList(theme)
    for item in rows:
        title, caption, verb = _line(context, item)
        go = LinkButton(theme, verb, name=f"today-care-{item.kind.value}")
        go.setAccessibleName(f"{verb}: {title}")
        go.clicked.connect(partial(context.navigate.open_setting, _PARTS[item.kind].value))
        lines.add(Row(theme, title, caption, trailing=(go,)))
    card.body.addWidget(lines)
    return card


def _alarm(context: AppContext, item: CareItem) -> str:
    tr, day = context.tr, _day(context.tr, item)
    if item.kind is Care.CARDS_USED:
        text = tr.gettext(
            "De herstelkaarten zijn gebruikt op {day}. {name} kreeg een nieuwe wachtwoordzin. "
            "Wist je dit niet? Waarschuw dan nu de beheerder."
        )
    elif item.kind is Care.RESCUED:
        text = tr.gettext(
            "Wat nog te lezen was van deze kluis, is opgeslagen in een los bestand, met de "
            "wachtwoordzin van {name}. Dat bleek op {day}. "
            "Wist je dit niet? Waarschuw dan nu de beheerder."
        )
    elif item.kind is Care.RESCUED_WITH_CARDS:
        text = tr.gettext(
            "Wat nog te lezen was van deze kluis, is opgeslagen in een los bestand, met twee "
            "herstelkaarten. Dat bleek op {day}. "
            "Wist je dit niet? Waarschuw dan nu de beheerder."
        )
    elif item.kind is Care.ROLE_KEY_REPLACED:
        text = tr.gettext(
            "Iemand had de medische sleutel van deze kluis vervangen. Op {day} is de goede sleutel "
            "teruggezet, toen {name} de kluis opende. Wat in de tussentijd medisch is bewaard, kan "
            "een ander misschien lezen. Waarschuw nu de beheerder."
        )
    elif item.kind is Care.ROLE_KEY_LOST:
        text = tr.gettext(
            "De medische sleutel ging verloren op {day}, toen {name} met herstelkaarten een nieuwe "
            "wachtwoordzin kreeg. Wat alleen de medische rol kon lezen, is niet meer te lezen. "
            "Wist je dit niet? Waarschuw dan nu de beheerder."
        )
    else:
        text = tr.gettext(
            "De kluis is op {day} geopend met een ouder sleutelbestand, door {name}. "
            "Wist je dit niet? Waarschuw dan nu de beheerder."
        )
    return text.format(day=day, name=isolate(item.name))


def _day(tr: UiTexts, item: CareItem) -> str:
    return words.long_date(tr, item.at.astimezone().date()) if item.at is not None else ""


def _line(context: AppContext, item: CareItem) -> tuple[str, str, str]:
    """Return title, caption and verb of one line."""
    tr, n = context.tr, item.count
    if item.kind is Care.NO_CARDS:
        return (
            tr.gettext("Maak herstelkaarten"),
            tr.gettext("Zonder kaarten is alles weg als de wachtwoordzin vergeten wordt."),
            tr.gettext("Maken"),
        )
    if item.kind is Care.CARDS_UNTRIED:
        return (
            tr.gettext("Doe de proef met de herstelkaarten"),
            tr.gettext("Pas na de proef werken ze."),
            tr.gettext("Proef doen"),
        )
    if item.kind is Care.CARDS_INCOMPLETE:
        return (
            tr.gettext("De kaarten openen het medische deel nog niet"),
            tr.gettext("Laat een collega met de medische rol één keer de kluis openen."),
            tr.gettext("Bekijken"),
        )
    if item.kind is Care.NO_BACKUP:
        return (
            tr.gettext("Er is nog geen back-up"),
            tr.gettext("Gaat deze laptop stuk, dan is alles weg wat niet is overgedragen."),
            tr.gettext("Back-up maken"),
        )
    if item.kind is Care.BACKUP_WITH_KEYS:
        return (
            tr.gettext("Er is iets veranderd aan wie de kluis opent: maak een nieuwe back-up"),
            tr.gettext("De laatste gaat nog open zoals het toen was."),
            tr.gettext("Back-up maken"),
        )
    if item.kind is Care.OLD_BACKUP:
        title = tr.ngettext(
            "De laatste back-up is {n} dag oud", "De laatste back-up is {n} dagen oud", n
        )
        return (
            title.format(n=n),
            tr.gettext("Wat je daarna deed, staat alleen op deze laptop."),
            tr.gettext("Back-up maken"),
        )
    verb = tr.gettext("Bekijken")
    if item.kind is Care.RESTORED:
        return (
            tr.gettext("Deze kluis is teruggezet van een back-up van {day}").format(
                day=_day(tr, item)
            ),
            tr.gettext("Kijk wie toegang heeft: wie daarna weg is gehaald, kan er weer in."),
            verb,
        )
    if item.kind is Care.CLOCK_WAITS:
        return (
            tr.gettext("Kijk of de datum klopt: {day}").format(day=_day(tr, item)),
            tr.gettext("Tot dan wordt er niets gewist en lopen oude back-ups niet af."),
            verb,
        )
    if item.kind is Care.REMOVAL_WAITS:
        title = tr.ngettext(
            "{n} besluit om te wissen wacht op jou", "{n} besluiten om te wissen wachten op jou", n
        )
        return title.format(n=n), tr.gettext("Een collega stelde het voor."), verb
    if item.kind is Care.REMOVAL_DUE:
        title = tr.ngettext(
            "{n} dossier mag van deze laptop", "{n} dossiers mogen van deze laptop", n
        )
        return title.format(n=n), tr.gettext("De overdracht is geaccepteerd."), verb
    title = tr.ngettext(
        "{n} dossier mag er binnen een week af", "{n} dossiers mogen er binnen een week af", n
    )
    return title.format(n=n), tr.gettext("Er gaat niets weg zonder dat jij het ziet."), verb
