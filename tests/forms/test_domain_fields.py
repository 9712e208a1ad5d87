"""Each field that an intake and an assessment need has a question; nothing is asked twice.

The fields are those of the intake by leefgebied and of the assessment record; the questions are
named, so that one that disappears is missed.
"""

from __future__ import annotations

import pytest

from intake_app import paths
from intake_app.domain.plan import LEEFGEBIEDEN
from intake_app.formio.lint_ours import asked
from intake_app.formio.sheets import Workbook, read_workbook

INTAKE = {
    "ambitie": "droom doel_een_jaar doel_drie_jaar motivatie belemmering eerst_nodig",
    "onderwijs": "opleiding_land opleiding_soort opleiding_hoogste opleiding_van opleiding_tot "
    "opleiding_naam opleiding_vak opleiding_taal opleiding_afgerond opleiding_diploma "
    "diploma_heeft diplomawaardering waardering_uitkomst uaf_kandidaat studie_wens "
    "studie_richting school_jaren",
    "werk": "functie baan_sector baan_land baan_van baan_tot baan_uren baan_taken baan_leiding "
    "baan_soort cv werkvaardigheden rijbewijs rijbewijs_land werk_laatst",
    "taal": "lezen_moedertaal latijns_schrift schriften alfabetisering alfa_niveau talen_ook "
    "taal_naam taal_spreken taal_lezen taal_niveau nederlands_spreken nederlands_luisteren "
    "nederlands_lezen nederlands_schrijven coa_lesuren coa_gemist coa_niveaugroep coa_methode "
    "coa_rapport coa_toets coa_knm coa_knm_modules",
    "leren": "leren_manier leren_goed leren_lastig lbt_gedaan lbt_datum lbt_score lbt_nodig "
    "lbt_uitslag",
    "digitaal": "apparaat dig_berichten dig_formulier dig_typen dig_leren digid digid_gebruik",
    "werkinteresse": "werk_wens sectoren uren_per_week reistijd traject_geintegreerd werk_niet",
    "ondernemen": "ondernemen_wens ondernemen_ervaring ondernemen_plan ondernemen_stadium",
    "geld": "inkomen bankrekening schulden schulden_soort schulden_hulp geld_zelf "
    "ontzorgen_uitgelegd ontzorgen_nodig toeslagen",
    "gezondheid": "gezondheid_ervaren slaap energie concentratie belastbaar_uren zorg_hulp "
    "huisarts huisarts_gekozen verwijzing acuut rekening_houden",
    "kinderen": "heeft_kinderen kinderen_leeftijd kind_leeftijd kind_in_nederland kind_school "
    "kind_school_naam kind_school_gevraagd kind_opvang kind_hulp kind_verwijzing vve_besproken",
    "wonen": "huishouden_nu huishouden_straks slaapkamers traplopen woning_eis wonen_delen "
    "woon_reden woon_toelichting gezinshereniging gezin_verwacht woning_aangeboden woning_datum "
    "woning_antwoord woning_datum_antwoord",
    "netwerk": "netwerk_wie maatje maatje_soort vrijwilligerswerk vrijwilligerswerk_wat sport "
    "vrije_tijd pvt_stand",
    "zelfredzaamheid": "regie regel_post regel_afspraken regel_reizen helper hulpvraag veilig "
    "veilig_actie",
}
OF_EACH = ("oordeel", "verdiepen", "wens", "stap", "notitie")
NOA_HEADER = (
    "in_aanmerking reden_niet afname_soort afname_instrument afname_versie afname_taal "
    "afname_modus afname_locatie afname_datum afname_begin afname_eind afnemer afname_tolk "
    "afname_hulpmiddelen afname_bijzonder afname_volledigheid kandidaatcode rapport_bijlage "
    "nabespreking_datum reactie_kandidaat inzage_vooraf rapport_vrijgegeven sterk ontwikkelen "
    "advies_leerroute advies_vervolgpad advies_twijfel taalmeting_taal taalmeting_schrift "
    "taalmeting_lezen taalmeting_luisteren taalmeting_schrijven taalmeting_spreken"
)
NOT_ELIGIBLE = {
    "kind", "analfabeet", "testtaal", "nu_niet_gezondheid", "zintuig", "aow", "opleiding_werk",
    "verhuisd", "weigert", "niet_verschenen", "anders",
}  # fmt: skip


@pytest.fixture(scope="module")
def noa() -> Workbook:
    return read_workbook(paths.forms_dir() / "noa_assessment")


def test_the_table_names_every_leefgebied() -> None:
    assert tuple(INTAKE) == LEEFGEBIEDEN


@pytest.mark.parametrize("area", LEEFGEBIEDEN)
def test_every_field_of_a_leefgebied_has_a_question(intake: Workbook, area: str) -> None:
    names = {row.get("name") for row in asked(intake)}
    wanted = {*INTAKE[area].split(), *(f"{word}_{area}" for word in OF_EACH)}
    assert wanted - names == set()


def test_every_question_belongs_to_a_field(intake: Workbook) -> None:
    """What is asked without being needed may not be asked (AVG art. 5 lid 1 onder c)."""
    fields = {name for names in INTAKE.values() for name in names.split()}
    fields |= {f"{word}_{area}" for area in LEEFGEBIEDEN for word in OF_EACH}
    kept = {
        row.get("name")
        for row in asked(intake)
        if row.get("bind::dl:concept").split(".")[0] not in ("tolk", "gesprek", "samenvatting")
    }
    companions = {"school_gevolgd", "gewerkt", "andere_talen", "taalles_nu", "nederlands_zelf"}
    companions |= {"werk_sterk", "thuis_sterk", "taal_helpt", "moedertaal"}
    companions |= {name for name in kept if name.endswith("_anders")}
    assert kept - fields - companions == set()


def test_the_assessment_has_its_header_and_result(noa: Workbook) -> None:
    names = {row.get("name") for row in asked(noa)}
    assert set(NOA_HEADER.split()) - names == set()


def test_the_assessment_knows_every_reason_not_to_be_eligible(noa: Workbook) -> None:
    choices = noa.sheet("choices").rows
    found = {row.get("name") for row in choices if row.get("list_name") == "reden_niet"}
    assert found == NOT_ELIGIBLE


def test_the_summary_has_the_four_words_of_the_plan(intake: Workbook) -> None:
    names = [row.get("name") for row in asked(intake) if row.get("name").startswith("kern_")]
    assert names == ["kern_ambities", "kern_wensen", "kern_mogelijkheden", "kern_vaardigheden"]


def test_the_talk_begins_and_ends_with_a_script(intake: Workbook) -> None:
    rows = {row.get("name"): row for row in intake.sheet("survey").rows}
    begin = ("welkom", "uitleg_pauze", "uitleg_gegevens", "uitleg_vrij", "uitleg_begrepen")
    assert all(rows[name].get("bind::dl:audience") == "client" for name in begin)
    assert "Stel jezelf voor" in rows["welkom"].get("guidance_hint")
    assert "eerder gesprek" in rows["welkom"].get("guidance_hint")
    assert "Zo sluit je af" in rows["hoe_verder"].get("guidance_hint")
    assert "volgende gesprek" in rows["later_telling"].get("guidance_hint")
