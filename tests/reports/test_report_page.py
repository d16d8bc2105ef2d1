"""The report page: what people who design, evaluate and pay for a campaign read."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.database import database
from core.languages import LANGUAGES
from reports.report import campaign_report
from reports.results_file import results_text
from tests.builders import add_person, sign_in
from tests.reports.fieldwork import INDICATORS, Answers, Field
from tests.visitor import Visitor

PAGE = "/campaigns/harbour/report"
CLAIMS_TOO_MUCH = re.compile(r"\b(impact|caused|effect of the campaign|because of the campaign|thanks to)\b", re.I)


@pytest.fixture
def field(app: Flask, session: Session) -> Field:
    return Field(app, session)


@pytest.fixture
def trained(field: Field) -> Field:
    """Twenty people before and after a training; five of them named three signs before, sixteen after."""
    field.freeze("training")
    field.send("training", "before", Answers(20, {"names_three_signs": 5, "knows_hotline": 9}))
    field.send("training", "after", Answers(20, {"names_three_signs": 16, "knows_hotline": 11}))
    return field


@pytest.fixture
def evaluator(field: Field) -> Visitor:
    return field.reader("evaluator")


def words_of(page: html.HtmlElement, xpath: str) -> str:
    return " ".join(" ".join(found.text_content() for found in page.xpath(xpath)).split())


def test_without_a_plan_the_page_tells_the_next_step(evaluator: Visitor) -> None:
    evaluator.get(PAGE)
    assert "There is no report yet, because no plan is frozen." in evaluator.text()


def test_a_designer_without_a_plan_finds_the_way_to_it(field: Field) -> None:
    designer = field.reader("designer")
    page = designer.get(PAGE)
    assert page.xpath("//main//a[@href='/campaigns/harbour/plan']")


def test_without_answers_the_page_says_what_is_awaited(field: Field, evaluator: Visitor) -> None:
    field.freeze("training", "intercept")
    page = evaluator.get(PAGE)
    assert evaluator.text().count("No answers have come in for this part yet.") == 2
    assert "What changed" not in words_of(page, "//main")


def test_one_wave_alone_shows_shares_and_promises_no_change(field: Field, evaluator: Visitor) -> None:
    field.freeze("training")
    field.send("training", "before", Answers(12, {"names_three_signs": 3}))
    page = evaluator.get(PAGE)
    assert "25.0% 18" not in evaluator.text() and "25.0%" in evaluator.text()
    assert "there is no change to tell of yet" in words_of(page, "//section[@id='training-names-three-signs']")
    assert "There are no answers of the time “After” yet" in evaluator.text()


def test_the_report_tells_interval_before_p_and_counts_beside_shares(trained: Field, evaluator: Visitor) -> None:
    page = evaluator.get(PAGE)
    told = words_of(page, "//section[@id='training-names-three-signs']")
    assert (
        "was higher after the activity than before it. The same people were asked both times: it was 25.0% before "
        "(5 of 20) and 80.0% after (16 of 20): a difference of +55.0 points (95% interval from"
    ) in told
    assert "Confirmed: the plan names this indicator as primary" in told
    assert "It cannot show whether people notice these signs" in told
    assert "By what signs could you notice" in told


def test_only_confirmed_primary_indicators_stand_in_the_headline(trained: Field, evaluator: Visitor) -> None:
    page = evaluator.get(PAGE)
    headline = words_of(page, "//*[@class='headline']")
    assert "Can name three warning signs" in headline and "25.0%" in headline and "+55.0 points" in headline
    assert "Knows a number to call" not in headline
    assert "Exploratory:" in words_of(page, "//section[@id='training-knows-hotline']")


def test_nothing_confirmed_is_said_plainly(field: Field, evaluator: Visitor) -> None:
    field.freeze("intercept")
    for wave in ("before", "after"):
        field.send("intercept", wave, Answers(12, {"names_three_signs": 6}))
    page = evaluator.get(PAGE)
    assert "No change of a primary indicator is confirmed." in words_of(page, "//*[@class='headline']")
    assert "Different people were asked each time" in evaluator.text()


def test_few_people_are_counted_and_get_no_percentages(field: Field, evaluator: Visitor) -> None:
    field.freeze("training")
    for wave, named in (("before", 2), ("after", 5)):
        field.send("training", wave, Answers(8, {"names_three_signs": named}))
    page = evaluator.get(PAGE)
    told = words_of(page, "//section[@id='training-names-three-signs']//div[@class='findings']")
    assert "2 of 8 were counted under it before the activity and 5 of 8 after it" in told
    assert "%" not in words_of(page, "//section[@id='training-names-three-signs']")
    assert not page.xpath("//section[@id='training-names-three-signs']//*[local-name()='svg']")


def test_who_answered_is_counted_from_the_first_word(trained: Field, evaluator: Visitor) -> None:
    trained.send_one("training", "after", consent="no")
    trained.send_one("training", "after", consent="yes", age_group="under_18")
    page = evaluator.get(PAGE)
    rows = page.xpath("//table[.//th='Asked']/tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row.xpath("th|td")] for row in rows]
    assert cells[0] == ["Before the activity", "January 12, 2099", "20", "0", "0", "20", "–"]
    assert cells[1] == ["After the activity", "February 27, 2099", "22", "1", "1", "20", "20"]
    assert [name for name in page.xpath("//table[.//th='Asked']/thead//th/text()") if name in {"Said no", "Under age"}]


def test_followup_outside_its_months_is_told(field: Field, evaluator: Visitor) -> None:
    field.freeze("training", followup=True)
    for wave in ("before", "after", "followup"):
        field.send("training", wave, Answers(10, {"names_three_signs": 4}))
    evaluator.get(PAGE)
    assert "Some interviews of “Follow-up”, 10 in all, lie outside the months that the plan foresaw" in evaluator.text()


def test_every_figure_has_its_table_and_its_words(trained: Field, evaluator: Visitor) -> None:
    page = evaluator.get(PAGE)
    for name in INDICATORS:
        section = page.xpath(f"//section[@id='training-{name.replace('_', '-')}']")[0]
        figures = section.xpath(".//figure")
        assert len(figures) == 2
        tables = words_of(section, ".//table")
        for figure in figures:
            assert figure.xpath(".//figcaption") and figure.xpath("./div[@dir='ltr']/svg[@role='img']")
            for value in figure.xpath(".//svg//text[@font-weight='bold']/text()"):
                assert value in tables, "a figure tells what its table tells"
    assert not page.xpath("//table[not(caption)] | //th[not(@scope)]")


def test_parts_are_shown_by_sex_and_by_age(trained: Field, evaluator: Visitor) -> None:
    page = evaluator.get(PAGE)
    parts = page.xpath("//section[@id='training-names-three-signs']//details[@class='parts']")[0]
    assert parts.xpath(".//caption//span/text()") == ["By sex", "By age"]
    assert {"Woman", "Man", "18 to 24", "25 to 34"} <= set(parts.xpath(".//tbody//th/text()"))


def test_a_designer_sees_no_small_groups_and_no_way_to_work_them_out(trained: Field, evaluator: Visitor) -> None:
    trained.send_one("training", "before", consent="yes", age_group="50_plus", sex="other", card_number="X1")
    trained.send_one("training", "after", consent="yes", age_group="50_plus", sex="other", card_number="X1")
    designer = trained.reader("designer")
    hidden = designer.get(PAGE)
    assert "Groups of fewer than 5 people are hidden here" in designer.text()
    assert "hidden" in words_of(hidden, "//details[@class='parts']")
    shown = evaluator.get(PAGE)
    assert "hidden" not in words_of(shown, "//details[@class='parts']")
    numbers = json.loads(designer.http.get(f"{PAGE}/training.json").text)
    small = [row for row in numbers["estimates"] if row["segment"] == {"sex": "other"}]
    assert small and all(row["hidden"] and row["n"] is None for row in small)


def test_a_wave_of_few_people_is_counted_for_nobody_outside_the_team(field: Field, evaluator: Visitor) -> None:
    field.freeze("training")
    field.send("training", "before", Answers(20, {"names_three_signs": 5}))
    field.send("training", "after", Answers(3, {"names_three_signs": 2}))
    counted = "//table[.//th='Asked']/tbody/tr/td[position() > 1]"
    of_designer = field.reader("designer").get(PAGE).xpath(counted)
    assert {" ".join(cell.text_content().split()) for cell in of_designer} == {"–"}
    assert "3" in [" ".join(cell.text_content().split()) for cell in evaluator.get(PAGE).xpath(counted)]


def test_the_results_file_is_the_analysis_and_nothing_else(trained: Field, evaluator: Visitor) -> None:
    evaluator.get(PAGE)
    answer = evaluator.http.get(f"{PAGE}/training.json")
    assert answer.mimetype == "application/json"
    (part,) = campaign_report(trained.session, trained.campaign.id).instruments
    assert part.results is not None and answer.text == results_text(part.results)
    assert evaluator.http.get(f"{PAGE}/intercept.json").status_code == 404


@pytest.mark.parametrize("role", ["enumerator", "supervisor", "translator", "tracer"])
def test_other_roles_may_not_read_results(field: Field, role: str) -> None:
    other = field.reader(role)
    other.get(PAGE, status=403)
    assert other.http.get(f"{PAGE}/training.json").status_code == 403


def test_people_outside_the_campaign_do_not_learn_of_it(field: Field) -> None:
    add_person(field.session, "stranger")
    visitor = Visitor(field.app)
    sign_in(visitor, "stranger")
    visitor.get(PAGE, status=404)


def test_the_page_says_that_data_are_simulated(trained: Field, evaluator: Visitor) -> None:
    evaluator.get(PAGE)
    assert "The data of this campaign are simulated." in evaluator.text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_can_be_read_in_every_language(trained: Field, evaluator: Visitor, language: str) -> None:
    evaluator.get("/")
    evaluator.submit("/language", {"language": language, "next": PAGE})
    page = evaluator.get(PAGE)
    assert page.get("lang") == language
    assert page.xpath("//figure//svg")


def test_the_report_claims_no_more_than_a_comparison_of_times_can(trained: Field, evaluator: Visitor) -> None:
    page = evaluator.get(PAGE)
    for limit in page.xpath("//section[@id='limits'] | //*[contains(@class, 'cannot-show')]"):
        limit.getparent().remove(limit)
    assert CLAIMS_TOO_MUCH.findall(words_of(page, "//main")) == []


def test_new_answers_change_the_report(trained: Field, evaluator: Visitor) -> None:
    evaluator.get(PAGE)
    trained.send_one("training", "after", consent="yes", age_group="18_24", sex="male", card_number="Z9")
    page = evaluator.get(PAGE)
    assert "21" in page.xpath("//table[.//th='Asked']/tbody/tr[2]/td[2]/text()")


def test_reading_again_asks_the_database_little(app: Flask, session: Session, trained: Field) -> None:
    with app.app_context():
        engine = database().engine
        campaign_report(session, trained.campaign.id)
        asked: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
        first = campaign_report(session, trained.campaign.id)
        assert len(asked) <= 4
        assert campaign_report(session, trained.campaign.id).instruments[0] is first.instruments[0]


def test_a_card_used_twice_does_not_stop_the_report(trained: Field, evaluator: Visitor) -> None:
    trained.send_one("training", "after", consent="yes", age_group="18_24", sex="male", card_number="K000")
    evaluator.get(PAGE)
    assert "Some answers could not be linked with the other answers of the same person, 2 in all" in evaluator.text()


def test_somebody_with_both_roles_sees_what_the_evaluator_sees(trained: Field) -> None:
    visitor = trained.reader("designer")
    visitor.get(PAGE)
    assert "are hidden here" in visitor.text()
    both = trained.reader("designer", "evaluator")
    both.get(PAGE)
    assert "are hidden here" not in both.text()
