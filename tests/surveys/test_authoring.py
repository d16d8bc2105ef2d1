"""From the bank to a published form: what the XForm really says, version by version."""

from __future__ import annotations

import hashlib
import re
from gettext import NullTranslations
from typing import Any

import pytest
from lxml import etree
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from campaigns.models import Campaign
from core.errors import EveilError
from core.languages import LANGUAGES
from surveys.authoring import wording as wording_module
from surveys.authoring.codebook import codebook
from surveys.authoring.converting import to_xform, to_xlsx
from surveys.authoring.wording import Wording
from surveys.authoring.xlsform import Questionnaire, Sheets, sheets
from surveys.bank import load_bank
from surveys.models import Form, FormVersion
from tests.surveys.fieldwork import INDICATORS, published

NAMES = {
    "x": "http://www.w3.org/2002/xforms",
    "h": "http://www.w3.org/1999/xhtml",
    "jr": "http://openrosa.org/javarosa",
}
ALL = tuple(LANGUAGES)


def written(instrument: str = "training", languages: tuple[str, ...] = ALL, title: str = "Harbour") -> Sheets:
    questionnaire = Questionnaire(f"harbour_{instrument}_before", instrument, "before", INDICATORS)
    return sheets(questionnaire, load_bank(), Wording(languages, title))


@pytest.fixture(scope="module")
def training() -> etree._Element:
    return etree.fromstring(to_xform(written(), "training").xform.encode())


def one(form: etree._Element, path: str) -> Any:
    found = form.xpath(path, namespaces=NAMES)
    assert len(found) == 1, f"{path}: {found}"
    return found[0]


def bind(form: etree._Element, item: str) -> etree._Element:
    element: etree._Element = one(form, f"//x:bind[substring-after(@nodeset, '/data/')='{item}']")
    return element


def test_the_form_knows_each_language_and_opens_in_the_first(training: etree._Element) -> None:
    tags = ["English (en)", "Français (fr)", "Español (es)", "العربية (ar)"]
    assert training.xpath("//x:translation/@lang", namespaces=NAMES) == tags
    assert one(training, "//x:translation[@default]/@lang") == "English (en)"
    french = etree.fromstring(to_xform(written(languages=("fr", "en")), "form").xform.encode())
    assert one(french, "//x:translation[@default]/@lang") == "Français (fr)"


def test_every_question_has_its_words_in_every_language(training: etree._Element) -> None:
    wanted = set(training.xpath("//x:translation[1]/x:text/@id", namespaces=NAMES))
    for language in training.xpath("//x:translation", namespaces=NAMES):
        assert set(language.xpath("x:text/@id", namespaces=NAMES)) == wanted
        assert all(value.strip() for value in language.xpath("x:text/x:value/text()", namespaces=NAMES))


def test_the_screens_follow_each_other_as_groups_with_consent_first_and_the_help_card_last(
    training: etree._Element,
) -> None:
    groups = training.xpath("//h:body/x:group", namespaces=NAMES)
    assert [group.get("ref").rsplit("/", 1)[-1] for group in groups] == [
        "screen_consent",
        "screen_about_you",
        "screen_knowledge",
        "screen_attitudes",
        "screen_intentions",
        "screen_closing",
    ]
    assert {group.get("appearance") for group in groups} == {"field-list"}
    assert groups[-1][-1].get("ref").endswith("/help_card")


def test_the_date_is_the_only_trace_of_when_who_and_where(training: etree._Element) -> None:
    date = bind(training, "screen_consent/interview_date")
    assert (date.get("type"), date.get(f"{{{NAMES['jr']}}}preloadParams")) == ("date", "today")
    preloads = training.xpath("//x:bind/@jr:preload", namespaces=NAMES)
    assert sorted(preloads) == ["date", "uid"]
    assert not training.xpath("//*[local-name()='setvalue' or local-name()='setgeopoint']")


@pytest.mark.parametrize(
    ("part", "relevant"),
    [
        ("screen_about_you", "consent = 'yes'"),
        ("screen_knowledge", "consent = 'yes' and age_group != '' and age_group != 'under_18'"),
        ("screen_intentions", "consent = 'yes' and age_group != '' and age_group != 'under_18'"),
        ("screen_about_you/sex", "age_group != '' and age_group != 'under_18'"),
        ("screen_closing/closing_refused", "consent = 'no'"),
        ("screen_closing/closing_under_age", "age_group = 'under_18'"),
    ],
)
def test_who_is_asked_what(training: etree._Element, part: str, relevant: str) -> None:
    words = re.sub(r"/data/\w+/", "", bind(training, part).get("relevant", ""))
    assert " ".join(words.split()) == relevant


def test_everybody_is_offered_the_help_card(training: etree._Element) -> None:
    assert bind(training, "screen_closing/help_card").get("relevant") is None
    assert not training.xpath("//x:bind[@nodeset='/data/screen_closing']/@relevant", namespaces=NAMES)


def test_does_not_know_stands_alone_among_several_answers(training: etree._Element) -> None:
    rule = bind(training, "screen_knowledge/warning_signs")
    assert "selected(., 'dk')" in rule.get("constraint", "") and "selected(., 'ref')" in rule.get("constraint", "")
    assert rule.get(f"{{{NAMES['jr']}}}constraintMsg")


def test_nothing_about_views_or_knowledge_is_required(training: etree._Element) -> None:
    required = training.xpath("//x:bind[@required]/@nodeset", namespaces=NAMES)
    assert required == ["/data/screen_consent/consent", "/data/screen_about_you/age_group"]


def test_only_the_training_asks_for_the_card(training: etree._Element) -> None:
    intercept = etree.fromstring(to_xform(written("intercept"), "intercept").xform.encode())
    assert bind(training, "screen_about_you/card_number").get("constraint")
    assert not intercept.xpath("//*[local-name()='card_number']")


def test_a_screen_without_a_question_is_left_out() -> None:
    questionnaire = Questionnaire("f", "training", "before", ("knows_hotline",))
    names = [row["name"] for row in sheets(questionnaire, load_bank(), Wording(("en",), "H"))["survey"]]
    assert "hotline_number" in names and "screen_attitudes" not in names and "warning_signs" not in names


def test_the_bank_makes_a_form_without_any_warning() -> None:
    for instrument in ("training", "intercept"):
        assert to_xform(written(instrument), instrument).warnings == ()


def test_the_spreadsheet_makes_the_very_same_form() -> None:
    assert to_xform(to_xlsx(written()), "form").xform == to_xform(written(), "form").xform


@pytest.mark.parametrize("title", ["A ${consent} trap", "=1+1", "<b>&amp;", "100 % %(campaign)s", "حملة الميناء"])
def test_the_title_of_a_campaign_is_only_words(title: str) -> None:
    form = etree.fromstring(to_xform(to_xlsx(written(title=title)), "form").xform.encode())
    shown = one(form, "//h:title/text()")
    assert shown.replace("$ {", "${") == f"{title}: training, before"


def test_a_form_that_pyxform_refuses_is_one_sentence_with_the_place() -> None:
    broken = written()
    broken["survey"][1]["type"] = "slider"
    with pytest.raises(EveilError, match="“Harbour” cannot be made into a form") as refused:
        to_xform(broken, "Harbour")
    assert refused.value.status == 422 and "slider" in refused.value.message


def test_the_codebook_holds_every_code_with_its_meaning_in_every_language() -> None:
    questionnaire = Questionnaire("f", "training", "before", INDICATORS)
    book = codebook(questionnaire, load_bank(), Wording(ALL, "Harbour"))
    items = {item["id"]: item for item in book["items"]}
    signs = items["warning_signs"]
    assert signs["path"] == "/data/screen_knowledge/warning_signs" and signs["indicator"] == "names_three_signs"
    assert [option["code"] for option in signs["options"]][:2] == ["debt", "papers"]
    assert set(signs["labels"]) == set(signs["options"][0]["labels"]) == set(LANGUAGES)
    assert (items["card_number"]["role"], items["interview_date"]["role"]) == ("linking", "interview_date")


class Half(NullTranslations):
    """A catalogue that knows one text."""

    def pgettext(self, context: str, message: str) -> str:
        return "Acceptez-vous ?" if context == "consent.label" else self._absent(message)

    def _absent(self, message: str) -> str:
        return message


class HalfWithoutFallback(Half):
    def _absent(self, message: str) -> str:
        return ""


def test_a_missing_translation_falls_back_to_english_and_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.languages.catalogue", lambda _language: Half())
    monkeypatch.setattr(wording_module, "_without_fallback", lambda _language: HalfWithoutFallback())
    wording = Wording(("fr", "en"), "Harbour")
    rows = sheets(Questionnaire("f", "training", "before", INDICATORS), load_bank(), wording)["survey"]
    consent = next(row for row in rows if row["name"] == "consent")
    assert consent["label::Français (fr)"] == "Acceptez-vous ?"
    assert consent["hint::Français (fr)"] == consent["hint::English (en)"]
    assert set(wording.untranslated) == {"fr"} and len(set(wording.untranslated["fr"])) == len(
        wording.untranslated["fr"]
    )
    assert "consent.hint" in wording.untranslated["fr"] and "consent.label" not in wording.untranslated["fr"]


def test_publishing_stores_an_immutable_version_with_its_hashes(
    session: Session, campaign: Campaign, versions: list[FormVersion]
) -> None:
    for version, wave in zip(versions, ("before", "after"), strict=True):
        assert version.form.form_id == f"harbour_training_{wave}" and version.form.wave == wave
        assert re.fullmatch(r"20\d{6}01", version.version)
        form = etree.fromstring(version.xform.encode())
        instance = one(form, "//x:model/x:instance[not(@id)]/*")
        assert (instance.get("id"), instance.get("version")) == (version.form.form_id, version.version)
        assert version.md5 == hashlib.md5(version.xform.encode(), usedforsecurity=False).hexdigest()
        assert version.sha256 == hashlib.sha256(version.xform.encode()).hexdigest()
    with pytest.raises(DatabaseError, match="cannot be changed"):
        session.execute(text("UPDATE form_version SET title = 'other'"))


def test_publishing_again_without_a_change_gives_the_same_versions(
    session: Session, campaign: Campaign, versions: list[FormVersion]
) -> None:
    session.expire_all()
    assert published(session, campaign) == versions
    assert session.scalar(select(func.count()).select_from(FormVersion)) == 2


def test_a_change_makes_a_new_version_and_leaves_the_old_one(
    session: Session, campaign: Campaign, versions: list[FormVersion]
) -> None:
    newer = published(session, campaign, indicators=("knows_hotline",))
    assert [version.version[-2:] for version in newer] == ["02", "02"]
    assert session.scalar(select(func.count()).select_from(Form)) == 2
    assert "warning_signs" in versions[0].xform and "warning_signs" not in newer[0].xform


def test_each_language_order_and_each_title_is_a_version_of_its_own(
    session: Session, campaign: Campaign, versions: list[FormVersion]
) -> None:
    [french] = published(session, campaign, waves=("before",), languages=("fr", "en"))
    assert french.version > versions[0].version and french.codebook["languages"] == ["fr", "en"]
