"""The forms the benchmark of the form engine runs on, made with pyxform and kept in a folder.

Every section has the mix of a real intake: regular expressions, cascading choices, relevance within
and across sections, calculations chained over all sections, labels that show answers.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

LANGUAGES = {
    "Nederlands (nl)": "Wat is uw antwoord op deze vraag over wonen en werk",
    "English (en)": "What is your answer to this question about home and work",
    "français (fr)": "Quelle est votre réponse à cette question sur le logement",
    "Soomaali (so)": "Waa maxay jawaabtaada su'aashan ku saabsan guriga iyo shaqada",
    "Türkçe (tr)": "Ev ve iş hakkındaki bu soruya cevabınız nedir",
    "українська (uk)": "Яка ваша відповідь на це запитання про житло та роботу",
    "русский (ru)": "Каков ваш ответ на этот вопрос о жилье и работе",
    "ትግርኛ (ti)": "ንዚ ሕቶ ብዛዕባ ገዛን ስራሕን መልስኹም እንታይ እዩ",
    "العربية (ar)": "ما هي إجابتك على هذا السؤال حول السكن والعمل",
    "فارسی (fa)": "پاسخ شما به این پرسش درباره خانه و کار چیست",
    "پښتو (ps)": "د کور او کار په اړه د دې پوښتنې ځواب مو څه دی",
    "دری (prs)": "جواب شما به این سوال در باره خانه و کار چیست",
    "Kurmancî (kmr)": "Bersiva we ya vê pirsê li ser mal û kar çi ye",
    "سۆرانی (ckb)": "وەڵامت بۆ ئەم پرسیارە لەسەر ماڵ و کار چییە",
}
ONE = ("Nederlands (nl)",)
REPEATS = 200
CHAIN = 5
"""Calculations are carried over this many sections; relevance over all of them.

In the form "cascade" they are carried over all sections: its first answer reaches every one.
"""


def _labels(languages: tuple[str, ...], text: str, *, of: str = "label") -> dict[str, str]:
    return {f"{of}::{lang}": f"{LANGUAGES[lang]} {text}" for lang in languages}


def _choices(languages: tuple[str, ...]) -> list[dict[str, str]]:
    def row(list_name: str, name: str, **more: str) -> dict[str, str]:
        texts = {f"label::{lang}": f"{name} {LANGUAGES[lang][:12]}" for lang in languages}
        return {"list_name": list_name, "name": name, **texts, **more}

    # pyxform takes the columns of a sheet from its first hundred rows.
    rows = [row("wijk", f"w{n}", gemeente=f"g{n % 180}") for n in range(40)]
    rows += [row("gemeente", f"g{n}", provincie=f"p{n % 30}") for n in range(180)]
    rows += [row("wijk", f"w{n}", gemeente=f"g{n % 180}") for n in range(40, 720)]
    rows += [row("provincie", f"p{n}") for n in range(30)]
    rows += [row("talen", f"taal{n}") for n in range(12)]
    rows += [row("jn", name) for name in ("ja", "nee", "deels")]
    return rows


def _section(
    number: int, languages: tuple[str, ...], before: str | None, chain: int = CHAIN
) -> list[dict[str, str]]:
    """Fifteen questions and three calculations; names end in the number of the section."""
    n = f"_{number}"

    def ask(kind: str, name: str, text: str = "", **more: str) -> dict[str, str]:
        labels = _labels(languages, text or name)
        return {"type": kind, "name": f"{name}{n}", **labels, **more}

    def calculate(name: str, source: str) -> dict[str, str]:
        return {"type": "calculate", "name": f"{name}{n}", "calculation": source}

    carried = f"${{som_{before}}}" if before is not None and number % chain else "0"
    linked = f"${{leeftijd_{before}}} < 100 or " if before is not None else ""
    return [
        ask("text", "naam", constraint="regex(., '[A-Za-z ]{2,40}')"),
        ask("integer", "leeftijd", constraint=". >= 0 and . <= 120", required="yes"),
        ask("select_one jn", "werkt"),
        ask("select_one jn", "vast", relevant=f"${{werkt{n}}} = 'ja'"),
        ask("decimal", "uren", relevant=f"${{werkt{n}}} != 'nee'", constraint=". < 60.5"),
        ask("select_multiple talen", "talen"),
        calculate("aantal", f"count-selected(${{talen{n}}})"),
        ask("select_one provincie", "provincie"),
        ask("select_one gemeente", "gemeente", choice_filter=f"provincie = ${{provincie{n}}}"),
        ask("select_one wijk", "wijk", choice_filter=f"gemeente = ${{gemeente{n}}}"),
        calculate("plaats", f"jr:choice-name(${{gemeente{n}}}, '${{gemeente{n}}}')"),
        ask("date", "sinds", constraint=". <= today()", relevant=f"${{leeftijd{n}}} > 17"),
        calculate(
            "som",
            f"coalesce(${{leeftijd{n}}}, 0) + ${{aantal{n}}} + "
            f"if(selected(${{talen{n}}}, 'taal1'), 2, 0) + {carried}",
        ),
        ask("note", "kijk", f"${{naam{n}}}, ${{plaats{n}}}, ${{som{n}}}"),
        ask("text", "reden", relevant=f"{linked}${{werkt{n}}} = 'nee'"),
        ask("select_one jn", "hulp", required=f"${{som{n}}} > 30"),
        ask("text", "welke", relevant=f"selected(${{talen{n}}}, 'taal2') or ${{hulp{n}}} = 'ja'"),
        ask("integer", "cijfer", constraint=f". <= ${{leeftijd{n}}} + 10"),
    ]


def sections(
    form_id: str, count: int, languages: tuple[str, ...], chain: int = CHAIN
) -> dict[str, Any]:
    """A form of `count` sections of fifteen questions."""
    survey: list[dict[str, str]] = []
    for number in range(count):
        group = {"type": "begin_group", "name": f"deel_{number}", **_labels(languages, "deel")}
        if number:
            group["relevant"] = f"${{werkt_{number - 1}}} != '' or ${{leeftijd_{number - 1}}} = ''"
        survey.append(group)
        survey += _section(number, languages, str(number - 1) if number else None, chain)
        survey.append({"type": "end_group"})
    return _form(form_id, survey, languages)


def repeats(form_id: str, languages: tuple[str, ...]) -> dict[str, Any]:
    """A repeat of twenty questions, and what is worked out over all its instances."""
    inner = _section(0, languages, None)
    inner += [
        {"type": "text", "name": f"extra{n}", **_labels(languages, f"extra{n}")} for n in range(5)
    ]
    survey: list[dict[str, str]] = [
        {"type": "begin_repeat", "name": "persoon", **_labels(languages, "persoon")},
        *inner,
        {"type": "calculate", "name": "plek", "calculation": "position(..)"},
        {"type": "end_repeat"},
    ]
    for name, source in {
        "aantal": "count(${persoon})",
        "totaal": "sum(${leeftijd_0})",
        "oudste": "max(${leeftijd_0})",
        "namen": "join(', ', ${naam_0})",
        "werkenden": "count(${persoon}[werkt_0 = 'ja'])",
        "derde": "indexed-repeat(${naam_0}, ${persoon}, 3)",
    }.items():
        survey.append({"type": "calculate", "name": name, "calculation": source})
    return _form(form_id, survey, languages)


def _form(form_id: str, survey: list[dict[str, str]], languages: tuple[str, ...]) -> dict[str, Any]:
    return {
        "survey": survey,
        "choices": _choices(languages),
        "settings": [{"form_id": form_id, "version": "1", "default_language": languages[0]}],
    }


def make(name: str) -> dict[str, Any]:
    """The XLSForm of one of the forms by name."""
    if name == "repeats":
        return repeats(name, ONE)
    if name == "languages":
        return sections(name, 20, tuple(LANGUAGES))
    if name == "cascade":
        return sections(name, 200, ONE, chain=1_000)
    counts = {"large": 200, "small": 67, "huge": 667}
    return sections(name, counts[name], ONE)


def compiled(name: str, folder: Path) -> Path:
    """The XForm of a form, made by pyxform once and kept in `folder`."""
    source = json.dumps(make(name), ensure_ascii=False, sort_keys=True)
    path = folder / f"{name}-{hashlib.sha256(source.encode()).hexdigest()[:12]}.xml"
    if not path.is_file():
        from pyxform.xls2xform import convert

        path.write_text(convert(xlsform=make(name)).xform, encoding="utf-8")
    return path
