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
template = intake_app.i18n.words:extract_template
reasons = intake_app.i18n.words:extract_reasons
[words: **/client.py]
client = *
[words: **.py]
[xlsform: **/survey.csv]
[xlsform: **/choices.csv]
[template: **/documents/*.typ]
[reasons: **/sharing/table.csv]
"""
SURVEY = """\
type,name,label,guidance_hint,bind::dl:audience
select_one ja_nee,wil_u,Wilt u dit?,Vraag het rustig.,client
text,indruk,Jouw indruk,,staff
"""
PAPER = 'TITLE = D_("Uw {aantal} papieren")\nTABLE = {"x": "niet voor op papier"}\n'
PAGE = '#let d = json(bytes(sys.inputs.data))\n= #t("Dit is uw blad.")\n#print("nee")\n'
REASONS = """\
category,role,verdict,reason,basis
taal,gemeente,ja,De gemeente regelt de les.,AVG
taal,werkgever,nee,De werkgever heeft dit niet nodig.,AVG
werk,gemeente,ja,De gemeente regelt de les.,AVG
"""
CHOICES = "list_name,name,label\nja_nee,ja,Ja\nja_nee,nee,Nee\n"


@pytest.fixture
def tree(tmp_path: Path) -> SourceTree:
    """Return a small source tree.

    One form; in the program one text for the client and three for a colleague; on paper two texts
    and two reasons of the sharing table.
    """
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
    (package / "paper.py").write_text(PAPER, encoding="utf-8")
    for name, body in (("documents/page.typ", PAGE), ("sharing/table.csv", REASONS)):
        path = tmp_path / "resources" / name
        path.parent.mkdir(parents=True)
        path.write_text(body, encoding="utf-8")
    return SourceTree(tmp_path)
