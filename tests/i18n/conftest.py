from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake_app.i18n.pofiles import SourceTree

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """\
[extractors]
words = intake_app.i18n.words:extract_words
xlsform = intake_app.formio.extract:extract_texts
[words: **/client.py]
client = *
[words: **.py]
[xlsform: **/survey.csv]
[xlsform: **/choices.csv]
"""
SURVEY = """\
type,name,label,guidance_hint,bind::dl:audience
select_one ja_nee,wil_u,Wilt u dit?,Vraag het rustig.,client
text,indruk,Jouw indruk,,staff
"""
CHOICES = "list_name,name,label\nja_nee,ja,Ja\nja_nee,nee,Nee\n"


@pytest.fixture
def tree(tmp_path: Path) -> SourceTree:
    """Return a small source tree: one form, one text for the client, three for a colleague."""
    (tmp_path / "translations").mkdir()
    (tmp_path / "babel.cfg").write_text(CONFIG, encoding="utf-8")
    form = tmp_path / "forms" / "klein"
    form.mkdir(parents=True)
    (form / "survey.csv").write_text(SURVEY, encoding="utf-8")
    (form / "choices.csv").write_text(CHOICES, encoding="utf-8")
    package = tmp_path / "intake_app"
    package.mkdir()
    (package / "client.py").write_text('WAIT = N_("Een ogenblik")\n', encoding="utf-8")
    (package / "page.py").write_text(
        'tr.ngettext("{n} dag", "{n} dagen", n)\ntr.pgettext("knop", "Open")\ntr.gettext("Ja")\n',
        encoding="utf-8",
    )
    return SourceTree(tmp_path)
