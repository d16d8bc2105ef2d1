"""Figures: sound SVG that a strict page may hold, in the reader's script, telling what the table tells."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from core import numbers
from core.figures import labelled
from reports import drawing, figures, tables
from reports.wording import Wording
from tests.reports.plans import TITLES, WAVES, answers, plan_of, results_of

PLAN = plan_of("panel", WAVES)
RESULTS = results_of(PLAN, answers())


def of_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["indicator"] == "names_three_signs" and not row["segment"]]


def draw(language: str) -> tuple[etree._Element, etree._Element]:
    words = Wording(PLAN, language, TITLES)
    shares = drawing.shares_figure("a-shares", of_first(RESULTS["estimates"]), words)
    reach = drawing.reach_of(RESULTS["changes"])
    changes = drawing.changes_figure("a-changes", of_first(RESULTS["changes"]), reach, words)
    return etree.fromstring(str(shares)), etree.fromstring(str(changes))


def texts(svg: etree._Element) -> list[str]:
    return [text for text in svg.xpath("//*[local-name()='text']//text()") if text.strip()]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_figure_is_one_image_with_a_name_and_no_styles_or_scripts(language: str) -> None:
    for svg in draw(language):
        assert svg.get("role") == "img"
        title, description = (svg.xpath(f"//*[@id='{name}']")[0] for name in svg.get("aria-labelledby").split())
        assert TITLES["names_three_signs"] in title.text and description.text.strip()
        assert svg.xpath("//@role") == ["img"], "its parts have no roles of their own"
        assert not svg.xpath("//@style | //*[local-name()='script' or local-name()='style' or local-name()='image']")
        assert set(svg.xpath("//@id")) == set(svg.get("aria-labelledby").split()), "ids must not clash on the page"


def test_the_shares_figure_tells_what_the_table_tells() -> None:
    svg, _changes = draw("en")
    words = Wording(PLAN, "en", TITLES)
    for row in of_first(RESULTS["estimates"]):
        line = tables.share_line(row, words)
        assert line.share in texts(svg) and f"n = {row['n']}" in texts(svg)
        assert f"{words.wave(row['wave'])}: {line.share}." in svg.xpath("string(//*[local-name()='desc'])")


def test_the_changes_figure_tells_what_the_table_tells() -> None:
    _shares, svg = draw("en")
    words = Wording(PLAN, "en", TITLES)
    for row in of_first(RESULTS["changes"]):
        line = tables.change_line(row, words)
        assert line.difference in texts(svg) and line.people in texts(svg)


def test_dots_and_intervals_stand_where_the_numbers_say() -> None:
    rows = [figures.Row("Before", "", 0.25, 0.1, 0.5, "25%"), figures.Row("After", "", 0.75, 0.6, 1.0, "75%")]
    svg = etree.fromstring(figures.shares(rows, "en"))
    dots = svg.xpath("//*[contains(@class, 'mark-symbol')]/*/@transform")
    assert [float(dot.split("(")[1].split(",")[0]) for dot in dots] == [row.value * figures.PLOT_WIDTH for row in rows]
    lines = svg.xpath("//*[contains(@class, 'role-mark') and contains(@class, 'mark-rule')]/*")
    lengths = [abs(float(line.get("x2"))) for line in lines]
    assert lengths == pytest.approx([(row.high - row.low) * figures.PLOT_WIDTH for row in rows])


def test_arabic_names_stand_as_letters_at_the_right_and_signs_before_their_digits() -> None:
    rows = [figures.Row("قبل النشاط", "", 0.25, 0.1, 0.5, numbers.signed(0.25, "ar"))]
    svg = etree.fromstring(figures.changes(rows, 0.5, 0.1, "ar"))
    name = svg.xpath("//*[local-name()='text'][contains(., 'قبل النشاط')]")[0]
    assert float(name.get("transform").split("(")[1].split(",")[0]) > figures.PLOT_WIDTH
    assert numbers.LEFT_TO_RIGHT + "+25.0" in texts(svg)


def test_a_long_name_is_broken_between_words() -> None:
    svg = etree.fromstring(figures.shares([figures.Row("From before to follow-up", "", 0.2, 0.1, 0.3, "20%")], "en"))
    assert {"From before to", "follow-up"} <= set(texts(svg))


def test_too_few_people_get_no_dot() -> None:
    few = results_of(PLAN, answers(people=8))
    words = Wording(PLAN, "en", TITLES)
    assert drawing.shares_figure("a", of_first(few["estimates"]), words) is None
    assert drawing.changes_figure("b", of_first(few["changes"]), 0.5, words) is None


@pytest.mark.parametrize(
    ("limits", "reach"), [([], 0.1), ([0.04, -0.31], 0.4), ([0.5], 0.6), ([0.3], 0.4), ([-1.0], 1.0)]
)
def test_the_shared_axis_reaches_past_the_furthest_limit(limits: list[float], reach: float) -> None:
    assert figures.reach_of(limits) == reach


def test_what_people_wrote_cannot_become_markup() -> None:
    rows = [figures.Row("<script>alert(1)</script>", "", 0.2, 0.1, 0.3, "20%")]
    svg = labelled(figures.shares(rows, "en"), "x", "<b>bold</b>", "a & b")
    parsed = etree.fromstring(svg)
    assert not parsed.xpath("//*[local-name()='script' or local-name()='b']")
