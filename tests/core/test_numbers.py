"""Numbers as people of each language write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import numbers
from core.languages import LANGUAGES

MARK = numbers.LEFT_TO_RIGHT


@pytest.mark.parametrize(
    ("language", "share", "points", "p", "whole"),
    [
        ("en", "35.2%", "+31.5", "p = 0.012", "12,345"),
        ("fr", "35,2 %", "+31,5", "p = 0,012", "12\u202f345"),
        ("es", "35,2 %", "+31,5", "p = 0,012", "12.345"),
        ("ar", f"35.2{MARK}%{MARK}", MARK + "+31.5", "p = 0.012", "12,345"),
    ],
)
def test_each_language_writes_numbers_its_own_way(language: str, share: str, points: str, p: str, whole: str) -> None:
    plain = [
        text.replace(numbers.NO_BREAK, " ").replace("\u200f", "")
        for text in (
            numbers.share(0.352, language),
            numbers.signed(0.3148, language),
            numbers.p_value(0.0123, language),
        )
    ]
    assert plain == [share, points, p]
    assert numbers.whole(12345, language) == whole


def test_points_have_their_unit_and_a_true_minus_sign() -> None:
    assert numbers.points(0.3148, "en") == "+31.5 points"
    assert numbers.points(-0.021, "en") == "−2.1 points"
    assert numbers.planned_points(0.1, "en") == "10 points"
    assert numbers.points(0.01, "en") == "+1.0 points"
    assert numbers.planned_points(0.01, "en") == "1 point"
    assert numbers.planned_points(0.125, "en", sign=True) == "+12.5 points"


def test_a_planned_share_has_no_needless_decimal() -> None:
    assert [numbers.planned_share(value, "en") for value in (0.4, 0.3637, 0.29, None)] == ["40%", "36.4%", "29%", "–"]


def test_what_is_not_there_is_a_dash() -> None:
    nothing = numbers.NOTHING
    assert numbers.share(None, "en") == numbers.signed(None, "en") == numbers.points(None, "en") == nothing
    assert numbers.planned_points(None, "en") == nothing
    assert numbers.p_value(None, "en").replace(numbers.NO_BREAK, " ") == "no p-value"


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "p < 0.001"),
        (9.9e-4, "p < 0.001"),
        (0.001, "p = 0.001"),
        (0.0504, "p = 0.050"),
        (0.99996, "p = 0.999"),
        (1.0, "p = 1"),
    ],
)
def test_a_p_value_is_exact_and_never_zero(p: float, text: str) -> None:
    assert numbers.p_value(p, "en").replace(numbers.NO_BREAK, " ") == text


@given(st.floats(min_value=-1, max_value=1, allow_nan=False))
def test_a_difference_shows_the_sign_that_it_has(value: float) -> None:
    text = numbers.signed(value, "en")
    if abs(value) >= 0.00001:
        assert text[0] == ("+" if value > 0 else "−")
    else:
        assert text.lstrip("+−")[0] == "0"


def test_a_limit_close_to_no_change_is_not_rounded_to_it() -> None:
    assert numbers.signed(0.0003, "en") == "+0.03"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_names_day_and_year(language: str) -> None:
    text = numbers.day(date(2026, 11, 22), language)
    assert "22" in text and "2026" in text
