"""The parts every screen is made of. Each takes the `Theme` first and draws from its tokens."""

from __future__ import annotations

from intake_app.ui.kit.buttons import (
    DangerButton,
    KitButton,
    LinkButton,
    PrimaryButton,
    QuietButton,
    TextLink,
)
from intake_app.ui.kit.charts.stations import StationMark, StationsLine
from intake_app.ui.kit.dialogs import ConfirmDialog
from intake_app.ui.kit.focus import FocusRing
from intake_app.ui.kit.icons import IconLabel, draw_icon, icon
from intake_app.ui.kit.inputs import (
    CheckInput,
    ChoiceInput,
    Combo,
    Field,
    PartialDateInput,
    RadioInput,
    TextArea,
    TextInput,
)
from intake_app.ui.kit.page import Columns, EmptyState, Page, Stack
from intake_app.ui.kit.passphrase import PassphraseInput
from intake_app.ui.kit.steps import Step, StepList
from intake_app.ui.kit.surfaces import (
    Card,
    Hairline,
    Kind,
    Notice,
    Row,
    RowList,
    Tag,
    clear_layout,
)
from intake_app.ui.kit.text import Body, Caption, Heading, LangLabel, Muted, PageTitle, Text

__all__ = [
    "Body",
    "Caption",
    "Card",
    "CheckInput",
    "ChoiceInput",
    "Columns",
    "Combo",
    "ConfirmDialog",
    "DangerButton",
    "EmptyState",
    "Field",
    "FocusRing",
    "Hairline",
    "Heading",
    "IconLabel",
    "Kind",
    "KitButton",
    "LangLabel",
    "LinkButton",
    "Muted",
    "Notice",
    "Page",
    "PageTitle",
    "PartialDateInput",
    "PassphraseInput",
    "PrimaryButton",
    "QuietButton",
    "RadioInput",
    "Row",
    "RowList",
    "Stack",
    "StationMark",
    "StationsLine",
    "Step",
    "StepList",
    "Tag",
    "Text",
    "TextArea",
    "TextInput",
    "TextLink",
    "clear_layout",
    "draw_icon",
    "icon",
]
